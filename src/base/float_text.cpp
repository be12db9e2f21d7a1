#include "base/float_text.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "base/int_math.h"

namespace dx {

namespace {

// Decimal digits without a point: the value is 0.d1d2d3... * 10**point.
struct Decimal {
  std::string heap;
  char local[400];
  const char* digits = local;
  size_t count = 0;
  i64 point = 0;
};

void scientificDigits(double v, int precision, Decimal* d) {  // precision < 0: shortest
  char* buffer = d->local;
  size_t room = sizeof d->local;
  if (precision > 350) {
    d->heap.resize(size_t(precision) + 32);
    buffer = d->heap.data();
    room = d->heap.size();
  }
  auto end = precision < 0 ? std::to_chars(buffer, buffer + room, v, std::chars_format::scientific)
                           : std::to_chars(buffer, buffer + room, v, std::chars_format::scientific,
                                           precision);
  char* e = end.ptr;
  while (*--e != 'e') {
  }
  int exponent = 0;
  for (const char* p = e + 2; p < end.ptr; p++) exponent = exponent * 10 + (*p - '0');
  if (e[1] == '-') exponent = -exponent;
  size_t n = size_t(e - buffer);
  if (n > 1) {  // close the gap of the point
    buffer[1] = buffer[0];
    buffer++;
    n--;
  }
  d->digits = buffer;
  d->count = n;
  d->point = exponent + 1;
}

void fixedDigits(double v, int precision, Decimal* d) {
  size_t room = size_t(precision) + 330;
  char* buffer = d->local;
  if (room > sizeof d->local) {
    d->heap.resize(room);
    buffer = d->heap.data();
  } else {
    room = sizeof d->local;
  }
  auto end = std::to_chars(buffer, buffer + room, v, std::chars_format::fixed, precision);
  size_t n = size_t(end.ptr - buffer);
  size_t whole = precision > 0 ? n - size_t(precision) - 1 : n;
  if (precision > 0) {
    memmove(buffer + 1, buffer, whole);
    buffer++;
    n--;
  }
  d->digits = buffer;
  d->count = n;
  d->point = i64(whole);
}

void stripTrailingZeros(Decimal* d) {
  while (d->count > 1 && d->digits[d->count - 1] == '0') d->count--;
}

void appendExponent(i64 exponent, bool upper, std::string* out) {
  out->push_back(upper ? 'E' : 'e');
  out->push_back(exponent < 0 ? '-' : '+');
  if (exponent < 0) exponent = -exponent;
  if (exponent >= 100) out->push_back(char('0' + exponent / 100));
  out->push_back(char('0' + exponent / 10 % 10));
  out->push_back(char('0' + exponent % 10));
}

// The digit at index i, zero outside.
void appendDigits(const Decimal& d, i64 from, i64 to, std::string* out) {
  if (from < 0) {
    i64 zeros = std::min<i64>(-from, to - from);
    out->append(size_t(zeros), '0');
    from += zeros;
  }
  i64 stop = std::min<i64>(to, i64(d.count));
  if (from < stop) {
    out->append(d.digits + from, size_t(stop - from));
    from = stop;
  }
  if (from < to) out->append(size_t(to - from), '0');
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; }
bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f); }

bool startsWithWord(std::string_view text, std::string_view word) {
  if (text.size() < word.size()) return false;
  for (size_t i = 0; i < word.size(); i++)
    if (lower(text[i]) != word[i]) return false;
  return true;
}

std::string_view strip(std::string_view text) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

// Removes underscores that stand between digits; false if any stands elsewhere.
bool dropUnderscores(std::string_view text, std::string* out) {
  out->clear();
  char before = 0;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '_') {
      if (!isDigit(before) || i + 1 >= text.size() || !isDigit(text[i + 1])) return false;
    } else {
      out->push_back(text[i]);
    }
    before = text[i];
  }
  return true;
}

}  // namespace

