// Raising, handling, with statements.
#include "ops/vocabulary.h"

namespace dx {

DX_SLOW void raiseSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  if (pc->x == 0) {
    for (ExcStackItem* item = t->excInfo; item; item = item->previous) {
      if (!item->excValue || isNone(item->excValue)) continue;
      t->restoreException(retain(item->excValue));
      t->keepTraceback = true;
      return;
    }
    (void)t->raise(kRuntimeError, "No active exception to reraise");
    return;
  }
  Ref<> value = Ref<>::steal(takeOperand(fp, pc->a));
  Ref<> cause;
  if (pc->x == 2) cause = Ref<>::steal(takeOperand(fp, pc->b));
  (void)raiseStatement(*t, value, cause);
}
OP(Raise) {
  raiseSlow(t, pc, fp);
  RAISE();
}

OP(Reraise) {
  Value e = takeOperand(fp, pc->a);
  t->currentException = e.as<BaseException>();
  t->keepTraceback = true;
  RAISE();
}

OP(PushExc) {
  Value previous = t->excInfo->excValue;
  t->excInfo->excValue = takeOperand(fp, pc->b);
  setReg(fp, pc->a, previous ? previous : none());
  NEXT(PushExc);
}

OP(PopExc) {
  Value previous = takeOperand(fp, pc->a);
  Value handled = t->excInfo->excValue;
  t->excInfo->excValue = isNone(previous) ? Value() : previous;
  SAVE_PC();
  releaseValue(handled);
  NEXT(PopExc);
}

DX_SLOW int matchExcSlow(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<bool> r = exceptionMatches(*t, fp[regIndex(pc->b)], fp[regIndex(pc->c)]);
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  return r ? int(*r) : -1;
}
OP(MatchExc) {
  int matches = matchExcSlow(t, pc, fp);
  if (matches < 0) [[unlikely]]
    RAISE();
  setReg(fp, pc->a, boolean(matches));
  NEXT(MatchExc);
}

// except*: runtime/exception_groups.cpp.
Result<void> splitExceptionGroup(Thread& t, Value exception, Value types, Ref<>* rest,
                                 Ref<>* match);
Result<Ref<>> mergeExceptionGroup(Thread& t, Value original, List* raised);

DX_SLOW bool matchGroup(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Ref<> rest, match;
  bool ok = bool(splitExceptionGroup(*t, fp[regIndex(pc->b)], fp[regIndex(pc->c)], &rest, &match));
  // A group made around a naked exception comes from here.
  Value caught = fp[regIndex(pc->b)];
  if (ok && match && !isNone(match) && match.get() != caught &&
      !isInstanceOf(caught, kBaseExceptionGroup)) {
    ExceptionSaver saver(*t);
    t->restoreException(retain(match.get()));
    addTraceback(*t, fp, pc);
    t->clearException();
  }
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  if (!ok) return false;
  setReg(fp, pc->a, rest ? rest.release() : none());
  setReg(fp, pc->a + 1, match ? match.release() : none());
  return true;
}
OP(MatchExcGroup) { NEXT_IF(matchGroup(t, pc, fp), MatchExcGroup); }

DX_SLOW bool makeGroup(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Result<Ref<>> r = mergeExceptionGroup(*t, fp[regIndex(pc->b)], fp[regIndex(pc->c)].as<List>());
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  return finish(fp, pc->a, r);
}
OP(MakeExcGroup) { NEXT_IF(makeGroup(t, pc, fp), MakeExcGroup); }

// What __exit__ gets: self or empty, then the exception's type, itself and its traceback.
static void exitArguments(Value self, Value e, Value* args) {
  args[0] = self;
  args[1] = args[2] = args[3] = none();
  if (isNone(e)) return;
  args[1] = Value(e.object()->type);
  args[2] = e;
  if (Value traceback = e.as<BaseException>()->traceback) args[3] = traceback;
}
bool callExit(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  u32 b = regIndex(pc->b);
  Value exit = fp[b], self = fp[b + 1];
  Value args[4];
  exitArguments(self, fp[regIndex(pc->c)], args);
  Ref<> heldTraceback = retain(args[3]);
  Result<Ref<>> r = self ? call(*t, exit, Args(args, 4)) : call(*t, exit, Args(args + 1, 3));
  return finish(fp, pc->a, r);
}
// CallOutcome::Value: the result is in its register already.
DX_SLOW CallOutcome enterExit(Thread* t, const Insn* pc, Value* fp) {
  u32 b = regIndex(pc->b);
  Value exit = fp[b], self = fp[b + 1];
  Value* at = callRegisters(t, fp);
  if (typeOf(exit) == &PyFunction_Type && roomForFrame(t, at, exit.as<Function>()->code->data)) {
    t->pc = pc;
    Code* code = exit.as<Function>()->code;
    CodeData* data = code->data;
    Value args[4];
    exitArguments(self, fp[regIndex(pc->c)], args);
    u32 skip = self ? 0 : 1, count = 4 - skip;
    for (u32 i = 0; i < count; i++) {
      at[i] = args[skip + i];
      incref(at[i]);
    }
    if (data->simpleArgs == count || (!(code->flags & bytecode::kCodeAnyGenerator) &&
                                      bindQuickly(exit.as<Function>(), at, count, nullptr, at))) {
      incref(exit);
      at[-1] = exit;
      pushPlainFrame(t, pc, fp, at, data->argRegisters, code, data);
      return CallOutcome::Frame;
    }
    for (u32 i = 0; i < count; i++) decref(std::exchange(at[i], Value()));
  }
  return callExit(t, pc, fp) ? CallOutcome::Value : CallOutcome::Error;
}
OP(CallExit) {
  CallOutcome outcome = enterExit(t, pc, fp);
  if (outcome == CallOutcome::Frame) ENTER_FRAME();
  NEXT_IF(outcome == CallOutcome::Value, CallExit);
}

