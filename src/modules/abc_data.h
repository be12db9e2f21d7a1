// What an abstract base class remembers about registered classes and answered questions.
#pragma once
#include "runtime/api.h"

namespace dx {

// Sets of weak references to classes, or empty; a dead class's references are dropped lazily.
struct AbcData : Object {
  Value registry, cache, negative;
  u64 negativeVersion;
};

}  // namespace dx
