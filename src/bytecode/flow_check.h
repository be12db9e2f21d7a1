// A stricter check than the verifier's: follows which registers hold a value, and of which kind,
// along all paths and through handlers. Finds temporaries that are read while they may be empty,
// locals read without CheckBound, call windows that are not clean, operands of the wrong kind. Code
// that passes it after the verifier cannot harm the machine, whoever wrote it: what programs make
// by hand has to. What the compiler makes does too, which tests make sure of; it is not checked
// again at run time, as this costs more than one pass.
#pragma once
#include "bytecode/image.h"

namespace dx::bytecode {

// The first problem in a verified image, or an empty string.
std::string checkRegisterFlow(const ImageView& image);
std::string checkRegisterFlow(const ImageView& image, u32 code);

// Everything there is to check about one code object of an image whose header was verified: its
// record, constants, instructions and flow.
std::string checkForeignCode(const ImageView& image, u32 code);

// How many registers a Run or Out operand of the instruction stands for.
u32 runLength(const Insn& insn);

}  // namespace dx::bytecode
