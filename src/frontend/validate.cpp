#include "frontend/validate.h"

namespace dx::frontend {

using namespace ast;

namespace {

std::string textOf(std::string_view s) { return std::string(s); }
std::string textOf(i32 n) { return std::to_string(n); }
template <class... A>
std::string cat(const A&... parts) {
  std::string all;
  ((all += textOf(parts)), ...);
  return all;
}

const char* contextName(ExprContext context) {
  switch (context) {
    case ExprContext::Load:
      return "Load";
    case ExprContext::Store:
      return "Store";
    case ExprContext::Del:
      return "Del";
  }
  DX_UNREACHABLE();
}

// Methods are false once there is an error.
class Validator {
 public:
  explicit Validator(int maxDepth) : maxDepth_(maxDepth) {}

  TreeError run(const Mod& mod) {
    switch (mod.kind) {
      case Kind::Module:
        stmts(as<Module>(&mod)->body);
        break;
      case Kind::Interactive:
        stmts(as<Interactive>(&mod)->body);
        break;
      case Kind::Expression:
        load(as<Expression>(&mod)->body);
        break;
      case Kind::FunctionType:
        (void)(loads(as<FunctionType>(&mod)->argtypes) && load(as<FunctionType>(&mod)->returns));
        break;
      default:
        break;
    }
    return std::move(error_);
  }

 private:
  bool fail(TreeError::Kind kind, std::string message) {
    error_ = {kind, std::move(message)};
    return false;
  }
  bool value(std::string message) { return fail(TreeError::Kind::Value, std::move(message)); }
  bool type(std::string message) { return fail(TreeError::Kind::Type, std::move(message)); }
  bool system(std::string message) { return fail(TreeError::Kind::System, std::move(message)); }

  struct Level {
    explicit Level(Validator& v) : v_(v) { v_.depth_++; }
    ~Level() { v_.depth_--; }
    Validator& v_;
  };
  bool deep() {
    return depth_ <= maxDepth_ ||
           fail(TreeError::Kind::Recursion, "maximum recursion depth exceeded during compilation");
  }

  bool position(const Node* n) {
    if (n->line > n->endLine) {
      return value(cat("AST node line range (", n->line, ", ", n->endLine, ") is not valid"));
    }
    if ((n->line < 0 && n->endLine != n->line) || (n->col < 0 && n->col != n->endCol)) {
      return value(cat("AST node column range (", n->col, ", ", n->endCol, ") for line range (",
                       n->line, ", ", n->endLine, ") is not valid"));
    }
    if (n->line == n->endLine && n->col > n->endCol) {
      return value(
          cat("line ", n->line, ", column ", n->col, "-", n->endCol, " is not a valid range"));
    }
    return true;
  }

  bool name(Identifier id) {
    for (const char* word : {"None", "True", "False"}) {
      if (id->view() == word)
        return value(cat("identifier field can't represent '", word, "' constant"));
    }
    return true;
  }

  template <class T>
  bool notEmpty(const Seq<T>& items, const char* what, const char* owner) {
    return !items.empty() || value(cat("empty ", what, " on ", owner));
  }
  // `body` of a statement.
  bool body(const Seq<Stmt*>& items, const char* owner) {
    return notEmpty(items, "body", owner) && stmts(items);
  }

  // --- expressions ---

  bool load(const Expr* e) { return expr(e, ExprContext::Load); }
  bool loadIf(const Expr* e) { return !e || load(e); }
  bool loads(const Seq<Expr*>& items, bool mayBeNull = false) {
    return exprs(items, ExprContext::Load, mayBeNull);
  }
  bool exprs(const Seq<Expr*>& items, ExprContext context, bool mayBeNull = false) {
    for (const Expr* e : items) {
      if (e ? !expr(e, context) : !mayBeNull && !value("None disallowed in expression list"))
        return false;
    }
    return true;
  }

