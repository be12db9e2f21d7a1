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
// The quick way for the most common constants, ASCII text. False: nothing is known.
inline bool isSoundText(const ImageView& image, const ConstRecord& r) {
  u32 length = r.head >> 8, end = image.header().cold;
  constexpr u8 kNeeded = kConstAscii, kMask = kConstAscii | kConstCold;
  if (r.kind() != ConstKind::Str1 || (r.flags() & kMask) != kNeeded || length >= kLongLength ||
      r.value > end || length > end - r.value)
    return false;
  const u8* units = &image.contents<u8>(r);
  u64 all = 0;
  u32 i = 0;
  for (; i + 8 <= length; i += 8) {
    u64 word;
    memcpy(&word, units + i, 8);
    all |= word;
  }
  for (; i < length; i++) all |= units[i];
  return (all & 0x8080808080808080) == 0;
}
std::string verifyInstructions(const ImageView& image, u32 code);

}  // namespace dx::bytecode
