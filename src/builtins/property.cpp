#include "builtins/abstract_method.h"
#include "builtins/property.gen.h"
#include "runtime/types.h"

namespace dx {

static Value orEmpty(Value v) { return v && !isNone(v) ? v : Value(); }

Result<void> property___init__(Thread& t, Property& p, Value fget, Value fset, Value fdel,
                               Value doc) {
  bool exact = p.type == &PyProperty_Type;
  setField(p.get, retain(orEmpty(fget)));
  setField(p.set, retain(orEmpty(fset)));
  setField(p.del, retain(orEmpty(fdel)));
  clearField(p.doc);
  clearField(p.name);
  p.getterDoc = 0;
  Ref<> text;
  if (orEmpty(doc)) {
    text = retain(doc);
  } else if (p.get) {
    Ref<> getter = retain(p.get);
    TRY(lookupAttr(t, getter, DX_NAME("__doc__"), &text));
    if (text && isNone(text)) text.reset();
    if (text) p.getterDoc = 1;
  }
  if (exact) {
    setField(p.doc, std::move(text));
    return ok();
  }
  // A subclass has its own __doc__ in the class; the instance's goes into its dict, if it has one.
  if (!text) text = noneRef();
  Result<void> stored = setAttr(t, &p, DX_NAME("__doc__"), text);
  // Instances without a dict lose what was given, but not what was found at the getter.
  if (!stored && !p.getterDoc && t.takeIf(kAttributeError)) return ok();
  return stored;
}

// The name it was given in a class, or its getter's.
static Result<bool> nameOf(Thread& t, Property& p, Ref<>* name) {
  if (p.name) {
    *name = retain(p.name);
    return true;
  }
  if (!p.get) return false;
  Ref<> getter = retain(p.get);
  return lookupAttr(t, getter, DX_NAME("__name__"), name);
}

DX_NOINLINE static Result<Ref<>> lacks(Thread& t, Property& p, Value o, const char* what) {
  Ref<> name;
  TRY(nameOf(t, p, &name));
  Ref<> qualname = TRY(getAttr(t, typeOf(o), DX_NAME("__qualname__")));
  if (name)
    return t.raise(kAttributeError, "property {!r} of {!r} object has no {}", name, qualname, what);
  return t.raise(kAttributeError, "property of {!r} object has no {}", qualname, what);
}

Result<Ref<>> property___get__(Thread& t, Property& p, Value o, Value) {
  if (!o || isNone(o)) return retain(Value(&p));
  if (!p.get) return lacks(t, p, o, "getter");
  Ref<> getter = retain(p.get);
  return callWith(t, getter, o);
}

Result<void> property___set__(Thread& t, Property& p, Value o, Value v) {
  Ref<> fn = retain(v ? p.set : p.del);
  if (!fn) {
    (void)TRY(lacks(t, p, o, v ? "setter" : "deleter"));
    return ok();
  }
  if (v)
    (void)TRY(callWith(t, fn, o, v));
  else
    (void)TRY(callWith(t, fn, o));
  return ok();
}

// type(self)(get, set, del, doc) with one of the functions replaced.
static Result<Ref<>> copyWith(Thread& t, Property& p, Value get, Value set, Value del) {
  auto pick = [](Value given, Value own) {
    return retain(orEmpty(given) ? given : own ? own : none());
  };
  Ref<> g = pick(get, p.get), s = pick(set, p.set), d = pick(del, p.del);
  // A doc that came from the getter comes from the new getter again.
  Ref<> doc = p.getterDoc && !isNone(g) ? noneRef() : retain(p.doc ? p.doc : none());
  Ref<> made = TRY(callWith(t, p.type, g, s, d, doc));
  if (isInstanceOf(made, &PyProperty_Type) && p.name)
    setField(made.as<Property>()->name, retain(p.name));
  return made;
}
Result<Ref<>> property_getter(Thread& t, Property& p, Value fn) {
  return copyWith(t, p, fn, Value(), Value());
}
Result<Ref<>> property_setter(Thread& t, Property& p, Value fn) {
  return copyWith(t, p, Value(), fn, Value());
}
Result<Ref<>> property_deleter(Thread& t, Property& p, Value fn) {
  return copyWith(t, p, Value(), Value(), fn);
}

Result<Ref<>> property___set_name__(Thread& t, Property& p, const Args& args) {
  if (args.count != 2)
    return t.raise(kTypeError, "__set_name__() takes 2 positional arguments but {} were given",
                   args.count);
  setField(p.name, retain(args[1]));
  return noneRef();
}

Result<Ref<>> property_get___name__(Thread& t, Property& p) {
  Ref<> name;
  if (!TRY(nameOf(t, p, &name))) return raiseAttributeError(t, &p, DX_NAME("__name__"));
  return name;
}
Result<void> property_set___name__(Thread&, Property& p, Value v) {
  setField(p.name, retain(v));
  return ok();
}

Result<Ref<>> property_get___isabstractmethod__(Thread& t, Property& p) {
  Ref<> parts[] = {retain(p.get), retain(p.set), retain(p.del)};
  for (Ref<>& part : parts)
    if (part && TRY(isAbstractMethod(t, part))) return boolRef(true);
  return boolRef(false);
}

}  // namespace dx
