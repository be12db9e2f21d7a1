// The hash in an image's header. It finds damage, not malice: whoever can write a file can also
// compute its hash, and the verifier is what protects against such a file.
#pragma once
#include <array>

#include "bytecode/image.h"

namespace dx::bytecode {

using Digest = std::array<u8, 32>;

// BLAKE3 over the header's first half and what follows the header, up to `end`.
Digest imageDigest(const u8* bytes, u64 end);

// Writes a module image's hash into its header.
void sealImage(u8* bytes);
// Whether it is there and right. The size in the header has been checked.
bool isSealed(const u8* bytes);

}  // namespace dx::bytecode
