// Complex arithmetic as Python defines it (C99 annex G). Shared by complex and cmath.
#pragma once
#include "memory/result.h"

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
// A number as complex: __complex__, __float__ or __index__ (complex.cpp).
Result<ComplexValue> toComplexValue(Thread& t, Value v);
void complexRepr(ComplexValue v, std::string* out);

}  // namespace dx
