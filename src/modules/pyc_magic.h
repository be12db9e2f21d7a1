// The number at the start of compiled files. It is dxpy's own, so that no other implementation's
// file is read and none reads ours; it changes with the image format.
#pragma once
#include "bytecode/image.h"

namespace dx {

inline u32 pycMagicToken() {
  u32 version = bytecode::kFormatVersion;
  return (u32('\r') << 16 | u32('\n') << 24) | (0x8000 | ((version ^ version >> 16) & 0x7FFF));
}

}  // namespace dx
