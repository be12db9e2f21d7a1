// Checks of trees that a program has built by hand: what the parser guarantees of its own trees
// and the compiler relies on. The rules, their order and texts are those of CPython's compile().
#pragma once
#include "frontend/ast.h"

namespace dx::frontend {

struct TreeError {
  enum class Kind : u8 { None, Type, Value, System, Recursion };

  Kind kind = Kind::None;
  std::string message;

  explicit operator bool() const { return kind != Kind::None; }
};

// The first mistake, if any. Pure; trees nested more than `maxDepth` are too deep.
TreeError validate(const ast::Mod& mod, int maxDepth);

}  // namespace dx::frontend
