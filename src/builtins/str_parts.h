// What the files of str share.
#pragma once
#include "builtins/sequence_iterators.h"
#include "runtime/str_units.h"

namespace dx {

// A str of class `cls` with the text of `value`; `value` itself if cls is str.
Ref<> strOfClass(Type& cls, Ref<Str> value);
// The result of a method that changed nothing: the same object, or an exact copy of a subclass's.
inline Ref<> sameStr(Str& s) { return exactStr(&s); }
// The name of a codec or error handler as C text; ValueError on an embedded null.
Result<const char*> codecName(Thread& t, Str& name);
// s padded to left + length + right characters; empty with MemoryError or OverflowError when
// absurd.
Result<Ref<>> padStr(Thread& t, Str& s, i64 left, i64 right, u32 fill);
// str.format and str.format_map: mapping is the kwargs dict or any mapping; args null for
// format_map.
Result<Ref<>> formatMarkup(Thread& t, Str* format, const Values* args, Value mapping);

}  // namespace dx
