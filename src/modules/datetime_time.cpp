// time: a time of day.
#include "modules/_datetime.gen.h"
#include "runtime/call.h"

namespace dx {

static Ref<TimeObject> makeTime(Type* cls, const Fields& f, Value tzinfo) {
  auto d = Ref<TimeObject>::steal(static_cast<TimeObject*>(newInstance(cls)));
  d->hash = -1;
  d->data[0] = u8(f.hour);
  d->data[1] = u8(f.minute);
  d->data[2] = u8(f.second);
  putMicroseconds(d->data + 3, f.microsecond);
  d->fold = u8(f.fold);
  if (tzinfo && !isNone(tzinfo)) {
    d->hasTz = 1;
    d->tzinfo = retain(tzinfo).release();
  }
  return d;
}
Result<Ref<>> newTime(Thread& t, Type* cls, const Fields& f, Value tzinfo) {
  if (cls == &timeType) {
    TRY(checkTime(t, f));
    TRY(checkTzinfo(t, tzinfo));
    return makeTime(cls, f, tzinfo);
  }
  Ref<> made = TRY(callWith(t, cls, makeInt(f.hour), makeInt(f.minute), makeInt(f.second),
                            makeInt(f.microsecond), tzinfo));
  if (f.fold && isTime(made)) made.as<TimeObject>()->fold = 1;
  return made;
}

Result<Ref<>> pyTime___new__(Thread& t, Type& cls, const Args& args) {
  std::string state;
  if (TRY(pickledState(t, args, 6, "time", &state)) && (u8(state[0]) & 0x7F) < 24) {
    Value tzinfo = args.count == 2 ? args[1] : none();
    if (!isNone(tzinfo) && !isTzinfo(tzinfo)) return t.raise(kTypeError, "bad tzinfo state arg");
    Ref<TimeObject> d = makeTime(&cls, Fields(), tzinfo);
    memcpy(d->data, state.data(), 6);
    d->fold = d->data[0] >> 7;
    d->data[0] &= 0x7F;
    return d;
  }
  static const char* const kNames[] = {"hour", "minute", "second", "microsecond", "tzinfo", "fold"};
  static const ParamSpec kSpec = {"function", kNames, 0, 5, 1, 0, 0, false, false};
  Value v[6];
  TRY(bindArgs(t, kSpec, args, v));
  Fields f;
  f.hour = TRY(fieldArgument(t, v[0], 0));
  f.minute = TRY(fieldArgument(t, v[1], 0));
  f.second = TRY(fieldArgument(t, v[2], 0));
  f.microsecond = TRY(fieldArgument(t, v[3], 0));
  f.fold = TRY(fieldArgument(t, v[5], 0));
  Value tzinfo = v[4] ? v[4] : none();
  TRY(checkTime(t, f));
  TRY(checkTzinfo(t, tzinfo));
  return makeTime(&cls, f, tzinfo);
}
Result<Ref<>> pyTime_strptime(Thread& t, Type& cls, Value text, Value format) {
  Ref<> parse = TRY(importAttr(t, "_strptime", "_strptime_datetime_time"));
  return callWith(t, parse, &cls, text, format);
}
Result<Ref<>> pyTime_fromisoformat(Thread& t, Type& cls, Value text) {
  if (!isStr(text)) return t.raise(kTypeError, "fromisoformat: argument must be str");
  std::string ascii = asciiOf(text.as<Str>());
  std::string_view rest = ascii;
  if (!rest.empty() && rest[0] == 'T') rest.remove_prefix(1);
  IsoTime parsed;
  if (!parseIsoTime(rest, &parsed)) return invalidIso(t, text);
  if (parsed.badMidnight)
    return t.raise(kValueError, "minute, second, and microsecond must be 0 when hour is 24");
  Ref<> zone = TRY(isoZone(t, parsed));
  Fields f{1900, 1, 1, parsed.hour, parsed.minute, parsed.second, parsed.microsecond, 0};
  return newTime(t, &cls, f, zone);
}

// ---- parts ----

Result<Ref<>> pyTime_get_hour(Thread&, TimeObject& self) { return makeInt(int(self.data[0])); }
Result<Ref<>> pyTime_get_minute(Thread&, TimeObject& self) { return makeInt(int(self.data[1])); }
Result<Ref<>> pyTime_get_second(Thread&, TimeObject& self) { return makeInt(int(self.data[2])); }
Result<Ref<>> pyTime_get_microsecond(Thread&, TimeObject& self) {
  return makeInt(microsecondsAt(self.data + 3));
}
Result<Ref<>> pyTime_get_tzinfo(Thread&, TimeObject& self) {
  return retain(tzinfoOrNone(self.tzinfo));
}
Result<Ref<>> pyTime_get_fold(Thread&, TimeObject& self) { return makeInt(int(self.fold)); }
Result<Ref<>> pyTime_utcoffset(Thread& t, TimeObject& self) {
  return tzOffset(t, self.tzinfo, DX_NAME("utcoffset"), none());
}
Result<Ref<>> pyTime_dst(Thread& t, TimeObject& self) {
  return tzOffset(t, self.tzinfo, DX_NAME("dst"), none());
}
Result<Ref<>> pyTime_tzname(Thread& t, TimeObject& self) { return tzName(t, self.tzinfo, none()); }
Result<Ref<>> pyTime_replace(Thread& t, TimeObject& self, Value hour, Value minute, Value second,
                             Value microsecond, Value tzinfo, Value fold) {
  Fields f = fieldsOf(self);
  f.hour = TRY(fieldArgument(t, hour, f.hour));
  f.minute = TRY(fieldArgument(t, minute, f.minute));
  f.second = TRY(fieldArgument(t, second, f.second));
  f.microsecond = TRY(fieldArgument(t, microsecond, f.microsecond));
  f.fold = TRY(fieldArgument(t, fold, f.fold));
  if (f.fold != 0 && f.fold != 1)
    return t.raise(kValueError, "fold must be either 0 or 1, not {}", f.fold);
  Ref<> zone = retain(tzinfo ? tzinfo : tzinfoOrNone(self.tzinfo));
  return newTime(t, self.type, f, zone);
}
Result<Ref<>> pyTime___replace__(Thread& t, TimeObject& self, const Args& args) {
  return callWithSelf(t, typeLookup(&timeType, DX_NAME("replace")), &self, args);
}

// ---- text ----

Result<Ref<>> pyTime_isoformat(Thread& t, TimeObject& self, Str& timespec) {
  std::string out;
  if (!timespec.isAscii() || !appendTime(&out, fieldsOf(self), timespec.ascii()))
    return t.raise(kValueError, "Unknown timespec value");
  return isoFormat(t, std::move(out), self.tzinfo, none());
}
Result<Ref<>> pyTime___str__(Thread& t, TimeObject& self) {
  return callMethod(t, &self, DX_NAME("isoformat"), {});
}
Result<Ref<>> pyTime___repr__(Thread& t, TimeObject& self) {
  Fields f = fieldsOf(self);
  std::string out = std::string(typeName(self.type)) + "(" + std::to_string(f.hour) + ", " +
                    std::to_string(f.minute);
  if (f.second || f.microsecond) out += ", " + std::to_string(f.second);
  if (f.microsecond) out += ", " + std::to_string(f.microsecond);
  if (self.tzinfo) {
    Ref<> zone = retain(self.tzinfo);
    out += ", tzinfo=" + toUtf8(TRY(repr(t, zone)));
  }
  if (f.fold) out += ", fold=1";
  return makeStr(out + ")");
}
Result<Ref<>> pyTime_strftime(Thread& t, TimeObject& self, Str& format) {
  Ref<> tuple = TRY(structTime(t, fieldsOf(self), -1));
  return formatWith(t, &self, format, tuple, none());
}
Result<Ref<>> pyTime___format__(Thread& t, TimeObject& self, Str& format) {
  if (format.length == 0) return str(t, &self);
  return callMethodWith(t, &self, DX_NAME("strftime"), Value(&format));
}

// ---- pickling, operators ----

Result<Ref<>> pyTime___reduce_ex__(Thread&, TimeObject& self, i32 protocol) {
  char state[6];
  memcpy(state, self.data, 6);
  if (protocol > 3 && self.fold) state[0] |= char(0x80);
  Ref<Bytes> bytes = makeBytes({state, 6});
  if (!self.tzinfo) return tupleOf(Value(self.type), tupleOf(bytes));
  return tupleOf(Value(self.type), tupleOf(bytes, self.tzinfo));
}
Result<Ref<>> pyTime___reduce__(Thread& t, TimeObject& self) {
  return pyTime___reduce_ex__(t, self, 2);
}
static i64 daySeconds(const TimeObject& d) { return d.data[0] * 3600 + d.data[1] * 60 + d.data[2]; }
static i64 offsetSeconds(Value offset) {
  auto* d = offset.as<DeltaObject>();
  return i64(d->days) * kDaySeconds + d->seconds;
}
Result<i64> pyTime___hash__(Thread& t, TimeObject& self) {
  if (self.hash != -1) return self.hash;
  Fields f = fieldsOf(self);
  f.fold = 0;
  // The tzinfo is asked without fold, as equal times may differ in it.
  Ref<TimeObject> plain = makeTime(&timeType, f, self.tzinfo);
  Ref<> offset = TRY(pyTime_utcoffset(t, self.fold ? *plain : self));
  if (isNone(offset)) {
    self.hash = hashBytes({reinterpret_cast<char*>(self.data), sizeof self.data});
  } else {
    Wide us = Wide(daySeconds(self)) * 1000000 + f.microsecond -
              microsecondsOf(*offset.as<DeltaObject>());
    Ref<> delta = TRY(deltaOf(t, us));
    self.hash = TRY(hash(t, delta));
  }
  return self.hash;
}
Result<Ref<>> pyTime___richcompare__(Thread& t, TimeObject& self, Value other, CompareOp op) {
  if (!isTime(other)) return notImplementedRef();
  auto& o = *other.as<TimeObject>();
  if (self.tzinfo == o.tzinfo) return compared(memcmp(self.data, o.data, 6), op);
  Ref<> a = TRY(pyTime_utcoffset(t, self)), b = TRY(pyTime_utcoffset(t, o));
  if (sameOffset(a, b)) return compared(memcmp(self.data, o.data, 6), op);
  if (!isNone(a) && !isNone(b)) {
    i64 x = daySeconds(self) - offsetSeconds(a), y = daySeconds(o) - offsetSeconds(b);
    if (x != y) return compared(x < y ? -1 : 1, op);
    return compared(microsecondsAt(self.data + 3) - microsecondsAt(o.data + 3), op);
  }
  if (op == CompareOp::Eq || op == CompareOp::Ne) return compared(1, op);
  return t.raise(kTypeError, "can't compare offset-naive and offset-aware times");
}

}  // namespace dx
