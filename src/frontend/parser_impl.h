// The parser itself; see parser.h for the way in.
//
// Recursive descent with backtracking: one method per grammar rule, grouped by family into
// parse_*.cpp. A rule returns null (and leaves the mark anywhere) when it does not match; the
// caller resets the mark before it tries something else.
//
// Two passes, because CPython's error reports depend on it. The first pass knows the grammar
// of valid programs only. When it fails, the last token it looked at is where a plain
// "invalid syntax" is reported; but first a second pass runs with `diagnosing_` set, in which
// the invalid*() rules (invalid_*.cpp) recognize typical mistakes and raise better reports.
// Their order decides which report wins, so in the second pass the rules are tried exactly in
// the order of CPython's PEG grammar, with memoization to stay linear.
//
// Once an error is raised (`failed_`), no token matches any more: everything unwinds.
#pragma once
#include "frontend/ast.h"
#include "frontend/tokenizer.h"

namespace dx::frontend {

// Memoized rules.
enum class Rule : u8 {
  SimpleStmt,
  Block,
  Import,
  Expression,
  StarExpression,
  Disjunction,
  Conjunction,
  Inversion,
  Comparison,
  BitwiseOr,
  BitwiseXor,
  BitwiseAnd,
  ShiftExpr,
  Sum,
  Term,
  Factor,
  AwaitPrimary,
  Primary,
  Atom,
  Strings,
  TString,
  Arguments,
  StarTarget,
  TargetWithStarAtom,
  DelTarget,
  ClosedPattern,
  StarPattern,
  TypeParam,
  InvalidNamedExpression,
};

struct Memo {
  Rule rule;
  int end;
  void* node;
  Memo* next;
};

struct PToken : Token {
  Memo* memo = nullptr;
};

// A place for a report: any node or token converts to it.
struct Loc {
  int line, col, endLine, endCol;
  Loc(const ast::Node* n) : line(n->line), col(n->col), endLine(n->endLine), endCol(n->endCol) {}
  Loc(const PToken* t) : line(t->line), col(t->col), endLine(t->endLine), endCol(t->endCol) {}
};

enum class TargetKind : u8 { Star, Del, For };

struct NameDefault {
  ast::Arg* arg;
  ast::Expr* value;
};

struct SlashWithDefault {
  ast::Seq<ast::Arg*> plain;
  ast::Seq<NameDefault*> withDefault;
};

struct StarEtc {
  ast::Arg* vararg;
  ast::Seq<NameDefault*> keywordOnly;
  ast::Arg* kwarg;
};

struct KeyValue {
  ast::Expr* key;
  ast::Expr* value;
};

struct KeyPattern {
  ast::Expr* key;
  ast::Pattern* pattern;
};

struct KeywordOrStarred {
  ast::Keyword* keyword;  // or
  ast::Expr* starred;
};

// What stands after the expression of an f-string field.
struct FieldPart {
  ast::Expr* result;
  const PToken* token;
};

class Parser {
 public:
  Parser(std::string_view text, const ParseOptions& options, ast::Arena& arena);

  ast::Mod* run();
  SyntaxErrorInfo takeError() {
    error_.statementLine = lastStatement_.line;
    error_.statementCol = lastStatement_.col;
    return std::move(error_);
  }
  std::vector<SyntaxWarningInfo> takeWarnings();

 private:
  using Expr = ast::Expr;
  using Stmt = ast::Stmt;
  template <class X>
  using Seq = ast::Seq<X>;