void floatToText(double v, char code, int precision, unsigned flags, std::string* out) {
  bool upper = code >= 'A' && code <= 'Z';
  char kind = lower(code);
  bool alternate = flags & kFloatAlternate;
  bool negative = std::signbit(v);
  if (!std::isfinite(v)) {
    bool nan = std::isnan(v);
    if (negative && !nan)
      out->push_back('-');
    else if (flags & kFloatSign)
      out->push_back('+');
    out->append(nan ? (upper ? "NAN" : "nan") : upper ? "INF" : "inf");
    return;
  }
  v = std::fabs(v);
  Decimal d;
  bool exponent = false;
  if (precision < 0) precision = 0;
  switch (kind) {
    case 'e':
      scientificDigits(v, precision, &d);
      exponent = true;
      break;
    case 'f':
      fixedDigits(v, precision, &d);
      break;
    case 'g':
      if (precision == 0) precision = 1;
      scientificDigits(v, precision - 1, &d);
      if (!alternate) stripTrailingZeros(&d);
      exponent = d.point <= -4 || d.point > precision - (flags & kFloatAddDotZero ? 1 : 0);
      break;
    default:
      scientificDigits(v, -1, &d);
      exponent = d.point <= -4 || d.point > 16;
  }
  if (negative && (flags & kFloatNoNegZero)) {
    negative = false;
    for (size_t i = 0; i < d.count; i++) negative = negative || d.digits[i] != '0';
  }
  if (negative)
    out->push_back('-');
  else if (flags & kFloatSign)
    out->push_back('+');
  if (exponent) {
    out->push_back(d.digits[0]);
    if (d.count > 1 || alternate) out->push_back('.');
    out->append(d.digits + 1, d.count - 1);
    appendExponent(d.point - 1, upper, out);
    return;
  }
  i64 end = std::max<i64>(d.point, i64(d.count));
  if ((flags & kFloatAddDotZero) && end <= std::max<i64>(d.point, 0))
    end = std::max<i64>(d.point, 0) + 1;
  if (d.point <= 0)
    out->push_back('0');
  else
    appendDigits(d, 0, d.point, out);
  if (end > d.point || alternate) out->push_back('.');
  appendDigits(d, d.point, end, out);
}

size_t floatParsePrefix(std::string_view text, double* out) {
  size_t i = 0;
  bool negative = false;
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) negative = text[i++] == '-';
  std::string_view rest = text.substr(i);
  double value;
  if (startsWithWord(rest, "inf")) {
    value = std::numeric_limits<double>::infinity();
    *out = negative ? -value : value;
    return i + (startsWithWord(rest, "infinity") ? 8 : 3);
  }
  if (startsWithWord(rest, "nan")) {
    value = std::numeric_limits<double>::quiet_NaN();
    *out = negative ? std::copysign(value, -1.0) : value;
    return i + 3;
  }
  size_t start = i, digits = 0;
  i64 leading = 0;  // decimal position of the first non-zero digit, for out-of-range values
  bool seen = false, point = false;
  for (; i < text.size(); i++) {
    if (isDigit(text[i])) {
      digits++;
      if (text[i] != '0') seen = true;
      if (!point && seen) leading++;
      if (point && !seen) leading--;
    } else if (text[i] == '.' && !point) {
      point = true;
    } else {
      break;
    }
  }
  if (digits == 0) return 0;
  i64 exponent = 0;
  if (i < text.size() && lower(text[i]) == 'e') {
    size_t j = i + 1;
    bool minus = false;
    if (j < text.size() && (text[j] == '+' || text[j] == '-')) minus = text[j++] == '-';
    if (j < text.size() && isDigit(text[j])) {
      for (; j < text.size() && isDigit(text[j]); j++)
        if (exponent < 1000000000000) exponent = exponent * 10 + (text[j] - '0');
      if (minus) exponent = -exponent;
      i = j;
    }
  }
  value = 0.0;
  if (seen) {
    auto result =
        std::from_chars(text.data() + start, text.data() + i, value, std::chars_format::general);
    if (result.ec != std::errc() || result.ptr != text.data() + i)
      value = leading + exponent > 0 ? std::numeric_limits<double>::infinity() : 0.0;
  }
  *out = negative ? -value : value;
  return i;
}

bool floatParse(std::string_view text, double* out) {
  text = strip(text);
  std::string clean;
  if (text.find('_') != std::string_view::npos) {
    if (!dropUnderscores(text, &clean)) return false;
    text = clean;
  }
  return !text.empty() && floatParsePrefix(text, out) == text.size();
}

