#include <algorithm>

#include "builtins/tuple.gen.h"
#include "memory/heap.h"

namespace dx {

void tuple_dealloc(Object* o) {
  gcUntrack(o);
  auto* tuple = static_cast<Tuple*>(o);
  for (i64 i = tuple->size; i-- > 0;) decref(tuple->items[i]);
  if (o->type == &PyTuple_Type)
    freeGcObject(o, sizeof(Tuple) + size_t(tuple->size) * sizeof(Value));
  else
    freeObject(o);
}

void tuple_traverse(Object* o, Visitor& v) {
  auto* tuple = static_cast<Tuple*>(o);
  for (i64 i = 0; i < tuple->size; i++) v(tuple->items[i]);
}

Result<Ref<>> tuple___new__(Thread& t, Type& cls, Value iterable) {
  Ref<Tuple> items = iterable ? TRY(tupleFrom(t, iterable)) : Ref<Tuple>::retain(emptyTuple());
  if (&cls == &PyTuple_Type) return items;
  i64 n = items->size;
  auto* o = static_cast<Tuple*>(newInstance(&cls, size_t(n) * sizeof(Value)));
  o->size = n;
  o->hash = -1;
  for (i64 i = 0; i < n; i++) o->items[i] = retain(items->items[i]).release();
  gcTrack(o);
  return Ref<>::steal(o);
}

Result<Ref<>> tuple___repr__(Thread& t, Tuple& self) {
  if (self.size == 0) return makeAscii("()");
  return reprItems(t, &self, "(", ")", true);
}

// xxHash's mixing, as CPython's tuples use it.
Result<i64> tuple___hash__(Thread& t, Tuple& self) {
  if (self.hash != -1) return self.hash;
  constexpr u64 kPrime1 = 11400714785074694791u, kPrime2 = 14029467366897019727u,
                kPrime5 = 2870177450012600261u;
  u64 acc = kPrime5;
  for (i64 i = 0; i < self.size; i++) {
    Value item = self.items[i];
    // Ints below the modulus of numeric hashes are their own hash.
    if (item.isSmallInt() && u64(item.smallInt()) < u64(1) << 60)
      acc += u64(item.smallInt()) * kPrime2;
    else
      acc += u64(TRY(hash(t, item))) * kPrime2;
    acc = std::rotl(acc, 31) * kPrime1;
  }
  acc += u64(self.size) ^ (kPrime5 ^ 3527539);
  if (acc == ~u64(0)) acc = 1546275796;
  self.hash = i64(acc);
  return self.hash;
}

Result<Ref<>> tuple___richcompare__(Thread& t, Tuple& self, Value other, CompareOp op) {
  if (!isTuple(other)) return notImplementedRef();
  return compareSequences(t, &self, other, op);
}

Result<Ref<>> tuple___iter__(Thread&, Tuple& self) {
  return makeCursor(&PyTupleIter_Type, &self, 0);
}
Result<i64> tuple___len__(Thread&, Tuple& self) { return self.size; }

Result<bool> tuple___contains__(Thread& t, Tuple& self, Value item) {
  for (i64 i = 0; i < self.size; i++)
    if (TRY(equal(t, self.items[i], item))) return true;
  return false;
}

Result<Ref<>> tuple___seqitem__(Thread& t, Tuple& self, i64 index) {
  if (u64(index) >= u64(self.size)) return t.raise(kIndexError, "tuple index out of range");
  return retain(self.items[index]);
}

Result<Ref<>> tuple___getitem__(Thread& t, Tuple& self, Value key) {
  if (key.isSmallInt()) [[likely]] {
    i64 i = key.smallInt();
    return tuple___seqitem__(t, self, i < 0 ? i + self.size : i);
  }
  if (isInstanceOf(key, &PySlice_Type)) {
    SliceBounds b = TRY(resolveSlice(t, *key.as<Slice>(), self.size));
    if (b.count <= 0) return retain(emptyTuple());
    if (b.step == 1 && b.count == self.size && self.type == &PyTuple_Type) return retain(&self);
    Ref<Tuple> out = newTuple(b.count);
    for (i64 i = 0, at = b.start; i < b.count; i++, at += b.step)
      out->items[i] = retain(self.items[at]).release();
    return out;
  }
  if (!hasIndex(key))
    return t.raise(kTypeError, "tuple indices must be integers or slices, not {}", typeOf(key));
  i64 i = TRY(indexI64(t, key, kIndexError));
  return tuple___seqitem__(t, self, i < 0 ? i + self.size : i);
}

// A tuple of `n` items, or null when no memory can hold it.
static Ref<Tuple> newTupleChecked(i64 n) {
  if (n > (i64(1) << 42)) return {};
  auto* o = static_cast<Tuple*>(
      newObjectOrNull(&PyTuple_Type, sizeof(Tuple) + size_t(n) * sizeof(Value)));
  if (!o) return {};
  o->size = n;
  o->hash = -1;
  gcTrack(o);
  return Ref<Tuple>::steal(o);
}

Result<Ref<>> tuple___add__(Thread& t, Tuple& self, Value other) {
  if (!isTuple(other))
    return t.raise(kTypeError, "can only concatenate tuple (not \"{}\") to tuple", typeOf(other));
  Tuple* b = other.as<Tuple>();
  if (b->size == 0 && self.type == &PyTuple_Type) return retain(&self);
  if (self.size == 0 && b->type == &PyTuple_Type) return retain(b);
  Ref<Tuple> out = newTuple(self.size + b->size);
  i64 n = 0;
  for (Value v : valuesOf(&self)) out->items[n++] = retain(v).release();
  for (Value v : valuesOf(b)) out->items[n++] = retain(v).release();
  return out;
}

Result<Ref<>> tuple___mul__(Thread& t, Tuple& self, i64 count) {
  if (self.type == &PyTuple_Type && (self.size == 0 || count == 1)) return retain(&self);
  if (count <= 0 || self.size == 0) return retain(emptyTuple());
  i64 total;
  if (__builtin_mul_overflow(self.size, count, &total)) return t.raiseMemory();
  Ref<Tuple> out = newTupleChecked(total);
  if (!out) return t.raiseMemory();
  for (i64 i = 0; i < total; i++) out->items[i] = retain(self.items[i % self.size]).release();
  return out;
}

Result<Ref<>> tuple___getnewargs__(Thread&, Tuple& self) {
  return tupleOf(makeTuple(valuesOf(&self)));
}

Result<i64> tuple_index(Thread& t, Tuple& self, Value value, Value start, Value stop) {
  i64 from, to;
  TRY(clipBounds(t, start, stop, self.size, &from, &to));
  for (i64 i = from; i < to; i++)
    if (TRY(equal(t, self.items[i], value))) return i;
  return t.raise(kValueError, "tuple.index(x): x not in tuple");
}

Result<i64> tuple_count(Thread& t, Tuple& self, Value value) {
  i64 n = 0;
  for (i64 i = 0; i < self.size; i++) n += TRY(equal(t, self.items[i], value));
  return n;
}

// ---- iterator ----

Result<Ref<>> tupleiter___iter__(Thread&, SequenceCursor& self) { return retain(&self); }

Result<Ref<>> tupleiter___next__(Thread&, SequenceCursor& self) {
  if (!self.sequence) return Ref<>();
  Tuple* tuple = self.sequence.as<Tuple>();
  if (self.index < tuple->size) [[likely]]
    return retain(tuple->items[self.index++]);
  clearField(self.sequence);
  return Ref<>();
}

Result<i64> tupleiter___length_hint__(Thread&, SequenceCursor& self) {
  return self.sequence ? self.sequence.as<Tuple>()->size - self.index : 0;
}
Result<Ref<>> tupleiter___reduce__(Thread& t, SequenceCursor& self) {
  return reduceCursor(t, self, "iter", emptyTuple());
}
Result<void> tupleiter___setstate__(Thread& t, SequenceCursor& self, Value state) {
  TRY(setCursor(t, self, state));
  if (self.sequence) self.index = std::min(self.index, self.sequence.as<Tuple>()->size);
  return {};
}

}  // namespace dx
