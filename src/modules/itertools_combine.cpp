// itertools: combinations, permutations and products. Each keeps index numbers into its pool and
// the last result, which is changed in place when nobody else holds it.
#include <algorithm>

#include "memory/heap.h"
#include "modules/itertools.gen.h"

namespace dx {

namespace {

Result<i64*> newIndices(Thread& t, i64 n) {
  i64 bytes;
  void* p =
      __builtin_mul_overflow(n, i64(sizeof(i64)), &bytes) ? nullptr : allocateOrNull(size_t(bytes));
  if (!p) return t.raiseMemory();
  return static_cast<i64*>(p);
}

// The last result if it may be changed, else a copy that takes its place.
Tuple* writable(Value& result) {
  Tuple* old = result.as<Tuple>();
  if (old->refcount != 1 || old->isImmortal()) {
    setField(result, makeTuple(valuesOf(old)));
    old = result.as<Tuple>();
  }
  old->hash = -1;
  return old;
}

void put(Tuple* result, i64 at, Value v) { setField(result->items[at], retain(v)); }

void releaseIndices(i64*& p) {
  if (p) release(p);
  p = nullptr;
}

}  // namespace

// ---- combinations, with and without replacement ----

void combinations_clear(Object* o) {
  auto* c = static_cast<Combinations*>(o);
  clearField(c->pool);
  clearField(c->result);
  c->stopped = true;
}
void combinations_dealloc(Object* o) {
  gcUntrack(o);
  combinations_clear(o);
  releaseIndices(static_cast<Combinations*>(o)->indices);
  freeObject(o);
}
void combinations_traverse(Object* o, Visitor& v) {
  v(static_cast<Combinations*>(o)->pool);
  v(static_cast<Combinations*>(o)->result);
}
void cwr_dealloc(Object* o) { combinations_dealloc(o); }
void cwr_traverse(Object* o, Visitor& v) { combinations_traverse(o, v); }
void cwr_clear(Object* o) { combinations_clear(o); }

static Result<Ref<>> newCombinations(Thread& t, Type& cls, Value iterable, i64 r,
                                     bool replacement) {
  Ref<Tuple> pool = TRY(tupleFrom(t, iterable));
  if (r < 0) return t.raise(kValueError, "r must be non-negative");
  bool none = replacement ? pool->size == 0 && r > 0 : r > pool->size;
  i64* indices = TRY(newIndices(t, r));
  for (i64 i = 0; i < r; i++) indices[i] = replacement ? 0 : i;
  auto* c = static_cast<Combinations*>(newInstance(&cls));
  c->pool = pool.release();
  c->indices = indices;
  c->r = r;
  c->stopped = none;
  gcTrack(c);
  return Ref<>::steal(c);
}

static Ref<> firstOf(Value& result, Value pool, const i64* indices, i64 r) {
  Ref<Tuple> first = newTuple(r);
  for (i64 i = 0; i < r; i++)
    first->items[i] = retain(pool.as<Tuple>()->items[indices[i]]).release();
  setField(result, retain(first));
  return first;
}

Result<Ref<>> combinations___new__(Thread& t, Type& cls, Value iterable, i64 r) {
  return newCombinations(t, cls, iterable, r, false);
}
Result<Ref<>> combinations___iter__(Thread&, Combinations& self) { return retain(&self); }
Result<Ref<>> combinations___next__(Thread&, Combinations& self) {
  if (self.stopped) return Ref<>();
  if (!self.result) return firstOf(self.result, self.pool, self.indices, self.r);
  i64 n = self.pool.as<Tuple>()->size, i = self.r - 1;
  while (i >= 0 && self.indices[i] == i + n - self.r) i--;
  if (i < 0) {
    self.stopped = true;
    clearField(self.result);
    return Ref<>();
  }
  Tuple* result = writable(self.result);
  self.indices[i]++;
  for (i64 j = i + 1; j < self.r; j++) self.indices[j] = self.indices[j - 1] + 1;
  for (; i < self.r; i++) put(result, i, self.pool.as<Tuple>()->items[self.indices[i]]);
  return retain(self.result);
}
Result<i64> combinations___sizeof__(Thread&, Combinations& self) {
  return self.type->basicSize + self.r * i64(sizeof(i64));
}

Result<Ref<>> cwr___new__(Thread& t, Type& cls, Value iterable, i64 r) {
  return newCombinations(t, cls, iterable, r, true);
}
Result<Ref<>> cwr___iter__(Thread&, Combinations& self) { return retain(&self); }
Result<Ref<>> cwr___next__(Thread&, Combinations& self) {
  if (self.stopped) return Ref<>();
  if (!self.result) return firstOf(self.result, self.pool, self.indices, self.r);
  i64 n = self.pool.as<Tuple>()->size, i = self.r - 1;
  while (i >= 0 && self.indices[i] == n - 1) i--;
  if (i < 0) {
    self.stopped = true;
    clearField(self.result);
    return Ref<>();
  }
  Tuple* result = writable(self.result);
  i64 index = self.indices[i] + 1;
  for (; i < self.r; i++) {
    self.indices[i] = index;
    put(result, i, self.pool.as<Tuple>()->items[index]);
  }
  return retain(self.result);
}
Result<i64> cwr___sizeof__(Thread&, Combinations& self) {
  return self.type->basicSize + self.r * i64(sizeof(i64));
}

// ---- permutations ----

void permutations_clear(Object* o) {
  auto* p = static_cast<Permutations*>(o);
  clearField(p->pool);
  clearField(p->result);
  p->stopped = true;
}
void permutations_dealloc(Object* o) {
  gcUntrack(o);
  permutations_clear(o);
  releaseIndices(static_cast<Permutations*>(o)->indices);
  releaseIndices(static_cast<Permutations*>(o)->cycles);
  freeObject(o);
}
void permutations_traverse(Object* o, Visitor& v) {
  v(static_cast<Permutations*>(o)->pool);
  v(static_cast<Permutations*>(o)->result);
}

Result<Ref<>> permutations___new__(Thread& t, Type& cls, Value iterable, Value length) {
  Ref<Tuple> pool = TRY(tupleFrom(t, iterable));
  i64 n = pool->size, r = n;
  if (!isNone(length)) {
    if (!isInt(length)) return t.raise(kTypeError, "Expected int as r");
    r = TRY(indexI64(t, length, kOverflowError));
    if (r < 0) return t.raise(kValueError, "r must be non-negative");
  }
  i64* indices = TRY(newIndices(t, n));
  Result<i64*> cycles = newIndices(t, r);
  if (!cycles) {
    release(indices);
    return Error{};
  }
  auto* p = static_cast<Permutations*>(newInstance(&cls));
  p->indices = indices;
  p->cycles = *cycles;
  for (i64 i = 0; i < n; i++) p->indices[i] = i;
  for (i64 i = 0; i < r; i++) p->cycles[i] = n - i;
  p->pool = pool.release();
  p->r = r;
  p->stopped = r > n;
  gcTrack(p);
  return Ref<>::steal(p);
}
Result<Ref<>> permutations___iter__(Thread&, Permutations& self) { return retain(&self); }
Result<Ref<>> permutations___next__(Thread&, Permutations& self) {
  if (self.stopped) return Ref<>();
  if (!self.result) return firstOf(self.result, self.pool, self.indices, self.r);
  i64 n = self.pool.as<Tuple>()->size;
  i64 *indices = self.indices, *cycles = self.cycles;
  for (i64 i = self.r - 1; i >= 0; i--) {
    if (--cycles[i] == 0) {  // this position is through: rotate the tail
      std::rotate(indices + i, indices + i + 1, indices + n);
      cycles[i] = n - i;
      continue;
    }
    Tuple* result = writable(self.result);
    std::swap(indices[i], indices[n - cycles[i]]);
    for (; i < self.r; i++) put(result, i, self.pool.as<Tuple>()->items[indices[i]]);
    return retain(self.result);
  }
  self.stopped = true;
  clearField(self.result);
  return Ref<>();
}
Result<i64> permutations___sizeof__(Thread&, Permutations& self) {
  i64 n = self.pool ? self.pool.as<Tuple>()->size : 0;
  return self.type->basicSize + (n + self.r) * i64(sizeof(i64));
}

// ---- product ----

void product_clear(Object* o) {
  auto* p = static_cast<Product*>(o);
  clearField(p->pools);
  clearField(p->result);
  p->stopped = true;
}
void product_dealloc(Object* o) {
  gcUntrack(o);
  product_clear(o);
  releaseIndices(static_cast<Product*>(o)->indices);
  freeObject(o);
}
void product_traverse(Object* o, Visitor& v) {
  v(static_cast<Product*>(o)->pools);
  v(static_cast<Product*>(o)->result);
}

Result<Ref<>> product___new__(Thread& t, Type& cls, const Args& args) {
  i64 repeat = 1;
  for (u32 i = 0; i < args.keywordCount(); i++) {
    if (!equalAscii(args.names->items[i].as<Str>(), "repeat"))
      return t.raise(kTypeError, "product() got an unexpected keyword argument '{}'",
                     args.names->items[i]);
    repeat = TRY(indexI64(t, args.v[args.count + i], kOverflowError));
    if (repeat < 0) return t.raise(kValueError, "repeat argument cannot be negative");
  }
  i64 count = args.count, total;
  if (repeat == 0) count = 0;
  if (__builtin_mul_overflow(count, repeat, &total) || total > (i64(1) << 40))
    return t.raise(kOverflowError, "repeat argument too large");
  Ref<Tuple> pools = newTuple(total);
  bool none = false;
  for (i64 i = 0; i < count; i++) {
    pools->items[i] = TRY(tupleFrom(t, args[u32(i)])).release();
    none |= pools->items[i].as<Tuple>()->size == 0;
  }
  for (i64 i = count; i < total; i++) pools->items[i] = retain(pools->items[i - count]).release();
  i64* indices = TRY(newIndices(t, total));
  std::fill(indices, indices + total, 0);
  auto* p = static_cast<Product*>(newInstance(&cls));
  p->pools = pools.release();
  p->indices = indices;
  p->stopped = none;
  gcTrack(p);
  return Ref<>::steal(p);
}
Result<Ref<>> product___iter__(Thread&, Product& self) { return retain(&self); }
Result<Ref<>> product___next__(Thread&, Product& self) {
  if (self.stopped) return Ref<>();
  Tuple* pools = self.pools.as<Tuple>();
  i64 n = pools->size;
  if (!self.result) {
    Ref<Tuple> first = newTuple(n);
    for (i64 i = 0; i < n; i++)
      first->items[i] = retain(pools->items[i].as<Tuple>()->items[0]).release();
    setField(self.result, retain(first));
    return first;
  }
  Tuple* result = writable(self.result);
  for (i64 i = n - 1; i >= 0; i--) {
    Tuple* pool = pools->items[i].as<Tuple>();
    if (++self.indices[i] < pool->size) {
      put(result, i, pool->items[self.indices[i]]);
      return retain(self.result);
    }
    self.indices[i] = 0;
    put(result, i, pool->items[0]);
  }
  self.stopped = true;
  clearField(self.result);
  return Ref<>();
}
Result<i64> product___sizeof__(Thread&, Product& self) {
  return self.type->basicSize + (self.pools ? self.pools.as<Tuple>()->size : 0) * i64(sizeof(i64));
}

}  // namespace dx
