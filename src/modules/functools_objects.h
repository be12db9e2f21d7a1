// Objects of the module _functools.
#pragma once
#include "runtime/api.h"

namespace dx {

struct PlaceholderObject : Object {};
struct Partial : Object {
  Value function, arguments, keywords;  // tuple, dict
  Value dict;
  Object* weakrefs;
  i64 placeholders;  // Placeholder items among the arguments
};
struct KeyObject : Object {
  Value compare, object;
};  // object empty: a K that makes others

struct LruCache : Object {
  Value function, cache, infoType, keywordMark;  // cache: dict; bounded: least recently used first
  Value dict;
  Object* weakrefs;
  i64 maxSize;  // -1: unbounded
  i64 hits, misses;
  bool typed;
};

Object* placeholder();

}  // namespace dx
