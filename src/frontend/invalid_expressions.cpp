// Mistakes in expressions that have reports of their own. Only in the second pass; see
// invalid_statements.cpp.
#include "frontend/parser_impl.h"

namespace dx::frontend {

using namespace ast;

namespace {

bool isLegacyStatement(const Expr* expr) {
  const Name* name = dynAs<Name>(expr);
  return name && (name->id->view() == "print" || name->id->view() == "exec");
}

Expr* lastOf(Seq<Comprehension*> clauses) {
  Comprehension* last = clauses.back();
  return last->ifs.empty() ? last->iter : last->ifs.back();
}

constexpr const char* kNeedsParentheses = "Generator expression must be parenthesized";
constexpr const char* kMaybeEqual = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";

}  // namespace

void Parser::invalidExpression() {
  int start = mark_;
  // STRING (!STRING expression_without_invalid)+ STRING
  if (expect(T::String)) {
    Expr* first = nullptr;
    Expr* last = nullptr;
    int count = repeat([&] {
      if (at(T::String)) return false;
      Expr* item = expressionWithoutInvalid();
      if (item) last = item;
      if (!first) first = item;
      return item != nullptr;
    });
    if (count > 0 && expect(T::String)) {
      raiseRange(first, last, "invalid syntax. Is this intended to be part of the string?");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // !(NAME STRING | SOFT_KEYWORD) disjunction expression_without_invalid
  if (!(at(T::Name) && peekSecond() == T::String) && !atAnySoftKeyword()) {
    Expr* a = disjunction();
    Expr* b = a ? expressionWithoutInvalid() : nullptr;
    if (b && !isLegacyStatement(a) && tokens_[mark_ - 1]->level != 0) {
      raiseRange(a, b, "invalid syntax. Perhaps you forgot a comma?");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // disjunction 'if' disjunction !('else' | ':')
  // disjunction 'if' disjunction 'else' !expression
  if (Expr* a = disjunction(); a && expect(T::KwIf)) {
    if (Expr* b = disjunction()) {
      if (!lookaheadAny({T::KwElse, T::Colon})) {
        raiseRange(a, b, "expected 'else' after 'if' expression");
        return;
      }
      if (expect(T::KwElse)) {
        int before = mark_;
        bool good = expression() != nullptr;
        mark_ = before;
        if (!good) {
          raiseOnNext("expected expression after 'else', but statement is given");
          return;
        }
      }
    }
  }
  if (failed_) return;
  mark_ = start;
  // ('pass' | 'break' | 'continue') 'if' disjunction 'else' simple_stmt
  if (const PToken* a = expectAny({T::KwPass, T::KwBreak, T::KwContinue})) {
    if (expect(T::KwIf) && disjunction() && expect(T::KwElse) && simpleStmt()) {
      raiseOn(a, "expected expression before 'if', but statement is given");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // 'lambda' [lambda_params] ':' &(FSTRING_MIDDLE | TSTRING_MIDDLE)
  if (const PToken* a = expect(T::KwLambda)) {
    int before = mark_;
    if (!params(true)) mark_ = before;
    if (failed_) return;
    if (const PToken* b = expect(T::Colon)) {
      if (at(T::FStringMiddle) || at(T::TStringMiddle)) {
        raiseRange(a, b,
                   std::string(at(T::FStringMiddle) ? "f" : "t") +
                       "-string: lambda expressions are not allowed without parentheses");
      }
    }
  }
}

void Parser::invalidLegacyExpression() {
  // NAME !'(' star_expressions
  Name* a = name();
  if (!a || at(T::LPar)) return;
  Expr* b = starExpressions();
  if (b && isLegacyStatement(a)) {
    std::string id(a->id->view());
    raiseRange(a, b, "Missing parentheses in call to '" + id + "'. Did you mean " + id + "(...)?");
  }
}

void Parser::invalidNamedExpression() {
  memo(Rule::InvalidNamedExpression, [&]() -> Expr* {
    int start = mark_;
    // expression ':=' expression
    if (Expr* a = expression()) {
      if (expect(T::ColonEqual) && expression()) {
        return raiseOn(a, std::string("cannot use assignment expressions with ") + exprName(a));
      }
    }
    if (failed_) return nullptr;
    mark_ = start;
    // NAME '=' bitwise_or !('=' | ':=')
    if (Name* a = name()) {
      if (expect(T::Equal)) {
        Expr* b = bitwiseOr();
        if (b && !lookaheadAny({T::Equal, T::ColonEqual})) return raiseRange(a, b, kMaybeEqual);
      }
    }
    if (failed_) return nullptr;
    mark_ = start;
    // !(list | tuple | genexp | 'True' | 'None' | 'False') bitwise_or '=' bitwise_or
    //     !('=' | ':=')
    if (lookaheadAny({T::KwTrue, T::KwNone, T::KwFalse})) return nullptr;
    bool isDisplay = at(T::LSqb) && list();
    mark_ = start;
    if (!isDisplay && at(T::LPar)) {
      isDisplay = tuple() != nullptr;
      mark_ = start;
    }
    if (!isDisplay && !failed_) isDisplay = genExp() != nullptr;
    if (failed_ || isDisplay) return nullptr;
    mark_ = start;
    if (Expr* a = bitwiseOr()) {
      if (expect(T::Equal) && bitwiseOr() && !lookaheadAny({T::Equal, T::ColonEqual})) {
        return raiseOn(a, std::string("cannot assign to ") + exprName(a) +
                              " here. Maybe you meant '==' instead of '='?");
      }
    }
    return nullptr;
  });
}

void Parser::invalidArithmetic() {
  // sum ('+' | '-' | '*' | '/' | '%' | '//' | '@') 'not' inversion
  if (!binary(4)) return;
  if (!expectAny({T::Plus, T::Minus, T::Star, T::Slash, T::Percent, T::DoubleSlash, T::At})) return;
  const PToken* a = expect(T::KwNot);
  Expr* b = a ? inversion() : nullptr;
  if (b) raiseRange(a, b, "'not' after an operator must be parenthesized");
}

void Parser::invalidFactor() {
  // ('+' | '-' | '~') 'not' factor
  if (!expectAny({T::Plus, T::Minus, T::Tilde})) return;
  const PToken* a = expect(T::KwNot);
  Expr* b = a ? factor() : nullptr;
  if (b) raiseRange(a, b, "'not' after an operator must be parenthesized");
}

// --- displays and comprehensions

void Parser::invalidComprehension() {
  int start = mark_;
  // ('[' | '(' | '{') starred_expression for_if_clauses
  if (expectAny({T::LSqb, T::LPar, T::LBrace})) {
    Expr* a = starredExpression();
    if (a && forIfClauses()) {
      raiseOn(a, "iterable unpacking cannot be used in comprehension");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // ('[' | '{') star_named_expression ',' star_named_expressions for_if_clauses
  if (expectAny({T::LSqb, T::LBrace})) {
    Expr* a = starNamedExpression();
    if (a && expect(T::Comma)) {
      List<Expr*> items(*this);
      if (starNamedExpressions(items)) {
        Expr* last = items.last();
        if (forIfClauses()) {
          raiseRange(a, last, "did you forget parentheses around the comprehension target?");
          return;
        }
      }
    }
  }
  if (failed_) return;
  mark_ = start;
  // ('[' | '{') star_named_expression ',' for_if_clauses
  if (expectAny({T::LSqb, T::LBrace})) {
    Expr* a = starNamedExpression();
    const PToken* b = a ? expect(T::Comma) : nullptr;
    if (b && forIfClauses()) {
      raiseRange(a, b, "did you forget parentheses around the comprehension target?");
    }
  }
}

void Parser::invalidDictComprehension() {
  // '{' '**' bitwise_or for_if_clauses '}'
  if (!expect(T::LBrace)) return;
  const PToken* a = expect(T::DoubleStar);
  if (a && bitwiseOr() && forIfClauses() && expect(T::RBrace)) {
    raiseOn(a, "dict unpacking cannot be used in dict comprehension");
  }
}

void Parser::invalidGroup() {
  int start = mark_;
  if (!expect(T::LPar)) return;
  // '(' starred_expression ')'
  if (Expr* a = starredExpression(); a && expect(T::RPar)) {
    raiseOn(a, "cannot use starred expression here");
    return;
  }
  if (failed_) return;
  mark_ = start + 1;
  // '(' '**' expression ')'
  if (const PToken* a = expect(T::DoubleStar)) {
    if (expression() && expect(T::RPar)) raiseOn(a, "cannot use double starred expression here");
  }
}

void Parser::invalidDoubleStarredKvPairs() {
  int start = mark_;
  // ','.double_starred_kvpair+ ',' invalid_kvpair
  if (gather([&] { return doubleStarredKvPair(); }) && expect(T::Comma)) invalidKvPair();
  if (failed_) return;
  mark_ = start;
  // expression ':' '*' bitwise_or
  if (expression() && expect(T::Colon)) {
    const PToken* a = expect(T::Star);
    if (a && bitwiseOr()) {
      raiseFrom(a, "cannot use a starred expression in a dictionary value");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // expression ':' &('}' | ',')
  if (expression()) {
    const PToken* a = expect(T::Colon);
    if (a && lookaheadAny({T::RBrace, T::Comma})) {
      raiseOn(a, "expression expected after dictionary key and ':'");
    }
  }
}

void Parser::invalidKvPair() {
  Expr* a = expression();
  if (!a) return;
  // expression !':'
  const PToken* colon = expect(T::Colon);
  if (!colon) {
    if (failed_) return;
    raiseAt(ErrorKind::Syntax, a->line, a->endCol - 1, a->endLine, -1,
            "':' expected after dictionary key");
    return;
  }
  int before = mark_;
  // expression ':' '*' bitwise_or
  const PToken* star = expect(T::Star);
  if (star && bitwiseOr()) {
    raiseFrom(star, "cannot use a starred expression in a dictionary value");
    return;
  }
  if (failed_) return;
  mark_ = before;
  // expression ':' &('}' | ',')
  if (lookaheadAny({T::RBrace, T::Comma})) {
    raiseOn(colon, "expression expected after dictionary key and ':'");
  }
}

// --- calls

void Parser::invalidArguments() {
  int start = mark_;
  // ((','.positional+ ',' kwargs) | kwargs) ',' ','.(starred_expression !'=')+
  {
    auto tryStarred = [&] {
      const PToken* comma = expect(T::Comma);
      if (comma && gather([&] { return starredExpression() && !at(T::Equal); })) {
        raiseFrom(comma, "iterable argument unpacking follows keyword argument unpacking");
      }
    };
    List<KeywordOrStarred*> rest(*this);
    bool matched = gather([&] { return positionalArgument(); }) && expect(T::Comma) && kwargs(rest);
    if (failed_) return;
    if (!matched) {
      mark_ = start;
      rest.truncate(0);
      matched = kwargs(rest);
    }
    if (failed_) return;
    if (matched) tryStarred();
    if (failed_) return;
  }
  mark_ = start;
  // expression for_if_clauses ',' [args | expression for_if_clauses]
  if (Expr* a = expression()) {
    Seq<Comprehension*>* b = forIfClauses();
    if (b && expect(T::Comma)) {
      int before = mark_;
      if (!args()) {
        mark_ = before;
        if (!expression() || !forIfClauses()) mark_ = before;
      }
      if (failed_) return;
      raiseRange(a, lastOf(*b), kNeedsParentheses);
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // NAME '=' expression for_if_clauses
  if (Name* a = name()) {
    const PToken* b = expect(T::Equal);
    if (b && expression() && forIfClauses()) {
      raiseRange(a, b, kMaybeEqual);
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // (args ',')? NAME '=' &(',' | ')')
  if (!args() || !expect(T::Comma)) mark_ = start;
  if (failed_) return;
  if (Name* a = name()) {
    const PToken* b = expect(T::Equal);
    if (b && lookaheadAny({T::Comma, T::RPar})) {
      raiseRange(a, b, "expected argument value expression");
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // args for_if_clauses
  if (Call* a = args()) {
    Seq<Comprehension*>* b = forIfClauses();
    if (b && a->args.count > 1) {
      raiseRange(a->args.back(), lastOf(*b), kNeedsParentheses);
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // args ',' expression for_if_clauses
  if (args() && expect(T::Comma)) {
    if (Expr* a = expression()) {
      if (Seq<Comprehension*>* b = forIfClauses()) {
        raiseRange(a, lastOf(*b), kNeedsParentheses);
        return;
      }
    }
  }
  if (failed_) return;
  mark_ = start;
  // args ',' args
  if (Call* a = args()) {
    if (expect(T::Comma) && args()) {
      bool unpacking = false;
      for (Keyword* keyword : a->keywords) unpacking |= keyword->arg == nullptr;
      raiseLast(unpacking ? "positional argument follows keyword argument unpacking"
                          : "positional argument follows keyword argument");
    }
  }
}

void Parser::invalidKwarg() {
  int start = mark_;
  // ('True' | 'False' | 'None') '='
  if (const PToken* a = expectAny({T::KwTrue, T::KwFalse, T::KwNone})) {
    if (const PToken* b = expect(T::Equal)) {
      raiseRange(a, b, "cannot assign to " + std::string(a->text));
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // NAME '=' expression for_if_clauses
  if (Name* a = name()) {
    const PToken* b = expect(T::Equal);
    if (b && expression() && forIfClauses()) {
      raiseRange(a, b, kMaybeEqual);
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // !(NAME '=') expression '='
  if (!(at(T::Name) && peekSecond() == T::Equal)) {
    if (Expr* a = expression()) {
      if (const PToken* b = expect(T::Equal)) {
        raiseRange(a, b, "expression cannot contain assignment, perhaps you meant \"==\"?");
        return;
      }
    }
  }
  if (failed_) return;
  mark_ = start;
  // '**' expression '=' expression
  if (const PToken* a = expect(T::DoubleStar)) {
    if (expression() && expect(T::Equal)) {
      if (Expr* b = expression()) raiseRange(a, b, "cannot assign to keyword argument unpacking");
    }
  }
}

void Parser::invalidStarredUnpacking() {
  // '*' expression '=' expression
  const PToken* a = expect(T::Star);
  if (!a || !expression() || !expect(T::Equal)) return;
  if (Expr* b = expression()) raiseRange(a, b, "cannot assign to iterable argument unpacking");
}

// --- strings

void Parser::invalidStringConcat() {
  int start = mark_;
  Expr* last = nullptr;
  auto plain = [&] {
    Expr* part = at(T::String) ? string() : at(T::FStringStart) ? fstring(false) : nullptr;
    if (part) last = part;
    return part != nullptr;
  };
  auto templated = [&] {
    Expr* part = at(T::TStringStart) ? fstring(true) : nullptr;
    if (part) last = part;
    return part != nullptr;
  };
  constexpr const char* kMixed = "cannot mix t-string literals with string or bytes literals";
  // (fstring | string)+ tstring
  if (repeat(plain)) {
    Expr* a = last;
    if (templated()) {
      raiseRange(a, last, kMixed);
      return;
    }
  }
  if (failed_) return;
  mark_ = start;
  // tstring+ (fstring | string)
  if (repeat(templated)) {
    Expr* a = last;
    if (plain()) raiseRange(a, last, kMixed);
  }
}

void Parser::invalidReplacementField(bool isTemplate) {
  int start = mark_;
  std::string prefix = isTemplate ? "t-string: " : "f-string: ";
  if (!expect(T::LBrace)) return;
  // '{' ('=' | '!' | ':' | '}')
  if (const PToken* a = expectAny({T::Equal, T::Exclamation, T::Colon, T::RBrace})) {
    raiseOn(a, prefix + "valid expression required before '" + std::string(a->text) + "'");
    return;
  }
  // '{' !annotated_rhs
  if (!annotatedRhs()) {
    mark_ = start + 1;
    raiseOnNext(prefix + "expecting a valid expression after '{'");
    return;
  }
  if (failed_) return;
  int afterValue = mark_;
  // '{' annotated_rhs !('=' | '!' | ':' | '}')
  if (!lookaheadAny({T::Equal, T::Exclamation, T::Colon, T::RBrace})) {
    raiseOnNext(prefix + "expecting '=', or '!', or ':', or '}'");
    return;
  }
  // '{' annotated_rhs '=' !('!' | ':' | '}')
  if (expect(T::Equal)) {
    afterValue = mark_;
    if (!lookaheadAny({T::Exclamation, T::Colon, T::RBrace})) {
      raiseOnNext(prefix + "expecting '!', or ':', or '}'");
      return;
    }
  }
  // '{' annotated_rhs '='? invalid_conversion_character
  if (expect(T::Exclamation)) {
    if (lookaheadAny({T::Colon, T::RBrace})) {
      raiseOnNext(prefix + "missing conversion character");
      return;
    }
    if (!at(T::Name)) {
      raiseOnNext(prefix + "invalid conversion character");
      return;
    }
    mark_++;
    afterValue = mark_;
  }
  mark_ = afterValue;
  // '{' annotated_rhs '='? ['!' NAME] !(':' | '}')
  if (!lookaheadAny({T::Colon, T::RBrace})) {
    raiseOnNext(prefix + "expecting ':' or '}'");
    return;
  }
  // '{' annotated_rhs '='? ['!' NAME] ':' fstring_format_spec* !'}'
  if (expect(T::Colon)) {
    repeat([&] { return formatSpecPart(false); });
    if (!at(T::RBrace)) {
      raiseOnNext(prefix + "expecting '}', or format specs");
      return;
    }
  }
  if (failed_) return;
  mark_ = afterValue;
  // '{' annotated_rhs '='? ['!' NAME] !'}'
  if (!at(T::RBrace)) raiseOnNext(prefix + "expecting '}'");
}

}  // namespace dx::frontend
