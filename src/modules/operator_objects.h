// Objects of the module _operator.
#pragma once
#include "runtime/api.h"

namespace dx {

struct ItemGetter : Object {
  Value items;  // tuple
  i64 index;    // the only item when it is an exact int from 0 up, for tuples and lists; else -1
};
struct AttrGetter : Object {
  Value names;  // tuple of str, as given
  Value paths;  // tuple: an interned str each, or a tuple of those for dotted names
};
struct MethodCaller : Object {
  Value name;       // interned
  Value arguments;  // tuple: positional values, then those of the keywords
  Value keywords;   // tuple of names, or empty
};

}  // namespace dx
