// Bytecode as text: for people, for golden tests, for `--dump=bytecode`.
//
// One instruction per line: offset, opcode, operands. Registers of locals appear by name,
// temporaries as t0, t1, ...; `!` marks an operand that the instruction consumes. Jump targets
// are labels, L0, L1, ...
#pragma once
#include "bytecode/image.h"

namespace dx::bytecode {

// A verified image, all its code objects.
std::string printImage(const ImageView& image);
std::string printCode(const ImageView& image, u32 codeIndex);
// One instruction's row, without its line and labels.
std::string printInstruction(const ImageView& image, u32 codeIndex, u32 offset);
// Python's repr of a constant; a nested code object is <code NAME>.
std::string printConstant(const ImageView& image, const CodeRecord& code, u32 index);

}  // namespace dx::bytecode
