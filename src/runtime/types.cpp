#include "runtime/types.h"

#include <algorithm>

#include "memory/heap.h"
#include "runtime/attributes.h"
#include "runtime/slot_dispatch.h"
#include "runtime/slot_table.h"
#include "runtime/snapshot.h"

namespace dx {

// ---- versions and the method cache ----

namespace {

u32 gNextVersion = 1;  // 0 again when all numbers are used up: then nothing more is cached

// (version, name) -> value along the MRO. The version number is unique to a type and a state of its
// attributes, so an entry is right as long as its version is some type's current one; the value is
// alive then, because the dict that holds it has not changed. Names are kept alive by the entry.
struct CacheEntry {
  u32 version;
  Str* name;
  Value value;
};
constexpr u32 kCacheBits = 12;
// Made on first use. A snapshot does without, as it would be copied at each start.
CacheEntry* gMethodCache = nullptr;
DX_COLD void makeMethodCache() {
  constexpr size_t kBytes = sizeof(CacheEntry) << kCacheBits;
  gMethodCache = static_cast<CacheEntry*>(memset(allocateScratch(kBytes), 0, kBytes));
}

inline CacheEntry& cacheEntry(u32 version, const Str* name) {
  if (!gMethodCache) [[unlikely]]
    makeMethodCache();
  return gMethodCache[(version ^ u32(reinterpret_cast<u64>(name) >> 4)) & ((1 << kCacheBits) - 1)];
}

Value findInMro(Type* type, Str* name) {
  if (!type->mro) return Value();
  Ref<Tuple> mro = retainObject(type->mro);  // a key's __eq__ may assign to __bases__
  for (i64 i = 0; i < mro->size; i++) {
    Type* cls = mro->items[i].as<Type>();
    if (Value v = dictGetStr(cls->dict ? cls->dict : typeDict(cls), name)) return v;
  }
  return Value();
}

DX_NOINLINE Value lookupMiss(Type* type, Str* name) {
  u32 version = name->interned() ? typeVersion(type) : 0;
  Value v = findInMro(type, name);
  if (version) {
    CacheEntry& e = cacheEntry(version, name);
    Str* old = e.name;
    increfObject(name);
    e = {version, name, v};
    if (old) decrefObject(old);
  }
  return v;
}

}  // namespace

u32 typeVersion(Type* type) {
  if (type->versionTag) return type->versionTag;
  if (type->data->slotFlags & kCustomMro || !type->mro || !type->bases || gNextVersion == 0)
    return 0;
  // A type with a number has bases with numbers: typeModified() relies on it to stop early.
  for (Value base : valuesOf(type->bases))
    if (!typeVersion(base.as<Type>())) return 0;
  return type->versionTag = gNextVersion++;
}

Value typeLookup(Type* type, Str* name) {
  if (u32 version = type->versionTag) [[likely]] {
    CacheEntry& e = cacheEntry(version, name);
    if (e.version == version && e.name == name) [[likely]]
      return e.value;
  }
  return lookupMiss(type, name);
}

void typeModified(Type* type) {
  if (type->versionTag == 0) return;
  for (Type* sub : subclassesOf(type)) typeModified(sub);
  type->versionTag = 0;
}

// ---- relations ----

bool isSubtype(const Type* a, const Type* b) {
  if (a == b) return true;
  if (const Tuple* mro = a->mro) {
    for (i64 i = 0; i < mro->size; i++)
      if (mro->items[i].as<Type>() == b) return true;
    return false;
  }
  // Not ready yet, or cleared by the collector.
  for (; a; a = a->base)
    if (a == b) return true;
  return b == &PyBaseObject_Type;
}

std::string_view typeName(Type* type) { return type->name; }

Ref<Str> qualifiedTypeName(Type* type) {
  if (!type->has(kTypeHeap)) return makeStr(type->name);
  auto* heap = static_cast<HeapType*>(type);
  Value module = dictGetStr(type->dict, DX_NAME("__module__"));
  if (!module || !isStr(module) || equalAscii(module.as<Str>(), "builtins") ||
      equalAscii(module.as<Str>(), "__main__"))
    return retainObject(heap->htQualname);
  return formatStr("{}.{}", module, Value(heap->htQualname));
}

Type* nativeBase(Type* type) {
  while (isPythonClass(type)) type = type->base;
  return type;
}

void addSubclass(Type* base, Type* type) {
  auto*& list = reinterpret_cast<SubclassList*&>(base->subclasses);
  if (!list) list = new SubclassList;
  list->types.push_back(type);
}

void removeSubclass(Type* base, Type* type) {
  auto* list = static_cast<SubclassList*>(base->subclasses);
  if (!list) return;
  auto at = std::find(list->types.rbegin(), list->types.rend(), type);
  if (at != list->types.rend()) list->types.erase(std::next(at).base());
}

std::string pointerText(Value v) {
  char text[24];
  snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(v.bits()));
  return text;
}

