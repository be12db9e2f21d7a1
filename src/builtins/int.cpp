// Methods of int and bool.
#include "base/int_math.h"
#include "base/int_text.h"
#include "builtins/bool.gen.h"
#include "builtins/byte_methods.h"
#include "builtins/int.gen.h"
#include "builtins/number_format.h"
#include "runtime/number_text.h"

namespace dx {

extern "C" {
BoolObject _Py_TrueStruct = {{{DX_IMMORTAL, &PyBool_Type}, 1 << 3}, 1, 0};
BoolObject _Py_FalseStruct = {{{DX_IMMORTAL, &PyBool_Type}, 1}, 0, 0};
}

// ---- construction ----

namespace {
Result<Ref<>> intValueOf(Thread& t, Value x, Value base) {
  if (x.isEmpty()) {
    if (base) return t.raise(kTypeError, "int() missing string argument");
    return makeInt(0);
  }
  if (base.isEmpty()) return toInt(t, x);
  i64 b = TRY(indexI64(t, base, nullptr));
  if ((b != 0 && b < 2) || b > 36)
    return t.raise(kValueError, "int() base must be >= 2 and <= 36, or 0");
  bool isText;
  Result<Ref<>> r = intFromObjectText(t, x, int(b), &isText);
  if (!isText) return t.raise(kTypeError, "int() can't convert non-string with explicit base");
  return r;
}
}  // namespace

Result<Ref<>> int___new__(Thread& t, Type& cls, Value x, Value base) {
  Ref<> value = TRY(intValueOf(t, x, base));
  if (&cls == &PyLong_Type) return value;
  IntReader i(value);
  return makeIntInstance(&cls, i);
}

// ---- text, hash, comparison ----

Result<Ref<>> int___repr__(Thread& t, Value self) {
  if (self.isSmallInt()) return Ref<>(makeSmallIntText(self.smallInt()));
  return makeAscii(TRY(intToDecimal(t, self)));
}
Result<i64> int___hash__(Thread&, Value self) { return hashInt(self); }

static bool compareHolds(int c, CompareOp op) {
  switch (op) {
    case CompareOp::Lt:
      return c < 0;
    case CompareOp::Le:
      return c <= 0;
    case CompareOp::Eq:
      return c == 0;
    case CompareOp::Ne:
      return c != 0;
    case CompareOp::Gt:
      return c > 0;
    default:
      return c >= 0;
  }
}

Result<Ref<>> int___richcompare__(Thread&, Value self, Value other, CompareOp op) {
  if (!isInt(self) || !isInt(other)) return notImplementedRef();
  return boolRef(compareHolds(compareInts(self, other), op));
}

Result<Ref<>> int___format__(Thread& t, Value self, Str& spec) {
  if (spec.length == 0) {
    if (isExactInt(self)) return int___repr__(t, self);
    return str(t, self);
  }
  FormatSpec parsed = TRY(parseNumberSpec(t, spec, 'd', typeOf(self)->name));
  if (parsed.type == 0 || parsed.type == 'd' || parsed.type == 'n') TRY(intToDecimal(t, self));
  IntReader i(self);
  FormattedText out;
  FormatError error = formatInteger(parsed, i, formatLocaleFor(parsed), &out);
  return finishFormat(t, error, parsed, spec, typeOf(self)->name, out);
}

// ---- operators ----

#define DX_INT_OPERATOR(name, expression)                              \
  Result<Ref<>> int___##name##__(Thread& t, Value left, Value right) { \
    if (!isInt(left) || !isInt(right)) return notImplementedRef();     \
    return expression;                                                 \
  }
DX_INT_OPERATOR(add, intAdd(left, right))
DX_INT_OPERATOR(sub, intSub(left, right))
DX_INT_OPERATOR(mul, intMul(t, left, right))
DX_INT_OPERATOR(mod, intMod(t, left, right))
DX_INT_OPERATOR(divmod, intDivMod(t, left, right))
DX_INT_OPERATOR(floordiv, intFloorDiv(t, left, right))
DX_INT_OPERATOR(truediv, intTrueDiv(t, left, right))
DX_INT_OPERATOR(lshift, intShift(t, left, right, true))
DX_INT_OPERATOR(rshift, intShift(t, left, right, false))
DX_INT_OPERATOR(and, intBitwise(BinaryOp::And, left, right))
DX_INT_OPERATOR(or, intBitwise(BinaryOp::Or, left, right))
DX_INT_OPERATOR(xor, intBitwise(BinaryOp::Xor, left, right))
#undef DX_INT_OPERATOR

Result<Ref<>> int___pow__(Thread& t, Value base, Value exponent, Value mod) {
  if (!isInt(base) || !isInt(exponent)) return notImplementedRef();
  if (isNone(mod)) return intPow(t, base, exponent, Value());
  if (!isInt(mod)) return notImplementedRef();
  return intPow(t, base, exponent, mod);
}

Result<Ref<>> int___neg__(Thread&, Value self) { return intNegative(self); }
Result<Ref<>> int___pos__(Thread&, Value self) { return exactInt(self); }
Result<Ref<>> int___abs__(Thread&, Value self) {
  return intSign(self) < 0 ? intNegative(self) : exactInt(self);
}
Result<bool> int___bool__(Thread&, Value self) { return intSign(self) != 0; }
Result<Ref<>> int___invert__(Thread&, Value self) {
  IntReader i(self);
  return makeInt(intInvert(i));
}
Result<Ref<>> int___int__(Thread&, Value self) { return exactInt(self); }
Result<Ref<>> int___index__(Thread&, Value self) { return exactInt(self); }
Result<Ref<>> int___float__(Thread& t, Value self) { return makeFloat(TRY(intToDouble(t, self))); }
Result<Ref<>> int___trunc__(Thread&, Value self) { return exactInt(self); }
Result<Ref<>> int___floor__(Thread&, Value self) { return exactInt(self); }
Result<Ref<>> int___ceil__(Thread&, Value self) { return exactInt(self); }

