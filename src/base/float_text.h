// Doubles as text, and the pieces of float's behaviour that are pure arithmetic. All
// conversions are correctly rounded. Nothing here depends on the C locale.
#pragma once
#include "base/digits.h"

namespace dx {

enum FloatFlags : unsigned {
  kFloatSign = 1,        // print a plus
  kFloatAddDotZero = 2,  // make sure the result looks like a float: "1.0"
  kFloatAlternate = 4,   // keep the point and trailing zeros ('#')
  kFloatNoNegZero = 8,   // a result that rounds to zero has no sign ('z')
};

// Appends v in format e, f, g (precision as in C), r (shortest text that reads back the
// same, Python's repr rules; precision is ignored), or E, F, G (upper case).
void floatToText(double v, char code, int precision, unsigned flags, std::string* out);

inline void floatRepr(double v, std::string* out) { floatToText(v, 'r', 0, kFloatAddDotZero, out); }

// float(text) for ASCII text: surrounding white space, sign, underscores between digits,
// inf, infinity, nan in any case. False if it is not a float literal.
[[nodiscard]] bool floatParse(std::string_view text, double* out);
// Reads the longest float literal at the start (no space, no underscores); the number of
// characters used, 0 if there is none.
size_t floatParsePrefix(std::string_view text, double* out);
// complex(text): also "(1+2j)", "1e3j", "-j".
[[nodiscard]] bool complexParse(std::string_view text, double* real, double* imag);

// float.hex() and float.fromhex().
void floatToHex(double v, std::string* out);
enum class HexParse { kOk, kInvalid, kTooLarge };
[[nodiscard]] HexParse floatFromHex(std::string_view text, double* out);

// hash(float); the value is not NaN (NaN hashes by identity).
i64 floatHash(double v);

// float.as_integer_ratio(); the value is finite.
void floatRatio(double v, Digits* numerator, Digits* denominator);

// round(v, ndigits) for a finite v; false when the result overflows.
[[nodiscard]] bool floatRound(double v, i64 ndigits, double* out);
// round(v): the nearest integer, halves to even, v finite.
double floatRoundHalfEven(double v);

// v // w, v % w as Python defines them. w is not zero.
double floatMod(double v, double w);
double floatFloorDiv(double v, double w);

}  // namespace dx
