// Errors and warnings of a compilation, as data: whoever has a Python thread turns them into
// exceptions.
#pragma once
#include "frontend/ast.h"

namespace dx::compiler {

struct CompileError {
  enum class Kind : u8 { None, Syntax, Recursion, Overflow };

  Kind kind = Kind::None;
  std::string message;
  ast::Span span;  // columns count from 0 in bytes; SyntaxError shows them from 1
  // The exception's arguments do not have the position, only its attributes: errors of the symbol
  // table and of `from __future__`.
  bool messageOnly = false;

  explicit operator bool() const { return kind != Kind::None; }
};

struct CompileWarning {
  std::string message;  // a SyntaxWarning
  ast::Span span;
};

// How deep trees may nest: what CPython manages, and safe for a thread with a small C stack.
constexpr int kMaxTreeDepth = 3000;

}  // namespace dx::compiler