Result<Ref<>> int___round__(Thread& t, Value self, Value ndigits) {
  if (isNone(ndigits)) return exactInt(self);
  Ref<> n = TRY(toIndex(t, ndigits));
  if (intSign(n) >= 0) return exactInt(self);
  IntReader value(self);
  i64 digits;
  if (!intToI64(n, &digits) || u64(-digits) > intDecimalDigitsBound(value) + 1) return makeInt(0);
  Digits unit;
  if (!intPow(Digits(10), u64(-digits), &unit)) return makeInt(0);
  Digits quotient, remainder;
  intDivMod(value, unit, &quotient, &remainder);
  int c = intCompare(intShiftLeft(remainder, 1), unit);
  if (c > 0 || (c == 0 && quotient.view().isOdd())) quotient = intAdd(quotient, Digits(1));
  return makeInt(intMul(quotient, unit));
}

// ---- bits and bytes ----

Result<Ref<>> int_bit_length(Thread&, Value self) {
  IntReader i(self);
  return makeInt(intBitLength(i));
}
Result<Ref<>> int_bit_count(Thread&, Value self) {
  IntReader i(self);
  return makeInt(intBitCount(i));
}

static Result<bool> isLittle(Thread& t, Value byteorder) {
  if (!isStr(byteorder))
    return t.raise(kTypeError, "{}() argument 'byteorder' must be str, not {}", "to_bytes",
                   typeOf(byteorder));
  if (equalAscii(byteorder.as<Str>(), "little")) return true;
  if (equalAscii(byteorder.as<Str>(), "big")) return false;
  return t.raise(kValueError, "byteorder must be either 'little' or 'big'");
}

Result<Ref<>> int_to_bytes(Thread& t, Value self, i64 length, Value byteorder, bool isSigned) {
  bool little = TRY(isLittle(t, byteorder));
  if (length < 0) return t.raise(kValueError, "length argument must be non-negative");
  Ref<Bytes> out = newBytes(length);
  if (!out) return t.raiseMemory();
  IntReader i(self);
  switch (intToBytes(i, reinterpret_cast<u8*>(out->data), size_t(length), little, isSigned)) {
    case ToBytes::kOk:
      return out;
    case ToBytes::kTooBig:
      return t.raise(kOverflowError, "int too big to convert");
    case ToBytes::kNegative:
      break;
  }
  return t.raise(kOverflowError, "can't convert negative int to unsigned");
}

Result<Ref<>> int_from_bytes(Thread& t, Type& cls, Value bytes, Value byteorder, bool isSigned) {
  bool little = TRY(isLittle(t, byteorder));
  Ref<Bytes> b = TRY(bytesFromObject(t, bytes));
  Ref<> value =
      makeInt(intFromBytes(reinterpret_cast<u8*>(b->data), size_t(b->size), little, isSigned));
  if (&cls == &PyLong_Type) return value;
  return callWith(t, &cls, value);
}

// ---- the rest ----

Result<Ref<>> int_conjugate(Thread&, Value self) { return exactInt(self); }
Result<Ref<>> int_as_integer_ratio(Thread&, Value self) {
  Ref<> value = exactInt(self);
  return tupleOf(value, Value::smallInt(1));
}
Result<Ref<>> int___getnewargs__(Thread&, Value self) {
  Ref<> value = exactInt(self);
  return tupleOf(value);
}
Result<i64> int___sizeof__(Thread&, Value self) {
  IntReader i(self);
  return typeOf(self)->basicSize + i64(i.view.count ? i.view.count : 1) * 4;
}
Result<bool> int_is_integer(Thread&, Value) { return true; }
Result<Ref<>> int_get_real(Thread&, Value self) { return exactInt(self); }
Result<Ref<>> int_get_imag(Thread&, Value) { return makeInt(0); }
Result<Ref<>> int_get_numerator(Thread&, Value self) { return exactInt(self); }
Result<Ref<>> int_get_denominator(Thread&, Value) { return makeInt(1); }

// ---- bool ----

Result<Ref<>> bool___new__(Thread& t, Type&, Value object) {
  return boolRef(TRY(isTrue(t, object)));
}
Result<Ref<>> bool___repr__(Thread&, Value self) {
  return retainObject(self == trueValue() ? DX_NAME("True") : DX_NAME("False"));
}

Result<Ref<>> bool___invert__(Thread& t, Value self) {
  TRY(warn(t, kDeprecationWarning,
           "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This "
           "returns the "
           "bitwise inversion of the underlying int object and is usually not what you expect from "
           "the negation "
           "of a bool object. Use the 'not' operator for boolean negation or ~int(x) for the "
           "bitwise inversion of "
           "the underlying int."));
  return int___invert__(t, self);
}

Result<Ref<>> bool___and__(Thread& t, Value left, Value right) {
  if (!isBool(left) || !isBool(right)) return int___and__(t, left, right);
  return boolRef(left == trueValue() && right == trueValue());
}
Result<Ref<>> bool___or__(Thread& t, Value left, Value right) {
  if (!isBool(left) || !isBool(right)) return int___or__(t, left, right);
  return boolRef(left == trueValue() || right == trueValue());
}
Result<Ref<>> bool___xor__(Thread& t, Value left, Value right) {
  if (!isBool(left) || !isBool(right)) return int___xor__(t, left, right);
  return boolRef(left != right);
}

}  // namespace dx
