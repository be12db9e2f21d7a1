// The iterator protocol and what is built directly on it.
#include "memory/heap.h"
#include "runtime/abstract.h"
#include "runtime/containers.h"
#include "runtime/iterators.h"
#include "runtime/list_storage.h"
#include "runtime/str.h"

namespace dx {

Ref<> makeSequenceIterator(Value sequence) {
  Ref<SequenceIterator> it = make<SequenceIterator>(&PySeqIter_Type);
  it->sequence = retain(sequence).release();
  gcTrack(it);
  return it;
}

Ref<> makeCallableIterator(Value callable, Value sentinel) {
  Ref<CallableIterator> it = make<CallableIterator>(&PyCallIter_Type);
  it->callable = retain(callable).release();
  it->sentinel = retain(sentinel).release();
  gcTrack(it);
  return it;
}

bool isIterator(Value v) { return slotsOf(v).next != nullptr; }

Result<Ref<>> iter(Thread& t, Value v) {
  const Slots& slots = slotsOf(v);
  if (slots.iter) [[likely]] {
    Ref<> it = TRY(slots.iter(t, v));
    if (!slotsOf(it).next) [[unlikely]]
      return t.raise(kTypeError, "iter() returned non-iterator of type '{}'", typeOf(it));
    return it;
  }
  if (slots.seqItem && !isDict(v)) return makeSequenceIterator(v);
  return t.raise(kTypeError, "'{}' object is not iterable", typeOf(v));
}

Result<Ref<>> iterNext(Thread& t, Value iterator) {
  auto next = slotsOf(iterator).next;
  if (!next) [[unlikely]]
    return t.raise(kTypeError, "'{}' object is not an iterator", typeOf(iterator));
  RecursionGuard guard(t);  // iterators over iterators over iterators
  TRY(guard.check());
  Result<Ref<>> item = next(t, iterator);
  if (!item && t.hasException()) [[unlikely]]
    (void)t.takeIf(kStopIteration);
  return item;
}

Result<Ref<List>> listFrom(Thread& t, Value iterable) {
  if (isExactTuple(iterable)) return makeList(valuesOf(iterable.as<Tuple>()));
  Ref<List> list = newList();
  TRY(listExtend(t, list, iterable));
  return list;
}

Result<Ref<Tuple>> tupleFrom(Thread& t, Value iterable) {
  if (isExactTuple(iterable)) return Ref<Tuple>::retain(iterable.as<Tuple>());
  if (isExactList(iterable)) return makeTuple(valuesOf(iterable.as<List>()));
  // The list takes the items; its references move into the tuple.
  Ref<List> list = newList();
  TRY(listExtend(t, list, iterable));
  i64 n = list->size;
  Ref<Tuple> tuple = newTuple(n);
  if (n) memcpy(static_cast<void*>(tuple->items), list->items, size_t(n) * sizeof(Value));
  list->size = 0;
  return tuple;
}

Result<Ref<>> sequenceFast(Thread& t, Value v, const char* message) {
  if (isExactList(v) || isExactTuple(v)) return retain(v);
  Result<Ref<>> it = iter(t, v);
  if (!it) {
    if (t.takeIf(kTypeError)) return t.raise(kTypeError, "{}", message);
    return Error{};
  }
  return listFrom(t, *it);
}

Result<i64> lengthHint(Thread& t, Value v, i64 fallback) {
  if (slotsOf(v).length) {
    Result<i64> n = length(t, v);
    if (n) return n;
    if (!t.takeIf(kTypeError)) return Error{};
  }
  Ref<> method = lookupSpecial(t, v, DX_NAME("__length_hint__")).take();
  if (!method) return t.hasException() ? Result<i64>(Error{}) : Result<i64>(fallback);
  Result<Ref<>> called = callWith(t, method);
  if (!called) {
    if (t.takeIf(kTypeError)) return fallback;
    return Error{};
  }
  if (called.peek().get() == notImplemented()) return fallback;
  if (!isInt(*called))
    return t.raise(kTypeError, "__length_hint__ must be an integer, not {}", typeOf(*called));
  i64 n = TRY(indexI64(t, *called, kOverflowError));
  if (n < 0) return t.raise(kValueError, "__length_hint__() should return >= 0");
  return n;
}

}  // namespace dx
