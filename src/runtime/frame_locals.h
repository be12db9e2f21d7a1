// What a frame object shows of its function's variables.
#pragma once
#include "runtime/frame.h"

namespace dx {

// Is local `index` what its name means now? Variables of a comprehension that runs inside the
// function count while they are bound, and hide locals of the same name.
bool frameShowsLocal(FrameObject* f, u32 index);
// Some variable of such a comprehension is bound.
bool frameInComprehension(FrameObject* f);

}  // namespace dx
