// Simple statements.
#include "frontend/parser_impl.h"

namespace dx::frontend {

using namespace ast;

Stmt* Parser::simpleStmt() {
  if (!secondPass_) return simpleStmtBody();
  return memo(Rule::SimpleStmt, [&] { return simpleStmtBody(); });
}

template <class S>
Stmt* Parser::keywordStmt(T keyword) {
  int start = mark_;
  if (!expect(keyword)) return nullptr;
  return arena_.make<S>(since(start));
}

Stmt* Parser::simpleStmtBody() {
  int start = mark_;
  switch (peek()) {
    case T::KwReturn:
    case T::KwImport:
    case T::KwFrom:
    case T::KwRaise:
    case T::KwPass:
    case T::KwDel:
    case T::KwYield:
    case T::KwAssert:
    case T::KwBreak:
    case T::KwContinue:
    case T::KwGlobal:
    case T::KwNonlocal:
      break;
    default:
      if (secondPass_) {
        if (Stmt* stmt = assignment()) return stmt;
        if (failed_) return nullptr;
        mark_ = start;
        if (Stmt* stmt = typeAlias()) return stmt;
        if (failed_) return nullptr;
        mark_ = start;
        Expr* value = starExpressions();
        if (!value) return nullptr;
        return arena_.make<ExprStmt>(since(start), value);
      }
      if (atSoftKeyword("type") && peekSecond() == T::Name) {
        if (Stmt* stmt = typeAlias()) return stmt;
        if (failed_) return nullptr;
        mark_ = start;
      }
      return assignmentOrExpression();
  }
  if (secondPass_) {
    // CPython tries these first; their recognizers may see a mistake in `yield x = 1`.
    if (Stmt* stmt = assignment()) return stmt;
    if (failed_) return nullptr;
    mark_ = start;
    starExpressions();
    if (failed_) return nullptr;
    mark_ = start;
  }
  switch (peek()) {
    case T::KwReturn:
      return returnStmt();
    case T::KwImport:
    case T::KwFrom:
      return importStmt();
    case T::KwRaise:
      return raiseStmt();
    case T::KwPass:
      return keywordStmt<Pass>(T::KwPass);
    case T::KwDel:
      return delStmt();
    case T::KwYield: {
      Expr* value = yieldExpr();
      if (!value) return nullptr;
      return arena_.make<ExprStmt>(since(start), value);
    }
    case T::KwAssert:
      return assertStmt();
    case T::KwBreak:
      return keywordStmt<Break>(T::KwBreak);
    case T::KwContinue:
      return keywordStmt<Continue>(T::KwContinue);
    case T::KwGlobal:
      return globalStmt(false);
    case T::KwNonlocal:
      return globalStmt(true);
    default:
      return nullptr;
  }
}

bool Parser::augAssign(Operator* op) {
  switch (peek()) {
    case T::PlusEqual:
      *op = Operator::Add;
      break;
    case T::MinEqual:
      *op = Operator::Sub;
      break;
    case T::StarEqual:
      *op = Operator::Mult;
      break;
    case T::AtEqual:
      *op = Operator::MatMult;
      mark_++;
      return checkVersion(5, "The '@' operator is");
    case T::SlashEqual:
      *op = Operator::Div;
      break;
    case T::PercentEqual:
      *op = Operator::Mod;
      break;
    case T::AmperEqual:
      *op = Operator::BitAnd;
      break;
    case T::VBarEqual:
      *op = Operator::BitOr;
      break;
    case T::CircumflexEqual:
      *op = Operator::BitXor;
      break;
    case T::LeftShiftEqual:
      *op = Operator::LShift;
      break;
    case T::RightShiftEqual:
      *op = Operator::RShift;
      break;
    case T::DoubleStarEqual:
      *op = Operator::Pow;
      break;
    case T::DoubleSlashEqual:
      *op = Operator::FloorDiv;
      break;
    default:
      return false;
  }
  mark_++;
  return true;
}

Expr* Parser::annotatedRhs() { return at(T::KwYield) ? yieldExpr() : starExpressions(); }

// First pass: reads an expression, then sees whether it was a target.
Stmt* Parser::assignmentOrExpression() {
  int start = mark_;
  bool plainName = at(T::Name);
  Expr* first = starExpressions();
  if (!first) return nullptr;
  Operator op;
  switch (peek()) {
    case T::Equal: {
      List<Expr*> targets(*this);
      Expr* value = first;
      while (at(T::Equal)) {
        if (!isValidTarget(value, true)) return nullptr;
        targets.add(withContext(value, ExprContext::Store));
        mark_++;
        bool isYield = at(T::KwYield);
        value = annotatedRhs();
        if (!value || (isYield && at(T::Equal))) return nullptr;
      }
      const PToken* comment = expect(T::TypeComment);
      if (failed_) return nullptr;
      return arena_.make<Assign>(since(start), targets.seq(), value, typeCommentOf(comment));
    }
    case T::Colon: {
      if (!isValidTarget(first, false)) return nullptr;
      bool simple = plainName && is<Name>(first);
      mark_++;
      Expr* annotation = expression();
      if (!annotation) return nullptr;
      Expr* value = nullptr;
      if (expect(T::Equal)) {
        value = annotatedRhs();
        if (!value) return nullptr;
      }
      if (failed_ || !checkVersion(6, simple ? "Variable annotation syntax is"
                                             : "Variable annotations syntax is")) {
        return nullptr;
      }
      return arena_.make<AnnAssign>(since(start), withContext(first, ExprContext::Store),
                                    annotation, value, simple ? 1 : 0);
    }
    default:
      break;
  }
  if (augAssign(&op)) {
    if (!isValidTarget(first, false)) return nullptr;
    Expr* value = annotatedRhs();
    if (!value) return nullptr;
    return arena_.make<AugAssign>(since(start), withContext(first, ExprContext::Store), op, value);
  }
  if (failed_) return nullptr;
  return arena_.make<ExprStmt>(since(start), first);
}

// Second pass: in CPython's order.
Stmt* Parser::assignment() {
  int start = mark_;
  auto annotated = [&](Expr* target, bool simple) -> Stmt* {
    Expr* annotation = expression();
    if (!annotation) return nullptr;
    int end = mark_;
    Expr* value = nullptr;
    if (expect(T::Equal)) {
      value = annotatedRhs();
      if (!value) mark_ = end;
    }
    if (failed_ || !checkVersion(6, simple ? "Variable annotation syntax is"
                                           : "Variable annotations syntax is")) {
      return nullptr;
    }
    return arena_.make<AnnAssign>(since(start), target, annotation, value, simple ? 1 : 0);
  };
  if (Name* target = name()) {
    if (expect(T::Colon)) {
      target->ctx = ExprContext::Store;
      if (Stmt* stmt = annotated(target, true)) return stmt;
    }
  }
  if (failed_) return nullptr;
  mark_ = start;
  {
    Expr* target = nullptr;
    if (expect(T::LPar)) {
      target = singleTarget();
      if (target && !expect(T::RPar)) target = nullptr;
    }
    if (!target && !failed_) {
      mark_ = start;
      target = singleSubscriptAttributeTarget();
    }
    if (target && expect(T::Colon)) {
      if (Stmt* stmt = annotated(target, false)) return stmt;
    }
  }
  if (failed_) return nullptr;
  mark_ = start;
  {
    List<Expr*> targets(*this);
    int end = mark_;
    for (;;) {
      Expr* target = starTargets();
      if (!target || !expect(T::Equal)) break;
      targets.add(target);
      end = mark_;
    }
    if (failed_) return nullptr;
    mark_ = end;
    if (targets.size() > 0) {
      Expr* value = annotatedRhs();
      if (value && !at(T::Equal)) {
        const PToken* comment = expect(T::TypeComment);
        if (failed_) return nullptr;
        return arena_.make<Assign>(since(start), targets.seq(), value, typeCommentOf(comment));
      }
    }
  }
  if (failed_) return nullptr;
  mark_ = start;
  if (Expr* target = singleTarget()) {
    Operator op;
    if (augAssign(&op)) {
      // Committed.
      Expr* value = annotatedRhs();
      if (!value) return nullptr;
      return arena_.make<AugAssign>(since(start), target, op, value);
    }
  }
  if (failed_) return nullptr;
  mark_ = start;
  if (diagnosing_) invalidAssignment();
  return nullptr;
}

Stmt* Parser::returnStmt() {
  int start = mark_++;
  int afterKeyword = mark_;
  Expr* value = starExpressions();
  if (failed_) return nullptr;
  if (!value) mark_ = afterKeyword;
  return arena_.make<Return>(since(start), value);
}

Stmt* Parser::raiseStmt() {
  int start = mark_++;
  int afterKeyword = mark_;
  Expr* exc = expression();
  if (exc && at(T::KwFrom)) {
    int beforeFrom = mark_++;
    if (Expr* cause = expression()) return arena_.make<Raise>(since(start), exc, cause);
    mark_ = beforeFrom;
  }
  if (failed_) return nullptr;
  if (!exc) mark_ = afterKeyword;
  return arena_.make<Raise>(since(start), exc, nullptr);
}

Stmt* Parser::delStmt() {
  int start = mark_++;
  List<Expr*> targets(*this);
  if (delTargets(targets) && (at(T::Semi) || at(T::Newline))) {
    return arena_.make<Delete>(since(start), targets.seq());
  }
  if (failed_ || !diagnosing_) return nullptr;
  mark_ = start;
  invalidDel();
  return nullptr;
}

Stmt* Parser::assertStmt() {
  int start = mark_++;
  Expr* test = expression();
  if (!test) return nullptr;
  Expr* message = nullptr;
  int end = mark_;
  if (expect(T::Comma)) {
    message = expression();
    if (!message) mark_ = end;
  }
  if (failed_) return nullptr;
  return arena_.make<Assert>(since(start), test, message);
}

Stmt* Parser::globalStmt(bool nonlocal) {
  int start = mark_++;
  std::vector<Identifier> names;
  int end = mark_;
  do {
    const PToken* token = expect(T::Name);
    if (!token) break;
    names.push_back(identifier(token));
    end = mark_;
  } while (expect(T::Comma));
  if (names.empty() || failed_) return nullptr;
  mark_ = end;
  Seq<Identifier> seq;
  seq.count = u32(names.size());
  seq.items = arena_.array<Identifier>(names.size());
  for (size_t i = 0; i < names.size(); i++) seq.items[i] = names[i];
  if (nonlocal) return arena_.make<Nonlocal>(since(start), seq);
  return arena_.make<Global>(since(start), seq);
}

// --- imports

Stmt* Parser::importStmt() {
  auto body = [&]() -> Stmt* {
    int start = mark_;
    if (diagnosing_) {
      invalidImport();
      mark_ = start;
      if (failed_) return nullptr;
    }
    return at(T::KwImport) ? importName() : importFrom();
  };
  if (!secondPass_) return body();
  return memo(Rule::Import, body);
}

Stmt* Parser::importName() {
  int start = mark_;
  if (!expect(T::KwImport)) return nullptr;
  List<Alias*> names(*this);
  int end = mark_;
  do {
    Alias* alias = dottedAsName();
    if (!alias) break;
    names.add(alias);
    end = mark_;
  } while (expect(T::Comma));
  if (failed_ || names.size() == 0) return nullptr;
  mark_ = end;
  return arena_.make<Import>(since(start), names.seq());
}

Alias* Parser::dottedAsName() {
  int start = mark_;
  if (diagnosing_) {
    invalidDottedAsName();
    mark_ = start;
    if (failed_) return nullptr;
  }
  Name* module = dottedName();
  if (!module) return nullptr;
  Identifier asName = nullptr;
  int end = mark_;
  if (expect(T::KwAs)) {
    const PToken* token = expect(T::Name);
    if (token)
      asName = identifier(token);
    else
      mark_ = end;
  }
  if (failed_) return nullptr;
  return arena_.make<Alias>(since(start), module->id, asName);
}

Name* Parser::dottedName() {
  int start = mark_;
  Name* result = name();
  if (!result || !at(T::Dot)) return result;
  std::string path(result->id->view());
  while (at(T::Dot)) {
    int before = mark_++;
    const PToken* token = expect(T::Name);
    if (!token) {
      mark_ = before;
      break;
    }
    path += '.';
    path += identifier(token)->view();
  }
  if (failed_) return nullptr;
  return arena_.make<Name>(since(start), arena_.intern(path), ExprContext::Load);
}

Stmt* Parser::importFrom() {
  int start = mark_;
  if (!expect(T::KwFrom)) return nullptr;
  int level = 0;
  while (at(T::Dot) || at(T::Ellipsis)) {
    level += at(T::Dot) ? 1 : 3;
    mark_++;
  }
  Name* module = at(T::Name) ? dottedName() : nullptr;
  if (!module && level == 0) return nullptr;
  if (!expect(T::KwImport)) return nullptr;
  Seq<Alias*>* names = importFromTargets();
  if (!names) return nullptr;
  if (module && level == 0 && module->id->view() == "__future__") {
    for (Alias* alias : *names) {
      if (alias->name->view() == "barry_as_FLUFL") barry_ = true;
    }
  }
  return arena_.make<ImportFrom>(since(start), module ? module->id : nullptr, *names, level);
}

Seq<Alias*>* Parser::importFromTargets() {
  int start = mark_;
  List<Alias*> names(*this);
  if (expect(T::LPar)) {
    if (importFromAsNames(names)) {
      expect(T::Comma);
      if (expect(T::RPar)) return arena_.make<Seq<Alias*>>(names.seq());
    }
  } else if (at(T::Star)) {
    mark_++;
    names.add(arena_.make<Alias>(since(start), arena_.intern("*"), nullptr));
    return arena_.make<Seq<Alias*>>(names.seq());
  } else if (importFromAsNames(names) && !at(T::Comma)) {
    return failed_ ? nullptr : arena_.make<Seq<Alias*>>(names.seq());
  }
  if (failed_ || !diagnosing_) return nullptr;
  mark_ = start;
  invalidImportFromTargets();
  return nullptr;
}

bool Parser::importFromAsNames(List<Alias*>& out) {
  size_t before = out.size();
  int end = mark_;
  do {
    Alias* alias = importFromAsName();
    if (!alias) break;
    out.add(alias);
    end = mark_;
  } while (expect(T::Comma));
  mark_ = end;
  return out.size() > before && !failed_;
}

Alias* Parser::importFromAsName() {
  int start = mark_;
  if (diagnosing_) {
    invalidImportFromAsName();
    mark_ = start;
    if (failed_) return nullptr;
  }
  const PToken* token = expect(T::Name);
  if (!token) return nullptr;
  Identifier asName = nullptr;
  int end = mark_;
  if (expect(T::KwAs)) {
    const PToken* as = expect(T::Name);
    if (as)
      asName = identifier(as);
    else
      mark_ = end;
  }
  if (failed_) return nullptr;
  return arena_.make<Alias>(since(start), identifier(token), asName);
}

// "type" NAME [type_params] '=' expression
Stmt* Parser::typeAlias() {
  int start = mark_;
  if (!expectSoftKeyword("type")) return nullptr;
  Name* target = name();
  if (!target) return nullptr;
  int afterName = mark_;
  Seq<TypeParam*>* parameters = at(T::LSqb) ? typeParams() : nullptr;
  if (failed_) return nullptr;
  if (!parameters) mark_ = afterName;
  if (!expect(T::Equal)) return nullptr;
  Expr* value = expression();
  if (!value || !checkVersion(12, "Type statement is")) return nullptr;
  target->ctx = ExprContext::Store;
  return arena_.make<TypeAlias>(since(start), target, parameters ? *parameters : Seq<TypeParam*>{},
                                value);
}

}  // namespace dx::frontend
