// unicode_escape, raw_unicode_escape and the escapes of bytes.
#include "base/codec_driver.h"
#include "base/unicode.h"

namespace dx {

using namespace detail;

namespace {

int hexValue(u32 c) {
  if (c >= '0' && c <= '9') return int(c - '0');
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? int(c - 'a' + 10) : -1;
}

// The one-letter escapes; -1 for others, -2 for an escaped newline.
int simpleEscape(u32 c) {
  switch (c) {
    case '\n':
      return -2;
    case '\\':
    case '\'':
    case '"':
      return int(c);
    case 'a':
      return 7;
    case 'b':
      return 8;
    case 'f':
      return 12;
    case 'n':
      return 10;
    case 'r':
      return 13;
    case 't':
      return 9;
    case 'v':
      return 11;
    default:
      return -1;
  }
}

// The value of an octal escape whose first digit is at p[0].
u32 readOctal(const u8* p, size_t left, size_t* used) {
  u32 v = 0;
  *used = 0;
  while (*used < 3 && *used < left && p[*used] >= '0' && p[*used] <= '7')
    v = v * 8 + (p[(*used)++] - '0');
  return v;
}

void appendHex(u32 c, int digits, std::string* out) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    out->push_back("0123456789abcdef"[c >> shift & 15]);
}

}  // namespace

CodecResult decodeUnicodeEscape(ByteView in, bool final, DecodeErrorHandler* handler,
                                TextBuffer* out, size_t* firstInvalid) {
  DecodeRun run{in, handler, out, "unicodeescape"};
  *firstInvalid = kNoInvalidEscape;
  out->reserve(out->size() + in.size);
  while (run.pos < run.in.size) {
    const u8* p = run.in.data;
    size_t start = run.pos, n = run.in.size;
    if (p[start] != '\\') {
      size_t end = start;
      u32 seen = 0;
      while (end < n && p[end] != '\\') seen |= p[end++];
      out->appendLatin1(p + start, end - start, seen);
      run.pos = end;
      continue;
    }
    size_t i = start + 1;
    if (i >= n) {
      if (!final) break;
      if (!run.bad("\\ at end of string", start, n)) return run.result;
      continue;
    }
    u32 c = p[i++];
    int simple = simpleEscape(c);
    if (simple != -1) {
      if (simple >= 0) out->append(u32(simple));
      run.pos = i;
      continue;
    }
    if (c >= '0' && c <= '7') {
      size_t used;
      u32 value = readOctal(p + i - 1, n - i + 1, &used);
      if (value > 0377 && *firstInvalid == kNoInvalidEscape) *firstInvalid = start;
      out->append(value);
      run.pos = i - 1 + used;
      continue;
    }
    if (c == 'x' || c == 'u' || c == 'U') {
      int digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
      u32 value = 0;
      int k = 0;
      for (; k < digits && i < n && hexValue(p[i]) >= 0; k++, i++)
        value = value << 4 | u32(hexValue(p[i]));
      if (k == digits && value <= 0x10ffff) {
        out->append(value);
        run.pos = i;
        continue;
      }
      if (k < digits && i == n && !final) break;
      const char* reason = k == digits ? "illegal Unicode character"
                           : c == 'x'  ? "truncated \\xXX escape"
                           : c == 'u'  ? "truncated \\uXXXX escape"
                                       : "truncated \\UXXXXXXXX escape";
      if (!run.bad(reason, start, i)) return run.result;
      continue;
    }
    if (c == 'N') {
      const char* reason = "malformed \\N character escape";
      if (i >= n && !final) break;
      if (i < n && p[i] == '{') {
        size_t nameStart = ++i;
        while (i < n && p[i] != '}') i++;
        if (i >= n && !final) break;
        if (i > nameStart && i < n) {
          reason = "unknown Unicode character name";
          std::string_view name(reinterpret_cast<const char*>(p) + nameStart, i - nameStart);
          i++;
          NameMatch match = unicodeLookup(name, false);
          if (match.count == 1) {
            out->append(match.codePoints[0]);
            run.pos = i;
            continue;
          }
        }
      }
      if (!run.bad(reason, start, i)) return run.result;
      continue;
    }
    if (*firstInvalid == kNoInvalidEscape) *firstInvalid = start;
    out->append('\\');
    out->append(c);
    run.pos = i;
  }
  return run.done();
}

void encodeUnicodeEscape(TextView in, std::string* out) {
  out->reserve(out->size() + in.size);
  for (size_t i = 0; i < in.size; i++) {
    u32 c = in[i];
    if (c >= 0x20 && c < 0x7f && c != '\\') {
      out->push_back(char(c));
    } else if (c == '\\') {
      out->append("\\\\");
    } else if (c == '\t') {
      out->append("\\t");
    } else if (c == '\n') {
      out->append("\\n");
    } else if (c == '\r') {
      out->append("\\r");
    } else if (c < 0x100) {
      out->append("\\x");
      appendHex(c, 2, out);
    } else if (c < 0x10000) {
      out->append("\\u");
      appendHex(c, 4, out);
    } else {
      out->append("\\U");
      appendHex(c, 8, out);
    }
  }
}

