// Expressions down to primaries.
#include "frontend/parser_impl.h"

namespace dx::frontend {

using namespace ast;

// expressions: expression (',' expression)* [',']
Expr* Parser::expressions() {
  int start = mark_;
  Expr* first = expression();
  if (!first || !at(T::Comma)) return first;
  List<Expr*> items(*this);
  items.add(first);
  for (;;) {
    int before = mark_;
    if (!expect(T::Comma)) break;
    Expr* next = expression();
    if (!next) {
      mark_ = before + 1;
      break;
    }
    items.add(next);
  }
  if (failed_) return nullptr;
  return arena_.make<Tuple>(since(start), items.seq(), ExprContext::Load);
}

Expr* Parser::expression() {
  if (!secondPass_) return expressionBody();
  return memo(Rule::Expression, [&] { return expressionBody(); });
}

Expr* Parser::expressionBody() {
  Depth depth(*this, 1);
  if (tooDeep()) return nullptr;
  int start = mark_;
  if (diagnosing_) {
    invalidExpression();
    mark_ = start;
    invalidLegacyExpression();
    mark_ = start;
    if (failed_) return nullptr;
  }
  if (at(T::KwLambda)) return lambdef();
  Expr* body = disjunction();
  if (!body || !at(T::KwIf)) return body;
  int afterBody = mark_;
  mark_++;
  if (Expr* test = disjunction(); test && expect(T::KwElse)) {
    if (Expr* orelse = expression()) {
      return arena_.make<IfExp>(since(start), test, body, orelse);
    }
  }
  if (failed_) return nullptr;
  mark_ = afterBody;
  return body;
}

// Like expression, with the recognizers of mistakes off.
Expr* Parser::expressionWithoutInvalid() {
  bool saved = diagnosing_;
  diagnosing_ = false;
  int start = mark_;
  Expr* result = nullptr;
  if (at(T::KwLambda)) {
    result = lambdef();
  } else if (Expr* body = disjunction()) {
    int afterBody = mark_;
    result = body;
    if (expect(T::KwIf)) {
      Expr* test = disjunction();
      Expr* orelse = test && expect(T::KwElse) ? expression() : nullptr;
      if (orelse)
        result = arena_.make<IfExp>(since(start), test, body, orelse);
      else
        mark_ = afterBody;
    }
  }
  diagnosing_ = saved;
  return failed_ ? nullptr : result;
}

Expr* Parser::lambdef() {
  Depth depth(*this, 1);
  int start = mark_;
  if (!expect(T::KwLambda)) return nullptr;
  int afterKeyword = mark_;
  Arguments* arguments = params(true);
  if (!arguments) {
    mark_ = afterKeyword;
    arguments = arena_.make<Arguments>();
  }
  if (!expect(T::Colon)) return nullptr;
  Expr* body = expression();
  if (!body) return nullptr;
  return arena_.make<Lambda>(since(start), arguments, body);
}

Expr* Parser::yieldExpr() {
  int start = mark_;
  if (!expect(T::KwYield)) return nullptr;
  int afterKeyword = mark_;
  if (expect(T::KwFrom)) {
    if (Expr* value = expression()) return arena_.make<YieldFrom>(since(start), value);
    if (failed_) return nullptr;
    mark_ = afterKeyword;
  }
  Expr* value = starExpressions();
  if (failed_) return nullptr;
  if (!value) mark_ = afterKeyword;
  return arena_.make<Yield>(since(start), value);
}

Expr* Parser::starExpressions() {
  int start = mark_;
  Expr* first = starExpression();
  if (!first || !at(T::Comma)) return first;
  List<Expr*> items(*this);
  items.add(first);
  for (;;) {
    int before = mark_;
    if (!expect(T::Comma)) break;
    Expr* next = starExpression();
    if (!next) {
      mark_ = before + 1;
      break;
    }
    items.add(next);
  }
  if (failed_) return nullptr;
  return arena_.make<Tuple>(since(start), items.seq(), ExprContext::Load);
}

Expr* Parser::starExpression() {
  auto body = [&]() -> Expr* {
    int start = mark_;
    if (expect(T::Star)) {
      if (Expr* value = bitwiseOr()) {
        return arena_.make<Starred>(since(start), value, ExprContext::Load);
      }
      if (failed_) return nullptr;
      mark_ = start;
    }
    return expression();
  };
  if (!secondPass_) return body();
  return memo(Rule::StarExpression, body);
}

// star_named_expressions: ','.star_named_expression+ [',']
bool Parser::starNamedExpressions(List<Expr*>& out) {
  size_t before = out.size();
  for (;;) {
    int mark = mark_;
    Expr* item = starNamedExpression();
    if (!item) {
      mark_ = mark;
      break;
    }
    out.add(item);
    if (!expect(T::Comma)) break;
  }
  return out.size() > before && !failed_;
}

Expr* Parser::starNamedExpression() {
  int start = mark_;
  if (expect(T::Star)) {
    if (Expr* value = bitwiseOr()) {
      return arena_.make<Starred>(since(start), value, ExprContext::Load);
    }
    if (failed_) return nullptr;
    mark_ = start;
  }
  return namedExpression();
}

// NAME ':=' ~ expression
Expr* Parser::assignmentExpression() {
  int start = mark_;
  if (!at(T::Name) || peekSecond() != T::ColonEqual) return nullptr;
  Name* target = name();
  mark_++;
  Expr* value = expression();
  if (!value || !checkVersion(8, "Assignment expressions are")) return nullptr;
  target->ctx = ExprContext::Store;
  return arena_.make<NamedExpr>(since(start), target, value);
}

Expr* Parser::namedExpression() {
  int start = mark_;
  if (at(T::Name) && peekSecond() == T::ColonEqual) {
    // Committed: the other alternatives are tried by CPython, but `:=` after a name fits none.
    if (Expr* named = assignmentExpression()) return named;
    if (failed_) return nullptr;
    mark_ = start;
  }
  if (diagnosing_) {
    invalidNamedExpression();
    mark_ = start;
    if (failed_) return nullptr;
  }
  Expr* expr = expression();
  if (!expr || at(T::ColonEqual)) return nullptr;
  return failed_ ? nullptr : expr;
}

Expr* Parser::disjunction() {
  auto body = [&]() -> Expr* {
    int start = mark_;
    Expr* first = conjunction();
    if (!first || !at(T::KwOr)) return first;
    List<Expr*> values(*this);
    values.add(first);
    int end = mark_;
    while (expect(T::KwOr)) {
      Expr* next = conjunction();
      if (!next) break;
      values.add(next);
      end = mark_;
    }
    if (failed_) return nullptr;
    mark_ = end;
    if (values.size() == 1) return first;
    return arena_.make<BoolOp>(since(start), BoolOperator::Or, values.seq());
  };
  if (!secondPass_) return body();
  return memo(Rule::Disjunction, body);
}

Expr* Parser::conjunction() {
  auto body = [&]() -> Expr* {
    int start = mark_;
    Expr* first = inversion();
    if (!first || !at(T::KwAnd)) return first;
    List<Expr*> values(*this);
    values.add(first);
    int end = mark_;
    while (expect(T::KwAnd)) {
      Expr* next = inversion();
      if (!next) break;
      values.add(next);
      end = mark_;
    }
    if (failed_) return nullptr;
    mark_ = end;
    if (values.size() == 1) return first;
    return arena_.make<BoolOp>(since(start), BoolOperator::And, values.seq());
  };
  if (!secondPass_) return body();
  return memo(Rule::Conjunction, body);
}

Expr* Parser::inversion() {
  auto body = [&]() -> Expr* {
    Depth depth(*this, 1);
    if (tooDeep()) return nullptr;
    int start = mark_;
    if (expect(T::KwNot)) {
      Expr* operand = inversion();
      if (!operand) return nullptr;
      return arena_.make<UnaryOp>(since(start), UnaryOperator::Not, operand);
    }
    return comparison();
  };
  if (!secondPass_) return body();
  return memo(Rule::Inversion, body);
}

bool Parser::compareOp(CmpOperator* op) {
  int start = mark_;
  switch (peek()) {
    case T::EqEqual:
      *op = CmpOperator::Eq;
      break;
    case T::NotEqual:
      mark_++;
      if (barry_) {
        raiseLast("with Barry as BDFL, use '<>' instead of '!='");
        return false;
      }
      *op = CmpOperator::NotEq;
      return true;
    case T::LessEqual:
      *op = CmpOperator::LtE;
      break;
    case T::Less: {
      // `<>` is two tokens.
      const PToken* less = peekToken();
      if (barry_ || diagnosing_) {
        bool pair = peekSecond() == T::Greater && tokens_[mark_ + 1]->line == less->line &&
                    tokens_[mark_ + 1]->col == less->endCol;
        if (pair && barry_) {
          mark_ += 2;
          *op = CmpOperator::NotEq;
          return true;
        }
        if (pair) {
          raiseRange(less, tokens_[mark_ + 1],
                     "invalid syntax.  Maybe you meant '!=' instead of '<>'?");
          return false;
        }
      }
      *op = CmpOperator::Lt;
      break;
    }
    case T::GreaterEqual:
      *op = CmpOperator::GtE;
      break;
    case T::Greater:
      *op = CmpOperator::Gt;
      break;
    case T::KwNot:
      mark_++;
      if (!expect(T::KwIn)) return mark_ = start, false;
      *op = CmpOperator::NotIn;
      return true;
    case T::KwIn:
      *op = CmpOperator::In;
      break;
    case T::KwIs:
      mark_++;
      *op = expect(T::KwNot) ? CmpOperator::IsNot : CmpOperator::Is;
      return true;
    default:
      return false;
  }
  mark_++;
  return true;
}

Expr* Parser::comparison() {
  int start = mark_;
  Expr* left = bitwiseOr();
  if (!left) return nullptr;
  int end = mark_;
  CmpOperator op;
  if (!compareOp(&op)) {
    mark_ = end;
    return failed_ ? nullptr : left;
  }
  std::vector<CmpOperator> ops;
  List<Expr*> operands(*this);
  do {
    int afterOp = mark_;
    Expr* right = bitwiseOr();
    if (!right && !failed_ && op == CmpOperator::IsNot) {
      // `x is not` may still be `x is (not ...)`, which is no operand either.
      mark_ = afterOp - 1;
    }
    if (!right) break;
    ops.push_back(op);
    operands.add(right);
    end = mark_;
  } while (compareOp(&op));
  if (failed_) return nullptr;
  mark_ = end;
  if (ops.empty()) return left;
  Seq<CmpOperator> seq;
  seq.count = u32(ops.size());
  seq.items = arena_.array<CmpOperator>(ops.size());
  for (size_t i = 0; i < ops.size(); i++) seq.items[i] = ops[i];
  return arena_.make<Compare>(since(start), left, seq, operands.seq());
}

namespace {

// Level of a binary operator: 0 |, 1 ^, 2 &, 3 shifts, 4 sums, 5 terms; -1 none.
int binaryLevel(T type, Operator* op) {
  switch (type) {
    case T::VBar:
      *op = Operator::BitOr;
      return 0;
    case T::Circumflex:
      *op = Operator::BitXor;
      return 1;
    case T::Amper:
      *op = Operator::BitAnd;
      return 2;
    case T::LeftShift:
      *op = Operator::LShift;
      return 3;
    case T::RightShift:
      *op = Operator::RShift;
      return 3;
    case T::Plus:
      *op = Operator::Add;
      return 4;
    case T::Minus:
      *op = Operator::Sub;
      return 4;
    case T::Star:
      *op = Operator::Mult;
      return 5;
    case T::Slash:
      *op = Operator::Div;
      return 5;
    case T::DoubleSlash:
      *op = Operator::FloorDiv;
      return 5;
    case T::Percent:
      *op = Operator::Mod;
      return 5;
    case T::At:
      *op = Operator::MatMult;
      return 5;
    default:
      return -1;
  }
}

}  // namespace

Expr* Parser::binary(int level) {
  if (!secondPass_) return climb(level);
  return memo(Rule(int(Rule::BitwiseOr) + level), [&] { return binaryBody(level); });
}

// First pass: precedence climbing.
Expr* Parser::climb(int minLevel) {
  int start = mark_;
  Expr* left = factor();
  if (!left) return nullptr;
  for (;;) {
    Operator op;
    int level = binaryLevel(peek(), &op);
    if (level < minLevel) return failed_ ? nullptr : left;
    int beforeOp = mark_++;
    Expr* right = level == 5 ? factor() : climb(level + 1);
    if (!right) {
      if (failed_) return nullptr;
      mark_ = beforeOp;
      return left;
    }
    if (op == Operator::MatMult && !checkVersion(5, "The '@' operator is")) return nullptr;
    left = arena_.make<BinOp>(since(start), left, op, right);
  }
}

// Second pass: a rule for each level, with its recognizers.
Expr* Parser::binaryBody(int level) {
  int start = mark_;
  if (diagnosing_ && level == 3) {
    invalidArithmetic();
    mark_ = start;
  }
  if (diagnosing_ && level == 5) {
    invalidFactor();
    mark_ = start;
  }
  if (failed_) return nullptr;
  Expr* left = level == 5 ? factor() : binary(level + 1);
  if (!left) return nullptr;
  for (;;) {
    Operator op;
    if (binaryLevel(peek(), &op) != level) return failed_ ? nullptr : left;
    int beforeOp = mark_++;
    Expr* right = level == 5 ? factor() : binary(level + 1);
    if (!right) {
      if (failed_) return nullptr;
      mark_ = beforeOp;
      return left;
    }
    if (op == Operator::MatMult && !checkVersion(5, "The '@' operator is")) return nullptr;
    left = arena_.make<BinOp>(since(start), left, op, right);
  }
}

Expr* Parser::factor() {
  if (!secondPass_) return factorBody();
  return memo(Rule::Factor, [&] { return factorBody(); });
}

Expr* Parser::factorBody() {
  UnaryOperator op;
  switch (peek()) {
    case T::Plus:
      op = UnaryOperator::UAdd;
      break;
    case T::Minus:
      op = UnaryOperator::USub;
      break;
    case T::Tilde:
      op = UnaryOperator::Invert;
      break;
    default:
      return power();
  }
  Depth depth(*this, 1);
  if (tooDeep()) return nullptr;
  int start = mark_++;
  Expr* operand = factor();
  if (!operand) return nullptr;
  return arena_.make<UnaryOp>(since(start), op, operand);
}

Expr* Parser::power() {
  int start = mark_;
  Expr* base = awaitPrimary();
  if (!base || !at(T::DoubleStar)) return base;
  Depth depth(*this, 2);
  if (tooDeep()) return nullptr;
  int beforeOp = mark_++;
  Expr* exponent = factor();
  if (!exponent) {
    if (failed_) return nullptr;
    mark_ = beforeOp;
    return base;
  }
  return arena_.make<BinOp>(since(start), base, Operator::Pow, exponent);
}

Expr* Parser::awaitPrimary() {
  auto body = [&]() -> Expr* {
    int start = mark_;
    if (expect(T::KwAwait)) {
      Expr* value = primary();
      if (!value || !checkVersion(5, "Await expressions are")) return nullptr;
      return arena_.make<Await>(since(start), value);
    }
    return primary();
  };
  if (!secondPass_) return body();
  return memo(Rule::AwaitPrimary, body);
}

Expr* Parser::primary() {
  if (!secondPass_) return primaryBody();
  return memo(Rule::Primary, [&] { return primaryBody(); });
}

Expr* Parser::primaryBody() {
  int start = mark_;
  Expr* expr = atom();
  if (!expr) return nullptr;
  for (;;) {
    int before = mark_;
    T type = peek();
    if (type == T::LBrace && diagnosing_) {
      genExp();
      mark_ = before;
      return failed_ ? nullptr : expr;
    }
    if (type != T::Dot && type != T::LPar && type != T::LSqb) return failed_ ? nullptr : expr;
    Expr* next = trailer(expr, start);
    if (!next) {
      if (failed_) return nullptr;
      mark_ = before;
      return expr;
    }
    expr = next;
  }
}

// One of `.name`, `(arguments)`, `[slices]` after `base`, whose first token is at `start`.
Expr* Parser::trailer(Expr* base, int start, bool inTarget) {
  int before = mark_;
  if (expect(T::Dot)) {
    const PToken* attr = expect(T::Name);
    if (!attr) return nullptr;
    return arena_.make<Attribute>(since(start), base, identifier(attr), ExprContext::Load);
  }
  if (at(T::LPar) || (at(T::LSqb) && diagnosing_ && !inTarget)) {
    bool call = at(T::LPar);
    if (secondPass_) {
      if (Expr* generator = genExp()) {
        List<Expr*> one(*this);
        one.add(generator);
        return arena_.make<Call>(since(start), base, one.seq(), Seq<Keyword*>{});
      }
      if (failed_) return nullptr;
      mark_ = before;
    }
    if (call) return finishCall(base, start);
  }
  mark_++;
  Depth depth(*this, 20);
  if (tooDeep()) return nullptr;
  Expr* index = slices();
  if (!index || !expect(T::RSqb)) return nullptr;
  return arena_.make<Subscript>(since(start), base, index, ExprContext::Load);
}

// slices: slice !',' | ','.(slice | starred_expression)+ [',']
Expr* Parser::slices() {
  int start = mark_;
  List<Expr*> items(*this);
  if (secondPass_) {
    Expr* only = slice();
    if (only && !at(T::Comma)) return failed_ ? nullptr : only;
    if (failed_) return nullptr;
    mark_ = start;
  }
  bool trailingComma = false;
  for (;;) {
    int before = mark_;
    Expr* item = secondPass_ || !at(T::Star) ? slice() : nullptr;
    if (!item && !failed_) {
      mark_ = before;
      item = starredExpression();
    }
    if (!item) {
      mark_ = before;
      break;
    }
    items.add(item);
    trailingComma = expect(T::Comma) != nullptr;
    if (!trailingComma) break;
  }
  if (failed_ || items.size() == 0) return nullptr;
  if (items.size() == 1 && !trailingComma && !is<Starred>(items[0])) return items[0];
  return arena_.make<Tuple>(since(start), items.seq(), ExprContext::Load);
}

// slice: [expression] ':' [expression] [':' [expression]] | named_expression
Expr* Parser::slice() {
  int start = mark_;
  Expr* lower = nullptr;
  if (!at(T::Colon)) {
    if (!secondPass_ && at(T::Name) && peekSecond() == T::ColonEqual) return namedExpression();
    lower = expression();
    if (failed_) return nullptr;
    if (!lower && !secondPass_) return nullptr;  // namedExpression would read the same again
    if (!lower || !at(T::Colon)) {
      if (lower && !secondPass_ && !at(T::ColonEqual)) return failed_ ? nullptr : lower;
      mark_ = start;
      return namedExpression();
    }
  }
  mark_++;
  auto optional = [&]() -> Expr* {
    int before = mark_;
    Expr* expr = expression();
    if (!expr) mark_ = before;
    return expr;
  };
  Expr* upper = optional();
  Expr* step = nullptr;
  if (expect(T::Colon)) step = optional();
  if (failed_) return nullptr;
  return arena_.make<Slice>(since(start), lower, upper, step);
}

}  // namespace dx::frontend
