// Mistakes in statements that have reports of their own. Only in the second pass.
//
// The alternatives of each recognizer are tried in order from the same place; a comment
// before each says its form.
#include "frontend/parser_impl.h"

namespace dx::frontend {

using namespace ast;

void Parser::invalidAssignment() {
  int start = mark_;
  // (list | tuple, in any brackets) ':' expression
  if (Expr* a = invalidAnnAssignTarget()) {
    if (expect(T::Colon) && expression()) {
      raiseOn(a, std::string("only single target (not ") + exprName(a) + ") can be annotated");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // star_named_expression ',' star_named_expressions* ':' expression
  if (Expr* a = starNamedExpression()) {
    if (expect(T::Comma)) {
      repeat([&] {
        List<Expr*> items(*this);
        return starNamedExpressions(items);
      });
      if (expect(T::Colon) && expression()) {
        raiseOn(a, "only single target (not tuple) can be annotated");
        return;
      }
    }
  }
  if (failed_) return;
  mark_ = start;
  // expression ':' expression
  if (Expr* a = expression()) {
    if (expect(T::Colon) && expression()) {
      raiseOn(a, "illegal target for annotation");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  auto targets = [&] { return starTargets() && expect(T::Equal); };
  // (star_targets '=')* star_expressions '='
  repeat(targets);
  if (Expr* a = starExpressions()) {
    if (expect(T::Equal)) {
      raiseInvalidTarget(TargetKind::Star, a);
      if (failed_) return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // (star_targets '=')* yield_expr '='
  repeat(targets);
  if (Expr* a = yieldExpr()) {
    if (expect(T::Equal)) {
      raiseOn(a, "assignment to yield expression not possible");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // star_expressions augassign annotated_rhs
  if (Expr* a = starExpressions()) {
    Operator op;
    if (augAssign(&op) && annotatedRhs()) {
      raiseOn(a, std::string("'") + exprName(a) +
                     "' is an illegal expression for augmented assignment");
    }
  }
}

Expr* Parser::invalidAnnAssignTarget() {
  Depth depth(*this, 20);
  if (tooDeep()) return nullptr;
  int start = mark_;
  if (Expr* a = list()) return a;
  if (failed_) return nullptr;
  mark_ = start;
  if (Expr* a = tuple()) return a;
  if (failed_) return nullptr;
  mark_ = start;
  if (!expect(T::LPar)) return nullptr;
  Expr* a = invalidAnnAssignTarget();
  return a && expect(T::RPar) ? a : nullptr;
}

void Parser::invalidDel() {
  if (!expect(T::KwDel)) return;
  if (Expr* a = starExpressions()) raiseInvalidTarget(TargetKind::Del, a);
}

void Parser::invalidBlock() {
  if (atMissingBlock()) raiseLast("expected an indented block", ErrorKind::Indentation);
}

// --- imports

void Parser::invalidImport() {
  int start = mark_;
  const PToken* a = expect(T::KwImport);
  if (!a) return;
  // 'import' ','.dotted_name+ 'from' dotted_name
  if (gather([&] { return dottedName(); }) && expect(T::KwFrom) && dottedName()) {
    raiseFrom(a, "Did you mean to use 'from ... import ...' instead?");
    return;
  }
  if (failed_) return;
  mark_ = start + 1;
  // 'import' NEWLINE
  if (const PToken* newline = expect(T::Newline)) {
    raiseFrom(newline, "Expected one or more names after 'import'");
  }
}

void Parser::invalidDottedAsName() {
  // dotted_name 'as' !(NAME (',' | ')' | ';' | NEWLINE)) expression
  if (!dottedName() || !expect(T::KwAs)) return;
  int before = mark_;
  if (expect(T::Name) && lookaheadAny({T::Comma, T::RPar, T::Semi, T::Newline})) return;
  if (failed_) return;
  mark_ = before;
  if (Expr* a = expression()) {
    raiseOn(a, std::string("cannot use ") + exprName(a) + " as import target");
  }
}

void Parser::invalidImportFromAsName() {
  // NAME 'as' !(NAME (',' | ')' | ';' | NEWLINE)) expression
  if (!expect(T::Name) || !expect(T::KwAs)) return;
  int before = mark_;
  if (expect(T::Name) && lookaheadAny({T::Comma, T::RPar, T::Semi, T::Newline})) return;
  if (failed_) return;
  mark_ = before;
  if (Expr* a = expression()) {
    raiseOn(a, std::string("cannot use ") + exprName(a) + " as import target");
  }
}

void Parser::invalidImportFromTargets() {
  int start = mark_;
  {
    // import_from_as_names ',' NEWLINE
    List<Alias*> names(*this);
    if (importFromAsNames(names) && expect(T::Comma) && expect(T::Newline)) {
      raiseLast("trailing comma not allowed without surrounding parentheses");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // NEWLINE
  if (const PToken* newline = expect(T::Newline)) {
    raiseFrom(newline, "Expected one or more names after 'import'");
  }
}

// --- blocks

// if, elif, while
void Parser::invalidIf(T keyword, const char* what) {
  const PToken* a = expect(keyword);
  if (!a || !namedExpression()) return;
  // keyword named_expression NEWLINE
  if (at(T::Newline)) {
    mark_++;
    raiseLast("expected ':'");
    return;
  }
  // keyword named_expression ':' NEWLINE !INDENT
  if (expect(T::Colon) && atMissingBlock()) raiseIndent(what, a);
}

void Parser::invalidElse() {
  int start = mark_;
  const PToken* a = expect(T::KwElse);
  if (!a) return;
  // 'else' ':' NEWLINE !INDENT
  if (expect(T::Colon) && atMissingBlock()) {
    raiseIndent("'else' statement", a);
    return;
  }
  if (failed_) return;
  mark_ = start + 1;
  // 'else' ':' block 'elif'
  if (expect(T::Colon) && block() && expect(T::KwElif)) {
    raiseLast("'elif' block follows an 'else' block");
  }
}

void Parser::invalidFor() {
  // ['async'] 'for' star_targets 'in' star_expressions (NEWLINE | ':' NEWLINE !INDENT)
  expect(T::KwAsync);
  const PToken* a = expect(T::KwFor);
  if (!a || !starTargets() || !expect(T::KwIn) || !starExpressions()) return;
  if (expect(T::Newline)) {
    raiseLast("expected ':'");
    return;
  }
  if (expect(T::Colon) && atMissingBlock()) raiseIndent("'for' statement", a);
}

void Parser::invalidForTarget() {
  // ['async'] 'for' star_expressions
  expect(T::KwAsync);
  if (!expect(T::KwFor)) return;
  if (Expr* a = starExpressions()) raiseInvalidTarget(TargetKind::For, a);
}

void Parser::invalidForIfClause() {
  // ['async'] 'for' bitwise_or (',' bitwise_or)* [','] !'in'
  expect(T::KwAsync);
  if (!expect(T::KwFor) || !bitwiseOr()) return;
  repeat([&] { return expect(T::Comma) && bitwiseOr(); });
  expect(T::Comma);
  if (!failed_ && !at(T::KwIn)) raiseLast("'in' expected after for-loop variables");
}

// ','.(expression ['as' star_target])+, in brackets with expressions and a trailing comma.
bool Parser::withItemsLoose(bool parenthesized) {
  if (parenthesized && !expect(T::LPar)) return false;
  int count = gather([&]() -> bool {
    if (!(parenthesized ? expressions() : expression())) return false;
    int before = mark_;
    if (!expect(T::KwAs) || !starTarget()) mark_ = before;
    return !failed_;
  });
  if (count == 0) return false;
  if (parenthesized) {
    expect(T::Comma);
    return expect(T::RPar) != nullptr;
  }
  return true;
}

void Parser::invalidWithIndent() {
  int start = mark_;
  for (bool parenthesized : {false, true}) {
    // ['async'] 'with' items ':' NEWLINE !INDENT
    mark_ = start;
    expect(T::KwAsync);
    const PToken* a = expect(T::KwWith);
    if (!a) return;
    if (withItemsLoose(parenthesized) && expect(T::Colon) && atMissingBlock()) {
      raiseIndent("'with' statement", a);
      return;
    }
    if (failed_) return;
  }
}

void Parser::invalidWith() {
  int start = mark_;
  for (bool parenthesized : {false, true}) {
    // ['async'] 'with' items NEWLINE
    mark_ = start;
    expect(T::KwAsync);
    if (!expect(T::KwWith)) return;
    if (withItemsLoose(parenthesized) && expect(T::Newline)) {
      raiseLast("expected ':'");
      return;
    }
    if (failed_) return;
  }
}

void Parser::invalidWithItem() {
  // expression 'as' expression &(',' | ')' | ':')
  if (!expression() || !expect(T::KwAs)) return;
  Expr* a = expression();
  if (a && lookaheadAny({T::Comma, T::RPar, T::Colon})) raiseInvalidTarget(TargetKind::Star, a);
}

void Parser::invalidTry() {
  int start = mark_;
  const PToken* a = expect(T::KwTry);
  if (!a || !expect(T::Colon)) return;
  // 'try' ':' NEWLINE !INDENT
  if (atMissingBlock()) {
    raiseIndent("'try' statement", a);
    return;
  }
  if (failed_) return;
  mark_ = start + 2;
  // 'try' ':' block !('except' | 'finally')
  if (block() && !lookaheadAny({T::KwExcept, T::KwFinally})) {
    if (!failed_) raiseLast("expected 'except' or 'finally' block");
    return;
  }
  if (failed_) return;
  auto asName = [&] {
    int before = mark_;
    if (!expect(T::KwAs) || !expect(T::Name)) mark_ = before;
  };
  mark_ = start + 2;
  // 'try' ':' block* except_block+ 'except' '*' expression ['as' NAME] ':'
  repeat([&] { return block(); });
  if (repeat([&] { return exceptBlock(); })) {
    const PToken* except = expect(T::KwExcept);
    const PToken* star = except ? expect(T::Star) : nullptr;
    if (star && expression()) {
      asName();
      if (expect(T::Colon)) {
        raiseRange(except, star, "cannot have both 'except' and 'except*' on the same 'try'");
        return;
      }
    }
  }
  if (failed_) return;
  mark_ = start + 2;
  // 'try' ':' block* except_star_block+ 'except' [expression ['as' NAME]] ':'
  repeat([&] { return block(); });
  if (repeat([&] { return exceptStarBlock(); })) {
    if (const PToken* except = expect(T::KwExcept)) {
      int before = mark_;
      if (expression())
        asName();
      else
        mark_ = before;
      if (expect(T::Colon)) {
        raiseOn(except, "cannot have both 'except' and 'except*' on the same 'try'");
      }
    }
  }
}

void Parser::invalidExcept(bool star) {
  int start = mark_;
  auto begin = [&] {
    mark_ = start;
    return expect(T::KwExcept) && (!star || expect(T::Star));
  };
  // expression ',' expressions 'as' NAME ':'
  if (!begin()) return;
  if (Expr* a = expression()) {
    if (expect(T::Comma) && expressions() && expect(T::KwAs) && expect(T::Name) &&
        expect(T::Colon)) {
      raiseFrom(a, "multiple exception types must be parenthesized when using 'as'");
      return;
    }
  }
  if (failed_ || !begin()) return;
  // expression ['as' NAME] NEWLINE
  if (expression()) {
    int before = mark_;
    if (!expect(T::KwAs) || !expect(T::Name)) mark_ = before;
    if (expect(T::Newline)) {
      raiseLast("expected ':'");
      return;
    }
  }
  if (failed_ || !begin()) return;
  if (star) {
    // (NEWLINE | ':')
    if (expectAny({T::Newline, T::Colon})) {
      raiseLast("expected one or more exception types");
      return;
    }
  } else if (expect(T::Newline)) {
    raiseLast("expected ':'");
    return;
  }
  if (failed_ || !begin()) return;
  // expression 'as' expression ':' block
  if (expression() && expect(T::KwAs)) {
    Expr* a = expression();
    if (a && expect(T::Colon) && block()) {
      raiseOn(a, std::string("cannot use except") + (star ? "*" : "") + " statement with " +
                     exprName(a));
    }
  }
}

void Parser::invalidExceptIndent(bool star) {
  int start = mark_;
  const PToken* a = expect(T::KwExcept);
  if (!a || (star && !expect(T::Star))) return;
  const char* what = star ? "'except*' statement" : "'except' statement";
  // expression ['as' NAME] ':' NEWLINE !INDENT
  if (expression()) {
    int before = mark_;
    if (!expect(T::KwAs) || !expect(T::Name)) mark_ = before;
    if (expect(T::Colon) && atMissingBlock()) {
      raiseIndent(what, a);
      return;
    }
  }
  if (failed_ || star) return;
  mark_ = start + 1;
  // ':' NEWLINE !INDENT
  if (expect(T::Colon) && atMissingBlock()) raiseIndent(what, a);
}

void Parser::invalidFinally() {
  const PToken* a = expect(T::KwFinally);
  if (a && expect(T::Colon) && atMissingBlock()) raiseIndent("'finally' statement", a);
}

// --- definitions

void Parser::invalidDef() {
  int start = mark_;
  for (bool forced : {false, true}) {
    // ['async'] 'def' NAME [type_params] '(' [params] ')' ['->' expression] ':' ...
    mark_ = start;
    expect(T::KwAsync);
    const PToken* a = expect(T::KwDef);
    if (!a || !expect(T::Name)) return;
    int before = mark_;
    if (!typeParams()) mark_ = before;
    if (failed_) return;
    if (!(forced ? expectForced(T::LPar, "(") : expect(T::LPar))) continue;
    before = mark_;
    if (!params(false)) mark_ = before;
    if (failed_) return;
    if (!expect(T::RPar)) continue;
    before = mark_;
    if (!expect(T::RArrow) || !expression()) mark_ = before;
    if (failed_) return;
    if (!(forced ? expectForced(T::Colon, ":") : expect(T::Colon))) continue;
    if (!forced) {
      // ... NEWLINE !INDENT
      if (atMissingBlock()) {
        raiseIndent("function definition", a);
        return;
      }
      continue;
    }
    before = mark_;
    if (!funcTypeComment()) mark_ = before;
    block();
  }
}

void Parser::invalidClassDef() {
  const PToken* a = expect(T::KwClass);
  if (!a || !expect(T::Name)) return;
  int before = mark_;
  if (!typeParams()) mark_ = before;
  if (failed_) return;
  before = mark_;
  if (expect(T::LPar)) {
    int afterOpen = mark_;
    if (!arguments()) mark_ = afterOpen;
    if (!expect(T::RPar)) mark_ = before;
  }
  if (failed_) return;
  // 'class' NAME [type_params] ['(' [arguments] ')'] (NEWLINE | ':' NEWLINE !INDENT)
  if (expect(T::Newline)) {
    raiseLast("expected ':'");
    return;
  }
  if (expect(T::Colon) && atMissingBlock()) raiseIndent("class definition", a);
}

void Parser::invalidDoubleTypeComments() {
  if (expect(T::TypeComment) && expect(T::Newline) && expect(T::TypeComment) &&
      expect(T::Newline) && expect(T::Indent)) {
    raiseLast("Cannot have two type comments on def");
  }
}

void Parser::invalidTypeParams() {
  // '[' ']'
  if (!expect(T::LSqb)) return;
  if (const PToken* close = expect(T::RSqb))
    raiseFrom(close, "Type parameter list cannot be empty");
}

void Parser::invalidTypeParam() {
  // ('*' | '**') NAME ':' expression
  const PToken* star = expectAny({T::Star, T::DoubleStar});
  if (!star || !expect(T::Name)) return;
  const PToken* colon = expect(T::Colon);
  if (!colon) return;
  if (Expr* e = expression()) {
    raiseFrom(colon, std::string("cannot use ") + (is<Tuple>(e) ? "constraints" : "bound") +
                         " with " + (star->type == T::Star ? "TypeVarTuple" : "ParamSpec"));
  }
}

// --- match

void Parser::invalidMatch() {
  // "match" subject_expr (NEWLINE | ':' NEWLINE !INDENT)
  const PToken* a = expectSoftKeyword("match");
  if (!a) return;
  int before = mark_;
  Expr* subject = starNamedExpression();
  if (subject && expect(T::Comma)) {
    List<Expr*> items(*this);
    starNamedExpressions(items);
  } else if (!failed_) {
    mark_ = before;
    subject = namedExpression();
  }
  if (!subject || failed_) return;
  if (expect(T::Newline)) {
    if (checkVersion(10, "Pattern matching is")) raiseLast("expected ':'");
    return;
  }
  if (expect(T::Colon) && atMissingBlock()) raiseIndent("'match' statement", a);
}

void Parser::invalidCase() {
  // "case" patterns guard? (NEWLINE | ':' NEWLINE !INDENT)
  const PToken* a = expectSoftKeyword("case");
  if (!a || !patterns()) return;
  int before = mark_;
  if (!expect(T::KwIf) || !namedExpression()) mark_ = before;
  if (failed_) return;
  if (expect(T::Newline)) {
    raiseLast("expected ':'");
    return;
  }
  if (expect(T::Colon) && atMissingBlock()) raiseIndent("'case' statement", a);
}

// After an or_pattern, at 'as'.
void Parser::invalidAsPattern() {
  int before = mark_++;
  // or_pattern 'as' "_"
  if (const PToken* a = expectSoftKeyword("_")) {
    raiseOn(a, "cannot use '_' as a target");
    return;
  }
  mark_ = before + 1;
  // or_pattern 'as' expression
  if (Expr* a = expression()) {
    raiseOn(a, std::string("cannot use ") + exprName(a) + " as pattern target");
  }
}

void Parser::invalidClassPattern() {
  // name_or_attr '(' [positional ','] keyword_patterns ',' positional
  if (!nameOrAttr() || !expect(T::LPar)) return;
  int before = mark_;
  if (!gather([&] { return pattern(); }) || !expect(T::Comma)) mark_ = before;
  if (failed_) return;
  if (!gather([&] { return keywordPattern(); }) || !expect(T::Comma)) return;
  Pattern* first = nullptr;
  Pattern* last = nullptr;
  if (gather([&] {
        Pattern* item = pattern();
        if (item) last = item;
        if (!first) first = item;
        return item != nullptr;
      })) {
    raiseRange(first, last, "positional patterns follow keyword patterns");
  }
}

}  // namespace dx::frontend
