#include "base/int_math.h"

#include <algorithm>
#include <bit>

#include "base/int_kernels.h"
#include "base/int_limbs.h"

namespace dx {

using detail::digitsFromLimbs;
using detail::Limbs;

namespace {

constexpr u64 kMaxBits = u64(1) << 36;

Digits addMagnitude(IntView a, IntView b) {
  if (a.count < b.count) std::swap(a, b);
  Digits out;
  out.resize(a.count + 1);
  detail::addDigits(out.data(), a.digits, a.count, b.digits, b.count);
  out.normalize();
  return out;
}

// |a| - |b|, signed.
Digits subMagnitude(IntView a, IntView b) {
  int order = intCompareMagnitude(a, b);
  if (order == 0) return {};
  if (order < 0) std::swap(a, b);
  Digits out;
  out.resize(a.count);
  detail::subDigits(out.data(), a.digits, a.count, b.digits, b.count);
  out.negative = order < 0;
  out.normalize();
  return out;
}

bool fitsU64(IntView a, u64* out) {
  if (a.count > 3 || (a.count == 3 && a.digits[2] >> 4)) return false;
  u64 v = 0;
  for (size_t i = a.count; i-- > 0;) v = v << kDigitBits | a.digits[i];
  *out = v;
  return true;
}

// The remainder is |a| mod b; the quotient goes to *q if wanted.
u32 divideByDigit(IntView a, u32 b, Digits* q) {
  u64 rest = 0;
  if (q) q->resize(a.count);
  for (size_t i = a.count; i-- > 0;) {
    rest = rest << kDigitBits | a.digits[i];
    u32 d = u32(rest / b);
    if (q) (*q)[i] = d;
    rest -= u64(d) * b;
  }
  if (q) q->normalize();
  return u32(rest);
}

void divideTruncating(IntView a, IntView b, Digits* q, Digits* r) {
  if (intCompareMagnitude(a, b) < 0) {
    *q = Digits();
    *r = Digits(a);
    r->negative = false;
    return;
  }
  u64 x, y;
  if (fitsU64(a, &x) && fitsU64(b, &y)) {
    *q = Digits::ofUnsigned(x / y);
    *r = Digits::ofUnsigned(x % y);
    return;
  }
  if (b.count == 1) {
    *r = Digits::ofUnsigned(divideByDigit(a, b.digits[0], q));
    return;
  }
  Limbs n(a), d(b);
  Limbs quotient(n.size() - d.size() + 1), rest(d.size());
  mpn_tdiv_qr(quotient.data(), rest.data(), 0, n.data(), mp_size_t(n.size()), d.data(),
              mp_size_t(d.size()));
  *q = digitsFromLimbs(quotient.data(), quotient.size());
  *r = digitsFromLimbs(rest.data(), rest.size());
}

Digits digitsFromMpz(mpz_srcptr z) {
  Digits out = digitsFromLimbs(mpz_limbs_read(z), mpz_size(z));
  out.negative = mpz_sgn(z) < 0;
  return out;
}

// The i-th digit of the two's complement representation, walked upwards.
class TwosDigits {
 public:
  explicit TwosDigits(IntView v) : v_(v) {}
  u32 next() {
    u32 d = i_ < v_.count ? v_.digits[i_] : 0;
    i_++;
    if (!v_.negative) return d;
    carry_ += ~d & kDigitMask;
    u32 out = carry_ & kDigitMask;
    carry_ >>= kDigitBits;
    return out;
  }

