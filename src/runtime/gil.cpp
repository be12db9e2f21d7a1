// The interpreter lock. One thread runs Python at a time; a waiter asks the holder through
// Thread::pending after a switch interval, and the holder hands over at its next safepoint.
#include "runtime/gil.h"

#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "memory/collector.h"

namespace dx {

namespace {

std::mutex gMutex;
std::condition_variable gFree;
Thread* gHolder = nullptr;
Thread* gLastHolder = nullptr;
int gWaiters = 0;
i64 gSwitchIntervalUs = 5000;

std::mutex gPendingMutex;
std::vector<PendingCall> gPendingCalls;

void setPending(Thread* t, u32 bits) {
  __atomic_fetch_or(const_cast<u32*>(&t->pending), bits, __ATOMIC_SEQ_CST);
}
void clearPending(Thread* t, u32 bits) {
  __atomic_fetch_and(const_cast<u32*>(&t->pending), ~bits, __ATOMIC_SEQ_CST);
}

}  // namespace

bool (*signalHandlerHook)(Thread& t) = nullptr;

void acquireGil(Thread& t) {
  std::unique_lock lock(gMutex);
  gWaiters++;
  while (gHolder) {
    auto interval = std::chrono::microseconds(gSwitchIntervalUs);
    if (gFree.wait_for(lock, interval) == std::cv_status::timeout && gHolder)
      setPending(gHolder, kPendingGil);
  }
  gWaiters--;
  // A thread that outlives the program must not see its modules go.
  if (theInterpreter.finalizing && &t != theInterpreter.mainThread) {
    gFree.notify_one();
    lock.unlock();
    for (;;) pause();
  }
  gHolder = &t;
  gLastHolder = &t;
  currentThread = &t;
}

void releaseGil(Thread& t) {
  std::unique_lock lock(gMutex);
  DX_ASSERT(gHolder == &t);
  clearPending(&t, kPendingGil);
  gHolder = nullptr;
  currentThread = nullptr;
  gFree.notify_one();
}

// Gives a waiting thread its turn.
static void yieldGil(Thread& t) {
  {
    std::unique_lock lock(gMutex);
    clearPending(&t, kPendingGil);
    if (gWaiters == 0) return;
    gHolder = nullptr;
    gFree.notify_one();
    // Wait until somebody took it, so that we do not win the race for it ourselves.
    for (int i = 0; i < 100 && !gHolder && gWaiters; i++)
      gFree.wait_for(lock, std::chrono::microseconds(100));
  }
  acquireGil(t);
}

void gilAfterFork(Thread& t) {
  new (&gMutex) std::mutex;
  new (&gFree) std::condition_variable;
  new (&gPendingMutex) std::mutex;
  gHolder = &t;
  gWaiters = 0;
  forgetOtherThreads(&t);
}

bool acquireGilFor(Thread& t, i64 milliseconds) {
  std::unique_lock lock(gMutex);
  gWaiters++;
  auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  while (gHolder && std::chrono::steady_clock::now() < deadline) {
    setPending(gHolder, kPendingGil);
    gFree.wait_for(lock, std::chrono::milliseconds(1));
  }
  gWaiters--;
  if (gHolder || theInterpreter.finalizing) return false;
  gHolder = &t;
  currentThread = &t;
  return true;
}

double switchInterval() { return double(gSwitchIntervalUs) / 1e6; }
void setSwitchInterval(double seconds) { gSwitchIntervalUs = i64(seconds * 1e6); }

AllowThreads::AllowThreads(Thread& t) : t_(t) { releaseGil(t_); }
AllowThreads::~AllowThreads() {
  int saved = errno;
  acquireGil(t_);
  errno = saved;
}

void addPendingCall(PendingCall call) {
  std::lock_guard lock(gPendingMutex);
  gPendingCalls.push_back(call);
  if (theInterpreter.mainThread) setPending(theInterpreter.mainThread, kPendingCall);
}

void tripSignal() {
  if (theInterpreter.mainThread) setPending(theInterpreter.mainThread, kPendingSignal);
}

void setAsyncException(Thread& target, Ref<> exception) {
  setField(target.asyncException, std::move(exception));
  setPending(&target, kPendingAsyncExc);
}

Result<void> handlePending(Thread& t) {
  u32 pending = t.pending;
  if (pending & kPendingGil) yieldGil(t);
  if (pending & kPendingCollect) collectIfDue();
  if (pending & kPendingSignal) {
    clearPending(&t, kPendingSignal);
    if (signalHandlerHook && !signalHandlerHook(t)) return Error{};
  }
  if (pending & kPendingCall) {
    clearPending(&t, kPendingCall);
    std::vector<PendingCall> calls;
    {
      std::lock_guard lock(gPendingMutex);
      calls.swap(gPendingCalls);
    }
    for (const PendingCall& c : calls)
      if (!c.function(t, c.context)) return Error{};
  }
  if (pending & kPendingAsyncExc) {
    clearPending(&t, kPendingAsyncExc);
    if (t.asyncException) {
      Ref<> e = Ref<>::steal(std::exchange(t.asyncException, Value()));
      if (isExceptionClass(e)) return t.raiseNone(e.as<Type>());
      return t.raiseException(std::move(e));
    }
  }
  return {};
}

}  // namespace dx
