// BytesIO: a stream over bytes in memory.
//
// The text lives in a bytes object. While nobody else holds it, it is changed in place and may be
// longer than the contents; getvalue() cuts it to size and hands it out, and the next change
// copies.
#include <algorithm>

#include "modules/io_bytes.gen.h"

namespace dx {

namespace {

Result<void> requireUsable(Thread& t, const BytesIo& self) {
  if (!self.bytes) return closedFile(t);
  return {};
}
Result<void> requireResizable(Thread& t, const BytesIo& self) {
  TRY(requireUsable(t, self));
  if (self.exports > 0)
    return t.raise(kBufferError, "Existing exports of data: object cannot be re-sized");
  return {};
}

char* dataOf(const BytesIo& self) { return self.bytes.as<Bytes>()->data; }
i64 capacityOf(const BytesIo& self) { return self.bytes.as<Bytes>()->size; }
bool isShared(const BytesIo& self) { return self.bytes.object()->refcount != 1; }

// Storage of its own for `capacity` bytes, with the contents.
Result<void> reallocateTo(Thread& t, BytesIo& self, i64 capacity) {
  Ref<Bytes> fresh = newBytes(capacity);
  if (!fresh) return t.raiseMemory();
  memcpy(fresh->data, dataOf(self), size_t(std::min(self.size, capacity)));
  setField(self.bytes, std::move(fresh));
  return {};
}
Result<void> makeWritable(Thread& t, BytesIo& self) {
  if (isShared(self)) return reallocateTo(t, self, self.size);
  self.bytes.as<Bytes>()->hash = -1;  // it may have been handed out and hashed before
  return {};
}

// Room for `size` bytes, with spare space when growing little by little.
Result<void> resize(Thread& t, BytesIo& self, i64 size) {
  if (size > INT64_MAX / 2) return t.raise(kOverflowError, "new buffer size too large");
  i64 have = capacityOf(self), wanted;
  if (size < have / 2)
    wanted = size + 1;  // gives memory back
  else if (size < have)
    return makeWritable(t, self);
  else if (double(size) <= double(have) * 1.125)
    wanted = size + (size >> 3) + (size < 9 ? 3 : 6);
  else
    wanted = size + 1;
  return reallocateTo(t, self, wanted);
}

Result<i64> writeBytes(Thread& t, BytesIo& self, Value source) {
  TRY(requireResizable(t, self));
  Buffer from;
  TRY(Buffer::get(t, source, &from));
  TRY(requireResizable(t, self));  // getting the buffer may have run Python
  i64 n = from.size();
  if (n == 0) return 0;
  if (self.position > INT64_MAX / 2 - n) return t.raise(kOverflowError, "new position too large");
  i64 end = self.position + n;
  if (end > capacityOf(self))
    TRY(resize(t, self, end));
  else
    TRY(makeWritable(t, self));
  if (self.position > self.size)  // the gap reads as zeros
    memset(dataOf(self) + self.size, 0, size_t(self.position - self.size));
  memcpy(dataOf(self) + self.position, from.data(), size_t(n));
  self.position = end;
  self.size = std::max(self.size, end);
  return n;
}

// Length of the next line, at most limit.
i64 nextLine(const BytesIo& self, i64 limit) {
  if (self.position >= self.size) return 0;
  i64 n = self.size - self.position;
  if (limit >= 0) n = std::min(n, limit);
  const char* start = dataOf(self) + self.position;
  const void* end = memchr(start, '\n', size_t(n));
  return end ? static_cast<const char*>(end) - start + 1 : n;
}

Ref<> takeBytes(BytesIo& self, i64 n) {
  // All of it at once is shared, not copied.
  if (n > 1 && self.position == 0 && n == self.size && n == capacityOf(self) && self.exports == 0) {
    self.position = n;
    return retain(self.bytes);
  }
  Ref<Bytes> b = makeBytes({dataOf(self) + self.position, size_t(n)});
  self.position += n;
  return Ref<>(std::move(b));
}

}  // namespace

// ---- life ----

Result<Ref<>> bytesio___new__(Thread&, Type& cls, const Args&) {
  auto* b = static_cast<BytesIo*>(newInstance(&cls));
  b->bytes = makeBytes({}).release();
  if (!gcIsTracked(b)) gcTrack(b);
  return Ref<>::steal(Value(b));
}

Result<void> bytesio___init__(Thread& t, BytesIo& self, Value initial_bytes) {
  if (self.exports > 0)
    return t.raise(kBufferError, "Existing exports of data: object cannot be re-sized");
  if (initial_bytes && !isNone(initial_bytes) && typeOf(initial_bytes) == &PyBytes_Type) {
    setField(self.bytes, retain(initial_bytes));
    self.size = initial_bytes.as<Bytes>()->size;
    self.position = 0;
    return {};
  }
  setField(self.bytes, makeBytes({}));
  self.size = self.position = 0;
  if (!initial_bytes || isNone(initial_bytes)) return {};
  (void)TRY(writeBytes(t, self, initial_bytes));
  self.position = 0;
  return {};
}

void bytesio_dealloc(Object* o) {
  gcUntrack(o);
  auto* b = static_cast<BytesIo*>(o);
  clearField(b->bytes);
  clearField(b->dict);
  freeObject(o);
}
void bytesio_traverse(Object* o, Visitor& v) {
  v(static_cast<BytesIo*>(o)->bytes);
  v(static_cast<BytesIo*>(o)->dict);
}
void bytesio_clear(Object* o) {
  auto* b = static_cast<BytesIo*>(o);
  if (b->exports == 0) clearField(b->bytes);
  clearField(b->dict);
}

Result<void> bytesio_close(Thread& t, BytesIo& self) {
  if (!self.bytes) return {};
  TRY(requireResizable(t, self));
  clearField(self.bytes);
  return {};
}

// ---- properties ----

Result<bool> bytesio_readable(Thread& t, BytesIo& self) {
  TRY(requireUsable(t, self));
  return true;
}
Result<bool> bytesio_seekable(Thread& t, BytesIo& self) { return bytesio_readable(t, self); }
Result<bool> bytesio_writable(Thread& t, BytesIo& self) { return bytesio_readable(t, self); }
Result<bool> bytesio_isatty(Thread& t, BytesIo& self) {
  TRY(requireUsable(t, self));
  return false;
}
Result<void> bytesio_flush(Thread& t, BytesIo& self) { return requireUsable(t, self); }
Result<bool> bytesio_get_closed(Thread&, BytesIo& self) { return self.bytes.isEmpty(); }
Result<i64> bytesio_tell(Thread& t, BytesIo& self) {
  TRY(requireUsable(t, self));
  return self.position;
}
Result<i64> bytesio___sizeof__(Thread&, BytesIo& self) {
  i64 n = self.type->basicSize;
  if (self.bytes && !isShared(self)) n += i64(offsetof(Bytes, data)) + 1 + capacityOf(self);
  return n;
}

// ---- writing ----

Result<i64> bytesio_write(Thread& t, BytesIo& self, Value b) { return writeBytes(t, self, b); }

Result<void> bytesio_writelines(Thread& t, BytesIo& self, Value lines) {
  TRY(requireUsable(t, self));
  return forEach(t, lines, [&](Value line) -> Result<bool> {
    (void)TRY(bytesio_write(t, self, line));
    return true;
  });
}

Result<i64> bytesio_truncate(Thread& t, BytesIo& self, Value size) {
  TRY(requireResizable(t, self));
  i64 wanted = isNone(size) ? self.position : TRY(sizeOrNone(t, size));
  if (wanted < 0) return t.raise(kValueError, "negative size value {}", wanted);
  TRY(requireResizable(t, self));
  if (wanted < self.size) {
    self.size = wanted;
    TRY(resize(t, self, wanted));
  }
  return wanted;
}

// ---- reading ----

Result<Ref<>> bytesio_read(Thread& t, BytesIo& self, Value size) {
  i64 n = TRY(sizeOrNone(t, size));
  TRY(requireUsable(t, self));
  i64 rest = std::max<i64>(self.size - self.position, 0);
  if (n < 0 || n > rest) n = rest;
  return takeBytes(self, n);
}
Result<Ref<>> bytesio_read1(Thread& t, BytesIo& self, Value size) {
  return bytesio_read(t, self, size);
}

Result<i64> bytesio_readinto(Thread& t, BytesIo& self, Value buffer) {
  Buffer to;
  if (!Buffer::get(t, buffer, &to, kBufferWritable)) {
    t.clearException();
    return t.raise(kTypeError, "readinto() argument must be read-write bytes-like object, not {}",
                   typeOf(buffer));
  }
  TRY(requireUsable(t, self));
  i64 n = std::clamp<i64>(self.size - self.position, 0, to.size());
  if (n == 0) return 0;
  memmove(to.data(), dataOf(self) + self.position, size_t(n));
  self.position += n;
  return n;
}

Result<Ref<>> bytesio_readline(Thread& t, BytesIo& self, Value size) {
  i64 limit = TRY(sizeOrNone(t, size));
  TRY(requireUsable(t, self));
  return takeBytes(self, nextLine(self, limit));
}

Result<Ref<>> bytesio_readlines(Thread& t, BytesIo& self, Value size) {
  i64 limit = TRY(sizeOrNone(t, size)), total = 0;
  TRY(requireUsable(t, self));
  Ref<List> lines = newList();
  while (i64 n = nextLine(self, -1)) {
    listAppend(lines, takeBytes(self, n));
    total += n;
    if (limit > 0 && total >= limit) break;
  }
  return Ref<>(std::move(lines));
}

Result<Ref<>> bytesio___iter__(Thread& t, BytesIo& self) {
  TRY(requireUsable(t, self));
  return retain(&self);
}
Result<Ref<>> bytesio___next__(Thread& t, BytesIo& self) {
  TRY(requireUsable(t, self));
  i64 n = nextLine(self, -1);
  if (n == 0) return Ref<>();
  return takeBytes(self, n);
}

Result<i64> bytesio_seek(Thread& t, BytesIo& self, i64 pos, i32 whence) {
  TRY(requireUsable(t, self));
  if (pos < 0 && whence == 0) return t.raise(kValueError, "negative seek value {}", pos);
  i64 base;
  switch (whence) {
    case 0:
      base = 0;
      break;
    case 1:
      base = self.position;
      break;
    case 2:
      base = self.size;
      break;
    default:
      return t.raise(kValueError, "invalid whence ({}, should be 0, 1 or 2)", whence);
  }
  if (pos > INT64_MAX - base) return t.raise(kOverflowError, "new position too large");
  return self.position = std::max<i64>(base + pos, 0);
}

Result<Ref<>> bytesio_getvalue(Thread& t, BytesIo& self) {
  TRY(requireUsable(t, self));
  if (self.size != capacityOf(self)) {
    if (self.exports > 0) return Ref<>(makeBytes({dataOf(self), size_t(self.size)}));
    TRY(reallocateTo(t, self, self.size));
  }
  // A view may change what it shows at any time: then the result is a copy.
  if (self.exports > 0) return Ref<>(makeBytes({dataOf(self), size_t(self.size)}));
  return retain(self.bytes);
}

// ---- views ----

Result<Ref<>> bytesio_getbuffer(Thread& t, BytesIo& self) {
  TRY(requireUsable(t, self));
  Ref<BytesIoBuffer> owner = make<BytesIoBuffer>(&bytesIoBufferType);
  owner->source = retainObject(&self).release();
  gcTrack(owner);
  return callWith(t, Value(&PyMemoryView_Type), Value(owner));
}
Result<void> bytesioBuffer_getBuffer(Thread& t, BytesIoBuffer& self, BufferView* view, int flags) {
  BytesIo& source = *self.source;
  TRY(requireUsable(t, source));
  // The view writes into the storage, so it must be the stream's own.
  if (source.exports == 0) TRY(makeWritable(t, source));
  TRY(fillBuffer(t, view, &self, dataOf(source), source.size, false, flags));
  source.exports++;
  return {};
}
void bytesioBuffer_releaseBuffer(Thread&, BytesIoBuffer& self, BufferView*) {
  self.source->exports--;
}

// ---- pickling ----

Result<Ref<>> bytesio___getstate__(Thread& t, BytesIo& self) {
  Ref<> value = TRY(bytesio_getvalue(t, self));
  Ref<> dict = noneRef();
  if (self.dict) dict = Ref<>(dictCopy(self.dict.as<Dict>()));
  return Ref<>(tupleOf(value.get(), makeInt(self.position).get(), dict.get()));
}

Result<void> bytesio___setstate__(Thread& t, BytesIo& self, Value state) {
  if (!isTuple(state) || state.as<Tuple>()->size < 3)
    return t.raise(kTypeError, "{}.__setstate__ argument should be 3-tuple, got {}", self.type,
                   typeOf(state));
  if (self.exports > 0)
    return t.raise(kBufferError, "Existing exports of data: object cannot be re-sized");
  Tuple* s = state.as<Tuple>();
  self.size = self.position = 0;
  (void)TRY(writeBytes(t, self, s->items[0]));
  Value position = s->items[1], dict = s->items[2];
  if (!isInt(position))
    return t.raise(kTypeError, "second item of state must be an integer, not {}", typeOf(position));
  i64 at = TRY(argIndex(t, position));
  if (at < 0) return t.raise(kValueError, "position value cannot be negative");
  self.position = at;
  if (isNone(dict)) return {};
  if (!isDict(dict))
    return t.raise(kTypeError, "third item of state should be a dict, got a {}", typeOf(dict));
  Dict* own = TRY(instanceDict(t, &self));
  return dictMerge(t, own, dict);
}

}  // namespace dx
