#include "bytecode/seal.h"

#include <llvm-c/blake3.h>

namespace dx::bytecode {

static Digest digestOf(std::span<const u8> first, std::span<const u8> second) {
  llvm_blake3_hasher hasher;
  llvm_blake3_hasher_init(&hasher);
  llvm_blake3_hasher_update(&hasher, first.data(), first.size());
  llvm_blake3_hasher_update(&hasher, second.data(), second.size());
  Digest digest;
  llvm_blake3_hasher_finalize(&hasher, digest.data(), digest.size());
  return digest;
}

Digest imageDigest(const u8* bytes, u64 end) {
  // What is aligned comes first: BLAKE3 then works on whole chunks of it at once.
  return digestOf({bytes + sizeof(ImageHeader), end - sizeof(ImageHeader)},
                  {bytes, offsetof(ImageHeader, hash)});
}

Digest coldDigest(const ImageView& image) { return digestOf(image.coldPart(), {}); }

void sealImage(u8* bytes) {
  ImageView image(bytes);
  Digest cold = coldDigest(image);
  memcpy(bytes + kColdHash, cold.data(), cold.size());
  Digest digest = imageDigest(bytes, image.header().cold);
  memcpy(bytes + offsetof(ImageHeader, hash), digest.data(), digest.size());
}

bool isSealed(const ImageView& image) {
  const ImageHeader& header = image.header();
  Digest digest = imageDigest(image.bytes(), header.cold);
  return memcmp(header.hash, digest.data(), digest.size()) == 0 && isColdSealed(image);
}

bool isColdSealed(const ImageView& image) {
  Digest digest = coldDigest(image);
  return memcmp(image.bytes() + kColdHash, digest.data(), digest.size()) == 0;
}

}  // namespace dx::bytecode
