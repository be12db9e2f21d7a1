// Integers as text, bases 2 to 36. Includes the arithmetic and the value type as well.
#pragma once
#include "base/digits.h"
#include "base/int_math.h"

namespace dx {

// Appends the number, with a minus sign if negative, in lower-case digits and no prefix.
void intToText(IntView a, int base, std::string* out);
// How many decimal digits |a| has at most (exact or one too many); cheap.
u64 intDecimalDigitsBound(IntView a);

enum class IntParse {
  kOk,
  kInvalid,        // not a literal for this base
  kTooManyDigits,  // more than maxDigits digits in a base that is no power of two
};
struct IntParseResult {
  IntParse status = IntParse::kInvalid;
  size_t digitCount = 0;  // for the message of kTooManyDigits
  Digits value;
};
// int(text, base) on ASCII text whose surrounding white space is still there. Base 0 or
// 2..36. Accepts a sign, the prefixes 0x 0o 0b where the base allows them, and single
// underscores between digits. maxDigits 0 means no limit.
IntParseResult intParse(std::string_view text, int base, size_t maxDigits);
// Only digits, no sign, space, prefix or underscore: for the tokenizer and for callers that
// checked already. The base is 2..36; false on any other character or on empty text.
[[nodiscard]] bool intFromDigitText(std::string_view digits, int base, Digits* out);

}  // namespace dx
