#include "base/int_text.h"

#include <bit>
#include <charconv>

#include "base/int_limbs.h"

namespace dx {

using detail::Limbs;

namespace {

constexpr char kDigitChars[] = "0123456789abcdefghijklmnopqrstuvwxyz";

int digitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  return 99;
}

bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f); }

void powerOfTwoText(IntView a, int shift, std::string* out) {
  u64 bits = intBitLength(a);
  size_t n = size_t((bits + u64(shift) - 1) / u64(shift));
  size_t start = out->size();
  out->resize(start + n);
  char* p = out->data() + start + n;
  u64 accumulator = 0;
  int have = 0;
  size_t i = 0;
  u64 mask = (u64(1) << shift) - 1;
  for (size_t k = 0; k < n; k++) {
    if (have < shift && i < a.count) {
      accumulator |= u64(a.digits[i++]) << have;
      have += kDigitBits;
    }
    *--p = kDigitChars[accumulator & mask];
    accumulator >>= shift;
    have -= shift;
  }
}

// The digit values are 0..base-1 already and the first is not zero.
Digits fromDigitValues(const u8* values, size_t n, int base) {
  if (n == 0) return {};
  if (std::has_single_bit(unsigned(base))) {
    int shift = std::countr_zero(unsigned(base));
    Digits out;
    out.resize((n * size_t(shift) + kDigitBits - 1) / kDigitBits);
    u64 accumulator = 0;
    int have = 0;
    size_t k = 0;
    for (size_t i = n; i-- > 0;) {
      accumulator |= u64(values[i]) << have;
      have += shift;
      if (have >= kDigitBits) {
        out[k++] = u32(accumulator) & kDigitMask;
        accumulator >>= kDigitBits;
        have -= kDigitBits;
      }
    }
    if (k < out.size()) out[k++] = u32(accumulator);
    out.resize(k);
    out.normalize();
    return out;
  }
  if (n <= 12) {  // 36**12 < 2**64
    u64 v = 0;
    for (size_t i = 0; i < n; i++) v = v * u64(base) + values[i];
    return Digits::ofUnsigned(v);
  }
  size_t bits = n * size_t(std::bit_width(unsigned(base)));
  Limbs limbs(bits / 64 + 2);
  mp_size_t used = mpn_set_str(limbs.data(), values, n, base);
  return detail::digitsFromLimbs(limbs.data(), size_t(used));
}

}  // namespace

u64 intDecimalDigitsBound(IntView a) {
  // log10(2) = 0.30102999566..., rounded up.
  return u64(static_cast<unsigned __int128>(intBitLength(a)) * 30103 / 100000) + 1;
}

void intToText(IntView a, int base, std::string* out) {
  DX_ASSERT(base >= 2 && base <= 36);
  if (a.isZero()) {
    out->push_back('0');
    return;
  }
  if (a.negative) out->push_back('-');
  if (std::has_single_bit(unsigned(base))) {
    powerOfTwoText(a, std::countr_zero(unsigned(base)), out);
    return;
  }
  IntView magnitude = a;
  magnitude.negative = false;
  u64 small;
  if (intToU64(magnitude, &small)) {
    char text[64];
    auto end = std::to_chars(text, text + sizeof text, small, base);
    out->append(text, end.ptr);
    return;
  }
  Limbs limbs(a);
  size_t room = mpn_sizeinbase(limbs.data(), mp_size_t(limbs.size()), base) + 1;
  size_t start = out->size();
  out->resize(start + room);
  u8* text = reinterpret_cast<u8*>(out->data()) + start;
  size_t n = mpn_get_str(text, base, limbs.data(), mp_size_t(limbs.size()));
  size_t skip = 0;
  while (skip + 1 < n && text[skip] == 0) skip++;
  for (size_t i = skip; i < n; i++) text[i - skip] = u8(kDigitChars[text[i]]);
  out->resize(start + n - skip);
}

bool intFromDigitText(std::string_view digits, int base, Digits* out) {
  if (digits.empty()) return false;
  std::vector<u8> values;
  values.reserve(digits.size());
  for (char c : digits) {
    int v = digitValue(c);
    if (v >= base) return false;
    if (v != 0 || !values.empty()) values.push_back(u8(v));
  }
  *out = fromDigitValues(values.data(), values.size(), base);
  return true;
}

IntParseResult intParse(std::string_view text, int base, size_t maxDigits) {
  IntParseResult result;
  size_t i = 0, end = text.size();
  while (i < end && isSpace(text[i])) i++;
  while (end > i && isSpace(text[end - 1])) end--;
  bool negative = false;
  if (i < end && (text[i] == '+' || text[i] == '-')) negative = text[i++] == '-';
  bool mustBeZero = false;
  if (i < end && text[i] == '0') {
    char letter = i + 1 < end ? char(text[i + 1] | 0x20) : 0;
    int prefixBase = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
    if (base == 0) {
      base = prefixBase ? prefixBase : 10;
      mustBeZero = prefixBase == 0;
    } else if (prefixBase != base) {
      prefixBase = 0;
    }
    if (prefixBase) {
      i += 2;
      if (i < end && text[i] == '_') i++;  // one underscore may follow the prefix
    }
  }
  if (base == 0) base = 10;
  u8 inlineValues[64];
  std::vector<u8> heap;
  u8* values = inlineValues;
  if (end - i > sizeof inlineValues) {
    heap.resize(end - i);
    values = heap.data();
  }
  size_t n = 0, digitCount = 0;
  bool afterDigit = false;
  for (; i < end; i++) {
    if (text[i] == '_') {
      if (!afterDigit) return result;
      afterDigit = false;
      continue;
    }
    int v = digitValue(text[i]);
    if (v >= base) return result;
    afterDigit = true;
    digitCount++;
    if (v != 0 || n != 0) values[n++] = u8(v);
  }
  if (!afterDigit) return result;  // empty, or ends with an underscore
  if (mustBeZero && n != 0) return result;
  if (maxDigits != 0 && digitCount > maxDigits && !std::has_single_bit(unsigned(base))) {
    result.status = IntParse::kTooManyDigits;
    result.digitCount = digitCount;
    return result;
  }
  result.value = fromDigitValues(values, n, base);
  result.value.negative = negative && result.value.size() != 0;
  result.digitCount = digitCount;
  result.status = IntParse::kOk;
  return result;
}

}  // namespace dx
