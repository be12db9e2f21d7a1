// tzinfo, timezone, and the platform's local time.
#include <cerrno>
#include <cmath>
#include <ctime>

#include "modules/_datetime.gen.h"

namespace dx {

// ---- asking a tzinfo ----

DX_COLD static Error offsetRange(Thread& t, Value offset) {
  return t.raise(kValueError,
                 "offset must be a timedelta strictly between -timedelta(hours=24) and "
                 "timedelta(hours=24), not {!r}",
                 offset);
}
static bool withinDay(const DeltaObject& d) {
  Wide us = microsecondsOf(d);
  return us > -kDayMicroseconds && us < kDayMicroseconds;
}
Result<Ref<>> tzOffset(Thread& t, Value tzinfo, Str* method, Value argument) {
  if (!tzinfo || isNone(tzinfo)) return noneRef();
  if (typeOf(tzinfo) == &zoneType && equalAscii(method, "utcoffset"))
    return retain(tzinfo.as<ZoneObject>()->offset);
  Ref<> hold = retain(tzinfo);
  Ref<> offset = TRY(callMethodWith(t, hold, method, argument));
  if (isNone(offset)) return offset;
  if (!isDelta(offset))
    return t.raise(kTypeError, "tzinfo.{}() must return None or timedelta, not '{}'", Value(method),
                   typeOf(offset));
  if (!withinDay(*offset.as<DeltaObject>())) return offsetRange(t, offset);
  return offset;
}
Result<Ref<>> tzName(Thread& t, Value tzinfo, Value argument) {
  if (!tzinfo || isNone(tzinfo)) return noneRef();
  Ref<> hold = retain(tzinfo);
  Ref<> name = TRY(callMethodWith(t, hold, DX_NAME("tzname"), argument));
  if (!isNone(name) && !isStr(name))
    return t.raise(kTypeError, "tzinfo.tzname() must return None or a string, not '{}'",
                   typeOf(name));
  return name;
}

// ---- tzinfo ----

Result<Ref<>> pyTzinfo___new__(Thread&, Type& cls, const Args&) {
  return Ref<>::steal(Value(newInstance(&cls)));
}
static Error abstractMethod(Thread& t, const char* name) {
  return t.raise(kNotImplementedError, "a tzinfo subclass must implement {}()", name);
}
Result<Ref<>> pyTzinfo_tzname(Thread& t, Object&, Value) { return abstractMethod(t, "tzname"); }
Result<Ref<>> pyTzinfo_utcoffset(Thread& t, Object&, Value) {
  return abstractMethod(t, "utcoffset");
}
Result<Ref<>> pyTzinfo_dst(Thread& t, Object&, Value) { return abstractMethod(t, "dst"); }

Result<Ref<>> pyTzinfo_fromutc(Thread& t, Object& self, Value argument) {
  if (!isDateTime(argument)) return t.raise(kTypeError, "fromutc: argument must be a datetime");
  auto* dt = argument.as<DateTimeObject>();
  if (tzinfoOrNone(dt->tzinfo) != Value(&self))
    return t.raise(kValueError, "fromutc: dt.tzinfo is not self");
  Ref<> offset = TRY(tzOffset(t, &self, DX_NAME("utcoffset"), dt));
  if (isNone(offset)) return t.raise(kValueError, "fromutc: non-None utcoffset() result required");
  Ref<> dst = TRY(tzOffset(t, &self, DX_NAME("dst"), dt));
  if (isNone(dst)) return t.raise(kValueError, "fromutc: non-None dst() result required");
  Wide standard =
      microsecondsOf(*offset.as<DeltaObject>()) - microsecondsOf(*dst.as<DeltaObject>());
  Ref<> result = TRY(shifted(t, *dt, standard));
  dst = TRY(tzOffset(t, &self, DX_NAME("dst"), result));
  if (isNone(dst))
    return t.raise(kValueError, "fromutc: tz.dst() gave inconsistent results; cannot convert");
  if (Wide us = microsecondsOf(*dst.as<DeltaObject>()); us && isDateTime(result))
    return shifted(t, *result.as<DateTimeObject>(), us);
  return result;
}
Result<Ref<>> pyTzinfo___reduce__(Thread& t, Object& self) {
  Ref<> getArgs, args = retain(emptyTuple());
  if (TRY(lookupAttr(t, &self, DX_NAME("__getinitargs__"), &getArgs)))
    args = TRY(call(t, getArgs, Args()));
  Ref<> state = TRY(callMethod(t, &self, DX_NAME("__getstate__"), {}));
  if (isNone(state)) return tupleOf(Value(self.type), args);
  return tupleOf(Value(self.type), args, state);
}

// ---- timezone ----

static Ref<ZoneObject> makeZone(Value offset, Value nameOrEmpty) {
  Ref<ZoneObject> z = make<ZoneObject>(&zoneType);
  z->offset = retain(offset).release();
  z->name = retain(nameOrEmpty).release();
  return z;
}
ZoneObject* utcZone() {
  static ZoneObject* utc =
      makeZone(newDelta(thisThread(), &deltaType, 0, 0, 0).take(), Value()).release();
  return utc;
}
Result<Ref<>> newZone(Thread& t, Value offset, Value name) {
  auto* d = offset.as<DeltaObject>();
  if (!name && microsecondsOf(*d) == 0) return retain(utcZone());
  if (!withinDay(*d)) return offsetRange(t, offset);
  return makeZone(offset, name);
}
Result<Ref<>> pyZone___new__(Thread& t, Type&, Value offset, Value name) {
  if (!isDelta(offset))
    return t.raise(kTypeError, "timezone() argument 1 must be datetime.timedelta, not {}",
                   typeOf(offset));
  if (name && !isStr(name))
    return t.raise(kTypeError, "timezone() argument 2 must be str, not {}", typeOf(name));
  return newZone(t, offset, name);
}
Result<Ref<>> pyZone___repr__(Thread&, ZoneObject& self) {
  if (&self == utcZone()) return makeAscii("datetime.timezone.utc");
  if (!self.name) return formatStr("{}({!r})", typeName(self.type), self.offset);
  return formatStr("{}({!r}, {!r})", typeName(self.type), self.offset, self.name);
}
Result<Ref<>> pyZone___str__(Thread&, ZoneObject& self) {
  if (self.name) return retain(self.name);
  std::string out = "UTC";
  auto* d = self.offset.as<DeltaObject>();
  if (microsecondsOf(*d)) appendOffset(&out, *d, ":");
  return makeAscii(out);
}
Result<i64> pyZone___hash__(Thread& t, ZoneObject& self) { return hash(t, self.offset); }
Result<Ref<>> pyZone___richcompare__(Thread&, ZoneObject& self, Value other, CompareOp op) {
  if (!isInstanceOf(other, &zoneType) || (op != CompareOp::Eq && op != CompareOp::Ne))
    return notImplementedRef();
  return compared(!sameOffset(self.offset, other.as<ZoneObject>()->offset), op);
}
static Result<void> zoneArgument(Thread& t, Value dt, const char* method) {
  if (isNone(dt) || isDateTime(dt)) return {};
  return t.raise(kTypeError, "{}(dt) argument must be a datetime instance or None, not {}", method,
                 typeOf(dt));
}
Result<Ref<>> pyZone_tzname(Thread& t, ZoneObject& self, Value dt) {
  TRY(zoneArgument(t, dt, "tzname"));
  return pyZone___str__(t, self);
}
Result<Ref<>> pyZone_utcoffset(Thread& t, ZoneObject& self, Value dt) {
  TRY(zoneArgument(t, dt, "utcoffset"));
  return retain(self.offset);
}
Result<Ref<>> pyZone_dst(Thread& t, ZoneObject&, Value dt) {
  TRY(zoneArgument(t, dt, "dst"));
  return noneRef();
}
Result<Ref<>> pyZone_fromutc(Thread& t, ZoneObject& self, Value dt) {
  if (!isDateTime(dt)) return t.raise(kTypeError, "fromutc: argument must be a datetime");
  if (tzinfoOrNone(dt.as<DateTimeObject>()->tzinfo) != Value(&self))
    return t.raise(kValueError, "fromutc: dt.tzinfo is not self");
  return shifted(t, *dt.as<DateTimeObject>(), microsecondsOf(*self.offset.as<DeltaObject>()));
}
Result<Ref<>> pyZone___getinitargs__(Thread&, ZoneObject& self) {
  if (!self.name) return tupleOf(self.offset);
  return tupleOf(self.offset, self.name);
}

// ---- local time ----

Result<void> breakDown(Thread& t, i64 timestamp, bool utc, struct tm* out) {
  time_t seconds = timestamp;
  errno = 0;
  if (utc ? gmtime_r(&seconds, out) : localtime_r(&seconds, out)) return {};
  return raiseErrno(t, errno ? errno : EINVAL);
}
Result<i64> localSeconds(Thread& t, i64 seconds) {
  struct tm tm;
  i64 timestamp;
  if (__builtin_sub_overflow(seconds, kEpochSeconds, &timestamp))
    return t.raise(kOverflowError, "timestamp out of range for platform time_t");
  TRY(breakDown(t, timestamp, false, &tm));
  int year = tm.tm_year + 1900;
  if (year < kMinYear || year > kMaxYear)
    return t.raise(kValueError, "year must be in {}..{}, not {}", kMinYear, kMaxYear, year);
  return secondsOf({year, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, 0, 0});
}
// Solves local(u) = t (PEP 495): of two solutions the one that fold asks for, in a gap the one that
// the other offset gives.
Result<i64> localToSeconds(Thread& t, const Fields& f, int fold) {
  i64 wanted = secondsOf(f);
  i64 a = TRY(localSeconds(t, wanted)) - wanted;
  i64 u1 = wanted - a, t1 = TRY(localSeconds(t, u1)), b;
  if (t1 == wanted) {
    i64 other = fold ? u1 + kDaySeconds : u1 - kDaySeconds;
    b = TRY(localSeconds(t, other)) - other;
    if (a == b) return u1;
  } else {
    b = t1 - u1;
  }
  i64 u2 = wanted - b;
  if (TRY(localSeconds(t, u2)) == wanted) return u2;
  if (t1 == wanted) return u1;
  return fold ? std::min(u1, u2) : std::max(u1, u2);
}
Result<Ref<>> localZone(Thread& t, i64 timestamp) {
  struct tm tm;
  TRY(breakDown(t, timestamp, false, &tm));
  Ref<> offset = TRY(newDelta(t, &deltaType, 0, tm.tm_gmtoff, 0));
  return newZone(t, offset, decodeFs(tm.tm_zone ? tm.tm_zone : ""));
}

// ---- timestamps ----

static Error timestampRange(Thread& t) {
  return t.raise(kOverflowError, "timestamp out of range for platform time_t");
}
Result<i64> timestampArgument(Thread& t, Value v, int* microseconds) {
  *microseconds = 0;
  if (!isInstanceOf(v, &PyFloat_Type)) {
    if (!hasIndex(v))
      return t.raise(kTypeError, "argument must be int or float, not {}", typeOf(v));
    Ref<> n = TRY(toIndex(t, v));
    i64 seconds;
    if (!intToI64(n, &seconds)) return timestampRange(t);
    return seconds;
  }
  double d = floatValue(v), whole;
  if (std::isnan(d)) return t.raise(kValueError, "Invalid value NaN (not a number)");
  double fraction = std::nearbyint(std::modf(d, &whole) * 1e6);
  if (fraction >= 1e6) {
    fraction -= 1e6;
    whole += 1;
  } else if (fraction < 0) {
    fraction += 1e6;
    whole -= 1;
  }
  if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0)) return timestampRange(t);
  *microseconds = int(fraction);
  return i64(whole);
}
Result<i64> floorTimestamp(Thread& t, Value v) {
  if (!isInstanceOf(v, &PyFloat_Type)) {
    int us;
    return timestampArgument(t, v, &us);
  }
  double d = floatValue(v);
  if (std::isnan(d)) return t.raise(kValueError, "Invalid value NaN (not a number)");
  d = std::floor(d);
  if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0)) return timestampRange(t);
  return i64(d);
}

}  // namespace dx
