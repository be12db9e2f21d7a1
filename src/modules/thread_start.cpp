// Starting, joining and ending threads.
#include <pthread.h>
#include <signal.h>

#include "modules/_thread.gen.h"
#include "runtime/gil.h"
#include "runtime/traceback_print.h"
#include "runtime/types.h"

namespace dx {

namespace {

i64 gStackSize = 0;
std::mutex gThreadsMutex;
std::vector<ThreadRecord*> gThreads;  // non-daemon ones that shutdown waits for
i64 gRunning = 0;

void retainRecord(ThreadRecord* r) { __atomic_fetch_add(&r->references, 1, __ATOMIC_RELAXED); }
void releaseRecord(ThreadRecord* r) {
  if (__atomic_sub_fetch(&r->references, 1, __ATOMIC_ACQ_REL) == 0) delete r;
}

void markDone(ThreadRecord* r) {
  std::lock_guard guard(r->mutex);
  r->done = true;
  r->ended.notify_all();
}

struct StartInfo {
  Ref<> function;
  Ref<Tuple> args;
  Ref<Dict> keywords;
  ThreadRecord* record;
  bool running = false;
  std::mutex mutex;
  std::condition_variable started;
};

void reportUncaught(Thread& t, Value function) {
  if (t.takeIf(kSystemExit)) return;
  writeUnraisable(t, "Exception ignored in thread started by", function);
}

void* threadMain(void* context) {
  auto* info = static_cast<StartInfo*>(context);
  Thread* t = newThread(&theInterpreter);
  ThreadRecord* record = info->record;
  t->recursionLimit = theInterpreter.mainThread->recursionLimit;
  {
    std::lock_guard guard(info->mutex);
    record->ident = t->id;
    info->running = true;
    info->started.notify_all();
  }
  acquireGil(*t);
  {
    Ref<> function = std::move(info->function);
    Ref<Tuple> args = std::move(info->args);
    Ref<Dict> keywords = std::move(info->keywords);
    delete info;
    Result<Ref<>> r = callTupleDict(*t, function, args, keywords);
    if (!r) reportUncaught(*t, function);
  }
  gRunning--;
  markDone(record);
  {
    std::lock_guard guard(gThreadsMutex);
    std::erase(gThreads, record);
  }
  releaseRecord(record);
  destroyThread(t);
  return nullptr;
}

Result<void> startThread(Thread& t, Value function, Ref<Tuple> args, Ref<Dict> keywords,
                         ThreadRecord* record) {
  if (theInterpreter.finalizing)
    return t.raise(kPythonFinalizationError, "can't create new thread at interpreter shutdown");
  auto* info = new StartInfo{retain(function), std::move(args), std::move(keywords), record};
  retainRecord(record);
  record->started = true;
  if (!record->daemon) {
    std::lock_guard guard(gThreadsMutex);
    gThreads.push_back(record);
  }
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attr, gStackSize ? size_t(gStackSize) : size_t(8) << 20);
  pthread_t handle;
  gRunning++;
  int failed = pthread_create(&handle, &attr, threadMain, info);
  pthread_attr_destroy(&attr);
  if (failed) {
    gRunning--;
    markDone(record);
    {
      std::lock_guard guard(gThreadsMutex);
      std::erase(gThreads, record);
    }
    releaseRecord(record);
    delete info;
    return t.raise(kRuntimeError, "can't start new thread");
  }
  // The new thread tells its identifier before it waits for the interpreter lock. Its StartInfo
  // dies only when it has that lock, which is ours here.
  std::unique_lock guard(info->mutex);
  info->started.wait(guard, [&] { return info->running; });
  return {};
}

}  // namespace

// ---- handles ----

static Ref<ThreadHandle> newHandle() {
  Ref<ThreadHandle> h = make<ThreadHandle>(&threadHandleType);
  h->record = new ThreadRecord;
  return h;
}
Result<Ref<>> _ThreadHandle___new__(Thread&, Type&) { return Ref<>(newHandle()); }
void _ThreadHandle_dealloc(Object* o) {
  releaseRecord(static_cast<ThreadHandle*>(o)->record);
  freeObject(o);
}
Result<u64> _ThreadHandle_get_ident(Thread&, ThreadHandle& self) { return self.record->ident; }
Result<void> _ThreadHandle__set_done(Thread& t, ThreadHandle& self) {
  if (!self.record->started) return t.raise(kRuntimeError, "thread not started");
  markDone(self.record);
  return {};
}
Result<bool> _ThreadHandle_is_done(Thread&, ThreadHandle& self) { return self.record->done; }
Result<Ref<>> _ThreadHandle___repr__(Thread&, ThreadHandle& self) {
  return Ref<>(formatStr("<{} object: ident={}>", self.type, self.record->ident));
}

static Result<bool> waitDone(Thread& t, ThreadRecord* record, double timeout) {
  auto deadline = std::chrono::steady_clock::now() +
                  std::chrono::duration_cast<std::chrono::nanoseconds>(
                      std::chrono::duration<double>(timeout < 0 ? 0 : timeout));
  while (!record->done) {
    {
      AllowThreads allow(t);
      std::unique_lock guard(record->mutex);
      auto slice = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
      record->ended.wait_until(guard, timeout < 0 || slice < deadline ? slice : deadline,
                               [&] { return record->done; });
    }
    if (t.pending) TRY(handlePending(t));
    if (timeout >= 0 && std::chrono::steady_clock::now() >= deadline) break;
  }
  return record->done;
}