  bool constant(const ConstantValue& v) {
    using C = ConstantValue::Kind;
    if (v.kind == C::Other) return type(cat("got an invalid type in Constant: ", v.text->view()));
    if (v.kind != C::Tuple && v.kind != C::FrozenSet) return true;
    Level level(*this);
    if (!deep()) return false;
    for (u32 i = 0; i < v.itemCount; i++) {
      if (!constant(v.items[i])) return false;
    }
    return true;
  }

  bool comprehensions(const Seq<Comprehension*>& generators) {
    if (generators.empty()) return value("comprehension with no generators");
    for (const Comprehension* c : generators) {
      if (!expr(c->target, ExprContext::Store) || !load(c->iter) || !loads(c->ifs)) return false;
    }
    return true;
  }

  bool keywords(const Seq<Keyword*>& items) {
    for (const Keyword* k : items) {
      if (!load(k->value)) return false;
    }
    return true;
  }

  bool params(const Seq<Arg*>& items) {
    for (const Arg* a : items) {
      if (!param(a)) return false;
    }
    return true;
  }
  bool param(const Arg* a) { return !a || (position(a) && loadIf(a->annotation)); }

  bool arguments(const Arguments* a) {
    if (!params(a->posonlyargs) || !params(a->args) || !param(a->vararg) ||
        !params(a->kwonlyargs) || !param(a->kwarg)) {
      return false;
    }
    if (a->defaults.size() > a->posonlyargs.size() + a->args.size())
      return value("more positional defaults than args on arguments");
    if (a->kwDefaults.size() != a->kwonlyargs.size())
      return value("length of kwonlyargs is not the same as kw_defaults on arguments");
    return loads(a->defaults) && loads(a->kwDefaults, true);
  }

  static bool contextOf(const Expr* e, ExprContext* out) {
    switch (e->kind) {
      case Kind::Attribute:
        *out = as<Attribute>(e)->ctx;
        return true;
      case Kind::Subscript:
        *out = as<Subscript>(e)->ctx;
        return true;
      case Kind::Starred:
        *out = as<Starred>(e)->ctx;
        return true;
      case Kind::Name:
        *out = as<Name>(e)->ctx;
        return true;
      case Kind::List:
        *out = as<List>(e)->ctx;
        return true;
      case Kind::Tuple:
        *out = as<Tuple>(e)->ctx;
        return true;
      default:
        return false;
    }
  }

  bool formatted(const Expr* e, i32 conversion, const Expr* spec) {
    if (!load(e) || !loadIf(spec)) return false;
    return conversion == -1 || conversion == 'a' || conversion == 'r' || conversion == 's' ||
           system(cat("Unrecognized conversion character ", conversion));
  }

  bool expr(const Expr* e, ExprContext context) {
    Level level(*this);
    if (!deep() || !position(e)) return false;
    ExprContext actual;
    if (contextOf(e, &actual)) {
      if (e->kind == Kind::Name && !name(as<Name>(e)->id)) return false;
      if (actual != context) {
        return value(cat("expression must have ", contextName(context), " context but has ",
                         contextName(actual), " instead"));
      }
    } else if (context != ExprContext::Load) {
      return value(
          cat("expression which can't be assigned to in ", contextName(context), " context"));
    }
    return parts(e, context);
  }

