// Lengths of time as arguments: seconds (or another unit) as int or float, to nanoseconds.
#pragma once
#include "runtime/api.h"

namespace dx {

// Rounds away from zero, so that a wait is never too short. OverflowError, ValueError (NaN) and
// TypeError as for time.sleep; negative values are the caller's business.
Result<i64> durationNs(Thread& t, Value v, i64 nsPerUnit = 1000000000);
i64 monotonicNs();

}  // namespace dx
