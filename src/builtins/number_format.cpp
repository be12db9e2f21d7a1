#include "builtins/number_format.h"

#include <clocale>

namespace dx {

namespace {
Error raiseFormat(Thread& t, FormatError error, const FormatSpec& spec, Str& text,
                  const char* typeName) {
  std::string message = formatErrorText(error, spec, toUtf8(&text), typeName);
  return t.raise(isOverflow(error) ? kOverflowError : kValueError, "{}", message);
}
}  // namespace

Result<FormatSpec> parseNumberSpec(Thread& t, Str& text, char defaultType, const char* typeName) {
  FormatSpec spec;
  size_t n = size_t(text.length);
  FormatError error;
  switch (text.kind()) {
    case 1:
      error = parseFormatSpec(text.units<u8>(), n, defaultType, &spec);
      break;
    case 2:
      error = parseFormatSpec(text.units<u16>(), n, defaultType, &spec);
      break;
    default:
      error = parseFormatSpec(text.units<u32>(), n, defaultType, &spec);
      break;
  }
  if (error != FormatError::kNone) return raiseFormat(t, error, spec, text, typeName);
  return spec;
}

FormatLocale formatLocaleFor(const FormatSpec& spec) {
  FormatLocale locale;
  if (spec.type == 'n') {
    const lconv* c = localeconv();
    locale.decimalPoint = c->decimal_point;
    locale.thousands = c->thousands_sep;
    locale.grouping = c->grouping;
  }
  return locale;
}

Result<Ref<>> finishFormat(Thread& t, FormatError error, const FormatSpec& spec, Str& specText,
                           const char* typeName, const FormattedText& out) {
  if (error != FormatError::kNone) return raiseFormat(t, error, spec, specText, typeName);
  if (out.totalChars() > size_t(INT64_MAX) / 8) return t.raiseMemory();
  if (out.fill < 128 && out.padCount == 0 && out.left == 0 && out.right == 0)
    return makeStr(out.text);
  return makeStr(joinFormatted(out));
}

}  // namespace dx
