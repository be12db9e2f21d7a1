// struct rusage as Python sees it: module resource, and posix.wait3 and wait4.
#pragma once
#include <sys/resource.h>

#include "runtime/api.h"

namespace dx {

// A struct sequence of `type` (resource.struct_rusage) from what the system measured.
Ref<> usageResult(Type* type, const rusage& usage);

}  // namespace dx
