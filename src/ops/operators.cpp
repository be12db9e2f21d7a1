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
DX_INLINE bool bothFlonum(Value l, Value r) {
  return ((l.bits() ^ 2) & 3) == 0 && ((r.bits() ^ 2) & 3) == 0;
}

#define FLOAT_RESULT(d, name)                   \
  do {                                          \
    double result = (d);                        \
    if (Value::fitsFlonum(result)) [[likely]] { \
      setReg(fp, pc->a, Value::flonum(result)); \
      NEXT(name);                               \
    }                                           \
  } while (0)

OP(Add) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) [[likely]] {
    i64 sum;
    if (!__builtin_add_overflow(i64(l.bits() - 1), i64(r.bits()), &sum)) [[likely]] {
      setReg(fp, pc->a, Value::fromBits(u64(sum)));
      NEXT(Add);
    }
  } else if (bothFlonum(l, r)) {
    FLOAT_RESULT(l.flonum() + r.flonum(), Add);
  }
  NEXT_IF(addSlow(t, pc, fp), Add);
}

OP(Sub) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) [[likely]] {
    i64 difference;
    if (!__builtin_sub_overflow(i64(l.bits()), i64(r.bits() - 1), &difference)) [[likely]] {
      setReg(fp, pc->a, Value::fromBits(u64(difference)));
      NEXT(Sub);
    }
  } else if (bothFlonum(l, r)) {
    FLOAT_RESULT(l.flonum() - r.flonum(), Sub);
  }
  NEXT_IF(binarySlow(t, pc, fp, BinaryOp::Sub), Sub);
}

OP(Mul) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) [[likely]] {
    i64 product;
    if (!__builtin_mul_overflow(i64(l.bits() - 1), r.smallInt(), &product)) [[likely]] {
      setReg(fp, pc->a, Value::fromBits(u64(product) + 1));
      NEXT(Mul);
    }
  } else if (bothFlonum(l, r)) {
    FLOAT_RESULT(l.flonum() * r.flonum(), Mul);
  }
  NEXT_IF(binarySlow(t, pc, fp, BinaryOp::Mul), Mul);
}

OP(TrueDiv) {
  Value l = REG(b), r = REG(c);
  if (bothFlonum(l, r)) {
    if (r.flonum() != 0.0) FLOAT_RESULT(l.flonum() / r.flonum(), TrueDiv);
  } else if (bothSmallInt(l, r)) {
    constexpr i64 kExact = i64(1) << 53;
    i64 a = l.smallInt(), b = r.smallInt();
    if (b != 0 && a <= kExact && a >= -kExact && b <= kExact && b >= -kExact && !(a == 0 && b < 0))
      FLOAT_RESULT(double(a) / double(b), TrueDiv);
  }
  NEXT_IF(binarySlow(t, pc, fp, BinaryOp::TrueDiv), TrueDiv);
}

OP(FloorDiv) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r) && r.smallInt() > 0) {
    i64 a = l.smallInt(), b = r.smallInt();
    i64 q = a / b;
    q -= (a % b) < 0;
    setReg(fp, pc->a, Value::smallInt(q));
    NEXT(FloorDiv);
  }
  NEXT_IF(binarySlow(t, pc, fp, BinaryOp::FloorDiv), FloorDiv);
}

OP(Mod) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r) && r.smallInt() > 0) {
    i64 a = l.smallInt(), b = r.smallInt();
    i64 m = a % b;
    if (m < 0) m += b;
    setReg(fp, pc->a, Value::smallInt(m));
    NEXT(Mod);
  }
  NEXT_IF(binarySlow(t, pc, fp, BinaryOp::Mod), Mod);
}

OP(LShift) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r) && u64(r.smallInt()) < 62) {
    i64 a = l.smallInt();
    i64 shifted = i64(u64(a) << r.smallInt());
    if (shifted >> r.smallInt() == a && Value::fitsSmallInt(shifted)) {
      setReg(fp, pc->a, Value::smallInt(shifted));
      NEXT(LShift);
    }
  }
  NEXT_IF(binarySlow(t, pc, fp, BinaryOp::LShift), LShift);
}

