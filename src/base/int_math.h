// Arithmetic on Python integers of any size. Pure functions: arguments are borrowed and
// normalized, results are owned and normalized. Large sizes are computed by GMP.
#pragma once
#include "base/digits.h"

namespace dx {

// Below this many digits in the shorter operand the schoolbook product beats packing for GMP.
inline constexpr size_t kGmpMulDigits = 32;

int intCompare(IntView a, IntView b);           // -1, 0, 1
int intCompareMagnitude(IntView a, IntView b);  // the same for |a| and |b|

Digits intAdd(IntView a, IntView b);
Digits intSub(IntView a, IntView b);
Digits intMul(IntView a, IntView b);
Digits intNegate(IntView a);
Digits intAbs(IntView a);

// Python's // and %: the quotient is floored, the remainder has the divisor's sign.
// The divisor is not zero. Either result may be null.
void intDivMod(IntView a, IntView b, Digits* quotient, Digits* remainder);

// |a| // |b| when it is small and the leading digits decide it: constant time. b is not zero.
[[nodiscard]] bool intLeadingQuotient(IntView a, IntView b, u64* quotient);

// a ** exponent. False when the result would have more than 2**36 bits.
[[nodiscard]] bool intPow(IntView a, u64 exponent, Digits* out);

// pow(a, exponent, modulus) as Python defines it, with negative exponents.
enum class PowMod { kOk, kZeroModulus, kNotInvertible };
[[nodiscard]] PowMod intPowMod(IntView a, IntView exponent, IntView modulus, Digits* out);

// a << bits and a >> bits (arithmetic: rounds towards minus infinity).
// Left shifts past 2**36 bits are the caller's to refuse.
Digits intShiftLeft(IntView a, u64 bits);
Digits intShiftRight(IntView a, u64 bits);

// Bitwise operations on the infinite two's complement representation.
Digits intAnd(IntView a, IntView b);
Digits intOr(IntView a, IntView b);
Digits intXor(IntView a, IntView b);
Digits intInvert(IntView a);

u64 intBitLength(IntView a);
u64 intBitCount(IntView a);  // ones in |a|

Digits intGcd(IntView a, IntView b);  // never negative
Digits intSqrt(IntView a);            // floor; a is not negative

// Round half to even. False on overflow.
[[nodiscard]] bool intToDouble(IntView a, double* out);
// Truncates; the value is finite.
Digits intFromDouble(double value);
// math.frexp of an integer: a = mantissa * 2**exponent, 0.5 <= |mantissa| < 1, rounded half to
// even.
double intFrexp(IntView a, i64* exponent);

enum class TrueDivide { kOk, kZeroDivision, kOverflow };
// Correctly rounded a / b.
[[nodiscard]] TrueDivide intTrueDivide(IntView a, IntView b, double* out);

// True, with the value in *out, when it fits.
[[nodiscard]] bool intToI64(IntView a, i64* out);
[[nodiscard]] bool intToU64(IntView a, u64* out);
// The low 64 bits of the two's complement representation.
u64 intToU64Wrapping(IntView a);

// int.to_bytes and int.from_bytes.
enum class ToBytes { kOk, kTooBig, kNegative };  // kNegative: negative but unsigned was asked
[[nodiscard]] ToBytes intToBytes(IntView a, u8* out, size_t size, bool littleEndian, bool isSigned);
Digits intFromBytes(const u8* bytes, size_t size, bool littleEndian, bool isSigned);

// hash(int): the value modulo 2**61 - 1, never -1.
i64 intHash(IntView a);

// Compares exactly with a double, which is not NaN: -1, 0, 1.
int intCompareDouble(IntView a, double b);

}  // namespace dx
