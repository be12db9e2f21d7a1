// The code generator's state and methods; private to compiler/. The methods are defined in one
// file per family: unit.cpp, names.cpp, statements.cpp, try.cpp, functions.cpp, classes.cpp,
// annotations.cpp, expressions.cpp, calls.cpp, comprehensions.cpp, patterns.cpp, warnings.cpp.
//
// Registers. An expression is compiled "into" a register (exprTo) or to wherever its value
// already is (operand). A *use* is what an instruction's Reg operand wants: the register of a
// local, borrowed, or a temporary with the kill bit. Temporaries are a stack: `top` counts the
// ones in use; whoever allocates resets it. A temporary above `top` is empty.
// A local is only ever written by the last instruction of an expression.
#pragma once
#include <algorithm>
#include <functional>
#include <set>

#include "bytecode/builder.h"
#include "compiler/compiler.h"
#include "compiler/fold.h"
#include "compiler/symtable.h"

namespace dx::compiler {

using namespace ast;
using bytecode::CodeBuilder;
using bytecode::kFrameHeader;
using bytecode::kKill;
using bytecode::kNoReg;
using bytecode::Label;
using Const = bytecode::Constant;

enum class UnitKind : u8 {
  Module,
  Class,
  Function,
  AsyncFunction,
  Lambda,
  Comprehension,
  TypeParams,
  Annotation,
};

// How many loops, try and with statements may be open at once.
constexpr size_t kMaxBlocks = 21;

// What is open around the current statement.
struct FrameBlock {
  enum class Kind : u8 {
    Loop,            // while, for, async for; `reg` holds the iterator, or kNoReg
    TryExcept,       // body of a try with except clauses
    TryFinally,      // body of a try with finally: the clause runs on the way out
    Handler,         // in an except clause: `reg` the exception, `reg`+1 the one before it
    FinallyHandler,  // in a finally clause that runs for an exception; registers as Handler
    With,
    AsyncWith,   // `reg`, `reg`+1 hold __exit__
    HeldValue,   // a finally clause runs while `reg` holds what is to be returned
    ExceptStar,  // in an except* clause: may not be left by a jump
  };
  Kind kind;
  Label breakTo{}, continueTo{};
  size_t handlers = 0;  // number of active handlers outside
  u32 reg = kNoReg;
  const Seq<Stmt*>* finalBody = nullptr;
  Identifier name = nullptr;  // Handler: unbound at its end
  Span span{};
};

// A comprehension that runs inside the frame of the function around it.
struct InlinedComp {
  Block* block;
  std::vector<std::pair<Identifier, u32>> regs;  // what it binds
};

struct Unit {
  Unit* parent = nullptr;
  UnitKind kind = UnitKind::Module;
  Block* block = nullptr;
  Identifier name = nullptr;
  Identifier owner = nullptr;  // class whose private names are mangled
  std::string qualname;
  u32 codeIndex = 0;
  CodeBuilder b{{}};
  u32 top = 0;
  std::unordered_map<Identifier, u32> regs;
  std::vector<Identifier> freeNames;
  std::unordered_map<Identifier, std::vector<u32>> hidden;  // registers for comprehensions
  std::vector<FrameBlock> blocks;
  std::vector<InlinedComp> inlined;
  std::set<std::string> staticAttributes;
  std::unordered_map<const AnnAssign*, int> annotationIndex;
  Label generatorEnd;
  bool interactive = false;
  bool generic = false;  // a class with type parameters
};

class Codegen {
 public:
  Codegen(const Mod& mod, const CompileOptions& options, Arena& arena);
  CompileResult run();

 private:
  struct Var {
    enum class Kind : u8 { Fast, Cell, Global, Name, ClassFree, DictGlobal, DictCell };
    Kind kind;
    u32 reg = 0;
    bool isFree = false;
  };
  struct FunctionParts;

