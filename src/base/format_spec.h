// The format mini-language of format(), str.format and f-strings (docs.python.org, "Format
// Specification Mini-Language", with 3.14's separators after the point), and the
// specification of the % operator. Parsing and layout only: no objects, no locale calls.
//
// A formatted value comes back as UTF-8 text plus the padding still to be written, so that
// a caller can size a str exactly and fill it with any character.
#pragma once
#include "base/digits.h"

namespace dx {

struct FormatSpec {
  u32 fill = ' ';
  char align = 0;  // < > = ^, or 0 when not given; see alignOr
  bool alignGiven = false;
  bool alternate = false;
  bool noNegZero = false;
  char sign = 0;               // + - space, 0 when not given
  i64 width = -1;              // -1: not given
  char thousands = 0;          // , or _
  i64 precision = -1;          // -1: not given
  char fractionThousands = 0;  // , or _, after the point
  u32 type = 0;                // 0 when not given

  char alignOr(char fallback) const { return align ? align : fallback; }
};

enum class FormatError {
  kNone,
  kInvalidSpec,    // leftover text
  kTooManyDigits,  // a width or precision past the machine word
  kMissingPrecision,
  kBothSeparators,     // ',' and '_'
  kSeparatorWithType,  // ',' or '_' with a type that has no grouping
  kUnknownCode,        // the type is not one of the value's
  kSignInString,
  kSpaceInString,
  kNegZeroInString,
  kAlternateInString,
  kEqualsInString,
  kPrecisionInInteger,
  kNegZeroInInteger,
  kSignWithC,
  kAlternateWithC,
  kCharRange,        // OverflowError: %c arg not in range(0x110000)
  kIntTooLarge,      // OverflowError: int too large to convert to float
  kIntTooLargeForC,  // OverflowError: type c and past a machine word
  kPrecisionTooBig,
  kZeroPadInComplex,
  kEqualsInComplex,
};

// Parses a specification of n code units. defaultType is the type that ',' and '_' are
// checked against when none is given: 's' for str, 'd' for int, 'g' for float and complex.
// On kSeparatorWithType, spec->thousands and spec->type say which.
template <class Unit>
FormatError parseFormatSpec(const Unit* text, size_t n, char defaultType, FormatSpec* spec);

extern template FormatError parseFormatSpec(const u8*, size_t, char, FormatSpec*);
extern template FormatError parseFormatSpec(const u16*, size_t, char, FormatSpec*);
extern template FormatError parseFormatSpec(const u32*, size_t, char, FormatSpec*);

// The message of the exception, UTF-8: an OverflowError if isOverflow, else a ValueError.
inline bool isOverflow(FormatError error) {
  return error == FormatError::kCharRange || error == FormatError::kIntTooLarge ||
         error == FormatError::kIntTooLargeForC;
}
std::string formatErrorText(FormatError error, const FormatSpec& spec, std::string_view specText,
                            std::string_view typeName);

struct FormattedText {
  std::string text;  // UTF-8; ASCII unless the fill or a locale separator is not
  size_t chars = 0;  // its length in code points
  size_t padAt = 0;  // byte offset in text where padCount fill characters go ('=' alignment)
  size_t padCount = 0;
  size_t left = 0;  // fill characters before and after
  size_t right = 0;
  u32 fill = ' ';

  size_t totalChars() const { return chars + padCount + left + right; }
};
// The whole thing as UTF-8.
std::string joinFormatted(const FormattedText& f);

// What type 'n' takes from the locale; the default is the C locale.
struct FormatLocale {
  std::string decimalPoint = ".";  // UTF-8
  std::string thousands;
  std::string grouping;  // as lconv.grouping: sizes, the last repeats, 127 stops
};

FormatError formatInteger(const FormatSpec& spec, IntView value, const FormatLocale& locale,
                          FormattedText* out);
FormatError formatDouble(const FormatSpec& spec, double value, const FormatLocale& locale,
                         FormattedText* out);
FormatError formatComplex(const FormatSpec& spec, double real, double imag,
                          const FormatLocale& locale, FormattedText* out);
// For a str of n code points: how many of them stay and the padding around them.
struct StringLayout {
  size_t keep = 0, left = 0, right = 0;
};
FormatError formatString(const FormatSpec& spec, size_t n, StringLayout* out);

// One conversion of the % operator, after the '%'.
struct PercentSpec {
  bool hasKey = false;
  size_t keyStart = 0, keyEnd = 0;  // unit offsets of "(key)" without the parentheses
  bool leftAlign = false, plus = false, space = false, alternate = false, zero = false;
  bool starWidth = false, starPrecision = false;  // the value comes from the arguments
  i64 width = -1, precision = -1;
  u32 conversion = 0;
  size_t conversionAt = 0;  // its unit offset, for the message
  size_t next = 0;          // where scanning goes on
  bool plain() const {      // the bare conversion
    return !leftAlign && !plus && !space && !alternate && !zero && width < 0 && precision < 0;
  }
};
enum class PercentError { kNone, kIncomplete, kIncompleteKey, kWidthTooBig, kPrecisionTooBig };

// pos is the offset after the '%'.
template <class Unit>
PercentError parsePercentSpec(const Unit* text, size_t n, size_t pos, PercentSpec* spec);

extern template PercentError parsePercentSpec(const u8*, size_t, size_t, PercentSpec*);
extern template PercentError parsePercentSpec(const u16*, size_t, size_t, PercentSpec*);
extern template PercentError parsePercentSpec(const u32*, size_t, size_t, PercentSpec*);

// A width from a star argument: negative means left-aligned.
void setPercentWidth(PercentSpec* spec, i64 width);

// Conversions d i u o x X, and e E f F g G. ASCII text.
void formatPercentInteger(const PercentSpec& spec, IntView value, FormattedText* out);
void formatPercentDouble(const PercentSpec& spec, double value, FormattedText* out);

}  // namespace dx
