// Tokens as `_tokenize.TokenizerIter` yields them: with text, columns in characters, and the
// physical line. For the native module behind tokenize.py.
//
//   TokenStream stream(source, true);
//   while (stream.next()) use(stream.token());
//   if (stream.failed()) raise(stream.error());
#pragma once
#include "frontend/tokenizer.h"

namespace dx::frontend {

struct TokenInfo {
  int type = 0;  // number in the `token` module
  std::string text;
  i32 line = 0, col = 0, endLine = 0, endCol = 0;
  std::string lineText;
};

class TokenStream {
 public:
  // `source`: UTF-8, line ends as they are. `extraTokens`: comments, blank lines, OP for all
  // operators, and lenient about what a parser would refuse.
  TokenStream(std::string_view source, bool extraTokens);

  // The next token; false at the end (after ENDMARKER) or after an error.
  bool next();
  const TokenInfo& token() const { return info_; }
  bool failed() const { return failed_; }
  const SyntaxErrorInfo& error() const { return error_; }

 private:
  void fail();

  std::string text_;
  bool extraTokens_;
  bool addedNewline_;
  Tokenizer tokenizer_;
  TokenInfo info_;
  bool done_ = false;
  bool failed_ = false;
  SyntaxErrorInfo error_;
};

}  // namespace dx::frontend