  // Collects pointers for a Seq on a stack shared by all rules.
  template <class X>
  class List {
   public:
    explicit List(Parser& parser) : parser_(parser), base_(parser.scratch_.size()) {}
    ~List() { parser_.scratch_.resize(base_); }
    List(const List&) = delete;
    List& operator=(const List&) = delete;
    void add(X item) {
      // Only the innermost list grows.
      DX_ASSERT(parser_.scratch_.size() == base_ + count_);
      parser_.scratch_.push_back(reinterpret_cast<void*>(item));
      count_++;
    }
    size_t size() const { return count_; }
    X operator[](size_t i) const { return reinterpret_cast<X>(parser_.scratch_[base_ + i]); }
    X last() const { return (*this)[count_ - 1]; }
    void truncate(size_t size) {
      parser_.scratch_.resize(base_ + size);
      count_ = size;
    }
    Seq<X> seq() const {
      Seq<X> out;
      out.count = u32(size());
      out.items = parser_.arena_.template array<X>(size());
      for (u32 i = 0; i < out.count; i++) out.items[i] = (*this)[i];
      return out;
    }

   private:
    Parser& parser_;
    size_t base_;
    size_t count_ = 0;
  };

  // --- tokens (parser.cpp)
  bool fill();
  const PToken* peekToken() {
    if (mark_ == int(tokens_.size()) && !fill()) return nullptr;
    return failed_ ? nullptr : tokens_[mark_];
  }
  T peek() {
    const PToken* token = peekToken();
    return token ? token->type : T::ErrorToken;
  }
  bool at(T type) { return peek() == type; }
  // The type of the token after the current one.
  T peekSecond();
  const PToken* expect(T type) {
    if (peek() != type) return nullptr;
    return tokens_[mark_++];
  }
  const PToken* expectForced(T type, const char* what);
  bool atSoftKeyword(std::string_view word) {
    const PToken* token = peekToken();
    return token && token->type == T::Name && token->text == word;
  }
  const PToken* expectSoftKeyword(std::string_view word) {
    return atSoftKeyword(word) ? tokens_[mark_++] : nullptr;
  }
  bool atAnySoftKeyword();
  ast::Name* name();
  Expr* number();
  ast::Identifier identifier(const PToken* token);

  // From the token at `mark` to the last one before the current mark that has text.
  ast::Span since(int mark);
  std::nullptr_t no(int mark) {
    mark_ = mark;
    return nullptr;
  }

  template <class Fn>
  auto memo(Rule rule, Fn&& fn) -> decltype(fn()) {
    if (peekToken() == nullptr) return nullptr;
    int start = mark_;
    for (Memo* m = tokens_[start]->memo; m != nullptr; m = m->next) {
      if (m->rule == rule) {
        mark_ = m->end;
        return static_cast<decltype(fn())>(m->node);
      }
    }
    auto* node = fn();
    if (!node) mark_ = start;
    PToken* token = tokens_[start];
    token->memo = arena_.make<Memo>(
        Memo{rule, mark_, const_cast<void*>(static_cast<const void*>(node)), token->memo});
    return node;
  }

  // Nesting guard: false after raising "too complex".
  struct Depth {
    Parser& parser;
    int weight;
    Depth(Parser& p, int w) : parser(p), weight(w) { parser.depth_ += w; }
    ~Depth() { parser.depth_ -= weight; }
  };
  bool tooDeep() {
    if (depth_ <= kMaxDepth) [[likely]]
      return false;
    raiseTooComplex();
    return true;
  }

  // --- reports (parse_errors.cpp). All return null; the first one counts.
  std::nullptr_t raiseAt(ErrorKind kind, int line, int col, int endLine, int endCol,
                         std::string message);
  std::nullptr_t raiseLast(std::string message, ErrorKind kind = ErrorKind::Syntax,
                           bool atMark = false);
  std::nullptr_t raiseOn(Loc where, std::string message) {
    return raiseAt(ErrorKind::Syntax, where.line, where.col, where.endLine, where.endCol,
                   std::move(message));
  }
  std::nullptr_t raiseRange(Loc from, Loc to, std::string message) {
    return raiseAt(ErrorKind::Syntax, from.line, from.col, to.endLine, to.endCol,
                   std::move(message));
  }
  std::nullptr_t raiseFrom(Loc from, std::string message) {
    return raiseAt(ErrorKind::Syntax, from.line, from.col, kCurrent, kCurrent, std::move(message));
  }
  std::nullptr_t raiseOnNext(std::string message) {
    return raiseLast(std::move(message), ErrorKind::Syntax, true);
  }
  std::nullptr_t raiseIndent(const char* what, const PToken* keyword);
  std::nullptr_t raiseInvalidTarget(TargetKind kind, Expr* expr);
  std::nullptr_t raiseTooComplex();
  void raiseUnclosedBracket();
  void raiseTokenizerError();
  void checkRestForTokenizerErrors();
  void settleSecondPass(const PToken* lastOfFirstPass);
  bool checkVersion(int minor, const char* what);
  static Expr* invalidTarget(Expr* expr, TargetKind kind);
  static const char* exprName(const Expr* expr);
  void warnEscape(std::string_view escape, bool octal, const PToken* token, std::string_view body,
                  const char* at, int position);

