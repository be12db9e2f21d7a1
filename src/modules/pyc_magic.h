// The number at the start of compiled files. It is dxpy's own, so that no other implementation's
// file is read and none reads ours; it changes with the image format.
#pragma once
#include "bytecode/image.h"

namespace dx {

constexpr u32 kPycMagicToken =
    (u32('\r') << 16 | u32('\n') << 24) | (0x4400 + bytecode::kImageVersion);

}  // namespace dx
