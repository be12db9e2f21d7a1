// Making, reading, comparing and converting ints. Arithmetic: int_arith.cpp.
#include "runtime/int.h"

#include <cmath>

#include "base/float_text.h"
#include "base/int_text.h"
#include "memory/heap.h"
#include "runtime/abstract.h"
#include "runtime/errors.h"
#include "runtime/module.h"
#include "runtime/str.h"

namespace dx {

namespace {

constexpr size_t kIntHeader = 24;  // tp_basicsize of int: digits follow
static_assert(offsetof(Int, digits) == kIntHeader);

u64 tagOf(size_t count, bool negative) {
  return u64(count) << 3 | (count == 0 ? 1 : negative ? 2 : 0);
}

Ref<> makeHeapInt(Type* cls, const u32* digits, size_t count, bool negative) {
  size_t stored = count ? count : 1;
  Object* o = cls == &PyLong_Type ? newObjectUninitialized(cls, kIntHeader + stored * sizeof(u32))
                                  : newInstance(cls, stored * sizeof(u32));
  Int* i = static_cast<Int*>(o);
  i->size = i64(tagOf(count, negative));
  i->digits[0] = 0;
  if (count) memcpy(i->digits, digits, count * sizeof(u32));
  return Ref<>::steal(o);
}

size_t splitDigits(u64 magnitude, u32 (&out)[3]) {
  size_t n = 0;
  for (; magnitude != 0; magnitude >>= kDigitBits) out[n++] = u32(magnitude) & kDigitMask;
  return n;
}

// The value of at most three digits; the caller checks the count.
u64 joinDigits(const u32* digits, size_t count) {
  u64 m = 0;
  for (size_t i = count; i-- > 0;) m = m << kDigitBits | digits[i];
  return m;
}

bool fitsThreeDigits(const u32* digits, size_t count) {
  return count < 3 || (count == 3 && digits[2] < 16);
}

}  // namespace

Ref<> makeWideInt(i64 v) {
  u32 digits[3];
  size_t n = splitDigits(v < 0 ? u64(0) - u64(v) : u64(v), digits);
  return makeHeapInt(&PyLong_Type, digits, n, v < 0);
}

Ref<> makeInt(u64 v) {
  if (v <= u64(kSmallIntMax)) [[likely]]
    return Ref<>::steal(Value::smallInt(i64(v)));
  u32 digits[3];
  size_t n = splitDigits(v, digits);
  return makeHeapInt(&PyLong_Type, digits, n, false);
}

Ref<> makeIntFromDigits(const u32* digits, i64 count, bool negative) {
  while (count > 0 && digits[count - 1] == 0) count--;
  if (fitsThreeDigits(digits, size_t(count))) {
    u64 m = joinDigits(digits, size_t(count));
    if (m <= u64(kSmallIntMax)) return Ref<>::steal(Value::smallInt(negative ? -i64(m) : i64(m)));
    if (negative && m == u64(kSmallIntMax) + 1) return Ref<>::steal(Value::smallInt(kSmallIntMin));
  }
  return makeHeapInt(&PyLong_Type, digits, size_t(count), negative);
}

Int* newIntDigits(size_t digits) {
  auto* i = static_cast<Int*>(
      newObjectUninitialized(&PyLong_Type, kIntHeader + (digits ? digits : 1) * sizeof(u32)));
  i->size = i64(tagOf(digits, false));
  return i;
}

Ref<> finishIntDigits(Int* i, size_t count, bool negative) {
  while (count > 0 && i->digits[count - 1] == 0) count--;
  if (fitsThreeDigits(i->digits, count)) {
    Ref<> small = makeIntFromDigits(i->digits, i64(count), negative);
    if (small.get().isSmallInt()) {
      decrefObject(i);
      return small;
    }
  }
  i->size = i64(tagOf(count, negative));
  return Ref<>::steal(i);
}

Ref<> makeInt(IntView v) { return makeIntFromDigits(v.digits, i64(v.count), v.negative); }

Ref<> makeIntInstance(Type* cls, IntView v) {
  if (cls == &PyLong_Type) return makeInt(v);
  return makeHeapInt(cls, v.digits, v.count, v.negative);
}

Ref<> makeIntFromDouble(double d) {
  if (d >= -4611686018427387904.0 && d < 4611686018427387904.0) [[likely]]
    return Ref<>::steal(Value::smallInt(i64(d)));
  return makeInt(intFromDouble(d));
}

IntView viewInt(Value v, u32 (&scratch)[3]) {
  if (v.isSmallInt()) {
    i64 i = v.smallInt();
    size_t n = splitDigits(i < 0 ? u64(0) - u64(i) : u64(i), scratch);
    return {scratch, n, i < 0};
  }
  Int* o = v.as<Int>();
  return {o->digits, o->digitCount(), o->negative()};
}

bool intToI64(Value v, i64* out) {
  if (v.isSmallInt()) [[likely]] {
    *out = v.smallInt();
    return true;
  }
  Int* o = v.as<Int>();
  return intToI64(IntView{o->digits, o->digitCount(), o->negative()}, out);
}

bool intToU64(Value v, u64* out) {
  if (v.isSmallInt()) [[likely]] {
    *out = u64(v.smallInt());
    return v.smallInt() >= 0;
  }
  Int* o = v.as<Int>();
  return intToU64(IntView{o->digits, o->digitCount(), o->negative()}, out);
}

int intSign(Value v) {
  if (v.isSmallInt()) return v.smallInt() == 0 ? 0 : v.smallInt() < 0 ? -1 : 1;
  Int* o = v.as<Int>();
  return o->digitCount() == 0 ? 0 : o->negative() ? -1 : 1;
}

Result<double> intToDouble(Thread& t, Value v) {
  if (v.isSmallInt()) [[likely]]
    return double(v.smallInt());
  IntReader i(v);
  double d;
  if (!intToDouble(i.view, &d)) return t.raise(kOverflowError, "int too large to convert to float");
  return d;
}

i64 hashInt(Value v) {
  if (v.isSmallInt()) [[likely]] {
    constexpr i64 kModulus = (i64(1) << 61) - 1;
    i64 i = v.smallInt();
    if (i > -kModulus && i < kModulus) return i == -1 ? -2 : i;
    i64 h = i % kModulus;
    return h == -1 ? -2 : h;
  }
  IntReader i(v);
  return intHash(i.view);
}

int compareInts(Value a, Value b) {
  if (a.isSmallInt() && b.isSmallInt()) [[likely]]
    return a.smallInt() < b.smallInt() ? -1 : a.smallInt() > b.smallInt();
  IntReader x(a), y(b);
  return intCompare(x.view, y.view);
}

Ref<> exactInt(Value v) {
  if (v.isSmallInt()) [[likely]]
    return retain(v);
  IntReader i(v);
  if (v.object()->type == &PyLong_Type && !fitsThreeDigits(i.view.digits, i.view.count))
    return retain(v);
  return makeInt(i.view);
}

std::string intToText(Value v, int base) {
  std::string out;
  IntReader i(v);
  intToText(i.view, base, &out);
  return out;
}

DX_COLD static Error raiseTooManyDigits(Thread& t, u64 limit) {
  return t.raise(kValueError,
                 "Exceeds the limit ({} digits) for integer string conversion; use "
                 "sys.set_int_max_str_digits() to increase the limit",
                 limit);
}

Result<std::string> intToDecimal(Thread& t, Value v) {
  IntReader i(v);
  std::string out;
  u64 limit = u64(theInterpreter.config.intMaxStrDigits);
  // Numbers that are certainly too long are refused before the expensive conversion.
  if (limit != 0 && i.view.count > 10 * 2) {
    u64 bound = intDecimalDigitsBound(i);
    if (bound > limit + 1) return raiseTooManyDigits(t, limit);
    intToText(i.view, 10, &out);
    if (out.size() - (i.view.negative ? 1 : 0) > limit) return raiseTooManyDigits(t, limit);
    return out;
  }
  intToText(i.view, 10, &out);
  return out;
}

Result<Ref<>> intFromText(Thread& t, Value original, std::string_view text, int base) {
  if (base != 0 && (base < 2 || base > 36))
    return t.raise(kValueError, "int() base must be >= 2 and <= 36, or 0");
  IntParseResult r = intParse(text, base, size_t(theInterpreter.config.intMaxStrDigits));
  switch (r.status) {
    case IntParse::kOk:
      return makeInt(r.value);
    case IntParse::kTooManyDigits:
      return t.raise(
          kValueError,
          "Exceeds the limit ({} digits) for integer string conversion: value has {} digits; "
          "use sys.set_int_max_str_digits() to increase the limit",
          theInterpreter.config.intMaxStrDigits, u64(r.digitCount));
    case IntParse::kInvalid:
      break;
  }
  // The literal is shown in 200 characters at most.
  Ref<Str> shown = TRY(repr(t, original));
  if (shown->length > 200) shown = substring(shown, 0, 200);
  return t.raise(kValueError, "invalid literal for int() with base {}: {}", base, shown);
}

// ---- floats ----

Ref<> makeFloat(double d) {
  if (Value::fitsFlonum(d)) [[likely]]
    return Ref<>::steal(Value::flonum(d));
  Ref<Float> f = make<Float>(&PyFloat_Type);
  f->value = d;
  return f;
}

Ref<> makeFloatInstance(Type* cls, double d) {
  if (cls == &PyFloat_Type) return makeFloat(d);
  Object* o = newInstance(cls);
  static_cast<Float*>(o)->value = d;
  return Ref<>::steal(o);
}

i64 hashDouble(Value inst, double d) {
  if (std::isnan(d)) {
    // NaN is not equal to itself: its hash is that of its identity.
    u64 bits = inst.isObject() ? inst.bits() : std::bit_cast<u64>(d);
    i64 h = i64(std::rotr(bits, 4));
    return h == -1 ? -2 : h;
  }
  if (std::fabs(d) < 1e9 && d == double(i32(d))) {
    i32 i = i32(d);
    return i == -1 ? -2 : i;
  }
  return floatHash(d);
}

Result<double> numberToDouble(Thread& t, Value v, bool* known) {
  *known = true;
  if (v.isFlonum()) return v.flonum();
  if (v.isSmallInt()) return double(v.smallInt());
  if (isInstanceOf(v, &PyFloat_Type)) return v.as<Float>()->value;
  if (isInt(v)) return intToDouble(t, v);
  *known = false;
  return 0.0;
}

}  // namespace dx
