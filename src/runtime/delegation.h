// Frames of generators that delegate to something that runs outside of the interpreter.
#pragma once
#include "runtime/frame.h"

namespace dx {

// While it runs, g's frame is the running one.
void enterDelegation(Thread& t, Generator* g);
void leaveDelegation(Thread& t, Generator* g);

}  // namespace dx
