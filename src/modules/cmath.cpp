// Module cmath: functions of complex numbers. The C library's functions have the special values of
// C99's annex G; what Python reports as errors is decided here.
#include <complex.h>

#include <cmath>

#include "builtins/complex_math.h"
#include "modules/cmath.gen.h"

namespace dx {

namespace {

using Z = double _Complex;
Z toC(ComplexValue v) { return __builtin_complex(v.real, v.imag); }
ComplexValue fromC(Z z) { return {__builtin_creal(z), __builtin_cimag(z)}; }
Result<Ref<>> result(ComplexValue v) { return makeComplex(v.real, v.imag); }
DX_COLD Error domainError(Thread& t) { return t.raise(kValueError, "math domain error"); }
DX_COLD Error rangeError(Thread& t) { return t.raise(kOverflowError, "math range error"); }

bool finite(ComplexValue v) { return std::isfinite(v.real) && std::isfinite(v.imag); }
bool infinite(ComplexValue v) { return std::isinf(v.real) || std::isinf(v.imag); }
// i * v and v / i.
ComplexValue timesI(ComplexValue v) { return {-v.imag, v.real}; }
ComplexValue overI(ComplexValue v) { return {v.imag, -v.real}; }

Result<ComplexValue> hyperbolic(Thread& t, ComplexValue v, Z (*function)(Z)) {
  ComplexValue r = fromC(function(toC(v)));
  if (finite(v)) {
    if (infinite(r)) return rangeError(t);
  } else if (std::isinf(v.imag) && !std::isnan(v.real)) {
    return domainError(t);
  }
  return r;
}
Result<ComplexValue> tanhOf(Thread& t, ComplexValue v) {
  if (std::isinf(v.imag) && std::isfinite(v.real)) return domainError(t);
  return fromC(ctanh(toC(v)));
}
Result<ComplexValue> atanhOf(Thread& t, ComplexValue v) {
  if (std::fabs(v.real) == 1.0 && v.imag == 0.0) return domainError(t);
  return fromC(catanh(toC(v)));
}
Result<ComplexValue> logOf(Thread& t, ComplexValue v) {
  if (v.real == 0.0 && v.imag == 0.0) return domainError(t);
  return fromC(clog(toC(v)));
}

}  // namespace

#define DX_TOTAL(name, function)                                    \
  Result<Ref<>> cmath_##name(Thread& t, Value z) {                  \
    return result(fromC(function(toC(TRY(toComplexValue(t, z)))))); \
  }
DX_TOTAL(acos, cacos)
DX_TOTAL(acosh, cacosh)
DX_TOTAL(asin, casin)
DX_TOTAL(asinh, casinh)
DX_TOTAL(sqrt, csqrt)
#undef DX_TOTAL

Result<Ref<>> cmath_cosh(Thread& t, Value z) {
  return result(TRY(hyperbolic(t, TRY(toComplexValue(t, z)), ccosh)));
}
Result<Ref<>> cmath_sinh(Thread& t, Value z) {
  return result(TRY(hyperbolic(t, TRY(toComplexValue(t, z)), csinh)));
}
Result<Ref<>> cmath_cos(Thread& t, Value z) {
  return result(TRY(hyperbolic(t, timesI(TRY(toComplexValue(t, z))), ccosh)));
}
Result<Ref<>> cmath_sin(Thread& t, Value z) {
  return result(overI(TRY(hyperbolic(t, timesI(TRY(toComplexValue(t, z))), csinh))));
}
Result<Ref<>> cmath_tanh(Thread& t, Value z) {
  return result(TRY(tanhOf(t, TRY(toComplexValue(t, z)))));
}
Result<Ref<>> cmath_tan(Thread& t, Value z) {
  return result(overI(TRY(tanhOf(t, timesI(TRY(toComplexValue(t, z)))))));
}
Result<Ref<>> cmath_atanh(Thread& t, Value z) {
  return result(TRY(atanhOf(t, TRY(toComplexValue(t, z)))));
}
Result<Ref<>> cmath_atan(Thread& t, Value z) {
  return result(overI(TRY(atanhOf(t, timesI(TRY(toComplexValue(t, z)))))));
}
Result<Ref<>> cmath_exp(Thread& t, Value z) {
  ComplexValue v = TRY(toComplexValue(t, z));
  if (std::isinf(v.imag) && (std::isfinite(v.real) || v.real == INFINITY)) return domainError(t);
  ComplexValue r = fromC(cexp(toC(v)));
  if (finite(v) && infinite(r)) return rangeError(t);
  return result(r);
}

