#include "modules/arguments.h"

namespace dx {

Result<int> descriptorArgument(Thread& t, Value v) {
  Ref<> number;
  if (isInt(v)) {
    if (isInstanceOf(v, &PyBool_Type))
      TRY(warn(t, kRuntimeWarning, "bool is used as a file descriptor"));
    number = retain(v);
  } else {
    Ref<> method;
    if (!TRY(lookupAttr(t, v, "fileno", &method)))
      return t.raise(kTypeError, "argument must be an int, or have a fileno() method.");
    number = TRY(call(t, method, Args()));
    if (!isInt(number)) return t.raise(kTypeError, "fileno() returned a non-integer");
  }
  i64 fd;
  if (!intToI64(number, &fd) || fd > INT32_MAX || fd < INT32_MIN)
    return t.raise(kOverflowError, "Python int too large to convert to C int");
  if (fd < 0) return t.raise(kValueError, "file descriptor cannot be a negative integer ({})", fd);
  return int(fd);
}

Result<u64> unsignedArgument(Thread& t, Value v, u64 max, const char* ctype) {
  Ref<> n = TRY(toIndex(t, v));
  if (intSign(n) < 0) return t.raise(kValueError, "Cannot convert negative int");
  u64 out;
  if (!intToU64(n, &out) || out > max)
    return t.raise(kOverflowError, "Python int too large for C {}", ctype);
  return out;
}

Result<u32> idArgument(Thread& t, Value v, const char* what) {
  if (!isInt(v) && !hasIndex(v))
    return t.raise(kTypeError, "{} should be integer, not {}", what, typeOf(v));
  Ref<> n = TRY(toIndex(t, v));
  i64 id;
  if (!intToI64(n, &id))
    return t.raise(kOverflowError, "{} is {} than {}", what, intSign(n) < 0 ? "less" : "greater",
                   intSign(n) < 0 ? "minimum" : "maximum");
  if (id == -1) return u32(-1);
  // CPython calls too large numbers that too.
  if (id < 0 || id > i64(UINT32_MAX))
    return t.raise(kOverflowError, "{} is less than minimum", what);
  return u32(id);
}

Result<u64> deviceArgument(Thread& t, Value v) {
  Ref<> n = TRY(toIndex(t, v));
  i64 small;
  if (intToI64(n, &small) && small == -1) return ~u64(0);
  u64 device;
  if (intToU64(n, &device)) return device;
  return t.raise(kOverflowError, intSign(n) < 0 ? "can't convert negative int to unsigned"
                                                : "int too big to convert");
}

Result<Buffer> writableArgument(Thread& t, Value v, const char* function, int index) {
  Buffer b;
  if (!Buffer::get(t, v, &b, kBufferWritable)) {
    if (t.takeIf(kTypeError) || t.takeIf(kBufferError))
      return t.raise(kTypeError, "{}() argument {} must be read-write bytes-like object, not {}",
                     function, index, typeOf(v));
    return Error{};
  }
  return b;
}

Result<std::string> plainText(Thread& t, Str& s) {
  std::string_view text = TRY(utf8(t, &s));
  if (text.find('\0') != text.npos) return t.raise(kValueError, "embedded null character");
  return std::string(text);
}

}  // namespace dx
