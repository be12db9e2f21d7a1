// The two iterators that iter() makes: over __getitem__, and over calls up to a sentinel.
#pragma once
#include "runtime/abstract.h"
#include "runtime/containers.h"

namespace dx {

struct SequenceIterator : Object {
  i64 index;
  Value sequence;
};  // empty when exhausted
struct CallableIterator : Object {
  Value callable, sentinel;
};

// The next item of the iterators that loops meet most, owned; empty: exhausted or of another type.
DX_INLINE Value quickNext(Object* o) {
  if (o->type == &PyRangeIter_Type) {
    auto* r = static_cast<RangeCursor*>(o);
    if (r->left <= 0 || !Value::fitsSmallInt(r->next)) return Value();
    Value v = Value::smallInt(r->next);
    r->next += r->step;
    r->left--;
    return v;
  }
  if (o->type == &PyListIter_Type) {
    auto* c = static_cast<SequenceCursor*>(o);
    if (!c->sequence || u64(c->index) >= u64(c->sequence.as<List>()->size)) return Value();
    Value v = c->sequence.as<List>()->items[c->index++];
    incref(v);
    return v;
  }
  if (o->type == &PyTupleIter_Type) {
    auto* c = static_cast<SequenceCursor*>(o);
    if (!c->sequence || u64(c->index) >= u64(c->sequence.as<Tuple>()->size)) return Value();
    Value v = c->sequence.as<Tuple>()->items[c->index++];
    incref(v);
    return v;
  }
  return Value();
}
// iterNext() with these in line.
DX_INLINE Result<Ref<>> nextItem(Thread& t, Value iterator) {
  if (iterator.isObject())
    if (Value v = quickNext(iterator.object())) return Ref<>::steal(v);
  return iterNext(t, iterator);
}

// The next pair of an iterator that would make a tuple of it (enumerate, zip of two, items of a
// dict), without the tuple. One: out[0] and out[1], owned; None and Failed as iterNext; Other: ask
// iterNext.
enum class NextPair : u8 { One, None, Failed, Other };
NextPair nextPair(Thread& t, Value iterator, Value* out);        // builtins/iteration.cpp
NextPair nextDictItem(Thread& t, Object* iterator, Value* out);  // of an exact dict_itemiterator

Ref<> makeSequenceIterator(Value sequence);
Ref<> makeCallableIterator(Value callable, Value sentinel);

}  // namespace dx
