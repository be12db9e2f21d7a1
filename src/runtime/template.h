// t-strings (PEP 750).
#pragma once
#include "runtime/thread.h"

namespace dx {

Result<Ref<>> makeTemplate(Thread& t, Tuple* strings, Tuple* interpolations);
Result<Ref<>> makeInterpolation(Thread& t, Value value, Value expression, Value conversion,
                                Value spec);

}  // namespace dx
