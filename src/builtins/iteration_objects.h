// Objects of builtins/iteration.cpp.
#pragma once
#include "runtime/api.h"
#include "runtime/iterators.h"

namespace dx {

struct Enumerate : Object {
  Value iterator, index, pair;
};  // pair: used again when nobody holds it
struct Reversed : Object {
  Value sequence;
  i64 index;
};
struct Filter : Object {
  Value function, iterator;
};
struct MapObject : Object {
  Value function, iterators;
  bool strict;
};
struct ZipObject : Object {
  Value iterators, result;
  bool strict;
};

}  // namespace dx
