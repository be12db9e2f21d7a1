#include "speculation/attribute_cache.h"

#include "runtime/native.h"
#include "runtime/slot_dispatch.h"
#include "speculation/megamorphic.h"

namespace dx {

namespace {

bool isDataDescriptor(Value descr) { return slotsOf(descr).descrSet != nullptr; }

// A plain object field behind a slot descriptor (__slots__), if `descr` is one.
const NativeMember* objectMember(Value descr) {
  if (typeOf(descr) != &PyMemberDescr_Type) return nullptr;
  const NativeMember* m = descr.as<MemberDescriptor>()->def;
  bool object = m->kind == MemberKind::Object || m->kind == MemberKind::ObjectOrError;
  return object && m->offset > 0 && m->offset < 0xFFFF ? m : nullptr;
}

u16 slotOffset(Type* type, i32 slot) {
  return u16(type->basicSize + i64(slot) * i64(sizeof(Value)));
}
bool slotReachable(Type* type, i32 slot) {
  return type->basicSize + i64(slot + 1) * i64(sizeof(Value)) < 0xFFFF;
}

// A native getter, in the class of `type` or one below it.
bool hasNativeGetter(Value descr, Type* type) {
  return typeOf(descr) == &PyGetSetDescr_Type && descr.as<GetSetDescriptor>()->def->get &&
         isSubtype(type, descr.as<GetSetDescriptor>()->owner);
}
void fillFromGetter(AttrCache& cache, Type* type, Value descr) {
  cache = {};
  cache.versionTag = type->versionTag;
  cache.kind = CacheKind::Getter;
  cache.payload = descr.bits();
}

void fillFromModule(AttrCache& cache, Module* m, Str* name, bool method) {
  if (Value onType = typeLookup(m->type, name)) {
    if (!method && hasNativeGetter(onType, m->type)) return fillFromGetter(cache, m->type, onType);
    if (isDataDescriptor(onType)) return;
  }
  Value* cell = dictValueSlot(m->dict, name);
  if (!cell) return;
  cache = {};
  cache.versionTag = m->type->versionTag;
  cache.kind = CacheKind::ModuleValue;
  cache.shape = reinterpret_cast<u64>(m);
  cache.payload = reinterpret_cast<u64>(cell);
  cache.keysVersion = dictKeysVersion(m->dict);
}

// The dict of an instance that has no shape (null: not made yet), and where it is. False: it has
// one, or can have no dict.
bool dictOfInstance(Object* o, Dict** dict, u16* offset) {
  Type* type = o->type;
  *offset = 0;
  if (type->has(kTypeManagedDict)) {
    if (hasShape(o)) return false;
    *dict = dictOfWord(managedDictWord(o));
    return true;
  }
  if (type->dictOffset <= 0 || type->dictOffset >= 0xFFFF) return false;
  *offset = u16(type->dictOffset);
  *dict = reinterpret_cast<Value*>(reinterpret_cast<u8*>(o) + *offset)->as<Dict>();
  return true;
}

// The instance's dict holds the attribute.
void fillFromDict(AttrCache& cache, Object* o, Str* name) {
  Dict* dict;
  u16 offset;
  if (!dictOfInstance(o, &dict, &offset)) return;
  Value* cell = dict ? dictValueSlot(dict, name) : nullptr;
  if (!cell) return;
  cache = {};
  cache.versionTag = o->type->versionTag;
  cache.kind = CacheKind::DictValue;
  cache.offset = offset;
  cache.payload = reinterpret_cast<u64>(cell);
  cache.keysVersion = dictKeysVersion(dict);
}

// A class method of a Python function: taken from an object it is the function with the class.
bool isPlainClassMethod(Value v) {
  return typeOf(v) == &PyClassMethod_Type &&
         typeOf(v.as<ClassMethod>()->callable) == &PyFunction_Type;
}

void fillFromClass(AttrCache& cache, Type* cls, Str* name, bool method) {
  if (Value onMeta = typeLookup(cls->type, name)) {
    if (hasNativeGetter(onMeta, cls->type)) {
      if (!method) fillFromGetter(cache, cls->type, onMeta);
      return;
    }
    if (isDataDescriptor(onMeta)) return;
  }
  Value v = typeLookup(cls, name);
  if (!v || cls->versionTag == 0) return;
  // Functions are themselves when taken from a class; most other descriptors compute something.
  Type* kind = typeOf(v);
  if (kind->data->slots.descrGet && kind != &PyFunction_Type && kind != &PyStaticMethod_Type &&
      !(method && isPlainClassMethod(v)))
    return;
  cache = {};
  cache.versionTag = cls->type->versionTag;
  cache.kind = kind == &PyStaticMethod_Type  ? CacheKind::ClassStaticMethod
               : kind == &PyClassMethod_Type ? CacheKind::ClassClassMethod
                                             : CacheKind::ClassValue;
  cache.shape = reinterpret_cast<u64>(cls);
  cache.payload = v.bits();
  cache.keysVersion = cls->versionTag;
}

}  // namespace

void fillLoadCache(AttrCache& cache, Value receiver, Str* name, bool method) {
  if (!receiver.isObject()) return;
  Object* o = receiver.object();
  Type* type = o->type;
  if (type == &PyModule_Type) {
    (void)typeLookup(type, name);
    if (type->versionTag) fillFromModule(cache, receiver.as<Module>(), name, method);
    return;
  }
  if (type == &PyType_Type) {
    (void)typeLookup(type, name);
    if (type->versionTag) fillFromClass(cache, receiver.as<Type>(), name, method);
    return;
  }
  Value hook;  // __getattr__, which answers for getters that raise AttributeError
  if (!hasGenericGetAttr(type, &hook)) return;
  Value descr = typeLookup(type, name);
  if (type->versionTag == 0) return;
  if (descr && isDataDescriptor(descr)) {
    if (hook && !objectMember(descr)) return;
    if (const NativeMember* m = objectMember(descr)) {
      cache = {};
      cache.versionTag = type->versionTag;
      cache.kind = CacheKind::Member;
      cache.offset = u16(m->offset);
    } else if (Value get; typeOf(descr) == &PyProperty_Type && !method &&
                          (get = descr.as<Property>()->get) && typeOf(get) == &PyFunction_Type) {
      cache = {};
      cache.versionTag = type->versionTag;
      cache.kind = CacheKind::Property;
      cache.payload = descr.bits();
    } else if (!method && slotsOf(descr).descrGet == &dispatchDescrGet) {
      cache = {};
      cache.versionTag = type->versionTag;
      cache.kind = CacheKind::Property;
      cache.payload = descr.bits();
    } else if (!method && hasNativeGetter(descr, type)) {
      fillFromGetter(cache, type, descr);
    }
    return;
  }
  bool isStatic = descr && typeOf(descr) == &PyStaticMethod_Type;
  bool isClass = method && descr && isPlainClassMethod(descr);
  bool plain = descr && (isStatic || isClass || !slotsOf(descr).descrGet);
  if (type->has(kTypeManagedDict)) {
    if (!hasShape(o)) return fillFromDict(cache, o, name);
    if (!type->has(kTypeInlineValues)) return;
    Shape* shape = shapeOf(o);
    i32 slot = shapeFind(shape, name);
    if (slot >= 0 ? !slotReachable(type, slot) : !plain) return;
    cache = {};
    cache.versionTag = type->versionTag;
    cache.shape = managedDictWord(o);
    cache.kind = slot >= 0  ? CacheKind::InlineSlot
                 : isStatic ? CacheKind::StaticMethod
                 : isClass  ? CacheKind::ClassMethod
                            : CacheKind::TypeValueShape;
    if (slot >= 0)
      cache.offset = slotOffset(type, slot);
    else
      cache.payload = descr.bits();
    return;
  }
  if (type->dictOffset != 0) return fillFromDict(cache, o, name);
  if (plain) {
    cache = {};
    cache.versionTag = type->versionTag;
    cache.kind = isStatic  ? CacheKind::StaticMethod
                 : isClass ? CacheKind::ClassMethod
                           : CacheKind::TypeValue;
    cache.payload = descr.bits();
  }
}

// How o.name is found goes into the table that all share.
static void keepLoad(Value o, Str* name) {
  AttrCache fresh{};
  fillLoadCache(fresh, o, name);
  megamorphicLoads().keep(fresh, name);
}

Result<Ref<>> loadShared(Thread& t, Value o, Str* name, bool* missing) {
  *missing = false;
  if (cacheMode == CacheMode::Off || !o.isObject()) return getAttrOrMissing(t, o, name, missing);
  if (const AttrCache* entry = megamorphicLoads().find(o.object()->type, name)) {
    if (Value v = cachedAttr(*entry, o.object())) return Ref<>::retain(v);
    if (entry->kind == CacheKind::Getter) {
      Result<Ref<>> r = cachedGetter(*entry)(t, o);
      if (r || !t.takeIf(kAttributeError)) return r;
      *missing = true;
      return Ref<>();
    }
  }
  Result<Ref<>> r = getAttrOrMissing(t, o, name, missing);
  if (r && !*missing) keepLoad(o, name);
  return r;
}

// Is it worth asking the shared tables? Attributes of other objects have better places.
static bool isSharing(Value o) {
  return cacheMode != CacheMode::Off && o.isObject() && o.object()->type->has(kTypeHeap);
}

Result<Ref<>> getAttrShared(Thread& t, Value o, Str* name) {
  if (!isSharing(o)) return getAttr(t, o, name);
  if (const AttrCache* entry = megamorphicLoads().find(o.object()->type, name))
    if (Value v = cachedAttr(*entry, o.object())) return Ref<>::retain(v);
  Result<Ref<>> r = getAttr(t, o, name);
  if (r) keepLoad(o, name);
  return r;
}

Result<void> setAttrShared(Thread& t, Value o, Str* name, Value v) {
  if (!isSharing(o)) return setAttr(t, o, name, v);
  if (const AttrCache* entry = megamorphicStores().find(o.object()->type, name)) {
    Value* field = nullptr;
    if (entry->kind == CacheKind::Member ||
        (entry->kind == CacheKind::InlineSlot && managedDictWord(o.object()) == entry->shape))
      field = fieldOf(o.object(), *entry);
    else if (entry->kind == CacheKind::DictValue)
      field = cachedCell(*entry, o.object());
    if (field) {
      incref(v);
      Ref<> old = Ref<>::steal(std::exchange(*field, v));
      return {};
    }
  }
  u64 before = shapeWordBefore(o);
  TRY(setAttr(t, o, name, v));
  AttrCache fresh{};
  fillStoreCache(fresh, o, name, before);
  megamorphicStores().keep(fresh, name);
  return {};
}

void fillMethodCache(AttrCache& cache, Value receiver, Str* name, Value function) {
  Type* type = typeOf(receiver);
  if (type->versionTag == 0) return;
  bool managed = type->has(kTypeManagedDict);
  Dict* dict;
  u16 offset;
  if (receiver.isObject() && dictOfInstance(receiver.object(), &dict, &offset)) {
    cache = {};
    cache.versionTag = type->versionTag;
    cache.kind = CacheKind::MethodDict;
    cache.offset = offset;
    cache.payload = function.bits();
    cache.keysVersion = dict ? dictKeysVersion(dict) : 0;
    return;
  }
  if (managed ? !type->has(kTypeInlineValues) : type->dictOffset != 0) return;
  cache = {};
  cache.versionTag = type->versionTag;
  cache.kind = managed ? CacheKind::MethodShape : CacheKind::Method;
  if (managed) cache.shape = managedDictWord(receiver.object());
  cache.payload = function.bits();
}

u64 shapeWordBefore(Value receiver) {
  if (!receiver.isObject() || !receiver.object()->type->has(kTypeInlineValues)) return 0;
  return hasShape(receiver.object()) ? managedDictWord(receiver.object()) : 0;
}

void fillStoreCache(AttrCache& cache, Value receiver, Str* name, u64 shapeBefore) {
  if (!receiver.isObject()) return;
  Object* o = receiver.object();
  Type* type = o->type;
  if (type->data->slots.setattro != &genericSetAttr) return;
  Value descr = typeLookup(type, name);
  if (type->versionTag == 0) return;
  if (descr && isDataDescriptor(descr)) {
    const NativeMember* m = objectMember(descr);
    if (!m || m->readOnly) return;
    cache = {};
    cache.versionTag = type->versionTag;
    cache.kind = CacheKind::Member;
    cache.offset = u16(m->offset);
    return;
  }
  if (type->has(kTypeManagedDict) ? !hasShape(o) : type->dictOffset != 0)
    return fillFromDict(cache, o, name);
  if (!shapeBefore || !hasShape(o)) return;
  Shape* now = shapeOf(o);
  i32 slot = shapeFind(now, name);
  if (slot < 0 || !slotReachable(type, slot)) return;
  bool same = managedDictWord(o) == shapeBefore;
  if (!same && reinterpret_cast<u64>(now->parent) != shapeBefore) return;
  cache = {};
  cache.versionTag = type->versionTag;
  cache.kind = same ? CacheKind::InlineSlot : CacheKind::AddSlot;
  cache.shape = shapeBefore;
  cache.offset = slotOffset(type, slot);
  if (!same) cache.payload = managedDictWord(o);
}

}  // namespace dx
