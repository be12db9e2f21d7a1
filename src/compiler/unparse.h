// Source text of an expression, as CPython writes string annotations.
#pragma once
#include "frontend/ast.h"

namespace dx::compiler {

std::string unparse(const ast::Expr* e);

}  // namespace dx::compiler
