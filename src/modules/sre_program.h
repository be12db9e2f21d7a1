// A regular expression as re/_compiler.py emits it (CPython 3.14: MAGIC 20230612, 32-bit code
// words), checked so that the matcher can run it without bounds checks.
#pragma once
#include <array>
#include <span>

#include "base/base.h"

namespace dx {

inline constexpr u32 kSreMagic = 20230612;
inline constexpr u32 kSreMaxRepeat = 0xffffffff;

// In the order of OPCODES in re/_constants.py.
enum SreOp : u32 {
  kSreFailure,
  kSreSuccess,
  kSreAny,
  kSreAnyAll,
  kSreAssert,
  kSreAssertNot,
  kSreAt,
  kSreBranch,
  kSreCategory,
  kSreCharset,
  kSreBigCharset,
  kSreGroupRef,
  kSreGroupRefExists,
  kSreIn,
  kSreInfo,
  kSreJump,
  kSreLiteral,
  kSreMark,
  kSreMaxUntil,
  kSreMinUntil,
  kSreNotLiteral,
  kSreNegate,
  kSreRange,
  kSreRepeat,
  kSreRepeatOne,
  kSreSubpattern,
  kSreMinRepeatOne,
  kSreAtomicGroup,
  kSrePossessiveRepeat,
  kSrePossessiveRepeatOne,
  kSreGroupRefIgnore,
  kSreInIgnore,
  kSreLiteralIgnore,
  kSreNotLiteralIgnore,
  kSreGroupRefLocIgnore,
  kSreInLocIgnore,
  kSreLiteralLocIgnore,
  kSreNotLiteralLocIgnore,
  kSreGroupRefUniIgnore,
  kSreInUniIgnore,
  kSreLiteralUniIgnore,
  kSreNotLiteralUniIgnore,
  kSreRangeUniIgnore,
};
enum SreAt : u32 {
  kSreAtBeginning,
  kSreAtBeginningLine,
  kSreAtBeginningString,
  kSreAtBoundary,
  kSreAtNonBoundary,
  kSreAtEnd,
  kSreAtEndLine,
  kSreAtEndString,
  kSreAtLocBoundary,
  kSreAtLocNonBoundary,
  kSreAtUniBoundary,
  kSreAtUniNonBoundary,
};
enum SreCategory : u32 {
  kSreDigit,
  kSreNotDigit,
  kSreSpace,
  kSreNotSpace,
  kSreWord,
  kSreNotWord,
  kSreLinebreak,
  kSreNotLinebreak,
  kSreLocWord,
  kSreLocNotWord,
  kSreUniDigit,
  kSreUniNotDigit,
  kSreUniSpace,
  kSreUniNotSpace,
  kSreUniWord,
  kSreUniNotWord,
  kSreUniLinebreak,
  kSreUniNotLinebreak,
};
enum SreInfoFlag : u32 { kSreInfoPrefix = 1, kSreInfoLiteral = 2, kSreInfoCharset = 4 };

// What the LOCALE flag needs to know of the C locale's single-byte characters.
struct SreLocale {
  u8 lower[256];
  u8 upper[256];
  bool word[256];  // alphanumeric or underscore
};
const SreLocale& sreCLocale();

// Whether c is in a class, and in the set program at set[0] (ended by FAILURE).
bool sreInCategory(u32 category, u32 c, const SreLocale& locale);
bool sreInSet(const u32* set, u32 c, const SreLocale& locale);

// For _sre.unicode_iscased and friends.
u32 sreAsciiLower(u32 c);
bool sreAsciiIsCased(u32 c);
bool sreUnicodeIsCased(u32 c);

class SreProgram {
 public:
  // False if the code is not well formed: what a matcher could read out of bounds.
  [[nodiscard]] static bool make(std::span<const u32> code, u32 groups, SreProgram* out);

  const u32* code() const { return code_.data(); }
  size_t size() const { return code_.size(); }
  u32 groups() const { return groups_; }

  // INFO: from the block at the start of the code; zeros without one.
  u32 start = 0;  // where matching begins, behind the block
  u32 infoFlags = 0;
  u32 minWidth = 0;
  u32 prefixAt = 0;  // of the literal prefix, prefixLength words, and its overlap table
  u32 prefixLength = 0;
  u32 charsetAt = 0;

  // Which of the first 256 characters an IN, IN_IGNORE or IN_UNI_IGNORE accepts, by the position
  // of its opcode; also for the INFO charset, by charsetAt.
  using Bitmap = std::array<u32, 8>;
  const Bitmap& bitmap(u32 at) const { return bitmaps_[bitmapOf_[at]]; }

 private:
  std::vector<u32> code_;
  std::vector<u32> bitmapOf_;
  std::vector<Bitmap> bitmaps_;
  u32 groups_ = 0;

  friend class SreValidator;
};

}  // namespace dx
