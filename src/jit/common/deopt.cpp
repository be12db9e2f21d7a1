#include "jit/common/deopt.h"

#include "interp/entry.h"
#include "runtime/int.h"

namespace dx::jit {

namespace {

u64 bitsAt(const Location& l, const MachineState& m) {
  switch (l.where) {
    case Where::Gpr:
      return m.gpr[l.index];
    case Where::Xmm:
      return std::bit_cast<u64>(m.xmm[l.index]);
    case Where::Spill:
      return m.spills[l.index];
    default:
      return 0;
  }
}

// An owned value, or empty.
Value take(const Location& l, const FrameStates& states, const MachineState& m) {
  if (l.where == Where::Empty) return Value();
  Value v;
  if (l.where == Where::Constant) {
    v = states.constant(l.index);
  } else {
    u64 bits = bitsAt(l, m);
    switch (l.form) {
      case Form::Value:
        v = Value::fromBits(bits);
        break;
      case Form::Int:
        return makeInt(i64(bits)).release();
      case Form::Float:
        return makeFloat(std::bit_cast<double>(bits)).release();
      case Form::Bool:
        return boolean(bits != 0);
    }
  }
  if (!l.owned) incref(v);
  return v;
}

// Every register of a frame is written but those that are there already.
void fillRegisters(Value* registers, const FrameStates& states, const FrameRecord& f,
                   const MachineState& m) {
  u32 count = states.code(f.code)->data->registerCount;
  std::vector<bool> kept(count);
  for (const RegisterState& r : states.registers(f))
    if (r.location.where == Where::InFrame) kept[r.reg] = true;
  for (u32 i = 0; i < count; i++)
    if (!kept[i]) registers[i] = Value();
  for (const RegisterState& r : states.registers(f))
    if (r.location.where != Where::InFrame) registers[r.reg] = take(r.location, states, m);
}

const Insn* insnAt(const Code* code, u32 offset) {
  // Where the interpreter runs it: watched code has instructions of its own.
  return stepOver(code->data->insns, i32(offset));
}

}  // namespace

const Insn* rebuildFrames(Thread& t, Value* fp, const FrameStates& states, u32 index,
                          const MachineState& machine) {
  const FrameState& s = states.state(index);
  auto frames = states.frames(s);
  // A frame may begin among the temporaries of the one before, and what is InFrame there may be an
  // argument: inner registers are written after outer ones, and the header in between.
  Value* at = fp;
  for (size_t i = 0; i < frames.size(); i++) {
    const FrameRecord& f = frames[i];
    Code* code = states.code(f.code);
    makeRoomForConstants(code->data);  // the interpreter may not have entered it yet
    if (i > 0) {
      const FrameRecord& caller = frames[i - 1];
      const Insn* call = insnAt(states.code(caller.code), caller.pcOffset);
      Value* args = onStack(&t, at) ? at + f.base : frameGenerator(at)->calleeBase;
      args[kCallable] = take(f.callable, states, machine);
      pushPlainFrame(&t, call, at, args, code->data->registerCount, code, code->data, f.kind,
                     take(f.instance, states, machine));
      at = args;
    }
    // Registers that this one shares with an inner frame are the inner one's.
    if (i + 1 < frames.size() && onStack(&t, at)) {
      u32 inner = frames[i + 1].base;
      Code* next = states.code(frames[i + 1].code);
      std::vector<Value> kept(at + inner, at + inner + next->data->registerCount);
      fillRegisters(at, states, f, machine);
      std::copy(kept.begin(), kept.end(), at + inner);
    } else {
      fillRegisters(at, states, f, machine);
    }
  }
  t.fp = at;
  const FrameRecord& last = frames.back();
  t.pc = insnAt(states.code(last.code), last.pcOffset);
  for (const Location& l : states.releases(s)) decref(Value::fromBits(bitsAt(l, machine)));
  return t.pc;
}

}  // namespace dx::jit
