// Sockets: receiving and sending plain data.
#include "modules/_socket.gen.h"
#include "modules/arguments.h"

namespace dx {

// ---- receiving ----

static Result<Ref<>> takeBytes(Ref<Bytes> b, i64 n) {
  return n == b->size ? Ref<>(std::move(b)) : Ref<>(makeBytes({b->data, size_t(n)}));
}

Result<Ref<>> sock_recv(Thread& t, Socket& self, i64 size, i32 flags) {
  if (size < 0) return t.raise(kValueError, "negative buffersize in recv");
  Ref<Bytes> b = newBytes(size);
  if (!b) return t.raiseMemory();
  i64 n = 0;
  TRY(callSocket(t, self, false,
                 [&] { return n = ::recv(self.fd, b->data, size_t(size), flags); }));
  return takeBytes(std::move(b), n);
}

Result<Ref<>> sock_recvfrom(Thread& t, Socket& self, i64 size, i32 flags) {
  if (size < 0) return t.raise(kValueError, "negative buffersize in recvfrom");
  Ref<Bytes> b = newBytes(size);
  if (!b) return t.raiseMemory();
  SockAddress sender;
  i64 n = 0;
  TRY(callSocket(t, self, false, [&] {
    sender.size = sizeof sender.storage;
    return n = ::recvfrom(self.fd, b->data, size_t(size), flags, sender.get(), &sender.size);
  }));
  Ref<> data = TRY(takeBytes(std::move(b), n));
  Ref<> address = TRY(addressValue(t, self.fd, sender, self.proto));
  return Ref<>(tupleOf(data, address));
}

Result<i64> sock_recv_into(Thread& t, Socket& self, Value buffer, i64 size, i32 flags) {
  Buffer b = TRY(writableArgument(t, buffer, "recv_into", 1));
  if (size < 0) return t.raise(kValueError, "negative buffersize in recv_into");
  if (size == 0) size = b.size();
  if (size > b.size()) return t.raise(kValueError, "buffer too small for requested bytes");
  i64 n = 0;
  TRY(callSocket(t, self, false,
                 [&] { return n = ::recv(self.fd, b.data(), size_t(size), flags); }));
  return n;
}

Result<Ref<>> sock_recvfrom_into(Thread& t, Socket& self, Value buffer, i64 size, i32 flags) {
  Buffer b = TRY(writableArgument(t, buffer, "recvfrom_into", 1));
  if (size < 0) return t.raise(kValueError, "negative buffersize in recvfrom_into");
  if (size == 0) size = b.size();
  if (size > b.size())
    return t.raise(kValueError, "nbytes is greater than the length of the buffer");
  SockAddress sender;
  i64 n = 0;
  TRY(callSocket(t, self, false, [&] {
    sender.size = sizeof sender.storage;
    return n = ::recvfrom(self.fd, b.data(), size_t(size), flags, sender.get(), &sender.size);
  }));
  Ref<> address = TRY(addressValue(t, self.fd, sender, self.proto));
  return Ref<>(tupleOf(makeInt(n), address));
}

// ---- sending ----

Result<i64> sock_send(Thread& t, Socket& self, const Buffer& data, i32 flags) {
  i64 n = 0;
  TRY(callSocket(t, self, true,
                 [&] { return n = ::send(self.fd, data.data(), size_t(data.size()), flags); }));
  return n;
}

Result<void> sock_sendall(Thread& t, Socket& self, const Buffer& data, i32 flags) {
  const u8* at = data.data();
  i64 left = data.size();
  // The timeout is for all of it.
  i64 timeout = self.timeout, deadline = timeout > 0 ? monotonicNs() + timeout : 0;
  while (left > 0) {
    if (deadline && (timeout = deadline - monotonicNs()) <= 0)
      return raiseSocketError(t, kTimedOut);
    i64 n = 0;
    int code = TRY(trySocket(t, self, true, timeout,
                             [&] { return n = ::send(self.fd, at, size_t(left), flags); }));
    if (code) return raiseSocketError(t, code);
    at += n;
    left -= n;
    if (t.pending) TRY(handlePending(t));
  }
  return {};
}

Result<i64> sock_sendto(Thread& t, Socket& self, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "socket.sendto() takes no keyword arguments");
  if (args.count != 2 && args.count != 3)
    return t.raise(kTypeError, "sendto() takes 2 or 3 arguments ({} given)", args.count);
  Buffer data;
  TRY(Buffer::get(t, args[0], &data));
  i32 flags = args.count == 3 ? TRY(argI32(t, args[1])) : 0;
  Value target = args[args.count - 1];
  SockAddress a = TRY(parseAddress(t, self, target, "sendto"));
  Value event[] = {Value(&self), target};
  TRY(audit(t, "socket.sendto", event));
  i64 n = 0;
  TRY(callSocket(t, self, true, [&] {
    return n = ::sendto(self.fd, data.data(), size_t(data.size()), flags, a.get(), a.size);
  }));
  return n;
}

}  // namespace dx
