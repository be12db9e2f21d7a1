// select.select and select.poll. The thread waits without the global lock.
#include <poll.h>
#include <time.h>

#include <cmath>

#include "modules/select.gen.h"
#include "runtime/module.h"

namespace dx {
namespace {

Result<int> descriptorOf(Thread& t, Value v) {
  Ref<> number;
  if (isInt(v)) {
    number = retain(v);
  } else {
    Ref<> method;
    if (!TRY(lookupAttr(t, v, "fileno", &method)))
      return t.raise(kTypeError, "argument must be an int, or have a fileno() method");
    number = TRY(call(t, method, Args()));
    if (!isInt(number)) return t.raise(kTypeError, "fileno() returned a non-integer");
  }
  i64 fd = TRY(indexI64(t, number, kOverflowError));
  if (fd < 0) return t.raise(kValueError, "file descriptor cannot be a negative integer ({})", fd);
  if (fd > INT32_MAX) return t.raise(kOverflowError, "Python int too large to convert to C int");
  return int(fd);
}

double now() {
  timespec s;
  clock_gettime(CLOCK_MONOTONIC, &s);
  return double(s.tv_sec) * 1e3 + double(s.tv_nsec) / 1e6;
}

// ::poll, again after signals whose handlers raise nothing. `timeout` in ms, negative: forever.
Result<int> waitFor(Thread& t, std::vector<pollfd>& fds, double timeout) {
  double deadline = now() + timeout;
  for (;;) {
    int ready, error;
    {
      AllowThreads allow(t);
      double left = timeout < 0 ? -1 : std::min(std::ceil(timeout), double(INT32_MAX));
      ready = ::poll(fds.data(), nfds_t(fds.size()), int(left));
      error = errno;
    }
    if (ready >= 0) return ready;
    if (error != EINTR) return raiseErrno(t, error);
    if (t.pending) TRY(handlePending(t));
    if (timeout >= 0) timeout = std::max(0.0, deadline - now());
  }
}

Result<Ref<>> select3(Thread& t, Value (&lists)[3], double timeout) {
  constexpr i16 kWanted[] = {POLLIN, POLLOUT, POLLPRI};
  constexpr i16 kReady[] = {POLLIN | POLLHUP | POLLERR | POLLRDHUP, POLLOUT | POLLERR, POLLPRI};
  std::vector<pollfd> fds;
  Ref<Tuple> objects[3];
  for (int k = 0; k < 3; k++) {
    Result<Ref<Tuple>> items = tupleFrom(t, lists[k]);
    if (!items) {
      if (t.takeIf(kTypeError)) return t.raise(kTypeError, "arguments 1-3 must be sequences");
      return Error{};
    }
    objects[k] = std::move(items).take();
    for (Value v : valuesOf(objects[k].get()))
      fds.push_back({TRY(descriptorOf(t, v)), kWanted[k], 0});
  }
  TRY(waitFor(t, fds, timeout));
  Ref<List> ready[3];
  size_t at = 0;
  for (int k = 0; k < 3; k++) {
    ready[k] = newList();
    for (Value v : valuesOf(objects[k].get())) {
      const pollfd& p = fds[at++];
      if (p.revents & POLLNVAL) return raiseErrno(t, EBADF);
      if (p.revents & kReady[k]) listAppend(ready[k].get(), v);
    }
  }
  return tupleOf(Value(ready[0]), Value(ready[1]), Value(ready[2]));
}

}  // namespace

Result<Ref<>> select_select(Thread& t, Value r, Value w, Value x, Value timeout) {
  double ms = -1;
  if (!isNone(timeout)) {
    Result<double> seconds = asDouble(t, timeout);
    if (!seconds) {
      if (t.takeIf(kTypeError)) return t.raise(kTypeError, "timeout must be a float or None");
      return Error{};
    }
    if (*seconds < 0) return t.raise(kValueError, "timeout must be non-negative");
    ms = *seconds * 1e3;
  }
  Value lists[] = {r, w, x};
  return select3(t, lists, ms);
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

Result<void> pollset_register(Thread& t, PollSet& self, Value fd, i32 mask) {
  int n = TRY(descriptorOf(t, fd));
  (*self.events)[n] = i16(mask);
  return {};
}
Result<void> pollset_modify(Thread& t, PollSet& self, Value fd, i32 mask) {
  auto found = self.events->find(TRY(descriptorOf(t, fd)));
  if (found == self.events->end()) return raiseErrno(t, ENOENT);
  found->second = i16(mask);
  return {};
}
Result<void> pollset_unregister(Thread& t, PollSet& self, Value fd) {
  int n = TRY(descriptorOf(t, fd));
  if (!self.events->erase(n)) return raiseKeyError(t, makeInt(n));
  return {};
}
Result<Ref<>> pollset_poll(Thread& t, PollSet& self, Value timeout) {
  double ms = isNone(timeout) ? -1 : TRY(asDouble(t, timeout));
  if (self.polling) return t.raise(kRuntimeError, "concurrent poll() invocation");
  std::vector<pollfd> fds;
  for (auto [fd, mask] : *self.events) fds.push_back({fd, mask, 0});
  self.polling = true;
  Result<int> ready = waitFor(t, fds, ms);
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

Result<void> select_exec(Thread&, Module& m) {
  constexpr struct {
    const char* name;
    int value;
  } kConstants[] = {
      {"POLLIN", POLLIN},         {"POLLPRI", POLLPRI},       {"POLLOUT", POLLOUT},
      {"POLLERR", POLLERR},       {"POLLHUP", POLLHUP},       {"POLLNVAL", POLLNVAL},
      {"POLLRDNORM", POLLRDNORM}, {"POLLRDBAND", POLLRDBAND}, {"POLLWRNORM", POLLWRNORM},
      {"POLLWRBAND", POLLWRBAND}, {"POLLMSG", POLLMSG},       {"POLLRDHUP", POLLRDHUP},
      {"PIPE_BUF", 4096}};
  for (auto& c : kConstants) moduleSet(m, c.name, makeInt(c.value));
  moduleSet(m, "error", Value(kOSError));
  return {};
}

}  // namespace dx
