// Operators on any value: int and float pairs first, then slots by CPython's dispatch rules.
#include <cmath>

#include "base/float_text.h"
#include "base/int_math.h"
#include "runtime/api.h"

namespace dx {

namespace {

constexpr const char* kOperatorText[kBinaryOpCount] = {
    "+", "-", "*", "@", "/", "//", "%", "** or pow()", "<<", ">>", "&", "|", "^", "divmod()"};
constexpr const char* kInplaceText[kBinaryOpCount] = {
    "+=", "-=", "*=", "@=", "/=", "//=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^=", "divmod()"};

DX_COLD Error raiseUnsupported(Thread& t, const char* op, Value a, Value b) {
  return t.raise(kTypeError, "unsupported operand type(s) for {}: '{}' and '{}'", op, typeOf(a),
                 typeOf(b));
}

DX_COLD Error raiseOperands(Thread& t, BinaryOp op, Value a, Value b) {
  return raiseUnsupported(t, kOperatorText[int(op)], a, b);
}

bool isNotImplemented(const Result<Ref<>>& r) { return r.peek().get() == notImplemented(); }

// The number slots of both operands; the result may be NotImplemented.
Result<Ref<>> binarySlots(Thread& t, BinaryOp op, Value a, Value b) {
  Type *ta = typeOf(a), *tb = typeOf(b);
  BinaryFn left = ta->data->slots.binary[int(op)];
  BinaryFn right = nullptr;
  if (ta != tb) {
    right = tb->data->slots.binary[int(op)];
    if (right == left) right = nullptr;
  }
  if (left) {
    if (right && isSubtype(tb, ta)) {
      Result<Ref<>> r = right(t, a, b);
      if (!isNotImplemented(r)) return r;
      right = nullptr;
    }
    Result<Ref<>> r = left(t, a, b);
    if (!isNotImplemented(r)) return r;
  }
  if (right) return right(t, a, b);
  return notImplementedRef();
}

Result<Ref<>> repeatSequence(Thread& t, Result<Ref<>> (*fn)(Thread&, Value, i64), Value sequence,
                             Value count) {
  if (!hasIndex(count))
    return t.raise(kTypeError, "can't multiply sequence by non-int of type '{}'", typeOf(count));
  i64 n = TRY(indexI64(t, count, kOverflowError));
  return fn(t, sequence, n);
}

DX_NOINLINE Result<Ref<>> binarySlow(Thread& t, BinaryOp op, Value a, Value b) {
  Result<Ref<>> r = binarySlots(t, op, a, b);
  if (!isNotImplemented(r)) return r;
  if (op == BinaryOp::Add) {
    if (auto concat = slotsOf(a).concat) return concat(t, a, b);
  } else if (op == BinaryOp::Mul) {
    if (auto repeat = slotsOf(a).repeat) return repeatSequence(t, repeat, a, b);
    if (auto repeat = slotsOf(b).repeat) return repeatSequence(t, repeat, b, a);
  }
  return raiseOperands(t, op, a, b);
}

// Both operands are exact ints.
Result<Ref<>> intBinary(Thread& t, BinaryOp op, Value a, Value b) {
  switch (op) {
    case BinaryOp::Add:
      return intAdd(a, b);
    case BinaryOp::Sub:
      return intSub(a, b);
    case BinaryOp::Mul:
      return intMul(t, a, b);
    case BinaryOp::TrueDiv:
      return intTrueDiv(t, a, b);
    case BinaryOp::FloorDiv:
      return intFloorDiv(t, a, b);
    case BinaryOp::Mod:
      return intMod(t, a, b);
    case BinaryOp::Pow:
      return intPow(t, a, b, Value());
    case BinaryOp::LShift:
      return intShift(t, a, b, true);
    case BinaryOp::RShift:
      return intShift(t, a, b, false);
    case BinaryOp::And:
    case BinaryOp::Or:
    case BinaryOp::Xor:
      return intBitwise(op, a, b);
    case BinaryOp::DivMod:
      return intDivMod(t, a, b);
    case BinaryOp::MatMul:
      break;
  }
  return raiseOperands(t, op, a, b);
}

bool hasFloatOperator(BinaryOp op) {
  return op <= BinaryOp::Mul || (op >= BinaryOp::TrueDiv && op <= BinaryOp::Pow) ||
         op == BinaryOp::DivMod;
}

DX_COLD Error raiseFloatRange(Thread& t) {
  Ref<> code = makeInt(ERANGE);
  Ref<Str> text = makeAscii("Numerical result out of range");
  return t.raiseValue(kOverflowError, tupleOf(code, text));
}

Result<Ref<>> floatPow(Thread& t, double a, double b) {
  // The cases that C leaves open or reports differently, IEEE 754 otherwise.
  if (b == 0) return makeFloat(1.0);
  if (std::isnan(a)) return makeFloat(a);
  if (std::isnan(b)) return makeFloat(a == 1.0 ? 1.0 : b);
  if (std::isinf(b)) {
    double m = std::fabs(a);
    if (m == 1.0) return makeFloat(1.0);
    return makeFloat((b > 0) == (m > 1.0) ? std::fabs(b) : 0.0);
  }
  bool oddExponent = std::fmod(std::fabs(b), 2.0) == 1.0;
  if (std::isinf(a)) {
    if (b > 0) return makeFloat(oddExponent ? a : std::fabs(a));
    return makeFloat(oddExponent ? std::copysign(0.0, a) : 0.0);
  }
  if (a == 0.0) {
    if (b < 0) return t.raise(kZeroDivisionError, "zero to a negative power");
    return makeFloat(oddExponent ? a : 0.0);
  }
  bool negate = false;
  if (a < 0) {
    if (b != std::floor(b)) {
      Ref<> x = makeComplex(a, 0.0);
      Ref<> y = makeComplex(b, 0.0);
      return binary(t, BinaryOp::Pow, x, y);
    }
    a = -a;
    negate = oddExponent;
  }
  if (a == 1.0) return makeFloat(negate ? -1.0 : 1.0);
  double r = std::pow(a, b);
  if (std::isinf(r)) return raiseFloatRange(t);
  return makeFloat(negate ? -r : r);
}

DX_COLD Error raiseZeroDivision(Thread& t) {
  return t.raise(kZeroDivisionError, "division by zero");
}

}  // namespace

Result<Ref<>> floatBinary(Thread& t, BinaryOp op, double a, double b) {
  switch (op) {
    case BinaryOp::Add:
      return makeFloat(a + b);
    case BinaryOp::Sub:
      return makeFloat(a - b);
    case BinaryOp::Mul:
      return makeFloat(a * b);
    case BinaryOp::TrueDiv:
      if (b == 0) return raiseZeroDivision(t);
      return makeFloat(a / b);
    case BinaryOp::FloorDiv:
      if (b == 0) return raiseZeroDivision(t);
      return makeFloat(floatFloorDiv(a, b));
    case BinaryOp::Mod:
      if (b == 0) return raiseZeroDivision(t);
      return makeFloat(floatMod(a, b));
    case BinaryOp::Pow:
      return floatPow(t, a, b);
    case BinaryOp::DivMod: {
      if (b == 0) return raiseZeroDivision(t);
      Ref<> q = makeFloat(floatFloorDiv(a, b));
      Ref<> r = makeFloat(floatMod(a, b));
      return tupleOf(q, r);
    }
    default:
      return notImplementedRef();
  }
}

Result<Ref<>> binary(Thread& t, BinaryOp op, Value a, Value b) {
  if (isExactInt(a)) {
    if (isExactInt(b)) return intBinary(t, op, a, b);
    if (isExactFloat(b) && hasFloatOperator(op))
      return floatBinary(t, op, TRY(intToDouble(t, a)), floatValue(b));
  } else if (isExactFloat(a) && hasFloatOperator(op)) {
    if (isExactFloat(b)) return floatBinary(t, op, floatValue(a), floatValue(b));
    if (isExactInt(b)) return floatBinary(t, op, floatValue(a), TRY(intToDouble(t, b)));
  }
  return binarySlow(t, op, a, b);
}

Result<Ref<>> inplace(Thread& t, BinaryOp op, Value a, Value b) {
  Slots& left = slotsOf(a);
  if (auto fn = left.inplace[int(op)]) {
    Result<Ref<>> r = fn(t, a, b);
    if (!isNotImplemented(r)) return r;
  } else if (isExactInt(a) || isExactFloat(a)) {
    if (isExactInt(b) || isExactFloat(b)) {
      if (op != BinaryOp::MatMul && (hasFloatOperator(op) || (isExactInt(a) && isExactInt(b))))
        return binary(t, op, a, b);
    }
  }
  Result<Ref<>> r = binarySlots(t, op, a, b);
  if (!isNotImplemented(r)) return r;
  Slots& s = slotsOf(a);
  if (op == BinaryOp::Add) {
    if (auto concat = s.inplaceConcat ? s.inplaceConcat : s.concat) return concat(t, a, b);
  } else if (op == BinaryOp::Mul) {
    if (auto repeat = s.inplaceRepeat ? s.inplaceRepeat : s.repeat)
      return repeatSequence(t, repeat, a, b);
    // The right operand is not changed in place.
    if (!s.inplaceRepeat && !s.repeat)
      if (auto repeat = slotsOf(b).repeat) return repeatSequence(t, repeat, b, a);
  }
  return raiseUnsupported(t, kInplaceText[int(op)], a, b);
}

Result<Ref<>> power(Thread& t, Value a, Value b, Value c) {
  if (c.isEmpty() || isNone(c)) return binary(t, BinaryOp::Pow, a, b);
  Type *ta = typeOf(a), *tb = typeOf(b), *tc = typeOf(c);
  TernaryFn left = ta->data->slots.power;
  TernaryFn right = nullptr;
  if (ta != tb) {
    right = tb->data->slots.power;
    if (right == left) right = nullptr;
  }
  TernaryFn third = tc->data->slots.power;
  if (third == left || third == right) third = nullptr;
  if (left) {
    if (right && isSubtype(tb, ta)) {
      Result<Ref<>> r = right(t, a, b, c);
      if (!isNotImplemented(r)) return r;
      right = nullptr;
    }
    Result<Ref<>> r = left(t, a, b, c);
    if (!isNotImplemented(r)) return r;
  }
  if (right) {
    Result<Ref<>> r = right(t, a, b, c);
    if (!isNotImplemented(r)) return r;
  }
  if (third) {
    Result<Ref<>> r = third(t, a, b, c);
    if (!isNotImplemented(r)) return r;
  }
  return t.raise(kTypeError, "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'", ta,
                 tb, tc);
}

namespace {
Result<Ref<>> unary(Thread& t, Value v, UnaryFn fn, const char* what) {
  if (fn) return fn(t, v);
  return t.raise(kTypeError, "bad operand type for {}: '{}'", what, typeOf(v));
}
}  // namespace

Result<Ref<>> negative(Thread& t, Value v) {
  if (isExactInt(v)) return intNegative(v);
  if (isExactFloat(v)) return makeFloat(-floatValue(v));
  return unary(t, v, slotsOf(v).negative, "unary -");
}

Result<Ref<>> positive(Thread& t, Value v) {
  if (isExactInt(v) || isExactFloat(v)) return retain(v);
  return unary(t, v, slotsOf(v).positive, "unary +");
}

Result<Ref<>> absolute(Thread& t, Value v) {
  if (isExactInt(v)) return intSign(v) < 0 ? intNegative(v) : retain(v);
  if (isExactFloat(v)) return makeFloat(std::fabs(floatValue(v)));
  return unary(t, v, slotsOf(v).absolute, "abs()");
}

Result<Ref<>> invert(Thread& t, Value v) {
  if (v.isSmallInt()) return makeInt(~v.smallInt());
  return unary(t, v, slotsOf(v).invert, "unary ~");
}

}  // namespace dx