bool complexParse(std::string_view text, double* real, double* imag) {
  text = strip(text);
  if (!text.empty() && text.front() == '(') {
    if (text.back() != ')' || text.size() < 2) return false;
    text = strip(text.substr(1, text.size() - 2));
  }
  std::string clean;
  if (text.find('_') != std::string_view::npos) {
    if (!dropUnderscores(text, &clean)) return false;
    text = clean;
  }
  if (text.empty()) return false;
  *real = *imag = 0.0;
  auto isJ = [](std::string_view t) { return t.size() == 1 && lower(t[0]) == 'j'; };
  double first;
  size_t used = floatParsePrefix(text, &first);
  if (used == 0) {  // j, +j, -j
    bool minus = text[0] == '-';
    if (minus || text[0] == '+') text.remove_prefix(1);
    *imag = minus ? -1.0 : 1.0;
    return isJ(text);
  }
  std::string_view rest = text.substr(used);
  if (rest.empty()) {
    *real = first;
    return true;
  }
  if (isJ(rest)) {
    *imag = first;
    return true;
  }
  if (rest[0] != '+' && rest[0] != '-') return false;
  *real = first;
  double second;
  used = floatParsePrefix(rest, &second);
  if (used == 0) {
    second = rest[0] == '-' ? -1.0 : 1.0;
    used = 1;
  }
  *imag = second;
  return isJ(rest.substr(used));
}

void floatToHex(double v, std::string* out) {
  if (!std::isfinite(v)) return floatRepr(v, out);
  u64 bits;
  memcpy(&bits, &v, 8);
  if (bits >> 63) out->push_back('-');
  int exponent = int(bits >> 52 & 0x7ff);
  u64 fraction = bits & ((u64(1) << 52) - 1);
  if (exponent == 0 && fraction == 0) {
    out->append("0x0.0p+0");
    return;
  }
  out->append(exponent ? "0x1." : "0x0.");
  for (int shift = 48; shift >= 0; shift -= 4)
    out->push_back("0123456789abcdef"[fraction >> shift & 15]);
  int e = exponent ? exponent - 1023 : -1022;
  out->push_back('p');
  out->push_back(e < 0 ? '-' : '+');
  out->append(std::to_string(e < 0 ? -e : e));
}

HexParse floatFromHex(std::string_view text, double* out) {
  text = strip(text);
  bool negative = false;
  size_t i = 0;
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) negative = text[i++] == '-';
  std::string_view rest = text.substr(i);
  if (startsWithWord(rest, "inf") || startsWithWord(rest, "nan")) {
    size_t used = floatParsePrefix(text, out);
    return used == text.size() ? HexParse::kOk : HexParse::kInvalid;
  }
  if (startsWithWord(rest, "0x")) i += 2;
  auto hexValue = [](char c) {
    if (isDigit(c)) return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  u64 mantissa = 0;     // the first 60 bits
  bool sticky = false;  // anything below them
  i64 exponent = 0;
  bool point = false;
  size_t digits = 0;
  for (; i < text.size(); i++) {
    if (text[i] == '.' && !point) {
      point = true;
      continue;
    }
    int h = hexValue(text[i]);
    if (h < 0) break;
    digits++;
    if (mantissa >> 60 == 0) {
      mantissa = mantissa << 4 | u64(h);
      if (point) exponent -= 4;
    } else {
      sticky = sticky || h != 0;
      if (!point) exponent += 4;
    }
  }
  if (digits == 0) return HexParse::kInvalid;
  if (i < text.size() && lower(text[i]) == 'p') {
    i++;
    bool minus = false;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) minus = text[i++] == '-';
    if (i >= text.size() || !isDigit(text[i])) return HexParse::kInvalid;
    i64 e = 0;
    for (; i < text.size() && isDigit(text[i]); i++)
      if (e < i64(1) << 55) e = e * 10 + (text[i] - '0');
    exponent += minus ? -e : e;
  }
  if (i != text.size()) return HexParse::kInvalid;
  double value = 0.0;
  if (mantissa != 0) {
    int shift = __builtin_clzll(mantissa);
    i64 highest = exponent + 63 - shift;
    if (highest > 1024) return HexParse::kTooLarge;
    if (highest >= -1080) {
      // As a quotient of integers, rounded once. The sticky bit goes below the 64 bits.
      Digits n = intShiftLeft(Digits::ofUnsigned(mantissa), 1);
      if (sticky) n[0] |= 1;
      i64 e = exponent - 1;
      Digits one(i64(1));
      TrueDivide status = e >= 0 ? intTrueDivide(intShiftLeft(n, u64(e)), one, &value)
                                 : intTrueDivide(n, intShiftLeft(one, u64(-e)), &value);
      if (status == TrueDivide::kOverflow) return HexParse::kTooLarge;
    }
  }
  *out = negative ? -value : value;
  return HexParse::kOk;
}

