// What may be assigned to or deleted.
#include "frontend/parser_impl.h"

namespace dx::frontend {

using namespace ast;

// A copy of `expr`, and of the displays and names in it, with another context.
Expr* Parser::withContext(Expr* expr, ExprContext context) {
  auto all = [&](Seq<Expr*> in) {
    Seq<Expr*> out;
    out.count = in.count;
    out.items = arena_.array<Expr*>(in.count);
    for (u32 i = 0; i < in.count; i++) out.items[i] = withContext(in[i], context);
    return out;
  };
  Span at = expr->span();
  switch (expr->kind) {
    case Kind::Name:
      return arena_.make<Name>(at, as<Name>(expr)->id, context);
    case Kind::Tuple:
      return arena_.make<Tuple>(at, all(as<Tuple>(expr)->elts), context);
    case Kind::List:
      return arena_.make<ast::List>(at, all(as<ast::List>(expr)->elts), context);
    case Kind::Subscript:
      return arena_.make<Subscript>(at, as<Subscript>(expr)->value, as<Subscript>(expr)->slice,
                                    context);
    case Kind::Attribute:
      return arena_.make<Attribute>(at, as<Attribute>(expr)->value, as<Attribute>(expr)->attr,
                                    context);
    case Kind::Starred:
      return arena_.make<Starred>(at, withContext(as<Starred>(expr)->value, context), context);
    default:
      return expr;
  }
}

// Whether an expression could have been read as star_targets (or, without stars, as a
// single_target).
bool Parser::isValidTarget(const Expr* expr, bool allowStar) {
  switch (expr->kind) {
    case Kind::Name:
    case Kind::Subscript:
    case Kind::Attribute:
      return true;
    case Kind::Starred:
      return allowStar && !is<Starred>(as<Starred>(expr)->value) &&
             isValidTarget(as<Starred>(expr)->value, true);
    case Kind::Tuple:
    case Kind::List: {
      if (!allowStar) return false;
      for (const Expr* item :
           expr->kind == Kind::Tuple ? as<Tuple>(expr)->elts : as<ast::List>(expr)->elts) {
        if (!isValidTarget(item, true)) return false;
      }
      return true;
    }
    default:
      return false;
  }
}

Expr* Parser::starTargets() {
  int start = mark_;
  Expr* first = starTarget();
  if (!first) return nullptr;
  if (!at(T::Comma)) return failed_ ? nullptr : first;
  List<Expr*> items(*this);
  items.add(first);
  for (;;) {
    int before = mark_;
    if (!expect(T::Comma)) break;
    Expr* next = starTarget();
    if (!next) {
      mark_ = before + 1;
      break;
    }
    items.add(next);
  }
  if (failed_) return nullptr;
  return arena_.make<Tuple>(since(start), items.seq(), ExprContext::Store);
}

Expr* Parser::starTarget() {
  return memo(Rule::StarTarget, [&]() -> Expr* {
    int start = mark_;
    if (expect(T::Star)) {
      if (!at(T::Star)) {
        if (Expr* target = starTarget()) {
          return arena_.make<Starred>(since(start), withContext(target, ExprContext::Store),
                                      ExprContext::Store);
        }
      }
      if (failed_) return nullptr;
      mark_ = start;
    }
    return targetWithStarAtom();
  });
}

// t_primary '.' NAME !t_lookahead | t_primary '[' slices ']' !t_lookahead
Expr* Parser::subscriptOrAttribute(ExprContext context) {
  int start = mark_;
  T type = peek();
  if (type == T::KwAwait) return nullptr;
  Expr* expr = atom();
  if (!expr) return nullptr;
  int afterAtom = mark_;
  for (;;) {
    T next = peek();
    if (next != T::Dot && next != T::LPar && next != T::LSqb) break;
    int before = mark_;
    Expr* longer = trailer(expr, start, true);
    if (next == T::LSqb && diagnosing_ && !failed_ &&
        (!longer || !lookaheadAny({T::Dot, T::LPar, T::LSqb}))) {
      // Here CPython looks for a generator expression.
      int end = mark_;
      mark_ = before;
      genExp();
      mark_ = end;
    }
    if (!longer) return nullptr;
    expr = longer;
  }
  if (failed_ || mark_ == afterAtom) return nullptr;
  if (expr->kind == Kind::Attribute)
    as<Attribute>(expr)->ctx = context;
  else if (expr->kind == Kind::Subscript)
    as<Subscript>(expr)->ctx = context;
  else
    return nullptr;
  return expr;
}

Expr* Parser::targetWithStarAtom() {
  return memo(Rule::TargetWithStarAtom, [&]() -> Expr* {
    int start = mark_;
    if (Expr* expr = subscriptOrAttribute(ExprContext::Store)) return expr;
    if (failed_) return nullptr;
    mark_ = start;
    return starAtom();
  });
}

Expr* Parser::starAtom() {
  int start = mark_;
  if (Name* target = name()) {
    target->ctx = ExprContext::Store;
    return target;
  }
  if (expect(T::LPar)) {
    if (Expr* target = targetWithStarAtom(); target && expect(T::RPar)) {
      return withContext(target, ExprContext::Store);
    }
    if (failed_) return nullptr;
    mark_ = start + 1;
    // star_targets_tuple_seq: a lone target needs its comma.
    List<Expr*> items(*this);
    bool comma = true;
    while (comma) {
      int before = mark_;
      Expr* item = starTarget();
      if (!item) {
        mark_ = before;
        break;
      }
      items.add(item);
      comma = expect(T::Comma) != nullptr;
    }
    if (items.size() == 1 && !comma) return nullptr;
    if (!expect(T::RPar)) return nullptr;
    return arena_.make<Tuple>(since(start), items.seq(), ExprContext::Store);
  }
  if (expect(T::LSqb)) {
    List<Expr*> items(*this);
    for (;;) {
      int before = mark_;
      Expr* item = starTarget();
      if (!item) {
        mark_ = before;
        break;
      }
      items.add(item);
      if (!expect(T::Comma)) break;
    }
    if (!expect(T::RSqb)) return nullptr;
    return arena_.make<ast::List>(since(start), items.seq(), ExprContext::Store);
  }
  return nullptr;
}

Expr* Parser::singleSubscriptAttributeTarget() { return subscriptOrAttribute(ExprContext::Store); }

Expr* Parser::singleTarget() {
  int start = mark_;
  if (Expr* expr = singleSubscriptAttributeTarget()) return expr;
  if (failed_) return nullptr;
  mark_ = start;
  if (Name* target = name()) {
    target->ctx = ExprContext::Store;
    return target;
  }
  if (!expect(T::LPar)) return nullptr;
  Expr* inner = singleTarget();
  return inner && expect(T::RPar) ? inner : nullptr;
}

// ','.del_target+ [',']
bool Parser::delTargets(List<Expr*>& out) {
  size_t before = out.size();
  for (;;) {
    int mark = mark_;
    Expr* item = delTarget();
    if (!item) {
      mark_ = mark;
      break;
    }
    out.add(item);
    if (!expect(T::Comma)) break;
  }
  return out.size() > before && !failed_;
}

Expr* Parser::delTarget() {
  return memo(Rule::DelTarget, [&]() -> Expr* {
    int start = mark_;
    if (Expr* expr = subscriptOrAttribute(ExprContext::Del)) return expr;
    if (failed_) return nullptr;
    mark_ = start;
    if (Name* target = name()) {
      target->ctx = ExprContext::Del;
      return target;
    }
    bool paren = at(T::LPar);
    if (!paren && !at(T::LSqb)) return nullptr;
    mark_++;
    if (paren) {
      if (Expr* inner = delTarget(); inner && expect(T::RPar)) {
        return withContext(inner, ExprContext::Del);
      }
      if (failed_) return nullptr;
      mark_ = start + 1;
    }
    List<Expr*> items(*this);
    delTargets(items);
    if (!expect(paren ? T::RPar : T::RSqb)) return nullptr;
    if (paren) return arena_.make<Tuple>(since(start), items.seq(), ExprContext::Del);
    return arena_.make<ast::List>(since(start), items.seq(), ExprContext::Del);
  });
}

}  // namespace dx::frontend
