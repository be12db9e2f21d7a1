// Reporting events, and the handlers of instrumented instructions.
#include "interp/monitor.h"
#include "runtime/abstract.h"
#include "runtime/slot_dispatch.h"

namespace dx {

using bytecode::kFirstInstrumented;

// ---- telling the tools ----

static const char* eventName(Event e) { return kEventNames[int(e)]; }

static bool reportToTool(Thread& t, const EventSite& site, Event e, int tool, const Args& args) {
  Ref<> callback = retain(theMonitoring.callbacks[tool][int(e)]);
  if (!callback) return true;
  Result<Ref<>> r = call(t, callback, args);
  if (!r) return false;
  if (r.peek().get() != theMonitoring.disable) return true;
  if (int(e) >= kLocalEvents) {
    clearField(theMonitoring.callbacks[tool][int(e)]);
    (void)t.raise(kValueError, "Cannot disable {} events. Callback removed.", eventName(e));
    return false;
  }
  u8 bit = u8(1u << tool);
  disableEvent(site.code, site.offset / 4, e, bit);
  bool side = e == Event::BranchLeft || e == Event::BranchRight;
  if (side && theMonitoring.branchOnly[tool]) {
    Event other = e == Event::BranchLeft ? Event::BranchRight : Event::BranchLeft;
    disableEvent(site.code, site.offset / 4, other, bit);
  }
  return true;
}

bool report(Thread& t, const EventSite& site, Event e, u8 tools, Value a, Value b) {
  if (t.tracing || !tools) return true;
  Ref<Code> heldCode = retainObject(site.code);
  Ref<> heldA = retain(a), heldB = retain(b);
  Value args[4] = {Value(site.code), e == Event::Line ? a : Value::smallInt(site.offset),
                   e == Event::Line ? Value() : a, b};
  u32 count = e == Event::Line || !a ? 2 : b ? 4 : 3;
  i32 outerEvent = std::exchange(t.reportedEvent, int(e) + 1);
  Value* outerFrame = std::exchange(t.reportedFrame, site.fp);
  t.tracing++;
  bool ok = true;
  for (int tool = kAllTools; ok && tool-- > 0;) {
    if (!(tools >> tool & 1)) continue;
    ok = tool == kTraceTool     ? reportToTrace(t, site, e, a, b)
         : tool == kProfileTool ? reportToProfile(t, site, e, a, b)
                                : reportToTool(t, site, e, tool, Args(args, count));
  }
  t.tracing--;
  t.reportedEvent = outerEvent;
  t.reportedFrame = outerFrame;
  return ok;
}

static EventSite siteAt(Value* fp, const Insn* pc) {
  Code* code = frameCode(fp);
  return {fp, code, pcOffset(code, pc)};
}

void reportException(Thread& t, Value* fp, const Insn* pc, Event e) {
  u8 tools = theMonitoring.tools[int(e)];
  if (!tools || t.tracing) return;
  bool keep = t.keepTraceback;
  t.pc = pc;
  Ref<> exception = t.takeException();
  if (report(t, siteAt(fp, pc), e, tools, exception)) {
    t.restoreException(std::move(exception));
    t.keepTraceback = keep;
  }
}

bool reportHandled(Thread& t, Value* fp, const Insn* target, Value exception) {
  t.pc = target;
  return report(t, siteAt(fp, target), Event::ExceptionHandled,
                theMonitoring.tools[int(Event::ExceptionHandled)], exception);
}

// ---- calls ----

namespace {

struct CallParts {
  Value callee, first;  // first: the first argument, or empty
};

CallParts partsOf(Op op, const Insn* pc, const Value* fp) {
  CallParts p;
  if (op == Op::CallExit) {
    u32 b = regIndex(pc->b);
    p = {fp[b], fp[b + 1] ? fp[b + 1] : none()};
  } else {
    const Value* args = fp + pc->b + kFrameHeader;
    p.callee = args[-1];
    switch (op) {
      case Op::CallEx:
        // Any iterable may stand here; only tuples have a first item yet.
        if (isTuple(args[0]) && args[0].as<Tuple>()->size > 0)
          p.first = args[0].as<Tuple>()->items[0];
        break;
      case Op::CallMethod:
        p.first = args[0] ? args[0] : pc->c > 0 ? args[1] : Value();
        break;
      case Op::CallKw:
        if (pc->x)
          p.first = args[0] ? args[0] : pc->c > 0 ? args[1] : Value();
        else
          p.first = pc->c > 0 ? args[0] : Value();
        break;
      default:
        p.first = pc->c > 0 ? args[0] : Value();
    }
  }
  if (p.callee.isObject() && p.callee.object()->type == &PyMethod_Type) {
    p.first = p.callee.as<Method>()->self;
    p.callee = p.callee.as<Method>()->function;
  }
  return p;
}

bool isPython(Value callee) {
  return callee.isObject() && callee.object()->type == &PyFunction_Type;
}

// Does anybody care how a call of native code ends?
bool watchesReturn(const Thread& t, u8 tools) {
  if ((tools >> kProfileTool & 1) && t.profileFunction) return true;
  for (int tool = 0; tool < kMonitorTools; tool++)
    if ((tools >> tool & 1) && (theMonitoring.callbacks[tool][int(Event::CReturn)] ||
                                theMonitoring.callbacks[tool][int(Event::CRaise)]))
      return true;
  return false;
}

CallOutcome callOp(Thread* t, Op op, const Insn* pc, Value* fp) {
  if (op == Op::CallKw) return callKeywords(t, pc, fp);
  if (op == Op::CallEx) return callEx(t, pc, fp);
  Value* args = fp + pc->b + kFrameHeader;
  if (op == Op::Call) return callWindow(t, pc, fp, args, pc->c, nullptr);
  u32 argc = pc->c + 1;
  if (!args[0]) {
    args[0] = args[-1];
    args[-1] = Value();
    args++;
    argc--;
  }
  return callWindow(t, pc, fp, args, argc, nullptr);
}

}  // namespace

bool callExit(Thread* t, const Insn* pc, Value* fp);  // ops/exceptions.cpp

// A call of native code, with CReturn or CRaise after it. CallExit stores its result itself.
static CallOutcome reportedCall(Thread* t, const Insn* pc, Value* fp) {
  Code* code = frameCode(fp);
  Ref<Code> held = retainObject(code);
  CodeMonitor& m = *code->data->monitor;
  EventSite site = siteAt(fp, pc);
  Op op = builtOpcode(code->data, pc);
  u8 tools = m.toolsAt(Event::Call, site.offset / 4);
  CallParts parts = partsOf(op, pc, fp);
  Ref<> callee = retain(parts.callee),
        first = retain(parts.first ? parts.first : theMonitoring.missing);
  CallOutcome outcome;
  if (op == Op::CallExit) {
    outcome = callExit(t, pc, fp) ? CallOutcome::Value : CallOutcome::Error;
  } else {
    outcome = callOp(t, op, pc, fp);
  }
  if (outcome == CallOutcome::Frame) return outcome;
  t->pc = pc;
  tools &= m.toolsAt(Event::Call, site.offset / 4);  // the call may have ended the watching
  if (outcome == CallOutcome::Value) {
    Ref<> result = Ref<>::steal(std::exchange(t->returnValue, Value()));
    if (!report(*t, site, Event::CReturn, tools, callee, first)) return CallOutcome::Error;
    t->returnValue = result.release();
    return outcome;
  }
  Ref<> exception = t->takeException();
  if (report(*t, site, Event::CRaise, tools, callee, first))
    t->restoreException(std::move(exception));
  return outcome;
}

// ---- instrumented instructions ----

namespace {

// What beforeInstruction says when it does not give the opcode to go on with.
constexpr u32 kRaiseNow = 256, kDispatchAgain = 257, kCallHere = 258;

// How control came to an instruction that wants to know; false: exception.
bool reportArrival(Thread& t, const EventSite& site, const CodeMonitor& m, u32 from) {
  const auto* source = reinterpret_cast<const Insn*>(m.built.data() + from);
  u16 facts = m.facts[site.offset / 4];
  if ((facts & kAfterBranch) && (m.facts[from / 4] & kIsBranch)) {
    bool right = from + kSizeOf[source->op] != site.offset;
    Event e = right ? Event::BranchRight : Event::BranchLeft;
    u8 tools = m.toolsAt(e, from / 4);
    t.pc = stepOver(site.code->data->insns, i32(from));
    if (tools && !report(t, {site.fp, site.code, from}, e, tools, Value::smallInt(site.offset)))
      return false;
  }
  if ((facts & kAfterSend) && source->opcode() == Op::Send) {
    u8 tools = m.toolsAt(Event::StopIteration, site.offset / 4);
    Value iterator = site.fp[regIndex(source->b)];
    bool generator = iterator.isObject() && (iterator.object()->type == &PyGen_Type ||
                                             iterator.object()->type == &PyCoro_Type);
    if (tools && generator) {
      Value result = site.fp[source->a];
      Ref<> value = retain(result ? result : none());
      (void)raiseStopIteration(t, value);
      if (!t.matches(kStopIteration)) return false;
      Ref<> stop = t.takeException();
      if (!report(t, site, Event::StopIteration, tools, stop)) return false;
    }
  }
  return true;
}

bool beginsLine(const CodeMonitor& m, u32 unit, i64 from) {
  u16 facts = m.facts[unit];
  if (facts & kStartsLine) return true;
  if (!(facts & kMayStartLine)) return false;
  return from < 0 || m.lines[size_t(from) / 4] != m.lines[unit] ||
         (m.facts[size_t(from) / 4] & kIsPrologue);
}

// Reports what there is to report; gives the opcode that stood here.
u32 beforeInstruction(Thread* thread, const Insn* pc, Value* fp) {
  Thread& t = *thread;
  t.pc = pc;
  Code* code = frameCode(fp);
  CodeMonitor& m = *code->data->monitor;
  if (m.version != theMonitoring.version) {
    instrumentIfStale(t, code);
    if (pc->op < kFirstInstrumented) return pc->op;
  }
  EventSite site = siteAt(fp, pc);
  u32 unit = site.offset / 4;
  Op op = Op(m.built[site.offset]);
  if (t.tracing) return u32(op);
  auto tell = [&](Event e, Value a = Value(), Value b = Value()) {
    u8 tools = m.toolsAt(e, unit);
    return !tools || report(t, site, e, tools, a, b);
  };
  auto jumped = [&] {
    if (!t.jumpTarget) return false;
    notePath(t, fp, pc);
    t.pc = std::exchange(t.jumpTarget, nullptr);
    return true;
  };
  u16 facts = m.facts[unit];
  i64 from = -1;
  if (m.watch[unit] & kArrives) {
    from = notedPath(t, fp);
    if (from >= 0 && !reportArrival(t, site, m, u32(from))) return kRaiseNow;
    if (jumped()) return kDispatchAgain;
    t.pc = pc;
  }
  if (facts & kIsStart && !tell(Event::PyStart)) return kRaiseNow;
  if (facts & kIsResume && !tell(Event::PyResume)) return kRaiseNow;
  if (m.active[int(Event::Line)] && beginsLine(m, unit, from)) {
    if (!tell(Event::Line, Value::smallInt(m.lines[unit]))) return kRaiseNow;
    if (jumped()) return kDispatchAgain;
  }
  if (m.active[int(Event::Instruction)]) {
    if (!tell(Event::Instruction)) return kRaiseNow;
    if (jumped()) return kDispatchAgain;
  }
  if (facts & kIsReturn) {
    Value result = op == Op::Return ? fp[regIndex(pc->a)] : none();
    if (!tell(Event::PyReturn, result)) return kRaiseNow;
  } else if (facts & kIsYield) {
    if (!tell(Event::PyYield, fp[regIndex(pc->b)])) return kRaiseNow;
    if (jumped()) return kDispatchAgain;
  } else if (facts & kIsJump) {
    if (!tell(Event::Jump, Value::smallInt(i64(site.offset) + pc->jump32()))) return kRaiseNow;
    if (jumped()) return kDispatchAgain;
  }
  if (m.watch[unit] & kNotesPath) notePath(t, fp, pc);
  if (!(facts & kIsCall)) return u32(op);
  u8 tools = m.toolsAt(Event::Call, unit);
  if (!tools || (op == Op::CallExit && !isNone(fp[regIndex(pc->c)]))) return u32(op);
  CallParts parts = partsOf(op, pc, fp);
  bool native = !isPython(parts.callee);
  if (!report(t, site, Event::Call, tools, parts.callee,
              parts.first ? parts.first : theMonitoring.missing))
    return kRaiseNow;
  return native && watchesReturn(t, m.toolsAt(Event::Call, unit)) ? kCallHere : u32(op);
}

// 1 item stored, 0 exhausted, -1 exception.
int forIterReported(Thread* t, const Insn* pc, Value* fp) {
  Result<Ref<>> r = nextKeepingStop(*t, fp[regIndex(pc->b)]);
  if (r) {
    setReg(fp, pc->a, std::move(r).take().release());
    return 1;
  }
  if (!t->hasException()) return 0;
  if (!t->matches(kStopIteration)) return -1;
  reportException(*t, fp, pc, Event::Raise);
  t->clearException();
  return 0;
}

bool isGenerator(Value it) { return it.isObject() && it.object()->type == &PyGen_Type; }

}  // namespace

#define GO_ON(next)                       \
  do {                                    \
    if ((next) < 256) [[clang::musttail]] \
      return kHandlers[next](DX_PASS);    \
    if ((next) == kRaiseNow) RAISE();     \
    if ((next) == kDispatchAgain) {       \
      pc = t->pc;                         \
      DISPATCH();                         \
    }                                     \
  } while (0)

OP(Instrumented4) {
  u32 next = beforeInstruction(t, pc, fp);
  GO_ON(next);
  DISPATCH();
}

OP(Instrumented8) {
  u32 next = beforeInstruction(t, pc, fp);
  GO_ON(next);
  CallOutcome outcome = reportedCall(t, pc, fp);
  if (outcome == CallOutcome::Frame) ENTER_FRAME();
  if (outcome == CallOutcome::Error) RAISE();
  if (t->returnValue) {  // else CallExit has stored it
    setReg(fp, pc->a, t->returnValue);
    t->returnValue = Value();
  }
  NEXT(CallEx);
}

OP(Instrumented12) {
  u32 next = beforeInstruction(t, pc, fp);
  GO_ON(next);
  AFTER_CALL(reportedCall(t, pc, fp), Call);
}

OP(InstrumentedForIter) {
  u32 next = beforeInstruction(t, pc, fp);
  if (next == u32(Op::ForIter) && theMonitoring.tools[int(Event::Raise)] && !isGenerator(REG(b))) {
    int more = forIterReported(t, pc, fp);
    if (more > 0) NEXT(ForIter);
    if (more < 0) RAISE();
    GOTO(pc->jump());
  }
  GO_ON(next);
  DISPATCH();
}

}  // namespace dx