OP(RShift) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r) && r.smallInt() >= 0) {
    i64 count = r.smallInt() > 63 ? 63 : r.smallInt();
    setReg(fp, pc->a, Value::smallInt(l.smallInt() >> count));
    NEXT(RShift);
  }
  NEXT_IF(binarySlow(t, pc, fp, BinaryOp::RShift), RShift);
}

OP(And) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) {
    setReg(fp, pc->a, Value::fromBits(l.bits() & r.bits()));
    NEXT(And);
  }
  NEXT_IF(binarySlow(t, pc, fp, BinaryOp::And), And);
}

OP(Or) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) {
    setReg(fp, pc->a, Value::fromBits(l.bits() | r.bits()));
    NEXT(Or);
  }
  NEXT_IF(binarySlow(t, pc, fp, BinaryOp::Or), Or);
}

OP(Xor) {
  Value l = REG(b), r = REG(c);
  if (bothSmallInt(l, r)) {
    setReg(fp, pc->a, Value::fromBits((l.bits() ^ r.bits()) | 1));
    NEXT(Xor);
  }
  NEXT_IF(binarySlow(t, pc, fp, BinaryOp::Xor), Xor);
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

OP(AddInt) {
  Value l = REG(b);
  if (l.isSmallInt()) [[likely]] {
    i64 sum;
    if (!__builtin_add_overflow(i64(l.bits()), i64(i16(pc->c)) * 2, &sum)) [[likely]] {
      setReg(fp, pc->a, Value::fromBits(u64(sum)));
      NEXT(AddInt);
    }
  } else if (l.isFlonum()) {
    FLOAT_RESULT(l.flonum() + i16(pc->c), AddInt);
  }
  NEXT_IF(withIntSlow(t, pc, fp, BinaryOp::Add), AddInt);
}

OP(SubInt) {
  Value l = REG(b);
  if (l.isSmallInt()) [[likely]] {
    i64 difference;
    if (!__builtin_sub_overflow(i64(l.bits()), i64(i16(pc->c)) * 2, &difference)) [[likely]] {
      setReg(fp, pc->a, Value::fromBits(u64(difference)));
      NEXT(SubInt);
    }
  } else if (l.isFlonum()) {
    FLOAT_RESULT(l.flonum() - i16(pc->c), SubInt);
  }
  NEXT_IF(withIntSlow(t, pc, fp, BinaryOp::Sub), SubInt);
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

OP(Neg) {
  Value v = REG(b);
  if (v.isSmallInt() && v.smallInt() != kSmallIntMin) {
    setReg(fp, pc->a, Value::smallInt(-v.smallInt()));
    NEXT(Neg);
  }
  NEXT_IF(unarySlow(t, pc, fp, negative), Neg);
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
#define TRUTH(variable, operandName)                  \
  int variable = quickTruth(REG(operandName));        \
  if (variable == -2) {                               \
    variable = truthSlow(t, pc, fp, pc->operandName); \
    if (variable < 0) [[unlikely]]                    \
      RAISE();                                        \
  }

OP(Not) {
  TRUTH(truth, b);
  setReg(fp, pc->a, boolean(!truth));
  NEXT(Not);
}
OP(ToBool) {
  TRUTH(truth, b);
  setReg(fp, pc->a, boolean(truth));
  NEXT(ToBool);
}
OP(JumpIfTrue) {
  TRUTH(truth, a);
  if (truth) GOTO(pc->jump());
  NEXT(JumpIfTrue);
}
OP(JumpIfFalse) {
  TRUTH(truth, a);
  if (!truth) GOTO(pc->jump());
  NEXT(JumpIfFalse);
}

// ---- comparison ----

DX_SLOW bool compareSlow(Thread* t, const Insn* pc, Value* fp, CompareOp op) {
  t->pc = pc;
  Result<Ref<>> v = compare(*t, fp[regIndex(pc->b)], fp[regIndex(pc->c)], op);
  if (!v) return false;
  Value result = std::move(v).take().release();
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  setReg(fp, pc->a, result);
  return true;
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
  Result<Ref<>> v = compare(*t, l, r, op);
  int truth = -1;
  if (v) {
    Result<bool> b = isTrue(*t, v.peek());
    truth = b ? int(*b) : -1;
  }
  killOperand(fp, pc->a);
  killOperand(fp, pc->b);
  return truth;
}

#define COMPARE_OP(name, op)                                      \
  OP(name) {                                                      \
    Value l = REG(b), r = REG(c);                                 \
    if (bothSmallInt(l, r)) [[likely]] {                          \
      setReg(fp, pc->a, boolean(i64(l.bits()) op i64(r.bits()))); \
      NEXT(name);                                                 \
    }                                                             \
    if (bothFlonum(l, r)) {                                       \
      setReg(fp, pc->a, boolean(l.flonum() op r.flonum()));       \
      NEXT(name);                                                 \
    }                                                             \
    NEXT_IF(compareSlow(t, pc, fp, CompareOp::name), name);       \
  }                                                               \
  OP(Jump##name) {                                                \
    Value l = REG(a), r = REG(b);                                 \
    int truth;                                                    \
    if (bothSmallInt(l, r)) [[likely]] {                          \
      truth = i64(l.bits()) op i64(r.bits());                     \
    } else if (bothFlonum(l, r)) {                                \
      truth = l.flonum() op r.flonum();                           \
    } else {                                                      \
      truth = jumpCompareSlow(t, pc, fp, CompareOp::name);        \
      if (truth < 0) [[unlikely]]                                 \
        RAISE();                                                  \
    }                                                             \
    if (truth == pc->x) GOTO(pc->jump());                         \
    NEXT(Jump##name);                                             \
  }
COMPARE_OP(Lt, <)
COMPARE_OP(Le, <=)
COMPARE_OP(Eq, ==)
COMPARE_OP(Ne, !=)
COMPARE_OP(Gt, >)
COMPARE_OP(Ge, >=)

DX_INLINE bool identical(Value l, Value r) { return l == r || sameValue(l, r); }

OP(Is) {
  bool is = identical(REG(b), REG(c));
  SAVE_PC();
  killOperand(fp, pc->b);
  killOperand(fp, pc->c);
  setReg(fp, pc->a, boolean(is != bool(pc->x)));
  NEXT(Is);
}
OP(JumpIs) {
  bool is = identical(REG(a), REG(b));
  SAVE_PC();
  killOperand(fp, pc->a);
  killOperand(fp, pc->b);
  if (is == bool(pc->x)) GOTO(pc->jump());
  NEXT(JumpIs);
}
OP(JumpIfNone) {
  bool is = isNone(REG(a));
  SAVE_PC();
  killOperand(fp, pc->a);
  if (is) GOTO(pc->jump());
  NEXT(JumpIfNone);
}
OP(JumpIfNotNone) {
  bool is = isNone(REG(a));
  SAVE_PC();
  killOperand(fp, pc->a);
  if (!is) GOTO(pc->jump());
  NEXT(JumpIfNotNone);
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
  int in = containsSlow(t, pc, fp, pc->b, pc->c);
  if (in < 0) [[unlikely]]
    RAISE();
  setReg(fp, pc->a, boolean(in != pc->x));
  NEXT(In);
}
OP(JumpIn) {
  int in = containsSlow(t, pc, fp, pc->a, pc->b);
  if (in < 0) [[unlikely]]
    RAISE();
  if (in == pc->x) GOTO(pc->jump());
  NEXT(JumpIn);
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
OP(JumpBack) {
  if (t->pending) [[unlikely]] {
    SAVE_PC();
    if (!pollLoop(t)) RAISE();
  }
  if (feedback == kZeroFeedback) [[unlikely]]
    feedback = warmUpLoop(fp);
  GOTO(pc->jump32());
}

}  // namespace dx
