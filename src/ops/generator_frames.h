// Switching into and out of a generator's heap frame.
//
// pad[0] of a running generator is where the frames of its callees start on the stack; pad[1] is
// the instruction that resumed it.
#pragma once
#include "ops/vocabulary.h"

namespace dx {

// Where the registers of a frame called from `fp` (null: from C++ with no Python frame) may start.
// 2 more words: see callWindow's method shift.
DX_INLINE Value* calleeBase(Thread& t, Value* fp) {
  if (!fp) return t.stackBase + kFrameHeader;
  if (!onStack(&t, fp)) [[unlikely]]
    return reinterpret_cast<Value*>(frameGenerator(fp)->pad[0]);
  return fp + frameCode(fp)->data->registerCount + kFrameHeader + 2;
}

DX_INLINE const Insn* resumedBy(const Value* fp) {
  return reinterpret_cast<const Insn*>(frameGenerator(fp)->pad[1]);
}

// Makes g's frame the running one, called from t.fp.
DX_INLINE void enterGenerator(Thread& t, Generator* g, const Insn* pc, FrameKind kind) {
  Value* fp = g->frame;
  g->pad[0] = reinterpret_cast<u64>(calleeBase(t, t.fp));
  g->pad[1] = reinterpret_cast<u64>(pc);
  g->state = GenState::Executing;
  g->excState.previous = t.excInfo;
  t.excInfo = &g->excState;
  fp[kPrevious] = previousWord(t.fp, kind);
  t.fp = fp;
  t.recursionDepth++;
}

// Undoes that.
DX_INLINE void leaveGenerator(Thread& t, Value* fp, GenState state) {
  Generator* g = frameGenerator(fp);
  t.excInfo = g->excState.previous;
  g->excState.previous = nullptr;
  g->state = state;
  t.fp = framePrevious(fp);
  fp[kPrevious] = previousWord(nullptr, FrameKind::Entry);
  t.recursionDepth--;
}

// Room for the frame and for what it may call.
DX_INLINE bool hasRoom(const Thread& t, const Value* base) {
  return t.recursionDepth < t.recursionLimit && base + 4096 < t.stackEnd;
}

// Resumes a suspended generator for ForIter or Send; gives the instruction that it goes on from.
// Null: not suspended at a yield, or no room: resumeGenerator sees to it (nothing was taken).
DX_INLINE const Insn* resumeSuspended(Thread* t, const Insn* pc, Value* fp, Generator* g,
                                      Value sentOwned) {
  if ((g->state != GenState::Suspended && g->state != GenState::SuspendedYieldFrom) ||
      !hasRoom(*t, calleeBase(*t, fp))) [[unlikely]]
    return nullptr;
  const Insn* at = frameReturn(g->frame);
  setReg(g->frame, at->a, sentOwned);
  enterGenerator(*t, g, pc, FrameKind::Resume);
  return stepOver(at, kSizeOf[int(Op::Yield)]);
}

}  // namespace dx
