// Module time.
#include <pthread.h>

#include <cmath>
#include <ctime>

#include "modules/durations.h"
#include "modules/time.gen.h"
#include "runtime/gil.h"
#include "runtime/lifecycle.h"

namespace dx {

namespace {

constexpr i64 kNs = 1000000000;

Result<i64> clockNs(Thread& t, clockid_t clock) {
  timespec ts;
  if (clock_gettime(clock, &ts) != 0) return raiseErrno(t, errno);
  return i64(ts.tv_sec) * kNs + ts.tv_nsec;
}
Result<double> clockSeconds(Thread& t, clockid_t clock) {
  return double(TRY(clockNs(t, clock))) / 1e9;
}

constexpr StructSeqField kFields[] = {
    {"tm_year", "year, for example, 1993"},
    {"tm_mon", "month of year, range [1, 12]"},
    {"tm_mday", "day of month, range [1, 31]"},
    {"tm_hour", "hours, range [0, 23]"},
    {"tm_min", "minutes, range [0, 59]"},
    {"tm_sec", "seconds, range [0, 61])"},
    {"tm_wday", "day of week, range [0, 6], Monday is 0"},
    {"tm_yday", "day of year, range [1, 366]"},
    {"tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"},
    {"tm_zone", "abbreviation of timezone name"},
    {"tm_gmtoff", "offset from UTC in seconds"}};
constexpr StructSeqDesc kStructTime = {
    "time.struct_time",
    "The time value as returned by gmtime(), localtime(), and strptime(), and\n accepted by "
    "asctime(), mktime() and "
    "strftime().  May be considered as a\n sequence of 9 integers.\n\n Note that several fields' "
    "values are not the same as "
    "those defined by\n the C language standard for struct tm.  For example, the value of the\n "
    "field tm_year is the actual "
    "year, not year - 1900.  See individual\n fields' descriptions for details.",
    kFields, 9};
Type* gStructTime = nullptr;

Ref<> timeTuple(const tm& v) {
  Ref<Tuple> s = newStructSeq(gStructTime);
  i64 fields[] = {v.tm_year + i64(1900), v.tm_mon + 1,  v.tm_mday, v.tm_hour, v.tm_min, v.tm_sec,
                  (v.tm_wday + 6) % 7,   v.tm_yday + 1, v.tm_isdst};
  for (int i = 0; i < 9; i++) s->items[i] = makeInt(fields[i]).release();
  s->items[9] = Value(makeStr(v.tm_zone ? v.tm_zone : "").release());
  s->items[10] = makeInt(i64(v.tm_gmtoff)).release();
  return Ref<>(std::move(s));
}

// Seconds since the epoch, rounded down; None or absent: now.
Result<time_t> timeArgument(Thread& t, Value v) {
  if (!v || isNone(v)) return time_t(TRY(clockNs(t, CLOCK_REALTIME)) / kNs);
  if (isFloat(v) || (!isInt(v) && !hasIndex(v))) {
    double d = TRY(asDouble(t, v));
    if (std::isnan(d)) return t.raise(kValueError, "Invalid value NaN (not a number)");
    d = std::floor(d);
    if (!(d >= -9.2e18 && d <= 9.2e18))
      return t.raise(kOverflowError, "timestamp out of range for platform time_t");
    return time_t(d);
  }
  Ref<> n = TRY(toIndex(t, v));
  i64 out;
  if (!intToI64(n, &out))
    return t.raise(kOverflowError, "timestamp out of range for platform time_t");
  return time_t(out);
}

Result<void> parseTuple(Thread& t, Value tuple, tm* out, const char* function) {
  if (!isTuple(tuple)) return t.raise(kTypeError, "Tuple or struct_time argument required");
  Tuple* items = tuple.as<Tuple>();
  if (items->size != 9) return t.raise(kTypeError, "{}(): illegal time tuple argument", function);
  int fields[9];
  for (int i = 0; i < 9; i++) fields[i] = TRY(argI32(t, items->items[i]));
  memset(out, 0, sizeof *out);
  if (i64(fields[0]) - 1900 < INT32_MIN) return t.raise(kOverflowError, "year out of range");
  out->tm_year = fields[0] - 1900;
  out->tm_mon = fields[1] - 1;
  out->tm_mday = fields[2];
  out->tm_hour = fields[3];
  out->tm_min = fields[4];
  out->tm_sec = fields[5];
  out->tm_wday = (fields[6] + 1) % 7;
  out->tm_yday = fields[7] - 1;
  out->tm_isdst = fields[8];
  if (tuple.object()->type == gStructTime) {
    Value zone = items->items[9], offset = items->items[10];
    if (offset && isInt(offset)) out->tm_gmtoff = TRY(argI64(t, offset));
    if (zone && isStr(zone)) {
      static thread_local std::string text;
      text = toUtf8(zone.as<Str>());
      out->tm_zone = text.c_str();
    }
  }
  return {};
}

Result<void> checkTm(Thread& t, tm* v) {
  if (v->tm_mon == -1)
    v->tm_mon = 0;
  else if (v->tm_mon < 0 || v->tm_mon > 11)
    return t.raise(kValueError, "month out of range");
  if (v->tm_mday == 0)
    v->tm_mday = 1;
  else if (v->tm_mday < 0 || v->tm_mday > 31)
    return t.raise(kValueError, "day of month out of range");
  if (v->tm_hour < 0 || v->tm_hour > 23) return t.raise(kValueError, "hour out of range");
  if (v->tm_min < 0 || v->tm_min > 59) return t.raise(kValueError, "minute out of range");
  if (v->tm_sec < 0 || v->tm_sec > 61) return t.raise(kValueError, "seconds out of range");
  if (v->tm_wday < 0) return t.raise(kValueError, "day of week out of range");
  if (v->tm_yday == -1)
    v->tm_yday = 0;
  else if (v->tm_yday < 0 || v->tm_yday > 365)
    return t.raise(kValueError, "day of year out of range");
  return {};
}

Ref<> ascText(const tm& v) {
  static const char* const kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static const char* const kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  char buffer[64];
  snprintf(buffer, sizeof buffer, "%s %s%3d %.2d:%.2d:%.2d %lld", kDays[v.tm_wday % 7],
           kMonths[v.tm_mon], v.tm_mday, v.tm_hour, v.tm_min, v.tm_sec, 1900LL + v.tm_year);
  return Ref<>(makeAscii(buffer));
}

Result<tm> localTm(Thread& t, time_t when) {
  tm v;
  errno = 0;
  if (!localtime_r(&when, &v)) {
    if (errno == EOVERFLOW)
      return t.raise(kOverflowError, "timestamp out of range for platform time_t");
    return raiseErrno(t, errno ? errno : EINVAL);
  }
  return v;
}

void setZone(Module& m) {
  tzset();
  time_t now = time(nullptr);
  constexpr i64 kYear = (365 * 24 + 6) * 3600;
  tm january, july;
  time_t base = (now / kYear) * kYear;
  localtime_r(&base, &january);
  time_t middle = base + kYear / 2;
  localtime_r(&middle, &july);
  std::string januaryZone = january.tm_zone ? january.tm_zone : "   ",
              julyZone = july.tm_zone ? july.tm_zone : "   ";
  i64 januaryWest = -january.tm_gmtoff, julyWest = -july.tm_gmtoff;
  bool south = januaryWest < julyWest;  // summer in January
  moduleSet(m, "timezone", makeInt(south ? julyWest : januaryWest));
  moduleSet(m, "altzone", makeInt(south ? januaryWest : julyWest));
  moduleSet(m, "daylight", makeInt(i64(januaryWest != julyWest)));
  moduleSet(m, "tzname",
            south ? tupleOf(makeStr(julyZone), makeStr(januaryZone))
                  : tupleOf(makeStr(januaryZone), makeStr(julyZone)));
}

Module* gModule = nullptr;

}  // namespace

Result<i64> durationNs(Thread& t, Value v, i64 unit) {
  constexpr const char* kRange = "timestamp out of range for C PyTime_t";
  if (isInt(v) || (!isFloat(v) && hasIndex(v))) {
    Ref<> n = TRY(toIndex(t, v));
    i64 whole;
    if (!intToI64(n, &whole) || whole > INT64_MAX / unit || whole < INT64_MIN / unit)
      return t.raise(kOverflowError, kRange);
    return whole * unit;
  }
  if (!isInstanceOf(v, &PyFloat_Type))
    return t.raise(kTypeError, "'{}' object cannot be interpreted as an integer or float",
                   typeOf(v));
  double d = floatValue(v);
  if (std::isnan(d)) return t.raise(kValueError, "Invalid value NaN (not a number)");
  d *= double(unit);
  d = d < 0 ? std::floor(d) : std::ceil(d);
  if (!(d >= -0x1p63 && d < 0x1p63)) return t.raise(kOverflowError, kRange);
  return i64(d);
}

i64 monotonicNs() {
  timespec ts;
  clock_gettime(CLOCK_MONOTONIC, &ts);
  return i64(ts.tv_sec) * kNs + ts.tv_nsec;
}

void renewTimeZone() {
  if (gModule) setZone(*gModule);
}

Result<void> time_exec(Thread& t, Module& module) {
  gModule = &module;
  gStructTime = makeStructSeqType(t, kStructTime).release();
  moduleSet(module, "struct_time", Value(gStructTime));
  moduleSet(module, "_STRUCT_TM_ITEMS", makeInt(11));
  setZone(module);
#define X(name) moduleSet(module, #name, makeInt(i64(name)));
  X(CLOCK_REALTIME)
  X(CLOCK_MONOTONIC)
  X(CLOCK_MONOTONIC_RAW)
  X(CLOCK_PROCESS_CPUTIME_ID)
  X(CLOCK_THREAD_CPUTIME_ID)
  X(CLOCK_BOOTTIME)
  X(CLOCK_TAI)
#undef X
  return {};
}

Result<double> time_time(Thread& t) { return clockSeconds(t, CLOCK_REALTIME); }
Result<i64> time_time_ns(Thread& t) { return clockNs(t, CLOCK_REALTIME); }
Result<double> time_clock_gettime(Thread& t, i32 clock) { return clockSeconds(t, clock); }
Result<i64> time_clock_gettime_ns(Thread& t, i32 clock) { return clockNs(t, clock); }
Result<void> time_clock_settime(Thread& t, i32 clock, double seconds) {
  timespec ts{time_t(std::floor(seconds)), long((seconds - std::floor(seconds)) * 1e9)};
  if (clock_settime(clock, &ts) != 0) return raiseErrno(t, errno);
  return {};
}
Result<void> time_clock_settime_ns(Thread& t, i32 clock, i64 ns) {
  timespec ts{time_t(ns / kNs), long(ns % kNs)};
  if (clock_settime(clock, &ts) != 0) return raiseErrno(t, errno);
  return {};
}
Result<double> time_clock_getres(Thread& t, i32 clock) {
  timespec ts;
  if (clock_getres(clock, &ts) != 0) return raiseErrno(t, errno);
  return double(ts.tv_sec) + double(ts.tv_nsec) * 1e-9;
}
Result<i64> time_pthread_getcpuclockid(Thread& t, u64) {
  clockid_t clock;
  if (int error = pthread_getcpuclockid(pthread_self(), &clock)) return raiseErrno(t, error);
  return i64(clock);
}

Result<void> time_sleep(Thread& t, Value seconds) {
  i64 ns = TRY(durationNs(t, seconds));
  if (ns < 0) return t.raise(kValueError, "sleep length must be non-negative");
  timespec deadline;
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  deadline.tv_sec += time_t(ns / kNs);
  deadline.tv_nsec += long(ns % kNs);
  if (deadline.tv_nsec >= kNs) {
    deadline.tv_nsec -= kNs;
    deadline.tv_sec++;
  }
  for (;;) {
    int error;
    {
      AllowThreads allow(t);
      error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr);
    }
    if (error == 0) return {};
    if (error != EINTR) return raiseErrno(t, error);
    if (t.pending) TRY(handlePending(t));
  }
}

