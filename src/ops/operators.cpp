// Arithmetic, comparison and logic. Int and float pairs are done in place; everything else goes
// through the slots.
#include <cmath>

#include "ops/vocabulary.h"

namespace dx {

DX_SLOW bool binarySlow(Thread* t, const Insn* pc, Value* fp, BinaryOp op) {
  t->pc = pc;
  Value l = fp[regIndex(pc->b)], r = fp[regIndex(pc->c)];
  Result<Ref<>> v = pc->x ? inplace(*t, op, l, r) : binary(*t, op, l, r);
  if (!v) return false;
  Value result = std::move(v).take().release();
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  setReg(fp, pc->a, result);
  return true;
}

// str += str, where the left operand is about to be overwritten: may extend it in place.
Result<Ref<>> strConcatInPlace(Thread& t, Ref<Str> left, Str* right);

DX_SLOW bool addSlow(Thread* t, const Insn* pc, Value* fp) {
  u32 left = regIndex(pc->b);
  bool dies = (pc->b & kKill) || left == pc->a;
  if (dies && isExactStr(fp[left]) && isExactStr(fp[regIndex(pc->c)]) &&
      fp[left] != fp[regIndex(pc->c)]) {
    t->pc = pc;
    Ref<Str> l = Ref<Str>::steal(fp[left].as<Str>());
    fp[left] = Value();
    Result<Ref<>> v = strConcatInPlace(*t, std::move(l), fp[regIndex(pc->c)].as<Str>());
    if (!v) return false;
    killOperand(fp, pc->c);
    setReg(fp, pc->a, std::move(v).take().release());
    return true;
  }
  Value l = fp[left], r = fp[regIndex(pc->c)];
  constexpr i64 kSure = 1 << 20;  // memory for longer lists is asked for with care
  if (!pc->x && isExactList(l) && isExactList(r) && l.as<List>()->size <= kSure &&
      r.as<List>()->size <= kSure) {
    Values x = valuesOf(l.as<List>()), y = valuesOf(r.as<List>());
    Ref<List> sum = newList(i64(x.size() + y.size()));
    for (Value v : x) {
      incref(v);
      sum->items[sum->size++] = v;
    }
    for (Value v : y) {
      incref(v);
      sum->items[sum->size++] = v;
    }
    t->pc = pc;
    killOperand(fp, pc->b);
    killOperand(fp, pc->c);
    setReg(fp, pc->a, Value(sum.release()));
    return true;
  }
  return binarySlow(t, pc, fp, BinaryOp::Add);
}

DX_INLINE bool bothSmallInt(Value l, Value r) { return l.bits() & r.bits() & 1; }
DX_INLINE bool bothFlonum(Value l, Value r) { return (((l.bits() ^ 2) | (r.bits() ^ 2)) & 3) == 0; }

// Ends a body with a float if that has an immediate form, else leaves to `part`.
#define FLOAT_NEXT(name, number, part)        \
  do {                                        \
    double result = (number);                 \
    if (Value::fitsFlonum(result)) [[likely]] \
      SET_NEXT(name, Value::flonum(result));  \
    LEAVE(part);                              \
  } while (0)

// What `name` does with anything else; two numbers of different kinds first.
#define GENERAL_REST(name, part, slow) \
  PART(part) {                         \
    NOTE_OPERANDS(d, REG(b), REG(c));  \
    NEXT_IF(slow, name);               \
  }
#define WITH_INT_REST(name, part, slow)           \
  PART(part) {                                    \
    NOTE_OPERANDS(d, REG(b), Value::smallInt(0)); \
    NEXT_IF(slow, name);                          \
  }
#define MIXED_REST(name, part, op, slow)                                    \
  PART(part) {                                                              \
    NOTE_OPERANDS(d, REG(b), REG(c));                                       \
    double l, r;                                                            \
    if (mixedNumbers(REG(b), REG(c), &l, &r)) {                             \
      double result = l op r;                                               \
      if (Value::fitsFlonum(result)) SET_NEXT(name, Value::flonum(result)); \
    }                                                                       \
    NEXT_IF(slow, name);                                                    \
  }
// A small int and a float that is immediate.
DX_INLINE bool mixedNumbers(Value l, Value r, double* a, double* b) {
  if (l.isSmallInt() && r.isFlonum()) {
    *a = double(l.smallInt());
    *b = r.flonum();
    return true;
  }
  if (l.isFlonum() && r.isSmallInt()) {
    *a = l.flonum();
    *b = double(r.smallInt());
    return true;
  }
  return false;
}

MIXED_REST(Add, addRest, +, addSlow(t, pc, fp))
OP(Add) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) [[likely]] {
    i64 sum;
    if (!__builtin_add_overflow(i64(l.bits() - 1), i64(r.bits()), &sum)) [[likely]]
      SET_NEXT(Add, Value::fromBits(u64(sum)));
  } else if (bothFlonum(l, r)) {
    NOTE_FLOATS(d);
    FLOAT_NEXT(Add, l.flonum() + r.flonum(), addRest);
  }
  LEAVE(addRest);
}

