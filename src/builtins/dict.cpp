#include "builtins/dict.gen.h"
#include "builtins/sequence_iterators.h"
#include "memory/heap.h"
#include "runtime/set_table.h"

namespace dx {

void dict_dealloc(Object* o) {
  gcUntrack(o);
  dictDestroy(static_cast<Dict*>(o));
  if (o->type == &PyDict_Type)
    freeGcObject(o, sizeof(Dict));
  else
    freeObject(o);
}
void dict_traverse(Object* o, Visitor& v) { dictVisit(static_cast<Dict*>(o), v); }
void dict_clear(Object* o) { dictClear(static_cast<Dict*>(o)); }

Result<Ref<>> dict___new__(Thread&, Type& cls, const Args&) {
  auto* d = static_cast<Dict*>(newInstance(&cls));
  d->keys = emptyDictKeys();
  gcTrack(d);
  return Ref<>::steal(d);
}

// An argument of dict() or update(): something with keys(), else pairs.
static Result<void> mergeArgument(Thread& t, Dict& d, Value from) {
  if (isExactDict(from)) return dictMerge(t, &d, from);
  Ref<> keys;
  if (TRY(lookupAttr(t, from, DX_NAME("keys"), &keys))) return dictMerge(t, &d, from);
  return dictMergePairs(t, &d, from, false);
}

Result<void> dictUpdate(Thread& t, Dict& d, const Args& args, const char* function) {
  if (args.count > 1)
    return t.raise(kTypeError, "{} expected at most 1 argument, got {}", function, args.count);
  if (args.count == 1) TRY(mergeArgument(t, d, args[0]));
  for (u32 i = 0; i < args.keywordCount(); i++)
    TRY(dictSet(t, &d, args.names->items[i], args.v[args.count + i]));
  return {};
}

Result<void> dict___init__(Thread& t, Dict& self, const Args& args) {
  return dictUpdate(t, self, args, "dict");
}
Result<void> dict_update(Thread& t, Dict& self, const Args& args) {
  return dictUpdate(t, self, args, "update");
}

Result<Ref<>> dict___repr__(Thread& t, Dict& self) {
  if (self.used == 0) return makeAscii("{}");
  if (!enterRepr(t, &self)) {
    if (t.hasException()) return Error{};
    return makeAscii("{...}");
  }
  StrBuilder out;
  out.add('{');
  i64 position = 0;
  Value k, v;
  bool first = true, failed = false;
  while (dictNext(&self, &position, &k, &v)) {
    Ref<> key = retain(k), value = retain(v);
    if (!first) out.add(", ");
    first = false;
    Result<Ref<Str>> keyText = repr(t, key);
    if (!keyText) {
      failed = true;
      break;
    }
    out.add(keyText.peek().get());
    out.add(": ");
    Result<Ref<Str>> valueText = repr(t, value);
    if (!valueText) {
      failed = true;
      break;
    }
    out.add(valueText.peek().get());
  }
  leaveRepr(t, &self);
  if (failed) return Error{};
  out.add('}');
  return out.finish();
}

Result<Ref<>> dict___richcompare__(Thread& t, Dict& self, Value other, CompareOp op) {
  if (!isDict(other) || (op != CompareOp::Eq && op != CompareOp::Ne)) return notImplementedRef();
  return boolRef(TRY(dictsEqual(t, &self, other.as<Dict>())) == (op == CompareOp::Eq));
}

Result<Ref<>> dict___iter__(Thread&, Dict& self) {
  return makeDictCursor(&PyDictIterKey_Type, &self);
}
Result<Ref<>> dict___reversed__(Thread&, Dict& self) {
  return makeDictCursor(&PyDictRevIterKey_Type, &self);
}
Result<i64> dict___len__(Thread&, Dict& self) { return self.used; }
Result<i64> dict___sizeof__(Thread&, Dict& self) {
  return self.type->basicSize + dictTableBytes(&self);
}

Result<bool> dict___contains__(Thread& t, Dict& self, Value key) {
  i64 at = dictFind(t, &self, key, TRY(dictKeyHash(t, key)));
  if (at == kDictError) return Error{};
  return at >= 0;
}

DX_COLD static Result<Ref<>> missingKey(Thread& t, Dict& self, Value key) {
  if (self.type != &PyDict_Type) {
    bool missing = false;
    Result<Ref<>> r = callSpecial(t, &self, DX_NAME("__missing__"), Values(&key, 1), &missing);
    if (!missing) return r;
  }
  return raiseKeyError(t, key);
}

Result<Ref<>> dictSubscript(Thread& t, Dict& self, Value key) {
  i64 at = dictFind(t, &self, key, TRY(dictKeyHash(t, key)));
  if (at >= 0) [[likely]]
    return retain(self.keys->entries()[at].value);
  if (at == kDictError) return Error{};
  return missingKey(t, self, key);
}
Result<Ref<>> dict___getitem__(Thread& t, Dict& self, Value key) {
  return dictSubscript(t, self, key);
}

Result<void> dict___setitem__(Thread& t, Dict& self, Value key, Value valueOrEmpty) {
  if (valueOrEmpty) return dictSet(t, &self, key, valueOrEmpty);
  if (!TRY(dictDelete(t, &self, key))) return raiseKeyError(t, key);
  return {};
}

Result<Ref<>> dict___or__(Thread& t, Value left, Value right) {
  if (!isDict(left) || !isDict(right)) return notImplementedRef();
  Ref<Dict> out = newDict();
  TRY(dictMerge(t, out, left));
  TRY(dictMerge(t, out, right));
  return out;
}
Result<Ref<>> dict___ior__(Thread& t, Dict& self, Value other) {
  TRY(mergeArgument(t, self, other));
  return retain(&self);
}

Result<Ref<>> dict_get(Thread& t, Dict& self, Value key, Value default_) {
  Value found = TRY(dictGet(t, &self, key));
  return retain(found ? found : default_);
}

Result<Ref<>> dict_setdefault(Thread& t, Dict& self, Value key, Value default_) {
  return retain(TRY(dictSetDefault(t, &self, key, default_)));
}

Result<Ref<>> dict_pop(Thread& t, Dict& self, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "dict.pop() takes no keyword arguments");
  if (args.count == 0) return t.raise(kTypeError, "pop expected at least 1 argument, got 0");
  if (args.count > 2)
    return t.raise(kTypeError, "pop expected at most 2 arguments, got {}", args.count);
  Ref<> value = dictPop(t, &self, args[0]).take();
  if (value) return value;
  if (t.hasException()) return Error{};
  if (args.count == 2) return retain(args[1]);
  return raiseKeyError(t, args[0]);
}

