// memcpy for texts of some kilobytes.
#pragma once
#include <cstddef>

namespace dx::simd {

// The C library copies from 2 KB on with `rep movsb`, which some processors (AMD's Zen 3 and 4) do
// at a tenth of the speed when source and target lie alike in their pages, as the texts of two
// strings mostly do.
void copy(void* to, const void* from, size_t n);

}  // namespace dx::simd
