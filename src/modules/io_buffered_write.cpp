// Writing through a buffer, and the pair of a reader and a writer.
#include <algorithm>

#include "modules/io_buffered.gen.h"
#include "modules/io_buffered.h"
#include "modules/io_text.gen.h"

namespace dx {

namespace {

i64 writeToObject(Thread& t, Value raw, const char* from, i64 n) {
  auto run = [&]() -> Result<i64> {
    Ref<Bytes> data = newBytes(n);
    if (!data) return t.raiseMemory();
    memcpy(data->data, from, size_t(n));
    Ref<> view = TRY(callWith(t, Value(&PyMemoryView_Type), Value(data)));
    Ref<> r;
    for (;;) {
      Result<Ref<>> wrote = callMethodWith(t, raw, DX_NAME("write"), view.get());
      if (wrote) {
        r = std::move(wrote).take();
        break;
      }
      if (!trapInterrupted(t)) return Error{};
    }
    if (isNone(r)) return -2;
    i64 size = TRY(indexI64(t, r, kValueError));
    if (size < 0 || size > n)
      return t.raise(kOSError,
                     "raw write() returned invalid length {} (should have been between 0 and {})",
                     size, n);
    return size;
  };
  Result<i64> r = run();
  return r ? *r : -1;
}

// The buffer could not be emptied without blocking: keep what fits behind what waits already.
Result<i64> keepWhatFits(Thread& t, Buffered& b, const char* data, i64 n) {
  if (b.readable) dropRead(b);
  memmove(b.buffer, b.buffer + b.writePos, size_t(b.writeEnd - b.writePos));
  b.writeEnd -= b.writePos;
  b.rawPosition -= b.writePos;
  b.position -= b.writePos;
  b.writePos = 0;
  i64 fits = std::min(n, b.bufferSize - b.writeEnd);
  memcpy(b.buffer + b.writeEnd, data, size_t(fits));
  b.writeEnd += fits;
  b.position += fits;
  if (fits < n) return wouldBlock(t, "write could not complete without blocking", fits);
  return n;
}

Result<i64> writeThrough(Thread& t, Buffered& b, const char* data, i64 n) {
  if (!flushWrites(t, b)) {
    if (!t.takeIf(kBlockingIOError)) return Error{};
    return keepWhatFits(t, b, data, n);
  }
  // The raw stream must stand where the user is.
  if (i64 offset = rawOffset(b)) {
    (void)TRY(rawSeek(t, b, -offset, SEEK_CUR));
    b.rawPosition -= offset;
  }
  i64 remaining = n, written = 0;
  while (remaining > b.bufferSize) {
    i64 r = rawWrite(t, b, data + written, remaining);
    if (r == -1) return Error{};
    if (r == -2) {
      // Blocked: the buffer takes what it can.
      memcpy(b.buffer, data + written, size_t(b.bufferSize));
      b.rawPosition = 0;
      moveTo(b, b.bufferSize);
      b.writePos = 0;
      b.writeEnd = b.bufferSize;
      return wouldBlock(t, "write could not complete without blocking", written + b.bufferSize);
    }
    written += r;
    remaining -= r;
    if (t.pending) TRY(handlePending(t));
  }
  if (b.readable) dropRead(b);
  if (remaining > 0) memcpy(b.buffer, data + written, size_t(remaining));
  b.writePos = 0;
  b.writeEnd = remaining;
  moveTo(b, remaining);
  b.rawPosition = 0;
  return n;
}

Result<i64> writeBytes(Thread& t, Buffered& self, const char* data, i64 n) {
  TRY(requireInit(t, self));
  Inside inside(t, self);
  TRY(inside.enter());
  if (TRY(bufferedIsClosed(t, self))) return closedFile(t, "write to closed file");
  if (!validRead(self) && !validWrite(self)) self.position = self.rawPosition = 0;
  if (n <= self.bufferSize - self.position && n < self.bufferSize) {
    memcpy(self.buffer + self.position, data, size_t(n));
    if (!validWrite(self) || self.writePos > self.position) self.writePos = self.position;
    moveTo(self, self.position + n);
    if (self.writeEnd < self.position) self.writeEnd = self.position;
    return n;
  }
  return writeThrough(t, self, data, n);
}

}  // namespace

i64 rawWrite(Thread& t, Buffered& b, const char* from, i64 n) {
  Result<Ref<>> raw = rawOf(t, b);  // held: another thread may detach it meanwhile
  if (!raw) return -1;
  i64 r =
      b.plain ? fileWrite(t, *raw.peek().as<FileIo>(), from, n) : writeToObject(t, *raw, from, n);
  if (r > 0 && b.absolute != -1) b.absolute += r;
  return r;
}

Result<void> flushWrites(Thread& t, Buffered& b) {
  if (validWrite(b) && b.writePos != b.writeEnd) {
    // Writing goes on where the changed part begins; the user's position stays.
    if (i64 back = b.rawPosition - b.writePos) {
      (void)TRY(rawSeek(t, b, -back, SEEK_CUR));
      b.rawPosition -= back;
    }
    while (b.writePos < b.writeEnd) {
      i64 n = rawWrite(t, b, b.buffer + b.writePos, b.writeEnd - b.writePos);
      if (n == -1) return Error{};
      if (n == -2) return wouldBlock(t, "write could not complete without blocking", 0);
      b.writePos += n;
      b.rawPosition = b.writePos;
      // A partial write may have been cut short by a signal.
      if (t.pending) TRY(handlePending(t));
    }
  }
  dropWrite(b);
  return {};
}

Result<Ref<>> buffered_write(Thread& t, Buffered& self, Value buffer) {
  Buffer from;
  TRY(Buffer::get(t, buffer, &from));
  return makeInt(TRY(writeBytes(t, self, reinterpret_cast<const char*>(from.data()), from.size())));
}

Result<Ref<>> bufferedWriteBytes(Thread& t, Buffered& b, std::string_view data) {
  return makeInt(TRY(writeBytes(t, b, data.data(), i64(data.size()))));
}

// ---- BufferedRWPair ----

Result<void> rwpair___init__(Thread& t, RwPair& self, Value reader, Value writer, i64 buffer_size) {
  TRY(requireReadable(t, reader));
  TRY(requireWritable(t, writer));
  Ref<> size = makeInt(buffer_size);
  Ref<> r = TRY(callWith(t, Value(&bufferedReaderType), reader, size.get()));
  Ref<> w = TRY(callWith(t, Value(&bufferedWriterType), writer, size.get()));
  setField(self.reader, std::move(r));
  setField(self.writer, std::move(w));
  return {};
}

static Result<Ref<>> forward(Thread& t, Value to, Str* method, const Args& args = {}) {
  if (!to) return t.raise(kValueError, "I/O operation on uninitialized object");
  Ref<> held = retain(to);
  Ref<> bound = TRY(getAttr(t, held, method));
  return call(t, bound, args);
}
Result<Ref<>> rwpair_read(Thread& t, RwPair& self, const Args& args) {
  return forward(t, self.reader, DX_NAME("read"), args);
}
Result<Ref<>> rwpair_peek(Thread& t, RwPair& self, const Args& args) {
  return forward(t, self.reader, DX_NAME("peek"), args);
}
Result<Ref<>> rwpair_read1(Thread& t, RwPair& self, const Args& args) {
  return forward(t, self.reader, DX_NAME("read1"), args);
}
Result<Ref<>> rwpair_readinto(Thread& t, RwPair& self, const Args& args) {
  return forward(t, self.reader, DX_NAME("readinto"), args);
}
Result<Ref<>> rwpair_readinto1(Thread& t, RwPair& self, const Args& args) {
  return forward(t, self.reader, DX_NAME("readinto1"), args);
}
Result<Ref<>> rwpair_write(Thread& t, RwPair& self, const Args& args) {
  return forward(t, self.writer, DX_NAME("write"), args);
}
Result<Ref<>> rwpair_flush(Thread& t, RwPair& self) {
  return forward(t, self.writer, DX_NAME("flush"));
}
Result<Ref<>> rwpair_readable(Thread& t, RwPair& self) {
  return forward(t, self.reader, DX_NAME("readable"));
}
Result<Ref<>> rwpair_writable(Thread& t, RwPair& self) {
  return forward(t, self.writer, DX_NAME("writable"));
}
Result<Ref<>> rwpair_close(Thread& t, RwPair& self) {
  FirstError first(t);
  if (!forward(t, self.writer, DX_NAME("close"))) first.keep();
  Result<Ref<>> r = forward(t, self.reader, DX_NAME("close"));
  Ref<> result;
  if (r) result = std::move(r).take();
  TRY(first.settle());
  return result;
}
Result<Ref<>> rwpair_isatty(Thread& t, RwPair& self) {
  Ref<> r = TRY(forward(t, self.writer, DX_NAME("isatty")));
  if (r.get() != falseValue()) return r;
  return forward(t, self.reader, DX_NAME("isatty"));
}
Result<Ref<>> rwpair_get_closed(Thread& t, RwPair& self) {
  if (!self.writer)
    return t.raise(kRuntimeError, "the BufferedRWPair object is being garbage-collected");
  Ref<> writer = retain(self.writer);
  return getAttr(t, writer, DX_NAME("closed"));
}

}  // namespace dx
