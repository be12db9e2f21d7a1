#include "bytecode/seal.h"

#include <llvm-c/blake3.h>

namespace dx::bytecode {

Digest imageDigest(const u8* bytes, u64 end) {
  llvm_blake3_hasher hasher;
  llvm_blake3_hasher_init(&hasher);
  llvm_blake3_hasher_update(&hasher, bytes, offsetof(ImageHeader, hash));
  llvm_blake3_hasher_update(&hasher, bytes + sizeof(ImageHeader), end - sizeof(ImageHeader));
  Digest digest;
  llvm_blake3_hasher_finalize(&hasher, digest.data(), digest.size());
  return digest;
}

void sealImage(u8* bytes) {
  Digest digest = imageDigest(bytes, ImageView(bytes).header().size);
  memcpy(bytes + offsetof(ImageHeader, hash), digest.data(), digest.size());
}

bool isSealed(const u8* bytes) {
  const ImageHeader& header = ImageView(bytes).header();
  Digest digest = imageDigest(bytes, header.size);
  return memcmp(header.hash, digest.data(), digest.size()) == 0;
}

}  // namespace dx::bytecode
