// Atoms, displays, comprehensions and calls.
//
// What starts with a bracket is one of several forms that share a long beginning. The first
// pass reads the beginning once and then decides; the second tries each form in CPython's
// order, because each has its own recognizers of mistakes.
#include "frontend/parser_impl.h"

namespace dx::frontend {

using namespace ast;

Expr* Parser::constant(ConstantValue::Kind kind) {
  int start = mark_++;
  ConstantValue value;
  value.kind = kind;
  return arena_.make<Constant>(since(start), value, nullptr);
}

Expr* Parser::atom() {
  switch (peek()) {
    case T::Name:
      return name();
    case T::Number:
      return number();
    case T::KwTrue:
      return constant(ConstantValue::Kind::True);
    case T::KwFalse:
      return constant(ConstantValue::Kind::False);
    case T::KwNone:
      return constant(ConstantValue::Kind::None);
    case T::Ellipsis:
      return constant(ConstantValue::Kind::Ellipsis);
    case T::String:
    case T::FStringStart:
    case T::TStringStart:
      return strings();
    case T::LPar:
    case T::LSqb:
    case T::LBrace:
      return bracketAtom(peek());
    default:
      return nullptr;
  }
}

Expr* Parser::bracketAtom(T open) {
  Depth depth(*this, 20);
  if (tooDeep()) return nullptr;
  if (!secondPass_) {
    return memo(Rule::Atom, [&] {
      if (open == T::LPar) return parenAtom();
      if (open == T::LSqb) return squareAtom();
      int start = mark_;
      Expr* expr = braceAtom();
      if (!expr && !failed_) {
        // This recognizer alone is part of the first pass too.
        mark_ = start + 1;
        invalidDoubleStarredKvPairs();
      }
      return expr;
    });
  }
  int start = mark_;
  auto tryForms = [&](std::initializer_list<Expr* (Parser::*)()> forms) -> Expr* {
    for (auto form : forms) {
      if (Expr* expr = (this->*form)()) return expr;
      if (failed_) return nullptr;
      mark_ = start;
    }
    return nullptr;
  };
  if (open == T::LPar) return tryForms({&Parser::tuple, &Parser::group, &Parser::genExp});
  if (open == T::LSqb) return tryForms({&Parser::list, &Parser::listComp});
  return tryForms({&Parser::dict, &Parser::set, &Parser::dictComp, &Parser::setComp});
}

// First pass: `(`
Expr* Parser::parenAtom() {
  int start = mark_++;
  List<Expr*> items(*this);
  if (expect(T::RPar)) return arena_.make<Tuple>(since(start), items.seq(), ExprContext::Load);
  if (at(T::KwYield)) {
    Expr* value = yieldExpr();
    return value && expect(T::RPar) ? value : nullptr;
  }
  Expr* first = starNamedExpression();
  if (!first) return nullptr;
  bool starred = is<Starred>(first);
  switch (peek()) {
    case T::RPar:
      if (starred) return nullptr;
      mark_++;
      return first;
    case T::KwFor:
    case T::KwAsync: {
      if (starred) return nullptr;
      Seq<Comprehension*>* clauses = forIfClauses();
      if (!clauses || !expect(T::RPar)) return nullptr;
      return arena_.make<GeneratorExp>(since(start), first, *clauses);
    }
    case T::Comma:
      break;
    default:
      return nullptr;
  }
  mark_++;
  items.add(first);
  starNamedExpressions(items);
  if (!expect(T::RPar)) return nullptr;
  return arena_.make<Tuple>(since(start), items.seq(), ExprContext::Load);
}

// First pass: `[`
Expr* Parser::squareAtom() {
  int start = mark_++;
  List<Expr*> items(*this);
  if (expect(T::RSqb)) return arena_.make<ast::List>(since(start), items.seq(), ExprContext::Load);
  Expr* first = starNamedExpression();
  if (!first) return nullptr;
  if (at(T::KwFor) || at(T::KwAsync)) {
    if (is<Starred>(first)) return nullptr;
    Seq<Comprehension*>* clauses = forIfClauses();
    if (!clauses || !expect(T::RSqb)) return nullptr;
    return arena_.make<ListComp>(since(start), first, *clauses);
  }
  items.add(first);
  if (expect(T::Comma)) starNamedExpressions(items);
  if (!expect(T::RSqb)) return nullptr;
  return arena_.make<ast::List>(since(start), items.seq(), ExprContext::Load);
}

// First pass: `{`
Expr* Parser::braceAtom() {
  int start = mark_;
  T next = peekSecond();
  if (next == T::RBrace || next == T::DoubleStar) return dict();
  mark_++;
  bool named = at(T::Name) && peekSecond() == T::ColonEqual;
  Expr* first = starNamedExpression();
  if (!first) return nullptr;
  if (at(T::Colon)) {
    if (named || is<Starred>(first)) return nullptr;
    mark_++;
    Expr* value = expression();
    if (!value) return nullptr;
    if (at(T::KwFor) || at(T::KwAsync)) {
      Seq<Comprehension*>* clauses = forIfClauses();
      if (!clauses || !expect(T::RBrace)) return nullptr;
      return arena_.make<DictComp>(since(start), first, value, *clauses);
    }
    List<Expr*> keys(*this);
    std::vector<Expr*> values;
    keys.add(first);
    values.push_back(value);
    while (expect(T::Comma)) {
      if (at(T::RBrace)) break;
      KeyValue* pair = doubleStarredKvPair();
      if (!pair) return nullptr;
      keys.add(pair->key);
      values.push_back(pair->value);
    }
    if (!expect(T::RBrace)) return nullptr;
    List<Expr*> valueList(*this);
    Seq<Expr*> keySeq = keys.seq();
    for (Expr* v : values) valueList.add(v);
    return arena_.make<Dict>(since(start), keySeq, valueList.seq());
  }
  if (at(T::KwFor) || at(T::KwAsync)) {
    if (is<Starred>(first)) return nullptr;
    Seq<Comprehension*>* clauses = forIfClauses();
    if (!clauses || !expect(T::RBrace)) return nullptr;
    return arena_.make<SetComp>(since(start), first, *clauses);
  }
  List<Expr*> items(*this);
  items.add(first);
  if (expect(T::Comma)) starNamedExpressions(items);
  if (!expect(T::RBrace)) return nullptr;
  return arena_.make<Set>(since(start), items.seq());
}

Expr* Parser::tuple() {
  int start = mark_;
  if (!expect(T::LPar)) return nullptr;
  List<Expr*> items(*this);
  int afterOpen = mark_;
  Expr* first = starNamedExpression();
  if (first && expect(T::Comma)) {
    items.add(first);
    starNamedExpressions(items);
  } else {
    if (failed_) return nullptr;
    mark_ = afterOpen;
  }
  if (!expect(T::RPar)) return nullptr;
  return arena_.make<Tuple>(since(start), items.seq(), ExprContext::Load);
}

Expr* Parser::group() {
  int start = mark_;
  if (!expect(T::LPar)) return nullptr;
  Expr* inner = at(T::KwYield) ? yieldExpr() : namedExpression();
  if (inner && expect(T::RPar)) return inner;
  if (failed_) return nullptr;
  mark_ = start;
  if (diagnosing_) invalidGroup();
  return nullptr;
}

Expr* Parser::genExp() {
  int start = mark_;
  if (!expect(T::LPar)) {
    // Its recognizer knows the other brackets too.
    if (diagnosing_ && (at(T::LSqb) || at(T::LBrace))) invalidComprehension();
    return nullptr;
  }
  Expr* element = nullptr;
  if (at(T::Name) && peekSecond() == T::ColonEqual) element = assignmentExpression();
  if (!element && !failed_) {
    mark_ = start + 1;
    element = expression();
    if (element && at(T::ColonEqual)) element = nullptr;
  }
  if (element) {
    Seq<Comprehension*>* clauses = forIfClauses();
    if (clauses && expect(T::RPar))
      return arena_.make<GeneratorExp>(since(start), element, *clauses);
  }
  if (failed_) return nullptr;
  mark_ = start;
  if (diagnosing_) invalidComprehension();
  return nullptr;
}

Expr* Parser::list() {
  int start = mark_;
  if (!expect(T::LSqb)) return nullptr;
  List<Expr*> items(*this);
  starNamedExpressions(items);
  if (!expect(T::RSqb)) return nullptr;
  return arena_.make<ast::List>(since(start), items.seq(), ExprContext::Load);
}

Expr* Parser::listComp() {
  int start = mark_;
  if (!expect(T::LSqb)) return nullptr;
  if (Expr* element = namedExpression()) {
    Seq<Comprehension*>* clauses = forIfClauses();
    if (clauses && expect(T::RSqb)) return arena_.make<ListComp>(since(start), element, *clauses);
  }
  if (failed_) return nullptr;
  mark_ = start;
  if (diagnosing_) invalidComprehension();
  return nullptr;
}

Expr* Parser::set() {
  int start = mark_;
  if (!expect(T::LBrace)) return nullptr;
  List<Expr*> items(*this);
  if (!starNamedExpressions(items) || !expect(T::RBrace)) return nullptr;
  return arena_.make<Set>(since(start), items.seq());
}

Expr* Parser::setComp() {
  int start = mark_;
  if (!expect(T::LBrace)) return nullptr;
  if (Expr* element = namedExpression()) {
    Seq<Comprehension*>* clauses = forIfClauses();
    if (clauses && expect(T::RBrace)) return arena_.make<SetComp>(since(start), element, *clauses);
  }
  if (failed_) return nullptr;
  mark_ = start;
  if (diagnosing_) invalidComprehension();
  return nullptr;
}

Expr* Parser::dict() {
  int start = mark_;
  if (!expect(T::LBrace)) return nullptr;
  List<KeyValue*> pairs(*this);
  doubleStarredKvPairs(pairs);
  if (failed_) return nullptr;
  if (expect(T::RBrace)) {
    Seq<Expr*> keys, values;
    keys.count = values.count = u32(pairs.size());
    keys.items = arena_.array<Expr*>(pairs.size());
    values.items = arena_.array<Expr*>(pairs.size());
    for (size_t i = 0; i < pairs.size(); i++) {
      keys.items[i] = pairs[i]->key;
      values.items[i] = pairs[i]->value;
    }
    return arena_.make<Dict>(since(start), keys, values);
  }
  if (failed_) return nullptr;
  mark_ = start + 1;
  if (secondPass_) invalidDoubleStarredKvPairs();
  return nullptr;
}

Expr* Parser::dictComp() {
  int start = mark_;
  if (!expect(T::LBrace)) return nullptr;
  if (KeyValue* pair = kvPair()) {
    Seq<Comprehension*>* clauses = forIfClauses();
    if (clauses && expect(T::RBrace)) {
      return arena_.make<DictComp>(since(start), pair->key, pair->value, *clauses);
    }
  }
  if (failed_) return nullptr;
  mark_ = start;
  if (diagnosing_) invalidDictComprehension();
  return nullptr;
}

KeyValue* Parser::kvPair() {
  Expr* key = expression();
  if (!key || !expect(T::Colon)) return nullptr;
  Expr* value = expression();
  if (!value) return nullptr;
  return arena_.make<KeyValue>(KeyValue{key, value});
}

KeyValue* Parser::doubleStarredKvPair() {
  if (expect(T::DoubleStar)) {
    Expr* value = bitwiseOr();
    if (!value) return nullptr;
    return arena_.make<KeyValue>(KeyValue{nullptr, value});
  }
  return kvPair();
}

// ','.double_starred_kvpair+ [',']
bool Parser::doubleStarredKvPairs(List<KeyValue*>& out) {
  for (;;) {
    int before = mark_;
    KeyValue* pair = doubleStarredKvPair();
    if (!pair) {
      mark_ = before;
      break;
    }
    out.add(pair);
    if (!expect(T::Comma)) break;
  }
  return out.size() > 0 && !failed_;
}

Seq<Comprehension*>* Parser::forIfClauses() {
  List<Comprehension*> clauses(*this);
  for (;;) {
    int before = mark_;
    Comprehension* clause = forIfClause();
    if (!clause) {
      if (failed_) return nullptr;
      mark_ = before;
      break;
    }
    clauses.add(clause);
  }
  if (clauses.size() == 0) return nullptr;
  return arena_.make<Seq<Comprehension*>>(clauses.seq());
}

Comprehension* Parser::forIfClause() {
  int start = mark_;
  bool async = expect(T::KwAsync) != nullptr;
  if (expect(T::KwFor)) {
    Expr* target = starTargets();
    if (target && expect(T::KwIn)) {
      // Committed.
      Expr* iter = disjunction();
      if (!iter) return nullptr;
      List<Expr*> ifs(*this);
      for (;;) {
        int before = mark_;
        if (!expect(T::KwIf)) break;
        Expr* test = disjunction();
        if (!test) {
          mark_ = before;
          break;
        }
        ifs.add(test);
      }
      if (failed_) return nullptr;
      if (async && !checkVersion(6, "Async comprehensions are")) return nullptr;
      return arena_.make<Comprehension>(target, iter, ifs.seq(), async ? 1 : 0);
    }
  }
  if (failed_ || !diagnosing_) return nullptr;
  mark_ = start;
  invalidForIfClause();
  mark_ = start;
  if (!failed_) invalidForTarget();
  return nullptr;
}

// --- calls

// `func` is followed by '('.
Expr* Parser::finishCall(Expr* func, int start) {
  Depth depth(*this, 20);
  if (tooDeep()) return nullptr;
  int open = mark_++;
  if (secondPass_) {
    int afterOpen = mark_;
    Call* call = arguments();
    if (failed_) return nullptr;
    if (!call) mark_ = afterOpen;
    if (!expect(T::RPar)) return nullptr;
    return arena_.make<Call>(since(start), func, call ? call->args : Seq<Expr*>{},
                             call ? call->keywords : Seq<Keyword*>{});
  }
  List<Expr*> positional(*this);
  bool more = true;
  while (more && !at(T::RPar)) {
    T type = peek();
    if (type == T::DoubleStar || (type == T::Name && peekSecond() == T::Equal)) break;
    Expr* item = positionalArgument();
    if (!item) return nullptr;
    if ((at(T::KwFor) || at(T::KwAsync)) && positional.size() == 0 && type != T::Star) {
      Seq<Comprehension*>* clauses = forIfClauses();
      if (!clauses || !expect(T::RPar)) return nullptr;
      List<Expr*> one(*this);
      one.add(arena_.make<GeneratorExp>(since(open), item, *clauses));
      return arena_.make<Call>(since(start), func, one.seq(), Seq<Keyword*>{});
    }
    positional.add(item);
    more = expect(T::Comma) != nullptr;
  }
  List<KeywordOrStarred*> rest(*this);
  if (more && !at(T::RPar)) {
    if (!kwargs(rest)) return nullptr;
    expect(T::Comma);
  }
  if (!expect(T::RPar)) return nullptr;
  Call* call = makeCall(start, positional, rest);
  call->func = func;
  return call;
}

// Positional ones first, then what `rest` has of them, then keywords.
Call* Parser::makeCall(int start, List<Expr*>& positional, List<KeywordOrStarred*>& rest) {
  u32 starred = 0;
  for (size_t i = 0; i < rest.size(); i++) starred += rest[i]->starred != nullptr;
  Seq<Expr*> args;
  args.count = u32(positional.size()) + starred;
  args.items = arena_.array<Expr*>(args.count);
  Seq<Keyword*> keywords;
  keywords.count = u32(rest.size()) - starred;
  keywords.items = arena_.array<Keyword*>(keywords.count);
  u32 a = 0, k = 0;
  for (; a < positional.size(); a++) args.items[a] = positional[a];
  for (size_t i = 0; i < rest.size(); i++) {
    if (rest[i]->starred)
      args.items[a++] = rest[i]->starred;
    else
      keywords.items[k++] = rest[i]->keyword;
  }
  return arena_.make<Call>(since(start), nullptr, args, keywords);
}

// arguments: args [','] &')'. The result is a Call without func.
Call* Parser::arguments() {
  auto body = [&]() -> Call* {
    int start = mark_;
    if (Call* call = args()) {
      expect(T::Comma);
      if (at(T::RPar)) return call;
    }
    if (failed_) return nullptr;
    mark_ = start;
    if (diagnosing_) invalidArguments();
    return nullptr;
  };
  if (!secondPass_) return body();
  return memo(Rule::Arguments, body);
}

// starred_expression | (assignment_expression | expression !':=') !'='
Expr* Parser::positionalArgument() {
  int start = mark_;
  if (at(T::Star)) {
    if (Expr* starred = starredExpression()) return starred;
    return nullptr;
  }
  Expr* expr = nullptr;
  if (at(T::Name) && peekSecond() == T::ColonEqual) expr = assignmentExpression();
  if (!expr) {
    if (failed_) return nullptr;
    mark_ = start;
    expr = expression();
    if (!expr || at(T::ColonEqual)) return nullptr;
  }
  return at(T::Equal) || failed_ ? nullptr : expr;
}

Call* Parser::args() {
  int start = mark_;
  List<Expr*> positional(*this);
  std::vector<Expr*> found;
  int end = mark_;
  for (;;) {
    Expr* item = positionalArgument();
    if (failed_) return nullptr;
    if (!item) break;
    found.push_back(item);
    end = mark_;
    if (!expect(T::Comma)) break;
  }
  mark_ = end;
  for (Expr* item : found) positional.add(item);
  List<KeywordOrStarred*> rest(*this);
  if (found.empty()) {
    mark_ = start;
    if (!kwargs(rest)) return nullptr;
  } else if (expect(T::Comma)) {
    if (!kwargs(rest)) mark_ = end;
  }
  if (failed_) return nullptr;
  return makeCall(start, positional, rest);
}

// kwargs: keywords and *iterables, then keywords and **mappings.
bool Parser::kwargs(List<KeywordOrStarred*>& out) {
  auto gather = [&](bool doubleStar) {
    size_t count = 0;
    int end = mark_;
    for (;;) {
      KeywordOrStarred* item = kwargOrStarred(doubleStar);
      if (!item || failed_) break;
      out.add(item);
      count++;
      end = mark_;
      if (!expect(T::Comma)) break;
    }
    mark_ = end;
    return count;
  };
  // In the first pass, what gather(false) refused gather(true) only takes if it is `**`.
  auto mayGoOn = [&] { return secondPass_ || at(T::DoubleStar); };
  if (gather(false) > 0) {
    int end = mark_;
    if (expect(T::Comma) && (!mayGoOn() || gather(true) == 0)) mark_ = end;
    return !failed_;
  }
  return !failed_ && mayGoOn() && gather(true) > 0 && !failed_;
}

KeywordOrStarred* Parser::kwargOrStarred(bool doubleStar) {
  int start = mark_;
  if (diagnosing_) {
    invalidKwarg();
    mark_ = start;
    if (failed_) return nullptr;
  }
  if (const PToken* token = expect(T::Name)) {
    if (expect(T::Equal)) {
      if (Expr* value = expression()) {
        Keyword* keyword = arena_.make<Keyword>(since(start), identifier(token), value);
        return arena_.make<KeywordOrStarred>(KeywordOrStarred{keyword, nullptr});
      }
    }
    if (failed_) return nullptr;
    mark_ = start;
  }
  if (doubleStar) {
    if (!expect(T::DoubleStar)) return nullptr;
    Expr* value = expression();
    if (!value) return nullptr;
    Keyword* keyword = arena_.make<Keyword>(since(start), nullptr, value);
    return arena_.make<KeywordOrStarred>(KeywordOrStarred{keyword, nullptr});
  }
  Expr* starred = starredExpression();
  if (!starred) return nullptr;
  return arena_.make<KeywordOrStarred>(KeywordOrStarred{nullptr, starred});
}

Expr* Parser::starredExpression() {
  int start = mark_;
  if (diagnosing_) {
    invalidStarredUnpacking();
    mark_ = start;
    if (failed_) return nullptr;
  }
  if (!expect(T::Star)) return nullptr;
  if (Expr* value = expression()) {
    return arena_.make<Starred>(since(start), value, ExprContext::Load);
  }
  if (diagnosing_) raiseLast("Invalid star expression");
  return nullptr;
}

}  // namespace dx::frontend
