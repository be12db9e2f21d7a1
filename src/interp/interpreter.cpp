// The handler table, entry from C++, and leaving frames.
#include "interp/entry.h"

namespace dx {

__attribute__((preserve_none)) void opYieldValue(DX_STATE);

const Handler kHandlers[256] = {
#define DX_OP(name, ...) op##name,
#include "bytecode/opcodes.def"
#undef DX_OP
};

DX_INLINE static void runFrom(Thread* t, const Insn* pc, bool raising) {
  Value* fp = t->fp;
  CodeData* data = frameCode(fp)->data;
  if (raising)
    opUnwind(t, pc, fp, data->constants, data->feedback);
  else
    kHandlers[pc->op](t, pc, fp, data->constants, data->feedback);
}

Result<Ref<>> resumeInterpreter(Thread& t, const Insn* pc, bool raising) {
  // C++ may be running inside the end of a frame, with a result on its way out.
  const Insn* savedPc = t.pc;
  Value savedResult = std::exchange(t.returnValue, Value());
  runFrom(&t, pc, raising);
  t.pc = savedPc;
  Value v = std::exchange(t.returnValue, savedResult);
  if (!v) return Error{};
  return Ref<>::steal(v);
}

Result<Ref<>> enterInterpreter(Thread& t) {
  return resumeInterpreter(t, frameCode(t.fp)->data->insns, false);
}

DX_SLOW static void popFrameSlow(Thread* t, Value* fp) { popFrame(*t, fp); }

// An __init__ has returned something else than None.
DX_SLOW static void badInit(Thread* t, Value* fp) {
  Ref<> held = Ref<>::steal(std::exchange(t->returnValue, Value()));
  popFrame(*t, fp);
  (void)t->raise(kTypeError, "__init__() should return None, not '{}'", typeOf(held));
}

DX_SLOW static void generatorReturned(Thread* t, Value* fp) { finishGenerator(*t, fp, true); }

__attribute__((preserve_none)) void opReturnValue(DX_STATE) {
  Value* caller = framePrevious(fp);
  FrameKind kind = frameKind(fp);
  const Insn* back = frameReturn(fp);
  // Frames of kind Call are never a generator's.
  if (kind > FrameKind::Init && (frameCode(fp)->flags & bytecode::kCodeAnyGenerator)) [[unlikely]] {
    // In a generator kReturn is where it stands; the resumer's instruction is in the generator.
    back = resumedBy(fp);
    generatorReturned(t, fp);
    t->yielded = false;
    if (kind == FrameKind::Entry) return;
    RELOAD_FRAME();
    pc = back;
    if (pc->opcode() == Op::ForIter || pc->opcode() == Op::InstrumentedForIter) {
      Value v = std::exchange(t->returnValue, Value());
      releaseValue(v);
    } else {  // Send
      setReg(fp, pc->a, std::exchange(t->returnValue, Value()));
    }
    GOTO(pc->jump());
  }
  if (kind == FrameKind::Init) {  // the result is the instance
    if (!isNone(t->returnValue)) [[unlikely]] {
      badInit(t, fp);
      RELOAD_FRAME();
      pc = back;
      RAISE();
    }
    t->returnValue = fp[kExtra];
    fp[kExtra] = Value();
  }
  if (fp[kObject].isObject() || (kind == FrameKind::Entry && fp[kExtra].isObject())) [[unlikely]] {
    popFrameSlow(t, fp);
  } else {
    // As popFrame. Temporaries are empty here (bytecode/flow_check.h), so locals are all there is.
    for (u32 i = 0, n = frameCode(fp)->data->localCount; i < n; i++) {
      Value v = fp[i];
      fp[i] = Value();
      releaseValue(v);
    }
    if (fp[kObject].isObject()) [[unlikely]] {  // a finalizer asked for it
      popFrameSlow(t, fp);
    } else {
      Value callable = fp[kCallable];
      fp[kCallable] = Value();
      t->fp = caller;
      t->recursionDepth--;
      releaseValue(callable);
    }
  }
  if (kind == FrameKind::Entry) return;
  fp = caller;
  CodeData* data = frameCode(fp)->data;
  consts = data->constants;
  feedback = data->feedback;
  pc = back;
  setReg(fp, pc->a, t->returnValue);
  t->returnValue = Value();
  GOTO(kSizeOf[pc->op]);
}

__attribute__((preserve_none)) void opYieldValue(DX_STATE) {
  Generator* g = frameGenerator(fp);
  Generator* top = g->chain;
  bool watched = t->pending & kPendingMonitor;
  if (top && watched) [[unlikely]] {
    unlinkRunning(top);
    top = nullptr;
  }
  fp[kReturn] = tagged(pc);
  FrameKind kind;
  const Insn* back;
  if (top) {
    kind = frameKind(top->frame);
    back = top->resumedBy;
    t->recursionDepth -= i32(top->chainLength);
    leaveGenerator(*t, top->frame, GenState::SuspendedYieldFrom);
  } else {
    top = g;
    kind = frameKind(fp);
    back = g->resumedBy;
    leaveGenerator(*t, fp, pc->x == 1 ? GenState::SuspendedYieldFrom : GenState::Suspended);
  }
  Generator* delegate = watched ? nullptr : linkableDelegate(g, pc);
  if (delegate) linkDelegate(top, g, delegate);
  t->yielded = true;
  if (kind == FrameKind::Entry) return;
  RELOAD_FRAME();
  pc = back;
  setReg(fp, pc->a, std::exchange(t->returnValue, Value()));
  GOTO(kSizeOf[pc->op]);
}

}  // namespace dx
