// Private to base/int_*.cpp: 30-bit digits to and from GMP's 64-bit limbs.
#pragma once
#include <gmp.h>

#include "base/digits.h"

namespace dx::detail {

static_assert(GMP_NUMB_BITS == 64);

// Scratch limbs: 24 inline, more on the heap.
class Limbs {
 public:
  explicit Limbs(size_t n) : size_(n) {
    if (n > kInline) {
      data_ = static_cast<mp_limb_t*>(malloc(n * sizeof(mp_limb_t)));
      DX_CHECK(data_ != nullptr);
    }
  }
  // The magnitude of v; at least one limb of room even for zero.
  explicit Limbs(IntView v) : Limbs(v.count * kDigitBits / 64 + 1) { size_ = pack(v, data_); }
  Limbs(const Limbs&) = delete;
  Limbs& operator=(const Limbs&) = delete;
  ~Limbs() {
    if (data_ != inline_) free(data_);
  }
  mp_limb_t* data() { return data_; }
  size_t size() const { return size_; }
  void setSize(size_t n) { size_ = n; }
  void trim() {
    while (size_ != 0 && data_[size_ - 1] == 0) size_--;
  }

 private:
  static size_t pack(IntView v, mp_limb_t* out) {
    size_t n = 0;
    unsigned __int128 acc = 0;
    int bits = 0;
    for (size_t i = 0; i < v.count; i++) {
      acc |= static_cast<unsigned __int128>(v.digits[i]) << bits;
      bits += kDigitBits;
      if (bits >= 64) {
        out[n++] = mp_limb_t(acc);
        acc >>= 64;
        bits -= 64;
      }
    }
    if (acc != 0) out[n++] = mp_limb_t(acc);
    while (n != 0 && out[n - 1] == 0) n--;
    return n;
  }
  static constexpr size_t kInline = 24;
  mp_limb_t* data_ = inline_;
  size_t size_;
  mp_limb_t inline_[kInline];
};

inline Digits digitsFromLimbs(const mp_limb_t* limbs, size_t n) {
  Digits out;
  while (n != 0 && limbs[n - 1] == 0) n--;
  out.resize((n * 64 + kDigitBits - 1) / kDigitBits);
  unsigned __int128 acc = 0;
  int bits = 0;
  size_t k = 0;
  for (size_t i = 0; i < n; i++) {
    acc |= static_cast<unsigned __int128>(limbs[i]) << bits;
    bits += 64;
    while (bits >= kDigitBits) {
      out[k++] = u32(acc) & kDigitMask;
      acc >>= kDigitBits;
      bits -= kDigitBits;
    }
  }
  if (k < out.size()) out[k++] = u32(acc);
  out.resize(k);
  out.normalize();
  return out;
}

}  // namespace dx::detail
