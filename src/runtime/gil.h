// The interpreter lock, and work handed to the main thread.
#pragma once
#include "runtime/errors.h"
#include "runtime/module.h"

namespace dx {

void acquireGil(Thread& t);  // makes t the current thread
void releaseGil(Thread& t);
bool acquireGilFor(Thread& t, i64 milliseconds);  // false: nobody gave it up in time
void gilAfterFork(Thread& t);  // in the child: t is the only thread and holds the lock
double switchInterval();       // seconds
void setSwitchInterval(double seconds);

// Runs in the main thread at its next safepoint.
struct PendingCall {
  Result<void> (*function)(Thread& t, void* context);
  void* context;
};
void addPendingCall(PendingCall call);
// Module _signal: notes that `signum` arrived, as its C handler does.
void noteSignal(int signum);
// Async-signal-safe: makes the main thread call signalHandlerHook at its next safepoint.
void tripSignal();
extern bool (*signalHandlerHook)(Thread& t);  // module _signal; false: an exception is pending
void setAsyncException(Thread& target, Ref<> exception);

}  // namespace dx
