// Ints: immediates and heap ints of 30-bit digits. Canonical: 63-bit values are immediates.
#pragma once
#include "base/digits.h"
#include "memory/slots.h"
#include "runtime/thread.h"

namespace dx {

Ref<> makeWideInt(i64 v);  // beyond an immediate
inline Ref<> makeInt(i64 v) {
  return Value::fitsSmallInt(v) ? Ref<>::steal(Value::smallInt(v)) : makeWideInt(v);
}
Ref<> makeInt(u64 v);
inline Ref<> makeInt(int v) { return Ref<>::steal(Value::smallInt(v)); }
inline Ref<> makeInt(u32 v) { return Ref<>::steal(Value::smallInt(v)); }
inline Ref<> makeInt(long long v) { return makeInt(i64(v)); }
// From magnitude digits (30-bit, least first, leading zeros allowed) and sign.
Ref<> makeIntFromDigits(const u32* digits, i64 count, bool negative);
Ref<> makeInt(IntView v);
inline Ref<> makeInt(const Digits& d) { return makeInt(d.view()); }
// A heap int with room for `digits` digits, to be filled and finished: digits[0 .. count) are its
// magnitude, leading zeros allowed.
Int* newIntDigits(size_t digits);
Ref<> finishIntDigits(Int* i, size_t count, bool negative);
// An instance of int or of a subclass (a heap object, also when the value is small).
Ref<> makeIntInstance(Type* cls, IntView v);
Ref<> makeIntFromDouble(double d);  // truncates; d is finite

// Any int (subclasses, bools, heap or immediate) as digits; `scratch` holds an immediate's.
IntView viewInt(Value v, u32 (&scratch)[3]);
struct IntReader {
  u32 scratch[3];
  IntView view;
  explicit IntReader(Value v) : view(viewInt(v, scratch)) {}
  IntReader(const IntReader&) = delete;
  operator IntView() const { return view; }
};
// The value if it fits (any int instance).
bool intToI64(Value v, i64* out);
bool intToU64(Value v, u64* out);
int intSign(Value v);
// The value of an int instance as double; OverflowError "int too large to convert to float".
Result<double> intToDouble(Thread& t, Value v);
i64 hashInt(Value v);
int compareInts(Value a, Value b);
// An exact int equal to an int instance (bool and subclasses lose their class).
Ref<> exactInt(Value v);
std::string intToText(Value v, int base = 10);
// str(v): ValueError when the number has more digits than sys.set_int_max_str_digits allows.
Result<std::string> intToDecimal(Thread& t, Value v);
// int(text, base): base 0 or 2..36; ValueError texts as CPython's, digits limit honoured.
Result<Ref<>> intFromText(Thread& t, Value original, std::string_view text, int base);

// Arithmetic on int instances; exact results. Division by zero raises ZeroDivisionError.
Ref<> intAdd(Value a, Value b);
Ref<> intSub(Value a, Value b);
Result<Ref<>> intMul(Thread& t, Value a, Value b);
Result<Ref<>> intFloorDiv(Thread& t, Value a, Value b);
Result<Ref<>> intMod(Thread& t, Value a, Value b);
Result<Ref<>> intTrueDiv(Thread& t, Value a, Value b);
Result<Ref<>> intPow(Thread& t, Value a, Value b, Value modOrEmpty);
Result<Ref<>> intShift(Thread& t, Value a, Value count, bool left);
Ref<> intBitwise(BinaryOp op, Value a, Value b);
Ref<> intNegative(Value a);
Result<Ref<>> intDivMod(Thread& t, Value a, Value b);  // a tuple

// ---- floats ----
Ref<> makeFloat(double d);
inline double floatValue(Value v) { return v.isFlonum() ? v.flonum() : v.as<Float>()->value; }
inline bool isFloat(Value v) {
  return v.isFlonum() || (v.isObject() && (v.object()->type == &PyFloat_Type));
}
i64 hashDouble(Value inst, double d);
// An instance of float or of a subclass.
Ref<> makeFloatInstance(Type* cls, double d);
// One operator on doubles, with Python's errors; a negative base to a fraction is complex.
Result<Ref<>> floatBinary(Thread& t, BinaryOp op, double a, double b);
// A float or int instance as double; *known false (and no exception) for other types.
Result<double> numberToDouble(Thread& t, Value v, bool* known);

}  // namespace dx
