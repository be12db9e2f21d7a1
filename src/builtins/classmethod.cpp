#include "builtins/abstract_method.h"
#include "builtins/classmethod.gen.h"

namespace dx {

// Copies what functools.wraps would, except __dict__.
static Result<void> takeOver(Thread& t, ClassMethod& m, const Args& args, const char* type) {
  if (args.keywordCount()) return t.raise(kTypeError, "{}() takes no keyword arguments", type);
  if (args.count != 1)
    return t.raise(kTypeError, "{} expected 1 argument, got {}", type, args.count);
  Ref<> callable = retain(args[0]);
  setField(m.callable, retain(callable.get()));
  Str* const names[] = {DX_NAME("__module__"), DX_NAME("__name__"), DX_NAME("__qualname__"),
                        DX_NAME("__doc__")};
  for (Str* name : names) {
    Ref<> value;
    if (TRY(lookupAttr(t, callable, name, &value))) TRY(setAttr(t, &m, name, value));
  }
  return ok();
}

static Result<Ref<>> textOf(Thread& t, ClassMethod& m, const char* type) {
  Ref<> callable = retain(m.callable);
  Ref<Str> text = TRY(repr(t, callable ? callable.get() : none()));
  return formatStr("<{}({})>", type, text);
}

static Result<Ref<>> isAbstract(Thread& t, ClassMethod& m) {
  Ref<> callable = retain(m.callable);
  return boolRef(callable && TRY(isAbstractMethod(t, callable)));
}

static Result<Ref<>> getDict(Thread& t, ClassMethod& m) {
  return retain(Value(TRY(instanceDict(t, &m))));
}
static Result<void> setDict(Thread& t, ClassMethod& m, Value v) {
  if (!v) return t.raise(kTypeError, "cannot delete __dict__");
  if (!isDict(v))
    return t.raise(kTypeError, "__dict__ must be set to a dictionary, not a '{}'", typeOf(v));
  return setInstanceDict(t, &m, v);
}

// Annotations are the wrapped function's, copied into the own dict on first use.
static Result<Ref<>> wrappedAttribute(Thread& t, ClassMethod& m, Str* name) {
  Dict* dict = TRY(instanceDict(t, &m));
  if (Value own = dictGetStr(dict, name)) return retain(own);
  Ref<> callable = retain(m.callable);
  Ref<> value = TRY(getAttr(t, callable, name));
  dictSetStr(TRY(instanceDict(t, &m)), name, value);
  return value;
}
static Result<void> setWrappedAttribute(Thread& t, ClassMethod& m, Str* name, Value v) {
  Ref<Dict> dict = retainObject(TRY(instanceDict(t, &m)));
  if (v)
    dictSetStr(dict, name, v);
  else if (!dictDeleteStr(dict, name))
    return t.raise(kAttributeError, "'{}' object has no attribute '{}'", m.type, Value(name));
  return ok();
}

#define COMMON(prefix)                                                                         \
  Result<void> prefix##___init__(Thread& t, ClassMethod& m, const Args& args) {                \
    return takeOver(t, m, args, #prefix);                                                      \
  }                                                                                            \
  Result<Ref<>> prefix##___repr__(Thread& t, ClassMethod& m) { return textOf(t, m, #prefix); } \
  Result<Ref<>> prefix##_get___isabstractmethod__(Thread& t, ClassMethod& m) {                 \
    return isAbstract(t, m);                                                                   \
  }                                                                                            \
  Result<Ref<>> prefix##_get___dict__(Thread& t, ClassMethod& m) { return getDict(t, m); }     \
  Result<void> prefix##_set___dict__(Thread& t, ClassMethod& m, Value v) {                     \
    return setDict(t, m, v);                                                                   \
  }                                                                                            \
  Result<Ref<>> prefix##_get___annotations__(Thread& t, ClassMethod& m) {                      \
    return wrappedAttribute(t, m, DX_NAME("__annotations__"));                                 \
  }                                                                                            \
  Result<void> prefix##_set___annotations__(Thread& t, ClassMethod& m, Value v) {              \
    return setWrappedAttribute(t, m, DX_NAME("__annotations__"), v);                           \
  }                                                                                            \
  Result<Ref<>> prefix##_get___annotate__(Thread& t, ClassMethod& m) {                         \
    return wrappedAttribute(t, m, DX_NAME("__annotate__"));                                    \
  }                                                                                            \
  Result<void> prefix##_set___annotate__(Thread& t, ClassMethod& m, Value v) {                 \
    return setWrappedAttribute(t, m, DX_NAME("__annotate__"), v);                              \
  }
COMMON(classmethod)
COMMON(staticmethod)
#undef COMMON

Result<Ref<>> classmethod___get__(Thread& t, ClassMethod& m, Value o, Value type) {
  if (!m.callable) return t.raise(kRuntimeError, "uninitialized classmethod object");
  return makeMethod(m.callable, type ? type : Value(typeOf(o)));
}

Result<Ref<>> staticmethod___get__(Thread& t, ClassMethod& m, Value, Value) {
  if (!m.callable) return t.raise(kRuntimeError, "uninitialized staticmethod object");
  return retain(m.callable);
}

Result<Ref<>> staticmethod___call__(Thread& t, ClassMethod& m, const Args& args) {
  Ref<> callable = retain(m.callable);
  return call(t, callable, args);
}

}  // namespace dx
