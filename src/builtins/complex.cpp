// Methods of complex.
#include <cmath>

#include "base/float_text.h"
#include "base/int_math.h"
#include "builtins/complex.gen.h"
#include "builtins/complex_math.h"
#include "builtins/number_format.h"
#include "runtime/number_text.h"

namespace dx {

namespace {

Ref<> newComplex(Type* cls, ComplexValue v) {
  Complex* c = static_cast<Complex*>(newInstance(cls));
  c->real = v.real;
  c->imag = v.imag;
  return Ref<>::steal(c);
}
bool isComplex(Value v) { return isInstanceOf(v, &PyComplex_Type); }
ComplexValue valueOf(Value v) { return {v.as<Complex>()->real, v.as<Complex>()->imag}; }

// Result of __complex__; *found false (no exception) when the type has none.
Result<ComplexValue> fromSpecial(Thread& t, Value v, bool* found) {
  *found = true;
  if (v.isObject() && v.object()->type == &PyComplex_Type) return valueOf(v);
  if (v.isImmediate()) {
    *found = false;
    return ComplexValue{};
  }
  bool missing;
  Result<Ref<>> called = callSpecial(t, v, DX_NAME("__complex__"), {}, &missing);
  if (missing) {
    *found = false;
    return ComplexValue{};
  }
  Ref<> r = TRY(std::move(called));
  if (!isComplex(r))
    return t.raise(kTypeError, "{}.__complex__() must return a complex, not {}", typeOf(v),
                   typeOf(r));
  if (typeOf(r) != &PyComplex_Type) {
    TRY(warn(t, kDeprecationWarning,
             "{}.__complex__() must return a complex, not {}.  The ability to return an instance "
             "of a strict "
             "subclass of complex is deprecated, and may not be supported in a future version of "
             "Python.",
             typeOf(v), typeOf(r)));
  }
  return valueOf(r);
}

bool isReal(Value v) { return v.isImmediate() || slotsOf(v).toFloat || slotsOf(v).index; }

// One of two components: complex values are deprecated there.
Result<ComplexValue> component(Thread& t, Value v, const char* name, bool allowSpecial,
                               bool* wasComplex) {
  *wasComplex = false;
  if (allowSpecial) {
    bool found;
    ComplexValue c = TRY(fromSpecial(t, v, &found));
    if (found) {
      *wasComplex = true;
      TRY(warn(t, kDeprecationWarning, "complex() argument '{}' must be a real number, not {}",
               name, typeOf(v)));
      return c;
    }
  }
  if (isComplex(v)) {
    *wasComplex = true;
    TRY(warn(t, kDeprecationWarning, "complex() argument '{}' must be a real number, not {}", name,
             typeOf(v)));
    return valueOf(v);
  }
  if (!isReal(v))
    return t.raise(kTypeError, "complex() argument '{}' must be a real number, not {}", name,
                   typeOf(v));
  return ComplexValue{TRY(asDouble(t, v)), 0.0};
}

Result<ComplexValue> fromText(Thread& t, Str* s) {
  std::string text;
  ComplexValue v;
  if (!numberText(s, &text) || !complexParse(text, &v.real, &v.imag))
    return t.raise(kValueError, "complex() arg is a malformed string");
  return v;
}

Result<ComplexValue> fromNumber(Thread& t, Value v) {
  bool found;
  ComplexValue c = TRY(fromSpecial(t, v, &found));
  if (found) return c;
  if (isComplex(v)) return valueOf(v);
  return ComplexValue{TRY(asDouble(t, v)), 0.0};
}

}  // namespace

Result<ComplexValue> toComplexValue(Thread& t, Value v) { return fromNumber(t, v); }
Ref<> makeComplex(double real, double imag) { return newComplex(&PyComplex_Type, {real, imag}); }

Result<Ref<>> complex___new__(Thread& t, Type& cls, const Args& args) {
  if (args.count <= 1 && args.keywordCount() == 0) {
    if (args.count == 0) return newComplex(&cls, {0.0, 0.0});
    Value v = args[0];
    if (&cls == &PyComplex_Type && v.isObject() && v.object()->type == &PyComplex_Type)
      return retain(v);
    if (isStr(v)) return newComplex(&cls, TRY(fromText(t, v.as<Str>())));
    bool found;
    ComplexValue c = TRY(fromSpecial(t, v, &found));
    if (found) return newComplex(&cls, c);
    if (isComplex(v)) return newComplex(&cls, valueOf(v));
    if (isReal(v)) return newComplex(&cls, {TRY(asDouble(t, v)), 0.0});
    return t.raise(kTypeError, "complex() argument must be a string or a number, not {}",
                   typeOf(v));
  }
  static const char* const kNames[] = {"real", "imag"};
  static constexpr ParamSpec kSpec = {"complex", kNames, 0, 2, 0, 0, 0, false, false};
  Value in[3];
  TRY(bindArgs(t, kSpec, args, in));
  ComplexValue real = {0.0, 0.0}, imag = {0.0, 0.0};
  bool realComplex = false, imagComplex = false;
  if (in[0]) real = TRY(component(t, in[0], "real", true, &realComplex));
  if (in[1])
    imag = TRY(component(t, in[1], "imag", false, &imagComplex));
  else
    imag.real = real.imag;
  if (imagComplex) real.real -= imag.imag;
  if (realComplex && in[1]) imag.real += real.imag;
  return newComplex(&cls, {real.real, imag.real});
}

Result<Ref<>> complex_from_number(Thread& t, Type& cls, Value number) {
  if (&cls == &PyComplex_Type && number.isObject() && number.object()->type == &PyComplex_Type)
    return retain(number);
  ComplexValue c = TRY(fromNumber(t, number));
  if (&cls == &PyComplex_Type) return newComplex(&cls, c);
  Ref<> exact = makeComplex(c.real, c.imag);
  return callWith(t, &cls, exact);
}

// ---- text, hash, comparison ----

Result<Ref<>> complex___repr__(Thread&, Complex& self) {
  std::string out;
  complexRepr({self.real, self.imag}, &out);
  return makeAscii(out);
}

Result<i64> complex___hash__(Thread&, Complex& self) {
  u64 real = u64(hashDouble(&self, self.real)), imag = u64(hashDouble(&self, self.imag));
  i64 h = i64(real + 1000003 * imag);
  return h == -1 ? -2 : h;
}

Result<Ref<>> complex___richcompare__(Thread&, Complex& self, Value other, CompareOp op) {
  if (op != CompareOp::Eq && op != CompareOp::Ne) return notImplementedRef();
  bool same;
  if (isInt(other)) {
    same = self.imag == 0.0 && !std::isnan(self.real);
    if (same) {
      IntReader i(other);
      same = intCompareDouble(i, self.real) == 0;
    }
  } else if (isInstanceOf(other, &PyFloat_Type)) {
    same = self.real == floatValue(other) && self.imag == 0.0;
  } else if (isComplex(other)) {
    ComplexValue c = valueOf(other);
    same = self.real == c.real && self.imag == c.imag;
  } else {
    return notImplementedRef();
  }
  return boolRef(same == (op == CompareOp::Eq));
}

Result<Ref<>> complex___format__(Thread& t, Complex& self, Str& spec) {
  if (spec.length == 0) {
    if (self.type == &PyComplex_Type) return complex___repr__(t, self);
    return str(t, &self);
  }
  FormatSpec parsed = TRY(parseNumberSpec(t, spec, 'g', self.type->name));
  FormattedText out;
  FormatError error = formatComplex(parsed, self.real, self.imag, formatLocaleFor(parsed), &out);
  return finishFormat(t, error, parsed, spec, self.type->name, out);
}

// ---- operators: a real operand stays real (its missing imaginary part is no zero) ----

namespace {

struct Operand {
  ComplexValue value;
  bool isComplex;
};

Result<Operand> operand(Thread& t, Value v, bool* known) {
  *known = true;
  if (isComplex(v)) return Operand{valueOf(v), true};
  double d = TRY(numberToDouble(t, v, known));
  return Operand{{d, 0.0}, false};
}

#define DX_OPERANDS                           \
  bool known;                                 \
  Operand a = TRY(operand(t, left, &known));  \
  if (!known) return notImplementedRef();     \
  Operand b = TRY(operand(t, right, &known)); \
  if (!known) return notImplementedRef();     \
  ComplexValue x = a.value, y = b.value;

}  // namespace

Result<Ref<>> complex___add__(Thread& t, Value left, Value right) {
  DX_OPERANDS
  return makeComplex(x.real + y.real, !a.isComplex   ? y.imag
                                      : !b.isComplex ? x.imag
                                                     : x.imag + y.imag);
}

Result<Ref<>> complex___sub__(Thread& t, Value left, Value right) {
  DX_OPERANDS
  return makeComplex(x.real - y.real, !a.isComplex   ? -y.imag
                                      : !b.isComplex ? x.imag
                                                     : x.imag - y.imag);
}

Result<Ref<>> complex___mul__(Thread& t, Value left, Value right) {
  DX_OPERANDS
  if (!a.isComplex) return makeComplex(x.real * y.real, x.real * y.imag);
  if (!b.isComplex) return makeComplex(x.real * y.real, x.imag * y.real);
  ComplexValue r = complexProduct(x, y);
  return makeComplex(r.real, r.imag);
}

Result<Ref<>> complex___truediv__(Thread& t, Value left, Value right) {
  DX_OPERANDS
  ComplexValue r;
  ComplexError error = ComplexError::kOk;
  if (!b.isComplex) {
    if (y.real == 0.0)
      error = ComplexError::kDivisionByZero;
    else
      r = {x.real / y.real, x.imag / y.real};
  } else if (!a.isComplex) {
    error = complexQuotientOfReal(x.real, y, &r);
  } else {
    error = complexQuotient(x, y, &r);
  }
  if (error != ComplexError::kOk) return t.raise(kZeroDivisionError, "division by zero");
  return makeComplex(r.real, r.imag);
}

Result<Ref<>> complex___pow__(Thread& t, Value left, Value right, Value mod) {
  DX_OPERANDS
  if (!isNone(mod)) return t.raise(kValueError, "complex modulo");
  ComplexValue r;
  switch (complexPower(x, y, &r)) {
    case ComplexError::kOk:
      return makeComplex(r.real, r.imag);
    case ComplexError::kDivisionByZero:
      return t.raise(kZeroDivisionError, "zero to a negative or complex power");
    case ComplexError::kOverflow:
      break;
  }
  return t.raise(kOverflowError, "complex exponentiation");
}

Result<Ref<>> complex___neg__(Thread&, Complex& self) {
  return makeComplex(-self.real, -self.imag);
}
Result<Ref<>> complex___pos__(Thread&, Complex& self) { return makeComplex(self.real, self.imag); }
Result<bool> complex___bool__(Thread&, Complex& self) {
  return self.real != 0.0 || self.imag != 0.0;
}

Result<Ref<>> complex___abs__(Thread& t, Complex& self) {
  double r = std::hypot(self.real, self.imag);
  if (std::isinf(r) && std::isfinite(self.real) && std::isfinite(self.imag))
    return t.raise(kOverflowError, "absolute value too large");
  return makeFloat(r);
}

Result<Ref<>> complex_conjugate(Thread&, Complex& self) {
  return makeComplex(self.real, -self.imag);
}
Result<Ref<>> complex___complex__(Thread&, Complex& self) {
  if (self.type == &PyComplex_Type) return retainObject(&self);
  return makeComplex(self.real, self.imag);
}
Result<Ref<>> complex___getnewargs__(Thread&, Complex& self) {
  Ref<> real = makeFloat(self.real);
  Ref<> imag = makeFloat(self.imag);
  return tupleOf(real, imag);
}

}  // namespace dx
