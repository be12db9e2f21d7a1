// Module _socket: the socket type's life, its options and its waiting. Data goes through
// socket_io.cpp and socket_message.cpp, addresses through socket_address.cpp, names through
// socket_names.cpp.
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmath>

#include "modules/_socket.gen.h"
#include "modules/unclosed.h"

namespace dx {

static i64 gDefaultTimeout = -1;

// ---- waiting ----

Result<i64> timeoutArgument(Thread& t, Value v) {
  if (isNone(v)) return -1;
  i64 ns = TRY(durationNs(t, v));
  if (ns < 0) return t.raise(kValueError, "Timeout value out of range");
  return ns;
}

Result<int> waitReady(Thread& t, const Socket& s, bool writing, i64 ns) {
  i64 deadline = ns < 0 ? 0 : monotonicNs() + ns;
  for (;;) {
    if (s.fd < 0) return 0;  // the call itself says what is wrong
    pollfd p{s.fd, i16(writing ? POLLOUT : POLLIN), 0};
    timespec left{time_t(ns / 1000000000), long(ns % 1000000000)};
    int ready, error;
    {
      AllowThreads allow(t);
      ready = ::ppoll(&p, 1, ns < 0 ? nullptr : &left, nullptr);
      error = errno;
    }
    if (ready > 0) return 0;
    if (ready == 0) return kTimedOut;
    if (error != EINTR) return error;
    if (t.pending) TRY(handlePending(t));
    if (ns >= 0) ns = std::max<i64>(deadline - monotonicNs(), 0);
  }
}

Error raiseSocketError(Thread& t, int code) {
  return code == kTimedOut ? t.raise(kTimeoutError, "timed out") : raiseErrno(t, code);
}

static Result<void> setNonBlocking(Thread& t, int fd, bool on) {
  int flag = on, r;
  {
    AllowThreads allow(t);
    r = ::ioctl(fd, FIONBIO, &flag);
  }
  if (r < 0) return raiseErrno(t, errno);
  return {};
}

static Ref<> secondsOrNone(i64 ns) { return ns < 0 ? noneRef() : makeFloat(double(ns) / 1e9); }

// ---- life ----

// Takes over an open descriptor with the default timeout.
static Result<void> initSocket(Thread& t, Socket& s, int fd, int family, int type, int proto) {
  s.fd = fd;
  s.family = family;
  s.type = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
  s.proto = proto;
  if (type & SOCK_NONBLOCK) {
    s.timeout = 0;
  } else {
    s.timeout = gDefaultTimeout;
    if (gDefaultTimeout >= 0) TRY(setNonBlocking(t, fd, true));
  }
  return {};
}

Result<Ref<>> sock___new__(Thread&, Type& cls, const Args&) {
  Ref<> o = Ref<>::steal(Value(newInstance(&cls)));
  o.as<Socket>()->fd = -1;
  o.as<Socket>()->timeout = gDefaultTimeout;
  return o;
}

Result<void> sock___init__(Thread& t, Socket& self, i32 family, i32 type, i32 proto, Value fileno) {
  Ref<> parts[] = {makeInt(family), makeInt(type), makeInt(proto)};
  Value event[] = {Value(&self), parts[0], parts[1], parts[2]};
  TRY(audit(t, "socket.__new__", event));
  if (isNone(fileno)) {
    if (family == -1) family = AF_INET;
    if (type == -1) type = SOCK_STREAM;
    if (proto == -1) proto = 0;
    int fd;
    {
      AllowThreads allow(t);
      fd = ::socket(family, type | SOCK_CLOEXEC, proto);
    }
    if (fd < 0) return raiseErrno(t, errno);
    Result<void> r = initSocket(t, self, fd, family, type, proto);
    return r;
  }
  i64 fd = TRY(argI64(t, fileno));
  if (fd < 0) return t.raise(kValueError, "negative file descriptor");
  if (fd > INT32_MAX) return raiseErrno(t, EBADF);
  SockAddress local;
  if (::getsockname(int(fd), local.get(), &local.size) < 0) {
    if (family == -1 || errno == EBADF || errno == ENOTSOCK) return raiseErrno(t, errno);
  } else if (family == -1) {
    family = local.storage.ss_family;
  }
  auto ask = [&](int option, i32* answer) -> Result<void> {
    if (*answer != -1) return {};
    socklen_t size = sizeof *answer;
    if (::getsockopt(int(fd), SOL_SOCKET, option, answer, &size) < 0) return raiseErrno(t, errno);
    return {};
  };
  TRY(ask(SO_TYPE, &type));
  TRY(ask(SO_PROTOCOL, &proto));
  return initSocket(t, self, int(fd), family, type, proto);
}

Result<Ref<>> sock___repr__(Thread&, Socket& self) {
  return Ref<>(formatStr("<socket object, fd={}, family={}, type={}, proto={}>", self.fd,
                         self.family, self.type, self.proto));
}

void sock___del__(Thread& t, Socket& self) {
  if (self.fd < 0) return;
  ExceptionSaver saver(t);
  warnUnclosed(t, "unclosed {!r}", &self, "Exception ignored while finalizing socket", &self);
  // Only now: the warning shows the descriptor.
  if (int fd = std::exchange(self.fd, -1); fd >= 0) {
    AllowThreads allow(t);
    ::close(fd);
  }
}
void sock_dealloc(Object* o) { freeObject(o); }

static Result<void> closeDescriptor(Thread& t, int fd) {
  int r, error;
  {
    AllowThreads allow(t);
    r = ::close(fd);
    error = errno;
  }
  // The other end's reset is no concern of who closes.
  if (r < 0 && error != ECONNRESET) return raiseErrno(t, error);
  return {};
}

Result<void> sock_close(Thread& t, Socket& self) {
  int fd = std::exchange(self.fd, -1);
  return fd < 0 ? Result<void>() : closeDescriptor(t, fd);
}
Result<i64> sock_detach(Thread&, Socket& self) { return i64(std::exchange(self.fd, -1)); }
Result<i64> sock_fileno(Thread&, Socket& self) { return i64(self.fd); }

// ---- connections ----

Result<Ref<>> sock__accept(Thread& t, Socket& self) {
  SockAddress peer;
  int fd = -1;
  TRY(callSocket(t, self, false, [&] {
    peer.size = sizeof peer.storage;
    return fd = ::accept4(self.fd, peer.get(), &peer.size, SOCK_CLOEXEC);
  }));
  Result<Ref<>> address = addressValue(t, fd, peer, self.proto);
  if (!address) {
    ::close(fd);
    return Error{};
  }
  return Ref<>(tupleOf(makeInt(fd), *address));
}

Result<void> sock_bind(Thread& t, Socket& self, Value address) {
  SockAddress a = TRY(parseAddress(t, self, address, "bind"));
  Value event[] = {Value(&self), address};
  TRY(audit(t, "socket.bind", event));
  int r;
  {
    AllowThreads allow(t);
    r = ::bind(self.fd, a.get(), a.size);
  }
  if (r < 0) return raiseErrno(t, errno);
  return {};
}

// 0, kTimedOut or errno. An interrupted or non-blocking connect goes on by itself: its end is
// waited for, its result asked of the socket.
static Result<int> connectTo(Thread& t, Socket& self, SockAddress& a) {
  int r, error;
  {
    AllowThreads allow(t);
    r = ::connect(self.fd, a.get(), a.size);
    error = errno;
  }
  if (r >= 0) return 0;
  bool wait;
  if (error == EINTR) {
    if (t.pending) TRY(handlePending(t));
    wait = self.timeout != 0;
  } else {
    wait = self.timeout > 0 && error == EINPROGRESS;
  }
  if (!wait) return error;
  if (int state = TRY(waitReady(t, self, true, self.timeout))) return state;
  socklen_t size = sizeof error;
  if (::getsockopt(self.fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0) return errno;
  return error == EISCONN ? 0 : error;
}

static Result<int> connectWith(Thread& t, Socket& self, Value address, const char* caller) {
  SockAddress a = TRY(parseAddress(t, self, address, caller));
  Value event[] = {Value(&self), address};
  TRY(audit(t, "socket.connect", event));
  return connectTo(t, self, a);
}
Result<void> sock_connect(Thread& t, Socket& self, Value address) {
  if (int code = TRY(connectWith(t, self, address, "connect"))) return raiseSocketError(t, code);
  return {};
}
Result<i64> sock_connect_ex(Thread& t, Socket& self, Value address) {
  int code = TRY(connectWith(t, self, address, "connect_ex"));
  return i64(code == kTimedOut ? EWOULDBLOCK : code);
}

Result<void> sock_listen(Thread& t, Socket& self, i32 backlog) {
  int r;
  {
    AllowThreads allow(t);
    r = ::listen(self.fd, std::max(backlog, 0));
  }
  if (r < 0) return raiseErrno(t, errno);
  return {};
}

Result<void> sock_shutdown(Thread& t, Socket& self, i32 how) {
  int r;
  {
    AllowThreads allow(t);
    r = ::shutdown(self.fd, how);
  }
  if (r < 0) return raiseErrno(t, errno);
  return {};
}

static Result<Ref<>> nameOf(Thread& t, Socket& self, auto&& call) {
  SockAddress a;
  int r;
  {
    AllowThreads allow(t);
    r = call(self.fd, a.get(), &a.size);
  }
  if (r < 0) return raiseErrno(t, errno);
  return addressValue(t, self.fd, a, self.proto);
}
Result<Ref<>> sock_getpeername(Thread& t, Socket& self) {
  return nameOf(t, self, [](int fd, sockaddr* a, socklen_t* n) { return ::getpeername(fd, a, n); });
}
Result<Ref<>> sock_getsockname(Thread& t, Socket& self) {
  return nameOf(t, self, [](int fd, sockaddr* a, socklen_t* n) { return ::getsockname(fd, a, n); });
}

// ---- options ----

Result<Ref<>> sock_getsockopt(Thread& t, Socket& self, i32 level, i32 option, i32 size) {
  if (size == 0) {
    // The sizes of AF_VSOCK's buffers have 64 bits.
    u64 wide = 0;
    bool vsock = self.family == AF_VSOCK;
    socklen_t n = vsock ? sizeof(u64) : sizeof(int);
    if (::getsockopt(self.fd, level, option, &wide, &n) < 0) return raiseErrno(t, errno);
    return vsock ? makeInt(wide) : makeInt(int(wide));
  }
  if (size < 0 || size > 1024) return t.raise(kOSError, "getsockopt buflen out of range");
  char buffer[1024];
  socklen_t n = socklen_t(size);
  if (::getsockopt(self.fd, level, option, buffer, &n) < 0) return raiseErrno(t, errno);
  return Ref<>(makeBytes({buffer, n}));
}

Result<void> sock_setsockopt(Thread& t, Socket& self, const Args& args) {
  if (args.keywordCount())
    return t.raise(kTypeError, "socket.setsockopt() takes no keyword arguments");
  u32 count = args.count;
  bool length = count == 4 && isNone(args[2]) && (isInt(args[3]) || hasIndex(args[3]));
  if (count != 3 && !length)
    return t.raise(kTypeError, "setsockopt() takes exactly 3 arguments ({} given)", count);
  i32 level = TRY(argI32(t, args[0])), option = TRY(argI32(t, args[1]));
  int r;
  i64 n;
  if (length) {
    u64 size = TRY(argU64Mask(t, args[3]));
    r = ::setsockopt(self.fd, level, option, nullptr, socklen_t(size));
  } else if (self.family == AF_VSOCK && isInt(args[2])) {
    u64 wide = TRY(argU64Mask(t, args[2]));
    r = ::setsockopt(self.fd, level, option, &wide, sizeof wide);
  } else if (isInt(args[2]) && intToI64(args[2], &n) && n >= INT32_MIN && n <= INT32_MAX) {
    int value = int(n);
    r = ::setsockopt(self.fd, level, option, &value, sizeof value);
  } else {
    Buffer b;
    TRY(Buffer::get(t, args[2], &b));
    if (b.size() > INT32_MAX) return raiseErrno(t, EINVAL);
    r = ::setsockopt(self.fd, level, option, b.data(), socklen_t(b.size()));
  }
  if (r < 0) return raiseErrno(t, errno);
  return {};
}

static Result<void> setTimeout(Thread& t, Socket& self, i64 timeout) {
  self.timeout = timeout;
  return setNonBlocking(t, self.fd, timeout >= 0);
}
Result<void> sock_settimeout(Thread& t, Socket& self, Value timeout) {
  return setTimeout(t, self, TRY(timeoutArgument(t, timeout)));
}
Result<void> sock_setblocking(Thread& t, Socket& self, bool flag) {
  return setTimeout(t, self, flag ? -1 : 0);
}
Result<Ref<>> sock_gettimeout(Thread&, Socket& self) { return secondsOrNone(self.timeout); }
Result<Ref<>> sock_get_timeout(Thread&, Socket& self) { return secondsOrNone(self.timeout); }
Result<bool> sock_getblocking(Thread&, Socket& self) { return self.timeout != 0; }

// ---- the module ----

Result<Ref<>> _socket_getdefaulttimeout(Thread&) { return secondsOrNone(gDefaultTimeout); }
Result<void> _socket_setdefaulttimeout(Thread& t, Value timeout) {
  gDefaultTimeout = TRY(timeoutArgument(t, timeout));
  return {};
}

static Result<int> descriptorArgument(Thread& t, Value v) {
  i64 fd = TRY(argI64(t, v));
  return fd < 0 || fd > INT32_MAX ? -1 : int(fd);
}
Result<void> _socket_close(Thread& t, Value fd) {
  return closeDescriptor(t, TRY(descriptorArgument(t, fd)));
}
Result<i64> _socket_dup(Thread& t, Value fd) {
  int r = ::fcntl(TRY(descriptorArgument(t, fd)), F_DUPFD_CLOEXEC, 0);
  if (r < 0) return raiseErrno(t, errno);
  return i64(r);
}

Result<Ref<>> _socket_socketpair(Thread& t, i32 family, i32 type, i32 proto) {
  int fds[2], r;
  {
    AllowThreads allow(t);
    r = ::socketpair(family, type | SOCK_CLOEXEC, proto, fds);
  }
  if (r < 0) return raiseErrno(t, errno);
  Ref<> pair[2];
  bool ok = true;
  for (int i = 0; i < 2; i++) {
    pair[i] = Ref<>::steal(Value(newInstance(&socketType)));
    if (!initSocket(t, *pair[i].as<Socket>(), fds[i], family, type, proto)) ok = false;
  }
  if (!ok) {
    for (int i = 0; i < 2; i++) ::close(std::exchange(pair[i].as<Socket>()->fd, -1));
    return Error{};
  }
  return Ref<>(tupleOf(pair[0], pair[1]));
}

}  // namespace dx
