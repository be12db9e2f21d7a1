// Module posix: less common ways of moving data, and descriptors of kernel objects.
#include <fcntl.h>
#include <linux/limits.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmath>

#include "modules/arguments.h"
#include "modules/posix.gen.h"
#include "modules/posix_path.h"

namespace dx {

// ---- several buffers at once ----

namespace {

struct Vectors {
  std::vector<Buffer> held;
  std::vector<iovec> parts;
  int count() const { return int(parts.size()); }
};
Result<Vectors> bufferList(Thread& t, Value buffers, const char* function, int flags) {
  if (!isTuple(buffers) && !isList(buffers) &&
      !TRY(hasAttr(t, Value(typeOf(buffers)), DX_NAME("__getitem__"))))
    return t.raise(kTypeError, "{}() arg 2 must be a sequence", function);
  Ref<Tuple> items = TRY(tupleFrom(t, buffers));
  if (items->size > INT32_MAX) return raiseErrno(t, EINVAL);
  Vectors v;
  v.held.resize(size_t(items->size));
  for (i64 i = 0; i < items->size; i++) {
    Buffer& b = v.held[size_t(i)];
    TRY(Buffer::get(t, items->items[i], &b, flags));
    v.parts.push_back({b.data(), size_t(b.size())});
  }
  return v;
}

Result<i64> counted(Thread& t, auto&& call) {
  i64 n = i64(blocking(t, call));
  if (n < 0) return systemError(t);
  return n;
}

}  // namespace

Result<i64> posix_readv(Thread& t, i32 fd, Value buffers) {
  Vectors v = TRY(bufferList(t, buffers, "readv", kBufferWritable));
  return counted(t, [&] { return ::readv(fd, v.parts.data(), v.count()); });
}
Result<i64> posix_writev(Thread& t, i32 fd, Value buffers) {
  Vectors v = TRY(bufferList(t, buffers, "writev", kBufferSimple));
  return counted(t, [&] { return ::writev(fd, v.parts.data(), v.count()); });
}
Result<i64> posix_preadv(Thread& t, i32 fd, Value buffers, i64 offset, i32 flags) {
  Vectors v = TRY(bufferList(t, buffers, "preadv2", kBufferWritable));
  return counted(t, [&] { return ::preadv2(fd, v.parts.data(), v.count(), offset, flags); });
}
Result<i64> posix_pwritev(Thread& t, i32 fd, Value buffers, i64 offset, i32 flags) {
  Vectors v = TRY(bufferList(t, buffers, "pwritev", kBufferSimple));
  return counted(t, [&] { return ::pwritev2(fd, v.parts.data(), v.count(), offset, flags); });
}

// ---- between descriptors ----

namespace {

struct OptionalOffset {
  off_t value = 0;
  bool given = false;
  off_t* pointer() { return given ? &value : nullptr; }
};
Result<OptionalOffset> optionalOffset(Thread& t, Value v) {
  OptionalOffset o;
  if (isNone(v)) return o;
  o.given = true;
  o.value = TRY(argI64(t, v));
  return o;
}

}  // namespace

Result<i64> posix_sendfile(Thread& t, i32 out, i32 in, Value offset, i64 count) {
  OptionalOffset o = TRY(optionalOffset(t, offset));
  return counted(t, [&] { return ::sendfile(out, in, o.pointer(), size_t(count)); });
}
Result<i64> posix_copy_file_range(Thread& t, i32 src, i32 dst, i64 count, Value srcOffset,
                                  Value dstOffset) {
  OptionalOffset from = TRY(optionalOffset(t, srcOffset)), to = TRY(optionalOffset(t, dstOffset));
  if (count < 0) return t.raise(kValueError, "negative value for 'count' not allowed");
  return counted(t, [&] {
    return ::copy_file_range(src, from.pointer(), dst, to.pointer(), size_t(count), 0);
  });
}
Result<i64> posix_splice(Thread& t, i32 src, i32 dst, i64 count, Value srcOffset, Value dstOffset,
                         u64 flags) {
  OptionalOffset from = TRY(optionalOffset(t, srcOffset)), to = TRY(optionalOffset(t, dstOffset));
  if (count < 0) return t.raise(kValueError, "negative value for 'count' not allowed");
  return counted(t, [&] {
    return ::splice(src, from.pointer(), dst, to.pointer(), size_t(count), unsigned(flags));
  });
}

// These two return the error instead of setting errno.
static Result<void> returning(Thread& t, auto&& call) {
  for (;;) {
    int error;
    {
      AllowThreads allow(t);
      error = call();
    }
    if (error == 0) return {};
    if (error != EINTR) return raiseErrno(t, error);
    if (t.pending) TRY(handlePending(t));
  }
}
Result<void> posix_posix_fallocate(Thread& t, i32 fd, i64 offset, i64 length) {
  return returning(t, [&] { return ::posix_fallocate(fd, offset, length); });
}
Result<void> posix_posix_fadvise(Thread& t, i32 fd, i64 offset, i64 length, i32 advice) {
  return returning(t, [&] { return ::posix_fadvise(fd, offset, length, advice); });
}

// ---- event counters, memory files, timers ----

Result<i64> posix_eventfd(Thread& t, Value initial, i32 flags) {
  u64 value = TRY(unsignedArgument(t, initial, UINT32_MAX, "unsigned int"));
  int fd = ::eventfd(unsigned(value), flags);
  if (fd < 0) return raiseErrno(t, errno);
  return i64(fd);
}
Result<u64> posix_eventfd_read(Thread& t, Value file) {
  int fd = TRY(descriptorArgument(t, file));
  eventfd_t value;
  if (blocking(t, [&] { return ::eventfd_read(fd, &value); }) < 0) return systemError(t);
  return u64(value);
}
Result<void> posix_eventfd_write(Thread& t, Value file, Value value) {
  int fd = TRY(descriptorArgument(t, file));
  u64 n = TRY(unsignedArgument(t, value, UINT64_MAX, "unsigned long long"));
  if (blocking(t, [&] { return ::eventfd_write(fd, n); }) < 0) return systemError(t);
  return {};
}

Result<i64> posix_memfd_create(Thread& t, Value name, u64 flags) {
  std::string text = TRY(encodeFs(t, name));
  int fd = ::memfd_create(text.c_str(), unsigned(flags));
  if (fd < 0) return raiseErrno(t, errno);
  return i64(fd);
}

namespace {

constexpr i64 kNs = 1000000000;
timespec timespecOf(i64 ns) {
  i64 seconds = ns / kNs, rest = ns % kNs;
  if (rest < 0) {
    rest += kNs;
    seconds--;
  }
  return {time_t(seconds), long(rest)};
}
Result<timespec> timespecOf(Thread& t, double seconds) {
  double ns = std::ceil(seconds * 1e9);
  if (!(ns >= -0x1p63 && ns < 0x1p63))
    return t.raise(kOverflowError, "timestamp out of range for C PyTime_t");
  return timespecOf(i64(ns));
}
Ref<> timerValue(const itimerspec& v, bool ns) {
  auto number = [&](const timespec& ts) {
    return ns ? makeInt(i64(ts.tv_sec) * kNs + ts.tv_nsec)
              : makeFloat(double(ts.tv_sec) + double(ts.tv_nsec) * 1e-9);
  };
  return Ref<>(tupleOf(number(v.it_value), number(v.it_interval)));
}
Result<Ref<>> setTimer(Thread& t, Value file, i32 flags, timespec initial, timespec interval,
                       bool ns) {
  int fd = TRY(descriptorArgument(t, file));
  itimerspec fresh{interval, initial}, old;
  if (::timerfd_settime(fd, flags, &fresh, &old) < 0) return raiseErrno(t, errno);
  return timerValue(old, ns);
}
Result<Ref<>> getTimer(Thread& t, Value file, bool ns) {
  int fd = TRY(descriptorArgument(t, file));
  itimerspec now;
  if (::timerfd_gettime(fd, &now) < 0) return raiseErrno(t, errno);
  return timerValue(now, ns);
}

}  // namespace

Result<i64> posix_timerfd_create(Thread& t, i32 clock, i32 flags) {
  int fd = ::timerfd_create(clock, flags | TFD_CLOEXEC);
  if (fd < 0) return raiseErrno(t, errno);
  return i64(fd);
}
Result<Ref<>> posix_timerfd_settime(Thread& t, Value fd, i32 flags, double initial,
                                    double interval) {
  timespec first = TRY(timespecOf(t, initial)), then = TRY(timespecOf(t, interval));
  return setTimer(t, fd, flags, first, then, false);
}
Result<Ref<>> posix_timerfd_settime_ns(Thread& t, Value fd, i32 flags, i64 initial, i64 interval) {
  return setTimer(t, fd, flags, timespecOf(initial), timespecOf(interval), true);
}
Result<Ref<>> posix_timerfd_gettime(Thread& t, Value fd) { return getTimer(t, fd, false); }
Result<Ref<>> posix_timerfd_gettime_ns(Thread& t, Value fd) { return getTimer(t, fd, true); }

// ---- extended attributes ----

namespace {

struct XattrArgs {
  PathArg path, attribute;
};
Result<PathArg> xattrPath(Thread& t, const char* function, Value path, bool follow,
                          bool nullable = false) {
  PathArg p = TRY(pathArgument(t, function, "path", path, true, nullable));
  if (p.fd >= 0 && !follow)
    return t.raise(kValueError, "{}: cannot use fd and follow_symlinks together", function);
  return p;
}
Result<XattrArgs> xattrArgs(Thread& t, const char* function, Value path, Value attribute,
                            bool follow) {
  XattrArgs a{TRY(xattrPath(t, function, path, follow)), PathArg()};
  a.attribute = TRY(pathArgument(t, function, "attribute", attribute));
  return a;
}

// Reads something of unknown size: `call(buffer, size)`.
Result<std::string> growing(Thread& t, const PathArg& p, auto&& call) {
  for (size_t size : {size_t(256), size_t(XATTR_SIZE_MAX)}) {
    std::string buffer(size, '\0');
    ssize_t n = blocking(t, [&] { return call(buffer.data(), size); });
    if (n >= 0) {
      buffer.resize(size_t(n));
      return buffer;
    }
    if (t.hasException() || errno != ERANGE) break;
  }
  return systemError(t, p);
}

}  // namespace

Result<Ref<>> posix_getxattr(Thread& t, Value path, Value attribute, bool follow) {
  XattrArgs a = TRY(xattrArgs(t, "getxattr", path, attribute, follow));
  Value event[] = {path, attribute};
  TRY(audit(t, "os.getxattr", event));
  std::string value = TRY(growing(t, a.path, [&](char* p, size_t n) {
    return a.path.fd >= 0 ? ::fgetxattr(a.path.fd, a.attribute.c(), p, n)
           : follow       ? ::getxattr(a.path.c(), a.attribute.c(), p, n)
                          : ::lgetxattr(a.path.c(), a.attribute.c(), p, n);
  }));
  return Ref<>(makeBytes(value));
}

Result<void> posix_setxattr(Thread& t, Value path, Value attribute, const Buffer& value, i32 flags,
                            bool follow) {
  XattrArgs a = TRY(xattrArgs(t, "setxattr", path, attribute, follow));
  Ref<> shown = makeBytes(value.bytes()), number = makeInt(flags);
  Value event[] = {path, attribute, shown, number};
  TRY(audit(t, "os.setxattr", event));
  const void* data = value.data();
  size_t n = size_t(value.size());
  int r = blocking(t, [&] {
    return a.path.fd >= 0 ? ::fsetxattr(a.path.fd, a.attribute.c(), data, n, flags)
           : follow       ? ::setxattr(a.path.c(), a.attribute.c(), data, n, flags)
                          : ::lsetxattr(a.path.c(), a.attribute.c(), data, n, flags);
  });
  if (r < 0) return systemError(t, a.path);
  return {};
}

Result<void> posix_removexattr(Thread& t, Value path, Value attribute, bool follow) {
  XattrArgs a = TRY(xattrArgs(t, "removexattr", path, attribute, follow));
  Value event[] = {path, attribute};
  TRY(audit(t, "os.removexattr", event));
  int r = blocking(t, [&] {
    return a.path.fd >= 0 ? ::fremovexattr(a.path.fd, a.attribute.c())
           : follow       ? ::removexattr(a.path.c(), a.attribute.c())
                          : ::lremovexattr(a.path.c(), a.attribute.c());
  });
  if (r < 0) return systemError(t, a.path);
  return {};
}

Result<Ref<>> posix_listxattr(Thread& t, Value path, bool follow) {
  PathArg p = TRY(xattrPath(t, "listxattr", path, follow, true));
  Value event[] = {path};
  TRY(audit(t, "os.listxattr", event));
  std::string names = TRY(growing(t, p, [&](char* to, size_t n) {
    return p.fd >= 0 ? ::flistxattr(p.fd, to, n)
           : follow  ? ::listxattr(p.c(), to, n)
                     : ::llistxattr(p.c(), to, n);
  }));
  Ref<List> list = newList();
  for (size_t at = 0; at < names.size();) {
    std::string name = names.c_str() + at;
    listAppend(list, Ref<>(decodeFs(name)));
    at += name.size() + 1;
  }
  return Ref<>(std::move(list));
}

}  // namespace dx
