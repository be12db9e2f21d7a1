// Module _locale.
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <wchar.h>

#include "modules/_locale.gen.h"
#include "modules/arguments.h"
#include "modules/exception_class.h"
#include "modules/int_constants.h"

namespace dx {

namespace {

Type* gLocaleError = nullptr;

constexpr IntConstant kConstants[] = {
#define DX_CONST(name) {#name, i64(name)},
#include "modules/locale_constants.def"
#undef DX_CONST
};

// A nullable text argument as what C functions take.
struct OptionalText {
  std::string text;
  bool given;
  const char* c() const { return given ? text.c_str() : nullptr; }
};
Result<OptionalText> optionalArgument(Thread& t, Str* s) {
  if (!s) return OptionalText{"", false};
  return OptionalText{TRY(plainText(t, *s)), true};
}

// The digit counts of a grouping, with the terminator that says whether the last repeats.
Ref<> groupingList(const char* s) {
  Ref<List> list = newList();
  if (*s)
    for (const char* p = s;; p++) {
      listAppend(list, makeInt(int(*p)));
      if (*p == '\0' || *p == CHAR_MAX) break;
    }
  return Ref<>(std::move(list));
}

std::vector<wchar_t> wideText(const Str* s) {
  std::vector<wchar_t> out;
  StrBuilder units;
  units.add(s);
  for (i64 i = 0; i < units.length(); i++) out.push_back(wchar_t(units.at(i)));
  return out;
}
Result<std::vector<wchar_t>> wideArgument(Thread& t, Str& s) {
  std::vector<wchar_t> out = wideText(&s);
  for (wchar_t c : out)
    if (!c) return t.raise(kValueError, "embedded null character");
  out.push_back(0);
  return out;
}

}  // namespace

Result<Ref<>> _locale_setlocale(Thread& t, i32 category, Str* locale) {
  OptionalText name = TRY(optionalArgument(t, locale));
  const char* r = ::setlocale(category, name.c());
  if (!r)
    return t.raise(gLocaleError, locale ? "unsupported locale setting" : "locale query failed");
  return Ref<>(decodeFs(r));
}

Result<Ref<>> _locale_localeconv(Thread&) {
  const lconv& l = *::localeconv();
  Ref<Dict> d = newDict();
  auto text = [&](const char* name, const char* value) { dictSetStr(d, name, decodeFs(value)); };
  auto number = [&](const char* name, char value) { dictSetStr(d, name, makeInt(int(value))); };
  text("int_curr_symbol", l.int_curr_symbol);
  text("currency_symbol", l.currency_symbol);
  text("mon_decimal_point", l.mon_decimal_point);
  text("mon_thousands_sep", l.mon_thousands_sep);
  dictSetStr(d, "mon_grouping", groupingList(l.mon_grouping));
  text("positive_sign", l.positive_sign);
  text("negative_sign", l.negative_sign);
  number("int_frac_digits", l.int_frac_digits);
  number("frac_digits", l.frac_digits);
  number("p_cs_precedes", l.p_cs_precedes);
  number("p_sep_by_space", l.p_sep_by_space);
  number("n_cs_precedes", l.n_cs_precedes);
  number("n_sep_by_space", l.n_sep_by_space);
  number("p_sign_posn", l.p_sign_posn);
  number("n_sign_posn", l.n_sign_posn);
  text("decimal_point", l.decimal_point);
  text("thousands_sep", l.thousands_sep);
  dictSetStr(d, "grouping", groupingList(l.grouping));
  return Ref<>(std::move(d));
}

Result<Ref<>> _locale_nl_langinfo(Thread& t, i32 key) {
  bool known = false;
  for (const IntConstant& c : kConstants)
    known |= c.value == key && strncmp(c.name, "LC_", 3) && strcmp(c.name, "CHAR_MAX");
  if (!known) return t.raise(kValueError, "unsupported langinfo constant");
  const char* r = ::nl_langinfo(key);
  if (!r) r = "";
  std::string text = r;
  // Several strings, one after the other.
  if (*r && (key == ERA || key == ALT_DIGITS))
    for (const char* p = r + text.size() + 1; *p && text.size() < 4096; p += strlen(p) + 1)
      text += std::string(";") + p;
  return Ref<>(decodeFs(text));
}

Result<i64> _locale_strcoll(Thread& t, Str& a, Str& b) {
  std::vector<wchar_t> left = TRY(wideArgument(t, a)), right = TRY(wideArgument(t, b));
  return i64(::wcscoll(left.data(), right.data()));
}

Result<Ref<>> _locale_strxfrm(Thread& t, Str& s) {
  std::vector<wchar_t> text = TRY(wideArgument(t, s));
  std::vector<wchar_t> out(text.size() + 1);
  errno = 0;
  size_t n = ::wcsxfrm(out.data(), text.data(), out.size());
  if (errno && errno != ERANGE) return raiseErrno(t, errno);
  if (n >= out.size()) {
    out.resize(n + 1);
    errno = 0;
    n = ::wcsxfrm(out.data(), text.data(), out.size());
    if (errno) return raiseErrno(t, errno);
  }
  for (size_t i = 0; i < n; i++)
    if (u32(out[i]) > 0x10FFFF)
      return t.raise(kValueError, "character U+{} is not in range [U+0000; U+10ffff]",
                     intToText(makeInt(u32(out[i])), 16));
  return Ref<>(makeStrFromUnits(reinterpret_cast<const u32*>(out.data()), i64(n)));
}

Result<Ref<>> _locale_getencoding(Thread&) {
  const char* codeset = ::nl_langinfo(CODESET);
  return Ref<>(decodeFs(codeset && *codeset ? codeset : "UTF-8"));
}

Result<Ref<>> _locale_gettext(Thread& t, Str& message) {
  std::string text = TRY(plainText(t, message));
  return Ref<>(decodeFs(::gettext(text.c_str())));
}
Result<Ref<>> _locale_dgettext(Thread& t, Str* domain, Str& message) {
  OptionalText name = TRY(optionalArgument(t, domain));
  std::string text = TRY(plainText(t, message));
  return Ref<>(decodeFs(::dgettext(name.c(), text.c_str())));
}
Result<Ref<>> _locale_dcgettext(Thread& t, Str* domain, Str& message, i32 category) {
  OptionalText name = TRY(optionalArgument(t, domain));
  std::string text = TRY(plainText(t, message));
  return Ref<>(decodeFs(::dcgettext(name.c(), text.c_str(), category)));
}
Result<Ref<>> _locale_textdomain(Thread& t, Str* domain) {
  OptionalText name = TRY(optionalArgument(t, domain));
  const char* r = ::textdomain(name.c());
  if (!r) return raiseErrno(t, errno);
  return Ref<>(decodeFs(r));
}
Result<Ref<>> _locale_bindtextdomain(Thread& t, Str& domain, Value dir) {
  std::string name = TRY(plainText(t, domain));
  if (name.empty()) return t.raise(gLocaleError, "domain must be a non-empty string");
  std::string folder = isNone(dir) ? "" : TRY(encodeFs(t, dir));
  const char* r = ::bindtextdomain(name.c_str(), isNone(dir) ? nullptr : folder.c_str());
  if (!r) return raiseErrno(t, errno);
  return Ref<>(decodeFs(r));
}
Result<Ref<>> _locale_bind_textdomain_codeset(Thread& t, Str& domain, Str* codeset) {
  std::string name = TRY(plainText(t, domain));
  OptionalText set = TRY(optionalArgument(t, codeset));
  const char* r = ::bind_textdomain_codeset(name.c_str(), set.c());
  return r ? Ref<>(decodeFs(r)) : noneRef();
}

Result<void> _locale_exec(Thread& t, Module& m) {
  if (!gLocaleError) {
    gLocaleError = TRY(newExceptionClass(t, "locale", "Error", kException)).release();
    // The program's locale decides about characters, and C means C.UTF-8 (PEP 538); nothing in the
    // runtime looks at it, so that it may wait for the first who asks.
    const char* set = ::setlocale(LC_CTYPE, "");
    if (!set || !strcmp(set, "C") || !strcmp(set, "POSIX")) ::setlocale(LC_CTYPE, "C.UTF-8");
  }
  moduleSet(m, "Error", Value(gLocaleError));
  addConstants(m, kConstants);
  return {};
}

}  // namespace dx