  bool parts(const Expr* e, ExprContext context) {
    switch (e->kind) {
      case Kind::BoolOp:
        if (as<BoolOp>(e)->values.size() < 2) return value("BoolOp with less than 2 values");
        return loads(as<BoolOp>(e)->values);
      case Kind::NamedExpr:
        if (as<NamedExpr>(e)->target->kind != Kind::Name)
          return type("NamedExpr target must be a Name");
        return load(as<NamedExpr>(e)->value);
      case Kind::BinOp:
        return load(as<BinOp>(e)->left) && load(as<BinOp>(e)->right);
      case Kind::UnaryOp:
        return load(as<UnaryOp>(e)->operand);
      case Kind::Lambda:
        return arguments(as<Lambda>(e)->args) && load(as<Lambda>(e)->body);
      case Kind::IfExp:
        return load(as<IfExp>(e)->test) && load(as<IfExp>(e)->body) && load(as<IfExp>(e)->orelse);
      case Kind::Dict:
        if (as<Dict>(e)->keys.size() != as<Dict>(e)->values.size())
          return value("Dict doesn't have the same number of keys as values");
        return loads(as<Dict>(e)->keys, true) && loads(as<Dict>(e)->values);
      case Kind::Set:
        return loads(as<Set>(e)->elts);
      case Kind::ListComp:
        return comprehensions(as<ListComp>(e)->generators) && load(as<ListComp>(e)->elt);
      case Kind::SetComp:
        return comprehensions(as<SetComp>(e)->generators) && load(as<SetComp>(e)->elt);
      case Kind::GeneratorExp:
        return comprehensions(as<GeneratorExp>(e)->generators) && load(as<GeneratorExp>(e)->elt);
      case Kind::DictComp:
        return comprehensions(as<DictComp>(e)->generators) && load(as<DictComp>(e)->key) &&
               load(as<DictComp>(e)->value);
      case Kind::Yield:
        return loadIf(as<Yield>(e)->value);
      case Kind::YieldFrom:
        return load(as<YieldFrom>(e)->value);
      case Kind::Await:
        return load(as<Await>(e)->value);
      case Kind::Compare: {
        auto* c = as<Compare>(e);
        if (c->comparators.empty()) return value("Compare with no comparators");
        if (c->comparators.size() != c->ops.size())
          return value("Compare has a different number of comparators and operands");
        return loads(c->comparators) && load(c->left);
      }
      case Kind::Call:
        return load(as<Call>(e)->func) && loads(as<Call>(e)->args) &&
               keywords(as<Call>(e)->keywords);
      case Kind::Constant:
        return constant(as<Constant>(e)->value);
      case Kind::JoinedStr:
        return loads(as<JoinedStr>(e)->values);
      case Kind::TemplateStr:
        return loads(as<TemplateStr>(e)->values);
      case Kind::FormattedValue: {
        auto* f = as<FormattedValue>(e);
        return formatted(f->value, f->conversion, f->formatSpec);
      }
      case Kind::Interpolation: {
        auto* i = as<Interpolation>(e);
        return constant(i->str) && formatted(i->value, i->conversion, i->formatSpec);
      }
      case Kind::Attribute:
        return load(as<Attribute>(e)->value);
      case Kind::Subscript:
        return load(as<Subscript>(e)->slice) && load(as<Subscript>(e)->value);
      case Kind::Starred:
        return expr(as<Starred>(e)->value, context);
      case Kind::Slice:
        return loadIf(as<Slice>(e)->lower) && loadIf(as<Slice>(e)->upper) &&
               loadIf(as<Slice>(e)->step);
      case Kind::List:
        return exprs(as<List>(e)->elts, context);
      case Kind::Tuple:
        return exprs(as<Tuple>(e)->elts, context);
      case Kind::Name:
        return true;
      default:
        return system("unexpected expression");
    }
  }

  // --- patterns ---

  static bool isNumber(const Expr* e, bool real, bool imaginary) {
    if (e->kind != Kind::Constant) return false;
    using C = ConstantValue::Kind;
    C kind = as<Constant>(e)->value.kind;
    return (real && (kind == C::Int || kind == C::Float)) || (imaginary && kind == C::Complex);
  }
  static bool isNegative(const Expr* e, bool real, bool imaginary) {
    return e->kind == Kind::UnaryOp && as<UnaryOp>(e)->op == UnaryOperator::USub &&
           isNumber(as<UnaryOp>(e)->operand, real, imaginary);
  }
  static bool isComplex(const BinOp* e) {
    if (e->op != Operator::Add && e->op != Operator::Sub) return false;
    return (isNumber(e->left, true, false) || isNegative(e->left, true, false)) &&
           isNumber(e->right, false, true);
  }