CodecResult decodeRawUnicodeEscape(ByteView in, bool final, DecodeErrorHandler* handler,
                                   TextBuffer* out) {
  DecodeRun run{in, handler, out, "rawunicodeescape"};
  out->reserve(out->size() + in.size);
  while (run.pos < run.in.size) {
    const u8* p = run.in.data;
    size_t start = run.pos, n = run.in.size;
    if (p[start] != '\\') {
      out->append(p[start]);
      run.pos++;
      continue;
    }
    if (start + 1 >= n) {
      if (!final) break;
      out->append('\\');
      run.pos++;
      continue;
    }
    u32 c = p[start + 1];
    if (c != 'u' && c != 'U') {  // a pair of a backslash and anything else stands for itself
      out->append('\\');
      out->append(c);
      run.pos += 2;
      continue;
    }
    int digits = c == 'u' ? 4 : 8;
    u32 value = 0;
    int k = 0;
    size_t i = start + 2;
    for (; k < digits && i < n && hexValue(p[i]) >= 0; k++, i++)
      value = value << 4 | u32(hexValue(p[i]));
    if (k < digits && i == n && !final) break;
    if (k == digits && value <= 0x10ffff) {
      out->append(value);
      run.pos = i;
      continue;
    }
    const char* reason = k == digits ? "\\Uxxxxxxxx out of range"
                         : c == 'u'  ? "truncated \\uXXXX escape"
                                     : "truncated \\UXXXXXXXX escape";
    if (!run.bad(reason, start, i)) return run.result;
  }
  return run.done();
}

void encodeRawUnicodeEscape(TextView in, std::string* out) {
  out->reserve(out->size() + in.size);
  for (size_t i = 0; i < in.size; i++) {
    u32 c = in[i];
    if (c < 0x100) {
      out->push_back(char(c));
    } else {
      out->append(c < 0x10000 ? "\\u" : "\\U");
      appendHex(c, c < 0x10000 ? 4 : 8, out);
    }
  }
}

BytesEscape decodeBytesEscape(ByteView in, ErrorPolicy policy, std::string* out, size_t* errorAt,
                              size_t* firstInvalid) {
  *firstInvalid = kNoInvalidEscape;
  const u8* p = in.data;
  for (size_t i = 0; i < in.size;) {
    size_t start = i;
    u32 c = p[i++];
    if (c != '\\') {
      out->push_back(char(c));
      continue;
    }
    if (i >= in.size) {
      *errorAt = start;
      return BytesEscape::kTrailingBackslash;
    }
    c = p[i++];
    int simple = simpleEscape(c);
    if (simple != -1) {
      if (simple >= 0) out->push_back(char(simple));
    } else if (c >= '0' && c <= '7') {
      size_t used;
      u32 value = readOctal(p + i - 1, in.size - i + 1, &used);
      if (value > 0377 && *firstInvalid == kNoInvalidEscape) *firstInvalid = start;
      out->push_back(char(value));
      i += used - 1;
    } else if (c == 'x') {
      int high = i < in.size ? hexValue(p[i]) : -1;
      int low = i + 1 < in.size ? hexValue(p[i + 1]) : -1;
      if (high >= 0 && low >= 0) {
        out->push_back(char(high << 4 | low));
        i += 2;
        continue;
      }
      if (policy != ErrorPolicy::kReplace && policy != ErrorPolicy::kIgnore) {
        *errorAt = start;
        return BytesEscape::kInvalidX;
      }
      if (policy == ErrorPolicy::kReplace) out->push_back('?');
      if (high >= 0) i++;
    } else {
      if (*firstInvalid == kNoInvalidEscape) *firstInvalid = start;
      out->push_back('\\');
      out->push_back(char(c));
    }
  }
  return BytesEscape::kOk;
}

void encodeBytesEscape(ByteView in, std::string* out) {
  for (size_t i = 0; i < in.size; i++) {
    u8 c = in.data[i];
    switch (c) {
      case '\\':
        out->append("\\\\");
        break;
      case '\'':
        out->append("\\'");
        break;
      case '\t':
        out->append("\\t");
        break;
      case '\n':
        out->append("\\n");
        break;
      case '\r':
        out->append("\\r");
        break;
      default:
        if (c >= 0x20 && c < 0x7f) {
          out->push_back(char(c));
        } else {
          out->append("\\x");
          appendHex(c, 2, out);
        }
    }
  }
}

}  // namespace dx