Result<Ref<>> time_gmtime(Thread& t, Value seconds) {
  time_t when = TRY(timeArgument(t, seconds));
  tm v;
  if (!gmtime_r(&when, &v))
    return t.raise(kOverflowError, "timestamp out of range for platform time_t");
  v.tm_zone = "UTC";
  return timeTuple(v);
}
Result<Ref<>> time_localtime(Thread& t, Value seconds) {
  return timeTuple(TRY(localTm(t, TRY(timeArgument(t, seconds)))));
}
Result<Ref<>> time_asctime(Thread& t, Value tuple) {
  tm v;
  if (tuple) {
    TRY(parseTuple(t, tuple, &v, "asctime"));
    TRY(checkTm(t, &v));
  } else {
    v = TRY(localTm(t, TRY(timeArgument(t, Value()))));
  }
  return ascText(v);
}
Result<Ref<>> time_ctime(Thread& t, Value seconds) {
  return ascText(TRY(localTm(t, TRY(timeArgument(t, seconds)))));
}

Result<double> time_mktime(Thread& t, Value tuple) {
  tm v;
  TRY(parseTuple(t, tuple, &v, "mktime"));
  v.tm_wday = -1;  // mktime sets it when it succeeds
  time_t when = mktime(&v);
  if (when == time_t(-1) && v.tm_wday == -1)
    return t.raise(kOverflowError, "mktime argument out of range");
  return double(when);
}

