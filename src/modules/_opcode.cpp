// Facts about CPython's instructions for opcode.py and dis.py. co_code holds dxpy's own
// instructions, which these modules do not know.
#include "modules/_opcode.gen.h"

namespace dx {

namespace {

enum Property : u8 {
  kArg = 1,
  kConst = 2,
  kName = 4,
  kJump = 8,
  kFree = 16,
  kLocal = 32,
  kExc = 64
};

struct OpcodeFact {
  i16 number;
  u8 properties;
  i8 effect, perArg, perOdd, jumpEffect;
};
constexpr OpcodeFact kFacts[] = {
#define DX_OPCODE(name, number, properties, effect, perArg, perOdd, jumpEffect) \
  {number, properties, effect, perArg, perOdd, jumpEffect},
#include "modules/opcode_facts.def"
#undef DX_OPCODE
};
constexpr i32 kUnpackEx = 118;  // UNPACK_EX: low byte before the star, the rest after it

const OpcodeFact* factOf(i32 opcode) {
  for (const OpcodeFact& f : kFacts)
    if (f.number == opcode) return &f;
  return nullptr;
}

bool has(i32 opcode, Property p) {
  if (opcode == kUnpackEx) return p == kArg;
  const OpcodeFact* f = factOf(opcode);
  return f && f->properties & p;
}

// Instructions that CPython's interpreter makes of others while it runs.
bool isSpecialized(i32 opcode) { return opcode == 3 || (opcode >= 129 && opcode <= 211); }

Ref<> listOf(std::span<const char* const> names) {
  Ref<List> list = newList();
  for (const char* name : names) listAppend(list, Value(makeStr(name)));
  return list;
}

}  // namespace

Result<i64> _opcode_stack_effect(Thread& t, i32 opcode, Value oparg, Value jump) {
  i64 arg = isNone(oparg) ? 0 : TRY(argI32(t, oparg));
  if (!isNone(jump) && !isBool(jump))
    return t.raise(kValueError, "stack_effect: jump must be False, True or None");
  if (opcode == kUnpackEx) return (arg & 0xFF) + (arg >> 8);
  const OpcodeFact* f = factOf(opcode);
  if (!f) return t.raise(kValueError, "invalid opcode or oparg");
  i64 start = jump == trueValue()    ? f->jumpEffect
              : jump == falseValue() ? f->effect
                                     : std::max(f->effect, f->jumpEffect);
  return start + f->perArg * arg + f->perOdd * (arg & 1);
}

Result<bool> _opcode_is_valid(Thread&, i32 opcode) {
  return opcode == kUnpackEx || factOf(opcode) != nullptr || isSpecialized(opcode);
}
Result<bool> _opcode_has_arg(Thread&, i32 opcode) { return has(opcode, kArg); }
Result<bool> _opcode_has_const(Thread&, i32 opcode) { return has(opcode, kConst); }
Result<bool> _opcode_has_name(Thread&, i32 opcode) { return has(opcode, kName); }
Result<bool> _opcode_has_jump(Thread&, i32 opcode) { return has(opcode, kJump); }
Result<bool> _opcode_has_free(Thread&, i32 opcode) { return has(opcode, kFree); }
Result<bool> _opcode_has_local(Thread&, i32 opcode) { return has(opcode, kLocal); }
Result<bool> _opcode_has_exc(Thread&, i32 opcode) { return has(opcode, kExc); }

Result<Ref<>> _opcode_get_specialization_stats(Thread&) { return noneRef(); }

Result<Ref<>> _opcode_get_nb_ops(Thread&) {
  static const char* const kOps[][2] = {{"NB_ADD", "+"},
                                        {"NB_AND", "&"},
                                        {"NB_FLOOR_DIVIDE", "//"},
                                        {"NB_LSHIFT", "<<"},
                                        {"NB_MATRIX_MULTIPLY", "@"},
                                        {"NB_MULTIPLY", "*"},
                                        {"NB_REMAINDER", "%"},
                                        {"NB_OR", "|"},
                                        {"NB_POWER", "**"},
                                        {"NB_RSHIFT", ">>"},
                                        {"NB_SUBTRACT", "-"},
                                        {"NB_TRUE_DIVIDE", "/"},
                                        {"NB_XOR", "^"},
                                        {"NB_INPLACE_ADD", "+="},
                                        {"NB_INPLACE_AND", "&="},
                                        {"NB_INPLACE_FLOOR_DIVIDE", "//="},
                                        {"NB_INPLACE_LSHIFT", "<<="},
                                        {"NB_INPLACE_MATRIX_MULTIPLY", "@="},
                                        {"NB_INPLACE_MULTIPLY", "*="},
                                        {"NB_INPLACE_REMAINDER", "%="},
                                        {"NB_INPLACE_OR", "|="},
                                        {"NB_INPLACE_POWER", "**="},
                                        {"NB_INPLACE_RSHIFT", ">>="},
                                        {"NB_INPLACE_SUBTRACT", "-="},
                                        {"NB_INPLACE_TRUE_DIVIDE", "/="},
                                        {"NB_INPLACE_XOR", "^="},
                                        {"NB_SUBSCR", "[]"}};
  Ref<List> list = newList();
  for (auto& op : kOps) listAppend(list, Value(tupleOf(makeStr(op[0]), makeStr(op[1]))));
  return list;
}

Result<Ref<>> _opcode_get_intrinsic1_descs(Thread&) {
  static const char* const kNames[] = {
      "INTRINSIC_1_INVALID",         "INTRINSIC_PRINT",
      "INTRINSIC_IMPORT_STAR",       "INTRINSIC_STOPITERATION_ERROR",
      "INTRINSIC_ASYNC_GEN_WRAP",    "INTRINSIC_UNARY_POSITIVE",
      "INTRINSIC_LIST_TO_TUPLE",     "INTRINSIC_TYPEVAR",
      "INTRINSIC_PARAMSPEC",         "INTRINSIC_TYPEVARTUPLE",
      "INTRINSIC_SUBSCRIPT_GENERIC", "INTRINSIC_TYPEALIAS"};
  return listOf(kNames);
}

Result<Ref<>> _opcode_get_intrinsic2_descs(Thread&) {
  static const char* const kNames[] = {"INTRINSIC_2_INVALID",
                                       "INTRINSIC_PREP_RERAISE_STAR",
                                       "INTRINSIC_TYPEVAR_WITH_BOUND",
                                       "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
                                       "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
                                       "INTRINSIC_SET_TYPEPARAM_DEFAULT"};
  return listOf(kNames);
}

Result<Ref<>> _opcode_get_special_method_names(Thread&) {
  static const char* const kNames[] = {"__enter__", "__exit__", "__aenter__", "__aexit__"};
  return listOf(kNames);
}

Result<Ref<>> _opcode_get_executor(Thread& t, Value code, i32) {
  if (typeOf(code) != &PyCode_Type)
    return t.raise(kTypeError, "expected a code object, not '{}'", typeOf(code));
  return t.raise(kValueError, "no executor at given byte offset");
}

Result<void> _opcode_exec(Thread&, Module& m) {
  moduleSet(m, "ENABLE_SPECIALIZATION", trueValue());
  moduleSet(m, "ENABLE_SPECIALIZATION_FT", falseValue());
  return ok();
}

}  // namespace dx
