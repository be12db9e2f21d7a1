// Objects of the module _datetime, in the layouts that compiled extensions read, and what its files
// share.
#pragma once
#include "runtime/api.h"

namespace dx {

using Wide = __int128;

struct DeltaObject : Object {
  i64 hash;  // -1: not computed
  i32 days, seconds, microseconds;
};
struct DateObject : Object {
  i64 hash;
  u8 hasTz;
  u8 data[4];  // year (two bytes, big endian), month, day
};
struct TimeObject : Object {
  i64 hash;
  u8 hasTz;
  u8 data[6];  // hour, minute, second, microsecond (three bytes)
  u8 fold;
  Value tzinfo;  // empty: naive
};
struct DateTimeObject : Object {
  i64 hash;
  u8 hasTz;
  u8 data[10];  // a date's, then a time's
  u8 fold;
  Value tzinfo;
};
static_assert(sizeof(DeltaObject) == 40 && offsetof(DeltaObject, days) == 24);
static_assert(sizeof(DateObject) == 32 && offsetof(DateObject, data) == 25);
static_assert(sizeof(TimeObject) == 40 && offsetof(TimeObject, fold) == 31);
static_assert(sizeof(DateTimeObject) == 48 && offsetof(DateTimeObject, fold) == 35 &&
              offsetof(DateTimeObject, tzinfo) == 40);
struct ZoneObject : Object {
  Value offset, name;  // name empty: made from the offset
};

extern "C" Type deltaType, dateType, timeType, dateTimeType, tzinfoType, zoneType,
    isoCalendarDateType;

constexpr int kMinYear = 1, kMaxYear = 9999, kMaxOrdinal = 3652059;
constexpr i64 kDaySeconds = 86400, kEpochSeconds = i64(719163) * kDaySeconds;
constexpr Wide kDayMicroseconds = Wide(kDaySeconds) * 1000000;

// The broken-down values of any of the objects.
struct Fields {
  int year = 1900, month = 1, day = 1, hour = 0, minute = 0, second = 0, microsecond = 0, fold = 0;
};
inline int microsecondsAt(const u8* p) { return p[0] << 16 | p[1] << 8 | p[2]; }
inline void putMicroseconds(u8* p, int us) {
  p[0] = u8(us >> 16);
  p[1] = u8(us >> 8);
  p[2] = u8(us);
}
inline int yearOf(const u8* data) { return data[0] << 8 | data[1]; }
inline Fields fieldsOf(const DateObject& d) {
  return {yearOf(d.data), d.data[2], d.data[3], 0, 0, 0, 0, 0};
}
inline Fields fieldsOf(const TimeObject& d) {
  return {1900, 1, 1, d.data[0], d.data[1], d.data[2], microsecondsAt(d.data + 3), d.fold};
}
inline Fields fieldsOf(const DateTimeObject& d) {
  return {yearOf(d.data),
          d.data[2],
          d.data[3],
          d.data[4],
          d.data[5],
          d.data[6],
          microsecondsAt(d.data + 7),
          d.fold};
}
inline bool isDelta(Value v) { return isInstanceOf(v, &deltaType); }
inline bool isDate(Value v) { return isInstanceOf(v, &dateType); }
inline bool isTime(Value v) { return isInstanceOf(v, &timeType); }
inline bool isDateTime(Value v) { return isInstanceOf(v, &dateTimeType); }
inline bool isTzinfo(Value v) { return isInstanceOf(v, &tzinfoType); }
inline Value tzinfoOrNone(Value field) { return field ? field : none(); }

// ---- calendar (datetime_date.cpp) ----
int daysInMonth(int year, int month);
int daysBeforeMonth(int year, int month);
int toOrdinal(int year, int month, int day);  // day 1 is 0001-01-01
void fromOrdinal(int ordinal, int* year, int* month, int* day);
int isoWeek1Monday(int year);
// False: no such week or day.
bool isoToDate(int isoYear, int week, int day, int* year, int* month, int* dayOfMonth);
Result<void> checkDate(Thread& t, int year, int month, int day);
Result<void> checkTime(Thread& t, const Fields& f);
Result<void> checkTzinfo(Thread& t, Value tzinfo);
// Seconds since 0001-01-01, local or not.
i64 secondsOf(const Fields& f);

// ---- making objects; the checked ones call subclasses ----
Result<Ref<>> newDelta(Thread& t, Type* cls, i64 days, i64 seconds, i64 microseconds);
Result<Ref<>> deltaOf(Thread& t, Wide microseconds, Type* cls = &deltaType);
Wide microsecondsOf(const DeltaObject& d);
Result<Ref<>> newDate(Thread& t, Type* cls, int year, int month, int day);
Result<Ref<>> newTime(Thread& t, Type* cls, const Fields& f, Value tzinfo);
Result<Ref<>> newDateTime(Thread& t, Type* cls, const Fields& f, Value tzinfo);
// A datetime moved by a number of microseconds.
Result<Ref<>> shifted(Thread& t, DateTimeObject& d, Wide microseconds);
Result<Ref<>> newZone(Thread& t, Value offset, Value nameOrEmpty);
ZoneObject* utcZone();

// ---- tzinfo (datetime_zone.cpp) ----
// tzinfo.utcoffset(argument) and dst: a timedelta within a day, or None.
Result<Ref<>> tzOffset(Thread& t, Value tzinfo, Str* method, Value argument);
Result<Ref<>> tzName(Thread& t, Value tzinfo, Value argument);
inline bool sameOffset(Value a, Value b) {
  if (a == b) return true;
  return isDelta(a) && isDelta(b) &&
         microsecondsOf(*a.as<DeltaObject>()) == microsecondsOf(*b.as<DeltaObject>());
}
// Local time of a POSIX timestamp.
Result<void> breakDown(Thread& t, i64 timestamp, bool utc, struct tm* out);
Result<i64> localSeconds(Thread& t, i64 seconds);  // of local() in CPython's fold algorithm
Result<i64> localToSeconds(Thread& t, const Fields& f, int fold);
Result<Ref<>> localZone(Thread& t, i64 timestamp);
// timestamp argument to whole seconds and microseconds, rounded half to even.
Result<i64> timestampArgument(Thread& t, Value v, int* microseconds);
Result<i64> floorTimestamp(Thread& t, Value v);

// ---- text (datetime_text.cpp) ----
void appendDate(std::string* out, const Fields& f);
bool appendTime(std::string* out, const Fields& f, std::string_view timespec);  // false: unknown
void appendOffset(std::string* out, const DeltaObject& offset, const char* separator);
Result<Ref<>> isoFormat(Thread& t, std::string text, Value tzinfo, Value argument);
Result<Ref<>> formatWith(Thread& t, Value self, Str& format, Value timetuple, Value argument);
Result<Ref<>> structTime(Thread& t, const Fields& f, int dst);
// ISO 8601 parsing; false: not such a text.
bool parseIsoDate(std::string_view text, Fields* f);
struct IsoTime {
  int hour = 0, minute = 0, second = 0, microsecond = 0;
  bool hasZone = false;
  i64 zoneMicroseconds = 0;
  bool nextDay = false, badMidnight = false;
};
bool parseIsoTime(std::string_view text, IsoTime* out);   // a NUL must follow the text
Result<Ref<>> isoZone(Thread& t, const IsoTime& parsed);  // None, or a timezone
size_t isoSeparator(std::string_view text);               // npos: invalid
// The text as bytes; two of 0x80 for anything beyond ASCII, and for NUL: never valid.
std::string asciiOf(const Str* s);
Error invalidIso(Thread& t, Value text);

// bytes or a Latin-1 str of a pickle as the first argument; null: something else.
Result<bool> pickledState(Thread& t, const Args& args, size_t size, const char* what,
                          std::string* out);
Result<i32> fieldArgument(Thread& t, Value v, i32 fallback);
// 0, or 1 from an argument.
Ref<> compared(int difference, CompareOp op);

}  // namespace dx
