#include "compiler/symtable.h"

namespace dx::compiler {

using namespace ast;

Symbol* Block::find(Identifier name) {
  auto found = index.find(name);
  return found == index.end() ? nullptr : &symbols[found->second];
}

Block* Symtable::block(const Node* node, BlockRole role) const {
  auto found = byNode_.find(reinterpret_cast<uintptr_t>(node) + uintptr_t(role));
  return found == byNode_.end() ? nullptr : found->second;
}

Identifier mangle(Arena& arena, Identifier owner, Identifier name) {
  std::string_view text = name->view();
  if (owner == nullptr || !text.starts_with("__")) return name;
  if (text.ends_with("__") || text.find('.') != text.npos) return name;
  std::string_view bare = owner->view();
  while (bare.starts_with('_')) bare.remove_prefix(1);
  if (bare.empty()) return name;
  return arena.intern("_" + std::string(bare) + std::string(text));
}

Identifier mangleIn(Arena& arena, const Block& block, Identifier owner, Identifier name) {
  if (block.mangledNames != nullptr) {
    bool listed = false;
    for (Identifier n : *block.mangledNames) listed = listed || n == name;
    if (!listed) return name;
  }
  return mangle(arena, owner, name);
}

// First pass: collects the definitions and uses of every block.
class SymtableVisitor {
 public:
  explicit SymtableVisitor(Symtable& table) : t_(table), arena_(table.arena_) {}

  void run(const Mod& mod);

 private:
  bool failed() const { return bool(t_.error_); }
  void fail(std::string message, Span span) {
    if (!failed()) t_.error_ = {CompileError::Kind::Syntax, std::move(message), span};
  }
  static std::string quoted(const char* before, Identifier name, const char* after) {
    return before + ("'" + std::string(name->view()) + "'") + after;
  }
  Identifier id(const char* text) { return arena_.intern(text); }

  Block* newBlock(BlockType type, Identifier name, const Node* node, BlockRole role, Span span);
  Block* enter(BlockType type, Identifier name, const Node* node, BlockRole role, Span span) {
    Block* b = newBlock(type, name, node, role, span);
    enterExisting(b);
    return b;
  }
  void enterExisting(Block* b) {
    stack_.push_back(b);
    cur_ = b;
  }
  void leave() {
    stack_.pop_back();
    cur_ = stack_.empty() ? nullptr : stack_.back();
  }

  u32 lookup(Block* b, Identifier name) {
    Symbol* s = b->find(mangleIn(arena_, *b, private_, name));
    return s == nullptr ? 0 : s->flags;
  }
  void define(Identifier name, u32 flags, Span span) { defineIn(cur_, name, flags, span); }
  void defineIn(Block* b, Identifier name, u32 flags, Span span);
  void checkName(Identifier name, Span span, ExprContext ctx);
  void useClassDict(Span span) { define(id("__classdict__"), kUse, span); }
  void directive(Identifier name, Span span) {
    cur_->directives.push_back({mangleIn(arena_, *cur_, private_, name), span});
  }

  template <class T>
  void each(const Seq<T>& items) {
    for (const auto* item : items) {
      if (item != nullptr && !failed()) visit(item);
    }
  }
  void visit(const Stmt* s);
  void visit(const Expr* e);
  void visit(const Pattern* p);
  void visit(const Handler* h);
  void visit(const Keyword* k) { visit(k->value); }
  void visit(const TypeParam* p);
  void visit(const WithItem* item) {
    visit(item->contextExpr);
    if (item->optionalVars != nullptr) visit(item->optionalVars);
  }
  void visit(const Alias* a);
  void visit(const MatchCase* c) {
    visit(c->pattern);
    if (c->guard != nullptr) visit(c->guard);
    each(c->body);
  }
  void visit(const Comprehension* c);

