// select.select, select.poll and select.epoll. The thread waits without the global lock.
#include <limits.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include "modules/arguments.h"
#include "modules/durations.h"
#include "modules/int_constants.h"
#include "modules/select.gen.h"
#include "runtime/module.h"

namespace dx {
namespace {

// None (or anything negative): forever.
Result<i64> pollTimeout(Thread& t, Value timeout, i64 nsPerUnit) {
  if (isNone(timeout)) return -1;
  Result<i64> ns = durationNs(t, timeout, nsPerUnit);
  if (!ns && t.takeIf(kTypeError)) return t.raise(kTypeError, "timeout must be an integer or None");
  return ns;
}

// ::poll, again after signals whose handlers raise nothing. `timeout` in ns, negative: forever.
Result<int> waitFor(Thread& t, std::vector<pollfd>& fds, i64 timeout) {
  i64 deadline = timeout < 0 ? 0 : monotonicNs() + timeout;
  for (;;) {
    int ready, error;
    timespec left{time_t(timeout / 1000000000), long(timeout % 1000000000)};
    {
      AllowThreads allow(t);
      ready = ::ppoll(fds.data(), nfds_t(fds.size()), timeout < 0 ? nullptr : &left, nullptr);
      error = errno;
    }
    if (ready >= 0) return ready;
    if (error != EINTR) return raiseErrno(t, error);
    if (t.pending) TRY(handlePending(t));
    if (timeout >= 0) timeout = std::max<i64>(0, deadline - monotonicNs());
  }
}

Result<Ref<>> select3(Thread& t, Value (&lists)[3], i64 timeout) {
  constexpr i16 kWanted[] = {POLLIN, POLLOUT, POLLPRI};
  constexpr i16 kReady[] = {POLLIN | POLLHUP | POLLERR | POLLRDHUP, POLLOUT | POLLERR, POLLPRI};
  std::vector<pollfd> fds;
  std::vector<Ref<>> objects[3];
  for (int k = 0; k < 3; k++) {
    Ref<> items = TRY(sequenceFast(t, lists[k], "arguments 1-3 must be sequences"));
    // fileno() may change the list: its size is read again each time.
    for (size_t i = 0;; i++) {
      Values now = isTuple(items) ? valuesOf(items.as<Tuple>()) : valuesOf(items.as<List>());
      if (i >= now.size()) break;
      Ref<> v = retain(now[i]);
      int fd = TRY(descriptorArgument(t, v));
      if (fd >= FD_SETSIZE) return t.raise(kValueError, "filedescriptor out of range in select()");
      fds.push_back({fd, kWanted[k], 0});
      objects[k].push_back(std::move(v));
    }
  }
  TRY(waitFor(t, fds, timeout));
  Ref<List> ready[3];
  size_t at = 0;
  for (int k = 0; k < 3; k++) {
    ready[k] = newList();
    for (const Ref<>& v : objects[k]) {
      const pollfd& p = fds[at++];
      if (p.revents & POLLNVAL) return raiseErrno(t, EBADF);
      if (p.revents & kReady[k]) listAppend(ready[k].get(), v.get());
    }
  }
  return tupleOf(Value(ready[0]), Value(ready[1]), Value(ready[2]));
}

}  // namespace

Result<Ref<>> select_select(Thread& t, Value r, Value w, Value x, Value timeout) {
  i64 ns = -1;
  if (!isNone(timeout)) {
    Result<i64> given = durationNs(t, timeout);
    if (!given) {
      if (t.takeIf(kTypeError)) return t.raise(kTypeError, "timeout must be a float or None");
      return Error{};
    }
    if ((ns = *given) < 0) return t.raise(kValueError, "timeout must be non-negative");
  }
  Value lists[] = {r, w, x};
  return select3(t, lists, ns);
}

Result<Ref<>> select_poll(Thread&) {
  Ref<PollSet> p = make<PollSet>(&DxPoll_Type);
  p->events = new std::map<int, i16>;
  return p;
}

void pollset_dealloc(Object* o) {
  delete static_cast<PollSet*>(o)->events;
  freeObject(o);
}

static Result<i16> eventMask(Thread& t, Value v) {
  return i16(TRY(unsignedArgument(t, v, UINT16_MAX, "unsigned short")));
}
Result<void> pollset_register(Thread& t, PollSet& self, Value fd, Value mask) {
  int n = TRY(descriptorArgument(t, fd));
  i16 events = TRY(eventMask(t, mask));
  (*self.events)[n] = events;
  return {};
}
Result<void> pollset_modify(Thread& t, PollSet& self, Value fd, Value mask) {
  int n = TRY(descriptorArgument(t, fd));
  i16 events = TRY(eventMask(t, mask));
  auto found = self.events->find(n);
  if (found == self.events->end()) return raiseErrno(t, ENOENT);
  found->second = events;
  return {};
}
Result<void> pollset_unregister(Thread& t, PollSet& self, Value fd) {
  int n = TRY(descriptorArgument(t, fd));
  if (!self.events->erase(n)) return raiseKeyError(t, makeInt(n));
  return {};
}
Result<Ref<>> pollset_poll(Thread& t, PollSet& self, Value timeout) {
  i64 ns = TRY(pollTimeout(t, timeout, 1000000));
  if (self.polling) return t.raise(kRuntimeError, "concurrent poll() invocation");
  std::vector<pollfd> fds;
  for (auto [fd, mask] : *self.events) fds.push_back({fd, mask, 0});
  self.polling = true;
  Result<int> ready = waitFor(t, fds, ns);
  self.polling = false;
  if (!ready) return Error{};
  Ref<List> list = newList();
  for (const pollfd& p : fds)
    if (p.revents) {
      Ref<> pair = tupleOf(makeInt(p.fd).get(), makeInt(i64(p.revents & 0xFFFF)).get());
      listAppend(list.get(), std::move(pair));
    }
  return list;
}

// ---- epoll ----

static Error closedEpoll(Thread& t) {
  return t.raise(kValueError, "I/O operation on closed epoll object");
}

Result<Ref<>> epoll___new__(Thread& t, Type& cls, i32 sizeHint, i32 flags) {
  if (sizeHint != -1 && sizeHint <= 0) return t.raise(kValueError, "negative sizehint");
  if (flags && flags != EPOLL_CLOEXEC) return t.raise(kOSError, "invalid flags");
  int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd < 0) return raiseErrno(t, errno);
  Ref<> o = Ref<>::steal(Value(newInstance(&cls)));
  o.as<Epoll>()->fd = fd;
  return o;
}
Result<Ref<>> epoll_fromfd(Thread&, Type& cls, i32 fd) {
  Ref<> o = Ref<>::steal(Value(newInstance(&cls)));
  o.as<Epoll>()->fd = fd;
  return o;
}
void epoll_dealloc(Object* o) {
  if (int fd = static_cast<Epoll*>(o)->fd; fd >= 0) ::close(fd);
  freeObject(o);
}
Result<void> epoll_close(Thread& t, Epoll& self) {
  int fd = std::exchange(self.fd, -1);
  if (fd < 0) return {};
  int r, error;
  {
    AllowThreads allow(t);
    r = ::close(fd);
    error = errno;
  }
  if (r < 0) return raiseErrno(t, error);
  return {};
}
Result<i64> epoll_fileno(Thread& t, Epoll& self) {
  if (self.fd < 0) return closedEpoll(t);
  return i64(self.fd);
}
Result<Ref<>> epoll_get_closed(Thread&, Epoll& self) { return retain(boolean(self.fd < 0)); }

