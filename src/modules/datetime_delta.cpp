// timedelta, and module _datetime as a whole.
#include <cmath>

#include "modules/_datetime.gen.h"

namespace dx {

namespace {

constexpr i64 kMaxDays = 999999999;
constexpr const char* kTooLarge = "Python int too large to convert to C int";

// An int as a wide one; false: it does not fit.
bool wideOf(Value v, Wide* out) {
  IntReader reader(v);
  IntView view = reader;
  if (view.count > 4) return false;  // 120 bits are always enough
  unsigned __int128 magnitude = 0;
  for (size_t i = view.count; i-- > 0;) magnitude = magnitude << 30 | view.digits[i];
  *out = view.negative ? -Wide(magnitude) : Wide(magnitude);
  return true;
}
Ref<> intOfWide(Wide v) {
  bool negative = v < 0;
  unsigned __int128 magnitude = negative ? -static_cast<unsigned __int128>(v) : v;
  u32 digits[5];
  for (u32& d : digits) {
    d = u32(magnitude & 0x3FFFFFFF);
    magnitude >>= 30;
  }
  return makeIntFromDigits(digits, 5, negative);
}
Wide floorDiv(Wide a, Wide b, Wide* rest) {
  Wide q = a / b, r = a % b;
  if (r != 0 && (r < 0) != (b < 0)) {
    q--;
    r += b;
  }
  *rest = r;
  return q;
}

// a / b rounded half to even, of ints.
Result<Ref<>> nearest(Thread& t, Value a, Value b) {
  Ref<> pair = TRY(intDivMod(t, a, b));
  Ref<> q = retain(pair.as<Tuple>()->items[0]), r = retain(pair.as<Tuple>()->items[1]);
  Ref<> twice = intAdd(r, r);
  int order = compareInts(twice, b);
  if (intSign(b) < 0) order = -order;
  bool odd = intSign(intBitwise(BinaryOp::And, q, makeInt(1))) != 0;
  if (order > 0 || (order == 0 && odd)) q = intAdd(q, makeInt(1));
  return q;
}
Result<Ref<>> deltaOfInt(Thread& t, Value microseconds) {
  Wide us;
  if (!wideOf(microseconds, &us)) return t.raise(kOverflowError, kTooLarge);
  return deltaOf(t, us);
}
Ref<> intOf(Value delta) { return intOfWide(microsecondsOf(*delta.as<DeltaObject>())); }

// delta * f, or delta / f, with the float's exact ratio.
Result<Ref<>> scale(Thread& t, Value delta, Value f, bool divide) {
  Ref<> ratio = TRY(callMethod(t, f, DX_NAME("as_integer_ratio"), {}));
  if (!isTuple(ratio))
    return t.raise(kTypeError,
                   "unexpected return type from as_integer_ratio(): expected tuple, not '{}'",
                   typeOf(ratio));
  if (ratio.as<Tuple>()->size != 2)
    return t.raise(kValueError, "as_integer_ratio() must return a 2-tuple");
  Value top = ratio.as<Tuple>()->items[divide ? 1 : 0],
        bottom = ratio.as<Tuple>()->items[divide ? 0 : 1];
  if (!isInt(top) || !isInt(bottom))
    return t.raise(kTypeError, "unexpected return type from as_integer_ratio()");
  Ref<> product = TRY(intMul(t, intOf(delta), top));
  return deltaOfInt(t, TRY(nearest(t, product, bottom)));
}

struct Part {
  const char* name;
  Wide factor;  // microseconds
};
Result<void> accumulate(Thread& t, Value v, const Part& part, Wide* sum, double* leftover) {
  if (!v) return {};
  Wide term;
  if (isInt(v)) {
    Wide n;
    if (!wideOf(v, &n) || __builtin_mul_overflow(n, part.factor, &term) ||
        __builtin_add_overflow(*sum, term, sum))
      return t.raise(kOverflowError, kTooLarge);
    return {};
  }
  if (!isInstanceOf(v, &PyFloat_Type))
    return t.raise(kTypeError, "unsupported type for timedelta {} component: {}", part.name,
                   typeOf(v));
  double d = floatValue(v), whole;
  if (std::isnan(d)) return t.raise(kValueError, "cannot convert float NaN to integer");
  if (std::isinf(d)) return t.raise(kOverflowError, "cannot convert float infinity to integer");
  double fraction = std::modf(d, &whole);
  if (std::fabs(whole) > 1e24) return t.raise(kOverflowError, kTooLarge);
  *sum += Wide(whole) * part.factor;
  if (fraction == 0) return {};
  fraction = std::modf(double(i64(part.factor)) * fraction, &whole);
  *sum += Wide(whole);
  *leftover += fraction;
  return {};
}

}  // namespace

Wide microsecondsOf(const DeltaObject& d) {
  return Wide(d.days) * kDayMicroseconds + Wide(d.seconds) * 1000000 + d.microseconds;
}
Result<Ref<>> deltaOf(Thread& t, Wide microseconds, Type* cls) {
  Wide rest, us;
  Wide days = floorDiv(microseconds, kDayMicroseconds, &rest);
  if (days > INT32_MAX || days < INT32_MIN) return t.raise(kOverflowError, kTooLarge);
  Wide seconds = floorDiv(rest, 1000000, &us);
  if (days > kMaxDays || days < -kMaxDays)
    return t.raise(kOverflowError, "days={}; must have magnitude <= {}", i64(days), kMaxDays);
  auto d = Ref<DeltaObject>::steal(static_cast<DeltaObject*>(newInstance(cls)));
  d->hash = -1;
  d->days = i32(days);
  d->seconds = i32(seconds);
  d->microseconds = i32(us);
  return d;
}
Result<Ref<>> newDelta(Thread& t, Type* cls, i64 days, i64 seconds, i64 microseconds) {
  return deltaOf(t, Wide(days) * kDayMicroseconds + Wide(seconds) * 1000000 + microseconds, cls);
}

Result<Ref<>> pyDelta___new__(Thread& t, Type& cls, Value days, Value seconds, Value microseconds,
                              Value milliseconds, Value minutes, Value hours, Value weeks) {
  Wide sum = 0;
  double leftover = 0;
  TRY(accumulate(t, microseconds, {"microseconds", 1}, &sum, &leftover));
  TRY(accumulate(t, milliseconds, {"milliseconds", 1000}, &sum, &leftover));
  TRY(accumulate(t, seconds, {"seconds", 1000000}, &sum, &leftover));
  TRY(accumulate(t, minutes, {"minutes", 60000000}, &sum, &leftover));
  TRY(accumulate(t, hours, {"hours", Wide(3600) * 1000000}, &sum, &leftover));
  TRY(accumulate(t, days, {"days", kDayMicroseconds}, &sum, &leftover));
  TRY(accumulate(t, weeks, {"weeks", 7 * kDayMicroseconds}, &sum, &leftover));
  if (leftover != 0) {
    double whole = std::round(leftover);
    if (std::fabs(whole - leftover) == 0.5) {  // half way: to the even sum
      int odd = int(sum & 1);
      whole = 2.0 * std::round((leftover + odd) * 0.5) - odd;
    }
    sum += Wide(whole);
  }
  return deltaOf(t, sum, &cls);
}

Result<Ref<>> pyDelta___repr__(Thread&, DeltaObject& self) {
  std::string out(typeName(self.type));
  out += "(";
  const char* separator = "";
  auto add = [&](const char* name, i32 v) {
    if (!v) return;
    out += separator + std::string(name) + "=" + std::to_string(v);
    separator = ", ";
  };
  add("days", self.days);
  add("seconds", self.seconds);
  add("microseconds", self.microseconds);
  if (!*separator) out += "0";
  return makeStr(out + ")");
}
Result<Ref<>> pyDelta___str__(Thread&, DeltaObject& self) {
  char text[64], *p = text;
  if (self.days)
    p += snprintf(p, 32, "%d day%s, ", self.days, self.days == 1 || self.days == -1 ? "" : "s");
  p += snprintf(p, 24, "%d:%02d:%02d", self.seconds / 3600, self.seconds / 60 % 60,
                self.seconds % 60);
  if (self.microseconds) snprintf(p, 8, ".%06d", self.microseconds);
  return makeStr(text);
}
Result<i64> pyDelta___hash__(Thread& t, DeltaObject& self) {
  if (self.hash == -1) {
    Ref<Tuple> state =
        tupleOf(makeInt(self.days), makeInt(self.seconds), makeInt(self.microseconds));
    self.hash = TRY(hash(t, state));
  }
  return self.hash;
}

Ref<> compared(int d, CompareOp op) {
  switch (op) {
    case CompareOp::Lt:
      return boolRef(d < 0);
    case CompareOp::Le:
      return boolRef(d <= 0);
    case CompareOp::Eq:
      return boolRef(d == 0);
    case CompareOp::Ne:
      return boolRef(d != 0);
    case CompareOp::Gt:
      return boolRef(d > 0);
    default:
      return boolRef(d >= 0);
  }
}
Result<Ref<>> pyDelta___richcompare__(Thread&, DeltaObject& self, Value other, CompareOp op) {
  if (!isDelta(other)) return notImplementedRef();
  Wide a = microsecondsOf(self), b = microsecondsOf(*other.as<DeltaObject>());
  return compared(a < b ? -1 : a > b, op);
}
Result<bool> pyDelta___bool__(Thread&, DeltaObject& self) {
  return self.days || self.seconds || self.microseconds;
}

Result<Ref<>> pyDelta___add__(Thread& t, Value a, Value b) {
  if (!isDelta(a) || !isDelta(b)) return notImplementedRef();
  return deltaOf(t, microsecondsOf(*a.as<DeltaObject>()) + microsecondsOf(*b.as<DeltaObject>()));
}
Result<Ref<>> pyDelta___sub__(Thread& t, Value a, Value b) {
  if (!isDelta(a) || !isDelta(b)) return notImplementedRef();
  return deltaOf(t, microsecondsOf(*a.as<DeltaObject>()) - microsecondsOf(*b.as<DeltaObject>()));
}
Result<Ref<>> pyDelta___neg__(Thread& t, DeltaObject& self) {
  return deltaOf(t, -microsecondsOf(self));
}
Result<Ref<>> pyDelta___pos__(Thread& t, DeltaObject& self) {
  return deltaOf(t, microsecondsOf(self));
}
Result<Ref<>> pyDelta___abs__(Thread& t, DeltaObject& self) {
  Wide us = microsecondsOf(self);
  return deltaOf(t, us < 0 ? -us : us);
}
Result<Ref<>> pyDelta___mul__(Thread& t, Value a, Value b) {
  if (!isDelta(a)) std::swap(a, b);
  if (!isDelta(a)) return notImplementedRef();
  if (isInt(b)) return deltaOfInt(t, TRY(intMul(t, intOf(a), b)));
  if (isInstanceOf(b, &PyFloat_Type)) return scale(t, a, b, false);
  return notImplementedRef();
}
Result<Ref<>> pyDelta___floordiv__(Thread& t, Value a, Value b) {
  if (!isDelta(a)) return notImplementedRef();
  if (isDelta(b)) return intFloorDiv(t, intOf(a), intOf(b));
  if (isInt(b)) return deltaOfInt(t, TRY(intFloorDiv(t, intOf(a), b)));
  return notImplementedRef();
}
Result<Ref<>> pyDelta___truediv__(Thread& t, Value a, Value b) {
  if (!isDelta(a)) return notImplementedRef();
  if (isDelta(b)) return intTrueDiv(t, intOf(a), intOf(b));
  if (isInt(b)) return deltaOfInt(t, TRY(nearest(t, intOf(a), b)));
  if (isInstanceOf(b, &PyFloat_Type)) return scale(t, a, b, true);
  return notImplementedRef();
}
Result<Ref<>> pyDelta___mod__(Thread& t, Value a, Value b) {
  if (!isDelta(a) || !isDelta(b)) return notImplementedRef();
  return deltaOfInt(t, TRY(intMod(t, intOf(a), intOf(b))));
}
Result<Ref<>> pyDelta___divmod__(Thread& t, Value a, Value b) {
  if (!isDelta(a) || !isDelta(b)) return notImplementedRef();
  Ref<> pair = TRY(intDivMod(t, intOf(a), intOf(b)));
  Ref<> rest = TRY(deltaOfInt(t, pair.as<Tuple>()->items[1]));
  return tupleOf(pair.as<Tuple>()->items[0], rest);
}
Result<Ref<>> pyDelta_total_seconds(Thread& t, DeltaObject& self) {
  return intTrueDiv(t, intOf(&self), makeInt(1000000));
}
Result<Ref<>> pyDelta___reduce__(Thread&, DeltaObject& self) {
  return tupleOf(Value(self.type),
                 tupleOf(makeInt(self.days), makeInt(self.seconds), makeInt(self.microseconds)));
}

// ---- module ----

Result<void> _datetime_exec(Thread& t, Module& module) {
  static bool ready = false;
  if (!ready) {
    auto add = [](Type& type, const char* name, Value v) { dictSetStr(typeDict(&type), name, v); };
    Ref<> tick = TRY(newDelta(t, &deltaType, 0, 0, 1)), day = TRY(newDelta(t, &deltaType, 1, 0, 0));
    add(deltaType, "resolution", tick);
    add(deltaType, "min", TRY(newDelta(t, &deltaType, -kMaxDays, 0, 0)));
    add(deltaType, "max", TRY(newDelta(t, &deltaType, kMaxDays, kDaySeconds - 1, 999999)));
    add(dateType, "min", TRY(newDate(t, &dateType, 1, 1, 1)));
    add(dateType, "max", TRY(newDate(t, &dateType, 9999, 12, 31)));
    add(dateType, "resolution", day);
    Fields first{1, 1, 1, 0, 0, 0, 0, 0}, last{9999, 12, 31, 23, 59, 59, 999999, 0};
    add(timeType, "min", TRY(newTime(t, &timeType, first, none())));
    add(timeType, "max", TRY(newTime(t, &timeType, last, none())));
    add(timeType, "resolution", tick);
    add(dateTimeType, "min", TRY(newDateTime(t, &dateTimeType, first, none())));
    add(dateTimeType, "max", TRY(newDateTime(t, &dateTimeType, last, none())));
    add(dateTimeType, "resolution", tick);
    add(zoneType, "utc", utcZone());
    Ref<> limit = TRY(newDelta(t, &deltaType, 0, 86340, 0));
    add(zoneType, "max", TRY(newZone(t, limit, Value())));
    add(zoneType, "min", TRY(newZone(t, TRY(negative(t, limit)), Value())));
    for (Type* type : {&deltaType, &dateType, &timeType, &dateTimeType, &zoneType})
      typeModified(type);
    ready = true;
  }
  moduleSet(module, "MINYEAR", makeInt(kMinYear));
  moduleSet(module, "MAXYEAR", makeInt(kMaxYear));
  moduleSet(module, "UTC", utcZone());
  return {};
}

}  // namespace dx
