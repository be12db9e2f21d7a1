#include "builtins/function.gen.h"
#include "bytecode/image.h"
#include "runtime/frame.h"
#include "runtime/types.h"

namespace dx {

// A function's version changes with whatever a cached call depends on; 0 = do not cache.
static void functionChanged(Function& f) { f.version = 0; }

// ---- function ----

Result<Ref<>> function___new__(Thread& t, Type& cls, Code& code, Dict& globals, Value name,
                               Value defaults, Value closure, Value kwdefaults) {
  if (!isNone(name) && !isStr(name))
    return t.raise(kTypeError, "arg 3 (name) must be None or string");
  if (!isNone(defaults) && !isTuple(defaults))
    return t.raise(kTypeError, "arg 4 (defaults) must be None or tuple");
  i64 free = code.freeCount;
  if (!isTuple(closure)) {
    if (free && isNone(closure)) return t.raise(kTypeError, "arg 5 (closure) must be tuple");
    if (!isNone(closure)) return t.raise(kTypeError, "arg 5 (closure) must be None or tuple");
  }
  i64 given = isNone(closure) ? 0 : closure.as<Tuple>()->size;
  if (given != free)
    return t.raise(kValueError, "{} requires closure of length {}, not {}", Value(code.name), free,
                   given);
  for (i64 i = 0; i < given; i++) {
    Value cell = closure.as<Tuple>()->items[i];
    if (typeOf(cell) != &PyCell_Type)
      return t.raise(kTypeError, "arg 5 (closure) expected cell, found {}", typeOf(cell));
  }
  if (!isNone(kwdefaults) && !isDict(kwdefaults))
    return t.raise(kTypeError, "arg 6 (kwdefaults) must be None or dict");
  Value auditArgs[] = {Value(&code)};
  TRY(audit(t, "function.__new__", auditArgs));
  Ref<Function> f = makeFunction(&code, &globals);
  if (!isNone(name)) setField(f->name, retain(name));
  if (!isNone(defaults)) setField(f->defaults, retain(defaults));
  if (!isNone(closure)) setField(f->closure, retain(closure));
  if (!isNone(kwdefaults)) setField(f->kwdefaults, retain(kwdefaults));
  (void)cls;  // final
  return f;
}

Result<Ref<>> function___repr__(Thread&, Function& f) {
  return formatStr("<function {} at {}>", f.qualname, pointerText(&f));
}

Result<Ref<>> function___get__(Thread&, Function& f, Value objectOrEmpty, Value) {
  if (!objectOrEmpty) return retain(Value(&f));
  return makeMethod(&f, objectOrEmpty);
}

static Ref<> orNone(Value v) { return v ? retain(v) : noneRef(); }

Result<Ref<>> function_get___code__(Thread&, Function& f) { return retain(Value(f.code)); }

Result<void> function_set___code__(Thread& t, Function& f, Value v) {
  if (!v || typeOf(v) != &PyCode_Type)
    return t.raise(kTypeError, "__code__ must be set to a code object");
  Code* code = v.as<Code>();
  i64 cells = f.closure ? f.closure.as<Tuple>()->size : 0;
  if (code->freeCount != cells)
    return t.raise(kValueError, "{}() requires a code object with {} free vars, not {}", f.name,
                   cells, code->freeCount);
  Value auditArgs[] = {Value(&f), DX_NAME("__code__"), v};
  TRY(audit(t, "object.__setattr__", auditArgs));
  if ((f.code->flags ^ code->flags) & bytecode::kCodeAnyGenerator)
    TRY(warn(t, kDeprecationWarning,
             "Assigning a code object of non-matching type is deprecated (e.g., from a generator "
             "to a plain function)"));
  functionChanged(f);
  (void)functionDoc(&f);  // stays
  increfObject(code);
  Code* old = f.code;
  f.code = code;
  retireCode(Ref<Code>::steal(old));
  return ok();
}

Result<Ref<>> function_get___defaults__(Thread&, Function& f) { return orNone(f.defaults); }
Result<void> function_set___defaults__(Thread& t, Function& f, Value v) {
  if (v && isNone(v)) v = Value();
  if (v && !isTuple(v)) return t.raise(kTypeError, "__defaults__ must be set to a tuple object");
  Value auditArgs[] = {Value(&f), DX_NAME("__defaults__"), v ? v : none()};
  TRY(audit(t, "object.__setattr__", auditArgs));
  functionChanged(f);
  setField(f.defaults, retain(v));
  return ok();
}

Result<Ref<>> function_get___kwdefaults__(Thread&, Function& f) { return orNone(f.kwdefaults); }
Result<void> function_set___kwdefaults__(Thread& t, Function& f, Value v) {
  if (v && isNone(v)) v = Value();
  if (v && !isDict(v)) return t.raise(kTypeError, "__kwdefaults__ must be set to a dict object");
  Value auditArgs[] = {Value(&f), DX_NAME("__kwdefaults__"), v ? v : none()};
  TRY(audit(t, "object.__setattr__", auditArgs));
  functionChanged(f);
  setField(f.kwdefaults, retain(v));
  return ok();
}

// Annotations are made by __annotate__ when first asked for (PEP 649). `from __future__ import
// annotations` gives them at once, as a tuple of alternating names and values.
Result<Ref<>> function_get___annotations__(Thread& t, Function& f) {
  if (f.annotations && isTuple(f.annotations)) {
    Ref<Dict> dict = newDict();
    Tuple* pairs = f.annotations.as<Tuple>();
    for (i64 i = 0; i + 1 < pairs->size; i += 2)
      TRY(dictSet(t, dict, pairs->items[i], pairs->items[i + 1]));
    setField(f.annotations, std::move(dict));
  }
  if (!f.annotations) {
    Ref<> made = newDict();
    if (f.annotate && isCallable(f.annotate)) {
      Ref<> annotate = retain(f.annotate);
      made = TRY(callWith(t, annotate, Value::smallInt(1)));
      if (!isDict(made))
        return t.raise(kTypeError, "__annotate__ returned non-dict of type '{}'", typeOf(made));
    }
    setField(f.annotations, std::move(made));
  }
  return retain(f.annotations);
}

Result<void> function_set___annotations__(Thread& t, Function& f, Value v) {
  if (v && isNone(v)) v = Value();
  if (v && !isDict(v)) return t.raise(kTypeError, "__annotations__ must be set to a dict object");
  setField(f.annotations, retain(v));
  clearField(f.annotate);
  return ok();
}

Result<Ref<>> function_get___annotate__(Thread&, Function& f) { return orNone(f.annotate); }
Result<void> function_set___annotate__(Thread& t, Function& f, Value v) {
  if (!v) return t.raise(kTypeError, "__annotate__ cannot be deleted");
  if (isNone(v)) {
    setField(f.annotate, retain(v));
    return ok();
  }
  if (!isCallable(v)) return t.raise(kTypeError, "__annotate__ must be callable or None");
  setField(f.annotate, retain(v));
  clearField(f.annotations);
  return ok();
}

Result<Ref<>> function_get___dict__(Thread& t, Function& f) {
  return retain(Value(TRY(instanceDict(t, &f))));
}
Result<void> function_set___dict__(Thread& t, Function& f, Value v) {
  if (!v) return t.raise(kTypeError, "cannot delete __dict__");
  if (!isDict(v))
    return t.raise(kTypeError, "__dict__ must be set to a dictionary, not a '{}'", typeOf(v));
  return setInstanceDict(t, &f, v);
}

Result<Ref<>> function_get___name__(Thread&, Function& f) { return retain(f.name); }
Result<void> function_set___name__(Thread& t, Function& f, Value v) {
  if (!v || !isStr(v)) return t.raise(kTypeError, "__name__ must be set to a string object");
  setField(f.name, retain(v));
  return ok();
}
Result<Ref<>> function_get___qualname__(Thread&, Function& f) { return retain(f.qualname); }
Result<void> function_set___qualname__(Thread& t, Function& f, Value v) {
  if (!v || !isStr(v)) return t.raise(kTypeError, "__qualname__ must be set to a string object");
  setField(f.qualname, retain(v));
  return ok();
}

Result<Ref<>> function_get___type_params__(Thread&, Function& f) {
  return retain(f.typeparams ? f.typeparams : Value(emptyTuple()));
}
Result<void> function_set___type_params__(Thread& t, Function& f, Value v) {
  if (!v || !isTuple(v)) return t.raise(kTypeError, "__type_params__ must be set to a tuple");
  setField(f.typeparams, retain(v));
  return ok();
}

// ---- method ----

Result<Ref<>> method___new__(Thread& t, Type& cls, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "method() takes no keyword arguments");
  if (args.count != 2)
    return t.raise(kTypeError, "method expected 2 arguments, got {}", args.count);
  if (!isCallable(args[0])) return t.raise(kTypeError, "first argument must be callable");
  if (isNone(args[1])) return t.raise(kTypeError, "instance must not be None");
  return makeMethod(args[0], args[1]);
}

