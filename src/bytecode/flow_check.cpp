#include "bytecode/flow_check.h"

#include "bytecode/verifier.h"

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

// What a register may hold, one bit each. Operations that rely on what an earlier one made see to
// it that nothing else comes along. That is known of temporaries only: programs can write locals
// through frame.f_locals.
enum Type : u16 {
  kEmpty = 1 << 0,
  kValue = 1 << 1,  // any object that is none of the following for sure
  kNone = 1 << 2,
  kExc = 1 << 3,      // an exception
  kExcList = 1 << 4,  // a list of exceptions and None that nothing else refers to
  kList = 1 << 5,
  kSet = 1 << 6,
  kDict = 1 << 7,
  kTuple = 1 << 8,
  kStrTuple = 1 << 9,
  kCellTuple = 1 << 10,  // `detail` cells
  kStr = 1 << 11,
  kCell = 1 << 12,
  kFunction = 1 << 13,
  kOpenFunction = 1 << 14,  // wants a closure of `detail` cells
  kTypeParam = 1 << 15,
};
constexpr u16 kAnyTuple = kTuple | kStrTuple | kCellTuple, kAnyList = kList | kExcList;
constexpr u16 kMixedDetail = 0xFFFF;

struct Register {
  u16 type = kEmpty;
  u16 detail = 0;
  bool operator==(const Register&) const = default;
  bool is(u16 types) const { return (type & ~types) == 0; }
};

using State = std::vector<Register>;

class FlowCheck {
 public:
  FlowCheck(const ImageView& image, u32 index)
      : view_(image), index_(index), c_(view_.code(index)) {}

  std::string run() {
    states_.resize(c_.insnBytes / 4);
    joins_.resize(c_.insnBytes / 4);
    slots_.resize(c_.slotCount);
    State start(c_.registerCount + 1);  // never of size 0
    u32 args = c_.argCount + c_.kwOnlyCount + ((c_.flags & kCodeVarArgs) != 0) +
               ((c_.flags & kCodeVarKeywords) != 0);
    for (u32 i = 0; i < args; i++) start[i].type = kValue;
    for (u32 at = 0; at < c_.insnBytes && error_.empty();) {
      Insn i = insn(at);
      const OpInfo& info = kOpInfo[i.op];
      alone(at, i);
      if (info.b == Operand::Jump32) joins_[u32(i64(at) + i.jump32()) / 4] = true;
      if (info.d == Operand::Jump) joins_[u32(i64(at) + i.jump()) / 4] = true;
      at += info.size;
    }
    const ExceptionRecord* handlers = &view_.at<ExceptionRecord>(c_.exceptions);
    for (u32 i = 0; i < c_.exceptionCount; i++) joins_[handlers[i].target / 4] = true;
    flowTo(0, start);
    while (!work_.empty() && error_.empty()) {
      u32 at = work_.back();
      work_.pop_back();
      // States are kept where ways meet; between, one is carried on.
      current_ = states_[at / 4];
      while (error_.empty()) {
        at = step(at, current_);
        if (at == kNowhere) break;
        if (at >= c_.insnBytes || joins_[at / 4]) {
          flowTo(at, current_);
          break;
        }
      }
    }
    return std::move(error_);
  }

 private:
  void fail(u32 at, std::string what) {
    if (!error_.empty()) return;
    error_ = "code " + std::to_string(index_) + ", offset " + std::to_string(at) + " (" +
             kOpInfo[view_.at<u8>(u64(c_.insns) + at)].name + "): " + what;
  }

  Insn insn(u32 at) const {
    Insn i{};
    const u8* bytes = view_.bytes() + c_.insns + at;
    memcpy(&i, bytes, kOpInfo[*bytes].size);
    return i;
  }
  u8 kindOf(u32 reg) const { return reg < c_.localCount ? (&view_.at<u8>(c_.localKinds))[reg] : 0; }
  u32 freeCount(const CodeRecord& c) const {
    u32 n = 0;
    for (u32 i = 0; i < c.localCount; i++)
      n += ((&view_.at<u8>(c.localKinds))[i] & kLocalFree) != 0;
    return n;
  }

  std::string name(u32 reg) const {
    return reg < c_.localCount ? "local " + std::to_string(reg)
                               : "t" + std::to_string(reg - c_.localCount);
  }

