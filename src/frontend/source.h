// From the bytes of a file to UTF-8 text with '\n' line ends: byte order mark and coding
// cookie (PEP 263), newline translation.
#pragma once
#include "frontend/parser.h"

namespace dx::frontend {

struct DecodedSource {
  std::string text;      // UTF-8
  std::string encoding;  // "utf-8", "iso-8859-1", ...
};

// The encoding that the first two lines of `source` name, normalized; empty when none.
std::string findCodingCookie(std::string_view source, int* cookieLine = nullptr);

// Decodes; on failure fills `error` and returns false. Does not translate newlines.
bool decodeSource(std::string_view source, const ParseOptions& options, DecodedSource* out,
                  SyntaxErrorInfo* error);

// '\r\n' and '\r' become '\n'; `addNewline`: the text ends with one.
std::string translateNewlines(std::string_view text, bool addNewline);

// The length of a valid UTF-8 sequence at `p`, or 0. Surrogates and overlong forms are invalid.
int utf8SequenceLength(const char* p, const char* end);

// Decodes one valid sequence and advances.
u32 decodeUtf8(const char*& p);
void appendUtf8(std::string* out, u32 codePoint);  // surrogates too (WTF-8)

// A copy where each maximal invalid part is U+FFFD, as the "replace" error handler does.
std::string replaceInvalidUtf8(std::string_view text);
size_t countCodePoints(std::string_view validUtf8);

}  // namespace dx::frontend
