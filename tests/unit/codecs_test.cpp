// Every codec against cases that CPython computed (tools/gen_codec_cases.py).
#include "base/codecs.h"

#include <gtest/gtest.h>

#include "case_file.h"

namespace dx {
namespace {

using Fields = std::vector<std::string>;

std::string fromHex(const std::string& hex) {
  std::string out;
  if (hex == "-") return out;
  for (size_t i = 0; i < hex.size(); i += 2)
    out.push_back(char(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return out;
}
std::string toHex(const std::string& bytes) {
  std::string out;
  for (char c : bytes) {
    char text[4];
    snprintf(text, sizeof text, "%02x", u8(c));
    out += text;
  }
  return out.empty() ? "-" : out;
}
ByteView bytesOf(const std::string& s) { return {reinterpret_cast<const u8*>(s.data()), s.size()}; }

// As tools/gen_codec_cases.py writes text.
std::string textOf(TextView v) {
  std::string out;
  for (size_t i = 0; i < v.size; i++) {
    u32 c = v[i];
    char text[16];
    if (c < ' ' || c == '\\' || c == '!')
      snprintf(text, sizeof text, "\\x%02x", c);
    else
      snprintf(text, sizeof text, c < 0x80 ? "%c" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
    out.append(text);
  }
  return out.empty() ? "-" : out;
}

std::string failure(const CodecError& e) {
  std::string reason;
  for (const char* p = e.reason; *p; p++) reason += *p == '\\' ? "\\\\" : std::string(1, *p);
  return std::string("!") + e.encoding + "," + std::to_string(e.start) + "," +
         std::to_string(e.end) + "," + reason;
}

const TextBuffer& table() {
  static TextBuffer* t = [] {
    auto* b = new TextBuffer;
    for (u32 i = 0; i < 128; i++) b->append(i);
    for (u32 c : {0x410u, 0x411u, 0xfffeu, 0xe9u, 0x1f600u}) b->append(c);
    while (b->size() < 256) b->append(0xfffe);
    return b;
  }();
  return *t;
}

CodecResult decodeBy(const std::string& codec, ByteView in, bool final, DecodeErrorHandler* handler,
                     TextBuffer* out) {
  int order = codec.ends_with("-le") ? -1 : codec.ends_with("-be") ? 1 : 0;
  size_t invalid;
  if (codec == "utf-8") return decodeUtf8(in, final, handler, out);
  if (codec.starts_with("utf-16")) return decodeUtf16(in, &order, final, handler, out);
  if (codec.starts_with("utf-32")) return decodeUtf32(in, &order, final, handler, out);
  if (codec == "utf-7") return decodeUtf7(in, final, handler, out);
  if (codec == "ascii") return decodeAscii(in, handler, out);
  if (codec == "charmap") return decodeCharmap(in, table().view(), handler, out);
  if (codec == "unicode_escape") return decodeUnicodeEscape(in, final, handler, out, &invalid);
  return decodeRawUnicodeEscape(in, final, handler, out);
}

CodecResult encodeBy(const std::string& codec, TextView in, EncodeErrorHandler* handler,
                     std::string* out) {
  int order = codec.ends_with("-le") ? -1 : codec.ends_with("-be") ? 1 : 0;
  if (codec == "utf-8") return encodeUtf8(in, handler, out);
  if (codec.starts_with("utf-16")) return encodeUtf16(in, order, handler, out);
  if (codec.starts_with("utf-32")) return encodeUtf32(in, order, handler, out);
  if (codec == "ascii") return encodeAscii(in, handler, out);
  if (codec == "latin-1") return encodeLatin1(in, handler, out);
  if (codec == "charmap") return encodeCharmap(in, CharmapEncoder(table().view()), handler, out);
  if (codec == "utf-7") encodeUtf7(in, out);
  if (codec == "unicode_escape") encodeUnicodeEscape(in, out);
  if (codec == "raw_unicode_escape") encodeRawUnicodeEscape(in, out);
  return {};
}

void runCase(const Fields& f) {
  ErrorPolicy policy;
  ASSERT_TRUE(errorPolicyFromName(f[0] == "b" ? f[1] : f[2], &policy));
  if (f[0] == "d") {
    std::string input = fromHex(f[4]);
    StandardDecodeHandler handler(policy);
    TextBuffer out;
    CodecResult result = decodeBy(f[1], bytesOf(input), f[3] == "1", &handler, &out);
    EXPECT_EQ(result.ok ? textOf(out.view()) : failure(result.error), f[5]);
    if (result.ok) EXPECT_EQ(std::to_string(result.consumed), f[6]);
  } else if (f[0] == "e") {
    TextBuffer in;
    if (f[3] != "-" || f[4] == "2d" || f[4] == "fffe2d00")
      for (u32 c : test::unescape(f[3])) in.append(c);
    else
      in.append(u32('-'));
    StandardEncodeHandler handler(policy);
    std::string out;
    CodecResult result = encodeBy(f[1], in.view(), &handler, &out);
    EXPECT_EQ(result.ok ? toHex(out) : failure(result.error), f[4]);
  } else {
    std::string input = fromHex(f[2]), out;
    size_t at, invalid;
    switch (decodeBytesEscape(bytesOf(input), policy, &out, &at, &invalid)) {
      case BytesEscape::kOk:
        EXPECT_EQ(toHex(out), f[3]);
        break;
      case BytesEscape::kInvalidX:
        EXPECT_EQ("!invalid \\\\x escape at position " + std::to_string(at), f[3]);
        break;
      case BytesEscape::kTrailingBackslash:
        EXPECT_EQ("!Trailing \\\\ in string", f[3]);
    }
  }
}

TEST(Codecs, everyOracleCase_converted_isTheSame) {
  auto cases = test::readCases("codec_cases.tsv");
  ASSERT_GT(cases.size(), 1500u);
  for (const Fields& f : cases) {
    std::string line;
    for (const std::string& s : f) line += s + " | ";
    SCOPED_TRACE(line);
    runCase(f);
  }
}

// Replaces by a text, and by input of its own.
class Replacer final : public DecodeErrorHandler {
 public:
  bool onError(const CodecError& error, ByteView* input, TextBuffer* out, size_t* resume) override {
    out->append("<" + std::to_string(error.start) + ">");
    *input = ByteView{reinterpret_cast<const u8*>("xyz"), 3};
    *resume = 1;
    return true;
  }
};

TEST(Codecs, handlerThatReplacesTheInput_decoding_goesOnInTheNewOne) {
  std::string input = "ab\xff tail";
  Replacer handler;
  TextBuffer out;
  CodecResult result = decodeUtf8(bytesOf(input), true, &handler, &out);
  EXPECT_TRUE(result.ok);
  EXPECT_EQ(textOf(out.view()), "ab<2>yz");
}

TEST(Codecs, invalidEscape_decoded_isReportedOnce) {
  TextBuffer out;
  size_t invalid;
  std::string input = "a\\d\\q";
  (void)decodeUnicodeEscape(bytesOf(input), true, nullptr, &out, &invalid);
  EXPECT_EQ(invalid, 1u);
  input = "a\\n";
  (void)decodeUnicodeEscape(bytesOf(input), true, nullptr, &out, &invalid);
  EXPECT_EQ(invalid, kNoInvalidEscape);
}

// Maps 'a' to two bytes, fails on 'x', knows nothing else.
class OddMap final : public CharmapLookup {
 public:
  CharmapAnswer decodeByte(u8 byte, TextBuffer* out) override {
    if (byte == 'x') return CharmapAnswer::kFailed;
    if (byte != 'a') return CharmapAnswer::kUndefined;
    out->append("<a>");
    return CharmapAnswer::kMapped;
  }
  CharmapAnswer encodeChar(u32 c, std::string* out) override {
    if (c == 'x') return CharmapAnswer::kFailed;
    if (c != 'a' && c != '?') return CharmapAnswer::kUndefined;
    out->append("AA");
    return CharmapAnswer::kMapped;
  }
};

TEST(Codecs, mappingObject_lookedUp_decidesAndMayFail) {
  OddMap map;
  StandardEncodeHandler replace(ErrorPolicy::kReplace);
  std::string out, input = "abba";
  TextView text{input.data(), input.size(), 1};
  EXPECT_TRUE(encodeCharmap(text, map, &replace, &out).ok);
  EXPECT_EQ(out, "AAAAAAAA");
  CodecResult result = encodeCharmap(text, map, nullptr, &out);
  EXPECT_EQ(failure(result.error), "!charmap,1,3,character maps to <undefined>");
  input = "aax";
  result = encodeCharmap({input.data(), 3, 1}, map, &replace, &out);
  EXPECT_FALSE(result.ok);
  EXPECT_EQ(result.error.reason, nullptr);
  TextBuffer decoded;
  result = decodeCharmap(bytesOf(input), map, nullptr, &decoded);
  EXPECT_FALSE(result.ok);
  EXPECT_EQ(result.error.reason, nullptr);
  EXPECT_EQ(textOf(decoded.view()), "<a><a>");
}

TEST(TextBuffer, widerCharacters_appended_widenTheUnits) {
  TextBuffer b;
  b.append("abc");
  EXPECT_TRUE(b.isAscii());
  b.append(0xe9);
  EXPECT_EQ(b.kind(), 1);
  b.append(0x20ac);
  EXPECT_EQ(b.kind(), 2);
  b.append(0x1f600);
  EXPECT_EQ(b.kind(), 4);
  EXPECT_EQ(textOf(b.view()), "abc\\u00e9\\u20ac\\U0001f600");
}

}  // namespace
}  // namespace dx