MIXED_REST(Sub, subRest, -, binarySlow(t, pc, fp, BinaryOp::Sub))
OP(Sub) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) [[likely]] {
    i64 difference;
    if (!__builtin_sub_overflow(i64(l.bits()), i64(r.bits() - 1), &difference)) [[likely]]
      SET_NEXT(Sub, Value::fromBits(u64(difference)));
  } else if (bothFlonum(l, r)) {
    NOTE_FLOATS(d);
    FLOAT_NEXT(Sub, l.flonum() - r.flonum(), subRest);
  }
  LEAVE(subRest);
}

MIXED_REST(Mul, mulRest, *, binarySlow(t, pc, fp, BinaryOp::Mul))
OP(Mul) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) [[likely]] {
    i64 product;
    if (!__builtin_mul_overflow(i64(l.bits() - 1), r.smallInt(), &product)) [[likely]]
      SET_NEXT(Mul, Value::fromBits(u64(product) + 1));
  } else if (bothFlonum(l, r)) {
    NOTE_FLOATS(d);
    FLOAT_NEXT(Mul, l.flonum() * r.flonum(), mulRest);
  }
  LEAVE(mulRest);
}

PART(trueDivRest) {
  Value l = REG(b), r = REG(c);
  NOTE_OPERANDS(d, l, r);
  double a, b;
  if (bothSmallInt(l, r)) {
    constexpr i64 kExact = i64(1) << 53;
    i64 x = l.smallInt(), y = r.smallInt();
    if (y != 0 && x <= kExact && x >= -kExact && y <= kExact && y >= -kExact &&
        !(x == 0 && y < 0)) {
      double result = double(x) / double(y);
      if (Value::fitsFlonum(result)) SET_NEXT(TrueDiv, Value::flonum(result));
    }
  } else if (mixedNumbers(l, r, &a, &b) && b != 0.0) {
    constexpr double kExact = double(i64(1) << 53);
    double result = a / b;
    if (Value::fitsFlonum(result) && std::fabs(a) <= kExact && std::fabs(b) <= kExact)
      SET_NEXT(TrueDiv, Value::flonum(result));
  }
  NEXT_IF(binarySlow(t, pc, fp, BinaryOp::TrueDiv), TrueDiv);
}
OP(TrueDiv) {
  Value l = REG(b), r = REG(c);
  if (bothFlonum(l, r)) {
    NOTE_FLOATS(d);
    double divisor = r.flonum();
    if (divisor != 0.0) FLOAT_NEXT(TrueDiv, l.flonum() / divisor, trueDivRest);
  }
  LEAVE(trueDivRest);
}

GENERAL_REST(FloorDiv, floorDivRest, binarySlow(t, pc, fp, BinaryOp::FloorDiv))
OP(FloorDiv) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r) && r.smallInt() > 0) {
    i64 a = l.smallInt(), b = r.smallInt();
    if (u64(a | b) >> 32 == 0) [[likely]]
      SET_NEXT(FloorDiv, Value::smallInt(i64(u32(a) / u32(b))));
    i64 q = a / b;
    q -= (a % b) < 0;
    SET_NEXT(FloorDiv, Value::smallInt(q));
  }
  LEAVE(floorDivRest);
}

GENERAL_REST(Mod, modRest, binarySlow(t, pc, fp, BinaryOp::Mod))
OP(Mod) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r) && r.smallInt() > 0) {
    i64 a = l.smallInt(), b = r.smallInt();
    if (u64(a | b) >> 32 == 0) [[likely]]
      SET_NEXT(Mod, Value::smallInt(i64(u32(a) % u32(b))));
    i64 m = a % b;
    if (m < 0) m += b;
    SET_NEXT(Mod, Value::smallInt(m));
  }
  LEAVE(modRest);
}

