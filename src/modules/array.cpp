// Module array: compact sequences of machine values.
#include <algorithm>

#include "memory/heap.h"
#include "modules/array.gen.h"

namespace dx {

namespace {

u8 gNothing[16];  // what buffers of empty arrays point to

DX_COLD Error exporting(Thread& t) {
  return t.raise(kBufferError, "cannot resize an array that is exporting buffers");
}
Result<void> resize(Thread& t, ArrayObject& a, i64 size) {
  if (a.exports > 0 && size != a.size) return exporting(t);
  if (size <= a.allocated && size >= a.allocated / 2 && a.items) {
    a.size = size;
    return {};
  }
  if (size == 0) {
    if (a.items) release(a.items);
    a.items = nullptr;
    a.size = a.allocated = 0;
    return {};
  }
  i64 room = size + (size >> 4) + (a.size < 8 ? 3 : 7);
  if (a.allocated == 0) room = size;  // most arrays never grow
  i64 bytes;
  if (__builtin_mul_overflow(room, i64(a.kind->width), &bytes)) return t.raiseMemory();
  void* grown = a.items ? reallocateOrNull(a.items, size_t(bytes)) : allocateOrNull(size_t(bytes));
  if (!grown) return t.raiseMemory();
  a.items = static_cast<u8*>(grown);
  a.size = size;
  a.allocated = room;
  return {};
}

u8* at(const ArrayObject& a, i64 i) { return a.items + i * a.kind->width; }
size_t byteSize(const ArrayObject& a) { return size_t(a.size) * a.kind->width; }
std::string_view bytesOfArray(const ArrayObject& a) {
  return {reinterpret_cast<const char*>(a.items ? a.items : gNothing), byteSize(a)};
}
Result<Ref<>> item(Thread& t, const ArrayObject& a, i64 i) { return a.kind->load(t, at(a, i)); }

Result<void> insertAt(Thread& t, ArrayObject& a, i64 i, Value v) {
  u8 raw[8];
  TRY(a.kind->convert(t, v, raw));
  i64 size = a.size;  // the conversion may have changed it
  if (i < 0) i = std::max<i64>(i + size, 0);
  i = std::min(i, size);
  TRY(resize(t, a, size + 1));
  memmove(at(a, i + 1), at(a, i), size_t(size - i) * a.kind->width);
  memcpy(at(a, i), raw, a.kind->width);
  return {};
}
// Removes [from, to).
Result<void> removeRange(Thread& t, ArrayObject& a, i64 from, i64 to) {
  if (from >= to) return {};
  if (a.exports > 0) return exporting(t);
  memmove(at(a, from), at(a, to), size_t(a.size - to) * a.kind->width);
  return resize(t, a, a.size - (to - from));
}

Result<void> appendText(Thread& t, ArrayObject& a, Str* text) {
  i64 before = a.size;
  TRY(resize(t, a, before + text->length));
  for (i64 i = 0; i < text->length; i++) {
    u32 c = text->at(i);
    memcpy(at(a, before + i), &c, 4);
  }
  return {};
}
Result<void> appendArray(Thread& t, ArrayObject& a, const ArrayObject& more) {
  if (more.kind != a.kind) return t.raise(kTypeError, "can only extend with array of same kind");
  i64 before = a.size, count = more.size;  // it may be the same array
  if (count == 0) return {};
  TRY(resize(t, a, before + count));
  memcpy(at(a, before), more.items, size_t(count) * a.kind->width);
  return {};
}
Result<void> extend(Thread& t, ArrayObject& a, Value source) {
  if (isArray(source)) return appendArray(t, a, *source.as<ArrayObject>());
  return forEach(t, source, [&](Value v) -> Result<bool> {
    TRY(arrayAppend(t, a, v));
    return true;
  });
}

DX_COLD Error badArgument(Thread& t) {
  return t.raise(kTypeError, "bad argument type for built-in operation");
}

Result<Ref<ArrayObject>> copyRange(Thread& t, const ArrayObject& a, i64 from, i64 to) {
  Ref<ArrayObject> copy = TRY(newArray(t, &PyArray_Type, a.kind, to - from));
  if (to > from) memcpy(copy->items, at(a, from), byteSize(*copy));
  return std::move(copy);
}
Result<Ref<>> repeat(Thread& t, const ArrayObject& a, i64 count) {
  i64 size;
  if (__builtin_mul_overflow(a.size, std::max<i64>(count, 0), &size)) return t.raiseMemory();
  Ref<ArrayObject> copy = TRY(newArray(t, &PyArray_Type, a.kind, size));
  size_t step = byteSize(a), total = byteSize(*copy);
  for (size_t done = 0; step && done < total; done += step)
    memcpy(copy->items + done, a.items, step);
  return std::move(copy);
}

// The text of a unicode array.
Result<Ref<>> textOf(Thread& t, const ArrayObject& a) {
  const u32* units = reinterpret_cast<const u32*>(a.items);
  bool plain = true;
  for (i64 i = 0; i < a.size && plain; i++)
    plain = units[i] < 0xD800 || (units[i] > 0xDFFF && units[i] <= 0x10FFFF);
  if (plain) return a.size ? Ref<>(makeStrFromUnits(units, a.size)) : retain(emptyStr());
  Ref<> bytes = makeBytes(bytesOfArray(a));
  return callMethodWith(t, bytes, DX_NAME("decode"), makeStr("utf-32-le"));  // raises
}
std::string_view shortName(Type* type) {
  std::string_view name = typeName(type);
  return name.substr(name.rfind('.') + 1);
}

// The index of the first item equal to v from `i` on, below `stop`; -1: none.
Result<i64> find(Thread& t, ArrayObject& a, Value v, i64 i, i64 stop) {
  for (; i < stop && i < a.size; i++) {
    Ref<> x = TRY(item(t, a, i));
    if (TRY(compareBool(t, x, v, CompareOp::Eq))) return i;
  }
  return -1;
}

Result<void> checkTypecode(Thread& t, Value code) {
  if (!isStr(code))
    return t.raise(kTypeError, "array() argument 1 must be a unicode character, not {}",
                   typeOf(code));
  if (code.as<Str>()->length != 1)
    return t.raise(kTypeError,
                   "array() argument 1 must be a unicode character, not a string of length {}",
                   code.as<Str>()->length);
  return {};
}

}  // namespace

Result<Ref<ArrayObject>> newArray(Thread& t, Type* cls, const ArrayKind* kind, i64 size) {
  if (size > INT64_MAX / kind->width) return t.raiseMemory();
  auto a = Ref<ArrayObject>::steal(static_cast<ArrayObject*>(newInstance(cls)));
  a->kind = kind;
  if (size > 0) TRY(resize(t, *a, size));
  return a;
}
Result<void> arrayAppend(Thread& t, ArrayObject& a, Value v) {
  u8 raw[8];
  TRY(a.kind->convert(t, v, raw));
  TRY(resize(t, a, a.size + 1));
  memcpy(at(a, a.size - 1), raw, a.kind->width);
  return {};
}
Result<void> arrayAppendBytes(Thread& t, ArrayObject& a, std::string_view bytes) {
  if (bytes.size() % a.kind->width)
    return t.raise(kValueError, "bytes length not a multiple of item size");
  if (bytes.empty()) return {};
  i64 before = a.size;
  TRY(resize(t, a, before + i64(bytes.size() / a.kind->width)));
  memcpy(at(a, before), bytes.data(), bytes.size());
  return {};
}

void array_dealloc(Object* o) {
  auto* a = static_cast<ArrayObject*>(o);
  if (a->items) release(a->items);
  freeObject(o);
}

Result<Ref<>> array___new__(Thread& t, Type& cls, const Args& args) {
  if (args.keywordCount() &&
      (&cls == &PyArray_Type || cls.data->slots.init == PyArray_Type.data->slots.init))
    return t.raise(kTypeError, "array.array() takes no keyword arguments");
  if (args.count < 1) return t.raise(kTypeError, "array() takes at least 1 argument (0 given)");
  if (args.count > 2)
    return t.raise(kTypeError, "array() takes at most 2 arguments ({} given)", args.count);
  TRY(checkTypecode(t, args[0]));
  u32 code = args[0].as<Str>()->at(0);
  if (code == 'u')
    TRY(warn(t, kDeprecationWarning,
             "The 'u' type code is deprecated and will be removed in Python 3.16"));
  Value source = args.count == 2 ? args[1] : Value();
  bool wantsText = code == 'u' || code == 'w';
  if (source && !wantsText) {
    if (isStr(source))
      return t.raise(kTypeError, "cannot use a str to initialize an array with typecode '{}'",
                     makeChar(code));
    if (isArray(source) && source.as<ArrayObject>()->kind->isText())
      return t.raise(kTypeError,
                     "cannot use a unicode array to initialize an array with typecode '{}'",
                     makeChar(code));
  }
  const ArrayKind* kind = findArrayKind(code);
  if (!kind)
    return t.raise(kValueError,
                   "bad typecode (must be b, B, u, w, h, H, i, I, l, L, q, Q, f or d)");
  Ref<ArrayObject> a = TRY(newArray(t, &cls, kind, 0));
  if (!source) return a;
  if (isStr(source)) {
    TRY(appendText(t, *a, source.as<Str>()));
  } else if (isInstanceOf(source, &PyBytes_Type) || isInstanceOf(source, &PyByteArray_Type)) {
    Buffer buffer;
    TRY(Buffer::get(t, source, &buffer));
    TRY(arrayAppendBytes(t, *a, buffer.bytes()));
  } else if (isArray(source) && source.as<ArrayObject>()->kind != kind) {
    Ref<> hold = retain(source);
    for (i64 i = 0; i < source.as<ArrayObject>()->size; i++) {
      Ref<> v = TRY(item(t, *source.as<ArrayObject>(), i));
      TRY(arrayAppend(t, *a, v));
    }
  } else {
    TRY(extend(t, *a, source));
  }
  return a;
}

Result<Ref<>> array___repr__(Thread& t, ArrayObject& self) {
  Ref<Str> code = makeChar(u32(self.kind->code));
  if (self.size == 0) return formatStr("{}('{}')", shortName(self.type), code);
  Ref<> content = self.kind->isText() ? TRY(textOf(t, self)) : TRY(array_tolist(t, self));
  Ref<Str> text = TRY(repr(t, content));
  return formatStr("{}('{}', {})", shortName(self.type), code, text);
}

Result<Ref<>> array___richcompare__(Thread& t, ArrayObject& self, Value otherValue, CompareOp op) {
  if (!isArray(otherValue)) return notImplementedRef();
  ArrayObject& other = *otherValue.as<ArrayObject>();
  bool equality = op == CompareOp::Eq || op == CompareOp::Ne;
  if (equality && self.size != other.size) return boolRef(op == CompareOp::Ne);
  if (equality && self.kind == other.kind && self.kind->code != 'f' && self.kind->code != 'd')
    return boolRef((bytesOfArray(self) == bytesOfArray(other)) == (op == CompareOp::Eq));
  for (i64 i = 0; i < self.size && i < other.size; i++) {
    Ref<> a = TRY(item(t, self, i)), b = TRY(item(t, other, i));
    if (TRY(compareBool(t, a, b, CompareOp::Eq))) continue;
    if (equality) return boolRef(op == CompareOp::Ne);
    return compare(t, a, b, op);
  }
  return compare(t, makeInt(self.size), makeInt(other.size), op);
}

// ---- buffer ----

Result<void> array_getBuffer(Thread&, ArrayObject& self, BufferView* view, int flags) {
  view->buf = self.items ? self.items : gNothing;
  view->obj = retainObject(static_cast<Object*>(&self)).release();
  view->len = i64(byteSize(self));
  view->itemsize = self.kind->width;
  view->readonly = 0;
  view->ndim = 1;
  view->format = flags & kBufferFormat ? const_cast<char*>(self.kind->format) : nullptr;
  view->shape = flags & kBufferND ? &self.size : nullptr;
  view->strides = (flags & kBufferStrides) == kBufferStrides ? &view->itemsize : nullptr;
  view->suboffsets = nullptr;
  view->internal = nullptr;
  self.exports++;
  return {};
}
void array_releaseBuffer(Thread&, ArrayObject& self, BufferView*) { self.exports--; }

// ---- sequence ----

Result<i64> array___len__(Thread&, ArrayObject& self) { return self.size; }
Result<Ref<>> array___seqitem__(Thread& t, ArrayObject& self, i64 i) {
  if (i < 0 || i >= self.size) return t.raise(kIndexError, "array index out of range");
  return item(t, self, i);
}
Result<Ref<>> array___getitem__(Thread& t, ArrayObject& self, Value key) {
  if (key.isObject() && key.object()->type == &PySlice_Type) {
    SliceBounds s = TRY(resolveSlice(t, *key.as<Slice>(), self.size));
    if (s.step == 1) return copyRange(t, self, s.start, s.start + s.count);
    Ref<ArrayObject> part = TRY(newArray(t, &PyArray_Type, self.kind, s.count));
    for (i64 i = 0; i < s.count; i++)
      memcpy(at(*part, i), at(self, s.start + i * s.step), self.kind->width);
    return part;
  }
  if (!hasIndex(key)) return t.raise(kTypeError, "array indices must be integers");
  i64 i = TRY(indexI64(t, key, kIndexError));
  if (i < 0) i += self.size;
  return array___seqitem__(t, self, i);
}

static Result<void> assignSlice(Thread& t, ArrayObject& a, Slice& slice, Value value) {
  Ref<ArrayObject> copy;
  const ArrayObject* from = nullptr;
  if (value) {
    if (!isArray(value))
      return t.raise(kTypeError, "can only assign array (not \"{}\") to array slice",
                     typeOf(value));
    from = value.as<ArrayObject>();
    if (from == &a) {
      copy = TRY(copyRange(t, a, 0, a.size));
      from = copy.get();
    }
    if (from->kind != a.kind) return badArgument(t);
  }
  SliceBounds s = TRY(resolveSlice(t, slice, a.size));
  i64 needed = from ? from->size : 0;
  if (a.exports > 0 && (s.step == 1 || !from) && needed != s.count) return exporting(t);
  if (s.step == 1) {
    i64 end = s.start + s.count, tail = a.size - end;
    if (needed > s.count) {
      TRY(resize(t, a, a.size + needed - s.count));
      memmove(at(a, s.start + needed), at(a, end), size_t(tail) * a.kind->width);
    } else {
      TRY(removeRange(t, a, s.start + needed, end));
    }
    if (needed) memcpy(at(a, s.start), from->items, size_t(needed) * a.kind->width);
    return {};
  }
  if (!from) {  // delete every step-th item
    if (s.count == 0) return {};
    if (s.step < 0) {
      s.start += (s.count - 1) * s.step;
      s.step = -s.step;
    }
    i64 to = s.start;
    for (i64 i = s.start, removed = 0; i < a.size; i++) {
      if (removed < s.count && i == s.start + removed * s.step)
        removed++;
      else
        memcpy(at(a, to++), at(a, i), a.kind->width);
    }
    return resize(t, a, to);
  }
  if (needed != s.count)
    return t.raise(kValueError, "attempt to assign array of size {} to extended slice of size {}",
                   needed, s.count);
  for (i64 i = 0; i < s.count; i++)
    memcpy(at(a, s.start + i * s.step), at(*from, i), a.kind->width);
  return {};
}
Result<void> array___setitem__(Thread& t, ArrayObject& self, Value key, Value value) {
  if (key.isObject() && key.object()->type == &PySlice_Type)
    return assignSlice(t, self, *key.as<Slice>(), value);
  if (!hasIndex(key)) return t.raise(kTypeError, "array indices must be integers");
  i64 i = TRY(indexI64(t, key, kIndexError));
  if (i < 0) i += self.size;
  if (i < 0 || i >= self.size) return t.raise(kIndexError, "array assignment index out of range");
  if (!value) return removeRange(t, self, i, i + 1);
  u8 raw[8];
  TRY(self.kind->convert(t, value, raw));
  if (i >= self.size) return t.raise(kIndexError, "array assignment index out of range");
  memcpy(at(self, i), raw, self.kind->width);
  return {};
}

Result<Ref<>> array___add__(Thread& t, ArrayObject& self, Value value) {
  if (!isArray(value))
    return t.raise(kTypeError, "can only append array (not \"{}\") to array", typeOf(value));
  const ArrayObject& other = *value.as<ArrayObject>();
  if (other.kind != self.kind) return badArgument(t);
  i64 size;
  if (__builtin_add_overflow(self.size, other.size, &size)) return t.raiseMemory();
  Ref<ArrayObject> sum = TRY(newArray(t, &PyArray_Type, self.kind, size));
  if (self.size) memcpy(sum->items, self.items, byteSize(self));
  if (other.size) memcpy(at(*sum, self.size), other.items, byteSize(other));
  return sum;
}
Result<Ref<>> array___mul__(Thread& t, ArrayObject& self, i64 count) {
  return repeat(t, self, count);
}
Result<Ref<>> array___iadd__(Thread& t, ArrayObject& self, Value value) {
  if (!isArray(value))
    return t.raise(kTypeError, "can only extend array with array (not \"{}\")", typeOf(value));
  TRY(appendArray(t, self, *value.as<ArrayObject>()));
  return retain(&self);
}
Result<Ref<>> array___imul__(Thread& t, ArrayObject& self, i64 count) {
  i64 before = self.size, size;
  if (__builtin_mul_overflow(before, std::max<i64>(count, 0), &size)) return t.raiseMemory();
  TRY(resize(t, self, size));
  for (i64 i = before; before && i < size; i += before)
    memcpy(at(self, i), self.items, size_t(before) * self.kind->width);
  return retain(&self);
}
Result<bool> array___contains__(Thread& t, ArrayObject& self, Value v) {
  return TRY(find(t, self, v, 0, INT64_MAX)) >= 0;
}

// ---- methods ----

Result<void> array_append(Thread& t, ArrayObject& self, Value v) { return arrayAppend(t, self, v); }
Result<void> array_extend(Thread& t, ArrayObject& self, Value source) {
  return extend(t, self, source);
}
Result<void> array_insert(Thread& t, ArrayObject& self, i64 i, Value v) {
  return insertAt(t, self, i, v);
}
Result<void> array_clear(Thread& t, ArrayObject& self) { return resize(t, self, 0); }
Result<Ref<>> array_buffer_info(Thread&, ArrayObject& self) {
  return tupleOf(makeInt(u64(self.items)), makeInt(self.size));
}
Result<void> array_byteswap(Thread&, ArrayObject& self) {
  for (i64 i = 0; i < self.size; i++) std::reverse(at(self, i), at(self, i) + self.kind->width);
  return {};
}
Result<void> array_reverse(Thread&, ArrayObject& self) {
  u32 width = self.kind->width;
  for (i64 i = 0, j = self.size - 1; i < j; i++, j--)
    std::swap_ranges(at(self, i), at(self, i) + width, at(self, j));
  return {};
}
Result<i64> array_count(Thread& t, ArrayObject& self, Value v) {
  i64 count = 0;
  for (i64 i = 0; (i = TRY(find(t, self, v, i, INT64_MAX))) >= 0; i++) count++;
  return count;
}
Result<i64> array_index(Thread& t, ArrayObject& self, Value v, Value start, Value stop) {
  i64 from = start ? TRY(indexI64(t, start, nullptr)) : 0,
      to = stop ? TRY(indexI64(t, stop, nullptr)) : INT64_MAX;
  if (from < 0) from = std::max<i64>(from + self.size, 0);
  if (to < 0) to += self.size;
  i64 i = TRY(find(t, self, v, from, to));
  if (i < 0) return t.raise(kValueError, "array.index(x): x not in array");
  return i;
}
Result<void> array_remove(Thread& t, ArrayObject& self, Value v) {
  i64 i = TRY(find(t, self, v, 0, INT64_MAX));
  if (i < 0) return t.raise(kValueError, "array.remove(x): x not in array");
  if (i >= self.size) return {};
  return removeRange(t, self, i, i + 1);
}
Result<Ref<>> array_pop(Thread& t, ArrayObject& self, i64 i) {
  if (self.size == 0) return t.raise(kIndexError, "pop from empty array");
  if (i < 0) i += self.size;
  if (i < 0 || i >= self.size) return t.raise(kIndexError, "pop index out of range");
  Ref<> v = TRY(item(t, self, i));
  TRY(removeRange(t, self, i, i + 1));
  return v;
}
Result<Ref<>> array___copy__(Thread& t, ArrayObject& self) {
  return copyRange(t, self, 0, self.size);
}
Result<Ref<>> array___deepcopy__(Thread& t, ArrayObject& self, Value) {
  return copyRange(t, self, 0, self.size);
}
Result<i64> array___sizeof__(Thread&, ArrayObject& self) {
  return self.type->basicSize + self.allocated * self.kind->width;
}
Result<Ref<>> array_get_typecode(Thread&, ArrayObject& self) {
  return makeChar(u32(self.kind->code));
}
Result<Ref<>> array_get_itemsize(Thread&, ArrayObject& self) {
  return makeInt(u32(self.kind->width));
}

// ---- conversions ----

Result<Ref<>> array_tolist(Thread& t, ArrayObject& self) {
  Ref<List> list = newList(self.size);
  for (i64 i = 0; i < self.size; i++) listAppend(list, TRY(item(t, self, i)));
  return list;
}
Result<Ref<>> array_tobytes(Thread&, ArrayObject& self) { return makeBytes(bytesOfArray(self)); }
Result<Ref<>> array_tounicode(Thread& t, ArrayObject& self) {
  if (!self.kind->isText())
    return t.raise(kValueError,
                   "tounicode() may only be called on unicode type arrays ('u' or 'w')");
  return textOf(t, self);
}
Result<void> array_fromunicode(Thread& t, ArrayObject& self, Str& text) {
  if (!self.kind->isText())
    return t.raise(kValueError,
                   "fromunicode() may only be called on unicode type arrays ('u' or 'w')");
  return appendText(t, self, &text);
}
Result<void> array_frombytes(Thread& t, ArrayObject& self, const Buffer& buffer) {
  if (buffer.view().itemsize != 1) return t.raise(kTypeError, "a bytes-like object is required");
  return arrayAppendBytes(t, self, buffer.bytes());
}
Result<void> array_fromlist(Thread& t, ArrayObject& self, Value listValue) {
  if (!isInstanceOf(listValue, &PyList_Type)) return t.raise(kTypeError, "arg must be list");
  auto* list = listValue.as<List>();
  i64 before = self.size, count = list->size;
  for (i64 i = 0; i < count; i++) {
    Ref<> v = retain(list->items[i]);
    bool failed = !arrayAppend(t, self, v);
    if (!failed && list->size != count) {
      (void)t.raise(kRuntimeError, "list changed size during iteration");
      failed = true;
    }
    if (!failed) continue;
    if (self.exports == 0 && self.size > before) {
      ExceptionSaver saver(t);
      (void)bool(resize(t, self, before));
    }
    return Error{};
  }
  return {};
}
Result<void> array_fromfile(Thread& t, ArrayObject& self, Value file, i64 count) {
  if (count < 0) return t.raise(kValueError, "negative count");
  i64 wanted;
  if (__builtin_mul_overflow(count, i64(self.kind->width), &wanted)) return t.raiseMemory();
  Ref<> data = TRY(callMethodWith(t, file, DX_NAME("read"), makeInt(wanted)));
  if (!isBytes(data)) return t.raise(kTypeError, "read() didn't return bytes");
  std::string_view bytes = data.as<Bytes>()->view();
  bool enough = i64(bytes.size()) == wanted;
  TRY(arrayAppendBytes(t, self, bytes));
  if (!enough) return t.raise(kEOFError, "read() didn't return enough bytes");
  return {};
}
Result<void> array_tofile(Thread& t, ArrayObject& self, Value file) {
  constexpr size_t kBlock = 64 * 1024;
  for (size_t done = 0; done < byteSize(self); done += kBlock) {
    Ref<> block = makeBytes(bytesOfArray(self).substr(done, kBlock));
    Ref<> written = TRY(callMethodWith(t, file, DX_NAME("write"), block));
  }
  return {};
}
Result<Ref<>> array___reduce_ex__(Thread& t, ArrayObject& self, Value protocolValue) {
  if (!isInt(protocolValue))
    return t.raise(kTypeError, "__reduce_ex__ argument should be an integer");
  i64 protocol = TRY(argI64(t, protocolValue));
  Ref<> state;
  if (!TRY(lookupAttr(t, &self, DX_NAME("__dict__"), &state))) state = noneRef();
  Ref<Str> code = makeChar(u32(self.kind->code));
  if (protocol < 3) return tupleOf(self.type, tupleOf(code, TRY(array_tolist(t, self))), state);
  Ref<> reconstructor = TRY(importAttr(t, "array", "_array_reconstructor"));
  return tupleOf(reconstructor,
                 tupleOf(self.type, code, makeInt(int(self.kind->machineFormat)),
                         makeBytes(bytesOfArray(self))),
                 state);
}

// ---- iterator ----

Result<Ref<>> array___iter__(Thread&, ArrayObject& self) {
  Ref<ArrayIterator> it = make<ArrayIterator>(&PyArrayIter_Type);
  it->array = retain(&self).release();
  gcTrack(it.get());
  return it;
}
Result<Ref<>> arrayiterator___iter__(Thread&, ArrayIterator& self) { return retain(&self); }
Result<Ref<>> arrayiterator___next__(Thread& t, ArrayIterator& self) {
  if (!self.array) return Ref<>();
  auto* a = self.array.as<ArrayObject>();
  if (self.index < a->size) return item(t, *a, self.index++);
  clearField(self.array);
  return Ref<>();
}
Result<Ref<>> arrayiterator___reduce__(Thread& t, ArrayIterator& self) {
  Ref<> function = TRY(importAttr(t, "builtins", "iter"));
  if (!self.array) return tupleOf(function, tupleOf(emptyTuple()));
  return tupleOf(function, tupleOf(self.array), makeInt(self.index));
}
Result<void> arrayiterator___setstate__(Thread& t, ArrayIterator& self, Value state) {
  i64 index = TRY(argIndex(t, state));
  if (self.array) self.index = std::clamp<i64>(index, 0, self.array.as<ArrayObject>()->size);
  return {};
}

Result<void> array_exec(Thread& t, Module& module) {
  Ref<> sequence = TRY(importAttr(t, "collections.abc", "MutableSequence"));
  Ref<> registered = TRY(callMethodWith(t, sequence, DX_NAME("register"), &PyArray_Type));
  moduleSet(module, "ArrayType", &PyArray_Type);
  moduleSet(module, "typecodes", makeStr("bBuwhHiIlLqQfd"));
  return {};
}

}  // namespace dx
