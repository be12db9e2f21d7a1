// Case mappings, numeric values and the property names of unicodedata.
#include "base/unicode.h"

#include <algorithm>

namespace dx {

using namespace detail;

namespace {

constexpr const char* kCategoryNames[] = {
    "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps",
    "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co"};
constexpr const char* kBidiNames[] = {"",    "L",  "LRE", "LRO", "R",   "AL",  "RLE", "RLO",
                                      "PDF", "EN", "ES",  "ET",  "AN",  "CS",  "NSM", "BN",
                                      "B",   "S",  "WS",  "ON",  "LRI", "RLI", "FSI", "PDI"};
constexpr const char* kWidthNames[] = {"N", "A", "H", "W", "F", "Na"};
constexpr const char* kTagNames[] = {
    "",           "<font>",   "<noBreak>", "<initial>",  "<medial>",   "<final>",
    "<isolated>", "<circle>", "<super>",   "<sub>",      "<vertical>", "<wide>",
    "<narrow>",   "<small>",  "<square>",  "<fraction>", "<compat>"};

const DataRecord& dataRecord(u32 c) {
  if (c > kMaxCodePoint) c = kMaxCodePoint;
  return kDataRecords[kDataStage2[u32(kDataStage1[c >> 7]) << 7 | (c & 127)]];
}

const OldRun& oldRun(u32 c) {
  const OldRun* end = kOldRuns + kOldRunCount;
  return *(std::upper_bound(kOldRuns, end, c,
                            [](u32 code, const OldRun& run) { return code < run.first; }) -
           1);
}

int copyFull(const u32 from[3], u8 length, u32 out[3]) {
  for (int i = 0; i < 3; i++) out[i] = from[i];
  return length;
}

}  // namespace

int unicodeLowerFull(u32 c, u32 out[3]) {
  const TextRecord& r = textRecord(c);
  if (r.flags & detail::kSpecialCase) {
    const SpecialCase& s = kSpecialCases[r.lower];
    return copyFull(s.fullLower, s.length[0], out);
  }
  out[0] = c + u32(r.lower);
  return 1;
}

int unicodeUpperFull(u32 c, u32 out[3]) {
  const TextRecord& r = textRecord(c);
  if (r.flags & detail::kSpecialCase) {
    const SpecialCase& s = kSpecialCases[r.lower];
    return copyFull(s.fullUpper, s.length[1], out);
  }
  out[0] = c + u32(r.upper);
  return 1;
}

int unicodeTitleFull(u32 c, u32 out[3]) {
  const TextRecord& r = textRecord(c);
  if (r.flags & detail::kSpecialCase) {
    const SpecialCase& s = kSpecialCases[r.lower];
    return copyFull(s.fullTitle, s.length[2], out);
  }
  out[0] = c + u32(r.title);
  return 1;
}

int unicodeFoldFull(u32 c, u32 out[3]) {
  const TextRecord& r = textRecord(c);
  if (r.flags & detail::kSpecialCase) {
    const SpecialCase& s = kSpecialCases[r.lower];
    return copyFull(s.fullFold, s.length[3], out);
  }
  out[0] = c + u32(r.lower);
  return 1;
}

double unicodeToNumeric(u32 c) {
  if (!unicodeIsNumeric(c)) return -1.0;
  const u32* found = std::lower_bound(kNumericCodes, kNumericCodes + kNumericCount, c);
  return kNumericValues[found - kNumericCodes];
}

const char* unicodeCategoryName(GeneralCategory c) { return kCategoryNames[u8(c)]; }
const char* unicodeBidiName(u32 c) { return kBidiNames[dataRecord(c).bidi]; }
const char* unicodeEastAsianWidth(u32 c) { return kWidthNames[dataRecord(c).width]; }
int unicodeCombining(u32 c) { return dataRecord(c).combining; }
bool unicodeIsMirrored(u32 c) { return dataRecord(c).mirrored != 0; }

GeneralCategory unicodeCategory32(u32 c) { return GeneralCategory(oldRun(c).category); }
const char* unicodeBidiName32(u32 c) { return kBidiNames[oldRun(c).bidi]; }

std::string unicodeDecomposition(u32 c) {
  std::string out;
  if (c > kMaxCodePoint) return out;
  const u32* entry = kDecompPool + kDecompStage2[u32(kDecompStage1[c >> 6]) << 6 | (c & 63)];
  out = kTagNames[*entry >> 8];
  for (u32 i = 1; i <= (*entry & 0xff); i++) {
    char text[16];
    snprintf(text, sizeof text, "%s%04X", out.empty() ? "" : " ", entry[i]);
    out += text;
  }
  return out;
}

}  // namespace dx
