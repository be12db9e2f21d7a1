// itertools: groupby and tee, whose iterators share a source.
#include "memory/heap.h"
#include "modules/itertools.gen.h"

namespace dx {

// ---- groupby ----

Result<Ref<>> groupby___new__(Thread& t, Type& cls, Value iterable, Value key) {
  Ref<> it = TRY(iter(t, iterable));
  auto* g = static_cast<GroupBy*>(newInstance(&cls));
  g->iterator = it.release();
  g->keyFunction = retain(key).release();
  gcTrack(g);
  return Ref<>::steal(g);
}
Result<Ref<>> groupby___iter__(Thread&, GroupBy& self) { return retain(&self); }

// Reads the next item and its key; false: exhausted.
static Result<bool> step(Thread& t, GroupBy& g) {
  Ref<> item = iterNext(t, g.iterator).take();
  if (!item) return t.hasException() ? Result<bool>(Error{}) : Result<bool>(false);
  Ref<> key = isNone(g.keyFunction) ? retain(item) : TRY(callWith(t, g.keyFunction, item));
  setField(g.currentValue, std::move(item));
  setField(g.currentKey, std::move(key));
  return true;
}

Result<Ref<>> groupby___next__(Thread& t, GroupBy& self) {
  self.currentGrouper = nullptr;
  // Skip what is left of the present group.
  for (;;) {
    if (self.currentKey) {
      if (!self.targetKey) break;
      Ref<> target = retain(self.targetKey), current = retain(self.currentKey);
      if (!TRY(equal(t, target, current))) break;
    }
    if (!TRY(step(t, self))) return Ref<>();
  }
  setField(self.targetKey, retain(self.currentKey));
  Ref<Grouper> group = make<Grouper>(&PyGrouper_Type);
  group->parent = retain(&self).release();
  group->targetKey = retain(self.targetKey).release();
  gcTrack(group);
  self.currentGrouper = group;
  return tupleOf(self.currentKey, group);
}

Result<Ref<>> grouper___new__(Thread& t, Type&, Value parent, Value tgtkey) {
  if (!isInstanceOf(parent, &PyGroupBy_Type))
    return t.raise(kTypeError, "_grouper() argument 1 must be itertools.groupby, not {}",
                   typeOf(parent));
  Ref<Grouper> group = make<Grouper>(&PyGrouper_Type);
  group->parent = retain(parent).release();
  group->targetKey = retain(tgtkey).release();
  gcTrack(group);
  parent.as<GroupBy>()->currentGrouper = group;
  return group;
}
Result<Ref<>> grouper___iter__(Thread&, Grouper& self) { return retain(&self); }
Result<Ref<>> grouper___next__(Thread& t, Grouper& self) {
  if (!self.parent) return Ref<>();
  Ref<> held = retain(self.parent);
  GroupBy& g = *self.parent.as<GroupBy>();
  if (g.currentGrouper != &self) return Ref<>();
  if (!g.currentValue && !TRY(step(t, g))) return Ref<>();
  if (!g.currentKey) return Ref<>();
  Ref<> target = retain(self.targetKey), current = retain(g.currentKey);
  if (!TRY(equal(t, target, current))) return Ref<>();
  Ref<> item = Ref<>::steal(g.currentValue);
  g.currentValue = Value();
  clearField(g.currentKey);
  return item;
}

// ---- tee ----

// Long chains of blocks end one after the other, not inside each other.
static void dropChain(Value& next) {
  Ref<> rest = Ref<>::steal(next);
  next = Value();
  while (rest && rest.get().object()->refcount == 1) {
    Ref<> following = Ref<>::steal(rest.as<TeeData>()->next);
    rest.as<TeeData>()->next = Value();
    rest = std::move(following);
  }
}

void teedata_clear(Object* o) {
  auto* d = static_cast<TeeData*>(o);
  clearField(d->iterator);
  for (i64 i = 0; i < TeeData::kItems; i++) clearField(d->items[i]);
  dropChain(d->next);
}
void teedata_dealloc(Object* o) {
  gcUntrack(o);
  teedata_clear(o);
  freeObject(o);
}
void teedata_traverse(Object* o, Visitor& v) {
  auto* d = static_cast<TeeData*>(o);
  v(d->iterator);
  v(d->next);
  for (i64 i = 0; i < TeeData::kItems; i++) v(d->items[i]);
}

static Ref<TeeData> newTeeData(Value iterator) {
  Ref<TeeData> d = make<TeeData>(&PyTeeData_Type);
  d->iterator = retain(iterator).release();
  gcTrack(d);
  return d;
}

Result<Ref<>> teedata___new__(Thread& t, Type&, const Args& args) {
  if (args.total() != 3)
    return t.raise(kTypeError, "teedataobject expected 3 arguments, got {}", args.count);
  if (!isList(args[1]))
    return t.raise(kTypeError, "teedataobject() argument 2 must be list, not {}", typeOf(args[1]));
  Ref<TeeData> d = newTeeData(args[0]);
  List* values = args[1].as<List>();
  if (values->size > TeeData::kItems) return t.raise(kValueError, "Invalid arguments");
  for (i64 i = 0; i < values->size; i++) d->items[i] = retain(values->items[i]).release();
  d->count = values->size;
  if (d->count == TeeData::kItems) {
    if (!isNone(args[2])) {
      if (typeOf(args[2]) != &PyTeeData_Type) return t.raise(kValueError, "Invalid arguments");
      d->next = retain(args[2]).release();
    }
  } else if (!isNone(args[2])) {
    return t.raise(kValueError, "Invalid arguments");
  }
  return d;
}

static Ref<> copyTee(Tee& from) {
  Ref<Tee> copy = make<Tee>(&PyTee_Type);
  copy->data = retain(from.data).release();
  copy->index = from.index;
  gcTrack(copy);
  return copy;
}

static Result<Ref<>> teeFrom(Thread& t, Value iterable) {
  Ref<> it = TRY(iter(t, iterable));
  if (typeOf(it) == &PyTee_Type) return copyTee(*it.as<Tee>());
  Ref<Tee> tee = make<Tee>(&PyTee_Type);
  tee->data = newTeeData(it).release();
  gcTrack(tee);
  return tee;
}

Result<Ref<>> teeobject___new__(Thread& t, Type&, Value iterable) { return teeFrom(t, iterable); }
Result<Ref<>> teeobject___iter__(Thread&, Tee& self) { return retain(&self); }
Result<Ref<>> teeobject___copy__(Thread&, Tee& self) { return copyTee(self); }
Result<Ref<>> teeobject___next__(Thread& t, Tee& self) {
  Ref<> held = retain(self.data);
  auto* d = held.as<TeeData>();
  if (self.index >= TeeData::kItems) {
    if (!d->next) d->next = newTeeData(d->iterator).release();
    Ref<> next = retain(d->next);
    setField(self.data, retain(next));
    held = std::move(next);
    d = held.as<TeeData>();
    self.index = 0;
  }
  if (self.index < d->count) return retain(d->items[self.index++]);
  if (d->running) return t.raise(kRuntimeError, "cannot re-enter the tee iterator");
  if (!d->iterator) return Ref<>();
  d->running = true;
  Ref<> it = retain(d->iterator);
  Ref<> item = iterNext(t, it).take();
  d->running = false;
  if (!item) return Ref<>();
  d->items[d->count++] = retain(item).release();
  self.index++;
  return item;
}

Result<Ref<>> itertools_tee(Thread& t, Value iterable, i64 n) {
  if (n < 0) return t.raise(kValueError, "n must be >= 0");
  if (n == 0) return retain(emptyTuple());
  if (n > (i64(1) << 40)) return t.raiseMemory();
  Ref<> first = TRY(teeFrom(t, iterable));
  Ref<Tuple> out = newTuple(n);
  out->items[0] = first.release();
  for (i64 i = 1; i < n; i++) out->items[i] = copyTee(*out->items[0].as<Tee>()).release();
  return out;
}

}  // namespace dx
