// Moves, constants, and the register housekeeping.
#include "ops/vocabulary.h"

namespace dx {

DX_SLOW Value makeConstant(Thread* t, Value* fp, u32 i) {
  Result<Value> r = codeConstant(*t, frameCode(fp), i);
  return r ? *r : Value();
}

OP(Nop) { NEXT(Nop); }

// False: an exception. Sets `changed` when events are reported here from now on.
DX_SLOW bool poll(Thread* t, Value* fp, bool* changed) {
  if (!handlePending(*t)) return false;
  *changed = (t->pending & kPendingMonitor) && instrumentIfStale(*t, frameCode(fp));
  return true;
}
DX_SLOW void warmUp(CodeData* data) {
  if (data->feedback != kZeroFeedback) return;  // made by what poll() ran
  if (++data->heat >= 2) attachFeedback(data);
}

OP(Enter) {
  if (t->pending) [[unlikely]] {
    SAVE_PC();
    bool changed;
    if (!poll(t, fp, &changed)) RAISE();
    if (changed) RESUME_AT(pc);
  }
  if (feedback == kZeroFeedback) [[unlikely]] {
    CodeData* data = frameCode(fp)->data;
    warmUp(data);
    feedback = data->feedback;
  }
  NEXT(Enter);
}

OP(Move) {
  Value v = takeOperand(fp, pc->b);
  setReg(fp, pc->a, v);
  NEXT(Move);
}

OP(LoadConst) {
  u32 i = pc->bc();
  Value v = consts[i];
  if (!v) [[unlikely]] {
    SAVE_PC();
    v = makeConstant(t, fp, i);
    if (!v) RAISE();
  }
  incref(v);
  setReg(fp, pc->a, v);
  NEXT(LoadConst);
}

OP(LoadInt) {
  setReg(fp, pc->a, Value::smallInt(i32(pc->bc())));
  NEXT(LoadInt);
}

OP(LoadNone) {
  setReg(fp, pc->a, none());
  NEXT(LoadNone);
}

OP(LoadTrue) {
  setReg(fp, pc->a, trueValue());
  NEXT(LoadTrue);
}

OP(LoadFalse) {
  setReg(fp, pc->a, falseValue());
  NEXT(LoadFalse);
}

OP(Release) {
  u32 a = regIndex(pc->a);
  Value v = fp[a];
  fp[a] = Value();
  SAVE_PC();
  releaseValue(v);
  NEXT(Release);
}

DX_SLOW void raiseUnbound(Thread* t, Value* fp, u32 nameIndex) {
  Result<Value> name = codeConstant(*t, frameCode(fp), nameIndex);
  if (!name) return;
  (void)t->raise(kUnboundLocalError,
                 "cannot access local variable '{}' where it is not associated with a value",
                 *name);
}

OP(CheckBound) {
  if (!REG(a)) [[unlikely]] {
    SAVE_PC();
    raiseUnbound(t, fp, pc->bc());
    RAISE();
  }
  NEXT(CheckBound);
}

OP(DeleteLocal) {
  Value v = REG(a);
  SAVE_PC();
  if (!v) [[unlikely]] {
    raiseUnbound(t, fp, pc->bc());
    RAISE();
  }
  REG(a) = Value();
  releaseValue(v);
  NEXT(DeleteLocal);
}

}  // namespace dx