  // What does not depend on the way that led here.
  void alone(u32 at, const Insn& i) {
    Op op = i.opcode();
    const OpInfo& info = kOpInfo[i.op];
    // Feedback of one instruction means something else to another.
    auto slot = [&](u32 number) {
      if (number == 0) return;
      u64 user = (u64(i.op) << 32 | (info.d == Operand::Name ? i.d : 0)) + 1;
      if (slots_[number] == 0) slots_[number] = user;
      if (slots_[number] != user) fail(at, "its feedback slot belongs to another instruction");
    };
    if (info.b == Operand::Slot) slot(i.b);
    if (info.c == Operand::Slot) slot(i.c);
    if (info.d == Operand::Slot) slot(i.d);
    auto notFree = [&](u32 reg) {
      if (kindOf(reg & ~u32(kKill)) & kLocalFree) fail(at, "writes a free variable's register");
    };
    if (info.a == Operand::Dst || op == Op::Release || op == Op::DeleteLocal || op == Op::MakeCell)
      notFree(i.a);
    if (info.a == Operand::Out && op != Op::CopyFreeVars)
      for (u32 r = i.a; r < i.a + runLength(i); r++) notFree(r);
    bool resumes = i.x != 0;
    switch (op) {
      case Op::Enter:
        if (resumes != (at > 0) || i.x > 2) fail(at, "wrong entry");
        if (resumes && previous_ != Op::Yield) fail(at, "no yield before it");
        break;
      case Op::Yield:
        if (!(c_.flags & kCodeAnyGenerator)) fail(at, "not in a generator");
        if (at + info.size >= c_.insnBytes || insn(at + info.size).opcode() != Op::Enter)
          fail(at, "no entry after it");
        // Who resumes the delegate is looked for before a yield.
        if (i.x == 1 && i.c != kNoReg) {
          bool sent = previous_ == Op::Send && ((previousB_ ^ i.c) & ~u32(kKill)) == 0;
          if (!sent) fail(at, "no send before it");
        }
        break;
      case Op::AsyncGenWrap:
        if (!(c_.flags & kCodeAsyncGenerator)) fail(at, "not in an async generator");
        break;
      case Op::CopyFreeVars: {
        bool same = i.b == freeCount(c_);
        for (u32 r = i.a; same && r < u32(i.a) + i.b; r++) same = kindOf(r) & kLocalFree;
        if (!same) fail(at, "not the free variables");
        break;
      }
      case Op::LoadSuperAttr:
        if ((i.x & 1) && u32(i.a) + 1 >= c_.registerCount) fail(at, "registers out of range");
        break;
      case Op::FormatValue:
      case Op::BuildInterpolation:
        if (i.x != 0 && i.x != 'r' && i.x != 's' && i.x != 'a') fail(at, "bad conversion");
        break;
      default:
        break;
    }
    previous_ = op;
    previousB_ = i.b;
  }

  void flowTo(u32 at, const State& state) {
    if (at >= c_.insnBytes) return fail(0, "control runs over the end");
    State& old = states_[at / 4];
    bool changed = old.empty();
    if (changed) {
      old = state;
    } else {
      for (size_t i = 0; i < state.size(); i++) {
        Register merged = old[i];
        if ((state[i].type & ~u16(kEmpty)) != 0) {
          if ((merged.type & ~u16(kEmpty)) == 0)
            merged.detail = state[i].detail;
          else if (merged.detail != state[i].detail)
            merged.detail = kMixedDetail;
        }
        merged.type |= state[i].type;
        changed = changed || !(merged == old[i]);
        old[i] = merged;
      }
    }
    if (changed) work_.push_back(at);
  }

  void write(State& s, u32 reg, u16 type, u16 detail = 0) {
    // A cell stays what it is: writing the variable changes its content.
    if (reg < c_.localCount && type != kCell) type = kValue, detail = 0;
    s[reg] = {type, detail};
  }

  void read(u32 at, State& s, u32 reg, bool mayBeEmpty) {
    bool kill = reg & kKill;
    reg &= ~u32(kKill);
    if ((s[reg].type & kEmpty) && !mayBeEmpty) fail(at, name(reg) + " may be empty");
    if (kill && reg < c_.localCount) fail(at, "a local is consumed");
    if (kill) s[reg] = {};
  }
  void consume(u32 at, State& s, u32 first, u32 count) {
    for (u32 r = first; r < first + count; r++) {
      if (s[r].type & kEmpty) fail(at, name(r) + " may be empty");
      if (r < c_.localCount) fail(at, "a local is consumed");
      s[r] = {};
    }
  }
  void window(u32 at, State& s, const Insn& i) {
    u32 w = i.b;
    if (w < c_.localCount) fail(at, "the window covers locals");
    for (u32 r = w; r < w + kFrameHeader - 1; r++) {
      if (s[r].type != kEmpty) fail(at, "window word " + name(r) + " is in use");
    }
    consume(at, s, w + kFrameHeader - 1, 1);
    u32 first = w + kFrameHeader;
    bool method = i.opcode() == Op::CallMethod || (i.opcode() == Op::CallKw && (i.x & 1));
    if (method) s[first++] = {};
    if (i.opcode() == Op::CallEx) {
      consume(at, s, first, 1);
      s[first + 1] = {};
      first += 2;
    } else {
      consume(at, s, first, i.c);
      first += i.c;
    }
    // The callee's registers begin at its arguments.
    for (u32 r = first; r < c_.registerCount; r++) {
      if (s[r].type != kEmpty) fail(at, name(r) + " above the window is in use");
    }
  }

