// The iterators of module _string.
#pragma once
#include "runtime/api.h"

namespace dx {

struct MarkupIterator : Object {
  Value text;
  i64 at;
};

}  // namespace dx
