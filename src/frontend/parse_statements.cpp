// Modules and compound statements.
#include "frontend/parser_impl.h"

namespace dx::frontend {

using namespace ast;

Mod* Parser::parseTop() {
  switch (options_.mode) {
    case ParseMode::Exec:
      return file();
    case ParseMode::Single:
      return interactive();
    case ParseMode::Eval:
      return eval();
    case ParseMode::FuncType:
      return funcType();
  }
  return nullptr;
}

Mod* Parser::file() {
  List<Stmt*> body(*this);
  statements(body);
  if (!expect(T::EndMarker)) return nullptr;
  Seq<Ignore*> ignores;
  ignores.count = u32(typeIgnores_.size());
  ignores.items = arena_.array<Ignore*>(typeIgnores_.size());
  for (size_t i = 0; i < typeIgnores_.size(); i++) ignores.items[i] = typeIgnores_[i];
  return arena_.make<Module>(body.seq(), ignores);
}

Mod* Parser::interactive() {
  List<Stmt*> body(*this);
  int start = mark_;
  if (Stmt* compound = compoundStmt()) {
    if (expect(T::Newline)) {
      body.add(compound);
      return arena_.make<Interactive>(body.seq());
    }
  }
  if (failed_) return nullptr;
  mark_ = start;
  if (simpleStmts(body)) return arena_.make<Interactive>(body.seq());
  if (failed_) return nullptr;
  mark_ = start;
  if (expect(T::Newline)) {
    body.add(arena_.make<Pass>(since(start)));
    return arena_.make<Interactive>(body.seq());
  }
  return nullptr;
}

Mod* Parser::eval() {
  Expr* body = expressions();
  if (!body) return nullptr;
  while (expect(T::Newline)) {
  }
  if (!expect(T::EndMarker)) return nullptr;
  return arena_.make<Expression>(body);
}

// '(' [type_expressions] ')' '->' expression; stars before arguments are ignored.
Mod* Parser::funcType() {
  if (!expect(T::LPar)) return nullptr;
  List<Expr*> arguments(*this);
  bool star = false, doubleStar = false;
  int end = mark_;
  do {
    if (doubleStar) break;
    if (!star && expect(T::Star))
      star = true;
    else if (expect(T::DoubleStar))
      doubleStar = true;
    else if (star)
      break;
    Expr* argument = expression();
    if (!argument) break;
    arguments.add(argument);
    end = mark_;
  } while (expect(T::Comma));
  if (failed_) return nullptr;
  mark_ = end;
  if (!expect(T::RPar) || !expect(T::RArrow)) return nullptr;
  Expr* returns = expression();
  if (!returns) return nullptr;
  while (expect(T::Newline)) {
  }
  if (!expect(T::EndMarker)) return nullptr;
  return arena_.make<FunctionType>(arguments.seq(), returns);
}

bool Parser::statements(List<Stmt*>& out) {
  size_t before = out.size();
  for (;;) {
    T type = peek();
    if (type == T::EndMarker || type == T::Dedent) break;
    int start = mark_;
    if (!statement(out)) {
      mark_ = start;
      break;
    }
  }
  return out.size() > before && !failed_;
}

bool Parser::statement(List<Stmt*>& out) {
  int start = mark_;
  if (Stmt* compound = compoundStmt()) {
    bool function = compound->kind == Kind::FunctionDef || compound->kind == Kind::AsyncFunctionDef;
    if (diagnosing_ && !function && compound->line >= lastStatement_.line)
      lastStatement_ = compound->span();
    out.add(compound);
    return true;
  }
  if (failed_) return false;
  mark_ = start;
  return simpleStmts(out);
}

bool Parser::simpleStmts(List<Stmt*>& out) {
  size_t before = out.size();
  for (;;) {
    Stmt* stmt = simpleStmt();
    if (!stmt) break;
    out.add(stmt);
    if (expect(T::Newline)) return true;
    if (!expect(T::Semi)) break;
    if (expect(T::Newline)) return true;
  }
  out.truncate(before);
  return false;
}

Stmt* Parser::compoundStmt() {
  Depth depth(*this, 8);
  if (tooDeep()) return nullptr;
  switch (peek()) {
    case T::KwDef:
      return functionDefRaw(mark_, {});
    case T::At:
      return decorated();
    case T::KwIf:
      return ifStmt();
    case T::KwClass:
      return classDefRaw(mark_, {});
    case T::KwWith:
      return withStmt();
    case T::KwFor:
      return forStmt();
    case T::KwTry:
      return tryStmt();
    case T::KwWhile:
      return whileStmt();
    case T::KwAsync:
      switch (peekSecond()) {
        case T::KwDef:
          return functionDefRaw(mark_, {});
        case T::KwWith:
          return withStmt();
        case T::KwFor:
          return forStmt();
        default:
          return nullptr;
      }
    case T::Name:
      return atSoftKeyword("match") ? matchStmt() : nullptr;
    default:
      return nullptr;
  }
}

Seq<Stmt*>* Parser::block() {
  if (!secondPass_) return blockBody();
  return memo(Rule::Block, [&] { return blockBody(); });
}

Seq<Stmt*>* Parser::blockBody() {
  int start = mark_;
  List<Stmt*> body(*this);
  if (expect(T::Newline)) {
    if (expect(T::Indent) && statements(body) && expect(T::Dedent)) {
      return arena_.make<Seq<Stmt*>>(body.seq());
    }
    if (failed_) return nullptr;
    mark_ = start;
    body.truncate(0);
  }
  if (simpleStmts(body)) return arena_.make<Seq<Stmt*>>(body.seq());
  if (failed_) return nullptr;
  mark_ = start;
  if (diagnosing_) invalidBlock();
  return nullptr;
}

Stmt* Parser::ifStmt() {
  int start = mark_;
  if (diagnosing_) {
    invalidIf(T::KwIf, "'if' statement");
    mark_ = start;
    if (failed_) return nullptr;
  }
  mark_++;
  Expr* test = namedExpression();
  if (!test || !expect(T::Colon)) return nullptr;
  Seq<Stmt*>* body = block();
  if (!body) return nullptr;
  int end = mark_;
  Seq<Stmt*> orelse;
  if (at(T::KwElif)) {
    if (Stmt* nested = elifStmt()) {
      List<Stmt*> one(*this);
      one.add(nested);
      orelse = one.seq();
    } else {
      mark_ = end;
    }
  } else if (at(T::KwElse)) {
    if (Seq<Stmt*>* last = elseBlock())
      orelse = *last;
    else
      mark_ = end;
  }
  if (failed_) return nullptr;
  return arena_.make<If>(since(start), test, *body, orelse);
}

// A long chain of elif must not recurse: collects the parts, then builds from the end.
Stmt* Parser::elifStmt() {
  struct Part {
    int start;
    Expr* test;
    Seq<Stmt*> body;
  };
  std::vector<Part> parts;
  Seq<Stmt*> orelse;
  int end = mark_;
  while (at(T::KwElif)) {
    int start = mark_;
    if (diagnosing_) {
      invalidIf(T::KwElif, "'elif' statement");
      mark_ = start;
      if (failed_) return nullptr;
    }
    mark_++;
    Expr* test = namedExpression();
    if (!test || !expect(T::Colon)) break;
    Seq<Stmt*>* body = block();
    if (!body) break;
    parts.push_back({start, test, *body});
    end = mark_;
  }
  if (failed_) return nullptr;
  mark_ = end;
  if (parts.empty()) return nullptr;
  if (at(T::KwElse)) {
    if (Seq<Stmt*>* last = elseBlock())
      orelse = *last;
    else
      mark_ = end;
  }
  if (failed_) return nullptr;
  Stmt* nested = nullptr;
  for (size_t i = parts.size(); i-- > 0;) {
    if (nested) {
      List<Stmt*> one(*this);
      one.add(nested);
      orelse = one.seq();
    }
    nested = arena_.make<If>(since(parts[i].start), parts[i].test, parts[i].body, orelse);
  }
  return nested;
}

Seq<Stmt*>* Parser::elseBlock() {
  int start = mark_;
  if (diagnosing_) {
    invalidElse();
    mark_ = start;
    if (failed_) return nullptr;
  }
  if (!expect(T::KwElse) || !expectForced(T::Colon, ":")) return nullptr;
  return block();
}

Stmt* Parser::whileStmt() {
  int start = mark_;
  if (diagnosing_) {
    invalidIf(T::KwWhile, "'while' statement");
    mark_ = start;
    if (failed_) return nullptr;
  }
  mark_++;
  Expr* test = namedExpression();
  if (!test || !expect(T::Colon)) return nullptr;
  Seq<Stmt*>* body = block();
  if (!body) return nullptr;
  int end = mark_;
  Seq<Stmt*>* orelse = at(T::KwElse) ? elseBlock() : nullptr;
  if (failed_) return nullptr;
  if (!orelse) mark_ = end;
  return arena_.make<While>(since(start), test, *body, orelse ? *orelse : Seq<Stmt*>{});
}

Stmt* Parser::forStmt() {
  int start = mark_;
  if (diagnosing_) {
    invalidFor();
    mark_ = start;
    if (failed_) return nullptr;
  }
  bool async = expect(T::KwAsync) != nullptr;
  if (!expect(T::KwFor)) return nullptr;
  Expr* target = starTargets();
  if (target && expect(T::KwIn)) {
    // Committed.
    Expr* iter = starExpressions();
    if (!iter || !expect(T::Colon)) return nullptr;
    String comment = typeCommentOf(expect(T::TypeComment));
    Seq<Stmt*>* body = block();
    if (!body) return nullptr;
    int end = mark_;
    Seq<Stmt*>* orelse = at(T::KwElse) ? elseBlock() : nullptr;
    if (failed_) return nullptr;
    if (!orelse) mark_ = end;
    Seq<Stmt*> orelseSeq = orelse ? *orelse : Seq<Stmt*>{};
    if (!async) return arena_.make<For>(since(start), target, iter, *body, orelseSeq, comment);
    if (!checkVersion(5, "Async for loops are")) return nullptr;
    return arena_.make<AsyncFor>(since(start), target, iter, *body, orelseSeq, comment);
  }
  if (failed_ || !diagnosing_) return nullptr;
  mark_ = start;
  invalidForTarget();
  return nullptr;
}

// ','.with_item+
bool Parser::withItems(List<WithItem*>& out) {
  int end = mark_;
  do {
    WithItem* item = withItem();
    if (!item) break;
    out.add(item);
    end = mark_;
  } while (expect(T::Comma));
  mark_ = end;
  return out.size() > 0 && !failed_;
}

WithItem* Parser::withItem() {
  int start = mark_;
  Expr* context = expression();
  if (context && at(T::KwAs)) {
    int beforeAs = mark_++;
    Expr* target = starTarget();
    if (target && (at(T::Comma) || at(T::RPar) || at(T::Colon))) {
      return arena_.make<WithItem>(context, target);
    }
    if (failed_) return nullptr;
    if (diagnosing_) {
      mark_ = start;
      invalidWithItem();
      if (failed_) return nullptr;
    }
    mark_ = beforeAs;
  }
  if (!context || failed_) return nullptr;
  return arena_.make<WithItem>(context, nullptr);
}

Stmt* Parser::withStmt() {
  int start = mark_;
  if (diagnosing_) {
    invalidWithIndent();
    mark_ = start;
    if (failed_) return nullptr;
  }
  bool async = expect(T::KwAsync) != nullptr;
  if (!expect(T::KwWith)) return nullptr;
  int afterKeyword = mark_;
  auto finish = [&](Seq<WithItem*> items, bool parenthesized) -> Stmt* {
    String comment = nullptr;
    if (!(async && parenthesized)) comment = typeCommentOf(expect(T::TypeComment));
    Seq<Stmt*>* body = block();
    if (!body) return nullptr;
    if (!async) return arena_.make<With>(since(start), items, *body, comment);
    if (!checkVersion(5, "Async with statements are")) return nullptr;
    return arena_.make<AsyncWith>(since(start), items, *body, comment);
  };
  if (expect(T::LPar)) {
    List<WithItem*> items(*this);
    if (withItems(items)) {
      expect(T::Comma);
      if (expect(T::RPar) && expect(T::Colon)) {
        if (Stmt* stmt = finish(items.seq(), true)) return stmt;
      }
    }
    if (failed_) return nullptr;
    mark_ = afterKeyword;
  }
  {
    List<WithItem*> items(*this);
    if (withItems(items) && expect(T::Colon)) {
      if (Stmt* stmt = finish(items.seq(), false)) return stmt;
    }
  }
  if (failed_ || !diagnosing_) return nullptr;
  mark_ = start;
  invalidWith();
  return nullptr;
}

Stmt* Parser::tryStmt() {
  int start = mark_;
  if (diagnosing_) {
    invalidTry();
    mark_ = start;
    if (failed_) return nullptr;
  }
  mark_++;
  if (!expectForced(T::Colon, ":")) return nullptr;
  Seq<Stmt*>* body = block();
  if (!body) return nullptr;
  int afterBody = mark_;
  if (at(T::KwFinally)) {
    Seq<Stmt*>* last = finallyBlock();
    if (!last) return nullptr;
    return arena_.make<Try>(since(start), *body, Seq<Handler*>{}, Seq<Stmt*>{}, *last);
  }
  for (bool star : {false, true}) {
    List<Handler*> handlers(*this);
    int end = mark_ = afterBody;
    while (at(T::KwExcept)) {
      if (!secondPass_ && (peekSecond() == T::Star) != star) break;
      Handler* handler = star ? exceptStarBlock() : exceptBlock();
      if (!handler) break;
      handlers.add(handler);
      end = mark_;
    }
    if (failed_) return nullptr;
    mark_ = end;
    if (handlers.size() == 0) continue;
    Seq<Stmt*>* orelse = at(T::KwElse) ? elseBlock() : nullptr;
    if (failed_) return nullptr;
    if (!orelse) mark_ = end;
    end = mark_;
    Seq<Stmt*>* last = at(T::KwFinally) ? finallyBlock() : nullptr;
    if (failed_) return nullptr;
    if (!last) mark_ = end;
    Seq<Stmt*> orelseSeq = orelse ? *orelse : Seq<Stmt*>{};
    Seq<Stmt*> lastSeq = last ? *last : Seq<Stmt*>{};
    if (!star) return arena_.make<Try>(since(start), *body, handlers.seq(), orelseSeq, lastSeq);
    if (!checkVersion(11, "Exception groups are")) return nullptr;
    return arena_.make<TryStar>(since(start), *body, handlers.seq(), orelseSeq, lastSeq);
  }
  return nullptr;
}

Handler* Parser::exceptBlock() { return exceptHandler(false); }
Handler* Parser::exceptStarBlock() { return exceptHandler(true); }

Handler* Parser::exceptHandler(bool star) {
  int start = mark_;
  if (diagnosing_) {
    invalidExceptIndent(star);
    mark_ = start;
    if (failed_) return nullptr;
  }
  auto body = [&]() -> Handler* {
    if (!expect(T::KwExcept)) return nullptr;
    if (star && !expect(T::Star)) return nullptr;
    if (!star && expect(T::Colon)) {
      Seq<Stmt*>* suite = block();
      if (!suite) return nullptr;
      return arena_.make<ExceptHandler>(since(start), nullptr, nullptr, *suite);
    }
    int beforeType = mark_;
    Expr* type = expression();
    if (!type) return nullptr;
    bool bareTuple = at(T::Comma);
    if (bareTuple) {
      mark_ = beforeType;
      type = expressions();
      if (!type) return nullptr;
    }
    Identifier target = nullptr;
    if (!bareTuple && expect(T::KwAs)) {
      const PToken* token = expect(T::Name);
      if (!token) return nullptr;
      target = identifier(token);
    }
    if (!expect(T::Colon)) return nullptr;
    Seq<Stmt*>* suite = block();
    if (!suite) return nullptr;
    if (bareTuple && !checkVersion(14, "except expressions without parentheses are")) {
      return nullptr;
    }
    return arena_.make<ExceptHandler>(since(start), type, target, *suite);
  };
  if (Handler* handler = body()) return handler;
  if (failed_ || !diagnosing_) return nullptr;
  mark_ = start;
  invalidExcept(star);
  return nullptr;
}

Seq<Stmt*>* Parser::finallyBlock() {
  int start = mark_;
  if (diagnosing_) {
    invalidFinally();
    mark_ = start;
    if (failed_) return nullptr;
  }
  if (!expect(T::KwFinally) || !expectForced(T::Colon, ":")) return nullptr;
  return block();
}

// --- definitions

Stmt* Parser::decorated() {
  List<Expr*> decorators(*this);
  while (expect(T::At)) {
    Expr* decorator = namedExpression();
    if (!decorator || !expect(T::Newline)) return nullptr;
    decorators.add(decorator);
  }
  switch (peek()) {
    case T::KwDef:
    case T::KwAsync:
      return functionDefRaw(mark_, decorators.seq());
    case T::KwClass:
      return classDefRaw(mark_, decorators.seq());
    default:
      return nullptr;
  }
}

Stmt* Parser::functionDefRaw(int start, Seq<Expr*> decorators) {
  if (diagnosing_) {
    invalidDef();
    mark_ = start;
    if (failed_) return nullptr;
  }
  bool async = expect(T::KwAsync) != nullptr;
  if (!expect(T::KwDef)) return nullptr;
  const PToken* token = expect(T::Name);
  if (!token) return nullptr;
  Identifier id = identifier(token);
  int end = mark_;
  Seq<TypeParam*>* types = at(T::LSqb) ? typeParams() : nullptr;
  if (failed_) return nullptr;
  if (!types) mark_ = end;
  if (!expect(T::LPar)) return nullptr;
  end = mark_;
  Arguments* arguments = at(T::RPar) && !secondPass_ ? nullptr : params(false);
  if (failed_) return nullptr;
  if (!arguments) {
    mark_ = end;
    arguments = arena_.make<Arguments>();
  }
  if (!expect(T::RPar)) return nullptr;
  Expr* returns = nullptr;
  end = mark_;
  if (expect(T::RArrow)) {
    returns = expression();
    if (!returns) mark_ = end;
  }
  if (!expect(T::Colon)) return nullptr;
  end = mark_;
  const PToken* comment = options_.typeComments ? funcTypeComment() : nullptr;
  if (failed_) return nullptr;
  if (!comment) mark_ = end;
  Seq<Stmt*>* body = block();
  if (!body) return nullptr;
  Seq<TypeParam*> typeSeq = types ? *types : Seq<TypeParam*>{};
  String commentText = typeCommentOf(comment);
  if (!async) {
    return arena_.make<FunctionDef>(since(start), id, arguments, *body, decorators, returns,
                                    commentText, typeSeq);
  }
  if (!checkVersion(5, "Async functions are")) return nullptr;
  return arena_.make<AsyncFunctionDef>(since(start), id, arguments, *body, decorators, returns,
                                       commentText, typeSeq);
}

String Parser::typeCommentOf(const PToken* token) {
  return token ? arena_.string(token->text) : nullptr;
}

// NEWLINE TYPE_COMMENT &(NEWLINE INDENT) | TYPE_COMMENT
const PToken* Parser::funcTypeComment() {
  int start = mark_;
  if (expect(T::Newline)) {
    if (const PToken* comment = expect(T::TypeComment)) {
      int end = mark_;
      bool indented = expect(T::Newline) && expect(T::Indent);
      mark_ = end;
      if (indented) return comment;
    }
    if (failed_) return nullptr;
    mark_ = start;
  }
  if (diagnosing_) {
    invalidDoubleTypeComments();
    mark_ = start;
  }
  return expect(T::TypeComment);
}

Stmt* Parser::classDefRaw(int start, Seq<Expr*> decorators) {
  if (diagnosing_) {
    invalidClassDef();
    mark_ = start;
    if (failed_) return nullptr;
  }
  if (!expect(T::KwClass)) return nullptr;
  const PToken* token = expect(T::Name);
  if (!token) return nullptr;
  Identifier id = identifier(token);
  int end = mark_;
  Seq<TypeParam*>* types = at(T::LSqb) ? typeParams() : nullptr;
  if (failed_) return nullptr;
  if (!types) mark_ = end;
  Call* call = nullptr;
  end = mark_;
  if (expect(T::LPar)) {
    int afterOpen = mark_;
    call = arguments();
    if (failed_) return nullptr;
    if (!call) mark_ = afterOpen;
    if (!expect(T::RPar)) mark_ = end;
  }
  if (!expect(T::Colon)) return nullptr;
  Seq<Stmt*>* body = block();
  if (!body) return nullptr;
  return arena_.make<ClassDef>(since(start), id, call ? call->args : Seq<Expr*>{},
                               call ? call->keywords : Seq<Keyword*>{}, *body, decorators,
                               types ? *types : Seq<TypeParam*>{});
}

// '[' ','.type_param+ [','] ']'
Seq<TypeParam*>* Parser::typeParams() {
  int start = mark_;
  if (diagnosing_) {
    invalidTypeParams();
    mark_ = start;
    if (failed_) return nullptr;
  }
  if (!expect(T::LSqb)) return nullptr;
  List<TypeParam*> items(*this);
  for (;;) {
    int before = mark_;
    TypeParam* item = typeParam();
    if (!item) {
      mark_ = before;
      break;
    }
    items.add(item);
    if (!expect(T::Comma)) break;
  }
  if (items.size() == 0 || !expect(T::RSqb)) return nullptr;
  if (!checkVersion(12, "Type parameter lists are")) return nullptr;
  return arena_.make<Seq<TypeParam*>>(items.seq());
}

TypeParam* Parser::typeParam() {
  auto body = [&]() -> TypeParam* {
    int start = mark_;
    auto defaultOf = [&](bool starred) -> Expr* {
      int before = mark_;
      if (!expect(T::Equal)) return nullptr;
      Expr* value = starred ? starExpression() : expression();
      if (!value)
        mark_ = before;
      else if (!checkVersion(13, "Type parameter defaults are"))
        return nullptr;
      return value;
    };
    if (const PToken* token = expect(T::Name)) {
      Expr* bound = nullptr;
      int before = mark_;
      if (expect(T::Colon)) {
        bound = expression();
        if (!bound) mark_ = before;
      }
      Expr* value = defaultOf(false);
      if (failed_) return nullptr;
      return arena_.make<TypeVar>(since(start), identifier(token), bound, value);
    }
    if (diagnosing_) {
      invalidTypeParam();
      mark_ = start;
      if (failed_) return nullptr;
    }
    bool tuple = at(T::Star);
    if (!tuple && !at(T::DoubleStar)) return nullptr;
    mark_++;
    const PToken* token = expect(T::Name);
    if (!token) return nullptr;
    Expr* value = defaultOf(tuple);
    if (failed_) return nullptr;
    if (tuple) return arena_.make<TypeVarTuple>(since(start), identifier(token), value);
    return arena_.make<ParamSpec>(since(start), identifier(token), value);
  };
  if (!secondPass_) return body();
  return memo(Rule::TypeParam, body);
}

// --- match

Stmt* Parser::matchStmt() {
  int start = mark_;
  if (expectSoftKeyword("match")) {
    int afterKeyword = mark_;
    // subject_expr
    Expr* subject = nullptr;
    Expr* first = starNamedExpression();
    if (first && at(T::Comma)) {
      mark_++;
      List<Expr*> items(*this);
      items.add(first);
      starNamedExpressions(items);
      if (failed_) return nullptr;
      subject = arena_.make<Tuple>(since(afterKeyword), items.seq(), ExprContext::Load);
    } else if (first && !is<Starred>(first)) {
      subject = first;
    }
    if (subject && expect(T::Colon) && expect(T::Newline) && expect(T::Indent)) {
      List<MatchCase*> cases(*this);
      for (;;) {
        int before = mark_;
        MatchCase* item = caseBlock();
        if (!item) {
          if (failed_) return nullptr;
          mark_ = before;
          break;
        }
        cases.add(item);
      }
      if (cases.size() > 0 && expect(T::Dedent)) {
        if (!checkVersion(10, "Pattern matching is")) return nullptr;
        return arena_.make<Match>(since(start), subject, cases.seq());
      }
    }
  }
  if (failed_ || !diagnosing_) return nullptr;
  mark_ = start;
  invalidMatch();
  return nullptr;
}

MatchCase* Parser::caseBlock() {
  int start = mark_;
  if (diagnosing_) {
    invalidCase();
    mark_ = start;
    if (failed_) return nullptr;
  }
  if (!expectSoftKeyword("case")) return nullptr;
  Pattern* pattern = patterns();
  if (!pattern) return nullptr;
  Expr* guard = nullptr;
  int end = mark_;
  if (expect(T::KwIf)) {
    guard = namedExpression();
    if (!guard) mark_ = end;
  }
  if (!expect(T::Colon)) return nullptr;
  Seq<Stmt*>* body = block();
  if (!body) return nullptr;
  return arena_.make<MatchCase>(pattern, guard, *body);
}

}  // namespace dx::frontend
