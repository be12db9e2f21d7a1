// Text of a tree, exactly as CPython's ast.dump(tree, include_attributes=True) writes it.
#pragma once
#include "frontend/ast.h"

namespace dx::frontend {

std::string dump(const ast::Node* node, bool includeAttributes = true);

// Python's repr of the value of a literal.
std::string reprConstant(const ast::ConstantValue& value);
std::string reprString(std::string_view wtf8);
std::string reprBytes(std::string_view bytes);
std::string reprFloat(double value);

}  // namespace dx::frontend