Result<Ref<>> cmath_log(Thread& t, Value z, Value base) {
  ComplexValue r = TRY(logOf(t, TRY(toComplexValue(t, z))));
  if (!base) return result(r);
  ComplexValue divisor = TRY(logOf(t, TRY(toComplexValue(t, base))));
  if (complexQuotient(r, divisor, &r) != ComplexError::kOk) return domainError(t);
  return result(r);
}
Result<Ref<>> cmath_log10(Thread& t, Value z) {
  ComplexValue r = TRY(logOf(t, TRY(toComplexValue(t, z))));
  return result({r.real / M_LN10, r.imag / M_LN10});
}

Result<double> cmath_phase(Thread& t, Value z) {
  ComplexValue v = TRY(toComplexValue(t, z));
  return std::atan2(v.imag, v.real);
}
Result<Ref<>> cmath_polar(Thread& t, Value z) {
  ComplexValue v = TRY(toComplexValue(t, z));
  double r = std::hypot(v.real, v.imag);
  if (std::isinf(r) && finite(v)) return rangeError(t);
  return tupleOf(makeFloat(r), makeFloat(std::atan2(v.imag, v.real)));
}
Result<Ref<>> cmath_rect(Thread& t, double r, double phi) {
  if (std::isfinite(r) && std::isfinite(phi)) {
    if (phi == 0.0) return result({r, r * phi});  // keeps the sign of zero
    return result({r * std::cos(phi), r * std::sin(phi)});
  }
  if (std::isinf(phi) && r != 0.0 && !std::isnan(r)) return domainError(t);
  if (std::isinf(r) && std::isfinite(phi)) {
    if (phi == 0.0) return result({r, r < 0 ? -phi : phi});
    double real = std::copysign(INFINITY, std::cos(phi)),
           imag = std::copysign(INFINITY, std::sin(phi));
    return r > 0 ? result({real, imag}) : result({-real, -imag});
  }
  if (r == 0.0) return result({0.0, 0.0});
  if (std::isnan(r) && phi == 0.0) return result({r, phi});
  return result({std::isinf(r) ? INFINITY : NAN, NAN});
}

Result<bool> cmath_isfinite(Thread& t, Value z) { return finite(TRY(toComplexValue(t, z))); }
Result<bool> cmath_isinf(Thread& t, Value z) { return infinite(TRY(toComplexValue(t, z))); }
Result<bool> cmath_isnan(Thread& t, Value z) {
  ComplexValue v = TRY(toComplexValue(t, z));
  return std::isnan(v.real) || std::isnan(v.imag);
}
Result<bool> cmath_isclose(Thread& t, Value aValue, Value bValue, double relative,
                           double absolute) {
  ComplexValue a = TRY(toComplexValue(t, aValue)), b = TRY(toComplexValue(t, bValue));
  if (relative < 0 || absolute < 0) return t.raise(kValueError, "tolerances must be non-negative");
  if (a.real == b.real && a.imag == b.imag) return true;
  if (infinite(a) || infinite(b)) return false;
  double difference = std::hypot(a.real - b.real, a.imag - b.imag);
  return difference <= relative * std::hypot(b.real, b.imag) ||
         difference <= relative * std::hypot(a.real, a.imag) || difference <= absolute;
}

Result<void> cmath_exec(Thread&, Module& module) {
  moduleSet(module, "pi", makeFloat(M_PI));
  moduleSet(module, "e", makeFloat(M_E));
  moduleSet(module, "tau", makeFloat(2 * M_PI));
  moduleSet(module, "inf", makeFloat(INFINITY));
  moduleSet(module, "nan", makeFloat(NAN));
  moduleSet(module, "infj", makeComplex(0.0, INFINITY));
  moduleSet(module, "nanj", makeComplex(0.0, NAN));
  return {};
}

}  // namespace dx
