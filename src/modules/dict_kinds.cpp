// defaultdict and OrderedDict. A dict keeps insertion order by itself; OrderedDict adds moving
// entries, comparing with order, and iterators that notice every mutation.
#include "builtins/dict.gen.h"
#include "builtins/sequence_iterators.h"
#include "memory/heap.h"
#include "modules/_collections.gen.h"

namespace dx {

// ---- defaultdict ----

void defaultdict_dealloc(Object* o) {
  gcUntrack(o);
  clearField(static_cast<DefaultDict*>(o)->factory);
  dictDestroy(static_cast<Dict*>(o));
  freeObject(o);
}
void defaultdict_traverse(Object* o, Visitor& v) {
  v(static_cast<DefaultDict*>(o)->factory);
  dictVisit(static_cast<Dict*>(o), v);
}
void defaultdict_clear(Object* o) {
  clearField(static_cast<DefaultDict*>(o)->factory);
  dictClear(static_cast<Dict*>(o));
}

Result<void> defaultdict___init__(Thread& t, DefaultDict& self, const Args& args) {
  Args rest = args;
  if (args.count > 0) {
    if (!isNone(args[0]) && !isCallable(args[0]))
      return t.raise(kTypeError, "first argument must be callable or None");
    rest = Args(args.v + 1, args.count - 1, args.names);
  }
  setField(self.factory, args.count > 0 && !isNone(args[0]) ? retain(args[0]) : Ref<>());
  return dictUpdate(t, self, rest, "defaultdict");
}

Result<Ref<>> defaultdict___repr__(Thread& t, DefaultDict& self) {
  Ref<> base = TRY(dict___repr__(t, self));
  Ref<Str> factory;
  Ref<> held = retain(self.factory ? self.factory : none());
  if (!self.factory) {
    factory = makeAscii("None");
  } else {
    if (!enterRepr(t, &self)) {
      if (t.hasException()) return Error{};
      factory = makeAscii("...");
    } else {
      Result<Ref<Str>> r = repr(t, held);
      leaveRepr(t, &self);
      if (!r) return Error{};
      factory = std::move(r).take();
    }
  }
  std::string_view name = typeName(self.type);
  if (size_t dot = name.rfind('.'); dot != std::string_view::npos) name = name.substr(dot + 1);
  return formatStr("{}({}, {})", name, factory, base);
}

static Result<Ref<>> copyDefaultDict(Thread& t, DefaultDict& self, Value from) {
  return callWith(t, Value(self.type), self.factory ? self.factory : none(), from);
}

Result<Ref<>> defaultdict___or__(Thread& t, Value left, Value right) {
  bool ofLeft = isInstanceOf(left, &PyDefaultDict_Type);
  if (!isDict(ofLeft ? right : left)) return notImplementedRef();
  Ref<> out = TRY(copyDefaultDict(t, *(ofLeft ? left : right).as<DefaultDict>(), left));
  if (!isDict(out)) return t.raise(kTypeError, "expected a dict, not {}", typeOf(out));
  TRY(dictMerge(t, out.as<Dict>(), right));
  return out;
}

Result<Ref<>> defaultdict___missing__(Thread& t, DefaultDict& self, Value key) {
  if (!self.factory) return raiseKeyError(t, key);
  Ref<> factory = retain(self.factory);
  Ref<> value = TRY(callWith(t, factory));
  TRY(setItem(t, &self, key, value));
  return value;
}

Result<Ref<>> defaultdict_copy(Thread& t, DefaultDict& self) {
  return copyDefaultDict(t, self, &self);
}
Result<Ref<>> defaultdict___copy__(Thread& t, DefaultDict& self) {
  return copyDefaultDict(t, self, &self);
}

Result<Ref<>> defaultdict___reduce__(Thread& t, DefaultDict& self) {
  Ref<> args = self.factory ? Ref<>(tupleOf(self.factory)) : Ref<>(retain(emptyTuple()));
  Ref<> items = TRY(callMethodWith(t, &self, DX_NAME("items")));
  Ref<> it = TRY(iter(t, items));
  return tupleOf(Value(self.type), args, none(), none(), it);
}

// ---- OrderedDict ----

void odict_dealloc(Object* o) {
  gcUntrack(o);
  clearField(static_cast<OrderedDictObject*>(o)->dict);
  dictDestroy(static_cast<Dict*>(o));
  freeObject(o);
}
void odict_traverse(Object* o, Visitor& v) {
  v(static_cast<OrderedDictObject*>(o)->dict);
  dictVisit(static_cast<Dict*>(o), v);
}
void odict_clear(Object* o) {
  clearField(static_cast<OrderedDictObject*>(o)->dict);
  dictClear(static_cast<Dict*>(o));
}

namespace {

bool isOrdered(Value v) { return isInstanceOf(v, &PyODict_Type); }

// A pair of update()'s argument.
Result<void> setPair(Thread& t, Value self, Value pair) {
  Ref<> it = TRY(iter(t, pair));
  Ref<> parts[2];
  for (i64 i = 0; i < 2; i++) {
    parts[i] = iterNext(t, it).take();
    if (parts[i]) continue;
    if (t.hasException()) return Error{};
    return t.raise(kValueError, "need more than {} value{} to unpack", i, i == 1 ? "" : "s");
  }
  Ref<> extra = iterNext(t, it).take();
  if (extra) return t.raise(kValueError, "too many values to unpack (expected 2)");
  if (t.hasException()) return Error{};
  return setItem(t, self, parts[0], parts[1]);
}

// MutableMapping.update: every item goes through the instance's own __setitem__.
Result<void> updateMapping(Thread& t, Value self, const Args& args, const char* function) {
  if (args.count > 1)
    return t.raise(kTypeError, "{}() takes at most 1 positional argument ({} given)", function,
                   args.count);
  if (args.count == 1) {
    Value other = args[0];
    Ref<> method;
    auto eachPair = [&](Value v) -> Result<bool> {
      TRY(setPair(t, self, v));
      return true;
    };
    if (isExactDict(other)) {
      Ref<> items = TRY(callMethodWith(t, other, DX_NAME("items")));
      TRY(forEach(t, items, eachPair));
    } else if (TRY(lookupAttr(t, other, DX_NAME("keys"), &method))) {
      Ref<> keys = TRY(callWith(t, method));
      TRY(forEach(t, keys, [&](Value key) -> Result<bool> {
        Ref<> value = TRY(getItem(t, other, key));
        TRY(setItem(t, self, key, value));
        return true;
      }));
    } else if (TRY(lookupAttr(t, other, DX_NAME("items"), &method))) {
      Ref<> items = TRY(callWith(t, method));
      TRY(forEach(t, items, eachPair));
    } else {
      TRY(forEach(t, other, eachPair));
    }
  }
  for (u32 i = 0; i < args.keywordCount(); i++)
    TRY(setItem(t, self, args.names->items[i], args.v[args.count + i]));
  return {};
}

Ref<> makeOrderedCursor(Dict* d, u8 part, bool reverse) {
  Ref<OrderedCursor> c = make<OrderedCursor>(&PyODictIter_Type);
  c->dict = retain(d).release();
  c->part = part;
  c->reverse = reverse;
  c->used = d->used;
  c->version = d->keys->version;
  c->position = reverse ? d->keys->entryCount - 1 : 0;
  gcTrack(c);
  return c;
}

}  // namespace

Result<void> odict___init__(Thread& t, OrderedDictObject& self, const Args& args) {
  return updateMapping(t, &self, args, "OrderedDict");
}
Result<void> odict_update(Thread& t, OrderedDictObject& self, const Args& args) {
  return updateMapping(t, &self, args, "update");
}

Result<Ref<>> odict___repr__(Thread& t, OrderedDictObject& self) {
  std::string_view name = typeName(self.type);
  if (size_t dot = name.rfind('.'); dot != std::string_view::npos) name = name.substr(dot + 1);
  if (self.used == 0) return formatStr("{}()", name);
  if (!enterRepr(t, &self)) {
    if (t.hasException()) return Error{};
    return makeAscii("...");
  }
  auto build = [&]() -> Result<Ref<>> {
    Ref<Dict> plain;
    if (self.type == &PyODict_Type) {
      plain = dictCopy(&self);
    } else {
      plain = newDict();
      Ref<> items = TRY(callMethodWith(t, &self, DX_NAME("items")));
      TRY(dictMergePairs(t, plain, items, false));
    }
    return repr(t, plain);
  };
  Result<Ref<>> inner = build();
  leaveRepr(t, &self);
  if (!inner) return Error{};
  return formatStr("{}({})", name, *inner);
}

Result<Ref<>> odict___richcompare__(Thread& t, OrderedDictObject& self, Value other, CompareOp op) {
  if (!isDict(other) || (op != CompareOp::Eq && op != CompareOp::Ne)) return notImplementedRef();
  bool same = TRY(dictsEqual(t, &self, other.as<Dict>()));
  if (same && isOrdered(other)) {
    i64 i = 0, j = 0;
    Value a, b;
    while (same && dictNext(&self, &i, &a, nullptr) &&
           dictNext(other.as<Dict>(), &j, &b, nullptr)) {
      Ref<> x = retain(a), y = retain(b);
      u64 v = self.keys->version, w = other.as<Dict>()->keys->version;
      same = TRY(equal(t, x, y));
      if (self.keys->version != v || other.as<Dict>()->keys->version != w)
        return t.raise(kRuntimeError, "OrderedDict mutated during iteration");
    }
  }
  return boolRef(same == (op == CompareOp::Eq));
}

Result<Ref<>> odict___iter__(Thread&, OrderedDictObject& self) {
  return makeOrderedCursor(&self, 1, false);
}
Result<Ref<>> odict___reversed__(Thread&, OrderedDictObject& self) {
  return makeOrderedCursor(&self, 1, true);
}

Result<void> odict___setitem__(Thread& t, OrderedDictObject& self, Value key, Value valueOrEmpty) {
  return dict___setitem__(t, self, key, valueOrEmpty);
}

Result<Ref<>> odict___or__(Thread& t, Value left, Value right) {
  Type* type = isOrdered(left) ? typeOf(left) : typeOf(right);
  if (!isDict(left) || !isDict(right)) return notImplementedRef();
  Ref<> out = TRY(callWith(t, Value(type), left));
  TRY(updateMapping(t, out, Args(&right, 1), "update"));
  return out;
}
Result<Ref<>> odict___ior__(Thread& t, OrderedDictObject& self, Value other) {
  TRY(updateMapping(t, &self, Args(&other, 1), "update"));
  return retain(&self);
}

Result<Ref<>> odict_fromkeys(Thread& t, Type& cls, Value iterable, Value value) {
  Ref<> made = TRY(call(t, &cls, Args()));
  TRY(forEach(t, iterable, [&](Value key) -> Result<bool> {
    TRY(setItem(t, made, key, value));
    return true;
  }));
  return made;
}

Result<Ref<>> odict_setdefault(Thread& t, OrderedDictObject& self, Value key, Value default_) {
  if (self.type == &PyODict_Type) return retain(TRY(dictSetDefault(t, &self, key, default_)));
  if (TRY(contains(t, &self, key))) return getItem(t, &self, key);
  TRY(setItem(t, &self, key, default_));
  return retain(default_);
}

Result<Ref<>> odict_pop(Thread& t, OrderedDictObject& self, Value key, Value default_) {
  Ref<> value = dictPop(t, &self, key).take();
  if (value) return value;
  if (t.hasException()) return Error{};
  if (default_) return retain(default_);
  return raiseKeyError(t, key);
}

Result<Ref<>> odict_popitem(Thread& t, OrderedDictObject& self, bool last) {
  i64 at = last ? dictLast(&self) : dictFirst(&self);
  if (at < 0) return t.raise(kKeyError, "dictionary is empty");
  Ref<> key, value;
  dictTakeAt(&self, at, &key, &value);
  return tupleOf(key, value);
}

Result<void> odict_move_to_end(Thread& t, OrderedDictObject& self, Value key, bool last) {
  i64 at = dictFind(t, &self, key, TRY(keyHash(t, key)));
  if (at == kDictError) return Error{};
  if (at < 0) return raiseKeyError(t, key);
  dictMoveEntry(&self, at, last);
  return {};
}

Result<void> odict_clear(Thread&, OrderedDictObject& self) {
  dictClear(&self);
  return {};
}

Result<Ref<>> odict_copy(Thread& t, OrderedDictObject& self) {
  Ref<> copy = TRY(call(t, Value(self.type), Args()));
  if (self.type == &PyODict_Type) {
    TRY(dictMerge(t, copy.as<Dict>(), dictCopy(&self)));
    return copy;
  }
  Ref<List> keys = newList(self.used);
  i64 position = 0;
  Value key;
  while (dictNext(&self, &position, &key, nullptr)) listAppend(keys, key);
  for (i64 i = 0; i < keys->size; i++) {
    Ref<> value = TRY(getItem(t, &self, keys->items[i]));
    TRY(setItem(t, copy, keys->items[i], value));
  }
  return copy;
}

Result<Ref<>> odict_keys(Thread&, OrderedDictObject& self) {
  return makeDictView(&PyODictKeys_Type, &self);
}
Result<Ref<>> odict_values(Thread&, OrderedDictObject& self) {
  return makeDictView(&PyODictValues_Type, &self);
}
Result<Ref<>> odict_items(Thread&, OrderedDictObject& self) {
  return makeDictView(&PyODictItems_Type, &self);
}

Result<Ref<>> odict___reduce__(Thread& t, OrderedDictObject& self) {
  bool missing = false;
  Ref<> state = TRY(callSpecial(t, &self, DX_NAME("__getstate__"), {}, &missing));
  Ref<> items = TRY(callMethodWith(t, &self, DX_NAME("items")));
  Ref<> it = TRY(iter(t, items));
  return tupleOf(Value(self.type), emptyTuple(), state, none(), it);
}
Result<i64> odict___sizeof__(Thread&, OrderedDictObject& self) {
  return self.type->basicSize + dictTableBytes(&self);
}

Result<Ref<>> odict_get___dict__(Thread& t, OrderedDictObject& self) {
  return retain(Value(TRY(instanceDict(t, &self))));
}
Result<void> odict_set___dict__(Thread& t, OrderedDictObject& self, Value v) {
  return setInstanceDict(t, &self, v);
}

Result<Ref<>> odictkeys___iter__(Thread&, DictView& self) {
  return makeOrderedCursor(self.dict.as<Dict>(), 1, false);
}
Result<Ref<>> odictkeys___reversed__(Thread&, DictView& self) {
  return makeOrderedCursor(self.dict.as<Dict>(), 1, true);
}
Result<Ref<>> odictvalues___iter__(Thread&, DictView& self) {
  return makeOrderedCursor(self.dict.as<Dict>(), 2, false);
}
Result<Ref<>> odictvalues___reversed__(Thread&, DictView& self) {
  return makeOrderedCursor(self.dict.as<Dict>(), 2, true);
}
Result<Ref<>> odictitems___iter__(Thread&, DictView& self) {
  return makeOrderedCursor(self.dict.as<Dict>(), 3, false);
}
Result<Ref<>> odictitems___reversed__(Thread&, DictView& self) {
  return makeOrderedCursor(self.dict.as<Dict>(), 3, true);
}

Result<Ref<>> odictiter___iter__(Thread&, OrderedCursor& self) { return retain(&self); }

Result<Ref<>> odictiter___next__(Thread& t, OrderedCursor& self) {
  if (!self.dict) return Ref<>();
  Dict* d = self.dict.as<Dict>();
  if (d->keys->version != self.version) {
    const char* what = d->used != self.used ? "OrderedDict changed size during iteration"
                                            : "OrderedDict mutated during iteration";
    return t.raise(kRuntimeError, "{}", what);
  }
  const DictEntry* entries = d->keys->entries();
  i64 i = self.position, step = self.reverse ? -1 : 1, n = d->keys->entryCount;
  while (i >= 0 && i < n && !entries[i].key) i += step;
  if (i < 0 || i >= n) {
    clearField(self.dict);
    return Ref<>();
  }
  self.position = i + step;
  Ref<> key = retain(entries[i].key), value = retain(entries[i].value);
  // A subclass that looks items up in its own way is asked.
  if (self.part != 1 && d->type != &PyODict_Type &&
      slotsOf(d).getItem != PyODict_Type.data->slots.getItem)
    value = TRY(getItem(t, d, key));
  if (self.part == 1) return key;
  if (self.part == 2) return value;
  return tupleOf(key, value);
}

Result<Ref<>> odictiter___reduce__(Thread& t, OrderedCursor& self) {
  Ref<> function = TRY(builtinFunction(t, "iter"));
  Ref<OrderedCursor> copy = make<OrderedCursor>(self.type);
  copy->dict = retain(self.dict).release();
  copy->part = self.part;
  copy->reverse = self.reverse;
  copy->used = self.used;
  copy->position = self.position;
  copy->version = self.version;
  gcTrack(copy);
  Ref<List> rest = TRY(listFrom(t, copy));
  return tupleOf(function, tupleOf(rest));
}

}  // namespace dx
