// Layouts of type parameters and aliases (PEP 695, 696).
#pragma once
#include "runtime/api.h"

namespace dx {

// A TypeVar, ParamSpec or TypeVarTuple. What is written lazily has a function `evaluate...`; its
// value is kept once asked for. Empty: not given.
struct TypeParam : Object {
  Value name, bound, evaluateBound, constraints, evaluateConstraints, fallback, evaluateFallback;
  Value dict;
  Object* weakrefs;
  bool covariant, contravariant, inferVariance;
};
struct ParamSpecPart : Object {  // P.args, P.kwargs
  Value origin;
  Object* weakrefs;
};
struct TypeAlias : Object {
  Value name, typeParams, evaluate, value, module;  // typeParams: empty when there are none
  Object* weakrefs;
};
struct ConstEvaluator : Object {  // an `evaluate...` function of a value that was given eagerly
  Value value;
};

Value noDefault();  // typing.NoDefault
Ref<> makeConstEvaluator(Value value);
// The default of any type parameter: evaluated when needed; NoDefault when there is none.
Result<Ref<>> typeParamDefault(Thread& t, Value param);
// typing.Generic: a class as if written in Python, so that its subclasses pickle as those do.
Result<Type*> genericType(Thread& t);
bool isTypeParam(Value v);
// The module of the running Python function, or None.
Value callerModule(Thread& t);
// typing.NAME(args...).
Result<Ref<>> callTyping(Thread& t, const char* name, Values args);
// params with each TypeVarTuple unpacked.
Result<Ref<Tuple>> unpackTypeVarTuples(Thread& t, Tuple* params);
// The union `left | right` with a type parameter or alias on one side.
Result<Ref<>> typeParamOr(Thread& t, Value left, Value right);

}  // namespace dx
