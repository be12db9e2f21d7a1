#include "base/unicode.h"
#include "memory/heap.h"
#include "modules/unicodedata.gen.h"
#include "runtime/str_units.h"

namespace dx {

namespace {

Result<Ref<>> numberOr(Thread& t, bool known, Ref<> value, Value fallback, const char* message) {
  if (known) return value;
  if (fallback) return retain(fallback);
  return t.raise(kValueError, "{}", message);
}

Result<Ref<>> decimal(Thread& t, bool old, u32 c, Value fallback) {
  int v = old ? decimalIn32(c) : unicodeToDecimal(c);
  return numberOr(t, v >= 0, makeInt(v), fallback, "not a decimal");
}
Result<Ref<>> digit(Thread& t, u32 c, Value fallback) {
  int v = unicodeToDigit(c);
  return numberOr(t, v >= 0, makeInt(v), fallback, "not a digit");
}
Result<Ref<>> numeric(Thread& t, bool old, u32 c, Value fallback) {
  double v = old ? numericIn32(c) : unicodeToNumeric(c);
  return numberOr(t, v != -1.0, makeFloat(v), fallback, "not a numeric character");
}

Result<bool> readForm(Thread& t, Str& name, NormalForm* form) {
  if (equalAscii(&name, "NFC"))
    *form = NormalForm::kNFC;
  else if (equalAscii(&name, "NFKC"))
    *form = NormalForm::kNFKC;
  else if (equalAscii(&name, "NFD"))
    *form = NormalForm::kNFD;
  else if (equalAscii(&name, "NFKD"))
    *form = NormalForm::kNFKD;
  else
    return t.raise(kValueError, "invalid normalization form");
  return true;
}

QuickCheck quickCheck(NormalForm form, const Str& s) {
  if (s.isAscii()) return QuickCheck::kYes;
  return withUnits(&s, [&](auto u) { return unicodeQuickCheck(form, u.p, size_t(u.n)); });
}

Ref<Str> normalized(bool old, NormalForm form, const Str& s) {
  UnicodeAge age = old ? UnicodeAge::k3_2 : UnicodeAge::kCurrent;
  std::vector<u32> out =
      withUnits(&s, [&](auto u) { return unicodeNormalize(form, u.p, size_t(u.n), age); });
  return makeStrFromUnits(out.data(), i64(out.size()));
}

Result<Ref<>> normalize(Thread& t, bool old, Str& name, Str& text) {
  NormalForm form;
  TRY(readForm(t, name, &form));
  if (text.isAscii() || (!old && quickCheck(form, text) == QuickCheck::kYes))
    return Ref<>(exactStr(&text));
  return Ref<>(normalized(old, form, text));
}

Result<bool> isNormalized(Thread& t, bool old, Str& name, Str& text) {
  NormalForm form;
  TRY(readForm(t, name, &form));
  QuickCheck quick = old && !text.isAscii() ? QuickCheck::kMaybe : quickCheck(form, text);
  if (quick != QuickCheck::kMaybe) return quick == QuickCheck::kYes;
  Ref<Str> other = normalized(old, form, text);
  return equalStr(&text, other);
}

Result<Ref<>> nameOf(Thread& t, bool old, u32 c, Value fallback) {
  std::string name = old && !assignedIn32(c) ? "" : unicodeName(c);
  if (!name.empty()) return Ref<>(makeAscii(name));
  if (fallback) return retain(fallback);
  return t.raise(kValueError, "no such name");
}

constexpr size_t kMaxNameLength = 256;

Result<Ref<>> lookUp(Thread& t, Value name) {
  std::string text;
  if (isStr(name)) {
    text = TRY(utf8(t, name.as<Str>()));
  } else {
    Buffer buffer;
    TRY(Buffer::get(t, name, &buffer));
    text = buffer.bytes();
  }
  if (text.size() > kMaxNameLength) return t.raise(kKeyError, "name too long");
  NameMatch match = unicodeLookup(text, true);
  if (match.count == 0) return t.raise(kKeyError, "undefined character name '{}'", text);
  return Ref<>(makeStrFromUnits(match.codePoints, match.count));
}

Result<Ref<>> text(const char* s) { return Ref<>(makeAscii(s)); }

}  // namespace

// ---- the module: the current version ----

Result<Ref<>> unicodedata_decimal(Thread& t, u32 c, Value fallback) {
  return decimal(t, false, c, fallback);
}
Result<Ref<>> unicodedata_digit(Thread& t, u32 c, Value fallback) { return digit(t, c, fallback); }
Result<Ref<>> unicodedata_numeric(Thread& t, u32 c, Value fallback) {
  return numeric(t, false, c, fallback);
}
Result<Ref<>> unicodedata_category(Thread&, u32 c) {
  return text(unicodeCategoryName(unicodeCategory(c)));
}
Result<Ref<>> unicodedata_bidirectional(Thread&, u32 c) { return text(unicodeBidiName(c)); }
Result<i64> unicodedata_combining(Thread&, u32 c) { return unicodeCombining(c); }
Result<i64> unicodedata_mirrored(Thread&, u32 c) { return unicodeIsMirrored(c); }
Result<Ref<>> unicodedata_east_asian_width(Thread&, u32 c) {
  return text(unicodeEastAsianWidth(c));
}
Result<Ref<>> unicodedata_decomposition(Thread&, u32 c) {
  return Ref<>(makeAscii(unicodeDecomposition(c)));
}
Result<bool> unicodedata_is_normalized(Thread& t, Str& form, Str& s) {
  return isNormalized(t, false, form, s);
}
Result<Ref<>> unicodedata_normalize(Thread& t, Str& form, Str& s) {
  return normalize(t, false, form, s);
}
Result<Ref<>> unicodedata_name(Thread& t, u32 c, Value fallback) {
  return nameOf(t, false, c, fallback);
}
Result<Ref<>> unicodedata_lookup(Thread& t, Value name) { return lookUp(t, name); }

// ---- UCD: version 3.2 ----

using Ucd = UnicodeDatabase;
Result<Ref<>> UCD_decimal(Thread& t, Ucd&, u32 c, Value fallback) {
  return decimal(t, true, c, fallback);
}
Result<Ref<>> UCD_digit(Thread& t, Ucd&, u32 c, Value fallback) { return digit(t, c, fallback); }
Result<Ref<>> UCD_numeric(Thread& t, Ucd&, u32 c, Value fallback) {
  return numeric(t, true, c, fallback);
}
Result<Ref<>> UCD_category(Thread&, Ucd&, u32 c) {
  return text(unicodeCategoryName(unicodeCategory32(c)));
}
Result<Ref<>> UCD_bidirectional(Thread&, Ucd&, u32 c) { return text(unicodeBidiName32(c)); }
Result<i64> UCD_combining(Thread&, Ucd&, u32 c) {
  return assignedIn32(c) ? unicodeCombining(c) : 0;
}
Result<i64> UCD_mirrored(Thread&, Ucd&, u32 c) { return mirroredIn32(c); }
Result<Ref<>> UCD_east_asian_width(Thread&, Ucd&, u32 c) { return text(eastAsianWidthIn32(c)); }
Result<Ref<>> UCD_decomposition(Thread&, Ucd&, u32 c) {
  return Ref<>(makeAscii(assignedIn32(c) ? unicodeDecomposition(c) : ""));
}
Result<bool> UCD_is_normalized(Thread& t, Ucd&, Str& form, Str& s) {
  return isNormalized(t, true, form, s);
}
Result<Ref<>> UCD_normalize(Thread& t, Ucd&, Str& form, Str& s) {
  return normalize(t, true, form, s);
}
Result<Ref<>> UCD_name(Thread& t, Ucd&, u32 c, Value fallback) {
  return nameOf(t, true, c, fallback);
}
Result<Ref<>> UCD_lookup(Thread& t, Ucd&, Value name) { return lookUp(t, name); }

Result<void> unicodedata_exec(Thread&, Module& module) {
  moduleSet(module, "unidata_version", makeAscii(kUnicodeVersion));
  Ref<UnicodeDatabase> old = make<UnicodeDatabase>(&unicodeDatabaseType);
  old->version = "3.2.0";
  moduleSet(module, "ucd_3_2_0", old);
  return {};
}

}  // namespace dx
