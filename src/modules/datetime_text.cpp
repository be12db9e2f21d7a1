// Dates and times as text: ISO 8601 both ways, and strftime with what the C library lacks.
#include "modules/_datetime.gen.h"

namespace dx {

// ---- writing ----

void appendDate(std::string* out, const Fields& f) {
  char text[40];
  snprintf(text, sizeof text, "%04d-%02d-%02d", f.year, f.month, f.day);
  *out += text;
}
bool appendTime(std::string* out, const Fields& f, std::string_view spec) {
  char text[64];
  if (spec == "auto") spec = f.microsecond ? "microseconds" : "seconds";
  if (spec == "hours")
    snprintf(text, sizeof text, "%02d", f.hour);
  else if (spec == "minutes")
    snprintf(text, sizeof text, "%02d:%02d", f.hour, f.minute);
  else if (spec == "seconds")
    snprintf(text, sizeof text, "%02d:%02d:%02d", f.hour, f.minute, f.second);
  else if (spec == "milliseconds")
    snprintf(text, sizeof text, "%02d:%02d:%02d.%03d", f.hour, f.minute, f.second,
             f.microsecond / 1000);
  else if (spec == "microseconds")
    snprintf(text, sizeof text, "%02d:%02d:%02d.%06d", f.hour, f.minute, f.second, f.microsecond);
  else
    return false;
  *out += text;
  return true;
}
void appendOffset(std::string* out, const DeltaObject& offset, const char* separator) {
  Wide us = microsecondsOf(offset);
  bool negative = us < 0;
  i64 all = i64(negative ? -us : us), seconds = all / 1000000;
  char text[64];
  int n = snprintf(text, sizeof text, "%c%02d%s%02d", negative ? '-' : '+', int(seconds / 3600),
                   separator, int(seconds / 60 % 60));
  if (seconds % 60 || all % 1000000)
    n += snprintf(text + n, sizeof text - size_t(n), "%s%02d", separator, int(seconds % 60));
  if (all % 1000000) snprintf(text + n, sizeof text - size_t(n), ".%06d", int(all % 1000000));
  *out += text;
}
Result<Ref<>> isoFormat(Thread& t, std::string text, Value tzinfo, Value argument) {
  Ref<> offset = TRY(tzOffset(t, tzinfo, DX_NAME("utcoffset"), argument));
  if (!isNone(offset)) appendOffset(&text, *offset.as<DeltaObject>(), ":");
  return makeStr(text);
}
Result<Ref<>> structTime(Thread& t, const Fields& f, int dst) {
  Ref<> make = TRY(importAttr(t, "time", "struct_time"));
  int weekday = (toOrdinal(f.year, f.month, f.day) + 6) % 7;
  int dayOfYear = daysBeforeMonth(f.year, f.month) + f.day;
  int parts[] = {f.year, f.month, f.day, f.hour, f.minute, f.second, weekday, dayOfYear, dst};
  Ref<Tuple> tuple = newTuple(9);
  for (int i = 0; i < 9; i++) tuple->items[i] = makeInt(parts[i]).release();
  return callWith(t, make, tuple);
}

// ---- strftime ----

namespace {

struct Subject {
  Value tzinfo;  // empty: none
  int microsecond = 0;
};
Subject subjectOf(Value self) {
  if (isDateTime(self)) {
    auto* d = self.as<DateTimeObject>();
    return {d->tzinfo, fieldsOf(*d).microsecond};
  }
  if (isTime(self))
    return {self.as<TimeObject>()->tzinfo, fieldsOf(*self.as<TimeObject>()).microsecond};
  return {};
}
Result<std::string> offsetText(Thread& t, Value tzinfo, Value argument, const char* separator) {
  std::string out;
  Ref<> offset = TRY(tzOffset(t, tzinfo, DX_NAME("utcoffset"), argument));
  if (!isNone(offset)) appendOffset(&out, *offset.as<DeltaObject>(), separator);
  return out;
}
Result<i64> intItem(Thread& t, Value tuple, i64 index) {
  Ref<> item = TRY(getItem(t, tuple, makeInt(index)));
  return argI64(t, item);
}

}  // namespace

Result<Ref<>> formatWith(Thread& t, Value self, Str& format, Value timetuple, Value argument) {
  Ref<> strftime = TRY(importAttr(t, "time", "strftime"));
  i64 year = TRY(intItem(t, timetuple, 0));
  StrBuilder out;
  char text[64];
  for (i64 i = 0; i < format.length;) {
    u32 c = format.at(i++);
    if (c != '%' || i == format.length) {
      out.add(c);
      continue;
    }
    c = format.at(i++);
    if (c == 'f') {
      snprintf(text, sizeof text, "%06d", subjectOf(self).microsecond);
      out.add(text);
    } else if (c == 'z') {
      std::string offset = TRY(offsetText(t, subjectOf(self).tzinfo, argument, ""));
      out.add(std::string_view(offset));
    } else if (c == ':' && i < format.length && format.at(i) == 'z') {
      i++;
      std::string offset = TRY(offsetText(t, subjectOf(self).tzinfo, argument, ":"));
      out.add(std::string_view(offset));
    } else if (c == 'Z') {
      Ref<> name = TRY(tzName(t, subjectOf(self).tzinfo, argument));
      if (isNone(name)) continue;
      if (!isExactStr(name)) {
        name = TRY(callMethodWith(t, name, DX_NAME("replace"), makeAscii("%"), makeAscii("%%")));
        if (!isStr(name)) return t.raise(kTypeError, "tzname.replace() did not return a string");
        out.add(name.as<Str>());
        continue;
      }
      auto* s = name.as<Str>();
      for (i64 k = 0; k < s->length; k++) {
        if (s->at(k) == '%') out.add(u32('%'));
        out.add(s->at(k));
      }
    } else if ((c == 'Y' || c == 'G' || c == 'C' || c == 'F') && year < 1000) {
      // The C library writes these years with fewer than four digits.
      i64 shown = year;
      if (c == 'G') {
        Ref<> g = TRY(callWith(t, strftime, makeAscii("%G"), timetuple));
        Ref<> n = TRY(toInt(t, g));
        shown = TRY(argI64(t, n));
      }
      if (c == 'C') {
        snprintf(text, sizeof text, "%02d", int(shown / 100));
      } else if (c == 'F') {
        snprintf(text, sizeof text, "%04d-%02d-%02d", int(shown),
                 int(TRY(intItem(t, timetuple, 1))), int(TRY(intItem(t, timetuple, 2))));
      } else {
        snprintf(text, sizeof text, "%04d", int(shown));
      }
      out.add(text);
    } else {
      out.add(u32('%'));
      out.add(c);
    }
  }
  return callWith(t, strftime, out.finish(), timetuple);
}

// ---- reading ----

Error invalidIso(Thread& t, Value text) {
  return t.raise(kValueError, "Invalid isoformat string: {!r}", text);
}
std::string asciiOf(const Str* s) {
  std::string out;
  for (i64 i = 0; i < s->length; i++) {
    u32 c = s->at(i);
    if (c - 1 < 0x7F)
      out.push_back(char(c));
    else
      out.append(2, '\x80');
  }
  return out;
}

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
// The next n digits.
bool number(std::string_view* text, size_t n, int* out) {
  if (text->size() < n) return false;
  *out = 0;
  for (size_t i = 0; i < n; i++) {
    if (!isDigit((*text)[i])) return false;
    *out = *out * 10 + ((*text)[i] - '0');
  }
  text->remove_prefix(n);
  return true;
}
bool take(std::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

// hh[:mm[:ss[.f...]]] or without the colons, up to `end`; NUL ends the whole text. What stands at
// `end` or behind cut-off digits is left to the caller, as in CPython: -1 invalid, 1 more follows.
int parseClock(const char* p, const char* end, int (&parts)[4]) {
  std::fill(parts, parts + 4, 0);
  bool separated = false;
  for (int i = 0; i < 3; i++) {
    if (!isDigit(p[0]) || !isDigit(p[1])) return -1;
    parts[i] = (p[0] - '0') * 10 + (p[1] - '0');
    p += 2;
    char c = *p++;
    if (i == 0) separated = c == ':';
    if ((c == '.' || c == ',') && (i < 2 || p >= end)) return -1;
    if (p >= end) return c != '\0';
    if (separated && c == ':') {
      if (i == 2) return -1;
    } else if (c == '.' || c == ',') {
      break;
    } else if (separated) {
      return -1;
    } else {
      p--;
    }
  }
  int scale = 100000;
  for (i64 n = std::min<i64>(end - p, 6); n > 0; n--, scale /= 10) {
    if (!isDigit(*p)) return -1;
    parts[3] += (*p++ - '0') * scale;
  }
  while (isDigit(*p)) p++;  // digits beyond six are cut off
  return *p != '\0';
}

}  // namespace

bool parseIsoDate(std::string_view text, Fields* f) {
  if (text.size() != 7 && text.size() != 8 && text.size() != 10) return false;
  if (!number(&text, 4, &f->year)) return false;
  bool separated = take(&text, '-');
  if (take(&text, 'W')) {
    int week, day = 1;
    if (!number(&text, 2, &week)) return false;
    if (!text.empty()) {
      if (take(&text, '-') != separated || !number(&text, 1, &day)) return false;
    }
    return isoToDate(f->year, week, day, &f->year, &f->month, &f->day);
  }
  if (!number(&text, 2, &f->month)) return false;
  if (take(&text, '-') != separated) return false;
  return number(&text, 2, &f->day);  // what follows is not looked at, as in CPython
}

size_t isoSeparator(std::string_view s) {
  size_t n = s.size();
  if (n == 7) return 7;
  if (n < 7) return s.npos;
  if (s[4] == '-') {
    if (s[5] != 'W') return 10;
    if (n > 8 && s[8] == '-') {
      if (n == 9) return s.npos;
      return n > 10 && isDigit(s[10]) ? 8 : 10;  // 2020-W01-4..., or the separator is '-'
    }
    return 8;
  }
  if (s[4] != 'W') return 8;
  // YYYYWww (7) or YYYYWwwd (8): the time behind it has an even number of digits.
  size_t i = 7;
  while (i < n && isDigit(s[i])) i++;
  if (i < 9) return i;
  return i % 2 == 0 ? 7 : 8;
}

bool parseIsoTime(std::string_view text, IsoTime* out) {
  const char *start = text.data(), *end = start + text.size(), *zone = start;
  while (zone < end && *zone != '+' && *zone != '-' && *zone != 'Z') zone++;
  int parts[4];
  int rest = parseClock(start, zone, parts);
  if (rest < 0 || (zone == end && rest)) return false;
  if (parts[0] == 24) {
    if (parts[1] || parts[2] || parts[3]) {
      out->badMidnight = true;
    } else {
      parts[0] = 0;
      out->nextDay = true;
    }
  }
  out->hour = parts[0];
  out->minute = parts[1];
  out->second = parts[2];
  out->microsecond = parts[3];
  if (zone == end) return true;
  out->hasZone = true;
  if (*zone == 'Z') return zone + 1 == end;
  if (parseClock(zone + 1, end, parts)) return false;
  i64 us = (i64(parts[0]) * 3600 + parts[1] * 60 + parts[2]) * 1000000 + parts[3];
  out->zoneMicroseconds = *zone == '-' ? -us : us;
  return true;
}
Result<Ref<>> isoZone(Thread& t, const IsoTime& parsed) {
  if (!parsed.hasZone) return noneRef();
  Ref<> offset = TRY(deltaOf(t, parsed.zoneMicroseconds));
  return newZone(t, offset, Value());
}

}  // namespace dx
