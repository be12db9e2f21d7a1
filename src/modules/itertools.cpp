// itertools: filters, slices and combinations of streams.
#include "memory/heap.h"
#include "modules/itertools.gen.h"

namespace dx {

template <class T>
static T* instance(Type& cls) {
  return static_cast<T*>(newInstance(&cls));
}
template <class T>
static Result<Ref<>> finished(T* o) {
  gcTrack(o);
  return Ref<>::steal(o);
}

// ---- accumulate ----

Result<Ref<>> accumulate___new__(Thread& t, Type& cls, Value iterable, Value func, Value initial) {
  Ref<> it = TRY(iter(t, iterable));
  auto* a = instance<Accumulate>(cls);
  a->iterator = it.release();
  if (!isNone(func)) a->function = retain(func).release();
  if (!isNone(initial)) a->initial = retain(initial).release();
  return finished(a);
}
Result<Ref<>> accumulate___iter__(Thread&, Accumulate& self) { return retain(&self); }
Result<Ref<>> accumulate___next__(Thread& t, Accumulate& self) {
  if (self.initial) {
    setField(self.total, Ref<>::steal(self.initial));
    self.initial = Value();
    return retain(self.total);
  }
  Ref<> item = iterNext(t, self.iterator).take();
  if (!item) return Ref<>();
  if (!self.total) {
    self.total = retain(item).release();
    return item;
  }
  Ref<> total = retain(self.total), function = retain(self.function);
  Ref<> sum = function ? TRY(callWith(t, function, total, item))
                       : TRY(binary(t, BinaryOp::Add, total, item));
  setField(self.total, retain(sum));
  return sum;
}

// ---- batched ----

Result<Ref<>> batched___new__(Thread& t, Type& cls, Value iterable, i64 n, bool strict) {
  if (n < 1) return t.raise(kValueError, "n must be at least one");
  Ref<> it = TRY(iter(t, iterable));
  auto* b = instance<Batched>(cls);
  b->iterator = it.release();
  b->size = n;
  b->strict = strict;
  return finished(b);
}
Result<Ref<>> batched___iter__(Thread&, Batched& self) { return retain(&self); }
Result<Ref<>> batched___next__(Thread& t, Batched& self) {
  if (!self.iterator) return Ref<>();
  Ref<> it = retain(self.iterator);
  Ref<List> items = newList();
  while (items->size < self.size) {
    Ref<> item = iterNext(t, it).take();
    if (!item) break;
    listAppend(items, std::move(item));
  }
  if (items->size == self.size) return makeTuple(valuesOf(items.get()));
  if (t.hasException()) {
    clearField(self.iterator);
    return Error{};
  }
  clearField(self.iterator);
  if (items->size == 0) return Ref<>();
  if (self.strict) return t.raise(kValueError, "batched(): incomplete batch");
  return makeTuple(valuesOf(items.get()));
}

// ---- chain ----

Result<Ref<>> chain___new__(Thread& t, Type& cls, const Args& args) {
  if (args.keywordCount() && &cls == &PyChain_Type)
    return t.raise(kTypeError, "chain() takes no keyword arguments");
  Ref<Tuple> sources = makeTuple(Values(args.v, args.count));
  Ref<> it = TRY(iter(t, sources));
  auto* c = instance<Chain>(cls);
  c->sources = it.release();
  return finished(c);
}
Result<Ref<>> chain_from_iterable(Thread& t, Type& cls, Value iterable) {
  Ref<> it = TRY(iter(t, iterable));
  auto* c = instance<Chain>(cls);
  c->sources = it.release();
  return finished(c);
}
Result<Ref<>> chain___iter__(Thread&, Chain& self) { return retain(&self); }
Result<Ref<>> chain___next__(Thread& t, Chain& self) {
  while (self.sources) {
    if (!self.active) {
      Ref<> sources = retain(self.sources);
      Ref<> iterable = iterNext(t, sources).take();
      if (!iterable) {
        clearField(self.sources);
        return Ref<>();
      }
      Result<Ref<>> it = iter(t, iterable);
      if (!it) {
        clearField(self.sources);
        return Error{};
      }
      setField(self.active, std::move(it).take());
    }
    Ref<> active = retain(self.active);
    Ref<> item = iterNext(t, active).take();
    if (item) return item;
    if (t.hasException()) return Error{};
    clearField(self.active);
  }
  return Ref<>();
}

// ---- compress, dropwhile, filterfalse, pairwise, starmap, takewhile ----

static Result<Ref<>> newTwoPart(Type& cls, Ref<> first, Ref<> second) {
  auto* o = instance<TwoPart>(cls);
  o->first = first.release();
  o->second = second.release();
  return finished(o);
}

Result<Ref<>> compress___new__(Thread& t, Type& cls, Value data, Value selectors) {
  Ref<> a = TRY(iter(t, data)), b = TRY(iter(t, selectors));
  return newTwoPart(cls, std::move(a), std::move(b));
}
Result<Ref<>> compress___iter__(Thread&, TwoPart& self) { return retain(&self); }
Result<Ref<>> compress___next__(Thread& t, TwoPart& self) {
  for (;;) {
    Ref<> item = iterNext(t, self.first).take();
    if (!item) return Ref<>();
    Ref<> selector = iterNext(t, self.second).take();
    if (!selector) return Ref<>();
    if (TRY(isTrue(t, selector))) return item;
  }
}

Result<Ref<>> dropwhile___new__(Thread& t, Type& cls, Value predicate, Value iterable) {
  return newTwoPart(cls, retain(predicate), TRY(iter(t, iterable)));
}
Result<Ref<>> dropwhile___iter__(Thread&, TwoPart& self) { return retain(&self); }
Result<Ref<>> dropwhile___next__(Thread& t, TwoPart& self) {
  for (;;) {
    Ref<> item = iterNext(t, self.second).take();
    if (!item) return Ref<>();
    if (self.started) return item;
    Ref<> verdict = TRY(callWith(t, self.first, item));
    if (!TRY(isTrue(t, verdict))) {
      self.started = true;
      return item;
    }
  }
}

Result<Ref<>> filterfalse___new__(Thread& t, Type& cls, Value function, Value iterable) {
  return newTwoPart(cls, retain(function), TRY(iter(t, iterable)));
}
Result<Ref<>> filterfalse___iter__(Thread&, TwoPart& self) { return retain(&self); }
Result<Ref<>> filterfalse___next__(Thread& t, TwoPart& self) {
  bool plain = isNone(self.first) || self.first == Value(&PyBool_Type);
  for (;;) {
    Ref<> item = iterNext(t, self.second).take();
    if (!item) return Ref<>();
    Ref<> verdict = plain ? retain(item) : TRY(callWith(t, self.first, item));
    if (!TRY(isTrue(t, verdict))) return item;
  }
}

Result<Ref<>> pairwise___new__(Thread& t, Type& cls, Value iterable) {
  return newTwoPart(cls, TRY(iter(t, iterable)), Ref<>());
}
Result<Ref<>> pairwise___iter__(Thread&, TwoPart& self) { return retain(&self); }
Result<Ref<>> pairwise___next__(Thread& t, TwoPart& self) {
  if (!self.first) return Ref<>();
  Ref<> it = retain(self.first);
  Ref<> old = retain(self.second);
  if (!old) {
    old = iterNext(t, it).take();
    if (!old) {
      clearField(self.first);
      return Ref<>();
    }
    setField(self.second, retain(old));
    if (!self.first) {  // exhausted by the call itself
      clearField(self.second);
      return Ref<>();
    }
  }
  Ref<> item = iterNext(t, it).take();
  if (!item) {
    clearField(self.first);
    clearField(self.second);
    return Ref<>();
  }
  Ref<Tuple> pair = tupleOf(old, item);
  setField(self.second, std::move(item));
  return pair;
}

Result<Ref<>> starmap___new__(Thread& t, Type& cls, Value function, Value iterable) {
  return newTwoPart(cls, retain(function), TRY(iter(t, iterable)));
}
Result<Ref<>> starmap___iter__(Thread&, TwoPart& self) { return retain(&self); }
Result<Ref<>> starmap___next__(Thread& t, TwoPart& self) {
  Ref<> item = iterNext(t, self.second).take();
  if (!item) return Ref<>();
  Ref<Tuple> args = TRY(tupleFrom(t, item));
  return call(t, self.first, Args(args->items, u32(args->size)));
}

Result<Ref<>> takewhile___new__(Thread& t, Type& cls, Value predicate, Value iterable) {
  return newTwoPart(cls, retain(predicate), TRY(iter(t, iterable)));
}
Result<Ref<>> takewhile___iter__(Thread&, TwoPart& self) { return retain(&self); }
Result<Ref<>> takewhile___next__(Thread& t, TwoPart& self) {
  if (self.started) return Ref<>();  // ended
  Ref<> item = iterNext(t, self.second).take();
  if (!item) return Ref<>();
  Ref<> verdict = TRY(callWith(t, self.first, item));
  if (TRY(isTrue(t, verdict))) return item;
  self.started = true;
  return Ref<>();
}

// ---- count ----

static bool isNumber(Value v) {
  const Slots& s = slotsOf(v);
  return s.index || s.toInt || s.toFloat || isInstanceOf(v, &PyComplex_Type);
}

Result<Ref<>> count___new__(Thread& t, Type& cls, Value start, Value step) {
  if (!isNumber(start) || !isNumber(step)) return t.raise(kTypeError, "a number is required");
  auto* c = instance<Count>(cls);
  c->value = (isBool(start) ? exactInt(start) : retain(start)).release();
  c->step = (isBool(step) ? exactInt(step) : retain(step)).release();
  return finished(c);
}
Result<Ref<>> count___iter__(Thread&, Count& self) { return retain(&self); }
Result<Ref<>> count___next__(Thread& t, Count& self) {
  Ref<> value = retain(self.value), step = retain(self.step);
  Ref<> next = value.get().isSmallInt() && step.get().isSmallInt()
                   ? intAdd(value, step)
                   : TRY(binary(t, BinaryOp::Add, value, step));
  setField(self.value, std::move(next));
  return value;
}
Result<Ref<>> count___repr__(Thread& t, Count& self) {
  Ref<Str> value = TRY(repr(t, self.value));
  std::string_view name = typeName(self.type);
  if (size_t dot = name.rfind('.'); dot != std::string_view::npos) name = name.substr(dot + 1);
  if (self.step == Value::smallInt(1)) return formatStr("{}({})", name, value);
  Ref<Str> step = TRY(repr(t, self.step));
  return formatStr("{}({}, {})", name, value, step);
}

// ---- cycle ----

Result<Ref<>> cycle___new__(Thread& t, Type& cls, Value iterable) {
  Ref<> it = TRY(iter(t, iterable));
  auto* c = instance<Cycle>(cls);
  c->iterator = it.release();
  c->saved = newList().release();
  c->index = -1;
  return finished(c);
}
Result<Ref<>> cycle___iter__(Thread&, Cycle& self) { return retain(&self); }
Result<Ref<>> cycle___next__(Thread& t, Cycle& self) {
  List* saved = self.saved.as<List>();
  if (self.index < 0) {
    Ref<> it = retain(self.iterator);
    Ref<> item = iterNext(t, it).take();
    if (item) {
      listAppend(saved, retain(item));
      return item;
    }
    if (t.hasException()) return Error{};
    self.index = 0;
    clearField(self.iterator);
  }
  if (saved->size == 0) return Ref<>();
  Ref<> item = retain(saved->items[self.index]);
  self.index = self.index + 1 >= saved->size ? 0 : self.index + 1;
  return item;
}

// ---- islice ----

// None, or an int from 0 to the largest index; *out untouched for None.
static Result<bool> sliceNumber(Thread& t, Value v, i64* out) {
  if (isNone(v)) return true;
  if (!hasIndex(v)) return false;
  Result<i64> i = indexI64(t, v, kOverflowError);
  if (!i) {
    t.clearException();
    return false;
  }
  if (*i < 0) return false;
  *out = *i;
  return true;
}

Result<Ref<>> islice___new__(Thread& t, Type& cls, const Args& args) {
  if (args.keywordCount() && &cls == &PyIslice_Type)
    return t.raise(kTypeError, "islice() takes no keyword arguments");
  if (args.count < 2)
    return t.raise(kTypeError, "islice expected at least 2 arguments, got {}", args.count);
  if (args.count > 4)
    return t.raise(kTypeError, "islice expected at most 4 arguments, got {}", args.count);
  i64 start = 0, stop = -1, step = 1;
  if (args.count == 2) {
    if (!TRY(sliceNumber(t, args[1], &stop)))
      return t.raise(
          kValueError,
          "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
  } else {
    if (!TRY(sliceNumber(t, args[2], &stop)))
      return t.raise(
          kValueError,
          "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    if (!TRY(sliceNumber(t, args[1], &start)))
      return t.raise(kValueError,
                     "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    if (args.count == 4 && (!TRY(sliceNumber(t, args[3], &step)) || step < 1))
      return t.raise(kValueError, "Step for islice() must be a positive integer or None.");
  }
  Ref<> it = TRY(iter(t, args[0]));
  auto* s = instance<Islice>(cls);
  s->iterator = it.release();
  s->next = start;
  s->stop = stop;
  s->step = step;
  return finished(s);
}
Result<Ref<>> islice___iter__(Thread&, Islice& self) { return retain(&self); }
Result<Ref<>> islice___next__(Thread& t, Islice& self) {
  if (!self.iterator) return Ref<>();
  Ref<> it = retain(self.iterator);
  auto end = [&] {
    clearField(self.iterator);
    return Ref<>();
  };
  while (self.consumed < self.next) {
    if (self.stop >= 0 && self.consumed >= self.stop) return end();
    Ref<> skipped = iterNext(t, it).take();
    if (!skipped) return end();
    self.consumed++;
  }
  if (self.stop >= 0 && self.consumed >= self.stop) return end();
  Ref<> item = iterNext(t, it).take();
  if (!item) return end();
  self.consumed++;
  i64 next;
  if (__builtin_add_overflow(self.next, self.step, &next) || (self.stop >= 0 && next > self.stop))
    next = self.stop >= 0 ? self.stop : INT64_MAX;
  self.next = next;
  return item;
}

// ---- repeat ----

Result<Ref<>> repeat___new__(Thread& t, Type& cls, Value object, Value times) {
  i64 left = -1;
  if (times) {
    left = TRY(indexI64(t, times, kOverflowError));
    if (left < 0) left = 0;
  }
  auto* r = instance<Repeat>(cls);
  r->element = retain(object).release();
  r->left = left;
  return finished(r);
}
Result<Ref<>> repeat___iter__(Thread&, Repeat& self) { return retain(&self); }
Result<Ref<>> repeat___next__(Thread&, Repeat& self) {
  if (self.left == 0) return Ref<>();
  if (self.left > 0) self.left--;
  return retain(self.element);
}
Result<i64> repeat___length_hint__(Thread& t, Repeat& self) {
  if (self.left < 0) return t.raise(kTypeError, "len() of unsized object");
  return self.left;
}
Result<Ref<>> repeat___repr__(Thread& t, Repeat& self) {
  Ref<Str> element = TRY(repr(t, self.element));
  std::string_view name = typeName(self.type);
  if (size_t dot = name.rfind('.'); dot != std::string_view::npos) name = name.substr(dot + 1);
  if (self.left < 0) return formatStr("{}({})", name, element);
  return formatStr("{}({}, {})", name, element, self.left);
}

// ---- zip_longest ----

Result<Ref<>> zip_longest___new__(Thread& t, Type& cls, const Args& args) {
  Value fill = none();
  for (u32 i = 0; i < args.keywordCount(); i++) {
    if (!equalAscii(args.names->items[i].as<Str>(), "fillvalue"))
      return t.raise(kTypeError, "zip_longest() got an unexpected keyword argument");
    fill = args.v[args.count + i];
  }
  Ref<Tuple> its = newTuple(args.count);
  for (u32 i = 0; i < args.count; i++) its->items[i] = TRY(iter(t, args[i])).release();
  auto* z = instance<ZipLongest>(cls);
  z->iterators = its.release();
  z->fill = retain(fill).release();
  z->active = args.count;
  return finished(z);
}
Result<Ref<>> zip_longest___iter__(Thread&, ZipLongest& self) { return retain(&self); }
Result<Ref<>> zip_longest___next__(Thread& t, ZipLongest& self) {
  Tuple* its = self.iterators.as<Tuple>();
  if (its->size == 0 || self.active == 0) return Ref<>();
  Ref<Tuple> out = newTuple(its->size);
  for (i64 i = 0; i < its->size; i++) {
    Ref<> item;
    if (its->items[i]) {
      Ref<> it = retain(its->items[i]);
      item = iterNext(t, it).take();
      if (!item) {
        self.active--;
        if (t.hasException() || self.active == 0) {
          self.active = 0;
          return Ref<>();
        }
        clearField(its->items[i]);
      }
    }
    out->items[i] = (item ? std::move(item) : retain(self.fill)).release();
  }
  return out;
}

}  // namespace dx
