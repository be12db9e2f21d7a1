// Tuples, lists, slices, cells and bound methods for C++ code.
#include "runtime/containers.h"

#include <algorithm>

#include "memory/heap.h"
#include "runtime/abstract.h"
#include "runtime/errors.h"
#include "runtime/list_storage.h"

namespace dx {

// ---- tuple ----

namespace {
struct EmptyTuple {
  GcHeader gc;
  Tuple tuple;
};
alignas(16) EmptyTuple gEmptyTuple = {{0, 0}, {{{DX_IMMORTAL, &PyTuple_Type}, 0}, -1, {}}};
}  // namespace

Tuple* emptyTuple() { return &gEmptyTuple.tuple; }

Ref<Tuple> newTuple(i64 size) {
  if (size == 0) return Ref<Tuple>::steal(emptyTuple());
  size_t bytes = size_t(size) * sizeof(Value);
  if (bytes > 4096) {
    Ref<Tuple> tuple = make<Tuple>(&PyTuple_Type, bytes);
    tuple->size = size;
    tuple->hash = -1;
    gcTrack(tuple);
    return tuple;
  }
  auto* tuple = static_cast<Tuple*>(newGcObjectUninitialized(&PyTuple_Type, sizeof(Tuple) + bytes));
  tuple->size = size;
  tuple->hash = -1;
  for (i64 i = 0; i < size; i++) tuple->items[i] = Value();
  gcTrack(tuple);
  return Ref<Tuple>::steal(tuple);
}

Ref<Tuple> makeTuple(Values items) {
  Ref<Tuple> tuple = newTuple(i64(items.size()));
  for (size_t i = 0; i < items.size(); i++) {
    incref(items[i]);
    tuple->items[i] = items[i];
  }
  return tuple;
}

// ---- list ----

Ref<List> newList(i64 capacity) {
  auto* list = static_cast<List*>(newGcObjectUninitialized(&PyList_Type, sizeof(List)));
  list->size = 0;
  list->items =
      capacity > 0 ? static_cast<Value*>(allocateBlock(size_t(capacity) * sizeof(Value))) : nullptr;
  list->allocated = std::max<i64>(capacity, 0);
  gcTrack(list);
  return Ref<List>::steal(list);
}

Ref<List> makeList(Values items) {
  Ref<List> list = newList(i64(items.size()));
  for (Value v : items) {
    incref(v);
    list->items[list->size++] = v;
  }
  return list;
}

bool listReserve(List* list, i64 capacity) {
  if (list->allocated >= capacity) return true;
  if (capacity > kMaxListLength) return false;
  i64 room = (capacity + (capacity >> 3) + 6) & ~i64(3);
  // A single big step (extend) is rounded up only.
  if (capacity - list->size > room - capacity) room = (capacity + 3) & ~i64(3);
  // So is the first one of more than an item: what a display or a call makes seldom grows.
  if (!list->items && capacity > 1) room = (capacity + 1) & ~i64(1);
  void* p = list->items ? reallocateOrNull(list->items, size_t(room) * sizeof(Value))
                        : allocateOrNull(size_t(room) * sizeof(Value));
  if (!p) return false;
  list->items = static_cast<Value*>(p);
  list->allocated = room;
  return true;
}

static void reserveOrDie(List* list, i64 capacity) { DX_CHECK(listReserve(list, capacity)); }

void listShrink(List* list, i64 size) {
  list->size = size;
  if (size >= list->allocated >> 1 || list->allocated < 0) return;
  if (size == 0) {
    release(list->items);
    list->items = nullptr;
    list->allocated = 0;
    return;
  }
  i64 room = (size + (size >> 3) + 6) & ~i64(3);
  if (room >= list->allocated) return;
  if (void* p = reallocateOrNull(list->items, size_t(room) * sizeof(Value))) {
    list->items = static_cast<Value*>(p);
    list->allocated = room;
  }
}

void listAppend(List* list, Ref<> item) {
  i64 n = list->size;
  if (n >= list->allocated) [[unlikely]]
    reserveOrDie(list, n + 1);
  list->items[n] = item.release();
  list->size = n + 1;
}

void listInsert(List* list, i64 at, Value item) {
  i64 n = list->size;
  if (at < 0) at = std::max<i64>(0, at + n);
  if (at > n) at = n;
  if (n >= list->allocated) reserveOrDie(list, n + 1);
  memmove(static_cast<void*>(list->items + at + 1), list->items + at,
          size_t(n - at) * sizeof(Value));
  incref(item);
  list->items[at] = item;
  list->size = n + 1;
}

void listReplace(List* list, i64 from, i64 to, Values items) {
  i64 removed = to - from, added = i64(items.size()), n = list->size;
  // The new items may be the list's own: take them before anything moves.
  constexpr i64 kInline = 64;
  u64 inlineWords[kInline];  // bits of Values: the new ones, then the old ones
  std::vector<u64> moreWords;
  u64* words = inlineWords;
  if (added + removed > kInline) {
    moreWords.resize(size_t(added + removed));
    words = moreWords.data();
  }
  u64 *fresh = words, *old = words + added;
  if (added) memcpy(fresh, items.data(), size_t(added) * sizeof(Value));
  if (removed) memcpy(old, list->items + from, size_t(removed) * sizeof(Value));
  for (Value v : items) incref(v);
  i64 size = n - removed + added;
  if (added > removed) reserveOrDie(list, size);
  if (added != removed && n > to)
    memmove(static_cast<void*>(list->items + from + added), list->items + to,
            size_t(n - to) * sizeof(Value));
  if (added) memcpy(static_cast<void*>(list->items + from), fresh, size_t(added) * sizeof(Value));
  if (size < n)
    listShrink(list, size);
  else
    list->size = size;
  for (i64 i = removed; i-- > 0;) decref(Value::fromBits(old[i]));
}

Result<void> listExtend(Thread& t, List* list, Value iterable) {
  if (isExactList(iterable) || isExactTuple(iterable)) {
    i64 n = iterable.as<VarObject>()->size, size = list->size;
    if (n == 0) return {};
    if (!listReserve(list, size + n)) return t.raiseMemory();
    Value* from = isExactList(iterable) ? iterable.as<List>()->items : iterable.as<Tuple>()->items;
    for (i64 i = 0; i < n; i++) {
      incref(from[i]);
      list->items[size + i] = from[i];
    }
    list->size = size + n;
    return {};
  }
  Ref<> it = TRY(iter(t, iterable));
  i64 hint = TRY(lengthHint(t, iterable, 8));
  // A hint that exhausts memory fails before the first item; an impossible one is ignored.
  if (hint > 8 && hint <= INT64_MAX - list->size && list->allocated >= 0 &&
      list->size + hint > list->allocated && !listReserve(list, list->size + hint))
    return t.raiseMemory();
  auto next = slotsOf(it).next;
  for (;;) {
    Ref<> item = next(t, it).take();
    if (!item) break;
    if (list->size >= list->allocated && !listReserve(list, list->size + 1)) return t.raiseMemory();
    list->items[list->size++] = item.release();
  }
  if (t.hasException() && !t.takeIf(kStopIteration)) return Error{};
  if (list->size < list->allocated >> 1) listShrink(list, list->size);
  return {};
}

// ---- slice, cell, method ----

Ref<Slice> makeSlice(Value start, Value stop, Value step) {
  Ref<Slice> s = make<Slice>(&PySlice_Type);
  s->start = retain(start ? start : none()).release();
  s->stop = retain(stop ? stop : none()).release();
  s->step = retain(step ? step : none()).release();
  gcTrack(s);
  return s;
}

Ref<Cell> makeCell(Value contentOrEmpty) {
  auto* c = static_cast<Cell*>(newGcObjectUninitialized(&PyCell_Type, sizeof(Cell)));
  c->content = retain(contentOrEmpty).release();
  gcTrack(c);
  return Ref<Cell>::steal(c);
}

Ref<Method> makeMethod(Value function, Value self) {
  Ref<Method> m = make<Method>(&PyMethod_Type);
  m->function = retain(function).release();
  m->self = retain(self).release();
  gcTrack(m);
  return m;
}

}  // namespace dx