  // Operands of a certain kind. `s` is as before the instruction.
  void types(u32 at, const State& s, const Insn& i) {
    auto want = [&](u32 reg, u16 wanted, const char* what) {
      reg &= ~u32(kKill);
      if (reg < s.size() && !s[reg].is(wanted)) fail(at, name(reg) + " is not " + what);
    };
    switch (i.opcode()) {
      case Op::LoadCell:
        return want(i.b, kCell, "a cell");
      case Op::LoadFromDictOrCell:
        return want(i.c, kCell, "a cell");
      case Op::StoreCell:
      case Op::DeleteCell:
        return want(i.a, kCell, "a cell");
      case Op::ListAppend:
      case Op::ListExtend:
        return want(i.a, kAnyList, "a list");
      case Op::ListToTuple:
        return want(i.b, kAnyList, "a list");
      case Op::SetUpdate:
        return want(i.a, kSet, "a set");
      case Op::MapAdd:
      case Op::DictUpdate:
      case Op::DictMerge:
        return want(i.a, kDict, "a dict");
      case Op::BuildTemplate:
        want(i.b, kStrTuple, "a tuple of str");
        return want(i.c, kAnyTuple, "a tuple");
      case Op::BuildInterpolation:
        want(i.b + 1u, kStr, "a str");
        return;
      case Op::SetFunctionAttr: {
        u32 function = i.a & ~u32(kKill), value = i.b & ~u32(kKill);
        want(i.a, kFunction | kOpenFunction, "a function");
        if (i.x == 0) return want(i.b, kAnyTuple, "a tuple");
        if (i.x <= 2) return want(i.b, kDict, "a dict");
        if (i.x > 3) return;
        want(i.b, kCellTuple, "a tuple of cells");
        if (s[function].type != kOpenFunction || s[function].detail == kMixedDetail ||
            s[function].detail != s[value].detail)
          fail(at, "closure of another size");
        return;
      }
      case Op::SetFunctionTypeParams:
        want(i.b, kAnyTuple, "a tuple");
        return want(i.a, kFunction, "a function");
      case Op::PushExc:
      case Op::MatchExc:
      case Op::StopIterationError:
      case Op::CleanupThrow:
        return want(i.b, kExc, "an exception");
      case Op::MatchExcGroup:
        return want(i.b, kExc | kNone, "an exception or None");
      case Op::MakeExcGroup:
        want(i.b, kExc, "an exception");
        return want(i.c, kExcList, "a list of exceptions");
      case Op::Reraise:
      case Op::EndAsyncFor:
        return want(i.a, kExc, "an exception");
      case Op::PopExc:
        return want(i.a, kExc | kNone, "an exception or None");
      case Op::CallExit:
        return want(i.c, kExc | kNone, "an exception or None");
      case Op::MatchKeys:
        return want(i.c, kAnyTuple, "a tuple");
      case Op::MatchClass:
        return want(i.c + 1u, kStrTuple, "a tuple of str");
      case Op::TypeParam:
        return want(i.b, kStr, "a str");
      case Op::SetTypeParamDefault:
        return want(i.a, kTypeParam, "a type parameter");
      case Op::TypeAlias:
        want(i.b, kStr, "a str");
        return want(i.b + 1u, kAnyTuple | kNone, "a tuple or None");
      default:
        return;
    }
  }

  Register ofConstant(u32 index) const {
    const ConstRecord& r = view_.constant(c_, index);
    switch (r.kind()) {
      case ConstKind::None:
        return {kNone, 0};
      case ConstKind::Str1:
      case ConstKind::Str2:
      case ConstKind::Str4:
        return {kStr, 0};
      case ConstKind::Tuple:
        for (u32 i = 0; i < view_.length(r); i++)
          if (!view_.constant(c_, (&view_.contents<u32>(r))[i]).isStr()) return {kTuple, 0};
        return {kStrTuple, 0};
      default:
        return {kValue, 0};
    }
  }

