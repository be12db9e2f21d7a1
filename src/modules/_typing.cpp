// Module _typing: type aliases, Generic, NoDefault.
#include "builtins/generic_alias.h"
#include "modules/_typing.gen.h"
#include "runtime/call.h"
#include "runtime/types.h"
#include "runtime/typing.h"

namespace dx {

// ---- NoDefault ----

Value noDefault() {
  static Object* o = [] {
    Object* made = newObject(&_PyNoDefault_Type, sizeof(Object));
    made->refcount = kImmortalCount;
    return made;
  }();
  return Value(o);
}
Result<Ref<>> NoDefaultType___new__(Thread& t, Type&, const Args& args) {
  if (args.total()) return t.raise(kTypeError, "NoDefaultType takes no arguments");
  return retain(noDefault());
}
Result<Ref<>> NoDefaultType___repr__(Thread&, Object&) {
  return Ref<>(makeAscii("typing.NoDefault"));
}
Result<Ref<>> NoDefaultType___reduce__(Thread&, Object&) { return Ref<>(makeAscii("NoDefault")); }

// ---- functions that evaluate to what is known ----

Ref<> makeConstEvaluator(Value value) {
  Ref<ConstEvaluator> e = make<ConstEvaluator>(&PyConstEvaluator_Type);
  e->value = retain(value).release();
  gcTrack(e);
  return Ref<>(std::move(e));
}
Result<Ref<>> ConstEvaluator___repr__(Thread& t, ConstEvaluator& self) {
  Ref<Str> value = TRY(repr(t, self.value));
  return Ref<>(formatStr("<constevaluator {}>", value));
}
Result<Ref<>> ConstEvaluator___call__(Thread& t, ConstEvaluator& self, const Args& args) {
  constexpr i32 kFormatString = 4;  // annotationlib.Format.STRING
  if (args.keywordCount())
    return t.raise(kTypeError, "constevaluator.__call__() takes no keyword arguments");
  if (args.count != 1)
    return t.raise(kTypeError, "constevaluator.__call__() takes exactly 1 argument ({} given)",
                   args.count);
  i32 format = TRY(argI32(t, args[0]));
  if (format != kFormatString) return retain(self.value);
  StrBuilder b;
  if (!isExactTuple(self.value)) {
    TRY(addTypeRepr(t, b, self.value));
    return Ref<>(b.finish());
  }
  Ref<Tuple> items = retainObject(self.value.as<Tuple>());
  b.add("(");
  for (i64 i = 0; i < items->size; i++) {
    if (i) b.add(", ");
    TRY(addTypeRepr(t, b, items->items[i]));
  }
  b.add(")");
  return Ref<>(b.finish());
}

// ---- TypeAliasType ----

static Result<void> checkTypeParams(Thread& t, Tuple* params) {
  bool hasDefault = false;
  for (Value p : valuesOf(params)) {
    if (!isTypeParam(p)) return t.raise(kTypeError, "Expected a type param, got {!r}", p);
    Ref<> fallback = TRY(typeParamDefault(t, p));
    if (fallback.get() != noDefault())
      hasDefault = true;
    else if (hasDefault)
      return t.raise(kTypeError, "non-default type parameter '{!r}' follows default type parameter",
                     p);
  }
  return {};
}
static Ref<TypeAlias> newAlias(Value name, Value typeParams) {
  Ref<TypeAlias> a = make<TypeAlias>(&_PyTypeAlias_Type);
  a->name = retain(name).release();
  if (typeParams && isTuple(typeParams) && typeParams.as<Tuple>()->size)
    a->typeParams = retain(typeParams).release();
  return a;
}

Result<Ref<>> TypeAliasType___new__(Thread& t, Type&, const Args& args) {
  static const char* const kNames[] = {"name", "value", "type_params"};
  static constexpr dx::ParamSpec kSpec = {"typealias", kNames, 0, 2, 1, 2, 0, false, false};
  Value v[3];
  TRY(bindArgs(t, kSpec, args, v));
  if (!isStr(v[0]))
    return t.raise(kTypeError, "typealias() argument 'name' must be str, not {}", typeOf(v[0]));
  if (v[2]) {
    if (!isTuple(v[2])) return t.raise(kTypeError, "type_params must be a tuple");
    TRY(checkTypeParams(t, v[2].as<Tuple>()));
  }
  Ref<TypeAlias> a = newAlias(v[0], v[2]);
  a->value = retain(v[1]).release();
  a->module = retain(callerModule(t)).release();
  gcTrack(a);
  return Ref<>(std::move(a));
}
Result<Ref<>> makeTypeAlias(Thread&, Value name, Value typeParams, Value valueFunction) {
  Ref<TypeAlias> a = newAlias(name, typeParams);
  a->evaluate = retain(valueFunction).release();
  gcTrack(a);
  return Ref<>(std::move(a));
}

Result<Ref<>> TypeAliasType___repr__(Thread&, TypeAlias& self) { return retain(self.name); }
Result<Ref<>> TypeAliasType___reduce__(Thread&, TypeAlias& self) { return retain(self.name); }
Result<Ref<>> TypeAliasType___getitem__(Thread& t, TypeAlias& self, Value key) {
  if (!self.typeParams) return t.raise(kTypeError, "Only generic type aliases are subscriptable");
  return makeGenericAlias(Value(&self), key);
}
Result<Ref<>> TypeAliasType___iter__(Thread& t, TypeAlias& self) {
  Ref<> unpack = TRY(importAttr(t, "typing", "Unpack"));
  Ref<Tuple> one = tupleOf(TRY(getItem(t, unpack, Value(&self))));
  return iter(t, one);
}
Result<Ref<>> TypeAliasType___or__(Thread& t, Value left, Value right) {
  return typeParamOr(t, left, right);
}
Result<Ref<>> TypeAliasType_get___parameters__(Thread& t, TypeAlias& self) {
  if (!self.typeParams) return Ref<>::retain(emptyTuple());
  Ref<Tuple> params = retainObject(self.typeParams.as<Tuple>());
  return Ref<>(TRY(unpackTypeVarTuples(t, params)));
}
Result<Ref<>> TypeAliasType_get___type_params__(Thread&, TypeAlias& self) {
  return retain(self.typeParams ? self.typeParams : Value(emptyTuple()));
}
Result<Ref<>> TypeAliasType_get___value__(Thread& t, TypeAlias& self) {
  if (self.value) return retain(self.value);
  Ref<> function = retain(self.evaluate);
  Ref<> v = TRY(callWith(t, function, Value::smallInt(1)));
  setField(self.value, retain(v));
  return v;
}
Result<Ref<>> TypeAliasType_get_evaluate_value(Thread&, TypeAlias& self) {
  return self.evaluate ? retain(self.evaluate) : makeConstEvaluator(self.value);
}
Result<Ref<>> TypeAliasType_get___module__(Thread&, TypeAlias& self) {
  if (self.module) return retain(self.module);
  if (self.evaluate && typeOf(self.evaluate) == &PyFunction_Type)
    if (Value module = self.evaluate.as<Function>()->module) return retain(module);
  return noneRef();
}

// ---- Generic ----

// typing.NAME(cls, *args, **kwargs).
static Result<Ref<>> forward(Thread& t, const char* name, Value cls, const Args& args) {
  Ref<> f = TRY(importAttr(t, "typing", name));
  return callWithSelf(t, f, cls, args);
}
static Result<Ref<>> genericGetItem(Thread& t, Value cls, const Args& args) {
  return forward(t, "_generic_class_getitem", cls, args);
}
static Result<Ref<>> genericInitSubclass(Thread& t, Value cls, const Args& args) {
  return forward(t, "_generic_init_subclass", cls, args);
}
static const NativeFunction kGenericMethods[] = {
    {"__class_getitem__", nullptr, kNativeClass | kNativeFastCall | kNativeKeywords,
     "The class with these type arguments or, in a list of bases, type parameters.",
     genericGetItem},
    {"__init_subclass__", nullptr, kNativeClass | kNativeFastCall | kNativeKeywords,
     "Function to initialize subclasses.", genericInitSubclass},
};

Result<Type*> genericType(Thread& t) {
  static Type* made = nullptr;
  if (made) return made;
  Ref<Dict> ns = newDict();
  dictSetStr(ns, "__slots__", Value(emptyTuple()));
  dictSetStr(ns, "__module__", DX_NAME("typing"));
  dictSetStr(ns, "__doc__",
             makeAscii("Abstract base class for generic types.\n\nClasses with type parameters, "
                       "`class Mapping[KT, VT]`, inherit from it implicitly.\n"));
  Ref<Type> type = TRY(makeType(t, &PyType_Type, DX_NAME("Generic"), emptyTuple(), ns, Args()));
  for (const NativeFunction& f : kGenericMethods)
    dictSetStr(type->dict, f.name, makeMethodDescriptor(type, &f));
  typeModified(type);
  made = type.release();
  return made;
}

// ---- module ----

Result<Ref<>> _typing__idfunc(Thread&, Value x) { return retain(x); }
Result<void> _typing_exec(Thread& t, Module& m) {
  moduleSet(m, "Generic", Value(TRY(genericType(t))));
  moduleSet(m, "NoDefault", noDefault());
  moduleSet(m, "Union", Value(&_PyUnion_Type));
  return {};
}

}  // namespace dx
