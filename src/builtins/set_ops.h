// What set and frozenset share.
#pragma once
#include "runtime/api.h"
#include "runtime/set_table.h"

namespace dx {

struct SetCursor : Object {
  Value set;
  i64 used, position, left;
};

}  // namespace dx
