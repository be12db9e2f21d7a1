// What compile(..., PyCF_ONLY_AST) and PyCF_OPTIMIZED_AST do to a tree before programs see it.
#pragma once
#include "compiler/error.h"
#include "frontend/ast.h"

namespace dx::compiler {

// `from __future__` at the top of a module: its flags, and an error for features that are unknown.
struct Futures {
  u32 flags = 0;     // bytecode::CodeFlag
  ast::Span last{};  // of the last such statement; line 0: none
  CompileError error;
};
Futures readFutures(const ast::Mod& mod);

// CPython 3.14's changes to a tree before code is made: `__debug__` becomes a constant, so do the
// numbers of patterns, "%s" % (a,) an f-string; doc strings go at level 2. In place.
void optimizeTree(ast::Mod& mod, ast::Arena& arena, int optimize, bool futureAnnotations);

}  // namespace dx::compiler