  template <class F>
  void function(const F* f, bool isAsync);
  void classDef(const ClassDef* c);
  void typeAlias(const ast::TypeAlias* a);
  void typeParams(Identifier name, const Seq<TypeParam*>& params, bool defaults, bool kwDefaults,
                  bool isClass, const Node* node, Span span);
  void boundOrDefault(const Expr* e, Identifier name, const TypeParam* p, BlockRole role,
                      const char* info);
  void parameters(const Arguments* a);
  void functionAnnotations(const Node* f, const Arguments* a, const Expr* returns);
  void annotation(const Expr* e);
  void annAssign(const AnnAssign* a);
  void globalOrNonlocal(const Stmt* s, const Seq<Identifier>& names, bool isGlobal);
  void comprehension(const Expr* e, const char* name, ComprehensionType type,
                     const Seq<Comprehension*>& generators, const Expr* elt, const Expr* value);
  void extendNamedExpr(const NamedExpr* e);
  void rejectInAnnotation(const char* what, const Expr* e);
  void rejectInComprehension(const Expr* e);
  // PyCF_ALLOW_TOP_LEVEL_AWAIT at the top.
  bool awaitsAtTop() const { return t_.options_.topLevelAwait && cur_->type == BlockType::Module; }
  void rejectOutsideCoroutine(const char* message, const Stmt* s) {
    if (awaitsAtTop())
      cur_->coroutine = true;
    else if (!cur_->asyncDef)
      fail(message, s->span());
  }
  void patternName(Identifier name, Span span) {
    checkName(name, span, ExprContext::Store);
    define(name, kDefLocal, span);
  }
  template <class F>
  void conditional(F&& body) {
    Block* b = cur_;
    bool before = b->inConditionalBlock;
    b->inConditionalBlock = true;
    body();
    b->inConditionalBlock = before;
  }

