// From a syntax tree to a bytecode image.
//
//   CompileOptions options;
//   options.filename = "a.py";
//   CompileResult result = compile(*tree, options, arena);
//   if (result.error) ...; else use(result.image);
//
// Knows nothing of Python objects and runs nothing: errors and warnings are data.
#pragma once
#include "bytecode/image.h"
#include "compiler/error.h"

namespace dx::compiler {

struct CompileOptions {
  std::string filename = "<string>";  // UTF-8, surrogate escapes as WTF-8
  int optimize = 0;                   // 0, 1: no asserts, 2: no doc strings either
  // bytecode::CodeFlag values of `from __future__` features that are on from outside. What the
  // tree is (Module, Interactive, Expression) decides between exec, single and eval.
  u32 futureFlags = 0;
  bool topLevelAwait = false;
  bool columns = true;  // whether positions have more than lines
};

struct CompileResult {
  std::vector<u8> image;  // empty when there is an error
  CompileError error;
  std::vector<CompileWarning> warnings;  // SyntaxWarning, in order
};

// `arena` is the tree's: mangled names are added to it.
CompileResult compile(const ast::Mod& mod, const CompileOptions& options, ast::Arena& arena);

// The co_flags bit of a `from __future__` feature; 0 for one that means nothing any more;
// -1 for an unknown name.
i64 futureFeature(std::string_view name);

}  // namespace dx::compiler
