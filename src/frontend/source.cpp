#include "frontend/source.h"

#include "base/codecs.h"
#include "frontend/decode_hook.h"

namespace dx::frontend {
namespace {

bool unknownEncoding(std::string_view encoding, std::string_view, std::string*,
                     std::string* problem) {
  *problem = "unknown encoding: " + std::string(encoding);
  return false;
}

// The encodings that need no hook, above ASCII where they differ from Latin-1.
constexpr u16 kCp1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                             0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                             0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                             0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

u32 latin9(u8 byte) {
  switch (byte) {
    case 0xA4:
      return 0x20AC;
    case 0xA6:
      return 0x160;
    case 0xA8:
      return 0x161;
    case 0xB4:
      return 0x17D;
    case 0xB8:
      return 0x17E;
    case 0xBC:
      return 0x152;
    case 0xBD:
      return 0x153;
    case 0xBE:
      return 0x178;
    default:
      return byte;
  }
}

std::string normalizeEncoding(std::string_view name) {
  std::string lower;
  for (char c : name.substr(0, 64)) {
    lower += c == '_' ? '-' : (c >= 'A' && c <= 'Z') ? char(c + 32) : c;
  }
  auto isOrStarts = [&](std::string_view prefix) {
    return lower == prefix || (lower.size() > prefix.size() && lower.starts_with(prefix) &&
                               lower[prefix.size()] == '-');
  };
  if (isOrStarts("utf-8")) return "utf-8";
  if (isOrStarts("latin-1") || isOrStarts("iso-8859-1") || isOrStarts("iso-latin-1")) {
    return "iso-8859-1";
  }
  return std::string(name);
}

std::string_view firstLine(std::string_view source, size_t* next) {
  size_t end = source.find_first_of("\r\n");
  if (end == std::string_view::npos) {
    *next = source.size();
    return source;
  }
  *next = end + 1;
  if (source[end] == '\r' && *next < source.size() && source[*next] == '\n') ++*next;
  return source.substr(0, end);
}

bool isNameByte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.';
}

std::string cookieInLine(std::string_view line) {
  size_t i = 0;
  while (i < line.size() && (line[i] == ' ' || line[i] == '\t' || line[i] == '\f')) i++;
  if (i == line.size() || line[i] != '#') return "";
  for (; i + 6 < line.size(); i++) {
    if (line.compare(i, 6, "coding") != 0) continue;
    size_t p = i + 6;
    if (line[p] != ':' && line[p] != '=') continue;
    do p++;
    while (p < line.size() && (line[p] == ' ' || line[p] == '\t'));
    size_t begin = p;
    while (p < line.size() && isNameByte(line[p])) p++;
    if (begin < p) return normalizeEncoding(line.substr(begin, p - begin));
  }
  return "";
}

bool isBlank(std::string_view line) {
  for (char c : line) {
    if (c == '#') return true;
    if (c != ' ' && c != '\t' && c != '\f') return false;
  }
  return true;
}

SyntaxErrorInfo noPlace(std::string message) {
  SyntaxErrorInfo info;
  info.kind = ErrorKind::Syntax;
  info.message = std::move(message);
  info.line = 0;
  info.offset = -1;
  info.hasText = false;
  info.endLine = info.endOffset = INT32_MIN;
  return info;
}

void appendLatin(std::string* out, std::string_view bytes) {
  out->reserve(bytes.size() + bytes.size() / 8);
  for (char c : bytes) appendUtf8(out, u8(c));
}

// Line, column and text of the first byte that is no UTF-8. A null byte in a line before it is what
// is wrong with a file, which the tokenizer reports.
bool reportInvalidUtf8(std::string_view text, std::string_view fileName, SyntaxErrorInfo* error) {
  int line = 1;
  const char* lineStart = text.data();
  const char* end = text.data() + text.size();
  for (const char* p = text.data(); p < end;) {
    int length = utf8SequenceLength(p, end);
    if (length == 0) {
      size_t before = size_t(lineStart - text.data());
      if (!fileName.empty() && memchr(text.data(), 0, before) != nullptr) return false;
      const char* lineEnd = p;
      while (lineEnd < end && *lineEnd != '\n' && *lineEnd != '\r') lineEnd++;
      char byte[8];
      snprintf(byte, sizeof byte, "\\x%.2x", u8(*p));
      error->kind = ErrorKind::Syntax;
      error->message = "Non-UTF-8 code starting with '" + std::string(byte) + "'";
      if (!fileName.empty()) error->message += " in file " + std::string(fileName);
      error->message += " on line " + std::to_string(line) +
                        ", but no encoding declared; see https://peps.python.org/pep-0263/ for "
                        "details";
      error->beforeNamed = fileName.empty();
      error->line = error->endLine = line;
      error->text = replaceInvalidUtf8({lineStart, size_t(lineEnd - lineStart)});
      error->offset = error->endOffset =
          i32(countCodePoints(replaceInvalidUtf8({lineStart, size_t(p - lineStart)}))) + 1;
      return true;
    }
    if (*p == '\n' || (*p == '\r' && (p + 1 == end || p[1] != '\n'))) {
      line++;
      lineStart = p + 1;
    }
    p += length;
  }
  return false;
}

}  // namespace