Result<void> _ThreadHandle_join(Thread& t, ThreadHandle& self, Value timeout) {
  double seconds = -1;
  if (!isNone(timeout)) {
    seconds = TRY(asDouble(t, timeout));
    if (seconds < 0) seconds = -1;
  }
  ThreadRecord* record = self.record;
  if (!record->started) return t.raise(kRuntimeError, "thread not started");
  if (record->done) return {};
  if (record->ident == t.id) return t.raise(kRuntimeError, "Cannot join current thread");
  Ref<> held = Ref<>::retain(&self);
  (void)TRY(waitDone(t, record, seconds));
  return {};
}

// ---- functions ----

static Result<u64> startDetached(Thread& t, Value function, Tuple* args, Dict* kwargs) {
  if (!isCallable(function)) return t.raise(kTypeError, "first arg must be callable");
  auto* record = new ThreadRecord;
  Result<void> r =
      startThread(t, function, retainObject(args), kwargs ? dictCopy(kwargs) : Ref<Dict>(), record);
  u64 ident = record->ident;
  releaseRecord(record);
  if (!r) return Error{};
  return ident;
}
Result<u64> _thread_start_new_thread(Thread& t, Value function, Tuple& args, Value kwargs) {
  if (kwargs && !isDict(kwargs))
    return t.raise(kTypeError, "optional 3rd arg must be a dictionary");
  return startDetached(t, function, &args, kwargs ? kwargs.as<Dict>() : nullptr);
}
Result<u64> _thread_start_new(Thread& t, Value function, Tuple& args, Value kwargs) {
  return _thread_start_new_thread(t, function, args, kwargs);
}

Result<Ref<>> _thread_start_joinable_thread(Thread& t, Value function, Value handle, bool daemon) {
  if (!isCallable(function)) return t.raise(kTypeError, "thread function must be callable");
  Ref<ThreadHandle> h;
  if (isNone(handle)) {
    h = newHandle();
  } else {
    if (typeOf(handle) != &threadHandleType)
      return t.raise(kTypeError, "'handle' must be a _ThreadHandle");
    h = retainObject(handle.as<ThreadHandle>());
  }
  if (h->record->started) return t.raise(kRuntimeError, "thread already started");
  h->record->daemon = daemon;
  TRY(startThread(t, function, retainObject(emptyTuple()), {}, h->record));
  return Ref<>(std::move(h));
}

Result<Ref<>> _thread__make_thread_handle(Thread&, u64 ident) {
  Ref<ThreadHandle> h = newHandle();
  h->record->ident = ident;
  h->record->started = true;
  return Ref<>(std::move(h));
}

Result<void> _thread__shutdown(Thread& t) {
  for (;;) {
    ThreadRecord* record = nullptr;
    {
      std::lock_guard guard(gThreadsMutex);
      for (ThreadRecord* r : gThreads)
        if (r->ident != t.id) record = r;
      if (!record) return {};
      retainRecord(record);
    }
    Result<bool> r = waitDone(t, record, -1);
    releaseRecord(record);
    if (!r) {
      writeUnraisable(t, "Exception ignored on threading shutdown", none());
      return {};
    }
  }
}

Result<i64> _thread__count(Thread&) { return gRunning; }

Result<i64> _thread_stack_size(Thread& t, i64 size) {
  if (size < 0) return t.raise(kValueError, "size must be 0 or a positive value");
  i64 old = gStackSize;
  if (size && size < 65536) return t.raise(kValueError, "size not valid: {} bytes", size);
  gStackSize = size;
  return old;
}

Result<void> _thread_interrupt_main(Thread& t, i32 signum) {
  if (signum < 1 || signum >= NSIG) return t.raise(kValueError, "signal number out of range");
  struct sigaction action;
  if (sigaction(signum, nullptr, &action) == 0 &&
      (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN))
    return {};
  noteSignal(signum);
  return {};
}

Result<void> _thread_set_name(Thread& t, Str& name) {
  std::string text = toUtf8(&name).substr(0, 15);
  pthread_setname_np(pthread_self(), text.c_str());
  return {};
}

// threading.excepthook: (exc_type, exc_value, exc_traceback, thread).
Result<void> _thread__excepthook(Thread& t, Value info) {
  if (!isTuple(info) || info.as<Tuple>()->size != 4)
    return t.raise(kTypeError, "_thread._excepthook argument type must be ExceptHookArgs");
  Value* items = info.as<Tuple>()->items;
  if (items[0] == Value(kSystemExit)) return {};
  Ref<> file = retain(sysGet("stderr") ? sysGet("stderr") : none());
  if (isNone(file)) {
    if (isNone(items[3])) return {};
    Ref<> stderrOf;
    if (!TRY(lookupAttr(t, items[3], "_stderr", &stderrOf)) || isNone(stderrOf)) return {};
    file = std::move(stderrOf);
  }
  Ref<> name;
  if (!isNone(items[3])) {
    if (!TRY(lookupAttr(t, items[3], "name", &name))) name = noneRef();
  }
  Ref<Str> text = name && !isNone(name) ? formatStr("Exception in thread {}:\n", name)
                                        : formatStr("Exception in thread {}:\n", t.id);
  (void)TRY(callMethodWith(t, file, DX_NAME("write"), Value(text)));
  if (isExceptionInstance(items[1])) printExceptionTo(t, items[1], file);
  (void)TRY(callMethod(t, file, DX_NAME("flush"), {}));
  return {};
}

}  // namespace dx
