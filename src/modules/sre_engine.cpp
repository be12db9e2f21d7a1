#include "modules/sre_engine.h"

#include "base/unicode.h"
#include "simd/kernels.h"

namespace dx {

namespace {

u32 unicodeLower(u32 c) { return unicodeToLower(c); }

bool localeIgnoreEquals(u32 pattern, u32 c, const SreLocale& locale) {
  if (pattern == c) return true;
  return c < 256 && (locale.lower[c] == pattern || locale.upper[c] == pattern);
}

}  // namespace

SreMatcher::SreMatcher(const SreProgram& program, SreSubject subject, size_t pos, size_t endpos)
    : program_(program), subject_(subject), locale_(&sreCLocale()) {
  end_ = i64(std::min(endpos, subject.length));
  start_ = std::min(i64(std::min(pos, subject.length)), end_);
  if (program.groups()) marks_.assign(size_t(program.groups()) * 2, -1);
}

// Twice the room, or the first. Without memory the new frame takes the place of the last one, which
// does no harm: between a push and the next look at a frame the budget is checked, and that ends
// the match.
void SreMatcher::growStack() {
  constexpr size_t kLimit = size_t(1) << 29, kFirst = 64;
  if (!stack_) {
    stack_ = static_cast<Frame*>(malloc(kFirst * sizeof(Frame)));
    DX_CHECK(stack_ != nullptr);
    capacity_ = kFirst;
    return;
  }
  void* fresh = capacity_ < kLimit ? realloc(stack_, 2 * capacity_ * sizeof(Frame)) : nullptr;
  if (fresh == nullptr) {
    outOfMemory_ = true;
    budget_ = 0;
    depth_--;
    return;
  }
  stack_ = static_cast<Frame*>(fresh);
  capacity_ *= 2;
}

// The budget is used up: kMatch to go on.
SreStatus SreMatcher::spent() {
  budget_ = kPollSteps;
  if (outOfMemory_) return SreStatus::kNoMemory;
  return poll_ && !poll_(pollContext_) ? SreStatus::kInterrupted : SreStatus::kMatch;
}

void SreMatcher::prepare() {
  std::fill(marks_.begin(), marks_.end(), -1);
  lastIndex_ = 0;
  barriers_.clear();
  repeats_.clear();
  current_ = kNone;
  depth_ = 0;
}

SreStatus SreMatcher::dispatchRun() {
  prepare();
  if (end_ - start_ < i64(program_.minWidth)) return SreStatus::kNoMatch;
  matchStart_ = start_;
  switch (subject_.kind) {
    case 1:
      return run<u8>(program_.start, start_);
    case 2:
      return run<u16>(program_.start, start_);
    default:
      return run<u32>(program_.start, start_);
  }
}

SreStatus SreMatcher::match() {
  matchAll_ = false;
  return dispatchRun();
}

SreStatus SreMatcher::fullMatch() {
  matchAll_ = true;
  SreStatus status = dispatchRun();
  matchAll_ = false;
  return status;
}

SreStatus SreMatcher::search() {
  matchAll_ = false;
  switch (subject_.kind) {
    case 1:
      return searchIn<u8>();
    case 2:
      return searchIn<u16>();
    default:
      return searchIn<u32>();
  }
}

// The IN instruction at `at`.
DX_INLINE bool SreMatcher::inSetAt(u32 at, u32 c) const {
  u32 op = program_.code()[at];
  const u32* set = program_.code() + at + 2;
  if (op == kSreInLocIgnore) {
    if (c >= 256) return sreInSet(set, c, *locale_);
    u32 lower = locale_->lower[c], upper = locale_->upper[c];
    bool in = sreInSet(set, lower, *locale_);
    if (upper == lower) return in;
    // Outside a negated set means that neither case is inside it.
    return set[0] == kSreNegate ? in && sreInSet(set, upper, *locale_)
                                : in || sreInSet(set, upper, *locale_);
  }
  if (c < 256 && useBitmaps_) return program_.bitmap(at)[c / 32] >> c % 32 & 1;
  if (op == kSreInIgnore) c = sreAsciiLower(c);
  if (op == kSreInUniIgnore) c = unicodeLower(c);
  return sreInSet(set, c, *locale_);
}

// An instruction that takes one character.
bool SreMatcher::singleMatches(u32 at, u32 c) const {
  const u32* code = program_.code() + at;
  switch (code[0]) {
    case kSreAny:
      return c != '\n';
    case kSreAnyAll:
      return true;
    case kSreLiteral:
      return c == code[1];
    case kSreNotLiteral:
      return c != code[1];
    case kSreLiteralIgnore:
      return sreAsciiLower(c) == code[1];
    case kSreNotLiteralIgnore:
      return sreAsciiLower(c) != code[1];
    case kSreLiteralUniIgnore:
      return unicodeLower(c) == code[1];
    case kSreNotLiteralUniIgnore:
      return unicodeLower(c) != code[1];
    case kSreLiteralLocIgnore:
      return localeIgnoreEquals(code[1], c, *locale_);
    case kSreNotLiteralLocIgnore:
      return !localeIgnoreEquals(code[1], c, *locale_);
    case kSreCategory:
      return sreInCategory(code[1], c, *locale_);
    case kSreIn:
    case kSreInIgnore:
    case kSreInUniIgnore:
    case kSreInLocIgnore:
      return inSetAt(at, c);
    default:
      return false;
  }
}

// How often the instruction at `at` matches from ptr on, at most max times.
template <class Unit>
i64 SreMatcher::countSingle(u32 at, i64 ptr, i64 max) const {
  const Unit* text = static_cast<const Unit*>(subject_.data);
  i64 stop = max < end_ - ptr ? ptr + max : end_;
  const u32* code = program_.code() + at;
  i64 i = ptr;
  switch (code[0]) {
    case kSreAnyAll:
      return stop - ptr;
    case kSreAny:
      if constexpr (sizeof(Unit) == 1) {
        const void* found = stop > ptr ? memchr(text + ptr, '\n', size_t(stop - ptr)) : nullptr;
        return found ? static_cast<const u8*>(found) - (text + ptr) : stop - ptr;
      }
      if (i < stop) i += i64(simd::findUnit(text + i, size_t(stop - i), '\n'));
      break;
    case kSreLiteral:
      while (i < stop && text[i] == code[1]) i++;
      break;
    case kSreNotLiteral:
      if constexpr (sizeof(Unit) == 1) {
        const void* found = stop > ptr && code[1] < 256
                                ? memchr(text + ptr, int(code[1]), size_t(stop - ptr))
                                : nullptr;
        return found ? static_cast<const u8*>(found) - (text + ptr) : stop - ptr;
      }
      if (i < stop && (sizeof(Unit) == 4 || code[1] < u64(1) << (8 * sizeof(Unit) % 32)))
        i += i64(simd::findUnit(text + i, size_t(stop - i), code[1]));
      else
        i = stop;
      break;
    case kSreIn:
    case kSreInIgnore:
    case kSreInUniIgnore:
    case kSreInLocIgnore:
      while (i < stop && inSetAt(at, text[i])) i++;
      break;
    default:
      while (i < stop && singleMatches(at, text[i])) i++;
  }
  return i - ptr;
}

template <class Unit>
bool SreMatcher::atPosition(u32 code, i64 ptr) const {
  const Unit* text = static_cast<const Unit*>(subject_.data);
  auto boundary = [&](auto isWord) {
    bool before = ptr > 0 && isWord(u32(text[ptr - 1]));
    bool behind = ptr < end_ && isWord(u32(text[ptr]));
    return before != behind;
  };
  auto ascii = [](u32 c) { return sreInCategory(kSreWord, c, sreCLocale()); };
  auto inLocale = [this](u32 c) { return c < 256 && locale_->word[c]; };
  auto unicode = [](u32 c) { return unicodeIsAlnum(c) || c == '_'; };
  switch (code) {
    case kSreAtBeginning:
    case kSreAtBeginningString:
      return ptr == 0;
    case kSreAtBeginningLine:
      return ptr == 0 || text[ptr - 1] == '\n';
    case kSreAtEnd:
      return ptr == end_ || (ptr + 1 == end_ && text[ptr] == '\n');
    case kSreAtEndLine:
      return ptr == end_ || text[ptr] == '\n';
    case kSreAtEndString:
      return ptr == end_;
    case kSreAtBoundary:
      return boundary(ascii);
    case kSreAtNonBoundary:
      return !boundary(ascii);
    case kSreAtLocBoundary:
      return boundary(inLocale);
    case kSreAtLocNonBoundary:
      return !boundary(inLocale);
    case kSreAtUniBoundary:
      return boundary(unicode);
    case kSreAtUniNonBoundary:
      return !boundary(unicode);
    default:
      return false;
  }
}

template <class Unit>
bool SreMatcher::groupMatches(u32 op, i64 from, i64 to, i64 ptr) const {
  const Unit* text = static_cast<const Unit*>(subject_.data);
  if (to - from > end_ - ptr) return false;
  for (; from < to; from++, ptr++) {
    u32 a = text[from], b = text[ptr];
    if (a == b) continue;
    if (op == kSreGroupRef) return false;
    if (op == kSreGroupRefIgnore && sreAsciiLower(a) == sreAsciiLower(b)) continue;
    if (op == kSreGroupRefUniIgnore && unicodeLower(a) == unicodeLower(b)) continue;
    if (op == kSreGroupRefLocIgnore && a < 256 && b < 256 && locale_->lower[a] == locale_->lower[b])
      continue;
    return false;
  }
  return true;
}

DX_INLINE void SreMatcher::setMark(u32 i, i64 ptr) {
  push(kUndoMark, i, marks_[i], lastIndex_);
  marks_[i] = ptr;
  if (i & 1) lastIndex_ = i / 2 + 1;
}

DX_INLINE void SreMatcher::undo(const Frame& f) {
  switch (f.kind) {
    case kUndoMark:
      marks_[f.pc] = f.a;
      lastIndex_ = u32(f.b);
      break;
    case kUndoCount:
      repeats_[f.pc].count = f.a;
      repeats_[f.pc].lastPtr = f.b;
      break;
    case kUndoCurrent:
      current_ = f.pc;
      break;
    case kUndoRepeat:
      current_ = f.pc;
      repeats_.resize(size_t(f.b));
      break;
    default:
      break;
  }
}

// Gives up the alternatives of an atomic part that has matched; what it changed can still be
// undone from outside.
void SreMatcher::cutTo(size_t barrier) {
  size_t kept = barrier;
  for (size_t i = barrier + 1; i < depth_; i++)
    if (stack_[i].kind >= kUndoMark) stack_[kept++] = stack_[i];
  depth_ = kept;
  barriers_.pop_back();
}

// Undoes everything from the barrier on.
void SreMatcher::unwindTo(size_t barrier) {
  while (depth_ > barrier + 1) undo(stack_[--depth_]);
  depth_ = barrier;
  barriers_.pop_back();
}

// Matches from code position pc at ptr. On a match, matchEnd_ is set. On none, every mark and
// counter is as before.
template <class Unit>
SreStatus SreMatcher::run(u32 pc, i64 ptr) {
  const u32* const code = program_.code();
  const Unit* const text = static_cast<const Unit*>(subject_.data);
  const i64 end = end_;
  depth_ = 0;
  push(kBottom, 0, 0, 0);

  while (true) {
    if (--budget_ <= 0) [[unlikely]] {
      SreStatus status = spent();
      if (status != SreStatus::kMatch) return status;
    }
    switch (code[pc]) {
      case kSreLiteral:
        if (ptr >= end || text[ptr] != code[pc + 1]) goto fail;
        ptr++;
        pc += 2;
        continue;
      case kSreNotLiteral:
        if (ptr >= end || text[ptr] == code[pc + 1]) goto fail;
        ptr++;
        pc += 2;
        continue;
      case kSreAny:
        if (ptr >= end || text[ptr] == '\n') goto fail;
        ptr++;
        pc++;
        continue;
      case kSreAnyAll:
        if (ptr >= end) goto fail;
        ptr++;
        pc++;
        continue;
      case kSreIn:
      case kSreInIgnore:
      case kSreInUniIgnore:
      case kSreInLocIgnore:
        if (ptr >= end || !inSetAt(pc, text[ptr])) goto fail;
        ptr++;
        pc += 1 + code[pc + 1];
        continue;
      case kSreCategory:
      case kSreLiteralIgnore:
      case kSreNotLiteralIgnore:
      case kSreLiteralUniIgnore:
      case kSreNotLiteralUniIgnore:
      case kSreLiteralLocIgnore:
      case kSreNotLiteralLocIgnore:
        if (ptr >= end || !singleMatches(pc, text[ptr])) goto fail;
        ptr++;
        pc += 2;
        continue;
      case kSreMark:
        setMark(code[pc + 1], ptr);
        pc += 2;
        continue;
      case kSreAt:
        if (!atPosition<Unit>(code[pc + 1], ptr)) goto fail;
        pc += 2;
        continue;
      case kSreJump:
        pc += 1 + code[pc + 1];
        continue;
      case kSreFailure:
        goto fail;

      case kSreBranch:
        pc++;
        goto tryAlternatives;

      case kSreRepeatOne: {
        i64 min = code[pc + 2], max = code[pc + 3];
        if (end - ptr < min) goto fail;
        i64 count = countSingle<Unit>(pc + 4, ptr, max == kSreMaxRepeat ? end - ptr : max);
        if (count < min) goto fail;
        u32 tail = pc + 1 + code[pc + 1];
        if (code[tail] == kSreSuccess &&
            (!barriers_.empty() || (!mustAdvance_ && (!matchAll_ || ptr + count == end)))) {
          ptr += count;  // whatever is longest succeeds
          pc = tail;
          continue;
        }
        push(kTryRepeatOne, pc, ptr, count + 1);
        goto fail;  // the frame gives the next count down
      }
      case kSreMinRepeatOne: {
        i64 min = code[pc + 2];
        if (end - ptr < min || (min > 0 && countSingle<Unit>(pc + 4, ptr, min) < min)) goto fail;
        ptr += min;
        if (min < i64(code[pc + 3])) push(kTryMinRepeatOne, pc, ptr, min);
        pc += 1 + code[pc + 1];
        continue;
      }
      case kSrePossessiveRepeatOne: {
        i64 min = code[pc + 2], max = code[pc + 3];
        i64 count = countSingle<Unit>(pc + 4, ptr, max == kSreMaxRepeat ? end - ptr : max);
        if (count < min) goto fail;
        ptr += count;
        pc += 1 + code[pc + 1];
        continue;
      }

      case kSreRepeat:
        push(kUndoRepeat, current_, 0, i64(repeats_.size()));
        repeats_.push_back({pc + 1, current_, -1, -1});
        current_ = u32(repeats_.size() - 1);
        pc += 1 + code[pc + 1];
        continue;
      case kSreMaxUntil: {
        u32 id = current_;
        Repeat& r = repeats_[id];
        i64 count = r.count + 1, min = code[r.pc + 1], max = code[r.pc + 2];
        if (count < min) {
          push(kUndoCount, id, r.count, r.lastPtr);
          r.count = count;
          pc = r.pc + 3;
          continue;
        }
        if ((count < max || max == kSreMaxRepeat) && ptr != r.lastPtr) {
          push(kTryTail, pc, ptr, id);
          push(kUndoCount, id, r.count, r.lastPtr);
          r.count = count;
          r.lastPtr = ptr;
          pc = r.pc + 3;
          continue;
        }
        push(kUndoCurrent, id, 0, 0);
        current_ = r.prev;
        pc++;
        continue;
      }
      case kSreMinUntil: {
        u32 id = current_;
        Repeat& r = repeats_[id];
        i64 count = r.count + 1, min = code[r.pc + 1];
        if (count < min) {
          push(kUndoCount, id, r.count, r.lastPtr);
          r.count = count;
          pc = r.pc + 3;
          continue;
        }
        push(kTryBody, pc, ptr, id);
        push(kUndoCurrent, id, 0, 0);
        current_ = r.prev;
        pc++;
        continue;
      }

      case kSreGroupRef:
      case kSreGroupRefIgnore:
      case kSreGroupRefUniIgnore:
      case kSreGroupRefLocIgnore: {
        i64 from = marks_[code[pc + 1] * 2], to = marks_[code[pc + 1] * 2 + 1];
        if (from < 0 || to < from || !groupMatches<Unit>(code[pc], from, to, ptr)) goto fail;
        ptr += to - from;
        pc += 2;
        continue;
      }
      case kSreGroupRefExists: {
        i64 from = marks_[code[pc + 1] * 2], to = marks_[code[pc + 1] * 2 + 1];
        if (from < 0 || to < from)
          pc += 1 + code[pc + 2];
        else
          pc += 3;
        continue;
      }

      case kSreAssert:
        if (ptr < i64(code[pc + 2])) goto fail;
        barriers_.push_back(depth_);
        push(kBarrier, pc, ptr, 0);
        ptr -= code[pc + 2];
        pc += 3;
        continue;
      case kSreAssertNot:
        if (ptr < i64(code[pc + 2])) {
          pc += 1 + code[pc + 1];
          continue;
        }
        barriers_.push_back(depth_);
        push(kBarrier, pc, ptr, 0);
        ptr -= code[pc + 2];
        pc += 3;
        continue;
      case kSreAtomicGroup:
        barriers_.push_back(depth_);
        push(kBarrier, pc, ptr, 0);
        pc += 2;
        continue;
      case kSrePossessiveRepeat:
        if (code[pc + 3] == 0) {
          pc += 2 + code[pc + 1];
          continue;
        }
        barriers_.push_back(depth_);
        push(kBarrier, pc, ptr, 0);
        pc += 4;
        continue;

      case kSreSuccess: {
        if (barriers_.empty()) {
          if ((matchAll_ && ptr != end) || (mustAdvance_ && ptr == start_)) goto fail;
          matchEnd_ = ptr;
          return SreStatus::kMatch;
        }
        size_t barrier = barriers_.back();
        Frame f = stack_[barrier];
        if (code[f.pc] == kSreAssertNot) {
          unwindTo(barrier);
          goto fail;
        }
        cutTo(barrier);
        pc = f.pc + 1 + code[f.pc + 1];
        if (code[f.pc] == kSreAssert) {
          ptr = f.a;
        } else if (code[f.pc] == kSrePossessiveRepeat) {
          i64 min = code[f.pc + 2], max = code[f.pc + 3], count = f.b + 1;
          // In the optional part, a round that took nothing is the last.
          bool more =
              count < min || ((count < max || max == kSreMaxRepeat) && !(f.b >= min && ptr == f.a));
          if (more) {
            barriers_.push_back(depth_);
            push(kBarrier, f.pc, ptr, count);
            pc = f.pc + 4;
          } else {
            pc++;  // behind the SUCCESS of the body
          }
        }
        continue;
      }
      default:
        DX_UNREACHABLE();  // the validator lets nothing else pass
    }

  tryAlternatives: {
    // pc is at the skip word of an alternative. Those whose first character is wrong are passed by.
    while (true) {
      u32 skip = code[pc];
      if (skip == 0) goto fail;
      u32 first = code[pc + 1];
      bool hopeless = false;
      if (first == kSreLiteral)
        hopeless = ptr >= end || text[ptr] != code[pc + 2];
      else if (first == kSreIn)
        hopeless = ptr >= end || !inSetAt(pc + 1, text[ptr]);
      if (!hopeless) break;
      pc += skip;
    }
    if (code[pc + code[pc]] != 0) push(kTryBranch, pc + code[pc], ptr, 0);
    pc++;
    continue;
  }

  fail:
    while (true) {
      if (--budget_ <= 0) [[unlikely]] {
        SreStatus status = spent();
        if (status != SreStatus::kMatch) return status;
      }
      Frame& f = stack_[depth_ - 1];
      switch (f.kind) {
        case kBottom:
          depth_ = 0;
          return SreStatus::kNoMatch;
        case kTryBranch:
          pc = f.pc;
          ptr = f.a;
          depth_--;
          goto tryAlternatives;
        case kTryRepeatOne: {
          i64 count = f.b - 1, min = code[f.pc + 2];
          u32 tail = f.pc + 1 + code[f.pc + 1];
          if (code[tail] == kSreLiteral) {  // only where the next character is right
            u32 c = code[tail + 1];
            while (count >= min && (f.a + count >= end || text[f.a + count] != c)) count--;
          }
          if (count < min) {
            depth_--;
            continue;
          }
          ptr = f.a + count;
          pc = tail;
          f.b = count;
          if (count == min) depth_--;
          break;
        }
        case kTryMinRepeatOne: {
          u32 tail = f.pc + 1 + code[f.pc + 1];
          i64 max = code[f.pc + 3] == kSreMaxRepeat ? end : i64(code[f.pc + 3]);
          bool more;
          do {  // one character more, and on to where the tail's literal stands if it begins with
                // one
            more = f.b < max && f.a < end && singleMatches(f.pc + 4, text[f.a]);
            if (!more) break;
            f.a++;
            f.b++;
          } while (code[tail] == kSreLiteral && f.a < end && text[f.a] != code[tail + 1]);
          if (!more) {
            depth_--;
            continue;
          }
          ptr = f.a;
          pc = tail;
          if (f.b >= max) depth_--;
          break;
        }
        case kTryTail: {
          u32 id = u32(f.b);
          ptr = f.a;
          pc = f.pc + 1;
          depth_--;
          push(kUndoCurrent, id, 0, 0);
          current_ = repeats_[id].prev;
          break;
        }
        case kTryBody: {
          u32 id = u32(f.b);
          Repeat& r = repeats_[id];
          ptr = f.a;
          depth_--;
          i64 count = r.count + 1, max = code[r.pc + 2];
          if ((count >= max && max != kSreMaxRepeat) || ptr == r.lastPtr) continue;
          push(kUndoCount, id, r.count, r.lastPtr);
          r.count = count;
          r.lastPtr = ptr;
          pc = r.pc + 3;
          break;
        }
        case kBarrier: {
          Frame barrier = f;
          depth_--;
          barriers_.pop_back();
          u32 op = code[barrier.pc];
          if (op == kSreAssertNot) {
            ptr = barrier.a;
            pc = barrier.pc + 1 + code[barrier.pc + 1];
            break;
          }
          if (op == kSrePossessiveRepeat && barrier.b >= i64(code[barrier.pc + 2])) {
            ptr = barrier.a;
            pc = barrier.pc + 2 + code[barrier.pc + 1];
            break;
          }
          continue;
        }
        default:
          undo(f);
          depth_--;
          continue;
      }
      break;
    }
  }
}

template <class Unit>
SreStatus SreMatcher::searchIn() {
  const Unit* text = static_cast<const Unit*>(subject_.data);
  const u32* code = program_.code();
  prepare();
  i64 ptr = start_;
  i64 last = end_ - i64(program_.minWidth);  // the last place where a match can begin
  if (program_.minWidth > 0 && ptr > last) return SreStatus::kNoMatch;
  auto attempt = [&](i64 at) {
    matchStart_ = at;
    SreStatus status = run<Unit>(program_.start, at);
    if (status == SreStatus::kNoMatch) mustAdvance_ = false;
    return status;
  };

  if (program_.infoFlags & kSreInfoPrefix) {
    const u32* prefix = code + program_.prefixAt;
    i64 length = program_.prefixLength;
    bool literal = program_.infoFlags & kSreInfoLiteral;
    constexpr i64 kFew = 32;
    Unit few[kFew], *needle = few;
    std::vector<Unit> many;
    if (length > kFew) {
      many.resize(size_t(length));
      needle = many.data();
    }
    for (i64 i = 0; i < length; i++) {
      needle[i] = Unit(prefix[i]);
      if (needle[i] != prefix[i]) return SreStatus::kNoMatch;
    }
    while (end_ - ptr >= length) {
      size_t left = size_t(end_ - ptr);
      size_t at = length == 1 ? simd::findUnit(text + ptr, left, prefix[0])
                              : simd::search(text + ptr, left, needle, size_t(length));
      if (at == left) return SreStatus::kNoMatch;
      i64 found = ptr + i64(at);
      ptr = found + 1;
      if (literal) {
        matchStart_ = found;
        matchEnd_ = found + length;
        return SreStatus::kMatch;
      }
      if (found > last) return SreStatus::kNoMatch;
      SreStatus status = attempt(found);
      if (status != SreStatus::kNoMatch) return status;
    }
    return SreStatus::kNoMatch;
  }

  if (program_.infoFlags & kSreInfoCharset) {
    const u32* set = code + program_.charsetAt;
    const SreProgram::Bitmap& bits = program_.bitmap(program_.charsetAt);
    for (; ptr < end_; ptr++) {
      u32 c = text[ptr];
      bool in = useBitmaps_ && c < 256 ? bits[c / 32] >> c % 32 & 1 : sreInSet(set, c, *locale_);
      if (!in) continue;
      if (ptr > last) return SreStatus::kNoMatch;
      SreStatus status = attempt(ptr);
      if (status != SreStatus::kNoMatch) return status;
    }
    return SreStatus::kNoMatch;
  }

  // What every match begins with: the start of the subject, or one character of a kind.
  u32 first = program_.start;
  while (code[first] == kSreMark) first += 2;
  if (code[first] == kSreAt &&
      (code[first + 1] == kSreAtBeginning || code[first + 1] == kSreAtBeginningString)) {
    if (ptr > 0) return SreStatus::kNoMatch;
    last = std::min<i64>(last, 0);
  }
  bool single = false;
  switch (code[first]) {
    case kSreRepeatOne:
    case kSreMinRepeatOne:
    case kSrePossessiveRepeatOne:
      single = code[first + 2] > 0;
      first += 4;
      break;
    case kSreIn:
    case kSreInIgnore:
    case kSreInUniIgnore:
    case kSreInLocIgnore:
    case kSreCategory:
    case kSreLiteral:
    case kSreNotLiteral:
    case kSreAny:
    case kSreLiteralIgnore:
    case kSreLiteralUniIgnore:
    case kSreNotLiteralIgnore:
    case kSreNotLiteralUniIgnore:
    case kSreLiteralLocIgnore:
    case kSreNotLiteralLocIgnore:
      single = true;
      break;
    default:
      break;
  }
  if (single) last = std::min(last, end_ - 1);
  for (; ptr <= last; ptr++) {
    if (single) {
      if (code[first] == kSreLiteral && Unit(code[first + 1]) == code[first + 1])
        ptr += i64(simd::findUnit(text + ptr, size_t(last - ptr + 1), code[first + 1]));
      else
        while (ptr <= last && !singleMatches(first, text[ptr])) ptr++;
      if (ptr > last) break;
    }
    SreStatus status = attempt(ptr);
    if (status != SreStatus::kNoMatch) return status;
  }
  return SreStatus::kNoMatch;
}

}  // namespace dx
