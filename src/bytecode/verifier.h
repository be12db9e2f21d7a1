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

}  // namespace dx::bytecode
