// Patterns of match statements (PEP 634).
#include "frontend/parser_impl.h"

namespace dx::frontend {

using namespace ast;

// open_sequence_pattern | pattern
Pattern* Parser::patterns() {
  int start = mark_;
  Pattern* first = maybeStarPattern();
  if (!first) return nullptr;
  if (!at(T::Comma)) return is<MatchStar>(first) || failed_ ? nullptr : first;
  List<Pattern*> items(*this);
  items.add(first);
  while (expect(T::Comma)) {
    int before = mark_;
    Pattern* next = maybeStarPattern();
    if (!next) {
      mark_ = before;
      break;
    }
    items.add(next);
  }
  if (failed_) return nullptr;
  return arena_.make<MatchSequence>(since(start), items.seq());
}

Pattern* Parser::maybeStarPattern() { return at(T::Star) ? starPattern() : pattern(); }

Pattern* Parser::starPattern() {
  return memo(Rule::StarPattern, [&]() -> Pattern* {
    int start = mark_;
    if (!expect(T::Star)) return nullptr;
    int afterStar = mark_;
    if (Name* target = patternCaptureTarget()) {
      return arena_.make<MatchStar>(since(start), target->id);
    }
    if (failed_) return nullptr;
    mark_ = afterStar;
    if (!expectSoftKeyword("_")) return nullptr;
    return arena_.make<MatchStar>(since(start), nullptr);
  });
}

// as_pattern | or_pattern
Pattern* Parser::pattern() {
  Depth depth(*this, 10);
  if (tooDeep()) return nullptr;
  int start = mark_;
  Pattern* inner = orPattern();
  if (!inner || !at(T::KwAs)) return inner;
  int beforeAs = mark_++;
  if (Name* target = patternCaptureTarget()) {
    return arena_.make<MatchAs>(since(start), inner, target->id);
  }
  if (failed_) return nullptr;
  if (diagnosing_) {
    mark_ = beforeAs;
    invalidAsPattern();
    if (failed_) return nullptr;
  }
  mark_ = beforeAs;
  return inner;
}

Pattern* Parser::orPattern() {
  int start = mark_;
  Pattern* first = closedPattern();
  if (!first || !at(T::VBar)) return first;
  List<Pattern*> items(*this);
  items.add(first);
  int end = mark_;
  while (expect(T::VBar)) {
    Pattern* next = closedPattern();
    if (!next) break;
    items.add(next);
    end = mark_;
  }
  if (failed_) return nullptr;
  mark_ = end;
  if (items.size() == 1) return first;
  return arena_.make<MatchOr>(since(start), items.seq());
}

Pattern* Parser::closedPattern() {
  return memo(Rule::ClosedPattern, [&] { return closedPatternBody(); });
}

Pattern* Parser::closedPatternBody() {
  int start = mark_;
  switch (peek()) {
    case T::Number:
    case T::Plus:
    case T::Minus:
    case T::String:
    case T::FStringStart:
    case T::TStringStart:
    case T::KwNone:
    case T::KwTrue:
    case T::KwFalse:
      return literalPattern();
    case T::LPar:
      return parenPattern();
    case T::LSqb: {
      mark_++;
      List<Pattern*> items(*this);
      for (;;) {
        int before = mark_;
        Pattern* item = maybeStarPattern();
        if (!item) {
          mark_ = before;
          break;
        }
        items.add(item);
        if (!expect(T::Comma)) break;
      }
      if (!expect(T::RSqb)) return nullptr;
      return arena_.make<MatchSequence>(since(start), items.seq());
    }
    case T::LBrace:
      return mappingPattern();
    case T::Name:
      break;
    default:
      return nullptr;
  }
  if (Name* target = patternCaptureTarget()) {
    return arena_.make<MatchAs>(since(start), nullptr, target->id);
  }
  if (failed_) return nullptr;
  mark_ = start;
  if (expectSoftKeyword("_")) return arena_.make<MatchAs>(since(start), nullptr, nullptr);
  if (Expr* value = attr()) {
    if (!at(T::Dot) && !at(T::LPar) && !at(T::Equal)) {
      return arena_.make<MatchValue>(since(start), value);
    }
  }
  if (failed_) return nullptr;
  mark_ = start;
  return classPattern();
}

// group_pattern, or sequence_pattern in parentheses
Pattern* Parser::parenPattern() {
  int start = mark_++;
  List<Pattern*> items(*this);
  if (!at(T::RPar)) {
    Pattern* first = maybeStarPattern();
    if (!first) return nullptr;
    if (at(T::RPar)) {
      if (is<MatchStar>(first)) return nullptr;
      mark_++;
      return first;
    }
    if (!at(T::Comma)) return nullptr;
    items.add(first);
    while (expect(T::Comma)) {
      int before = mark_;
      Pattern* next = maybeStarPattern();
      if (!next) {
        mark_ = before;
        break;
      }
      items.add(next);
    }
  }
  if (!expect(T::RPar)) return nullptr;
  return arena_.make<MatchSequence>(since(start), items.seq());
}

Expr* Parser::signedNumber() {
  int start = mark_;
  bool negative = at(T::Minus);
  if (negative || at(T::Plus)) mark_++;
  Expr* value = number();
  if (!value || !negative) return value;
  return arena_.make<UnaryOp>(since(start), UnaryOperator::USub, value);
}

// signed_real_number ('+' | '-') imaginary_number
Expr* Parser::complexNumber() {
  int start = mark_;
  bool negative = at(T::Minus);
  if (negative || at(T::Plus)) mark_++;
  Expr* real = number();
  if (!real) return nullptr;
  if (as<Constant>(real)->value.kind == ConstantValue::Kind::Complex) {
    return raiseOn(real, "real number required in complex literal");
  }
  if (negative) real = arena_.make<UnaryOp>(since(start), UnaryOperator::USub, real);
  Operator op;
  if (expect(T::Plus))
    op = Operator::Add;
  else if (expect(T::Minus))
    op = Operator::Sub;
  else
    return nullptr;
  Expr* imag = number();
  if (!imag) return nullptr;
  if (as<Constant>(imag)->value.kind != ConstantValue::Kind::Complex) {
    return raiseOn(imag, "imaginary number required in complex literal");
  }
  return arena_.make<BinOp>(since(start), real, op, imag);
}

// Also the literals that may be keys of mapping patterns.
Expr* Parser::literalExpr() {
  int start = mark_;
  switch (peek()) {
    case T::KwNone:
      return constant(ConstantValue::Kind::None);
    case T::KwTrue:
      return constant(ConstantValue::Kind::True);
    case T::KwFalse:
      return constant(ConstantValue::Kind::False);
    case T::String:
    case T::FStringStart:
    case T::TStringStart:
      return strings();
    default:
      break;
  }
  Expr* value = signedNumber();
  if (value && !at(T::Plus) && !at(T::Minus)) return failed_ ? nullptr : value;
  if (failed_) return nullptr;
  mark_ = start;
  return complexNumber();
}

Pattern* Parser::literalPattern() {
  int start = mark_;
  ConstantValue value;
  switch (peek()) {
    case T::KwNone:
      value.kind = ConstantValue::Kind::None;
      break;
    case T::KwTrue:
      value.kind = ConstantValue::Kind::True;
      break;
    case T::KwFalse:
      value.kind = ConstantValue::Kind::False;
      break;
    default: {
      Expr* expr = literalExpr();
      if (!expr) return nullptr;
      return arena_.make<MatchValue>(since(start), expr);
    }
  }
  mark_++;
  return arena_.make<MatchSingleton>(since(start), value);
}

// !"_" NAME !('.' | '(' | '=')
Name* Parser::patternCaptureTarget() {
  if (atSoftKeyword("_")) return nullptr;
  Name* target = name();
  if (!target || at(T::Dot) || at(T::LPar) || at(T::Equal) || failed_) return nullptr;
  target->ctx = ExprContext::Store;
  return target;
}

// A dotted name with at least one dot.
Expr* Parser::attr() {
  Expr* value = nameOrAttr();
  return value && is<Attribute>(value) ? value : nullptr;
}

Expr* Parser::nameOrAttr() {
  int start = mark_;
  Expr* value = name();
  if (!value) return nullptr;
  while (at(T::Dot)) {
    int before = mark_++;
    const PToken* token = expect(T::Name);
    if (!token) {
      mark_ = before;
      break;
    }
    value = arena_.make<Attribute>(since(start), value, identifier(token), ExprContext::Load);
  }
  return failed_ ? nullptr : value;
}

KeyPattern* Parser::keyValuePattern() {
  int start = mark_;
  Expr* key = literalExpr();
  if (!key && !failed_) {
    mark_ = start;
    key = attr();
  }
  if (!key || !expect(T::Colon)) return nullptr;
  Pattern* value = pattern();
  if (!value) return nullptr;
  return arena_.make<KeyPattern>(KeyPattern{key, value});
}

Name* Parser::doubleStarPattern() {
  if (!expect(T::DoubleStar)) return nullptr;
  return patternCaptureTarget();
}

// '{' [items] [',' '**' name] [','] '}'
Pattern* Parser::mappingPattern() {
  int start = mark_;
  if (!expect(T::LBrace)) return nullptr;
  std::vector<KeyPattern*> items;
  Name* rest = nullptr;
  bool comma = true;
  while (comma && !at(T::RBrace)) {
    if (at(T::DoubleStar)) {
      rest = doubleStarPattern();
      if (!rest) return nullptr;
      expect(T::Comma);
      break;
    }
    KeyPattern* item = keyValuePattern();
    if (!item) return nullptr;
    items.push_back(item);
    comma = expect(T::Comma) != nullptr;
  }
  if (!expect(T::RBrace)) return nullptr;
  Seq<Expr*> keys;
  Seq<Pattern*> values;
  keys.count = values.count = u32(items.size());
  keys.items = arena_.array<Expr*>(items.size());
  values.items = arena_.array<Pattern*>(items.size());
  for (size_t i = 0; i < items.size(); i++) {
    keys.items[i] = items[i]->key;
    values.items[i] = items[i]->pattern;
  }
  return arena_.make<MatchMapping>(since(start), keys, values, rest ? rest->id : nullptr);
}

KeyPattern* Parser::keywordPattern() {
  Name* key = name();
  if (!key || !expect(T::Equal)) return nullptr;
  Pattern* value = pattern();
  if (!value) return nullptr;
  return arena_.make<KeyPattern>(KeyPattern{key, value});
}

// name_or_attr '(' [patterns] [','] [keyword patterns] [','] ')'
Pattern* Parser::classPattern() {
  int start = mark_;
  auto body = [&]() -> Pattern* {
    Expr* cls = nameOrAttr();
    if (!cls || !expect(T::LPar)) return nullptr;
    std::vector<KeyPattern*> keywords;
    List<Pattern*> positional(*this);
    bool comma = true;
    while (comma && !at(T::RPar)) {
      if (at(T::Name) && peekSecond() == T::Equal) {
        KeyPattern* item = keywordPattern();
        if (!item) return nullptr;
        keywords.push_back(item);
      } else {
        if (!keywords.empty()) return nullptr;
        Pattern* item = pattern();
        if (!item) return nullptr;
        positional.add(item);
      }
      comma = expect(T::Comma) != nullptr;
    }
    if (!expect(T::RPar)) return nullptr;
    Seq<Identifier> names;
    Seq<Pattern*> values;
    names.count = values.count = u32(keywords.size());
    names.items = arena_.array<Identifier>(keywords.size());
    values.items = arena_.array<Pattern*>(keywords.size());
    for (size_t i = 0; i < keywords.size(); i++) {
      names.items[i] = as<Name>(keywords[i]->key)->id;
      values.items[i] = keywords[i]->pattern;
    }
    return arena_.make<MatchClass>(since(start), cls, positional.seq(), names, values);
  };
  if (Pattern* result = body()) return result;
  if (failed_ || !diagnosing_) return nullptr;
  mark_ = start;
  invalidClassPattern();
  return nullptr;
}

}  // namespace dx::frontend