  // --- unit.cpp ---
  bool failed() const { return bool(result_.error); }
  void fail(std::string message, Span span);
  void warn(std::string message, Span span) {
    if (quiet_ == 0) result_.warnings.push_back({std::move(message), span});
  }
  void module();
  struct UnitArgs {
    const Arguments* args = nullptr;
    u32 argCount = 0, posOnlyCount = 0, kwOnlyCount = 0;
    std::string qualname;  // empty: what follows from the units around
  };
  void enterUnit(UnitKind kind, Identifier name, Block* block, i32 line, UnitArgs args);
  void addLocals(const Block& block);
  void addHidden(const Block& block, std::unordered_map<Identifier, u32>& depth,
                 std::vector<std::pair<Identifier, u32>>* later);
  std::string qualnameOf(UnitKind kind, Identifier name) const;
  u32 leaveUnit();
  u32 unitFlags(const Block& block) const;
  Block* blockOf(const Node* node, BlockRole role = BlockRole::Main);

  u32 newTemp() {
    u32 reg = u_->b.localCount() + u_->top++;
    u_->b.needRegisters(reg + 1);
    return reg;
  }
  u32 tempAt(u32 index) const { return u_->b.localCount() + index; }
  bool isTemp(u32 reg) const { return (reg & ~u32(kKill)) >= u_->b.localCount(); }
  // A use without the right to consume.
  static u32 keep(u32 use) { return use & ~u32(kKill); }
  void at(const Node* node) { at(node->span()); }
  static Span spanOf(const bytecode::Position& p) { return {p.line, p.col, p.endLine, p.endCol}; }
  void at(Span s) { u_->b.setPosition({s.line, s.endLine, s.col, s.endCol}); }
  Identifier id(std::string_view text) { return arena_.intern(text); }

  struct Deeper {
    explicit Deeper(Codegen& c) : c_(c) { c_.depth_++; }
    ~Deeper() { c_.depth_--; }
    Codegen& c_;
  };
  bool tooDeep(const Node* node);

  // --- names.cpp ---
  Identifier mangled(Identifier name) { return mangleIn(arena_, *u_->block, u_->owner, name); }
  Var resolve(Identifier mangledName);
  int fastRegister(Identifier name);  // -1: not a plain local
  int fastTarget(const Expr* e) {
    return e->kind == Kind::Name ? fastRegister(as<Name>(e)->id) : -1;
  }
  void loadName(Identifier name, u32 dst);
  void storeName(Identifier name, u32 use);
  void deleteName(Identifier name);
  u32 boundLocal(u32 reg);  // after making sure that it is bound
  u32 cellRegister(Identifier mangledName);
  void loadConst(const Const& value, u32 dst);
  void loadStr(std::string_view text, u32 dst) { loadConst(Const::str(text), dst); }
  u32 nameIndex(Identifier name) { return u_->b.name(name->view()); }
  u32 mangledIndex(Identifier name) { return nameIndex(mangled(name)); }

  // --- statements.cpp ---
  void body(const Seq<Stmt*>& stmts) {
    for (const Stmt* s : stmts) stmt(s);
  }
  void stmt(const Stmt* s);
  void exprStmt(const ExprStmt* s);
  void returnStmt(const Return* s);
  void assign(const Assign* s);
  void augAssign(const AugAssign* s);
  void augOp(Operator op, u32 dst, u32 left, const Expr* value, const Node* pos);
  void store(const Expr* target, u32 use);
  void unpack(const Expr* target, const Seq<Expr*>& elts, u32 use);
  void deleteTarget(const Expr* target);
  void ifStmt(const If* s);
  void whileStmt(const While* s);
  template <class F>
  void forStmt(const F* s);
  void asyncForStmt(const AsyncFor* s);
  void jumpOut(const Stmt* s, bool isBreak);
  void assertStmt(const Assert* s);
  void raiseStmt(const Raise* s);
  void import(const Import* s);
  void importFrom(const ImportFrom* s);
  bool hasDoc(const Seq<Stmt*>& stmts) const;
  std::string docOf(const Seq<Stmt*>& stmts) const;

