// Frame states: where compiled code keeps what the interpreter's frames would hold.
//
// Every guard of optimized code has one. When the guard fails, rebuildFrames() (deopt.h) makes the
// interpreter's frames from it, exactly as they would be had the interpreter come to that
// instruction: the frame that compiled code was entered with, and one for each function that was
// inlined at that place.
//
// The tables hold no pointers but the code objects and the constants, which the compiled code owns,
// so that a saved compilation can bring its own.
#pragma once
#include <string>
#include <vector>

#include "runtime/frame.h"

namespace dx::jit {

// Where a value is.
enum class Where : u8 {
  Empty,     // nowhere: the register is empty
  InFrame,   // already in the frame's own register, owned by it
  Gpr,       // general register `index`
  Xmm,       // vector register `index`
  Spill,     // 8-byte word `index` of the compiled frame's spill area
  Constant,  // constant `index` of the table
};

// What its 64 bits are.
enum class Form : u8 {
  Value,  // as in any register of the interpreter
  Int,    // an i64
  Float,  // a double
  Bool,   // not zero: true
};

struct Location {
  Where where = Where::Empty;
  Form form = Form::Value;
  // Value only. True: the compiled code has a reference, which the frame gets. False: it borrows
  // from somebody who lives longer, so the frame gets one of its own.
  bool owned = false;
  u32 index = 0;
};

struct RegisterState {
  u32 reg;
  Location location;
};

// One frame. Registers that are not mentioned are empty.
struct FrameRecord {
  u32 code;  // of the table
  // The instruction to go on with; of a frame that has called the next one, its call.
  u32 pcOffset;
  // Not of the outermost, which is there already: where its registers begin, counted in registers
  // of the frame before (unless that is a generator's), how it returns (Call or Init), the function
  // and for Init the new instance.
  u32 base = 0;
  FrameKind kind = FrameKind::Call;
  Location callable, instance;
  u32 firstRegister = 0, registerCount = 0;  // of the table
};

struct FrameState {
  u32 firstFrame, frameCount;  // outermost first
  // References that compiled code holds and no frame wants.
  u32 firstRelease, releaseCount;
  bool raising;  // an exception is pending: the innermost instruction has raised it
};

// What has to be true of machine registers and spill words, by number.
constexpr u32 kGprCount = 16, kXmmCount = 16;

class FrameStates {
 public:
  // ---- reading ----
  const FrameState& state(u32 i) const { return states_[i]; }
  std::span<const FrameRecord> frames(const FrameState& s) const {
    return {frames_.data() + s.firstFrame, s.frameCount};
  }
  std::span<const RegisterState> registers(const FrameRecord& f) const {
    return {registers_.data() + f.firstRegister, f.registerCount};
  }
  std::span<const Location> releases(const FrameState& s) const {
    return {releases_.data() + s.firstRelease, s.releaseCount};
  }
  Code* code(u32 i) const { return codes_[i]; }
  Value constant(u32 i) const { return constants_[i]; }
  size_t size() const { return states_.size(); }

  // ---- writing, by a compiler ----
  u32 addCode(Code* code);       // kept alive; the same code has the same number
  u32 addConstant(Value value);  // kept alive
  // A state whose frames and releases follow, frame by frame.
  u32 begin(bool raising = false);
  void addFrame(const FrameRecord& frame);  // its registers follow
  void addRegister(u32 reg, Location location);
  void addRelease(Location location);

  // What is wrong with the tables, or empty. `spillWords`: of the compiled code's frame. States
  // that pass make rebuildFrames() touch nothing but the registers of their frames.
  std::string verify(u32 spillWords) const;

 private:
  std::string verifyLocation(const Location& l, u32 spillWords) const;
  std::vector<FrameState> states_;
  std::vector<FrameRecord> frames_;
  std::vector<RegisterState> registers_;
  std::vector<Location> releases_;
  std::vector<Ref<Code>> codes_;
  std::vector<Ref<>> constants_;
};

}  // namespace dx::jit
