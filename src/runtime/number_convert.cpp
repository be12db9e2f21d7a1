// Conversions to int, float and index (PyNumber_Long, PyNumber_Float, PyNumber_Index).
#include <cmath>

#include "base/float_text.h"
#include "base/unicode.h"
#include "runtime/api.h"
#include "runtime/number_text.h"

namespace dx {

bool numberText(const Str* s, std::string* out) {
  out->clear();
  if (s->isAscii()) {
    out->assign(s->ascii());
    return true;
  }
  out->reserve(size_t(s->length));
  for (i64 i = 0; i < s->length; i++) {
    u32 c = s->at(i);
    if (c < 128) {
      out->push_back(char(c));
    } else if (unicodeIsSpace(c)) {
      out->push_back(' ');
    } else {
      int digit = unicodeToDecimal(c);
      if (digit < 0) return false;
      out->push_back(char('0' + digit));
    }
  }
  return true;
}

namespace {

// A result of __int__ or __index__ must be an int; a strict subclass is deprecated.
Result<Ref<>> checkedInt(Thread& t, const char* method, Ref<> r) {
  if (isExactInt(r)) return r;
  if (!isInt(r)) return t.raise(kTypeError, "{} returned non-int (type {})", method, typeOf(r));
  TRY(warn(t, kDeprecationWarning,
           "{} returned non-int (type {}).  The ability to return an instance of a strict subclass "
           "of int "
           "is deprecated, and may not be supported in a future version of Python.",
           method, typeOf(r)));
  return r;
}

DX_COLD Error raiseNotIndex(Thread& t, Value v) {
  return t.raise(kTypeError, "'{}' object cannot be interpreted as an integer", typeOf(v));
}

// An int instance (perhaps of a subclass).
Result<Ref<>> indexOf(Thread& t, Value v) {
  if (isInt(v)) return retain(v);
  UnaryFn fn = slotsOf(v).index;
  if (!fn) return raiseNotIndex(t, v);
  return checkedInt(t, "__index__", TRY(fn(t, v)));
}

Result<Ref<>> intFromBytesText(Thread& t, Value original, std::string_view text, int base) {
  // Bytes past ASCII are never part of a literal; the parser refuses them.
  return intFromText(t, original, text, base);
}

}  // namespace

Result<Ref<>> intFromObjectText(Thread& t, Value v, int base, bool* isText) {
  *isText = true;
  if (isStr(v)) {
    std::string text;
    if (!numberText(v.as<Str>(), &text)) text = "?";
    return intFromText(t, v, text, base);
  }
  if (isBytes(v)) return intFromBytesText(t, v, v.as<Bytes>()->view(), base);
  if (isInstanceOf(v, &PyByteArray_Type)) {
    ByteArray* b = v.as<ByteArray>();
    std::string copy(b->start, size_t(b->size));
    Ref<Bytes> shown = makeBytes(copy);
    return intFromBytesText(t, shown, copy, base);
  }
  *isText = false;
  return Error{};
}

Result<Ref<>> toIndex(Thread& t, Value v) {
  if (isExactInt(v)) [[likely]]
    return retain(v);
  Ref<> r = TRY(indexOf(t, v));
  return exactInt(r);
}

bool hasIndex(Value v) { return v.isSmallInt() || slotsOf(v).index != nullptr; }

Result<i64> indexI64(Thread& t, Value v, Type* overflow) {
  if (v.isSmallInt()) [[likely]]
    return v.smallInt();
  Ref<> r = TRY(indexOf(t, v));
  i64 i;
  if (intToI64(r, &i)) return i;
  if (!overflow) return intSign(r) < 0 ? INT64_MIN : INT64_MAX;
  return t.raise(overflow, "cannot fit '{}' into an index-sized integer", typeOf(v));
}

Result<Ref<>> toInt(Thread& t, Value v) {
  if (isExactInt(v)) [[likely]]
    return exactInt(v);
  Slots& s = slotsOf(v);
  if (s.toInt) {
    Ref<> r = TRY(s.toInt(t, v));
    if (isExactInt(r)) return r;
    r = TRY(checkedInt(t, "__int__", std::move(r)));
    return exactInt(r);
  }
  if (s.index) {
    Ref<> r = TRY(indexOf(t, v));
    return exactInt(r);
  }
  bool isText;
  Result<Ref<>> r = intFromObjectText(t, v, 10, &isText);
  if (isText) return r;
  if (hasBuffer(v)) {
    Buffer buffer;
    TRY(Buffer::get(t, v, &buffer));
    std::string copy(buffer.bytes());
    buffer.close();
    Ref<Bytes> shown = makeBytes(copy);
    return intFromBytesText(t, shown, copy, 10);
  }
  return t.raise(kTypeError,
                 "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                 typeOf(v));
}

namespace {

// __float__, then __index__; *found false (without exception) when the type has neither.
Result<double> doubleFromSlots(Thread& t, Value v, bool* found) {
  *found = true;
  Slots& s = slotsOf(v);
  if (s.toFloat) {
    Ref<> r = TRY(s.toFloat(t, v));
    if (isExactFloat(r)) return floatValue(r);
    if (!isInstanceOf(r, &PyFloat_Type))
      return t.raise(kTypeError, "{}.__float__ returned non-float (type {})", typeOf(v), typeOf(r));
    TRY(warn(
        t, kDeprecationWarning,
        "{}.__float__ returned non-float (type {}).  The ability to return an instance of a strict "
        "subclass of float is deprecated, and may not be supported in a future version of Python.",
        typeOf(v), typeOf(r)));
    return r.as<Float>()->value;
  }
  if (s.index) {
    Ref<> r = TRY(indexOf(t, v));
    return intToDouble(t, r);
  }
  *found = false;
  return 0.0;
}

DX_COLD Error raiseFloatText(Thread& t, Value shown) {
  return t.raise(kValueError, "could not convert string to float: {!r}", shown);
}

}  // namespace

Result<Ref<>> toFloat(Thread& t, Value v) {
  if (isExactFloat(v)) return retain(v);
  if (v.isSmallInt()) return makeFloat(double(v.smallInt()));
  bool found;
  double d = TRY(doubleFromSlots(t, v, &found));
  if (found) return makeFloat(d);
  if (isInstanceOf(v, &PyFloat_Type)) return makeFloat(v.as<Float>()->value);
  std::string text;
  if (isStr(v)) {
    if (!numberText(v.as<Str>(), &text) || !floatParse(text, &d)) return raiseFloatText(t, v);
    return makeFloat(d);
  }
  if (hasBuffer(v)) {
    Buffer buffer;
    TRY(Buffer::get(t, v, &buffer));
    text.assign(buffer.bytes());
    buffer.close();
    if (!floatParse(text, &d)) return raiseFloatText(t, v);
    return makeFloat(d);
  }
  return t.raise(kTypeError, "float() argument must be a string or a real number, not '{}'",
                 typeOf(v));
}

Result<double> asDouble(Thread& t, Value v) {
  if (v.isFlonum()) [[likely]]
    return v.flonum();
  if (v.isSmallInt()) return double(v.smallInt());
  if (isInstanceOf(v, &PyFloat_Type)) return v.as<Float>()->value;
  bool found;
  double d = TRY(doubleFromSlots(t, v, &found));
  if (!found) return t.raise(kTypeError, "must be real number, not {}", typeOf(v));
  return d;
}

}  // namespace dx
