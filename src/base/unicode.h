// The Unicode Character Database, version 16.0.0, as Python's str methods and unicodedata
// see it. Code points past 0x10ffff are treated as unassigned. Tables are generated
// (tools/gen_unicode.py); the folder's build file fetches the data.
#pragma once
#include "base/unicode_data.h"

namespace dx {

inline constexpr char kUnicodeVersion[] = "16.0.0";
inline constexpr u32 kMaxCodePoint = 0x10ffff;

enum class GeneralCategory : u8 {
  kCn,
  kLu,
  kLl,
  kLt,
  kLm,
  kLo,
  kMn,
  kMc,
  kMe,
  kNd,
  kNl,
  kNo,
  kPc,
  kPd,
  kPs,
  kPe,
  kPi,
  kPf,
  kPo,
  kSm,
  kSc,
  kSk,
  kSo,
  kZs,
  kZl,
  kZp,
  kCc,
  kCf,
  kCs,
  kCo,
};

namespace detail {
// In the order of FLAGS in tools/gen_unicode.py.
enum TextFlag : u16 {
  kAlpha = 1,
  kDecimal = 2,
  kDigit = 4,
  kNumeric = 8,
  kSpace = 16,
  kLower = 32,
  kUpper = 64,
  kTitle = 128,
  kPrintable = 256,
  kXidStart = 512,
  kXidContinue = 1024,
  kCased = 2048,
  kCaseIgnorable = 4096,
  kLinebreak = 8192,
  kSpecialCase = 16384,
};
inline bool hasFlag(u32 c, u16 flag) { return (textRecord(c).flags & flag) != 0; }
}  // namespace detail

// What the str methods of the same names test. unicodeIsAlnum is any of alpha, decimal, digit,
// numeric.
inline bool unicodeIsAlpha(u32 c) { return detail::hasFlag(c, detail::kAlpha); }
inline bool unicodeIsDecimal(u32 c) { return detail::hasFlag(c, detail::kDecimal); }
inline bool unicodeIsDigit(u32 c) { return detail::hasFlag(c, detail::kDigit); }
inline bool unicodeIsNumeric(u32 c) { return detail::hasFlag(c, detail::kNumeric); }
inline bool unicodeIsAlnum(u32 c) {
  return detail::hasFlag(c, detail::kAlpha | detail::kDecimal | detail::kDigit | detail::kNumeric);
}
inline bool unicodeIsSpace(u32 c) { return detail::hasFlag(c, detail::kSpace); }
inline bool unicodeIsLower(u32 c) { return detail::hasFlag(c, detail::kLower); }
inline bool unicodeIsUpper(u32 c) { return detail::hasFlag(c, detail::kUpper); }
inline bool unicodeIsTitle(u32 c) { return detail::hasFlag(c, detail::kTitle); }
inline bool unicodeIsPrintable(u32 c) { return detail::hasFlag(c, detail::kPrintable); }
inline bool unicodeIsXidStart(u32 c) { return detail::hasFlag(c, detail::kXidStart); }
inline bool unicodeIsXidContinue(u32 c) { return detail::hasFlag(c, detail::kXidContinue); }
inline bool unicodeIsCased(u32 c) { return detail::hasFlag(c, detail::kCased); }
inline bool unicodeIsCaseIgnorable(u32 c) { return detail::hasFlag(c, detail::kCaseIgnorable); }
inline bool unicodeIsLinebreak(u32 c) { return detail::hasFlag(c, detail::kLinebreak); }

inline GeneralCategory unicodeCategory(u32 c) {
  return GeneralCategory(detail::textRecord(c).category);
}

// Simple (one to one) case mappings.
inline u32 unicodeToLower(u32 c) {
  const detail::TextRecord& r = detail::textRecord(c);
  return r.flags & detail::kSpecialCase ? detail::kSpecialCases[r.lower].lower : c + u32(r.lower);
}
inline u32 unicodeToUpper(u32 c) {
  const detail::TextRecord& r = detail::textRecord(c);
  return r.flags & detail::kSpecialCase ? detail::kSpecialCases[r.lower].upper : c + u32(r.upper);
}
inline u32 unicodeToTitle(u32 c) {
  const detail::TextRecord& r = detail::textRecord(c);
  return r.flags & detail::kSpecialCase ? detail::kSpecialCases[r.lower].title : c + u32(r.title);
}
// Full mappings: one to three code points into out, the number returned. The lower case of a
// final sigma depends on the text around it: see unicodeSigmaIsFinal.
int unicodeLowerFull(u32 c, u32 out[3]);
int unicodeUpperFull(u32 c, u32 out[3]);
int unicodeTitleFull(u32 c, u32 out[3]);
int unicodeFoldFull(u32 c, u32 out[3]);

// Whether the capital sigma (U+03A3) at text[i] becomes U+03C2 in lower case.
template <class Unit>
bool unicodeSigmaIsFinal(const Unit* text, size_t n, size_t i) {
  size_t j = i;
  while (j > 0 && unicodeIsCaseIgnorable(text[j - 1])) j--;
  if (j == 0 || !unicodeIsCased(text[j - 1])) return false;
  for (j = i + 1; j < n && unicodeIsCaseIgnorable(text[j]); j++) {
  }
  return j == n || !unicodeIsCased(text[j]);
}

// -1 when there is no such value.
inline int unicodeToDecimal(u32 c) {
  u8 v = detail::textRecord(c).decimal;
  return v == 255 ? -1 : v;
}
inline int unicodeToDigit(u32 c) {
  u8 v = detail::textRecord(c).digit;
  return v == 255 ? -1 : v;
}
// -1.0 when there is none.
double unicodeToNumeric(u32 c);

// unicodedata: names as it spells them.
const char* unicodeCategoryName(GeneralCategory c);  // "Lu"
const char* unicodeBidiName(u32 c);                  // "L", "" when unassigned
const char* unicodeEastAsianWidth(u32 c);            // "N", "W", ...
int unicodeCombining(u32 c);
bool unicodeIsMirrored(u32 c);
// The mapping as unicodedata.decomposition prints it: "<compat> 0066 0069", or "".
std::string unicodeDecomposition(u32 c);

enum class NormalForm : u8 { kNFD, kNFKD, kNFC, kNFKC };
// Unicode 3.2 leaves what was unassigned then alone and uses its uncorrected mappings.
enum class UnicodeAge : u8 { kCurrent, k3_2 };

enum class QuickCheck { kYes, kNo, kMaybe };
template <class Unit>
QuickCheck unicodeQuickCheck(NormalForm form, const Unit* text, size_t n);
// The text in the form; unpaired surrogates stay.
template <class Unit>
std::vector<u32> unicodeNormalize(NormalForm form, const Unit* text, size_t n,
                                  UnicodeAge age = UnicodeAge::kCurrent);

extern template QuickCheck unicodeQuickCheck(NormalForm, const u8*, size_t);
extern template QuickCheck unicodeQuickCheck(NormalForm, const u16*, size_t);
extern template QuickCheck unicodeQuickCheck(NormalForm, const u32*, size_t);
extern template std::vector<u32> unicodeNormalize(NormalForm, const u8*, size_t, UnicodeAge);
extern template std::vector<u32> unicodeNormalize(NormalForm, const u16*, size_t, UnicodeAge);
extern template std::vector<u32> unicodeNormalize(NormalForm, const u32*, size_t, UnicodeAge);

// unicodedata.ucd_3_2_0.
GeneralCategory unicodeCategory32(u32 c);
const char* unicodeBidiName32(u32 c);

// The name of a character, or "" when it has none (as unicodedata.name: no aliases).
std::string unicodeName(u32 c);

struct NameMatch {
  u32 count = 0;  // 0: no such name
  u32 codePoints[8];
};
// A name, an alias, or (withSequences) a named sequence, in any case. \N{...} takes no sequences.
NameMatch unicodeLookup(std::string_view name, bool withSequences);

}  // namespace dx
