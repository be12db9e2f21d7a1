// The abstract base classes of _io, and helpers that all its files share.
#include "modules/io_base.gen.h"
#include "runtime/types.h"

namespace dx {

Type* kUnsupportedOperation;

// ---- helpers ----

Error unsupportedOperation(Thread& t, const char* message) {
  return t.raise(kUnsupportedOperation, "{}", message);
}
Error closedFile(Thread& t, const char* message) { return t.raise(kValueError, "{}", message); }

Result<i64> sizeOrNone(Thread& t, Value v) {
  if (v.isSmallInt()) return v.smallInt();
  if (v.isEmpty() || isNone(v)) return -1;
  if (!hasIndex(v))
    return t.raise(kTypeError, "argument should be integer or None, not '{}'", typeOf(v));
  return indexI64(t, v, kOverflowError);
}

Result<bool> isClosedFile(Thread& t, Value file) {
  Ref<> closed = TRY(getAttr(t, file, DX_NAME("closed")));
  return isTrue(t, closed);
}

Result<void> requireOpen(Thread& t, Value file) {
  if (TRY(isClosedFile(t, file))) return closedFile(t);
  return {};
}

static Result<void> requireAnswer(Thread& t, Value file, Str* method, const char* message) {
  Ref<> r = TRY(callMethod(t, file, method, {}));
  if (r.get() != trueValue()) return unsupportedOperation(t, message);
  return {};
}
Result<void> requireSeekable(Thread& t, Value file) {
  return requireAnswer(t, file, DX_NAME("seekable"), "File or stream is not seekable.");
}
Result<void> requireReadable(Thread& t, Value file) {
  return requireAnswer(t, file, DX_NAME("readable"), "File or stream is not readable.");
}
Result<void> requireWritable(Thread& t, Value file) {
  return requireAnswer(t, file, DX_NAME("writable"), "File or stream is not writable.");
}

bool trapInterrupted(Thread& t) { return t.takeIf(kInterruptedError); }

Result<void> FirstError::settle() {
  if (!saved_) return t_.hasException() ? Result<void>(Error{}) : Result<void>();
  if (t_.hasException()) {
    if (reinterpret_cast<Object*>(t_.currentException) != saved_.get().object())
      setField(t_.currentException->context, std::move(saved_));
  } else {
    t_.restoreException(std::move(saved_));
  }
  return Error{};
}

Ref<Bytes> shrunkBytes(Ref<Bytes> b, i64 n) {
  if (b->size == n) return b;
  if (n < b->size - b->size / 4) return makeBytes({b->data, size_t(n)});
  // Not worth a copy: the block keeps a little more than it needs.
  b->size = n;
  b->data[n] = 0;
  return b;
}

Error noPickle(Thread& t, Value self) {
  return t.raise(kTypeError, "cannot pickle '{}' object", typeOf(self));
}

// ---- _IOBase ----

Result<Ref<>> iobase___iter__(Thread& t, IoBase& self) {
  TRY(requireOpen(t, &self));
  return retain(&self);
}

Result<Ref<>> iobase___next__(Thread& t, IoBase& self) {
  Ref<> line = TRY(callMethod(t, &self, DX_NAME("readline"), {}));
  if (TRY(length(t, line)) <= 0) return Ref<>();
  return line;
}

void iobase___del__(Thread& t, IoBase& self) {
  Value file = &self;
  Result<bool> closed = isClosedFile(t, file);
  if (!closed) t.clearException();  // in no usable state: left alone
  if (!closed || *closed) return;
  if (!setAttr(t, file, DX_NAME("_finalizing"), trueValue())) t.clearException();
  if (callMethod(t, file, DX_NAME("close"), {})) return;
  Ref<> e = t.takeException();
  Result<Ref<Str>> text = repr(t, file);
  std::string message = "Exception ignored while finalizing file";
  if (text)
    message += " " + toUtf8(*text);
  else
    t.clearException();
  t.restoreException(std::move(e));
  writeUnraisable(t, message.c_str(), Value());
}

Result<Ref<>> iobase_seek(Thread& t, IoBase&, Value, Value) {
  return unsupportedOperation(t, "seek");
}
Result<Ref<>> iobase_tell(Thread& t, IoBase& self) {
  return callMethodWith(t, &self, DX_NAME("seek"), Value::smallInt(0), Value::smallInt(1));
}
Result<Ref<>> iobase_truncate(Thread& t, IoBase&, Value) {
  return unsupportedOperation(t, "truncate");
}
Result<Ref<>> iobase_fileno(Thread& t, IoBase&) { return unsupportedOperation(t, "fileno"); }

// close() of the base notes it in an attribute.
static Result<bool> closedHere(Thread& t, IoBase& self) {
  return hasAttr(t, &self, DX_NAME("__IOBase_closed"));
}
Result<void> iobase_flush(Thread& t, IoBase& self) {
  if (TRY(closedHere(t, self))) return closedFile(t);
  return {};
}
Result<void> iobase_close(Thread& t, IoBase& self) {
  if (TRY(closedHere(t, self))) return {};
  FirstError first(t);
  if (!callMethod(t, &self, DX_NAME("flush"), {})) first.keep();
  (void)bool(setAttr(t, &self, DX_NAME("__IOBase_closed"), trueValue()));
  return first.settle();
}
Result<bool> iobase_get_closed(Thread& t, IoBase& self) { return closedHere(t, self); }
Result<Ref<>> iobase_get___dict__(Thread& t, IoBase& self) {
  return retain(Value(TRY(instanceDict(t, &self))));
}

Result<bool> iobase_seekable(Thread&, IoBase&) { return false; }
Result<bool> iobase_readable(Thread&, IoBase&) { return false; }
Result<bool> iobase_writable(Thread&, IoBase&) { return false; }
Result<bool> iobase_isatty(Thread& t, IoBase& self) {
  TRY(requireOpen(t, &self));
  return false;
}
Result<void> iobase__checkClosed(Thread& t, IoBase& self) { return requireOpen(t, &self); }
Result<bool> iobase__checkSeekable(Thread& t, IoBase& self) {
  TRY(requireSeekable(t, &self));
  return true;
}
Result<bool> iobase__checkReadable(Thread& t, IoBase& self) {
  TRY(requireReadable(t, &self));
  return true;
}
Result<bool> iobase__checkWritable(Thread& t, IoBase& self) {
  TRY(requireWritable(t, &self));
  return true;
}

Result<Ref<>> iobase___enter__(Thread& t, IoBase& self) {
  TRY(requireOpen(t, &self));
  return retain(&self);
}
Result<Ref<>> iobase___exit__(Thread& t, IoBase& self, Values) {
  return callMethod(t, &self, DX_NAME("close"), {});
}

// How much of the peeked bytes belongs to the line.
static i64 lineLength(std::string_view peeked, i64 limit) {
  i64 n = i64(peeked.size());
  if (limit >= 0 && n > limit) n = limit;
  const void* end = memchr(peeked.data(), '\n', size_t(n));
  return end ? static_cast<const char*>(end) - peeked.data() + 1 : n;
}

Result<Ref<>> iobase_readline(Thread& t, IoBase& self, Value size) {
  i64 limit = TRY(sizeOrNone(t, size));
  Ref<> peek;
  TRY(lookupAttr(t, &self, DX_NAME("peek"), &peek));
  std::string line;
  while (limit < 0 || i64(line.size()) < limit) {
    i64 want = 1;
    if (peek) {
      Result<Ref<>> ahead = callWith(t, peek.get(), Value::smallInt(1));
      if (!ahead) {
        if (trapInterrupted(t)) continue;
        return Error{};
      }
      if (!isBytes(*ahead))
        return t.raise(kOSError, "peek() should have returned a bytes object, not '{}'",
                       typeOf(*ahead));
      if (ahead.peek().as<Bytes>()->size > 0)
        want =
            lineLength(ahead.peek().as<Bytes>()->view(), limit < 0 ? -1 : limit - i64(line.size()));
    }
    Result<Ref<>> got = callMethodWith(t, &self, DX_NAME("read"), makeInt(want).get());
    if (!got) {
      if (trapInterrupted(t)) continue;
      return Error{};
    }
    if (!isBytes(*got))
      return t.raise(kOSError, "read() should have returned a bytes object, not '{}'",
                     typeOf(*got));
    std::string_view piece = got.peek().as<Bytes>()->view();
    if (piece.empty()) break;
    line.append(piece);
    if (line.back() == '\n') break;
  }
  return Ref<>(makeBytes(line));
}

Result<Ref<>> iobase_readlines(Thread& t, IoBase& self, Value hint) {
  i64 limit = TRY(sizeOrNone(t, hint));
  if (limit <= 0) return Ref<>(TRY(listFrom(t, &self)));
  Ref<List> lines = newList();
  i64 total = 0;
  TRY(forEach(t, &self, [&](Value line) -> Result<bool> {
    listAppend(lines, line);
    i64 n = TRY(length(t, line));
    if (n > limit - total) return false;
    total += n;
    return true;
  }));
  return Ref<>(std::move(lines));
}

Result<void> iobase_writelines(Thread& t, IoBase& self, Value lines) {
  TRY(requireOpen(t, &self));
  return forEach(t, lines, [&](Value line) -> Result<bool> {
    Ref<> held = retain(line);
    while (!callMethodWith(t, &self, DX_NAME("write"), line))
      if (!trapInterrupted(t)) return Error{};
    return true;
  });
}

// ---- _RawIOBase ----

Result<Ref<>> rawiobase_read(Thread& t, IoBase& self, i64 size) {
  if (size < 0) return callMethod(t, &self, DX_NAME("readall"), {});
  Ref<> buffer = TRY(callWith(t, Value(&PyByteArray_Type), makeInt(size).get()));
  Ref<> r = TRY(callMethodWith(t, &self, DX_NAME("readinto"), buffer.get()));
  if (isNone(r)) return r;
  i64 n = TRY(indexI64(t, r, kValueError));
  auto* array = buffer.as<ByteArray>();
  if (n < 0 || n > array->size)
    return t.raise(kValueError, "readinto returned {} outside buffer size {}", n, array->size);
  return Ref<>(makeBytes({array->start, size_t(n)}));
}

Result<Ref<>> rawiobase_readall(Thread& t, IoBase& self) {
  std::string all;
  bool any = false;
  for (;;) {
    Result<Ref<>> r = callMethodWith(t, &self, DX_NAME("read"), Value::smallInt(kIoBufferSize));
    if (!r) {
      if (trapInterrupted(t)) continue;
      return Error{};
    }
    if (isNone(*r)) {
      if (!any) return std::move(r).take();
      break;
    }
    if (!isBytes(*r)) return t.raise(kTypeError, "read() should return bytes");
    std::string_view piece = r.peek().as<Bytes>()->view();
    if (piece.empty()) break;
    any = true;
    all.append(piece);
  }
  return Ref<>(makeBytes(all));
}

Result<Ref<>> rawiobase_readinto(Thread& t, IoBase&, const Args&) {
  return t.raiseNone(kNotImplementedError);
}
Result<Ref<>> rawiobase_write(Thread& t, IoBase&, const Args&) {
  return t.raiseNone(kNotImplementedError);
}

// ---- _BufferedIOBase ----

Result<Ref<>> bufferediobase_detach(Thread& t, IoBase&) {
  return unsupportedOperation(t, "detach");
}
Result<Ref<>> bufferediobase_read(Thread& t, IoBase&, Value) {
  return unsupportedOperation(t, "read");
}
Result<Ref<>> bufferediobase_read1(Thread& t, IoBase&, Value) {
  return unsupportedOperation(t, "read1");
}
Result<Ref<>> bufferediobase_write(Thread& t, IoBase&, Value) {
  return unsupportedOperation(t, "write");
}

static Result<Ref<>> readIntoBy(Thread& t, IoBase& self, Value target, Str* method,
                                const char* name) {
  Buffer to;
  if (!Buffer::get(t, target, &to, kBufferWritable)) {
    t.clearException();
    return t.raise(kTypeError, "{}() argument must be read-write bytes-like object, not {}", name,
                   typeOf(target));
  }
  Ref<> data = TRY(callMethodWith(t, &self, method, makeInt(to.size()).get()));
  if (!isBytes(data)) return t.raise(kTypeError, "read() should return bytes");
  i64 n = data.as<Bytes>()->size;
  if (n > to.size())
    return t.raise(kValueError, "read() returned too much data: {} bytes requested, {} returned",
                   to.size(), n);
  memcpy(to.data(), data.as<Bytes>()->data, size_t(n));
  return makeInt(n);
}
Result<Ref<>> bufferediobase_readinto(Thread& t, IoBase& self, Value buffer) {
  return readIntoBy(t, self, buffer, DX_NAME("read"), "readinto");
}
Result<Ref<>> bufferediobase_readinto1(Thread& t, IoBase& self, Value buffer) {
  return readIntoBy(t, self, buffer, DX_NAME("read1"), "readinto1");
}

// ---- _TextIOBase ----

Result<Ref<>> textiobase_detach(Thread& t, IoBase&) { return unsupportedOperation(t, "detach"); }
Result<Ref<>> textiobase_read(Thread& t, IoBase&, Value) { return unsupportedOperation(t, "read"); }
Result<Ref<>> textiobase_readline(Thread& t, IoBase&, Value) {
  return unsupportedOperation(t, "readline");
}
Result<Ref<>> textiobase_write(Thread& t, IoBase&, Value) {
  return unsupportedOperation(t, "write");
}
Result<Ref<>> textiobase_get_encoding(Thread&, IoBase&) { return noneRef(); }
Result<Ref<>> textiobase_get_newlines(Thread&, IoBase&) { return noneRef(); }
Result<Ref<>> textiobase_get_errors(Thread&, IoBase&) { return noneRef(); }

}  // namespace dx
