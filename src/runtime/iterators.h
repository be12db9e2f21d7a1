// The two iterators that iter() makes: over __getitem__, and over calls up to a sentinel.
#pragma once
#include "runtime/thread.h"

namespace dx {

struct SequenceIterator : Object {
  i64 index;
  Value sequence;
};  // empty when exhausted
struct CallableIterator : Object {
  Value callable, sentinel;
};

Ref<> makeSequenceIterator(Value sequence);
Ref<> makeCallableIterator(Value callable, Value sentinel);

}  // namespace dx
