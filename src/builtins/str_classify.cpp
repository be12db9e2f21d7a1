// str: the is...() methods.
#include "base/unicode.h"
#include "builtins/str.gen.h"

namespace dx {

// There are characters and all of them pass.
template <class F>
static bool allOf(const Str& s, F&& test) {
  return s.length != 0 && withUnits(&s, [&](auto u) {
           for (i64 i = 0; i < u.n; i++)
             if (!test(u32(u[i]))) return false;
           return true;
         });
}

Result<bool> str_isascii(Thread&, Str& self) { return self.isAscii(); }
Result<bool> str_isspace(Thread&, Str& self) { return allOf(self, unicodeIsSpace); }
Result<bool> str_isdecimal(Thread&, Str& self) { return allOf(self, unicodeIsDecimal); }
Result<bool> str_isdigit(Thread&, Str& self) { return allOf(self, unicodeIsDigit); }
Result<bool> str_isnumeric(Thread&, Str& self) { return allOf(self, unicodeIsNumeric); }
Result<bool> str_isalpha(Thread&, Str& self) { return allOf(self, unicodeIsAlpha); }
Result<bool> str_isalnum(Thread&, Str& self) { return allOf(self, unicodeIsAlnum); }
Result<bool> str_isprintable(Thread&, Str& self) {
  return self.length == 0 || allOf(self, unicodeIsPrintable);
}
Result<bool> str_isidentifier(Thread&, Str& self) { return isIdentifier(&self); }

// Some character is cased, and none is of the other case.
template <class Own, class Other>
static bool onlyCase(const Str& s, Own&& own, Other&& other) {
  return withUnits(&s, [&](auto u) {
    bool cased = false;
    for (i64 i = 0; i < u.n; i++) {
      if (other(u32(u[i])) || unicodeIsTitle(u[i])) return false;
      cased = cased || own(u32(u[i]));
    }
    return cased;
  });
}
Result<bool> str_islower(Thread&, Str& self) {
  return onlyCase(self, unicodeIsLower, unicodeIsUpper);
}
Result<bool> str_isupper(Thread&, Str& self) {
  return onlyCase(self, unicodeIsUpper, unicodeIsLower);
}

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
