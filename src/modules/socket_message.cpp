// Sockets: recvmsg and sendmsg, with ancillary data.
#include <linux/if_alg.h>
#include <sys/uio.h>
#include <unistd.h>

#include "modules/_socket.gen.h"

namespace dx {

namespace {

// The kernel's lengths are size_t, but CPython's limit for them is a socklen_t in an int.
constexpr i64 kMaxControl = INT32_MAX;

i64 controlLength(i64 data) {
  if (data < 0 || data > i64(kMaxControl - CMSG_LEN(0))) return -1;
  return i64(CMSG_LEN(size_t(data)));
}
i64 controlSpace(i64 data) {
  if (data < 0 || data > i64(kMaxControl - CMSG_SPACE(1))) return -1;
  return i64(CMSG_SPACE(size_t(data)));
}

// The data of a control message that lies completely, or cut off, in the received buffer; -1: not
// even its header does.
i64 dataLength(const msghdr& m, const cmsghdr* c) {
  if (!c || !m.msg_control) return -1;
  const char* end = static_cast<const char*>(m.msg_control) + m.msg_controllen;
  const char* data = reinterpret_cast<const char*>(CMSG_DATA(c));
  if (c->cmsg_len < CMSG_LEN(0) || data > end) return -1;
  return i64(c->cmsg_len - CMSG_LEN(0));
}

// What a failing recvmsg must not leak.
void closeRights(msghdr& m) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
    i64 n = dataLength(m, c);
    if (n < 0) return;
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    const char* end = static_cast<const char*>(m.msg_control) + m.msg_controllen;
    const char* data = reinterpret_cast<const char*>(CMSG_DATA(c));
    n = std::min<i64>(n, end - data);
    for (i64 i = 0; i + i64(sizeof(int)) <= n; i += i64(sizeof(int))) {
      int fd;
      memcpy(&fd, data + i, sizeof fd);
      ::close(fd);
    }
  }
}

Result<Ref<List>> controlList(Thread& t, msghdr& m) {
  Ref<List> list = newList();
  if (m.msg_controllen == 0) return list;
  for (cmsghdr* c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
    i64 n = dataLength(m, c);
    const char* data = reinterpret_cast<const char*>(CMSG_DATA(c));
    i64 room = n < 0 ? 0 : static_cast<char*>(m.msg_control) + m.msg_controllen - data;
    bool cut = n < 0 || n > room;
    if (cut)
      TRY(warn(t, kRuntimeWarning, "received malformed or improperly-truncated ancillary data"));
    if (n < 0) break;
    Ref<Bytes> bytes = makeBytes({data, size_t(std::min(n, room))});
    listAppend(list, Ref<>(tupleOf(makeInt(c->cmsg_level), makeInt(c->cmsg_type), bytes)));
    if (cut) break;
  }
  return list;
}

// `first` makes the result's first item of the number of bytes.
Result<Ref<>> receive(Thread& t, Socket& self, std::vector<iovec>& parts, i64 controlSize,
                      i32 flags, auto&& first) {
  if (controlSize < 0 || controlSize > kMaxControl)
    return t.raise(kValueError, "invalid ancillary data buffer length");
  std::string control(size_t(controlSize), '\0');
  SockAddress sender;
  msghdr m{};
  i64 n = 0;
  TRY(callSocket(t, self, false, [&] {
    m.msg_name = sender.get();
    m.msg_namelen = sizeof sender.storage;
    m.msg_iov = parts.data();
    m.msg_iovlen = parts.size();
    m.msg_control = controlSize ? control.data() : nullptr;
    m.msg_controllen = control.size();
    return n = ::recvmsg(self.fd, &m, flags);
  }));
  sender.size = m.msg_namelen;
  Result<Ref<List>> items = controlList(t, m);
  Result<Ref<>> address =
      items ? addressValue(t, self.fd, sender, self.proto) : Result<Ref<>>(Error{});
  if (!address) {
    closeRights(m);
    return Error{};
  }
  Ref<> data = first(n);
  return Ref<>(tupleOf(data, *items, makeInt(m.msg_flags), *address));
}

}  // namespace

