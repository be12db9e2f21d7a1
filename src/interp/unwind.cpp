// Exceptions: table look-up and leaving frames.
#include "interp/entry.h"
#include "interp/monitor.h"

namespace dx {

using bytecode::ExceptionRecord;

static const ExceptionRecord* findHandler(const CodeData* data, const Insn* pc) {
  u32 at = u32(reinterpret_cast<const u8*>(pc) - reinterpret_cast<const u8*>(data->insns));
  const auto* r = &data->image->view().at<ExceptionRecord>(data->record->exceptions);
  u32 count = data->unverified ? 0 : data->record->exceptionCount;
  for (u32 i = 0; i < count; i++)
    if (at >= r[i].start && at < r[i].end) return &r[i];
  return nullptr;
}

namespace {
// The exception that was handled last, and where it came from.
struct Raised {
  const Value* fp;
  const Insn* pc;
};
thread_local Raised lastRaised;
}  // namespace

// The place of the pending exception in its frame. Ends of handlers that hand it on count as where
// it came from.
static const Insn* raisedAt(Thread& t, const Value* fp, const Insn* pc) {
  const Code* code = frameCode(fp);
  if (builtOpcode(code->data, pc) != Op::Reraise || pc->x == 0) return pc;
  if (lastRaised.fp == fp) return lastRaised.pc;
  // Something else was handled since; the traceback still knows, unless it begins in another frame.
  Value tb = t.currentException->traceback;
  if (!tb || isNone(tb) || tb.as<Traceback>()->frame->frame != reinterpret_cast<const Frame*>(fp))
    return pc;
  return stepOver(code->data->insns, tb.as<Traceback>()->lasti);
}

bool generatorWantsExit(Generator* g) {
  CodeData* data = g->code->data;
  const Insn* pc = frameReturn(g->frame);
  for (;;) {
    const ExceptionRecord* handler = findHandler(data, pc);
    if (!handler) return false;
    pc = stepOver(data->insns, i32(handler->target));
    Op op = builtOpcode(data, pc);
    if (op == Op::StopIterationError) return false;
    if (op != Op::CleanupThrow) return true;
  }
}

// Where to go on: the handler's instruction of frame t->fp, or null when the exception leaves to
// C++.
DX_SLOW static const Insn* unwind(Thread* t, const Insn* pc, Value* fp) {
  for (;;) {
    t->pc = pc;
    DX_ASSERT(t->currentException);
    CodeData* data = frameCode(fp)->data;
    if (!t->keepTraceback) addTraceback(*t, fp, pc);
    if (theMonitoring.exceptionTools) [[unlikely]]
      reportException(*t, fp, pc, t->keepTraceback ? Event::Reraise : Event::Raise);
    t->keepTraceback = false;
    if (const ExceptionRecord* handler = findHandler(data, pc)) {
      lastRaised = {fp, raisedAt(*t, fp, pc)};
      Ref<> exception = t->takeException();
      for (u32 i = handler->keep; i < data->registerCount; i++)
        if (fp[i]) decref(std::exchange(fp[i], Value()));
      setReg(fp, handler->reg, exception.release());
      const Insn* target = stepOver(data->insns, i32(handler->target));
      if (data->monitor) [[unlikely]] {
        // What is thrown into a generator comes from its resumption, which hides no line.
        const Insn* from = lastRaised.pc;
        notePath(*t, fp,
                 builtOpcode(data, from) == Op::Yield ? stepOver(from, kSizeOf[from->op]) : from);
        if (theMonitoring.exceptionTools && !reportHandled(*t, fp, target, fp[handler->reg])) {
          pc = target;
          continue;
        }
      }
      return target;
    }
    t->pc = pc = raisedAt(*t, fp, pc);
    if (theMonitoring.exceptionTools) [[unlikely]]
      reportException(*t, fp, pc, Event::PyUnwind);
    FrameKind kind = frameKind(fp);
    const Insn* back = frameReturn(fp);
    if (isGeneratorFrame(fp)) {
      back = resumedBy(fp);
      finishGenerator(*t, fp, false);
    } else {
      popFrame(*t, fp);
    }
    if (kind == FrameKind::Entry) {
      t->returnValue = Value();
      return nullptr;
    }
    fp = t->fp;
    pc = back;
  }
}

__attribute__((preserve_none)) void opUnwind(DX_STATE) {
  pc = unwind(t, pc, fp);
  if (!pc) return;
  RELOAD_FRAME();
  DISPATCH();
}

}  // namespace dx
