// The layouts of memoryview.py that only it needs.
#pragma once
#include "object/layouts.h"

namespace dx {

struct MemoryIter : Object {
  Value view;  // empty when exhausted
  i64 index;
};

}  // namespace dx
