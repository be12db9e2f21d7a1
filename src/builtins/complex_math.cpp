#include "builtins/complex_math.h"

#include <cmath>

#include "base/float_text.h"

namespace dx {

namespace {

// 1 with the sign of an infinity, 0 with the sign of anything else (annex G's recovery).
double boxed(double v) { return std::copysign(std::isinf(v) ? 1.0 : 0.0, v); }
double zeroIfNan(double v) { return std::isnan(v) ? std::copysign(0.0, v) : v; }

ComplexValue powerUnsigned(ComplexValue x, long n) {
  ComplexValue r = {1.0, 0.0}, p = x;
  for (long mask = 1; mask > 0 && n >= mask; mask <<= 1) {
    if (n & mask) r = complexProduct(r, p);
    p = complexProduct(p, p);
  }
  return r;
}

}  // namespace

ComplexValue complexProduct(ComplexValue z, ComplexValue w) {
  double a = z.real, b = z.imag, c = w.real, d = w.imag;
  double ac = a * c, bd = b * d, ad = a * d, bc = b * c;
  ComplexValue r = {ac - bd, ad + bc};
  if (!std::isnan(r.real) || !std::isnan(r.imag)) [[likely]]
    return r;
  bool recalc = false;
  if (std::isinf(a) || std::isinf(b)) {
    a = boxed(a), b = boxed(b);
    c = zeroIfNan(c), d = zeroIfNan(d);
    recalc = true;
  }
  if (std::isinf(c) || std::isinf(d)) {
    c = boxed(c), d = boxed(d);
    a = zeroIfNan(a), b = zeroIfNan(b);
    recalc = true;
  }
  if (!recalc && (std::isinf(ac) || std::isinf(bd) || std::isinf(ad) || std::isinf(bc))) {
    a = zeroIfNan(a), b = zeroIfNan(b), c = zeroIfNan(c), d = zeroIfNan(d);
    recalc = true;
  }
  if (recalc) r = {INFINITY * (a * c - b * d), INFINITY * (a * d + b * c)};
  return r;
}

ComplexError complexQuotient(ComplexValue a, ComplexValue b, ComplexValue* out) {
  double br = std::fabs(b.real), bi = std::fabs(b.imag);
  ComplexValue r;
  if (br >= bi) {
    if (br == 0.0) {
      *out = {0.0, 0.0};
      return ComplexError::kDivisionByZero;
    }
    double ratio = b.imag / b.real, denominator = b.real + b.imag * ratio;
    r = {(a.real + a.imag * ratio) / denominator, (a.imag - a.real * ratio) / denominator};
  } else if (bi >= br) {
    double ratio = b.real / b.imag, denominator = b.real * ratio + b.imag;
    r = {(a.real * ratio + a.imag) / denominator, (a.imag * ratio - a.real) / denominator};
  } else {
    r = {NAN, NAN};
  }
  if (std::isnan(r.real) && std::isnan(r.imag)) {
    if ((std::isinf(a.real) || std::isinf(a.imag)) && std::isfinite(b.real) &&
        std::isfinite(b.imag)) {
      double x = boxed(a.real), y = boxed(a.imag);
      r = {INFINITY * (x * b.real + y * b.imag), INFINITY * (y * b.real - x * b.imag)};
    } else if ((std::isinf(br) || std::isinf(bi)) && std::isfinite(a.real) &&
               std::isfinite(a.imag)) {
      double x = boxed(b.real), y = boxed(b.imag);
      r = {0.0 * (a.real * x + a.imag * y), 0.0 * (a.imag * x - a.real * y)};
    }
  }
  *out = r;
  return ComplexError::kOk;
}

ComplexError complexQuotientOfReal(double a, ComplexValue b, ComplexValue* out) {
  double br = std::fabs(b.real), bi = std::fabs(b.imag);
  ComplexValue r;
  if (br >= bi) {
    if (br == 0.0) {
      *out = {0.0, 0.0};
      return ComplexError::kDivisionByZero;
    }
    double ratio = b.imag / b.real, denominator = b.real + b.imag * ratio;
    r = {a / denominator, -a * ratio / denominator};
  } else if (bi >= br) {
    double ratio = b.real / b.imag, denominator = b.real * ratio + b.imag;
    r = {a * ratio / denominator, -a / denominator};
  } else {
    r = {NAN, NAN};
  }
  if (std::isnan(r.real) && std::isnan(r.imag) && std::isfinite(a) &&
      (std::isinf(br) || std::isinf(bi))) {
    double x = boxed(b.real), y = boxed(b.imag);
    r = {0.0 * (a * x), 0.0 * (-a * y)};
  }
  *out = r;
  return ComplexError::kOk;
}

ComplexError complexPower(ComplexValue a, ComplexValue b, ComplexValue* out) {
  constexpr double kMaxIntegerPower = 100.0;
  ComplexValue r;
  if (b.imag == 0.0 && b.real == std::floor(b.real) && std::fabs(b.real) <= kMaxIntegerPower) {
    long n = long(b.real);
    if (n >= 0) {
      r = powerUnsigned(a, n);
    } else if (complexQuotient({1.0, 0.0}, powerUnsigned(a, -n), &r) != ComplexError::kOk) {
      return ComplexError::kDivisionByZero;
    }
  } else if (a.real == 0.0 && a.imag == 0.0) {
    if (b.imag != 0.0 || b.real < 0.0) return ComplexError::kDivisionByZero;
    r = {0.0, 0.0};
  } else {
    double size = std::hypot(a.real, a.imag), angle = std::atan2(a.imag, a.real);
    double length = std::pow(size, b.real), phase = angle * b.real;
    if (b.imag != 0.0) {
      length *= std::exp(-angle * b.imag);
      phase += b.imag * std::log(size);
    }
    r = {length * std::cos(phase), length * std::sin(phase)};
  }
  *out = r;
  return std::isinf(r.real) || std::isinf(r.imag) ? ComplexError::kOverflow : ComplexError::kOk;
}

void complexRepr(ComplexValue v, std::string* out) {
  if (v.real == 0.0 && !std::signbit(v.real)) {
    floatToText(v.imag, 'r', 0, 0, out);
    out->push_back('j');
    return;
  }
  out->push_back('(');
  floatToText(v.real, 'r', 0, 0, out);
  floatToText(v.imag, 'r', 0, kFloatSign, out);
  out->append("j)");
}

}  // namespace dx
