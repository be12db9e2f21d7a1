// The hashes of an image. They find damage, not malice: whoever can write a file can also compute
// them, and the verifier is what protects against such a file.
#pragma once
#include <array>

#include "bytecode/image.h"

namespace dx::bytecode {

using Digest = std::array<u8, 32>;

// BLAKE3 over what follows the header, up to `end` (an image's cold part, whose own hash is before
// that), and then the header's first half.
Digest imageDigest(const u8* bytes, u64 end);
Digest coldDigest(const ImageView& image);

// Writes the hashes of a module image in one piece.
void sealImage(u8* bytes);
// Whether they are there and right. The header has been verified.
bool isSealed(const ImageView& image);
bool isColdSealed(const ImageView& image);

}  // namespace dx::bytecode