  // What the instruction puts into register A.
  Register result(const State& before, const Insn& i) const {
    switch (i.opcode()) {
      case Op::Move:
        return before[i.b & ~u32(kKill)];
      case Op::LoadConst:
        return ofConstant(i.bc());
      case Op::LoadNone:
        return {kNone, 0};
      case Op::BuildList:
        return {i.c == 0 ? kExcList : kList, 0};
      case Op::BuildSet:
        return {kSet, 0};
      case Op::BuildMap:
        return {kDict, 0};
      case Op::BuildString:
        return {kStr, 0};
      case Op::BuildTuple: {
        u16 all = 0;
        for (u32 r = i.b; r < u32(i.b) + i.c; r++) all |= before[r].type;
        if (i.c > 0 && all == kCell) return {kCellTuple, i.c};
        return {all == kStr ? kStrTuple : kTuple, 0};
      }
      case Op::ListToTuple:
        return {kTuple, 0};
      case Op::MatchKeys:
      case Op::MatchClass:
        return {u16(kTuple | kNone), 0};
      case Op::MakeFunction: {
        u32 cells = freeCount(view_.code(view_.constant(c_, i.d).value));
        return {cells ? kOpenFunction : kFunction, u16(cells)};
      }
      case Op::PushExc:
      case Op::MatchExcGroup:
      case Op::MakeExcGroup:
        return {u16(kExc | kNone), 0};
      case Op::StopIterationError:
        return {kExc, 0};
      case Op::TypeParam:
        return {kTypeParam, 0};
      default:
        return {kValue, 0};
    }
  }

  static constexpr u32 kNowhere = ~0u;

