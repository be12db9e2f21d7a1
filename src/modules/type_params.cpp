// TypeVar, ParamSpec and TypeVarTuple.
#include "builtins/generic_alias.h"
#include "modules/_typing.gen.h"
#include "runtime/frame.h"
#include "runtime/types.h"
#include "runtime/typing.h"

namespace dx {

// ---- shared ----

Result<Ref<>> callTyping(Thread& t, const char* name, Values args) {
  Ref<> f = TRY(importAttr(t, "typing", name));
  return call(t, f, Args(args.data(), u32(args.size())));
}

Value callerModule(Thread& t) {
  if (!t.fp) return none();
  Value module = frameFunction(t.fp)->module;
  return module ? module : none();
}

bool isTypeParam(Value v) {
  Type* type = typeOf(v);
  return type == &_PyTypeVar_Type || type == &_PyParamSpec_Type || type == &_PyTypeVarTuple_Type;
}

Result<Ref<>> typeParamOr(Thread& t, Value left, Value right) {
  Value both[] = {left, right};
  return makeUnion(t, both);
}

// A lazily written part: its value, or `absent`.
static Result<Ref<>> evaluated(Thread& t, Value& value, Value evaluate, Value absent) {
  if (value) return retain(value);
  if (!evaluate) return retain(absent);
  Ref<> function = retain(evaluate);
  Ref<> v = TRY(callWith(t, function, Value::smallInt(1)));
  setField(value, retain(v));
  return v;
}
static Result<Ref<>> evaluator(Value value, Value evaluate) {
  if (evaluate) return retain(evaluate);
  return value ? makeConstEvaluator(value) : noneRef();
}

Result<Ref<>> typeParamDefault(Thread& t, Value param) {
  Ref<> held = retain(param);
  auto* p = param.as<TypeParam>();
  return evaluated(t, p->fallback, p->evaluateFallback, noDefault());
}
static Result<bool> hasDefault(TypeParam& p) {
  return p.evaluateFallback || (p.fallback && p.fallback != noDefault());
}

// Instances that type parameter syntax makes have their class's module.
static void setClassModules() {
  static bool done = false;
  if (std::exchange(done, true)) return;
  for (Type* type : {&_PyTypeVar_Type, &_PyParamSpec_Type, &_PyTypeVarTuple_Type,
                     &_PyParamSpecArgs_Type, &_PyParamSpecKwargs_Type})
    dictSetStr(typeDict(type), "__module__", Value(DX_NAME("typing")));
}

static Ref<TypeParam> newParam(Type* type, Value name) {
  setClassModules();
  Ref<TypeParam> p = make<TypeParam>(type);
  p->name = retain(name).release();
  return p;
}
// Made by a call: knows the module of the caller.
static Ref<> finishParam(Thread& t, Ref<TypeParam> p, Value fallback) {
  p->fallback = retain(fallback ? fallback : noDefault()).release();
  Ref<Dict> dict = newDict();
  dictSetStr(dict, "__module__", callerModule(t));
  p->dict = Value(dict.release());
  gcTrack(p);
  return Ref<>(std::move(p));
}

static Result<void> setVariance(Thread& t, TypeParam& p, Value covariant, Value contravariant,
                                Value infer) {
  p.covariant = covariant && TRY(isTrue(t, covariant));
  p.contravariant = contravariant && TRY(isTrue(t, contravariant));
  p.inferVariance = infer && TRY(isTrue(t, infer));
  if (p.covariant && p.contravariant)
    return t.raise(kValueError, "Bivariant types are not supported.");
  if (p.inferVariance && (p.covariant || p.contravariant))
    return t.raise(kValueError, "Variance cannot be specified with infer_variance.");
  return {};
}
static Result<Ref<>> checkedBound(Thread& t, Value bound) {
  if (!bound || isNone(bound)) return noneRef();
  Value args[] = {bound, Value(DX_NAME("Bound must be a type."))};
  return callTyping(t, "_type_check", args);
}

static Result<Ref<>> paramRepr(TypeParam& p) {
  if (p.inferVariance) return retain(p.name);
  return Ref<>(formatStr("{}{}", p.covariant ? "+" : p.contravariant ? "-" : "~", p.name));
}
static Result<Ref<>> noSubclass(Thread& t, Type* type) {
  std::string_view name = typeName(type);
  return t.raise(kTypeError, "Cannot subclass an instance of {}", name.substr(name.rfind('.') + 1));
}

// ---- TypeVar ----

Result<Ref<>> TypeVar___new__(Thread& t, Type&, const Args& args) {
  static const char* const kNames[] = {"name",      "bound",         "default",
                                       "covariant", "contravariant", "infer_variance"};
  static constexpr ParamSpec kSpec = {"typevar", kNames, 0, 1, 5, 1, 0, true, false};
  Value v[6];
  Values constraints;
  TRY(bindArgs(t, kSpec, args, v, &constraints));
  if (!isStr(v[0]))
    return t.raise(kTypeError, "typevar() argument 'name' must be str, not {}", typeOf(v[0]));
  Ref<TypeParam> p = newParam(&_PyTypeVar_Type, v[0]);
  TRY(setVariance(t, *p, v[3], v[4], v[5]));
  Ref<> bound = TRY(checkedBound(t, v[1]));
  if (constraints.size() == 1) return t.raise(kTypeError, "A single constraint is not allowed");
  if (!constraints.empty()) {
    if (!isNone(bound)) return t.raise(kTypeError, "Constraints cannot be combined with bound=...");
    p->constraints = Value(makeTuple(constraints).release());
  }
  if (!isNone(bound)) p->bound = bound.release();
  return finishParam(t, std::move(p), v[2]);
}
Result<Ref<>> TypeVar___repr__(Thread&, TypeParam& self) { return paramRepr(self); }
Result<Ref<>> TypeVar___typing_subst__(Thread& t, TypeParam& self, Value arg) {
  Value args[] = {Value(&self), arg};
  return callTyping(t, "_typevar_subst", args);
}
Result<Ref<>> TypeVar___typing_prepare_subst__(Thread& t, TypeParam& self, Value alias,
                                               Value args) {
  Ref<> params = TRY(getAttr(t, alias, "__parameters__"));
  i64 given = TRY(length(t, args));
  Ref<Tuple> list = TRY(tupleFrom(t, params));
  i64 index = 0;
  while (index < list->size && !TRY(equal(t, list->items[index], Value(&self)))) index++;
  if (index == list->size) return t.raise(kValueError, "sequence.index(x): x not in sequence");
  if (index < given) return retain(args);
  if (index == given) {
    Ref<> fallback = TRY(typeParamDefault(t, Value(&self)));
    if (fallback.get() != noDefault()) {
      Ref<Tuple> one = tupleOf(fallback);
      return binary(t, BinaryOp::Add, args, one);
    }
  }
  return t.raise(kTypeError, "Too few arguments for {}; actual {}, expected at least {}", alias,
                 given, index + 1);
}
Result<Ref<>> TypeVar___reduce__(Thread&, TypeParam& self) { return retain(self.name); }
Result<bool> TypeVar_has_default(Thread&, TypeParam& self) { return hasDefault(self); }
Result<Ref<>> TypeVar___mro_entries__(Thread& t, TypeParam& self, Value) {
  return noSubclass(t, self.type);
}
Result<Ref<>> TypeVar_get___default__(Thread& t, TypeParam& self) {
  return typeParamDefault(t, Value(&self));
}
Result<Ref<>> TypeVar_get_evaluate_default(Thread&, TypeParam& self) {
  return evaluator(self.fallback, self.evaluateFallback);
}
Result<Ref<>> TypeVar___or__(Thread& t, Value left, Value right) {
  return typeParamOr(t, left, right);
}
Result<Ref<>> TypeVar_get___bound__(Thread& t, TypeParam& self) {
  return evaluated(t, self.bound, self.evaluateBound, none());
}
Result<Ref<>> TypeVar_get___constraints__(Thread& t, TypeParam& self) {
  return evaluated(t, self.constraints, self.evaluateConstraints, Value(emptyTuple()));
}
Result<Ref<>> TypeVar_get_evaluate_bound(Thread&, TypeParam& self) {
  return evaluator(self.bound, self.evaluateBound);
}
Result<Ref<>> TypeVar_get_evaluate_constraints(Thread&, TypeParam& self) {
  return evaluator(self.constraints, self.evaluateConstraints);
}

// ---- ParamSpec ----

Result<Ref<>> ParamSpec___new__(Thread& t, Type&, const Args& args) {
  static const char* const kNames[] = {"name",      "bound",         "default",
                                       "covariant", "contravariant", "infer_variance"};
  static constexpr dx::ParamSpec kSpec = {"paramspec", kNames, 0, 1, 5, 1, 0, false, false};
  Value v[6];
  TRY(bindArgs(t, kSpec, args, v));
  if (!isStr(v[0]))
    return t.raise(kTypeError, "paramspec() argument 'name' must be str, not {}", typeOf(v[0]));
  Ref<TypeParam> p = newParam(&_PyParamSpec_Type, v[0]);
  TRY(setVariance(t, *p, v[3], v[4], v[5]));
  if (v[1] && !isNone(v[1])) p->bound = retain(v[1]).release();
  return finishParam(t, std::move(p), v[2]);
}
Result<Ref<>> ParamSpec___repr__(Thread&, TypeParam& self) { return paramRepr(self); }
Result<Ref<>> ParamSpec___typing_subst__(Thread& t, TypeParam& self, Value arg) {
  Value args[] = {Value(&self), arg};
  return callTyping(t, "_paramspec_subst", args);
}
Result<Ref<>> ParamSpec___typing_prepare_subst__(Thread& t, TypeParam& self, Value alias,
                                                 Value given) {
  Value args[] = {Value(&self), alias, given};
  return callTyping(t, "_paramspec_prepare_subst", args);
}
Result<Ref<>> ParamSpec___reduce__(Thread&, TypeParam& self) { return retain(self.name); }
Result<bool> ParamSpec_has_default(Thread&, TypeParam& self) { return hasDefault(self); }
Result<Ref<>> ParamSpec___mro_entries__(Thread& t, TypeParam& self, Value) {
  return noSubclass(t, self.type);
}
Result<Ref<>> ParamSpec_get___default__(Thread& t, TypeParam& self) {
  return typeParamDefault(t, Value(&self));
}
Result<Ref<>> ParamSpec_get_evaluate_default(Thread&, TypeParam& self) {
  return evaluator(self.fallback, self.evaluateFallback);
}
Result<Ref<>> ParamSpec___or__(Thread& t, Value left, Value right) {
  return typeParamOr(t, left, right);
}

static Ref<> makePart(Type* type, Value origin) {
  Ref<ParamSpecPart> p = make<ParamSpecPart>(type);
  p->origin = retain(origin).release();
  gcTrack(p);
  return Ref<>(std::move(p));
}
Result<Ref<>> ParamSpec_get_args(Thread&, TypeParam& self) {
  return makePart(&_PyParamSpecArgs_Type, Value(&self));
}
Result<Ref<>> ParamSpec_get_kwargs(Thread&, TypeParam& self) {
  return makePart(&_PyParamSpecKwargs_Type, Value(&self));
}

// ---- P.args, P.kwargs ----

static Result<Ref<>> newPart(Thread& t, Type* type, const char* function, const Args& args) {
  static const char* const kNames[] = {"origin"};
  dx::ParamSpec spec = {function, kNames, 0, 1, 0, 1, 0, false, false};
  Value v[1];
  TRY(bindArgs(t, spec, args, v));
  return makePart(type, v[0]);
}
static Result<Ref<>> partRepr(Thread& t, ParamSpecPart& self, const char* suffix) {
  if (typeOf(self.origin) == &_PyParamSpec_Type)
    return Ref<>(formatStr("{}.{}", self.origin.as<TypeParam>()->name, suffix));
  Ref<Str> origin = TRY(repr(t, self.origin));
  return Ref<>(formatStr("{}.{}", origin, suffix));
}
static Result<Ref<>> partCompare(Thread& t, ParamSpecPart& self, Value other, CompareOp op) {
  if ((op != CompareOp::Eq && op != CompareOp::Ne) || typeOf(other) != self.type)
    return notImplementedRef();
  Ref<> a = retain(self.origin), b = retain(other.as<ParamSpecPart>()->origin);
  return compare(t, a, b, op);
}
Result<Ref<>> ParamSpecArgs___new__(Thread& t, Type&, const Args& args) {
  return newPart(t, &_PyParamSpecArgs_Type, "paramspecargs", args);
}
Result<Ref<>> ParamSpecArgs___repr__(Thread& t, ParamSpecPart& self) {
  return partRepr(t, self, "args");
}
Result<Ref<>> ParamSpecArgs___richcompare__(Thread& t, ParamSpecPart& self, Value other,
                                            CompareOp op) {
  return partCompare(t, self, other, op);
}
Result<Ref<>> ParamSpecArgs___mro_entries__(Thread& t, ParamSpecPart& self, Value) {
  return noSubclass(t, self.type);
}
Result<Ref<>> ParamSpecKwargs___new__(Thread& t, Type&, const Args& args) {
  return newPart(t, &_PyParamSpecKwargs_Type, "paramspeckwargs", args);
}
Result<Ref<>> ParamSpecKwargs___repr__(Thread& t, ParamSpecPart& self) {
  return partRepr(t, self, "kwargs");
}
Result<Ref<>> ParamSpecKwargs___richcompare__(Thread& t, ParamSpecPart& self, Value other,
                                              CompareOp op) {
  return partCompare(t, self, other, op);
}
Result<Ref<>> ParamSpecKwargs___mro_entries__(Thread& t, ParamSpecPart& self, Value) {
  return noSubclass(t, self.type);
}

// ---- TypeVarTuple ----

Result<Ref<>> TypeVarTuple___new__(Thread& t, Type&, const Args& args) {
  static const char* const kNames[] = {"name", "default"};
  static constexpr dx::ParamSpec kSpec = {"typevartuple", kNames, 0, 1, 1, 1, 0, false, false};
  Value v[2];
  TRY(bindArgs(t, kSpec, args, v));
  if (!isStr(v[0]))
    return t.raise(kTypeError, "typevartuple() argument 'name' must be str, not {}", typeOf(v[0]));
  return finishParam(t, newParam(&_PyTypeVarTuple_Type, v[0]), v[1]);
}
Result<Ref<>> TypeVarTuple___repr__(Thread&, TypeParam& self) { return retain(self.name); }
Result<Ref<>> TypeVarTuple___iter__(Thread& t, TypeParam& self) {
  Ref<> unpack = TRY(importAttr(t, "typing", "Unpack"));
  Ref<Tuple> one = tupleOf(TRY(getItem(t, unpack, Value(&self))));
  return iter(t, one);
}
Result<Ref<>> TypeVarTuple___typing_subst__(Thread& t, TypeParam&, Value) {
  return t.raise(kTypeError, "Substitution of bare TypeVarTuple is not supported");
}
Result<Ref<>> TypeVarTuple___typing_prepare_subst__(Thread& t, TypeParam& self, Value alias,
                                                    Value given) {
  Value args[] = {Value(&self), alias, given};
  return callTyping(t, "_typevartuple_prepare_subst", args);
}
Result<Ref<>> TypeVarTuple___reduce__(Thread&, TypeParam& self) { return retain(self.name); }
Result<bool> TypeVarTuple_has_default(Thread&, TypeParam& self) { return hasDefault(self); }
Result<Ref<>> TypeVarTuple___mro_entries__(Thread& t, TypeParam& self, Value) {
  return noSubclass(t, self.type);
}
Result<Ref<>> TypeVarTuple_get___default__(Thread& t, TypeParam& self) {
  return typeParamDefault(t, Value(&self));
}
Result<Ref<>> TypeVarTuple_get_evaluate_default(Thread&, TypeParam& self) {
  return evaluator(self.fallback, self.evaluateFallback);
}

Result<Ref<Tuple>> unpackTypeVarTuples(Thread& t, Tuple* params) {
  bool any = false;
  for (Value p : valuesOf(params)) any |= typeOf(p) == &_PyTypeVarTuple_Type;
  if (!any) return retainObject(params);
  Ref<> unpack = TRY(importAttr(t, "typing", "Unpack"));
  Ref<List> out = newList(params->size);
  for (Value p : valuesOf(params)) {
    if (typeOf(p) == &_PyTypeVarTuple_Type)
      listAppend(out, TRY(getItem(t, unpack, p)));
    else
      listAppend(out, p);
  }
  return makeTuple(valuesOf(out.get()));
}

// ---- what type parameter syntax makes (runtime/typing.h) ----

Result<Ref<>> makeTypeParam(Thread&, TypeParamKind kind, Value name, Value second) {
  Type* type = kind == TypeParamKind::ParamSpec      ? &_PyParamSpec_Type
               : kind == TypeParamKind::TypeVarTuple ? &_PyTypeVarTuple_Type
                                                     : &_PyTypeVar_Type;
  Ref<TypeParam> p = newParam(type, name);
  p->inferVariance = true;
  if (kind == TypeParamKind::TypeVarWithBound) p->evaluateBound = retain(second).release();
  if (kind == TypeParamKind::TypeVarWithConstraints)
    p->evaluateConstraints = retain(second).release();
  gcTrack(p);
  return Ref<>(std::move(p));
}
Result<void> setTypeParamDefault(Thread&, Value param, Value function) {
  setField(param.as<TypeParam>()->evaluateFallback, retain(function));
  return {};
}
Result<Ref<>> subscriptGeneric(Thread& t, Value params) {
  Ref<Tuple> list = TRY(tupleFrom(t, params));
  Ref<Tuple> unpacked = TRY(unpackTypeVarTuples(t, list));
  Value args[] = {Value(TRY(genericType(t))), unpacked};
  return callTyping(t, "_GenericAlias", args);
}

}  // namespace dx
