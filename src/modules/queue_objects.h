// The layout of _queue.SimpleQueue.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>

#include "runtime/api.h"

namespace dx {

// The items belong to the interpreter lock. Who waits has given that up and sleeps on `arrived`
// until `puts` differs from what it saw.
struct QueueState {
  std::deque<Value> items;  // owned
  std::mutex mutex;
  std::condition_variable arrived;
  u64 puts = 0;
};
struct SimpleQueue : Object {
  QueueState* state;
  Object* weakrefs;
};

}  // namespace dx
