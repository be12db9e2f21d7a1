// The handler table, entry from C++, and leaving frames.
#include "interp/entry.h"

namespace dx {

__attribute__((preserve_none)) void opYieldValue(DX_STATE);

const Handler kHandlers[256] = {
#define DX_OP(name, ...) op##name,
#include "bytecode/opcodes.def"
#undef DX_OP
};

DX_NOINLINE static void runFrom(Thread* t, const Insn* pc, bool raising) {
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

// An __init__ has returned: None is required; the result is the instance.
DX_SLOW static bool finishInit(Thread* t, Value* fp) {
  Value result = t->returnValue;
  if (!isNone(result)) {
    t->returnValue = Value();
    Ref<> held = Ref<>::steal(result);
    popFrame(*t, fp);
    (void)t->raise(kTypeError, "__init__() should return None, not '{}'", typeOf(result));
    return false;
  }
  t->returnValue = std::exchange(fp[kExtra], Value());
  popFrame(*t, fp);
  return true;
}

DX_SLOW static void generatorReturned(Thread* t, Value* fp) { finishGenerator(*t, fp); }

__attribute__((preserve_none)) void opReturnValue(DX_STATE) {
  Value* caller = framePrevious(fp);
  FrameKind kind = frameKind(fp);
  const Insn* back = frameReturn(fp);
  // Frames of kind Call are never a generator's.
  if (kind != FrameKind::Call && (frameCode(fp)->flags & bytecode::kCodeAnyGenerator))
      [[unlikely]] {
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
  if (kind == FrameKind::Call) [[likely]] {
    if (fp[kObject].isObject()) [[unlikely]] {
      popFrameSlow(t, fp);
    } else {
      // As popFrame. Temporaries are empty here (bytecode/flow_check.h), so locals are all there
      // is.
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
    fp = caller;
    CodeData* data = frameCode(fp)->data;
    consts = data->constants;
    feedback = data->feedback;
    pc = back;
    setReg(fp, pc->a, t->returnValue);
    t->returnValue = Value();
    GOTO(kSizeOf[pc->op]);
  }
  if (kind == FrameKind::Entry) {
    popFrameSlow(t, fp);
    return;
  }
  bool ok = finishInit(t, fp);
  RELOAD_FRAME();
  pc = back;
  if (!ok) RAISE();
  setReg(fp, pc->a, t->returnValue);
  t->returnValue = Value();
  GOTO(kSizeOf[pc->op]);
}

__attribute__((preserve_none)) void opYieldValue(DX_STATE) {
  FrameKind kind = frameKind(fp);
  const Insn* back = resumedBy(fp);
  fp[kReturn] = tagged(pc);
  leaveGenerator(*t, fp, pc->x == 1 ? GenState::SuspendedYieldFrom : GenState::Suspended);
  t->yielded = true;
  if (kind == FrameKind::Entry) return;
  RELOAD_FRAME();
  pc = back;
  setReg(fp, pc->a, std::exchange(t->returnValue, Value()));
  GOTO(kSizeOf[pc->op]);
}

}  // namespace dx