// ---- readiness of static types ----

namespace {

constexpr u64 kInheritedFlags = kTypeIntSubclass | kTypeListSubclass | kTypeTupleSubclass |
                                kTypeBytesSubclass | kTypeStrSubclass | kTypeDictSubclass |
                                kTypeExceptionSubclass | kTypeTypeSubclass | kTypeMatchSelf |
                                kTypeManagedDict | kTypeManagedWeakref | kTypeItemsAtEnd;

void inheritSlots(Type* type) {
  Slots& own = type->data->slots;
  Slots& base = type->base->data->slots;
  const NativeTypeInfo* info = type->data->native;
  bool unhashable = (info && info->unhashable) || (own.richcompare && !own.hash);
  if (own.construct && own.construct != objectNew) type->data->slotFlags |= kOwnNew;
  // Instances of static types are not made by object.__new__ unless they say so; with an __init__
  // alone they get a plain constructor.
  if (!own.construct && type->base == &PyBaseObject_Type) {
    if (own.init && !type->has(kTypeDisallowInstantiation)) {
      own.construct = plainNew;
      type->data->slotFlags |= kOwnNew;
    } else {
      type->flags |= kTypeDisallowInstantiation;
    }
  }
  bool takeConstruct = type->base != &PyBaseObject_Type && !type->has(kTypeDisallowInstantiation);
  bool takeGc =
      !type->has(kTypeHasGc) && !own.traverse && !own.clear && type->base->has(kTypeHasGc);
  if (takeGc) type->flags |= kTypeHasGc;
  for (u32 i = 0; i < kSlotCount; i++) {
    SlotFn& slot = slotAt(own, i);
    if (slot) continue;
    if (i == DX_SLOT_INDEX(hash) || i == DX_SLOT_INDEX(richcompare)) continue;
    if (i == DX_SLOT_INDEX(construct) && !takeConstruct) continue;
    slot = slotAt(base, i);
  }
  // Equality and hash belong together: taken over both or none.
  if (unhashable) {
    own.hash = hashNotImplemented;
    if (!own.richcompare) own.richcompare = base.richcompare;
  } else if (!own.hash && !own.richcompare) {
    own.hash = base.hash;
    own.richcompare = base.richcompare;
  } else if (!own.richcompare) {
    own.richcompare = base.richcompare;
  }
}

}  // namespace

void readyStaticType(Type* type) {
  if (type->has(kTypeReady)) return;
  type->flags |= kTypeReady;
  if (!type->data) type->data = new TypeData{};
  if (!type->type) type->type = &PyType_Type;
  if (!type->base && type != &PyBaseObject_Type) type->base = &PyBaseObject_Type;
  if (Type* base = type->base) {
    readyStaticType(base);
    if (type->basicSize == 0) type->basicSize = base->basicSize;
    if (type->itemSize == 0) type->itemSize = base->itemSize;
    if (type->weaklistOffset == 0) type->weaklistOffset = base->weaklistOffset;
    if (type->dictOffset == 0) type->dictOffset = base->dictOffset;
    type->flags |= base->flags & kInheritedFlags;
    if (!type->has(kTypeSequence | kTypeMapping))
      type->flags |= base->flags & (kTypeSequence | kTypeMapping);
    inheritSlots(type);
    type->bases = tupleOf(Value(base)).release();
    Tuple* above = base->mro;
    Ref<Tuple> mro = newTuple(above->size + 1);
    mro->items[0] = type;
    for (i64 i = 0; i < above->size; i++) mro->items[i + 1] = above->items[i];
    type->mro = mro.release();
    addSubclass(base, type);
  } else {
    type->data->slotFlags |= kOwnNew;
    type->bases = newTuple(0).release();
    type->mro = tupleOf(Value(type)).release();
  }
  if (type->has(kTypeManagedWeakref) && type->weaklistOffset == 0) type->weaklistOffset = -32;
  if (type->has(kTypeManagedDict) && type->dictOffset == 0) type->dictOffset = -1;
}

void readyStaticTypes() {
  readyStaticType(&PyBaseObject_Type);
  readyStaticType(&PyType_Type);
  for (Type* type : nativeTypes()) readyStaticType(type);
}

void forgetMethodCache() { gMethodCache = nullptr; }

// ---- instance and subclass tests ----

