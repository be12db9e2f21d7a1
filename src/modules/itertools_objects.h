// Objects of the module itertools. Fields are owned; iterators are dropped when exhausted.
#pragma once
#include "runtime/api.h"

namespace dx {

struct Accumulate : Object {
  Value iterator, function, total, initial;
};
struct Batched : Object {
  Value iterator;
  i64 size;
  bool strict;
};
struct Chain : Object {
  Value sources, active;
};
struct Combinations : Object {
  Value pool, result;
  i64* indices;
  i64 r;
  bool stopped;
};
struct Permutations : Object {
  Value pool, result;
  i64 *indices, *cycles;
  i64 r;
  bool stopped;
};
struct Product : Object {
  Value pools, result;
  i64* indices;
  bool stopped;
};
struct TwoPart : Object {
  Value first, second;
  bool started;
};
struct Count : Object {
  Value value, step;
};
struct Cycle : Object {
  Value iterator, saved;
  i64 index;
};
struct GroupBy : Object {
  Value iterator, keyFunction, targetKey, currentKey, currentValue;
  Object* currentGrouper;  // borrowed
};
struct Grouper : Object {
  Value parent, targetKey;
};
struct Islice : Object {
  Value iterator;
  i64 next, stop, step, consumed;
};  // stop -1: none
struct Repeat : Object {
  Value element;
  i64 left;
};  // -1: endless
struct ZipLongest : Object {
  Value iterators, fill;
  i64 active;
};

// The items between the positions of a tee's iterators: a linked list of blocks.
struct TeeData : Object {
  static constexpr i64 kItems = 57;
  Value iterator, next;  // next: the following block
  i64 count;
  bool running;
  Value items[kItems];
};
struct Tee : Object {
  Value data;
  i64 index;
  Object* weakrefs;
};

}  // namespace dx
