// Moves, constants, and the register housekeeping.
#include "ops/vocabulary.h"

namespace dx {

DX_SLOW Value makeConstant(Thread* t, Value* fp, u32 i) {
  Result<Value> r = codeConstant(*t, frameCode(fp), i);
  return r ? *r : Value();
}

OP(Nop) { NEXT(Nop); }

#ifndef DX_STENCIL
void opDestroy(DX_STATE) {
  deallocate(t->dying);
  DISPATCH();
}
#endif

// False: an exception. Sets `changed` when events are reported here from now on.
DX_SLOW bool poll(Thread* t, Value* fp, bool* changed) {
  if (!handlePending(*t)) return false;
  *changed = (t->pending & kPendingMonitor) && instrumentIfStale(*t, frameCode(fp));
  return true;
}
// Instructions that came from outside are verified when they run for the first time.
DX_SLOW bool warmUp(Thread* t, CodeData* data) {
  if (!ensureVerified(*t, data)) return false;
  makeRoomForConstants(data);
  if (data->feedback != kZeroFeedback) return true;  // made by what poll() ran
  bool large = data->record->slotCount > kZeroSlots;
  if (++data->heat >= 2 || large) attachFeedback(data);
  return true;
}

PART(enterRest) {
  if (t->pending) {
    SAVE_PC();
    bool changed;
    if (!poll(t, fp, &changed)) RAISE();
    if (changed) RESUME_AT(pc);
  }
  if (feedback == kZeroFeedback) {
    CodeData* data = frameCode(fp)->data;
    SAVE_PC();
    if (!warmUp(t, data)) RAISE();
    consts = data->constants;
    feedback = data->feedback;
  }
  NEXT(Enter);
}
OP(Enter) {
  if (t->pending || feedback == kZeroFeedback) [[unlikely]]
    LEAVE(enterRest);
  feedback[0].counters.calls++;
  NEXT(Enter);
}

OP(Move) {
  Value v = takeOperand(fp, pc->b);
  SET_NEXT(Move, v);
}

PART(loadConstRest) {
  SAVE_PC();
  Value v = makeConstant(t, fp, pc->bc());
  if (!v) RAISE();
  incref(v);
  SET_NEXT(LoadConst, v);
}
OP(LoadConst) {
  Value v = consts[pc->bc()];
  if (!v) [[unlikely]]
    LEAVE(loadConstRest);
  incref(v);
  SET_NEXT(LoadConst, v);
}

OP(LoadInt) { SET_NEXT(LoadInt, Value::smallInt(i32(pc->bc()))); }

OP(LoadNone) { SET_NEXT(LoadNone, none()); }

OP(LoadTrue) { SET_NEXT(LoadTrue, trueValue()); }

OP(LoadFalse) { SET_NEXT(LoadFalse, falseValue()); }

OP(Release) {
  u32 a = regIndex(pc->a);
  Value v = fp[a];
  fp[a] = Value();
  RELEASE_NEXT(Release, v);
}

DX_SLOW void raiseUnbound(Thread* t, Value* fp, u32 nameIndex) {
  Result<Value> name = codeConstant(*t, frameCode(fp), nameIndex);
  if (!name) return;
  (void)t->raise(kUnboundLocalError,
                 "cannot access local variable '{}' where it is not associated with a value",
                 *name);
}

PART(unbound) {
  SAVE_PC();
  raiseUnbound(t, fp, pc->bc());
  RAISE();
}
OP(CheckBound) {
  if (!REG(a)) [[unlikely]]
    LEAVE(unbound);
  NEXT(CheckBound);
}

OP(DeleteLocal) {
  Value v = REG(a);
  if (!v) [[unlikely]]
    LEAVE(unbound);
  REG(a) = Value();
  RELEASE_NEXT(DeleteLocal, v);
}

}  // namespace dx
