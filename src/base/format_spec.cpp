// Parsing of specifications and their error texts.
#include "base/format_spec.h"

#include <limits>

namespace dx {

namespace {

constexpr i64 kMaxSize = std::numeric_limits<i64>::max();

bool isAlign(u32 c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

// Reads digits at *pos; false on overflow. *value stays when there are none.
template <class Unit>
bool readNumber(const Unit* text, size_t n, size_t* pos, i64 limit, i64* value) {
  size_t start = *pos;
  i64 v = 0;
  for (; *pos < n && text[*pos] >= '0' && text[*pos] <= '9'; ++*pos) {
    int d = int(text[*pos]) - '0';
    if (v > (limit - d) / 10) return false;
    v = v * 10 + d;
  }
  if (*pos != start) *value = v;
  return true;
}

bool groupsWith(char separator, u32 type) {
  switch (type) {
    case 'd':
    case 'e':
    case 'f':
    case 'g':
    case 'E':
    case 'F':
    case 'G':
    case '%':
      return true;
    case 'b':
    case 'o':
    case 'x':
    case 'X':
      return separator == '_';
    default:
      return false;
  }
}

void appendUtf8(u32 c, std::string* out) {
  if (c < 0x80) {
    out->push_back(char(c));
  } else if (c < 0x800) {
    out->push_back(char(0xc0 | c >> 6));
    out->push_back(char(0x80 | (c & 0x3f)));
  } else if (c < 0x10000) {
    out->push_back(char(0xe0 | c >> 12));
    out->push_back(char(0x80 | (c >> 6 & 0x3f)));
    out->push_back(char(0x80 | (c & 0x3f)));
  } else {
    out->push_back(char(0xf0 | c >> 18));
    out->push_back(char(0x80 | (c >> 12 & 0x3f)));
    out->push_back(char(0x80 | (c >> 6 & 0x3f)));
    out->push_back(char(0x80 | (c & 0x3f)));
  }
}

// A type code in a message: printable ASCII as it is, the rest as \xHEX.
std::string codeText(u32 c) {
  if (c > 32 && c < 128) return std::string(1, char(c));
  char text[16];
  snprintf(text, sizeof text, "\\x%x", c);
  return text;
}

}  // namespace

template <class Unit>
FormatError parseFormatSpec(const Unit* text, size_t n, char defaultType, FormatSpec* spec) {
  *spec = FormatSpec();
  size_t i = 0;
  bool fillGiven = false;
  if (n >= 2 && isAlign(text[1])) {
    spec->fill = text[0];
    spec->align = char(text[1]);
    spec->alignGiven = fillGiven = true;
    i = 2;
  } else if (n >= 1 && isAlign(text[0])) {
    spec->align = char(text[0]);
    spec->alignGiven = true;
    i = 1;
  }
  if (i < n && (text[i] == '+' || text[i] == '-' || text[i] == ' ')) spec->sign = char(text[i++]);
  if (i < n && text[i] == 'z') {
    spec->noNegZero = true;
    i++;
  }
  if (i < n && text[i] == '#') {
    spec->alternate = true;
    i++;
  }
  if (!fillGiven && i < n && text[i] == '0') {
    spec->fill = '0';
    // Strings are padded at their end, numbers between the sign and the digits.
    if (!spec->alignGiven && defaultType != 's') spec->align = '=';
    i++;
  }
  if (!readNumber(text, n, &i, kMaxSize, &spec->width)) return FormatError::kTooManyDigits;
  if (i < n && (text[i] == ',' || text[i] == '_')) {
    spec->thousands = char(text[i++]);
    if (i < n && (text[i] == ',' || text[i] == '_') && text[i] != Unit(spec->thousands))
      return FormatError::kBothSeparators;
  }
  if (i < n && text[i] == '.') {
    i++;
    size_t start = i;
    if (!readNumber(text, n, &i, kMaxSize, &spec->precision)) return FormatError::kTooManyDigits;
    if (i < n && (text[i] == ',' || text[i] == '_')) {
      spec->fractionThousands = char(text[i++]);
      if (i < n && (text[i] == ',' || text[i] == '_') && text[i] != Unit(spec->fractionThousands))
        return FormatError::kBothSeparators;
    }
    if (i == start) return FormatError::kMissingPrecision;
  }
  if (n - i > 1) return FormatError::kInvalidSpec;
  if (n - i == 1) spec->type = text[i];
  u32 type = spec->type ? spec->type : u32(defaultType);
  char offending = 0;
  if (spec->thousands && !groupsWith(spec->thousands, type))
    offending = spec->thousands;
  else if (type == 'n')  // the locale groups; nothing else rejects a separator after the point
    offending = spec->fractionThousands;
  if (offending) {
    spec->thousands = offending;
    spec->type = type;
    return FormatError::kSeparatorWithType;
  }
  return FormatError::kNone;
}

template FormatError parseFormatSpec(const u8*, size_t, char, FormatSpec*);
template FormatError parseFormatSpec(const u16*, size_t, char, FormatSpec*);
template FormatError parseFormatSpec(const u32*, size_t, char, FormatSpec*);

std::string formatErrorText(FormatError error, const FormatSpec& spec, std::string_view specText,
                            std::string_view typeName) {
  auto quoted = [](std::string_view s) { return "'" + std::string(s) + "'"; };
  switch (error) {
    case FormatError::kNone:
      return "";
    case FormatError::kInvalidSpec:
      return "Invalid format specifier " + quoted(specText) + " for object of type " +
             quoted(typeName);
    case FormatError::kTooManyDigits:
      return "Too many decimal digits in format string";
    case FormatError::kMissingPrecision:
      return "Format specifier missing precision";
    case FormatError::kBothSeparators:
      return "Cannot specify both ',' and '_'.";
    case FormatError::kSeparatorWithType:
      return std::string("Cannot specify '") + spec.thousands + "' with '" + codeText(spec.type) +
             "'.";
    case FormatError::kUnknownCode:
      return "Unknown format code '" + codeText(spec.type) + "' for object of type " +
             quoted(typeName);
    case FormatError::kSignInString:
      return "Sign not allowed in string format specifier";
    case FormatError::kSpaceInString:
      return "Space not allowed in string format specifier";
    case FormatError::kNegZeroInString:
      return "Negative zero coercion (z) not allowed in string format specifier";
    case FormatError::kAlternateInString:
      return "Alternate form (#) not allowed in string format specifier";
    case FormatError::kEqualsInString:
      return "'=' alignment not allowed in string format specifier";
    case FormatError::kPrecisionInInteger:
      return "Precision not allowed in integer format specifier";
    case FormatError::kNegZeroInInteger:
      return "Negative zero coercion (z) not allowed in integer format specifier";
    case FormatError::kSignWithC:
      return "Sign not allowed with integer format specifier 'c'";
    case FormatError::kAlternateWithC:
      return "Alternate form (#) not allowed with integer format specifier 'c'";
    case FormatError::kCharRange:
      return "%c arg not in range(0x110000)";
    case FormatError::kIntTooLarge:
      return "int too large to convert to float";
    case FormatError::kIntTooLargeForC:
      return "Python int too large to convert to C long";
    case FormatError::kPrecisionTooBig:
      return "precision too big";
    case FormatError::kZeroPadInComplex:
      return "Zero padding is not allowed in complex format specifier";
    case FormatError::kEqualsInComplex:
      return "'=' alignment flag is not allowed in complex format specifier";
  }
  DX_UNREACHABLE();
}

std::string joinFormatted(const FormattedText& f) {
  std::string out;
  auto pad = [&](size_t n) {
    for (; n > 0; n--) appendUtf8(f.fill, &out);
  };
  pad(f.left);
  out.append(f.text, 0, f.padAt);
  pad(f.padCount);
  out.append(f.text, f.padAt, std::string::npos);
  pad(f.right);
  return out;
}

template <class Unit>
PercentError parsePercentSpec(const Unit* text, size_t n, size_t pos, PercentSpec* spec) {
  *spec = PercentSpec();
  size_t i = pos;
  if (i < n && text[i] == '(') {
    size_t depth = 1;
    spec->hasKey = true;
    spec->keyStart = ++i;
    for (; i < n; i++) {
      if (text[i] == '(') depth++;
      if (text[i] == ')' && --depth == 0) break;
    }
    if (i >= n) return PercentError::kIncompleteKey;
    spec->keyEnd = i++;
  }
  for (bool flags = true; flags && i < n;) {
    switch (text[i]) {
      case '-':
        spec->leftAlign = true;
        break;
      case '+':
        spec->plus = true;
        break;
      case ' ':
        spec->space = true;
        break;
      case '#':
        spec->alternate = true;
        break;
      case '0':
        spec->zero = true;
        break;
      default:
        flags = false;
        continue;
    }
    i++;
  }
  if (i < n && text[i] == '*') {
    spec->starWidth = true;
    i++;
  } else if (!readNumber(text, n, &i, kMaxSize, &spec->width)) {
    return PercentError::kWidthTooBig;
  }
  if (i < n && text[i] == '.') {
    i++;
    if (i < n && text[i] == '*') {
      spec->starPrecision = true;
      i++;
    } else {
      spec->precision = 0;
      if (!readNumber(text, n, &i, std::numeric_limits<i32>::max(), &spec->precision))
        return PercentError::kPrecisionTooBig;
    }
  }
  if (i < n && (text[i] == 'h' || text[i] == 'l' || text[i] == 'L')) i++;
  if (i >= n) return PercentError::kIncomplete;
  spec->conversionAt = i;
  spec->conversion = text[i];
  spec->next = i + 1;
  return PercentError::kNone;
}

template PercentError parsePercentSpec(const u8*, size_t, size_t, PercentSpec*);
template PercentError parsePercentSpec(const u16*, size_t, size_t, PercentSpec*);
template PercentError parsePercentSpec(const u32*, size_t, size_t, PercentSpec*);

void setPercentWidth(PercentSpec* spec, i64 width) {
  if (width < 0) {
    spec->leftAlign = true;
    width = width == std::numeric_limits<i64>::min() ? kMaxSize : -width;
  }
  spec->width = width;
}

}  // namespace dx