GENERAL_REST(LShift, leftShiftRest, binarySlow(t, pc, fp, BinaryOp::LShift))
OP(LShift) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r) && u64(r.smallInt()) < 62) {
    i64 a = l.smallInt();
    i64 shifted = i64(u64(a) << r.smallInt());
    if (shifted >> r.smallInt() == a && Value::fitsSmallInt(shifted))
      SET_NEXT(LShift, Value::smallInt(shifted));
  }
  LEAVE(leftShiftRest);
}

GENERAL_REST(RShift, rightShiftRest, binarySlow(t, pc, fp, BinaryOp::RShift))
OP(RShift) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r) && r.smallInt() >= 0) {
    i64 count = r.smallInt() > 63 ? 63 : r.smallInt();
    SET_NEXT(RShift, Value::smallInt(l.smallInt() >> count));
  }
  LEAVE(rightShiftRest);
}

GENERAL_REST(And, andRest, binarySlow(t, pc, fp, BinaryOp::And))
OP(And) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) SET_NEXT(And, Value::fromBits(l.bits() & r.bits()));
  LEAVE(andRest);
}

GENERAL_REST(Or, orRest, binarySlow(t, pc, fp, BinaryOp::Or))
OP(Or) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) SET_NEXT(Or, Value::fromBits(l.bits() | r.bits()));
  LEAVE(orRest);
}

GENERAL_REST(Xor, xorRest, binarySlow(t, pc, fp, BinaryOp::Xor))
OP(Xor) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) SET_NEXT(Xor, Value::fromBits((l.bits() ^ r.bits()) | 1));
  LEAVE(xorRest);
}

OP(Pow) { NEXT_IF(binarySlow(t, pc, fp, BinaryOp::Pow), Pow); }
OP(MatMul) { NEXT_IF(binarySlow(t, pc, fp, BinaryOp::MatMul), MatMul); }

DX_SLOW bool withIntSlow(Thread* t, const Insn* pc, Value* fp, BinaryOp op) {
  t->pc = pc;
  Value l = fp[regIndex(pc->b)], r = Value::smallInt(i16(pc->c));
  Result<Ref<>> v = pc->x ? inplace(*t, op, l, r) : binary(*t, op, l, r);
  if (!v) return false;
  Value result = std::move(v).take().release();
  killOperand(fp, pc->b);
  setReg(fp, pc->a, result);
  return true;
}

WITH_INT_REST(AddInt, addIntRest, withIntSlow(t, pc, fp, BinaryOp::Add))
OP(AddInt) {
  Value l = REG(b);
  if (l.isSmallInt()) [[likely]] {
    i64 sum;
    if (!__builtin_add_overflow(i64(l.bits()), i64(i16(pc->c)) * 2, &sum)) [[likely]]
      SET_NEXT(AddInt, Value::fromBits(u64(sum)));
  } else if (l.isFlonum()) {
    FLOAT_NEXT(AddInt, l.flonum() + i16(pc->c), addIntRest);
  }
  LEAVE(addIntRest);
}

WITH_INT_REST(SubInt, subIntRest, withIntSlow(t, pc, fp, BinaryOp::Sub))
OP(SubInt) {
  Value l = REG(b);
  if (l.isSmallInt()) [[likely]] {
    i64 difference;
    if (!__builtin_sub_overflow(i64(l.bits()), i64(i16(pc->c)) * 2, &difference)) [[likely]]
      SET_NEXT(SubInt, Value::fromBits(u64(difference)));
  } else if (l.isFlonum()) {
    FLOAT_NEXT(SubInt, l.flonum() - i16(pc->c), subIntRest);
  }
  LEAVE(subIntRest);
}

// ---- unary ----

DX_SLOW bool unarySlow(Thread* t, const Insn* pc, Value* fp, Result<Ref<>> (*fn)(Thread&, Value)) {
  t->pc = pc;
  Result<Ref<>> v = fn(*t, fp[regIndex(pc->b)]);
  if (!v) return false;
  Value result = std::move(v).take().release();
  killOperand(fp, pc->b);
  setReg(fp, pc->a, result);
  return true;
}

