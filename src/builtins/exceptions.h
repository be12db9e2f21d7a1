// Between the files of the exception classes.
#pragma once
#include <algorithm>

#include "runtime/api.h"

namespace dx {

using InitSlot = Result<void> (*)(Thread&, Value, const Args&);
using ConstructSlot = Result<Ref<>> (*)(Thread&, Type*, const Args&);

Tuple* exceptionArgs(Value e);
Type* osErrorSubclass(i64 code);  // runtime/errors.cpp
InitSlot osInitSlot();
ConstructSlot osNewSlot();

// What BaseExceptionGroup has (builtins/exception_group.cpp).
struct ExceptionGroupParts {
  std::span<const NativeFunction> methods;
  std::span<const NativeMember> members;
  std::span<const char* const> slotNames;
  InitSlot init;
  ConstructSlot construct;
  UnaryFn str, repr;
};
ExceptionGroupParts exceptionGroupParts();

}  // namespace dx
