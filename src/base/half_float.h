// IEEE half precision, in integer arithmetic: the compiler's _Float16 needs library support that
// differs between systems.
#pragma once
#include <bit>
#include <cmath>

#include "base/base.h"

namespace dx {

// Rounds halves to even; false when the value overflows.
[[nodiscard]] inline bool halfFromDouble(double value, u16* out) {
  u64 bits = std::bit_cast<u64>(value);
  u16 sign = u16(bits >> 48 & 0x8000);
  double magnitude = std::fabs(value);
  if (std::isnan(value)) {
    *out = u16(sign | 0x7E00 | (bits >> 42 & 0x1FF));
    return true;
  }
  if (std::isinf(value)) {
    *out = u16(sign | 0x7C00);
    return true;
  }
  if (magnitude == 0) {
    *out = sign;
    return true;
  }
  if (magnitude >= 65520.0) return false;
  // In units of the last place; a carry moves into the exponent by itself.
  int exponent = 0;
  std::frexp(magnitude, &exponent);
  int scale = exponent - 11 > -24 ? exponent - 11 : -24;
  u32 units = u32(std::nearbyint(std::ldexp(magnitude, -scale)));
  *out = u16(sign | (units + (u32(scale + 24) << 10)));
  return true;
}

inline double doubleFromHalf(u16 half) {
  int exponent = half >> 10 & 31;
  u32 fraction = half & 0x3FF;
  double magnitude;
  if (exponent == 31)
    magnitude =
        fraction ? std::bit_cast<double>(u64(0x7FF0000000000000) | u64(fraction) << 42) : INFINITY;
  else if (exponent == 0)
    magnitude = std::ldexp(double(fraction), -24);
  else
    magnitude = std::ldexp(double(fraction + 1024), exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

}  // namespace dx