Result<Ref<>> sock_recvmsg(Thread& t, Socket& self, i64 size, i64 controlSize, i32 flags) {
  if (size < 0) return t.raise(kValueError, "negative buffer size in recvmsg()");
  Ref<Bytes> b = newBytes(size);
  if (!b) return t.raiseMemory();
  std::vector<iovec> parts{{b->data, size_t(size)}};
  return receive(t, self, parts, controlSize, flags, [&](i64 n) {
    return n == size ? Ref<>::retain(b) : Ref<>(makeBytes({b->data, size_t(n)}));
  });
}

Result<Ref<>> sock_recvmsg_into(Thread& t, Socket& self, Value buffers, i64 controlSize,
                                i32 flags) {
  Ref<> items = TRY(sequenceFast(t, buffers, "recvmsg_into() argument 1 must be an iterable"));
  Ref<Tuple> list = TRY(tupleFrom(t, items));  // buffers' own code must not change it meanwhile
  std::vector<Buffer> held(size_t(list->size));
  std::vector<iovec> parts;
  for (i64 i = 0; i < list->size; i++) {
    Buffer& b = held[size_t(i)];
    if (!Buffer::get(t, list->items[i], &b, kBufferWritable)) {
      if (t.takeIf(kTypeError) || t.takeIf(kBufferError))
        return t.raise(kTypeError,
                       "recvmsg_into() argument 1 must be an iterable of single-segment "
                       "read-write buffers");
      return Error{};
    }
    parts.push_back({b.data(), size_t(b.size())});
  }
  return receive(t, self, parts, controlSize, flags, [](i64 n) { return makeInt(n); });
}

namespace {

struct ControlItem {
  int level, type;
  Buffer data;
};

Result<std::vector<iovec>> sendParts(Thread& t, Value buffers, std::vector<Buffer>* held) {
  Ref<> items = TRY(sequenceFast(t, buffers, "sendmsg() argument 1 must be an iterable"));
  Ref<Tuple> list = TRY(tupleFrom(t, items));
  std::vector<iovec> parts;
  held->resize(size_t(list->size));
  for (i64 i = 0; i < list->size; i++) {
    Buffer& b = (*held)[size_t(i)];
    TRY(Buffer::get(t, list->items[i], &b));
    parts.push_back({b.data(), size_t(b.size())});
  }
  return parts;
}

// Lays the items out as the system wants them.
Result<std::string> controlBuffer(Thread& t, const std::vector<ControlItem>& items) {
  i64 size = 0;
  for (const ControlItem& item : items) {
    i64 space = controlSpace(item.data.size());
    if (space < 0) return t.raise(kOSError, "ancillary data item too large");
    size += space;
    if (size > kMaxControl) return t.raise(kOSError, "too much ancillary data");
  }
  std::string out(size_t(size), '\0');
  char* at = out.data();
  for (const ControlItem& item : items) {
    auto* c = reinterpret_cast<cmsghdr*>(at);
    c->cmsg_level = item.level;
    c->cmsg_type = item.type;
    c->cmsg_len = CMSG_LEN(size_t(item.data.size()));
    memcpy(CMSG_DATA(c), item.data.data(), size_t(item.data.size()));
    at += CMSG_SPACE(size_t(item.data.size()));
  }
  return out;
}

Result<i64> transmit(Thread& t, Socket& self, std::vector<iovec>& parts, std::string& control,
                     SockAddress* target, i32 flags) {
  msghdr m{};
  if (target) {
    m.msg_name = target->get();
    m.msg_namelen = target->size;
  }
  m.msg_iov = parts.data();
  m.msg_iovlen = parts.size();
  if (!control.empty()) m.msg_control = control.data();
  m.msg_controllen = control.size();
  i64 n = 0;
  TRY(callSocket(t, self, true, [&] { return n = ::sendmsg(self.fd, &m, flags); }));
  return n;
}

}  // namespace

