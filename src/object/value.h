// Value: one 64-bit word that is any Python value.
//
//   ...1   small int: 63-bit two's complement in the upper bits
//   ..10   float with a common exponent (about 1e-77 to 1e77, and +0.0), rotated, exact
//   ..00   Object*, 16-byte aligned; the zero word is "empty": an unbound variable, an absent
//          optional argument, or "an exception is pending" in a result
//
// A Value does not own a reference: see memory/ref.h. Every operation accepts both the
// immediate and the heap form of an int or float; results are canonical (immediate if it fits).
#pragma once
#include <bit>

#include "base/base.h"

namespace dx {

struct Object;
struct Type;

constexpr i64 kSmallIntMax = (i64(1) << 62) - 1;
constexpr i64 kSmallIntMin = -(i64(1) << 62);

class Value {
 public:
  constexpr Value() : bits_(0) {}
  Value(const Object* o) : bits_(reinterpret_cast<u64>(o)) {}  // NOLINT: implicit by design

  static constexpr Value fromBits(u64 bits) {
    Value v;
    v.bits_ = bits;
    return v;
  }
  static constexpr bool fitsSmallInt(i64 i) { return i >= kSmallIntMin && i <= kSmallIntMax; }
  static constexpr Value smallInt(i64 i) { return fromBits(u64(i) << 1 | 1); }

  // True when `d` has an immediate form.
  static bool fitsFlonum(double d) {
    u64 b = std::bit_cast<u64>(d);
    u64 top = b >> 60 & 7;
    return ((top == 3 || top == 4) && b != 0x3000000000000000) || b == 0;
  }
  static Value flonum(double d) {
    u64 b = std::bit_cast<u64>(d);
    return fromBits(b == 0 ? kZeroFlonum : ((std::rotl(b, 3) & ~u64(3)) | 2));
  }

  constexpr u64 bits() const { return bits_; }
  constexpr bool isEmpty() const { return bits_ == 0; }
  constexpr explicit operator bool() const { return bits_ != 0; }
  constexpr bool isSmallInt() const { return bits_ & 1; }
  constexpr bool isFlonum() const { return (bits_ & 3) == 2; }
  constexpr bool isImmediate() const { return (bits_ & 3) != 0; }
  constexpr bool isObject() const { return (bits_ & 3) == 0 && bits_ != 0; }

  constexpr i64 smallInt() const { return i64(bits_) >> 1; }
  double flonum() const {
    if (bits_ == kZeroFlonum) return 0.0;
    return std::bit_cast<double>(std::rotr((2 - (bits_ >> 63)) | (bits_ & ~u64(3)), 3));
  }
  Object* object() const { return reinterpret_cast<Object*>(bits_); }
  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(bits_);
  }

  // Same word. Python's `is` is sameValue() in runtime/abstract.h: boxed numbers compare by value.
  constexpr bool operator==(const Value& o) const = default;

 private:
  static constexpr u64 kZeroFlonum = 0x8000000000000002;
  u64 bits_;
};
static_assert(sizeof(Value) == 8);

}  // namespace dx
