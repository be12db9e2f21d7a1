// Sockets and their addresses: what the files of module _socket share.
#pragma once
#include <sys/socket.h>

#include "modules/durations.h"
#include "runtime/api.h"
#include "runtime/gil.h"

namespace dx {

struct Socket : Object {
  int fd;  // -1: closed
  i32 family, type, proto;
  i64 timeout;  // nanoseconds; 0: non-blocking, negative: waits without end
};

// ---- addresses (socket_address.cpp) ----

struct SockAddress {
  sockaddr_storage storage;
  socklen_t size;
  SockAddress() : size(sizeof storage) { memset(&storage, 0, sizeof storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  template <class T>
  T& as() {
    size = sizeof(T);
    return reinterpret_cast<T&>(storage);
  }
  template <class T>
  const T& as() const {
    return reinterpret_cast<const T&>(storage);
  }
};
// An address as Python writes it for the socket's family; `caller` is named in errors.
Result<SockAddress> parseAddress(Thread& t, Socket& s, Value address, const char* caller);
// What getsockname() and others return; None when the system gave no address.
Result<Ref<>> addressValue(Thread& t, int fd, const SockAddress& address, int proto);

// Host name of any kind to an address without port. gaierror, OSError.
Result<SockAddress> resolveHost(Thread& t, const std::string& name, int family);
// str (IDNA-encoded), bytes or bytearray, without NUL; TypeErrors as an address' host or, with a
// function's name, as its first argument.
Result<std::string> hostArgument(Thread& t, Value v, const char* function = nullptr);
Ref<> ipText(int family, const void* address);
Error raiseGaiError(Thread& t, int code);

// ---- calls (_socket.cpp) ----

// None or seconds: Socket::timeout.
Result<i64> timeoutArgument(Thread& t, Value v);

constexpr int kTimedOut = -1;
// 0: ready, kTimedOut, or errno. `ns` negative: no limit.
Result<int> waitReady(Thread& t, const Socket& s, bool writing, i64 ns);
Error raiseSocketError(Thread& t, int code);  // errno or kTimedOut

// Calls `attempt` (negative: failed, errno says why) without the interpreter lock, again after
// signals, and with a timeout when the socket is ready. 0, kTimedOut or errno.
template <class F>
Result<int> trySocket(Thread& t, const Socket& s, bool writing, i64 timeout, F&& attempt) {
  i64 deadline = timeout > 0 ? monotonicNs() + timeout : 0;
  for (;;) {
    if (timeout > 0) {
      int state = TRY(waitReady(t, s, writing, std::max<i64>(deadline - monotonicNs(), 0)));
      if (state != 0) return state;
    }
    int error;
    for (;;) {
      bool failed;
      {
        AllowThreads allow(t);
        failed = attempt() < 0;
        error = errno;
      }
      if (!failed) return 0;
      if (error != EINTR) break;
      if (t.pending) TRY(handlePending(t));
    }
    // Somebody else took what poll() saw.
    if (timeout > 0 && (error == EAGAIN || error == EWOULDBLOCK)) continue;
    return error;
  }
}
template <class F>
Result<void> callSocket(Thread& t, const Socket& s, bool writing, F&& attempt) {
  if (int code = TRY(trySocket(t, s, writing, s.timeout, attempt)))
    return raiseSocketError(t, code);
  return {};
}

}  // namespace dx