static Result<void> control(Thread& t, Epoll& self, int operation, Value file, u32 mask) {
  if (self.fd < 0) return closedEpoll(t);
  int fd = TRY(descriptorArgument(t, file));
  if (self.fd < 0) return closedEpoll(t);  // fileno() may have closed it
  epoll_event event;
  memset(&event, 0, sizeof event);
  event.events = mask;
  event.data.fd = fd;
  int r, error;
  {
    AllowThreads allow(t);
    r = ::epoll_ctl(self.fd, operation, fd, &event);
    error = errno;
  }
  if (r < 0) return raiseErrno(t, error);
  return {};
}
Result<void> epoll_register(Thread& t, Epoll& self, Value fd, u64 mask) {
  return control(t, self, EPOLL_CTL_ADD, fd, u32(mask));
}
Result<void> epoll_modify(Thread& t, Epoll& self, Value fd, u64 mask) {
  return control(t, self, EPOLL_CTL_MOD, fd, u32(mask));
}
Result<void> epoll_unregister(Thread& t, Epoll& self, Value fd) {
  return control(t, self, EPOLL_CTL_DEL, fd, 0);
}

Result<Ref<>> epoll_poll(Thread& t, Epoll& self, Value timeout, i32 most) {
  if (self.fd < 0) return closedEpoll(t);
  i64 ns = TRY(pollTimeout(t, timeout, 1000000000));
  if (most == -1)
    most = FD_SETSIZE - 1;
  else if (most < 1)
    return t.raise(kValueError, "maxevents must be greater than 0, got {}", most);
  std::vector<epoll_event> events(std::min(size_t(most), size_t(1) << 20));
  i64 deadline = ns < 0 ? 0 : monotonicNs() + ns;
  int ready, error;
  for (;;) {
    {
      AllowThreads allow(t);
      // Rounded up: waking early would spin.
      i64 ms = ns < 0 ? -1 : std::min<i64>((ns + 999999) / 1000000, INT32_MAX);
      ready = ::epoll_wait(self.fd, events.data(), int(events.size()), int(ms));
      error = errno;
    }
    if (ready >= 0) break;
    if (error != EINTR) return raiseErrno(t, error);
    if (t.pending) TRY(handlePending(t));
    if (ns >= 0) ns = std::max<i64>(0, deadline - monotonicNs());
  }
  Ref<List> list = newList(ready);
  for (int i = 0; i < ready; i++)
    listAppend(list, Ref<>(tupleOf(makeInt(events[size_t(i)].data.fd),
                                   makeInt(u32(events[size_t(i)].events)))));
  return Ref<>(std::move(list));
}

