// Leaving optimized code for the interpreter.
#pragma once
#include "jit/common/frame_state.h"

namespace dx::jit {

// What a guard's exit has saved.
struct MachineState {
  u64 gpr[kGprCount];
  double xmm[kXmmCount];
  const u64* spills;
};

// Makes the interpreter's frames of a state that was verified. `fp` is the frame that compiled code
// was entered with: its header is as the interpreter made it, its registers hold what the state
// calls InFrame and otherwise nothing that anybody owns. Compiled code does not count inlined calls
// in t.recursionDepth, and has made sure of the room for their frames.
//
// Then t.fp is the innermost frame and t.pc its instruction, which is also the result: go on there,
// or, of a state that is `raising`, unwind from there. The releases come last, when the frames are
// whole, because they may run Python.
const bytecode::Insn* rebuildFrames(Thread& t, Value* fp, const FrameStates& states, u32 state,
                                    const MachineState& machine);

}  // namespace dx::jit