DecodeHook decodeHook = unknownEncoding;

int utf8SequenceLength(const char* p, const char* end) {
  u8 a = u8(p[0]);
  if (a < 0x80) return 1;
  auto next = [&](int i) { return p + i < end ? u8(p[i]) : 0; };
  auto isTail = [](int b) { return (b & 0xC0) == 0x80; };
  if (a < 0xC2) return 0;
  if (a < 0xE0) return isTail(next(1)) ? 2 : 0;
  if (a < 0xF0) {
    int b = next(1);
    if (!isTail(b) || !isTail(next(2))) return 0;
    if (a == 0xE0 && b < 0xA0) return 0;
    if (a == 0xED && b > 0x9F) return 0;
    return 3;
  }
  if (a < 0xF5) {
    int b = next(1);
    if (!isTail(b) || !isTail(next(2)) || !isTail(next(3))) return 0;
    if (a == 0xF0 && b < 0x90) return 0;
    if (a == 0xF4 && b > 0x8F) return 0;
    return 4;
  }
  return 0;
}

u32 decodeUtf8(const char*& p) {
  u8 a = u8(*p++);
  if (a < 0x80) return a;
  auto tail = [&] { return u32(u8(*p++)) & 0x3F; };
  if (a < 0xE0) {
    u32 c = (a & 0x1F) << 6;
    return c | tail();
  }
  if (a < 0xF0) {
    u32 c = (a & 0x0F) << 12;
    c |= tail() << 6;
    return c | tail();
  }
  u32 c = (a & 0x07) << 18;
  c |= tail() << 12;
  c |= tail() << 6;
  return c | tail();
}

void appendUtf8(std::string* out, u32 c) {
  if (c < 0x80) {
    *out += char(c);
  } else if (c < 0x800) {
    *out += char(0xC0 | c >> 6);
    *out += char(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *out += char(0xE0 | c >> 12);
    *out += char(0x80 | (c >> 6 & 0x3F));
    *out += char(0x80 | (c & 0x3F));
  } else {
    *out += char(0xF0 | c >> 18);
    *out += char(0x80 | (c >> 12 & 0x3F));
    *out += char(0x80 | (c >> 6 & 0x3F));
    *out += char(0x80 | (c & 0x3F));
  }
}

std::string replaceInvalidUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const char* p = text.data();
  const char* end = p + text.size();
  while (p < end) {
    int length = utf8SequenceLength(p, end);
    if (length > 0) {
      out.append(p, length);
      p += length;
      continue;
    }
    out += "\xEF\xBF\xBD";
    // Skip the longest prefix of a sequence that could have become valid.
    u8 a = u8(*p++);
    int tails = a >= 0xF0 && a < 0xF5   ? 3
                : a >= 0xE0 && a < 0xF0 ? 2
                : a >= 0xC2 && a < 0xE0 ? 1
                                        : 0;
    for (int i = 0; i < tails && p < end && (u8(*p) & 0xC0) == 0x80; i++) {
      u8 b = u8(*p);
      if (i == 0 && ((a == 0xE0 && b < 0xA0) || (a == 0xED && b > 0x9F) ||
                     (a == 0xF0 && b < 0x90) || (a == 0xF4 && b > 0x8F))) {
        break;
      }
      p++;
    }
  }
  return out;
}

size_t countCodePoints(std::string_view text) {
  size_t count = 0;
  for (char c : text) count += (u8(c) & 0xC0) != 0x80;
  return count;
}

std::string translateNewlines(std::string_view text, bool addNewline) {
  std::string out;
  out.reserve(text.size() + 1);
  const char* p = text.data();
  const char* end = p + text.size();
  while (p < end) {
    const char* cr = static_cast<const char*>(memchr(p, '\r', size_t(end - p)));
    if (cr == nullptr) break;
    out.append(p, size_t(cr - p));
    out += '\n';
    p = cr + 1;
    if (p < end && *p == '\n') p++;
  }
  out.append(p, size_t(end - p));
  if (addNewline && (out.empty() || out.back() != '\n')) out += '\n';
  return out;
}

std::string findCodingCookie(std::string_view source, int* cookieLine) {
  size_t next = 0;
  for (int line = 1; line <= 2; line++) {
    std::string_view text = firstLine(source, &next);
    std::string name = cookieInLine(text);
    if (!name.empty()) {
      if (cookieLine) *cookieLine = line;
      return name;
    }
    if (!isBlank(text)) return "";
    source.remove_prefix(next);
  }
  return "";
}

