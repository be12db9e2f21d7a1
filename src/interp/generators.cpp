// Generators' frames: a heap block with the same layout as a stack frame.
//
// pad[0] of a running generator is where the frames of its callees start on the stack; pad[1] is
// the instruction that resumed it. The block has two spare words for callWindow's method shift.
#include "interp/entry.h"
#include "interp/monitor.h"

namespace dx {

static size_t blockBytes(const Code* code) {
  return (kFrameHeader + code->data->registerCount + 2) * sizeof(Value);
}

static void releaseFrame(Generator* g) {
  Value* fp = g->frame;
  g->frame = nullptr;
  if (!fp) return;
  if (fp[kObject].isObject()) {
    auto* f = fp[kObject].as<FrameObject>();
    u32 n = g->code->data->localCount;
    f->pcOffset = pcOffset(g->code, frameReturn(fp));
    f->registers = static_cast<Value*>(allocate((n + 1) * sizeof(Value)));
    for (u32 i = 0; i < n; i++) f->registers[i] = std::exchange(fp[i], Value());
    f->frame = nullptr;
    fp[kObject] = Value();
    decrefObject(f);
  }
  for (u32 i = 0; i < g->code->data->registerCount; i++) decref(std::exchange(fp[i], Value()));
  decref(std::exchange(fp[kCallable], Value()));
  releaseBlock(g->block, blockBytes(g->code));
  g->block = nullptr;
}

Ref<> makeGenerator(Thread& t, Function* f, Value* registers) {
  Code* code = f->code;
  Type* type = code->flags & bytecode::kCodeCoroutine        ? &PyCoro_Type
               : code->flags & bytecode::kCodeAsyncGenerator ? &PyAsyncGen_Type
                                                             : &PyGen_Type;
  Ref<Generator> g = make<Generator>(type);
  CodeData* data = code->data;
  g->name = retain(f->name).release();
  g->qualname = retain(f->qualname).release();
  g->code = code;
  increfObject(code);
  g->block = static_cast<Value*>(allocateBlock(blockBytes(code)));
  Value* fp = g->frame = g->block + kFrameHeader;
  for (u32 i = 0; i < data->argRegisters; i++) fp[i] = std::exchange(registers[i], Value());
  for (u32 i = data->argRegisters; i < data->registerCount + 2; i++) fp[i] = Value();
  fp[kExtra] = tagged(g.get());
  fp[kObject] = Value();
  fp[kCode] = tagged(code);
  fp[kReturn] = tagged(data->insns);
  fp[kPrevious] = previousWord(nullptr, FrameKind::Entry);
  fp[kCallable] = retain(Value(f)).release();
  g->state = GenState::Created;
  gcTrack(g);
  if (type == &PyCoro_Type && t.coroutineOriginDepth > 0) setCoroutineOrigin(t, g);
  return Ref<>(std::move(g));
}

void finishGenerator(Thread& t, Value* fp) {
  Generator* g = frameGenerator(fp);
  leaveGenerator(t, fp, GenState::Cleared);
  clearField(g->excState.excValue);
  releaseFrame(g);
}

void generatorDropFrame(Generator* g) {
  g->state = GenState::Cleared;
  clearField(g->excState.excValue);
  releaseFrame(g);
}

void generatorVisitFrame(Generator* g, Visitor& v) {
  v(g->excState.excValue);
  if (!g->frame) return;
  v(g->frame[kCallable]);
  v(g->frame[kObject]);
  for (u32 i = 0; i < g->code->data->registerCount; i++) v(g->frame[i]);
}

Value generatorDelegate(Generator* g) {
  if (g->state != GenState::SuspendedYieldFrom || !g->frame) return Value();
  // A delegating Yield follows its Send: the iterator is the Send's operand.
  const Insn* yield = frameReturn(g->frame);
  const auto* base = reinterpret_cast<const u8*>(g->code->data->insns);
  const Insn* send = nullptr;
  for (const u8* p = base; p < reinterpret_cast<const u8*>(yield);) {
    auto* insn = reinterpret_cast<const Insn*>(p);
    send = insn;
    p += kSizeOf[insn->op];
  }
  if (!send || builtOpcode(g->code->data, send) != Op::Send) return Value();
  return g->frame[regIndex(send->b)];
}

static bool checkResumable(Thread& t, Generator* g) {
  if (g->state != GenState::Executing) return true;
  const char* what = g->type == &PyCoro_Type       ? "coroutine"
                     : g->type == &PyAsyncGen_Type ? "async generator"
                                                   : "generator";
  (void)t.raise(kValueError, "{} already executing", what);
  return false;
}

static bool roomFor(Thread& t) {
  if (hasRoom(t, calleeBase(t, t.fp))) return true;
  (void)t.raise(kRecursionError, "maximum recursion depth exceeded");
  return false;
}

// Stores what is sent where the Yield wants it; gives the instruction to go on from.
static const Insn* deliver(Generator* g, Value sentOwned) {
  const Insn* at = frameReturn(g->frame);
  if (g->state == GenState::Created) {
    decref(sentOwned);
    return at;
  }
  setReg(g->frame, at->a, sentOwned);
  return stepOver(at, kSizeOf[at->op]);
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
  if (!checkResumable(*t, g) || !roomFor(*t)) {
    decref(sentOwned);
    return CallOutcome::Error;
  }
  if (g->state == GenState::Created && !isNone(sentOwned)) {
    decref(sentOwned);
    (void)t->raise(kTypeError, "can't send non-None value to a just-started {}",
                   g->type == &PyCoro_Type ? "coroutine" : "generator");
    return CallOutcome::Error;
  }
  const Insn* at = deliver(g, sentOwned);
  enterGenerator(*t, g, pc, FrameKind::Resume);
  t->pc = at;
  return CallOutcome::Frame;
}

Result<Ref<>> generatorSend(Thread& t, Generator* g, Value sent, bool* finished) {
  *finished = false;
  if (!checkResumable(t, g)) return Error{};
  if (!g->frame || g->state == GenState::Cleared) {
    if (g->type == &PyCoro_Type)
      return t.raise(kRuntimeError, "cannot reuse already awaited coroutine");
    *finished = true;
    return noneRef();
  }
  if (!roomFor(t)) return Error{};
  RecursionGuard guard(t);
  TRY(guard.check());
  if (g->state == GenState::Created && !isNone(sent))
    return t.raise(kTypeError, "can't send non-None value to a just-started {}",
                   g->type == &PyCoro_Type       ? "coroutine"
                   : g->type == &PyAsyncGen_Type ? "async generator"
                                                 : "generator");
  Ref<Generator> held = retainObject(g);
  const Insn* at = deliver(g, retain(sent).release());
  enterGenerator(t, g, t.pc, FrameKind::Entry);
  Ref<> r = TRY(resumeInterpreter(t, at, false));
  *finished = !t.yielded;
  return r;
}

Result<Ref<>> generatorThrowPending(Thread& t, Generator* g, bool* finished) {
  *finished = false;
  DX_ASSERT(t.currentException);
  Ref<> exception = t.takeException();
  if (!checkResumable(t, g)) return Error{};
  if (!g->frame || g->state == GenState::Cleared) {
    t.restoreException(std::move(exception));
    return Error{};
  }
  if (!roomFor(t)) return Error{};
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
