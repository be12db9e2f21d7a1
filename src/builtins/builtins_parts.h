// What the files of the module builtins share.
#pragma once
#include "runtime/api.h"

namespace dx {

// The awaitable of anext(it, default).
Ref<> makeAnextAwaitable(Value awaitable, Value defaultValue);

Result<Ref<>> sumOf(Thread& t, Value iterable, Value start);
// A Python name as the attribute functions take it: TypeError for other than str.
Result<Str*> attributeName(Thread& t, Value name);
// file.flush() and the like: a method without arguments.
Result<void> callNoArgs(Thread& t, Value o, const char* method);

}  // namespace dx
