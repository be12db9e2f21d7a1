// Sets of signals as arguments.
#pragma once
#include <signal.h>

#include "runtime/api.h"

namespace dx {

// From an iterable of signal numbers.
Result<sigset_t> signalSet(Thread& t, Value iterable);

}  // namespace dx
