// Reports: where they point, and which of several wins.
#include "frontend/parser_impl.h"
#include "frontend/source.h"

namespace dx::frontend {

using namespace ast;

namespace {

// Line `number` of the text, without its end.
std::string_view lineOf(std::string_view text, int number) {
  for (int i = 1; i < number; i++) {
    size_t newline = text.find('\n');
    if (newline == std::string_view::npos || newline + 1 > text.size()) break;
    text.remove_prefix(newline + 1);
  }
  return text.substr(0, text.find('\n'));
}

int toCharacters(const std::string& line, int bytes) {
  if (bytes > int(line.size()) + 1) bytes = int(line.size()) + 1;
  if (bytes > int(line.size())) {
    return int(countCodePoints(line)) + 1;
  }
  return int(countCodePoints(replaceInvalidUtf8(std::string_view(line).substr(0, size_t(bytes)))));
}

}  // namespace

std::nullptr_t Parser::raiseAt(ErrorKind kind, int line, int col, int endLine, int endCol,
                               std::string message) {
  if (failed_) return nullptr;
  failed_ = true;
  if (endLine == kCurrent) endLine = tokenizer_.line();
  endCol = endCol == kCurrent ? tokenizer_.column() : endCol + 1;
  col++;
  error_.kind = kind;
  error_.message = std::move(message);
  std::string_view current = tokenizer_.lineText();
  if (tokenizer_.line() <= line && !current.empty()) {
    error_.text = replaceInvalidUtf8(current);
  } else {
    error_.text = replaceInvalidUtf8(lineOf(tokenizer_.text(), line));
  }
  error_.line = line;
  error_.endLine = endLine;
  error_.offset = col > 0 ? toCharacters(error_.text, col) : col;
  error_.endOffset = endCol > 0 ? toCharacters(error_.text, endCol) : endCol;
  return nullptr;
}

std::nullptr_t Parser::raiseLast(std::string message, ErrorKind kind, bool atMark) {
  if (failed_) return nullptr;
  if (atMark && mark_ == int(tokens_.size()) && !fill()) return nullptr;
  if (tokens_.empty()) return raiseAt(kind, 0, -1, 0, -2, std::move(message));
  const PToken* token = atMark ? tokens_[mark_] : tokens_.back();
  int col = token->col;
  if (col == -1) {
    // Of a file CPython keeps one line; at its end, without a token in it, nothing of it is left.
    bool forgotten = !options_.fileName.empty() && tokenizer_.state() == Tokenizer::State::Eof &&
                     (tokens_.size() < 2 || tokens_[tokens_.size() - 2]->line != token->line);
    col = (forgotten || tokenizer_.atStartOfBuffer() ? 0 : tokenizer_.column()) - 1;
  }
  int endCol = token->endCol == -1 ? -2 : token->endCol;
  return raiseAt(kind, token->line, col, token->endLine, endCol, std::move(message));
}

std::nullptr_t Parser::raiseIndent(const char* what, const PToken* keyword) {
  char message[120];
  snprintf(message, sizeof message, "expected an indented block after %s on line %d", what,
           keyword->line);
  return raiseLast(message, ErrorKind::Indentation);
}

std::nullptr_t Parser::raiseTooComplex() {
  if (failed_) return nullptr;
  failed_ = true;
  error_ = {};
  error_.kind = ErrorKind::Memory;
  error_.message = "Parser stack overflowed - Python source too complex to parse";
  error_.hasLocation = false;
  return nullptr;
}

void Parser::raiseUnclosedBracket() {
  const Tokenizer::Bracket& open = tokenizer_.innermostBracket();
  char message[40];
  snprintf(message, sizeof message, "'%c' was never closed", open.opening);
  raiseAt(ErrorKind::Syntax, open.line, open.col, open.line, -1, message);
}

void Parser::raiseTokenizerError() {
  if (failed_) return;
  int line = tokenizer_.line();
  switch (tokenizer_.state()) {
    case Tokenizer::State::Error:
    case Tokenizer::State::EofInString:
    case Tokenizer::State::EolInString:
      failed_ = true;
      error_ = tokenizer_.error();
      break;
    case Tokenizer::State::Eof:
      if (tokenizer_.level() > 0)
        raiseUnclosedBracket();
      else
        raiseLast("unexpected EOF while parsing");
      break;
    case Tokenizer::State::Dedent:
      raiseLast("unindent does not match any outer indentation level", ErrorKind::Indentation);
      break;
    case Tokenizer::State::TabSpace:
      raiseAt(ErrorKind::Tab, line, 0, line, -1,
              "inconsistent use of tabs and spaces in indentation");
      break;
    case Tokenizer::State::TooDeep:
      raiseAt(ErrorKind::Indentation, line, 0, line, -1, "too many levels of indentation");
      break;
    case Tokenizer::State::LineContinuation: {
      int col = tokenizer_.offsetInBuffer() - 1;
      raiseAt(ErrorKind::Syntax, line, col >= 0 ? col : 0, line, -1,
              "unexpected character after line continuation character");
      break;
    }
    case Tokenizer::State::Ok:
      raiseAt(ErrorKind::Syntax, line, 0, line, -1, "unknown parsing error");
      break;
  }
}

// Errors of the tokenizer in the rest of the source, and brackets that were opened before the
// reported line and never closed, win over the report made so far.
void Parser::checkRestForTokenizerErrors() {
  int errorLine = tokens_.back()->line;
  SyntaxErrorInfo saved = std::move(error_);
  failed_ = false;
  error_ = {};
  for (;;) {
    Token token = tokenizer_.next();
    if (token.type == T::ErrorToken) {
      Tokenizer::State state = tokenizer_.state();
      if (state == Tokenizer::State::Error || state == Tokenizer::State::EofInString ||
          state == Tokenizer::State::EolInString) {
        raiseTokenizerError();
      } else if (tokenizer_.level() > 0 && errorLine > tokenizer_.innermostBracket().line) {
        raiseUnclosedBracket();
      }
      break;
    }
    if (token.type == T::EndMarker) break;
  }
  if (!failed_ || tokenizer_.isInsideString()) error_ = std::move(saved);
  failed_ = true;
}

void Parser::settleSecondPass(const PToken* last) {
  if (error_.kind == ErrorKind::Memory) return;
  bool tokenizerOk = tokenizer_.state() == Tokenizer::State::Ok;
  if (failed_) {
    // The report may come from the tokenizer itself, or from the parser.
    if (tokenizerOk) checkRestForTokenizerErrors();
    return;
  }
  if (last == nullptr) {
    raiseLast("error at start before reading any input");
    return;
  }
  if (last->type == T::ErrorToken && tokenizer_.state() == Tokenizer::State::Eof) {
    if (tokenizer_.level() > 0)
      raiseUnclosedBracket();
    else
      raiseLast("unexpected EOF while parsing");
    return;
  }
  if (last->type == T::Indent || last->type == T::Dedent) {
    raiseLast(last->type == T::Indent ? "unexpected indent" : "unexpected unindent",
              ErrorKind::Indentation);
    return;
  }
  raiseOn(last, "invalid syntax");
  checkRestForTokenizerErrors();
}

bool Parser::checkVersion(int minor, const char* what) {
  if (options_.featureVersion >= minor) return true;
  char message[160];
  snprintf(message, sizeof message, "%s only supported in Python 3.%i and greater", what, minor);
  raiseLast(message);
  return false;
}

Expr* Parser::invalidTarget(Expr* expr, TargetKind kind) {
  if (expr == nullptr) return nullptr;
  switch (expr->kind) {
    case Kind::List:
    case Kind::Tuple: {
      Seq<Expr*> elts =
          expr->kind == Kind::List ? as<ast::List>(expr)->elts : as<Tuple>(expr)->elts;
      for (Expr* item : elts) {
        if (Expr* bad = invalidTarget(item, kind)) return bad;
      }
      return nullptr;
    }
    case Kind::Starred:
      if (kind == TargetKind::Del) return expr;
      return invalidTarget(as<Starred>(expr)->value, kind);
    case Kind::Compare:
      // `a in b` of `for a in b` reads as a comparison.
      if (kind == TargetKind::For) {
        Compare* compare = as<Compare>(expr);
        if (compare->ops[0] == CmpOperator::In) return invalidTarget(compare->left, kind);
        return nullptr;
      }
      return expr;
    case Kind::Name:
    case Kind::Subscript:
    case Kind::Attribute:
      return nullptr;
    default:
      return expr;
  }
}

std::nullptr_t Parser::raiseInvalidTarget(TargetKind kind, Expr* expr) {
  Expr* bad = invalidTarget(expr, kind);
  if (bad == nullptr) return nullptr;
  const char* verb = kind == TargetKind::Del ? "delete" : "assign to";
  return raiseOn(bad, std::string("cannot ") + verb + " " + exprName(bad));
}

const char* Parser::exprName(const Expr* expr) {
  switch (expr->kind) {
    case Kind::Attribute:
      return "attribute";
    case Kind::Subscript:
      return "subscript";
    case Kind::Starred:
      return "starred";
    case Kind::Name:
      return "name";
    case Kind::List:
      return "list";
    case Kind::Tuple:
      return "tuple";
    case Kind::Lambda:
      return "lambda";
    case Kind::Call:
      return "function call";
    case Kind::BoolOp:
    case Kind::BinOp:
    case Kind::UnaryOp:
      return "expression";
    case Kind::GeneratorExp:
      return "generator expression";
    case Kind::Yield:
    case Kind::YieldFrom:
      return "yield expression";
    case Kind::Await:
      return "await expression";
    case Kind::ListComp:
      return "list comprehension";
    case Kind::SetComp:
      return "set comprehension";
    case Kind::DictComp:
      return "dict comprehension";
    case Kind::Dict:
      return "dict literal";
    case Kind::Set:
      return "set display";
    case Kind::JoinedStr:
    case Kind::FormattedValue:
      return "f-string expression";
    case Kind::TemplateStr:
    case Kind::Interpolation:
      return "t-string expression";
    case Kind::Constant:
      switch (as<Constant>(expr)->value.kind) {
        case ConstantValue::Kind::None:
          return "None";
        case ConstantValue::Kind::False:
          return "False";
        case ConstantValue::Kind::True:
          return "True";
        case ConstantValue::Kind::Ellipsis:
          return "ellipsis";
        default:
          return "literal";
      }
    case Kind::Compare:
      return "comparison";
    case Kind::IfExp:
      return "conditional expression";
    case Kind::NamedExpr:
      return "named expression";
    default:
      return "expression";
  }
}

// `at` is the character after the backslash, `position` its place in the literal's body, both
// counted as decodeString does. Lines and columns follow CPython, oddities included: they
// count from the token's start without its prefix, and for f-strings from the closing quotes.
void Parser::warnEscape(std::string_view escape, bool octal, const PToken* token,
                        std::string_view body, const char* at, int position) {
  if (secondPass_ || failed_) return;
  bool inFString = token->type != T::String;
  // The tokenizer has warned about these.
  if (inFString && (escape == "{" || escape == "}")) return;
  int line = token->line;
  const char* lineStart = nullptr;
  for (const char* p = body.data(); p < at; p++) {
    if (*p == '\n') {
      line++;
      lineStart = p + 1;
    }
  }
  std::string_view text = token->text;
  int quotes = text.starts_with("\"\"\"") || text.starts_with("'''") ? 3
               : text.starts_with('"') || text.starts_with('\'')     ? 1
                                                                     : 0;
  int offset = lineStart ? int(at - lineStart) : token->col + position + quotes;
  std::string e(escape);
  std::string begin =
      "\"\\" + e + "\" is an invalid " + (octal ? "octal " : "") + "escape sequence. ";
  std::string end = "Did you mean \"\\\\" + e + "\"? A raw string is also an option.";
  SyntaxWarningInfo info;
  info.message = begin + "Such sequences will not work in the future. " + end;
  info.line = line;
  if (warnings_.size() < Tokenizer::kLocatedWarnings) {
    SyntaxErrorInfo saved = std::move(error_);
    error_ = {};
    raiseAt(ErrorKind::Syntax, line, offset - 1, line, offset + 1, begin + end);
    info.asError = std::move(error_);
    error_ = std::move(saved);
    failed_ = false;
  } else {
    info.asError.kind = ErrorKind::Syntax;
    info.asError.message = begin + end;
    info.asError.line = info.asError.endLine = line;
    info.asError.offset = info.asError.endOffset = offset;
    info.asError.hasText = false;
  }
  warnings_.push_back(std::move(info));
}

}  // namespace dx::frontend
