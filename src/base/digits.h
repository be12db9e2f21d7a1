// Big-integer values as the runtime stores them: sign and magnitude, the magnitude in
// 30-bit digits, least significant first (the layout of CPython's PyLong).
#pragma once
#include <initializer_list>

#include "base/base.h"

namespace dx {

inline constexpr int kDigitBits = 30;
inline constexpr u32 kDigitMask = (u32(1) << kDigitBits) - 1;

// A borrowed integer. Normalized: the top digit is not zero; zero has no digits and no sign.
struct IntView {
  const u32* digits = nullptr;
  size_t count = 0;
  bool negative = false;

  bool isZero() const { return count == 0; }
  bool isOdd() const { return count != 0 && (digits[0] & 1); }
};

// An owned integer: the result of every operation. Up to four digits live inline.
class Digits {
 public:
  Digits() = default;
  explicit Digits(i64 value) {
    negative = value < 0;
    setMagnitude(value < 0 ? u64(0) - u64(value) : u64(value));
  }
  static Digits ofUnsigned(u64 value) {
    Digits d;
    d.setMagnitude(value);
    return d;
  }
  explicit Digits(IntView v) : negative(v.negative) {
    resize(v.count);
    if (v.count) memcpy(data_, v.digits, v.count * sizeof(u32));
  }
  Digits(const Digits& o) : Digits(o.view()) {}
  Digits(Digits&& o) noexcept { take(o); }
  Digits& operator=(const Digits& o) {
    if (this != &o) {
      Digits copy(o);
      release();
      take(copy);
    }
    return *this;
  }
  Digits& operator=(Digits&& o) noexcept {
    if (this != &o) {
      release();
      take(o);
    }
    return *this;
  }
  ~Digits() { release(); }

  u32* data() { return data_; }
  const u32* data() const { return data_; }
  size_t size() const { return size_; }
  u32& operator[](size_t i) { return data_[i]; }
  u32 operator[](size_t i) const { return data_[i]; }

  // New digits are not initialised; old ones stay.
  void resize(size_t n) {
    if (n > capacity_) grow(n);
    size_ = n;
  }
  void clear() { size_ = 0, negative = false; }
  // Drops leading zeros and the sign of zero.
  void normalize() {
    while (size_ != 0 && data_[size_ - 1] == 0) size_--;
    if (size_ == 0) negative = false;
  }
  void setMagnitude(u64 value) {
    size_ = 0;
    for (; value != 0; value >>= kDigitBits) data_[size_++] = u32(value) & kDigitMask;
  }

  IntView view() const { return {data_, size_, negative}; }
  operator IntView() const { return view(); }

  bool negative = false;

 private:
  void grow(size_t n) {
    u32* fresh = static_cast<u32*>(malloc(n * sizeof(u32)));
    DX_CHECK(fresh != nullptr);
    memcpy(fresh, data_, size_ * sizeof(u32));
    if (data_ != inline_) free(data_);
    data_ = fresh;
    capacity_ = n;
  }
  void release() {
    if (data_ != inline_) free(data_);
  }
  void take(Digits& o) {
    negative = o.negative;
    size_ = o.size_;
    if (o.data_ == o.inline_) {
      data_ = inline_;
      capacity_ = kInline;
      memcpy(inline_, o.inline_, sizeof inline_);
    } else {
      data_ = o.data_;
      capacity_ = o.capacity_;
      o.data_ = o.inline_;
      o.capacity_ = kInline;
    }
    o.clear();
  }

  static constexpr size_t kInline = 4;
  u32* data_ = inline_;
  size_t size_ = 0;
  size_t capacity_ = kInline;
  u32 inline_[kInline] = {};
};

}  // namespace dx
