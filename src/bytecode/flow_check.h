// A stricter check than the verifier's, for tests of whoever builds bytecode: follows which
// registers hold a value along all paths and through handlers. Finds temporaries that are read
// while they may be empty, locals read without CheckBound, and call windows that are not clean.
// Costs more than one pass; the VM does not need it.
#pragma once
#include "bytecode/image.h"

namespace dx::bytecode {

// The first problem in a verified image, or an empty string.
std::string checkRegisterFlow(const u8* image);

// How many registers a Run or Out operand of the instruction stands for.
u32 runLength(const Insn& insn);

}  // namespace dx::bytecode