DX_SLOW bool stopIterationError(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value e = fp[regIndex(pc->b)];
  u32 flags = frameCode(fp)->flags;
  const char* text = nullptr;
  if (isSubtype(e.object()->type, kStopIteration)) {
    text = flags & bytecode::kCodeAsyncGenerator ? "async generator raised StopIteration"
           : flags & bytecode::kCodeCoroutine    ? "coroutine raised StopIteration"
                                                 : "generator raised StopIteration";
  } else if ((flags & bytecode::kCodeAsyncGenerator) &&
             isSubtype(e.object()->type, kStopAsyncIteration)) {
    text = "async generator raised StopAsyncIteration";
  }
  if (!text) {
    setReg(fp, pc->a, takeOperand(fp, pc->b));
    return true;
  }
  Ref<> cause = Ref<>::steal(takeOperand(fp, pc->b));
  (void)t->raise(kRuntimeError, "{}", text);
  if (!t->matches(kRuntimeError)) return false;
  (void)chainCause(*t, std::move(cause));
  setReg(fp, pc->a, t->takeException().release());
  return true;
}
OP(StopIterationError) { NEXT_IF(stopIterationError(t, pc, fp), StopIterationError); }

OP(LoadCommon) {
  setReg(fp, pc->a, Value(pc->x == 0 ? kAssertionError : kNotImplementedError));
  NEXT(LoadCommon);
}

// ---- with ----

static Str* specialName(int which) {
  switch (which) {
    case 0:
      return DX_NAME("__enter__");
    case 1:
      return DX_NAME("__exit__");
    case 2:
      return DX_NAME("__aenter__");
    default:
      return DX_NAME("__aexit__");
  }
}
DX_COLD static void noContextManager(Thread& t, Value v, int which) {
  bool async = which >= 2;
  const char* missing = which == 0   ? "__enter__"
                        : which == 1 ? "__exit__"
                        : which == 2 ? "__aenter__"
                                     : "__aexit__";
  Type* type = typeOf(v);
  const char* protocol = async ? "asynchronous context manager" : "context manager";
  const char* other = async ? "__enter__" : "__aenter__";
  const char* otherExit = async ? "__exit__" : "__aexit__";
  if (typeLookup(type, internImmortal(other)) && typeLookup(type, internImmortal(otherExit)))
    (void)t.raise(kTypeError,
                  "'{}' object does not support the {} protocol (missed {} method) but it supports "
                  "the {} protocol. Did you mean to use '{}'?",
                  type, protocol, missing,
                  async ? "context manager" : "asynchronous context manager",
                  async ? "with" : "async with");
  else
    (void)t.raise(kTypeError, "'{}' object does not support the {} protocol (missed {} method)",
                  type, protocol, missing);
}
DX_SLOW bool loadSpecial(Thread* t, const Insn* pc, Value* fp) {
  t->pc = pc;
  Value v = fp[regIndex(pc->b)];
  Value f = typeLookup(typeOf(v), specialName(pc->x));
  if (!f) {
    noContextManager(*t, v, pc->x);
    return false;
  }
  if (typeOf(f)->has(kTypeMethodDescriptor)) {
    incref(f);
    Value self = takeOperand(fp, pc->b);
    setReg(fp, pc->a, f);
    setReg(fp, pc->a + 1, self);
    return true;
  }
  Result<Ref<>> bound = bindDescriptor(*t, retain(f), v, Value(typeOf(v)));
  killOperand(fp, pc->b);
  if (!bound) return false;
  setReg(fp, pc->a, std::move(bound).take().release());
  setReg(fp, pc->a + 1, Value());
  return true;
}
OP(LoadSpecial) { NEXT_IF(loadSpecial(t, pc, fp), LoadSpecial); }

}  // namespace dx