  // --- modules and statements (parse_statements.cpp)
  ast::Mod* parseTop();
  ast::Mod* file();
  ast::Mod* interactive();
  ast::Mod* eval();
  ast::Mod* funcType();
  bool statements(List<Stmt*>& out);
  bool statement(List<Stmt*>& out);
  bool simpleStmts(List<Stmt*>& out);
  bool badSingleStatement();
  Stmt* compoundStmt();
  Seq<Stmt*>* block();
  Seq<Stmt*>* blockBody();
  Stmt* ifStmt();
  Stmt* elifStmt();
  Seq<Stmt*>* elseBlock();
  Stmt* whileStmt();
  Stmt* forStmt();
  Stmt* withStmt();
  ast::WithItem* withItem();
  bool withItems(List<ast::WithItem*>& out);
  Stmt* tryStmt();
  ast::Handler* exceptBlock();
  ast::Handler* exceptStarBlock();
  ast::Handler* exceptHandler(bool star);
  Seq<Stmt*>* finallyBlock();
  Stmt* decorated();
  Stmt* functionDefRaw(int start, Seq<Expr*> decorators);
  Stmt* classDefRaw(int start, Seq<Expr*> decorators);
  const PToken* funcTypeComment();
  ast::String typeCommentOf(const PToken* token);
  Seq<ast::TypeParam*>* typeParams();
  ast::TypeParam* typeParam();
  Stmt* matchStmt();
  ast::MatchCase* caseBlock();

  // --- simple statements (parse_simple.cpp)
  Stmt* simpleStmt();
  Stmt* simpleStmtBody();
  Stmt* assignmentOrExpression();
  Stmt* assignment();
  Expr* annotatedRhs();
  bool augAssign(ast::Operator* op);
  Stmt* returnStmt();
  Stmt* raiseStmt();
  Stmt* delStmt();
  Stmt* assertStmt();
  Stmt* globalStmt(bool nonlocal);
  Stmt* importStmt();
  Stmt* importName();
  Stmt* importFrom();
  Seq<ast::Alias*>* importFromTargets();
  bool importFromAsNames(List<ast::Alias*>& out);
  ast::Alias* importFromAsName();
  ast::Alias* dottedAsName();
  ast::Name* dottedName();
  Stmt* typeAlias();
  template <class S>
  Stmt* keywordStmt(T keyword);

  // --- expressions (parse_expressions.cpp)
  Expr* expressions();
  Expr* expression();
  Expr* expressionBody();
  Expr* expressionWithoutInvalid();
  Expr* yieldExpr();
  Expr* starExpressions();
  Expr* starExpression();
  bool starNamedExpressions(List<Expr*>& out);
  Expr* starNamedExpression();
  Expr* assignmentExpression();
  Expr* namedExpression();
  Expr* disjunction();
  Expr* conjunction();
  Expr* inversion();
  Expr* comparison();
  bool compareOp(ast::CmpOperator* op);
  Expr* bitwiseOr() { return binary(0); }
  Expr* binary(int level);
  Expr* binaryBody(int level);
  Expr* climb(int minLevel);
  Expr* factor();
  Expr* factorBody();
  Expr* power();
  Expr* awaitPrimary();
  Expr* primary();
  Expr* primaryBody();
  Expr* trailer(Expr* base, int start, bool inTarget = false);
  Expr* slices();
  Expr* slice();
  Expr* lambdef();

