// The native half of abc.ABCMeta: abstract methods, registration, cached subclass checks.
//
// Caches hold weak references, so that asking about a class does not keep it alive. All negative
// answers become invalid when any class is registered anywhere (the counter).
#include "memory/heap.h"
#include "modules/_abc.gen.h"
#include "runtime/types.h"

namespace dx {

static u64 invalidationCounter = 0;

static Result<Ref<AbcData>> dataOf(Thread& t, Value cls) {
  Ref<> data = TRY(getAttr(t, cls, DX_NAME("_abc_impl")));
  if (typeOf(data) != &PyAbcData_Type)
    return t.raise(kTypeError, "_abc_impl is set to a wrong type");
  return std::move(data).cast<AbcData>();
}

static Result<Ref<>> weakReference(Thread& t, Value cls) {
  return callWith(t, Value(&_PyWeakref_RefType), cls);
}

static Result<bool> inWeakSet(Thread& t, Value set, Value cls) {
  if (!set || set.as<Set>()->used == 0) return false;
  Result<Ref<>> ref = weakReference(t, cls);
  if (!ref) {
    if (t.takeIf(kTypeError)) return false;  // cannot be weakly referenced
    return Error{};
  }
  Ref<> held = retain(set);
  return setContains(t, set.as<Set>(), *ref);
}

static Result<void> addToWeakSet(Thread& t, Value& field, Value cls) {
  if (!field) field = newSet(&PySet_Type).release();
  Ref<> ref = TRY(weakReference(t, cls));
  Ref<> held = retain(field);
  Set* set = held.as<Set>();
  // Now and then the references to dead classes go.
  if (set->used > 16 && (set->used & (set->used - 1)) == 0) {
    Ref<List> dead = newList();
    i64 position = 0;
    Value item;
    while (setNext(set, &position, &item))
      if (!item.as<WeakRef>()->referent) listAppend(dead, item);
    for (i64 i = 0; i < dead->size; i++) TRY(setDiscard(t, set, dead->items[i]));
  }
  return setAdd(t, set, ref);
}

// ---- __abstractmethods__ ----

static Result<bool> isAbstract(Thread& t, Value v) {
  Ref<> flag;
  if (!TRY(lookupAttr(t, v, DX_NAME("__isabstractmethod__"), &flag))) return false;
  return isTrue(t, flag);
}

static Result<void> computeAbstractMethods(Thread& t, Value self) {
  Ref<Set> abstracts = newSet(&PyFrozenSet_Type);
  Ref<> ns = TRY(getAttr(t, self, DX_NAME("__dict__")));
  Ref<> items = TRY(callMethodWith(t, ns, DX_NAME("items")));
  Ref<List> pairs = TRY(listFrom(t, items));
  for (i64 i = 0; i < pairs->size; i++) {
    Tuple* pair = pairs->items[i].as<Tuple>();
    if (!isTuple(pairs->items[i]) || pair->size != 2)
      return t.raise(kTypeError, "Iteration over mapping items returned non-pair");
    if (TRY(isAbstract(t, pair->items[1]))) TRY(setAdd(t, abstracts, pair->items[0]));
  }
  Ref<> bases = TRY(getAttr(t, self, DX_NAME("__bases__")));
  if (!isTuple(bases)) return t.raise(kTypeError, "__bases__ is not tuple");
  for (Value base : valuesOf(bases.as<Tuple>())) {
    Ref<> inherited;
    if (!TRY(lookupAttr(t, base, DX_NAME("__abstractmethods__"), &inherited))) continue;
    TRY(forEach(t, inherited, [&](Value name) -> Result<bool> {
      if (!isStr(name))
        return t.raise(kTypeError, "attribute name must be string, not '{}'", typeOf(name));
      Ref<> value;
      if (TRY(lookupAttr(t, self, name.as<Str>(), &value)) && TRY(isAbstract(t, value)))
        TRY(setAdd(t, abstracts, name));
      return true;
    }));
  }
  return setAttr(t, self, DX_NAME("__abstractmethods__"), abstracts);
}

Result<u64> _abc_get_cache_token(Thread&) { return invalidationCounter; }

Result<void> _abc__abc_init(Thread& t, Value self) {
  TRY(computeAbstractMethods(t, self));
  Ref<AbcData> data = make<AbcData>(&PyAbcData_Type);
  data->negativeVersion = invalidationCounter;
  gcTrack(data);
  TRY(setAttr(t, self, DX_NAME("_abc_impl"), data));
  // Pattern matching flags given in the class body (__abc_tpflags__).
  if (!isType(self)) return {};
  Type* cls = self.as<Type>();
  Value flags = dictGetStr(typeDict(cls), DX_NAME("__abc_tpflags__"));
  i64 bits;
  if (flags && isExactInt(flags) && intToI64(flags, &bits)) {
    constexpr u64 kCollection = kTypeSequence | kTypeMapping;
    if ((u64(bits) & kCollection) == kCollection)
      return t.raise(kTypeError,
                     "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
    if (u64(bits) & kCollection)
      cls->flags = (cls->flags & ~kCollection) | (u64(bits) & kCollection);
    TRY(setAttr(t, self, DX_NAME("__abc_tpflags__"), Value()));
  }
  return {};
}

Result<void> _abc__reset_registry(Thread& t, Value self) {
  Ref<AbcData> data = TRY(dataOf(t, self));
  clearField(data->registry);
  return {};
}
Result<void> _abc__reset_caches(Thread& t, Value self) {
  Ref<AbcData> data = TRY(dataOf(t, self));
  clearField(data->cache);
  clearField(data->negative);
  return {};
}

static Result<Ref<>> copyOf(Thread& t, Value set) {
  Ref<Set> copy = newSet(&PySet_Type);
  if (set) TRY(setUpdate(t, copy, set));
  return copy;
}
Result<Ref<>> _abc__get_dump(Thread& t, Value self) {
  Ref<AbcData> data = TRY(dataOf(t, self));
  Ref<> registry = TRY(copyOf(t, data->registry)), cache = TRY(copyOf(t, data->cache)),
        negative = TRY(copyOf(t, data->negative));
  return tupleOf(registry, cache, negative, makeInt(data->negativeVersion));
}

// The collection flags of an ABC reach registered classes and their subclasses.
static void inheritCollectionFlags(Type* cls, u64 flags) {
  constexpr u64 kCollection = kTypeSequence | kTypeMapping;
  if ((cls->flags & kTypeImmutable) || (cls->flags & kCollection) == flags) return;
  cls->flags = (cls->flags & ~kCollection) | flags;
  for (Type* sub : subclassesOf(cls)) inheritCollectionFlags(sub, flags);
}

Result<Ref<>> _abc__abc_register(Thread& t, Value self, Value subclass) {
  if (!isType(subclass)) return t.raise(kTypeError, "Can only register classes");
  if (TRY(isSubclass(t, subclass, self))) return retain(subclass);
  // Registering in a circle would make checks run forever.
  if (TRY(isSubclass(t, self, subclass)))
    return t.raise(kRuntimeError, "Refusing to create an inheritance cycle");
  Ref<AbcData> data = TRY(dataOf(t, self));
  TRY(addToWeakSet(t, data->registry, subclass));
  invalidationCounter++;
  if (isType(self)) {
    u64 collection = self.as<Type>()->flags & (kTypeSequence | kTypeMapping);
    if (collection) inheritCollectionFlags(subclass.as<Type>(), collection);
  }
  return retain(subclass);
}

Result<Ref<>> _abc__abc_instancecheck(Thread& t, Value self, Value instance) {
  Ref<AbcData> data = TRY(dataOf(t, self));
  Ref<> subclass;
  if (!TRY(lookupAttr(t, instance, DX_NAME("__class__"), &subclass)))
    subclass = retain(Value(typeOf(instance)));
  if (TRY(inWeakSet(t, data->cache, subclass))) return boolRef(true);
  Value subtype = typeOf(instance);
  if (subtype == subclass.get()) {
    if (data->negativeVersion == invalidationCounter && TRY(inWeakSet(t, data->negative, subclass)))
      return boolRef(false);
    return callMethodWith(t, self, DX_NAME("__subclasscheck__"), subclass);
  }
  Ref<> first = TRY(callMethodWith(t, self, DX_NAME("__subclasscheck__"), subclass));
  if (TRY(isTrue(t, first))) return first;
  return callMethodWith(t, self, DX_NAME("__subclasscheck__"), subtype);
}

static Result<bool> isRegistered(Thread& t, AbcData& data, Value subclass) {
  if (!data.registry) return false;
  if (TRY(inWeakSet(t, data.registry, subclass))) return true;
  Ref<List> copy = TRY(listFrom(t, data.registry));
  for (i64 i = 0; i < copy->size; i++) {
    Object* referent = copy->items[i].as<WeakRef>()->referent;
    if (!referent || referent == &_Py_NoneStruct) continue;
    Ref<> registered = retain(referent);
    if (TRY(isSubclass(t, subclass, registered))) return true;
  }
  return false;
}

Result<bool> _abc__abc_subclasscheck(Thread& t, Value self, Value subclass) {
  if (!isType(subclass)) return t.raise(kTypeError, "issubclass() arg 1 must be a class");
  Ref<AbcData> data = TRY(dataOf(t, self));
  if (TRY(inWeakSet(t, data->cache, subclass))) return true;
  if (data->negativeVersion < invalidationCounter) {
    clearField(data->negative);
    data->negativeVersion = invalidationCounter;
  } else if (TRY(inWeakSet(t, data->negative, subclass))) {
    return false;
  }
  auto yes = [&]() -> Result<bool> {
    TRY(addToWeakSet(t, data->cache, subclass));
    return true;
  };
  auto no = [&]() -> Result<bool> {
    TRY(addToWeakSet(t, data->negative, subclass));
    return false;
  };
  Ref<> verdict = TRY(callMethodWith(t, self, DX_NAME("__subclasshook__"), subclass));
  if (verdict.get() == trueValue()) return yes();
  if (verdict.get() == falseValue()) return no();
  if (verdict.get() != notImplemented())
    return t.raise(kAssertionError,
                   "__subclasshook__ must return either False, True, or NotImplemented");
  if (isType(self) && isSubtype(subclass.as<Type>(), self.as<Type>())) return yes();
  if (TRY(isRegistered(t, *data, subclass))) return yes();
  Ref<> subclasses = TRY(callMethodWith(t, self, DX_NAME("__subclasses__")));
  if (!isList(subclasses)) return t.raise(kTypeError, "__subclasses__() must return a list");
  for (i64 i = 0; i < subclasses.as<List>()->size; i++) {
    Ref<> each = retain(subclasses.as<List>()->items[i]);
    if (TRY(isSubclass(t, subclass, each))) return yes();
  }
  return no();
}

}  // namespace dx
