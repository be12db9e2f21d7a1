// Module _multiprocessing: SemLock, a lock or semaphore that processes share by name.
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include <cmath>
#include <ctime>

#include "modules/_multiprocessing.gen.h"
#include "modules/arguments.h"
#include "runtime/gil.h"
#include "runtime/types.h"

namespace dx {

enum : i32 { kRecursiveMutex = 0, kSemaphore = 1 };

static Ref<> newSemLock(Type& cls, sem_t* handle, i32 kind, i32 maxvalue, std::string* name) {
  Ref<> o = Ref<>::steal(Value(newInstance(&cls)));
  auto* s = o.as<SemLock>();
  s->handle = handle;
  s->kind = kind;
  s->maxvalue = maxvalue;
  s->name = name;
  return o;
}

Result<Ref<>> semlock___new__(Thread& t, Type& cls, i32 kind, i32 value, i32 maxvalue, Str& name,
                              bool unlink) {
  if (kind != kRecursiveMutex && kind != kSemaphore)
    return t.raise(kValueError, "unrecognized kind");
  std::string text = TRY(plainText(t, name));
  sem_t* handle = ::sem_open(text.c_str(), O_CREAT | O_EXCL, 0600, unsigned(value));
  if (handle == SEM_FAILED) return raiseErrno(t, errno);
  if (unlink && ::sem_unlink(text.c_str()) < 0) {
    int error = errno;
    ::sem_close(handle);
    return raiseErrno(t, error);
  }
  return newSemLock(cls, handle, kind, maxvalue, unlink ? nullptr : new std::string(text));
}

Result<Ref<>> semlock__rebuild(Thread& t, Type& cls, i64 handle, i32 kind, i32 maxvalue,
                               Str* name) {
  if (!name) return newSemLock(cls, reinterpret_cast<sem_t*>(handle), kind, maxvalue, nullptr);
  std::string text = TRY(plainText(t, *name));
  sem_t* opened = ::sem_open(text.c_str(), 0);
  if (opened == SEM_FAILED) return raiseErrno(t, errno);
  return newSemLock(cls, opened, kind, maxvalue, new std::string(text));
}

void semlock_dealloc(Object* o) {
  auto* s = static_cast<SemLock*>(o);
  if (s->handle) ::sem_close(s->handle);
  delete s->name;
  freeObject(o);
}

Result<Ref<>> semlock_get_handle(Thread&, SemLock& self) {
  return makeInt(reinterpret_cast<i64>(self.handle));
}
Result<Ref<>> semlock_get_name(Thread&, SemLock& self) {
  return self.name ? Ref<>(makeStr(*self.name)) : noneRef();
}

static bool isMine(Thread& t, SemLock& self) { return self.count > 0 && self.owner == t.id; }

Result<bool> semlock_acquire(Thread& t, SemLock& self, bool block, Value timeout) {
  if (self.kind == kRecursiveMutex && isMine(t, self)) {
    self.count++;
    return true;
  }
  timespec deadline{};
  bool limited = !isNone(timeout);
  if (limited) {
    if (!isFloat(timeout) && !isInt(timeout) && !hasIndex(timeout)) {
      Result<double> d = asDouble(t, timeout);
      if (!d && t.takeIf(kTypeError))
        return t.raise(kTypeError, "must be real number, not {}", typeOf(timeout));
      if (!d) return Error{};
    }
    double seconds = std::max(0.0, TRY(asDouble(t, timeout)));
    if (!(seconds < 1e15)) seconds = 1e15;
    ::clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += time_t(seconds);
    deadline.tv_nsec += long((seconds - std::floor(seconds)) * 1e9 + 0.5);
    if (deadline.tv_nsec >= 1000000000) {
      deadline.tv_nsec -= 1000000000;
      deadline.tv_sec++;
    }
  }
  // Without giving up the interpreter lock first.
  int r, error = 0;
  do {
    r = ::sem_trywait(self.handle);
    error = errno;
  } while (r < 0 && error == EINTR);
  if (r < 0 && error == EAGAIN && block) {
    for (;;) {
      {
        AllowThreads allow(t);
        r = limited ? ::sem_timedwait(self.handle, &deadline) : ::sem_wait(self.handle);
        error = errno;
      }
      if (r == 0 || error != EINTR) break;
      if (t.pending) TRY(handlePending(t));
    }
  }
  if (r < 0) {
    if (error == EAGAIN || error == ETIMEDOUT) return false;
    return raiseErrno(t, error);
  }
  self.count++;
  self.owner = t.id;
  return true;
}

Result<void> semlock_release(Thread& t, SemLock& self) {
  if (self.kind == kRecursiveMutex) {
    if (!isMine(t, self))
      return t.raise(kAssertionError, "attempt to release recursive lock not owned by thread");
    if (self.count > 1) {
      self.count--;
      return {};
    }
  } else {
    int value;
    if (::sem_getvalue(self.handle, &value) < 0) return raiseErrno(t, errno);
    if (value >= self.maxvalue)
      return t.raise(kValueError, "semaphore or lock released too many times");
  }
  if (::sem_post(self.handle) < 0) return raiseErrno(t, errno);
  self.count--;
  return {};
}

Result<i64> semlock__count(Thread&, SemLock& self) { return i64(self.count); }
Result<bool> semlock__is_mine(Thread& t, SemLock& self) { return isMine(t, self); }
Result<i64> semlock__get_value(Thread& t, SemLock& self) {
  int value;
  if (::sem_getvalue(self.handle, &value) < 0) return raiseErrno(t, errno);
  return i64(std::max(value, 0));
}
Result<bool> semlock__is_zero(Thread& t, SemLock& self) {
  return TRY(semlock__get_value(t, self)) == 0;
}
Result<void> semlock__after_fork(Thread&, SemLock& self) {
  self.count = 0;
  return {};
}
Result<bool> semlock___enter__(Thread& t, SemLock& self) {
  return semlock_acquire(t, self, true, none());
}
Result<void> semlock___exit__(Thread& t, SemLock& self, Value, Value, Value) {
  return semlock_release(t, self);
}

Result<void> _multiprocessing_sem_unlink(Thread& t, Str& name) {
  std::string text = TRY(plainText(t, name));
  if (::sem_unlink(text.c_str()) < 0) return raiseErrno(t, errno);
  return {};
}

Result<void> _multiprocessing_exec(Thread&, Module& m) {
  dictSetStr(typeDict(&semLockType), "SEM_VALUE_MAX", makeInt(i64(SEM_VALUE_MAX)));
  Ref<Dict> flags = newDict();
  dictSetStr(flags, "HAVE_SEM_OPEN", makeInt(1));
  dictSetStr(flags, "HAVE_SEM_TIMEDWAIT", makeInt(1));
  moduleSet(m, "flags", flags);
  return {};
}

}  // namespace dx