PART(negRest) { NEXT_IF(unarySlow(t, pc, fp, negative), Neg); }
OP(Neg) {
  Value v = REG(b);
  if (v.isSmallInt() && v.smallInt() != kSmallIntMin) SET_NEXT(Neg, Value::smallInt(-v.smallInt()));
  if (v.isFlonum()) FLOAT_NEXT(Neg, -v.flonum(), negRest);
  LEAVE(negRest);
}
OP(Pos) { NEXT_IF(unarySlow(t, pc, fp, positive), Pos); }
OP(Invert) { NEXT_IF(unarySlow(t, pc, fp, invert), Invert); }

// ---- truth ----

// 0 false, 1 true, -1 exception. Kills the operand.
DX_SLOW int truthSlow(Thread* t, const Insn* pc, Value* fp, u16 operand) {
  t->pc = pc;
  Result<bool> r = isTrue(*t, fp[regIndex(operand)]);
  int truth = r ? int(*r) : -1;
  killOperand(fp, operand);
  return truth;
}
// -2: not known without a look at the type.
DX_INLINE int quickTruth(Value v) {
  if (v == trueValue()) return 1;
  if (v == falseValue() || v == none()) return 0;
  if (v.isSmallInt()) return v.smallInt() != 0;
  return -2;
}
// What a condition does with a value that is not known without a look at its type.
#define NOTE_TRUTH(name, operand)                                            \
  do {                                                                       \
    if constexpr (Op::name == Op::JumpIfTrue || Op::name == Op::JumpIfFalse) \
      NOTE_OPERANDS(c, REG(operand), Value());                               \
  } while (0)
#define TRUTH_REST(name, part, operandName, end)       \
  PART(part) {                                         \
    NOTE_TRUTH(name, operandName);                     \
    int truth = truthSlow(t, pc, fp, pc->operandName); \
    if (truth < 0) [[unlikely]]                        \
      RAISE();                                         \
    end;                                               \
  }
#define SET_BOOL(name, truth) SET_NEXT(name, boolean(truth))
#define JUMP_WHEN_UNCOUNTED(condition, name) \
  do {                                       \
    if (condition) GOTO(pc->jump());         \
    NEXT(name);                              \
  } while (0)
// Slot C counts both ways.
#define JUMP_WHEN(condition, name)                   \
  do {                                               \
    OperandFeedback& way = feedback[pc->c].operands; \
    if (condition) {                                 \
      way.taken++;                                   \
      GOTO(pc->jump());                              \
    }                                                \
    way.notTaken++;                                  \
    NEXT(name);                                      \
  } while (0)

TRUTH_REST(Not, notRest, b, SET_BOOL(Not, !truth))
OP(Not) {
  int truth = quickTruth(REG(b));
  if (truth == -2) LEAVE(notRest);
  SET_BOOL(Not, !truth);
}
TRUTH_REST(ToBool, toBoolRest, b, SET_BOOL(ToBool, truth))
OP(ToBool) {
  int truth = quickTruth(REG(b));
  if (truth == -2) LEAVE(toBoolRest);
  SET_BOOL(ToBool, truth);
}
TRUTH_REST(JumpIfTrue, jumpIfTrueRest, a, JUMP_WHEN(truth, JumpIfTrue))
OP(JumpIfTrue) {
  Value v = REG(a);
  if (v == trueValue() || v == falseValue() || v == none()) JUMP_WHEN(v == trueValue(), JumpIfTrue);
  if (v.isSmallInt()) JUMP_WHEN(v != Value::smallInt(0), JumpIfTrue);
  LEAVE(jumpIfTrueRest);
}
TRUTH_REST(JumpIfFalse, jumpIfFalseRest, a, JUMP_WHEN(!truth, JumpIfFalse))
OP(JumpIfFalse) {
  Value v = REG(a);
  if (v == trueValue() || v == falseValue() || v == none())
    JUMP_WHEN(v != trueValue(), JumpIfFalse);
  if (v.isSmallInt()) JUMP_WHEN(v == Value::smallInt(0), JumpIfFalse);
  LEAVE(jumpIfFalseRest);
}

// ---- comparison ----

// Mixed numbers whose int is exact as a float; false: something else.
DX_INLINE bool compareMixed(Value l, Value r, CompareOp op, bool* truth) {
  double a, b;
  if (!mixedNumbers(l, r, &a, &b)) return false;
  constexpr double kExact = double(i64(1) << 53);
  if (std::fabs(l.isSmallInt() ? a : b) > kExact) return false;
  switch (op) {
    case CompareOp::Lt:
      *truth = a < b;
      break;
    case CompareOp::Le:
      *truth = a <= b;
      break;
    case CompareOp::Eq:
      *truth = a == b;
      break;
    case CompareOp::Ne:
      *truth = a != b;
      break;
    case CompareOp::Gt:
      *truth = a > b;
      break;
    default:
      *truth = a >= b;
      break;
  }
  return true;
}

