#include "bytecode/opcode.h"

namespace dx::bytecode {

const OpInfo kOpInfo[] = {
#define DX_OP(name, size, x, a, b, c, d, effects, doc) \
  {#name, size, Operand::x, Operand::a, Operand::b, Operand::c, Operand::d, effects, doc},
#include "bytecode/opcodes.def"
#undef DX_OP
};

}  // namespace dx::bytecode