bool decodeSource(std::string_view source, const ParseOptions& options, DecodedSource* out,
                  SyntaxErrorInfo* error) {
  if (options.fileName.empty() && memchr(source.data(), 0, source.size()) != nullptr) {
    error->kind = ErrorKind::Syntax;
    error->message = "source code string cannot contain null bytes";
    error->hasLocation = false;
    return false;
  }
  out->encoding = "utf-8";
  if (options.sourceIsText) {
    out->text = source;
    return true;
  }
  bool bom = source.starts_with("\xEF\xBB\xBF");
  if (bom) source.remove_prefix(3);
  int cookieLine = 0;
  std::string cookie = findCodingCookie(source, &cookieLine);
  if (bom && !cookie.empty() && cookie != "utf-8") {
    // The tokenizer has read this line when it finds out.
    size_t next;
    std::string_view line = firstLine(source, &next);
    if (cookieLine == 2) line = firstLine(source.substr(next), &next);
    error->kind = ErrorKind::Syntax;
    error->message = "encoding problem: " + cookie + " with BOM";
    error->beforeNamed = options.fileName.empty();
    error->line = error->endLine = cookieLine;
    error->text = replaceInvalidUtf8(line);
    error->offset = 0;
    error->endOffset = i32(countCodePoints(error->text)) + (cookieLine == 2);
    return false;
  }
  if (!cookie.empty()) out->encoding = cookie;
  if (out->encoding == "utf-8") {
    if (reportInvalidUtf8(source, options.fileName, error)) return false;
    out->text = source;
    return true;
  }
  std::string lower;
  for (char c : out->encoding) lower += c == '_' ? '-' : (c >= 'A' && c <= 'Z') ? char(c + 32) : c;
  auto isOneOf = [&](std::initializer_list<std::string_view> names) {
    for (std::string_view name : names) {
      if (lower == name) return true;
    }
    return false;
  };
  std::string problem;
  if (isOneOf({"utf8", "u8", "utf", "utf8-ucs2", "utf8-ucs4", "cp65001"})) {
    // An alias that the tokenizer does not know: the codec decodes, with its own report.
    TextBuffer ignored;
    ByteView bytes{reinterpret_cast<const u8*>(source.data()), source.size()};
    CodecResult result = dx::decodeUtf8(bytes, true, nullptr, &ignored);
    if (result.ok) {
      out->text = source;
      return true;
    }
    char buffer[160];
    const CodecError& e = result.error;
    if (e.end == e.start + 1) {
      snprintf(buffer, sizeof buffer, "'utf-8' codec can't decode byte 0x%.2x in position %zu: %s",
               u8(source[e.start]), e.start, e.reason);
    } else {
      snprintf(buffer, sizeof buffer, "'utf-8' codec can't decode bytes in position %zu-%zu: %s",
               e.start, e.end - 1, e.reason);
    }
    *error = noPlace(buffer);
    return false;
  }
  if (isOneOf({"iso-8859-1", "latin1", "l1", "iso8859-1", "8859", "cp819"})) {
    appendLatin(&out->text, source);
    return true;
  }
  if (isOneOf({"ascii", "us-ascii", "646"})) {
    size_t bad = 0;
    while (bad < source.size() && u8(source[bad]) < 0x80) bad++;
    if (bad == source.size()) {
      out->text = source;
      return true;
    }
    char buffer[128];
    snprintf(buffer, sizeof buffer,
             "'ascii' codec can't decode byte 0x%.2x in position %zu: ordinal not in range(128)",
             u8(source[bad]), bad);
    *error = noPlace(buffer);
    return false;
  }
  if (isOneOf({"iso-8859-15", "iso8859-15", "latin9", "latin-9", "l9"})) {
    for (char c : source) appendUtf8(&out->text, latin9(u8(c)));
    return true;
  }
  if (isOneOf({"cp1252", "windows-1252", "1252"})) {
    for (size_t i = 0; i < source.size(); i++) {
      u8 byte = u8(source[i]);
      u32 c = byte >= 0x80 && byte < 0xA0 ? kCp1252[byte - 0x80] : byte;
      if (c == 0 && byte != 0) {
        char buffer[128];
        snprintf(buffer, sizeof buffer,
                 "'charmap' codec can't decode byte 0x%.2x in position %zu: character maps to "
                 "<undefined>",
                 byte, i);
        *error = noPlace(buffer);
        return false;
      }
      appendUtf8(&out->text, c);
    }
    return true;
  }
  if (decodeHook(out->encoding, source, &out->text, &problem)) return true;
  *error = noPlace(std::move(problem));
  return false;
}

}  // namespace dx::frontend
