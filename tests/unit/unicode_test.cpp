// Every property of every code point, as checksums of the lines that tools/dump_unicode.py
// prints under CPython 3.14. With DX_DUMP_UNICODE=group in the environment the lines of a group are
// printed instead, to be compared with the script's.
#include "base/unicode.h"

#include <gtest/gtest.h>

#include <functional>

namespace dx {
namespace {

u32 crc32(u32 crc, std::string_view text) {
  static const std::vector<u32> table = [] {
    std::vector<u32> t(256);
    for (u32 i = 0; i < 256; i++) {
      u32 c = i;
      for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
      t[i] = c;
    }
    return t;
  }();
  crc = ~crc;
  for (char c : text) crc = table[(crc ^ u8(c)) & 0xff] ^ crc >> 8;
  return ~crc;
}

std::string joined(const u32* p, size_t n) {
  std::string out;
  for (size_t i = 0; i < n; i++) {
    char text[16];
    snprintf(text, sizeof text, i ? " %X" : "%X", p[i]);
    out += text;
  }
  return out;
}

std::string flags(u32 c) {
  char text[16];
  bool start = unicodeIsXidStart(c) || c == '_';
  snprintf(text, sizeof text, "%d%d%d%d%d%d%d%d", unicodeIsAlpha(c),
           unicodeIsDecimal(c) + 2 * unicodeIsDigit(c), unicodeIsNumeric(c), unicodeIsSpace(c),
           unicodeIsLower(c) && unicodeCategory(c) != GeneralCategory::kLt, unicodeIsUpper(c),
           unicodeIsPrintable(c), start + 2 * unicodeIsXidContinue(c));
  return text;
}

std::string caseOf(u32 c) {
  u32 out[3];
  std::string text = joined(out, size_t(unicodeLowerFull(c, out)));
  text = joined(out, size_t(unicodeLowerFull(c, out)));
  int n = unicodeUpperFull(c, out);
  text += "," + joined(out, size_t(n));
  n = unicodeTitleFull(c, out);
  text += "," + joined(out, size_t(n));
  n = unicodeFoldFull(c, out);
  return text + "," + joined(out, size_t(n));
}

std::string data(u32 c) {
  return std::string(unicodeCategoryName(unicodeCategory(c))) + "," + unicodeBidiName(c) + "," +
         std::to_string(unicodeCombining(c)) + "," + unicodeEastAsianWidth(c) + "," +
         std::to_string(unicodeIsMirrored(c)) + "," + unicodeDecomposition(c);
}

std::string number(u32 c) {
  char text[64];
  double v = unicodeToNumeric(c);
  if (unicodeIsNumeric(c))
    snprintf(text, sizeof text, "%d,%d,%.6g", unicodeToDecimal(c), unicodeToDigit(c), v);
  else
    snprintf(text, sizeof text, "%d,%d,-", unicodeToDecimal(c), unicodeToDigit(c));
  return text;
}

std::string normal(u32 c) {
  std::string out;
  for (NormalForm form :
       {NormalForm::kNFD, NormalForm::kNFKD, NormalForm::kNFC, NormalForm::kNFKC}) {
    std::vector<u32> text = unicodeNormalize(form, &c, 1);
    out += (form == NormalForm::kNFD ? "" : ",") + joined(text.data(), text.size());
    QuickCheck quick = unicodeQuickCheck(form, &c, 1);
    bool same = text.size() == 1 && text[0] == c;
    if (quick == QuickCheck::kYes) EXPECT_TRUE(same);
    if (quick == QuickCheck::kNo) EXPECT_FALSE(same);
  }
  return out;
}

std::string line(u32 c) { return unicodeIsLinebreak(c) ? "1" : "0"; }

std::string old(u32 c) {
  std::vector<u32> text = unicodeNormalize(NormalForm::kNFKC, &c, 1, UnicodeAge::k3_2);
  return std::string(unicodeCategoryName(unicodeCategory32(c))) + "," + unicodeBidiName32(c) + "," +
         joined(text.data(), text.size());
}

void check(const char* group, u32 expected, const std::function<std::string(u32)>& f) {
  const char* dump = getenv("DX_DUMP_UNICODE");
  u32 crc = 0;
  for (u32 c = 0; c <= kMaxCodePoint; c++) {
    char code[16];
    snprintf(code, sizeof code, "%X;", c);
    std::string text = code + f(c) + "\n";
    if (dump && !strcmp(dump, group)) fputs(text.c_str(), stdout);
    crc = crc32(crc, text);
  }
  EXPECT_EQ(crc, expected);
}

TEST(Unicode, flagsOfEveryCodePoint_checked_areCPythons) { check("flags", 0x5be12ca4, flags); }
TEST(Unicode, caseOfEveryCodePoint_checked_isCPythons) { check("case", 0xb000a3ea, caseOf); }
TEST(Unicode, dataOfEveryCodePoint_checked_isCPythons) { check("data", 0x75fa115d, data); }
TEST(Unicode, numberOfEveryCodePoint_checked_isCPythons) { check("number", 0xc4683a1c, number); }
TEST(Unicode, normalFormsOfEveryCodePoint_checked_areCPythons) {
  check("normal", 0xe2ff0c35, normal);
}
TEST(Unicode, nameOfEveryCodePoint_checked_isCPythons) { check("name", 0x04770107, unicodeName); }
TEST(Unicode, linebreakOfEveryCodePoint_checked_isCPythons) { check("line", 0x4b58f8a3, line); }
TEST(Unicode, unicode32OfEveryCodePoint_checked_isCPythons) { check("old", 0x39684f53, old); }

TEST(Unicode, everyName_lookedUp_givesItsCharacter) {
  for (u32 c = 0; c <= kMaxCodePoint; c++) {
    std::string name = unicodeName(c);
    if (name.empty()) continue;
    NameMatch match = unicodeLookup(name, false);
    ASSERT_EQ(match.count, 1u) << name;
    ASSERT_EQ(match.codePoints[0], c) << name;
  }
}

TEST(Unicode, aliasesAndSequences_lookedUp_areFound) {
  EXPECT_EQ(unicodeLookup("lf", false).codePoints[0], 10u);
  EXPECT_EQ(unicodeLookup("tangut ideograph-17000", false).codePoints[0], 0x17000u);
  EXPECT_EQ(unicodeLookup("cjk unified ideograph-4e00", false).codePoints[0], 0x4e00u);
  EXPECT_EQ(unicodeLookup("keycap digit one", true).count, 3u);
  EXPECT_EQ(unicodeLookup("keycap digit one", false).count, 0u);
  for (const char* wrong :
       {"", " LATIN SMALL LETTER A", "LATIN  SMALL LETTER A", "CJK UNIFIED IDEOGRAPH-04E00",
        "CJK UNIFIED IDEOGRAPH-D800", "<control>", "HANGUL SYLLABLE "})
    EXPECT_EQ(unicodeLookup(wrong, true).count, 0u) << wrong;
}

TEST(Unicode, combiningSequences_normalized_areReorderedAndComposed) {
  u32 text[] = {'a', 0x0315, 0x0300, 0x05ae, 0x0300, 'b', 0x1100, 0x1161, 0x11a8};
  std::vector<u32> nfc = unicodeNormalize(NormalForm::kNFC, text, 9);
  EXPECT_EQ(nfc, (std::vector<u32>{0xe0, 0x05ae, 0x0300, 0x0315, 'b', 0xac01}));
  EXPECT_EQ(unicodeQuickCheck(NormalForm::kNFC, text, 9), QuickCheck::kNo);
  std::vector<u32> many(1000, 0x0315);
  many.insert(many.begin(), 'x');
  many.push_back(0x0300);
  EXPECT_EQ(unicodeNormalize(NormalForm::kNFD, many.data(), many.size())[1], 0x0300u);
}

TEST(Unicode, sigma_atTheEndOfAWord_isFinal) {
  u32 text[] = {'a', 0x3a3, '.', 0x3a3, 'b', ' ', 0x3a3};
  EXPECT_FALSE(unicodeSigmaIsFinal(text, 7, 1));
  EXPECT_FALSE(unicodeSigmaIsFinal(text, 7, 3));
  EXPECT_FALSE(unicodeSigmaIsFinal(text, 7, 6));
  EXPECT_TRUE(unicodeSigmaIsFinal(text, 2, 1));
}

}  // namespace
}  // namespace dx
