// Integers to and from doubles, machine words and bytes; hash; true division.
#include <bit>
#include <cmath>

#include "base/int_math.h"

namespace dx {

namespace {

// The top 64 bits of |a| with bit 63 set, whether anything below is lost, and the exponent:
// |a| = (top + less than one if lost) * 2**exponent. a is not zero.
struct Top {
  u64 bits;
  bool lost;
  i64 exponent;
};

Top topBits(IntView a) {
  unsigned __int128 acc = 0;
  size_t i = a.count;
  int width = std::bit_width(a.digits[a.count - 1]);
  int have = width - kDigitBits;
  while (i > 0 && have < 64) {
    acc = acc << kDigitBits | a.digits[--i];
    have += kDigitBits;
  }
  Top out;
  out.exponent = i64(i) * kDigitBits;
  if (have > 64) {
    int drop = have - 64;
    out.lost = (acc & ((static_cast<unsigned __int128>(1) << drop) - 1)) != 0;
    out.bits = u64(acc >> drop);
    out.exponent += drop;
  } else {
    out.lost = false;
    out.bits = u64(acc) << (64 - have);
    out.exponent -= 64 - have;
  }
  while (!out.lost && i > 0) out.lost = a.digits[--i] != 0;
  return out;
}

// Rounds top * 2**exponent half to even, subnormals included. False on overflow.
bool roundToDouble(Top t, bool negative, double* out) {
  i64 highest = t.exponent + 63;  // exponent of the leading bit
  int keep = 53;
  if (highest < -1022) keep = int(53 - std::min<i64>(-1022 - highest, 54));
  // keep may be 0 (the leading bit is the rounding bit) or -1 (far below half).
  u64 mantissa = 0;
  if (keep >= 0) {
    int drop = 64 - keep;
    u64 half = u64(1) << (drop - 1);
    u64 rest = drop == 64 ? t.bits : t.bits & ((u64(1) << drop) - 1);
    mantissa = drop == 64 ? 0 : t.bits >> drop;
    if (rest > half || (rest == half && (t.lost || (mantissa & 1)))) mantissa++;
    if (highest > 1023 || (highest == 1023 && mantissa >> 53)) return false;
    double v = std::ldexp(double(mantissa), int(t.exponent + drop));
    *out = negative ? -v : v;
    return true;
  }
  *out = negative ? -0.0 : 0.0;
  return true;
}

}  // namespace

bool intToDouble(IntView a, double* out) {
  if (a.count <= 1) {
    double v = a.count ? double(a.digits[0]) : 0.0;
    *out = a.negative ? -v : v;
    return true;
  }
  return roundToDouble(topBits(a), a.negative, out);
}

double intFrexp(IntView a, i64* exponent) {
  *exponent = 0;
  if (a.isZero()) return 0.0;
  Top t = topBits(a);
  i64 bits = t.exponent + 64;
  t.exponent = -64;
  double m;
  (void)roundToDouble(t, a.negative, &m);
  if (m == 1.0 || m == -1.0) {
    m /= 2;
    bits++;
  }
  *exponent = bits;
  return m;
}

Digits intFromDouble(double value) {
  bool negative = value < 0;
  int exponent;
  double m = std::frexp(std::fabs(value), &exponent);  // 0.5 <= m < 1
  if (exponent <= 0) return {};
  u64 mantissa = u64(std::ldexp(m, 53));
  Digits out;
  if (exponent <= 53) {
    out = Digits::ofUnsigned(mantissa >> (53 - exponent));
  } else {
    out = intShiftLeft(Digits::ofUnsigned(mantissa), u64(exponent - 53));
  }
  out.negative = negative && out.size() != 0;
  return out;
}

TrueDivide intTrueDivide(IntView a, IntView b, double* out) {
  if (b.isZero()) return TrueDivide::kZeroDivision;
  bool negative = a.negative != b.negative;
  if (a.isZero()) {
    *out = b.negative ? -0.0 : 0.0;
    return TrueDivide::kOk;
  }
  u64 aBits = intBitLength(a), bBits = intBitLength(b);
  if (aBits <= 53 && bBits <= 53) {
    double x, y;
    (void)intToDouble(a, &x);
    (void)intToDouble(b, &y);
    *out = x / y;
    return TrueDivide::kOk;
  }
  i64 difference = i64(aBits) - i64(bBits);
  if (difference > 1025) return TrueDivide::kOverflow;
  if (difference < -1080) {
    *out = negative ? -0.0 : 0.0;
    return TrueDivide::kOk;
  }
  // Scale so that the quotient has 66 or 67 bits: enough for 53 and a sticky rest.
  i64 shift = 66 - difference;
  a.negative = b.negative = false;
  Digits q, r;
  if (shift >= 0)
    intDivMod(intShiftLeft(a, u64(shift)), b, &q, &r);
  else
    intDivMod(a, intShiftLeft(b, u64(-shift)), &q, &r);
  Top t = topBits(q);
  t.lost = t.lost || r.size() != 0;
  t.exponent -= shift;
  return roundToDouble(t, negative, out) ? TrueDivide::kOk : TrueDivide::kOverflow;
}

bool intToU64(IntView a, u64* out) {
  if (a.negative || a.count > 3 || (a.count == 3 && a.digits[2] >> 4)) return false;
  *out = intToU64Wrapping(a);
  return true;
}

bool intToI64(IntView a, i64* out) {
  if (a.count > 3 || (a.count == 3 && a.digits[2] >> 4)) return false;
  u64 v = 0;
  for (size_t i = a.count; i-- > 0;) v = v << kDigitBits | a.digits[i];
  u64 limit = (u64(1) << 63) - (a.negative ? 0 : 1);
  if (v > limit) return false;
  *out = a.negative ? i64(u64(0) - v) : i64(v);
  return true;
}

u64 intToU64Wrapping(IntView a) {
  u64 v = 0;
  for (size_t i = std::min<size_t>(a.count, 3); i-- > 0;) v = v << kDigitBits | a.digits[i];
  return a.negative ? u64(0) - v : v;
}

ToBytes intToBytes(IntView a, u8* out, size_t size, bool littleEndian, bool isSigned) {
  if (a.negative && !isSigned) return ToBytes::kNegative;
  u64 accumulator = 0;
  int bits = 0;
  size_t written = 0;
  u32 carry = a.negative ? 1 : 0;
  auto put = [&](u8 byte) {
    if (written < size) out[littleEndian ? written : size - 1 - written] = byte;
    written++;
  };
  u8 fill = a.negative ? 0xff : 0;
  bool tooBig = false;
  auto emit = [&](u8 byte) {
    if (written < size)
      put(byte);
    else
      tooBig = tooBig || byte != fill;
  };
  for (size_t i = 0; i < a.count; i++) {
    u32 d = a.digits[i];
    if (a.negative) {
      carry += ~d & kDigitMask;
      d = carry & kDigitMask;
      carry >>= kDigitBits;
    }
    accumulator |= u64(d) << bits;
    bits += kDigitBits;
    for (; bits >= 8; bits -= 8, accumulator >>= 8) emit(u8(accumulator));
  }
  if (bits > 0) emit(u8(accumulator | (a.negative ? u64(0xff) << bits : 0)));
  if (tooBig) return ToBytes::kTooBig;
  if (size == 0) return a.count == 0 ? ToBytes::kOk : ToBytes::kTooBig;
  while (written < size) put(fill);
  if (isSigned) {
    bool top = out[littleEndian ? size - 1 : 0] >> 7;
    if (top != a.negative) return ToBytes::kTooBig;
  }
  return ToBytes::kOk;
}

Digits intFromBytes(const u8* bytes, size_t size, bool littleEndian, bool isSigned) {
  Digits out;
  if (size == 0) return out;
  bool negative = isSigned && bytes[littleEndian ? size - 1 : 0] >> 7;
  out.resize((size * 8 + kDigitBits - 1) / kDigitBits);
  u64 accumulator = 0;
  int bits = 0;
  size_t k = 0;
  u32 carry = negative ? 1 : 0;
  for (size_t i = 0; i < size; i++) {
    u32 byte = bytes[littleEndian ? i : size - 1 - i];
    if (negative) {
      carry += ~byte & 0xff;
      byte = carry & 0xff;
      carry >>= 8;
    }
    accumulator |= u64(byte) << bits;
    bits += 8;
    if (bits >= kDigitBits) {
      out[k++] = u32(accumulator) & kDigitMask;
      accumulator >>= kDigitBits;
      bits -= kDigitBits;
    }
  }
  if (k < out.size()) out[k++] = u32(accumulator);
  out.resize(k);
  // The most negative value has no digit for its carry when its bits fill whole digits.
  if (carry != 0 && negative) {
    Digits top = intShiftLeft(Digits(i64(1)), u64(size) * 8);
    top.negative = true;
    return top;
  }
  out.negative = negative;
  out.normalize();
  return out;
}

i64 intHash(IntView a) {
  constexpr u64 kPrime = (u64(1) << 61) - 1;
  u64 x = 0;
  for (size_t i = a.count; i-- > 0;) {
    x = (x << kDigitBits & kPrime) | x >> (61 - kDigitBits);
    x += a.digits[i];
    if (x >= kPrime) x -= kPrime;
  }
  i64 h = a.negative ? -i64(x) : i64(x);
  return h == -1 ? -2 : h;
}

int intCompareDouble(IntView a, double b) {
  if (std::isinf(b)) return b > 0 ? -1 : 1;
  Digits whole = intFromDouble(b);
  int order = intCompare(a, whole);
  if (order != 0) return order;
  double fraction = b - std::trunc(b);
  return fraction > 0 ? -1 : fraction < 0 ? 1 : 0;
}

}  // namespace dx
