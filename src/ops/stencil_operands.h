// The vocabulary in stencil mode (DX_STENCIL): opcode bodies compiled to pieces of machine code
// that the baseline compiler copies, one for each instruction, and patches.
//
// Operands are addresses of symbols that no object defines, so each use is a relocation: a *hole*.
// tools/gen_stencils.py reads them from the object files by the names below.
//
// The state is the interpreter's, in the same registers, but for `pc`: it stands at the first
// instruction of the code for as long as its compiled form runs; where an instruction's address is
// needed it is that plus a constant. Leaving for the interpreter's handlers passes the address.
#pragma once
#include <type_traits>

#include "object/value.h"

namespace dx {

extern "C" {
// 8 * register, without the kill bit.
extern const u8 dx_hole_reg_a[], dx_hole_reg_b[], dx_hole_reg_c[];
// Operands as they stand in the instruction.
extern const u8 dx_hole_a[], dx_hole_b[], dx_hole_c[], dx_hole_d[], dx_hole_x[], dx_hole_bc[];
extern const u8 dx_hole_pc[];  // offset of the instruction in its code
}

DX_INLINE u64 holeValue(const u8* hole) { return reinterpret_cast<u64>(hole); }

#define DX_REGISTER_HOLE(Name, letter)                                        \
  struct Name {                                                               \
    static constexpr bool kRegister = true;                                   \
    operator u16() const { return u16(holeValue(dx_hole_##letter)); }         \
    Value& in(Value* fp) const {                                              \
      return *reinterpret_cast<Value*>(reinterpret_cast<u8*>(fp) +            \
                                       i64(holeValue(dx_hole_reg_##letter))); \
    }                                                                         \
  };
DX_REGISTER_HOLE(HoleA, a)
DX_REGISTER_HOLE(HoleB, b)
DX_REGISTER_HOLE(HoleC, c)
#undef DX_REGISTER_HOLE
struct HoleD {
  operator u32() const { return u32(holeValue(dx_hole_d)); }
};
struct HoleX {
  operator u8() const { return u8(holeValue(dx_hole_x)); }
};
struct JumpHole {};  // the jump target of the instruction, for GOTO only

// What `pc` is in a body: one word, passed in the register of the interpreter's pc.
struct InsnPointer {
  const bytecode::Insn* base;
  [[no_unique_address]] HoleA a;
  [[no_unique_address]] HoleB b;
  [[no_unique_address]] HoleC c;
  [[no_unique_address]] HoleD d;
  [[no_unique_address]] HoleX x;
  const InsnPointer* operator->() const { return this; }
  operator const bytecode::Insn*() const {
    return reinterpret_cast<const bytecode::Insn*>(reinterpret_cast<const u8*>(base) +
                                                   i64(holeValue(dx_hole_pc)));
  }
  bytecode::Op opcode() const { return static_cast<const bytecode::Insn*>(*this)->opcode(); }
  u32 bc() const { return u32(holeValue(dx_hole_bc)); }
  JumpHole jump() const { return {}; }
  JumpHole jump32() const { return {}; }
};
static_assert(sizeof(InsnPointer) == 8);

#define DX_CONTINUATION(name)                                                               \
  extern "C" __attribute__((preserve_none)) void name(Thread* t, InsnPointer pc, Value* fp, \
                                                      Value* consts, FeedbackSlot* feedback)
DX_CONTINUATION(dx_hole_next);  // the next instruction
DX_CONTINUATION(dx_hole_skip);  // the one after that
DX_CONTINUATION(dx_hole_jump);  // the jump target
#undef DX_CONTINUATION

#define REG(operand) pc->operand.in(fp)
#define DST(operand) REG(operand)
#define NEXT(name) [[clang::musttail]] return dx_hole_next(DX_PASS)
#define GOTO(distance)                                                              \
  do {                                                                              \
    if constexpr (std::is_same_v<decltype(distance), JumpHole>) [[clang::musttail]] \
      return dx_hole_jump(DX_PASS);                                                 \
    else [[clang::musttail]]                                                        \
      return dx_hole_skip(DX_PASS);                                                 \
  } while (0)
#define RESUME_AT(at)                                                                       \
  do {                                                                                      \
    const Insn* to = (at);                                                                  \
    [[clang::musttail]] return kHandlers[to->op](t, InsnPointer{to}, fp, consts, feedback); \
  } while (0)
#define LEAVE_AT(handler, at) \
  [[clang::musttail]] return handler(t, InsnPointer{at}, fp, consts, feedback)
#define LEAVE(handler) LEAVE_AT(handler, pc)

}  // namespace dx
