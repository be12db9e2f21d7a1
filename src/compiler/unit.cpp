// Code units: registers of locals, prologues, and the way in.
#include <algorithm>

#include "compiler/codegen.h"
#include "compiler/preprocess.h"

namespace dx::compiler {

using namespace bytecode;

Codegen::Codegen(const Mod& mod, const CompileOptions& options, Arena& arena)
    : mod_(mod),
      options_(options),
      arena_(arena),
      folder_(options.optimize),
      futureFlags_(options.futureFlags) {}

void Codegen::fail(std::string message, Span span) {
  if (!failed()) result_.error = {CompileError::Kind::Syntax, std::move(message), span};
}

bool Codegen::tooDeep(const Node* node) {
  if (depth_ <= kMaxTreeDepth) return failed();
  if (!failed()) {
    result_.error = {CompileError::Kind::Recursion,
                     "maximum recursion depth exceeded during compilation", node->span()};
  }
  return true;
}

i64 futureFeature(std::string_view name) {
  for (const char* old :
       {"nested_scopes", "generators", "division", "absolute_import", "with_statement",
        "print_function", "unicode_literals", "generator_stop"}) {
    if (name == old) return 0;
  }
  if (name == "annotations") return kCodeFutureAnnotations;
  if (name == "barry_as_FLUFL") return kCodeFutureBarryAsBdfl;
  return -1;
}

// The `from __future__` statements at the top.
CompileResult Codegen::run() {
  Futures futures = readFutures(mod_);
  if (futures.error) {
    result_.error = std::move(futures.error);
    return std::move(result_);
  }
  futureFlags_ |= futures.flags;
  SymtableOptions options;
  options.futureAnnotations = futureFlags_ & kCodeFutureAnnotations;
  options.topLevelAwait = options_.topLevelAwait;
  options.lastFuture = futures.last;
  symtable_ = std::make_unique<Symtable>(arena_, options);
  if (!symtable_->build(mod_)) {
    result_.error = symtable_->error();
    result_.error.messageOnly = true;
    return std::move(result_);
  }
  if (auto* m = dynAs<Module>(&mod_)) checkFinally(m->body, false, false);
  if (auto* m = dynAs<Interactive>(&mod_)) checkFinally(m->body, false, false);
  module();
  if (!failed()) result_.image = image_.finish(options_.columns);
  return std::move(result_);
}

CompileResult compile(const Mod& mod, const CompileOptions& options, Arena& arena) {
  return Codegen(mod, options, arena).run();
}

Block* Codegen::blockOf(const Node* node, BlockRole role) {
  Block* b = symtable_->block(node, role);
  DX_CHECK(b != nullptr);
  return b;
}

void Codegen::module() {
  enterUnit(UnitKind::Module, id("<module>"), symtable_->top(), 1, {});
  CodeBuilder& b = u_->b;
  if (auto* expression = dynAs<Expression>(&mod_)) {
    u32 use = operand(expression->body);
    b.Return(use);
    leaveUnit();
    return;
  }
  Seq<Stmt*> stmts;
  if (auto* m = dynAs<Module>(&mod_)) stmts = m->body;
  if (auto* m = dynAs<Interactive>(&mod_)) {
    stmts = m->body;
    u_->interactive = true;
  }
  bool future = futureFlags_ & kCodeFutureAnnotations;
  Span start =
      stmts.empty() ? Span{1, 0, 1, 0} : Span{stmts.front()->line, 0, stmts.front()->line, 0};
  if (u_->block->annotationsUsed) {
    at(start);
    if (future) {
      b.SetupAnnotations();
    } else {
      numberAnnotations(stmts);
      u32 t = newTemp();
      if (deferredAnnotations(stmts, start, t)) {
        at(start);
        b.StoreName(t | kKill, nameIndex(id("__annotate__")));
      }
      if (u_->block->conditionalAnnotations) {
        b.BuildSet(t, t, 0);
        b.StoreName(t | kKill, nameIndex(id("__conditional_annotations__")));
      }
      u_->top--;
    }
  }
  u32 from = 0;
  if (!u_->interactive && options_.optimize < 2 && hasDoc(stmts)) {
    at(stmts.front());
    u32 t = newTemp();
    loadStr(docOf(stmts), t);
    b.StoreName(t | kKill, nameIndex(id("__doc__")));
    u_->top--;
    from = 1;
  }
  for (u32 i = from; i < stmts.count; i++) stmt(stmts[i]);
  b.setNoPosition();
  b.ReturnNone();
  leaveUnit();
}

// --- units ---------------------------------------------------------------------------------

std::string Codegen::qualnameOf(UnitKind kind, Identifier name) const {
  std::string own(name->view());
  const Unit* parent = u_;
  if (parent != nullptr && parent->kind == UnitKind::TypeParams) parent = parent->parent;
  std::string base;
  if (parent != nullptr && parent->parent != nullptr) {
    bool isDef =
        kind == UnitKind::Function || kind == UnitKind::AsyncFunction || kind == UnitKind::Class;
    if (isDef) {
      Identifier inParent = mangleIn(arena_, *parent->block, parent->owner, name);
      if (parent->block->scopeOf(inParent) == NameScope::GlobalExplicit) return own;
    }
    base = parent->qualname;
    if (parent->kind == UnitKind::Function || parent->kind == UnitKind::AsyncFunction ||
        parent->kind == UnitKind::Lambda) {
      base += ".<locals>";
    }
  }
  return base.empty() ? own : base + "." + own;
}

u32 Codegen::unitFlags(const Block& block) const {
  u32 flags = futureFlags_;
  if (block.isFunctionLike()) {
    flags |= kCodeNewLocals | kCodeOptimized;
    if (block.nested) flags |= kCodeNested;
    if (block.generator && !block.coroutine) flags |= kCodeGenerator;
    if (!block.generator && block.coroutine) flags |= kCodeCoroutine;
    if (block.generator && block.coroutine) flags |= kCodeAsyncGenerator;
    if (block.varArgs) flags |= kCodeVarArgs;
    if (block.varKeywords) flags |= kCodeVarKeywords;
    if (block.method) flags |= kCodeMethod;
  } else if (block.coroutine && options_.topLevelAwait && block.type == BlockType::Module) {
    flags |= kCodeCoroutine;
  }
  return flags;
}

void Codegen::enterUnit(UnitKind kind, Identifier name, Block* block, i32 line, UnitArgs args) {
  Unit* unit = new Unit;
  CodeBuilder::Info info;
  info.name = name->view();
  info.qualname = args.qualname.empty() ? qualnameOf(kind, name) : args.qualname;
  info.filename = options_.filename;
  info.firstLine = u32(line);
  info.flags = unitFlags(*block);
  info.argCount = args.argCount;
  info.posOnlyCount = args.posOnlyCount;
  info.kwOnlyCount = args.kwOnlyCount;
  if (args.args != nullptr) {
    info.posOnlyCount = args.args->posonlyargs.count;
    info.argCount = info.posOnlyCount + args.args->args.count;
    info.kwOnlyCount = args.args->kwonlyargs.count;
  }
  unit->qualname = info.qualname;
  unit->b = CodeBuilder(std::move(info));
  unit->parent = u_;
  unit->kind = kind;
  unit->block = block;
  unit->name = name;
  unit->owner = u_ == nullptr ? nullptr : u_->owner;
  unit->codeIndex = image_.reserveCode();
  u_ = unit;
  addLocals(*block);

  CodeBuilder& b = u_->b;
  b.setPosition(kind == UnitKind::Module ? Position{0, 0, 0, 0} : Position{line, line, 0, 0});
  b.Enter(0);
  if (!u_->freeNames.empty()) b.CopyFreeVars(u_->regs[u_->freeNames.front()], u_->freeNames.size());
  for (u32 reg = 0; reg < b.localCount() - u_->freeNames.size(); reg++) {
    if ((b.localKind(reg) & kLocalCell) && !(b.localKind(reg) & kLocalHidden)) b.MakeCell(reg);
  }
  bool suspends = (b.info().flags & kCodeAnyGenerator) != 0;
  if (suspends) {
    u_->generatorEnd = b.newLabel();
    b.pushHandler(u_->generatorEnd, b.localCount(), b.localCount());
  }
}

void Codegen::addLocals(const Block& block) {
  CodeBuilder& b = u_->b;
  auto add = [&](Identifier name, u8 kind) {
    const Symbol* s = block.find(name);
    std::string_view text = name->view();
    if (text == ".format" && block.type == BlockType::Annotation) text = "format";
    u32 reg = b.addLocal(text, kind);
    u_->regs[name] = reg;
    if (s != nullptr && (s->flags & kUnbinds)) b.setUnbindable(reg);
    return reg;
  };
  std::vector<Identifier> cells, frees;
  auto byText = [](Identifier x, Identifier y) { return x->view() < y->view(); };
  bool functionLike = block.isFunctionLike();

  for (u32 i = 0; i < block.params.size(); i++) {
    const CodeBuilder::Info& info = b.info();
    u8 kind = i < info.posOnlyCount                                    ? kLocalArgPos
              : i < info.argCount                                      ? kLocalArgPos | kLocalArgKw
              : i < info.argCount + info.kwOnlyCount                   ? kLocalArgKw
              : block.varArgs && i == info.argCount + info.kwOnlyCount ? kLocalArgVar | kLocalArgPos
                                                                       : kLocalArgVar | kLocalArgKw;
    bool cell = block.scopeOf(block.params[i]) == NameScope::Cell;
    u32 reg = add(block.params[i], kind | kLocalPlain | (cell ? kLocalCell : 0));
    b.setBound(reg, true);
  }
  for (const Symbol& s : block.symbols) {
    if (!functionLike && s.scope() != NameScope::Free && !(s.flags & kDefFreeClass)) continue;
    if (s.scope() == NameScope::Free || (s.flags & kDefFreeClass)) {
      frees.push_back(s.name);
    } else if (s.flags & kDefParam) {
      continue;
    } else if (s.scope() == NameScope::Cell) {
      cells.push_back(s.name);
    } else if (s.scope() == NameScope::Local) {
      add(s.name, kLocalPlain);
    }
  }
  std::unordered_map<Identifier, u32> depth;
  std::vector<std::pair<Identifier, u32>> hidden;
  addHidden(block, depth, &hidden);
  if (block.type == BlockType::Class) {
    if (block.needsClassClosure) cells.push_back(id("__class__"));
    if (block.needsClassDict) cells.push_back(id("__classdict__"));
    if (block.conditionalAnnotations) cells.push_back(id("__conditional_annotations__"));
  }
  std::sort(cells.begin(), cells.end(), byText);
  std::sort(frees.begin(), frees.end(), byText);
  for (Identifier name : cells) add(name, kLocalCell);
  for (Identifier name : frees) add(name, kLocalFree);
  for (auto [name, level] : hidden)
    u_->hidden[name][level] = b.addLocal(name->view(), kLocalHidden);
  u_->freeNames = std::move(frees);
}

// Registers for what the inlined comprehensions bind: comprehensions that stand one after the
// other share them, nested ones with equal names do not. Those that are no variables are left to
// `later`.
void Codegen::addHidden(const Block& block, std::unordered_map<Identifier, u32>& depth,
                        std::vector<std::pair<Identifier, u32>>* later) {
  for (const Block* child : block.children) {
    if (!child->inlined) continue;
    std::vector<Identifier> names;
    for (const Symbol& s : child->symbols) {
      if (!(s.flags & kDefLocal) || (s.flags & (kDefNonlocal | kDefGlobal | kDefParam))) continue;
      names.push_back(s.name);
      u32 level = depth[s.name]++;
      std::vector<u32>& regs = u_->hidden[s.name];
      if (regs.size() > level) continue;
      const Symbol* own = u_->block->find(s.name);
      bool cell =
          own != nullptr && (own->scope() == NameScope::Cell || own->scope() == NameScope::Free);
      bool plain = u_->block->isFunctionLike() && level == 0 && !cell && !u_->regs.contains(s.name);
      if (!plain && u_->block->isFunctionLike()) {
        later->push_back({s.name, level});
        regs.push_back(kNoReg);
        continue;
      }
      u8 kind = plain ? kLocalPlain : kLocalHidden | kLocalPlain;
      regs.push_back(u_->b.addLocal(s.name->view(), kind));
    }
    addHidden(*child, depth, later);
    for (Identifier name : names) depth[name]--;
  }
}

u32 Codegen::leaveUnit() {
  CodeBuilder& b = u_->b;
  b.setNoPosition();
  if (b.reachable()) b.ReturnNone();
  if (u_->generatorEnd.id != ~0u) {
    b.popHandler();
    b.bindHandler(u_->generatorEnd);
    b.setNoPosition();
    u32 t = b.localCount();
    b.StopIterationError(t, t | kKill);
    b.Reraise(t | kKill, 1);
  }
  if (b.tooManyRegisters() && !failed()) {
    result_.error = {CompileError::Kind::Overflow,
                     "too many local variables or too deep expression", u_->block->span};
  }
  u32 index = u_->codeIndex;
  if (!failed()) image_.setCode(index, b.finish());
  Unit* parent = u_->parent;
  delete u_;
  u_ = parent;
  return index;
}

}  // namespace dx::compiler
