// Syntax trees as Python objects: the classes of the module _ast, and trees in both directions.
#pragma once
#include "frontend/ast.h"
#include "runtime/api.h"

namespace dx {

// Everything is made on first use and lives forever.
struct SyntaxClasses {
  struct Class {
    Type* type = nullptr;
    Value instance;               // of a class without fields (Add, Load): the one that trees share
    std::vector<Str*> fields;     // interned names, as in ast::ClassInfo::fields
    std::vector<Type*> variants;  // of an abstract class, in order
  };
  Class classes[ast::kClassCount];
  std::unordered_map<const Type*, ast::ClassId> byType;

  const Class& of(ast::ClassId id) const { return classes[int(id)]; }
};
Result<const SyntaxClasses*> syntaxClasses(Thread& t);

// Parses text into a tree of objects; `optimized`: PyCF_OPTIMIZED_AST.
Result<Ref<>> parseToTree(Thread& t, std::string_view source, bool isUtf8, Str* filename,
                          const CompileOptions& options, bool optimized);
// The tree of objects that stands for `mod`.
Result<Ref<>> treeFromModule(Thread& t, const ast::Mod& mod);
// What the object `tree` says, checked (frontend/validate.h): raises the errors of compile().
Result<ast::Mod*> moduleFromTree(Thread& t, Value tree, CompileMode mode, ast::Arena& arena);
// TypeError unless the tree is what compile() takes in this mode.
Result<void> checkTreeMode(Thread& t, Value tree, CompileMode mode);
// Is it an instance of ast.AST?
bool isSyntaxNode(Value v);

}  // namespace dx
