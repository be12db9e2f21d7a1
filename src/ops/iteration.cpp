// Iteration, generators and coroutines.
#include "ops/generator_frames.h"
#include "runtime/iterators.h"
#include "runtime/monitoring.h"
#include "runtime/slot_dispatch.h"

namespace dx {

DX_SLOW bool getIterSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Ref<>> r = iter(*t, fp[regIndex(pc->b)]);
  Value v = r ? std::move(r).take().release() : Value();
  killOperand(fp, pc->b);
  if (v) setReg(fp, pc->a, v);
  return bool(v);
}
OP(GetIter) { NEXT_IF(getIterSlow(t, pc, fp), GetIter); }

// As iterNext.
DX_SLOW Value nextNative(Thread* t, Value it) {
  auto next = slotsOf(it).next;
  if (!next) [[unlikely]]
    return iterNext(*t, it).take().release();
  Result<Ref<>> item = next(*t, it);
  if (!item && t->hasException()) [[unlikely]]
    (void)t->takeIf(kStopIteration);
  return std::move(item).take().release();
}

// for a, b in ...: the items go where the UnpackSequence behind the ForIter would put them.
DX_SLOW NextPair nextUnpacked(Thread* t, const Insn* unpack, Value* fp, Value it) {
  Value pair[2];
  NextPair next = nextPair(*t, it, pair);
  if (next == NextPair::One) {
    setReg(fp, unpack->a, pair[0]);
    setReg(fp, unpack->a + 1, pair[1]);
  }
  return next;
}

// What a loop went over, noted at its end.
DX_INLINE void noteIterator(FeedbackSlot* feedback, u32 slot, Value it) {
  if (!it.isObject()) return;
  TargetFeedback& noted = feedback[slot].target;
  if (it.object()->type == &PyGen_Type) {
    CodeData* data = it.as<Generator>()->code->data;
    noteTarget(noted, TargetKind::Generator, data, data->serial);
  } else {
    noteTarget(noted, TargetKind::Iterator, it.object()->type, 0);
  }
}

PART(forIterGenerator) {
  Value it = REG(b);
  if (const Insn* at = resumeSuspended(t, pc, fp, it.as<Generator>(), none())) [[likely]] {
    RELOAD_FRAME();
    RESUME_AT(at);
  }
  CallOutcome outcome = resumeGenerator(t, pc, fp, it.as<Generator>(), none());
  if (outcome == CallOutcome::Frame) {
    RELOAD_FRAME();
    RESUME_AT(t->pc);  // where it goes on
  }
  if (outcome == CallOutcome::Error) RAISE();
  t->returnValue = Value();  // None: finished already
  noteIterator(feedback, pc->c, it);
  GOTO(pc->jump());
}
PART(forIterRest) {
  Value it = REG(b);
  SAVE_PC();
  const Insn* unpack = stepOver(pc, kSizeOf[int(Op::ForIter)]);
  if (unpack->opcode() == Op::UnpackSequence && unpack->c == 2 && unpack->b == (pc->a | kKill)) {
    NextPair next = nextUnpacked(t, unpack, fp, it);
    if (next == NextPair::One) [[likely]]
      GOTO(kSizeOf[int(Op::ForIter)] + kSizeOf[int(Op::UnpackSequence)]);
    if (next == NextPair::Failed) RAISE();
    if (next == NextPair::None) {
      noteIterator(feedback, pc->c, it);
      GOTO(pc->jump());
    }
  }
  if (Value v = nextNative(t, it)) [[likely]] {
    setReg(fp, pc->a, v);
    NEXT(ForIter);
  }
  if (t->hasException()) [[unlikely]]
    RAISE();
  noteIterator(feedback, pc->c, it);
  GOTO(pc->jump());
}
OP(ForIter) {
  Value it = REG(b);
  if (it.isObject()) [[likely]] {
    if (Value v = quickNext(it.object())) [[likely]]
      SET_NEXT(ForIter, v);
    if (it.object()->type == &PyGen_Type) LEAVE(forIterGenerator);
  }
  LEAVE(forIterRest);
}

