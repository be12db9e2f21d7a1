// Setting frame.f_lineno: going on at another line of the running function.
//
// The temporaries that are full where the frame stands are compared with those that the target
// expects: a jump may leave loops, with statements and handlers, but not enter them. Error texts
// are CPython's, which speak of a stack.
#include "bytecode/flow_check.h"
#include "interp/monitor.h"
#include "runtime/abstract.h"
#include "runtime/errors.h"

namespace dx {

using bytecode::ExceptionRecord;
using bytecode::kOpInfo;
using bytecode::Operand;
using bytecode::OpInfo;

namespace {

enum class Held : u8 { Nothing, Value, Iterator, Exception, HandledBefore };
using State = std::vector<Held>;  // by temporary

// What the temporaries hold in front of each instruction.
class HeldFlow {
 public:
  HeldFlow(const CodeData* data, const std::vector<u8>& code)
      : data_(data), code_(code), states_(code.size() / 4) {
    flowTo(0, State(data->registerCount - data->localCount, Held::Nothing));
    while (!work_.empty()) {
      u32 at = work_.back();
      work_.pop_back();
      step(at);
    }
  }
  // Null: cannot be reached.
  const State* at(u32 offset) const {
    const auto& s = states_[offset / 4];
    return s.seen ? &s.state : nullptr;
  }

 private:
  struct Entry {
    bool seen = false;
    State state;
  };

  void flowTo(u32 at, const State& s) {
    if (at >= code_.size() || states_[at / 4].seen) return;
    states_[at / 4] = {true, s};
    work_.push_back(at);
  }
  void set(State& s, u32 reg, Held held) {
    if (reg >= data_->localCount && reg < data_->registerCount) s[reg - data_->localCount] = held;
  }

  void step(u32 at) {
    State s = states_[at / 4].state;
    const auto* insn = reinterpret_cast<const Insn*>(code_.data() + at);
    Op op = insn->opcode();
    const OpInfo& info = kOpInfo[insn->op];
    handlers(at, s);
    bool pair = info.b == Operand::Const32 || info.b == Operand::Imm32 ||
                info.b == Operand::Jump32 || info.b == Operand::Name32;
    // Only what the instruction has is read: the last one of the code may be a short one.
    auto kill = [&](Operand kind, const u16& v) {
      if ((kind == Operand::Reg || kind == Operand::Opt) && v != kNoReg && (v & kKill))
        set(s, v & ~kKill, Held::Nothing);
      if (kind == Operand::Run)
        for (u32 i = 0; i < bytecode::runLength(*insn); i++) set(s, v + i, Held::Nothing);
      if (kind == Operand::Win)
        for (u32 i = 0; i < kFrameHeader + windowArguments(*insn); i++)
          set(s, v + i, Held::Nothing);
    };
    kill(info.a, insn->a);
    if (!pair) {
      kill(info.b, insn->b);
      kill(info.c, insn->c);
    }
    if (op == Op::Release) set(s, regIndex(insn->a), Held::Nothing);
    if (op == Op::ForIter) flowTo(u32(i64(at) + insn->jump()), s);
    if (info.a == Operand::Dst) {
      Held held = op == Op::GetIter || op == Op::GetAIter ? Held::Iterator
                  : op == Op::PushExc                     ? Held::HandledBefore
                                                          : Held::Value;
      set(s, insn->a, held);
    }
    if (info.a == Operand::Out)
      for (u32 i = 0; i < bytecode::runLength(*insn); i++) set(s, insn->a + i, Held::Value);
    if (op == Op::LoadSuperAttr && (insn->x & 1)) set(s, insn->a + 1u, Held::Value);
    switch (op) {
      case Op::Jump:
      case Op::JumpBack:
        return flowTo(u32(i64(at) + insn->jump32()), s);
      case Op::CleanupThrow:
        return flowTo(u32(i64(at) + insn->jump()), s);
      case Op::Return:
      case Op::ReturnNone:
      case Op::Raise:
      case Op::Reraise:
        return;
      default:
        if (info.d == Operand::Jump && op != Op::ForIter) flowTo(u32(i64(at) + insn->jump()), s);
        flowTo(at + info.size, s);
    }
  }

  static u32 windowArguments(const Insn& i) {
    if (i.opcode() == Op::CallEx) return 2;
    bool method = i.opcode() == Op::CallMethod || (i.opcode() == Op::CallKw && (i.x & 1));
    return i.c + method;
  }

  void handlers(u32 at, const State& before) {
    const auto* e = &data_->image->view().at<ExceptionRecord>(data_->record->exceptions);
    for (u32 k = 0; k < data_->record->exceptionCount; k++) {
      if (at < e[k].start || at >= e[k].end) continue;
      State s = before;
      for (u32 r = e[k].keep; r < data_->registerCount; r++) set(s, r, Held::Nothing);
      set(s, e[k].reg, Held::Exception);
      flowTo(e[k].target, s);
      return;
    }
  }

