// Symbol tables: which scope every name of a tree belongs to.
//
// The rules, flag values, messages and positions are CPython 3.14's (PEP 227, 526, 572, 649,
// 695, 709), so the `_symtable` module can hand the numbers out as they are.
#pragma once
#include <memory>
#include <unordered_map>

#include "compiler/error.h"

namespace dx::compiler {

// How a name occurs in a block; the scope that follows from it stands in the bits from
// kScopeShift on.
enum SymbolFlag : u32 {
  kDefGlobal = 0x1,
  kDefLocal = 0x2,
  kDefParam = 0x4,
  kDefNonlocal = 0x8,
  kUse = 0x10,
  kDefFreeClass = 0x40,
  kDefImport = 0x80,
  kDefAnnot = 0x100,
  kDefCompIter = 0x200,
  kDefTypeParam = 0x400,
  kDefCompCell = 0x800,
  kDefBound = kDefLocal | kDefParam | kDefImport | kDefTypeParam,
  // Ours: some statement unbinds it (del, the end of an except clause).
  kUnbinds = 0x100000,
};
constexpr int kScopeShift = 12;

enum class NameScope : u8 { None, Local, GlobalExplicit, GlobalImplicit, Free, Cell };

enum class BlockType : u8 {
  Function,
  Class,
  Module,
  Annotation,
  TypeAlias,
  TypeParameters,
  TypeVariable,
};

enum class ComprehensionType : u8 { None, List, Dict, Set, Generator };

struct Symbol {
  ast::Identifier name;  // mangled
  u32 flags = 0;
  NameScope scope() const { return NameScope(flags >> kScopeShift & 15); }
};

struct Block {
  BlockType type;
  ast::Identifier name;
  ast::Span span;
  Block* parent = nullptr;

  std::vector<Symbol> symbols;  // in order of first mention
  std::vector<ast::Identifier> params;
  std::vector<Block*> children;
  Block* annotations = nullptr;     // class and module: block of the __annotate__ function
  const char* scopeInfo = nullptr;  // TypeVariable: "a TypeVar bound", ...

  ComprehensionType comprehension = ComprehensionType::None;
  bool nested = false;
  bool generator = false;
  bool coroutine = false;
  bool asyncDef = false;
  bool varArgs = false;
  bool varKeywords = false;
  bool returnsValue = false;
  bool needsClassClosure = false;
  bool needsClassDict = false;
  bool canSeeClassScope = false;
  bool inlined = false;  // comprehension that runs in its parent's frame
  bool method = false;
  bool annotationsUsed = false;
  bool conditionalAnnotations = false;
  bool inConditionalBlock = false;
  bool unevaluatedAnnotation = false;
  bool compIterTarget = false;
  bool hasNamedExpr = false;  // ours: assignment expressions bind something in this block
  int compIterExpr = 0;
  // Type parameters of a generic class: only these names are mangled.
  // Blocks in it share them.
  std::shared_ptr<std::vector<ast::Identifier>> mangledNames;

  struct Directive {
    ast::Identifier name;
    ast::Span span;
  };
  std::vector<Directive> directives;  // global and nonlocal statements

  bool isFunctionLike() const { return type != BlockType::Class && type != BlockType::Module; }
  Symbol* find(ast::Identifier name);
  const Symbol* find(ast::Identifier name) const { return const_cast<Block*>(this)->find(name); }
  NameScope scopeOf(ast::Identifier name) const {
    const Symbol* s = find(name);
    return s == nullptr ? NameScope::None : s->scope();
  }

  std::unordered_map<ast::Identifier, u32> index;
};

// What block a node opens when it opens more than one.
enum class BlockRole : u8 { Main, TypeParameters, Annotations, Default };

struct SymtableOptions {
  bool futureAnnotations = false;
  bool topLevelAwait = false;
  ast::Span lastFuture{};  // of the last `from __future__` statement at the top, line 0: none
};

class Symtable {
 public:
  // `arena` is the tree's.
  Symtable(ast::Arena& arena, SymtableOptions options) : arena_(arena), options_(options) {}

  // False when there is an error().
  bool build(const ast::Mod& mod);

  const CompileError& error() const { return error_; }
  Block* top() const { return top_; }
  // The block that `node` opens. For a TypeVar: Main is the bound, Default the default. For the
  // annotations of a function: the node of its Arguments.
  Block* block(const ast::Node* node, BlockRole role = BlockRole::Main) const;

 private:
  friend class SymtableVisitor;
  friend class SymtableAnalyzer;

  ast::Arena& arena_;
  SymtableOptions options_;
  CompileError error_;
  Block* top_ = nullptr;
  std::vector<std::unique_ptr<Block>> blocks_;
  std::unordered_map<uintptr_t, Block*> byNode_;
};

// PEP 8's private names: `__name` inside of class `owner`. `owner` may be null.
ast::Identifier mangle(ast::Arena& arena, ast::Identifier owner, ast::Identifier name);
// The same in a block; see Block::mangledNames.
ast::Identifier mangleIn(ast::Arena& arena, const Block& block, ast::Identifier owner,
                         ast::Identifier name);

}  // namespace dx::compiler
