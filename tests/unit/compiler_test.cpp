#include "compiler/compiler.h"

#include <gtest/gtest.h>

#include "bytecode/flow_check.h"
#include "bytecode/printer.h"
#include "bytecode/verifier.h"
#include "compiler/symtable.h"
#include "compiler/unparse.h"
#include "frontend/parser.h"

namespace dx::compiler {

CompileResult compileText(std::string_view source, CompileOptions options = {},
                          frontend::ParseMode mode = frontend::ParseMode::Exec) {
  frontend::ParseOptions parseOptions;
  parseOptions.mode = mode;
  auto parsed = frontend::parse(source, parseOptions);
  if (parsed.module == nullptr) {
    ADD_FAILURE() << parsed.error.message;
    return {};
  }
  CompileResult result = compile(*parsed.module, options, *parsed.arena);
  if (!result.error) {
    EXPECT_EQ(bytecode::verifyImage(result.image), "") << source;
    EXPECT_EQ(bytecode::checkRegisterFlow(result.image.data()), "") << source;
  }
  return result;
}

std::string errorOf(std::string_view source) {
  CompileResult r = compileText(source);
  const ast::Span& s = r.error.span;
  return std::to_string(s.line) + ":" + std::to_string(s.col) + " " + r.error.message;
}

TEST(Compiler, error_ofEachKind_hasMessageAndPosition) {
  EXPECT_EQ(errorOf("return 1\n"), "1:0 'return' outside function");
  EXPECT_EQ(errorOf("break\n"), "1:0 'break' outside loop");
  EXPECT_EQ(errorOf("def f():\n  x = 1\n  global x\n"),
            "3:2 name 'x' is assigned to before global declaration");
  EXPECT_EQ(errorOf("def f():\n  nonlocal x\n"), "2:2 no binding for nonlocal 'x' found");
  EXPECT_EQ(errorOf("def f(a, a): pass\n"), "1:9 duplicate argument 'a' in function definition");
  EXPECT_EQ(errorOf("x = yield\n"), "1:4 'yield' outside function");
  EXPECT_EQ(errorOf("f(a=1, a=2)\n"), "1:7 keyword argument repeated: a");
  EXPECT_EQ(errorOf("__debug__ = 1\n"), "1:0 cannot assign to __debug__");
  EXPECT_EQ(errorOf("class A:\n  [(y := x) for x in z]\n"),
            "2:4 assignment expression within a comprehension cannot be used in a class body");
  EXPECT_EQ(errorOf("a, *b, *c = d\n"), "1:0 multiple starred expressions in assignment");
  EXPECT_EQ(errorOf("async def f():\n  yield 1\n  return 2\n"),
            "3:2 'return' with value in async generator");
}

TEST(Compiler, warnings_ofSuspiciousCode_areReportedOnce) {
  auto r = compileText("def f():\n  try: pass\n  finally:\n    x is 1\n    return\n");
  ASSERT_EQ(r.warnings.size(), 2u);
  EXPECT_EQ(r.warnings[0].message, "'return' in a 'finally' block");
  EXPECT_EQ(r.warnings[1].message, "\"is\" with 'int' literal. Did you mean \"==\"?");
  r = compileText("assert (x, 'm')\n");
  ASSERT_EQ(r.warnings.size(), 1u);
  EXPECT_EQ(r.warnings[0].message, "assertion is always true, perhaps remove parentheses?");
}

TEST(Compiler, finally_thatJumpsWhileAValueIsReturned_leavesNoRegisterBehind) {
  // compileText checks the flow of registers.
  compileText(
      "def f(y):\n for x in y:\n  try: return x\n  finally:\n   for z in y:\n    break\n"
      "   else: continue\n   return 3\n return g(y)\n");
}

TEST(Compiler, tree_nestedTooDeep_isARecursionErrorAndNoCrash) {
  std::string source = "x = ";
  for (int i = 0; i < 60000; i++) source += "a+";
  auto r = compileText(source + "a\n");
  EXPECT_EQ(r.error.kind, CompileError::Kind::Recursion);
}

TEST(Compiler, display_ofManyItems_keepsTheFrameSmall) {
  std::string source = "def f(a):\n  return [";
  for (int i = 0; i < 5000; i++) source += "a,";
  auto r = compileText(source + "]\n");
  ASSERT_FALSE(r.error);
  EXPECT_LT(bytecode::ImageView(r.image.data()).code(1).registerCount, 200u);
}

std::string constantsOf(std::string_view source, CompileOptions options = {}) {
  auto r = compileText(source, options, frontend::ParseMode::Eval);
  const bytecode::CodeRecord& c = bytecode::ImageView(r.image.data()).code(0);
  return c.plainCount == 0 ? "" : bytecode::printConstant(r.image.data(), c, c.nameCount);
}

TEST(Compiler, constantExpression_isFoldedWithinLimits) {
  EXPECT_EQ(constantsOf("2 ** 40 - 1"), "1099511627775");
  EXPECT_EQ(constantsOf("-(1 << 64)"), "-18446744073709551616");
  EXPECT_EQ(constantsOf("('a' + 'b') * 2"), "'abab'");
  EXPECT_EQ(constantsOf("(1, 2)[1:]"), "(1, 2)");
  EXPECT_EQ(constantsOf("1 + 2j"), "complex(1.0, 2.0)");
  EXPECT_EQ(constantsOf("-7 // 2 * 10000000000"), "-40000000000");
  EXPECT_EQ(constantsOf("2 ** 1000"), "");
  EXPECT_EQ(constantsOf("1 // 0"), "");
}

TEST(Unparse, expression_isWrittenAsCPythonDoes) {
  auto text = [](std::string_view source) {
    frontend::ParseOptions options;
    options.mode = frontend::ParseMode::Eval;
    auto parsed = frontend::parse(source, options);
    return unparse(ast::as<ast::Expression>(parsed.module)->body);
  };
  EXPECT_EQ(text("lambda x,/,y=2,*z,k,**kw:(x,y)"), "lambda x, /, y=2, *z, k, **kw: (x, y)");
  EXPECT_EQ(text("(a+b)*c if not d else e[1:2,::3]"), "(a + b) * c if not d else e[1:2, ::3]");
  EXPECT_EQ(text("(1).real"), "1 .real");
  EXPECT_EQ(text("(a**b)**c"), "(a ** b) ** c");
  EXPECT_EQ(text("1e400"), "1e309");
  EXPECT_EQ(text("f'a{b!r:>{w}}{{c'"), "f'a{b!r:>{w}}{{c'");
  EXPECT_EQ(text("{x:y for x,y in z if a}"), "{x: y for x, y in z if a}");
}

struct Table {
  explicit Table(std::string_view source)
      : parsed(frontend::parse(source)), table(*parsed.arena, {}) {
    EXPECT_TRUE(table.build(*parsed.module));
  }
  NameScope scope(const Block* b, const char* name) {
    return b->scopeOf(parsed.arena->intern(name));
  }
  frontend::ParseResult parsed;
  Symtable table;
};

TEST(Symtable, name_inEachScope_isResolved) {
  Table t(
      "g = 1\ndef f(a):\n  b = 2\n  def h():\n    nonlocal b\n    global c\n    return a + b + c + "
      "d\n");
  const Block* f = t.table.top()->children.back();
  const Block* h = f->children.back();
  EXPECT_EQ(t.scope(f, "a"), NameScope::Cell);
  EXPECT_EQ(t.scope(f, "b"), NameScope::Cell);
  EXPECT_EQ(t.scope(h, "b"), NameScope::Free);
  EXPECT_EQ(t.scope(h, "c"), NameScope::GlobalExplicit);
  EXPECT_EQ(t.scope(h, "d"), NameScope::GlobalImplicit);
}

TEST(Symtable, privateName_inClass_isMangled) {
  Table t("class _A:\n  def f(self): return __x, __y__\n");
  const Block* f = t.table.top()->children.back()->children.back();
  EXPECT_EQ(t.scope(f, "_A__x"), NameScope::GlobalImplicit);
  EXPECT_EQ(t.scope(f, "__y__"), NameScope::GlobalImplicit);
  EXPECT_EQ(t.scope(f, "__x"), NameScope::None);
}

TEST(Symtable, comprehension_isInlinedUnlessItIsAGenerator) {
  Table t("def f(y):\n  return [y for x in y], (y for x in y)\n");
  const Block* f = t.table.top()->children.back();
  EXPECT_TRUE(f->children[f->children.size() - 2]->inlined);
  EXPECT_FALSE(f->children.back()->inlined);
  EXPECT_EQ(t.scope(f, "y"), NameScope::Cell);
}

}  // namespace dx::compiler
