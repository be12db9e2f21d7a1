// The gamma function and its logarithm, by the Lanczos approximation (C. Lanczos, A Precision
// Approximation of the Gamma Function, 1964) with the 13 coefficients for doubles that Boost and
// CPython use, so that results agree with CPython's to the last digit.
#include <cmath>

#include "modules/math.gen.h"

namespace dx {

namespace {

constexpr double kG = 6.024680040776729583740234375;
constexpr double kGMinusHalf = 5.524680040776729583740234375;
constexpr int kTerms = 13;
constexpr double kNumerator[kTerms] = {23531376880.410759688572007674451636754734846804940,
                                       42919803642.649098768957899047001988850926355848959,
                                       35711959237.355668049440185451547166705960488635843,
                                       17921034426.037209699919755754458931112671403265390,
                                       6039542586.3520280050642916443072979210699388420708,
                                       1439720407.3117216736632230727949123939715485786372,
                                       248874557.86205415651146038641322942321632125127801,
                                       31426415.585400194380614231628318205362874684987640,
                                       2876370.6289353724412254090516208496135991145378768,
                                       186056.26539522349504029498971604569928220784236328,
                                       8071.6720023658162106380029022722506138218516325024,
                                       210.82427775157934587250973392071336271166969580291,
                                       2.5066282746310002701649081771338373386264310793408};
constexpr double kDenominator[kTerms] = {
    0.0,       39916800.0, 120543840.0, 150917976.0, 105258076.0, 45995730.0, 13339535.0,
    2637558.0, 357423.0,   32670.0,     1925.0,      66.0,        1.0};

constexpr const char* kPole = "expected a noninteger or positive integer, got {!r}";

double lanczosSum(double x) {
  double top = 0, bottom = 0;
  if (x < 5) {
    for (int i = kTerms; --i >= 0;) {
      top = top * x + kNumerator[i];
      bottom = bottom * x + kDenominator[i];
    }
  } else {  // in powers of 1/x, against overflow
    for (int i = 0; i < kTerms; i++) {
      top = top / x + kNumerator[i];
      bottom = bottom / x + kDenominator[i];
    }
  }
  return top / bottom;
}

// sin(pi * x) without the error of multiplying a large x.
double sinPi(double x) {
  double y = std::fmod(std::fabs(x), 2.0), r;
  switch (int(std::round(2.0 * y))) {
    case 0:
      r = std::sin(M_PI * y);
      break;
    case 1:
      r = std::cos(M_PI * (y - 0.5));
      break;
    case 2:
      r = std::sin(M_PI * (1.0 - y));
      break;
    case 3:
      r = -std::cos(M_PI * (y - 1.5));
      break;
    default:
      r = std::sin(M_PI * (y - 2.0));
  }
  return std::copysign(1.0, x) * r;
}

double gammaOf(double x) {
  double a = std::fabs(x);
  if (a < 1e-20) return 1 / x;
  if (a > 200) return x < 0 ? 0.0 / sinPi(x) : HUGE_VAL;
  double y = a + kGMinusHalf;
  // What rounding took from y.
  volatile double q = a > kGMinusHalf ? y - a : y - kGMinusHalf;
  double z = a > kGMinusHalf ? q - kGMinusHalf : q - a;
  z = z * kG / y;
  // y to the power a - 1/2, in two steps where one would overflow.
  bool halves = a >= 140;
  double power = halves ? std::pow(y, a / 2 - 0.25) : std::pow(y, a - 0.5);
  double r;
  if (x < 0) {
    r = -M_PI / sinPi(a) / a * std::exp(y) / lanczosSum(a);
    r -= z * r;
    r /= power;
    if (halves) r /= power;
  } else {
    r = lanczosSum(a) / std::exp(y);
    r += z * r;
    r *= power;
    if (halves) r *= power;
  }
  return r;
}

}  // namespace

Result<Ref<>> math_gamma(Thread& t, double x) {
  if (std::isnan(x) || x == INFINITY) return makeFloat(x);
  if (x <= 0 && x == std::floor(x)) return t.raise(kValueError, kPole, makeFloat(x));
  if (x == std::floor(x) && x <= 23) {  // exact
    double r = 1;
    for (int i = 2; i < int(x); i++) r *= i;
    return makeFloat(r);
  }
  double r = gammaOf(x);
  if (std::isinf(r)) return t.raise(kOverflowError, "math range error");
  return makeFloat(r);
}

Result<Ref<>> math_lgamma(Thread& t, double x) {
  if (std::isnan(x)) return makeFloat(x);
  if (std::isinf(x)) return makeFloat(HUGE_VAL);
  if (x == std::floor(x) && x <= 2) {
    if (x <= 0) return t.raise(kValueError, kPole, makeFloat(x));
    return makeFloat(0.0);
  }
  double a = std::fabs(x), r;
  if (a < 1e-20) return makeFloat(-std::log(a));
  r = std::log(lanczosSum(a)) - kG;
  r += (a - 0.5) * (std::log(a + kG - 0.5) - 1);
  if (x < 0) r = std::log(M_PI) - std::log(std::fabs(sinPi(a))) - std::log(a) - r;
  if (std::isinf(r)) return t.raise(kOverflowError, "math range error");
  return makeFloat(r);
}

}  // namespace dx
