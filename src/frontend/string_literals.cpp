// String and bytes literals: prefixes, quotes, escapes.
#include "base/unicode.h"
#include "frontend/parser_impl.h"
#include "frontend/source.h"

namespace dx::frontend {

using namespace ast;

namespace {

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool isOctal(char c) { return c >= '0' && c <= '7'; }

char simpleEscape(char c) {
  switch (c) {
    case '\\':
      return '\\';
    case '\'':
      return '\'';
    case '"':
      return '"';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'v':
      return '\v';
    case 'a':
      return '\a';
    default:
      return 0;
  }
}

}  // namespace

// STRING -> Constant
Expr* Parser::literalFromToken(const PToken* token) {
  std::string_view body = token->text;
  bool raw = false, bytes = false;
  size_t prefix = 0;
  while (body[prefix] != '"' && body[prefix] != '\'') {
    char c = char(body[prefix++] | 32);
    if (c == 'r') raw = true;
    if (c == 'b') bytes = true;
  }
  body.remove_prefix(prefix);
  size_t quotes = body.size() >= 6 && body[1] == body[0] && body[2] == body[0] ? 3 : 1;
  body = body.substr(quotes, body.size() - 2 * quotes);
  ConstantValue value;
  std::string decoded;
  if (bytes) {
    for (char c : body) {
      if (u8(c) >= 0x80) return raiseOn(token, "bytes can only contain ASCII literal characters");
    }
    value.kind = ConstantValue::Kind::Bytes;
    if (!decodeBytes(body, raw, token, &decoded)) return nullptr;
  } else {
    value.kind = ConstantValue::Kind::Str;
    if (!decodeString(body, raw, token, &decoded)) return nullptr;
  }
  value.text = arena_.string(decoded);
  String kind = token->text[0] == 'u' ? arena_.intern("u") : nullptr;
  Span at{token->line, token->col, token->endLine, token->endCol};
  return arena_.make<Constant>(at, value, kind);
}

// Positions in messages are those of CPython, which first writes each non-ASCII character as
// a ten-byte \U escape (and a backslash before one as \u005c).
bool Parser::decodeString(std::string_view body, bool raw, const PToken* token, std::string* out) {
  out->clear();
  if (raw || body.find('\\') == std::string_view::npos) {
    *out = body;
    return true;
  }
  const char* p = body.data();
  const char* end = p + body.size();
  int position = 0;
  const char* badEscape = nullptr;
  int badPosition = 0;
  bool badOctal = false;
  auto fail = [&](int length, int firstByte, const char* reason) {
    char message[160];
    if (length == 1) {
      snprintf(message, sizeof message,
               "(unicode error) 'unicodeescape' codec can't decode byte 0x%02x in position %d: %s",
               firstByte, position, reason);
    } else {
      snprintf(message, sizeof message,
               "(unicode error) 'unicodeescape' codec can't decode bytes in position %d-%d: %s",
               position, position + length - 1, reason);
    }
    raiseLast(message);
    return false;
  };
  while (p < end) {
    if (*p != '\\') {
      if (u8(*p) < 0x80) {
        *out += *p++;
        position++;
        continue;
      }
      int length = utf8SequenceLength(p, end);
      if (length == 0) length = 1;
      out->append(p, size_t(length));
      p += length;
      position += 10;
      continue;
    }
    const char* escape = p++;
    if (p == end || u8(*p) >= 0x80) {
      *out += '\\';
      position += 6;  // for CPython an escaped backslash: no warning
      continue;
    }
    char c = *p++;
    if (char simple = simpleEscape(c)) {
      *out += simple;
      position += 2;
      continue;
    }
    if (c == '\n') {
      position += 2;
      continue;
    }
    if (isOctal(c)) {
      u32 value = u32(c - '0');
      for (int i = 0; i < 2 && p < end && isOctal(*p); i++) value = value * 8 + u32(*p++ - '0');
      if (value > 0377 && badEscape == nullptr) {
        badEscape = escape + 1;
        badPosition = position + 1;
        badOctal = true;
      }
      appendUtf8(out, value);
      position += int(p - escape);
      continue;
    }
    int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits) {
      u32 value = 0;
      int i = 0;
      for (; i < digits && p < end; i++, p++) {
        int digit = hexDigit(*p);
        if (digit < 0) break;
        value = value << 4 | u32(digit);
      }
      if (i < digits) {
        return fail(int(p - escape), '\\',
                    digits == 2   ? "truncated \\xXX escape"
                    : digits == 4 ? "truncated \\uXXXX escape"
                                  : "truncated \\UXXXXXXXX escape");
      }
      if (value > 0x10FFFF) return fail(int(p - escape), '\\', "illegal Unicode character");
      appendUtf8(out, value);
      position += int(p - escape);
      continue;
    }
    if (c == 'N') {
      if (p < end && *p == '{') {
        const char* nameStart = ++p;
        int wide = 0;
        while (p < end && *p != '}') {
          int length = utf8SequenceLength(p, end);
          wide += length > 1 ? 10 - length : 0;
          p += length ? length : 1;
        }
        if (p < end && p > nameStart) {
          std::string_view charName(nameStart, size_t(p - nameStart));
          p++;
          NameMatch match = unicodeLookup(charName, false);
          if (match.count == 1) {
            appendUtf8(out, match.codePoints[0]);
            position += int(p - escape) + wide;
            continue;
          }
          return fail(int(p - escape) + wide, '\\', "unknown Unicode character name");
        }
        return fail(int(p - escape) + wide, '\\', "malformed \\N character escape");
      }
      return fail(int(p - escape), '\\', "malformed \\N character escape");
    }
    if (badEscape == nullptr) {
      badEscape = escape + 1;
      badPosition = position + 1;
    }
    *out += '\\';
    *out += c;
    position += 2;
  }
  if (badEscape) {
    warnEscape({badEscape, badOctal ? 3u : 1u}, badOctal, token, body, badEscape, badPosition);
  }
  return true;
}

