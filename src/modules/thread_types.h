// Layouts of module _thread.
#pragma once
#include <condition_variable>
#include <mutex>

#include "runtime/api.h"

namespace dx {

// A lock that any thread may release. The mutex is held for a moment only.
struct LockState {
  std::mutex mutex;
  std::condition_variable free;
  bool locked = false;
};
struct Lock : Object {
  LockState* state;
  Object* weakrefs;
};
struct RLock : Object {
  LockState* state;
  u64 owner;
  u64 count;
  Object* weakrefs;
};

// Shared between the handle object, the thread, and whoever joins.
struct ThreadRecord {
  std::mutex mutex;
  std::condition_variable ended;
  int references = 1;
  u64 ident = 0;
  bool started = false, done = false, daemon = true;
};
struct ThreadHandle : Object {
  ThreadRecord* record;
};

struct Local : Object {
  Value args, kw;
  Value dicts;
  Object* weakrefs;
};  // dicts: thread ident -> dict

// Takes the lock; waits without the interpreter lock. timeout < 0: forever. False: timed out.
// Signals are handled while waiting in the main thread.
Result<bool> acquireLock(Thread& t, LockState* lock, bool blocking, double timeout);
bool releaseLock(LockState* lock);  // false: was not locked
Result<double> lockTimeout(Thread& t, bool blocking, Value timeout);

}  // namespace dx