  bool patternValue(const Expr* e) {
    if (!load(e)) return false;
    switch (e->kind) {
      case Kind::Constant: {
        using C = ConstantValue::Kind;
        C kind = as<Constant>(e)->value.kind;
        return kind == C::Int || kind == C::Float || kind == C::Bytes || kind == C::Complex ||
               kind == C::Str || value("unexpected constant inside of a literal pattern");
      }
      case Kind::Attribute:
      case Kind::JoinedStr:  // the compiler has a message for it
        return true;
      case Kind::UnaryOp:
        if (isNegative(e, true, true)) return true;
        break;
      case Kind::BinOp:
        if (isComplex(as<BinOp>(e))) return true;
        break;
      default:
        break;
    }
    return value("patterns may only match literals and attribute lookups");
  }

  bool capture(Identifier id) {
    if (id->view() == "_") return value("can't capture name '_' in patterns");
    return name(id);
  }

  bool patterns(const Seq<Pattern*>& items, bool star) {
    for (const Pattern* p : items) {
      if (!p) return value("None disallowed in pattern list");
      if (!pattern(p, star)) return false;
    }
    return true;
  }

  static bool isSingleton(const ConstantValue& v) {
    using C = ConstantValue::Kind;
    return v.kind == C::None || v.kind == C::True || v.kind == C::False;
  }

  bool mapping(const MatchMapping* m) {
    if (m->keys.size() != m->patterns.size())
      return value("MatchMapping doesn't have the same number of keys as patterns");
    if (m->rest && !capture(m->rest)) return false;
    for (const Expr* key : m->keys) {
      if (!key) return value("None disallowed in expression list");
      if (key->kind == Kind::Constant && isSingleton(as<Constant>(key)->value)) continue;
      if (!patternValue(key)) return false;
    }
    return patterns(m->patterns, false);
  }

  bool classPattern(const MatchClass* c) {
    if (c->kwdAttrs.size() != c->kwdPatterns.size()) {
      return value("MatchClass doesn't have the same number of keyword attributes as patterns");
    }
    if (!load(c->cls)) return false;
    const Expr* cls = c->cls;
    while (cls->kind == Kind::Attribute) cls = as<Attribute>(cls)->value;
    if (cls->kind != Kind::Name)
      return value("MatchClass cls field can only contain Name or Attribute nodes.");
    for (Identifier id : c->kwdAttrs) {
      if (!name(id)) return false;
    }
    return patterns(c->patterns, false) && patterns(c->kwdPatterns, false);
  }

  bool pattern(const Pattern* p, bool star) {
    Level level(*this);
    if (!deep() || !position(p)) return false;
    switch (p->kind) {
      case Kind::MatchValue:
        return patternValue(as<MatchValue>(p)->value);
      case Kind::MatchSingleton:
        return isSingleton(as<MatchSingleton>(p)->value) ||
               value("MatchSingleton can only contain True, False and None");
      case Kind::MatchSequence:
        return patterns(as<MatchSequence>(p)->patterns, true);
      case Kind::MatchMapping:
        return mapping(as<MatchMapping>(p));
      case Kind::MatchClass:
        return classPattern(as<MatchClass>(p));
      case Kind::MatchStar:
        if (!star) return value("can't use MatchStar here");
        return !as<MatchStar>(p)->name || capture(as<MatchStar>(p)->name);
      case Kind::MatchAs: {
        auto* a = as<MatchAs>(p);
        if (a->name && !capture(a->name)) return false;
        if (!a->pattern) return true;
        if (!a->name) return value("MatchAs must specify a target name if a pattern is given");
        return pattern(a->pattern, false);
      }
      case Kind::MatchOr:
        if (as<MatchOr>(p)->patterns.size() < 2)
          return value("MatchOr requires at least 2 patterns");
        return patterns(as<MatchOr>(p)->patterns, false);
      default:
        return system("unexpected pattern");
    }
  }

  // --- statements ---

