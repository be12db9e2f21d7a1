// Layout of _tokenize.TokenizerIter.
#pragma once
#include "frontend/token_stream.h"
#include "runtime/api.h"

namespace dx {

struct TokenizerIter : Object {
  Value readline, encoding;
  std::string* source;  // all lines, read when the first token is asked for
  frontend::TokenStream* stream;
  Value lastLine;  // str of the latest token's line, shared by the tokens on it
  bool extraTokens, done;
};

}  // namespace dx
