// Buffered streams: what readers and writers share. Reading is in io_buffered_read.cpp, writing in
// io_buffered_write.cpp.
#include "modules/io_buffered.h"

#include <unistd.h>

#include "modules/io_buffered.gen.h"

namespace dx {

// ---- the lock ----

void Inside::leave() {
  if (!held_) return;
  held_ = false;
  b_.busy = false;
  b_.owner = 0;
  if (b_.lock && b_.lock->waiters) [[unlikely]] {
    std::lock_guard guard(b_.lock->mutex);
    b_.lock->freed.notify_one();
  }
  decrefObject(&b_);
}

Result<void> Inside::wait(bool closing) {
  BufferLock* lock = b_.lock;
  if (lock && lock->process != getpid()) {
    // The holder stayed in the parent process.
    lock->process = getpid();
    new (lock) BufferLock{{}, {}, 0, lock->process};
    b_.busy = false;
    return enter(closing);
  }
  if (b_.owner == t_.id) return t_.raise(kRuntimeError, "reentrant call inside {!r}", Value(&b_));
  Ref<Buffered> alive = retainObject(&b_);
  while (b_.busy) {
    // The mutex is taken before the interpreter lock is given up: no wake-up is lost.
    std::unique_lock guard(lock->mutex);
    lock->waiters++;
    {
      AllowThreads allow(t_);
      lock->freed.wait_for(guard, std::chrono::milliseconds(100));
      guard.unlock();
    }
    lock->waiters--;
    if (b_.busy && t_.pending) TRY(handlePending(t_));
  }
  if (!closing && !b_.buffer) return closedFile(t_);
  return enter(closing);
}

// ---- state ----

Result<void> requireInit(Thread& t, const Buffered& b) {
  if (b.ok) [[likely]]
    return {};
  return t.raise(kValueError, b.detached ? "raw stream has been detached"
                                         : "I/O operation on uninitialized object");
}

Result<Ref<>> rawOf(Thread& t, const Buffered& b) {
  if (b.raw) [[likely]]
    return retain(b.raw);
  TRY(requireInit(t, b));
  return t.raise(kValueError, "raw stream has been detached");
}

Result<bool> bufferedIsClosed(Thread& t, Buffered& b) {
  if (!b.buffer) return true;
  if (b.plain) return b.raw.as<FileIo>()->fd < 0;
  TRY(requireInit(t, b));
  Ref<> raw = retain(b.raw);
  return isClosedFile(t, raw);
}

Result<void> requireBufferOpen(Thread& t, Buffered& b, const char* message) {
  bool closed = TRY(bufferedIsClosed(t, b));
  if (closed && readAhead(b) <= 0) return closedFile(t, message);
  return {};
}

Result<void> initBuffered(Thread& t, Buffered& b, Type* exact, Value raw, i64 size, bool readable,
                          bool writable) {
  Inside inside(t, b);
  TRY(inside.enter(true));
  b.ok = false;
  b.detached = false;
  if (readable && writable) TRY(requireSeekable(t, raw));
  if (readable) TRY(requireReadable(t, raw));
  if (writable) TRY(requireWritable(t, raw));
  setField(b.raw, retain(raw));
  b.plain = false;
  if (size <= 0) return t.raise(kValueError, "buffer size must be strictly positive");
  b.bufferSize = size;
  b.readable = readable;
  b.writable = writable;
  if (!b.lock) b.lock = new BufferLock;
  b.lock->process = getpid();
  if (b.buffer) release(b.buffer);
  b.buffer = static_cast<char*>(allocateOrNull(size_t(size)));
  if (!b.buffer) return t.raiseMemory();
  b.position = b.rawPosition = 0;
  dropRead(b);
  dropWrite(b);
  b.plain = b.type == exact && isPlainFile(raw);
  // Where the raw stream is; a stream that cannot say is fine.
  if (!rawTell(t, b)) t.clearException();
  b.ok = true;
  return {};
}

Result<void> bufreader___init__(Thread& t, Buffered& self, Value raw, i64 buffer_size) {
  return initBuffered(t, self, &bufferedReaderType, raw, buffer_size, true, false);
}
Result<void> bufwriter___init__(Thread& t, Buffered& self, Value raw, i64 buffer_size) {
  return initBuffered(t, self, &bufferedWriterType, raw, buffer_size, false, true);
}
Result<void> bufrandom___init__(Thread& t, Buffered& self, Value raw, i64 buffer_size) {
  return initBuffered(t, self, &bufferedRandomType, raw, buffer_size, true, true);
}

void bufferedDealloc(Object* o) {
  gcUntrack(o);
  auto* b = static_cast<Buffered*>(o);
  if (b->buffer) release(b->buffer);
  delete b->lock;
  b->buffer = nullptr;
  b->lock = nullptr;
  b->ok = false;
  clearField(b->raw);
  clearField(b->dict);
  freeObject(o);
}
void bufferedTraverse(Object* o, Visitor& v) {
  v(static_cast<Buffered*>(o)->raw);
  v(static_cast<Buffered*>(o)->dict);
}
void bufferedClear(Object* o) {
  auto* b = static_cast<Buffered*>(o);
  b->ok = false;
  b->plain = false;
  clearField(b->raw);
  clearField(b->dict);
}

// ---- the raw stream ----

Result<i64> rawTell(Thread& t, Buffered& b) {
  i64 n;
  Ref<> raw = TRY(rawOf(t, b));
  if (b.plain) {
    n = TRY(fileSeek(t, *raw.as<FileIo>(), 0, SEEK_CUR));
  } else {
    Ref<> r = TRY(callMethod(t, raw, DX_NAME("tell"), {}));
    n = TRY(argI64(t, r));
  }
  if (n < 0) return t.raise(kOSError, "Raw stream returned invalid position {}", n);
  return b.absolute = n;
}

Result<i64> rawSeek(Thread& t, Buffered& b, i64 offset, int whence) {
  i64 n;
  Ref<> raw = TRY(rawOf(t, b));
  if (b.plain) {
    n = TRY(fileSeek(t, *raw.as<FileIo>(), offset, whence));
  } else {
    Ref<> r =
        TRY(callMethodWith(t, raw, DX_NAME("seek"), makeInt(offset).get(), makeInt(whence).get()));
    n = TRY(argI64(t, r));
  }
  if (n < 0) return t.raise(kOSError, "Raw stream returned invalid position {}", n);
  return b.absolute = n;
}

Error wouldBlock(Thread& t, const char* message, i64 written) {
  Ref<Str> text = makeAscii(message);
  Ref<> e = TRY(callWith(t, Value(kBlockingIOError), Value::smallInt(EAGAIN), Value(text),
                         makeInt(written).get()));
  return t.raiseException(std::move(e));
}

Result<void> flushAndRewind(Thread& t, Buffered& b) {
  TRY(flushWrites(t, b));
  if (!b.readable) return {};
  // Rewind, so that the raw stream stands where the user is.
  Result<i64> n = rawSeek(t, b, -rawOffset(b), SEEK_CUR);
  dropRead(b);
  if (!n) return Error{};
  return {};
}

// ---- delegation ----

static Result<Ref<>> askRaw(Thread& t, Buffered& self, Str* method) {
  TRY(requireInit(t, self));
  Ref<> raw = retain(self.raw);
  return callMethod(t, raw, method, {});
}
Result<Ref<>> buffered_seekable(Thread& t, Buffered& self) {
  return askRaw(t, self, DX_NAME("seekable"));
}
Result<Ref<>> buffered_readable(Thread& t, Buffered& self) {
  return askRaw(t, self, DX_NAME("readable"));
}
Result<Ref<>> buffered_writable(Thread& t, Buffered& self) {
  return askRaw(t, self, DX_NAME("writable"));
}
Result<Ref<>> buffered_fileno(Thread& t, Buffered& self) {
  return askRaw(t, self, DX_NAME("fileno"));
}
Result<Ref<>> buffered_isatty(Thread& t, Buffered& self) {
  return askRaw(t, self, DX_NAME("isatty"));
}
Result<Ref<>> bufreader_flush(Thread& t, Buffered& self) {
  return askRaw(t, self, DX_NAME("flush"));
}

static Result<Ref<>> rawAttribute(Thread& t, Buffered& self, Str* name) {
  TRY(requireInit(t, self));
  Ref<> raw = retain(self.raw);
  return getAttr(t, raw, name);
}
Result<Ref<>> bufreader_get_closed(Thread& t, Buffered& self) {
  return rawAttribute(t, self, DX_NAME("closed"));
}
Result<Ref<>> bufreader_get_name(Thread& t, Buffered& self) {
  return rawAttribute(t, self, DX_NAME("name"));
}
Result<Ref<>> bufreader_get_mode(Thread& t, Buffered& self) {
  return rawAttribute(t, self, DX_NAME("mode"));
}
Result<Ref<>> bufwriter_get_closed(Thread& t, Buffered& self) {
  return bufreader_get_closed(t, self);
}
Result<Ref<>> bufwriter_get_name(Thread& t, Buffered& self) { return bufreader_get_name(t, self); }
Result<Ref<>> bufwriter_get_mode(Thread& t, Buffered& self) { return bufreader_get_mode(t, self); }
Result<Ref<>> bufrandom_get_closed(Thread& t, Buffered& self) {
  return bufreader_get_closed(t, self);
}
Result<Ref<>> bufrandom_get_name(Thread& t, Buffered& self) { return bufreader_get_name(t, self); }
Result<Ref<>> bufrandom_get_mode(Thread& t, Buffered& self) { return bufreader_get_mode(t, self); }

Result<void> buffered__dealloc_warn(Thread& t, Buffered& self, Value source) {
  if (!self.ok || !self.raw) return {};
  Ref<> raw = retain(self.raw);
  if (!callMethodWith(t, raw, DX_NAME("_dealloc_warn"), source)) t.clearException();
  return {};
}

Result<i64> buffered___sizeof__(Thread&, Buffered& self) {
  return self.type->basicSize + (self.buffer ? self.bufferSize : 0);
}
Result<Ref<>> buffered___getstate__(Thread& t, Buffered& self) { return noPickle(t, &self); }

Result<Ref<>> buffered___repr__(Thread& t, Buffered& self) {
  Ref<> name;
  Result<bool> known = lookupAttr(t, &self, "name", &name);
  if (!known) {
    // A detached or closed raw stream has no name to show.
    if (!t.takeIf(kValueError)) return Error{};
  }
  if (!name) return Ref<>(formatStr("<{}>", self.type));
  if (!enterRepr(t, &self)) {
    if (t.hasException()) return Error{};
    return t.raise(kRuntimeError, "reentrant call inside {}.__repr__", self.type);
  }
  Ref<Str> text = formatStr("<{} name={!r}>", self.type, name);
  leaveRepr(t, &self);
  if (!text) return Error{};
  return Ref<>(std::move(text));
}

// ---- closing, flushing, positions ----

Result<Ref<>> buffered_close(Thread& t, Buffered& self) {
  TRY(requireInit(t, self));
  Inside inside(t, self);
  TRY(inside.enter(true));
  if (TRY(bufferedIsClosed(t, self))) return noneRef();
  if (self.finalizing) TRY(buffered__dealloc_warn(t, self, &self));
  // flush() may be a subclass's, so it is called as a method.
  inside.leave();
  FirstError first(t);
  if (!callMethod(t, &self, DX_NAME("flush"), {})) first.keep();
  Result<void> entered = inside.enter(true);
  Ref<> result = noneRef();
  if (entered && self.raw) {
    Ref<> raw = retain(self.raw);
    Result<Ref<>> r = callMethod(t, raw, DX_NAME("close"), {});
    if (r) result = std::move(r).take();
    if (self.buffer) {
      release(self.buffer);
      self.buffer = nullptr;
    }
    self.readEnd = self.position = 0;
  }
  TRY(first.settle());
  return result;
}

Result<Ref<>> buffered_detach(Thread& t, Buffered& self) {
  TRY(requireInit(t, self));
  (void)TRY(callMethod(t, &self, DX_NAME("flush"), {}));
  Ref<> raw = Ref<>::steal(std::exchange(self.raw, Value()));
  self.detached = true;
  self.ok = false;
  self.plain = false;
  return raw;
}

Result<void> buffered_flush(Thread& t, Buffered& self) {
  TRY(requireInit(t, self));
  if (TRY(bufferedIsClosed(t, self))) return closedFile(t, "flush of closed file");
  Inside inside(t, self);
  TRY(inside.enter());
  return flushAndRewind(t, self);
}

Result<i64> buffered_tell(Thread& t, Buffered& self) {
  TRY(requireInit(t, self));
  Inside inside(t, self);
  TRY(inside.enter());
  i64 n = TRY(rawTell(t, self));
  n -= rawOffset(self);
  return n < 0 ? 0 : n;
}

Result<Ref<>> buffered_seek(Thread& t, Buffered& self, Value target, i32 whence) {
  TRY(requireInit(t, self));
  if (whence < 0 || whence > 4 || (whence > 2 && whence != SEEK_HOLE && whence != SEEK_DATA))
    return t.raise(kValueError, "whence value {} unsupported", whence);
  TRY(requireBufferOpen(t, self, "seek of closed file"));
  if (!self.plain || self.raw.as<FileIo>()->seekable != 1) {
    Ref<> raw = TRY(rawOf(t, self));
    TRY(requireSeekable(t, raw));
  }
  i64 to = TRY(argI64(t, target));
  Inside inside(t, self);
  if ((whence == SEEK_SET || whence == SEEK_CUR) && self.readable) {
    // A place within the buffer: nothing to do but move.
    i64 current = self.absolute >= 0 ? self.absolute : TRY(rawTell(t, self));
    i64 avail = readAhead(self);
    if (avail > 0) {
      i64 offset = to;
      if (whence == SEEK_SET) offset = to - (current - rawOffset(self));
      if (offset >= -self.position && offset <= avail) {
        self.position += offset;
        i64 result = current - avail + offset;
        if (result >= 0) return makeInt(result);
      }
    }
  }
  TRY(inside.enter());
  if (self.writable) TRY(flushWrites(t, self));
  if (whence == SEEK_CUR) to -= rawOffset(self);
  i64 n = TRY(rawSeek(t, self, to, whence));
  self.rawPosition = -1;
  if (self.readable) dropRead(self);
  return makeInt(n);
}

Result<Ref<>> buffered_truncate(Thread& t, Buffered& self, Value pos) {
  TRY(requireInit(t, self));
  if (TRY(bufferedIsClosed(t, self))) return closedFile(t, "truncate of closed file");
  if (!self.writable) return unsupportedOperation(t, "truncate");
  Inside inside(t, self);
  TRY(inside.enter());
  TRY(flushAndRewind(t, self));
  Ref<> raw = TRY(rawOf(t, self));
  Ref<> r = TRY(callMethodWith(t, raw, DX_NAME("truncate"), pos));
  // The raw stream may have moved.
  if (!rawTell(t, self)) t.clearException();
  return r;
}

}  // namespace dx
