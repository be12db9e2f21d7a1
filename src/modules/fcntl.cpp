// Module fcntl.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>

#include "modules/arguments.h"
#include "modules/fcntl.gen.h"
#include "modules/int_constants.h"
#include "modules/posix_path.h"

namespace dx {

namespace {

constexpr i64 kBufferSize = 1024;  // CPython's limit for what is copied

// A str counts as its UTF-8.
Result<std::string> dataArgument(Thread& t, Value v, const char* function) {
  std::string data;
  if (isStr(v)) {
    data = TRY(utf8(t, v.as<Str>()));
  } else {
    Buffer b;
    TRY(Buffer::get(t, v, &b));
    data = b.bytes();
  }
  if (i64(data.size()) > kBufferSize)
    return t.raise(kValueError, "{} argument 3 is too long", function);
  return data;
}

Error wrongData(Thread& t, const char* function, Value v) {
  return t.raise(kTypeError,
                 "{}() argument 3 must be an integer, a bytes-like object, or a string, not {}",
                 function, typeOf(v));
}

// The system call on a copy of the data with room to spare; the result is the copy.
Result<Ref<>> onCopy(Thread& t, std::string data, auto&& call) {
  size_t size = data.size();
  data.resize(size_t(kBufferSize) + 8);
  if (blocking(t, [&] { return call(data.data()); }) < 0) return systemError(t);
  return Ref<>(makeBytes({data.data(), size}));
}

}  // namespace

Result<Ref<>> fcntl_fcntl(Thread& t, Value file, i32 command, Value arg) {
  int fd = TRY(descriptorArgument(t, file));
  Ref<> number = makeInt(fd);
  Value event[] = {number, Value::smallInt(command), arg};
  TRY(audit(t, "fcntl.fcntl", event));
  if (isInt(arg) || hasIndex(arg)) {
    long n = long(int(u32(TRY(argU64Mask(t, arg)))));
    int r = blocking(t, [&] { return ::fcntl(fd, command, n); });
    if (r < 0) return systemError(t);
    return makeInt(r);
  }
  if (!isStr(arg) && !hasBuffer(arg)) return wrongData(t, "fcntl", arg);
  return onCopy(t, TRY(dataArgument(t, arg, "fcntl")),
                [&](char* p) { return ::fcntl(fd, command, p); });
}

Result<Ref<>> fcntl_ioctl(Thread& t, Value file, u64 request, Value arg, bool mutate) {
  int fd = TRY(descriptorArgument(t, file));
  Ref<> number = makeInt(fd), shown = makeInt(request);
  Value event[] = {number, shown, arg};
  TRY(audit(t, "fcntl.ioctl", event));
  auto plain = [&](void* p) -> Result<Ref<>> {
    int r = blocking(t, [&] { return ::ioctl(fd, request, p); });
    if (r < 0) return systemError(t);
    return makeInt(r);
  };
  if (isInt(arg) || hasIndex(arg)) {
    // Any bit pattern of an int: -1 and 0xffffffff are the same.
    Ref<> n = TRY(toIndex(t, arg));
    i64 value;
    if (!intToI64(n, &value))
      return t.raise(kOverflowError, "Python int too large to convert to C long");
    if (value > INT32_MAX && value > i64(UINT32_MAX))
      return t.raise(kOverflowError, "signed integer is greater than maximum");
    if (value < INT32_MIN) return t.raise(kOverflowError, "signed integer is less than minimum");
    return plain(reinterpret_cast<void*>(i64(int(u32(value)))));
  }
  if (!isStr(arg) && !hasBuffer(arg)) return wrongData(t, "ioctl", arg);
  if (!isStr(arg) && mutate) {
    Buffer b;
    if (Buffer::get(t, arg, &b, kBufferWritable)) {
      // Small buffers are copied back and forth: drivers may write more than the caller expects.
      if (b.size() > kBufferSize) return plain(b.data());
      std::string copy(b.bytes());
      copy.resize(size_t(kBufferSize) + 8);
      Ref<> r = TRY(plain(copy.data()));
      memcpy(b.data(), copy.data(), size_t(b.size()));
      return r;
    }
    if (!t.takeIf(kBufferError) && !t.takeIf(kTypeError)) return Error{};
  }
  return onCopy(t, TRY(dataArgument(t, arg, "ioctl")),
                [&](char* p) { return ::ioctl(fd, request, p); });
}

Result<void> fcntl_flock(Thread& t, Value file, i32 operation) {
  int fd = TRY(descriptorArgument(t, file));
  Ref<> number = makeInt(fd);
  Value event[] = {number, Value::smallInt(operation)};
  TRY(audit(t, "fcntl.flock", event));
  if (blocking(t, [&] { return ::flock(fd, operation); }) < 0) return systemError(t);
  return {};
}

Result<void> fcntl_lockf(Thread& t, Value file, i32 command, Value length, Value start,
                         i32 whence) {
  int fd = TRY(descriptorArgument(t, file));
  Ref<> number = makeInt(fd);
  Value event[] = {number, Value::smallInt(command), length, start, Value::smallInt(whence)};
  TRY(audit(t, "fcntl.lockf", event));
  struct flock l;
  memset(&l, 0, sizeof l);
  if (command == LOCK_UN) {
    l.l_type = F_UNLCK;
  } else if (command & LOCK_SH) {
    l.l_type = F_RDLCK;
  } else if (command & LOCK_EX) {
    l.l_type = F_WRLCK;
  } else {
    return t.raise(kValueError, "unrecognized lockf argument");
  }
  l.l_start = TRY(argI64(t, start));
  l.l_len = TRY(argI64(t, length));
  l.l_whence = short(whence);
  int how = command & LOCK_NB ? F_SETLK : F_SETLKW;
  if (blocking(t, [&] { return ::fcntl(fd, how, &l); }) < 0) return systemError(t);
  return {};
}

Result<void> fcntl_exec(Thread&, Module& m) {
  static constexpr IntConstant kConstants[] = {
#define DX_CONST(name) {#name, i64(name)},
#define DX_CONST_VALUE(name, value) {#name, value},
#include "modules/fcntl_constants.def"
#undef DX_CONST
#undef DX_CONST_VALUE
  };
  addConstants(m, kConstants);
  return {};
}

}  // namespace dx
