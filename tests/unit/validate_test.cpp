// Trees that a program built: what validate() lets pass and what it refuses.
#include "frontend/validate.h"

#include <gtest/gtest.h>

#include "frontend/parser.h"

namespace dx::frontend {
namespace {

using namespace ast;
using Kind = TreeError::Kind;

ParseResult parsed(std::string_view source) {
  ParseResult result = parse(source);
  EXPECT_NE(result.module, nullptr) << source;
  return result;
}
Stmt* firstOf(const ParseResult& result) { return as<Module>(result.module)->body[0]; }

TEST(Validate, parsersTree_isFine) {
  ParseResult result = parsed(
      "@d\nclass C[T: int](B, k=1):\n  def f(self, /, a: int = 1, *b, c, **d) -> x: yield\n"
      "for i, *j in k: del a[1:2], b.c\n"
      "match x:\n  case {'k': [1, *_], **r} | C(a=-1+2j) as v if v: pass\n"
      "try: import a.b as c\nexcept* E as e: raise e from None\nfinally: f'{x!r:>{w}}'\n");
  EXPECT_FALSE(bool(validate(*result.module, 3000)));
}

TEST(Validate, emptyBody_isNamed) {
  ParseResult result = parsed("while x: pass\n");
  as<While>(firstOf(result))->body = {};
  TreeError error = validate(*result.module, 3000);
  EXPECT_EQ(error.kind, Kind::Value);
  EXPECT_EQ(error.message, "empty body on While");
}

TEST(Validate, wrongContext_namesBoth) {
  ParseResult result = parsed("x = 1\n");
  as<Name>(as<Assign>(firstOf(result))->targets[0])->ctx = ExprContext::Load;
  EXPECT_EQ(validate(*result.module, 3000).message,
            "expression must have Store context but has Load instead");
}

TEST(Validate, badPosition_isRefused) {
  ParseResult result = parsed("pass\n");
  firstOf(result)->setSpan({5, 0, 3, 0});
  EXPECT_EQ(validate(*result.module, 3000).message, "AST node line range (5, 3) is not valid");
}

TEST(Validate, otherConstant_isATypeError) {
  ParseResult result = parsed("1\n");
  ConstantValue& value = as<Constant>(as<ExprStmt>(firstOf(result))->value)->value;
  value.kind = ConstantValue::Kind::Other;
  value.text = result.arena->string("list");
  TreeError error = validate(*result.module, 3000);
  EXPECT_EQ(error.kind, Kind::Type);
  EXPECT_EQ(error.message, "got an invalid type in Constant: list");
}

TEST(Validate, deepTree_isTooDeep) {
  ParseResult result = parsed("not x\n");
  auto* top = as<UnaryOp>(as<ExprStmt>(firstOf(result))->value);
  EXPECT_FALSE(bool(validate(*result.module, 3)));
  for (int i = 0; i < 3; i++)
    top->operand = result.arena->make<UnaryOp>(top->span(), UnaryOperator::Not, top->operand);
  EXPECT_EQ(validate(*result.module, 3).kind, Kind::Recursion);
}

}  // namespace
}  // namespace dx::frontend
