#include "bytecode/flow_check.h"

namespace dx::bytecode {
u32 runLength(const Insn& i) {
  switch (i.opcode()) {
    case Op::CopyFreeVars:
      return i.b;
    case Op::LoadMethod:
    case Op::LoadSpecial:
    case Op::GetSlice:
    case Op::SetSlice:
    case Op::MatchExcGroup:
    case Op::MatchClass:
      return 2;
    case Op::LoadSuperAttr:
      return 3;
    case Op::BuildMap:
      return 2u * i.c;
    case Op::BuildSlice:
      return i.x;
    case Op::BuildInterpolation:
      return 2u + i.c;
    case Op::BuildTuple:
    case Op::BuildList:
    case Op::BuildSet:
    case Op::BuildString:
    case Op::UnpackSequence:
      return i.c;
    case Op::UnpackEx:
      return i.c + 1 + i.d;
    case Op::TypeParam:
      return i.x == 1 || i.x == 2 ? 2 : 1;
    case Op::TypeAlias:
      return 3;
    default:
      return 1;
  }
}

namespace {

// What a register may be, one bit each.
constexpr u8 kEmpty = 1, kFull = 2;

using State = std::vector<u8>;

class FlowCheck {
 public:
  FlowCheck(const u8* image, u32 index) : view_(image), index_(index), c_(view_.code(index)) {}

  std::string run() {
    states_.resize(c_.insnBytes / 4);
    State start(c_.registerCount + 1, kEmpty);  // never of size 0
    u32 args = c_.argCount + c_.kwOnlyCount + ((c_.flags & kCodeVarArgs) != 0) +
               ((c_.flags & kCodeVarKeywords) != 0);
    for (u32 i = 0; i < args; i++) start[i] = kFull;
    flowTo(0, start);
    while (!work_.empty() && error_.empty()) {
      u32 at = work_.back();
      work_.pop_back();
      step(at);
    }
    return std::move(error_);
  }

 private:
  void fail(u32 at, std::string what) {
    if (!error_.empty()) return;
    error_ = "code " + std::to_string(index_) + ", offset " + std::to_string(at) + " (" +
             kOpInfo[view_.at<u8>(u64(c_.insns) + at)].name + "): " + what;
  }

  std::string name(u32 reg) const {
    return reg < c_.localCount ? "local " + std::to_string(reg)
                               : "t" + std::to_string(reg - c_.localCount);
  }

  void flowTo(u32 at, const State& state) {
    State& old = states_[at / 4];
    bool changed = old.empty();
    if (changed) {
      old = state;
    } else {
      for (size_t i = 0; i < state.size(); i++) {
        u8 merged = old[i] | state[i];
        changed = changed || merged != old[i];
        old[i] = merged;
      }
    }
    if (changed) work_.push_back(at);
  }

  void read(u32 at, State& s, u32 reg, bool mayBeEmpty = false) {
    bool kill = reg & kKill;
    reg &= ~u32(kKill);
    if (s[reg] != kFull && !mayBeEmpty) fail(at, name(reg) + " may be empty");
    if (kill && reg < c_.localCount) fail(at, "a local is consumed");
    if (kill) s[reg] = kEmpty;
  }
  void consume(u32 at, State& s, u32 first, u32 count) {
    for (u32 r = first; r < first + count; r++) {
      if (s[r] != kFull) fail(at, name(r) + " may be empty");
      if (r >= c_.localCount) s[r] = kEmpty;
    }
  }
  void window(u32 at, State& s, const Insn& i) {
    u32 w = i.b;
    for (u32 r = w; r < w + kFrameHeader - 1; r++) {
      if (s[r] != kEmpty) fail(at, "window word " + name(r) + " is in use");
    }
    consume(at, s, w + kFrameHeader - 1, 1);
    u32 first = w + kFrameHeader;
    bool method = i.opcode() == Op::CallMethod || (i.opcode() == Op::CallKw && (i.x & 1));
    if (method) s[first++] = kEmpty;
    if (i.opcode() == Op::CallEx) {
      consume(at, s, first, 1);
      s[first + 1] = kEmpty;
      return;
    }
    consume(at, s, first, i.c);
  }