  bool typeParams(const Seq<TypeParam*>& items) {
    for (const TypeParam* p : items) {
      if (!p) return value("None disallowed in type parameter list");
      if (!position(p)) return false;
      const Expr* bound = nullptr;
      const Expr* defaultValue = nullptr;
      Identifier id;
      switch (p->kind) {
        case Kind::TypeVar:
          id = as<TypeVar>(p)->name;
          bound = as<TypeVar>(p)->bound;
          defaultValue = as<TypeVar>(p)->defaultValue;
          break;
        case Kind::ParamSpec:
          id = as<ParamSpec>(p)->name;
          defaultValue = as<ParamSpec>(p)->defaultValue;
          break;
        default:
          id = as<TypeVarTuple>(p)->name;
          defaultValue = as<TypeVarTuple>(p)->defaultValue;
          break;
      }
      if (!name(id) || !loadIf(bound) || !loadIf(defaultValue)) return false;
    }
    return true;
  }

  bool stmts(const Seq<Stmt*>& items) {
    for (const Stmt* s : items) {
      if (!s) return value("None disallowed in statement list");
      if (!stmt(s)) return false;
    }
    return true;
  }

  bool aliases(const Seq<Alias*>& items) {
    for (const Alias* a : items) {
      if (!name(a->asname ? a->asname : a->name)) return false;
    }
    return true;
  }
  template <class F>
  bool function(const F* f, const char* owner) {
    return name(f->name) && body(f->body, owner) && typeParams(f->typeParams) &&
           arguments(f->args) && loads(f->decoratorList) && loadIf(f->returns);
  }
  template <class F>
  bool forLoop(const F* f, const char* owner) {
    return expr(f->target, ExprContext::Store) && load(f->iter) && body(f->body, owner) &&
           stmts(f->orelse);
  }
  template <class W>
  bool with(const W* w, const char* owner) {
    if (!notEmpty(w->items, "items", owner)) return false;
    for (const WithItem* item : w->items) {
      if (!load(item->contextExpr) ||
          (item->optionalVars && !expr(item->optionalVars, ExprContext::Store))) {
        return false;
      }
    }
    return body(w->body, owner);
  }
  template <class T>
  bool tryStmt(const T* s, const char* owner) {
    if (!body(s->body, owner)) return false;
    if (s->handlers.empty() && s->finalbody.empty())
      return value(cat(owner, " has neither except handlers nor finalbody"));
    if (s->handlers.empty() && !s->orelse.empty())
      return value(cat(owner, " has orelse but no except handlers"));
    for (const Handler* h : s->handlers) {
      if (!h) return value("None disallowed in handler list");
      auto* handler = as<ExceptHandler>(h);
      if (!position(handler) || !loadIf(handler->type) || !body(handler->body, "ExceptHandler"))
        return false;
      if (T::kKind == Kind::Try && handler->name && !name(handler->name)) return false;
    }
    if (!stmts(s->orelse) || !stmts(s->finalbody)) return false;
    // CPython finds this later, as an unbalanced stack.
    for (const Handler* h : s->handlers) {
      if (T::kKind == Kind::TryStar && !as<ExceptHandler>(h)->type)
        return value("TryStar has a handler without type");
    }
    return true;
  }
  bool assignTargets(const Seq<Expr*>& targets, ExprContext context, const char* owner) {
    return notEmpty(targets, "targets", owner) && exprs(targets, context);
  }
  // Kinds that only a single target may have; CPython finds this in its code generator.
  bool singleTarget(const Expr* e, const char* what) {
    return e->kind == Kind::Name || e->kind == Kind::Attribute || e->kind == Kind::Subscript ||
           system(cat("invalid node type (", int(e->kind) - int(Kind::BoolOp) + 1, ") for ", what,
                      " assignment"));
  }

