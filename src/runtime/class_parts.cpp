#include "runtime/class_parts.h"

#include "runtime/attributes.h"
#include "runtime/types.h"

namespace dx {

char* copyText(std::string_view text) {
  auto* copy = static_cast<char*>(allocate(text.size() + 1));
  memcpy(copy, text.data(), text.size());
  copy[text.size()] = 0;
  return copy;
}

// ---- __dict__ and __weakref__ of instances ----

// A native base (exceptions, functions, ...) may have its own idea of __dict__.
static Value nativeDictDescriptor(Value self) {
  Type* base = nativeBase(typeOf(self));
  if (base == &PyBaseObject_Type || typeOf(self)->has(kTypeManagedDict)) return Value();
  Value descr = typeLookup(base, DX_NAME("__dict__"));
  return descr && slotsOf(descr).descrSet ? descr : Value();
}

static Result<Ref<>> getDict(Thread& t, Value self) {
  if (Value descr = nativeDictDescriptor(self)) return bindDescriptor(t, descr, self, typeOf(self));
  Dict* dict = TRY(instanceDict(t, self));
  if (!dict) return t.raise(kAttributeError, "This object has no __dict__");
  return retain(Value(dict));
}

static Result<void> setDict(Thread& t, Value self, Value v) {
  if (Value descr = nativeDictDescriptor(self)) return slotsOf(descr).descrSet(t, descr, self, v);
  if (v && !isDict(v))
    return t.raise(kTypeError, "__dict__ must be set to a dictionary, not a '{}'", typeOf(v));
  if (typeOf(self)->dictOffset == 0) return t.raise(kAttributeError, "This object has no __dict__");
  return setInstanceDict(t, self, v);
}

static Result<Ref<>> getWeakref(Thread& t, Value self) {
  WeakRef** list = self.isObject() ? weakrefList(self.object()) : nullptr;
  if (!list) return t.raise(kAttributeError, "This object has no __weakref__");
  return *list ? retain(Value(*list)) : noneRef();
}

const NativeGetSet kDictGetSet = {"__dict__", getDict, setDict,
                                  "dictionary for instance variables"};
const NativeGetSet kWeakrefGetSet = {"__weakref__", getWeakref, nullptr,
                                     "list of weak references to the object"};

// ---- members of __slots__ ----

Ref<> makeSlotMember(Type* owner, Str* name, i64 offset) {
  std::string text = toUtf8(name);
  // One block with its name behind it; freed with the descriptor.
  auto* def = static_cast<NativeMember*>(allocate(sizeof(NativeMember) + text.size() + 1));
  auto* copy = reinterpret_cast<char*>(def + 1);
  memcpy(copy, text.c_str(), text.size() + 1);
  *def = NativeMember{copy, offset, MemberKind::ObjectOrError, false, nullptr};
  return makeMemberDescriptor(owner, def);
}

void addSetNameNote(Thread& t, Value value, Value name, Type* owner) {
  Ref<> exception = t.takeException();
  Ref<Str> note = formatStr("Error calling __set_name__ on '{}' instance {!r} in '{}'",
                            typeOf(value), name, owner);
  Result<Ref<>> r = callMethodWith(t, exception, DX_NAME("add_note"), Value(note));
  if (!r) t.clearException();
  t.restoreException(std::move(exception));
}

// ---- super ----

// isSubtype() calls a class its own subtype even if its mro() left it out; super() does not.
static bool hasInMro(Type* type, Type* cls) {
  if (!type->mro) return isSubtype(type, cls);
  for (Value v : valuesOf(type->mro))
    if (v == Value(cls)) return true;
  return false;
}

Result<Ref<Type>> superType(Thread& t, Type* cls, Value self) {
  if (isType(self) && hasInMro(self.as<Type>(), cls)) return retainObject(self.as<Type>());
  if (hasInMro(typeOf(self), cls)) return retainObject(typeOf(self));
  Ref<> claimed;
  TRY(lookupAttr(t, self, DX_NAME("__class__"), &claimed));
  if (claimed && isType(claimed) && claimed.get() != Value(typeOf(self)) &&
      isSubtype(claimed.as<Type>(), cls))
    return std::move(claimed).cast<Type>();
  bool objectIsType = isType(self);
  return t.raise(
      kTypeError, "super(type, obj): obj ({} {}) is not an instance or subtype of type ({}).",
      objectIsType ? "type" : "instance of", objectIsType ? self.as<Type>() : typeOf(self), cls);
}

Result<Ref<>> superGet(Thread& t, Type* cls, Value self, Type* objectType, Str* name,
                       bool* isMethod) {
  Tuple* mro = objectType->mro;
  if (!mro) return Ref<>();
  i64 i = 0;
  while (i < mro->size && mro->items[i].as<Type>() != cls) i++;
  for (i++; i < mro->size; i++) {
    Value descr = dictGetStr(typeDict(mro->items[i].as<Type>()), name);
    if (!descr) continue;
    Ref<> hold = retain(descr);
    bool throughClass = self == Value(objectType);  // super() in a class method
    if (isMethod && !throughClass && typeOf(descr)->has(kTypeMethodDescriptor)) {
      *isMethod = true;
      return hold;
    }
    auto get = slotsOf(descr).descrGet;
    if (!get) return hold;
    Ref<Type> typeHold = retainObject(objectType);
    return get(t, descr, throughClass ? Value() : self, objectType);
  }
  return Ref<>();
}

Result<Ref<>> superLookup(Thread& t, Type* cls, Value self, Str* name, bool* isMethod) {
  if (isMethod) *isMethod = false;
  Ref<Type> objectType = TRY(superType(t, cls, self));
  Ref<> hold;
  name = internedName(name, &hold);
  if (name != DX_NAME("__class__")) {
    Result<Ref<>> r = superGet(t, cls, self, objectType, name, isMethod);
    if (r || t.hasException()) return r;
  }
  Ref<Super> object = make<Super>(&PySuper_Type);
  object->cls = retainObject(cls).release();
  object->object = retain(self).release();
  object->objectType = objectType.release();
  gcTrack(object);
  return genericGetAttr(t, object, name);
}

}  // namespace dx