// The iterator behind `yield from` and `await`.
static bool isCoroutineLike(Value v) {
  return v.isObject() && (v.object()->type == &PyCoro_Type ||
                          (v.object()->type == &PyGen_Type &&
                           (v.as<Generator>()->code->flags & bytecode::kCodeIterableCoroutine)));
}

DX_SLOW bool getYieldFromIter(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value v = fp[regIndex(pc->b)];
  Result<Ref<>> r = [&]() -> Result<Ref<>> {
    if (v.isObject() && v.object()->type == &PyGen_Type && !isCoroutineLike(v)) return retain(v);
    if (isCoroutineLike(v)) {
      if (!(frameCode(fp)->flags & (bytecode::kCodeCoroutine | bytecode::kCodeIterableCoroutine)))
        return t->raise(kTypeError,
                        "cannot 'yield from' a coroutine object in a non-coroutine generator");
      return retain(v);
    }
    return iter(*t, v);
  }();
  killOperand(fp, pc->b);
  return finish(fp, pc->a, r);
}
OP(GetYieldFromIter) { NEXT_IF(getYieldFromIter(t, pc, fp), GetYieldFromIter); }

Result<Ref<>> awaitableIter(Thread& t, Value v, int context) {
  if (isCoroutineLike(v)) {
    if (v.object()->type == &PyCoro_Type && generatorDelegate(v.as<Generator>()))
      return t.raise(kRuntimeError, "coroutine is being awaited already");
    return retain(v);
  }
  auto fn = slotsOf(v).await;
  if (!fn) {
    if (context == 1)
      return t.raise(
          kTypeError,
          "'async with' received an object from __aenter__ that does not implement __await__: {}",
          typeOf(v));
    if (context == 2)
      return t.raise(
          kTypeError,
          "'async with' received an object from __aexit__ that does not implement __await__: {}",
          typeOf(v));
    return t.raise(kTypeError, "'{}' object can't be awaited", typeOf(v));
  }
  Ref<> it = TRY(fn(t, v));
  if (isCoroutineLike(it)) return t.raise(kTypeError, "__await__() returned a coroutine");
  if (!isIterator(it))
    return t.raise(kTypeError, "__await__() returned non-iterator of type '{}'", typeOf(it));
  return it;
}
DX_SLOW bool getAwaitable(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Ref<>> r = awaitableIter(*t, fp[regIndex(pc->b)], pc->x);
  killOperand(fp, pc->b);
  return finish(fp, pc->a, r);
}
OP(GetAwaitable) {
  Value v = REG(b);
  // A coroutine that has not begun is awaited by nobody.
  if (v.isObject() && v.object()->type == &PyCoro_Type &&
      v.as<Generator>()->state == GenState::Created) [[likely]] {
    Value owned = takeOperand(fp, pc->b);
    SET_NEXT(GetAwaitable, owned);
  }
  NEXT_IF(getAwaitable(t, pc, fp), GetAwaitable);
}

DX_SLOW bool getAIter(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value v = fp[regIndex(pc->b)];
  Result<Ref<>> r = [&]() -> Result<Ref<>> {
    auto fn = slotsOf(v).aiter;
    if (!fn)
      return t->raise(kTypeError, "'async for' requires an object with __aiter__ method, got {}",
                      typeOf(v));
    Ref<> it = TRY(fn(*t, v));
    if (!slotsOf(it).anext)
      return t->raise(
          kTypeError,
          "'async for' received an object from __aiter__ that does not implement __anext__: {}",
          typeOf(it));
    return it;
  }();
  killOperand(fp, pc->b);
  return finish(fp, pc->a, r);
}
OP(GetAIter) { NEXT_IF(getAIter(t, pc, fp), GetAIter); }

DX_SLOW bool getANext(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value v = fp[regIndex(pc->b)];
  Result<Ref<>> r = [&]() -> Result<Ref<>> {
    auto fn = slotsOf(v).anext;
    if (!fn)
      return t->raise(kTypeError, "'async for' requires an iterator with __anext__ method, got {}",
                      typeOf(v));
    Ref<> next = TRY(fn(*t, v));
    if (next.get().object()->type == &PyCoro_Type) return next;
    Result<Ref<>> it = awaitableIter(*t, next, 0);
    if (!it)
      return raiseFrom(*t, kTypeError, "'async for' received an invalid object from __anext__: {}",
                       typeOf(next));
    return it;
  }();
  killOperand(fp, pc->b);
  return finish(fp, pc->a, r);
}
OP(GetANext) { NEXT_IF(getANext(t, pc, fp), GetANext); }

