// Layout of numbers: sign, prefix, grouping, padding.
#include <cmath>
#include <limits>

#include "base/float_text.h"
#include "base/format_spec.h"
#include "base/int_text.h"

namespace dx {

namespace {

struct Grouping {
  std::string_view separator;  // empty: no grouping
  std::string_view sizes;      // as lconv.grouping
};

size_t codePoints(std::string_view s) {
  size_t n = 0;
  for (char c : s) n += (c & 0xc0) != 0x80;
  return n;
}

// Appends digits grouped from the right, padded with zeros to at least minChars characters.
// A separator never comes first, so the result may be one longer than asked.
void appendGrouped(std::string_view digits, const Grouping& grouping, i64 minChars,
                   std::string* out) {
  if (grouping.separator.empty() || grouping.sizes.empty()) {
    if (i64(digits.size()) < minChars) out->append(size_t(minChars) - digits.size(), '0');
    out->append(digits);
    return;
  }
  i64 separatorChars = i64(codePoints(grouping.separator));
  std::vector<size_t> groups;  // sizes from the right
  i64 rest = i64(digits.size());
  size_t at = 0;
  while (true) {
    int size = at < grouping.sizes.size() ? grouping.sizes[at] : 127;
    i64 want = std::max<i64>(std::max(rest, minChars), 1);
    i64 group = size <= 0 || size == 127 ? want : std::min<i64>(size, want);
    groups.push_back(size_t(group));
    rest -= std::min(group, std::max<i64>(rest, 0));
    minChars -= group;
    if (rest <= 0 && minChars <= 0) break;
    minChars -= separatorChars;
    if (at + 1 < grouping.sizes.size()) at++;
  }
  size_t total = 0;
  for (size_t g : groups) total += g;
  size_t zeros = total - digits.size(), used = 0;
  for (size_t i = groups.size(); i-- > 0;) {
    for (size_t k = 0; k < groups[i]; k++, used++)
      out->push_back(used < zeros ? '0' : digits[used - zeros]);
    if (i != 0) out->append(grouping.separator);
  }
}

void appendFraction(std::string_view digits, char separator, std::string* out) {
  for (size_t i = 0; i < digits.size(); i++) {
    if (separator && i != 0 && i % 3 == 0) out->push_back(separator);
    out->push_back(digits[i]);
  }
}

// A number taken apart.
struct Parts {
  bool negative = false;
  std::string_view prefix;  // 0x
  std::string_view digits;  // before the point
  bool point = false;
  std::string_view fraction;  // after the point
  std::string_view tail;      // exponent, %, inf, nan
};

void appendSign(const Parts& parts, char sign, std::string* out) {
  if (parts.negative)
    out->push_back('-');
  else if (sign == '+' || sign == ' ')
    out->push_back(sign);
}

void appendNumber(const Parts& parts, const Grouping& grouping, char fractionSeparator,
                  std::string_view decimalPoint, i64 minWidth, std::string* out) {
  out->append(parts.prefix);
  std::string rest;
  if (parts.point) rest.append(decimalPoint);
  appendFraction(parts.fraction, fractionSeparator, &rest);
  rest.append(parts.tail);
  i64 minDigits = minWidth - i64(codePoints(rest));
  // inf and nan have no digits: zeros go in front of them, ungrouped.
  if (parts.digits.empty())
    out->append(size_t(std::max<i64>(minDigits, 0)), '0');
  else
    appendGrouped(parts.digits, grouping, minDigits, out);
  out->append(rest);
}

void pad(const FormatSpec& spec, char align, size_t signChars, FormattedText* out) {
  out->chars = codePoints(out->text);
  out->fill = spec.fill;
  if (spec.width <= i64(out->chars)) return;
  size_t gap = size_t(spec.width) - out->chars;
  switch (align) {
    case '<':
      out->right = gap;
      break;
    case '=':
      out->padAt = signChars;
      out->padCount = gap;
      break;
    case '^':
      out->left = gap / 2;
      out->right = gap - gap / 2;
      break;
    default:
      out->left = gap;
  }
}

Grouping groupingOf(const FormatSpec& spec, const FormatLocale& locale) {
  if (spec.type == 'n') return {locale.thousands, locale.grouping};
  static constexpr char kThrees[] = "\3", kFours[] = "\4";
  std::string_view separator = spec.thousands == ',' ? "," : spec.thousands == '_' ? "_" : "";
  bool fours = spec.type == 'b' || spec.type == 'o' || spec.type == 'x' || spec.type == 'X';
  return {separator, {fours ? kFours : kThrees, 1}};
}

void layOut(const FormatSpec& spec, const Parts& parts, const Grouping& grouping,
            std::string_view decimalPoint, FormattedText* out) {
  char align = spec.alignOr('>');
  appendSign(parts, spec.sign, &out->text);
  size_t signChars = out->text.size() + parts.prefix.size();
  i64 minWidth = 0;
  if (spec.fill == '0' && align == '=') minWidth = spec.width - i64(signChars);
  appendNumber(parts, grouping, spec.fractionThousands, decimalPoint, minWidth, &out->text);
  pad(spec, align, signChars, out);
}

// Splits the text of floatToText.
Parts splitFloat(std::string_view text) {
  Parts p;
  if (!text.empty() && text[0] == '-') {
    p.negative = true;
    text.remove_prefix(1);
  }
  size_t i = 0;
  auto isDigit = [&](size_t k) { return k < text.size() && text[k] >= '0' && text[k] <= '9'; };
  while (isDigit(i)) i++;
  p.digits = text.substr(0, i);
  if (i < text.size() && text[i] == '.') {
    p.point = true;
    size_t start = ++i;
    while (isDigit(i)) i++;
    p.fraction = text.substr(start, i - start);
  }
  p.tail = text.substr(i);
  return p;
}

bool isFloatType(u32 type) {
  switch (type) {
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'n':
    case '%':
      return true;
    default:
      return false;
  }
}

unsigned floatFlags(const FormatSpec& spec) {
  return (spec.alternate ? kFloatAlternate : 0u) | (spec.noNegZero ? kFloatNoNegZero : 0u);
}

void applyUpper(std::string* s) {
  for (char& c : *s)
    if (c >= 'a' && c <= 'z') c = char(c - 32);
}

}  // namespace

FormatError formatInteger(const FormatSpec& spec, IntView value, const FormatLocale& locale,
                          FormattedText* out) {
  int base = 10;
  switch (spec.type) {
    case 0:
    case 'd':
    case 'n':
    case 'c':
      break;
    case 'b':
      base = 2;
      break;
    case 'o':
      base = 8;
      break;
    case 'x':
    case 'X':
      base = 16;
      break;
    default:
      if (!isFloatType(spec.type)) return FormatError::kUnknownCode;
      double v;
      if (!intToDouble(value, &v)) return FormatError::kIntTooLarge;
      return formatDouble(spec, v, locale, out);
  }
  if (spec.precision >= 0) return FormatError::kPrecisionInInteger;
  if (spec.noNegZero) return FormatError::kNegZeroInInteger;
  *out = FormattedText();
  if (spec.type == 'c') {
    if (spec.sign) return FormatError::kSignWithC;
    if (spec.alternate) return FormatError::kAlternateWithC;
    i64 code;
    if (!intToI64(value, &code)) return FormatError::kIntTooLargeForC;
    if (code < 0 || code > 0x10ffff) return FormatError::kCharRange;
    FormattedText one;
    one.fill = u32(code);
    one.left = 1;
    out->text = joinFormatted(one);
    pad(spec, spec.alignOr('<'), 0, out);
    // A surrogate is three bytes and one character here.
    return FormatError::kNone;
  }
  Parts parts;
  parts.negative = value.negative;
  value.negative = false;
  std::string digits;
  intToText(value, base, &digits);
  if (spec.type == 'X') applyUpper(&digits);
  parts.digits = digits;
  if (spec.alternate && base != 10)
    parts.prefix = base == 2 ? "0b" : base == 8 ? "0o" : spec.type == 'X' ? "0X" : "0x";
  layOut(spec, parts, groupingOf(spec, locale), ".", out);
  return FormatError::kNone;
}

FormatError formatDouble(const FormatSpec& spec, double value, const FormatLocale& locale,
                         FormattedText* out) {
  if (spec.type != 0 && !isFloatType(spec.type)) return FormatError::kUnknownCode;
  if (spec.precision > std::numeric_limits<i32>::max()) return FormatError::kPrecisionTooBig;
  *out = FormattedText();
  char code = char(spec.type);
  int precision = 6;
  unsigned flags = floatFlags(spec);
  if (code == 0) {
    code = 'r';
    flags |= kFloatAddDotZero;
  } else if (code == 'n') {
    code = 'g';
  } else if (code == '%') {
    code = 'f';
    value *= 100;
  }
  if (spec.precision >= 0) {
    precision = int(spec.precision);
    if (code == 'r') code = 'g';
  }
  std::string text;
  floatToText(value, code, precision, flags, &text);
  if (spec.type == '%') text.push_back('%');
  layOut(spec, splitFloat(text), groupingOf(spec, locale),
         spec.type == 'n' ? std::string_view(locale.decimalPoint) : ".", out);
  return FormatError::kNone;
}

FormatError formatComplex(const FormatSpec& spec, double real, double imag,
                          const FormatLocale& locale, FormattedText* out) {
  if (spec.type == '%' || (spec.type != 0 && !isFloatType(spec.type)))
    return FormatError::kUnknownCode;
  if (spec.precision > std::numeric_limits<i32>::max()) return FormatError::kPrecisionTooBig;
  if (spec.fill == '0') return FormatError::kZeroPadInComplex;
  if (spec.align == '=') return FormatError::kEqualsInComplex;
  *out = FormattedText();
  char code = char(spec.type);
  int precision = 6;
  bool parentheses = false, skipReal = false;
  if (code == 0) {
    code = 'r';
    skipReal = real == 0.0 && !std::signbit(real);
    parentheses = !skipReal;
  } else if (code == 'n') {
    code = 'g';
  }
  if (spec.precision >= 0) {
    precision = int(spec.precision);
    if (code == 'r') code = 'g';
  }
  std::string_view point = spec.type == 'n' ? std::string_view(locale.decimalPoint) : ".";
  Grouping grouping = groupingOf(spec, locale);
  std::string& text = out->text;
  if (parentheses) text.push_back('(');
  std::string part;
  char sign = spec.sign;
  if (!skipReal) {
    floatToText(real, code, precision, floatFlags(spec), &part);
    Parts p = splitFloat(part);
    appendSign(p, sign, &text);
    appendNumber(p, grouping, spec.fractionThousands, point, 0, &text);
    sign = '+';
    part.clear();
  }
  floatToText(imag, code, precision, floatFlags(spec), &part);
  Parts p = splitFloat(part);
  appendSign(p, sign, &text);
  appendNumber(p, grouping, spec.fractionThousands, point, 0, &text);
  text.push_back('j');
  if (parentheses) text.push_back(')');
  pad(spec, spec.alignOr('>'), 0, out);
  return FormatError::kNone;
}

FormatError formatString(const FormatSpec& spec, size_t n, StringLayout* out) {
  if (spec.type != 0 && spec.type != 's') return FormatError::kUnknownCode;
  if (spec.sign) return spec.sign == ' ' ? FormatError::kSpaceInString : FormatError::kSignInString;
  if (spec.noNegZero) return FormatError::kNegZeroInString;
  if (spec.alternate) return FormatError::kAlternateInString;
  if (spec.align == '=') return FormatError::kEqualsInString;
  *out = StringLayout();
  out->keep = spec.precision >= 0 && size_t(spec.precision) < n ? size_t(spec.precision) : n;
  if (spec.width <= i64(out->keep)) return FormatError::kNone;
  size_t gap = size_t(spec.width) - out->keep;
  switch (spec.alignOr('<')) {
    case '>':
      out->left = gap;
      break;
    case '^':
      out->left = gap / 2;
      break;
    default:
      break;
  }
  out->right = gap - out->left;
  return FormatError::kNone;
}

namespace {

void padPercent(const PercentSpec& spec, size_t signChars, FormattedText* out) {
  out->chars = out->text.size();
  if (spec.width <= i64(out->chars)) return;
  size_t gap = size_t(spec.width) - out->chars;
  if (spec.leftAlign) {
    out->right = gap;
  } else if (spec.zero) {
    out->fill = '0';
    out->padAt = signChars;
    out->padCount = gap;
  } else {
    out->left = gap;
  }
}

void appendPercentSign(const PercentSpec& spec, bool negative, std::string* out) {
  if (negative)
    out->push_back('-');
  else if (spec.plus)
    out->push_back('+');
  else if (spec.space)
    out->push_back(' ');
}

}  // namespace

void formatPercentInteger(const PercentSpec& spec, IntView value, FormattedText* out) {
  *out = FormattedText();
  int base = spec.conversion == 'o'                             ? 8
             : spec.conversion == 'x' || spec.conversion == 'X' ? 16
                                                                : 10;
  appendPercentSign(spec, value.negative, &out->text);
  if (spec.alternate && base != 10)
    out->text.append(base == 8 ? "0o" : spec.conversion == 'X' ? "0X" : "0x");
  size_t signChars = out->text.size();
  value.negative = false;
  std::string digits;
  intToText(value, base, &digits);
  if (spec.conversion == 'X') applyUpper(&digits);
  if (spec.precision > i64(digits.size()))
    out->text.append(size_t(spec.precision) - digits.size(), '0');
  out->text.append(digits);
  padPercent(spec, signChars, out);
}

void formatPercentDouble(const PercentSpec& spec, double value, FormattedText* out) {
  *out = FormattedText();
  std::string text;
  int precision =
      spec.precision < 0 ? 6 : int(std::min<i64>(spec.precision, std::numeric_limits<i32>::max()));
  floatToText(value, char(spec.conversion), precision, spec.alternate ? kFloatAlternate : 0u,
              &text);
  bool negative = text[0] == '-';
  appendPercentSign(spec, negative, &out->text);
  size_t signChars = out->text.size();
  out->text.append(text, negative ? 1 : 0, std::string::npos);
  padPercent(spec, signChars, out);
}

}  // namespace dx