bool Parser::decodeBytes(std::string_view body, bool raw, const PToken* token, std::string* out) {
  out->clear();
  if (raw || body.find('\\') == std::string_view::npos) {
    *out = body;
    return true;
  }
  const char* p = body.data();
  const char* end = p + body.size();
  const char* badEscape = nullptr;
  int badPosition = 0;
  bool badOctal = false;
  while (p < end) {
    if (*p != '\\') {
      *out += *p++;
      continue;
    }
    const char* escape = p++;
    if (p == end) {
      raiseLast("(value error) Trailing \\ in string");
      return false;
    }
    char c = *p++;
    if (char simple = simpleEscape(c)) {
      *out += simple;
    } else if (c == '\n') {
    } else if (isOctal(c)) {
      u32 value = u32(c - '0');
      for (int i = 0; i < 2 && p < end && isOctal(*p); i++) value = value * 8 + u32(*p++ - '0');
      if (value > 0377 && badEscape == nullptr) {
        badEscape = escape + 1;
        badPosition = int(badEscape - body.data());
        badOctal = true;
      }
      *out += char(value);
    } else if (c == 'x') {
      if (end - p < 2 || hexDigit(p[0]) < 0 || hexDigit(p[1]) < 0) {
        char message[80];
        snprintf(message, sizeof message, "(value error) invalid \\x escape at position %d",
                 int(escape - body.data()));
        raiseLast(message);
        return false;
      }
      *out += char(hexDigit(p[0]) << 4 | hexDigit(p[1]));
      p += 2;
    } else {
      if (badEscape == nullptr) {
        badEscape = escape + 1;
        badPosition = int(badEscape - body.data());
      }
      *out += '\\';
      *out += c;
    }
  }
  if (badEscape) {
    warnEscape({badEscape, badOctal ? 3u : 1u}, badOctal, token, body, badEscape, badPosition);
  }
  return true;
}

}  // namespace dx::frontend
