#include "frontend/token_stream.h"

#include "frontend/source.h"

namespace dx::frontend {
namespace {

std::string withNewline(std::string_view source) {
  // A carriage return alone ends a line too.
  std::string text;
  text.reserve(source.size() + 1);
  for (size_t i = 0; i < source.size(); i++) {
    text += source[i];
    if (source[i] == '\r' && (i + 1 == source.size() || source[i + 1] != '\n')) text += '\n';
  }
  if (!text.empty() && text.back() != '\n') text += '\n';
  return text;
}

}  // namespace

TokenStream::TokenStream(std::string_view source, bool extraTokens)
    : text_(withNewline(source)),
      extraTokens_(extraTokens),
      addedNewline_(!source.empty() && source.back() != '\n' && source.back() != '\r'),
      tokenizer_(text_, {.extraTokens = extraTokens, .fromFile = true}) {}

bool TokenStream::next() {
  if (done_ || failed_) return false;
  Token token = tokenizer_.next();
  if (token.type == T::ErrorToken) {
    fail();
    return false;
  }
  const char* end = text_.data() + text_.size();
  std::string_view current = tokenizer_.lineText();
  bool onAddedLine = addedNewline_ && current.data() + current.size() == end;
  bool trailing = token.type == T::EndMarker ||
                  (token.type == T::Dedent && tokenizer_.state() == Tokenizer::State::Eof);
  bool isText =
      token.type == T::String || token.type == T::FStringMiddle || token.type == T::TStringMiddle;
  const char* lineStart = isText ? tokenizer_.multiLineStart() : current.data();
  std::string_view line{lineStart, size_t(current.data() + current.size() - lineStart)};
  if (onAddedLine && !line.empty()) line.remove_suffix(1);
  info_.type = int(token.type);
  info_.text = std::string(token.text);
  info_.line = token.line;
  info_.endLine = token.endLine;
  auto characters = [](const char* from, i32 bytes) {
    return i32(countCodePoints(replaceInvalidUtf8({from, size_t(bytes)})));
  };
  info_.col = token.col < 0 ? -1 : characters(lineStart, token.col);
  // Where the text ends: before the end of line, before the second of doubled braces.
  const char* textEnd = token.text.data() + token.text.size();
  info_.endCol = token.endCol < 0 ? -1 : characters(current.data(), i32(textEnd - current.data()));
  info_.lineText = std::string(line);
  if (token.type == T::EndMarker) done_ = true;
  if (!extraTokens_) return true;
  if (trailing) {
    info_.lineText.clear();
    info_.line = info_.endLine = token.line + 1;
    info_.col = info_.endCol = 0;
  }
  if (token.type > T::Dedent && token.type < T::Op) {
    info_.type = int(T::Op);
  } else if (token.type == T::Newline) {
    info_.text = onAddedLine ? "" : (*token.text.data() == '\r' ? "\r\n" : "\n");
    info_.endCol++;
  } else if (token.type == T::Nl && onAddedLine) {
    info_.text.clear();
  }
  return true;
}

void TokenStream::fail() {
  failed_ = true;
  error_.kind = ErrorKind::Syntax;
  error_.line = error_.endLine = tokenizer_.line();
  error_.text = replaceInvalidUtf8(tokenizer_.lineText());
  error_.offset = tokenizer_.bytesRead();
  error_.endLine = error_.endOffset = INT32_MIN;  // None
  switch (tokenizer_.state()) {
    case Tokenizer::State::Eof:
      error_.message = "unexpected EOF in multi-line statement";
      error_.endLine = error_.line;
      break;
    case Tokenizer::State::Dedent:
      error_.kind = ErrorKind::Indentation;
      error_.message = "unindent does not match any outer indentation level";
      break;
    case Tokenizer::State::TabSpace:
      error_.kind = ErrorKind::Tab;
      error_.message = "inconsistent use of tabs and spaces in indentation";
      break;
    case Tokenizer::State::TooDeep:
      error_.kind = ErrorKind::Indentation;
      error_.message = "too many levels of indentation";
      break;
    case Tokenizer::State::LineContinuation:
      error_.message = "unexpected character after line continuation character";
      break;
    default:
      error_ = tokenizer_.error();
      break;
  }
}

}  // namespace dx::frontend
