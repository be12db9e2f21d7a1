// FileIO: a file descriptor as a raw stream.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "modules/io_file.gen.h"
#include "modules/posix_path.h"
#include "modules/unclosed.h"

namespace dx {

namespace {

constexpr i64 kMaxTransfer = 0x7FFFF000;  // what Linux moves at once

Error closedNow(Thread& t) { return closedFile(t, "I/O operation on closed file"); }
Error wrongMode(Thread& t, const char* action) {
  return t.raise(kUnsupportedOperation, "File not open for {}", action);
}

Result<void> closeDescriptor(Thread& t, FileIo& f) {
  if (f.fd < 0) return {};
  int fd = std::exchange(f.fd, -1), r, error;
  {
    AllowThreads allow(t);
    r = ::close(fd);
    error = errno;
  }
  if (r < 0) return raiseErrno(t, error);
  return {};
}

const char* modeName(const FileIo& f) {
  if (f.created) return f.readable ? "xb+" : "xb";
  if (f.appending) return f.readable ? "ab+" : "ab";
  if (f.readable) return f.writable ? "rb+" : "rb";
  return "wb";
}

// What the mode string asks for.
Result<int> parseMode(Thread& t, FileIo& f, Str& mode) {
  std::string text = toUtf8(&mode);
  int flags = 0;
  bool kind = false, plus = false;
  auto wrong = [&] {
    return t.raise(kValueError,
                   "Must have exactly one of create/read/write/append mode and at most one plus");
  };
  for (char c : text) {
    switch (c) {
      case 'x':
      case 'r':
      case 'w':
      case 'a':
        if (kind) return wrong();
        kind = true;
        f.readable = c == 'r';
        f.writable = c != 'r';
        f.created = c == 'x';
        f.appending = c == 'a';
        if (c == 'x') flags |= O_EXCL | O_CREAT;
        if (c == 'w') flags |= O_CREAT | O_TRUNC;
        if (c == 'a') flags |= O_APPEND | O_CREAT;
        break;
      case 'b':
        break;
      case '+':
        if (plus) return wrong();
        f.readable = f.writable = plus = true;
        break;
      default:
        return t.raise(kValueError, "invalid mode: {}", text);
    }
  }
  if (!kind) return wrong();
  // A plus before the letter counts too.
  if (plus) f.readable = f.writable = true;
  flags |= f.readable && f.writable ? O_RDWR : f.readable ? O_RDONLY : O_WRONLY;
  return flags | O_CLOEXEC;
}

Result<int> openerResult(Thread& t, Value opener, Value file, int flags) {
  Ref<> r = TRY(callWith(t, opener, file, makeInt(flags).get()));
  if (!isInt(r)) return t.raise(kTypeError, "expected integer from opener");
  int fd = TRY(argI32(t, r));
  if (fd < 0) return t.raise(kValueError, "opener returned {}", fd);
  int now = fcntl(fd, F_GETFD);
  if (now >= 0 && !(now & FD_CLOEXEC)) fcntl(fd, F_SETFD, now | FD_CLOEXEC);
  return fd;
}

// Size, kind and block size of the file; directories are refused.
Result<void> examine(Thread& t, FileIo& f, Value file) {
  struct stat st;
  int r, error;
  {
    int fd = f.fd;
    AllowThreads allow(t);
    r = fstat(fd, &st);
    error = errno;
  }
  if (r < 0) {
    // Only a bad descriptor is news: what cannot be examined may still be read.
    if (error == EBADF) return raiseErrno(t, error);
    return {};
  }
  if (S_ISDIR(st.st_mode)) return raiseErrno(t, EISDIR, file);
  f.fileType = st.st_mode;
  if (st.st_blksize > 1) f.blockSize = st.st_blksize;
  if (S_ISREG(st.st_mode)) f.sizeAtOpen = st.st_size;
  return {};
}

struct FileArgument {
  int fd = -1;
  std::string path;
};
Result<FileArgument> fileArgument(Thread& t, Value file) {
  FileArgument a;
  if (isBool(file)) TRY(warn(t, kRuntimeWarning, "bool is used as a file descriptor"));
  if (isInt(file) || hasIndex(file)) {
    Result<i32> fd = argI32(t, file);
    if (fd) {
      if (*fd < 0) return t.raise(kValueError, "negative file descriptor");
      a.fd = *fd;
      return a;
    }
    t.clearException();
  }
  a.path = TRY(encodeFs(t, file));
  return a;
}

Result<void> openFile(Thread& t, FileIo& f, Value file, Str& mode, bool closeFd, Value opener,
                      bool* ownsFd) {
  FileArgument a = TRY(fileArgument(t, file));
  f.created = f.writable = f.readable = f.appending = false;
  f.seekable = -1;
  f.fileType = 0;
  f.blockSize = 0;
  f.sizeAtOpen = -1;
  int flags = TRY(parseMode(t, f, mode));
  Ref<> flagsValue = makeInt(flags);
  Value event[3] = {file, Value(&mode), flagsValue};
  TRY(audit(t, "open", event));
  if (a.fd >= 0) {
    f.fd = a.fd;
    f.closeFd = closeFd;
    *ownsFd = false;
  } else {
    f.closeFd = true;
    if (!closeFd) return t.raise(kValueError, "Cannot use closefd=False with file name");
    if (isNone(opener)) {
      int fd = blocking(t, [&] { return ::open(a.path.c_str(), flags, 0666); });
      if (fd < 0) return t.hasException() ? Error{} : raiseErrno(t, errno, file);
      f.fd = fd;
    } else {
      f.fd = TRY(openerResult(t, opener, file, flags));
    }
    *ownsFd = true;
  }
  TRY(examine(t, f, file));
  TRY(setAttr(t, &f, DX_NAME("name"), file));
  // Tell where it is: O_APPEND does not move the position.
  if (f.appending && !fileSeek(t, f, 0, SEEK_END)) {
    // Pipes have no end to go to.
    auto* e = reinterpret_cast<OSErrorObject*>(t.currentException);
    if (!t.matches(kOSError) || e->errnum != Value::smallInt(ESPIPE)) return Error{};
    t.clearException();
  }
  return {};
}

}  // namespace

// ---- direct access ----

i64 fileRead(Thread& t, FileIo& f, char* to, i64 n) {
  if (f.fd < 0) {
    (void)closedNow(t);
    return -1;
  }
  if (!f.readable) {
    (void)wrongMode(t, "reading");
    return -1;
  }
  size_t size = size_t(std::min(n, kMaxTransfer));
  int fd = f.fd;
  i64 r = blocking(t, [&] { return i64(::read(fd, to, size)); });
  if (r >= 0) return r;
  if (t.hasException()) return -1;
  if (errno == EAGAIN) return -2;
  (void)raiseErrno(t, errno);
  return -1;
}

i64 fileWrite(Thread& t, FileIo& f, const char* from, i64 n) {
  if (f.fd < 0) {
    (void)closedNow(t);
    return -1;
  }
  if (!f.writable) {
    (void)wrongMode(t, "writing");
    return -1;
  }
  size_t size = size_t(std::min(n, kMaxTransfer));
  int fd = f.fd;
  i64 r = blocking(t, [&] { return i64(::write(fd, from, size)); });
  if (r >= 0) return r;
  if (t.hasException()) return -1;
  if (errno == EAGAIN) return -2;
  (void)raiseErrno(t, errno);
  return -1;
}

Result<i64> fileSeek(Thread& t, FileIo& f, i64 offset, int whence) {
  if (f.fd < 0) return closedNow(t);
  int fd = f.fd, error;
  i64 r;
  {
    AllowThreads allow(t);
    r = ::lseek(fd, offset, whence);
    error = errno;
  }
  if (f.seekable < 0) f.seekable = r >= 0;
  if (r < 0) return raiseErrno(t, error);
  return r;
}

// ---- life ----

Result<Ref<>> fileio___new__(Thread&, Type& cls, const Args&) {
  auto* f = static_cast<FileIo*>(newInstance(&cls));
  f->fd = -1;
  f->seekable = -1;
  f->closeFd = true;
  f->sizeAtOpen = -1;
  if (!gcIsTracked(f)) gcTrack(f);
  return Ref<>::steal(Value(f));
}

Result<void> fileio___init__(Thread& t, FileIo& self, Value file, Str& mode, bool closefd,
                             Value opener) {
  if (self.fd >= 0) {
    if (self.closeFd)
      TRY(closeDescriptor(t, self));
    else
      self.fd = -1;
  }
  bool ownsFd = false;
  if (openFile(t, self, file, mode, closefd, opener, &ownsFd)) return {};
  // A descriptor that the caller gave stays open; ours does not.
  if (!ownsFd) self.fd = -1;
  FirstError first(t);
  first.keep();
  (void)bool(closeDescriptor(t, self));
  return first.settle();
}

void fileio_dealloc(Object* o) {
  gcUntrack(o);
  clearField(static_cast<FileIo*>(o)->dict);
  freeObject(o);
}
void fileio_traverse(Object* o, Visitor& v) { v(static_cast<FileIo*>(o)->dict); }
void fileio_clear(Object* o) { clearField(static_cast<FileIo*>(o)->dict); }

Result<void> fileio__dealloc_warn(Thread& t, FileIo& self, Value source) {
  if (self.fd < 0 || !self.closeFd) return {};
  warnUnclosed(t, "unclosed file {!r}", source, "Exception ignored while finalizing file", &self);
  return {};
}

Result<Ref<>> fileio_close(Thread& t, FileIo& self) {
  Str* name = DX_NAME("close");
  FirstError first(t);
  // The base's close() flushes and notes that the stream is closed.
  Value base = typeLookup(&rawIoBaseType, name);
  Result<Ref<>> r = callWith(t, base, Value(&self));
  if (!self.closeFd) {
    self.fd = -1;
    return r;
  }
  if (!r) first.keep();
  if (self.finalizing) TRY(fileio__dealloc_warn(t, self, &self));
  (void)bool(closeDescriptor(t, self));
  TRY(first.settle());
  return noneRef();
}

// ---- reading and writing ----

Result<Ref<>> fileio_read(Thread& t, FileIo& self, Value size) {
  i64 n = TRY(sizeOrNone(t, size));
  if (self.fd < 0) return closedNow(t);
  if (!self.readable) return wrongMode(t, "reading");
  if (n < 0) return fileio_readall(t, self);
  n = std::min(n, kMaxTransfer);
  Ref<Bytes> b = newBytes(n);
  if (!b) return t.raiseMemory();
  i64 got = fileRead(t, self, b->data, n);
  if (got == -1) return Error{};
  if (got == -2) return noneRef();
  return Ref<>(shrunkBytes(std::move(b), got));
}

Result<Ref<>> fileio_readall(Thread& t, FileIo& self) {
  if (self.fd < 0) return closedNow(t);
  // Enough for the rest of the file and one byte more, so that the end is seen without growing.
  i64 capacity = kIoBufferSize;
  struct stat st;
  int fd = self.fd;
  i64 at = -1, end = -1;
  {
    AllowThreads allow(t);
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
      end = st.st_size;
      if (end > 65536 || self.seekable > 0) at = ::lseek(fd, 0, SEEK_CUR);
    }
  }
  if (end >= 0) {
    i64 rest = at >= 0 && at < end ? end - at : end;
    capacity = end == 0 ? kIoBufferSize : rest + 1;
  }
  Ref<Bytes> b = newBytes(capacity);
  if (!b) return t.raiseMemory();
  i64 filled = 0;
  for (;;) {
    if (filled >= b->size) {
      i64 wanted = b->size + std::max<i64>(b->size / 4, kIoBufferSize);
      Ref<Bytes> larger = newBytes(wanted);
      if (!larger)
        return t.raise(kOverflowError,
                       "unbounded read returned more bytes than a Python bytes object can hold");
      memcpy(larger->data, b->data, size_t(filled));
      b = std::move(larger);
    }
    i64 got = fileRead(t, self, b->data + filled, b->size - filled);
    if (got == 0) break;
    if (got == -1) return Error{};
    if (got == -2) {
      if (filled > 0) break;
      return noneRef();
    }
    filled += got;
  }
  return Ref<>(shrunkBytes(std::move(b), filled));
}