  // --- try.cpp ---
  void pushBlock(FrameBlock block) {
    if (u_->blocks.size() >= kMaxBlocks) {
      fail("too many statically nested blocks",
           block.span.line != 0 ? block.span : spanOf(u_->b.position()));
    }
    block.handlers = u_->b.handlers().size();
    u_->blocks.push_back(block);
  }
  // Runs what leaving the blocks from index `downTo` up takes, e.g. finally clauses, then `leave`.
  // `held` is a temporary with the value that is returned, or kNoReg.
  void unwind(size_t downTo, u32 held, const std::function<void()>& leave);
  void unwindOne(const FrameBlock& block, u32 held);
  bool unwindRunsCode(size_t downTo) const;
  bool isLoop(const FrameBlock& block) const { return block.kind == FrameBlock::Kind::Loop; }
  template <class T>
  void tryStmt(const T* s, bool star);
  void tryExcept(const Seq<Stmt*>& stmts, const Seq<Handler*>& handlers, const Seq<Stmt*>& orelse);
  void tryExceptStar(const Seq<Stmt*>& stmts, const Seq<Handler*>& handlers,
                     const Seq<Stmt*>& orelse);
  void unbindName(Identifier name);
  void restoreAndReraise(Label cleanup, u32 saved);
  template <class W>
  void with(const W* s, u32 index, bool isAsync);
  void callExitWithNone(u32 exit, bool isAsync);
  u32 awaitInPlace(u32 value, u32 what);  // value: temp; returns the temp with the result
  u32 delegate(u32 receiver);             // yield from / await loop

  // --- functions.cpp ---
  template <class F>
  void functionDef(const F* f, bool isAsync);
  template <class F>
  u32 functionBody(const F* f, bool isAsync, i32 line);
  struct Defaults {
    u32 positional = kNoReg, keyword = kNoReg;  // temporaries
  };
  Defaults defaults(const Arguments* args);
  u32 tupleOf(const Seq<Expr*>& items);
  void makeFunction(u32 dst, u32 codeIndex, const Block& block, Defaults d, u32 annotate);
  void lambda(const Lambda* l, u32 dst);
  std::vector<u32> decorators(const Seq<Expr*>& list);
  void applyDecorators(const Seq<Expr*>& list, const std::vector<u32>& regs, u32 value);
  u32 typeParams(const Seq<TypeParam*>& params);
  void typeParamEvaluator(u32 dst, const Expr* e, const TypeParam* p, BlockRole role,
                          Identifier name, bool allowStarred);
  void typeAlias(const ast::TypeAlias* a);
  void typeAliasBody(const ast::TypeAlias* a, Identifier name, u32 params, u32 dst);
  void classDef(const ClassDef* c);
  u32 classBody(const ClassDef* c, i32 line);
  void classCall(const ClassDef* c, i32 line, bool generic, u32 dst);
  i32 firstLineOf(const Stmt* s, const Seq<Expr*>& decoratorList) const {
    return decoratorList.empty() ? s->line : decoratorList.front()->line;
  }

  // --- annotations.cpp ---
  void enterAnnotationUnit(Identifier name, Block* block, Span span, std::string qualname = "");
  // Makes the __annotate__ function in a new temporary; kNoReg: nothing is annotated.
  u32 functionAnnotations(const Arguments* args, const Expr* returns, Span span,
                          Identifier function);
  void collectAnnotations(const Seq<Stmt*>& stmts, bool conditional,
                          std::vector<const AnnAssign*>* out);
  bool deferredAnnotations(const Seq<Stmt*>& stmts, Span span, u32 dst);
  void numberAnnotations(const Seq<Stmt*>& stmts);
  void annotationValue(const Expr* e, u32 dst);
  void annAssign(const AnnAssign* s);

