// Methods of float.
#include <cmath>

#include "base/float_text.h"
#include "base/int_math.h"
#include "builtins/float.gen.h"
#include "builtins/number_format.h"

namespace dx {

Result<Ref<>> float___new__(Thread& t, Type& cls, Value x) {
  Ref<> value = TRY(toFloat(t, x));
  if (&cls == &PyFloat_Type) return value;
  return makeFloatInstance(&cls, floatValue(value));
}

Result<Ref<>> float_from_number(Thread& t, Type& cls, Value number) {
  if (isExactFloat(number) && &cls == &PyFloat_Type) return retain(number);
  double d = TRY(asDouble(t, number));
  if (&cls == &PyFloat_Type) return makeFloat(d);
  Ref<> value = makeFloat(d);
  return callWith(t, &cls, value);
}

Result<Ref<>> float___repr__(Thread&, Value self) {
  std::string out;
  floatRepr(floatValue(self), &out);
  return makeAscii(out);
}

Result<i64> float___hash__(Thread&, Value self) { return hashDouble(self, floatValue(self)); }

Result<Ref<>> float___richcompare__(Thread&, Value self, Value other, CompareOp op) {
  double a = floatValue(self);
  if (isInt(other)) {
    if (std::isnan(a)) return boolRef(op == CompareOp::Ne);
    IntReader i(other);
    int c = -intCompareDouble(i, a);
    switch (op) {
      case CompareOp::Lt:
        return boolRef(c < 0);
      case CompareOp::Le:
        return boolRef(c <= 0);
      case CompareOp::Eq:
        return boolRef(c == 0);
      case CompareOp::Ne:
        return boolRef(c != 0);
      case CompareOp::Gt:
        return boolRef(c > 0);
      case CompareOp::Ge:
        return boolRef(c >= 0);
    }
  }
  if (!isInstanceOf(other, &PyFloat_Type)) return notImplementedRef();
  double b = floatValue(other);
  switch (op) {
    case CompareOp::Lt:
      return boolRef(a < b);
    case CompareOp::Le:
      return boolRef(a <= b);
    case CompareOp::Eq:
      return boolRef(a == b);
    case CompareOp::Ne:
      return boolRef(a != b);
    case CompareOp::Gt:
      return boolRef(a > b);
    default:
      return boolRef(a >= b);
  }
}

Result<Ref<>> float___format__(Thread& t, Value self, Str& spec) {
  if (spec.length == 0) {
    if (isExactFloat(self)) return float___repr__(t, self);
    return str(t, self);
  }
  FormatSpec parsed = TRY(parseNumberSpec(t, spec, 'g', typeOf(self)->name));
  FormattedText out;
  FormatError error = formatDouble(parsed, floatValue(self), formatLocaleFor(parsed), &out);
  return finishFormat(t, error, parsed, spec, typeOf(self)->name, out);
}

// ---- operators ----

static Result<Ref<>> floatOperator(Thread& t, BinaryOp op, Value left, Value right) {
  bool known;
  double a = TRY(numberToDouble(t, left, &known));
  if (!known) return notImplementedRef();
  double b = TRY(numberToDouble(t, right, &known));
  if (!known) return notImplementedRef();
  return floatBinary(t, op, a, b);
}

Result<Ref<>> float___add__(Thread& t, Value left, Value right) {
  return floatOperator(t, BinaryOp::Add, left, right);
}
Result<Ref<>> float___sub__(Thread& t, Value left, Value right) {
  return floatOperator(t, BinaryOp::Sub, left, right);
}
Result<Ref<>> float___mul__(Thread& t, Value left, Value right) {
  return floatOperator(t, BinaryOp::Mul, left, right);
}
Result<Ref<>> float___mod__(Thread& t, Value left, Value right) {
  return floatOperator(t, BinaryOp::Mod, left, right);
}
Result<Ref<>> float___divmod__(Thread& t, Value left, Value right) {
  return floatOperator(t, BinaryOp::DivMod, left, right);
}
Result<Ref<>> float___floordiv__(Thread& t, Value left, Value right) {
  return floatOperator(t, BinaryOp::FloorDiv, left, right);
}
Result<Ref<>> float___truediv__(Thread& t, Value left, Value right) {
  return floatOperator(t, BinaryOp::TrueDiv, left, right);
}
Result<Ref<>> float___pow__(Thread& t, Value base, Value exponent, Value mod) {
  if (!isNone(mod))
    return t.raise(kTypeError, "pow() 3rd argument not allowed unless all arguments are integers");
  return floatOperator(t, BinaryOp::Pow, base, exponent);
}

Result<Ref<>> float___neg__(Thread&, Value self) { return makeFloat(-floatValue(self)); }
Result<Ref<>> float___pos__(Thread&, Value self) { return makeFloat(floatValue(self)); }
Result<Ref<>> float___abs__(Thread&, Value self) { return makeFloat(std::fabs(floatValue(self))); }
Result<bool> float___bool__(Thread&, Value self) { return floatValue(self) != 0.0; }
Result<Ref<>> float___float__(Thread&, Value self) { return makeFloat(floatValue(self)); }

// ---- to integers ----

static Result<Ref<>> integerOf(Thread& t, double d) {
  if (std::isnan(d)) return t.raise(kValueError, "cannot convert float NaN to integer");
  if (std::isinf(d)) return t.raise(kOverflowError, "cannot convert float infinity to integer");
  return makeIntFromDouble(d);
}

Result<Ref<>> float___int__(Thread& t, Value self) { return integerOf(t, floatValue(self)); }
Result<Ref<>> float___trunc__(Thread& t, Value self) { return integerOf(t, floatValue(self)); }
Result<Ref<>> float___floor__(Thread& t, Value self) {
  return integerOf(t, std::floor(floatValue(self)));
}
Result<Ref<>> float___ceil__(Thread& t, Value self) {
  return integerOf(t, std::ceil(floatValue(self)));
}

Result<Ref<>> float___round__(Thread& t, Value self, Value ndigits) {
  double d = floatValue(self);
  if (isNone(ndigits)) {
    if (!std::isfinite(d)) return integerOf(t, d);
    return makeIntFromDouble(floatRoundHalfEven(d));
  }
  i64 n = TRY(indexI64(t, ndigits, nullptr));
  if (!std::isfinite(d)) return makeFloat(d);
  double r;
  if (!floatRound(d, n, &r)) return t.raise(kOverflowError, "rounded value too large to represent");
  return makeFloat(r);
}

Result<Ref<>> float_as_integer_ratio(Thread& t, Value self) {
  double d = floatValue(self);
  if (std::isinf(d)) return t.raise(kOverflowError, "cannot convert Infinity to integer ratio");
  if (std::isnan(d)) return t.raise(kValueError, "cannot convert NaN to integer ratio");
  Digits n, m;
  floatRatio(d, &n, &m);
  Ref<> numerator = makeInt(n);
  Ref<> denominator = makeInt(m);
  return tupleOf(numerator, denominator);
}

Result<bool> float_is_integer(Thread&, Value self) {
  double d = floatValue(self);
  return std::isfinite(d) && std::floor(d) == d;
}

// ---- the rest ----

Result<Ref<>> float_hex(Thread&, Value self) {
  std::string out;
  floatToHex(floatValue(self), &out);
  return makeAscii(out);
}

Result<Ref<>> float_fromhex(Thread& t, Type& cls, Str& string) {
  double d;
  HexParse parsed = string.isAscii() ? floatFromHex(string.ascii(), &d) : HexParse::kInvalid;
  if (parsed == HexParse::kInvalid)
    return t.raise(kValueError, "invalid hexadecimal floating-point string");
  if (parsed == HexParse::kTooLarge)
    return t.raise(kOverflowError, "hexadecimal value too large to represent as a float");
  Ref<> value = makeFloat(d);
  if (&cls == &PyFloat_Type) return value;
  return callWith(t, &cls, value);
}

Result<Ref<>> float___getformat__(Thread& t, Type&, Str& typestr) {
  if (equalAscii(&typestr, "double") || equalAscii(&typestr, "float"))
    return makeAscii("IEEE, little-endian");
  return t.raise(kValueError, "__getformat__() argument 1 must be 'double' or 'float'");
}

Result<Ref<>> float_conjugate(Thread&, Value self) { return makeFloat(floatValue(self)); }
Result<Ref<>> float___getnewargs__(Thread&, Value self) {
  Ref<> value = makeFloat(floatValue(self));
  return tupleOf(value);
}
Result<Ref<>> float_get_real(Thread&, Value self) { return makeFloat(floatValue(self)); }
Result<Ref<>> float_get_imag(Thread&, Value) { return makeFloat(0.0); }

}  // namespace dx