  void step(u32 at) {
    State s = states_[at / 4];
    const State before = s;
    u8 op = view_.at<u8>(u64(c_.insns) + at);
    const OpInfo& info = kOpInfo[op];
    Insn i{};
    memcpy(&i, view_.bytes() + c_.insns + at, info.size);

    // Reads.
    auto reads = [&](Operand kind, u32 v) {
      if (kind == Operand::Opt && v == kNoReg) return;
      if (kind != Operand::Reg && kind != Operand::Opt) return;
      Op o = i.opcode();
      bool mayBeEmpty =
          o == Op::Release || o == Op::CheckBound || o == Op::DeleteLocal || o == Op::MakeCell;
      read(at, s, v, mayBeEmpty);
    };
    reads(info.a, i.a);
    reads(info.b, i.b);
    reads(info.c, i.c);
    auto runs = [&](Operand kind, u32 v) {
      if (kind == Operand::Win) return window(at, s, i);
      if (kind == Operand::Run) consume(at, s, v, runLength(i));
    };
    runs(info.b, i.b);
    runs(info.c, i.c);
    if (i.opcode() == Op::CallExit && s[(i.b & ~u32(kKill)) + 1] != kFull)
      fail(at, "no exit function");

    // Handlers see the registers as before or after the operands were taken.
    const ExceptionRecord* e = &view_.at<ExceptionRecord>(c_.exceptions);
    for (u32 k = 0; k < c_.exceptionCount; k++) {
      if (at < e[k].start || at >= e[k].end) continue;
      State h = s;
      for (u32 r = 0; r < h.size(); r++) {
        h[r] |= before[r];
        if (r >= e[k].keep) h[r] = kEmpty;
      }
      h[e[k].reg] = kFull;
      flowTo(e[k].target, h);
      break;
    }

    // Jumps that leave the destination alone, then writes.
    if (i.opcode() == Op::ForIter) flowTo(u32(i64(at) + i.jump()), s);
    if (info.a == Operand::Dst) s[i.a] = kFull;
    if (info.a == Operand::Out) {
      for (u32 r = i.a; r < i.a + runLength(i); r++) s[r] = kFull;
    }
    switch (i.opcode()) {
      case Op::Release:
      case Op::DeleteLocal:
        s[i.a & ~u32(kKill)] = kEmpty;
        break;
      case Op::CheckBound:
      case Op::MakeCell:
        s[i.a] = kFull;
        break;
      case Op::LoadSuperAttr:
        if (i.x & 1) s[i.a + 1] = kFull;
        break;
      default:
        break;
    }
    bool ends = false;
    switch (i.opcode()) {
      case Op::Jump:
      case Op::JumpBack:
        flowTo(u32(i64(at) + i.jump32()), s);
        ends = true;
        break;
      case Op::CleanupThrow:
        flowTo(u32(i64(at) + i.jump()), s);
        ends = true;
        break;
      case Op::Return:
      case Op::ReturnNone:
        for (u32 r = c_.localCount; r < c_.registerCount; r++)
          if (s[r] & kFull) fail(at, name(r) + " is left full");
        ends = true;
        break;
      case Op::Raise:
      case Op::Reraise:
        ends = true;
        break;
      case Op::ForIter:
        break;
      default:
        if (info.d == Operand::Jump) flowTo(u32(i64(at) + i.jump()), s);
    }
    if (!ends) flowTo(at + info.size, s);
  }

  ImageView view_;
  u32 index_;
  const CodeRecord& c_;
  std::vector<State> states_;
  std::vector<u32> work_;
  std::string error_;
};

}  // namespace

std::string checkRegisterFlow(const u8* image) {
  for (u32 i = 0; i < ImageView(image).header().codeCount; i++) {
    std::string error = FlowCheck(image, i).run();
    if (!error.empty()) return error;
  }
  return "";
}

}  // namespace dx::bytecode
