#include "runtime/thread.h"

#include <pthread.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <mutex>
#include <vector>

#include "base/map_at.h"
#include "memory/arena.h"
#include "runtime/abstract.h"
#include "runtime/containers.h"
#include "runtime/gil.h"
#include "runtime/module.h"
#include "runtime/monitoring.h"
#include "runtime/str.h"

#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#endif

namespace dx {

thread_local Thread* currentThread = nullptr;

namespace {

constexpr size_t kValueStackBytes = size_t(64) << 20;  // reserved, used as touched
constexpr u64 kNativeStackMargin = 384 * 1024;         // what native code may use past the check

// The main thread's stack ends where the kernel put the program's name, and may grow down to the
// limit. (The C library reads a file of the system for this.)
u64 mainStackBottom() {
  rlimit limit;
  auto* name = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  if (!name || getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return 0;
  constexpr u64 kPage = 4096;
  u64 top = (reinterpret_cast<u64>(name) + strlen(name) + kPage) & ~(kPage - 1);
  return top - limit.rlim_cur;
}

u64 nativeStackBottom() {
  if (u64 bottom = getpid() == gettid() ? mainStackBottom() : 0) return bottom;
  pthread_attr_t attr;
  void* low = nullptr;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attr) == 0) {
    pthread_attr_getstack(&attr, &low, &size);
    pthread_attr_destroy(&attr);
  }
  return reinterpret_cast<u64>(low);
}

}  // namespace

namespace {
std::mutex threadsMutex;
std::vector<Thread*>& threadList() {
  static auto* list = new std::vector<Thread*>;
  return *list;
}
}  // namespace

std::vector<Thread*> allThreads() {
  std::lock_guard lock(threadsMutex);
  return threadList();
}

std::span<Thread* const> threadsAsTheyAre() { return threadList(); }
void forgetOtherThreads(Thread* t) {
  new (&threadsMutex) std::mutex;
  threadList() = {t};
  t->osThread = u64(pthread_self());
}

bool mapSnapshotStack() { return mapAt(kSnapshotStack, kValueStackBytes); }

