#include "runtime/str_text.h"

#include "base/unicode.h"
#include "runtime/str_units.h"

namespace dx {

static void addHexEscape(StrBuilder& out, u32 c) {
  char text[16];
  if (c < 0x100)
    snprintf(text, sizeof text, "\\x%02x", c);
  else if (c < 0x10000)
    snprintf(text, sizeof text, "\\u%04x", c);
  else
    snprintf(text, sizeof text, "\\U%08x", c);
  out.add(std::string_view(text));
}

static bool staysInRepr(u32 c) { return c < 0x7F ? c >= ' ' : c > 0x7F && unicodeIsPrintable(c); }

// What may need a backslash, or the other quotes; 0xA0 and 0xAD are the Latin-1 characters besides
// the controls that cannot be printed. Above Latin-1 the tables know.
constexpr auto kReprSpecial =
    simd::ByteSet("'\"\\\xA0\xAD").addRange(0, 31).addRange(0x7F, 0x9F).withAbove(simd::Above::kIn);

Ref<Str> strRepr(const Str* s) {
  bool single = false, dual = false, plain = true;
  withUnits(s, [&](auto u) {
    i64 from = u.n < kShortText ? 0 : i64(simd::findIn(u.p, size_t(u.n), kReprSpecial));
    for (i64 i = from; i < u.n; i++) {
      u32 c = u[i];
      if constexpr (sizeof(u[i]) == 1)
        if (i - from >= kShortText && !kReprSpecial.has(c)) {
          i += i64(simd::findIn(u.p + i, size_t(u.n - i), kReprSpecial)) - 1;
          continue;
        }
      if (c == '\'')
        single = true;
      else if (c == '"')
        dual = true;
      else if (c == '\\' || !staysInRepr(c))
        plain = false;
    }
  });
  u32 quote = single && !dual ? '"' : '\'';
  if (plain && !(single && dual)) {
    Ref<Str> r = newStr(s->length + 2, maxChar(s));
    if (r) {
      fillUnits(r, 0, 1, quote);
      copyAll(r, 1, s);
      fillUnits(r, s->length + 1, 1, quote);
      return r;
    }
  }
  StrBuilder out;
  out.add(quote);
  withUnits(s, [&](auto u) {
    for (i64 i = 0; i < u.n; i++) {
      u32 c = u[i];
      if (c == quote || c == '\\') {
        out.add(u32('\\'));
        out.add(c);
      } else if (staysInRepr(c)) {
        out.add(c);
      } else if (c == '\t') {
        out.add("\\t");
      } else if (c == '\n') {
        out.add("\\n");
      } else if (c == '\r') {
        out.add("\\r");
      } else {
        addHexEscape(out, c);
      }
    }
  });
  out.add(quote);
  return out.finish();
}

bool isIdentifier(const Str* s) {
  if (s->length == 0) return false;
  return withUnits(s, [](auto u) {
    if (u[0] != '_' && !unicodeIsXidStart(u[0])) return false;
    for (i64 i = 1; i < u.n; i++)
      if (!unicodeIsXidContinue(u[i])) return false;
    return true;
  });
}

Ref<Str> strEscapeNonAscii(const Str* s) {
  StrBuilder out;
  withUnits(s, [&](auto u) {
    for (i64 i = 0; i < u.n; i++)
      if (u32(u[i]) < 0x80)
        out.add(u32(u[i]));
      else
        addHexEscape(out, u[i]);
  });
  return out.finish();
}

}  // namespace dx
