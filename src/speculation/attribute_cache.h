// Filling the inline caches of attribute instructions. Pure look-ups: nothing here runs Python. A
// cache is filled after the operation was done once the general way.
//
// What a cache checks (ops/attributes.cpp): the receiver's type has the recorded versionTag (so the
// MRO's attributes are unchanged), and, where the instance could shadow or hold the attribute, that
// its managedDictWord equals the recorded shape.
#pragma once
#include "runtime/abstract.h"
#include "runtime/containers.h"
#include "runtime/native.h"
#include "speculation/feedback.h"

namespace dx {

DX_INLINE Value* fieldOf(Object* o, const AttrCache& cache) {
  return reinterpret_cast<Value*>(reinterpret_cast<u8*>(o) + cache.offset);
}

// Does the receiver's dict still have the keys of a DictValue or MethodDict entry?
DX_INLINE bool hasCachedKeys(const AttrCache& cache, Object* o) {
  u64 word = cache.offset ? fieldOf(o, cache)->bits() : managedDictWord(o);
  if (cache.offset == 0) {
    if (!(word & kDictModeTag)) return false;
    word &= ~kDictModeTag;
  }
  return (word ? dictKeysVersion(reinterpret_cast<Dict*>(word)) : 0) == cache.keysVersion;
}
// The value cell of a DictValue entry, or null.
DX_INLINE Value* cachedCell(const AttrCache& cache, Object* o) {
  return hasCachedKeys(cache, o) ? reinterpret_cast<Value*>(cache.payload) : nullptr;
}

// The value on a hit, borrowed, else empty. Known: the type's version tag matches.
DX_INLINE Value cachedAttr(const AttrCache& cache, Object* o) {
  switch (cache.kind) {
    case CacheKind::InlineSlot:
      return managedDictWord(o) == cache.shape ? *fieldOf(o, cache) : Value();
    case CacheKind::Member:
      return *fieldOf(o, cache);
    case CacheKind::TypeValue:
      return Value::fromBits(cache.payload);
    case CacheKind::TypeValueShape:
      return managedDictWord(o) == cache.shape ? Value::fromBits(cache.payload) : Value();
    case CacheKind::ModuleValue:
      if (reinterpret_cast<u64>(o) != cache.shape ||
          dictKeysVersion(static_cast<Module*>(o)->dict) != cache.keysVersion)
        return Value();
      return *reinterpret_cast<Value*>(cache.payload);
    case CacheKind::ClassValue:
      if (reinterpret_cast<u64>(o) != cache.shape ||
          static_cast<Type*>(o)->versionTag != cache.keysVersion)
        return Value();
      return Value::fromBits(cache.payload);
    case CacheKind::DictValue: {
      Value* cell = cachedCell(cache, o);
      return cell ? *cell : Value();
    }
    case CacheKind::StaticMethod:
      if (cache.shape && managedDictWord(o) != cache.shape) return Value();
      return Value::fromBits(cache.payload).as<ClassMethod>()->callable;
    case CacheKind::ClassStaticMethod:
      if (reinterpret_cast<u64>(o) != cache.shape ||
          static_cast<Type*>(o)->versionTag != cache.keysVersion)
        return Value();
      return Value::fromBits(cache.payload).as<ClassMethod>()->callable;
    default:
      return Value();
  }
}

// The native function of a Getter entry. Known: the version tag matches.
DX_INLINE auto cachedGetter(const AttrCache& cache) {
  return Value::fromBits(cache.payload).as<GetSetDescriptor>()->def->get;
}

// The function that LoadMethod may call with the receiver first. Known: the version tag matches.
DX_INLINE Value cachedMethod(const AttrCache& cache, Value receiver) {
  if (cache.kind == CacheKind::Method || cache.kind == CacheKind::CalledMethod ||
      (cache.kind == CacheKind::MethodShape && managedDictWord(receiver.object()) == cache.shape))
    return Value::fromBits(cache.payload);
  if (cache.kind == CacheKind::MethodDict && hasCachedKeys(cache, receiver.object()))
    return Value::fromBits(cache.payload);
  return Value();
}

// The function of a class method, to be called with *self, the class; empty: not cached. Known: the
// version tag matches.
DX_INLINE Value cachedClassMethod(const AttrCache& cache, Value receiver, Value* self) {
  Object* o = receiver.object();
  if (cache.kind == CacheKind::ClassMethod) {
    if (cache.shape && managedDictWord(o) != cache.shape) return Value();
    *self = Value(o->type);
  } else if (cache.kind == CacheKind::ClassClassMethod) {
    if (reinterpret_cast<u64>(o) != cache.shape ||
        static_cast<Type*>(o)->versionTag != cache.keysVersion)
      return Value();
    *self = receiver;
  } else {
    return Value();
  }
  return Value::fromBits(cache.payload).as<ClassMethod>()->callable;
}

// `method`: for LoadMethod, which may cache what is called with another first argument.
void fillLoadCache(AttrCache& cache, Value receiver, Str* name, bool method = false);
void fillMethodCache(AttrCache& cache, Value receiver, Str* name, Value function);
// o.name for slow paths that have no slot of their own: by the table that all share, which it
// fills. `name` is interned. Like getAttrOrMissing.
Result<Ref<>> loadShared(Thread& t, Value o, Str* name, bool* missing);
// getAttr() and setAttr() by the shared tables, where the receiver is an instance.
Result<Ref<>> getAttrShared(Thread& t, Value o, Str* name);
Result<void> setAttrShared(Thread& t, Value o, Str* name, Value v);
// The shape word before a store (0 when the receiver has none), for recognizing a transition.
u64 shapeWordBefore(Value receiver);
void fillStoreCache(AttrCache& cache, Value receiver, Str* name, u64 shapeBefore);
// super(cls, self).name. With `isMethod`: *isMethod = true gives an unbound function to call with
// self.
Result<Ref<>> superLookup(Thread& t, Type* cls, Value self, Str* name, bool* isMethod);

}  // namespace dx