Result<i64> sock_sendmsg(Thread& t, Socket& self, Value buffers, Value ancillary, i32 flags,
                         Value address) {
  std::vector<Buffer> held;
  std::vector<iovec> parts = TRY(sendParts(t, buffers, &held));
  std::vector<ControlItem> items;
  if (ancillary) {
    Ref<> given = TRY(sequenceFast(t, ancillary, "sendmsg() argument 2 must be an iterable"));
    Ref<Tuple> list = TRY(tupleFrom(t, given));
    for (i64 i = 0; i < list->size; i++) {
      Value v = list->items[i];
      if (!isTuple(v) && !isList(v))
        return t.raise(kTypeError,
                       "[sendmsg() ancillary data items]() argument must be 3-item tuple, not {}",
                       isNone(v) ? std::string_view("None") : typeNameOf(v));
      Ref<Tuple> item = TRY(tupleFrom(t, v));
      if (item->size != 3)
        return t.raise(kTypeError,
                       "[sendmsg() ancillary data items]() argument must be {} of length 3, not {}",
                       typeOf(v), item->size);
      ControlItem c;
      c.level = TRY(argI32(t, item->items[0]));
      c.type = TRY(argI32(t, item->items[1]));
      TRY(Buffer::get(t, item->items[2], &c.data));
      items.push_back(std::move(c));
    }
  }
  SockAddress target;
  bool addressed = !isNone(address);
  if (addressed) target = TRY(parseAddress(t, self, address, "sendmsg"));
  Value event[] = {Value(&self), address};
  TRY(audit(t, "socket.sendmsg", event));
  std::string control = TRY(controlBuffer(t, items));
  return transmit(t, self, parts, control, addressed ? &target : nullptr, flags);
}

Result<i64> sock_sendmsg_afalg(Thread& t, Socket& self, Value msg, Value op, Value iv,
                               Value assoclen, i32 flags) {
  if (self.family != AF_ALG) return t.raise(kOSError, "algset is only supported for AF_ALG");
  i64 number;
  if (!isInt(op) || !intToI64(op, &number) || number < 0 || number > INT32_MAX)
    return t.raise(kTypeError, "Invalid or missing argument 'op'");
  i64 associated = -1;
  if (!isNone(assoclen) && (!isInt(assoclen) || !intToI64(assoclen, &associated) || associated < 0))
    return t.raise(kTypeError, "assoclen must be positive");
  Buffer vector;
  if (!isNone(iv)) TRY(Buffer::get(t, iv, &vector));
  std::string control;
  auto add = [&](int type, const void* head, size_t headSize, const void* tail, size_t tailSize) {
    std::string item(CMSG_SPACE(headSize + tailSize), '\0');
    auto* c = reinterpret_cast<cmsghdr*>(item.data());
    c->cmsg_level = SOL_ALG;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(headSize + tailSize);
    memcpy(CMSG_DATA(c), head, headSize);
    if (tailSize) memcpy(CMSG_DATA(c) + headSize, tail, tailSize);
    control += item;
  };
  u32 operation = u32(number), length = u32(vector.size()), ahead = u32(associated);
  add(ALG_SET_OP, &operation, sizeof operation, nullptr, 0);
  if (!isNone(iv)) add(ALG_SET_IV, &length, sizeof length, vector.data(), length);
  if (associated >= 0) add(ALG_SET_AEAD_ASSOCLEN, &ahead, sizeof ahead, nullptr, 0);
  std::vector<Buffer> held;
  std::vector<iovec> parts;
  if (msg) parts = TRY(sendParts(t, msg, &held));
  return transmit(t, self, parts, control, nullptr, flags);
}

Result<i64> _socket_CMSG_LEN(Thread& t, i64 length) {
  i64 n = controlLength(length);
  if (n < 0) return t.raise(kOverflowError, "CMSG_LEN() argument out of range");
  return n;
}
Result<i64> _socket_CMSG_SPACE(Thread& t, i64 length) {
  i64 n = controlSpace(length);
  if (n < 0) return t.raise(kOverflowError, "CMSG_SPACE() argument out of range");
  return n;
}

}  // namespace dx