Result<Ref<>> dict_popitem(Thread& t, Dict& self) {
  i64 at = dictLast(&self);
  if (at < 0) return t.raise(kKeyError, "popitem(): dictionary is empty");
  Ref<> key, value;
  // The last entry's place is used again.
  bool atEnd = at == self.keys->entryCount - 1;
  dictTakeAt(&self, at, &key, &value);
  if (atEnd) {
    self.keys->entryCount = at;
    if (self.keys->firstEntry > at) self.keys->firstEntry = at;
  }
  return tupleOf(key, value);
}

Result<Ref<>> dict_keys(Thread&, Dict& self) { return makeDictView(&PyDictKeys_Type, &self); }
Result<Ref<>> dict_items(Thread&, Dict& self) { return makeDictView(&PyDictItems_Type, &self); }
Result<Ref<>> dict_values(Thread&, Dict& self) { return makeDictView(&PyDictValues_Type, &self); }

Result<Ref<>> dictFromKeys(Thread& t, Value cls, Value iterable, Value value) {
  Ref<> made = TRY(call(t, cls, Args()));
  if (isExactDict(made)) {
    Dict* d = made.as<Dict>();
    i64 position = 0;
    Value item;
    // Hashes that are known are not asked for again.
    i64 h;
    auto put = [&]() -> Result<void> {
      Ref<> held = retain(item);
      i64 at = dictFind(t, d, held, h);
      if (at == kDictError) return Error{};
      if (at < 0)
        dictInsertNew(d, std::move(held), h, retain(value));
      else
        setField(d->keys->entries()[at].value, retain(value));
      return {};
    };
    if (isExactDict(iterable)) {
      while (dictNext(iterable.as<Dict>(), &position, &item, nullptr, &h)) TRY(put());
      return made;
    }
    if (isAnySet(iterable) &&
        (typeOf(iterable) == &PySet_Type || typeOf(iterable) == &PyFrozenSet_Type)) {
      while (setNext(iterable.as<Set>(), &position, &item, &h)) TRY(put());
      return made;
    }
    TRY(forEach(t, iterable, [&](Value key) -> Result<bool> {
      TRY(dictSet(t, d, key, value));
      return true;
    }));
    return made;
  }
  TRY(forEach(t, iterable, [&](Value key) -> Result<bool> {
    TRY(setItem(t, made, key, value));
    return true;
  }));
  return made;
}
Result<Ref<>> dict_fromkeys(Thread& t, Type& cls, Value iterable, Value value) {
  return dictFromKeys(t, &cls, iterable, value);
}

