// Module _thread: locks and thread-local data. Threads themselves are in thread_start.cpp.
#include <sys/syscall.h>
#include <unistd.h>

#include <cmath>

#include "modules/_thread.gen.h"
#include "runtime/gil.h"
#include "runtime/types.h"

namespace dx {

// ---- waiting ----

Result<double> lockTimeout(Thread& t, bool blocking, Value timeout) {
  double seconds = TRY(asDouble(t, timeout));
  if (std::isnan(seconds)) return t.raise(kValueError, "Invalid value NaN (not a number)");
  if (!blocking && seconds != -1)
    return t.raise(kValueError, "can't specify a timeout for a non-blocking call");
  if (seconds < 0 && seconds != -1)
    return t.raise(kValueError, "timeout value must be a non-negative number");
  if (seconds > 9223372036.0) return t.raise(kOverflowError, "timeout value is too large");
  return seconds;
}

Result<bool> acquireLock(Thread& t, LockState* lock, bool blocking, double timeout) {
  {
    std::lock_guard guard(lock->mutex);
    if (!lock->locked) return lock->locked = true;
  }
  if (!blocking || timeout == 0) return false;
  auto deadline = std::chrono::steady_clock::now() +
                  std::chrono::duration_cast<std::chrono::nanoseconds>(
                      std::chrono::duration<double>(timeout < 0 ? 0 : timeout));
  for (;;) {
    bool taken = false, expired = false;
    {
      AllowThreads allow(t);
      std::unique_lock guard(lock->mutex);
      // Wake up now and then: signals that arrive meanwhile are handled by the main thread.
      auto slice = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
      auto until = timeout < 0 || slice < deadline ? slice : deadline;
      lock->free.wait_until(guard, until, [&] { return !lock->locked; });
      if (!lock->locked)
        taken = lock->locked = true;
      else
        expired = timeout >= 0 && std::chrono::steady_clock::now() >= deadline;
    }
    if (taken) return true;
    if (expired) return false;
    if (t.pending) TRY(handlePending(t));
  }
}

bool releaseLock(LockState* lock) {
  std::lock_guard guard(lock->mutex);
  if (!lock->locked) return false;
  lock->locked = false;
  lock->free.notify_one();
  return true;
}

// ---- lock ----

static Ref<> newLock() {
  Ref<Lock> lock = make<Lock>(&lockType);
  lock->state = new LockState;
  return Ref<>(std::move(lock));
}
Result<Ref<>> lock___new__(Thread&, Type&) { return newLock(); }
void lock_dealloc(Object* o) {
  delete static_cast<Lock*>(o)->state;
  freeObject(o);
}
Result<bool> lock_acquire(Thread& t, Lock& self, bool blocking, Value timeout) {
  double seconds = TRY(lockTimeout(t, blocking, timeout));
  Ref<> held = Ref<>::retain(&self);
  return acquireLock(t, self.state, blocking, seconds);
}
Result<bool> lock_acquire_lock(Thread& t, Lock& self, bool blocking, Value timeout) {
  return lock_acquire(t, self, blocking, timeout);
}
Result<void> lock_release(Thread& t, Lock& self) {
  if (!releaseLock(self.state)) return t.raise(kRuntimeError, "release unlocked lock");
  return {};
}
Result<void> lock_release_lock(Thread& t, Lock& self) { return lock_release(t, self); }
Result<bool> lock_locked(Thread&, Lock& self) { return self.state->locked; }
Result<bool> lock_locked_lock(Thread&, Lock& self) { return self.state->locked; }
Result<bool> lock___enter__(Thread& t, Lock& self) {
  return lock_acquire(t, self, true, Value::smallInt(-1));
}
Result<void> lock___exit__(Thread& t, Lock& self, Values) { return lock_release(t, self); }
Result<void> lock__at_fork_reinit(Thread&, Lock& self) {
  new (self.state) LockState;
  return {};
}
Result<Ref<>> lock___repr__(Thread&, Lock& self) {
  return Ref<>(formatStr("<{} {} object at {}>", self.state->locked ? "locked" : "unlocked",
                         self.type, pointerText(&self)));
}

// ---- RLock ----

Result<Ref<>> RLock___new__(Thread& t, Type& cls, const Args& args) {
  if (args.total() && &cls == &rlockType) {
    TRY(warn(t, kDeprecationWarning,
             "Passing arguments to RLock is deprecated and will be removed in 3.15"));
  }
  Ref<> o = Ref<>::steal(Value(newInstance(&cls)));
  o.as<RLock>()->state = new LockState;
  return o;
}
void RLock_dealloc(Object* o) {
  delete static_cast<RLock*>(o)->state;
  freeObject(o);
}
Result<bool> RLock_acquire(Thread& t, RLock& self, bool blocking, Value timeout) {
  double seconds = TRY(lockTimeout(t, blocking, timeout));
  if (self.count && self.owner == t.id) {
    self.count++;
    return true;
  }
  Ref<> held = Ref<>::retain(&self);
  if (!TRY(acquireLock(t, self.state, blocking, seconds))) return false;
  self.owner = t.id;
  self.count = 1;
  return true;
}
Result<void> RLock_release(Thread& t, RLock& self) {
  if (!self.count || self.owner != t.id)
    return t.raise(kRuntimeError, "cannot release un-acquired lock");
  if (--self.count == 0) {
    self.owner = 0;
    releaseLock(self.state);
  }
  return {};
}
Result<bool> RLock_locked(Thread&, RLock& self) { return self.count != 0; }
Result<bool> RLock___enter__(Thread& t, RLock& self) {
  return RLock_acquire(t, self, true, Value::smallInt(-1));
}
Result<void> RLock___exit__(Thread& t, RLock& self, Values) { return RLock_release(t, self); }
Result<bool> RLock__is_owned(Thread& t, RLock& self) { return self.count && self.owner == t.id; }
Result<i64> RLock__recursion_count(Thread& t, RLock& self) {
  return self.owner == t.id ? i64(self.count) : 0;
}
Result<Ref<>> RLock__release_save(Thread& t, RLock& self) {
  if (!self.count) return t.raise(kRuntimeError, "cannot release un-acquired lock");
  Ref<Tuple> state = tupleOf(makeInt(self.count), makeInt(self.owner));
  self.count = 0;
  self.owner = 0;
  releaseLock(self.state);
  return Ref<>(std::move(state));
}
Result<void> RLock__acquire_restore(Thread& t, RLock& self, Value state) {
  if (!isTuple(state) || state.as<Tuple>()->size != 2)
    return t.raise(kTypeError, "a (count, owner) tuple is required");
  u64 count = TRY(argU64Mask(t, state.as<Tuple>()->items[0])),
      owner = TRY(argU64Mask(t, state.as<Tuple>()->items[1]));
  Ref<> held = Ref<>::retain(&self);
  (void)TRY(acquireLock(t, self.state, true, -1));
  self.count = count;
  self.owner = owner;
  return {};
}
Result<void> RLock__at_fork_reinit(Thread&, RLock& self) {
  new (self.state) LockState;
  self.count = self.owner = 0;
  return {};
}
Result<Ref<>> RLock___repr__(Thread&, RLock& self) {
  return Ref<>(formatStr("<{} {} object owner={} count={} at {}>",
                         self.count ? "locked" : "unlocked", self.type, self.owner, self.count,
                         pointerText(&self)));
}

// ---- thread-local data ----

Result<Ref<>> _local___new__(Thread& t, Type& cls, const Args& args) {
  if (args.total() && cls.data->slots.init == &objectInit)
    return t.raise(kTypeError, "Initialization arguments are not supported");
  Ref<> o = Ref<>::steal(Value(newInstance(&cls)));
  Local* self = o.as<Local>();
  self->args = Value(makeTuple(Values(args.v, args.count)).release());
  Ref<Dict> kw = newDict();
  for (u32 k = 0; k < args.keywordCount(); k++)
    TRY(dictSet(t, kw, args.names->items[k], args.v[args.count + k]));
  self->kw = Value(kw.release());
  Ref<Dict> dicts = newDict();
  TRY(dictSet(t, dicts, makeInt(t.id), newDict()));  // this thread's: __init__ runs after __new__
  self->dicts = Value(dicts.release());
  gcTrack(self);
  return o;
}

// This thread's dict; made, and __init__ run, on first use.
static Result<Ref<Dict>> localDict(Thread& t, Local& self) {
  Ref<> key = makeInt(t.id);
  if (Value d = TRY(dictGet(t, self.dicts.as<Dict>(), key))) return retainObject(d.as<Dict>());
  Ref<Dict> dict = newDict();
  TRY(dictSet(t, self.dicts.as<Dict>(), key, dict));
  Type* type = self.type;
  if (type->data->slots.init && type->data->slots.init != &objectInit) {
    Ref<> init = TRY(getAttr(t, Value(type), "__init__"));
    Tuple* given = self.args.as<Tuple>();
    Ref<Tuple> args = newTuple(given->size + 1);
    args->items[0] = retain(Value(&self)).release();
    for (i64 i = 0; i < given->size; i++) args->items[i + 1] = retain(given->items[i]).release();
    Result<Ref<>> r = callTupleDict(t, init, args, self.kw.as<Dict>());
    if (!r) {
      ExceptionSaver saver(t);
      (void)dictDelete(t, self.dicts.as<Dict>(), key);
      return Error{};
    }
  }
  return dict;
}

Result<Ref<>> _local___getattribute__(Thread& t, Local& self, Str* name) {
  Ref<Dict> dict = TRY(localDict(t, self));
  if (equalAscii(name, "__dict__")) return Ref<>(std::move(dict));
  Value descr = typeLookup(self.type, intern(retainObject(name)));
  if (descr && slotsOf(descr).descrSet && slotsOf(descr).descrGet) {
    Ref<> held = retain(descr);
    return slotsOf(held).descrGet(t, held, Value(&self), Value(self.type));
  }
  if (Value v = TRY(dictGet(t, dict, Value(name)))) return retain(v);
  if (descr) {
    Ref<> held = retain(descr);
    return bindDescriptor(t, held, Value(&self), Value(self.type));
  }
  return raiseAttributeError(t, Value(&self), name);
}

Result<void> _local___setattr__(Thread& t, Local& self, Str* name, Value value) {
  Ref<Dict> dict = TRY(localDict(t, self));
  if (equalAscii(name, "__dict__"))
    return t.raise(kAttributeError, "'{}' object attribute '__dict__' is read-only", self.type);
  Value descr = typeLookup(self.type, intern(retainObject(name)));
  if (descr && slotsOf(descr).descrSet) {
    Ref<> held = retain(descr);
    return slotsOf(held).descrSet(t, held, Value(&self), value);
  }
  if (value) return dictSet(t, dict, Value(name), value);
  if (TRY(dictDelete(t, dict, Value(name)))) return {};
  return raiseAttributeError(t, Value(&self), name);
}

// ---- functions ----

Result<Ref<>> _thread_allocate_lock(Thread&) { return newLock(); }
Result<Ref<>> _thread_allocate(Thread&) { return newLock(); }
Result<bool> _thread_daemon_threads_allowed(Thread&) { return true; }
Result<Ref<>> _thread_exit(Thread& t) { return t.raiseNone(kSystemExit); }
Result<Ref<>> _thread_exit_thread(Thread& t) { return t.raiseNone(kSystemExit); }
Result<u64> _thread_get_ident(Thread& t) { return t.id; }
Result<i64> _thread_get_native_id(Thread&) { return i64(syscall(SYS_gettid)); }
Result<u64> _thread__get_main_thread_ident(Thread&) { return theInterpreter.mainThread->id; }
Result<bool> _thread__is_main_interpreter(Thread&) { return true; }

Result<void> _thread_exec(Thread& t, Module& module) {
  moduleSet(module, "error", Value(kRuntimeError));
  moduleSet(module, "LockType", Value(&lockType));
  moduleSet(module, "lock", Value(&lockType));
  moduleSet(module, "TIMEOUT_MAX", makeFloat(9223372036.0));
  static constexpr StructSeqField kFields[] = {{"exc_type", "Exception type"},
                                               {"exc_value", "Exception value"},
                                               {"exc_traceback", "Exception traceback"},
                                               {"thread", "Thread"}};
  static constexpr StructSeqDesc kDesc = {
      "_thread._ExceptHookArgs",
      "_ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.", kFields, 4};
  moduleSet(module, "_ExceptHookArgs", makeStructSeqType(t, kDesc));
  return {};
}

}  // namespace dx