Result<Ref<>> method___repr__(Thread& t, Method& m) {
  Ref<> name, self = retain(m.self);
  if (!TRY(lookupAttr(t, m.function, DX_NAME("__qualname__"), &name)))
    TRY(lookupAttr(t, m.function, DX_NAME("__name__"), &name));
  Ref<Str> text = TRY(repr(t, self));
  if (!name || !isStr(name)) return formatStr("<bound method ? of {}>", text);
  return formatStr("<bound method {} of {}>", name, text);
}

static i64 hashPointer(Value v) { return i64(std::rotr(v.bits(), 4)); }

Result<i64> method___hash__(Thread& t, Method& m) {
  i64 h = hashPointer(m.self) ^ TRY(hash(t, m.function));
  return h == -1 ? -2 : h;
}

Result<Ref<>> method___richcompare__(Thread& t, Method& m, Value other, CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || typeOf(other) != &PyMethod_Type)
    return notImplementedRef();
  auto* o = other.as<Method>();
  bool same = sameValue(m.self, o->self) && TRY(equal(t, m.function, o->function));
  return boolRef(same == (op == CompareOp::Eq));
}

// Attributes of the method type first, then those of the function.
static Result<Ref<>> throughFunction(Thread& t, Value self, Value function, Str* name) {
  Value descr = typeLookup(typeOf(self), name);
  if (descr) return bindDescriptor(t, descr, self, typeOf(self));
  Ref<> hold = retain(function);
  return getAttr(t, hold, name);
}
Result<Ref<>> method___getattribute__(Thread& t, Method& m, Str* name) {
  return throughFunction(t, &m, m.function, name);
}

