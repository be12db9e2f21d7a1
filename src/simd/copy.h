// memcpy for the sizes that texts have.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace dx::simd {

// The C library copies from 2 KB on with `rep movsb`, which some processors (AMD's Zen 3 and 4) do
// at a tenth of the speed when source and target lie alike in their pages, as the texts of two
// strings mostly do.
extern void (*gCopy)(void* to, const void* from, size_t n);  // at least 512 bytes

// Up to 32 bytes in line: two copies that may overlap, of a size the compiler knows.
template <class Word>
inline void copyEnds(uint8_t* to, const uint8_t* from, size_t n) {
  Word first, last;
  memcpy(&first, from, sizeof(Word));
  memcpy(&last, from + n - sizeof(Word), sizeof(Word));
  memcpy(to, &first, sizeof(Word));
  memcpy(to + n - sizeof(Word), &last, sizeof(Word));
}
inline void copyShort(void* target, const void* source, size_t n) {
  struct Sixteen {
    uint64_t words[2];
  };
  auto* to = static_cast<uint8_t*>(target);
  auto* from = static_cast<const uint8_t*>(source);
  if (n >= 16)
    copyEnds<Sixteen>(to, from, n);
  else if (n >= 8)
    copyEnds<uint64_t>(to, from, n);
  else if (n >= 4)
    copyEnds<uint32_t>(to, from, n);
  else if (n >= 2)
    copyEnds<uint16_t>(to, from, n);
  else if (n)
    *to = *from;
}

inline void copy(void* to, const void* from, size_t n) {
  if (n <= 32)
    copyShort(to, from, n);
  else if (n < 2048)
    memcpy(to, from, n);
  else
    gCopy(to, from, n);
}

}  // namespace dx::simd
