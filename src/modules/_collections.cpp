// deque, _tuplegetter and _count_elements of the module _collections.
#include <algorithm>

#include "memory/heap.h"
#include "modules/_collections.gen.h"

namespace dx {

// ---- deque ----

void deque_dealloc(Object* o) {
  gcUntrack(o);
  auto* d = static_cast<Deque*>(o);
  for (i64 i = 0; i < d->size; i++) decref(d->at(i));
  if (d->items) release(d->items);
  freeObject(o);
}
void deque_traverse(Object* o, Visitor& v) {
  auto* d = static_cast<Deque*>(o);
  for (i64 i = 0; i < d->size; i++) v(d->at(i));
}
void deque_clear(Object* o) {
  auto* d = static_cast<Deque*>(o);
  Value* items = d->items;
  i64 n = d->size, first = d->first, mask = d->capacity - 1;
  d->items = nullptr;
  d->size = d->capacity = d->first = 0;
  d->state++;
  for (i64 i = 0; i < n; i++) decref(items[(first + i) & mask]);
  if (items) release(items);
}

namespace {

void grow(Deque& d) {
  i64 capacity = d.capacity ? d.capacity * 2 : 8;
  auto* items = static_cast<Value*>(allocate(size_t(capacity) * sizeof(Value)));
  for (i64 i = 0; i < d.size; i++) items[i] = d.at(i);
  if (d.items) release(d.items);
  d.items = items;
  d.capacity = capacity;
  d.first = 0;
}

Ref<> takeLeft(Deque& d) {
  Ref<> item = Ref<>::steal(d.at(0));
  d.first = (d.first + 1) & (d.capacity - 1);
  d.size--;
  d.state++;
  return item;
}
Ref<> takeRight(Deque& d) {
  d.size--;
  d.state++;
  return Ref<>::steal(d.at(d.size));
}

void pushRight(Deque& d, Ref<> item) {
  if (d.size == d.capacity) grow(d);
  d.items[(d.first + d.size) & (d.capacity - 1)] = item.release();
  d.size++;
  d.state++;
  Ref<> lost;
  if (d.maxLength >= 0 && d.size > d.maxLength) lost = takeLeft(d);
}
void pushLeft(Deque& d, Ref<> item) {
  if (d.size == d.capacity) grow(d);
  d.first = (d.first - 1) & (d.capacity - 1);
  d.items[d.first] = item.release();
  d.size++;
  d.state++;
  Ref<> lost;
  if (d.maxLength >= 0 && d.size > d.maxLength) lost = takeRight(d);
}

Result<void> extendRight(Thread& t, Deque& d, Value iterable) {
  Ref<> copy;
  if (iterable == Value(&d)) {
    copy = TRY(listFrom(t, iterable));
    iterable = copy;
  }
  return forEach(t, iterable, [&](Value v) -> Result<bool> {
    pushRight(d, retain(v));
    return true;
  });
}

void rotateBy(Deque& d, i64 n) {
  if (d.size <= 1) return;
  n %= d.size;
  if (n < 0) n += d.size;
  if (n == 0) return;
  if (d.size == d.capacity) {  // a full ring only changes its start
    d.first = (d.first - n) & (d.capacity - 1);
    d.state++;
    return;
  }
  i64 mask = d.capacity - 1;
  if (n <= d.size / 2) {
    for (; n > 0; n--) {
      Value v = d.at(d.size - 1);
      d.first = (d.first - 1) & mask;
      d.items[d.first] = v;
    }
  } else {
    for (n = d.size - n; n > 0; n--) {
      Value v = d.at(0);
      d.items[(d.first + d.size) & mask] = v;
      d.first = (d.first + 1) & mask;
    }
  }
  d.state++;
}

Ref<Deque> newDeque(i64 maxLength) {
  Ref<Deque> d = make<Deque>(&PyDeque_Type);
  d->maxLength = maxLength;
  gcTrack(d);
  return d;
}

bool isDeque(Value v) { return isInstanceOf(v, &PyDeque_Type); }

Ref<> removeAt(Deque& d, i64 at) {
  Ref<> item = Ref<>::steal(d.at(at));
  for (i64 i = at; i + 1 < d.size; i++) d.at(i) = d.at(i + 1);
  d.size--;
  d.state++;
  return item;
}

Error mutated(Thread& t) { return t.raise(kRuntimeError, "deque mutated during iteration"); }

}  // namespace

Result<Ref<>> deque___new__(Thread&, Type& cls, const Args&) {
  auto* d = static_cast<Deque*>(newInstance(&cls));
  d->maxLength = -1;
  gcTrack(d);
  return Ref<>::steal(d);
}

Result<void> deque___init__(Thread& t, Deque& self, Value iterable, Value maxlen) {
  i64 limit = -1;
  if (!isNone(maxlen)) {
    if (!isInt(maxlen)) return t.raise(kTypeError, "an integer is required");
    limit = TRY(indexI64(t, maxlen, kOverflowError));
    if (limit < 0) return t.raise(kValueError, "maxlen must be non-negative");
  }
  self.maxLength = limit;
  deque_clear(static_cast<Object*>(&self));
  if (!iterable) return {};
  return extendRight(t, self, iterable);
}

Result<Ref<>> deque___repr__(Thread& t, Deque& self) {
  if (!enterRepr(t, &self)) {
    if (t.hasException()) return Error{};
    return makeAscii("[...]");
  }
  Result<Ref<List>> list = listFrom(t, &self);
  Result<Ref<Str>> items = list ? repr(t, *list) : Result<Ref<Str>>(Error{});
  leaveRepr(t, &self);
  if (!items) return Error{};
  std::string_view name = typeName(self.type);
  if (size_t dot = name.rfind('.'); dot != std::string_view::npos) name = name.substr(dot + 1);
  if (self.maxLength >= 0) return formatStr("{}({}, maxlen={})", name, *items, self.maxLength);
  return formatStr("{}({})", name, *items);
}

Result<Ref<>> deque___richcompare__(Thread& t, Deque& self, Value other, CompareOp op) {
  if (!isDeque(other)) return notImplementedRef();
  if ((op == CompareOp::Eq || op == CompareOp::Ne) && self.size != other.as<Deque>()->size)
    return boolRef(op == CompareOp::Ne);
  Ref<> a = TRY(iter(t, &self)), b = TRY(iter(t, other));
  for (;;) {
    Ref<> x = iterNext(t, a).take();
    if (!x && t.hasException()) return Error{};
    Ref<> y = iterNext(t, b).take();
    if (!y && t.hasException()) return Error{};
    if (!x || !y) {
      i64 order = bool(x) - bool(y);
      return compare(t, Value::smallInt(order), Value::smallInt(0), op);
    }
    if (TRY(equal(t, x, y))) continue;
    if (op == CompareOp::Eq) return boolRef(false);
    if (op == CompareOp::Ne) return boolRef(true);
    return compare(t, x, y, op);
  }
}

static Ref<> makeDequeCursor(Type* type, Deque& d) {
  Ref<DequeCursor> c = make<DequeCursor>(type);
  c->deque = retain(&d).release();
  c->left = d.size;
  c->index = type == &PyDequeIter_Type ? 0 : d.size - 1;
  c->state = d.state;
  gcTrack(c);
  return c;
}

Result<Ref<>> deque___iter__(Thread&, Deque& self) {
  return makeDequeCursor(&PyDequeIter_Type, self);
}
Result<Ref<>> deque___reversed__(Thread&, Deque& self) {
  return makeDequeCursor(&PyDequeRevIter_Type, self);
}
Result<i64> deque___len__(Thread&, Deque& self) { return self.size; }

Result<bool> deque___contains__(Thread& t, Deque& self, Value item) {
  u64 state = self.state;
  for (i64 i = 0; i < self.size; i++) {
    Ref<> each = retain(self.at(i));
    if (TRY(equal(t, each, item))) return true;
    if (self.state != state) return mutated(t);
  }
  return false;
}

Result<Ref<>> deque___seqitem__(Thread& t, Deque& self, i64 index) {
  if (u64(index) >= u64(self.size)) return t.raise(kIndexError, "deque index out of range");
  return retain(self.at(index));
}

Result<void> deque___setitem__(Thread& t, Deque& self, Value key, Value valueOrEmpty) {
  if (!hasIndex(key))
    return t.raise(kTypeError, "sequence index must be integer, not '{}'", typeOf(key));
  i64 i = TRY(indexI64(t, key, kIndexError));
  if (i < 0) i += self.size;
  if (u64(i) >= u64(self.size)) return t.raise(kIndexError, "deque index out of range");
  if (valueOrEmpty)
    setField(self.at(i), retain(valueOrEmpty));
  else
    Ref<> lost = removeAt(self, i);
  return {};
}

Result<Ref<>> deque_copy(Thread& t, Deque& self) {
  if (self.type == &PyDeque_Type) {
    Ref<Deque> copy = newDeque(self.maxLength);
    for (i64 i = 0; i < self.size; i++) pushRight(*copy, retain(self.at(i)));
    return copy;
  }
  Ref<> copy = self.maxLength < 0
                   ? TRY(callWith(t, Value(self.type), Value(&self)))
                   : TRY(callWith(t, Value(self.type), Value(&self), makeInt(self.maxLength)));
  if (!isDeque(copy))
    return t.raise(kTypeError, "{}() must return a deque, not {}", self.type, typeOf(copy));
  return copy;
}
Result<Ref<>> deque___copy__(Thread& t, Deque& self) { return deque_copy(t, self); }

Result<Ref<>> deque___add__(Thread& t, Deque& self, Value other) {
  if (!isDeque(other))
    return t.raise(kTypeError, "can only concatenate deque (not \"{}\") to deque", typeOf(other));
  Ref<> out = TRY(deque_copy(t, self));
  TRY(extendRight(t, *out.as<Deque>(), other));
  return out;
}

Result<Ref<>> deque___imul__(Thread& t, Deque& self, i64 count) {
  if (count == 1 || self.size == 0) return retain(&self);
  if (count <= 0) {
    deque_clear(static_cast<Object*>(&self));
    return retain(&self);
  }
  i64 n = self.size;
  if (self.maxLength >= 0 && count > self.maxLength / n + 1) count = self.maxLength / n + 1;
  i64 total;
  if (__builtin_mul_overflow(n, count, &total) || total > (i64(1) << 42)) return t.raiseMemory();
  std::vector<Value> items;
  for (i64 i = 0; i < n; i++) items.push_back(self.at(i));
  for (Value v : items) incref(v);
  for (i64 k = 1; k < count; k++)
    for (Value v : items) pushRight(self, retain(v));
  for (Value v : items) decref(v);
  return retain(&self);
}
Result<Ref<>> deque___mul__(Thread& t, Deque& self, i64 count) {
  Ref<> out = TRY(deque_copy(t, self));
  return deque___imul__(t, *out.as<Deque>(), count);
}
Result<Ref<>> deque___iadd__(Thread& t, Deque& self, Value other) {
  TRY(extendRight(t, self, other));
  return retain(&self);
}

Result<void> deque_append(Thread&, Deque& self, Value item) {
  pushRight(self, retain(item));
  return {};
}
Result<void> deque_appendleft(Thread&, Deque& self, Value item) {
  pushLeft(self, retain(item));
  return {};
}
Result<Ref<>> deque_pop(Thread& t, Deque& self) {
  if (self.size == 0) return t.raise(kIndexError, "pop from an empty deque");
  return takeRight(self);
}
Result<Ref<>> deque_popleft(Thread& t, Deque& self) {
  if (self.size == 0) return t.raise(kIndexError, "pop from an empty deque");
  return takeLeft(self);
}
Result<void> deque_extend(Thread& t, Deque& self, Value iterable) {
  return extendRight(t, self, iterable);
}
Result<void> deque_extendleft(Thread& t, Deque& self, Value iterable) {
  Ref<> copy;
  if (iterable == Value(&self)) {
    copy = TRY(listFrom(t, iterable));
    iterable = copy;
  }
  return forEach(t, iterable, [&](Value v) -> Result<bool> {
    pushLeft(self, retain(v));
    return true;
  });
}
Result<void> deque_clear(Thread&, Deque& self) {
  deque_clear(static_cast<Object*>(&self));
  return {};
}

Result<i64> deque_count(Thread& t, Deque& self, Value value) {
  u64 state = self.state;
  i64 n = 0;
  for (i64 i = 0; i < self.size; i++) {
    Ref<> each = retain(self.at(i));
    n += TRY(equal(t, each, value));
    if (self.state != state) return mutated(t);
  }
  return n;
}

Result<i64> deque_index(Thread& t, Deque& self, Value value, Value start, Value stop) {
  u64 state = self.state;
  i64 from, to;
  TRY(clipBounds(t, start, stop, self.size, &from, &to));
  for (i64 i = from; i < to && i < self.size; i++) {
    Ref<> each = retain(self.at(i));
    if (TRY(equal(t, each, value))) return i;
    if (self.state != state) return mutated(t);
  }
  return t.raise(kValueError, "{!r} is not in deque", value);
}

Result<void> deque_insert(Thread& t, Deque& self, i64 index, Value value) {
  i64 n = self.size;
  if (self.maxLength >= 0 && n >= self.maxLength)
    return t.raise(kIndexError, "deque already at its maximum size");
  if (index < 0) index = std::max<i64>(0, index + n);
  if (index >= n) {
    pushRight(self, retain(value));
    return {};
  }
  pushRight(self, Ref<>());
  for (i64 i = n; i > index; i--) self.at(i) = self.at(i - 1);
  self.at(index) = retain(value).release();
  return {};
}

Result<void> deque_remove(Thread& t, Deque& self, Value value) {
  u64 state = self.state;
  for (i64 i = 0; i < self.size; i++) {
    Ref<> each = retain(self.at(i));
    Result<bool> same = equal(t, each, value);
    if (self.state != state) {
      t.clearException();
      return t.raise(kIndexError, "deque mutated during iteration");
    }
    if (!same) return Error{};
    if (*same) {
      Ref<> lost = removeAt(self, i);
      return {};
    }
  }
  return t.raise(kValueError, "deque.remove(x): x not in deque");
}

Result<void> deque_reverse(Thread&, Deque& self) {
  for (i64 i = 0, j = self.size - 1; i < j; i++, j--) std::swap(self.at(i), self.at(j));
  return {};
}
Result<void> deque_rotate(Thread&, Deque& self, i64 n) {
  rotateBy(self, n);
  return {};
}

Result<Ref<>> deque___reduce__(Thread& t, Deque& self) {
  bool missing = false;
  Ref<> state = TRY(callSpecial(t, &self, DX_NAME("__getstate__"), {}, &missing));
  Ref<> it = TRY(iter(t, &self));
  Ref<> args = self.maxLength < 0 ? Ref<>(retain(emptyTuple()))
                                  : Ref<>(tupleOf(emptyTuple(), makeInt(self.maxLength)));
  return tupleOf(Value(self.type), args, state, it);
}
Result<i64> deque___sizeof__(Thread&, Deque& self) {
  return self.type->basicSize + self.capacity * i64(sizeof(Value));
}
Result<Ref<>> deque_get_maxlen(Thread&, Deque& self) {
  return self.maxLength < 0 ? noneRef() : makeInt(self.maxLength);
}

// ---- its iterators ----

static Result<Ref<>> nextOfDeque(Thread& t, DequeCursor& c, bool reverse) {
  if (c.left == 0) return Ref<>();
  Deque& d = *c.deque.as<Deque>();
  if (d.state != c.state) {
    c.left = 0;
    return mutated(t);
  }
  c.left--;
  Ref<> item = retain(d.at(c.index));
  c.index += reverse ? -1 : 1;
  return item;
}
static Result<Ref<>> newDequeCursor(Thread& t, Type* type, Value deque, i64 index) {
  if (!isDeque(deque))
    return t.raise(kTypeError, "argument 1 must be collections.deque, not {}", typeOf(deque));
  Ref<> c = makeDequeCursor(type, *deque.as<Deque>());
  for (i64 i = 0; i < index; i++) {
    Ref<> skipped = nextOfDeque(t, *c.as<DequeCursor>(), type == &PyDequeRevIter_Type).take();
    if (skipped) continue;
    if (t.hasException()) return Error{};
    break;
  }
  return c;
}
static Result<Ref<>> reduceDequeCursor(DequeCursor& c) {
  return tupleOf(Value(c.type), tupleOf(c.deque, makeInt(c.deque.as<Deque>()->size - c.left)));
}
Result<Ref<>> dequeiter___new__(Thread& t, Type&, Value deque, i64 index) {
  return newDequeCursor(t, &PyDequeIter_Type, deque, index);
}
Result<Ref<>> dequeiter___iter__(Thread&, DequeCursor& self) { return retain(&self); }
Result<Ref<>> dequeiter___next__(Thread& t, DequeCursor& self) {
  return nextOfDeque(t, self, false);
}
Result<i64> dequeiter___length_hint__(Thread&, DequeCursor& self) { return self.left; }
Result<Ref<>> dequeiter___reduce__(Thread&, DequeCursor& self) { return reduceDequeCursor(self); }
Result<Ref<>> dequereviter___new__(Thread& t, Type&, Value deque, i64 index) {
  return newDequeCursor(t, &PyDequeRevIter_Type, deque, index);
}
Result<Ref<>> dequereviter___iter__(Thread&, DequeCursor& self) { return retain(&self); }
Result<Ref<>> dequereviter___next__(Thread& t, DequeCursor& self) {
  return nextOfDeque(t, self, true);
}
Result<i64> dequereviter___length_hint__(Thread&, DequeCursor& self) { return self.left; }
Result<Ref<>> dequereviter___reduce__(Thread&, DequeCursor& self) {
  return reduceDequeCursor(self);
}

// ---- _tuplegetter ----

Result<Ref<>> tuplegetter___new__(Thread&, Type& cls, i64 index, Value doc) {
  auto* g = static_cast<TupleGetter*>(newInstance(&cls));
  g->index = index;
  g->doc = retain(doc).release();
  gcTrack(g);
  return Ref<>::steal(g);
}
Result<Ref<>> tuplegetter___get__(Thread& t, TupleGetter& self, Value object, Value) {
  if (object.isEmpty() || isNone(object)) return retain(&self);
  if (!isTuple(object))
    return t.raise(kTypeError,
                   "descriptor for index '{}' for tuple subclasses doesn't apply to '{}' object",
                   self.index, typeOf(object));
  Tuple* tuple = object.as<Tuple>();
  if (u64(self.index) >= u64(tuple->size)) return t.raise(kIndexError, "tuple index out of range");
  return retain(tuple->items[self.index]);
}
Result<void> tuplegetter___set__(Thread& t, TupleGetter&, Value, Value valueOrEmpty) {
  return t.raise(kAttributeError, valueOrEmpty ? "can't set attribute" : "can't delete attribute");
}
Result<Ref<>> tuplegetter___repr__(Thread&, TupleGetter& self) {
  return formatStr("_tuplegetter({}, {!r})", self.index, self.doc);
}
Result<Ref<>> tuplegetter___reduce__(Thread&, TupleGetter& self) {
  return tupleOf(Value(self.type), tupleOf(makeInt(self.index), self.doc));
}

// ---- _count_elements ----

Result<void> _collections__count_elements(Thread& t, Value mapping, Value iterable) {
  Value get = typeLookup(typeOf(mapping), DX_NAME("get"));
  bool plain = isDict(mapping) && get == typeLookup(&PyDict_Type, DX_NAME("get")) &&
               slotsOf(mapping).setItem == PyDict_Type.data->slots.setItem;
  if (plain) {
    Dict* d = mapping.as<Dict>();
    return forEach(t, iterable, [&](Value key) -> Result<bool> {
      i64 h = TRY(keyHash(t, key));
      i64 at = dictFind(t, d, key, h);
      if (at == kDictError) return Error{};
      if (at < 0) {
        dictInsertNew(d, retain(key), h, makeInt(1));
        return true;
      }
      Value old = d->keys->entries()[at].value;
      if (old.isSmallInt()) {
        setField(d->keys->entries()[at].value, makeInt(old.smallInt() + 1));
        return true;
      }
      Ref<> held = retain(old);
      Ref<> more = TRY(binary(t, BinaryOp::Add, held, Value::smallInt(1)));
      TRY(dictSet(t, d, key, more));
      return true;
    });
  }
  Ref<> bound = TRY(getAttr(t, mapping, DX_NAME("get")));
  return forEach(t, iterable, [&](Value key) -> Result<bool> {
    Ref<> old = TRY(callWith(t, bound, key, Value::smallInt(0)));
    Ref<> more = TRY(binary(t, BinaryOp::Add, old, Value::smallInt(1)));
    TRY(setItem(t, mapping, key, more));
    return true;
  });
}

}  // namespace dx
