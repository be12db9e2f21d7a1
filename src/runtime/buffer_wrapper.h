// An exporter that stands between a buffer's user and an object whose buffer is made or released by
// Python code (PEP 688).
#pragma once
#include "runtime/api.h"

extern "C" dx::Type _PyBufferWrapper_Type;

namespace dx {

struct BufferWrapper : Object {
  Value view;  // the memoryview that object.__buffer__() returned
  Value object;
};

}  // namespace dx