Result<Ref<>> method___get__(Thread&, Method& m, Value, Value) { return retain(Value(&m)); }

Result<Ref<>> method_get___doc__(Thread& t, Method& m) {
  Ref<> hold = retain(m.function);
  return getAttr(t, hold, DX_NAME("__doc__"));
}

static Ref<> builtin(const char* name) {
  return retain(dictGetStr(theInterpreter.builtinsDict, internImmortal(name)));
}

Result<Ref<>> method___reduce__(Thread& t, Method& m) {
  Ref<> self = retain(m.self), function = retain(m.function);
  Ref<> name = TRY(getAttr(t, function, DX_NAME("__name__")));
  return tupleOf(builtin("getattr"), tupleOf(self, name));
}

// ---- instancemethod ----

Result<Ref<>> instancemethod___new__(Thread& t, Type& cls, Value function) {
  if (!isCallable(function)) return t.raise(kTypeError, "first argument must be callable");
  Ref<InstanceMethod> m = make<InstanceMethod>(&PyInstanceMethod_Type);
  m->function = retain(function).release();
  gcTrack(m);
  return m;
}
Result<Ref<>> instancemethod___call__(Thread& t, InstanceMethod& m, const Args& args) {
  return call(t, m.function, args);
}
Result<Ref<>> instancemethod___repr__(Thread& t, InstanceMethod& m) {
  Ref<> name;
  TRY(lookupAttr(t, m.function, DX_NAME("__name__"), &name));
  if (!name || !isStr(name)) return formatStr("<instancemethod ? at {}>", pointerText(&m));
  return formatStr("<instancemethod {} at {}>", name, pointerText(&m));
}
Result<Ref<>> instancemethod___richcompare__(Thread& t, InstanceMethod& m, Value other,
                                             CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || typeOf(other) != &PyInstanceMethod_Type)
    return notImplementedRef();
  bool same = TRY(equal(t, m.function, other.as<InstanceMethod>()->function));
  return boolRef(same == (op == CompareOp::Eq));
}
Result<Ref<>> instancemethod___getattribute__(Thread& t, InstanceMethod& m, Str* name) {
  return throughFunction(t, &m, m.function, name);
}
Result<Ref<>> instancemethod___get__(Thread&, InstanceMethod& m, Value objectOrEmpty, Value) {
  if (!objectOrEmpty) return retain(m.function);
  return makeMethod(m.function, objectOrEmpty);
}
Result<Ref<>> instancemethod_get___doc__(Thread& t, InstanceMethod& m) {
  Ref<> hold = retain(m.function);
  return getAttr(t, hold, DX_NAME("__doc__"));
}

