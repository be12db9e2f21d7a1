// The matcher behind `re`. Backtracking, but iterative: alternatives and what must be undone
// live on a heap-allocated stack, so no pattern or subject overflows the C stack. Captures are
// undone exactly when a path is given up.
#pragma once
#include "modules/sre_program.h"

namespace dx {

struct SreSubject {
  const void* data = nullptr;
  size_t length = 0;  // in code units
  int kind = 1;       // bytes per unit: 1, 2, 4
};

enum class SreStatus { kNoMatch, kMatch, kInterrupted, kNoMemory };

// One subject being matched; positions are code-unit offsets in it. Can be run again from
// another position (finditer, sub, split).
class SreMatcher {
 public:
  // The program and the subject outlive the matcher. pos and endpos are clipped to the subject.
  SreMatcher(const SreProgram& program, SreSubject subject, size_t pos, size_t endpos);
  SreMatcher(const SreMatcher&) = delete;
  SreMatcher& operator=(const SreMatcher&) = delete;
  ~SreMatcher() { free(stack_); }

  // Called about every 64k steps; false stops the match with kInterrupted.
  using Poll = bool (*)(void* context);
  void setPoll(Poll poll, void* context) { poll_ = poll, pollContext_ = context; }
  void setLocale(const SreLocale& locale) {
    locale_ = &locale;
    useBitmaps_ = &locale == &sreCLocale();
  }

  // Where the next run begins. An empty match there is refused if mustAdvance.
  void setPosition(size_t pos, bool mustAdvance) {
    start_ = i64(pos) < end_ ? i64(pos) : end_;
    mustAdvance_ = mustAdvance;
  }

  SreStatus match();
  SreStatus fullMatch();
  SreStatus search();

  // After kMatch.
  size_t matchStart() const { return size_t(matchStart_); }
  size_t matchEnd() const { return size_t(matchEnd_); }
  // Of group 1 and up: -1, -1 when it took no part.
  std::pair<i64, i64> group(u32 n) const {
    i64 from = marks_[2 * (n - 1)], to = marks_[2 * (n - 1) + 1];
    return from < 0 || to < 0 ? std::pair<i64, i64>{-1, -1} : std::pair<i64, i64>{from, to};
  }
  u32 lastIndex() const { return lastIndex_; }  // the group closed last, 0 if none

 private:
  enum FrameKind : u32 {
    kBottom,
    kTryBranch,
    kTryRepeatOne,
    kTryMinRepeatOne,
    kTryTail,
    kTryBody,
    kBarrier,
    // From here on: what is undone when popped, kept when an atomic part is cut.
    kUndoMark,
    kUndoCount,
    kUndoCurrent,
    kUndoRepeat,
  };
  struct Frame {
    u32 kind;
    u32 pc;
    i64 a;
    i64 b;
  };
  struct Repeat {  // a REPEAT that is under way
    u32 pc;        // of its skip word
    u32 prev;      // the repeat around it
    i64 count;
    i64 lastPtr;
  };
  static constexpr u32 kNone = 0xffffffff;

  template <class Unit>
  SreStatus run(u32 pc, i64 ptr);
  template <class Unit>
  SreStatus searchIn();
  template <class Unit>
  i64 countSingle(u32 at, i64 ptr, i64 max) const;
  template <class Unit>
  bool atPosition(u32 code, i64 ptr) const;
  template <class Unit>
  bool groupMatches(u32 op, i64 from, i64 to, i64 ptr) const;
  bool inSetAt(u32 at, u32 c) const;
  bool singleMatches(u32 at, u32 c) const;
  SreStatus dispatchRun();
  void prepare();
  void push(u32 kind, u32 pc, i64 a, i64 b) {
    if (depth_ == capacity_) [[unlikely]]
      growStack();
    stack_[depth_++] = {kind, pc, a, b};
  }
  void growStack();
  SreStatus spent();
  void setMark(u32 i, i64 ptr);
  void undo(const Frame& f);
  void cutTo(size_t barrier);
  void unwindTo(size_t barrier);

  const SreProgram& program_;
  SreSubject subject_;
  const SreLocale* locale_;
  bool useBitmaps_ = true;  // they were made for the C locale
  i64 start_, end_;
  bool mustAdvance_ = false;
  bool matchAll_ = false;
  Poll poll_ = nullptr;
  void* pollContext_ = nullptr;
  i64 budget_ = kPollSteps;
  static constexpr i64 kPollSteps = 65536;

  Frame* stack_ = nullptr;  // from the first push on
  size_t depth_ = 0;
  size_t capacity_ = 0;
  bool outOfMemory_ = false;
  std::vector<size_t> barriers_;
  std::vector<Repeat> repeats_;
  u32 current_ = kNone;
  std::vector<i64> marks_;
  u32 lastIndex_ = 0;
  i64 matchStart_ = 0, matchEnd_ = 0;
};

}  // namespace dx
