#include <algorithm>

#include "builtins/list.gen.h"
#include "memory/heap.h"
#include "runtime/list_storage.h"
#include "runtime/small_text.h"

namespace dx {

void list_dealloc(Object* o) {
  gcUntrack(o);
  auto* list = static_cast<List*>(o);
  if (list->items) {
    Value* items = list->items;
    for (i64 i = list->size; i-- > 0;) {
      Value v = items[i];
      if (!v.isObject()) continue;
      Object* item = v.object();
      if (i32(item->refcount) < 0 || --item->refcount != 0) continue;
      if (item->type == &PyUnicode_Type
              ? endSmallStr(static_cast<Str*>(item))
              : item->type == &PyBytes_Type && endSmallBytes(static_cast<Bytes*>(item)))
        continue;
      deallocate(item);
    }
    releaseBlock(items, size_t(list->allocated) * sizeof(Value));
  }
  if (o->type == &PyList_Type)
    freeGcObject(o, sizeof(List));
  else
    freeObject(o);
}

void list_traverse(Object* o, Visitor& v) {
  auto* list = static_cast<List*>(o);
  for (i64 i = 0; i < list->size; i++) v(list->items[i]);
}

void list_clear(Object* o) {
  auto* list = static_cast<List*>(o);
  Value* items = list->items;
  if (!items) return;
  i64 n = list->size;
  list->items = nullptr;
  list->size = list->allocated = 0;
  for (i64 i = n; i-- > 0;) decref(items[i]);
  release(items);
}

Result<Ref<>> list___new__(Thread&, Type& cls, const Args&) {
  Object* o = newInstance(&cls);
  gcTrack(o);
  return Ref<>::steal(o);
}

Result<void> list___init__(Thread& t, List& self, Value iterable) {
  list_clear(&self);
  if (!iterable) return {};
  return listExtend(t, &self, iterable);
}

Result<Ref<>> list___repr__(Thread& t, List& self) {
  if (self.size == 0) return makeAscii("[]");
  return reprItems(t, &self, "[", "]", false);
}

Result<Ref<>> list___richcompare__(Thread& t, List& self, Value other, CompareOp op) {
  if (!isList(other)) return notImplementedRef();
  if (self.size != other.as<List>()->size && (op == CompareOp::Eq || op == CompareOp::Ne))
    return boolRef(op == CompareOp::Ne);
  return compareSequences(t, &self, other, op);
}

Result<Ref<>> list___iter__(Thread&, List& self) { return makeCursor(&PyListIter_Type, &self, 0); }
Result<Ref<>> list___reversed__(Thread&, List& self) {
  return makeCursor(&PyListRevIter_Type, &self, self.size - 1);
}
Result<i64> list___len__(Thread&, List& self) { return self.size; }

Result<bool> list___contains__(Thread& t, List& self, Value item) {
  for (i64 i = 0; i < self.size; i++) {
    int quick = quickEqual(self.items[i], item);
    if (quick == 1) return true;
    if (quick == 0) continue;
    Ref<> each = retain(self.items[i]);
    if (TRY(equal(t, each, item))) return true;
  }
  return false;
}

Result<Ref<>> list___seqitem__(Thread& t, List& self, i64 index) {
  if (u64(index) >= u64(self.size)) return t.raise(kIndexError, "list index out of range");
  return retain(self.items[index]);
}

static Error wrongIndex(Thread& t, Value key) {
  return t.raise(kTypeError, "list indices must be integers or slices, not {}", typeOf(key));
}

Result<Ref<>> list___getitem__(Thread& t, List& self, Value key) {
  if (key.isSmallInt()) [[likely]] {
    i64 i = key.smallInt();
    if (i < 0) i += self.size;
    return list___seqitem__(t, self, i);
  }
  if (isInstanceOf(key, &PySlice_Type)) {
    SliceBounds b = TRY(resolveSlice(t, *key.as<Slice>(), self.size));
    if (b.count <= 0) return newList();
    if (b.step == 1) return makeList(Values(self.items + b.start, size_t(b.count)));
    Ref<List> out = newList(b.count);
    for (i64 i = 0, at = b.start; i < b.count; i++, at += b.step) listAppend(out, self.items[at]);
    return out;
  }
  if (!hasIndex(key)) return wrongIndex(t, key);
  i64 i = TRY(indexI64(t, key, kIndexError));
  if (i < 0) i += self.size;
  return list___seqitem__(t, self, i);
}

static Result<void> setListItem(Thread& t, List& self, i64 i, Value value) {
  if (i < 0) i += self.size;
  if (u64(i) >= u64(self.size)) return t.raise(kIndexError, "list assignment index out of range");
  if (value)
    setField(self.items[i], retain(value));
  else
    listReplace(&self, i, i + 1, {});
  return {};
}

static void deleteExtended(List& self, SliceBounds b) {
  if (b.count <= 0) return;
  if (b.step < 0) {
    b.start = b.start + b.step * (b.count - 1);
    b.step = -b.step;
  }
  std::vector<Value> garbage;
  garbage.reserve(size_t(b.count));
  i64 out = b.start, next = b.start, left = b.count;
  for (i64 i = b.start; i < self.size; i++) {
    if (left > 0 && i == next) {
      garbage.push_back(self.items[i]);
      next += b.step;
      left--;
    } else {
      self.items[out++] = self.items[i];
    }
  }
  listShrink(&self, out);
  for (Value v : garbage) decref(v);
}

static Result<void> setListSlice(Thread& t, List& self, Slice& slice, Value value) {
  SliceIndices indices = TRY(sliceIndices(t, slice));
  Ref<> held;
  if (value)
    held = TRY(sequenceFast(t, value,
                            indices.step == 1 ? "can only assign an iterable"
                                              : "must assign iterable to extended slice"));
  // The list may have changed while the indices and the items were read.
  SliceBounds b = boundsWithin(indices, self.size);
  Values items;
  if (held) items = isTuple(held) ? valuesOf(held.as<Tuple>()) : valuesOf(held.as<List>());
  if (b.step == 1) {
    if (b.stop < b.start) b.stop = b.start;
    listReplace(&self, b.start, b.stop, items);
    return {};
  }
  if (!value) {
    deleteExtended(self, b);
    return {};
  }
  if (i64(items.size()) != b.count)
    return t.raise(kValueError,
                   "attempt to assign sequence of size {} to extended slice of size {}",
                   i64(items.size()), b.count);
  std::vector<Value> fresh(items.begin(), items.end()), old;
  for (Value v : fresh) incref(v);
  for (i64 i = 0, at = b.start; i < b.count; i++, at += b.step) {
    old.push_back(self.items[at]);
    self.items[at] = fresh[size_t(i)];
  }
  for (Value v : old) decref(v);
  return {};
}

Result<void> list___setitem__(Thread& t, List& self, Value key, Value valueOrEmpty) {
  if (key.isSmallInt()) [[likely]]
    return setListItem(t, self, key.smallInt(), valueOrEmpty);
  if (isInstanceOf(key, &PySlice_Type))
    return setListSlice(t, self, *key.as<Slice>(), valueOrEmpty);
  if (!hasIndex(key)) return wrongIndex(t, key);
  return setListItem(t, self, TRY(indexI64(t, key, kIndexError)), valueOrEmpty);
}

Result<Ref<>> list___add__(Thread& t, List& self, Value other) {
  if (!isList(other))
    return t.raise(kTypeError, "can only concatenate list (not \"{}\") to list", typeOf(other));
  List* b = other.as<List>();
  Ref<List> out = newList();
  if (!listReserve(out, self.size + b->size)) return t.raiseMemory();
  for (Value v : valuesOf(&self)) listAppend(out, v);
  for (Value v : valuesOf(b)) listAppend(out, v);
  return out;
}

// Makes `list` hold its first n items `count` times; room is reserved.
static bool repeatInto(List& list, i64 n, i64 count) {
  i64 total;
  if (__builtin_mul_overflow(n, count, &total) || !listReserve(&list, total)) return false;
  for (i64 i = 0; i < n; i++) {
    Value v = list.items[i];
    if (v.isObject() && !v.object()->isImmortal())
      for (i64 k = 1; k < count; k++) incref(v);
  }
  i64 filled = n;
  while (filled < total) {
    i64 chunk = std::min(filled, total - filled);
    memcpy(static_cast<void*>(list.items + filled), list.items, size_t(chunk) * sizeof(Value));
    filled += chunk;
  }
  list.size = total;
  return true;
}

Result<Ref<>> list___mul__(Thread& t, List& self, i64 count) {
  if (count <= 0 || self.size == 0) return newList();
  Ref<List> out = newList();
  i64 total;
  if (__builtin_mul_overflow(self.size, count, &total) || !listReserve(out, total))
    return t.raiseMemory();
  for (Value v : valuesOf(&self)) listAppend(out, v);
  if (!repeatInto(*out, self.size, count)) return t.raiseMemory();
  return out;
}

Result<Ref<>> list___iadd__(Thread& t, List& self, Value other) {
  TRY(listExtend(t, &self, other));
  return retain(&self);
}

Result<Ref<>> list___imul__(Thread& t, List& self, i64 count) {
  if (count <= 0)
    list_clear(&self);
  else if (count > 1 && self.size && !repeatInto(self, self.size, count))
    return t.raiseMemory();
  return retain(&self);
}

Result<i64> list___sizeof__(Thread&, List& self) {
  return self.type->basicSize + std::max<i64>(self.allocated, 0) * i64(sizeof(Value));
}

Result<void> list_clear(Thread&, List& self) {
  list_clear(&self);
  return {};
}
Result<Ref<>> list_copy(Thread&, List& self) { return makeList(valuesOf(&self)); }

Result<void> list_append(Thread& t, List& self, Value object) {
  i64 n = self.size;
  if (n >= self.allocated && !listReserve(&self, n + 1)) [[unlikely]]
    return t.raiseMemory();
  incref(object);
  self.items[n] = object;
  self.size = n + 1;
  return {};
}

Result<void> list_insert(Thread&, List& self, i64 index, Value object) {
  listInsert(&self, index, object);
  return {};
}
Result<void> list_extend(Thread& t, List& self, Value iterable) {
  return listExtend(t, &self, iterable);
}

Result<Ref<>> list_pop(Thread& t, List& self, i64 index) {
  i64 n = self.size;
  if (n == 0) return t.raise(kIndexError, "pop from empty list");
  if (index < 0) index += n;
  if (u64(index) >= u64(n)) return t.raise(kIndexError, "pop index out of range");
  Ref<> item = Ref<>::steal(self.items[index]);
  memmove(static_cast<void*>(self.items + index), self.items + index + 1,
          size_t(n - index - 1) * sizeof(Value));
  listShrink(&self, n - 1);
  return item;
}

Result<void> list_remove(Thread& t, List& self, Value value) {
  for (i64 i = 0; i < self.size; i++) {
    Ref<> each = retain(self.items[i]);
    if (!TRY(equal(t, each, value))) continue;
    if (i < self.size) listReplace(&self, i, i + 1, {});
    return {};
  }
  return t.raise(kValueError, "list.remove(x): x not in list");
}

Result<i64> list_index(Thread& t, List& self, Value value, Value start, Value stop) {
  i64 from, to;
  TRY(clipBounds(t, start, stop, self.size, &from, &to));
  if (!stop) to = INT64_MAX;
  for (i64 i = from; i < to && i < self.size; i++) {
    Ref<> each = retain(self.items[i]);
    if (TRY(equal(t, each, value))) return i;
  }
  return t.raise(kValueError, "list.index(x): x not in list");
}

Result<i64> list_count(Thread& t, List& self, Value value) {
  i64 n = 0;
  for (i64 i = 0; i < self.size; i++) {
    Ref<> each = retain(self.items[i]);
    n += TRY(equal(t, each, value));
  }
  return n;
}

Result<void> list_reverse(Thread&, List& self) {
  std::reverse(self.items, self.items + self.size);
  return {};
}

Result<void> list_sort(Thread& t, List& self, Value key, bool reverse) {
  return sortList(t, self, key, reverse);
}

// ---- iterators ----

Result<Ref<>> listiter___iter__(Thread&, SequenceCursor& self) { return retain(&self); }

Result<Ref<>> listiter___next__(Thread&, SequenceCursor& self) {
  if (!self.sequence) return Ref<>();
  List* list = self.sequence.as<List>();
  if (self.index < list->size) [[likely]]
    return retain(list->items[self.index++]);
  clearField(self.sequence);
  return Ref<>();
}

Result<i64> listiter___length_hint__(Thread&, SequenceCursor& self) {
  if (!self.sequence) return i64(0);
  return std::max<i64>(0, self.sequence.as<List>()->size - self.index);
}
Result<Ref<>> listiter___reduce__(Thread& t, SequenceCursor& self) {
  Ref<> empty = newList();
  return reduceCursor(t, self, "iter", empty);
}
Result<void> listiter___setstate__(Thread& t, SequenceCursor& self, Value state) {
  return setCursor(t, self, state);
}

Result<Ref<>> listreviter___iter__(Thread&, SequenceCursor& self) { return retain(&self); }

Result<Ref<>> listreviter___next__(Thread&, SequenceCursor& self) {
  if (!self.sequence) return Ref<>();
  List* list = self.sequence.as<List>();
  if (self.index >= 0 && self.index < list->size) return retain(list->items[self.index--]);
  self.index = -1;
  clearField(self.sequence);
  return Ref<>();
}

Result<i64> listreviter___length_hint__(Thread&, SequenceCursor& self) {
  if (!self.sequence || self.sequence.as<List>()->size < self.index + 1) return i64(0);
  return self.index + 1;
}
Result<Ref<>> listreviter___reduce__(Thread& t, SequenceCursor& self) {
  Ref<> empty = newList();
  return reduceCursor(t, self, self.sequence ? "reversed" : "iter", empty);
}
Result<void> listreviter___setstate__(Thread& t, SequenceCursor& self, Value state) {
  i64 i = TRY(indexI64(t, state, kOverflowError));
  if (!self.sequence) return {};
  self.index = std::clamp<i64>(i, -1, self.sequence.as<List>()->size - 1);
  return {};
}

}  // namespace dx