  // --- expressions.cpp ---
  void exprTo(const Expr* e, u32 dst);
  void exprToNow(const Expr* e, u32 dst);
  u32 operand(const Expr* e);
  // The same when `later` is evaluated before the operand is read.
  u32 operandBefore(const Expr* e, std::initializer_list<const Expr*> later);
  // May use `dst` for the value when that is a temporary.
  u32 operandIn(const Expr* e, u32 dst, std::initializer_list<const Expr*> later = {});
  u32 toTemp(const Expr* e) {
    u32 t = newTemp();
    exprTo(e, t);
    return t;
  }
  bool bindsNames(const Expr* e) const;
  // A register to build a value in step by step, and its way into `dst`.
  u32 workFor(u32 dst) { return isTemp(dst) ? dst : newTemp(); }
  void finishWork(u32 work, u32 dst) {
    if (work != dst) u_->b.Move(dst, work | kKill);
  }
  bool valueOrJump(const Expr* e, u32 work, Label target, bool sense);
  void boolOp(const BoolOp* e, u32 dst);
  void binOp(const BinOp* e, u32 dst);
  void emitBinary(Operator op, u32 dst, u32 left, u32 right, bool inPlace);
  u32 chainLeft(u32 middle, u32 firstTop);
  void compare(const Compare* e, u32 dst);
  void emitCompare(CmpOperator op, u32 dst, u32 left, u32 right);
  bool emitCompareJumpInt(CmpOperator op, u32 l, i64 number, Label target, bool sense);
  void emitCompareJump(CmpOperator op, u32 left, u32 right, Label target, bool sense);
  u32 comparator(const Compare* e, u32 i);
  void jumpIf(const Expr* e, Label target, bool sense);
  void subscript(const Subscript* e, u32 dst);
  bool isPlainSlice(const Expr* e);
  void sliceParts(const Slice* s);
  void slice(const Slice* s, u32 dst);
  void display(const Seq<Expr*>& elts, u32 dst, Kind kind);
  void starDisplay(const Seq<Expr*>& elts, u32 work, bool isSet, u32 first, u32 prefix);
  void dict(const Dict* e, u32 dst);
  void joinedStr(const Seq<Expr*>& values, u32 dst);
  void formattedValue(const FormattedValue* e, u32 dst);
  void templateStr(const TemplateStr* e, u32 dst);
  void interpolation(const Interpolation* e, u32 dst);
  void yield(const Yield* e, u32 dst);
  void yieldFrom(const YieldFrom* e, u32 dst);
  void await(const Await* e, u32 dst);

  // --- calls.cpp ---
  void call(const Call* e, u32 dst);
  void attribute(const Attribute* e, u32 dst);
  void finishCall(u32 dst, u32 window, u32 prefix, const Seq<Expr*>& args, u32 extra,
                  const Seq<Keyword*>& keywords, bool method, Span span);
  u32 newWindow() {
    u32 window = u_->b.localCount() + u_->top;
    u_->top += kFrameHeader - 1;
    return window;
  }
  bool hasStars(const Seq<Expr*>& args, const Seq<Keyword*>& keywords) const;
  void checkKeywords(const Seq<Keyword*>& keywords);
  void argumentTuple(u32 dst, u32 first, u32 prefix, const Seq<Expr*>& args, u32 extra);
  void keywordDict(u32 dst, u32 callable, const Seq<Keyword*>& keywords);
  bool isSuperCall(const Expr* value);
  void superOperands(const Call* super, u32 run);
  static Span attributeSpan(const Attribute* e, Span whole);

  // --- comprehensions.cpp ---
  struct CompParts {
    const Expr* e;
    const Seq<Comprehension*>* generators;
    const Expr* elt;
    const Expr* value;
    ComprehensionType type;
    const char* name;
  };
  void comprehension(CompParts parts, u32 dst);
  void comprehensionLoops(const CompParts& parts, u32 index, u32 result, u32 iterator);
  void comprehensionBody(const CompParts& parts, u32 result);
  void inlineComprehension(const CompParts& parts, Block* block, u32 dst);

  // --- patterns.cpp ---
  struct PatternState;
  void matchStmt(const Match* s);
  void pattern(const Pattern* p, u32 subject, PatternState& state);
  void patternSequence(const MatchSequence* p, u32 subject, PatternState& state);
  void patternMapping(const MatchMapping* p, u32 subject, PatternState& state);
  void patternClass(const MatchClass* p, u32 subject, PatternState& state);
  void patternOr(const MatchOr* p, u32 subject, PatternState& state);
  void capture(Identifier name, u32 reg, PatternState& state, const Node* at);
  bool isPatternValue(const Expr* e);
  Label failLabel(PatternState& state);
  void finishPattern(PatternState& state);

  // --- warnings.cpp ---
  void checkFinally(const Seq<Stmt*>& stmts, bool inFinally, bool inLoop);
  void checkCompare(const Compare* e);
  void checkCaller(const Expr* func, Span span);
  void checkSubscripter(const Expr* value, Span span);
  void checkIndex(const Expr* value, const Expr* index, Span span);

  const Mod& mod_;
  const CompileOptions& options_;
  Arena& arena_;
  Folder folder_;
  std::unique_ptr<Symtable> symtable_;
  bytecode::ImageBuilder image_;
  CompileResult result_;
  Unit* u_ = nullptr;
  u32 futureFlags_ = 0;
  int depth_ = 0;
  int quiet_ = 0;  // in a further copy of a finally clause
};

}  // namespace dx::compiler
