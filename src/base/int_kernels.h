// Inner loops on magnitudes of 30-bit digits, least significant first. Two digits at a time are one
// digit in base 2**60: a quarter of the multiplications, half of the additions.
//
// `out` may be an operand of addDigits and subDigits, not of the products.
#pragma once
#include "base/digits.h"

namespace dx::detail {

constexpr u64 kPairMask = (u64(1) << 60) - 1;

DX_INLINE u64 loadPair(const u32* d) {
  u64 w;
  memcpy(&w, d, sizeof w);
  return (w & kDigitMask) | (w >> 32) << kDigitBits;
}
DX_INLINE void storePair(u32* d, u64 pair) {
  u64 w = (pair & kDigitMask) | (pair >> kDigitBits & kDigitMask) << 32;
  memcpy(d, &w, sizeof w);
}

// out[0 .. an + 1) = a + b; an >= bn. The top digit may be zero.
inline void addDigits(u32* out, const u32* a, size_t an, const u32* b, size_t bn) {
  u64 carry = 0;
  size_t i = 0;
  for (; i + 2 <= bn; i += 2) {
    carry += loadPair(a + i) + loadPair(b + i);
    storePair(out + i, carry & kPairMask);
    carry >>= 60;
  }
  if (i < bn) {
    carry += u64(a[i]) + b[i];
    out[i++] = u32(carry) & kDigitMask;
    carry >>= kDigitBits;
  }
  for (; carry && i < an; i++) {
    carry += a[i];
    out[i] = u32(carry) & kDigitMask;
    carry >>= kDigitBits;
  }
  if (i < an) memmove(out + i, a + i, (an - i) * sizeof(u32));
  out[an] = u32(carry);
}

// out[0 .. an) = a - b; a >= b, an >= bn.
inline void subDigits(u32* out, const u32* a, size_t an, const u32* b, size_t bn) {
  u64 borrow = 0;
  size_t i = 0;
  for (; i + 2 <= bn; i += 2) {
    u64 d = loadPair(a + i) - loadPair(b + i) - borrow;
    storePair(out + i, d & kPairMask);
    borrow = d >> 63;
  }
  for (; i < an && (i < bn || borrow); i++) {
    u64 d = u64(a[i]) - (i < bn ? b[i] : 0) - borrow;
    out[i] = u32(d) & kDigitMask;
    borrow = d >> 63;
  }
  if (i < an) memmove(out + i, a + i, (an - i) * sizeof(u32));
}

// out[0 .. an) = (what is there, if kAdd) + a * factor; gives what goes beyond. factor < 2**60.
template <bool kAdd>
DX_INLINE u64 multiplyRow(u32* out, const u32* a, size_t an, u64 factor) {
  using u128 = unsigned __int128;
  u64 carry = 0;
  size_t i = 0;
  for (; i + 2 <= an; i += 2) {
    u128 p = u128(loadPair(a + i)) * factor + carry;
    if (kAdd) p += loadPair(out + i);
    storePair(out + i, u64(p) & kPairMask);
    carry = u64(p >> 60);
  }
  if (i < an) {
    u128 p = u128(a[i]) * factor + carry;
    if (kAdd) p += out[i];
    out[i] = u32(p) & kDigitMask;
    carry = u64(p >> kDigitBits);
  }
  return carry;
}

// out[0 .. an + bn) = a * b by the schoolbook; bn >= 1. The top digit may be zero.
inline void multiplyDigits(u32* out, const u32* a, size_t an, const u32* b, size_t bn) {
  if (bn == 1) {
    out[an] = u32(multiplyRow<false>(out, a, an, b[0]));
    return;
  }
  storePair(out + an, multiplyRow<false>(out, a, an, loadPair(b)));
  size_t j = 2;
  for (; j + 2 <= bn; j += 2)
    storePair(out + j + an, multiplyRow<true>(out + j, a, an, loadPair(b + j)));
  if (j < bn) out[j + an] = u32(multiplyRow<true>(out + j, a, an, b[j]));
}

}  // namespace dx::detail
