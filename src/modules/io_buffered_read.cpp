// Reading through a buffer.
#include <algorithm>

#include "modules/io_buffered.gen.h"
#include "modules/io_buffered.h"

namespace dx {

namespace {

// raw.readinto() of a stream that is not a plain FileIO. It gets memory of its own, which it may
// keep without harm.
i64 readFromObject(Thread& t, Value raw, char* to, i64 n) {
  auto run = [&]() -> Result<i64> {
    Ref<> memory = TRY(callWith(t, Value(&PyByteArray_Type), makeInt(n).get()));
    Ref<> view = TRY(callWith(t, Value(&PyMemoryView_Type), memory.get()));
    Ref<> r;
    for (;;) {
      Result<Ref<>> got = callMethodWith(t, raw, DX_NAME("readinto"), view.get());
      if (got) {
        r = std::move(got).take();
        break;
      }
      if (!trapInterrupted(t)) return Error{};
    }
    if (isNone(r)) return -2;
    Result<i64> size = indexI64(t, r, kValueError);
    if (!size) return raiseFrom(t, kOSError, "raw readinto() failed");
    if (*size < 0 || *size > n)
      return t.raise(
          kOSError, "raw readinto() returned invalid length {} (should have been between 0 and {})",
          *size, n);
    i64 got = std::min(*size, memory.as<ByteArray>()->size);
    memcpy(to, memory.as<ByteArray>()->start, size_t(got));
    return *size;
  };
  Result<i64> r = run();
  return r ? *r : -1;
}

Result<void> leaveWriting(Thread& t, Buffered& b) {
  return b.writable ? flushAndRewind(t, b) : Result<void>();
}

Ref<> takeAhead(Buffered& b, i64 n) {
  Ref<Bytes> r = makeBytes({b.buffer + b.position, size_t(n)});
  b.position += n;
  return Ref<>(std::move(r));
}

Result<Ref<>> readAll(Thread& t, Buffered& b) {
  i64 ahead = readAhead(b);
  Ref<Bytes> first;
  if (ahead > 0) {
    first = makeBytes({b.buffer + b.position, size_t(ahead)});
    b.position += ahead;
  }
  TRY(leaveWriting(t, b));
  dropRead(b);
  Ref<> raw = TRY(rawOf(t, b)), readall;
  TRY(lookupAttr(t, raw, DX_NAME("readall"), &readall));
  if (readall) {
    Ref<> rest = TRY(callWith(t, readall.get()));
    if (!isNone(rest) && !isBytes(rest))
      return t.raise(kTypeError, "readall() should return bytes");
    b.absolute = -1;
    if (!first) return rest;
    if (isNone(rest) || rest.as<Bytes>()->size == 0) return Ref<>(std::move(first));
    std::string_view tail = rest.as<Bytes>()->view();
    Ref<Bytes> all = newBytes(ahead + i64(tail.size()));
    if (!all) return t.raiseMemory();
    memcpy(all->data, first->data, size_t(ahead));
    memcpy(all->data + ahead, tail.data(), tail.size());
    return Ref<>(std::move(all));
  }
  std::string all(first ? first->view() : std::string_view());
  for (bool any = ahead > 0;; any = true) {
    Ref<> piece = TRY(callMethod(t, raw, DX_NAME("read"), {}));
    if (!isNone(piece) && !isBytes(piece)) return t.raise(kTypeError, "read() should return bytes");
    if (isNone(piece) || piece.as<Bytes>()->size == 0) {
      if (!any) return piece;
      return Ref<>(makeBytes(all));
    }
    all.append(piece.as<Bytes>()->view());
    if (b.absolute != -1) b.absolute += piece.as<Bytes>()->size;
  }
}

// Whole blocks of n: what is read past the buffer.
i64 wholeBlocks(const Buffered& b, i64 n) { return n - n % b.bufferSize; }

Result<Ref<>> readSome(Thread& t, Buffered& b, i64 n) {
  i64 ahead = readAhead(b), written = 0, remaining = n;
  if (n <= ahead) return takeAhead(b, n);
  Ref<Bytes> out = newBytes(n);
  if (!out) return t.raiseMemory();
  if (ahead > 0) {
    memcpy(out->data, b.buffer + b.position, size_t(ahead));
    remaining -= ahead;
    written += ahead;
    b.position += ahead;
  }
  TRY(leaveWriting(t, b));
  dropRead(b);
  auto ended = [&](i64 r) -> Result<Ref<>> {  // end of file, or nothing more for now
    if (r == 0 || written > 0) return Ref<>(shrunkBytes(std::move(out), written));
    return noneRef();
  };
  while (remaining > 0) {
    i64 r = wholeBlocks(b, remaining);
    if (r == 0) break;
    r = rawRead(t, b, out->data + written, r);
    if (r == -1) return Error{};
    if (r == 0 || r == -2) return ended(r);
    remaining -= r;
    written += r;
  }
  b.position = b.rawPosition = b.readEnd = 0;
  while (remaining > 0 && b.readEnd < b.bufferSize) {
    i64 r = fillBufferOf(t, b);
    if (r == -1) return Error{};
    if (r == 0 || r == -2) return ended(r);
    i64 take = std::min(remaining, r);
    memcpy(out->data + written, b.buffer + b.position, size_t(take));
    written += take;
    b.position += take;
    remaining -= take;
  }
  return Ref<>(shrunkBytes(std::move(out), written));
}

Result<Ref<>> readInto(Thread& t, Buffered& self, Value target, bool once, const char* name) {
  Buffer to;
  if (!Buffer::get(t, target, &to, kBufferWritable)) {
    t.clearException();
    return t.raise(kTypeError, "{}() argument must be read-write bytes-like object, not {}", name,
                   typeOf(target));
  }
  TRY(requireInit(t, self));
  TRY(requireBufferOpen(t, self, "readinto of closed file"));
  char* out = reinterpret_cast<char*>(to.data());
  i64 written = 0, ahead = readAhead(self);
  if (ahead > 0) {
    i64 n = std::min(ahead, to.size());
    memcpy(out, self.buffer + self.position, size_t(n));
    self.position += n;
    if (n == to.size()) return makeInt(n);
    written = n;
  }
  Inside inside(t, self);
  TRY(inside.enter());
  TRY(leaveWriting(t, self));
  dropRead(self);
  self.position = 0;
  i64 n = 0;
  for (i64 remaining = to.size() - written; remaining > 0; remaining -= n) {
    if (remaining > self.bufferSize) {
      n = rawRead(t, self, out + written, remaining);
    } else if (!(once && written)) {
      n = fillBufferOf(t, self);
      if (n > 0) {
        n = std::min(n, remaining);
        memcpy(out + written, self.buffer + self.position, size_t(n));
        self.position += n;
      }
    } else {
      n = 0;
    }
    if (n == 0 || (n == -2 && written > 0)) break;
    if (n == -2) return noneRef();
    if (n < 0) return Error{};
    written += n;
    if (once) break;
  }
  return makeInt(written);
}

Result<Ref<Bytes>> readLine(Thread& t, Buffered& self, i64 limit) {
  TRY(requireInit(t, self));
  TRY(requireBufferOpen(t, self, "readline of closed file"));
  i64 n = readAhead(self);
  if (n > 0) {
    if (limit >= 0 && n > limit) n = limit;
    const char* start = self.buffer + self.position;
    const void* end = memchr(start, '\n', size_t(n));
    if (end) n = static_cast<const char*>(end) - start + 1;
    if (end || n == limit) {
      self.position += n;
      return makeBytes({start, size_t(n)});
    }
  } else {
    n = 0;
    if (limit == 0) return makeBytes({});
  }
  Inside inside(t, self);
  TRY(inside.enter());
  std::string line;
  if (n > 0) {
    line.assign(self.buffer + self.position, size_t(n));
    self.position += n;
    if (limit >= 0) limit -= n;
  }
  TRY(leaveWriting(t, self));
  for (;;) {
    dropRead(self);
    n = fillBufferOf(t, self);
    if (n == -1) return Error{};
    if (n <= 0) break;
    if (limit >= 0 && n > limit) n = limit;
    const void* end = memchr(self.buffer, '\n', size_t(n));
    if (end) n = static_cast<const char*>(end) - self.buffer + 1;
    self.position = n;
    if (line.empty() && (end || n == limit)) return makeBytes({self.buffer, size_t(n)});
    line.append(self.buffer, size_t(n));
    if (end || n == limit) break;
    if (limit >= 0) limit -= n;
  }
  return makeBytes(line);
}

}  // namespace

i64 rawRead(Thread& t, Buffered& b, char* to, i64 n) {
  Result<Ref<>> raw = rawOf(t, b);  // held: another thread may detach it meanwhile
  if (!raw) return -1;
  i64 r = b.plain ? fileRead(t, *raw.peek().as<FileIo>(), to, n) : readFromObject(t, *raw, to, n);
  if (r > 0 && b.absolute != -1) b.absolute += r;
  return r;
}

i64 fillBufferOf(Thread& t, Buffered& b) {
  i64 start = validRead(b) ? b.readEnd : 0;
  i64 n = rawRead(t, b, b.buffer + start, b.bufferSize - start);
  if (n > 0) b.readEnd = b.rawPosition = start + n;
  return n;
}

Result<Ref<>> buffered_peek(Thread& t, Buffered& self, i64) {
  TRY(requireInit(t, self));
  TRY(requireBufferOpen(t, self, "peek of closed file"));
  Inside inside(t, self);
  TRY(inside.enter());
  TRY(leaveWriting(t, self));
  i64 ahead = readAhead(self);
  if (ahead > 0) return Ref<>(makeBytes({self.buffer + self.position, size_t(ahead)}));
  dropRead(self);
  i64 n = fillBufferOf(t, self);
  if (n == -1) return Error{};
  self.position = 0;
  return Ref<>(makeBytes({self.buffer, size_t(std::max<i64>(n, 0))}));
}

Result<Ref<>> buffered_read(Thread& t, Buffered& self, Value size) {
  i64 n = TRY(sizeOrNone(t, size));
  TRY(requireInit(t, self));
  if (n < -1) return t.raise(kValueError, "read length must be non-negative or -1");
  TRY(requireBufferOpen(t, self, "read of closed file"));
  if (n >= 0 && n <= readAhead(self)) return takeAhead(self, n);
  Inside inside(t, self);
  TRY(inside.enter());
  return n == -1 ? readAll(t, self) : readSome(t, self, n);
}

Result<Ref<Bytes>> bufferedRead1(Thread& t, Buffered& self, i64 n) {
  TRY(requireInit(t, self));
  if (n < 0) n = self.bufferSize;
  TRY(requireBufferOpen(t, self, "read of closed file"));
  if (n == 0) return makeBytes({});
  i64 ahead = readAhead(self);
  if (ahead > 0) {
    n = std::min(ahead, n);
    Ref<Bytes> r = makeBytes({self.buffer + self.position, size_t(n)});
    self.position += n;
    return r;
  }
  Ref<Bytes> out = newBytes(n);
  if (!out) return t.raiseMemory();
  Inside inside(t, self);
  TRY(inside.enter());
  TRY(leaveWriting(t, self));
  dropRead(self);
  self.position = 0;
  i64 r = rawRead(t, self, out->data, n);
  if (r == -1) return Error{};
  return shrunkBytes(std::move(out), std::max<i64>(r, 0));
}
Result<Ref<>> buffered_read1(Thread& t, Buffered& self, i64 size) {
  return Ref<>(TRY(bufferedRead1(t, self, size)));
}

Result<Ref<>> buffered_readinto(Thread& t, Buffered& self, Value buffer) {
  return readInto(t, self, buffer, false, "readinto");
}
Result<Ref<>> buffered_readinto1(Thread& t, Buffered& self, Value buffer) {
  return readInto(t, self, buffer, true, "readinto1");
}

Result<Ref<>> buffered_readline(Thread& t, Buffered& self, Value size) {
  i64 limit = TRY(sizeOrNone(t, size));
  return Ref<>(TRY(readLine(t, self, limit < 0 ? -1 : limit)));
}

Result<Ref<>> buffered___next__(Thread& t, Buffered& self) {
  TRY(requireInit(t, self));
  if (self.type == &bufferedReaderType || self.type == &bufferedRandomType) {
    Ref<Bytes> line = TRY(readLine(t, self, -1));
    if (line->size == 0) return Ref<>();
    return Ref<>(std::move(line));
  }
  Ref<> line = TRY(callMethod(t, &self, DX_NAME("readline"), {}));
  if (!isBytes(line))
    return t.raise(kOSError, "readline() should have returned a bytes object, not '{}'",
                   typeOf(line));
  if (line.as<Bytes>()->size == 0) return Ref<>();
  return line;
}

}  // namespace dx
