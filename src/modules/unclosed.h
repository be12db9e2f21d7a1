// ResourceWarning of what is destroyed while it still holds a resource of the system.
#pragma once
#include "runtime/api.h"

namespace dx {

// warnings.warn(format with `source`, ResourceWarning, source=source); never raises: when a filter
// makes the warning an error, sys.unraisablehook gets it, with `ignored` and repr(object).
void warnUnclosed(Thread& t, const char* format, Value source, const char* ignored, Value object);

}  // namespace dx