DX_SLOW bool compareSlow(Thread* t, const Insn* pc, Value* fp, CompareOp op) {
  t->pc = pc;
  bool truth;
  if (compareMixed(fp[regIndex(pc->b)], fp[regIndex(pc->c)], op, &truth)) {
    setReg(fp, pc->a, boolean(truth));
    return true;
  }
  Result<Ref<>> v = compare(*t, fp[regIndex(pc->b)], fp[regIndex(pc->c)], op);
  if (!v) return false;
  Value result = std::move(v).take().release();
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  setReg(fp, pc->a, result);
  return true;
}
// 1 true, 0 false, -1 an exception.
static int truthOfComparison(Thread* t, Value l, Value r, CompareOp op) {
  bool mixed;
  if (compareMixed(l, r, op, &mixed)) return mixed;
  Result<Ref<>> v = compare(*t, l, r, op);
  if (!v) return -1;
  Result<bool> b = isTrue(*t, v.peek());
  return b ? int(*b) : -1;
}
DX_SLOW int jumpCompareIntSlow(Thread* t, const Insn* pc, Value* fp, CompareOp op) {
  t->pc = pc;
  int truth = truthOfComparison(t, fp[regIndex(pc->a)], Value::smallInt(i16(pc->b)), op);
  killOperand(fp, pc->a);
  return truth;
}
DX_SLOW int jumpCompareSlow(Thread* t, const Insn* pc, Value* fp, CompareOp op) {
  t->pc = pc;
  Value l = fp[regIndex(pc->a)], r = fp[regIndex(pc->b)];
  if ((op == CompareOp::Eq || op == CompareOp::Ne) && isExactStr(l) && isExactStr(r)) {
    int truth = equalStr(l.as<Str>(), r.as<Str>()) == (op == CompareOp::Eq);
    killOperand(fp, pc->a);
    killOperand(fp, pc->b);
    return truth;
  }
  int truth = truthOfComparison(t, l, r, op);
  killOperand(fp, pc->a);
  killOperand(fp, pc->b);
  return truth;
}

