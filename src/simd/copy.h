// memcpy for texts of some kilobytes.
#pragma once
#include <cstddef>
#include <cstring>

namespace dx::simd {

// The C library copies from 2 KB on with `rep movsb`, which some processors (AMD's Zen 3 and 4) do
// at a tenth of the speed when source and target lie alike in their pages, as the texts of two
// strings mostly do.
extern void (*gCopy)(void* to, const void* from, size_t n);  // at least 512 bytes
inline void copy(void* to, const void* from, size_t n) {
  if (n < 2048 || n > size_t(1) << 20)
    memcpy(to, from, n);
  else
    gCopy(to, from, n);
}

}  // namespace dx::simd
