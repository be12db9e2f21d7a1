// Text given to int(), float() and complex(); text made of numbers.
#pragma once
#include "runtime/int.h"

namespace dx {

// The ASCII form of a number's text: decimal digits of other scripts become 0 to 9, white space
// becomes a blank. False when another character past ASCII occurs.
bool numberText(const Str* s, std::string* out);
// format(v, spec) of an immediate int or float when the spec is one of "", "[0][width][d]" for
// ints,
// "[0][width][.precision]f" for floats; else null.
Ref<Str> quickNumberFormat(Value v, const Str* spec);
// int(v, base) for str, bytes and bytearray; *isText false (and no exception) for other types.
Result<Ref<>> intFromObjectText(Thread& t, Value v, int base, bool* isText);

}  // namespace dx
