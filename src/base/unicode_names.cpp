// Character names: packed words, and the names that are computed.
#include <algorithm>

#include "base/unicode.h"

namespace dx {

using namespace detail;

namespace {

constexpr u32 kSBase = 0xac00, kSCount = 11172;
// Jamo short names (the Unicode Standard, chapter 3.12).
constexpr const char* kLeads[] = {"G",  "GG", "N", "D",  "DD", "R", "M", "B", "BB", "S",
                                  "SS", "",   "J", "JJ", "C",  "K", "T", "P", "H"};
constexpr const char* kVowels[] = {"A",   "AE", "YA", "YAE", "EO", "E",  "YEO",
                                   "YE",  "O",  "WA", "WAE", "OE", "YO", "U",
                                   "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
constexpr const char* kTails[] = {"",   "G",  "GG", "GS", "N",  "NJ", "NH", "D", "L",  "LG",
                                  "LM", "LB", "LS", "LT", "LP", "LH", "M",  "B", "BS", "S",
                                  "SS", "NG", "J",  "C",  "K",  "T",  "P",  "H"};
constexpr std::string_view kHangul = "HANGUL SYLLABLE ", kCjk = "CJK UNIFIED IDEOGRAPH-",
                           kTangut = "TANGUT IDEOGRAPH-";

// The text of a numbered name.
void appendName(u32 number, std::string* out) {
  const u8* p = kNameText + kNameOffsets[number / 8];
  for (u32 skip = number % 8; skip > 0; skip--) {
    while (*p) p += *p <= kNameSingles ? 1 : 2;
    p++;
  }
  size_t start = out->size();
  while (*p) {
    u32 word = *p <= kNameSingles ? u32(*p) - 1
                                  : ((u32(*p) - kNameSingles - 1) << 8 | p[1]) + kNameSingles;
    p += *p <= kNameSingles ? 1 : 2;
    if (out->size() != start && out->back() != '-' && out->back() != ' ') out->push_back(' ');
    out->append(reinterpret_cast<const char*>(kNameWordLetters) + kNameWordStarts[word],
                kNameWordStarts[word + 1] - kNameWordStarts[word]);
  }
}

u32 ideographKind(u32 c) {
  for (u32 i = 0; i < kNameRangeCount; i++)
    if (c >= kNameRanges[i].first && c <= kNameRanges[i].last) return kNameRanges[i].kind;
  return 0;
}

// The longest of the names that rest starts with; its index or -1.
template <size_t N>
int longestPrefix(const char* const (&names)[N], std::string_view* rest) {
  int best = -1;
  size_t length = 0;
  for (size_t i = 0; i < N; i++) {
    std::string_view name = names[i];
    if (rest->starts_with(name) && (best < 0 || name.size() > length)) {
      best = int(i);
      length = name.size();
    }
  }
  rest->remove_prefix(length);
  return best;
}

// Names of ideographs: four or five upper-case hexadecimal digits, no leading zero.
u32 ideographCode(std::string_view hex, u32 kind) {
  if (hex.size() < 4 || hex.size() > 5 || hex[0] == '0') return 0;
  u32 code = 0;
  for (char c : hex) {
    u32 d = c >= '0' && c <= '9' ? u32(c - '0') : c >= 'A' && c <= 'F' ? u32(c - 'A' + 10) : 99;
    if (d == 99) return 0;
    code = code << 4 | d;
  }
  return ideographKind(code) == kind ? code : 0;
}

}  // namespace

std::string unicodeName(u32 c) {
  std::string out;
  if (c - kSBase < kSCount) {
    u32 s = c - kSBase;
    out.append(kHangul)
        .append(kLeads[s / 588])
        .append(kVowels[s % 588 / 28])
        .append(kTails[s % 28]);
    return out;
  }
  if (ideographKind(c) == 1) {
    char hex[8];
    snprintf(hex, sizeof hex, "%X", c);
    out.append(kCjk).append(hex);
    return out;
  }
  const NameRun* end = kNameRuns + kNameRunCount;
  const NameRun* run =
      std::upper_bound(kNameRuns, end, c, [](u32 code, const NameRun& r) { return code < r.code; });
  if (run == kNameRuns) return out;
  u32 next = run == end ? kNameCharacters : run->number;
  run--;
  u32 number = run->number + (c - run->code);
  if (number < next) appendName(number, &out);
  return out;
}

NameMatch unicodeLookup(std::string_view name, bool withSequences) {
  NameMatch match;
  char upper[256];  // the longest name has 88 characters
  if (name.empty() || name.size() > sizeof upper) return match;
  for (size_t i = 0; i < name.size(); i++)
    upper[i] = name[i] >= 'a' && name[i] <= 'z' ? char(name[i] - 32) : name[i];
  name = {upper, name.size()};
  auto one = [&](u32 c) {
    match.count = 1;
    match.codePoints[0] = c;
    return match;
  };
  if (name.starts_with(kHangul)) {
    std::string_view rest = name.substr(kHangul.size());
    int l = longestPrefix(kLeads, &rest), v = longestPrefix(kVowels, &rest),
        t = longestPrefix(kTails, &rest);
    if (l >= 0 && v >= 0 && t >= 0 && rest.empty())
      return one(kSBase + (u32(l) * 21 + u32(v)) * 28 + u32(t));
    return match;
  }
  for (u32 kind : {1u, 2u}) {
    std::string_view prefix = kind == 1 ? kCjk : kTangut;
    if (!name.starts_with(prefix)) continue;
    u32 code = ideographCode(name.substr(prefix.size()), kind);
    return code ? one(code) : match;
  }
  std::string candidate;
  for (u32 h = nameHash(name.data(), name.size());; h++) {
    u32 number = kNameTable[h % kNameTableSize];
    if (number == 0xffff) return match;
    candidate.clear();
    appendName(number, &candidate);
    if (candidate != name) continue;
    if (number < kNameAliasEnd) return one(kNameValues[number]);
    if (!withSequences) return match;
    const u32* sequence = kNameSequences + kNameValues[number];
    match.count = *sequence;
    DX_ASSERT(match.count <= 8);
    for (u32 i = 0; i < match.count; i++) match.codePoints[i] = sequence[i + 1];
    return match;
  }
}

}  // namespace dx
