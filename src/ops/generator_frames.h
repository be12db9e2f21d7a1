// Switching into and out of a generator's heap frame.
//
// Chains. A generator that delegates to a generator (yield from, await) only hands on what comes
// and goes. When a delegating generator yields what its delegate gave, the two are linked: the
// outermost of a chain of linked generators, its *top*, knows the innermost, its *leaf*, so that
// resuming the top goes on in the leaf and what the leaf yields goes to whoever resumed the top,
// however many generators are in between.
//
//   top    state is the usual one; leaf, chainLength (generators below it)
//   below  `chain` is the top, or a generator whose `chain` leads there; state is Executing and
//          the frame's caller, resumedBy and excState are those of a running delegate, all the time
//
// When the leaf returns or raises, the generator that delegated to it is the new leaf, and already
// looks like a running one. Whoever else wants to look at or do something with a generator of a
// suspended chain takes the chain apart first: settleGenerator().
#pragma once
#include "ops/vocabulary.h"

namespace dx {

// Where the registers of a frame called from `fp` (null: from C++ with no Python frame) may start.
// 2 more words: see callWindow's method shift.
DX_INLINE Value* calleeBase(Thread& t, Value* fp) {
  if (!fp) return t.stackBase + kFrameHeader;
  return callRegisters(&t, fp);
}

DX_INLINE const Insn* resumedBy(const Value* fp) { return frameGenerator(fp)->resumedBy; }

// Makes g's frame the running one, called from t.fp.
DX_INLINE void enterGenerator(Thread& t, Generator* g, const Insn* pc, FrameKind kind) {
  Value* fp = g->frame;
  g->calleeBase = calleeBase(t, t.fp);
  g->resumedBy = pc;
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
DX_INLINE bool hasRoom(const Thread& t, const Value* base, i64 frames) {
  return t.recursionDepth + frames < t.recursionLimit && base + 4096 < t.stackEnd;
}

DX_INLINE bool isSuspended(const Generator* g) {
  return g->state == GenState::Suspended || g->state == GenState::SuspendedYieldFrom;
}

// Enters a suspended generator, or the leaf of its chain, which gets the value; gives the
// instruction that it goes on from. There is room.
DX_INLINE const Insn* enterSuspended(Thread& t, Generator* g, const Insn* pc, FrameKind kind,
                                     Value sentOwned) {
  // Watchers see every generator of a chain yield and go on.
  if (g->leaf && (t.pending & kPendingMonitor)) [[unlikely]]
    settleGenerator(g);
  enterGenerator(t, g, pc, kind);
  Generator* leaf = g->leaf;
  if (leaf) {
    leaf->calleeBase = g->calleeBase;
    t.excInfo = &leaf->excState;
    t.fp = leaf->frame;
    t.recursionDepth += i32(g->chainLength);
  } else {
    leaf = g;
  }
  const Insn* at = frameReturn(leaf->frame);
  setReg(leaf->frame, at->a, sentOwned);
  return stepOver(at, kSizeOf[int(Op::Yield)]);
}

// Begins a generator that has not run yet, for ForIter or Send; null when it is another, no None is
// sent or there is no room. interp/generators.cpp.
DX_SLOW const Insn* beginGenerator(Thread* t, const Insn* pc, Value* fp, Generator* g, Value sent);

// Resumes a suspended generator for ForIter or Send; gives the instruction that it goes on from.
// Null: neither suspended at a yield nor new, or no room: resumeGenerator sees to it (nothing was
// taken).
DX_INLINE const Insn* resumeSuspended(Thread* t, const Insn* pc, Value* fp, Generator* g,
                                      Value sentOwned) {
  if (!isSuspended(g) || !hasRoom(*t, calleeBase(*t, fp), g->chainLength)) [[unlikely]]
    return beginGenerator(t, pc, fp, g, sentOwned);
  return enterSuspended(*t, g, pc, FrameKind::Resume, sentOwned);
}

// A suspended generator that `g`, a plain generator or coroutine, delegates to at Yield `pc`, if
// the two can be linked.
DX_INLINE Generator* linkableDelegate(const Generator* g, const Insn* pc) {
  if (pc->x != 1 || g->type == &PyAsyncGen_Type) return nullptr;
  Value v = g->frame[regIndex(pc->c)];
  if (!v.isObject() || (v.object()->type != &PyGen_Type && v.object()->type != &PyCoro_Type))
    return nullptr;
  auto* delegate = v.as<Generator>();
  return isSuspended(delegate) && !delegate->chain ? delegate : nullptr;
}

// Takes a running chain apart: what is below its top becomes delegates that run, which they already
// look like.
inline void unlinkRunning(Generator* top) {
  for (Generator* at = top->leaf; at != top; at = frameGenerator(framePrevious(at->frame)))
    at->chain = nullptr;
  top->leaf = nullptr;
  top->chainLength = 0;
}

// Links `delegate` (a top by itself) below g, the leaf of `top` or the top itself. `send` is the
// instruction of g that resumes the delegate.
DX_INLINE void linkDelegate(Generator* top, Generator* g, Generator* delegate) {
  delegate->frame[kPrevious] = previousWord(g->frame, FrameKind::Resume);
  delegate->excState.previous = &g->excState;
  delegate->state = GenState::Executing;
  delegate->chain = top;
  Generator* leaf = delegate->leaf ? delegate->leaf : delegate;
  leaf->chain = top;
  top->leaf = leaf;
  top->chainLength += 1 + delegate->chainLength;
  delegate->leaf = nullptr;
  delegate->chainLength = 0;
}

// g, whose frame ends while it runs as a leaf, leaves its chain.
DX_INLINE void unlinkLeaf(Generator* g) {
  Generator* top = g->chain;
  Generator* parent = frameGenerator(framePrevious(g->frame));
  g->chain = nullptr;
  if (parent == top) {
    top->leaf = nullptr;
    top->chainLength = 0;
  } else {
    parent->calleeBase = g->calleeBase;
    parent->chain = top;
    top->leaf = parent;
    top->chainLength--;
  }
}

}  // namespace dx
