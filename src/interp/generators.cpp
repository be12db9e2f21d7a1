// Generators' frames: a heap block with the same layout as a stack frame, mostly behind the
// generator object itself. It has two spare words for callWindow's method shift.
#include "interp/entry.h"
#include "interp/monitor.h"
#include "runtime/delegation.h"

namespace dx {

static size_t frameBytes(const Code* code) {
  return (kFrameHeader + code->data->registerCount + 2) * sizeof(Value);
}
// Bytes of the generator object with its frame, or without when that has its own block.
static size_t objectBytes(const Code* code) {
  size_t both = sizeof(Generator) + frameBytes(code);
  return both <= 480 ? both : sizeof(Generator);
}

// `count` registers may be full.
static void releaseFrame(Generator* g, u32 count) {
  Value* fp = g->frame;
  g->frame = nullptr;
  if (!fp) return;
  CodeData* data = g->code->data;
  if (fp[kObject].isObject()) [[unlikely]] {
    auto* f = fp[kObject].as<FrameObject>();
    u32 n = data->localCount;
    f->pcOffset = pcOffset(g->code, frameReturn(fp));
    f->registers = static_cast<Value*>(allocate((n + 1) * sizeof(Value)));
    for (u32 i = 0; i < n; i++) f->registers[i] = std::exchange(fp[i], Value());
    f->frame = nullptr;
    fp[kObject] = Value();
    decrefObject(f);
  }
  for (u32 i = 0; i < count; i++) {
    Value v = fp[i];
    if (!v) continue;
    if (v.isImmediate()) continue;
    fp[i] = Value();
    decrefObject(v.object());
  }
  decref(std::exchange(fp[kCallable], Value()));
  if (g->block) releaseBlock(g->block, frameBytes(g->code));
  g->block = nullptr;
}

Ref<> makeGenerator(Thread& t, Function* f, Value* registers) {
  Code* code = f->code;
  Type* type = code->flags & bytecode::kCodeCoroutine        ? &PyCoro_Type
               : code->flags & bytecode::kCodeAsyncGenerator ? &PyAsyncGen_Type
                                                             : &PyGen_Type;
  size_t bytes = objectBytes(code);
  auto* g = static_cast<Generator*>(newGcObjectUninitialized(type, bytes));
  memset(reinterpret_cast<u8*>(g) + sizeof(Object), 0, sizeof(Generator) - sizeof(Object));
  CodeData* data = code->data;
  g->name = retain(f->name).release();
  g->qualname = retain(f->qualname).release();
  g->code = code;
  increfObject(code);
  auto* block = reinterpret_cast<Value*>(g + 1);
  if (bytes == sizeof(Generator))
    block = g->block = static_cast<Value*>(allocateBlock(frameBytes(code)));
  Value* fp = g->frame = block + kFrameHeader;
  u32 given = data->argRegisters;
  for (u32 i = 0; i < given; i++) fp[i] = std::exchange(registers[i], Value());
  memset(static_cast<void*>(fp + given), 0, (data->registerCount + 2 - given) * sizeof(Value));
  fp[kExtra] = tagged(g);
  fp[kObject] = Value();
  fp[kCode] = tagged(code);
  fp[kReturn] = tagged(data->insns);
  fp[kPrevious] = previousWord(nullptr, FrameKind::Entry);
  fp[kCallable] = retain(Value(f)).release();
  g->state = GenState::Created;
  gcTrack(g);
  Ref<> made = Ref<>::steal(g);
  if (type == &PyCoro_Type && t.coroutineOriginDepth > 0) setCoroutineOrigin(t, g);
  return made;
}

void freeGenerator(Generator* g) {
  size_t bytes = objectBytes(g->code);
  decrefObject(g->code);
  freeGcObject(g, bytes);
}

void finishGenerator(Thread& t, Value* fp, bool returned) {
  Generator* g = frameGenerator(fp);
  if (g->chain) unlinkLeaf(g);
  leaveGenerator(t, fp, GenState::Cleared);
  clearField(g->excState.excValue);
  // Returns leave temporaries empty (bytecode/flow_check.h).
  releaseFrame(g, returned ? g->code->data->localCount : g->code->data->registerCount);
}

void settleGenerator(Generator* g) {
  Generator* top = g;
  while (top->chain) top = top->chain;
  if (!top->leaf || top->state == GenState::Executing) return;
  for (Generator* at = top->leaf; at != top;) {
    Value* fp = at->frame;
    Generator* parent = frameGenerator(framePrevious(fp));
    at->state = frameReturn(fp)->x == 1 ? GenState::SuspendedYieldFrom : GenState::Suspended;
    at->excState.previous = nullptr;
    at->chain = nullptr;
    fp[kPrevious] = previousWord(nullptr, FrameKind::Entry);
    at = parent;
  }
  top->leaf = nullptr;
  top->chainLength = 0;
}

void generatorDropFrame(Generator* g) {
  settleGenerator(g);
  g->state = GenState::Cleared;
  clearField(g->excState.excValue);
  releaseFrame(g, g->code->data->registerCount);
}

void generatorVisitFrame(Generator* g, Visitor& v) {
  v(g->excState.excValue);
  if (!g->frame) return;
  v(g->frame[kCallable]);
  v(g->frame[kObject]);
  for (u32 i = 0; i < g->code->data->registerCount; i++) v(g->frame[i]);
}

Value generatorDelegate(Generator* g) {
  settleGenerator(g);
  if (g->state != GenState::SuspendedYieldFrom || !g->frame) return Value();
  const Insn* yield = frameReturn(g->frame);
  return yield->c == kNoReg ? Value() : g->frame[regIndex(yield->c)];
}

void enterDelegation(Thread& t, Generator* g) {
  ExcStackItem* handled = t.excInfo;
  enterGenerator(t, g, t.pc, FrameKind::Entry);
  t.excInfo = handled;
  t.pc = frameReturn(g->frame);
}

void leaveDelegation(Thread& t, Generator* g) {
  t.pc = resumedBy(g->frame);
  leaveGenerator(t, g->frame, GenState::SuspendedYieldFrom);
}

static bool checkResumable(Thread& t, Generator* g) {
  if (g->chain) settleGenerator(g);
  if (g->state != GenState::Executing) return true;
  const char* what = g->type == &PyCoro_Type       ? "coroutine"
                     : g->type == &PyAsyncGen_Type ? "async generator"
                                                   : "generator";
  (void)t.raise(kValueError, "{} already executing", what);
  return false;
}

static bool roomFor(Thread& t, Generator* g) {
  if (hasRoom(t, calleeBase(t, t.fp), g->chainLength)) return true;
  settleGenerator(g);
  if (hasRoom(t, calleeBase(t, t.fp), 0)) return true;
  (void)t.raise(kRecursionError, "maximum recursion depth exceeded");
  return false;
}

// Enters a generator that is not running; gives the instruction to go on from.
static const Insn* enterAny(Thread& t, Generator* g, const Insn* pc, FrameKind kind,
                            Value sentOwned) {
  if (g->state != GenState::Created) return enterSuspended(t, g, pc, kind, sentOwned);
  decref(sentOwned);
  enterGenerator(t, g, pc, kind);
  return frameReturn(g->frame);
}

DX_SLOW const Insn* beginGenerator(Thread* t, const Insn* pc, Value* fp, Generator* g, Value sent) {
  if (g->state != GenState::Created || !g->frame || !isNone(sent) ||
      !hasRoom(*t, calleeBase(*t, fp), 0))
    return nullptr;
  enterGenerator(*t, g, pc, FrameKind::Resume);
  return frameReturn(g->frame);
}

DX_SLOW CallOutcome resumeGenerator(Thread* t, const Insn* pc, Value* fp, Generator* g,
                                    Value sentOwned) {
  t->pc = pc;
  if (!g->frame || g->state == GenState::Cleared) {
    decref(sentOwned);
    t->returnValue = none();
    if (g->type == &PyCoro_Type) {
      t->returnValue = Value();
      (void)t->raise(kRuntimeError, "cannot reuse already awaited coroutine");
      return CallOutcome::Error;
    }
    return CallOutcome::Value;
  }
  if (!checkResumable(*t, g) || !roomFor(*t, g)) {
    decref(sentOwned);
    return CallOutcome::Error;
  }
  if (g->state == GenState::Created && !isNone(sentOwned)) {
    decref(sentOwned);
    (void)t->raise(kTypeError, "can't send non-None value to a just-started {}",
                   g->type == &PyCoro_Type ? "coroutine" : "generator");
    return CallOutcome::Error;
  }
  t->pc = enterAny(*t, g, pc, FrameKind::Resume, sentOwned);
  return CallOutcome::Frame;
}

DX_NOINLINE static Result<Ref<>> sendSlowly(Thread& t, Generator* g, Value sent, bool* finished) {
  *finished = false;
  if (!checkResumable(t, g)) return Error{};
  if (!g->frame || g->state == GenState::Cleared) {
    if (g->type == &PyCoro_Type)
      return t.raise(kRuntimeError, "cannot reuse already awaited coroutine");
    *finished = true;
    return noneRef();
  }
  if (!roomFor(t, g)) return Error{};
  RecursionGuard guard(t);
  TRY(guard.check());
  if (g->state == GenState::Created && !isNone(sent))
    return t.raise(kTypeError, "can't send non-None value to a just-started {}",
                   g->type == &PyCoro_Type       ? "coroutine"
                   : g->type == &PyAsyncGen_Type ? "async generator"
                                                 : "generator");
  Ref<Generator> held = retainObject(g);
  const Insn* at = enterAny(t, g, t.pc, FrameKind::Entry, retain(sent).release());
  Ref<> r = TRY(resumeInterpreter(t, at, false));
  *finished = !t.yielded;
  return r;
}

Result<Ref<>> generatorSend(Thread& t, Generator* g, Value sent, bool* finished) {
  if (!isSuspended(g) || !hasRoom(t, calleeBase(t, t.fp), g->chainLength) ||
      !RecursionGuard(t).check()) [[unlikely]] {
    t.clearException();  // of the guard: the slow way meets it again
    return sendSlowly(t, g, sent, finished);
  }
  Ref<Generator> held = retainObject(g);
  incref(sent);
  const Insn* at = enterSuspended(t, g, t.pc, FrameKind::Entry, sent);
  Result<Ref<>> r = resumeInterpreter(t, at, false);
  *finished = r && !t.yielded;
  return r;
}

Result<Ref<>> generatorThrowPending(Thread& t, Generator* g, bool* finished) {
  *finished = false;
  DX_ASSERT(t.currentException);
  Ref<> exception = t.takeException();
  settleGenerator(g);
  if (!checkResumable(t, g)) return Error{};
  if (!g->frame || g->state == GenState::Cleared) {
    t.restoreException(std::move(exception));
    return Error{};
  }
  if (!roomFor(t, g)) return Error{};
  Ref<Generator> held = retainObject(g);
  const Insn* at = frameReturn(g->frame);
  enterGenerator(t, g, t.pc, FrameKind::Entry);
  // What is thrown in gets the generator's own handled exception as context.
  (void)t.raiseException(std::move(exception));
  if (theMonitoring.exceptionTools) [[unlikely]]
    reportException(t, g->frame, at, Event::PyThrow);
  Ref<> r = TRY(resumeInterpreter(t, at, true));
  *finished = !t.yielded;
  return r;
}

}  // namespace dx
