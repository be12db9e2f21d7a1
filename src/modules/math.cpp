// The module math: libm's functions with Python's errors, and exact integer functions.
#include <cfloat>
#include <cmath>

#include "base/int_math.h"
#include "modules/math.gen.h"

namespace dx {
namespace {

Error outOfRange(Thread& t) { return t.raise(kOverflowError, "math range error"); }
Error outOfDomain(Thread& t) { return t.raise(kValueError, "math domain error"); }

// A function of one argument: what it says of arguments outside its domain (null: it has none but
// infinities), and whether it may exceed the range of floats.
Result<Ref<>> unary(Thread& t, double x, double r, const char* domain, bool mayOverflow) {
  if ((std::isnan(r) && !std::isnan(x)) || (std::isinf(r) && std::isfinite(x) && !mayOverflow)) {
    if (!domain) return outOfDomain(t);
    return t.raise(kValueError, domain, makeFloat(x).get());
  }
  if (std::isinf(r) && std::isfinite(x)) return outOfRange(t);
  return makeFloat(r);
}

constexpr const char* kFinite = "expected a finite input, got {!r}";
constexpr const char* kUnit = "expected a number in range from -1 up to 1, got {!r}";
constexpr const char* kNonNegative = "expected a nonnegative input, got {!r}";
constexpr const char* kPositive = "expected a positive input, got {!r}";

}  // namespace

Result<Ref<>> math_acos(Thread& t, double x) { return unary(t, x, std::acos(x), kUnit, false); }
Result<Ref<>> math_asin(Thread& t, double x) { return unary(t, x, std::asin(x), kUnit, false); }
Result<Ref<>> math_atan(Thread& t, double x) { return unary(t, x, std::atan(x), nullptr, false); }
Result<Ref<>> math_acosh(Thread& t, double x) {
  return unary(t, x, std::acosh(x), "expected argument value not less than 1, got {!r}", false);
}
Result<Ref<>> math_asinh(Thread& t, double x) { return unary(t, x, std::asinh(x), nullptr, false); }
Result<Ref<>> math_atanh(Thread& t, double x) {
  return unary(t, x, std::atanh(x), "expected a number between -1 and 1, got {!r}", false);
}
Result<Ref<>> math_cbrt(Thread& t, double x) { return unary(t, x, std::cbrt(x), nullptr, false); }
Result<Ref<>> math_cos(Thread& t, double x) { return unary(t, x, std::cos(x), kFinite, false); }
Result<Ref<>> math_sin(Thread& t, double x) { return unary(t, x, std::sin(x), kFinite, false); }
Result<Ref<>> math_tan(Thread& t, double x) { return unary(t, x, std::tan(x), kFinite, false); }
Result<Ref<>> math_cosh(Thread& t, double x) { return unary(t, x, std::cosh(x), nullptr, true); }
Result<Ref<>> math_sinh(Thread& t, double x) { return unary(t, x, std::sinh(x), nullptr, true); }
Result<Ref<>> math_tanh(Thread& t, double x) { return unary(t, x, std::tanh(x), nullptr, false); }
Result<Ref<>> math_erf(Thread& t, double x) { return unary(t, x, std::erf(x), nullptr, false); }
Result<Ref<>> math_erfc(Thread& t, double x) { return unary(t, x, std::erfc(x), nullptr, false); }
Result<Ref<>> math_exp(Thread& t, double x) { return unary(t, x, std::exp(x), nullptr, true); }
Result<Ref<>> math_exp2(Thread& t, double x) { return unary(t, x, std::exp2(x), nullptr, true); }
Result<Ref<>> math_expm1(Thread& t, double x) { return unary(t, x, std::expm1(x), nullptr, true); }
Result<Ref<>> math_sqrt(Thread& t, double x) {
  return unary(t, x, std::sqrt(x), kNonNegative, false);
}
Result<Ref<>> math_log1p(Thread& t, double x) {
  return unary(t, x, std::log1p(x), "expected argument value > -1, got {!r}", false);
}
Result<double> math_fabs(Thread&, double x) { return std::fabs(x); }
Result<double> math_degrees(Thread&, double x) { return x * (180.0 / M_PI); }
Result<double> math_radians(Thread&, double x) { return x * (M_PI / 180.0); }
Result<bool> math_isfinite(Thread&, double x) { return std::isfinite(x); }
Result<bool> math_isinf(Thread&, double x) { return std::isinf(x); }
Result<bool> math_isnan(Thread&, double x) { return std::isnan(x); }
Result<double> math_copysign(Thread&, double x, double y) { return std::copysign(x, y); }
Result<double> math_atan2(Thread&, double y, double x) { return std::atan2(y, x); }

Result<Ref<>> math_fmod(Thread& t, double x, double y) {
  if (std::isinf(y) && std::isfinite(x)) return makeFloat(x);
  double r = std::fmod(x, y);
  if (std::isnan(r) && !std::isnan(x) && !std::isnan(y)) return outOfDomain(t);
  return makeFloat(r);
}
Result<Ref<>> math_remainder(Thread& t, double x, double y) {
  double r = std::remainder(x, y);
  if (std::isnan(r) && !std::isnan(x) && !std::isnan(y)) return outOfDomain(t);
  return makeFloat(r);
}
Result<Ref<>> math_pow(Thread& t, double x, double y) {
  double r = std::pow(x, y);
  if (std::isfinite(x) && std::isfinite(y)) {
    if (std::isnan(r) || (std::isinf(r) && x == 0)) return outOfDomain(t);
    if (std::isinf(r)) return outOfRange(t);
  }
  return makeFloat(r);
}
Result<Ref<>> math_fma(Thread& t, double x, double y, double z) {
  double r = std::fma(x, y, z);
  if (std::isnan(r) && !std::isnan(x) && !std::isnan(y) && !std::isnan(z))
    return t.raise(kValueError, "invalid operation in fma");
  if (std::isinf(r) && std::isfinite(x) && std::isfinite(y) && std::isfinite(z))
    return t.raise(kOverflowError, "overflow in fma");
  return makeFloat(r);
}

Result<Ref<>> math_frexp(Thread&, double x) {
  int e = 0;
  double m = std::isfinite(x) ? std::frexp(x, &e) : x;
  return tupleOf(makeFloat(m).get(), Value::smallInt(e));
}
Result<Ref<>> math_modf(Thread&, double x) {
  double whole, part = std::modf(x, &whole);
  return tupleOf(makeFloat(part).get(), makeFloat(whole).get());
}
Result<Ref<>> math_ldexp(Thread& t, double x, Value i) {
  if (!isInt(i)) return t.raise(kTypeError, "Expected an int as second argument to ldexp.");
  if (x == 0 || !std::isfinite(x)) return makeFloat(x);
  i64 n;
  if (!intToI64(i, &n)) n = intSign(i) < 0 ? INT64_MIN : INT64_MAX;
  if (n > INT32_MAX) return outOfRange(t);
  if (n < INT32_MIN) return makeFloat(std::copysign(0.0, x));
  double r = std::ldexp(x, int(n));
  if (std::isinf(r)) return outOfRange(t);
  return makeFloat(r);
}
Result<Ref<>> math_nextafter(Thread& t, double x, double y, Value steps) {
  if (isNone(steps)) return makeFloat(std::nextafter(x, y));
  Ref<> n = TRY(toIndex(t, steps));
  if (intSign(n) < 0) return t.raise(kValueError, "steps must be a non-negative integer");
  u64 left;
  if (!intToU64(n, &left)) left = UINT64_MAX;
  if (std::isnan(x) || std::isnan(y)) return makeFloat(x + y);
  // Floats of one sign are ordered as their bits.
  auto ordinal = [](double d) -> __int128 {
    i64 bits;
    memcpy(&bits, &d, 8);
    return bits < 0 ? -__int128(bits & INT64_MAX) : __int128(bits);
  };
  __int128 from = ordinal(x), to = ordinal(y);
  __int128 at =
      from < to ? std::min(from + __int128(left), to) : std::max(from - __int128(left), to);
  if (at == to) return makeFloat(y);
  if (left == 0) return makeFloat(x);
  i64 bits = i64(at < 0 ? -at : at);
  double r;
  memcpy(&r, &bits, 8);
  return makeFloat(at < 0 || (at == 0 && x < 0) ? -r : r);
}
Result<double> math_ulp(Thread&, double x) {
  if (std::isnan(x)) return x;
  x = std::fabs(x);
  if (std::isinf(x)) return x;
  double up = std::nextafter(x, INFINITY);
  return std::isinf(up) ? x - std::nextafter(x, -INFINITY) : up - x;
}

// ---- logarithms, of ints of any size ----

static Result<double> logOf(Thread& t, Value v, double (*f)(double), double logOf2) {
  if (isInt(v)) {
    if (intSign(v) <= 0) return t.raise(kValueError, "expected a positive input");
    i64 exponent = 0;
    double m = intFrexp(IntReader(v), &exponent);
    if (exponent <= 1023) return f(std::ldexp(m, int(exponent)));
    return f(m) + logOf2 * double(exponent);
  }
  double x = TRY(asDouble(t, v));
  if (!(x > 0) && !std::isnan(x)) return t.raise(kValueError, kPositive, makeFloat(x).get());
  return f(x);
}
static double naturalLog(double x) { return std::log(x); }

Result<Ref<>> math_log(Thread& t, const Args& args) {
  if (args.names) return t.raise(kTypeError, "math.log() takes no keyword arguments");
  if (args.count < 1) return t.raise(kTypeError, "log expected at least 1 argument, got 0");
  if (args.count > 2)
    return t.raise(kTypeError, "log expected at most 2 arguments, got {}", i64(args.count));
  double n = TRY(logOf(t, args.v[0], naturalLog, M_LN2));
  if (args.count == 1) return makeFloat(n);
  double d = TRY(logOf(t, args.v[1], naturalLog, M_LN2));
  if (d == 0) return t.raise(kZeroDivisionError, "division by zero");
  return makeFloat(n / d);
}
Result<Ref<>> math_log2(Thread& t, Value x) {
  return makeFloat(TRY(logOf(t, x, [](double v) { return std::log2(v); }, 1)));
}
Result<Ref<>> math_log10(Thread& t, Value x) {
  return makeFloat(TRY(logOf(t, x, [](double v) { return std::log10(v); }, std::log10(2.0))));
}

// ---- rounding ----

static Result<Ref<>> roundBy(Thread& t, Value x, Str* name, double (*f)(double)) {
  if (!isFloat(x)) {
    bool missing;
    Result<Ref<>> r = callSpecial(t, x, name, {}, &missing);
    if (!missing) return r;
  }
  double r = f(TRY(asDouble(t, x)));
  if (std::isnan(r)) return t.raise(kValueError, "cannot convert float NaN to integer");
  if (std::isinf(r)) return t.raise(kOverflowError, "cannot convert float infinity to integer");
  return makeIntFromDouble(r);
}
Result<Ref<>> math_ceil(Thread& t, Value x) {
  return roundBy(t, x, DX_NAME("__ceil__"), [](double v) { return std::ceil(v); });
}
Result<Ref<>> math_floor(Thread& t, Value x) {
  return roundBy(t, x, DX_NAME("__floor__"), [](double v) { return std::floor(v); });
}
Result<Ref<>> math_trunc(Thread& t, Value x) {
  bool missing;
  Result<Ref<>> r = callSpecial(t, x, DX_NAME("__trunc__"), {}, &missing);
  if (missing) return t.raise(kTypeError, "type {} doesn't define __trunc__ method", typeOf(x));
  return r;
}

// ---- integers ----

// The product of from..to, halves first, so that factors stay of similar size.
static Result<Ref<>> rangeProduct(Thread& t, u64 from, u64 to) {
  if (from > to) return makeInt(1);
  if (to - from < 8) {
    Ref<> r = makeInt(from);
    for (u64 i = from + 1; i <= to; i++) r = TRY(intMul(t, r, makeInt(i)));
    return r;
  }
  u64 middle = from + (to - from) / 2;
  Ref<> low = TRY(rangeProduct(t, from, middle));
  Ref<> high = TRY(rangeProduct(t, middle + 1, to));
  return intMul(t, low, high);
}

Result<Ref<>> math_factorial(Thread& t, Value v) {
  Ref<> n = TRY(toIndex(t, v));
  if (intSign(n) < 0) return t.raise(kValueError, "factorial() not defined for negative values");
  i64 x;
  if (!intToI64(n, &x))
    return t.raise(kOverflowError, "factorial() argument should not exceed {}", INT64_MAX);
  return rangeProduct(t, 1, u64(x));
}

Result<Ref<>> math_perm(Thread& t, Value nValue, Value kValue) {
  if (isNone(kValue)) return math_factorial(t, nValue);
  Ref<> n = TRY(toIndex(t, nValue)), k = TRY(toIndex(t, kValue));
  if (intSign(n) < 0) return t.raise(kValueError, "n must be a non-negative integer");
  if (intSign(k) < 0) return t.raise(kValueError, "k must be a non-negative integer");
  if (compareInts(n, k) < 0) return makeInt(0);
  u64 a, b;
  if (!intToU64(k, &b)) return t.raise(kOverflowError, "k must not exceed {}", INT64_MAX);
  if (b == 0) return makeInt(1);
  if (intToU64(n, &a)) return rangeProduct(t, a - b + 1, a);
  Ref<> r = makeInt(1);
  for (u64 i = 0; i < b; i++) r = TRY(intMul(t, r, intSub(n, makeInt(i))));
  return r;
}

Result<Ref<>> math_comb(Thread& t, Value nValue, Value kValue) {
  Ref<> n = TRY(toIndex(t, nValue)), k = TRY(toIndex(t, kValue));
  if (intSign(n) < 0) return t.raise(kValueError, "n must be a non-negative integer");
  if (intSign(k) < 0) return t.raise(kValueError, "k must be a non-negative integer");
  Ref<> other = intSub(n, k);
  if (intSign(other) < 0) return makeInt(0);
  if (compareInts(other, k) < 0) k = std::move(other);
  u64 b;
  if (!intToU64(k, &b) || b > u64(INT64_MAX))
    return t.raise(kOverflowError, "min(n - k, k) must not exceed {}", INT64_MAX);
  Ref<> top = TRY(math_perm(t, n, k)), bottom = TRY(rangeProduct(t, 1, b));
  return intFloorDiv(t, top, bottom);
}

Result<Ref<>> math_isqrt(Thread& t, Value v) {
  Ref<> n = TRY(toIndex(t, v));
  if (intSign(n) < 0) return t.raise(kValueError, "isqrt() argument must be nonnegative");
  return makeInt(intSqrt(IntReader(n)));
}

static Ref<> magnitude(Value n) { return intSign(n) < 0 ? intNegative(n) : exactInt(n); }

Result<Ref<>> math_gcd(Thread& t, Values integers) {
  Ref<> r = makeInt(0);
  for (Value v : integers) {
    Ref<> n = TRY(toIndex(t, v));
    r = makeInt(intGcd(IntReader(r), IntReader(n)));
  }
  return r;
}
Result<Ref<>> math_lcm(Thread& t, Values integers) {
  Ref<> r = makeInt(1);
  for (Value v : integers) {
    Ref<> n = TRY(toIndex(t, v));
    if (intSign(n) == 0 || intSign(r) == 0) {
      r = makeInt(0);
      continue;
    }
    Ref<> common = makeInt(intGcd(IntReader(r), IntReader(n)));
    Ref<> quotient = TRY(intFloorDiv(t, r, common));
    Ref<> product = TRY(intMul(t, quotient, n));
    r = magnitude(product);
  }
  return r;
}

Result<bool> math_isclose(Thread& t, double a, double b, double relative, double absolute) {
  if (relative < 0 || absolute < 0) return t.raise(kValueError, "tolerances must be non-negative");
  if (a == b) return true;
  if (std::isinf(a) || std::isinf(b)) return false;
  double difference = std::fabs(b - a);
  return difference <= std::fabs(relative * b) || difference <= std::fabs(relative * a) ||
         difference <= absolute;
}

Result<void> math_exec(Thread&, Module& m) {
  moduleSet(m, "pi", makeFloat(M_PI));
  moduleSet(m, "e", makeFloat(M_E));
  moduleSet(m, "tau", makeFloat(2 * M_PI));
  moduleSet(m, "inf", makeFloat(INFINITY));
  moduleSet(m, "nan", makeFloat(NAN));
  return {};
}

}  // namespace dx
