// bytearray: storage and what changes it. The methods it shares with bytes: byte_methods.cpp.
#include "builtins/byte_methods.h"
#include "builtins/bytes.gen.h"
#include "memory/heap.h"

namespace dx {

namespace {

constexpr const char* kByteRange = "byte must be in range(0, 256)";
char gNoBytes[1] = {0};

Result<void> checkExports(Thread& t, ByteArray& a) {
  if (a.exports > 0)
    return t.raise(kBufferError, "Existing exports of data: object cannot be re-sized");
  return {};
}

// Gives [start, start + count) the bytes of `put`, which is not the array's own storage.
Result<void> splice(Thread& t, ByteArray& a, i64 start, i64 count, std::string_view put) {
  i64 growth = i64(put.size()) - count;
  i64 tail = a.size - start - count;
  if (growth < 0) {
    TRY(checkExports(t, a));
    if (start == 0) {
      // Cheap removal at the front: the storage begins later.
      a.start -= growth;
      a.size += growth;
      if (a.size == 0) TRY(resizeByteArray(t, a, 0));
    } else {
      memmove(a.start + start + put.size(), a.start + start + count, size_t(tail));
      TRY(resizeByteArray(t, a, a.size + growth));
    }
  } else if (growth > 0) {
    if (growth > INT64_MAX - a.size) return t.raiseMemory();
    TRY(resizeByteArray(t, a, a.size + growth));
    memmove(a.start + start + put.size(), a.start + start + count, size_t(tail));
  }
  if (!put.empty()) memcpy(a.start + start, put.data(), put.size());
  return {};
}

// The bytes of an iterable of ints.
Result<void> collectBytes(Thread& t, Value iterator, std::string* out) {
  for (;;) {
    Result<Ref<>> item = iterNext(t, iterator);
    if (!item) return t.hasException() ? Result<void>(Error{}) : Result<void>();
    out->push_back(char(TRY(byteValue(t, item.peek(), kByteRange))));
  }
}

}  // namespace

Result<void> resizeByteArray(Thread& t, ByteArray& a, i64 size) {
  if (size == a.size) return {};
  TRY(checkExports(t, a));
  i64 offset = a.bytes ? a.start - a.bytes : 0;
  if (a.bytes && size + offset + 1 <= a.allocated && size >= a.allocated / 2) {
    a.size = size;
    a.start[size] = 0;
    return {};
  }
  if (size == 0) {
    release(a.bytes);
    a.bytes = nullptr;
    a.start = gNoBytes;
    a.size = a.allocated = 0;
    return {};
  }
  i64 wanted = size + 1;
  if (a.bytes && size > a.size) {
    // Grow by an eighth more than asked, as long as it is not far more than before.
    wanted = size <= a.allocated * 9 / 8 ? size + (size >> 3) + (size < 9 ? 3 : 6) : size + 1;
  }
  if (a.bytes && offset == 0) {
    char* p = static_cast<char*>(reallocateOrNull(a.bytes, size_t(wanted)));
    if (!p) return t.raiseMemory();
    a.bytes = p;
  } else {
    char* p = static_cast<char*>(allocateOrNull(size_t(wanted)));
    if (!p) return t.raiseMemory();
    i64 keep = size < a.size ? size : a.size;
    if (keep) memcpy(p, a.start, size_t(keep));
    if (a.bytes) release(a.bytes);
    a.bytes = p;
  }
  a.start = a.bytes;
  a.allocated = wanted;
  a.size = size;
  a.start[size] = 0;
  return {};
}

// ---- lifetime and construction ----

void bytearray_dealloc(Object* o) {
  auto* a = static_cast<ByteArray*>(o);
  if (a->bytes) release(a->bytes);
  freeObject(o);
}

Result<Ref<>> bytearray___new__(Thread&, Type& cls, const Args&) {
  auto* a = static_cast<ByteArray*>(newInstance(&cls));
  a->start = gNoBytes;
  return Ref<>::steal(a);
}

static Result<void> fillFrom(Thread& t, ByteArray& a, Value source, Value encoding, Value errors) {
  if (source.isEmpty()) {
    if (encoding) return t.raise(kTypeError, "encoding without a string argument");
    if (errors) return t.raise(kTypeError, "errors without a string argument");
    return {};
  }
  if (isStr(source)) {
    if (!encoding) return t.raise(kTypeError, "string argument without an encoding");
    Ref<> encoded = errors ? TRY(callMethodWith(t, source, DX_NAME("encode"), encoding, errors))
                           : TRY(callMethodWith(t, source, DX_NAME("encode"), encoding));
    if (!isBytes(encoded))
      return t.raise(kTypeError, "a bytes-like object is required, not '{}'", typeOf(encoded));
    return splice(t, a, 0, a.size, bytesOf(encoded));
  }
  if (encoding) return t.raise(kTypeError, "encoding without a string argument");
  if (errors) return t.raise(kTypeError, "errors without a string argument");
  if (hasIndex(source)) {
    Result<i64> size = indexI64(t, source, kOverflowError);
    if (size) {
      if (*size < 0) return t.raise(kValueError, "negative count");
      TRY(resizeByteArray(t, a, *size));
      memset(a.start, 0, size_t(*size));
      return {};
    }
    if (!t.matches(kTypeError) || source.isSmallInt()) return Error{};
    t.clearException();
  }
  if (hasBuffer(source)) {
    Ref<Bytes> copy = TRY(bytesFromObject(t, source));
    return splice(t, a, 0, a.size, copy->view());
  }
  if (source.isImmediate())
    return t.raise(kTypeError, "cannot convert '{}' object to bytearray", typeOf(source));
  Result<Ref<>> it = iter(t, source);
  if (!it) {
    if (t.takeIf(kTypeError))
      return t.raise(kTypeError, "cannot convert '{}' object to bytearray", typeOf(source));
    return Error{};
  }
  std::string content;
  TRY(collectBytes(t, it.peek(), &content));
  return splice(t, a, 0, a.size, content);
}

Result<void> bytearray___init__(Thread& t, Value self, Value source, Value encoding, Value errors) {
  ByteArray& a = *self.as<ByteArray>();
  if (encoding && !isStr(encoding))
    return t.raise(kTypeError, "bytearray() argument 'encoding' must be str, not {}",
                   typeOf(encoding));
  if (errors && !isStr(errors))
    return t.raise(kTypeError, "bytearray() argument 'errors' must be str, not {}", typeOf(errors));
  if (a.size != 0) TRY(resizeByteArray(t, a, 0));
  return fillFrom(t, a, source, encoding, errors);
}

// ---- buffer ----

Result<void> bytearray_getBuffer(Thread& t, Value self, BufferView* view, int flags) {
  ByteArray& a = *self.as<ByteArray>();
  TRY(fillBuffer(t, view, &a, a.start, a.size, false, flags));
  a.exports++;
  return {};
}

void bytearray_releaseBuffer(Thread&, Value self, BufferView*) { self.as<ByteArray>()->exports--; }

// ---- items ----

Result<Ref<>> bytearray___seqitem__(Thread& t, Value self, i64 i) {
  ByteArray& a = *self.as<ByteArray>();
  if (i < 0 || i >= a.size) return t.raise(kIndexError, "bytearray index out of range");
  return makeInt(int(u8(a.start[i])));
}
Result<Ref<>> bytearray___getitem__(Thread& t, Value self, Value key) {
  ByteArray& a = *self.as<ByteArray>();
  if (hasIndex(key)) {
    i64 i = TRY(indexI64(t, key, kIndexError));
    return bytearray___seqitem__(t, self, i < 0 ? i + a.size : i);
  }
  if (!isInstanceOf(key, &PySlice_Type))
    return t.raise(kTypeError, "bytearray indices must be integers or slices, not {}", typeOf(key));
  Slice& slice = *key.as<Slice>();
  SliceBounds s = TRY(resolveSlice(t, slice, a.size));
  char* data;
  Ref<> out = newByteString(true, s.count, &data);
  if (!out) return t.raiseMemory();
  for (i64 i = 0, at = s.start; i < s.count; i++, at += s.step) data[i] = a.start[at];
  return out;
}

static Result<void> assignSlice(Thread& t, ByteArray& a, const SliceBounds& bounds,
                                std::string_view put, bool deleting) {
  SliceBounds s = bounds;
  if (s.start > a.size) s.start = a.size;
  if (s.step == 1) {
    if (s.start + s.count > a.size) s.count = a.size - s.start;
    return splice(t, a, s.start, s.count, put);
  }
  if (s.count > 0) {
    i64 last = s.start + (s.count - 1) * s.step;
    if (s.start < 0 || s.start >= a.size || last < 0 || last >= a.size)
      return t.raise(kIndexError, "bytearray index out of range");
  }
  if (deleting) {
    if (s.count == 0) return {};
    TRY(checkExports(t, a));
    i64 step = s.step < 0 ? -s.step : s.step;
    i64 first = s.step < 0 ? s.start + (s.count - 1) * s.step : s.start;
    i64 to = first;
    for (i64 i = first; i < a.size; i++) {
      bool drop = (i - first) % step == 0 && (i - first) / step < s.count;
      if (!drop) a.start[to++] = a.start[i];
    }
    return resizeByteArray(t, a, to);
  }
  if (i64(put.size()) != s.count) {
    return t.raise(kValueError, "attempt to assign bytes of size {} to extended slice of size {}",
                   u64(put.size()), s.count);
  }
  for (i64 i = 0, at = s.start; i < s.count; i++, at += s.step) a.start[at] = put[size_t(i)];
  return {};
}

Result<void> bytearray___setitem__(Thread& t, Value self, Value key, Value value) {
  ByteArray& a = *self.as<ByteArray>();
  if (hasIndex(key)) {
    i64 i = TRY(indexI64(t, key, kIndexError));
    u8 byte = 0;
    if (value) {
      i64 at = i < 0 ? i + a.size : i;
      if (at < 0 || at >= a.size) return t.raise(kIndexError, "bytearray index out of range");
      byte = TRY(byteValue(t, value, kByteRange));
    }
    if (i < 0) i += a.size;
    if (i < 0 || i >= a.size) return t.raise(kIndexError, "bytearray index out of range");
    if (value.isEmpty()) return splice(t, a, i, 1, "");
    a.start[i] = char(byte);
    return {};
  }
  if (!isInstanceOf(key, &PySlice_Type))
    return t.raise(kTypeError, "bytearray indices must be integers or slices, not {}", typeOf(key));
  std::string put;
  if (value) {
    if (isByteArray(value)) {
      put.assign(bytesOf(value));
    } else if (hasBuffer(value)) {
      put.assign(TRY(bytesFromObject(t, value))->view());
    } else {
      if (isInt(value) || isStr(value) || value.isImmediate()) {
        return t.raise(kTypeError,
                       "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
      }
      Ref<> it = TRY(iter(t, value));
      TRY(collectBytes(t, it, &put));
    }
  }
  SliceBounds s = TRY(resolveSlice(t, *key.as<Slice>(), a.size));
  return assignSlice(t, a, s, put, value.isEmpty());
}

Result<Ref<>> bytearray___iadd__(Thread& t, Value self, Value other) {
  ByteArray& a = *self.as<ByteArray>();
  if (!hasBuffer(other)) return t.raise(kTypeError, "can't concat {} to bytearray", typeOf(other));
  std::string own;
  std::string_view put;
  Buffer buffer;
  if (other == self) {
    own.assign(bytesOf(self));
    put = own;
  } else {
    TRY(Buffer::get(t, other, &buffer));
    put = buffer.bytes();
  }
  if (!put.empty()) TRY(splice(t, a, a.size, 0, put));
  return retain(self);
}

Result<Ref<>> bytearray___imul__(Thread& t, Value self, i64 count) {
  ByteArray& a = *self.as<ByteArray>();
  if (count < 0) count = 0;
  if (count == 1) return retain(self);
  i64 size = a.size;
  if (count > 0 && size > INT64_MAX / count) return t.raiseMemory();
  TRY(resizeByteArray(t, a, size * count));
  for (i64 i = 1; i < count && size; i++) memcpy(a.start + i * size, a.start, size_t(size));
  return retain(self);
}

// ---- methods ----

Result<void> bytearray_append(Thread& t, Value self, Value item) {
  ByteArray& a = *self.as<ByteArray>();
  u8 byte = TRY(byteValue(t, item, kByteRange));
  TRY(resizeByteArray(t, a, a.size + 1));
  a.start[a.size - 1] = char(byte);
  return {};
}

Result<void> bytearray_clear(Thread& t, Value self) {
  return resizeByteArray(t, *self.as<ByteArray>(), 0);
}

Result<Ref<>> bytearray_copy(Thread& t, Value self) {
  return byteStringLike(t, self, bytesOf(self));
}

Result<void> bytearray_extend(Thread& t, Value self, Value iterable) {
  ByteArray& a = *self.as<ByteArray>();
  std::string put;
  if (hasBuffer(iterable)) {
    put.assign(TRY(bytesFromObject(t, iterable))->view());
  } else {
    if (isStr(iterable)) return t.raise(kTypeError, "expected iterable of integers; got: 'str'");
    Result<Ref<>> it = iter(t, iterable);
    if (!it) {
      if (t.takeIf(kTypeError))
        return t.raise(kTypeError, "can't extend bytearray with {}", typeOf(iterable));
      return Error{};
    }
    (void)TRY(lengthHint(t, iterable, 32));  // only for its errors, as list.extend has them
    TRY(collectBytes(t, it.peek(), &put));
  }
  if (put.empty()) return {};
  return splice(t, a, a.size, 0, put);
}

Result<void> bytearray_insert(Thread& t, Value self, i64 index, Value item) {
  ByteArray& a = *self.as<ByteArray>();
  u8 byte = TRY(byteValue(t, item, kByteRange));
  if (index < 0 && (index += a.size) < 0) index = 0;
  if (index > a.size) index = a.size;
  char c = char(byte);
  return splice(t, a, index, 0, {&c, 1});
}

Result<Ref<>> bytearray_pop(Thread& t, Value self, i64 index) {
  ByteArray& a = *self.as<ByteArray>();
  if (a.size == 0) return t.raise(kIndexError, "pop from empty bytearray");
  if (index < 0) index += a.size;
  if (index < 0 || index >= a.size) return t.raise(kIndexError, "pop index out of range");
  int byte = u8(a.start[index]);
  TRY(splice(t, a, index, 1, ""));
  return makeInt(byte);
}

Result<void> bytearray_remove(Thread& t, Value self, Value value) {
  ByteArray& a = *self.as<ByteArray>();
  char byte = char(TRY(byteValue(t, value, kByteRange)));
  i64 at = findBytes(bytesOf(self), {&byte, 1}, 0, a.size);
  if (at < 0) return t.raise(kValueError, "value not found in bytearray");
  return splice(t, a, at, 1, "");
}

Result<void> bytearray_resize(Thread& t, Value self, i64 size) {
  ByteArray& a = *self.as<ByteArray>();
  if (size < 0) return t.raise(kValueError, "Can only resize to positive sizes, got {}", size);
  i64 old = a.size;
  TRY(resizeByteArray(t, a, size));
  if (size > old) memset(a.start + old, 0, size_t(size - old));
  return {};
}

Result<void> bytearray_reverse(Thread&, Value self) {
  ByteArray& a = *self.as<ByteArray>();
  for (i64 i = 0, j = a.size - 1; i < j; i++, j--) std::swap(a.start[i], a.start[j]);
  return {};
}

Result<i64> bytearray___alloc__(Thread&, Value self) { return self.as<ByteArray>()->allocated; }
Result<i64> bytearray___sizeof__(Thread&, Value self) {
  return typeOf(self)->basicSize + self.as<ByteArray>()->allocated;
}

Result<Ref<>> bytearray___reduce_ex__(Thread& t, Value self, i32 proto) {
  Ref<> dict;
  if (!TRY(lookupAttr(t, self, "__dict__", &dict))) dict = noneRef();
  Ref<Tuple> args;
  if (proto < 3) {
    Ref<Str> text = makeLatin1(bytesOf(self));
    Ref<Str> codec = makeAscii("latin-1");
    args = tupleOf(text, codec);
  } else {
    Ref<Bytes> copy = makeBytes(bytesOf(self));
    args = tupleOf(copy);
  }
  return tupleOf(Value(typeOf(self)), args, dict);
}
Result<Ref<>> bytearray___reduce__(Thread& t, Value self) {
  return bytearray___reduce_ex__(t, self, 2);
}

Result<Ref<>> bytearray___iter__(Thread&, Value self) {
  Ref<ByteIterator> it = make<ByteIterator>(&PyByteArrayIter_Type);
  it->sequence = retain(self).release();
  gcTrack(it);
  return it;
}

}  // namespace dx