Result<Ref<>> epoll___enter__(Thread& t, Epoll& self) {
  if (self.fd < 0) return closedEpoll(t);
  return Ref<>::retain(Value(&self));
}
Result<void> epoll___exit__(Thread& t, Epoll& self, Value, Value, Value) {
  return epoll_close(t, self);
}

Result<void> select_exec(Thread&, Module& m) {
#define X(name) {#name, i64(name)},
  static constexpr IntConstant kConstants[] = {
      X(POLLIN) X(POLLPRI) X(POLLOUT) X(POLLERR) X(POLLHUP) X(POLLNVAL) X(POLLRDNORM) X(POLLRDBAND)
          X(POLLWRNORM) X(POLLWRBAND) X(POLLMSG) X(POLLRDHUP) X(EPOLLIN) X(EPOLLOUT) X(EPOLLPRI)
              X(EPOLLERR) X(EPOLLHUP) X(EPOLLRDHUP) X(EPOLLET) X(EPOLLONESHOT) X(EPOLLEXCLUSIVE)
                  X(EPOLLRDNORM) X(EPOLLRDBAND) X(EPOLLWRNORM) X(EPOLLWRBAND) X(EPOLLMSG)
                      X(EPOLLWAKEUP) X(EPOLL_CLOEXEC) X(PIPE_BUF)};
#undef X
  addConstants(m, kConstants);
  moduleSet(m, "error", Value(kOSError));
  return {};
}

}  // namespace dx
