// Arithmetic on int instances. Each operation has an inline path for two immediates; everything
// else goes through 30-bit digits (base/int_math.h).
#include <cmath>

#include "base/int_kernels.h"
#include "base/int_math.h"
#include "runtime/containers.h"
#include "runtime/errors.h"
#include "runtime/int.h"

namespace dx {

namespace {

using i128 = __int128;

bool bothSmall(Value a, Value b) { return a.isSmallInt() && b.isSmallInt(); }

Ref<> makeInt128(i128 v) {
  if (v >= kSmallIntMin && v <= kSmallIntMax) return Ref<>::steal(Value::smallInt(i64(v)));
  bool negative = v < 0;
  unsigned __int128 m =
      negative ? -static_cast<unsigned __int128>(v) : static_cast<unsigned __int128>(v);
  u32 digits[5];
  i64 n = 0;
  for (; m != 0; m >>= kDigitBits) digits[n++] = u32(m) & kDigitMask;
  return makeIntFromDigits(digits, n, negative);
}

DX_COLD Error raiseDivisionByZero(Thread& t) {
  return t.raise(kZeroDivisionError, "division by zero");
}

// Results beyond this many bits are MemoryError: nothing real is as large.
constexpr u64 kMaxIntBits = u64(1) << 36;

i64 floorDivSmall(i64 a, i64 b) {
  i64 q = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? q - 1 : q;
}
i64 floorModSmall(i64 a, i64 b) {
  if (b == -1) return 0;
  i64 r = a % b;
  return (r != 0 && (r < 0) != (b < 0)) ? r + b : r;
}

}  // namespace

// x + y, or x - y: sums of magnitudes straight into the result.
static Ref<> addOrSubtract(IntView x, IntView y, bool subtract) {
  bool negative = x.negative;
  if (x.negative == (y.negative != subtract)) {
    if (x.count < y.count) std::swap(x, y);
    Int* out = newIntDigits(x.count + 1);
    detail::addDigits(out->digits, x.digits, x.count, y.digits, y.count);
    return finishIntDigits(out, x.count + 1, negative);
  }
  int order = intCompareMagnitude(x, y);
  if (order == 0) return makeInt(0);
  if (order < 0) {
    std::swap(x, y);
    negative = !negative;
  }
  Int* out = newIntDigits(x.count);
  detail::subDigits(out->digits, x.digits, x.count, y.digits, y.count);
  return finishIntDigits(out, x.count, negative);
}

Ref<> intAdd(Value a, Value b) {
  if (bothSmall(a, b)) [[likely]]
    return makeInt(a.smallInt() + b.smallInt());
  IntReader x(a), y(b);
  return addOrSubtract(x.view, y.view, false);
}

Ref<> intSub(Value a, Value b) {
  if (bothSmall(a, b)) [[likely]]
    return makeInt(a.smallInt() - b.smallInt());
  IntReader x(a), y(b);
  // Zero has no sign to turn around.
  if (y.view.isZero()) return exactInt(a);
  if (x.view.isZero()) return intNegative(b);
  return addOrSubtract(x.view, y.view, true);
}

Result<Ref<>> intMul(Thread& t, Value a, Value b) {
  if (bothSmall(a, b)) [[likely]]
    return makeInt128(i128(a.smallInt()) * b.smallInt());
  IntReader x(a), y(b);
  if (x.view.count + y.view.count > kMaxIntBits / kDigitBits) return t.raiseMemory();
  IntView l = x.view, r = y.view;
  if (l.count < r.count) std::swap(l, r);
  if (r.isZero()) return makeInt(0);
  if (r.count < kGmpMulDigits) {
    Int* out = newIntDigits(l.count + r.count);
    detail::multiplyDigits(out->digits, l.digits, l.count, r.digits, r.count);
    return finishIntDigits(out, l.count + r.count, l.negative != r.negative);
  }
  return makeInt(intMul(x.view, y.view));
}

Result<Ref<>> intFloorDiv(Thread& t, Value a, Value b) {
  if (bothSmall(a, b)) [[likely]] {
    if (b.smallInt() == 0) return raiseDivisionByZero(t);
    return makeInt(floorDivSmall(a.smallInt(), b.smallInt()));
  }
  IntReader x(a), y(b);
  if (y.view.isZero()) return raiseDivisionByZero(t);
  u64 small;
  if (!x.view.negative && !y.view.negative && intLeadingQuotient(x, y, &small))
    return makeInt(small);
  Digits quotient;
  intDivMod(x, y, &quotient, nullptr);
  return makeInt(quotient);
}

Result<Ref<>> intMod(Thread& t, Value a, Value b) {
  if (bothSmall(a, b)) [[likely]] {
    if (b.smallInt() == 0) return raiseDivisionByZero(t);
    return makeInt(floorModSmall(a.smallInt(), b.smallInt()));
  }
  IntReader x(a), y(b);
  if (y.view.isZero()) return raiseDivisionByZero(t);
  Digits remainder;
  intDivMod(x, y, nullptr, &remainder);
  return makeInt(remainder);
}

Result<Ref<>> intDivMod(Thread& t, Value a, Value b) {
  if (bothSmall(a, b)) [[likely]] {
    if (b.smallInt() == 0) return raiseDivisionByZero(t);
    Ref<> q = makeInt(floorDivSmall(a.smallInt(), b.smallInt()));
    Ref<> r = makeInt(floorModSmall(a.smallInt(), b.smallInt()));
    return tupleOf(q, r);
  }
  IntReader x(a), y(b);
  if (y.view.isZero()) return raiseDivisionByZero(t);
  Digits quotient, remainder;
  intDivMod(x, y, &quotient, &remainder);
  Ref<> q = makeInt(quotient);
  Ref<> r = makeInt(remainder);
  return tupleOf(q, r);
}

Result<Ref<>> intTrueDiv(Thread& t, Value a, Value b) {
  constexpr i64 kExact = i64(1) << 53;
  if (bothSmall(a, b)) [[likely]] {
    i64 x = a.smallInt(), y = b.smallInt();
    if (y == 0) return raiseDivisionByZero(t);
    if (x >= -kExact && x <= kExact && y >= -kExact && y <= kExact)
      return makeFloat(double(x) / double(y));
  }
  IntReader x(a), y(b);
  double d;
  switch (intTrueDivide(x, y, &d)) {
    case TrueDivide::kOk:
      return makeFloat(d);
    case TrueDivide::kZeroDivision:
      return raiseDivisionByZero(t);
    case TrueDivide::kOverflow:
      break;
  }
  return t.raise(kOverflowError, "integer division result too large for a float");
}

Result<Ref<>> intPow(Thread& t, Value a, Value b, Value modOrEmpty) {
  if (modOrEmpty) {
    IntReader x(a), y(b), m(modOrEmpty);
    Digits out;
    switch (intPowMod(x, y, m, &out)) {
      case PowMod::kOk:
        return makeInt(out);
      case PowMod::kZeroModulus:
        return t.raise(kValueError, "pow() 3rd argument cannot be 0");
      case PowMod::kNotInvertible:
        break;
    }
    return t.raise(kValueError, "base is not invertible for the given modulus");
  }
  if (intSign(b) < 0) {
    double x = TRY(intToDouble(t, a));
    double y = TRY(intToDouble(t, b));
    return floatBinary(t, BinaryOp::Pow, x, y);
  }
  if (bothSmall(a, b) && b.smallInt() < 64) {
    // Square and multiply while everything fits a machine word.
    i64 base = a.smallInt(), result = 1;
    u64 e = u64(b.smallInt());
    bool overflow = false;
    while (e != 0) {
      if ((e & 1) && __builtin_mul_overflow(result, base, &result)) {
        overflow = true;
        break;
      }
      e >>= 1;
      if (e != 0 && __builtin_mul_overflow(base, base, &base)) {
        overflow = true;
        break;
      }
    }
    if (!overflow) return makeInt(result);
  }
  IntReader x(a);
  u64 exponent;
  if (!intToU64(b, &exponent)) {
    // Only 0, 1 and -1 have representable powers of such an exponent.
    if (x.view.isZero()) return makeInt(0);
    if (x.view.count == 1 && x.view.digits[0] == 1) {
      IntReader e(b);
      return makeInt(x.view.negative && e.view.isOdd() ? -1 : 1);
    }
    return t.raiseMemory();
  }
  Digits out;
  if (!intPow(x.view, exponent, &out)) return t.raiseMemory();
  return makeInt(out);
}

Result<Ref<>> intShift(Thread& t, Value a, Value count, bool left) {
  if (intSign(count) < 0) return t.raise(kValueError, "negative shift count");
  if (intSign(a) == 0) return makeInt(0);
  u64 bits;
  bool fits = intToU64(count, &bits);
  if (!left) {
    if (a.isSmallInt()) [[likely]] {
      i64 v = a.smallInt();
      return makeInt(fits && bits < 63 ? v >> bits : v >> 63);
    }
    IntReader x(a);
    if (!fits || bits / kDigitBits > x.view.count) return makeInt(x.view.negative ? -1 : 0);
    return makeInt(intShiftRight(x.view, bits));
  }
  if (a.isSmallInt() && fits && bits < 63) [[likely]] {
    return makeInt128(i128(a.smallInt()) * (i128(1) << bits));
  }
  if (!fits) return t.raise(kOverflowError, "too many digits in integer");
  IntReader x(a);
  if (bits > kMaxIntBits) return t.raiseMemory();
  return makeInt(intShiftLeft(x.view, bits));
}

Ref<> intBitwise(BinaryOp op, Value a, Value b) {
  if (bothSmall(a, b)) [[likely]] {
    i64 x = a.smallInt(), y = b.smallInt();
    return Ref<>::steal(Value::smallInt(op == BinaryOp::And  ? (x & y)
                                        : op == BinaryOp::Or ? (x | y)
                                                             : (x ^ y)));
  }
  IntReader x(a), y(b);
  switch (op) {
    case BinaryOp::And:
      return makeInt(intAnd(x, y));
    case BinaryOp::Or:
      return makeInt(intOr(x, y));
    default:
      return makeInt(intXor(x, y));
  }
}

Ref<> intNegative(Value a) {
  if (a.isSmallInt()) [[likely]]
    return makeInt(-a.smallInt());
  IntReader x(a);
  return makeIntFromDigits(x.view.digits, i64(x.view.count), !x.view.negative);
}

}  // namespace dx
