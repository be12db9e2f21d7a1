// datetime: a date and a time of day.
#include <ctime>

#include "modules/_datetime.gen.h"
#include "runtime/call.h"

namespace dx {

// ---- making them ----

static Ref<DateTimeObject> makeDateTime(Type* cls, const Fields& f, Value tzinfo) {
  auto d = Ref<DateTimeObject>::steal(static_cast<DateTimeObject*>(newInstance(cls)));
  d->hash = -1;
  d->data[0] = u8(f.year >> 8);
  d->data[1] = u8(f.year);
  d->data[2] = u8(f.month);
  d->data[3] = u8(f.day);
  d->data[4] = u8(f.hour);
  d->data[5] = u8(f.minute);
  d->data[6] = u8(f.second);
  putMicroseconds(d->data + 7, f.microsecond);
  d->fold = u8(f.fold);
  if (tzinfo && !isNone(tzinfo)) {
    d->hasTz = 1;
    d->tzinfo = retain(tzinfo).release();
  }
  return d;
}
static Result<void> checkAll(Thread& t, const Fields& f, Value tzinfo) {
  TRY(checkDate(t, f.year, f.month, f.day));
  TRY(checkTime(t, f));
  return checkTzinfo(t, tzinfo);
}
Result<Ref<>> newDateTime(Thread& t, Type* cls, const Fields& f, Value tzinfo) {
  if (cls == &dateTimeType) {
    TRY(checkAll(t, f, tzinfo));
    return makeDateTime(cls, f, tzinfo);
  }
  Ref<> numbers[] = {makeInt(f.year),   makeInt(f.month),  makeInt(f.day),        makeInt(f.hour),
                     makeInt(f.minute), makeInt(f.second), makeInt(f.microsecond)};
  Value args[8];
  for (int i = 0; i < 7; i++) args[i] = numbers[i];
  args[7] = tzinfo;
  Ref<> made = TRY(call(t, cls, Args(args, 8)));
  if (f.fold && isDateTime(made)) made.as<DateTimeObject>()->fold = 1;
  return made;
}

Result<Ref<>> pyDateTime___new__(Thread& t, Type& cls, const Args& args) {
  std::string state;
  if (TRY(pickledState(t, args, 10, "datetime", &state)) && (u8(state[2]) & 0x7F) >= 1 &&
      (u8(state[2]) & 0x7F) <= 12) {
    Value tzinfo = args.count == 2 ? args[1] : none();
    if (!isNone(tzinfo) && !isTzinfo(tzinfo)) return t.raise(kTypeError, "bad tzinfo state arg");
    Ref<DateTimeObject> d = makeDateTime(&cls, Fields(), tzinfo);
    memcpy(d->data, state.data(), 10);
    d->fold = d->data[2] >> 7;
    d->data[2] &= 0x7F;
    return d;
  }
  static const char* const kNames[] = {"year",   "month",       "day",    "hour", "minute",
                                       "second", "microsecond", "tzinfo", "fold"};
  static const ParamSpec kSpec = {"function", kNames, 0, 8, 1, 3, 0, false, false};
  Value v[9];
  TRY(bindArgs(t, kSpec, args, v));
  Fields f;
  f.year = TRY(argI32(t, v[0]));
  f.month = TRY(argI32(t, v[1]));
  f.day = TRY(argI32(t, v[2]));
  f.hour = TRY(fieldArgument(t, v[3], 0));
  f.minute = TRY(fieldArgument(t, v[4], 0));
  f.second = TRY(fieldArgument(t, v[5], 0));
  f.microsecond = TRY(fieldArgument(t, v[6], 0));
  f.fold = TRY(fieldArgument(t, v[8], 0));
  Value tzinfo = v[7] ? v[7] : none();
  TRY(checkAll(t, f, tzinfo));
  return makeDateTime(&cls, f, tzinfo);
}

// Seconds since 0001-01-01 back to fields; false: out of range.
static bool fieldsAt(i64 seconds, Fields* f) {
  i64 days = seconds / kDaySeconds, rest = seconds % kDaySeconds;
  if (rest < 0) {
    rest += kDaySeconds;
    days--;
  }
  if (days < 1 || days > kMaxOrdinal) return false;
  fromOrdinal(int(days), &f->year, &f->month, &f->day);
  f->hour = int(rest / 3600);
  f->minute = int(rest / 60 % 60);
  f->second = int(rest % 60);
  return true;
}
// As newDateTime for the class of d.
Result<Ref<>> shifted(Thread& t, DateTimeObject& d, Wide microseconds) {
  Fields f = fieldsOf(d);
  Wide all = Wide(secondsOf(f)) * 1000000 + f.microsecond + microseconds;
  f.fold = 0;
  if (all < 0 || !fieldsAt(i64(all / 1000000), &f))
    return t.raise(kOverflowError, "date value out of range");
  f.microsecond = int(all % 1000000);
  Ref<> tzinfo = retain(tzinfoOrNone(d.tzinfo));
  return newDateTime(t, d.type, f, tzinfo);
}

// ---- from the clock ----

static Result<Ref<>> fromSeconds(Thread& t, Type& cls, i64 timestamp, int us, bool utc,
                                 Value tzinfo) {
  struct tm tm;
  TRY(breakDown(t, timestamp, utc, &tm));
  Fields f{tm.tm_year + 1900, tm.tm_mon + 1,           tm.tm_mday, tm.tm_hour,
           tm.tm_min,         std::min(tm.tm_sec, 59), us,         0};
  if (isNone(tzinfo) && !utc && f.year >= kMinYear && f.year <= kMaxYear) {
    // The second of two equal local times is told by the one a day before.
    i64 result = secondsOf(f),
        before = TRY(localSeconds(t, kEpochSeconds + timestamp - kDaySeconds));
    i64 transition = result - before - kDaySeconds;
    if (transition < 0)
      f.fold = TRY(localSeconds(t, kEpochSeconds + timestamp + transition)) == result;
  }
  return newDateTime(t, &cls, f, tzinfo);
}
static Result<Ref<>> fromTimestamp(Thread& t, Type& cls, Value timestamp, bool utc, Value tzinfo) {
  int us;
  i64 seconds = TRY(timestampArgument(t, timestamp, &us));
  return fromSeconds(t, cls, seconds, us, utc, tzinfo);
}
static Result<Ref<>> throughUtc(Thread& t, Ref<> made, Value tz) {
  if (isNone(tz)) return made;
  return callMethodWith(t, tz, DX_NAME("fromutc"), made);
}
Result<Ref<>> pyDateTime_fromtimestamp(Thread& t, Type& cls, Value timestamp, Value tz) {
  TRY(checkTzinfo(t, tz));
  return throughUtc(t, TRY(fromTimestamp(t, cls, timestamp, !isNone(tz), tz)), tz);
}
Result<Ref<>> pyDateTime_utcfromtimestamp(Thread& t, Type& cls, Value timestamp) {
  TRY(warn(t, kDeprecationWarning,
           "datetime.datetime.utcfromtimestamp() is deprecated and scheduled for removal in a "
           "future version. Use timezone-aware objects to represent datetimes in UTC: "
           "datetime.datetime.fromtimestamp(timestamp, datetime.UTC)."));
  return fromTimestamp(t, cls, timestamp, true, none());
}
static Result<Ref<>> fromClock(Thread& t, Type& cls, bool utc, Value tz) {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return fromSeconds(t, cls, now.tv_sec, int(now.tv_nsec / 1000), utc, tz);
}
Result<Ref<>> pyDateTime_now(Thread& t, Type& cls, Value tz) {
  TRY(checkTzinfo(t, tz));
  return throughUtc(t, TRY(fromClock(t, cls, !isNone(tz), tz)), tz);
}
Result<Ref<>> pyDateTime_utcnow(Thread& t, Type& cls) {
  TRY(warn(t, kDeprecationWarning,
           "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future "
           "version. Use timezone-aware objects to represent datetimes in UTC: "
           "datetime.datetime.now(datetime.UTC)."));
  return fromClock(t, cls, true, none());
}

// ---- from parts and text ----

Result<Ref<>> pyDateTime_combine(Thread& t, Type& cls, Value date, Value time, Value tzinfo) {
  if (!isDate(date))
    return t.raise(kTypeError, "combine() argument 1 must be datetime.date, not {}", typeOf(date));
  if (!isTime(time))
    return t.raise(kTypeError, "combine() argument 2 must be datetime.time, not {}", typeOf(time));
  Fields f = fieldsOf(*time.as<TimeObject>()), d = fieldsOf(*date.as<DateObject>());
  f.year = d.year;
  f.month = d.month;
  f.day = d.day;
  Ref<> zone = retain(tzinfo ? tzinfo : tzinfoOrNone(time.as<TimeObject>()->tzinfo));
  return newDateTime(t, &cls, f, zone);
}
Result<Ref<>> pyDateTime_strptime(Thread& t, Type& cls, Value text, Value format) {
  Ref<> parse = TRY(importAttr(t, "_strptime", "_strptime_datetime_datetime"));
  return callWith(t, parse, &cls, text, format);
}
Result<Ref<>> pyDateTime_fromisoformat(Thread& t, Type& cls, Value text) {
  if (!isStr(text)) return t.raise(kTypeError, "fromisoformat: argument must be str");
  std::string ascii = asciiOf(text.as<Str>());
  size_t separator = isoSeparator(ascii);
  Fields f;
  if (separator == ascii.npos || !parseIsoDate(std::string_view(ascii).substr(0, separator), &f))
    return invalidIso(t, text);
  IsoTime parsed;
  size_t start = separator + 1;  // any one character separates
  if (separator < ascii.size() && u8(ascii[separator]) >= 0x80) start++;
  if (separator < ascii.size() && !parseIsoTime(std::string_view(ascii).substr(start), &parsed))
    return invalidIso(t, text);
  bool realDay = f.month >= 1 && f.month <= 12 && f.day <= daysInMonth(f.year, f.month);
  if (parsed.badMidnight && realDay)
    return t.raise(kValueError, "minute, second, and microsecond must be 0 when hour is 24");
  if (parsed.nextDay && realDay) {
    if (++f.day > daysInMonth(f.year, f.month)) {
      f.day = 1;
      if (++f.month > 12) {
        f.month = 1;
        f.year++;
      }
    }
  }
  Ref<> zone = TRY(isoZone(t, parsed));
  f.hour = parsed.hour;
  f.minute = parsed.minute;
  f.second = parsed.second;
  f.microsecond = parsed.microsecond;
  return newDateTime(t, &cls, f, zone);
}

// ---- parts ----

Result<Ref<>> pyDateTime_get_hour(Thread&, DateTimeObject& self) {
  return makeInt(int(self.data[4]));
}
Result<Ref<>> pyDateTime_get_minute(Thread&, DateTimeObject& self) {
  return makeInt(int(self.data[5]));
}
Result<Ref<>> pyDateTime_get_second(Thread&, DateTimeObject& self) {
  return makeInt(int(self.data[6]));
}
Result<Ref<>> pyDateTime_get_microsecond(Thread&, DateTimeObject& self) {
  return makeInt(microsecondsAt(self.data + 7));
}
Result<Ref<>> pyDateTime_get_tzinfo(Thread&, DateTimeObject& self) {
  return retain(tzinfoOrNone(self.tzinfo));
}
Result<Ref<>> pyDateTime_get_fold(Thread&, DateTimeObject& self) { return makeInt(int(self.fold)); }
Result<Ref<>> pyDateTime_utcoffset(Thread& t, DateTimeObject& self) {
  return tzOffset(t, self.tzinfo, DX_NAME("utcoffset"), &self);
}
Result<Ref<>> pyDateTime_dst(Thread& t, DateTimeObject& self) {
  return tzOffset(t, self.tzinfo, DX_NAME("dst"), &self);
}
Result<Ref<>> pyDateTime_tzname(Thread& t, DateTimeObject& self) {
  return tzName(t, self.tzinfo, &self);
}
Result<Ref<>> pyDateTime_date(Thread& t, DateTimeObject& self) {
  Fields f = fieldsOf(self);
  return newDate(t, &dateType, f.year, f.month, f.day);
}
Result<Ref<>> pyDateTime_time(Thread& t, DateTimeObject& self) {
  return newTime(t, &timeType, fieldsOf(self), none());
}
Result<Ref<>> pyDateTime_timetz(Thread& t, DateTimeObject& self) {
  return newTime(t, &timeType, fieldsOf(self), tzinfoOrNone(self.tzinfo));
}
Result<Ref<>> pyDateTime_replace(Thread& t, DateTimeObject& self, Value year, Value month,
                                 Value day, Value hour, Value minute, Value second,
                                 Value microsecond, Value tzinfo, Value fold) {
  Fields f = fieldsOf(self);
  f.year = TRY(fieldArgument(t, year, f.year));
  f.month = TRY(fieldArgument(t, month, f.month));
  f.day = TRY(fieldArgument(t, day, f.day));
  f.hour = TRY(fieldArgument(t, hour, f.hour));
  f.minute = TRY(fieldArgument(t, minute, f.minute));
  f.second = TRY(fieldArgument(t, second, f.second));
  f.microsecond = TRY(fieldArgument(t, microsecond, f.microsecond));
  f.fold = TRY(fieldArgument(t, fold, f.fold));
  if (f.fold != 0 && f.fold != 1)
    return t.raise(kValueError, "fold must be either 0 or 1, not {}", f.fold);
  Ref<> zone = retain(tzinfo ? tzinfo : tzinfoOrNone(self.tzinfo));
  return newDateTime(t, self.type, f, zone);
}
Result<Ref<>> pyDateTime___replace__(Thread& t, DateTimeObject& self, const Args& args) {
  return callWithSelf(t, typeLookup(&dateTimeType, DX_NAME("replace")), &self, args);
}

// ---- to other forms ----

Result<Ref<>> pyDateTime_timetuple(Thread& t, DateTimeObject& self) {
  int dst = -1;
  Ref<> offset = TRY(pyDateTime_dst(t, self));
  if (!isNone(offset)) dst = microsecondsOf(*offset.as<DeltaObject>()) != 0;
  return structTime(t, fieldsOf(self), dst);
}
Result<Ref<>> pyDateTime_utctimetuple(Thread& t, DateTimeObject& self) {
  Ref<> offset = TRY(pyDateTime_utcoffset(t, self));
  Fields f = fieldsOf(self);
  if (!isNone(offset)) {
    Wide all =
        Wide(secondsOf(f)) * 1000000 + f.microsecond - microsecondsOf(*offset.as<DeltaObject>());
    if (all < 0 || !fieldsAt(i64(all / 1000000), &f))
      return t.raise(kOverflowError, "date value out of range");
  }
  return structTime(t, f, 0);
}
// Microseconds since 0001-01-01 in UTC, of an aware datetime with this offset.
static Wide utcMicroseconds(const DateTimeObject& d, Value offset) {
  Fields f = fieldsOf(d);
  Wide us = Wide(secondsOf(f)) * 1000000 + f.microsecond;
  return isNone(offset) ? us : us - microsecondsOf(*offset.as<DeltaObject>());
}
Result<Ref<>> pyDateTime_timestamp(Thread& t, DateTimeObject& self) {
  if (!self.tzinfo) {
    i64 seconds = TRY(localToSeconds(t, fieldsOf(self), self.fold));
    return makeFloat(double(seconds - kEpochSeconds) + fieldsOf(self).microsecond / 1e6);
  }
  Ref<> offset = TRY(pyDateTime_utcoffset(t, self));
  if (isNone(offset))
    return t.raise(kTypeError, "can't subtract offset-naive and offset-aware datetimes");
  Ref<> delta = TRY(deltaOf(t, utcMicroseconds(self, offset) - Wide(kEpochSeconds) * 1000000));
  return pyDelta_total_seconds(t, *delta.as<DeltaObject>());
}
static Result<Ref<>> localZoneOf(Thread& t, DateTimeObject& d) {
  Fields f = fieldsOf(d);
  i64 seconds = TRY(localToSeconds(t, f, f.fold)), other = TRY(localToSeconds(t, f, !f.fold));
  if (other != seconds && (other > seconds) == bool(f.fold)) seconds = other;  // in a gap
  return localZone(t, seconds - kEpochSeconds);
}
Result<Ref<>> pyDateTime_astimezone(Thread& t, DateTimeObject& self, Value tz) {
  TRY(checkTzinfo(t, tz));
  Ref<> own = self.tzinfo ? retain(self.tzinfo) : TRY(localZoneOf(t, self));
  if (own.get() == tz) return retain(&self);
  Ref<> offset = TRY(tzOffset(t, own, DX_NAME("utcoffset"), &self));
  if (isNone(offset)) {  // as good as naive
    own = TRY(localZoneOf(t, self));
    if (own.get() == tz) return retain(&self);
    offset = TRY(tzOffset(t, own, DX_NAME("utcoffset"), &self));
  }
  Ref<> moved = TRY(shifted(t, self, -microsecondsOf(*offset.as<DeltaObject>())));
  if (!isDateTime(moved)) return t.raise(kTypeError, "datetime expected");
  Ref<> target = retain(tz);
  Fields f = fieldsOf(*moved.as<DateTimeObject>());
  if (isNone(tz)) target = TRY(localZone(t, secondsOf(f) - kEpochSeconds));
  Ref<> utc = TRY(newDateTime(t, self.type, f, target));
  return callMethodWith(t, target, DX_NAME("fromutc"), utc);
}

// ---- text ----

Result<Ref<>> pyDateTime_isoformat(Thread& t, DateTimeObject& self, Value sep, Str& timespec) {
  std::string separator = "T";
  if (sep) {
    if (isStr(sep) && sep.as<Str>()->length != 1)
      return t.raise(
          kTypeError,
          "isoformat() argument 1 must be a unicode character, not a string of length {}",
          sep.as<Str>()->length);
    if (!isStr(sep))
      return t.raise(kTypeError, "isoformat() argument 1 must be a unicode character, not {}",
                     typeOf(sep));
    separator = toUtf8(sep.as<Str>());
  }
  std::string out;
  appendDate(&out, fieldsOf(self));
  out += separator;
  if (!timespec.isAscii() || !appendTime(&out, fieldsOf(self), timespec.ascii()))
    return t.raise(kValueError, "Unknown timespec value");
  return isoFormat(t, std::move(out), self.tzinfo, &self);
}
Result<Ref<>> pyDateTime___str__(Thread& t, DateTimeObject& self) {
  return callMethodWith(t, &self, DX_NAME("isoformat"), makeAscii(" "));
}
Result<Ref<>> pyDateTime___repr__(Thread& t, DateTimeObject& self) {
  Fields f = fieldsOf(self);
  std::string out(typeName(self.type));
  int parts[] = {f.year, f.month, f.day, f.hour, f.minute, f.second, f.microsecond};
  int shown = f.microsecond ? 7 : f.second ? 6 : 5;
  for (int i = 0; i < shown; i++) out += (i ? ", " : "(") + std::to_string(parts[i]);
  if (self.tzinfo) {
    Ref<> zone = retain(self.tzinfo);
    out += ", tzinfo=" + toUtf8(TRY(repr(t, zone)));
  }
  if (f.fold) out += ", fold=1";
  return makeStr(out + ")");
}

// ---- pickling, operators ----

Result<Ref<>> pyDateTime___reduce_ex__(Thread&, DateTimeObject& self, i32 protocol) {
  char state[10];
  memcpy(state, self.data, 10);
  if (protocol > 3 && self.fold) state[2] |= char(0x80);
  Ref<Bytes> bytes = makeBytes({state, 10});
  if (!self.tzinfo) return tupleOf(Value(self.type), tupleOf(bytes));
  return tupleOf(Value(self.type), tupleOf(bytes, self.tzinfo));
}
Result<Ref<>> pyDateTime___reduce__(Thread& t, DateTimeObject& self) {
  return pyDateTime___reduce_ex__(t, self, 2);
}

static Result<Ref<>> offsetWithFold(Thread& t, DateTimeObject& d, int fold) {
  Fields f = fieldsOf(d);
  f.fold = fold;
  Ref<DateTimeObject> other = makeDateTime(&dateTimeType, f, d.tzinfo);
  return pyDateTime_utcoffset(t, *other);
}
Result<i64> pyDateTime___hash__(Thread& t, DateTimeObject& self) {
  if (self.hash != -1) return self.hash;
  // Without fold, as equal datetimes may differ in it.
  Ref<> offset = TRY(self.fold ? offsetWithFold(t, self, 0) : pyDateTime_utcoffset(t, self));
  if (isNone(offset)) {
    self.hash = hashBytes({reinterpret_cast<char*>(self.data), sizeof self.data});
  } else {
    Ref<> delta = TRY(deltaOf(t, utcMicroseconds(self, offset)));
    self.hash = TRY(hash(t, delta));
  }
  return self.hash;
}

// PEP 495: a time whose offset depends on fold equals no time of another zone.
static Result<bool> dependsOnFold(Thread& t, DateTimeObject& d, Value offset) {
  Ref<> other = TRY(offsetWithFold(t, d, !d.fold));
  return !sameOffset(other, offset);
}
Result<Ref<>> pyDateTime___richcompare__(Thread& t, DateTimeObject& self, Value other,
                                         CompareOp op) {
  if (!isDateTime(other)) return notImplementedRef();
  auto& o = *other.as<DateTimeObject>();
  if (self.tzinfo == o.tzinfo) return compared(memcmp(self.data, o.data, 10), op);
  bool equality = op == CompareOp::Eq || op == CompareOp::Ne;
  Ref<> a = TRY(pyDateTime_utcoffset(t, self)), b = TRY(pyDateTime_utcoffset(t, o));
  int difference;
  if (sameOffset(a, b)) {
    difference = memcmp(self.data, o.data, 10);
  } else if (!isNone(a) && !isNone(b)) {
    Wide x = utcMicroseconds(self, a), y = utcMicroseconds(o, b);
    difference = x < y ? -1 : x > y;
  } else if (equality) {
    return compared(1, op);
  } else {
    return t.raise(kTypeError, "can't compare offset-naive and offset-aware datetimes");
  }
  if (equality && difference == 0 &&
      (TRY(dependsOnFold(t, self, a)) || TRY(dependsOnFold(t, o, b))))
    difference = 1;
  return compared(difference, op);
}
Result<Ref<>> pyDateTime___add__(Thread& t, Value a, Value b) {
  if (!isDateTime(a)) std::swap(a, b);
  if (!isDateTime(a) || !isDelta(b)) return notImplementedRef();
  return shifted(t, *a.as<DateTimeObject>(), microsecondsOf(*b.as<DeltaObject>()));
}
Result<Ref<>> pyDateTime___sub__(Thread& t, Value a, Value b) {
  if (!isDateTime(a)) return notImplementedRef();
  auto& x = *a.as<DateTimeObject>();
  if (isDelta(b)) return shifted(t, x, -microsecondsOf(*b.as<DeltaObject>()));
  if (!isDateTime(b)) return notImplementedRef();
  auto& y = *b.as<DateTimeObject>();
  Ref<> offset1 = noneRef(), offset2 = noneRef();
  if (x.tzinfo != y.tzinfo) {
    offset1 = TRY(pyDateTime_utcoffset(t, x));
    offset2 = TRY(pyDateTime_utcoffset(t, y));
    if (isNone(offset1) != isNone(offset2))
      return t.raise(kTypeError, "can't subtract offset-naive and offset-aware datetimes");
  }
  return deltaOf(t, utcMicroseconds(x, offset1) - utcMicroseconds(y, offset2));
}

}  // namespace dx