namespace {

// __bases__ of anything that has a tuple there; empty without an exception otherwise.
Result<Ref<>> abstractBases(Thread& t, Value cls) {
  Ref<> bases;
  TRY(lookupAttr(t, cls, DX_NAME("__bases__"), &bases));
  if (!bases || !isTuple(bases)) return Ref<>();
  return bases;
}

// Result<Ref<>> cannot tell "empty, fine" from "error" by itself.
Result<bool> getAbstractBases(Thread& t, Value cls, Ref<>* out) {
  Result<Ref<>> r = abstractBases(t, cls);
  if (!r && t.hasException()) return Error{};
  *out = std::move(r).take();
  return !out->isEmpty();
}

Result<bool> abstractIsSubclass(Thread& t, Value derived, Value cls) {
  RecursionGuard guard(t);
  TRY(guard.check(" in __issubclass__"));
  Ref<> current = retain(derived);
  for (;;) {
    if (current.get() == cls) return true;
    Ref<> bases;
    if (!TRY(getAbstractBases(t, current, &bases))) return false;
    Tuple* list = bases.as<Tuple>();
    if (list->size == 0) return false;
    if (list->size == 1) {
      current = retain(list->items[0]);
      continue;
    }
    for (i64 i = 0; i < list->size; i++)
      if (TRY(abstractIsSubclass(t, list->items[i], cls))) return true;
    return false;
  }
}

Result<void> checkClass(Thread& t, Value cls, const char* message) {
  Ref<> bases;
  if (TRY(getAbstractBases(t, cls, &bases))) return ok();
  return t.raise(kTypeError, "{}", message);
}

}  // namespace

// type.__instancecheck__ and its like for classes that are no types.
Result<bool> plainIsInstance(Thread& t, Value o, Value cls) {
  if (isType(cls)) {
    if (isInstanceOf(o, cls.as<Type>())) return true;
    // object's own __class__, which no instance can hide, claims nothing else than the type.
    Type* type = typeOf(o);
    static const Value objectClass = typeLookup(&PyBaseObject_Type, DX_NAME("__class__"));
    if (type->data->slots.getattro == &genericGetAttr &&
        typeLookup(type, DX_NAME("__class__")) == objectClass)
      return false;
    Ref<> claimed;
    TRY(lookupAttr(t, o, DX_NAME("__class__"), &claimed));
    return claimed && isType(claimed) && claimed.get() != Value(typeOf(o)) &&
           isSubtype(claimed.as<Type>(), cls.as<Type>());
  }
  TRY(checkClass(t, cls, "isinstance() arg 2 must be a type, a tuple of types, or a union"));
  Ref<> claimed;
  TRY(lookupAttr(t, o, DX_NAME("__class__"), &claimed));
  if (!claimed) return false;
  return abstractIsSubclass(t, claimed, cls);
}

Result<bool> plainIsSubclass(Thread& t, Value c, Value cls) {
  if (isType(c) && isType(cls)) return isSubtype(c.as<Type>(), cls.as<Type>());
  TRY(checkClass(t, c, "issubclass() arg 1 must be a class"));
  TRY(checkClass(t, cls, "issubclass() arg 2 must be a class, a tuple of classes, or a union"));
  return abstractIsSubclass(t, c, cls);
}

namespace {

using PlainTest = Result<bool> (*)(Thread&, Value, Value);

Result<bool> testWithHooks(Thread& t, Value v, Value info, Str* hook, const char* where,
                           PlainTest plain) {
  if (typeOf(info) == &PyType_Type) return plain(t, v, info);
  if (isTuple(info)) {
    RecursionGuard guard(t);
    TRY(guard.check(where));
    Ref<> hold = retain(info);
    Tuple* list = info.as<Tuple>();
    for (i64 i = 0; i < list->size; i++)
      if (TRY(testWithHooks(t, v, list->items[i], hook, where, plain))) return true;
    return false;
  }
  bool missing;
  Value args[] = {v};
  RecursionGuard guard(t);
  TRY(guard.check(where));
  Result<Ref<>> r = callSpecial(t, info, hook, args, &missing);
  if (missing) return plain(t, v, info);
  if (!r) return Error{};
  Ref<> answer = std::move(r).take();
  return isTrue(t, answer);
}

}  // namespace

Result<bool> isInstance(Thread& t, Value o, Value classinfo) {
  if (Value(typeOf(o)) == classinfo) return true;
  return testWithHooks(t, o, classinfo, DX_NAME("__instancecheck__"), " in __instancecheck__",
                       plainIsInstance);
}

Result<bool> isSubclass(Thread& t, Value c, Value classinfo) {
  if (isType(classinfo) && typeOf(classinfo) == &PyType_Type && c == classinfo) return true;
  return testWithHooks(t, c, classinfo, DX_NAME("__subclasscheck__"), " in __subclasscheck__",
                       plainIsSubclass);
}

}  // namespace dx