static void* mapValueStack() {
  if (gArena.open) return mapSnapshotStack() ? reinterpret_cast<void*>(kSnapshotStack) : nullptr;
  void* stack = mmap(nullptr, kValueStackBytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return stack == MAP_FAILED ? nullptr : stack;
}

static void bindToSystemThread(Thread* t) {
  t->nativeStackLimit = nativeStackBottom() + kNativeStackMargin;
  t->osThread = u64(pthread_self());
}

void adoptThread(Thread* t) {
  bindToSystemThread(t);
  currentThread = t;
}

Thread* newThread(Interpreter* interp) {
  static u64 nextId = 1;
  auto* t = static_cast<Thread*>(memset(allocate(sizeof(Thread)), 0, sizeof(Thread)));
  t->excInfo = &t->excState;
  void* stack = mapValueStack();
  DX_CHECK(stack);
#if __has_feature(address_sanitizer)
  __lsan_register_root_region(stack, kValueStackBytes);
#endif
  t->stackBase = static_cast<Value*>(stack);
  t->stackEnd = t->stackBase + kValueStackBytes / sizeof(Value) - 4096;
  t->recursionLimit = 1000;
  t->interp = interp;
  bindToSystemThread(t);
  std::lock_guard lock(threadsMutex);
  t->id = nextId++;
  if (theMonitoring.version) t->pending = kPendingMonitor;
  threadList().push_back(t);
  return t;
}

// The ending thread calls this while it holds the interpreter lock, which is given up when
// everything that may run Python is done.
void destroyThread(Thread* t) {
  t->clearException();
  dropPathNotes(t);
  for (Value* field : {&t->context, &t->asyncGenFirstIter, &t->asyncGenFinalizer, &t->traceFunction,
                       &t->profileFunction, &t->excState.excValue})
    clearField(*field);
  if (t->threadDict) decrefObject(std::exchange(t->threadDict, nullptr));
  {
    std::lock_guard lock(threadsMutex);
    std::erase(threadList(), t);
  }
  releaseGil(*t);
#if __has_feature(address_sanitizer)
  __lsan_unregister_root_region(t->stackBase, kValueStackBytes);
#endif
  munmap(t->stackBase, kValueStackBytes);
  release(t);
}

Result<void> RecursionGuard::overflow(const char* where) {
  // Room for making the exception itself.
  u64 limit = t_.nativeStackLimit;
  t_.nativeStackLimit = limit - kNativeStackMargin / 2;
  u64 here = reinterpret_cast<u64>(__builtin_frame_address(0));
  (void)here;
  (void)t_.raise(kRecursionError, "maximum recursion depth exceeded{}", where);
  t_.nativeStackLimit = limit;
  return Error{};
}

// ---- raising ----

Error Thread::raiseFormatted(Type* type, const char* format, std::span<const FormatArg> args) {
  Ref<> previous = takeException();  // formatting may run str() of arguments
  Ref<Str> text = formatStrArgs(format, args);
  previous.reset();
  if (!text) return Error{};
  return raiseValue(type, text);
}

Error Thread::raiseValue(Type* type, Value argument) {
  Result<Ref<>> e = callWith(*this, Value(type), argument);
  if (!e) return Error{};
  return raiseException(std::move(e).take());
}

Error Thread::raiseNone(Type* type) {
  Result<Ref<>> e = call(*this, Value(type), Args());
  if (!e) return Error{};
  return raiseException(std::move(e).take());
}

Error Thread::raiseMemory() { return raiseNone(kMemoryError); }

static Value handledException(const Thread& t) {
  for (ExcStackItem* item = t.excInfo; item; item = item->previous)
    if (item->excValue && !isNone(item->excValue)) return item->excValue;
  return Value();
}

Error Thread::raiseException(Ref<> exception) {
  DX_ASSERT(isExceptionInstance(exception));
  clearException();
  Value handled = handledException(*this);
  auto* e = exception.as<BaseException>();
  if (handled && handled.object() != e) {
    // `e` must not become part of its own context chain: cut the link that leads to it.
    auto* slow = handled.as<BaseException>();
    bool advance = false;
    for (auto* link = handled.as<BaseException>(); link->context;) {
      auto* next = link->context.as<BaseException>();
      if (next == e) {
        clearField(link->context);
        break;
      }
      link = next;
      if (link == slow) break;  // an old cycle
      if (advance) slow = slow->context.as<BaseException>();
      advance = !advance;
    }
    setField(e->context, retain(handled));
  }
  currentException = exception.release().as<BaseException>();
  return Error{};
}

bool Thread::matches(Type* type) const {
  return currentException && isSubtype(currentException->type, type);
}

bool Thread::takeIf(Type* type) {
  if (!matches(type)) return false;
  clearException();
  return true;
}

Ref<> Thread::takeException() {
  keepTraceback = false;
  return Ref<>::steal(std::exchange(currentException, nullptr));
}

void Thread::restoreException(Ref<> exception) {
  BaseException* old = std::exchange(currentException, exception.release().as<BaseException>());
  if (old) decrefObject(old);
}

void Thread::clearException() {
  keepTraceback = false;
  if (BaseException* old = std::exchange(currentException, nullptr)) decrefObject(old);
}

// ---- what memory/ asks for ----

void runWeakrefCallback(WeakRef* w) {
  Thread& t = thisThread();
  ExceptionSaver saver(t);
  Ref<> callback = Ref<>::steal(std::exchange(w->callback, Value()));
  Result<Ref<>> r = callWith(t, callback.get(), Value(w));
  if (!r) writeUnraisable(t, "Exception ignored while calling weakref callback", callback);
}

bool isWeakReference(const Object* o) {
  bool heap = o->type->has(kTypeHeap);
  for (Type* type : {&_PyWeakref_RefType, &_PyWeakref_ProxyType, &_PyWeakref_CallableProxyType})
    if (o->type == type || (heap && isSubtype(o->type, type))) return true;
  return false;
}

void runFinalizer(Object* o) {
  Thread& t = thisThread();
  ExceptionSaver saver(t);
  o->type->data->slots.finalize(t, o);
}

void requestCollection() {
  if (currentThread) currentThread->pending = currentThread->pending | kPendingCollect;
}

void collectionDone() {
  if (currentThread) currentThread->pending = currentThread->pending & ~kPendingCollect;
}

}  // namespace dx
