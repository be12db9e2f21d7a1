// Constant expressions: what CPython's optimizer would compute at compile time, with its limits.
#pragma once
#include <deque>
#include <unordered_map>

#include "bytecode/constant.h"
#include "frontend/ast.h"

namespace dx::compiler {

class Folder {
 public:
  // `optimize` decides about `__debug__`.
  explicit Folder(int optimize) : optimize_(optimize) {}

  // The value of `e` when it is known, else null. Valid as long as the Folder.
  const bytecode::Constant* constantOf(const ast::Expr* e);

  static bytecode::Constant fromLiteral(const ast::ConstantValue& value);
  static bool isTrue(const bytecode::Constant& value);

 private:
  bool fold(const ast::Expr* e, bytecode::Constant* out);
  const bytecode::Constant* keep(const ast::Expr* e, bytecode::Constant value);

  int optimize_;
  int depth_ = 0;
  std::deque<bytecode::Constant> values_;
  std::unordered_map<const ast::Expr*, const bytecode::Constant*> memo_;  // null: not constant
};

}  // namespace dx::compiler
