// The iterators of bytes and bytearray.
#pragma once
#include "object/layouts.h"

namespace dx {

struct ByteIterator : Object {
  i64 index;
  Value sequence;
};  // empty when exhausted

}  // namespace dx