// 1 yielded, 0 finished, -1 exception; the value in A.
DX_SLOW int sendSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value it = fp[regIndex(pc->b)];
  Value sent = fp[regIndex(pc->c)];
  bool finished = false;
  Result<Ref<>> r = [&]() -> Result<Ref<>> {
    if (auto fn = slotsOf(it).send) return fn(*t, it, sent, &finished);
    Result<Ref<>> v = isNone(sent) && slotsOf(it).next
                          ? nextKeepingStop(*t, it)
                          : callMethodWith(*t, it, DX_NAME("send"), sent);
    if (v) return v;
    if (!t->hasException()) {
      finished = true;
      return noneRef();
    }
    if (!t->matches(kStopIteration)) return Error{};
    if (theMonitoring.exceptionTools) [[unlikely]] {
      reportException(*t, fp, pc, Event::Raise);
      if (!t->matches(kStopIteration)) return Error{};
    }
    Ref<> stop = t->takeException();
    finished = true;
    Value result = stop.as<StopIterationObject>()->value;
    return retain(result ? result : none());
  }();
  if (!r) return -1;
  killOperand(fp, pc->c);
  setReg(fp, pc->a, std::move(r).take().release());
  return !finished;
}
OP(Send) {
  Value it = REG(b);
  if (it.isObject() && (it.object()->type == &PyGen_Type || it.object()->type == &PyCoro_Type)) {
    Value sent = takeOperand(fp, pc->c);
    if (const Insn* at = resumeSuspended(t, pc, fp, it.as<Generator>(), sent)) [[likely]] {
      RELOAD_FRAME();
      RESUME_AT(at);
    }
    CallOutcome outcome = resumeGenerator(t, pc, fp, it.as<Generator>(), sent);
    if (outcome == CallOutcome::Frame) {
      RELOAD_FRAME();
      RESUME_AT(t->pc);
    }
    if (outcome == CallOutcome::Error) RAISE();
    setReg(fp, pc->a, t->returnValue);
    t->returnValue = Value();
    GOTO(pc->jump());
  }
  int yielded = sendSlow(t, pc, fp);
  if (yielded > 0) NEXT(Send);
  if (yielded < 0) RAISE();
  GOTO(pc->jump());
}

__attribute__((preserve_none)) void opYieldValue(
    DX_STATE);  // interp/: t->returnValue leaves the generator

OP(Yield) {
  t->returnValue = takeOperand(fp, pc->b);
  LEAVE(opYieldValue);
}

OP(EndAsyncFor) {
  Value e = REG(a);
  if (isSubtype(e.object()->type, kStopAsyncIteration)) {
    SAVE_PC();
    REG(a) = Value();
    releaseValue(e);
    NEXT(EndAsyncFor);
  }
  REG(a) = Value();
  t->currentException = e.as<BaseException>();
  t->keepTraceback = true;
  RAISE();
}

OP(CleanupThrow) {
  Value e = takeOperand(fp, pc->b);
  if (isSubtype(e.object()->type, kStopIteration)) {
    Value v = e.as<StopIterationObject>()->value;
    if (!v) v = none();
    incref(v);
    SAVE_PC();
    releaseValue(e);
    setReg(fp, pc->a, v);
    GOTO(pc->jump());
  }
  t->currentException = e.as<BaseException>();
  t->keepTraceback = true;
  RAISE();
}

// The wrapper that tells an async generator's own yields from awaits (PEP 525).
Ref<> wrapAsyncGeneratorValue(Value v);
DX_SLOW void asyncGenWrap(const Insn* pc, Value* fp) {
  Ref<> wrapped = wrapAsyncGeneratorValue(fp[regIndex(pc->b)]);
  killOperand(fp, pc->b);
  setReg(fp, pc->a, wrapped.release());
}
OP(AsyncGenWrap) {
  asyncGenWrap(pc, fp);
  NEXT(AsyncGenWrap);
}

}  // namespace dx
