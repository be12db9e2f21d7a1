// Stencils: the machine code of each opcode's body with holes for what differs from instruction to
// instruction. The table is made at build time from the same sources as the interpreter's handlers
// (tools/gen_stencils.py); there is no second copy of any body.
//
// The state is in the registers of a handler (ops/vocabulary.h), except that `pc` stands at the
// first instruction of the code: ops/stencil_operands.h says what each hole means to a body.
#pragma once
#include <string>

#include "bytecode/opcode.h"

namespace dx::baseline {

enum class Hole : u8 {
  RegA,  // 8 * the register in A, B or C, to be added to fp
  RegB,
  RegC,
  A,  // the operand as it stands in the instruction
  B,
  C,
  D,
  X,
  BC,
  Pc,      // the instruction's offset in its code
  Next,    // where the code of the next instruction begins
  Skip,    // of the one after that
  Jump,    // of the jump target
  Symbol,  // a function or datum of the program: kStencilSymbols[symbol]
};

enum class HoleForm : u8 {
  Abs32,        // 32 bits, zero extended
  Abs32Signed,  // 32 bits, sign extended
  Rel32,        // 32 bits, relative to the hole's own address
  Abs64,
};

struct StencilHole {
  u16 offset;
  Hole hole;
  HoleForm form;
  i32 addend;  // to the value
  u16 symbol;
};

struct Stencil {
  const u8* code;  // null: `reason` says why the opcode has none
  const StencilHole* holes;
  u16 size, holeCount;
  bool fallsThrough;  // ends in a jump to Next, which is left out when Next follows
  const char* reason;
};

struct StencilSymbol {
  const char* name;  // the linker's
  const void* address;
};

extern const Stencil kStencils[];  // by opcode
extern const StencilSymbol kStencilSymbols[];
extern const u32 kStencilSymbolCount;

constexpr u32 kJumpBytes = 5;  // of the jump that falls away
const char* holeName(Hole hole);
// What `dxpy dis --stencils` prints: for each opcode its bytes, holes, calls out and end.
std::string printStencils();

}  // namespace dx::baseline