  // Follows one instruction. Where control goes on with the state that it leaves, or kNowhere.
  u32 step(u32 at, State& s) {
    before_ = s;
    const State& before = before_;
    Insn i = insn(at);
    const OpInfo& info = kOpInfo[i.op];
    Op op = i.opcode();
    types(at, before, i);

    // Reads.
    auto reads = [&](Operand kind, u32 v, bool isA) {
      if (kind == Operand::Opt && v == kNoReg) return;
      if (kind != Operand::Reg && kind != Operand::Opt) return;
      bool mayBeEmpty =
          op == Op::Release || op == Op::CheckBound || op == Op::DeleteLocal || op == Op::MakeCell;
      read(at, s, v, mayBeEmpty);
      Register& reg = s[v & ~u32(kKill)];
      u16 type = before[v & ~u32(kKill)].type;
      // A function that lacks its closure is only passed on.
      bool passed = op == Op::Move || op == Op::Release || (op == Op::SetFunctionAttr && isA);
      if ((type & kOpenFunction) && !passed) fail(at, "a function without its closure");
      if ((type & kOpenFunction) && op == Op::Move && !(v & kKill))
        fail(at, "a function without its closure");
      // Somebody else may change the list from now on.
      bool kept = (op == Op::ListAppend && isA) || op == Op::MakeExcGroup;
      if ((reg.type & kExcList) && !kept) reg.type = u16((reg.type & ~kExcList) | kList);
    };
    reads(info.a, i.a, true);
    reads(info.b, i.b, false);
    reads(info.c, i.c, false);
    auto runs = [&](Operand kind, u32 v) {
      if (kind == Operand::Win) return window(at, s, i);
      if (kind != Operand::Run) return;
      for (u32 r = v; r < v + runLength(i); r++)
        if (before[r].type & kOpenFunction) fail(at, "a function without its closure");
      consume(at, s, v, runLength(i));
    };
    runs(info.b, i.b);
    runs(info.c, i.c);
    const u32 a = i.a & ~u32(kKill);
    if ((op == Op::ListAppend || op == Op::MakeCell) && a != i.a)
      fail(at, "an operand that stays is consumed");
    if (op == Op::CallExit) {
      if (s[i.b & ~u32(kKill)].type & kEmpty) fail(at, "no exit function");
      if ((i.b & kKill) || ((i.c & kKill) && !before[i.c & ~u32(kKill)].is(kNone)))
        fail(at, "an operand that stays is consumed");
    }
    if (op == Op::ListAppend && !before[i.b & ~u32(kKill)].is(kExc | kNone))
      s[a].type = u16((s[a].type & ~kExcList) | kList);

    // Handlers see the registers as before or after the operands were taken.
    const ExceptionRecord* e = &view_.at<ExceptionRecord>(c_.exceptions);
    for (u32 k = 0; k < c_.exceptionCount; k++) {
      if (at < e[k].start || at >= e[k].end) continue;
      State& h = handled_;
      h = s;
      for (u32 r = 0; r < h.size(); r++) {
        if (h[r].detail != before[r].detail) h[r].detail = kMixedDetail;
        h[r].type |= before[r].type;
        if (r >= e[k].keep) h[r] = {};
      }
      h[e[k].reg] = {kExc, 0};
      flowTo(e[k].target, h);
      break;
    }

    // Jumps that leave the destination alone, then writes.
    if (op == Op::ForIter) flowTo(u32(i64(at) + i.jump()), s);
    if (info.a == Operand::Dst) {
      Register r = result(before, i);
      write(s, i.a, r.type, r.detail);
    }
    if (info.a == Operand::Out) {
      for (u32 r = i.a; r < i.a + runLength(i); r++) {
        if (op == Op::CopyFreeVars)
          write(s, r, kCell);
        else if (op == Op::MatchExcGroup)
          write(s, r, u16(kExc | kNone));
        else
          write(s, r, kValue);
      }
    }
    switch (op) {
      case Op::Release:
      case Op::DeleteLocal:
        s[a] = {};
        break;
      case Op::CheckBound:
        s[a].type &= ~u16(kEmpty);
        if (s[a].type == 0) s[a].type = kValue;
        break;
      case Op::MakeCell:
        s[a] = {kCell, 0};
        break;
      case Op::LoadSuperAttr:
        if (i.x & 1) write(s, i.a + 1u, kValue);
        break;
      case Op::SetFunctionAttr:
        if (i.x == 3) s[i.a & ~u32(kKill)] = {kFunction, 0};
        break;
      default:
        break;
    }
    bool ends = false;
    switch (op) {
      case Op::Jump:
      case Op::JumpBack:
        flowTo(u32(i64(at) + i.jump32()), s);
        ends = true;
        break;
      case Op::CleanupThrow:
        flowTo(u32(i64(at) + i.jump()), s);
        ends = true;
        break;
      case Op::JumpIfNone:
      case Op::JumpIfNotNone: {
        // Each way knows more; a way that cannot be taken is none.
        u32 r = i.a & ~u32(kKill);
        u32 target = u32(i64(at) + i.jump()), next = at + info.size;
        bool kept = s[r].type != kEmpty;
        State other = s;
        if (kept) {
          s[r] = {u16(s[r].type & (kNone | kValue)), 0};
          other[r].type &= ~u16(kNone);
        }
        if (!kept || s[r].type) flowTo(op == Op::JumpIfNone ? target : next, s);
        if (!kept || other[r].type) flowTo(op == Op::JumpIfNone ? next : target, other);
        ends = true;
        break;
      }
      case Op::Return:
      case Op::ReturnNone:
        for (u32 r = c_.localCount; r < c_.registerCount; r++)
          if (s[r].type != kEmpty) fail(at, name(r) + " is left full");
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
    return ends ? kNowhere : at + info.size;
  }

  ImageView view_;
  u32 index_;
  const CodeRecord& c_;
  std::vector<State> states_;  // before an instruction; empty where only one way leads
  std::vector<bool> joins_;    // what is jumped to
  State current_, before_, handled_;
  std::vector<u64> slots_;  // who uses each feedback slot
  std::vector<u32> work_;
  std::string error_;
  Op previous_ = Op::Nop;
  u32 previousB_ = 0;
};

}  // namespace

std::string checkRegisterFlow(const ImageView& image, u32 code) {
  return FlowCheck(image, code).run();
}

std::string checkRegisterFlow(const ImageView& image) {
  for (u32 i = 0; i < image.header().codeCount; i++) {
    std::string error = checkRegisterFlow(image, i);
    if (!error.empty()) return error;
  }
  return "";
}

std::string checkForeignCode(const ImageView& image, u32 code) {
  std::string problem = verifyCode(image, code);
  if (!problem.empty()) return problem;
  const CodeRecord& c = image.code(code);
  for (u32 i = 0; i < c.constCount; i++) {
    problem = verifyConstant(image, code, i);
    if (!problem.empty()) return problem;
    const ConstRecord& constant = image.constant(c, i);
    if (constant.kind() != ConstKind::Code) continue;
    problem = verifyCode(image, constant.value);  // functions are made of it
    if (!problem.empty()) return problem;
  }
  problem = verifyInstructions(image, code);
  return problem.empty() ? checkRegisterFlow(image, code) : problem;
}

}  // namespace dx::bytecode
