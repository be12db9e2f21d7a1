// str: changing case, with Unicode's full mappings.
#include "base/unicode.h"
#include "builtins/str.gen.h"

namespace dx {

namespace {

using FullMapping = int (*)(u32, u32[3]);

void addMapped(StrBuilder& out, u32 c, FullMapping map) {
  u32 to[3];
  int n = map(c, to);
  for (int i = 0; i < n; i++) out.add(to[i]);
}

// The lower case of u[i]; a capital sigma at the end of a word has its own.
template <class U>
void addLower(StrBuilder& out, Units<U> u, i64 i) {
  u32 c = u[i];
  if (c == 0x3A3)
    out.add(unicodeSigmaIsFinal(u.p, size_t(u.n), size_t(i)) ? 0x3C2u : 0x3C3u);
  else
    addMapped(out, c, unicodeLowerFull);
}

constexpr u8 asciiLower(u8 c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; }
constexpr u8 asciiUpper(u8 c) { return c >= 'a' && c <= 'z' ? c & ~0x20 : c; }

template <class F>
Ref<> mapAscii(Str& s, F&& fn) {
  if (s.length == 0) return sameStr(s);
  Ref<Str> r = s.length == 1 ? Ref<Str>() : newStr(s.length, 0x7F);
  if (!r) return makeChar(fn(s.units<u8>()[0], 0));
  u8* to = r->units<u8>();
  const u8* from = s.units<u8>();
  for (i64 i = 0; i < s.length; i++) to[i] = fn(from[i], i);
  return r;
}

template <class F>
Ref<> mapUnits(Str& s, F&& fn) {
  StrBuilder out;
  withUnits(&s, [&](auto u) {
    for (i64 i = 0; i < u.n; i++) fn(out, u, i);
  });
  return out.finish();
}

}  // namespace

Result<Ref<>> str_lower(Thread&, Str& self) {
  if (self.isAscii()) return mapAscii(self, [](u8 c, i64) { return asciiLower(c); });
  return mapUnits(self, [](StrBuilder& out, auto u, i64 i) { addLower(out, u, i); });
}

Result<Ref<>> str_upper(Thread&, Str& self) {
  if (self.isAscii()) return mapAscii(self, [](u8 c, i64) { return asciiUpper(c); });
  return mapUnits(self,
                  [](StrBuilder& out, auto u, i64 i) { addMapped(out, u[i], unicodeUpperFull); });
}

Result<Ref<>> str_casefold(Thread&, Str& self) {
  if (self.isAscii()) return mapAscii(self, [](u8 c, i64) { return asciiLower(c); });
  return mapUnits(self,
                  [](StrBuilder& out, auto u, i64 i) { addMapped(out, u[i], unicodeFoldFull); });
}

Result<Ref<>> str_capitalize(Thread&, Str& self) {
  if (self.isAscii())
    return mapAscii(self, [](u8 c, i64 i) { return i == 0 ? asciiUpper(c) : asciiLower(c); });
  return mapUnits(self, [](StrBuilder& out, auto u, i64 i) {
    if (i == 0)
      addMapped(out, u[i], unicodeTitleFull);
    else
      addLower(out, u, i);
  });
}

Result<Ref<>> str_swapcase(Thread&, Str& self) {
  if (self.isAscii())
    return mapAscii(self,
                    [](u8 c, i64) { return asciiLower(c) != c ? asciiLower(c) : asciiUpper(c); });
  return mapUnits(self, [](StrBuilder& out, auto u, i64 i) {
    if (unicodeIsUpper(u[i]))
      addLower(out, u, i);
    else if (unicodeIsLower(u[i]))
      addMapped(out, u[i], unicodeUpperFull);
    else
      out.add(u32(u[i]));
  });
}

Result<Ref<>> str_title(Thread&, Str& self) {
  bool inWord = false;
  if (self.isAscii())
    return mapAscii(self, [&](u8 c, i64) {
      u8 to = inWord ? asciiLower(c) : asciiUpper(c);
      inWord = asciiLower(c) != asciiUpper(c);
      return to;
    });
  return mapUnits(self, [&](StrBuilder& out, auto u, i64 i) {
    if (inWord)
      addLower(out, u, i);
    else
      addMapped(out, u[i], unicodeTitleFull);
    inWord = unicodeIsCased(u[i]);
  });
}

}  // namespace dx
