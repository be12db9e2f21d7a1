// Module mmap. Conversions of arguments run before the map is looked at: they may close it.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "builtins/byte_methods.h"
#include "modules/int_constants.h"
#include "modules/mmap.gen.h"
#include "runtime/gil.h"

namespace dx {

namespace {

enum : i32 { kAccessDefault, kAccessRead, kAccessWrite, kAccessCopy };

Result<void> checkOpen(Thread& t, const MemoryMap& m) {
  if (!m.data) return t.raise(kValueError, "mmap closed or invalid");
  return {};
}
Result<void> checkWritable(Thread& t, const MemoryMap& m) {
  if (m.access == kAccessRead)
    return t.raise(kTypeError, "mmap can't modify a readonly memory map.");
  return {};
}
Result<void> checkResizable(Thread& t, const MemoryMap& m) {
  if (m.exports > 0)
    return t.raise(kBufferError, "mmap can't resize with extant buffers exported.");
  if (!m.trackFd) return t.raise(kValueError, "mmap can't resize with trackfd=False.");
  if (m.access != kAccessDefault && m.access != kAccessWrite)
    return t.raise(kTypeError, "mmap can't resize a readonly or copy-on-write memory map.");
  return {};
}
i64 remaining(const MemoryMap& m) { return m.pos < m.size ? m.size - m.pos : 0; }

Ref<> takeBytes(MemoryMap& m, i64 n) {
  Ref<> b = makeBytes({m.data + m.pos, size_t(n)});
  m.pos += n;
  return b;
}

}  // namespace

Result<Ref<>> map___new__(Thread& t, Type& cls, i32 fd, i64 length, i32 flags, i32 prot, i32 access,
                          i64 offset, bool trackFd) {
  Ref<> numbers[] = {makeInt(fd), makeInt(length), makeInt(access), makeInt(offset)};
  Value event[] = {numbers[0], numbers[1], numbers[2], numbers[3]};
  TRY(audit(t, "mmap.__new__", event));
  if (length < 0) return t.raise(kOverflowError, "memory mapped length must be positive");
  if (offset < 0) return t.raise(kOverflowError, "memory mapped offset must be positive");
  if (access != kAccessDefault && (flags != MAP_SHARED || prot != (PROT_WRITE | PROT_READ)))
    return t.raise(kValueError, "mmap can't specify both access and flags, prot.");
  switch (access) {
    case kAccessRead:
      flags = MAP_SHARED;
      prot = PROT_READ;
      break;
    case kAccessWrite:
      flags = MAP_SHARED;
      prot = PROT_READ | PROT_WRITE;
      break;
    case kAccessCopy:
      flags = MAP_PRIVATE;
      prot = PROT_READ | PROT_WRITE;
      break;
    case kAccessDefault:
      if (!(prot & PROT_WRITE))
        access = kAccessRead;
      else if (!(prot & PROT_READ))
        access = kAccessWrite;
      break;
    default:
      return t.raise(kValueError, "mmap invalid access parameter.");
  }
  struct stat st;
  int known = -1;
  if (fd != -1) {
    AllowThreads allow(t);
    known = ::fstat(fd, &st);
  }
  if (known == 0 && S_ISREG(st.st_mode)) {
    if (length == 0) {
      if (st.st_size == 0) return t.raise(kValueError, "cannot mmap an empty file");
      if (offset >= st.st_size)
        return t.raise(kValueError, "mmap offset is greater than file size");
      length = st.st_size - offset;
    } else if (offset > st.st_size || st.st_size - offset < length) {
      return t.raise(kValueError, "mmap length is greater than file size");
    }
  }
  int own = -1;
  if (fd == -1) {
    flags |= MAP_ANONYMOUS;
  } else if (trackFd && (own = ::fcntl(fd, F_DUPFD_CLOEXEC, 0)) < 0) {
    return raiseErrno(t, errno);
  }
  void* data;
  int error;
  {
    AllowThreads allow(t);
    data = ::mmap(nullptr, size_t(length), prot, flags, fd, offset);
    error = errno;
  }
  if (data == MAP_FAILED) {
    if (own >= 0) ::close(own);
    return raiseErrno(t, error);
  }
  Ref<> o = Ref<>::steal(Value(newInstance(&cls)));
  auto* m = o.as<MemoryMap>();
  m->data = static_cast<char*>(data);
  m->size = length;
  m->offset = offset;
  m->fd = own;
  m->flags = flags;
  m->access = access;
  m->trackFd = trackFd;
  return o;
}

static void unmap(MemoryMap& m) {
  int fd = std::exchange(m.fd, -1);
  char* data = std::exchange(m.data, nullptr);
  AllowThreads allow(thisThread());
  if (fd >= 0) ::close(fd);
  if (data) ::munmap(data, size_t(m.size));
}
void map_dealloc(Object* o) {
  auto& m = *static_cast<MemoryMap*>(o);
  if (m.data || m.fd >= 0) unmap(m);
  freeObject(o);
}
Result<void> map_close(Thread& t, MemoryMap& self) {
  if (self.exports > 0) return t.raise(kBufferError, "cannot close exported pointers exist");
  if (self.data) unmap(self);
  return {};
}
Result<Ref<>> map_get_closed(Thread&, MemoryMap& self) { return retain(boolean(!self.data)); }
Result<Ref<>> map___enter__(Thread& t, MemoryMap& self) {
  TRY(checkOpen(t, self));
  return Ref<>::retain(Value(&self));
}
Result<Ref<>> map___exit__(Thread& t, MemoryMap& self, const Args&) {
  TRY(map_close(t, self));
  return noneRef();
}

Result<Ref<>> map___repr__(Thread&, MemoryMap& self) {
  constexpr const char* kNames[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"};
  if (!self.data) return Ref<>(formatStr("<{} closed=True>", self.type));
  return Ref<>(formatStr("<{} closed=False, access={}, length={}, pos={}, offset={}>", self.type,
                         kNames[self.access], self.size, self.pos, self.offset));
}

// ---- as a sequence ----

Result<i64> map___len__(Thread& t, MemoryMap& self) {
  TRY(checkOpen(t, self));
  return self.size;
}

Result<Ref<>> map___seqitem__(Thread& t, MemoryMap& self, i64 i) {
  TRY(checkOpen(t, self));
  if (i < 0 || i >= self.size) return t.raise(kIndexError, "mmap index out of range");
  return Ref<>(makeBytes({self.data + i, 1}));
}

static Result<i64> itemIndex(Thread& t, MemoryMap& self, Value key) {
  i64 i = TRY(indexI64(t, key, kIndexError));
  TRY(checkOpen(t, self));
  if (i < 0) i += self.size;
  if (i < 0 || i >= self.size) return t.raise(kIndexError, "mmap index out of range");
  return i;
}

// The slice's own __index__ methods may have closed or resized the map.
static Result<SliceBounds> boundsOf(Thread& t, MemoryMap& self, Value slice) {
  SliceBounds s = TRY(resolveSlice(t, *slice.as<Slice>(), self.size));
  TRY(checkOpen(t, self));
  return s;
}

Result<Ref<>> map___getitem__(Thread& t, MemoryMap& self, Value key) {
  TRY(checkOpen(t, self));
  if (isInt(key) || hasIndex(key)) {
    i64 i = TRY(itemIndex(t, self, key));
    return makeInt(int(u8(self.data[i])));
  }
  if (!isInstanceOf(key, &PySlice_Type))
    return t.raise(kTypeError, "mmap indices must be integers");
  SliceBounds s = TRY(boundsOf(t, self, key));
  if (s.count <= 0) return Ref<>(makeBytes({}));
  if (s.step == 1) return Ref<>(makeBytes({self.data + s.start, size_t(s.count)}));
  Ref<Bytes> out = newBytes(s.count);
  if (!out) return t.raiseMemory();
  for (i64 i = 0, at = s.start; i < s.count; i++, at += s.step) out->data[i] = self.data[at];
  return Ref<>(std::move(out));
}

Result<void> map___setitem__(Thread& t, MemoryMap& self, Value key, Value value) {
  TRY(checkOpen(t, self));
  TRY(checkWritable(t, self));
  if (isInt(key) || hasIndex(key)) {
    i64 i = TRY(itemIndex(t, self, key));
    if (!value) return t.raise(kTypeError, "mmap doesn't support item deletion");
    if (!isInt(value) && !hasIndex(value))
      return t.raise(kTypeError, "mmap item value must be an int");
    i64 byte = TRY(indexI64(t, value, kTypeError));
    if (byte < 0 || byte > 255)
      return t.raise(kValueError, "mmap item value must be in range(0, 256)");
    TRY(checkOpen(t, self));
    if (i >= self.size) return t.raise(kIndexError, "mmap index out of range");
    self.data[i] = char(byte);
    return {};
  }
  if (!isInstanceOf(key, &PySlice_Type)) return t.raise(kTypeError, "mmap indices must be integer");
  if (!value) return t.raise(kTypeError, "mmap object doesn't support slice deletion");
  Buffer b;
  TRY(Buffer::get(t, value, &b));
  SliceBounds s = TRY(boundsOf(t, self, key));
  if (s.count != b.size()) return t.raise(kIndexError, "mmap slice assignment is wrong size");
  if (s.step == 1) {
    memmove(self.data + s.start, b.data(), size_t(s.count));
  } else {
    for (i64 i = 0, at = s.start; i < s.count; i++, at += s.step) self.data[at] = char(b.data()[i]);
  }
  return {};
}

Result<void> map_getBuffer(Thread& t, MemoryMap& self, BufferView* view, int flags) {
  TRY(checkOpen(t, self));
  TRY(fillBuffer(t, view, &self, self.data, self.size, self.access == kAccessRead, flags));
  self.exports++;
  return {};
}
void map_releaseBuffer(Thread&, MemoryMap& self, BufferView*) { self.exports--; }

// ---- as a file ----

Result<Ref<>> map_read(Thread& t, MemoryMap& self, Value count) {
  i64 n = -1;
  if (!isNone(count)) {
    if (!isInt(count) && !hasIndex(count))
      return t.raise(kTypeError, "argument should be integer or None, not '{}'", typeOf(count));
    n = TRY(argIndex(t, count));
  }
  TRY(checkOpen(t, self));
  i64 left = remaining(self);
  return takeBytes(self, n < 0 || n > left ? left : n);
}
Result<i64> map_read_byte(Thread& t, MemoryMap& self) {
  TRY(checkOpen(t, self));
  if (self.pos >= self.size) return t.raise(kValueError, "read byte out of range");
  return i64(u8(self.data[self.pos++]));
}
Result<Ref<>> map_readline(Thread& t, MemoryMap& self) {
  TRY(checkOpen(t, self));
  i64 left = remaining(self);
  if (left == 0) return Ref<>(makeBytes({}));
  const char* from = self.data + self.pos;
  const void* end = memchr(from, '\n', size_t(left));
  return takeBytes(self, end ? static_cast<const char*>(end) - from + 1 : left);
}

Result<i64> map_write(Thread& t, MemoryMap& self, const Buffer& data) {
  TRY(checkOpen(t, self));
  TRY(checkWritable(t, self));
  if (self.pos > self.size || self.size - self.pos < data.size())
    return t.raise(kValueError, "data out of range");
  memmove(self.data + self.pos, data.data(), size_t(data.size()));
  self.pos += data.size();
  return data.size();
}
Result<void> map_write_byte(Thread& t, MemoryMap& self, Value byte) {
  i64 n = TRY(argI64(t, byte));
  if (n < 0) return t.raise(kOverflowError, "unsigned byte integer is less than minimum");
  if (n > 255) return t.raise(kOverflowError, "unsigned byte integer is greater than maximum");
  TRY(checkOpen(t, self));
  TRY(checkWritable(t, self));
  if (self.pos >= self.size) return t.raise(kValueError, "write byte out of range");
  self.data[self.pos++] = char(n);
  return {};
}

static Result<i64> search(Thread& t, MemoryMap& self, const Buffer& needle, Value start, Value end,
                          bool last) {
  TRY(checkOpen(t, self));
  i64 from = isNone(start) ? self.pos : TRY(argIndex(t, start));
  i64 to = isNone(end) ? self.size : TRY(argIndex(t, end));
  TRY(checkOpen(t, self));
  auto clip = [&](i64 i) { return std::clamp<i64>(i < 0 ? i + self.size : i, 0, self.size); };
  from = clip(from);
  to = clip(to);
  if (from > to) return -1;
  std::string_view text(self.data, size_t(self.size));
  return last ? rfindBytes(text, needle.bytes(), from, to)
              : findBytes(text, needle.bytes(), from, to);
}
Result<i64> map_find(Thread& t, MemoryMap& self, const Buffer& needle, Value start, Value end) {
  return search(t, self, needle, start, end, false);
}
Result<i64> map_rfind(Thread& t, MemoryMap& self, const Buffer& needle, Value start, Value end) {
  return search(t, self, needle, start, end, true);
}

Result<i64> map_seek(Thread& t, MemoryMap& self, i64 distance, i32 whence) {
  TRY(checkOpen(t, self));
  i64 base;
  switch (whence) {
    case SEEK_SET:
      base = 0;
      break;
    case SEEK_CUR:
      base = self.pos;
      break;
    case SEEK_END:
      base = self.size;
      break;
    default:
      return t.raise(kValueError, "unknown seek type");
  }
  i64 where;
  if (__builtin_add_overflow(base, distance, &where) || where < 0 || where > self.size)
    return t.raise(kValueError, "seek out of range");
  self.pos = where;
  return where;
}
Result<bool> map_seekable(Thread&, MemoryMap&) { return true; }
Result<i64> map_tell(Thread& t, MemoryMap& self) {
  TRY(checkOpen(t, self));
  return self.pos;
}
Result<i64> map_size(Thread& t, MemoryMap& self) {
  TRY(checkOpen(t, self));
  struct stat st;
  int r;
  {
    AllowThreads allow(t);
    r = ::fstat(self.fd, &st);
  }
  if (r < 0) return raiseErrno(t, errno);
  return i64(st.st_size);
}

// ---- the mapping ----

Result<void> map_move(Thread& t, MemoryMap& self, i64 to, i64 from, i64 count) {
  TRY(checkOpen(t, self));
  TRY(checkWritable(t, self));
  if (to < 0 || from < 0 || count < 0 || self.size - to < count || self.size - from < count)
    return t.raise(kValueError, "source, destination, or count out of range");
  memmove(self.data + to, self.data + from, size_t(count));
  return {};
}

Result<void> map_flush(Thread& t, MemoryMap& self, i64 offset, Value size) {
  i64 n = isNone(size) ? -1 : TRY(argIndex(t, size));
  TRY(checkOpen(t, self));
  if (isNone(size)) n = self.size - offset;
  if (n < 0 || offset < 0 || self.size - offset < n)
    return t.raise(kValueError, "flush values out of range");
  if (self.access == kAccessRead || self.access == kAccessCopy) return {};
  int r, error;
  {
    self.exports++;  // nobody may unmap meanwhile
    {
      AllowThreads allow(t);
      r = ::msync(self.data + offset, size_t(n), MS_SYNC);
      error = errno;
    }
    self.exports--;
  }
  if (r < 0) return raiseErrno(t, error);
  return {};
}

Result<void> map_madvise(Thread& t, MemoryMap& self, i32 option, i64 start, Value length) {
  i64 n = isNone(length) ? INT64_MAX : TRY(argIndex(t, length));
  TRY(checkOpen(t, self));
  if (start < 0 || start >= self.size) return t.raise(kValueError, "madvise start out of bounds");
  if (n < 0) return t.raise(kValueError, "madvise length invalid");
  if (!isNone(length) && INT64_MAX - start < n)
    return t.raise(kOverflowError, "madvise length too large");
  n = std::min(n, self.size - start);
  if (::madvise(self.data + start, size_t(n), option) < 0) return raiseErrno(t, errno);
  return {};
}

Result<void> map_resize(Thread& t, MemoryMap& self, i64 size) {
  TRY(checkOpen(t, self));
  TRY(checkResizable(t, self));
  if (size < 0 || INT64_MAX - size < self.offset)
    return t.raise(kValueError, "new size out of range");
  if (self.fd == -1 && !(self.flags & MAP_PRIVATE) && size > self.size)
    return t.raise(kValueError, "mmap: can't expand a shared anonymous mapping");
  if (self.fd != -1 && ::ftruncate(self.fd, self.offset + size) < 0) return raiseErrno(t, errno);
  void* data = ::mremap(self.data, size_t(self.size), size_t(size), MREMAP_MAYMOVE);
  if (data == MAP_FAILED) return raiseErrno(t, errno);
  self.data = static_cast<char*>(data);
  self.size = size;
  return {};
}

Result<void> mmap_exec(Thread&, Module& m) {
#define X(name) {#name, i64(name)},
  static constexpr IntConstant kConstants[] = {
      X(PROT_EXEC) X(PROT_READ) X(PROT_WRITE) X(MAP_SHARED) X(MAP_PRIVATE) X(MAP_DENYWRITE)
          X(MAP_EXECUTABLE) X(MAP_ANON) X(MAP_ANONYMOUS) X(MAP_POPULATE) X(MAP_STACK)
              X(MAP_NORESERVE) X(MAP_32BIT) X(MADV_NORMAL) X(MADV_RANDOM) X(MADV_SEQUENTIAL)
                  X(MADV_WILLNEED) X(MADV_DONTNEED) X(MADV_REMOVE) X(MADV_DONTFORK) X(MADV_DOFORK)
                      X(MADV_HWPOISON) X(MADV_MERGEABLE) X(MADV_UNMERGEABLE) X(MADV_HUGEPAGE)
                          X(MADV_NOHUGEPAGE) X(MADV_DONTDUMP) X(MADV_DODUMP)
                              X(MADV_FREE){"ACCESS_DEFAULT", kAccessDefault},
      {"ACCESS_READ", kAccessRead},
      {"ACCESS_WRITE", kAccessWrite},
      {"ACCESS_COPY", kAccessCopy}};
#undef X
  addConstants(m, kConstants);
  for (const char* name : {"PAGESIZE", "ALLOCATIONGRANULARITY"})
    moduleSet(m, name, makeInt(i64(::sysconf(_SC_PAGESIZE))));
  moduleSet(m, "error", Value(kOSError));
  return {};
}

}  // namespace dx