Result<Ref<>> time_strftime(Thread& t, Str& format, Value tuple) {
  tm v;
  if (tuple) {
    TRY(parseTuple(t, tuple, &v, "strftime"));
    TRY(checkTm(t, &v));
  } else {
    v = TRY(localTm(t, TRY(timeArgument(t, Value()))));
  }
  v.tm_isdst = v.tm_isdst < 0 ? -1 : v.tm_isdst > 0;
  // Text that strftime does not look at (NULs included) is copied; each directive is formatted
  // alone.
  std::string in = toUtf8(&format), copied;
  StrBuilder out;
  auto flush = [&] {
    if (!copied.empty()) out.add(makeStr(copied).get());
    copied.clear();
  };
  for (size_t i = 0; i < in.size(); i++) {
    if (in[i] != '%' || i + 1 == in.size() || i8(in[i + 1]) < 0) {
      copied += in[i];
      continue;
    }
    flush();
    size_t start = i++;
    while (i < in.size() && strchr("_-0^#+EO", in[i]) && in[i]) i++;
    while (i < in.size() && isdigit(u8(in[i]))) i++;
    if (i < in.size() && strchr("EO", in[i]) && in[i]) i++;
    std::string directive = in.substr(start, i + 1 - start) + "|";
    std::vector<char> buffer(1024);
    size_t n = strftime(buffer.data(), buffer.size(), directive.c_str(), &v);
    if (n) out.add(decodeFs({buffer.data(), n - 1}).get());
  }
  flush();
  return out.finish();
}

