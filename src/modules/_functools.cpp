#include "memory/heap.h"
#include "modules/_functools.gen.h"
#include "runtime/dict_keys.h"

namespace dx {

alignas(16) static PlaceholderObject gPlaceholder = {{DX_IMMORTAL, &PyFunctoolsPlaceholder_Type}};
Object* placeholder() { return &gPlaceholder; }

Result<void> _functools_exec(Thread&, Module& module) {
  moduleSet(module, "Placeholder", placeholder());
  return {};
}

void placeholder_dealloc(Object*) {}  // immortal
Result<Ref<>> placeholder___new__(Thread& t, Type&, const Args& args) {
  if (args.total()) return t.raise(kTypeError, "_PlaceholderType takes no arguments");
  return retain(placeholder());
}
Result<Ref<>> placeholder___repr__(Thread&, PlaceholderObject&) { return makeAscii("Placeholder"); }
Result<Ref<>> placeholder___reduce__(Thread&, PlaceholderObject&) {
  return makeAscii("Placeholder");
}

// ---- partial ----

static i64 countPlaceholders(Values values) {
  i64 n = 0;
  for (Value v : values) n += v == Value(placeholder());
  return n;
}

// The arguments of a partial with its placeholders filled from `more`, the rest appended.
static Ref<Tuple> fillPlaceholders(Tuple* have, i64 placeholders, Values more) {
  i64 fill = std::min<i64>(placeholders, i64(more.size()));
  Ref<Tuple> all = newTuple(have->size + i64(more.size()) - fill);
  i64 next = 0;
  for (i64 i = 0; i < have->size; i++) {
    Value v = have->items[i];
    if (v == Value(placeholder()) && next < fill) v = more[size_t(next++)];
    all->items[i] = retain(v).release();
  }
  for (i64 i = have->size; next < i64(more.size()); i++)
    all->items[i] = retain(more[size_t(next++)]).release();
  return all;
}

Result<Ref<>> partial___new__(Thread& t, Type& cls, const Args& args) {
  if (args.count < 1) return t.raise(kTypeError, "type 'partial' takes at least one argument");
  Value function = args[0];
  if (!isCallable(function)) return t.raise(kTypeError, "the first argument must be callable");
  Values more(args.v + 1, args.count - 1);
  if (!more.empty() && more.back() == Value(placeholder()))
    return t.raise(kTypeError, "trailing Placeholders are not allowed");
  for (u32 i = 0; i < args.keywordCount(); i++)
    if (args.v[args.count + i] == Value(placeholder()))
      return t.raise(kTypeError, "Placeholder cannot be passed as a keyword argument");

  // A partial of a partial is one partial, unless the inner one carries attributes.
  Partial* inner = nullptr;
  if (slotsOf(function).call == PyFunctoolsPartial_Type.data->slots.call &&
      !function.as<Partial>()->dict) {
    inner = function.as<Partial>();
    function = inner->function;
  }
  Ref<Tuple> arguments =
      inner ? fillPlaceholders(inner->arguments.as<Tuple>(), inner->placeholders, more)
            : makeTuple(more);
  Ref<Dict> keywords = inner ? dictCopy(inner->keywords.as<Dict>()) : newDict();
  for (u32 i = 0; i < args.keywordCount(); i++)
    TRY(dictSet(t, keywords, args.names->items[i], args.v[args.count + i]));
  auto* p = static_cast<Partial*>(newInstance(&cls));
  p->function = retain(function).release();
  p->placeholders = countPlaceholders(valuesOf(arguments.get()));
  p->arguments = arguments.release();
  p->keywords = keywords.release();
  gcTrack(p);
  return Ref<>::steal(p);
}

Result<Ref<>> partial___call__(Thread& t, Partial& self, const Args& args) {
  RecursionGuard guard(t);
  TRY(guard.check(" while calling a Python object"));
  if (i64(args.count) < self.placeholders)
    return t.raise(kTypeError,
                   "missing positional arguments in 'partial' call; expected at least {}, got {}",
                   self.placeholders, args.count);
  Ref<> function = retain(self.function), heldKeywords = retain(self.keywords),
        heldArguments = retain(self.arguments);
  Tuple* have = heldArguments.as<Tuple>();
  Dict* keywords = heldKeywords.as<Dict>();
  if (self.placeholders || keywords->used || args.keywordCount()) {
    Ref<Tuple> all = fillPlaceholders(have, self.placeholders, Values(args.v, args.count));
    Ref<Dict> merged = dictCopy(keywords);
    for (u32 i = 0; i < args.keywordCount(); i++)
      TRY(dictSet(t, merged, args.names->items[i], args.v[args.count + i]));
    return callTupleDict(t, function, all, merged->used ? merged.get() : nullptr);
  }
  Value small[8];
  std::vector<Value> large;
  size_t total = size_t(have->size) + args.count;
  Value* out = small;
  if (total > 8) {
    large.resize(total);
    out = large.data();
  }
  std::copy(have->items, have->items + have->size, out);
  std::copy(args.v, args.v + args.count, out + have->size);
  return call(t, function, Args(out, u32(total)));
}

Result<Ref<>> partial___get__(Thread&, Partial& self, Value instance, Value) {
  if (instance.isEmpty() || isNone(instance)) return retain(&self);
  return makeMethod(&self, instance);
}

Result<Ref<>> partial___repr__(Thread& t, Partial& self) {
  if (!enterRepr(t, &self)) {
    if (t.hasException()) return Error{};
    return makeAscii("...");
  }
  StrBuilder out;
  auto build = [&]() -> Result<void> {
    Ref<> module = TRY(getAttr(t, Value(self.type), "__module__"));
    Ref<> name = TRY(getAttr(t, Value(self.type), "__qualname__"));
    if (isStr(module) && !equalAscii(module.as<Str>(), "builtins") &&
        !equalAscii(module.as<Str>(), "__main__")) {
      out.add(module.as<Str>());
      out.add('.');
    }
    if (isStr(name)) out.add(name.as<Str>());
    out.add('(');
    Ref<> function = retain(self.function), arguments = retain(self.arguments),
          keywords = retain(self.keywords);
    out.add(TRY(repr(t, function)).get());
    for (Value v : valuesOf(arguments.as<Tuple>())) {
      out.add(", ");
      out.add(TRY(repr(t, v)).get());
    }
    i64 position = 0;
    Value k, v;
    while (dictNext(keywords.as<Dict>(), &position, &k, &v)) {
      Ref<> key = retain(k), value = retain(v);
      out.add(", ");
      out.add(TRY(str(t, key)).get());
      out.add('=');
      out.add(TRY(repr(t, value)).get());
    }
    out.add(')');
    return {};
  };
  Result<void> built = build();
  leaveRepr(t, &self);
  if (!built) return Error{};
  return out.finish();
}

Result<Ref<>> partial___reduce__(Thread&, Partial& self) {
  return tupleOf(
      Value(self.type), tupleOf(self.function),
      tupleOf(self.function, self.arguments, self.keywords, self.dict ? self.dict : none()));
}

Result<void> partial___setstate__(Thread& t, Partial& self, Value state) {
  if (!isTuple(state) || state.as<Tuple>()->size != 4)
    return t.raise(kTypeError, "invalid partial state");
  Value* in = state.as<Tuple>()->items;
  if (!isCallable(in[0]) || !isTuple(in[1]) || (!isNone(in[2]) && !isDict(in[2])))
    return t.raise(kTypeError, "invalid partial state");
  Ref<Tuple> arguments = TRY(tupleFrom(t, in[1]));
  if (arguments->size && arguments->items[arguments->size - 1] == Value(placeholder()))
    return t.raise(kTypeError, "trailing Placeholders are not allowed");
  Ref<Dict> keywords = isNone(in[2])        ? newDict()
                       : isExactDict(in[2]) ? retainObject(in[2].as<Dict>())
                                            : dictCopy(in[2].as<Dict>());
  Ref<> held = retain(state);
  setField(self.dict, isNone(in[3]) ? Ref<>() : retain(in[3]));
  setField(self.function, retain(in[0]));
  self.placeholders = countPlaceholders(valuesOf(arguments.get()));
  setField(self.arguments, std::move(arguments));
  setField(self.keywords, std::move(keywords));
  return {};
}

static Result<Ref<>> dictOfInstance(Thread& t, Object* o) {
  return retain(Value(TRY(instanceDict(t, o))));
}
static Result<void> setDictOfInstance(Thread& t, Value& field, Value v) {
  if (!v) return t.raise(kTypeError, "cannot delete __dict__");
  if (!isDict(v))
    return t.raise(kTypeError, "__dict__ must be set to a dictionary, not a '{}'", typeOf(v));
  setField(field, retain(v));
  return {};
}
Result<Ref<>> partial_get___dict__(Thread& t, Partial& self) { return dictOfInstance(t, &self); }
Result<void> partial_set___dict__(Thread& t, Partial& self, Value v) {
  return setDictOfInstance(t, self.dict, v);
}

// ---- cmp_to_key ----

Result<Ref<>> _functools_cmp_to_key(Thread&, Value mycmp) {
  Ref<KeyObject> k = make<KeyObject>(&PyFunctoolsKey_Type);
  k->compare = retain(mycmp).release();
  gcTrack(k);
  return k;
}

Result<Ref<>> keyobject___call__(Thread&, KeyObject& self, Value obj) {
  Ref<KeyObject> k = make<KeyObject>(&PyFunctoolsKey_Type);
  k->compare = retain(self.compare).release();
  k->object = retain(obj).release();
  gcTrack(k);
  return k;
}

Result<Ref<>> keyobject___richcompare__(Thread& t, KeyObject& self, Value other, CompareOp op) {
  if (typeOf(other) != &PyFunctoolsKey_Type)
    return t.raise(kTypeError, "other argument must be K instance");
  Ref<> compareFn = retain(self.compare), x = retain(self.object),
        y = retain(other.as<KeyObject>()->object);
  if (!x || !y) return t.raise(kAttributeError, "object");
  Ref<> order = TRY(callWith(t, compareFn, x, y));
  return compare(t, order, Value::smallInt(0), op);
}

// ---- reduce ----

Result<Ref<>> _functools_reduce(Thread& t, Value function, Value iterable, Value initial) {
  Result<Ref<>> it = iter(t, iterable);
  if (!it) {
    if (t.takeIf(kTypeError)) return t.raise(kTypeError, "reduce() arg 2 must support iteration");
    return Error{};
  }
  Ref<> result = retain(initial);
  for (;;) {
    Ref<> item = iterNext(t, *it).take();
    if (!item) break;
    if (!result)
      result = std::move(item);
    else
      result = TRY(callWith(t, function, result, item));
  }
  if (t.hasException()) return Error{};
  if (!result) return t.raise(kTypeError, "reduce() of empty iterable with no initial value");
  return result;
}

// ---- lru_cache ----

Result<Ref<>> lrucache___new__(Thread& t, Type& cls, Value function, Value maxsize, Value typed,
                               Value infoType) {
  if (!isCallable(function)) return t.raise(kTypeError, "the first argument must be callable");
  i64 size = -1;
  if (!isNone(maxsize)) {
    if (!hasIndex(maxsize)) return t.raise(kTypeError, "maxsize should be integer or None");
    size = std::max<i64>(0, TRY(indexI64(t, maxsize, kOverflowError)));
  }
  bool isTyped = TRY(isTrue(t, typed));
  auto* c = static_cast<LruCache*>(newInstance(&cls));
  c->function = retain(function).release();
  c->cache = newDict().release();
  c->infoType = retain(infoType).release();
  c->maxSize = size;
  c->typed = isTyped;
  gcTrack(c);
  return Ref<>::steal(c);
}

// A hashable key of a call; keywords count in their order, behind a mark that nothing equals.
static Ref<> callKey(LruCache& c, const Args& args) {
  u32 keywords = args.keywordCount();
  if (!c.typed && !keywords && args.count == 1 && (isExactInt(args[0]) || isExactStr(args[0])))
    return retain(args[0]);
  static Object* mark = [] {
    Object* o = newObject(&PyBaseObject_Type, sizeof(Object));
    o->refcount = kImmortalCount;
    return o;
  }();
  u32 total = args.total();
  Ref<Tuple> key =
      newTuple(i64(args.count) + (keywords ? 1 + 2 * keywords : 0) + (c.typed ? total : 0));
  i64 n = 0;
  auto put = [&](Value v) { key->items[n++] = retain(v).release(); };
  for (u32 i = 0; i < args.count; i++) put(args[i]);
  if (keywords) put(mark);
  for (u32 i = 0; i < keywords; i++) {
    put(args.names->items[i]);
    put(args.v[args.count + i]);
  }
  if (c.typed)
    for (u32 i = 0; i < total; i++) put(typeOf(args.v[i]));
  return key;
}

Result<Ref<>> lrucache___call__(Thread& t, LruCache& self, const Args& args) {
  Ref<> held = retain(&self), function = retain(self.function);
  if (self.maxSize == 0) {
    self.misses++;
    return call(t, function, args);
  }
  Ref<> key = callKey(self, args);
  i64 h = TRY(keyHash(t, key));
  Ref<> heldCache = retain(self.cache);
  Dict* cache = heldCache.as<Dict>();
  i64 at = dictFind(t, cache, key, h);
  if (at == kDictError) return Error{};
  if (at >= 0) {
    self.hits++;
    Ref<> result = retain(cache->keys->entries()[at].value);
    if (self.maxSize > 0) dictMoveEntry(cache, at, true);
    return result;
  }
  self.misses++;
  Ref<> result = TRY(call(t, function, args));
  // The call may have answered the same question on its way.
  at = dictFind(t, cache, key, h);
  if (at == kDictError) return Error{};
  if (at >= 0) {
    if (self.maxSize < 0) TRY(dictSet(t, cache, key, result));
    return result;
  }
  Ref<> oldKey, oldResult;
  if (self.maxSize > 0 && cache->used >= self.maxSize)
    dictTakeAt(cache, dictFirst(cache), &oldKey, &oldResult);
  dictInsertNew(cache, std::move(key), h, retain(result));
  return result;
}

Result<Ref<>> lrucache___get__(Thread&, LruCache& self, Value instance, Value) {
  if (instance.isEmpty() || isNone(instance)) return retain(&self);
  return makeMethod(&self, instance);
}

Result<Ref<>> lrucache_cache_info(Thread& t, LruCache& self) {
  return callWith(t, self.infoType, makeInt(self.hits), makeInt(self.misses),
                  self.maxSize < 0 ? noneRef() : makeInt(self.maxSize),
                  makeInt(self.cache.as<Dict>()->used));
}

Result<void> lrucache_cache_clear(Thread&, LruCache& self) {
  self.hits = self.misses = 0;
  Ref<> cache = retain(self.cache);
  dictClear(cache.as<Dict>());
  return {};
}

Result<Ref<>> lrucache___reduce__(Thread& t, LruCache& self) {
  return getAttr(t, &self, "__qualname__");
}
Result<Ref<>> lrucache___copy__(Thread&, LruCache& self) { return retain(&self); }
Result<Ref<>> lrucache___deepcopy__(Thread&, LruCache& self, Value) { return retain(&self); }
Result<Ref<>> lrucache_get___dict__(Thread& t, LruCache& self) { return dictOfInstance(t, &self); }
Result<void> lrucache_set___dict__(Thread& t, LruCache& self, Value v) {
  return setDictOfInstance(t, self.dict, v);
}

}  // namespace dx
