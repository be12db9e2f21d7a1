// Character classes and the validator.
#include "modules/sre_program.h"

#include <algorithm>

#include "base/unicode.h"

namespace dx {

namespace {

bool asciiWord(u32 c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool asciiSpace(u32 c) { return c == ' ' || (c >= 9 && c <= 13); }
bool asciiDigit(u32 c) { return c >= '0' && c <= '9'; }

constexpr u32 kAtCodes = kSreAtUniNonBoundary + 1;
constexpr u32 kCategoryCodes = kSreUniNotLinebreak + 1;

}  // namespace

const SreLocale& sreCLocale() {
  static const SreLocale locale = [] {
    SreLocale l;
    for (u32 c = 0; c < 256; c++) {
      l.lower[c] = u8(c >= 'A' && c <= 'Z' ? c + 32 : c);
      l.upper[c] = u8(c >= 'a' && c <= 'z' ? c - 32 : c);
      l.word[c] = asciiWord(c);
    }
    return l;
  }();
  return locale;
}

u32 sreAsciiLower(u32 c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
bool sreAsciiIsCased(u32 c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
// Of a longer upper case ("ﬅ" becomes "ST") the first character.
static u32 upperOf(u32 c) {
  u32 all[3];
  unicodeUpperFull(c, all);
  return all[0];
}
bool sreUnicodeIsCased(u32 c) { return unicodeToLower(c) != c || upperOf(c) != c; }

bool sreInCategory(u32 category, u32 c, const SreLocale& locale) {
  switch (category) {
    case kSreDigit:
      return asciiDigit(c);
    case kSreNotDigit:
      return !asciiDigit(c);
    case kSreSpace:
      return asciiSpace(c);
    case kSreNotSpace:
      return !asciiSpace(c);
    case kSreWord:
      return asciiWord(c);
    case kSreNotWord:
      return !asciiWord(c);
    case kSreLinebreak:
      return c == '\n';
    case kSreNotLinebreak:
      return c != '\n';
    case kSreLocWord:
      return c < 256 && locale.word[c];
    case kSreLocNotWord:
      return !(c < 256 && locale.word[c]);
    case kSreUniDigit:
      return unicodeIsDecimal(c);
    case kSreUniNotDigit:
      return !unicodeIsDecimal(c);
    case kSreUniSpace:
      return unicodeIsSpace(c);
    case kSreUniNotSpace:
      return !unicodeIsSpace(c);
    case kSreUniWord:
      return unicodeIsAlnum(c) || c == '_';
    case kSreUniNotWord:
      return !(unicodeIsAlnum(c) || c == '_');
    case kSreUniLinebreak:
      return unicodeIsLinebreak(c);
    case kSreUniNotLinebreak:
      return !unicodeIsLinebreak(c);
    default:
      return false;
  }
}

bool sreInSet(const u32* set, u32 c, const SreLocale& locale) {
  bool answer = true;
  while (true) {
    switch (*set++) {
      case kSreFailure:
        return !answer;
      case kSreLiteral:
        if (c == *set++) return answer;
        break;
      case kSreCategory:
        if (sreInCategory(*set++, c, locale)) return answer;
        break;
      case kSreCharset:
        if (c < 256 && (set[c / 32] >> (c % 32) & 1)) return answer;
        set += 8;
        break;
      case kSreRange:
        if (set[0] <= c && c <= set[1]) return answer;
        set += 2;
        break;
      case kSreRangeUniIgnore: {  // c is in lower case
        if (set[0] <= c && c <= set[1]) return answer;
        u32 upper = upperOf(c);
        if (set[0] <= upper && upper <= set[1]) return answer;
        set += 2;
        break;
      }
      case kSreNegate:
        answer = !answer;
        break;
      case kSreBigCharset: {
        u32 blocks = *set++;
        if (c < 65536) {
          u32 block = set[c / 256 / 4] >> (c / 256 % 4 * 8) & 0xff;
          const u32* bits = set + 64 + block * 8;
          if (bits[c % 256 / 32] >> (c % 32) & 1) return answer;
        }
        set += 64 + size_t(blocks) * 8;
        break;
      }
      default:
        return false;  // the validator lets nothing else pass
    }
  }
}

// What sreInSet() says of the first 256 characters.
static SreProgram::Bitmap acceptedBytes(const u32* set) {
  SreProgram::Bitmap accepted{}, open;  // open: no item has matched yet
  open.fill(~u32(0));
  bool answer = true;
  while (true) {
    SreProgram::Bitmap item{};
    auto add = [&](u32 c) { item[c / 32] |= u32(1) << c % 32; };
    switch (*set++) {
      case kSreFailure:
        if (!answer)
          for (u32 i = 0; i < 8; i++) accepted[i] |= open[i];
        return accepted;
      case kSreNegate:
        answer = !answer;
        continue;
      case kSreLiteral:
        if (u32 c = *set++; c < 256) add(c);
        break;
      case kSreCategory:
        for (u32 c = 0; c < 256; c++)
          if (sreInCategory(*set, c, sreCLocale())) add(c);
        set++;
        break;
      case kSreCharset:
        std::copy_n(set, 8, item.begin());
        set += 8;
        break;
      case kSreRange:
        for (u32 c = set[0]; c <= std::min(set[1], u32(255)); c++) add(c);
        set += 2;
        break;
      case kSreRangeUniIgnore:
        for (u32 c = 0; c < 256; c++) {
          u32 upper = upperOf(c);
          if ((set[0] <= c && c <= set[1]) || (set[0] <= upper && upper <= set[1])) add(c);
        }
        set += 2;
        break;
      case kSreBigCharset: {
        u32 blocks = *set++;
        std::copy_n(set + 64 + (set[0] & 0xff) * 8, 8, item.begin());
        set += 64 + size_t(blocks) * 8;
        break;
      }
      default:
        return accepted;  // the validator lets nothing else pass
    }
    for (u32 i = 0; i < 8; i++) {
      if (answer) accepted[i] |= item[i] & open[i];
      open[i] &= ~item[i];
    }
  }
}

// Walks the code region by region. A region is a straight run of instructions; what is nested
// in one is put on a work list, so depth costs no C stack.
class SreValidator {
 public:
  SreValidator(std::span<const u32> code, u32 groups, SreProgram* program)
      : code_(code), groups_(groups), program_(program), owner_(code.size() + 1, kNoOwner) {}

  bool run() {
    size_t n = code_.size();
    if (n == 0 || n >= 0x7fffffff || code_[n - 1] != kSreSuccess) return false;
    program_->bitmapOf_.assign(n, 0);
    program_->bitmaps_.clear();
    u32 begin = 0;
    if (code_[0] == kSreInfo && !info(&begin)) return false;
    program_->start = begin;
    regions_.push_back({begin, u32(n - 1), kNoJump, 0, 0, 0});
    for (size_t i = 0; i < regions_.size(); i++)
      if (!walk(u32(i))) return false;
    for (const Target& t : targets_)
      if (t.at != t.end && owner_[t.at] != t.region) return false;
    return true;
  }

 private:
  enum JumpRule : u32 { kNoJump, kMustJump, kMayJump };
  struct Region {
    u32 begin, end;
    JumpRule rule;
    u32 target;  // kMustJump: where the final JUMP must go
    u32 parent;  // kMayJump: the region in which the JUMP lands
    u32 parentEnd;
  };
  struct Target {
    u32 at, region, end;
  };
  static constexpr u32 kNoOwner = 0xffffffff;

  u32 word(u32 i) const { return code_[i]; }

  bool info(u32* next) {
    size_t n = code_.size();
    if (n < 6) return false;
    u32 skip = code_[1];
    if (skip < 4 || skip > n - 2) return false;
    u32 end = 1 + skip;
    program_->infoFlags = code_[2];
    program_->minWidth = code_[3];
    if (code_[2] > 7 || ((code_[2] & kSreInfoLiteral) && !(code_[2] & kSreInfoPrefix)))
      return false;
    u32 i = 5;
    if (code_[2] & kSreInfoPrefix) {
      if (i + 2 > end) return false;
      u32 length = code_[i], skipLength = code_[i + 1];
      i += 2;
      if (length == 0 || skipLength > length || length > (end - i) / 2) return false;
      program_->prefixAt = i;
      program_->prefixLength = length;
      i += length;
      for (u32 k = 0; k < length; k++)
        if (code_[i + k] > k) return false;  // a proper overlap
      i += length;
    }
    if (code_[2] & kSreInfoCharset) {
      program_->charsetAt = i;
      if (!set(&i, end)) return false;
      addBitmap(program_->charsetAt, program_->charsetAt, kSreIn);
    }
    if (i != end) return false;
    *next = end;
    return true;
  }

  // A set program from *at, ended by FAILURE at the last word before end.
  bool set(u32* at, u32 end) {
    u32 i = *at;
    while (i < end) {
      u32 left = end - i - 1;
      switch (word(i++)) {
        case kSreFailure:
          *at = i;
          return true;
        case kSreNegate:
          break;
        case kSreLiteral:
          if (left < 1) return false;
          i++;
          break;
        case kSreCategory:
          if (left < 1 || word(i) >= kCategoryCodes) return false;
          i++;
          break;
        case kSreRange:
        case kSreRangeUniIgnore:
          if (left < 2) return false;
          i += 2;
          break;
        case kSreCharset:
          if (left < 8) return false;
          i += 8;
          break;
        case kSreBigCharset: {
          if (left < 65) return false;
          u32 blocks = word(i++);
          if (blocks > 256 || left - 65 < blocks * 8) return false;
          for (u32 k = 0; k < 256; k++)
            if ((word(i + k / 4) >> (k % 4 * 8) & 0xff) >= blocks) return false;
          i += 64 + blocks * 8;
          break;
        }
        default:
          return false;
      }
    }
    return false;
  }

  void addBitmap(u32 at, u32 setAt, u32 op) {
    const u32* set = code_.data() + setAt;
    SreProgram::Bitmap plain = acceptedBytes(set), bits = plain;
    if (op == kSreInIgnore || op == kSreInUniIgnore) {
      bits = {};
      for (u32 c = 0; c < 256; c++) {
        u32 folded = op == kSreInIgnore ? sreAsciiLower(c) : unicodeToLower(c);
        bool in = folded < 256 ? plain[folded / 32] >> folded % 32 & 1
                               : sreInSet(set, folded, sreCLocale());
        if (in) bits[c / 32] |= u32(1) << c % 32;
      }
    }
    program_->bitmapOf_[at] = u32(program_->bitmaps_.size());
    program_->bitmaps_.push_back(bits);
  }

  // One IN instruction at `at`; *next is behind it.
  bool inSet(u32 at, u32 end, u32* next) {
    if (end - at < 2) return false;
    u32 skip = word(at + 1);
    if (skip < 2 || skip > end - (at + 1)) return false;
    u32 i = at + 2;
    if (!set(&i, at + 1 + skip) || i != at + 1 + skip) return false;
    if (word(at) != kSreInLocIgnore) addBitmap(at, at + 2, word(at));
    *next = i;
    return true;
  }

  // An instruction that takes one character, at `at`.
  bool single(u32 at, u32 end, u32* next) {
    switch (word(at)) {
      case kSreAny:
      case kSreAnyAll:
      case kSreFailure:
        *next = at + 1;
        return true;
      case kSreLiteral:
      case kSreNotLiteral:
      case kSreLiteralIgnore:
      case kSreNotLiteralIgnore:
      case kSreLiteralLocIgnore:
      case kSreNotLiteralLocIgnore:
      case kSreLiteralUniIgnore:
      case kSreNotLiteralUniIgnore:
        *next = at + 2;
        return end - at >= 2;
      case kSreCategory:
        *next = at + 2;
        return end - at >= 2 && word(at + 1) < kCategoryCodes;
      case kSreIn:
      case kSreInIgnore:
      case kSreInLocIgnore:
      case kSreInUniIgnore:
        return inSet(at, end, next);
      default:
        return false;
    }
  }

  // The target of the skip word at `at`, which must be inside the region.
  bool target(u32 at, u32 end, u32* out) const {
    if (at >= end) return false;
    u32 skip = word(at);
    if (skip == 0 || skip > end - at) return false;
    *out = at + skip;
    return true;
  }

  bool walk(u32 id) {
    Region r = regions_[id];
    u32 i = r.begin, goal;
    while (i < r.end) {
      owner_[i] = id;
      u32 op = word(i);
      if (single(i, r.end, &goal)) {
        i = goal;
        continue;
      }
      switch (op) {
        case kSreMark:
          if (r.end - i < 2 || word(i + 1) / 2 >= groups_) return false;
          i += 2;
          break;
        case kSreAt:
          if (r.end - i < 2 || word(i + 1) >= kAtCodes) return false;
          i += 2;
          break;
        case kSreGroupRef:
        case kSreGroupRefIgnore:
        case kSreGroupRefLocIgnore:
        case kSreGroupRefUniIgnore:
          if (r.end - i < 2 || word(i + 1) >= groups_) return false;
          i += 2;
          break;
        case kSreAssert:
        case kSreAssertNot:
        case kSreAtomicGroup: {
          u32 body = i + (op == kSreAtomicGroup ? 2 : 3);
          if (!target(i + 1, r.end, &goal) || goal < body + 1 || word(goal - 1) != kSreSuccess)
            return false;
          regions_.push_back({body, goal - 1, kNoJump, 0, 0, 0});
          i = goal;
          break;
        }
        case kSreRepeatOne:
        case kSreMinRepeatOne:
        case kSrePossessiveRepeatOne: {
          u32 behind;
          if (!target(i + 1, r.end, &goal) || goal < i + 6 || word(i + 2) > word(i + 3))
            return false;
          if (!single(i + 4, goal - 1, &behind) || behind != goal - 1 ||
              word(behind) != kSreSuccess)
            return false;
          i = goal;
          break;
        }
        case kSreRepeat:
        case kSrePossessiveRepeat: {
          if (!target(i + 1, r.end, &goal) || goal < i + 4 || goal >= r.end ||
              word(i + 2) > word(i + 3))
            return false;
          u32 until = word(goal);
          bool right = op == kSreRepeat ? until == kSreMaxUntil || until == kSreMinUntil
                                        : until == kSreSuccess;
          if (!right) return false;
          regions_.push_back({i + 4, goal, kNoJump, 0, 0, 0});
          i = goal + 1;
          break;
        }
        case kSreBranch: {
          u32 at = i + 1, last = at;
          while (at < r.end && word(at) != 0) {
            if (!target(at, r.end, &last)) return false;
            at = last;
          }
          if (at >= r.end || at == i + 1) return false;
          u32 behind = at + 1;
          for (at = i + 1; word(at) != 0; at += word(at))
            regions_.push_back({at + 1, at + word(at), kMustJump, behind, 0, 0});
          i = behind;
          break;
        }
        case kSreGroupRefExists: {
          if (r.end - i < 3 || word(i + 1) >= groups_) return false;
          u32 skip = word(i + 2);
          if (skip < 2 || skip > r.end - (i + 1)) return false;
          goal = i + 1 + skip;
          regions_.push_back({i + 3, goal, kMayJump, 0, id, r.end});
          targets_.push_back({goal, id, r.end});
          i = goal;
          break;
        }
        case kSreJump:
          if (r.rule == kNoJump || i + 2 != r.end) return false;
          if (word(i + 1) == 0 || word(i + 1) > code_.size() - (i + 1)) return false;
          goal = i + 1 + word(i + 1);
          if (r.rule == kMustJump && goal != r.target) return false;
          if (r.rule == kMayJump) {
            if (goal < r.end || goal > r.parentEnd) return false;
            targets_.push_back({goal, r.parent, r.parentEnd});
          }
          return true;
        default:
          return false;
      }
    }
    return i == r.end && r.rule != kMustJump;
  }

  std::span<const u32> code_;
  u32 groups_;
  SreProgram* program_;
  std::vector<u32> owner_;  // the region in which an instruction begins here
  std::vector<Region> regions_;
  std::vector<Target> targets_;
};

bool SreProgram::make(std::span<const u32> code, u32 groups, SreProgram* out) {
  *out = SreProgram();
  SreValidator validator(code, groups, out);
  if (!validator.run()) return false;
  out->code_.assign(code.begin(), code.end());
  out->groups_ = groups;
  return true;
}

}  // namespace dx