  Symtable& t_;
  Arena& arena_;
  std::vector<Block*> stack_;
  Block* cur_ = nullptr;
  Identifier private_ = nullptr;
  int depth_ = 0;
};

Block* SymtableVisitor::newBlock(BlockType type, Identifier name, const Node* node, BlockRole role,
                                 Span span) {
  t_.blocks_.push_back(std::make_unique<Block>());
  Block* b = t_.blocks_.back().get();
  b->type = type;
  b->name = name;
  b->span = span;
  b->parent = cur_;
  t_.byNode_[reinterpret_cast<uintptr_t>(node) + uintptr_t(role)] = b;
  if (cur_ != nullptr) {
    b->nested = cur_->nested || cur_->isFunctionLike();
    b->compIterExpr = cur_->compIterExpr;
    b->method = type == BlockType::Function && cur_->type == BlockType::Class;
    if (type != BlockType::Class) b->mangledNames = cur_->mangledNames;
    cur_->children.push_back(b);
  }
  if (type == BlockType::Annotation || type == BlockType::TypeVariable ||
      type == BlockType::TypeAlias) {
    defineIn(b, id(".format"), kDefParam, span);
  }
  return b;
}

void SymtableVisitor::defineIn(Block* b, Identifier name, u32 flags, Span span) {
  if ((flags & kDefTypeParam) && b->mangledNames != nullptr) b->mangledNames->push_back(name);
  Identifier mangled = mangleIn(arena_, *b, private_, name);
  auto [it, isNew] = b->index.try_emplace(mangled, u32(b->symbols.size()));
  if (isNew) b->symbols.push_back({mangled, 0});
  u32 old = b->symbols[it->second].flags;
  if (flags & old & kDefParam)
    fail(quoted("duplicate argument ", name, " in function definition"), span);
  if (flags & old & kDefTypeParam) fail(quoted("duplicate type parameter ", name, ""), span);
  u32 now = old | flags;
  if (b->compIterTarget) {
    if (now & (kDefGlobal | kDefNonlocal)) {
      fail(quoted("comprehension inner loop cannot rebind assignment expression target ", name, ""),
           span);
    }
    now |= kDefCompIter;
  }
  b->symbols[it->second].flags = now;
  if (flags & kDefParam) b->params.push_back(mangled);
  if ((flags & kDefGlobal) && b != t_.top_) {
    Block* top = t_.top_;
    auto [at, fresh] = top->index.try_emplace(mangled, u32(top->symbols.size()));
    if (fresh) top->symbols.push_back({mangled, 0});
    top->symbols[at->second].flags |= flags;
  }
}

void SymtableVisitor::checkName(Identifier name, Span span, ExprContext ctx) {
  if (ctx == ExprContext::Load || !(*name == "__debug__")) return;
  fail(ctx == ExprContext::Store ? "cannot assign to __debug__" : "cannot delete __debug__", span);
}

void SymtableVisitor::run(const Mod& mod) {
  Block* top = newBlock(BlockType::Module, id("top"), &mod, BlockRole::Main, {});
  t_.top_ = top;
  enterExisting(top);
  switch (mod.kind) {
    case Kind::Module:
      each(as<Module>(&mod)->body);
      break;
    case Kind::Interactive:
      each(as<Interactive>(&mod)->body);
      break;
    case Kind::Expression:
      visit(as<Expression>(&mod)->body);
      break;
    default:
      fail("this compiler does not handle FunctionTypes", {});
      break;
  }
  leave();
}

// --- statements ----------------------------------------------------------------------------

void SymtableVisitor::visit(const Stmt* s) {
  if (failed()) return;
  if (++depth_ > kMaxTreeDepth) {
    t_.error_ = {CompileError::Kind::Recursion,
                 "maximum recursion depth exceeded during compilation", s->span()};
  }
  switch (failed() ? Kind::Pass : s->kind) {
    case Kind::FunctionDef:
      function(as<FunctionDef>(s), false);
      break;
    case Kind::AsyncFunctionDef:
      function(as<AsyncFunctionDef>(s), true);
      break;
    case Kind::ClassDef:
      classDef(as<ClassDef>(s));
      break;
    case Kind::Return: {
      auto* r = as<Return>(s);
      if (r->value != nullptr) {
        visit(r->value);
        cur_->returnsValue = true;
      }
      break;
    }
    case Kind::Delete:
      each(as<Delete>(s)->targets);
      break;
    case Kind::Assign: {
      auto* a = as<Assign>(s);
      each(a->targets);
      visit(a->value);
      break;
    }
    case Kind::TypeAlias:
      typeAlias(as<ast::TypeAlias>(s));
      break;
    case Kind::AugAssign: {
      auto* a = as<AugAssign>(s);
      visit(a->target);
      visit(a->value);
      break;
    }
    case Kind::AnnAssign:
      annAssign(as<AnnAssign>(s));
      break;
    case Kind::For: {
      auto* f = as<For>(s);
      visit(f->target);
      visit(f->iter);
      conditional([&] { each(f->body), each(f->orelse); });
      break;
    }
    case Kind::AsyncFor: {
      auto* f = as<AsyncFor>(s);
      rejectOutsideCoroutine("'async for' outside async function", s);
      visit(f->target);
      visit(f->iter);
      conditional([&] { each(f->body), each(f->orelse); });
      break;
    }
    case Kind::While: {
      auto* w = as<While>(s);
      visit(w->test);
      conditional([&] { each(w->body), each(w->orelse); });
      break;
    }
    case Kind::If: {
      auto* i = as<If>(s);
      visit(i->test);
      conditional([&] { each(i->body), each(i->orelse); });
      break;
    }
    case Kind::With: {
      auto* w = as<With>(s);
      conditional([&] { each(w->items), each(w->body); });
      break;
    }
    case Kind::AsyncWith: {
      auto* w = as<AsyncWith>(s);
      rejectOutsideCoroutine("'async with' outside async function", s);
      conditional([&] { each(w->items), each(w->body); });
      break;
    }
    case Kind::Match: {
      auto* m = as<Match>(s);
      visit(m->subject);
      conditional([&] { each(m->cases); });
      break;
    }
    case Kind::Raise: {
      auto* r = as<Raise>(s);
      if (r->exc != nullptr) visit(r->exc);
      if (r->cause != nullptr) visit(r->cause);
      break;
    }
    case Kind::Try: {
      auto* t = as<Try>(s);
      conditional([&] { each(t->body), each(t->handlers), each(t->orelse), each(t->finalbody); });
      break;
    }
    case Kind::TryStar: {
      auto* t = as<TryStar>(s);
      conditional([&] { each(t->body), each(t->handlers), each(t->orelse), each(t->finalbody); });
      break;
    }
    case Kind::Assert: {
      auto* a = as<Assert>(s);
      visit(a->test);
      if (a->msg != nullptr) visit(a->msg);
      break;
    }
    case Kind::Import:
      each(as<Import>(s)->names);
      break;
    case Kind::ImportFrom: {
      auto* f = as<ImportFrom>(s);
      Span last = t_.options_.lastFuture;
      bool late = s->line > last.line || (s->line == last.line && s->col > last.col);
      if (f->module != nullptr && *f->module == "__future__" && f->level == 0 && late) {
        if (f->names.count > 0) each(f->names);
        fail("from __future__ imports must occur at the beginning of the file", s->span());
        break;
      }
      each(f->names);
      break;
    }
    case Kind::Global:
      globalOrNonlocal(s, as<Global>(s)->names, true);
      break;
    case Kind::Nonlocal:
      globalOrNonlocal(s, as<Nonlocal>(s)->names, false);
      break;
    case Kind::ExprStmt:
      visit(as<ExprStmt>(s)->value);
      break;
    default:
      break;
  }
  depth_--;
}

template <class F>
void SymtableVisitor::function(const F* f, bool isAsync) {
  define(f->name, kDefLocal, f->span());
  checkName(f->name, f->span(), ExprContext::Store);
  each(f->args->defaults);
  each(f->args->kwDefaults);
  each(f->decoratorList);
  bool generic = !f->typeParams.empty();
  if (generic) {
    bool kwDefaults = false;
    for (const Expr* d : f->args->kwDefaults) kwDefaults = kwDefaults || d != nullptr;
    typeParams(f->name, f->typeParams, !f->args->defaults.empty(), kwDefaults, false, f, f->span());
  }
  Block* b = newBlock(BlockType::Function, f->name, f, BlockRole::Main, f->span());
  // The annotations' block comes before the function's in the list of children.
  cur_->children.pop_back();
  functionAnnotations(f, f->args, f->returns);
  cur_->children.push_back(b);
  enterExisting(b);
  b->asyncDef = b->coroutine = isAsync;
  parameters(f->args);
  each(f->body);
  leave();
  if (generic) leave();
}

void SymtableVisitor::classDef(const ClassDef* c) {
  define(c->name, kDefLocal, c->span());
  checkName(c->name, c->span(), ExprContext::Store);
  each(c->decoratorList);
  Identifier outer = private_;
  bool generic = !c->typeParams.empty();
  if (generic) {
    typeParams(c->name, c->typeParams, false, false, true, c, c->span());
  }
  each(c->bases);
  for (const Keyword* k : c->keywords) {
    if (k->arg != nullptr) checkName(k->arg, k->span(), ExprContext::Store);
  }
  each(c->keywords);
  enter(BlockType::Class, c->name, c, BlockRole::Main, c->span());
  private_ = c->name;
  if (generic) {
    define(id("__type_params__"), kDefLocal, c->span());
    define(id(".type_params"), kUse, c->span());
  }
  each(c->body);
  leave();
  if (generic) leave();
  private_ = outer;
}

void SymtableVisitor::typeAlias(const ast::TypeAlias* a) {
  visit(a->name);
  Identifier name = as<Name>(a->name)->id;
  bool inClass = cur_->type == BlockType::Class;
  bool generic = !a->typeParams.empty();
  if (generic) typeParams(name, a->typeParams, false, false, false, a, a->span());
  enter(BlockType::TypeAlias, name, a, BlockRole::Main, a->span());
  cur_->canSeeClassScope = inClass;
  if (inClass) useClassDict(a->value->span());
  visit(a->value);
  leave();
  if (generic) leave();
}

// Opens the block of the type parameters; the caller leaves it.
void SymtableVisitor::typeParams(Identifier name, const Seq<TypeParam*>& params, bool defaults,
                                 bool kwDefaults, bool isClass, const Node* node, Span span) {
  bool inClass = cur_->type == BlockType::Class;
  enter(BlockType::TypeParameters, name, node, BlockRole::TypeParameters, span);
  if (inClass) {
    cur_->canSeeClassScope = true;
    useClassDict(span);
  }
  if (isClass) {
    define(id(".type_params"), kDefLocal | kUse, span);
    define(id(".generic_base"), kDefLocal | kUse, span);
  }
  if (defaults) define(id(".defaults"), kDefParam, span);
  if (kwDefaults) define(id(".kwdefaults"), kDefParam, span);
  if (isClass) {
    private_ = name;
    cur_->mangledNames = std::make_shared<std::vector<Identifier>>();
  }
  each(params);
}

void SymtableVisitor::visit(const TypeParam* p) {
  switch (p->kind) {
    case Kind::TypeVar: {
      auto* v = as<TypeVar>(p);
      define(v->name, kDefTypeParam | kDefLocal, p->span());
      checkName(v->name, p->span(), ExprContext::Store);
      bool constraints = v->bound != nullptr && v->bound->kind == Kind::Tuple;
      boundOrDefault(v->bound, v->name, p, BlockRole::Main,
                     constraints ? "a TypeVar constraint" : "a TypeVar bound");
      boundOrDefault(v->defaultValue, v->name, p, BlockRole::Default, "a TypeVar default");
      break;
    }
    case Kind::TypeVarTuple: {
      auto* v = as<TypeVarTuple>(p);
      define(v->name, kDefTypeParam | kDefLocal, p->span());
      checkName(v->name, p->span(), ExprContext::Store);
      boundOrDefault(v->defaultValue, v->name, p, BlockRole::Default, "a TypeVarTuple default");
      break;
    }
    default: {
      auto* v = as<ParamSpec>(p);
      define(v->name, kDefTypeParam | kDefLocal, p->span());
      checkName(v->name, p->span(), ExprContext::Store);
      boundOrDefault(v->defaultValue, v->name, p, BlockRole::Default, "a ParamSpec default");
      break;
    }
  }
}

void SymtableVisitor::boundOrDefault(const Expr* e, Identifier name, const TypeParam* p,
                                     BlockRole role, const char* info) {
  if (*name == "__classdict__") {
    fail("reserved name '__classdict__' cannot be used for type parameter", p->span());
  }
  if (e == nullptr) return;
  bool inClass = cur_->canSeeClassScope;
  enter(BlockType::TypeVariable, name, p, role, e->span());
  cur_->canSeeClassScope = inClass;
  if (inClass) useClassDict(e->span());
  cur_->scopeInfo = info;
  visit(e);
  leave();
}

void SymtableVisitor::parameters(const Arguments* a) {
  auto add = [&](const Arg* arg) {
    define(arg->arg, kDefParam, arg->span());
    checkName(arg->arg, arg->span(), ExprContext::Store);
  };
  for (const Arg* arg : a->posonlyargs) add(arg);
  for (const Arg* arg : a->args) add(arg);
  for (const Arg* arg : a->kwonlyargs) add(arg);
  if (a->vararg != nullptr) {
    add(a->vararg);
    cur_->varArgs = true;
  }
  if (a->kwarg != nullptr) {
    add(a->kwarg);
    cur_->varKeywords = true;
  }
}

void SymtableVisitor::functionAnnotations(const Node* f, const Arguments* a, const Expr* returns) {
  bool inClass = cur_->canSeeClassScope || cur_->type == BlockType::Class;
  enter(BlockType::Annotation, id("__annotate__"), a, BlockRole::Annotations, f->span());
  Block* b = cur_;
  if (inClass) {
    b->canSeeClassScope = true;
    useClassDict(f->span());
  }
  auto one = [&](const Expr* e) {
    if (e == nullptr || failed()) return;
    b->annotationsUsed = true;
    visit(e);
  };
  for (const Arg* arg : a->posonlyargs) one(arg->annotation);
  for (const Arg* arg : a->args) one(arg->annotation);
  if (a->vararg != nullptr) one(a->vararg->annotation);
  if (a->kwarg != nullptr) one(a->kwarg->annotation);
  for (const Arg* arg : a->kwonlyargs) one(arg->annotation);
  one(returns);
  leave();
  // A block that no code will be made of must not make cells of its names.
  if (!b->annotationsUsed || t_.options_.futureAnnotations) cur_->children.pop_back();
}

void SymtableVisitor::annotation(const Expr* e) {
  Block* parent = cur_;
  bool unevaluated = parent->type == BlockType::Function;
  bool conditional = parent->type == BlockType::Module ||
                     (parent->type == BlockType::Class && parent->inConditionalBlock);
  if (conditional && !parent->conditionalAnnotations && !t_.options_.futureAnnotations) {
    parent->conditionalAnnotations = true;
    define(id("__conditional_annotations__"), kUse, e->span());
  }
  if (parent->annotations == nullptr) {
    bool inClass = parent->canSeeClassScope || parent->type == BlockType::Class;
    Block* b =
        enter(BlockType::Annotation, id("__annotate__"), e, BlockRole::Annotations, e->span());
    parent->annotations = b;
    if (inClass) {
      b->canSeeClassScope = true;
      if (!t_.options_.futureAnnotations) useClassDict(e->span());
    }
    if (unevaluated || t_.options_.futureAnnotations) parent->children.pop_back();
  } else {
    enterExisting(parent->annotations);
  }
  if (conditional && !t_.options_.futureAnnotations) {
    define(id("__conditional_annotations__"), kUse, e->span());
  }
  cur_->unevaluatedAnnotation = unevaluated;
  visit(e);
  cur_->unevaluatedAnnotation = false;
  leave();
}

void SymtableVisitor::annAssign(const AnnAssign* a) {
  cur_->annotationsUsed = true;
  if (auto* name = dynAs<Name>(a->target)) {
    u32 flags = lookup(cur_, name->id);
    if ((flags & (kDefGlobal | kDefNonlocal)) && cur_ != t_.top_ && a->simple) {
      fail(quoted("annotated name ", name->id,
                  flags & kDefGlobal ? " can't be global" : " can't be nonlocal"),
           a->span());
    }
    checkName(name->id, name->span(), ExprContext::Store);
    if (a->simple) {
      define(name->id, kDefAnnot | kDefLocal, name->span());
    } else if (a->value != nullptr) {
      define(name->id, kDefLocal, name->span());
    }
  } else {
    visit(a->target);
  }
  annotation(a->annotation);
  if (a->value != nullptr) visit(a->value);
}

void SymtableVisitor::globalOrNonlocal(const Stmt* s, const Seq<Identifier>& names, bool isGlobal) {
  const char* what = isGlobal ? "global" : "nonlocal";
  for (Identifier name : names) {
    u32 flags = lookup(cur_, name);
    std::string tail;
    if (flags & kDefParam) {
      tail = std::string(" is parameter and ") + what;
    } else if (flags & kUse) {
      tail = std::string(" is used prior to ") + what + " declaration";
    } else if (flags & kDefAnnot) {
      fail(quoted("annotated name ", name, isGlobal ? " can't be global" : " can't be nonlocal"),
           s->span());
    } else if (flags & kDefLocal) {
      tail = std::string(" is assigned to before ") + what + " declaration";
    }
    if (!tail.empty()) fail(quoted("name ", name, tail.c_str()), s->span());
    define(name, isGlobal ? kDefGlobal : kDefNonlocal, s->span());
    directive(name, s->span());
  }
}

void SymtableVisitor::visit(const Alias* a) {
  Identifier name = a->asname != nullptr ? a->asname : a->name;
  if (*name == "*") {
    if (cur_->type != BlockType::Module) fail("import * only allowed at module level", a->span());
    return;
  }
  if (a->asname == nullptr) {
    size_t dot = name->view().find('.');
    if (dot != std::string_view::npos) name = arena_.intern(name->view().substr(0, dot));
  }
  checkName(name, a->span(), ExprContext::Store);
  define(name, kDefImport, a->span());
}

void SymtableVisitor::visit(const Handler* handler) {
  auto* h = as<ExceptHandler>(handler);
  if (h->type != nullptr) visit(h->type);
  if (h->name != nullptr) {
    define(h->name, kDefLocal | kUnbinds, h->span());
    checkName(h->name, h->span(), ExprContext::Store);
  }
  each(h->body);
}

// --- expressions ---------------------------------------------------------------------------

void SymtableVisitor::rejectInAnnotation(const char* what, const Expr* e) {
  std::string text = what;
  switch (cur_->type) {
    case BlockType::Annotation:
      return fail(text + " cannot be used within an annotation", e->span());
    case BlockType::TypeVariable:
      return fail(text + " cannot be used within " + cur_->scopeInfo, e->span());
    case BlockType::TypeAlias:
      return fail(text + " cannot be used within a type alias", e->span());
    case BlockType::TypeParameters:
      return fail(text + " cannot be used within the definition of a generic", e->span());
    default:
      return;
  }
}

void SymtableVisitor::rejectInComprehension(const Expr* e) {
  switch (cur_->comprehension) {
    case ComprehensionType::None:
      return;
    case ComprehensionType::List:
      return fail("'yield' inside list comprehension", e->span());
    case ComprehensionType::Set:
      return fail("'yield' inside set comprehension", e->span());
    case ComprehensionType::Dict:
      return fail("'yield' inside dict comprehension", e->span());
    case ComprehensionType::Generator:
      return fail("'yield' inside generator expression", e->span());
  }
}

void SymtableVisitor::visit(const Expr* e) {
  if (failed()) return;
  if (++depth_ > kMaxTreeDepth) {
    t_.error_ = {CompileError::Kind::Recursion,
                 "maximum recursion depth exceeded during compilation", e->span()};
    return;
  }
  switch (e->kind) {
    case Kind::BoolOp:
      each(as<BoolOp>(e)->values);
      break;
    case Kind::NamedExpr: {
      auto* n = as<NamedExpr>(e);
      rejectInAnnotation("named expression", e);
      if (cur_->compIterExpr > 0) {
        fail("assignment expression cannot be used in a comprehension iterable expression",
             e->span());
      }
      for (size_t i = stack_.size(); i-- > 0;) {
        stack_[i]->hasNamedExpr = true;
        if (stack_[i]->comprehension == ComprehensionType::None) break;
      }
      if (cur_->comprehension != ComprehensionType::None) extendNamedExpr(n);
      visit(n->value);
      visit(n->target);
      break;
    }
    case Kind::BinOp:
      visit(as<BinOp>(e)->left);
      visit(as<BinOp>(e)->right);
      break;
    case Kind::UnaryOp:
      visit(as<UnaryOp>(e)->operand);
      break;
    case Kind::Lambda: {
      auto* l = as<Lambda>(e);
      each(l->args->defaults);
      each(l->args->kwDefaults);
      enter(BlockType::Function, id("<lambda>"), e, BlockRole::Main, e->span());
      parameters(l->args);
      visit(l->body);
      leave();
      break;
    }
    case Kind::IfExp:
      visit(as<IfExp>(e)->test);
      visit(as<IfExp>(e)->body);
      visit(as<IfExp>(e)->orelse);
      break;
    case Kind::Dict:
      each(as<Dict>(e)->keys);
      each(as<Dict>(e)->values);
      break;
    case Kind::Set:
      each(as<Set>(e)->elts);
      break;
    case Kind::ListComp: {
      auto* c = as<ListComp>(e);
      comprehension(e, "<listcomp>", ComprehensionType::List, c->generators, c->elt, nullptr);
      break;
    }
    case Kind::SetComp: {
      auto* c = as<SetComp>(e);
      comprehension(e, "<setcomp>", ComprehensionType::Set, c->generators, c->elt, nullptr);
      break;
    }
    case Kind::DictComp: {
      auto* c = as<DictComp>(e);
      comprehension(e, "<dictcomp>", ComprehensionType::Dict, c->generators, c->key, c->value);
      break;
    }
    case Kind::GeneratorExp: {
      auto* c = as<GeneratorExp>(e);
      comprehension(e, "<genexpr>", ComprehensionType::Generator, c->generators, c->elt, nullptr);
      break;
    }
    case Kind::Await:
      rejectInAnnotation("await expression", e);
      if (!awaitsAtTop()) {
        if (!cur_->isFunctionLike()) {
          fail("'await' outside function", e->span());
        } else if (!cur_->asyncDef && cur_->comprehension == ComprehensionType::None) {
          fail("'await' outside async function", e->span());
        }
      }
      visit(as<Await>(e)->value);
      cur_->coroutine = true;
      break;
    case Kind::Yield:
      rejectInAnnotation("yield expression", e);
      if (as<Yield>(e)->value != nullptr) visit(as<Yield>(e)->value);
      cur_->generator = true;
      rejectInComprehension(e);
      break;
    case Kind::YieldFrom:
      rejectInAnnotation("yield expression", e);
      visit(as<YieldFrom>(e)->value);
      cur_->generator = true;
      rejectInComprehension(e);
      break;
    case Kind::Compare:
      visit(as<Compare>(e)->left);
      each(as<Compare>(e)->comparators);
      break;
    case Kind::Call: {
      auto* c = as<Call>(e);
      visit(c->func);
      each(c->args);
      for (const Keyword* k : c->keywords) {
        if (k->arg != nullptr) checkName(k->arg, k->span(), ExprContext::Store);
      }
      each(c->keywords);
      break;
    }
    case Kind::FormattedValue: {
      auto* f = as<FormattedValue>(e);
      visit(f->value);
      if (f->formatSpec != nullptr) visit(f->formatSpec);
      break;
    }
    case Kind::Interpolation: {
      auto* f = as<Interpolation>(e);
      visit(f->value);
      if (f->formatSpec != nullptr) visit(f->formatSpec);
      break;
    }
    case Kind::JoinedStr:
      each(as<JoinedStr>(e)->values);
      break;
    case Kind::TemplateStr:
      each(as<TemplateStr>(e)->values);
      break;
    case Kind::Attribute:
      checkName(as<Attribute>(e)->attr, e->span(), as<Attribute>(e)->ctx);
      visit(as<Attribute>(e)->value);
      break;
    case Kind::Subscript:
      visit(as<Subscript>(e)->value);
      visit(as<Subscript>(e)->slice);
      break;
    case Kind::Starred:
      visit(as<Starred>(e)->value);
      break;
    case Kind::Slice: {
      auto* s = as<Slice>(e);
      if (s->lower != nullptr) visit(s->lower);
      if (s->upper != nullptr) visit(s->upper);
      if (s->step != nullptr) visit(s->step);
      break;
    }
    case Kind::Name: {
      auto* n = as<Name>(e);
      checkName(n->id, e->span(), n->ctx);
      if (cur_->unevaluatedAnnotation) break;
      bool load = n->ctx == ExprContext::Load;
      u32 unbinds = n->ctx == ExprContext::Del ? u32(kUnbinds) : 0;
      define(n->id, load ? u32(kUse) : kDefLocal | unbinds, e->span());
      if (load && cur_->isFunctionLike() && *n->id == "super") {
        define(id("__class__"), kUse, e->span());
      }
      break;
    }
    case Kind::List:
      each(as<List>(e)->elts);
      break;
    case Kind::Tuple:
      each(as<Tuple>(e)->elts);
      break;
    default:
      break;
  }
  depth_--;
}

void SymtableVisitor::extendNamedExpr(const NamedExpr* e) {
  Identifier name = as<Name>(e->target)->id;
  Span span = e->target->span();
  for (size_t i = stack_.size(); i-- > 0;) {
    Block* b = stack_[i];
    if (b->comprehension != ComprehensionType::None) {
      u32 flags = lookup(b, name);
      if ((flags & kDefCompIter) && (flags & (kDefLocal | kDefGlobal))) {
        fail(quoted("assignment expression cannot rebind comprehension iteration variable ", name,
                    ""),
             span);
      }
      continue;
    }
    switch (b->type) {
      case BlockType::Function: {
        define(name, lookup(b, name) & kDefGlobal ? kDefGlobal : kDefNonlocal, span);
        directive(name, span);
        return defineIn(b, name, kDefLocal, span);
      }
      case BlockType::Module:
        define(name, kDefGlobal, span);
        directive(name, span);
        return defineIn(b, name, kDefGlobal, span);
      case BlockType::Class:
        return fail("assignment expression within a comprehension cannot be used in a class body",
                    span);
      case BlockType::TypeParameters:
        return fail(
            "assignment expression within a comprehension cannot be used within the "
            "definition of a generic",
            span);
      case BlockType::TypeAlias:
        return fail("assignment expression within a comprehension cannot be used in a type alias",
                    span);
      case BlockType::TypeVariable:
        return fail(
            "assignment expression within a comprehension cannot be used in a TypeVar bound", span);
      case BlockType::Annotation:
        return fail("named expression cannot be used within an annotation", span);
    }
  }
}

void SymtableVisitor::comprehension(const Expr* e, const char* name, ComprehensionType type,
                                    const Seq<Comprehension*>& generators, const Expr* elt,
                                    const Expr* value) {
  const Comprehension* first = generators.front();
  cur_->compIterExpr++;
  visit(first->iter);
  cur_->compIterExpr--;
  Block* b = enter(BlockType::Function, id(name), e, BlockRole::Main, e->span());
  b->comprehension = type;
  b->method = false;
  if (first->isAsync) b->coroutine = true;
  define(id(".0"), kDefParam, e->span());
  b->compIterTarget = true;
  visit(first->target);
  b->compIterTarget = false;
  each(first->ifs);
  for (size_t i = 1; i < generators.size(); i++) visit(generators[i]);
  if (value != nullptr) visit(value);
  visit(elt);
  bool isGenerator = type == ComprehensionType::Generator;
  b->generator = isGenerator;
  bool isAsync = b->coroutine && !isGenerator;
  leave();
  if (!isAsync) return;
  if (!cur_->asyncDef && cur_->comprehension == ComprehensionType::None && !awaitsAtTop()) {
    fail("asynchronous comprehension outside of an asynchronous function", e->span());
  }
  cur_->coroutine = true;
}

void SymtableVisitor::visit(const Comprehension* c) {
  cur_->compIterTarget = true;
  visit(c->target);
  cur_->compIterTarget = false;
  cur_->compIterExpr++;
  visit(c->iter);
  cur_->compIterExpr--;
  each(c->ifs);
  if (c->isAsync) cur_->coroutine = true;
}

void SymtableVisitor::visit(const Pattern* p) {
  if (failed()) return;
  if (++depth_ > kMaxTreeDepth) {
    t_.error_ = {CompileError::Kind::Recursion,
                 "maximum recursion depth exceeded during compilation", p->span()};
    return;
  }
  switch (p->kind) {
    case Kind::MatchValue:
      visit(as<MatchValue>(p)->value);
      break;
    case Kind::MatchSequence:
      each(as<MatchSequence>(p)->patterns);
      break;
    case Kind::MatchMapping: {
      auto* m = as<MatchMapping>(p);
      each(m->keys);
      each(m->patterns);
      if (m->rest != nullptr) patternName(m->rest, p->span());
      break;
    }
    case Kind::MatchClass: {
      auto* c = as<MatchClass>(p);
      visit(c->cls);
      each(c->patterns);
      for (Identifier attr : c->kwdAttrs) checkName(attr, p->span(), ExprContext::Store);
      each(c->kwdPatterns);
      break;
    }
    case Kind::MatchStar:
      if (as<MatchStar>(p)->name != nullptr) patternName(as<MatchStar>(p)->name, p->span());
      break;
    case Kind::MatchAs:
      if (as<MatchAs>(p)->pattern != nullptr) visit(as<MatchAs>(p)->pattern);
      if (as<MatchAs>(p)->name != nullptr) patternName(as<MatchAs>(p)->name, p->span());
      break;
    case Kind::MatchOr:
      each(as<MatchOr>(p)->patterns);
      break;
    default:
      break;
  }
  depth_--;
}

void collectSymbols(Symtable& table, const Mod& mod) { SymtableVisitor(table).run(mod); }

}  // namespace dx::compiler
