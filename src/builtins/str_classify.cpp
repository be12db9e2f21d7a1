// str: the is...() methods.
#include "base/unicode.h"
#include "builtins/str.gen.h"

namespace dx {

namespace {

using Test = bool (*)(u32);

// The Latin-1 characters with a property. What lies above has to be asked one by one.
template <Test test, bool wanted>
const simd::ByteSet& latin1With() {
  static const simd::ByteSet set = [] {
    simd::ByteSet r;
    for (u32 c = 0; c < 256; c++)
      if (test(c) == wanted) r.add(u8(c));
    return r.withAbove(simd::Above::kIn);
  }();
  return set;
}

// How many units at the front are Latin-1 and pass.
template <Test test, class U>
i64 passing(Units<U> u, i64 from) {
  return u.n - from < kShortText
             ? from
             : from + i64(simd::findIn(u.p + from, size_t(u.n - from), latin1With<test, false>()));
}

// There are characters and all of them pass.
template <Test test>
bool allOf(const Str& s, i64 from = 0) {
  return s.length > from && withUnits(&s, [&](auto u) {
           for (i64 i = passing<test>(u, from); i < u.n; i++)
             if (!test(u32(u[i]))) return false;
           return true;
         });
}

bool isNotLower(u32 c) { return unicodeIsUpper(c) || unicodeIsTitle(c); }
bool isNotUpper(u32 c) { return unicodeIsLower(c) || unicodeIsTitle(c); }
template <Test test>
bool isNot(u32 c) {
  return !test(c);
}

// Some character is cased, and none is of the other case.
template <Test own, Test other>
bool onlyCase(const Str& s) {
  return withUnits(&s, [&](auto u) {
    i64 front = passing<isNot<other>>(u, 0);
    bool cased =
        front > 0 && i64(simd::findIn(u.p, size_t(front), latin1With<own, true>())) < front;
    for (i64 i = front; i < u.n; i++) {
      if (other(u32(u[i]))) return false;
      cased = cased || own(u32(u[i]));
    }
    return cased;
  });
}

}  // namespace

Result<bool> str_isascii(Thread&, Str& self) { return self.isAscii(); }
Result<bool> str_isspace(Thread&, Str& self) { return allOf<unicodeIsSpace>(self); }
Result<bool> str_isdecimal(Thread&, Str& self) { return allOf<unicodeIsDecimal>(self); }
Result<bool> str_isdigit(Thread&, Str& self) { return allOf<unicodeIsDigit>(self); }
Result<bool> str_isnumeric(Thread&, Str& self) { return allOf<unicodeIsNumeric>(self); }
Result<bool> str_isalpha(Thread&, Str& self) { return allOf<unicodeIsAlpha>(self); }
Result<bool> str_isalnum(Thread&, Str& self) { return allOf<unicodeIsAlnum>(self); }
Result<bool> str_isprintable(Thread&, Str& self) {
  return self.length == 0 || allOf<unicodeIsPrintable>(self);
}
Result<bool> str_isidentifier(Thread&, Str& self) { return isIdentifier(&self); }

Result<bool> str_islower(Thread&, Str& self) { return onlyCase<unicodeIsLower, isNotLower>(self); }
Result<bool> str_isupper(Thread&, Str& self) { return onlyCase<unicodeIsUpper, isNotUpper>(self); }

Result<bool> str_istitle(Thread&, Str& self) {
  return withUnits(&self, [](auto u) {
    bool cased = false, inWord = false;
    for (i64 i = 0; i < u.n; i++) {
      u32 c = u[i];
      if (unicodeIsUpper(c) || unicodeIsTitle(c)) {
        if (inWord) return false;
        inWord = cased = true;
      } else if (unicodeIsLower(c)) {
        if (!inWord) return false;
      } else {
        inWord = false;
      }
    }
    return cased;
  });
}

}  // namespace dx
