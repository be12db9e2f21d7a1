// Numbers, strings, f-strings and t-strings.
#include "frontend/tokenizer.h"

namespace dx::frontend {
namespace {

bool isDigit(int c) { return c >= '0' && c <= '9'; }
bool isHexDigit(int c) { return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool isIdentifierChar(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c >= 128;
}

std::string withLine(const char* format, int line) {
  char buffer[160];
  snprintf(buffer, sizeof buffer, format, line);
  return buffer;
}

}  // namespace

bool Tokenizer::lookahead(const char* rest) {
  const char* p = cur_;
  for (; *rest; rest++, p++) {
    if (p == lineEnd_ || *p != *rest) return false;
  }
  return p == lineEnd_ || !isIdentifierChar(u8(*p));
}

// `c` follows a number and has been read. Keywords that may stand there in valid code give a
// warning; other letters are errors.
bool Tokenizer::verifyEndOfNumber(int c, const char* kind) {
  if (options_.extraTokens) return true;
  bool isKeyword = false;
  switch (c) {
    case 'a':
      isKeyword = lookahead("nd");
      break;
    case 'e':
      isKeyword = lookahead("lse");
      break;
    case 'f':
      isKeyword = lookahead("or");
      break;
    case 'i':
      isKeyword = cur_ < lineEnd_ && (*cur_ == 'f' || *cur_ == 'n' || *cur_ == 's');
      break;
    case 'o':
      isKeyword = lookahead("r");
      break;
    case 'n':
      isKeyword = lookahead("ot");
      break;
  }
  std::string message = std::string("invalid ") + kind + " literal";
  if (isKeyword) {
    backup(c);
    warn(std::move(message));
    nextc();
  } else if (c < 128 && isIdentifierChar(c)) {
    backup(c);
    fail(std::move(message));
    return false;
  }
  return true;
}

// Digits and single underscores. Returns the character after them, 0 after an error.
int Tokenizer::decimalTail() {
  for (;;) {
    int c;
    do c = nextc();
    while (isDigit(c));
    if (c != '_') return c;
    c = nextc();
    if (!isDigit(c)) {
      backup(c);
      fail("invalid decimal literal");
      return 0;
    }
  }
}

Token Tokenizer::finishNumber(int c) {
  backup(c);
  return make(T::Number, start_, cur_);
}

Token Tokenizer::number(int c) {
  char buffer[64];
  if (c != '0') {
    c = decimalTail();
    if (c == 0) return makeError();
    if (c == '.') return fraction(nextc());
    return exponentOr(c);
  }
  c = nextc();
  int lower = c == kEof ? c : c | 32;
  if (lower == 'x' || lower == 'o' || lower == 'b') {
    const char* kind = lower == 'x' ? "hexadecimal" : lower == 'o' ? "octal" : "binary";
    int base = lower == 'x' ? 16 : lower == 'o' ? 8 : 2;
    auto isGood = [&](int d) { return base == 16 ? isHexDigit(d) : d >= '0' && d < '0' + base; };
    c = nextc();
    do {
      if (c == '_') c = nextc();
      if (!isGood(c)) {
        if (isDigit(c)) {
          snprintf(buffer, sizeof buffer, "invalid digit '%c' in %s literal", c, kind);
          return fail(buffer);
        }
        backup(c);
        return fail(std::string("invalid ") + kind + " literal");
      }
      do c = nextc();
      while (isGood(c));
    } while (c == '_');
    if (isDigit(c)) {
      snprintf(buffer, sizeof buffer, "invalid digit '%c' in %s literal", c, kind);
      return fail(buffer);
    }
    if (!verifyEndOfNumber(c, kind)) return makeError();
    return finishNumber(c);
  }
  // Zeros; other digits after them only in floats and imaginary numbers.
  bool nonZero = false;
  for (;;) {
    if (c == '_') {
      c = nextc();
      if (!isDigit(c)) {
        backup(c);
        return fail("invalid decimal literal");
      }
    }
    if (c != '0') break;
    c = nextc();
  }
  const char* zerosEnd = cur_;
  if (isDigit(c)) {
    nonZero = true;
    c = decimalTail();
    if (c == 0) return makeError();
  }
  if (c == '.') return fraction(nextc());
  if (c == 'e' || c == 'E') return exponentOr(c);
  if (c == 'j' || c == 'J') return imaginary();
  if (nonZero && !options_.extraTokens) {
    backup(c);
    return failRange(
        "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal "
        "integers",
        int(start_ + 1 - lineStart_), int(zerosEnd - lineStart_));
  }
  if (!verifyEndOfNumber(c, "decimal")) return makeError();
  return finishNumber(c);
}

Token Tokenizer::fraction(int c) {
  if (isDigit(c)) {
    c = decimalTail();
    if (c == 0) return makeError();
  }
  return exponentOr(c);
}

Token Tokenizer::exponentOr(int c) {
  if (c == 'e' || c == 'E') {
    int e = c;
    c = nextc();
    if (c == '+' || c == '-') {
      c = nextc();
      if (!isDigit(c)) {
        backup(c);
        return fail("invalid decimal literal");
      }
    } else if (!isDigit(c)) {
      backup(c);
      if (!verifyEndOfNumber(e, "decimal")) return makeError();
      backup(e);
      return make(T::Number, start_, cur_);
    }
    c = decimalTail();
    if (c == 0) return makeError();
  }
  if (c == 'j' || c == 'J') return imaginary();
  if (!verifyEndOfNumber(c, "decimal")) return makeError();
  return finishNumber(c);
}

Token Tokenizer::imaginary() {
  int c = nextc();
  if (!verifyEndOfNumber(c, "imaginary")) return makeError();
  return finishNumber(c);
}

Token Tokenizer::stringStart(int quote) {
  firstLine_ = line_;
  multiLineStart_ = lineStart_;
  int quoteSize = 1;
  int second = nextc();
  if (second == quote) {
    int third = nextc();
    if (third == quote) {
      quoteSize = 3;
    } else {
      backup(third);
      backup(second);
    }
  } else {
    backup(second);
  }
  if (int(modes_.size()) + 1 >= kMaxStringLevel)
    return fail("too many nested f-strings or t-strings");
  StringMode mode;
  mode.quote = char(quote);
  mode.quoteSize = quoteSize;
  mode.start = start_;
  mode.multiLineStart = lineStart_;
  mode.line = line_;
  mode.raw = mode.isTemplate = false;
  for (const char* p = start_; *p != quote; p++) {
    if ((*p | 32) == 'r') mode.raw = true;
    if ((*p | 32) == 't') mode.isTemplate = true;
  }
  modes_.push_back(mode);
  return make(mode.isTemplate ? T::TStringStart : T::FStringStart, start_, cur_);
}

Token Tokenizer::plainString(int quote) {
  int quoteSize = 1, endQuotes = 0;
  bool escapedQuote = false;
  firstLine_ = line_;
  multiLineStart_ = lineStart_;
  int c = nextc();
  if (c == quote) {
    c = nextc();
    if (c == quote)
      quoteSize = 3;
    else
      endQuotes = 1;
  }
  if (c != quote) backup(c);
  while (endQuotes != quoteSize) {
    c = nextc();
    if (state_ == State::Error) return makeError();
    if (c == kEof || (quoteSize == 1 && c == '\n')) {
      // The report is about the opening quote.
      cur_ = start_ + 1;
      lineStart_ = multiLineStart_;
      int detectedAt = line_;
      line_ = firstLine_;
      if (!modes_.empty()) {
        StringMode& mode = modes_.back();
        if (mode.quote == quote && mode.quoteSize == quoteSize) {
          return fail(std::string(prefix()) + "-string: expecting '}'");
        }
      }
      if (quoteSize == 3) {
        fail(withLine("unterminated triple-quoted string literal (detected at line %d)",
                      detectedAt));
        if (c != '\n') state_ = State::EofInString;
      } else {
        fail(withLine(escapedQuote ? "unterminated string literal (detected at line %d); perhaps "
                                     "you escaped the end quote?"
                                   : "unterminated string literal (detected at line %d)",
                      detectedAt));
        if (c != '\n') state_ = State::EolInString;
      }
      return makeError();
    }
    if (c == quote) {
      endQuotes++;
      continue;
    }
    endQuotes = 0;
    if (c == '\\') {
      c = nextc();
      if (c == quote) escapedQuote = true;
      if (c == '\r') nextc();
    }
  }
  return make(T::String, start_, cur_);
}

Token Tokenizer::nextInString() {
  StringMode& mode = modes_.back();
  T middle = mode.isTemplate ? T::TStringMiddle : T::FStringMiddle;
  int endQuotes = 0;
  bool inNameEscape = false;
  start_ = cur_;
  firstLine_ = line_;

  int first = nextc();
  if (first == '{') {
    int second = nextc();
    backup(second);
    backup(first);
    if (second != '{') {
      mode.fieldDepth++;
      if (mode.fieldDepth >= kMaxExpressionNesting) {
        return fail(std::string(prefix()) + "-string: expressions nested too deeply");
      }
      mode.inField = true;
      return nextNormal();
    }
  } else {
    backup(first);
  }

  bool atEnd = true;
  for (int i = 0; i < mode.quoteSize; i++) {
    int c = nextc();
    if (c != mode.quote) {
      backup(c);
      atEnd = false;
      break;
    }
  }
  if (atEnd) {
    bool isTemplate = mode.isTemplate;
    modes_.pop_back();
    return make(isTemplate ? T::TStringEnd : T::FStringEnd, start_, cur_);
  }

  // The text ends with one brace; the token covers both.
  auto doubledBrace = [&] { return make(middle, start_, cur_ - 1); };

  // Quotes read above that do not end the string belong to its text and count towards an end.
  multiLineStart_ = lineStart_;
  while (endQuotes != mode.quoteSize) {
    int c = nextc();
    if (state_ == State::Error) return makeError();
    bool inFormatSpec = mode.inFormatSpec && mode.fieldDepth >= 0;
    if (c == kEof || (mode.quoteSize == 1 && c == '\n')) {
      if (inFormatSpec && c == '\n') {
        std::string kind = std::string(prefix()) + "-string";
        return fail(kind + ": newlines are not allowed in format specifiers for single quoted " +
                    kind + "s");
      }
      cur_ = mode.start + 1;
      lineStart_ = mode.multiLineStart;
      int detectedAt = line_;
      line_ = mode.line;
      std::string kind = std::string(prefix()) + "-string literal (detected at line %d)";
      if (mode.quoteSize == 3) {
        fail(withLine(("unterminated triple-quoted " + kind).c_str(), detectedAt));
        if (c != '\n') state_ = State::EofInString;
        return makeError();
      }
      return fail(withLine(("unterminated " + kind).c_str(), detectedAt));
    }
    if (c == mode.quote) {
      endQuotes++;
      continue;
    }
    endQuotes = 0;
    if (c == '{') {
      noteFieldBoundary('{');
      int peek = nextc();
      if (peek != '{' || inFormatSpec) {
        backup(peek);
        backup(c);
        mode.fieldDepth++;
        if (mode.fieldDepth >= kMaxExpressionNesting) {
          return fail(std::string(prefix()) + "-string: expressions nested too deeply");
        }
        mode.inField = true;
        mode.inFormatSpec = false;
        return make(middle, start_, cur_);
      }
      return doubledBrace();
    }
    if (c == '}') {
      if (inNameEscape) return make(middle, start_, cur_);
      int peek = nextc();
      // Doubled braces mean a brace, but not in a format spec.
      if (peek == '}' && !inFormatSpec && mode.bracketDepth == 0) {
        return doubledBrace();
      }
      backup(peek);
      backup(c);
      mode.inField = true;
      mode.inFormatSpec = false;
      return make(middle, start_, cur_);
    }
    if (c == '\\') {
      int peek = nextc();
      if (peek == '\r') peek = nextc();
      if (peek == '{' || peek == '}') {
        if (!mode.raw) warnAboutEscape(peek);
        backup(peek);
        continue;
      }
      if (!mode.raw && peek == 'N') {
        peek = nextc();
        if (peek == '{')
          inNameEscape = true;
        else
          backup(peek);
      }
    }
  }
  for (int i = 0; i < mode.quoteSize; i++) backup(mode.quote);
  return make(middle, start_, cur_);
}

}  // namespace dx::frontend