  const CodeData* data_;
  const std::vector<u8>& code_;
  std::vector<Entry> states_;
  std::vector<u32> work_;
};

bool fits(const State& from, const State& to) {
  for (size_t i = 0; i < to.size(); i++) {
    if (to[i] == Held::Nothing) continue;
    if (from[i] == Held::Nothing || (to[i] != Held::Value && from[i] != to[i])) return false;
  }
  return true;
}

u32 depthOf(const State& s) {
  u32 n = 0;
  for (Held h : s) n += h != Held::Nothing;
  return n;
}

const char* whyNot(const State* target) {
  if (!target) return "can't jump into an exception handler, or code may be unreachable";
  for (size_t i = target->size(); i-- > 0;) {
    switch ((*target)[i]) {
      case Held::Nothing:
        continue;
      case Held::Iterator:
        return "can't jump into the body of a for loop";
      case Held::Exception:
      case Held::HandledBefore:
        return "can't jump into an 'except' block as there's no exception";
      case Held::Value:
        return "incompatible stacks";
    }
  }
  return "incompatible stacks";
}

Result<void> mayJumpNow(Thread& t, const Value* fp) {
  if (!t.reportedEvent) return t.raise(kValueError, "f_lineno can only be set in a trace function");
  if (fp != t.reportedFrame) return t.raise(kValueError, "can't jump during a call");
  switch (Event(t.reportedEvent - 1)) {
    case Event::PyStart:
    case Event::PyResume:
      return t.raise(kValueError, "can't jump from the 'call' trace event of a new frame");
    case Event::Call:
    case Event::CReturn:
      return t.raise(kValueError, "can't jump during a call");
    case Event::Line:
    case Event::Instruction:
    case Event::Jump:
    case Event::BranchLeft:
    case Event::BranchRight:
    case Event::PyYield:
      return {};
    default:
      return t.raise(kValueError, "can only jump from a 'line' trace event");
  }
}

// What is unbound becomes None: the code may have been compiled knowing that it is bound.
Result<void> bindLocals(Thread& t, Value* fp, const CodeData* data) {
  u32 unbound = 0;
  for (u32 i = 0; i < data->localCount; i++) unbound += !fp[i];
  if (!unbound) return {};
  TRY(warn(t, kRuntimeWarning, "assigning None to {} unbound local{}", unbound,
           unbound == 1 ? "" : "s"));
  for (u32 i = 0; i < data->localCount; i++)
    if (!fp[i]) fp[i] = none();
  return {};
}

}  // namespace

Result<void> jumpToLine(Thread& t, FrameObject* f, i64 line) {
  auto* fp = reinterpret_cast<Value*>(f->frame);
  TRY(mayJumpNow(t, fp));
  Code* code = f->code;
  CodeData* data = code->data;
  const CodeMonitor& m = *data->monitor;
  if (line > INT32_MAX || line < INT32_MIN) return t.raise(kValueError, "lineno out of range");
  if (line < code->firstLine)
    return t.raise(kValueError, "line {} comes before the current code block", line);

  // The places where lines begin in the text of the code; of these the first line not before.
  std::vector<std::pair<u32, i32>> starts;
  i32 last = -1, found = INT32_MAX;
  for (u32 at = 0; at < m.built.size(); at += kSizeOf[m.built[at]]) {
    i32 here = m.lines[at / 4];
    if (here <= 0 || here == last || (m.facts[at / 4] & kIsPrologue)) continue;
    last = here;
    starts.push_back({at, here});
    if (here >= line) found = std::min(found, here);
  }
  if (found == INT32_MAX)
    return t.raise(kValueError, "line {} comes after the current code block", line);

  HeldFlow flow(data, m.built);
  const Value* callee = nullptr;
  for (const Value* at = t.fp; at && at != fp; at = framePrevious(at)) callee = at;
  const State* here = flow.at(pcOffset(code, framePc(t, fp, callee)));
  if (!here) return t.raise(kValueError, "can't jump from unreachable code");
  State from = *here;
  for (u32 i = 0; i < from.size(); i++)
    if (!fp[data->localCount + i] && from[i] != Held::Value) from[i] = Held::Nothing;
  const char* why = "cannot find bytecode for specified line";
  const State* target = nullptr;
  u32 offset = 0;
  for (auto& [at, itsLine] : starts) {
    if (itsLine != found) continue;
    const State* to = flow.at(at);
    if (to && fits(from, *to)) {
      if (!target || depthOf(*to) > depthOf(*target)) target = to, offset = at;
    } else if (!target) {
      why = whyNot(to);
    }
  }
  if (!target) return t.raise(kValueError, "{}", why);
  TRY(bindLocals(t, fp, data));

  // From here on the frame is at the target.
  State keep = *target;
  t.jumpTarget = stepOver(data->insns, i32(offset));
  std::vector<Ref<>> dropped;
  for (u32 i = u32(from.size()); i-- > 0;) {
    Value& slot = fp[data->localCount + i];
    if (!slot || keep[i] != Held::Nothing) continue;
    Value v = std::exchange(slot, Value());
    if (from[i] == Held::HandledBefore)
      std::swap(v, t.excInfo->excValue),
          t.excInfo->excValue = isNone(t.excInfo->excValue) ? Value() : t.excInfo->excValue;
    dropped.push_back(Ref<>::steal(v));
  }
  return {};
}

}  // namespace dx
