// Layouts of the small callables that CPython's headers do not show.
#pragma once
#include "runtime/api.h"

namespace dx {

struct InstanceMethod : Object {
  Value function;
};

// Class.name or name of a builtin_function_or_method.
Result<Ref<>> cfunctionQualname(Thread& t, CFunction& f);

}  // namespace dx