// ---- builtin_function_or_method ----

static bool isModuleFunction(CFunction& f) {
  return !f.self || isInstanceOf(f.self, &PyModule_Type);
}

Result<Ref<>> cfunction___repr__(Thread&, CFunction& f) {
  if (isModuleFunction(f)) return formatStr("<built-in function {}>", f.def->name);
  return formatStr("<built-in method {} of {} object at {}>", f.def->name, typeOf(f.self),
                   pointerText(f.self));
}

Result<i64> cfunction___hash__(Thread&, CFunction& f) {
  i64 h = hashPointer(f.self) ^ hashPointer(Value::fromBits(reinterpret_cast<u64>(f.def)));
  return h == -1 ? -2 : h;
}

Result<Ref<>> cfunction___richcompare__(Thread&, CFunction& f, Value other, CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || typeOf(other) != &PyCFunction_Type)
    return notImplementedRef();
  auto* o = other.as<CFunction>();
  bool same = f.def == o->def && sameValue(f.self, o->self);
  return boolRef(same == (op == CompareOp::Eq));
}

Result<Ref<>> cfunction_get___doc__(Thread&, CFunction& f) {
  const char* doc = docWithoutSignature(f.def->name, f.def->doc);
  return doc ? Ref<>(makeStr(doc)) : noneRef();
}
Result<Ref<>> cfunction_get___text_signature__(Thread&, CFunction& f) {
  std::string_view s = textSignature(f.def->name, f.def->doc);
  return s.empty() ? noneRef() : Ref<>(makeStr(s));
}
Result<Ref<>> cfunction_get___name__(Thread&, CFunction& f) { return intern(makeStr(f.def->name)); }

Result<Ref<>> cfunctionQualname(Thread& t, CFunction& f) {
  if (isModuleFunction(f)) return intern(makeStr(f.def->name));
  Type* type = isType(f.self) ? f.self.as<Type>() : typeOf(f.self);
  Ref<> qualname = TRY(getAttr(t, type, DX_NAME("__qualname__")));
  if (!isStr(qualname))
    return t.raise(kTypeError, "<method>.__class__.__qualname__ is not a unicode object");
  return formatStr("{}.{}", qualname, f.def->name);
}
Result<Ref<>> cfunction_get___qualname__(Thread& t, CFunction& f) {
  return cfunctionQualname(t, f);
}

Result<Ref<>> cfunction_get___self__(Thread&, CFunction& f) {
  return f.self && !(f.def->flags & kNativeStatic) ? retain(f.self) : noneRef();
}

Result<Ref<>> cfunction___reduce__(Thread&, CFunction& f) {
  Ref<> name = intern(makeStr(f.def->name));
  if (isModuleFunction(f)) return name;
  return tupleOf(builtin("getattr"), tupleOf(f.self, name));
}

}  // namespace dx
