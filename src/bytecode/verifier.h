// Structural verification: after it, an image cannot make the VM read or write out of bounds.
//
// Checks every offset, count, register, jump target, constant index and kind, table order and
// call window. Does not check that a program makes sense (a temporary that is empty when it is
// read is found at run time).
#pragma once
#include "bytecode/image.h"

namespace dx::bytecode {

// The first problem, or an empty string. `bytes` must be 8-byte aligned.
std::string verifyImage(std::span<const u8> bytes);

// The same in parts, for images of which only some code objects are used. Each needs what stands
// above it: the header and the tables' places; a code object's numbers, places and texts; one of
// its constants; its instructions and handlers. Positions need no check (bytecode/positions.h).
std::string verifyHeader(std::span<const u8> bytes);
std::string verifyHeader(std::span<const u8> hot, std::span<const u8> cold);  // in two pieces
std::string verifyCode(const ImageView& image, u32 index);
std::string verifyConstant(const ImageView& image, u32 code, u32 index);
std::string verifyInstructions(const ImageView& image, u32 code);

}  // namespace dx::bytecode