  // --- atoms, displays, comprehensions, calls (parse_atoms.cpp)
  Expr* atom();
  Expr* bracketAtom(T open);
  Expr* parenAtom();
  Expr* squareAtom();
  Expr* braceAtom();
  Expr* group();
  Expr* tuple();
  Expr* list();
  Expr* listComp();
  Expr* genExp();
  Expr* set();
  Expr* setComp();
  Expr* dict();
  Expr* dictComp();
  KeyValue* kvPair();
  KeyValue* doubleStarredKvPair();
  bool doubleStarredKvPairs(List<KeyValue*>& out);
  Expr* constant(ast::ConstantValue::Kind kind);
  Seq<ast::Comprehension*>* forIfClauses();
  ast::Comprehension* forIfClause();
  ast::Call* arguments();
  ast::Call* args();
  Expr* positionalArgument();
  bool kwargs(List<KeywordOrStarred*>& out);
  Expr* starredExpression();
  KeywordOrStarred* kwargOrStarred(bool doubleStar);
  ast::Call* makeCall(int start, List<Expr*>& positional, List<KeywordOrStarred*>& rest);
  Expr* finishCall(Expr* func, int start);

  // --- targets (parse_targets.cpp)
  Expr* starTargets();
  Expr* starTarget();
  Expr* targetWithStarAtom();
  Expr* starAtom();
  Expr* singleTarget();
  Expr* singleSubscriptAttributeTarget();
  Expr* subscriptOrAttribute(ast::ExprContext context);
  bool delTargets(List<Expr*>& out);
  Expr* delTarget();
  Expr* withContext(Expr* expr, ast::ExprContext context);
  static bool isValidTarget(const Expr* expr, bool allowStar);

  // --- parameters (parse_parameters.cpp); `lambda` selects the lambda_ variants
  ast::Arguments* params(bool lambda);
  ast::Arguments* parameters(bool lambda);
  ast::Arg* param(bool lambda);
  ast::Arg* paramNoDefault(bool lambda, bool starAnnotation = false);
  NameDefault* paramWithDefault(bool lambda);
  NameDefault* paramMaybeDefault(bool lambda);
  Expr* defaultValue();
  bool paramEnd(bool lambda, const PToken** typeComment);
  Seq<ast::Arg*>* slashNoDefault(bool lambda);
  SlashWithDefault* slashWithDefault(bool lambda);
  StarEtc* starEtc(bool lambda);
  ast::Arg* kwds(bool lambda);
  T paramsClose(bool lambda) const { return lambda ? T::Colon : T::RPar; }

  // --- patterns (parse_patterns.cpp)
  ast::Pattern* patterns();
  ast::Pattern* pattern();
  ast::Pattern* orPattern();
  ast::Pattern* closedPattern();
  ast::Pattern* closedPatternBody();
  ast::Pattern* literalPattern();
  ast::Pattern* maybeStarPattern();
  ast::Pattern* starPattern();
  ast::Pattern* parenPattern();
  ast::Pattern* mappingPattern();
  ast::Pattern* classPattern();
  ast::Name* patternCaptureTarget();
  Expr* signedNumber();
  Expr* complexNumber();
  Expr* literalExpr();
  Expr* attr();
  Expr* nameOrAttr();
  KeyPattern* keyValuePattern();
  KeyPattern* keywordPattern();
  ast::Name* doubleStarPattern();

  // --- strings (parse_strings.cpp, string_literals.cpp)
  Expr* strings();
  Expr* stringsBody();
  Expr* string();
  Expr* fstring(bool isTemplate);
  Expr* fstringBody(bool isTemplate);
  Expr* replacementField(bool isTemplate, bool inFormatSpec);
  FieldPart* fieldConversion(bool isTemplate);
  FieldPart* fullFormatSpec(bool isTemplate);
  Expr* formatSpecPart(bool isTemplate);
  Expr* makeField(Expr* value, const PToken* debug, FieldPart* conversion, FieldPart* format,
                  const PToken* brace, int start, bool isTemplate, bool asInterpolation);
  Expr* concatenate(Seq<Expr*> parts, int start, bool isTemplate);
  Expr* textConstant(std::string_view text, ast::Span at);
  bool decodeString(std::string_view body, bool raw, const PToken* token, std::string* out);
  bool decodeBytes(std::string_view body, bool raw, const PToken* token, std::string* out);
  Expr* literalFromToken(const PToken* token);

