// Shared algorithms of str that several files need: repr, escaping, case mapping.
#pragma once
#include "runtime/str.h"

namespace dx {

// repr() of a str: quotes, escapes of what is not printable.
Ref<Str> strRepr(const Str* s);
// Non-ASCII characters as \xNN, \uNNNN, \UNNNNNNNN; the rest stays: what ascii() does to a repr.
Ref<Str> strEscapeNonAscii(const Str* s);

}  // namespace dx