  bool stmt(const Stmt* s) {
    Level level(*this);
    if (!deep() || !position(s)) return false;
    switch (s->kind) {
      case Kind::FunctionDef:
        return function(as<FunctionDef>(s), "FunctionDef");
      case Kind::AsyncFunctionDef:
        return function(as<AsyncFunctionDef>(s), "AsyncFunctionDef");
      case Kind::ClassDef: {
        auto* c = as<ClassDef>(s);
        return name(c->name) && body(c->body, "ClassDef") && typeParams(c->typeParams) &&
               loads(c->bases) && keywords(c->keywords) && loads(c->decoratorList);
      }
      case Kind::Return:
        return loadIf(as<Return>(s)->value);
      case Kind::Delete:
        return assignTargets(as<Delete>(s)->targets, ExprContext::Del, "Delete");
      case Kind::Assign:
        return assignTargets(as<Assign>(s)->targets, ExprContext::Store, "Assign") &&
               load(as<Assign>(s)->value);
      case Kind::AugAssign: {
        auto* a = as<AugAssign>(s);
        return expr(a->target, ExprContext::Store) && load(a->value) &&
               singleTarget(a->target, "augmented");
      }
      case Kind::AnnAssign: {
        auto* a = as<AnnAssign>(s);
        if (a->target->kind != Kind::Name && a->simple)
          return type("AnnAssign with simple non-Name target");
        return expr(a->target, ExprContext::Store) && loadIf(a->value) && load(a->annotation) &&
               singleTarget(a->target, "annotated");
      }
      case Kind::TypeAlias: {
        auto* a = as<TypeAlias>(s);
        if (a->name->kind != Kind::Name) return type("TypeAlias with non-Name name");
        return expr(a->name, ExprContext::Store) && typeParams(a->typeParams) && load(a->value);
      }
      case Kind::For:
        return forLoop(as<For>(s), "For");
      case Kind::AsyncFor:
        return forLoop(as<AsyncFor>(s), "AsyncFor");
      case Kind::While:
        return load(as<While>(s)->test) && body(as<While>(s)->body, "While") &&
               stmts(as<While>(s)->orelse);
      case Kind::If:
        return load(as<If>(s)->test) && body(as<If>(s)->body, "If") && stmts(as<If>(s)->orelse);
      case Kind::With:
        return with(as<With>(s), "With");
      case Kind::AsyncWith:
        return with(as<AsyncWith>(s), "AsyncWith");
      case Kind::Match: {
        auto* m = as<Match>(s);
        if (!load(m->subject) || !notEmpty(m->cases, "cases", "Match")) return false;
        for (const MatchCase* c : m->cases) {
          if (!pattern(c->pattern, false) || !loadIf(c->guard) || !body(c->body, "match_case"))
            return false;
        }
        return true;
      }
      case Kind::Raise:
        if (as<Raise>(s)->exc) return load(as<Raise>(s)->exc) && loadIf(as<Raise>(s)->cause);
        return !as<Raise>(s)->cause || value("Raise with cause but no exception");
      case Kind::Try:
        return tryStmt(as<Try>(s), "Try");
      case Kind::TryStar:
        return tryStmt(as<TryStar>(s), "TryStar");
      case Kind::Assert:
        return load(as<Assert>(s)->test) && loadIf(as<Assert>(s)->msg);
      case Kind::Import:
        return notEmpty(as<Import>(s)->names, "names", "Import") && aliases(as<Import>(s)->names);
      case Kind::ImportFrom:
        if (as<ImportFrom>(s)->level < 0) return value("Negative ImportFrom level");
        return notEmpty(as<ImportFrom>(s)->names, "names", "ImportFrom") &&
               aliases(as<ImportFrom>(s)->names);
      case Kind::Global:
        return notEmpty(as<Global>(s)->names, "names", "Global");
      case Kind::Nonlocal:
        return notEmpty(as<Nonlocal>(s)->names, "names", "Nonlocal");
      case Kind::ExprStmt:
        return load(as<ExprStmt>(s)->value);
      case Kind::Pass:
      case Kind::Break:
      case Kind::Continue:
        return true;
      default:
        return system("unexpected statement");
    }
  }

  int maxDepth_;
  int depth_ = 0;
  TreeError error_;
};

}  // namespace

TreeError validate(const Mod& mod, int maxDepth) { return Validator(maxDepth).run(mod); }

}  // namespace dx::frontend
