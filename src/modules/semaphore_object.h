// The layout of _multiprocessing.SemLock.
#pragma once
#include <semaphore.h>

#include "runtime/api.h"

namespace dx {

struct SemLock : Object {
  sem_t* handle;
  u64 owner;  // the thread that acquired it last
  i32 count;  // acquired minus released by this process
  i32 kind, maxvalue;
  std::string* name;  // null: unlinked
};

}  // namespace dx