 private:
  IntView v_;
  size_t i_ = 0;
  u32 carry_ = 1;
};

template <class Op>
Digits bitwise(IntView a, IntView b, Op op) {
  size_t n = std::max(a.count, b.count) + 1;
  bool negative = op(u32(a.negative), u32(b.negative)) & 1;
  TwosDigits x(a), y(b);
  Digits out;
  out.resize(n);
  u32 carry = 1;
  for (size_t i = 0; i < n; i++) {
    u32 d = op(x.next(), y.next()) & kDigitMask;
    if (negative) {
      carry += ~d & kDigitMask;
      d = carry & kDigitMask;
      carry >>= kDigitBits;
    }
    out[i] = d;
  }
  out.negative = negative;
  out.normalize();
  return out;
}

}  // namespace

int intCompareMagnitude(IntView a, IntView b) {
  if (a.count != b.count) return a.count < b.count ? -1 : 1;
  for (size_t i = a.count; i-- > 0;)
    if (a.digits[i] != b.digits[i]) return a.digits[i] < b.digits[i] ? -1 : 1;
  return 0;
}

int intCompare(IntView a, IntView b) {
  if (a.negative != b.negative) return a.negative ? -1 : 1;
  int order = intCompareMagnitude(a, b);
  return a.negative ? -order : order;
}

Digits intAdd(IntView a, IntView b) {
  if (a.negative != b.negative) {
    Digits out = subMagnitude(a, b);
    if (a.negative && out.size() != 0) out.negative = !out.negative;
    return out;
  }
  Digits out = addMagnitude(a, b);
  out.negative = a.negative && out.size() != 0;
  return out;
}

Digits intSub(IntView a, IntView b) {
  b.negative = !b.negative && b.count != 0;
  if (b.count == 0) return Digits(a);
  return intAdd(a, b);
}

Digits intNegate(IntView a) {
  Digits out(a);
  out.negative = !a.negative && a.count != 0;
  return out;
}

Digits intAbs(IntView a) {
  Digits out(a);
  out.negative = false;
  return out;
}

Digits intMul(IntView a, IntView b) {
  if (a.count < b.count) std::swap(a, b);
  if (b.count == 0) return {};
  Digits out;
  bool negative = a.negative != b.negative;
  if (b.count < kGmpMulDigits) {
    out.resize(a.count + b.count);
    detail::multiplyDigits(out.data(), a.digits, a.count, b.digits, b.count);
    out.normalize();
  } else {
    Limbs x(a);
    if (a.digits == b.digits && a.count == b.count) {
      Limbs product(x.size() * 2);
      mpn_sqr(product.data(), x.data(), mp_size_t(x.size()));
      out = digitsFromLimbs(product.data(), product.size());
    } else {
      // As many digits can make one limb less; the longer operand comes first.
      Limbs y(b), product(x.size() + y.size());
      Limbs &longer = x.size() < y.size() ? y : x, &shorter = x.size() < y.size() ? x : y;
      mpn_mul(product.data(), longer.data(), mp_size_t(longer.size()), shorter.data(),
              mp_size_t(shorter.size()));
      out = digitsFromLimbs(product.data(), product.size());
    }
  }
  out.negative = negative;
  return out;
}

namespace {

// The 128 bits of |a| from bit `shift` up.
unsigned __int128 bitsFrom(IntView a, u64 shift) {
  unsigned __int128 out = 0;
  size_t first = size_t(shift / kDigitBits);
  for (size_t i = std::min(a.count, first + 6); i-- > first;) {
    i64 at = i64(u64(i) * kDigitBits) - i64(shift);
    if (at >= 128) continue;
    unsigned __int128 d = a.digits[i];
    out |= at >= 0 ? d << at : d >> -at;
  }
  return out;
}

}  // namespace

bool intLeadingQuotient(IntView a, IntView b, u64* quotient) {
  u64 aBits = intBitLength(a), bBits = intBitLength(b);
  if (aBits < bBits || aBits - bBits > 40) return false;
  u64 shift = bBits > 63 ? bBits - 63 : 0;
  unsigned __int128 x = bitsFrom(a, shift);
  u64 y = u64(bitsFrom(b, shift));
  if (shift == 0) {
    *quotient = u64(x / y);
    return true;
  }
  // a lies in [x, x + 1) and b in [y, y + 1), both times 2**shift.
  u64 low = u64(x / (y + 1)), high = u64((x + 1) / y);
  *quotient = low;
  return low == high;
}

void intDivMod(IntView a, IntView b, Digits* quotient, Digits* remainder) {
  DX_ASSERT(b.count != 0);
  Digits q, r;
  divideTruncating(a, b, &q, &r);
  q.negative = a.negative != b.negative && q.size() != 0;
  r.negative = a.negative && r.size() != 0;
  if (r.size() != 0 && a.negative != b.negative) {
    r = intAdd(r, b);
    q = intSub(q, Digits(i64(1)));
  }
  if (quotient) *quotient = std::move(q);
  if (remainder) *remainder = std::move(r);
}

bool intPow(IntView a, u64 exponent, Digits* out) {
  if (exponent == 0) {
    *out = Digits(i64(1));
    return true;
  }
  u64 bits = intBitLength(a);
  if (bits <= 1) {  // 0, 1, -1
    *out = Digits(a);
    if (exponent % 2 == 0) out->negative = false;
    return true;
  }
  if (exponent > kMaxBits || static_cast<unsigned __int128>(bits - 1) * exponent > kMaxBits)
    return false;
  Limbs limbs(a);
  mpz_t base, result;
  mpz_roinit_n(base, limbs.data(), mp_size_t(limbs.size()));
  mpz_init(result);
  mpz_pow_ui(result, base, exponent);
  *out = digitsFromMpz(result);
  mpz_clear(result);
  out->negative = a.negative && exponent % 2 == 1;
  return true;
}

PowMod intPowMod(IntView a, IntView exponent, IntView modulus, Digits* out) {
  if (modulus.isZero()) return PowMod::kZeroModulus;
  u64 x, e, m;
  if (!a.negative && !exponent.negative && !modulus.negative && fitsU64(a, &x) &&
      fitsU64(exponent, &e) && fitsU64(modulus, &m)) {
    u64 result = 1 % m;
    x %= m;
    for (; e != 0; e >>= 1) {
      if (e & 1) result = u64(static_cast<unsigned __int128>(result) * x % m);
      x = u64(static_cast<unsigned __int128>(x) * x % m);
    }
    *out = Digits::ofUnsigned(result);
    return PowMod::kOk;
  }
  Limbs baseLimbs(a), expLimbs(exponent), modLimbs(modulus);
  auto signedSize = [](const Limbs& l, IntView v) {
    return v.negative ? -mp_size_t(l.size()) : mp_size_t(l.size());
  };
  mpz_t base, exp, mod, result;
  mpz_roinit_n(base, baseLimbs.data(), signedSize(baseLimbs, a));
  mpz_roinit_n(exp, expLimbs.data(), mp_size_t(expLimbs.size()));  // |exponent|
  mpz_roinit_n(mod, modLimbs.data(), mp_size_t(modLimbs.size()));  // |modulus|
  mpz_init(result);
  bool invertible = true;
  if (exponent.negative) {
    mpz_t inverse;
    mpz_init(inverse);
    // gcd(x, 1) is 1 for every x, but GMP calls nothing invertible modulo 1.
    invertible = mpz_cmp_ui(mod, 1) == 0 || mpz_invert(inverse, base, mod) != 0;
    if (invertible) mpz_powm(result, inverse, exp, mod);
    mpz_clear(inverse);
  } else {
    mpz_powm(result, base, exp, mod);
  }
  if (invertible) *out = digitsFromMpz(result);
  mpz_clear(result);
  if (!invertible) return PowMod::kNotInvertible;
  if (modulus.negative && out->size() != 0) *out = intAdd(*out, modulus);
  return PowMod::kOk;
}

Digits intShiftLeft(IntView a, u64 bits) {
  if (a.isZero()) return {};
  size_t whole = bits / kDigitBits;
  int part = int(bits % kDigitBits);
  Digits out;
  out.resize(a.count + whole + 1);
  memset(out.data(), 0, whole * sizeof(u32));
  u64 carry = 0;
  for (size_t i = 0; i < a.count; i++) {
    carry |= u64(a.digits[i]) << part;
    out[whole + i] = u32(carry) & kDigitMask;
    carry >>= kDigitBits;
  }
  out[whole + a.count] = u32(carry);
  out.negative = a.negative;
  out.normalize();
  return out;
}

Digits intShiftRight(IntView a, u64 bits) {
  u64 whole = bits / kDigitBits;
  int part = int(bits % kDigitBits);
  if (whole >= a.count) return Digits(a.negative ? i64(-1) : i64(0));
  bool lost = false;
  if (a.negative) {
    for (size_t i = 0; i < whole && !lost; i++) lost = a.digits[i] != 0;
    lost = lost || (a.digits[whole] & ((u32(1) << part) - 1)) != 0;
  }
  Digits out;
  size_t n = a.count - whole;
  out.resize(n);
  for (size_t i = 0; i < n; i++) {
    u64 pair = a.digits[whole + i];
    if (i + 1 < n) pair |= u64(a.digits[whole + i + 1]) << kDigitBits;
    out[i] = u32(pair >> part) & kDigitMask;
  }
  out.negative = a.negative;
  out.normalize();
  if (lost) return intSub(out, Digits(i64(1)));
  return out;
}

Digits intAnd(IntView a, IntView b) {
  return bitwise(a, b, [](u32 x, u32 y) { return x & y; });
}
Digits intOr(IntView a, IntView b) {
  return bitwise(a, b, [](u32 x, u32 y) { return x | y; });
}
Digits intXor(IntView a, IntView b) {
  return bitwise(a, b, [](u32 x, u32 y) { return x ^ y; });
}
Digits intInvert(IntView a) { return intSub(Digits(i64(-1)), a); }

u64 intBitLength(IntView a) {
  if (a.count == 0) return 0;
  return u64(a.count - 1) * kDigitBits + u64(std::bit_width(a.digits[a.count - 1]));
}

u64 intBitCount(IntView a) {
  u64 n = 0;
  for (size_t i = 0; i < a.count; i++) n += u64(std::popcount(a.digits[i]));
  return n;
}

Digits intGcd(IntView a, IntView b) {
  if (a.isZero()) return intAbs(b);
  if (b.isZero()) return intAbs(a);
  u64 x, y;
  if (fitsU64(a, &x) && fitsU64(b, &y)) {
    while (y != 0) {
      u64 r = x % y;
      x = y;
      y = r;
    }
    return Digits::ofUnsigned(x);
  }
  Limbs xl(a), yl(b);
  mpz_t xz, yz, result;
  mpz_roinit_n(xz, xl.data(), mp_size_t(xl.size()));
  mpz_roinit_n(yz, yl.data(), mp_size_t(yl.size()));
  mpz_init(result);
  mpz_gcd(result, xz, yz);
  Digits out = digitsFromMpz(result);
  mpz_clear(result);
  return out;
}

Digits intSqrt(IntView a) {
  DX_ASSERT(!a.negative);
  if (a.isZero()) return {};
  Limbs limbs(a);
  Limbs root((limbs.size() + 1) / 2), rest(limbs.size());
  mpn_sqrtrem(root.data(), rest.data(), limbs.data(), mp_size_t(limbs.size()));
  return digitsFromLimbs(root.data(), root.size());
}

}  // namespace dx