Result<Ref<>> fileio_readinto(Thread& t, FileIo& self, Value buffer) {
  Buffer to;
  if (!Buffer::get(t, buffer, &to, kBufferWritable)) {
    t.clearException();
    return t.raise(kTypeError, "readinto() argument must be read-write bytes-like object, not {}",
                   typeOf(buffer));
  }
  i64 n = fileRead(t, self, reinterpret_cast<char*>(to.data()), to.size());
  if (n == -1) return Error{};
  if (n == -2) return noneRef();
  return makeInt(n);
}

Result<Ref<>> fileio_write(Thread& t, FileIo& self, Value b) {
  Buffer from;
  TRY(Buffer::get(t, b, &from));
  i64 n = fileWrite(t, self, reinterpret_cast<char*>(from.data()), from.size());
  if (n == -1) return Error{};
  if (n == -2) return noneRef();
  return makeInt(n);
}

Result<Ref<>> fileio_seek(Thread& t, FileIo& self, Value pos, i32 whence) {
  if (self.fd < 0) return closedNow(t);
  i64 offset = TRY(argI64(t, pos));
  return makeInt(TRY(fileSeek(t, self, offset, whence)));
}
Result<Ref<>> fileio_tell(Thread& t, FileIo& self) {
  return makeInt(TRY(fileSeek(t, self, 0, SEEK_CUR)));
}

