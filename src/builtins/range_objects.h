// Ranges and their iterators: of machine ints, and of ints of any size.
#pragma once
#include "runtime/api.h"

namespace dx {

struct LongRangeCursor : Object {
  Value start, step, length;
};

Result<Ref<>> makeRange(Thread& t, Type* type, Value start, Value stop, Value step);  // ints
Ref<> makeRangeCursor(i64 start, i64 step, i64 count);

}  // namespace dx
