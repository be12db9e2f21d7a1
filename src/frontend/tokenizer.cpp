#include "frontend/tokenizer.h"

#include "base/unicode.h"
#include "frontend/source.h"

namespace dx::frontend {
namespace {

constexpr int kTabSize = 8;

bool isIdentifierStart(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 128;
}

bool isIdentifierChar(int c) { return isIdentifierStart(c) || (c >= '0' && c <= '9'); }

T oneChar(int c) {
  switch (c) {
    case '!':
      return T::Exclamation;
    case '%':
      return T::Percent;
    case '&':
      return T::Amper;
    case '(':
      return T::LPar;
    case ')':
      return T::RPar;
    case '*':
      return T::Star;
    case '+':
      return T::Plus;
    case ',':
      return T::Comma;
    case '-':
      return T::Minus;
    case '.':
      return T::Dot;
    case '/':
      return T::Slash;
    case ':':
      return T::Colon;
    case ';':
      return T::Semi;
    case '<':
      return T::Less;
    case '=':
      return T::Equal;
    case '>':
      return T::Greater;
    case '@':
      return T::At;
    case '[':
      return T::LSqb;
    case ']':
      return T::RSqb;
    case '^':
      return T::Circumflex;
    case '{':
      return T::LBrace;
    case '|':
      return T::VBar;
    case '}':
      return T::RBrace;
    case '~':
      return T::Tilde;
    default:
      return T::Op;
  }
}

T twoChars(int a, int b) {
  if (b == '=') {
    switch (a) {
      case '!':
        return T::NotEqual;
      case '%':
        return T::PercentEqual;
      case '&':
        return T::AmperEqual;
      case '*':
        return T::StarEqual;
      case '+':
        return T::PlusEqual;
      case '-':
        return T::MinEqual;
      case '/':
        return T::SlashEqual;
      case ':':
        return T::ColonEqual;
      case '<':
        return T::LessEqual;
      case '=':
        return T::EqEqual;
      case '>':
        return T::GreaterEqual;
      case '@':
        return T::AtEqual;
      case '^':
        return T::CircumflexEqual;
      case '|':
        return T::VBarEqual;
      default:
        return T::Op;
    }
  }
  if (a == b) {
    switch (a) {
      case '*':
        return T::DoubleStar;
      case '/':
        return T::DoubleSlash;
      case '<':
        return T::LeftShift;
      case '>':
        return T::RightShift;
      default:
        return T::Op;
    }
  }
  if (a == '-' && b == '>') return T::RArrow;
  return T::Op;
}

T threeChars(int a, int b, int c) {
  if (c == '=' && a == b) {
    switch (a) {
      case '*':
        return T::DoubleStarEqual;
      case '/':
        return T::DoubleSlashEqual;
      case '<':
        return T::LeftShiftEqual;
      case '>':
        return T::RightShiftEqual;
      default:
        return T::Op;
    }
  }
  return a == '.' && b == '.' && c == '.' ? T::Ellipsis : T::Op;
}

}  // namespace

Tokenizer::Tokenizer(std::string_view text, Options options)
    : text_(text),
      options_(options),
      end_(text.data() + text.size()),
      cur_(text.data()),
      lineEnd_(cur_),
      lineStart_(cur_),
      multiLineStart_(cur_),
      buffer_(cur_) {}

bool Tokenizer::underflow() {
  if (lineEnd_ == end_) {
    state_ = State::Eof;
    unfinished_ = start_ != nullptr;
    return false;
  }
  const char* newline = static_cast<const char*>(memchr(lineEnd_, '\n', size_t(end_ - lineEnd_)));
  if (start_ == nullptr) buffer_ = cur_;
  lineStart_ = cur_;
  line_++;
  lineEnd_ = newline == nullptr ? end_ : newline + 1;
  if (options_.fromFile && memchr(cur_, 0, size_t(lineEnd_ - cur_)) != nullptr) {
    fail("source code cannot contain null bytes");
    cur_ = lineEnd_;
    return false;
  }
  return true;
}

int Tokenizer::nextc() {
  if (cur_ == lineEnd_) {
    if (state_ != State::Ok || !underflow()) return kEof;
  }
  return u8(*cur_++);
}

Token Tokenizer::make(T type, const char* start, const char* end) {
  Token token;
  token.type = type;
  bool isText = type == T::String || type == T::FStringMiddle || type == T::TStringMiddle;
  token.line = isText ? firstLine_ : line_;
  token.endLine = line_;
  token.level = level_;
  if (start != nullptr) {
    const char* base = isText ? multiLineStart_ : lineStart_;
    token.text = {start, size_t(end - start)};
    token.col = start >= base ? int(start - base) : -1;
    // The text of a Newline or of half a doubled brace is shorter than the token.
    token.endCol = int(cur_ - lineStart_);
  }
  token.metadata = metadata_;
  token.hasMetadata = hasMetadata_;
  return token;
}

Token Tokenizer::failRange(std::string message, int col, int endCol) {
  std::string_view rest{lineStart_, size_t(end_ - lineStart_)};
  std::string_view line = rest.substr(0, rest.find('\n'));
  error_.kind = ErrorKind::Syntax;
  error_.message = std::move(message);
  error_.line = error_.endLine = line_;
  auto characters = [&](size_t bytes) {
    return int(countCodePoints(replaceInvalidUtf8({lineStart_, bytes})));
  };
  col = col == -1 ? characters(size_t(cur_ - lineStart_)) : characters(size_t(col) - 1) + 1;
  if (endCol != -1) endCol = characters(size_t(endCol));
  error_.offset = col;
  error_.endOffset = endCol == -1 ? col : endCol;
  error_.text = replaceInvalidUtf8(line);
  state_ = State::Error;
  return makeError();
}

Token Tokenizer::fail(std::string message) { return failRange(std::move(message), -1, -1); }

void Tokenizer::warn(std::string message) {
  if (options_.extraTokens) return;
  Warning warning;
  warning.errorMessage = message;
  warning.message = std::move(message);
  warning.line = warning.errorLine = line_;
  warning.errorOffset = int(cur_ - lineStart_);
  if (warnings_.size() < kLocatedWarnings) {
    std::string_view rest{lineStart_, size_t(end_ - lineStart_)};
    warning.errorOffset = int(countCodePoints(rest.substr(0, size_t(cur_ - lineStart_))));
    warning.text = std::string(rest.substr(0, rest.find('\n')));
  }
  warnings_.push_back(std::move(warning));
}

void Tokenizer::warnAboutEscape(int c) {
  char both[200], error[120];
  snprintf(both, sizeof both,
           "\"\\%c\" is an invalid escape sequence. Such sequences will not work in the future. "
           "Did you mean \"\\\\%c\"? A raw string is also an option.",
           c, c);
  snprintf(error, sizeof error,
           "\"\\%c\" is an invalid escape sequence. Did you mean \"\\\\%c\"? A raw string is also "
           "an option.",
           c, c);
  warn(both);
  if (!warnings_.empty() && !options_.extraTokens) warnings_.back().errorMessage = error;
}

Token Tokenizer::next() {
  metadata_ = {};
  hasMetadata_ = false;
  if (!modes_.empty() && !modes_.back().inField) return nextInString();
  return nextNormal();
}

int Tokenizer::continuationLine() {
  int c = nextc();
  if (c == '\r') c = nextc();
  if (c != '\n') {
    state_ = State::LineContinuation;
    return kEof;
  }
  c = nextc();
  if (c == kEof) {
    state_ = State::Eof;
    cur_ = lineEnd_;
    return kEof;
  }
  backup(c);
  return c;
}

// Measures the indentation of a new line. True: `out` is an error token.
bool Tokenizer::readIndentation(Token* out, bool* blankLine) {
  int col = 0, altCol = 0, continuedCol = 0;
  int c;
  atLineStart_ = false;
  for (;;) {
    c = nextc();
    if (c == ' ') {
      col++, altCol++;
    } else if (c == '\t') {
      col = (col / kTabSize + 1) * kTabSize;
      altCol++;
    } else if (c == '\f') {
      col = altCol = 0;
    } else if (c == '\\') {
      // The first backslash determines the indentation of what comes after it.
      continuedCol = continuedCol ? continuedCol : col;
      if (continuationLine() == kEof) {
        *out = makeError();
        return true;
      }
    } else {
      break;
    }
  }
  backup(c);
  if (c == '#' || c == '\n' || c == '\r') *blankLine = true;
  if (*blankLine || level_ != 0) return false;
  if (continuedCol) col = altCol = continuedCol;
  if (col == indents_[indent_]) {
    if (altCol != altIndents_[indent_]) {
      *out = indentError();
      return true;
    }
  } else if (col > indents_[indent_]) {
    if (indent_ + 1 >= kMaxIndent) {
      cur_ = lineEnd_;
      *out = failState(State::TooDeep);
      return true;
    }
    if (altCol <= altIndents_[indent_]) {
      *out = indentError();
      return true;
    }
    pendingIndents_++;
    indents_[++indent_] = col;
    altIndents_[indent_] = altCol;
  } else {
    while (indent_ > 0 && col < indents_[indent_]) {
      pendingIndents_--;
      indent_--;
    }
    if (col != indents_[indent_]) {
      cur_ = lineEnd_;
      *out = failState(State::Dedent);
      return true;
    }
    if (altCol != altIndents_[indent_]) {
      *out = indentError();
      return true;
    }
  }
  return false;
}

// At the end of a comment: is it `# type: ...`?
bool Tokenizer::typeComment(Token* out, bool blankLine) {
  const char* p = start_;
  for (const char* want = "# type: "; *want; want++) {
    if (*want == ' ') {
      while (p < cur_ && (*p == ' ' || *p == '\t')) p++;
    } else if (p < cur_ && *p == *want) {
      p++;
    } else {
      return false;
    }
  }
  const char* ignoreEnd = p + 6;
  bool isIgnore =
      cur_ >= ignoreEnd && memcmp(p, "ignore", 6) == 0 &&
      !(cur_ > ignoreEnd && (u8(*ignoreEnd) >= 128 || isIdentifierChar(u8(*ignoreEnd))) &&
        *ignoreEnd != '_');
  if (isIgnore) {
    // Alone on its line it takes the end of the line along, into the tag too.
    if (blankLine) {
      nextc();
      atLineStart_ = true;
    }
    *out = make(T::TypeIgnore, ignoreEnd, cur_);
  } else {
    *out = make(T::TypeComment, p, cur_);
  }
  return true;
}

bool Tokenizer::verifyIdentifier() {
  if (options_.extraTokens) return true;
  const char* p = start_;
  bool first = true;
  while (p < cur_) {
    if (utf8SequenceLength(p, cur_) == 0) {
      fail("invalid character");
      return false;
    }
    u32 c = decodeUtf8(p);
    bool good = first ? (c == '_' || unicodeIsXidStart(c)) : (c == '_' || unicodeIsXidContinue(c));
    if (!good) {
      cur_ = p;
      char buffer[80];
      if (unicodeIsPrintable(c)) {
        std::string utf8;
        appendUtf8(&utf8, c);
        snprintf(buffer, sizeof buffer, "invalid character '%s' (U+%04X)", utf8.c_str(), c);
      } else {
        snprintf(buffer, sizeof buffer, "invalid non-printable character U+%04X", c);
      }
      fail(buffer);
      return false;
    }
    first = false;
  }
  return true;
}

Token Tokenizer::nextNormal() {
  int c;
  bool blankLine;
nextLine:
  start_ = nullptr;
  blankLine = false;
  if (atLineStart_) {
    Token token;
    if (readIndentation(&token, &blankLine)) return token;
  }
  start_ = cur_;
  if (pendingIndents_ != 0) {
    bool dedent = pendingIndents_ < 0;
    pendingIndents_ += dedent ? 1 : -1;
    const char* from = nullptr;
    const char* to = nullptr;
    if (options_.extraTokens) {
      from = dedent ? cur_ : buffer_;
      to = cur_;
    }
    return make(dedent ? T::Dedent : T::Indent, from, to);
  }
  c = nextc();
  backup(c);

again:
  start_ = nullptr;
  do c = nextc();
  while (c == ' ' || c == '\t' || c == '\f');
  start_ = c == kEof ? cur_ : cur_ - 1;

  if (c == '#') {
    while (c != kEof && c != '\n' && c != '\r') c = nextc();
    if (options_.typeComments) {
      backup(c);
      Token token;
      if (typeComment(&token, blankLine)) return token;
      if (c != kEof) nextc();
    }
    if (options_.extraTokens) {
      backup(c);
      commentNewline_ = blankLine;
      return make(T::Comment, start_, cur_);
    }
  }

  if (c == kEof) {
    if (level_ || state_ != State::Eof) return makeError();
    return make(T::EndMarker, nullptr, nullptr);
  }

  if (isIdentifierStart(c)) {
    // String prefixes: b, r, u, f, t and the pairs with r.
    bool sawB = false, sawR = false, sawU = false, sawF = false, sawT = false;
    for (;;) {
      int lower = c | 32;
      if (!sawB && lower == 'b')
        sawB = true;
      else if (!sawU && lower == 'u')
        sawU = true;
      else if (!sawR && lower == 'r')
        sawR = true;
      else if (!sawF && lower == 'f')
        sawF = true;
      else if (!sawT && lower == 't')
        sawT = true;
      else
        break;
      c = nextc();
      if (c == '"' || c == '\'') {
        const char* clash = sawU && sawB   ? "'u' and 'b'"
                            : sawU && sawR ? "'u' and 'r'"
                            : sawU && sawF ? "'u' and 'f'"
                            : sawU && sawT ? "'u' and 't'"
                            : sawB && sawF ? "'b' and 'f'"
                            : sawB && sawT ? "'b' and 't'"
                            : sawF && sawT ? "'f' and 't'"
                                           : nullptr;
        if (clash != nullptr) {
          return failRange(std::string(clash) + " prefixes are incompatible",
                           int(start_ + 1 - lineStart_), int(cur_ - lineStart_));
        }
        return sawF || sawT ? stringStart(c) : plainString(c);
      }
    }
    bool nonAscii = false;
    while (isIdentifierChar(c)) {
      if (c >= 128) nonAscii = true;
      c = nextc();
    }
    backup(c);
    if (nonAscii && !verifyIdentifier()) return makeError();
    return make(T::Name, start_, cur_);
  }

  if (c == '\r') c = nextc();
  if (c == '\n') {
    atLineStart_ = true;
    if (blankLine || level_ > 0) {
      if (options_.extraTokens) {
        commentNewline_ = false;
        return make(T::Nl, start_, cur_);
      }
      goto nextLine;
    }
    if (commentNewline_ && options_.extraTokens) {
      commentNewline_ = false;
      return make(T::Nl, start_, cur_);
    }
    return make(T::Newline, start_, cur_ - 1);
  }

  if (c == '.') {
    c = nextc();
    if (c >= '0' && c <= '9') return fraction(c);
    if (c == '.') {
      c = nextc();
      if (c == '.') return make(T::Ellipsis, start_, cur_);
      backup(c);
      backup('.');
    } else {
      backup(c);
    }
    return make(T::Dot, start_, cur_);
  }
  if (c >= '0' && c <= '9') return number(c);
  if (c == '"' || c == '\'') return plainString(c);
  if (c == '\\') {
    if (continuationLine() == kEof) return makeError();
    goto again;
  }
  return bracketOrOperator(c);
}

// The source of the field's expression ends here: keep it for `{x=}` and for t-strings.
void Tokenizer::noteFieldBoundary(char c) {
  StringMode& mode = modes_.back();
  if (c == '{') {
    mode.fieldStart = cur_;
    mode.fieldEnd = nullptr;
    return;
  }
  if (mode.fieldEnd == nullptr) mode.fieldEnd = start_;
  if (!(mode.inDebug || mode.isTemplate) || hasMetadata_ || mode.fieldStart == nullptr) return;
  std::string_view source{mode.fieldStart, size_t(mode.fieldEnd - mode.fieldStart)};
  hasMetadata_ = true;
  metadata_ = source;
  // Take comments out.
  char quote = 0;
  bool hasComment = false;
  for (size_t i = 0; i < source.size() && !hasComment; i++) {
    char ch = source[i];
    if (ch == '\\') {
      i++;
    } else if (ch == '"' || ch == '\'') {
      if (!quote)
        quote = ch;
      else if (ch == quote)
        quote = 0;
    } else if (ch == '#' && !quote) {
      hasComment = true;
    }
  }
  if (!hasComment) return;
  std::string clean;
  quote = 0;
  for (size_t i = 0; i < source.size(); i++) {
    char ch = source[i];
    if (ch == '\\' && i + 1 < source.size()) {
      clean += ch;
      clean += source[++i];
    } else if (ch == '"' || ch == '\'') {
      if (!quote)
        quote = ch;
      else if (ch == quote)
        quote = 0;
      clean += ch;
    } else if (ch == '#' && !quote) {
      while (i < source.size() && source[i] != '\n') i++;
      if (i < source.size()) clean += '\n';
    } else {
      clean += ch;
    }
  }
  ownedMetadata_.push_back(std::move(clean));
  metadata_ = ownedMetadata_.back();
}

Token Tokenizer::bracketOrOperator(int c) {
  StringMode* mode = modes_.empty() ? nullptr : &modes_.back();
  if (mode && mode->fieldDepth >= 0 && (c == ':' || c == '}' || c == '!' || c == '{')) {
    int cursor = mode->bracketDepth - (c != '{');
    bool nestedInFormat = cursor == 1 && (mode->inDebug || mode->inFormatSpec);
    bool isNotEqual = c == '!' && cur_ < lineEnd_ && *cur_ == '=';
    if ((cursor == 0 || nestedInFormat) && !isNotEqual) noteFieldBoundary(char(c));
    if (c == ':' && cursor == mode->fieldDepth) {
      mode->inField = false;
      mode->inFormatSpec = true;
      return make(T::Colon, start_, cur_);
    }
  }

  {
    int c2 = nextc();
    T two = twoChars(c, c2);
    if (two != T::Op) {
      int c3 = nextc();
      T three = threeChars(c, c2, c3);
      if (three != T::Op)
        two = three;
      else
        backup(c3);
      return make(two, start_, cur_);
    }
    backup(c2);
  }

  char buffer[120];
  switch (c) {
    case '(':
    case '[':
    case '{':
      if (level_ >= kMaxLevel) return fail("too many nested parentheses");
      brackets_[level_++] = {char(c), line_, int(start_ - lineStart_)};
      if (mode) mode->bracketDepth++;
      break;
    case ')':
    case ']':
    case '}':
      if (mode && !mode->bracketDepth && c == '}') {
        snprintf(buffer, sizeof buffer, "%s-string: single '}' is not allowed", prefix());
        return fail(buffer);
      }
      if (!options_.extraTokens && !level_) {
        snprintf(buffer, sizeof buffer, "unmatched '%c'", c);
        return fail(buffer);
      }
      if (level_ > 0) {
        level_--;
        const Bracket& open = brackets_[level_];
        char opening = open.opening;
        bool match = (opening == '(' && c == ')') || (opening == '[' && c == ']') ||
                     (opening == '{' && c == '}');
        if (!options_.extraTokens && !match) {
          // The field of an f-string is closed by '}' alone.
          if (mode && opening == '{' && mode->bracketDepth - 1 == mode->fieldDepth) {
            snprintf(buffer, sizeof buffer, "%s-string: unmatched '%c'", prefix(), c);
            return fail(buffer);
          }
          if (open.line != line_) {
            snprintf(buffer, sizeof buffer,
                     "closing parenthesis '%c' does not match opening parenthesis '%c' on line %d",
                     c, opening, open.line);
          } else {
            snprintf(buffer, sizeof buffer,
                     "closing parenthesis '%c' does not match opening parenthesis '%c'", c,
                     opening);
          }
          return fail(buffer);
        }
      }
      if (mode) {
        mode->bracketDepth--;
        if (mode->bracketDepth < 0) {
          snprintf(buffer, sizeof buffer, "%s-string: unmatched '%c'", prefix(), c);
          return fail(buffer);
        }
        if (c == '}' && mode->bracketDepth == mode->fieldDepth) {
          mode->fieldDepth--;
          mode->inField = false;
          mode->inFormatSpec = false;
          mode->inDebug = false;
        }
      }
      break;
    default:
      break;
  }
  if (c < 0x20 || c == 0x7F) {
    snprintf(buffer, sizeof buffer, "invalid non-printable character U+%04X", c);
    return fail(buffer);
  }
  if (c == '=' && mode && mode->bracketDepth - mode->fieldDepth == 1) mode->inDebug = true;
  return make(oneChar(c), start_, cur_);
}

T keywordOf(std::string_view name) {
  struct Entry {
    std::string_view name;
    T type;
  };
  // By first letter; at most four candidates each.
  static constexpr Entry kKeywords[] = {{"False", T::KwFalse},
                                        {"None", T::KwNone},
                                        {"True", T::KwTrue},
                                        {"and", T::KwAnd},
                                        {"as", T::KwAs},
                                        {"assert", T::KwAssert},
                                        {"async", T::KwAsync},
                                        {"await", T::KwAwait},
                                        {"break", T::KwBreak},
                                        {"class", T::KwClass},
                                        {"continue", T::KwContinue},
                                        {"def", T::KwDef},
                                        {"del", T::KwDel},
                                        {"elif", T::KwElif},
                                        {"else", T::KwElse},
                                        {"except", T::KwExcept},
                                        {"finally", T::KwFinally},
                                        {"for", T::KwFor},
                                        {"from", T::KwFrom},
                                        {"global", T::KwGlobal},
                                        {"if", T::KwIf},
                                        {"import", T::KwImport},
                                        {"in", T::KwIn},
                                        {"is", T::KwIs},
                                        {"lambda", T::KwLambda},
                                        {"nonlocal", T::KwNonlocal},
                                        {"not", T::KwNot},
                                        {"or", T::KwOr},
                                        {"pass", T::KwPass},
                                        {"raise", T::KwRaise},
                                        {"return", T::KwReturn},
                                        {"try", T::KwTry},
                                        {"while", T::KwWhile},
                                        {"with", T::KwWith},
                                        {"yield", T::KwYield}};
  static constexpr auto kFirst = [] {
    struct {
      u8 begin[128] = {};
      u8 end[128] = {};
    } table;
    for (u8 i = 0; i < std::size(kKeywords); i++) {
      u8 c = u8(kKeywords[i].name[0]);
      if (table.end[c] == 0) table.begin[c] = i;
      table.end[c] = i + 1;
    }
    return table;
  }();
  if (name.size() < 2 || name.size() > 8 || u8(name[0]) >= 128) return T::Name;
  u8 first = u8(name[0]);
  for (int i = kFirst.begin[first]; i < kFirst.end[first]; i++) {
    if (kKeywords[i].name == name) return kKeywords[i].type;
  }
  return T::Name;
}

}  // namespace dx::frontend