Result<Ref<>> fileio_truncate(Thread& t, FileIo& self, Value size) {
  if (self.fd < 0) return closedNow(t);
  if (!self.writable) return wrongMode(t, "writing");
  Ref<> wanted = isNone(size) ? makeInt(TRY(fileSeek(t, self, 0, SEEK_CUR))) : retain(size);
  i64 n = TRY(argI64(t, wanted));
  int fd = self.fd;
  if (blocking(t, [&] { return ::ftruncate(fd, n); }) != 0) return systemError(t);
  return wanted;
}

// ---- properties ----

Result<bool> fileio_seekable(Thread& t, FileIo& self) {
  if (self.fd < 0) return closedNow(t);
  if (self.seekable < 0) {
    if (!fileSeek(t, self, 0, SEEK_CUR)) t.clearException();
    if (self.seekable < 0) self.seekable = 0;
  }
  return self.seekable == 1;
}
Result<bool> fileio_readable(Thread& t, FileIo& self) {
  if (self.fd < 0) return closedNow(t);
  return self.readable;
}
Result<bool> fileio_writable(Thread& t, FileIo& self) {
  if (self.fd < 0) return closedNow(t);
  return self.writable;
}
Result<i64> fileio_fileno(Thread& t, FileIo& self) {
  if (self.fd < 0) return closedNow(t);
  return i64(self.fd);
}
Result<bool> fileio_isatty(Thread& t, FileIo& self) {
  if (self.fd < 0) return closedNow(t);
  int fd = self.fd;
  AllowThreads allow(t);
  return ::isatty(fd) != 0;
}
Result<bool> fileio__isatty_open_only(Thread& t, FileIo& self) {
  if (self.fileType && !S_ISCHR(self.fileType)) return false;
  return fileio_isatty(t, self);
}
Result<bool> fileio_get_closed(Thread&, FileIo& self) { return self.fd < 0; }
Result<bool> fileio_get_closefd(Thread&, FileIo& self) { return self.closeFd; }
Result<Ref<>> fileio_get_mode(Thread&, FileIo& self) { return Ref<>(makeAscii(modeName(self))); }
Result<i64> fileio_get__blksize(Thread&, FileIo& self) {
  return self.blockSize ? self.blockSize : kIoBufferSize;
}
Result<Ref<>> fileio___getstate__(Thread& t, FileIo& self) { return noPickle(t, &self); }

Result<Ref<>> fileio___repr__(Thread& t, FileIo& self) {
  if (self.fd < 0) return Ref<>(formatStr("<{} [closed]>", self.type));
  Ref<> name;
  TRY(lookupAttr(t, &self, DX_NAME("name"), &name));
  const char* closes = self.closeFd ? "True" : "False";
  if (!name)
    return Ref<>(
        formatStr("<{} fd={} mode='{}' closefd={}>", self.type, self.fd, modeName(self), closes));
  if (!enterRepr(t, &self)) {
    if (t.hasException()) return Error{};
    return t.raise(kRuntimeError, "reentrant call inside {}.__repr__", self.type);
  }
  Ref<Str> text =
      formatStr("<{} name={!r} mode='{}' closefd={}>", self.type, name, modeName(self), closes);
  leaveRepr(t, &self);
  if (!text) return Error{};
  return Ref<>(std::move(text));
}

}  // namespace dx
