// Text to tokens, as CPython's C tokenizer does it: same tokens, positions, limits, messages.
//
// The text must be UTF-8 with '\n' line ends and must outlive the tokenizer; tokens point
// into it. `next()` never fails to return: errors are tokens of type ErrorToken, and `state()`
// says what went wrong.
#pragma once
#include <deque>

#include "frontend/parser.h"
#include "frontend/token.h"

namespace dx::frontend {

class Tokenizer {
 public:
  static constexpr int kMaxIndent = 100;
  static constexpr int kMaxLevel = 200;
  static constexpr int kMaxStringLevel = 150;
  static constexpr int kMaxExpressionNesting = 3;

  // So many warnings get characters and text for a report; the others, bytes and none, or a
  // long line with thousands of them would take quadratic time.
  static constexpr size_t kLocatedWarnings = 200;

  // Why no more tokens come.
  enum class State : u8 {
    Ok,
    Eof,     // end of input; inside brackets this is an error
    Error,   // `error()` is complete
    Dedent,  // unindent does not match any outer indentation level
    TabSpace,
    TooDeep,           // too many levels of indentation
    LineContinuation,  // something after a backslash
    EofInString,       // `error()` is complete; the input ended in a triple-quoted string
    EolInString,       // likewise, in the last line, in a string
  };

  struct Options {
    bool typeComments = false;
    bool extraTokens = false;  // for tokenize: Comment, Nl; lenient
    bool fromFile = false;
  };

  struct Warning {
    std::string message;
    int line;
    std::string errorMessage;
    i32 errorLine, errorOffset;
    std::string text;
  };

  Tokenizer(std::string_view text, Options options);

  Token next();

  State state() const { return state_; }
  const SyntaxErrorInfo& error() const { return error_; }
  const std::vector<Warning>& warnings() const { return warnings_; }

  // Where it stands; for error reports.
  int line() const { return line_; }
  int column() const { return int(cur_ - lineStart_); }       // bytes from the line's start
  int offsetInBuffer() const { return int(cur_ - buffer_); }  // since the token or its line began
  std::string_view lineText() const { return {lineStart_, size_t(lineEnd_ - lineStart_)}; }
  const char* position() const { return cur_; }
  // Bytes from the start of the token's line to the end of what was read; at the end of input,
  // of an unfinished token only.
  int bytesRead() const {
    return state_ == State::Eof && !unfinished_ ? 0 : int(lineEnd_ - buffer_);
  }
  // Where the line of the latest multi-line token began.
  const char* multiLineStart() const { return multiLineStart_; }
  std::string_view text() const { return text_; }
  bool atStartOfBuffer() const { return cur_ == buffer_; }
  bool isInsideString() const { return !modes_.empty(); }

  int level() const { return level_; }
  struct Bracket {
    char opening;
    int line;
    int col;
  };
  const Bracket& innermostBracket() const { return brackets_[level_ - 1]; }

  int indent() const { return indent_; }
  // Interactive input ended: make a Dedent for each open block.
  void closeIndentation() {
    pendingIndents_ = -indent_;
    indent_ = 0;
  }

 private:
  static constexpr int kEof = -1;

  // One f-string or t-string that is being read.
  struct StringMode {
    bool inField = false;  // reading tokens of a replacement field, not text
    char quote;
    int quoteSize;
    bool raw;
    bool isTemplate;
    const char* start;
    const char* multiLineStart;
    int line;
    int bracketDepth = 0;
    int fieldDepth = -1;  // bracketDepth outside the innermost field; -1 outside of fields
    const char* fieldStart = nullptr;  // after '{'
    const char* fieldEnd = nullptr;
    bool inFormatSpec = false;
    bool inDebug = false;
  };

  int nextc();
  void backup(int c) {
    if (c != kEof) cur_--;
  }
  bool underflow();

  Token make(T type, const char* start, const char* end);
  Token makeError() { return make(T::ErrorToken, nullptr, nullptr); }
  Token fail(std::string message);  // state Error, located at the current character
  Token failRange(std::string message, int col, int endCol);
  Token failState(State state) {
    state_ = state;
    return makeError();
  }
  Token indentError() {
    state_ = State::TabSpace;
    cur_ = lineEnd_;
    return makeError();
  }
  void warn(std::string message);
  void warnAboutEscape(int c);

  Token nextNormal();
  Token nextInString();
  Token stringStart(int quote);
  Token plainString(int quote);
  Token number(int c);
  Token fraction(int c);
  Token exponentOr(int c);
  Token imaginary();
  Token finishNumber(int c);
  bool readIndentation(Token* out, bool* blankLine);
  bool typeComment(Token* out, bool blankLine);
  int continuationLine();
  int decimalTail();
  bool lookahead(const char* rest);
  bool verifyEndOfNumber(int c, const char* kind);
  bool verifyIdentifier();
  void noteFieldBoundary(char c);
  Token bracketOrOperator(int c);
  const char* prefix() const { return modes_.back().isTemplate ? "t" : "f"; }

  std::string_view text_;
  Options options_;
  const char* end_;
  const char* cur_;
  const char* lineEnd_;  // end of what has been read so far
  const char* lineStart_;
  const char* multiLineStart_;
  const char* buffer_;  // start of the line (of the token, inside a multi-line one)
  const char* start_ = nullptr;
  int line_ = 0;
  int firstLine_ = 0;
  State state_ = State::Ok;
  SyntaxErrorInfo error_;
  std::vector<Warning> warnings_;

  bool unfinished_ = false;  // the input ended inside a token
  bool atLineStart_ = true;
  bool commentNewline_ = false;
  int pendingIndents_ = 0;
  int indent_ = 0;
  int indents_[kMaxIndent] = {0};
  int altIndents_[kMaxIndent] = {0};
  int level_ = 0;
  Bracket brackets_[kMaxLevel];
  std::vector<StringMode> modes_;
  std::string_view metadata_;
  bool hasMetadata_ = false;
  std::deque<std::string> ownedMetadata_;  // where comments had to be taken out
};

}  // namespace dx::frontend
