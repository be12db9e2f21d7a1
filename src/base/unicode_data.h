// The tables that tools/gen_unicode.py makes of the Unicode Character Database. Private to
// base/unicode*.{h,cpp}. All are static read-only data: nothing is built at start-up.
#pragma once
#include "base/base.h"

namespace dx::detail {

// Two-stage tables: record number = stage2[stage1[code >> shift] << shift | low bits].
struct TextRecord {
  i32 lower;  // differences to the code point; with kSpecialCase, `lower` is a SpecialCase index
  i32 upper;
  i32 title;
  u16 flags;
  u8 category;
  u8 decimal;  // 255: none
  u8 digit;
};
extern const u16 kTextStage1[];
extern const u16 kTextStage2[];
extern const TextRecord kTextRecords[];

struct SpecialCase {
  u32 lower, upper, title;  // simple mappings
  u8 length[4];             // of the full ones
  u32 fullLower[3], fullUpper[3], fullTitle[3], fullFold[3];
};
extern const SpecialCase kSpecialCases[];

struct DataRecord {
  u8 bidi;
  u8 combining;
  u8 width;
  u8 mirrored;
  u8 quick;  // two bits per form: 0 yes, 1 no, 2 maybe; NFD, NFKD, NFC, NFKC from bit 0
};
extern const u16 kDataStage1[];
extern const u16 kDataStage2[];
extern const DataRecord kDataRecords[];

// kDecompPool[index] = tag << 8 | length, then the code points. Index 0: none.
extern const u16 kDecompStage1[];
extern const u16 kDecompStage2[];
extern const u32 kDecompPool[];
// Sorted pairs first << 32 | second and what they compose to.
extern const u64 kCompositionPairs[];
extern const u32 kCompositions[];
extern const u32 kCompositionCount;

extern const u32 kNumericCodes[];
extern const double kNumericValues[];
extern const u32 kNumericCount;

struct OldRun {  // Unicode 3.2.0 from this code point on
  u32 first;
  u8 category;
  u8 bidi;
};
extern const OldRun kOldRuns[];
extern const u32 kOldRunCount;
struct OldDecomposition {
  u32 code;
  u32 mapping;
};
extern const OldDecomposition kOldDecompositions[];
extern const u32 kOldDecompositionCount;

// Names are numbered: first those of characters in code point order, then aliases, then
// sequences. A name's text is a run of word codes ended by 0; kNameOffsets has the start of
// every eighth. Codes up to kNameSingles take one byte, the others two. Words are joined by
// a space unless the left one ends with a hyphen or a space.
extern const u32 kNameSingles, kNameCharacters, kNameAliasEnd, kNameCount;
extern const u8 kNameText[];
extern const u32 kNameOffsets[];
extern const u32 kNameWordStarts[];
extern const u8 kNameWordLetters[];
extern const u32 kNameValues[];     // code point, or index in kNameSequences
extern const u32 kNameSequences[];  // length, code points
extern const u16 kNameTable[];      // open addressing by nameHash, 0xffff is empty
struct NameRun {                    // consecutive code points with consecutive names
  u32 code;
  u32 number;
};
extern const NameRun kNameRuns[];
extern const u32 kNameRunCount;
struct NameRange {  // ideographs, whose names are computed
  u32 first, last;
  u32 kind;  // 1 CJK, 2 Tangut
};
extern const NameRange kNameRanges[];
extern const u32 kNameRangeCount;

inline constexpr u32 kNameTableSize = 1 << 16;
// Of the name in upper case.
inline u32 nameHash(const char* name, size_t n) {
  u32 h = 0;
  for (size_t i = 0; i < n; i++) h = h * 47 + u8(name[i]);
  return h ^ h >> 15;
}

inline const TextRecord& textRecord(u32 c) {
  if (c > 0x10ffff) c = 0x10ffff;  // unassigned
  return kTextRecords[kTextStage2[u32(kTextStage1[c >> 7]) << 7 | (c & 127)]];
}

}  // namespace dx::detail
