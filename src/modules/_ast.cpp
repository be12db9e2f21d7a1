// Module _ast: the classes of syntax trees (builtins/syntax_classes.cpp) and flags of compile().
#include "builtins/syntax_trees.h"
#include "modules/_ast.gen.h"
#include "runtime/compile.h"

namespace dx {

Result<void> _ast_exec(Thread& t, Module& m) {
  const SyntaxClasses* all = TRY(syntaxClasses(t));
  for (int i = 0; i < ast::kClassCount; i++)
    moduleSet(m, ast::classInfo(ast::ClassId(i)).name, Value(all->classes[i].type));
  moduleSet(m, "PyCF_ONLY_AST", makeInt(kPyCfOnlyAst));
  moduleSet(m, "PyCF_TYPE_COMMENTS", makeInt(kPyCfTypeComments));
  moduleSet(m, "PyCF_ALLOW_TOP_LEVEL_AWAIT", makeInt(kPyCfAllowTopLevelAwait));
  moduleSet(m, "PyCF_OPTIMIZED_AST", makeInt(kPyCfOptimizedAst));
  return ok();
}

}  // namespace dx
