// The last pass over a code object's instructions, for the sake of lines (PEP 626): every
// instruction that can raise or be seen gets the line of the statement it belongs to on each way
// through the code, and none that is not needed stays.
#pragma once
#include <vector>

#include "bytecode/image.h"

namespace dx::bytecode {

// Rewrites the three tables, whose jumps, handlers and offsets are final except for this.
//   - A jump to a jump goes on to that one's target, unless this loses a line.
//   - Instructions without a line get the one of what leads to them. A block of them that ends in
//     a return or a backward jump is copied for each way that leads to it.
//   - A Nop goes unless it is the only instruction of its line there.
void arrangeLines(std::vector<u8>* insns, std::vector<PositionRecord>* positions,
                  std::vector<ExceptionRecord>* exceptions);

}  // namespace dx::bytecode
