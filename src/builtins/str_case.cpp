// str: changing case, with Unicode's full mappings.
#include "base/unicode.h"
#include "builtins/str.gen.h"
#include "runtime/small_text.h"

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

using AsciiKernel = void (*)(const u8* from, size_t n, u8* to);

Ref<> mapAscii(Str& s, AsciiKernel kernel) {
  if (s.length <= 1) {
    if (s.length == 0) return sameStr(s);
    u8 c;
    kernel(s.data(), 1, &c);
    return makeChar(c);
  }
  if (s.length <= kSmallText) {
    Str* r = newSmallAscii(s.length);
    kernel(s.data(), size_t(s.length), r->data());
    return Ref<>::steal(Value(r));
  }
  Ref<Str> r = newStr(s.length, 0x7F);
  kernel(s.data(), size_t(s.length), r->data());
  return r;
}

void capitalizeAscii(const u8* from, size_t n, u8* to) {
  simd::lower(from, n, to);
  simd::upper(from, 1, to);
}

template <class F>
Ref<> mapUnits(Str& s, F&& fn) {
  StrBuilder out;
  withUnits(&s, [&](auto u) {
    for (i64 i = 0; i < u.n; i++) fn(out, u, i);
  });
  return out.finish();
}

// Where every character has one that stands for it, in the same storage. Empty: otherwise.
template <auto kChange, bool kUpper>
Ref<Str> mapSimple(Str& s) {
  if (s.length < 2) return {};
  Ref<Str> r = newStr(s.length, maxChar(&s));
  bool same = r && withUnits(&s, [&](auto u) {
                using U = std::remove_cvref_t<decltype(*u.p)>;
                U* to = r->units<U>();
                u32 seen = 0;
                for (i64 i = 0; i < u.n; i++) {
                  if constexpr (sizeof(U) == 2) {
                    if (i % 16 == 0) {
                      bool wide = false;
                      i += i64(simd::changeCase16(u.p + i, size_t(u.n - i), to + i, kUpper, &wide));
                      if (wide) seen |= 0x100;
                      if (i == u.n) break;
                    }
                  }
                  u32 c = u[i];
                  const detail::TextRecord& record = detail::textRecord(c);
                  u32 mapped = c + u32(record.*kChange);
                  if (record.flags & detail::kSpecialCase || c == 0x3A3 || U(mapped) != mapped)
                    return false;
                  to[i] = U(mapped);
                  seen |= mapped;
                }
                return boundOf(&seen, 1) == maxChar(&s);
              });
  return same ? std::move(r) : Ref<Str>();
}

}  // namespace

Result<Ref<>> str_lower(Thread&, Str& self) {
  if (self.isAscii()) return mapAscii(self, simd::lower);
  if (Ref<Str> r = mapSimple<&detail::TextRecord::lower, false>(self)) return Ref<>(std::move(r));
  return mapUnits(self, [](StrBuilder& out, auto u, i64 i) { addLower(out, u, i); });
}

Result<Ref<>> str_upper(Thread&, Str& self) {
  if (self.isAscii()) return mapAscii(self, simd::upper);
  if (Ref<Str> r = mapSimple<&detail::TextRecord::upper, true>(self)) return Ref<>(std::move(r));
  return mapUnits(self,
                  [](StrBuilder& out, auto u, i64 i) { addMapped(out, u[i], unicodeUpperFull); });
}

Result<Ref<>> str_casefold(Thread&, Str& self) {
  if (self.isAscii()) return mapAscii(self, simd::lower);
  return mapUnits(self,
                  [](StrBuilder& out, auto u, i64 i) { addMapped(out, u[i], unicodeFoldFull); });
}

Result<Ref<>> str_capitalize(Thread&, Str& self) {
  if (self.isAscii()) return mapAscii(self, capitalizeAscii);
  return mapUnits(self, [](StrBuilder& out, auto u, i64 i) {
    if (i == 0)
      addMapped(out, u[i], unicodeTitleFull);
    else
      addLower(out, u, i);
  });
}

Result<Ref<>> str_swapcase(Thread&, Str& self) {
  if (self.isAscii()) return mapAscii(self, simd::swapCase);
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
  if (self.isAscii()) return mapAscii(self, simd::title);
  bool inWord = false;
  return mapUnits(self, [&](StrBuilder& out, auto u, i64 i) {
    if (inWord)
      addLower(out, u, i);
    else
      addMapped(out, u[i], unicodeTitleFull);
    inWord = unicodeIsCased(u[i]);
  });
}

}  // namespace dx
