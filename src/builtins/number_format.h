// __format__ of int, float and complex: parsing with errors as exceptions, locale, result text.
#pragma once
#include "base/format_spec.h"
#include "runtime/api.h"

namespace dx {

Result<FormatSpec> parseNumberSpec(Thread& t, Str& text, char defaultType, const char* typeName);
// The current C locale's conventions for type n, the plain ones otherwise.
FormatLocale formatLocaleFor(const FormatSpec& spec);
Result<Ref<>> finishFormat(Thread& t, FormatError error, const FormatSpec& spec, Str& specText,
                           const char* typeName, const FormattedText& out);

}  // namespace dx
