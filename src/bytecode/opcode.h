// Opcodes and instruction words. Everything here derives from opcodes.def.
#pragma once
#include "base/base.h"

namespace dx::bytecode {

enum class Op : u8 {
#define DX_OP(name, ...) name,
#include "bytecode/opcodes.def"
#undef DX_OP
};

enum class Operand : u8 {
  None,
  Dst,
  Reg,
  Opt,
  Win,
  Run,
  Out,
  Imm,
  Slot,
  Const,
  Name,
  Code,
  Jump,
  // B and C read together as one 32-bit field.
  Const32,
  Imm32,
  Jump32,
  Name32,
  Int,
};

struct OpInfo {
  const char* name;
  u8 size;  // bytes, a multiple of 4
  Operand x, a, b, c, d;
  const char* effects;  // "r" raises, "p" runs Python, "t" ends a block, "c" may push a frame
  const char* doc;
};

extern const OpInfo kOpInfo[];
constexpr int kOpCount = 0
#define DX_OP(...) +1
#include "bytecode/opcodes.def"
#undef DX_OP
    ;
static_assert(kOpCount <= 256);
constexpr int kFirstInstrumented = int(Op::Instrumented4);  // images hold none from here on

// The largest instruction form; shorter ones end earlier. Instructions are 4-byte aligned.
struct Insn {
  u8 op;
  u8 x;
  u16 a;
  u16 b;
  u16 c;
  u32 d;

  Op opcode() const { return Op(op); }
  u32 bc() const {
    u32 v;
    memcpy(&v, &b, 4);
    return v;
  }
  i32 jump() const { return i32(d); }
  i32 jump32() const { return i32(bc()); }
};
static_assert(sizeof(Insn) == 12);

constexpr u16 kKill = 0x8000;   // in a Reg operand: last use
constexpr u16 kNoReg = 0xFFFF;  // an absent Opt operand
constexpr int kMaxRegisters = 0x7FF0;

// Words below a frame's register 0 (see interp/frame.h). A call window's first argument is
// register `window + kFrameHeader`, its callable `window + kFrameHeader - 1`.
constexpr int kFrameHeader = 6;

}  // namespace dx::bytecode
