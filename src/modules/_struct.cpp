// Module _struct: Python values to packed bytes and back.
#include <cmath>

#include "base/half_float.h"
#include "builtins/complex_math.h"
#include "memory/heap.h"
#include "modules/_struct.gen.h"
#include "modules/exception_class.h"

namespace dx {

namespace {

Type* gError = nullptr;  // struct.error
Dict* gCache = nullptr;  // format to Struct
constexpr i64 kCacheLimit = 100;

struct CodeInfo {
  char code;
  FieldKind kind;
  u8 native, standard, alignment;  // sizes; standard 0: native only
};
constexpr CodeInfo kCodes[] = {
    {'x', FieldKind::Pad, 1, 1, 0},      {'b', FieldKind::Signed, 1, 1, 0},
    {'B', FieldKind::Unsigned, 1, 1, 0}, {'c', FieldKind::Char, 1, 1, 0},
    {'s', FieldKind::String, 1, 1, 0},   {'p', FieldKind::Pascal, 1, 1, 0},
    {'h', FieldKind::Signed, 2, 2, 2},   {'H', FieldKind::Unsigned, 2, 2, 2},
    {'i', FieldKind::Signed, 4, 4, 4},   {'I', FieldKind::Unsigned, 4, 4, 4},
    {'l', FieldKind::Signed, 8, 4, 8},   {'L', FieldKind::Unsigned, 8, 4, 8},
    {'n', FieldKind::Signed, 8, 0, 8},   {'N', FieldKind::Unsigned, 8, 0, 8},
    {'q', FieldKind::Signed, 8, 8, 8},   {'Q', FieldKind::Unsigned, 8, 8, 8},
    {'?', FieldKind::Bool, 1, 1, 0},     {'e', FieldKind::Float, 2, 2, 2},
    {'f', FieldKind::Float, 4, 4, 4},    {'d', FieldKind::Float, 8, 8, 8},
    {'F', FieldKind::Complex, 8, 8, 4},  {'D', FieldKind::Complex, 16, 16, 8},
    {'P', FieldKind::Pointer, 8, 0, 8},
};
const CodeInfo* findCode(char c, bool native) {
  for (const CodeInfo& info : kCodes)
    if (info.code == c) return native || info.standard ? &info : nullptr;
  return nullptr;
}
bool isString(FieldKind kind) { return kind == FieldKind::String || kind == FieldKind::Pascal; }

std::string_view shortName(std::string_view name) { return name.substr(name.rfind('.') + 1); }

// ---- compiling a format ----

struct Compiled {
  std::vector<StructField> fields;
  i64 size = 0, itemCount = 0;
};
DX_COLD Error tooLong(Thread& t) { return t.raise(gError, "total struct size too long"); }

Result<void> compileFormat(Thread& t, std::string_view f, Compiled* out) {
  if (f.find('\0') != f.npos) return t.raise(gError, "embedded null character");
  bool native = true, big = false;
  size_t i = 0;
  if (!f.empty() && strchr("@=<>!", f[0])) {
    native = f[0] == '@';
    big = f[0] == '>' || f[0] == '!';
    i = 1;
  }
  while (i < f.size()) {
    char c = f[i++];
    if (c == ' ' || (c >= '\t' && c <= '\r')) continue;
    i64 count = 1;
    if (c >= '0' && c <= '9') {
      count = c - '0';
      while (i < f.size() && (c = f[i]) >= '0' && c <= '9') {
        i++;
        if (__builtin_mul_overflow(count, i64(10), &count) ||
            __builtin_add_overflow(count, i64(c - '0'), &count))
          return tooLong(t);
      }
      if (i == f.size()) return t.raise(gError, "repeat count given without format specifier");
      c = f[i++];
    }
    const CodeInfo* info = findCode(c, native);
    if (!info) return t.raise(gError, "bad char in struct format");
    i64 width = native ? info->native : info->standard;
    if (native && info->alignment > 1) {
      i64 rest = out->size % info->alignment;
      if (rest && __builtin_add_overflow(out->size, info->alignment - rest, &out->size))
        return tooLong(t);
    }
    StructField field{c, info->kind, u8(width), big, out->size, width, count};
    i64 bytes;
    if (__builtin_mul_overflow(count, width, &bytes) ||
        __builtin_add_overflow(out->size, bytes, &out->size))
      return tooLong(t);
    if (isString(info->kind)) {
      field.size = count;
      field.repeat = 1;
    }
    if (info->kind == FieldKind::Pad || field.repeat == 0) continue;
    if (__builtin_add_overflow(out->itemCount, field.repeat, &out->itemCount)) return tooLong(t);
    out->fields.push_back(field);
  }
  return {};
}

Result<void> initialize(Thread& t, StructObject& s, Value format) {
  std::string_view text;
  if (isStr(format)) {
    auto* str = format.as<Str>();
    if (!str->isAscii()) {
      i64 start = 0;
      while (str->at(start) < 128) start++;
      i64 end = start;
      while (end < str->length && str->at(end) >= 128) end++;
      return raiseUnicodeEncode(t, "ascii", format, start, end, "ordinal not in range(128)");
    }
    text = str->ascii();
  } else if (isInstanceOf(format, &PyBytes_Type)) {
    text = format.as<Bytes>()->view();
  } else {
    return t.raise(kTypeError, "Struct() argument 1 must be a str or bytes object, not {}",
                   typeOf(format));
  }
  Compiled compiled;
  TRY(compileFormat(t, text, &compiled));
  s.size = compiled.size;
  s.itemCount = compiled.itemCount;
  setField(s.fields, makeBytes({reinterpret_cast<const char*>(compiled.fields.data()),
                                compiled.fields.size() * sizeof(StructField)}));
  setField(s.format, makeLatin1(text));
  return {};
}

std::span<const StructField> fieldsOf(const StructObject& s) {
  auto* bytes = s.fields.as<Bytes>();
  return {reinterpret_cast<const StructField*>(bytes->data),
          size_t(bytes->size) / sizeof(StructField)};
}
Result<void> check(Thread& t, StructObject& s) {
  if (s.format.isEmpty()) [[unlikely]]
    return t.raise(kRuntimeError, "Struct object is not initialized");
  return {};
}

// The compiled form of a format given to a module function.
Result<Ref<StructObject>> structFor(Thread& t, Value format) {
  if (isInstanceOf(format, &PyStruct_Type)) {
    TRY(check(t, *format.as<StructObject>()));
    return retainObject(format.as<StructObject>());
  }
  bool cached = format.isObject() && (format.object()->type == &PyUnicode_Type ||
                                      format.object()->type == &PyBytes_Type);
  if (cached) {
    Value known = TRY(dictGet(t, gCache, format));
    if (known) return retainObject(known.as<StructObject>());
  }
  Ref<StructObject> s = make<StructObject>(&PyStruct_Type);
  s->size = -1;
  TRY(initialize(t, *s, format));
  gcTrack(s.get());
  if (cached) {
    if (gCache->used >= kCacheLimit) dictClear(gCache);
    TRY(dictSet(t, gCache, format, s));
  }
  return s;
}

// ---- packing ----

void storeInteger(u8* p, u64 bits, const StructField& f) {
  if (f.big) bits = __builtin_bswap64(bits) >> (64 - 8 * f.width);
  memcpy(p, &bits, f.width);
}
u64 loadInteger(const u8* p, const StructField& f) {
  u64 bits = 0;
  memcpy(&bits, p, f.width);
  return f.big ? __builtin_bswap64(bits) >> (64 - 8 * f.width) : bits;
}

DX_COLD Error outOfRange(Thread& t, const StructField& f) {
  int bits = f.width * 8;
  char code[2] = {f.code, 0};
  if (f.kind == FieldKind::Unsigned)
    return t.raise(gError, "'{}' format requires 0 <= number <= {}", code,
                   makeInt(UINT64_MAX >> (64 - bits)));
  return t.raise(gError, "'{}' format requires {} <= number <= {}", code,
                 makeInt(INT64_MIN >> (64 - bits)), makeInt(INT64_MAX >> (64 - bits)));
}
Result<void> packInteger(Thread& t, u8* p, Value v, const StructField& f) {
  Ref<> held;
  if (!isInt(v)) {
    if (!hasIndex(v)) return t.raise(gError, "required argument is not an integer");
    held = TRY(toIndex(t, v));
    v = held;
  }
  int spare = 64 - 8 * f.width;
  i64 number;
  u64 wide;
  if (f.kind == FieldKind::Signed) {
    if (!intToI64(v, &number) || (number << spare) >> spare != number) return outOfRange(t, f);
    wide = u64(number);
  } else if (f.kind == FieldKind::Unsigned) {
    if (!intToU64(v, &wide) || (wide << spare) >> spare != wide) return outOfRange(t, f);
  } else if (intToI64(v, &number)) {
    wide = u64(number);
  } else if (!intToU64(v, &wide)) {
    return t.raise(gError, "int too large to convert");
  }
  storeInteger(p, wide, f);
  return {};
}

Result<void> storeFloat(Thread& t, u8* p, double d, const StructField& f) {
  u64 bits;
  if (f.width == 8) {
    bits = std::bit_cast<u64>(d);
  } else if (f.width == 4) {
    float narrow = float(d);
    if (std::isinf(narrow) && !std::isinf(d))
      return t.raise(kOverflowError, "float too large to pack with f format");
    bits = std::bit_cast<u32>(narrow);
    if (std::isnan(d)) {  // the payload's upper bits, signalling or not
      u64 wide = std::bit_cast<u64>(d);
      u32 payload = u32(wide >> 29 & 0x7FFFFF);
      bits = (wide >> 32 & 0x80000000u) | 0x7F800000u | (payload ? payload : 0x400000u);
    }
  } else {
    u16 half;
    if (!halfFromDouble(d, &half))
      return t.raise(kOverflowError, "float too large to pack with e format");
    bits = half;
  }
  storeInteger(p, bits, f);
  return {};
}
double loadFloat(const u8* p, const StructField& f) {
  u64 bits = loadInteger(p, f);
  if (f.width == 8) return std::bit_cast<double>(bits);
  if (f.width == 2) return doubleFromHalf(u16(bits));
  if ((bits & 0x7F800000) == 0x7F800000 && (bits & 0x7FFFFF))
    return std::bit_cast<double>((bits & 0x80000000) << 32 | u64(0x7FF0000000000000) |
                                 (bits & 0x7FFFFF) << 29);
  return double(std::bit_cast<float>(u32(bits)));
}
// The two parts of a complex as float fields.
StructField partOf(const StructField& f) {
  StructField part = f;
  part.width = u8(f.width / 2);
  return part;
}

Result<void> packString(Thread& t, u8* p, Value v, const StructField& f) {
  std::string_view text;
  if (isInstanceOf(v, &PyBytes_Type))
    text = v.as<Bytes>()->view();
  else if (isInstanceOf(v, &PyByteArray_Type))
    text = {v.as<ByteArray>()->start, size_t(v.as<ByteArray>()->size)};
  else
    return t.raise(gError, "argument for '{}' must be a bytes object",
                   f.kind == FieldKind::String ? "s" : "p");
  size_t room = size_t(f.size);
  if (room == 0) return {};
  if (f.kind == FieldKind::Pascal) {
    size_t n = std::min(text.size(), --room);
    *p++ = u8(std::min<size_t>(n, 255));
  }
  size_t n = std::min(text.size(), room);
  if (n) memcpy(p, text.data(), n);
  return {};
}

Result<void> packOne(Thread& t, u8* p, Value v, const StructField& f) {
  switch (f.kind) {
    case FieldKind::Signed:
    case FieldKind::Unsigned:
    case FieldKind::Pointer:
      return packInteger(t, p, v, f);
    case FieldKind::Bool:
      *p = TRY(isTrue(t, v));
      return {};
    case FieldKind::Float: {
      Result<double> d = asDouble(t, v);
      if (!d) {
        t.clearException();
        return t.raise(gError, "required argument is not a float");
      }
      return storeFloat(t, p, *d, f);
    }
    case FieldKind::Complex: {
      Result<ComplexValue> z = toComplexValue(t, v);
      if (!z) {
        t.clearException();
        return t.raise(gError, "required argument is not a complex");
      }
      StructField part = partOf(f);
      double values[] = {(*z).real, (*z).imag};
      for (int i = 0; i < 2; i++) {
        double d = part.width == 4 ? double(float(values[i])) : values[i];
        TRY(storeFloat(t, p + i * part.width, d, part));
      }
      return {};
    }
    case FieldKind::Char:
      if (!isInstanceOf(v, &PyBytes_Type) || v.as<Bytes>()->size != 1)
        return t.raise(gError, "char format requires a bytes object of length 1");
      *p = u8(v.as<Bytes>()->data[0]);
      return {};
    default:
      return packString(t, p, v, f);
  }
}
// `out` has s.size bytes.
Result<void> packAll(Thread& t, StructObject& s, u8* out, Values values) {
  Ref<> hold = retain(s.fields);
  memset(out, 0, size_t(s.size));
  size_t next = 0;
  for (const StructField& f : fieldsOf(s)) {
    u8* p = out + f.offset;
    for (i64 i = 0; i < f.repeat; i++, p += f.size) TRY(packOne(t, p, values[next++], f));
  }
  return {};
}

Result<Ref<>> pack(Thread& t, StructObject& s, Values values) {
  TRY(check(t, s));
  if (i64(values.size()) != s.itemCount)
    return t.raise(gError, "pack expected {} items for packing (got {})", s.itemCount,
                   i64(values.size()));
  Ref<Bytes> out = newBytes(s.size);
  if (!out) return t.raiseMemory();
  TRY(packAll(t, s, reinterpret_cast<u8*>(out->data), values));
  return out;
}
Result<Ref<>> packInto(Thread& t, StructObject& s, Values args) {
  TRY(check(t, s));
  if (i64(args.size()) != s.itemCount + 2) {
    if (args.empty()) return t.raise(gError, "pack_into expected buffer argument");
    if (args.size() == 1) return t.raise(gError, "pack_into expected offset argument");
    return t.raise(gError, "pack_into expected {} items for packing (got {})", s.itemCount,
                   i64(args.size()) - 2);
  }
  Buffer buffer;
  if (!Buffer::get(t, args[0], &buffer, kBufferWritable)) {
    if (!t.takeIf(kTypeError) && !t.takeIf(kBufferError)) return Error{};
    return t.raise(kTypeError, "argument must be read-write bytes-like object, not {}",
                   typeOf(args[0]));
  }
  i64 offset = TRY(indexI64(t, args[1], kIndexError)), length = buffer.size();
  if (offset < 0) {
    if (offset + s.size > 0)
      return t.raise(gError, "no space to pack {} bytes at offset {}", s.size, offset);
    if (offset + length < 0)
      return t.raise(gError, "offset {} out of range for {}-byte buffer", offset, length);
    offset += length;
  }
  if (length - offset < s.size)
    return t.raise(
        gError,
        "pack_into requires a buffer of at least {} bytes for packing {} bytes at offset {} "
        "(actual buffer size is {})",
        makeInt(u64(s.size) + u64(offset)), s.size, offset, length);
  TRY(packAll(t, s, buffer.data() + offset, args.subspan(2)));
  return noneRef();
}

// ---- unpacking ----

Ref<> unpackOne(const u8* p, const StructField& f) {
  auto* text = reinterpret_cast<const char*>(p);
  switch (f.kind) {
    case FieldKind::Signed: {
      int spare = 64 - 8 * f.width;
      return makeInt(i64(loadInteger(p, f) << spare) >> spare);
    }
    case FieldKind::Unsigned:
    case FieldKind::Pointer:
      return makeInt(loadInteger(p, f));
    case FieldKind::Bool:
      return boolRef(*p != 0);
    case FieldKind::Float:
      return makeFloat(loadFloat(p, f));
    case FieldKind::Complex: {
      StructField part = partOf(f);
      return makeComplex(loadFloat(p, part), loadFloat(p + part.width, part));
    }
    case FieldKind::Char:
      return makeBytes({text, 1});
    case FieldKind::Pascal: {
      if (f.size == 0) return makeBytes({});
      return makeBytes({text + 1, std::min(size_t(*p), size_t(f.size) - 1)});
    }
    default:
      return makeBytes({text, size_t(f.size)});
  }
}
Ref<> unpackAll(const StructObject& s, const u8* from) {
  Ref<Tuple> out = newTuple(s.itemCount);
  i64 next = 0;
  for (const StructField& f : fieldsOf(s)) {
    const u8* p = from + f.offset;
    for (i64 i = 0; i < f.repeat; i++, p += f.size) out->items[next++] = unpackOne(p, f).release();
  }
  return out;
}

Result<Ref<>> unpack(Thread& t, StructObject& s, Value data) {
  TRY(check(t, s));
  Buffer buffer;
  TRY(Buffer::get(t, data, &buffer));
  if (buffer.size() != s.size)
    return t.raise(gError, "unpack requires a buffer of {} bytes", s.size);
  return unpackAll(s, buffer.data());
}
Result<Ref<>> unpackFrom(Thread& t, StructObject& s, Value data, i64 offset) {
  TRY(check(t, s));
  Buffer buffer;
  TRY(Buffer::get(t, data, &buffer));
  i64 length = buffer.size();
  if (offset < 0) {
    if (offset + s.size > 0)
      return t.raise(gError, "not enough data to unpack {} bytes at offset {}", s.size, offset);
    if (offset + length < 0)
      return t.raise(gError, "offset {} out of range for {}-byte buffer", offset, length);
    offset += length;
  }
  if (length - offset < s.size)
    return t.raise(
        gError,
        "unpack_from requires a buffer of at least {} bytes for unpacking {} bytes at offset {} "
        "(actual buffer size is {})",
        makeInt(u64(s.size) + u64(offset)), s.size, offset, length);
  return unpackAll(s, buffer.data() + offset);
}
Result<Ref<>> iterUnpack(Thread& t, StructObject& s, Value data) {
  TRY(check(t, s));
  if (s.size == 0) return t.raise(gError, "cannot iteratively unpack with a struct of length 0");
  Buffer buffer;
  TRY(Buffer::get(t, data, &buffer));
  if (buffer.size() % s.size)
    return t.raise(gError, "iterative unpacking requires a buffer of a multiple of {} bytes",
                   s.size);
  Ref<> view = TRY(callWith(t, &PyMemoryView_Type, data));
  Ref<UnpackIterator> it = make<UnpackIterator>(&PyUnpackIterator_Type);
  it->description = retain(&s).release();
  it->view = view.release();
  gcTrack(it.get());
  return it;
}

}  // namespace

// ---- Struct ----

Result<Ref<>> structobject___new__(Thread&, Type& cls, const Args&) {
  auto* s = static_cast<StructObject*>(newInstance(&cls));
  s->size = -1;
  s->itemCount = -1;
  gcTrack(s);
  return Ref<>::steal(s);
}
Result<void> structobject___init__(Thread& t, StructObject& self, Value format) {
  return initialize(t, self, format);
}
Result<Ref<>> structobject___repr__(Thread& t, StructObject& self) {
  TRY(check(t, self));
  Ref<Str> format = TRY(repr(t, self.format));
  return formatStr("{}({})", shortName(typeName(self.type)), format);
}
Result<Ref<>> structobject_get_format(Thread& t, StructObject& self) {
  TRY(check(t, self));
  return retain(self.format);
}
Result<Ref<>> structobject_get_size(Thread&, StructObject& self) { return makeInt(self.size); }
Result<i64> structobject___sizeof__(Thread& t, StructObject& self) {
  TRY(check(t, self));
  return self.type->basicSize + self.fields.as<Bytes>()->size;
}
Result<Ref<>> structobject_pack(Thread& t, StructObject& self, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "Struct.pack() takes no keyword arguments");
  return pack(t, self, Values(args.v, args.count));
}
Result<Ref<>> structobject_pack_into(Thread& t, StructObject& self, const Args& args) {
  if (args.keywordCount())
    return t.raise(kTypeError, "Struct.pack_into() takes no keyword arguments");
  return packInto(t, self, Values(args.v, args.count));
}
Result<Ref<>> structobject_unpack(Thread& t, StructObject& self, Value buffer) {
  return unpack(t, self, buffer);
}
Result<Ref<>> structobject_unpack_from(Thread& t, StructObject& self, Value buffer, i64 offset) {
  return unpackFrom(t, self, buffer, offset);
}
Result<Ref<>> structobject_iter_unpack(Thread& t, StructObject& self, Value buffer) {
  return iterUnpack(t, self, buffer);
}

