// Text of numbers in the forms that programs ask for most.
#include <charconv>

#include "runtime/number_text.h"
#include "runtime/str.h"

namespace dx {

Ref<Str> makeSmallIntText(i64 v) {
  char text[24];
  auto end = std::to_chars(text, text + sizeof text, v);
  return makeAscii(std::string_view(text, size_t(end.ptr - text)));
}

Ref<Str> quickNumberFormat(Value v, const Str* spec) {
  if (!spec->isAscii() || spec->length > 8) return {};
  std::string_view s = spec->ascii();
  size_t i = 0;
  auto number = [&](int fallback) {
    if (i == s.size() || s[i] < '0' || s[i] > '9') return fallback;
    int n = 0;
    for (; i < s.size() && s[i] >= '0' && s[i] <= '9' && n < 100; i++) n = n * 10 + (s[i] - '0');
    return n;
  };
  bool zero = i < s.size() && s[i] == '0';
  if (zero) i++;
  int width = number(0);
  char text[256];
  char* end;
  if (v.isSmallInt()) {
    if (i < s.size() && s[i] == 'd') i++;
    if (i != s.size() || width >= 100) return {};
    end = std::to_chars(text, text + sizeof text, v.smallInt()).ptr;
  } else {
    int precision = 6;
    if (i < s.size() && s[i] == '.') {
      i++;
      precision = number(-1);
    }
    if (i + 1 != s.size() || s[i] != 'f' || precision < 0 || precision > 60 || width >= 100)
      return {};
    end = std::to_chars(text, text + sizeof text, v.flonum(), std::chars_format::fixed, precision)
              .ptr;
  }
  i64 length = end - text, pad = width - length;
  if (pad <= 0) return makeAscii(std::string_view(text, size_t(length)));
  Ref<Str> r = newStr(width, 0x7F);
  u8* out = r->data();
  bool sign = zero && text[0] == '-';
  if (sign) *out++ = '-';
  memset(out, zero ? '0' : ' ', size_t(pad));
  memcpy(out + pad, text + sign, size_t(length - sign));
  return r;
}

}  // namespace dx
