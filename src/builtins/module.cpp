#include "builtins/module.gen.h"
#include "runtime/attributes.h"
#include "runtime/types.h"

namespace dx {

Result<Ref<>> module___new__(Thread&, Type& cls, const Args&) {
  auto* m = static_cast<Module*>(newInstance(&cls));
  m->dict = newDict().release();
  if (!gcIsTracked(m)) gcTrack(m);
  return Ref<>::steal(Value(m));
}

Result<void> module___init__(Thread&, Module& m, Str& name, Value doc) {
  if (!m.dict) m.dict = newDict().release();
  Ref<Dict> dict = retainObject(m.dict);
  dictSetStr(dict, DX_NAME("__name__"), &name);
  dictSetStr(dict, DX_NAME("__doc__"), doc);
  dictSetStr(dict, DX_NAME("__package__"), none());
  dictSetStr(dict, DX_NAME("__loader__"), none());
  dictSetStr(dict, DX_NAME("__spec__"), none());
  setField(m.name, retain(Value(&name)));
  return ok();
}

Result<Ref<>> module___repr__(Thread& t, Module& m) {
  if (theInterpreter.importlib)
    return callMethodWith(t, theInterpreter.importlib, DX_NAME("_module_repr"), Value(&m));
  Value name = m.dict ? dictGetStr(m.dict, DX_NAME("__name__")) : Value();
  return formatStr("<module {!r}>", name && isStr(name) ? name : Value(DX_NAME("?")));
}

Result<Ref<>> module___dir__(Thread& t, Module& m) {
  Ref<> dict = TRY(getAttr(t, &m, DX_NAME("__dict__")));
  if (!isDict(dict))
    return t.raise(kTypeError, "{}.__dict__ is not a dictionary", m.name ? m.name : none());
  if (Ref<> own = retain(dictGetStr(dict.as<Dict>(), DX_NAME("__dir__"))))
    return call(t, own, Args());
  return Ref<>(TRY(listFrom(t, dict)));
}

// ---- annotations (PEP 649) ----

static Result<Dict*> dictOf(Thread& t, Module& m) {
  if (!m.dict) return t.raise(kTypeError, "<module>.__dict__ is not a dictionary");
  return m.dict;
}

Result<Ref<>> module_get___annotate__(Thread& t, Module& m) {
  Dict* dict = TRY(dictOf(t, m));
  if (Value v = dictGetStr(dict, DX_NAME("__annotate__"))) return retain(v);
  dictSetStr(dict, DX_NAME("__annotate__"), none());
  return noneRef();
}

Result<void> module_set___annotate__(Thread& t, Module& m, Value v) {
  if (!v) return t.raise(kTypeError, "cannot delete __annotate__ attribute");
  Ref<Dict> dict = retainObject(TRY(dictOf(t, m)));
  if (!isCallable(v) && !isNone(v))
    return t.raise(kTypeError, "__annotate__ must be callable or None");
  dictSetStr(dict, DX_NAME("__annotate__"), v);
  if (!isNone(v)) dictDeleteStr(dict, DX_NAME("__annotations__"));
  return ok();
}

// While the module's body still runs, annotations that come later are missing: nothing is kept.
static Result<bool> isInitializing(Thread& t, Dict* dict) {
  Ref<> spec = retain(dictGetStr(dict, DX_NAME("__spec__"))), flag;
  if (!spec || isNone(spec)) return false;
  if (!TRY(lookupAttr(t, spec, DX_NAME("_initializing"), &flag))) return false;
  return isTrue(t, flag);
}

Result<Ref<>> module_get___annotations__(Thread& t, Module& m) {
  Ref<Dict> dict = retainObject(TRY(dictOf(t, m)));
  if (Value v = dictGetStr(dict, DX_NAME("__annotations__"))) return retain(v);
  bool initializing = TRY(isInitializing(t, dict));
  Ref<> annotate = retain(dictGetStr(dict, DX_NAME("__annotate__"))), made;
  if (annotate && isCallable(annotate)) {
    made = TRY(callWith(t, annotate, Value::smallInt(1)));
    if (!isDict(made))
      return t.raise(kTypeError, "__annotate__ returned non-dict of type '{}'", typeOf(made));
  } else {
    made = newDict();
  }
  if (!initializing) dictSetStr(dict, DX_NAME("__annotations__"), made);
  return made;
}

Result<void> module_set___annotations__(Thread& t, Module& m, Value v) {
  Ref<Dict> dict = retainObject(TRY(dictOf(t, m)));
  if (v)
    dictSetStr(dict, DX_NAME("__annotations__"), v);
  else if (!dictDeleteStr(dict, DX_NAME("__annotations__")))
    return t.raise(kAttributeError, "__annotations__");
  dictDeleteStr(dict, DX_NAME("__annotate__"));
  return ok();
}

}  // namespace dx
