// Facts about dxpy's own instructions for opcode.py and dis.py, all of them out of opcodes.def.
#include "bytecode/opcode.h"
#include "modules/_opcode.gen.h"

namespace dx {

using bytecode::kOpCount;
using bytecode::kOpInfo;
using bytecode::Op;
using bytecode::Operand;
using bytecode::OpInfo;

namespace {

constexpr const char* kKindNames[] = {"None", "Dst",     "Reg",   "Opt",    "Win",    "Run",
                                      "Out",  "Imm",     "Slot",  "Const",  "Name",   "Code",
                                      "Jump", "Const32", "Imm32", "Jump32", "Name32", "Int"};
static_assert(std::size(kKindNames) == size_t(Operand::Int) + 1);

const OpInfo* infoOf(i32 opcode) {
  return opcode >= 0 && opcode < kOpCount ? &kOpInfo[opcode] : nullptr;
}

template <class Test>
bool anyOperand(i32 opcode, Test test) {
  const OpInfo* info = infoOf(opcode);
  return info &&
         (test(info->x) || test(info->a) || test(info->b) || test(info->c) || test(info->d));
}

}  // namespace

Result<Ref<>> _opcode_instructions(Thread&) {
  Ref<Tuple> all = newTuple(kOpCount);
  for (int i = 0; i < kOpCount; i++) {
    const OpInfo& op = kOpInfo[i];
    auto kind = [](Operand k) { return makeStr(kKindNames[int(k)]); };
    Ref<> kinds = tupleOf(kind(op.a), kind(op.b), kind(op.c), kind(op.d), kind(op.x));
    all->items[i] = Ref<>(tupleOf(makeStr(op.name), makeInt(i64(op.size)), std::move(kinds),
                                  makeStr(op.effects), makeStr(op.doc)))
                        .release();
  }
  return Ref<>(std::move(all));
}

Result<i64> _opcode_stack_effect(Thread& t, i32 opcode, Value oparg, Value jump) {
  if (!isNone(oparg)) (void)TRY(argI32(t, oparg));
  if (!isNone(jump) && !isBool(jump))
    return t.raise(kValueError, "stack_effect: jump must be False, True or None");
  if (!infoOf(opcode)) return t.raise(kValueError, "invalid opcode or oparg");
  return 0;
}

Result<bool> _opcode_is_valid(Thread&, i32 opcode) { return infoOf(opcode) != nullptr; }
Result<bool> _opcode_has_arg(Thread&, i32 opcode) {
  return anyOperand(opcode, [](Operand k) { return k != Operand::None && k != Operand::Slot; });
}
Result<bool> _opcode_has_const(Thread&, i32 opcode) {
  return anyOperand(opcode, [](Operand k) {
    return k == Operand::Const || k == Operand::Const32 || k == Operand::Code;
  });
}
Result<bool> _opcode_has_jump(Thread&, i32 opcode) {
  return anyOperand(opcode, [](Operand k) { return k == Operand::Jump || k == Operand::Jump32; });
}
Result<bool> _opcode_has_free(Thread&, i32 opcode) {
  Op op = Op(opcode);
  return infoOf(opcode) && (op == Op::MakeCell || op == Op::LoadCell || op == Op::StoreCell ||
                            op == Op::DeleteCell || op == Op::LoadFromDictOrCell);
}
Result<bool> _opcode_has_name(Thread& t, i32 opcode) {
  if (TRY(_opcode_has_free(t, opcode))) return false;
  return anyOperand(opcode, [](Operand k) { return k == Operand::Name; });
}
Result<bool> _opcode_has_local(Thread&, i32 opcode) {
  return anyOperand(opcode, [](Operand k) { return k == Operand::Name32; });
}
// Handlers are entries of the exception table, no instruction sets one.
Result<bool> _opcode_has_exc(Thread&, i32) { return false; }

Result<Ref<>> _opcode_get_specialization_stats(Thread&) { return noneRef(); }

Result<Ref<>> _opcode_get_special_method_names(Thread&) {
  Ref<List> list = newList();
  for (const char* name : {"__enter__", "__exit__", "__aenter__", "__aexit__"})
    listAppend(list, Value(makeStr(name)));
  return Ref<>(std::move(list));
}

Result<Ref<>> _opcode_get_executor(Thread& t, Value code, i32) {
  if (typeOf(code) != &PyCode_Type)
    return t.raise(kTypeError, "expected a code object, not '{}'", typeOf(code));
  return t.raise(kValueError, "no executor at given byte offset");
}

// Feedback stands apart from the instructions, which are never rewritten for it.
Result<void> _opcode_exec(Thread&, Module& m) {
  moduleSet(m, "ENABLE_SPECIALIZATION", falseValue());
  moduleSet(m, "ENABLE_SPECIALIZATION_FT", falseValue());
  moduleSet(m, "FRAME_HEADER", makeInt(i64(bytecode::kFrameHeader)));
  moduleSet(m, "KILL_BIT", makeInt(i64(bytecode::kKill)));
  moduleSet(m, "NO_REGISTER", makeInt(i64(bytecode::kNoReg)));
  moduleSet(m, "MIN_INSTRUMENTED_OPCODE", makeInt(i64(bytecode::kFirstInstrumented)));
  return ok();
}

}  // namespace dx
