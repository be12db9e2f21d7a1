// Complex arithmetic as Python defines it (C99 annex G). Shared by complex and cmath.
#pragma once
#include "base/base.h"

namespace dx {

struct ComplexValue {
  double real, imag;
};
enum class ComplexError { kOk, kDivisionByZero, kOverflow };

ComplexValue complexProduct(ComplexValue a, ComplexValue b);
ComplexError complexQuotient(ComplexValue a, ComplexValue b, ComplexValue* out);
ComplexError complexQuotientOfReal(double a, ComplexValue b, ComplexValue* out);
// kDivisionByZero: zero to a negative or complex power.
ComplexError complexPower(ComplexValue a, ComplexValue b, ComplexValue* out);
void complexRepr(ComplexValue v, std::string* out);

}  // namespace dx
