// What the files of the module builtins share.
#pragma once
#include "runtime/api.h"

namespace dx {

// Parses text and makes the tree of objects of the module _ast (syntax_trees.cpp).
Result<Ref<>> parseToTree(Thread& t, std::string_view source, bool isUtf8, Str* filename,
                          const CompileOptions& options);

// The awaitable of anext(it, default).
Ref<> makeAnextAwaitable(Value awaitable, Value defaultValue);

Result<Ref<>> sumOf(Thread& t, Value iterable, Value start);
// A Python name as the attribute functions take it: TypeError for other than str.
Result<Str*> attributeName(Thread& t, Value name);
// file.flush() and the like: a method without arguments.
Result<void> callNoArgs(Thread& t, Value o, const char* method);

}  // namespace dx