Result<Ref<>> time_strptime(Thread& t, const Args& args) {
  Ref<> parse = TRY(importAttr(t, "_strptime", "_strptime_time"));
  return call(t, parse, args);
}

Result<void> time_tzset(Thread&) {
  setZone(*gModule);
  return {};
}

Result<double> time_monotonic(Thread& t) { return clockSeconds(t, CLOCK_MONOTONIC); }
Result<i64> time_monotonic_ns(Thread& t) { return clockNs(t, CLOCK_MONOTONIC); }
Result<double> time_process_time(Thread& t) { return clockSeconds(t, CLOCK_PROCESS_CPUTIME_ID); }
Result<i64> time_process_time_ns(Thread& t) { return clockNs(t, CLOCK_PROCESS_CPUTIME_ID); }
Result<double> time_thread_time(Thread& t) { return clockSeconds(t, CLOCK_THREAD_CPUTIME_ID); }
Result<i64> time_thread_time_ns(Thread& t) { return clockNs(t, CLOCK_THREAD_CPUTIME_ID); }
Result<double> time_perf_counter(Thread& t) { return clockSeconds(t, CLOCK_MONOTONIC); }
Result<i64> time_perf_counter_ns(Thread& t) { return clockNs(t, CLOCK_MONOTONIC); }

Result<Ref<>> time_get_clock_info(Thread& t, Str& name) {
  struct Info {
    const char *name, *implementation;
    bool monotonic, adjustable;
    clockid_t clock;
  };
  static constexpr Info kInfos[] = {
      {"time", "clock_gettime(CLOCK_REALTIME)", false, true, CLOCK_REALTIME},
      {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", true, false, CLOCK_MONOTONIC},
      {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", true, false, CLOCK_MONOTONIC},
      {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false,
       CLOCK_PROCESS_CPUTIME_ID},
      {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false,
       CLOCK_THREAD_CPUTIME_ID}};
  for (const Info& info : kInfos) {
    if (!equalAscii(&name, info.name)) continue;
    Ref<Dict> d = newDict();
    dictSetStr(d, "implementation", makeAscii(info.implementation));
    dictSetStr(d, "monotonic", boolean(info.monotonic));
    dictSetStr(d, "adjustable", boolean(info.adjustable));
    timespec ts;
    clock_getres(info.clock, &ts);
    dictSetStr(d, "resolution", makeFloat(double(ts.tv_sec) + double(ts.tv_nsec) * 1e-9));
    return callTupleDict(t, Value(&_PyNamespace_Type), emptyTuple(), d);
  }
  return t.raise(kValueError, "unknown clock");
}

}  // namespace dx