  // --- recognizers of mistakes (invalid_*.cpp). They raise, or leave the mark anywhere.
  template <class Fn>
  int repeat(Fn&& fn) {
    for (int count = 0;; count++) {
      int before = mark_;
      if (!fn() || failed_) {
        mark_ = before;
        return count;
      }
    }
  }
  // ','.item+
  template <class Fn>
  int gather(Fn&& fn) {
    int end = mark_;
    for (int count = 0;; count++) {
      if (!fn() || failed_) {
        mark_ = end;
        return count;
      }
      end = mark_;
      if (!expect(T::Comma)) return failed_ ? 0 : count + 1;
    }
  }
  // NEWLINE !INDENT
  bool atMissingBlock() { return expect(T::Newline) && !at(T::Indent) && !failed_; }
  bool lookaheadAny(std::initializer_list<T> types) {
    T type = peek();
    for (T t : types) {
      if (t == type) return true;
    }
    return false;
  }
  const PToken* expectAny(std::initializer_list<T> types) {
    return lookaheadAny(types) ? tokens_[mark_++] : nullptr;
  }
  void invalidAssignment();
  Expr* invalidAnnAssignTarget();
  void invalidDel();
  void invalidBlock();
  void invalidImport();
  void invalidDottedAsName();
  void invalidImportFromAsName();
  void invalidImportFromTargets();
  void invalidIf(T keyword, const char* what);
  void invalidElse();
  void invalidFor();
  void invalidForTarget();
  void invalidForIfClause();
  void invalidWithIndent();
  void invalidWith();
  void invalidWithItem();
  bool withItemsLoose(bool parenthesized);
  void invalidTry();
  void invalidExcept(bool star);
  void invalidExceptIndent(bool star);
  void invalidFinally();
  void invalidDef();
  void invalidClassDef();
  void invalidMatch();
  void invalidCase();
  void invalidAsPattern();
  void invalidClassPattern();
  void invalidDoubleTypeComments();
  void invalidTypeParam();
  void invalidTypeParams();
  void invalidExpression();
  void invalidLegacyExpression();
  void invalidNamedExpression();
  void invalidComprehension();
  void invalidDictComprehension();
  void invalidGroup();
  void invalidArguments();
  void invalidKwarg();
  void invalidStarredUnpacking();
  void invalidDoubleStarredKvPairs();
  void invalidKvPair();
  void invalidArithmetic();
  void invalidFactor();
  void invalidParameters(bool lambda);
  void invalidDefault();
  void invalidStarEtc(bool lambda);
  void invalidKwds(bool lambda);
  void invalidReplacementField(bool isTemplate);
  void invalidStringConcat();

  static constexpr int kMaxDepth = 6000;
  static constexpr int kCurrent = -5;

  ast::Arena& arena_;
  const ParseOptions& options_;
  Tokenizer tokenizer_;
  std::vector<PToken*> tokens_;
  std::vector<ast::Ignore*> typeIgnores_;
  std::vector<void*> scratch_;
  int mark_ = 0;
  ast::Span lastStatement_;  // SyntaxErrorInfo::statementLine
  int depth_ = 0;
  bool failed_ = false;
  bool diagnosing_ = false;  // the invalid*() rules are on
  bool secondPass_ = false;
  bool inRawString_ = false;  // inside a raw f-string or t-string
  bool parsingStarted_ = false;
  bool barry_ = false;  // from __future__ import barry_as_FLUFL is in effect
  SyntaxErrorInfo error_;
  std::vector<SyntaxWarningInfo> warnings_;
};

}  // namespace dx::frontend
