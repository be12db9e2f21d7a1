// What the files of the module builtins share, and its door to trees of the module _ast.
#pragma once
#include "runtime/api.h"

namespace dx {

// Set by the module _ast when it is imported; compile() imports it when a tree is asked for or
// given.
struct AstHooks {
  // Parses text and makes the Python tree.
  Result<Ref<>> (*parse)(Thread&, std::string_view source, bool isUtf8, Str* filename,
                         const CompileOptions&, u32 flags);
  bool (*isTree)(Value);
  // Compiles a tree, or (kPyCfOnlyAst) checks and returns it.
  Result<Ref<>> (*compile)(Thread&, Value tree, Str* filename, const CompileOptions&, u32 flags);
};
extern AstHooks astHooks;

// The awaitable of anext(it, default).
Ref<> makeAnextAwaitable(Value awaitable, Value defaultValue);

Result<Ref<>> sumOf(Thread& t, Value iterable, Value start);
// A Python name as the attribute functions take it: TypeError for other than str.
Result<Str*> attributeName(Thread& t, Value name);
// file.flush() and the like: a method without arguments.
Result<void> callNoArgs(Thread& t, Value o, const char* method);

}  // namespace dx
