// What type parameter syntax (PEP 695, 696) makes.
#pragma once
#include "runtime/thread.h"

namespace dx {

enum class TypeParamKind : u8 {
  TypeVar,
  TypeVarWithBound,
  TypeVarWithConstraints,
  ParamSpec,
  TypeVarTuple
};
// `second`: the lazily evaluated bound or constraints function.
Result<Ref<>> makeTypeParam(Thread& t, TypeParamKind kind, Value name, Value second);
Result<void> setTypeParamDefault(Thread& t, Value param, Value defaultFunction);
Result<Ref<>> makeTypeAlias(Thread& t, Value name, Value typeParams, Value valueFunction);
Result<Ref<>> subscriptGeneric(Thread& t, Value params);

}  // namespace dx
