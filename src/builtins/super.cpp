#include "builtins/super.gen.h"
#include "runtime/frame.h"

namespace dx {

static void replace(Super& s, Type* cls, Value object, Ref<Type> objectType) {
  Type* oldCls = s.cls;
  Type* oldType = s.objectType;
  increfObject(cls);
  s.cls = cls;
  s.objectType = objectType.release();
  setField(s.object, retain(object));
  if (oldCls) decrefObject(oldCls);
  if (oldType) decrefObject(oldType);
}

Result<void> super___init__(Thread& t, Super& s, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "super() takes no keyword arguments");
  if (args.count > 2)
    return t.raise(kTypeError, "super() expected at most 2 arguments, got {}", args.count);
  Type* cls = nullptr;
  Value object;
  if (args.count == 0) {
    TRY(superFrameArgs(t, &cls, &object));
  } else {
    if (!isType(args[0]))
      return t.raise(kTypeError, "super() argument 1 must be a type, not {}", typeOf(args[0]));
    cls = args[0].as<Type>();
    if (args.count == 2 && !isNone(args[1])) object = args[1];
  }
  Ref<Type> objectType;
  if (object) objectType = TRY(superType(t, cls, object));
  replace(s, cls, object, std::move(objectType));
  return ok();
}

Result<Ref<>> super___repr__(Thread&, Super& s) {
  std::string_view cls = s.cls ? typeName(s.cls) : "NULL";
  if (s.objectType) return formatStr("<super: <class '{}'>, <{} object>>", cls, s.objectType);
  return formatStr("<super: <class '{}'>, NULL>", cls);
}

Result<Ref<>> super___getattribute__(Thread& t, Super& s, Str* name) {
  // __class__ is super's own, so that isinstance() and pickling see what it is.
  if (s.objectType && !equalAscii(name, "__class__")) {
    Ref<Type> cls = retainObject(s.cls), objectType = retainObject(s.objectType);
    Ref<> object = retain(s.object);
    Result<Ref<>> r = superGet(t, cls, object, objectType, name, nullptr);
    if (r || t.hasException()) return r;
  }
  return genericGetAttr(t, &s, name);
}

Result<Ref<>> super___get__(Thread& t, Super& s, Value object, Value) {
  if (!object || isNone(object) || s.object) return retain(Value(&s));
  if (s.type != &PySuper_Type) return callWith(t, s.type, s.cls, object);
  Ref<Type> objectType = TRY(superType(t, s.cls, object));
  Ref<Super> bound = make<Super>(&PySuper_Type);
  replace(*bound, s.cls, object, std::move(objectType));
  gcTrack(bound);
  return bound;
}

}  // namespace dx
