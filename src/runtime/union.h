// `X | Y` of types: types.UnionType.
#pragma once
#include "runtime/abstract.h"

namespace dx {

// The union of two types (None, generic aliases, ... included); NotImplemented for other operands.
Result<Ref<>> unionOr(Thread& t, Value a, Value b);

}  // namespace dx