#define COMPARE_OP(name, op)                                                                \
  GENERAL_REST(name, rest##name, compareSlow(t, pc, fp, CompareOp::name))                   \
  OP(name) {                                                                                \
    Value l = REG(b), r = REG(c);                                                           \
    if (bothSmallInt(l, r)) [[likely]]                                                      \
      SET_BOOL(name, i64(l.bits()) op i64(r.bits()));                                       \
    if (bothFlonum(l, r)) SET_BOOL(name, l.flonum() op r.flonum());                         \
    LEAVE(rest##name);                                                                      \
  }                                                                                         \
  PART(restJump##name) {                                                                    \
    NOTE_OPERANDS(c, REG(a), REG(b));                                                       \
    int truth = jumpCompareSlow(t, pc, fp, CompareOp::name);                                \
    if (truth < 0) [[unlikely]]                                                             \
      RAISE();                                                                              \
    JUMP_WHEN(truth == pc->x, Jump##name);                                                  \
  }                                                                                         \
  OP(Jump##name) {                                                                          \
    Value l = REG(a), r = REG(b);                                                           \
    if (bothSmallInt(l, r)) [[likely]]                                                      \
      JUMP_WHEN((i64(l.bits()) op i64(r.bits())) == bool(pc->x), Jump##name);               \
    if (bothFlonum(l, r)) JUMP_WHEN((l.flonum() op r.flonum()) == bool(pc->x), Jump##name); \
    LEAVE(restJump##name);                                                                  \
  }                                                                                         \
  PART(restJump##name##Int) {                                                               \
    NOTE_OPERANDS(c, REG(a), Value::smallInt(0));                                           \
    int truth = jumpCompareIntSlow(t, pc, fp, CompareOp::name);                             \
    if (truth < 0) [[unlikely]]                                                             \
      RAISE();                                                                              \
    JUMP_WHEN(truth == pc->x, Jump##name##Int);                                             \
  }                                                                                         \
  OP(Jump##name##Int) {                                                                     \
    Value l = REG(a);                                                                       \
    i64 r = i64(i16(pc->b));                                                                \
    if (l.isSmallInt()) [[likely]]                                                          \
      JUMP_WHEN((l.smallInt() op r) == bool(pc->x), Jump##name##Int);                       \
    if (l.isFlonum()) JUMP_WHEN((l.flonum() op double(r)) == bool(pc->x), Jump##name##Int); \
    LEAVE(restJump##name##Int);                                                             \
  }
COMPARE_OP(Lt, <)
COMPARE_OP(Le, <=)
COMPARE_OP(Eq, ==)
COMPARE_OP(Ne, !=)
COMPARE_OP(Gt, >)
COMPARE_OP(Ge, >=)

DX_INLINE bool identical(Value l, Value r) { return l == r || sameValue(l, r); }

// These let their killed operands go; where one dies the rest does it all.
DX_SLOW void killBoth(Thread* t, const Insn* pc, Value* fp, u16 x, u16 y) {
  t->pc = pc;
  killOperand(fp, x);
  killOperand(fp, y);
}
PART(isRest) {
  bool is = identical(REG(b), REG(c));
  killBoth(t, pc, fp, pc->b, pc->c);
  SET_BOOL(Is, is != bool(pc->x));
}
OP(Is) {
  if ((pc->b | pc->c) & kKill) LEAVE(isRest);
  SET_BOOL(Is, identical(REG(b), REG(c)) != bool(pc->x));
}
PART(jumpIsRest) {
  bool is = identical(REG(a), REG(b));
  killBoth(t, pc, fp, pc->a, pc->b);
  JUMP_WHEN_UNCOUNTED(is == bool(pc->x), JumpIs);
}
OP(JumpIs) {
  if ((pc->a | pc->b) & kKill) LEAVE(jumpIsRest);
  JUMP_WHEN_UNCOUNTED(identical(REG(a), REG(b)) == bool(pc->x), JumpIs);
}
PART(notNone) {  // the killed operand of JumpIfNone and JumpIfNotNone dies
  Value v = takeOperand(fp, pc->a);
  SAVE_PC();
  releaseValue(v);
  JUMP_WHEN_UNCOUNTED(pc->opcode() == Op::JumpIfNotNone, JumpIfNone);
}
OP(JumpIfNone) {
  Value v = REG(a);
  if (isNone(v)) GOTO(pc->jump());
  KILL_OR(a, v, notNone);
  NEXT(JumpIfNone);
}
OP(JumpIfNotNone) {
  Value v = REG(a);
  if (isNone(v)) NEXT(JumpIfNotNone);
  KILL_OR(a, v, notNone);
  GOTO(pc->jump());
}

DX_SLOW int containsSlow(Thread* t, const Insn* pc, Value* fp, u16 item, u16 container) {
  t->pc = pc;
  Result<bool> r = contains(*t, fp[regIndex(container)], fp[regIndex(item)]);
  int truth = r ? int(*r) : -1;
  killOperand(fp, item);
  killOperand(fp, container);
  return truth;
}
OP(In) {
  NOTE_OPERANDS(d, REG(b), REG(c));
  int in = containsSlow(t, pc, fp, pc->b, pc->c);
  if (in < 0) [[unlikely]]
    RAISE();
  setReg(fp, pc->a, boolean(in != pc->x));
  NEXT(In);
}
OP(JumpIn) {
  NOTE_OPERANDS(c, REG(a), REG(b));
  int in = containsSlow(t, pc, fp, pc->a, pc->b);
  if (in < 0) [[unlikely]]
    RAISE();
  JUMP_WHEN(in == pc->x, JumpIn);
}

// ---- jumps ----

OP(Jump) { GOTO(pc->jump32()); }

DX_SLOW bool pollLoop(Thread* t) { return bool(handlePending(*t)); }
DX_SLOW FeedbackSlot* warmUpLoop(Value* fp) {
  CodeData* data = frameCode(fp)->data;
  if (data->feedback == kZeroFeedback)  // else a call of the same code made it
    attachFeedback(data);
  return data->feedback;
}
PART(jumpBackRest) {
  if (t->pending) {
    SAVE_PC();
    if (!pollLoop(t)) RAISE();
  }
  if (feedback == kZeroFeedback) feedback = warmUpLoop(fp);
  GOTO(pc->jump32());
}
OP(JumpBack) {
  if (t->pending || feedback == kZeroFeedback) [[unlikely]]
    LEAVE(jumpBackRest);
  feedback[0].counters.turns++;
  GOTO(pc->jump32());
}

}  // namespace dx
