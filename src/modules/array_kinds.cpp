// The type codes of array: loading and converting items, and the pickle format.
#include "base/int_math.h"
#include "modules/array.gen.h"

namespace dx {

namespace {

template <class T>
T loadAs(const u8* p) {
  T v;
  memcpy(&v, p, sizeof v);
  return v;
}
template <class T>
void storeAs(u8* p, T v) {
  memcpy(p, &v, sizeof v);
}

template <class T>
Result<Ref<>> loadInteger(Thread&, const u8* p) {
  if constexpr (std::is_signed_v<T>)
    return makeInt(i64(loadAs<T>(p)));
  else
    return makeInt(u64(loadAs<T>(p)));
}
template <class T>
Result<Ref<>> loadFloat(Thread&, const u8* p) {
  return makeFloat(double(loadAs<T>(p)));
}
Result<Ref<>> loadChar(Thread& t, const u8* p) {
  u32 c = loadAs<u32>(p);
  if (c > 0x10FFFF) return t.raise(kValueError, "chr() arg not in range(0x110000)");
  return makeChar(c);
}

Result<void> checkRange(Thread& t, i64 v, i64 low, i64 high, const char* what) {
  if (v < low) return t.raise(kOverflowError, "{} is less than minimum", what);
  if (v > high) return t.raise(kOverflowError, "{} is greater than maximum", what);
  return {};
}
Result<i64> toLong(Thread& t, Value v) {
  i64 out;
  if (isInt(v)) {
    if (intToI64(v, &out)) return out;
  } else {
    Ref<> n = TRY(toIndex(t, v));
    if (intToI64(n, &out)) return out;
  }
  return t.raise(kOverflowError, "Python int too large to convert to C long");
}
Result<void> convertI8(Thread& t, Value v, u8* out) {
  i64 n = TRY(toLong(t, v));
  TRY(checkRange(t, n, INT16_MIN, INT16_MAX, "signed short integer"));
  TRY(checkRange(t, n, INT8_MIN, INT8_MAX, "signed char"));
  storeAs(out, i8(n));
  return {};
}
Result<void> convertU8(Thread& t, Value v, u8* out) {
  i64 n = TRY(toLong(t, v));
  TRY(checkRange(t, n, 0, UINT8_MAX, "unsigned byte integer"));
  storeAs(out, u8(n));
  return {};
}
Result<void> convertI16(Thread& t, Value v, u8* out) {
  i64 n = TRY(toLong(t, v));
  TRY(checkRange(t, n, INT16_MIN, INT16_MAX, "signed short integer"));
  storeAs(out, i16(n));
  return {};
}
Result<void> convertU16(Thread& t, Value v, u8* out) {
  i64 n = TRY(toLong(t, v));
  TRY(checkRange(t, n, INT32_MIN, INT32_MAX, "signed integer"));
  TRY(checkRange(t, n, 0, UINT16_MAX, "unsigned short"));
  storeAs(out, u16(n));
  return {};
}
Result<void> convertI32(Thread& t, Value v, u8* out) {
  i64 n = TRY(toLong(t, v));
  TRY(checkRange(t, n, INT32_MIN, INT32_MAX, "signed integer"));
  storeAs(out, i32(n));
  return {};
}
Result<u64> toUnsigned(Thread& t, Value v, const char* tooLarge, const char* negative) {
  Ref<> n = TRY(toIndex(t, v));
  u64 out;
  if (intToU64(n, &out)) return out;
  return t.raise(kOverflowError, intSign(n) < 0 ? negative : tooLarge);
}
constexpr const char *kTooLargeUnsigned = "Python int too large to convert to C unsigned long",
                     *kNegativeUnsigned = "can't convert negative value to unsigned int";
Result<void> convertU32(Thread& t, Value v, u8* out) {
  u64 n = TRY(toUnsigned(t, v, kTooLargeUnsigned, kNegativeUnsigned));
  if (n > UINT32_MAX) return t.raise(kOverflowError, "unsigned int is greater than maximum");
  storeAs(out, u32(n));
  return {};
}
Result<void> convertLong(Thread& t, Value v, u8* out) {
  storeAs(out, TRY(toLong(t, v)));
  return {};
}
Result<void> convertUnsignedLong(Thread& t, Value v, u8* out) {
  storeAs(out, TRY(toUnsigned(t, v, kTooLargeUnsigned, kNegativeUnsigned)));
  return {};
}
Result<void> convertI64(Thread& t, Value v, u8* out) {
  Ref<> n = TRY(toIndex(t, v));
  i64 number;
  if (!intToI64(n, &number)) return t.raise(kOverflowError, "int too big to convert");
  storeAs(out, number);
  return {};
}
Result<void> convertU64(Thread& t, Value v, u8* out) {
  storeAs(out, TRY(toUnsigned(t, v, "int too big to convert",
                              "can't convert negative int to unsigned")));
  return {};
}
Result<void> convertFloat(Thread& t, Value v, u8* out) {
  storeAs(out, float(TRY(asDouble(t, v))));
  return {};
}
Result<void> convertDouble(Thread& t, Value v, u8* out) {
  storeAs(out, TRY(asDouble(t, v)));
  return {};
}
Result<void> convertChar(Thread& t, Value v, u8* out) {
  if (!isStr(v))
    return t.raise(kTypeError, "array item must be a unicode character, not {}", typeOf(v));
  auto* s = v.as<Str>();
  if (s->length != 1)
    return t.raise(kTypeError, "array item must be a unicode character, not a string of length {}",
                   s->length);
  storeAs(out, s->at(0));
  return {};
}

// ---- machine formats of pickles ----

enum class FormatKind : u8 { Integer, Float, Text };
struct MachineFormat {
  u8 width;
  FormatKind kind;
  bool isSigned, big;
};
constexpr MachineFormat kFormats[] = {
    {1, FormatKind::Integer, false, false}, {1, FormatKind::Integer, true, false},
    {2, FormatKind::Integer, false, false}, {2, FormatKind::Integer, false, true},
    {2, FormatKind::Integer, true, false},  {2, FormatKind::Integer, true, true},
    {4, FormatKind::Integer, false, false}, {4, FormatKind::Integer, false, true},
    {4, FormatKind::Integer, true, false},  {4, FormatKind::Integer, true, true},
    {8, FormatKind::Integer, false, false}, {8, FormatKind::Integer, false, true},
    {8, FormatKind::Integer, true, false},  {8, FormatKind::Integer, true, true},
    {4, FormatKind::Float, true, false},    {4, FormatKind::Float, true, true},
    {8, FormatKind::Float, true, false},    {8, FormatKind::Float, true, true},
    {2, FormatKind::Text, false, false},    {2, FormatKind::Text, false, true},
    {4, FormatKind::Text, false, false},    {4, FormatKind::Text, false, true},
};

constexpr ArrayKind kKinds[] = {
    {'b', 1, "b", 1, loadInteger<i8>, convertI8},
    {'B', 1, "B", 0, loadInteger<u8>, convertU8},
    {'u', 4, "w", 20, loadChar, convertChar},
    {'w', 4, "w", 20, loadChar, convertChar},
    {'h', 2, "h", 4, loadInteger<i16>, convertI16},
    {'H', 2, "H", 2, loadInteger<u16>, convertU16},
    {'i', 4, "i", 8, loadInteger<i32>, convertI32},
    {'I', 4, "I", 6, loadInteger<u32>, convertU32},
    {'l', 8, "l", 12, loadInteger<i64>, convertLong},
    {'L', 8, "L", 10, loadInteger<u64>, convertUnsignedLong},
    {'q', 8, "q", 12, loadInteger<i64>, convertI64},
    {'Q', 8, "Q", 10, loadInteger<u64>, convertU64},
    {'f', 4, "f", 14, loadFloat<float>, convertFloat},
    {'d', 8, "d", 16, loadFloat<double>, convertDouble},
};

}  // namespace

const ArrayKind* findArrayKind(u32 code) {
  for (const ArrayKind& k : kKinds)
    if (u32(u8(k.code)) == code) return &k;
  return nullptr;
}
const ArrayKind* integerArrayKind(int width, bool isSigned) {
  const ArrayKind* found = nullptr;
  for (const ArrayKind& k : kKinds)
    if (kFormats[k.machineFormat].kind == FormatKind::Integer && k.width == width &&
        kFormats[k.machineFormat].isSigned == isSigned)
      found = &k;
  return found;
}

// An array from a pickle that another machine may have written.
Result<Ref<>> array__array_reconstructor(Thread& t, Value arrayType, u32 typecode, i32 formatCode,
                                         Value items) {
  if (!isType(arrayType))
    return t.raise(kTypeError, "first argument must be a type object, not {}", typeOf(arrayType));
  Type* cls = arrayType.as<Type>();
  if (!isSubtype(cls, &PyArray_Type))
    return t.raise(kTypeError, "{} is not a subtype of array.array", typeName(cls));
  const ArrayKind* kind = findArrayKind(typecode);
  if (!kind) return t.raise(kValueError, "second argument must be a valid type code");
  if (formatCode < 0 || size_t(formatCode) >= std::size(kFormats))
    return t.raise(kValueError, "third argument must be a valid machine format code.");
  if (!isBytes(items))
    return t.raise(kTypeError, "fourth argument should be bytes, not {}", typeOf(items));
  std::string_view bytes = items.as<Bytes>()->view();
  const MachineFormat& format = kFormats[formatCode];
  if (bytes.size() % format.width)
    return t.raise(kValueError, "string length not a multiple of item size");

  if (formatCode == kind->machineFormat) {
    Ref<ArrayObject> a = TRY(newArray(t, cls, kind, 0));
    TRY(arrayAppendBytes(t, *a, bytes));
    return a;
  }
  if (format.kind == FormatKind::Text) {
    const char* codec = format.width == 2 ? (format.big ? "utf-16-be" : "utf-16-le")
                                          : (format.big ? "utf-32-be" : "utf-32-le");
    Ref<> text = TRY(callMethodWith(t, items, DX_NAME("decode"), makeStr(codec)));
    Ref<> code = makeChar(typecode);
    return callWith(t, arrayType, code, text);
  }
  if (format.kind == FormatKind::Integer) kind = integerArrayKind(format.width, format.isSigned);
  Ref<ArrayObject> a = TRY(newArray(t, cls, kind, 0));
  for (size_t i = 0; i < bytes.size(); i += format.width) {
    u8 raw[8];
    for (u32 k = 0; k < format.width; k++)
      raw[format.big ? format.width - 1 - k : k] = u8(bytes[i + k]);
    Ref<> item = format.kind == FormatKind::Integer
                     ? Ref<>(makeInt(intFromBytes(raw, format.width, true, format.isSigned)))
                     : Ref<>(makeFloat(format.width == 4 ? double(loadAs<float>(raw))
                                                         : loadAs<double>(raw)));
    TRY(arrayAppend(t, *a, item));
  }
  return a;
}

}  // namespace dx
