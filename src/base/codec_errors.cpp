// The standard error handlers: strict, ignore, replace, backslashreplace, surrogateescape,
// surrogatepass, xmlcharrefreplace, namereplace.
#include "base/codecs.h"
#include "base/unicode.h"

namespace dx {

namespace {

// How an encoding writes a surrogate, for surrogatepass.
struct WideEncoding {
  int bytes = 0;  // 3 utf-8, 2 utf-16, 4 utf-32, 0 none
  bool bigEndian = false;
};

WideEncoding wideEncoding(std::string_view name) {
  auto normal = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c == '_' ? '-' : c; };
  std::string text;
  for (char c : name) text.push_back(normal(c));
  std::string_view rest = text;
  if (!rest.starts_with("utf")) return {};
  rest.remove_prefix(3);
  if (rest.starts_with("-")) rest.remove_prefix(1);
  if (rest == "8") return {3, false};
  int bytes = rest.starts_with("16") ? 2 : rest.starts_with("32") ? 4 : 0;
  if (bytes == 0) return {};
  rest.remove_prefix(2);
  if (rest.starts_with("-")) rest.remove_prefix(1);
  if (rest.empty() || rest == "le") return {bytes, false};
  if (rest == "be") return {bytes, true};
  return {};
}

void appendHexEscape(u32 c, std::string* out) {
  char text[16];
  snprintf(text, sizeof text, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
  *out += text;
}

bool decodePassedSurrogate(const CodecError& error, ByteView in, TextBuffer* out, size_t* resume) {
  WideEncoding wide = wideEncoding(error.encoding);
  size_t n = size_t(wide.bytes);
  if (n == 0 || in.size - error.start < n) return false;
  const u8* p = in.data + error.start;
  u32 c = 0;
  if (n == 3) {
    if ((p[0] & 0xf0) != 0xe0 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80) return false;
    c = u32(p[0] & 15) << 12 | u32(p[1] & 63) << 6 | u32(p[2] & 63);
  } else {
    for (size_t i = 0; i < n; i++) c |= u32(p[i]) << 8 * (wide.bigEndian ? n - 1 - i : i);
  }
  if (c < 0xd800 || c > 0xdfff) return false;
  out->append(c);
  *resume = error.start + n;
  return true;
}

bool encodePassedSurrogates(const CodecError& error, TextView in, EncodeReplacement* out) {
  WideEncoding wide = wideEncoding(error.encoding);
  if (wide.bytes == 0) return false;
  out->isBytes = true;
  for (size_t i = error.start; i < error.end; i++) {
    u32 c = in[i];
    if (c < 0xd800 || c > 0xdfff) return false;
    if (wide.bytes == 3) {
      appendUtf8(c, &out->bytes);
      continue;
    }
    for (int k = 0; k < wide.bytes; k++)
      out->bytes.push_back(char(c >> 8 * (wide.bigEndian ? wide.bytes - 1 - k : k)));
  }
  return true;
}

}  // namespace

bool errorPolicyFromName(std::string_view name, ErrorPolicy* out) {
  static constexpr struct {
    const char* name;
    ErrorPolicy policy;
  } kNames[] = {{"strict", ErrorPolicy::kStrict},
                {"ignore", ErrorPolicy::kIgnore},
                {"replace", ErrorPolicy::kReplace},
                {"backslashreplace", ErrorPolicy::kBackslashReplace},
                {"surrogateescape", ErrorPolicy::kSurrogateEscape},
                {"surrogatepass", ErrorPolicy::kSurrogatePass},
                {"xmlcharrefreplace", ErrorPolicy::kXmlCharRef},
                {"namereplace", ErrorPolicy::kNameReplace}};
  for (const auto& entry : kNames) {
    if (name != entry.name) continue;
    *out = entry.policy;
    return true;
  }
  return false;
}

bool StandardDecodeHandler::onError(const CodecError& error, ByteView* input, TextBuffer* out,
                                    size_t* resume) {
  *resume = error.end;
  switch (policy_) {
    case ErrorPolicy::kIgnore:
      return true;
    case ErrorPolicy::kReplace:
      out->append(0xfffd);
      return true;
    case ErrorPolicy::kBackslashReplace: {
      std::string text;
      for (size_t i = error.start; i < error.end; i++) appendHexEscape(input->data[i], &text);
      out->append(text);
      return true;
    }
    case ErrorPolicy::kSurrogateEscape: {
      // At most four bytes, and none of ASCII: those stay an error.
      size_t i = error.start;
      for (; i < error.end && i - error.start < 4 && input->data[i] >= 128; i++)
        out->append(0xdc00u + input->data[i]);
      *resume = i;
      return i != error.start;
    }
    case ErrorPolicy::kSurrogatePass:
      return decodePassedSurrogate(error, *input, out, resume);
    default:
      return false;
  }
}

bool StandardEncodeHandler::onError(const CodecError& error, TextView input, EncodeReplacement* out,
                                    size_t* resume) {
  *resume = error.end;
  std::string text;
  switch (policy_) {
    case ErrorPolicy::kIgnore:
      return true;
    case ErrorPolicy::kReplace:
      text.assign(error.end - error.start, '?');
      break;
    case ErrorPolicy::kBackslashReplace:
      for (size_t i = error.start; i < error.end; i++) appendHexEscape(input[i], &text);
      break;
    case ErrorPolicy::kXmlCharRef:
      for (size_t i = error.start; i < error.end; i++)
        text += "&#" + std::to_string(input[i]) + ";";
      break;
    case ErrorPolicy::kNameReplace:
      for (size_t i = error.start; i < error.end; i++) {
        std::string name = unicodeName(input[i]);
        if (name.empty())
          appendHexEscape(input[i], &text);
        else
          text += "\\N{" + name + "}";
      }
      break;
    case ErrorPolicy::kSurrogateEscape: {
      // The encodings that know this handler take what can be escaped and complain about the
      // rest; the others complain about the whole run.
      std::string_view name = error.encoding;
      bool partial = name == "ascii" || name == "latin-1" || name == "utf-8";
      out->isBytes = true;
      size_t i = error.start;
      for (; i < error.end; i++) {
        u32 c = input[i];
        if (c < 0xdc80 || c > 0xdcff) break;
        out->bytes.push_back(char(c - 0xdc00));
      }
      *resume = i;
      return i == error.end || (partial && i != error.start);
    }
    case ErrorPolicy::kSurrogatePass:
      return encodePassedSurrogates(error, input, out);
    default:
      return false;
  }
  out->text.append(text);
  return true;
}

}  // namespace dx
