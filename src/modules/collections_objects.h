// Objects of the module _collections.
#pragma once
#include "builtins/dict_views.h"
#include "runtime/api.h"

namespace dx {

// A ring buffer whose capacity is a power of two (or zero).
struct Deque : VarObject {
  Value* items;
  i64 capacity, first;
  i64 maxLength;  // -1: unbounded
  u64 state;      // changes with every structural change
  Object* weakrefs;

  Value& at(i64 i) const { return items[(first + i) & (capacity - 1)]; }
};
struct DequeCursor : Object {
  Value deque;
  i64 index, left;
  u64 state;
};

struct DefaultDict : Dict {
  Value factory;
};

struct OrderedDictObject : Dict {
  Value dict;
  Object* weakrefs;
};
struct OrderedCursor : Object {
  Value dict;  // empty when exhausted
  u8 part;     // 1 keys, 2 values, 3 items
  bool reverse;
  i64 used, position;
  u64 version;  // of the keys: any other is a mutation
};
struct TupleGetter : Object {
  i64 index;
  Value doc;
};

}  // namespace dx
