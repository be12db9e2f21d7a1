// The calendar, date, and what date.isocalendar() gives.
#include <ctime>

#include "modules/_datetime.gen.h"
#include "runtime/call.h"

namespace dx {

// ---- the proleptic Gregorian calendar ----

namespace {

constexpr int kBefore[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
constexpr int kDays400 = 146097, kDays100 = 36524, kDays4 = 1461;

bool isLeap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
int daysBeforeYear(int year) {
  int y = year - 1;
  return y * 365 + y / 4 - y / 100 + y / 400;
}
int weekdayOf(int ordinal) { return (ordinal + 6) % 7; }  // Monday is 0

}  // namespace

int daysInMonth(int year, int month) {
  if (month == 2) return isLeap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}
int daysBeforeMonth(int year, int month) { return kBefore[month] + (month > 2 && isLeap(year)); }
int toOrdinal(int year, int month, int day) {
  return daysBeforeYear(year) + daysBeforeMonth(year, month) + day;
}
void fromOrdinal(int ordinal, int* year, int* month, int* day) {
  int n = ordinal - 1;
  int n400 = n / kDays400;
  n %= kDays400;
  int n100 = n / kDays100;
  n %= kDays100;
  int n4 = n / kDays4;
  n %= kDays4;
  int n1 = n / 365;
  n %= 365;
  *year = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1;
  if (n1 == 4 || n100 == 4) {  // the last day of a cycle
    --*year;
    *month = 12;
    *day = 31;
    return;
  }
  *month = (n + 50) >> 5;
  if (daysBeforeMonth(*year, *month) > n) --*month;
  *day = n - daysBeforeMonth(*year, *month) + 1;
}
int isoWeek1Monday(int year) {
  int first = toOrdinal(year, 1, 1), weekday = weekdayOf(first);
  return first - weekday + (weekday > 3 ? 7 : 0);
}
static bool hasWeek53(int year) {
  int first = weekdayOf(toOrdinal(year, 1, 1));
  return first == 3 || (first == 2 && isLeap(year));
}
bool isoToDate(int isoYear, int week, int day, int* year, int* month, int* dayOfMonth) {
  if (isoYear < kMinYear || isoYear > kMaxYear || day < 1 || day > 7) return false;
  if (week < 1 || week > 53 || (week == 53 && !hasWeek53(isoYear))) return false;
  int ordinal = isoWeek1Monday(isoYear) + (week - 1) * 7 + day - 1;
  if (ordinal < 1) return false;
  fromOrdinal(ordinal, year, month, dayOfMonth);
  return true;
}
i64 secondsOf(const Fields& f) {
  return i64(toOrdinal(f.year, f.month, f.day)) * kDaySeconds + f.hour * 3600 + f.minute * 60 +
         f.second;
}

// ---- checks ----

Result<void> checkDate(Thread& t, int year, int month, int day) {
  if (year < kMinYear || year > kMaxYear)
    return t.raise(kValueError, "year must be in {}..{}, not {}", kMinYear, kMaxYear, year);
  if (month < 1 || month > 12) return t.raise(kValueError, "month must be in 1..12, not {}", month);
  int days = daysInMonth(year, month);
  if (day < 1 || day > days)
    return t.raise(kValueError, "day {} must be in range 1..{} for month {} in year {}", day, days,
                   month, year);
  return {};
}
Result<void> checkTime(Thread& t, const Fields& f) {
  if (f.hour < 0 || f.hour > 23)
    return t.raise(kValueError, "hour must be in 0..23, not {}", f.hour);
  if (f.minute < 0 || f.minute > 59)
    return t.raise(kValueError, "minute must be in 0..59, not {}", f.minute);
  if (f.second < 0 || f.second > 59)
    return t.raise(kValueError, "second must be in 0..59, not {}", f.second);
  if (f.microsecond < 0 || f.microsecond > 999999)
    return t.raise(kValueError, "microsecond must be in 0..999999, not {}", f.microsecond);
  if (f.fold != 0 && f.fold != 1)
    return t.raise(kValueError, "fold must be either 0 or 1, not {}", f.fold);
  return {};
}
Result<void> checkTzinfo(Thread& t, Value tzinfo) {
  if (isNone(tzinfo) || isTzinfo(tzinfo)) return {};
  return t.raise(kTypeError, "tzinfo argument must be None or of a tzinfo subclass, not type '{}'",
                 typeOf(tzinfo));
}

Result<i32> fieldArgument(Thread& t, Value v, i32 fallback) {
  if (!v) return fallback;
  return argI32(t, v);
}

Result<bool> pickledState(Thread& t, const Args& args, size_t size, const char* what,
                          std::string* out) {
  if (args.count < 1 || args.count > 2 || args.keywordCount()) return false;
  if (isBytes(args[0])) {
    if (size_t(args[0].as<Bytes>()->size) != size) return false;
    *out = args[0].as<Bytes>()->view();
    return true;
  }
  if (!isStr(args[0]) || size_t(args[0].as<Str>()->length) != size) return false;
  // A pickle of Python 2 that was read as Latin-1.
  auto* s = args[0].as<Str>();
  size_t decisive = size == 6 ? 0 : 2;  // the hour of a time, the month of the others
  u32 c = s->at(i64(decisive));
  if (size == 6 ? (c & 0x7F) >= 24 || c > 0xFF : (c & 0x7F) < 1 || (c & 0x7F) > 12 || c > 0xFF)
    return false;
  out->clear();
  for (i64 i = 0; i < s->length; i++) {
    if (s->at(i) > 0xFF)
      return t.raise(kValueError,
                     "Failed to encode latin1 string when unpickling a {} object. "
                     "pickle.load(data, encoding='latin1') is assumed.",
                     what);
    out->push_back(char(s->at(i)));
  }
  return true;
}

// ---- making dates ----

static Ref<DateObject> makeDate(Type* cls, int year, int month, int day) {
  auto d = Ref<DateObject>::steal(static_cast<DateObject*>(newInstance(cls)));
  d->hash = -1;
  d->data[0] = u8(year >> 8);
  d->data[1] = u8(year);
  d->data[2] = u8(month);
  d->data[3] = u8(day);
  return d;
}
Result<Ref<>> newDate(Thread& t, Type* cls, int year, int month, int day) {
  if (cls != &dateType) return callWith(t, cls, makeInt(year), makeInt(month), makeInt(day));
  TRY(checkDate(t, year, month, day));
  return makeDate(cls, year, month, day);
}

Result<Ref<>> pyDate___new__(Thread& t, Type& cls, const Args& args) {
  std::string state;
  if (args.count == 1 && TRY(pickledState(t, args, 4, "date", &state))) {
    u8 month = u8(state[2]);
    if (month >= 1 && month <= 12) {
      Ref<DateObject> d = makeDate(&cls, 1, 1, 1);
      memcpy(d->data, state.data(), 4);
      return d;
    }
  }
  static const char* const kNames[] = {"year", "month", "day"};
  static const ParamSpec kSpec = {"function", kNames, 0, 3, 0, 3, 0, false, false};
  Value v[3];
  TRY(bindArgs(t, kSpec, args, v));
  i32 year = TRY(argI32(t, v[0])), month = TRY(argI32(t, v[1])), day = TRY(argI32(t, v[2]));
  TRY(checkDate(t, year, month, day));
  return makeDate(&cls, year, month, day);
}

Result<Ref<>> pyDate_fromtimestamp(Thread& t, Type& cls, Value timestamp) {
  i64 seconds = TRY(floorTimestamp(t, timestamp));
  struct tm tm;
  TRY(breakDown(t, seconds, false, &tm));
  return newDate(t, &cls, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}
Result<Ref<>> pyDate_today(Thread& t, Type& cls) {
  Ref<> clock = TRY(importAttr(t, "time", "time"));
  Ref<> now = TRY(call(t, clock, Args()));
  return callMethodWith(t, &cls, DX_NAME("fromtimestamp"), now);
}
Result<Ref<>> pyDate_fromordinal(Thread& t, Type& cls, i32 ordinal) {
  if (ordinal < 1) return t.raise(kValueError, "ordinal must be >= 1");
  int year, month, day;
  fromOrdinal(ordinal, &year, &month, &day);
  return newDate(t, &cls, year, month, day);
}
Result<Ref<>> pyDate_fromisoformat(Thread& t, Type& cls, Value text) {
  if (!isStr(text)) return t.raise(kTypeError, "fromisoformat: argument must be str");
  Fields f;
  if (!parseIsoDate(asciiOf(text.as<Str>()), &f)) return invalidIso(t, text);
  return newDate(t, &cls, f.year, f.month, f.day);
}
Result<Ref<>> pyDate_fromisocalendar(Thread& t, Type& cls, Value yearValue, Value weekValue,
                                     Value dayValue) {
  i32 parts[3];
  Value values[] = {yearValue, weekValue, dayValue};
  for (int i = 0; i < 3; i++) {
    Result<i32> n = argI32(t, values[i]);
    if (!n) {
      if (!t.takeIf(kOverflowError)) return Error{};
      return t.raise(kValueError, "ISO calendar component out of range");
    }
    parts[i] = *n;
  }
  auto [isoYear, week, day] = parts;
  if (isoYear < kMinYear || isoYear > kMaxYear)
    return t.raise(kValueError, "year must be in {}..{}, not {}", kMinYear, kMaxYear, isoYear);
  if (week < 1 || week > 53 || (week == 53 && !hasWeek53(isoYear)))
    return t.raise(kValueError, "Invalid week: {}", week);
  if (day < 1 || day > 7) return t.raise(kValueError, "Invalid weekday: {} (range is [1, 7])", day);
  int ordinal = isoWeek1Monday(isoYear) + (week - 1) * 7 + day - 1;
  if (ordinal < 1 || ordinal > kMaxOrdinal)
    return t.raise(kValueError, "year must be in {}..{}, not {}", kMinYear, kMaxYear,
                   ordinal < 1 ? 0 : kMaxYear + 1);
  int year, month, dayOfMonth;
  fromOrdinal(ordinal, &year, &month, &dayOfMonth);
  return newDate(t, &cls, year, month, dayOfMonth);
}
Result<Ref<>> pyDate_strptime(Thread& t, Type& cls, Value text, Value format) {
  Ref<> parse = TRY(importAttr(t, "_strptime", "_strptime_datetime_date"));
  return callWith(t, parse, &cls, text, format);
}

// ---- text ----

Result<Ref<>> pyDate___repr__(Thread&, DateObject& self) {
  Fields f = fieldsOf(self);
  return formatStr("{}({}, {}, {})", typeName(self.type), f.year, f.month, f.day);
}
Result<Ref<>> pyDate_isoformat(Thread&, DateObject& self) {
  std::string out;
  appendDate(&out, fieldsOf(self));
  return makeAscii(out);
}
Result<Ref<>> pyDate___str__(Thread& t, DateObject& self) {
  return callMethod(t, &self, DX_NAME("isoformat"), {});
}
static Result<Ref<>> ctimeText(const Fields& f) {
  static const char* const kDays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static const char* const kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char text[64];
  snprintf(text, sizeof text, "%s %s %2d %02d:%02d:%02d %04d",
           kDays[weekdayOf(toOrdinal(f.year, f.month, f.day))], kMonths[f.month - 1], f.day, f.hour,
           f.minute, f.second, f.year);
  return makeAscii(text);
}
Result<Ref<>> pyDate_ctime(Thread&, DateObject& self) { return ctimeText(fieldsOf(self)); }
Result<Ref<>> pyDateTime_ctime(Thread&, DateTimeObject& self) { return ctimeText(fieldsOf(self)); }
Result<Ref<>> pyDate_strftime(Thread& t, DateObject& self, Str& format) {
  Ref<> tuple = TRY(callMethod(t, &self, DX_NAME("timetuple"), {}));
  return formatWith(t, &self, format, tuple, &self);
}
Result<Ref<>> pyDate___format__(Thread& t, DateObject& self, Str& format) {
  if (format.length == 0) return str(t, &self);
  return callMethodWith(t, &self, DX_NAME("strftime"), Value(&format));
}

// ---- parts ----

Result<Ref<>> pyDate_get_year(Thread&, DateObject& self) { return makeInt(yearOf(self.data)); }
Result<Ref<>> pyDate_get_month(Thread&, DateObject& self) { return makeInt(int(self.data[2])); }
Result<Ref<>> pyDate_get_day(Thread&, DateObject& self) { return makeInt(int(self.data[3])); }
static int ordinalOf(const DateObject& d) {
  return toOrdinal(yearOf(d.data), d.data[2], d.data[3]);
}
Result<Ref<>> pyDate_toordinal(Thread&, DateObject& self) { return makeInt(ordinalOf(self)); }
Result<Ref<>> pyDate_weekday(Thread&, DateObject& self) {
  return makeInt(weekdayOf(ordinalOf(self)));
}
Result<Ref<>> pyDate_isoweekday(Thread&, DateObject& self) {
  return makeInt(weekdayOf(ordinalOf(self)) + 1);
}
Result<Ref<>> pyDate_timetuple(Thread& t, DateObject& self) {
  return structTime(t, fieldsOf(self), -1);
}
Result<Ref<>> pyDate_replace(Thread& t, DateObject& self, Value year, Value month, Value day) {
  Fields f = fieldsOf(self);
  i32 y = TRY(fieldArgument(t, year, f.year)), m = TRY(fieldArgument(t, month, f.month)),
      d = TRY(fieldArgument(t, day, f.day));
  return newDate(t, self.type, y, m, d);
}
Result<Ref<>> pyDate___replace__(Thread& t, DateObject& self, const Args& args) {
  return callWithSelf(t, typeLookup(&dateType, DX_NAME("replace")), &self, args);
}
Result<Ref<>> pyDate___reduce__(Thread&, DateObject& self) {
  return tupleOf(Value(self.type),
                 tupleOf(makeBytes({reinterpret_cast<char*>(self.data), sizeof self.data})));
}

// ---- operators ----

Result<i64> pyDate___hash__(Thread&, DateObject& self) {
  if (self.hash == -1)
    self.hash = hashBytes({reinterpret_cast<char*>(self.data), sizeof self.data});
  return self.hash;
}
Result<Ref<>> pyDate___richcompare__(Thread&, DateObject& self, Value other, CompareOp op) {
  // A datetime is a date, but more than its date counts.
  if (!isDate(other) || isDateTime(other)) return notImplementedRef();
  return compared(memcmp(self.data, other.as<DateObject>()->data, sizeof self.data), op);
}
static Result<Ref<>> moved(Thread& t, DateObject& d, i64 days) {
  i64 ordinal = ordinalOf(d) + days;
  if (ordinal < 1 || ordinal > kMaxOrdinal)
    return t.raise(kOverflowError, "date value out of range");
  int year, month, day;
  fromOrdinal(int(ordinal), &year, &month, &day);
  return newDate(t, d.type, year, month, day);
}
Result<Ref<>> pyDate___add__(Thread& t, Value a, Value b) {
  if (isDateTime(a) || isDateTime(b)) return notImplementedRef();
  if (!isDate(a)) std::swap(a, b);
  if (!isDate(a) || !isDelta(b)) return notImplementedRef();
  return moved(t, *a.as<DateObject>(), b.as<DeltaObject>()->days);
}
Result<Ref<>> pyDate___sub__(Thread& t, Value a, Value b) {
  if (isDateTime(a) || isDateTime(b) || !isDate(a)) return notImplementedRef();
  if (isDate(b))
    return newDelta(t, &deltaType, ordinalOf(*a.as<DateObject>()) - ordinalOf(*b.as<DateObject>()),
                    0, 0);
  if (isDelta(b)) return moved(t, *a.as<DateObject>(), -i64(b.as<DeltaObject>()->days));
  return notImplementedRef();
}

// ---- isocalendar ----

Result<Ref<>> pyDate_isocalendar(Thread&, DateObject& self) {
  int year = yearOf(self.data), today = ordinalOf(self);
  int start = isoWeek1Monday(year);
  if (today < start) {
    start = isoWeek1Monday(--year);
  } else if (today >= start + 52 * 7) {
    // Year 10000 begins on a Saturday, so that none of its weeks reaches back into 9999.
    int next = year < kMaxYear ? isoWeek1Monday(year + 1) : kMaxOrdinal + 3;
    if (today >= next) {
      year++;
      start = next;
    }
  }
  auto r =
      Ref<Tuple>::steal(static_cast<Tuple*>(newInstance(&isoCalendarDateType, 3 * sizeof(Value))));
  r->size = 3;
  r->hash = -1;
  r->items[0] = makeInt(year).release();
  r->items[1] = makeInt((today - start) / 7 + 1).release();
  r->items[2] = makeInt((today - start) % 7 + 1).release();
  if (!gcIsTracked(r)) gcTrack(r.get());
  return r;
}
Result<Ref<>> isoCalendar___new__(Thread&, Type& cls, i32 year, i32 week, i32 weekday) {
  auto r = Ref<Tuple>::steal(static_cast<Tuple*>(newInstance(&cls, 3 * sizeof(Value))));
  r->size = 3;
  r->hash = -1;
  i32 values[] = {year, week, weekday};
  for (int i = 0; i < 3; i++) r->items[i] = makeInt(values[i]).release();
  if (!gcIsTracked(r)) gcTrack(r.get());
  return r;
}
Result<Ref<>> isoCalendar___repr__(Thread&, Tuple& self) {
  return formatStr("{}(year={}, week={}, weekday={})", typeName(self.type), self.items[0],
                   self.items[1], self.items[2]);
}
Result<Ref<>> isoCalendar___reduce__(Thread&, Tuple& self) {
  return tupleOf(Value(&PyTuple_Type), tupleOf(makeTuple(valuesOf(&self))));
}
Result<Ref<>> isoCalendar_get_year(Thread&, Tuple& self) { return retain(self.items[0]); }
Result<Ref<>> isoCalendar_get_week(Thread&, Tuple& self) { return retain(self.items[1]); }
Result<Ref<>> isoCalendar_get_weekday(Thread&, Tuple& self) { return retain(self.items[2]); }

}  // namespace dx
