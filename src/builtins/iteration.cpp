#include "builtins/iteration.gen.h"
#include "builtins/sequence_iterators.h"
#include "memory/heap.h"

namespace dx {

template <class T>
static T* instance(Type& cls) {
  return static_cast<T*>(newInstance(&cls));
}

// A tuple kept for the next result, if only its owner holds it.
static Tuple* reusable(Value kept) {
  return kept && kept.object()->refcount == 1 ? kept.as<Tuple>() : nullptr;
}

// ---- enumerate ----

Result<Ref<>> enumerate___new__(Thread& t, Type& cls, Value iterable, Value start) {
  Ref<> index = exactInt(TRY(toIndex(t, start)));
  Ref<> it = TRY(iter(t, iterable));
  auto* e = instance<Enumerate>(cls);
  e->iterator = it.release();
  e->index = index.release();
  gcTrack(e);
  return Ref<>::steal(e);
}
Result<Ref<>> enumerate___iter__(Thread&, Enumerate& self) { return retain(&self); }

Result<Ref<>> enumerate___next__(Thread& t, Enumerate& self) {
  Ref<> item = nextItem(t, self.iterator).take();
  if (!item) return Ref<>();
  Ref<> index = Ref<>::steal(self.index);
  self.index = intAdd(index, Value::smallInt(1)).release();
  if (Tuple* pair = reusable(self.pair)) {
    Ref<> result = retain(pair);
    Ref<> old0 = Ref<>::steal(pair->items[0]), old1 = Ref<>::steal(pair->items[1]);
    pair->items[0] = index.release();
    pair->items[1] = item.release();
    pair->hash = -1;
    return result;
  }
  Ref<Tuple> pair = tupleOf(index, item);
  setField(self.pair, retain(pair));
  return pair;
}
Result<Ref<>> enumerate___reduce__(Thread&, Enumerate& self) {
  return tupleOf(Value(self.type), tupleOf(self.iterator, self.index));
}

// ---- pairs ----

static NextPair ended(Thread& t) { return t.hasException() ? NextPair::Failed : NextPair::None; }

NextPair nextPair(Thread& t, Value iterator, Value* out) {
  Type* type = typeOf(iterator);
  if (type == &PyDictIterItem_Type) return nextDictItem(t, iterator.object(), out);
  if (type == &PyEnum_Type) {
    auto* e = iterator.as<Enumerate>();
    if (!e->index.isSmallInt() || e->index.smallInt() == kSmallIntMax) return NextPair::Other;
    Ref<> item = nextItem(t, e->iterator).take();
    if (!item) return ended(t);
    // What ran meanwhile may have used the iterator as well.
    out[0] = e->index;
    incref(out[0]);
    setField(e->index, intAdd(out[0], Value::smallInt(1)));
    out[1] = item.release();
    return NextPair::One;
  }
  if (type == &PyZip_Type) {
    auto* z = iterator.as<ZipObject>();
    Tuple* its = z->iterators.as<Tuple>();
    if (its->size != 2 || z->strict) return NextPair::Other;
    Ref<> first = nextItem(t, its->items[0]).take();
    if (!first) return ended(t);
    Ref<> second = nextItem(t, its->items[1]).take();
    if (!second) return ended(t);
    out[0] = first.release();
    out[1] = second.release();
    return NextPair::One;
  }
  return NextPair::Other;
}

// ---- reversed ----

Result<Ref<>> reversed___new__(Thread& t, Type& cls, Value object) {
  bool missing = false;
  Value method = typeLookup(typeOf(object), DX_NAME("__reversed__"));
  if (isNone(method)) return t.raise(kTypeError, "'{}' object is not reversible", typeOf(object));
  Result<Ref<>> own = callSpecial(t, object, DX_NAME("__reversed__"), {}, &missing);
  if (!missing) return own;
  if (!slotsOf(object).seqItem || isDict(object))
    return t.raise(kTypeError, "'{}' object is not reversible", typeOf(object));
  i64 n = TRY(length(t, object));
  auto* r = instance<Reversed>(cls);
  r->sequence = retain(object).release();
  r->index = n - 1;
  gcTrack(r);
  return Ref<>::steal(r);
}
Result<Ref<>> reversed___iter__(Thread&, Reversed& self) { return retain(&self); }

Result<Ref<>> reversed___next__(Thread& t, Reversed& self) {
  if (self.index >= 0 && self.sequence) {
    Ref<> sequence = retain(self.sequence);
    Result<Ref<>> item = slotsOf(sequence).seqItem(t, sequence, self.index);
    if (item) {
      self.index--;
      return item;
    }
    if (!t.takeIf(kIndexError) && !t.takeIf(kStopIteration)) return Error{};
  }
  self.index = -1;
  clearField(self.sequence);
  return Ref<>();
}
Result<i64> reversed___length_hint__(Thread& t, Reversed& self) {
  if (!self.sequence) return i64(0);
  i64 n = TRY(length(t, self.sequence));
  return n < self.index + 1 ? 0 : self.index + 1;
}
Result<Ref<>> reversed___reduce__(Thread&, Reversed& self) {
  if (self.sequence) return tupleOf(Value(self.type), tupleOf(self.sequence), makeInt(self.index));
  return tupleOf(Value(self.type), tupleOf(emptyTuple()));
}
Result<void> reversed___setstate__(Thread& t, Reversed& self, Value state) {
  i64 i = TRY(indexI64(t, state, kOverflowError));
  if (!self.sequence) return {};
  i64 n = TRY(length(t, self.sequence));
  self.index = i < -1 ? -1 : i > n - 1 ? n - 1 : i;
  return {};
}

// ---- filter ----

Result<Ref<>> filter___new__(Thread& t, Type& cls, Value function, Value iterable) {
  Ref<> it = TRY(iter(t, iterable));
  auto* f = instance<Filter>(cls);
  f->function = retain(function).release();
  f->iterator = it.release();
  gcTrack(f);
  return Ref<>::steal(f);
}
Result<Ref<>> filter___iter__(Thread&, Filter& self) { return retain(&self); }

Result<Ref<>> filter___next__(Thread& t, Filter& self) {
  bool plain = isNone(self.function) || self.function == Value(&PyBool_Type);
  for (;;) {
    Ref<> item = iterNext(t, self.iterator).take();
    if (!item) return Ref<>();
    bool keep;
    if (plain) {
      keep = TRY(isTrue(t, item));
    } else {
      Ref<> verdict = TRY(callWith(t, self.function, item));
      keep = TRY(isTrue(t, verdict));
    }
    if (keep) return item;
  }
}
Result<Ref<>> filter___reduce__(Thread&, Filter& self) {
  return tupleOf(Value(self.type), tupleOf(self.function, self.iterator));
}

// ---- map and zip ----

// The strict keyword of map() and zip().
static Result<bool> strictArg(Thread& t, const Args& args, const char* function) {
  bool strict = false;
  for (u32 i = 0; i < args.keywordCount(); i++) {
    if (!equalAscii(args.names->items[i].as<Str>(), "strict"))
      return t.raise(kTypeError, "{}() got an unexpected keyword argument '{}'", function,
                     args.names->items[i]);
    strict = TRY(isTrue(t, args.v[args.count + i]));
  }
  return strict;
}

static Result<Ref<Tuple>> iteratorsOf(Thread& t, Values iterables) {
  Ref<Tuple> its = newTuple(i64(iterables.size()));
  for (size_t i = 0; i < iterables.size(); i++)
    its->items[i] = TRY(iter(t, iterables[i])).release();
  return its;
}

// Argument `at` (0-based) ended. Strict: all must end together.
static Result<Ref<>> endOfShortest(Thread& t, const char* function, Tuple* its, i64 at) {
  auto plural = [](i64 n) { return n == 1 ? " " : "s 1-"; };
  if (at > 0)
    return t.raise(kValueError, "{}() argument {} is shorter than argument{}{}", function, at + 1,
                   plural(at), at);
  for (i64 i = 1; i < its->size; i++) {
    Ref<> item = iterNext(t, its->items[i]).take();
    if (item)
      return t.raise(kValueError, "{}() argument {} is longer than argument{}{}", function, i + 1,
                     plural(i), i);
    if (t.hasException()) return Error{};
  }
  return Ref<>();
}

Result<Ref<>> map___new__(Thread& t, Type& cls, const Args& args) {
  bool strict = &cls == &PyMap_Type || args.keywordCount() ? TRY(strictArg(t, args, "map")) : false;
  if (args.count < 2) return t.raise(kTypeError, "map() must have at least two arguments.");
  Ref<Tuple> its = TRY(iteratorsOf(t, Values(args.v + 1, args.count - 1)));
  auto* m = instance<MapObject>(cls);
  m->function = retain(args[0]).release();
  m->iterators = its.release();
  m->strict = strict;
  gcTrack(m);
  return Ref<>::steal(m);
}
Result<Ref<>> map___iter__(Thread&, MapObject& self) { return retain(&self); }

Result<Ref<>> map___next__(Thread& t, MapObject& self) {
  Tuple* its = self.iterators.as<Tuple>();
  i64 n = its->size;
  if (n == 1) [[likely]] {
    Ref<> item = nextItem(t, its->items[0]).take();
    if (!item) return Ref<>();
    Value argument = item;
    return call(t, self.function, Args(&argument, 1));
  }
  Ref<Tuple> items = newTuple(n);
  for (i64 i = 0; i < n; i++) {
    items->items[i] = iterNext(t, its->items[i]).take().release();
    if (items->items[i]) continue;
    if (t.hasException() || !self.strict) return Ref<>();
    return endOfShortest(t, "map", its, i);
  }
  return call(t, self.function, Args(items->items, u32(n)));
}
Result<Ref<>> map___reduce__(Thread&, MapObject& self) {
  Tuple* its = self.iterators.as<Tuple>();
  Ref<Tuple> args = newTuple(its->size + 1);
  args->items[0] = retain(self.function).release();
  for (i64 i = 0; i < its->size; i++) args->items[i + 1] = retain(its->items[i]).release();
  if (self.strict) return tupleOf(Value(self.type), args, trueValue());
  return tupleOf(Value(self.type), args);
}
Result<void> map___setstate__(Thread& t, MapObject& self, Value state) {
  self.strict = TRY(isTrue(t, state));
  return {};
}

Result<Ref<>> zip___new__(Thread& t, Type& cls, const Args& args) {
  bool strict = &cls == &PyZip_Type || args.keywordCount() ? TRY(strictArg(t, args, "zip")) : false;
  Ref<Tuple> its = newTuple(args.count);
  for (u32 i = 0; i < args.count; i++) {
    Result<Ref<>> it = iter(t, args[i]);
    if (!it) return Error{};
    its->items[i] = std::move(it).take().release();
  }
  auto* z = instance<ZipObject>(cls);
  z->iterators = its.release();
  z->strict = strict;
  gcTrack(z);
  return Ref<>::steal(z);
}
Result<Ref<>> zip___iter__(Thread&, ZipObject& self) { return retain(&self); }

Result<Ref<>> zip___next__(Thread& t, ZipObject& self) {
  Tuple* its = self.iterators.as<Tuple>();
  i64 n = its->size;
  if (n == 0) return Ref<>();
  if (Tuple* result = reusable(self.result)) {
    Ref<> held = retain(result);
    for (i64 i = 0; i < n; i++) {
      Ref<> item = nextItem(t, its->items[i]).take();
      if (!item) {
        if (t.hasException() || !self.strict) return Ref<>();
        return endOfShortest(t, "zip", its, i);
      }
      setField(result->items[i], std::move(item));
    }
    result->hash = -1;
    return held;
  }
  Ref<Tuple> result = newTuple(n);
  for (i64 i = 0; i < n; i++) {
    result->items[i] = iterNext(t, its->items[i]).take().release();
    if (result->items[i]) continue;
    if (t.hasException() || !self.strict) return Ref<>();
    return endOfShortest(t, "zip", its, i);
  }
  setField(self.result, retain(result));
  return result;
}
Result<Ref<>> zip___reduce__(Thread&, ZipObject& self) {
  if (self.strict) return tupleOf(Value(self.type), self.iterators, trueValue());
  return tupleOf(Value(self.type), self.iterators);
}
Result<void> zip___setstate__(Thread& t, ZipObject& self, Value state) {
  self.strict = TRY(isTrue(t, state));
  return {};
}

// ---- iter() over __getitem__ ----

Result<Ref<>> seqiter___iter__(Thread&, SequenceIterator& self) { return retain(&self); }

Result<Ref<>> seqiter___next__(Thread& t, SequenceIterator& self) {
  if (!self.sequence) return Ref<>();
  if (self.index == INT64_MAX) return t.raise(kOverflowError, "iter index too large");
  Ref<> sequence = retain(self.sequence);
  auto item = slotsOf(sequence).seqItem;
  Result<Ref<>> v =
      item ? item(t, sequence, self.index) : getItem(t, sequence, makeInt(self.index));
  if (v) {
    self.index++;
    return v;
  }
  if (t.takeIf(kIndexError) || t.takeIf(kStopIteration)) clearField(self.sequence);
  return Ref<>();
}
Result<Ref<>> seqiter___length_hint__(Thread& t, SequenceIterator& self) {
  if (!self.sequence) return makeInt(0);
  if (!slotsOf(self.sequence).length) return notImplementedRef();
  i64 n = TRY(length(t, self.sequence)) - self.index;
  return makeInt(n < 0 ? 0 : n);
}
Result<Ref<>> seqiter___reduce__(Thread& t, SequenceIterator& self) {
  Ref<> fn = TRY(builtinFunction(t, "iter"));
  if (self.sequence) return tupleOf(fn, tupleOf(self.sequence), makeInt(self.index));
  return tupleOf(fn, tupleOf(emptyTuple()));
}
Result<void> seqiter___setstate__(Thread& t, SequenceIterator& self, Value state) {
  i64 i = TRY(indexI64(t, state, kOverflowError));
  if (self.sequence) self.index = i < 0 ? 0 : i;
  return {};
}

// ---- iter(callable, sentinel) ----

Result<Ref<>> calliter___iter__(Thread&, CallableIterator& self) { return retain(&self); }

Result<Ref<>> calliter___next__(Thread& t, CallableIterator& self) {
  if (!self.callable) return Ref<>();
  Ref<> callable = retain(self.callable);
  Result<Ref<>> v = callWith(t, callable);
  if (!v) {
    if (t.takeIf(kStopIteration)) {
      clearField(self.callable);
      clearField(self.sentinel);
    }
    return Ref<>();
  }
  if (!self.sentinel) return Ref<>();  // the call exhausted this iterator
  Ref<> sentinel = retain(self.sentinel);
  if (!TRY(equal(t, sentinel, *v))) return v;
  clearField(self.callable);
  clearField(self.sentinel);
  return Ref<>();
}
Result<Ref<>> calliter___reduce__(Thread& t, CallableIterator& self) {
  Ref<> fn = TRY(builtinFunction(t, "iter"));
  if (self.callable && self.sentinel) return tupleOf(fn, tupleOf(self.callable, self.sentinel));
  return tupleOf(fn, tupleOf(emptyTuple()));
}

}  // namespace dx