// ---- unpack_iterator ----

Result<Ref<>> unpackiterator___iter__(Thread&, UnpackIterator& self) { return retain(&self); }
Result<Ref<>> unpackiterator___next__(Thread&, UnpackIterator& self) {
  if (self.description.isEmpty()) return Ref<>();
  auto* s = self.description.as<StructObject>();
  const BufferView& view = self.view.as<MemoryView>()->view;
  if (self.offset >= view.len || view.len - self.offset < s->size) {
    clearField(self.description);
    clearField(self.view);
    return Ref<>();
  }
  Ref<> values = unpackAll(*s, static_cast<u8*>(view.buf) + self.offset);
  self.offset += s->size;
  return values;
}
Result<i64> unpackiterator___length_hint__(Thread&, UnpackIterator& self) {
  if (self.description.isEmpty()) return 0;
  return (self.view.as<MemoryView>()->view.len - self.offset) /
         self.description.as<StructObject>()->size;
}

// ---- functions ----

Result<void> _struct__clearcache(Thread&) {
  dictClear(gCache);
  return {};
}
Result<i64> _struct_calcsize(Thread& t, Value format) { return TRY(structFor(t, format))->size; }
Result<Ref<>> _struct_pack(Thread& t, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "_struct.pack() takes no keyword arguments");
  if (args.count == 0) return t.raise(kTypeError, "missing format argument");
  Ref<StructObject> s = TRY(structFor(t, args[0]));
  return pack(t, *s, Values(args.v + 1, args.count - 1));
}
Result<Ref<>> _struct_pack_into(Thread& t, const Args& args) {
  if (args.keywordCount())
    return t.raise(kTypeError, "_struct.pack_into() takes no keyword arguments");
  if (args.count == 0) return t.raise(kTypeError, "missing format argument");
  Ref<StructObject> s = TRY(structFor(t, args[0]));
  return packInto(t, *s, Values(args.v + 1, args.count - 1));
}
Result<Ref<>> _struct_unpack(Thread& t, Value format, Value buffer) {
  Ref<StructObject> s = TRY(structFor(t, format));
  return unpack(t, *s, buffer);
}
Result<Ref<>> _struct_unpack_from(Thread& t, Value format, Value buffer, i64 offset) {
  Ref<StructObject> s = TRY(structFor(t, format));
  return unpackFrom(t, *s, buffer, offset);
}
Result<Ref<>> _struct_iter_unpack(Thread& t, Value format, Value buffer) {
  Ref<StructObject> s = TRY(structFor(t, format));
  return iterUnpack(t, *s, buffer);
}

Result<void> _struct_exec(Thread& t, Module& module) {
  if (!gError) {
    gError = TRY(newExceptionClass(t, "struct", "error", kException)).release();
    gCache = newDict().release();
  }
  moduleSet(module, "error", gError);
  return {};
}

}  // namespace dx
