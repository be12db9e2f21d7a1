#include "jit/common/frame_state.h"

namespace dx::jit {

u32 FrameStates::addCode(Code* code) {
  for (u32 i = 0; i < codes_.size(); i++)
    if (codes_[i].get() == code) return i;
  codes_.push_back(Ref<Code>::retain(code));
  return u32(codes_.size() - 1);
}

u32 FrameStates::addConstant(Value value) {
  for (u32 i = 0; i < constants_.size(); i++)
    if (constants_[i].get() == value) return i;
  constants_.push_back(Ref<>::retain(value));
  return u32(constants_.size() - 1);
}

u32 FrameStates::begin(bool raising) {
  states_.push_back({u32(frames_.size()), 0, u32(releases_.size()), 0, raising});
  return u32(states_.size() - 1);
}

void FrameStates::addFrame(const FrameRecord& frame) {
  frames_.push_back(frame);
  frames_.back().firstRegister = u32(registers_.size());
  frames_.back().registerCount = 0;
  states_.back().frameCount++;
}

void FrameStates::addRegister(u32 reg, Location location) {
  registers_.push_back({reg, location});
  frames_.back().registerCount++;
}

void FrameStates::addRelease(Location location) {
  releases_.push_back(location);
  states_.back().releaseCount++;
}

std::string FrameStates::verifyLocation(const Location& l, u32 spillWords) const {
  u32 limit = l.where == Where::Gpr        ? kGprCount
              : l.where == Where::Xmm      ? kXmmCount
              : l.where == Where::Spill    ? spillWords
              : l.where == Where::Constant ? u32(constants_.size())
                                           : 1;
  if (l.where > Where::Constant || l.form > Form::Bool) return "unknown kind of location";
  if (l.index >= limit) return "no such place";
  if (l.owned && l.form != Form::Value) return "what is no value is owned";
  if (l.owned && l.where == Where::Constant) return "a constant is owned";
  if (l.where == Where::Xmm && l.form != Form::Float) return "no double in a vector register";
  if ((l.where == Where::Constant || l.where <= Where::InFrame) && l.form != Form::Value)
    return "a form that is not for that place";
  return "";
}

std::string FrameStates::verify(u32 spillWords) const {
  for (const FrameState& s : states_) {
    if (s.frameCount == 0) return "a state without frames";
    if (u64(s.firstFrame) + s.frameCount > frames_.size() ||
        u64(s.firstRelease) + s.releaseCount > releases_.size())
      return "a state past the end";
    const CodeData* outer = nullptr;
    std::span<const RegisterState> outerRegisters;
    for (const FrameRecord& f : frames(s)) {
      if (f.code >= codes_.size()) return "no such code";
      const CodeData* data = codes_[f.code]->data;
      bool begins = false;
      const u8* insns = &data->image->view().at<u8>(data->record->insns);
      for (u32 at = 0; at < data->record->insnBytes && !begins;
           at += bytecode::kOpInfo[insns[at]].size)
        begins = at == f.pcOffset;
      if (!begins) return "no instruction begins there";
      if (outer) {
        if (data->record->flags & bytecode::kCodeAnyGenerator)
          return "the frame of a generator cannot be made";
        if (f.kind != FrameKind::Call && f.kind != FrameKind::Init)
          return "a frame that returns to nobody";
        if (f.base < bytecode::kFrameHeader || f.base > outer->registerCount)
          return "a frame outside of the call window";
        for (const RegisterState& r : outerRegisters)
          if (r.reg + bytecode::kFrameHeader >= f.base) return "a register where the callee stands";
        for (const Location& l : {f.callable, f.instance})
          if (std::string problem = verifyLocation(l, spillWords); !problem.empty()) return problem;
        if (f.callable.where <= Where::InFrame || f.callable.form != Form::Value)
          return "a frame without its function";
        bool made = f.instance.where > Where::InFrame && f.instance.form == Form::Value;
        if (made != (f.kind == FrameKind::Init)) return "an instance for Init only";
      }
      if (u64(f.firstRegister) + f.registerCount > registers_.size())
        return "registers past the end";
      std::vector<bool> seen(data->registerCount);
      for (const RegisterState& r : registers(f)) {
        if (r.reg >= data->registerCount) return "no such register";
        if (seen[r.reg]) return "a register twice";
        seen[r.reg] = true;
        if (std::string problem = verifyLocation(r.location, spillWords); !problem.empty())
          return problem;
      }
      outer = data;
      outerRegisters = registers(f);
    }
    for (const Location& l : releases(s)) {
      if (std::string problem = verifyLocation(l, spillWords); !problem.empty()) return problem;
      if (!l.owned || l.where <= Where::InFrame) return "released without being owned";
    }
  }
  return "";
}

}  // namespace dx::jit