Result<void> dict_clear(Thread&, Dict& self) {
  dictClear(&self);
  return {};
}
Result<Ref<>> dict_copy(Thread&, Dict& self) { return dictCopy(&self); }

// ---- mappingproxy ----

Ref<> makeMappingProxy(Value mapping) {
  Ref<MappingProxy> p = make<MappingProxy>(&PyDictProxy_Type);
  p->mapping = retain(mapping).release();
  gcTrack(p);
  return p;
}

Result<Ref<>> mappingproxy___new__(Thread& t, Type&, Value mapping) {
  if (!slotsOf(mapping).getItem || isList(mapping) || isTuple(mapping))
    return t.raise(kTypeError, "mappingproxy() argument must be a mapping, not {}",
                   typeOf(mapping));
  return makeMappingProxy(mapping);
}

Result<Ref<>> mappingproxy___repr__(Thread& t, MappingProxy& self) {
  Ref<Str> inner = TRY(repr(t, self.mapping));
  StrBuilder out;
  out.add("mappingproxy(");
  out.add(inner.get());
  out.add(')');
  return out.finish();
}
Result<Ref<>> mappingproxy___str__(Thread& t, MappingProxy& self) { return str(t, self.mapping); }
Result<i64> mappingproxy___hash__(Thread& t, MappingProxy& self) { return hash(t, self.mapping); }
Result<Ref<>> mappingproxy___richcompare__(Thread& t, MappingProxy& self, Value other,
                                           CompareOp op) {
  Value right = isInstanceOf(other, &PyDictProxy_Type) ? other.as<MappingProxy>()->mapping : other;
  return compare(t, self.mapping, right, op);
}
Result<Ref<>> mappingproxy___iter__(Thread& t, MappingProxy& self) { return iter(t, self.mapping); }
Result<i64> mappingproxy___len__(Thread& t, MappingProxy& self) { return length(t, self.mapping); }
Result<bool> mappingproxy___contains__(Thread& t, MappingProxy& self, Value key) {
  return contains(t, self.mapping, key);
}
Result<Ref<>> mappingproxy___getitem__(Thread& t, MappingProxy& self, Value key) {
  return getItem(t, self.mapping, key);
}
static Value unwrap(Value v) {
  return isInstanceOf(v, &PyDictProxy_Type) ? v.as<MappingProxy>()->mapping : v;
}
Result<Ref<>> mappingproxy___or__(Thread& t, Value left, Value right) {
  return binary(t, BinaryOp::Or, unwrap(left), unwrap(right));
}
Result<Ref<>> mappingproxy___ior__(Thread& t, MappingProxy& self, Value) {
  return t.raise(kTypeError, "'|=' is not supported by {}; use '|' instead", self.type);
}
Result<Ref<>> mappingproxy_get(Thread& t, MappingProxy& self, Value key, Value default_) {
  return callMethodWith(t, self.mapping, DX_NAME("get"), key, default_);
}
Result<Ref<>> mappingproxy_keys(Thread& t, MappingProxy& self) {
  return callMethodWith(t, self.mapping, DX_NAME("keys"));
}
Result<Ref<>> mappingproxy_values(Thread& t, MappingProxy& self) {
  return callMethodWith(t, self.mapping, DX_NAME("values"));
}
Result<Ref<>> mappingproxy_items(Thread& t, MappingProxy& self) {
  return callMethodWith(t, self.mapping, DX_NAME("items"));
}
Result<Ref<>> mappingproxy_copy(Thread& t, MappingProxy& self) {
  return callMethodWith(t, self.mapping, DX_NAME("copy"));
}
Result<Ref<>> mappingproxy___reversed__(Thread& t, MappingProxy& self) {
  return callMethodWith(t, self.mapping, DX_NAME("__reversed__"));
}

}  // namespace dx