i64 floatHash(double v) {
  constexpr int kBits = 61;
  constexpr u64 kPrime = (u64(1) << kBits) - 1;
  if (std::isinf(v)) return v > 0 ? 314159 : -314159;
  int exponent;
  double m = std::frexp(std::fabs(v), &exponent);
  u64 x = 0;
  while (m != 0) {
    x = (x << 28 & kPrime) | x >> (kBits - 28);
    m *= 268435456.0;
    exponent -= 28;
    u64 y = u64(m);
    m -= double(y);
    x += y;
    if (x >= kPrime) x -= kPrime;
  }
  exponent = exponent >= 0 ? exponent % kBits : kBits - 1 - (-1 - exponent) % kBits;
  x = (x << exponent & kPrime) | x >> (kBits - exponent);
  i64 h = v < 0 ? -i64(x) : i64(x);
  return h == -1 ? -2 : h;
}

void floatRatio(double v, Digits* numerator, Digits* denominator) {
  int exponent;
  double m = std::frexp(v, &exponent);
  for (int i = 0; i < 300 && m != std::floor(m); i++) {
    m *= 2.0;
    exponent--;
  }
  *numerator = intFromDouble(m);
  *denominator = Digits(i64(1));
  if (exponent > 0)
    *numerator = intShiftLeft(*numerator, u64(exponent));
  else
    *denominator = intShiftLeft(*denominator, u64(-exponent));
}

double floatRoundHalfEven(double v) {
  double r = std::round(v);
  if (std::fabs(v - r) == 0.5) r = 2.0 * std::round(v / 2.0);
  return r;
}

bool floatRound(double v, i64 ndigits, double* out) {
  if (ndigits > 323 || v == 0.0) {
    *out = v;
    return true;
  }
  double zero = std::copysign(0.0, v);
  *out = zero;
  if (ndigits < -308) return true;
  char text[800];
  double magnitude = std::fabs(v);
  char* end;
  if (ndigits >= 0) {
    end = std::to_chars(text, text + sizeof text, magnitude, std::chars_format::fixed, int(ndigits))
              .ptr;
  } else {
    Decimal d;
    scientificDigits(magnitude, 766, &d);  // exact: no double has more digits
    i64 keep = d.point + ndigits;
    if (keep < 0) return true;
    if (keep == 0) {  // against half of 10**-ndigits: up only when above
      bool above = d.digits[0] > '5';
      if (d.digits[0] == '5')
        for (size_t i = 1; i < d.count && !above; i++) above = d.digits[i] != '0';
      if (!above) return true;
      text[0] = '1';
      end = text + 1;
    } else {
      auto r = std::to_chars(text, text + sizeof text, magnitude, std::chars_format::scientific,
                             int(keep - 1));
      end = r.ptr;
    }
    if (keep == 0) {
      *end++ = 'e';
      end = std::to_chars(end, text + sizeof text, int(-ndigits)).ptr;
    }
  }
  double r;
  floatParsePrefix({text, size_t(end - text)}, &r);
  if (std::isinf(r)) return false;
  *out = std::copysign(r, v);
  return true;
}

double floatMod(double v, double w) {
  double m = std::fmod(v, w);
  if (m != 0) {
    if ((w < 0) != (m < 0)) m += w;
    return m;
  }
  return std::copysign(0.0, w);
}

double floatFloorDiv(double v, double w) {
  double m = std::fmod(v, w);
  double q = (v - m) / w;
  if (m != 0 && (w < 0) != (m < 0)) q -= 1.0;
  if (q == 0) return std::copysign(0.0, v / w);
  double f = std::floor(q);
  if (q - f > 0.5) f += 1.0;
  return f;
}

}  // namespace dx
