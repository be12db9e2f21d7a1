// Module posix: files and directories by name, stat, scandir.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cmath>

#include "memory/collector.h"
#include "modules/arguments.h"
#include "modules/posix.gen.h"
#include "modules/posix_path.h"

namespace dx {

namespace {

constexpr StructSeqField kStatFields[] = {
    {"st_mode", "protection bits"},
    {"st_ino", "inode"},
    {"st_dev", "device"},
    {"st_nlink", "number of hard links"},
    {"st_uid", "user ID of owner"},
    {"st_gid", "group ID of owner"},
    {"st_size", "total size, in bytes"},
    {nullptr, "integer time of last access"},
    {nullptr, "integer time of last modification"},
    {nullptr, "integer time of last change"},
    {"st_atime", "time of last access"},
    {"st_mtime", "time of last modification"},
    {"st_ctime", "time of last change"},
    {"st_atime_ns", "time of last access in nanoseconds"},
    {"st_mtime_ns", "time of last modification in nanoseconds"},
    {"st_ctime_ns", "time of last change in nanoseconds"},
    {"st_blksize", "blocksize for filesystem I/O"},
    {"st_blocks", "number of blocks allocated"},
    {"st_rdev", "device type (if inode device)"}};
constexpr StructSeqDesc kStat = {"os.stat_result",
                                 "stat_result: Result from stat, fstat, or lstat.\n\nThis object "
                                 "may be accessed either as a tuple of\n  (mode, ino, "
                                 "dev, nlink, uid, gid, size, atime, mtime, ctime)\nor via the "
                                 "attributes st_mode, st_ino, st_dev, st_nlink, and so "
                                 "on.\n\nPosix/windows: If your platform supports st_blksize, "
                                 "st_blocks, st_rdev,\nor st_flags, they are available as "
                                 "attributes only.\n\nSee os.stat for more information.",
                                 kStatFields, 10};

constexpr StructSeqField kStatvfsFields[] = {{"f_bsize", ""},   {"f_frsize", ""}, {"f_blocks", ""},
                                             {"f_bfree", ""},   {"f_bavail", ""}, {"f_files", ""},
                                             {"f_ffree", ""},   {"f_favail", ""}, {"f_flag", ""},
                                             {"f_namemax", ""}, {"f_fsid", ""}};
constexpr StructSeqDesc kStatvfs = {
    "os.statvfs_result",
    "statvfs_result: Result from statvfs or fstatvfs.\n\nThis object may be accessed either as a "
    "tuple of\n  (bsize, frsize, "
    "blocks, bfree, bavail, files, ffree, favail, flag, namemax),\nor via the attributes f_bsize, "
    "f_frsize, f_blocks, f_bfree, "
    "and so on.\n\nSee os.statvfs for more information.",
    kStatvfsFields, 10};

constexpr StructSeqField kSizeFields[] = {{"columns", "width of the terminal window in characters"},
                                          {"lines", "height of the terminal window in characters"}};
constexpr StructSeqDesc kSize = {"os.terminal_size",
                                 "A tuple of (columns, lines) for holding terminal window size",
                                 kSizeFields, 2};
constexpr StructSeqField kUnameFields[] = {
    {"sysname", "operating system name"},
    {"nodename", "name of machine on network (implementation-defined)"},
    {"release", "operating system release"},
    {"version", "operating system version"},
    {"machine", "hardware identifier"}};
constexpr StructSeqDesc kUname = {"posix.uname_result",
                                  "uname_result: Result from os.uname().\n\nThis object may be "
                                  "accessed either as a tuple of\n  (sysname, nodename, release, "
                                  "version, machine),\nor via the attributes sysname, nodename, "
                                  "release, version, and machine.\n\nSee os.uname for more "
                                  "information.",
                                  kUnameFields, 5};
constexpr StructSeqField kTimesFields[] = {
    {"user", "user time"},
    {"system", "system time"},
    {"children_user", "user time of children"},
    {"children_system", "system time of children"},
    {"elapsed", "elapsed time since an arbitrary point in the past"}};
constexpr StructSeqDesc kTimes = {"posix.times_result",
                                  "times_result: Result from os.times().\n\nThis object may be "
                                  "accessed either as a tuple of\n  (user, system, children_user, "
                                  "children_system, elapsed),\nor via the attributes user, system, "
                                  "children_user, children_system,\nand elapsed.\n\nSee "
                                  "os.times for more information.",
                                  kTimesFields, 5};
Type *gStat, *gStatvfs;

Ref<> statvfsResult(const struct statvfs& v) {
  Ref<Tuple> s = newStructSeq(gStatvfs);
  u64 fields[] = {v.f_bsize, v.f_frsize, v.f_blocks, v.f_bfree,   v.f_bavail, v.f_files,
                  v.f_ffree, v.f_favail, v.f_flag,   v.f_namemax, v.f_fsid};
  for (int i = 0; i < 11; i++) s->items[i] = makeInt(fields[i]).release();
  return Ref<>(std::move(s));
}

}  // namespace

Type *gTerminalSize, *gUname, *gTimes;

void addStatTypes(Thread& t, Module& module) {
  struct {
    const StructSeqDesc* desc;
    Type** type;
    const char* name;
  } types[] = {{&kStat, &gStat, "stat_result"},
               {&kStatvfs, &gStatvfs, "statvfs_result"},
               {&kSize, &gTerminalSize, "terminal_size"},
               {&kUname, &gUname, "uname_result"},
               {&kTimes, &gTimes, "times_result"}};
  for (auto& y : types) {
    *y.type = makeStructSeqType(t, *y.desc).release();
    moduleSet(module, y.name, Value(*y.type));
  }
}

Ref<> statResult(const struct stat& st) {
  Ref<Tuple> s = newStructSeq(gStat);
  i64 fields[] = {i64(st.st_mode),
                  0,
                  0,
                  i64(st.st_nlink),
                  i64(st.st_uid),
                  i64(st.st_gid),
                  i64(st.st_size),
                  st.st_atim.tv_sec,
                  st.st_mtim.tv_sec,
                  st.st_ctim.tv_sec};
  for (int i = 0; i < 10; i++) s->items[i] = makeInt(fields[i]).release();
  s->items[1] = makeInt(u64(st.st_ino)).release();
  s->items[2] = makeInt(u64(st.st_dev)).release();
  const timespec* times[] = {&st.st_atim, &st.st_mtim, &st.st_ctim};
  for (int i = 0; i < 3; i++) {
    s->items[10 + i] =
        makeFloat(double(times[i]->tv_sec) + 1e-9 * double(times[i]->tv_nsec)).release();
    s->items[13 + i] = makeInt(i64(times[i]->tv_sec) * 1000000000 + times[i]->tv_nsec).release();
  }
  s->items[16] = makeInt(i64(st.st_blksize)).release();
  s->items[17] = makeInt(i64(st.st_blocks)).release();
  s->items[18] = makeInt(u64(st.st_rdev)).release();
  return Ref<>(std::move(s));
}

// ---- stat ----

static Result<Ref<>> doStat(Thread& t, const char* function, Value path, Value dir, bool follow) {
  PathArg p = TRY(pathArgument(t, function, "path", path, true));
  int at = TRY(dirFd(t, dir));
  if (p.fd >= 0 && at != AT_FDCWD)
    return t.raise(kValueError, "{}: can't specify dir_fd without matching path", function);
  if (p.fd >= 0 && !follow)
    return t.raise(kValueError, "{}: cannot use fd and follow_symlinks together", function);
  struct stat st;
  int r = blocking(t, [&] {
    return p.fd >= 0 ? ::fstat(p.fd, &st)
                     : ::fstatat(at, p.c(), &st, follow ? 0 : AT_SYMLINK_NOFOLLOW);
  });
  if (r != 0) return systemError(t, p);
  return statResult(st);
}
Result<Ref<>> posix_stat(Thread& t, Value path, Value dir_fd, bool follow) {
  return doStat(t, "stat", path, dir_fd, follow);
}
Result<Ref<>> posix_lstat(Thread& t, Value path, Value dir_fd) {
  PathArg p = TRY(pathArgument(t, "lstat", "path", path));
  int at = TRY(dirFd(t, dir_fd));
  struct stat st;
  if (blocking(t, [&] { return ::fstatat(at, p.c(), &st, AT_SYMLINK_NOFOLLOW); }) != 0)
    return systemError(t, p);
  return statResult(st);
}
Result<Ref<>> posix_fstat(Thread& t, i32 fd) {
  struct stat st;
  if (blocking(t, [&] { return ::fstat(fd, &st); }) != 0) return systemError(t);
  return statResult(st);
}
Result<Ref<>> posix_statvfs(Thread& t, Value path) {
  PathArg p = TRY(pathArgument(t, "statvfs", "path", path, true));
  struct statvfs v;
  if (blocking(t, [&] { return p.fd >= 0 ? ::fstatvfs(p.fd, &v) : ::statvfs(p.c(), &v); }) != 0)
    return systemError(t, p);
  return statvfsResult(v);
}
Result<Ref<>> posix_fstatvfs(Thread& t, i32 fd) {
  struct statvfs v;
  if (blocking(t, [&] { return ::fstatvfs(fd, &v); }) != 0) return systemError(t);
  return statvfsResult(v);
}

Result<bool> posix_access(Thread& t, Value path, i32 mode, Value dir_fd, bool effective,
                          bool follow) {
  PathArg p = TRY(pathArgument(t, "access", "path", path));
  int at = TRY(dirFd(t, dir_fd));
  int flags = (effective ? AT_EACCESS : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW);
  AllowThreads allow(t);
  return ::faccessat(at, p.c(), mode, flags) == 0;
}

// ---- simple operations on names ----

#define PATH_OP(p, call)                                                  \
  do {                                                                    \
    if (blocking(t, [&] { return call; }) != 0) return systemError(t, p); \
    return {};                                                            \
  } while (0)

Result<void> posix_chdir(Thread& t, Value path) {
  PathArg p = TRY(pathArgument(t, "chdir", "path", path, true));
  TRY(auditCall(t, "os.chdir", path));
  PATH_OP(p, p.fd >= 0 ? ::fchdir(p.fd) : ::chdir(p.c()));
}
Result<void> posix_fchdir(Thread& t, Value fd) {
  int n = TRY(descriptorArgument(t, fd));
  TRY(auditCall(t, "os.chdir", i64(n)));
  if (::fchdir(n) != 0) return raiseErrno(t, errno);
  return {};
}
Result<void> posix_fsync(Thread& t, Value fd) {
  int n = TRY(descriptorArgument(t, fd));
  if (blocking(t, [&] { return ::fsync(n); }) != 0) return systemError(t);
  return {};
}
Result<void> posix_fdatasync(Thread& t, Value fd) {
  int n = TRY(descriptorArgument(t, fd));
  if (blocking(t, [&] { return ::fdatasync(n); }) != 0) return systemError(t);
  return {};
}
Result<void> posix_sync(Thread& t) {
  AllowThreads allow(t);
  ::sync();
  return {};
}
Result<void> posix_chmod(Thread& t, Value path, i32 mode, Value dir_fd, bool follow) {
  PathArg p = TRY(pathArgument(t, "chmod", "path", path, true));
  int at = TRY(dirFd(t, dir_fd));
  TRY(auditCall(t, "os.chmod", path, i64(mode), eventFolder(at)));
  PATH_OP(p, p.fd >= 0 ? ::fchmod(p.fd, mode_t(mode))
                       : ::fchmodat(at, p.c(), mode_t(mode), follow ? 0 : AT_SYMLINK_NOFOLLOW));
}
Result<void> posix_fchmod(Thread& t, i32 fd, i32 mode) {
  TRY(auditCall(t, "os.chmod", i64(fd), i64(mode), i64(-1)));
  if (blocking(t, [&] { return ::fchmod(fd, mode_t(mode)); }) != 0) return systemError(t);
  return {};
}
Result<void> posix_chown(Thread& t, Value path, Value uid_, Value gid_, Value dir_fd, bool follow) {
  PathArg p = TRY(pathArgument(t, "chown", "path", path, true));
  u32 uid = TRY(idArgument(t, uid_, "uid")), gid = TRY(idArgument(t, gid_, "gid"));
  int at = TRY(dirFd(t, dir_fd));
  TRY(auditCall(t, "os.chown", path, i64(uid), i64(gid), eventFolder(at)));
  PATH_OP(p, p.fd >= 0
                 ? ::fchown(p.fd, uid_t(uid), gid_t(gid))
                 : ::fchownat(at, p.c(), uid_t(uid), gid_t(gid), follow ? 0 : AT_SYMLINK_NOFOLLOW));
}
Result<void> posix_fchown(Thread& t, i32 fd, Value uid_, Value gid_) {
  u32 uid = TRY(idArgument(t, uid_, "uid")), gid = TRY(idArgument(t, gid_, "gid"));
  TRY(auditCall(t, "os.chown", i64(fd), i64(uid), i64(gid), i64(-1)));
  if (blocking(t, [&] { return ::fchown(fd, uid_t(uid), gid_t(gid)); }) != 0) return systemError(t);
  return {};
}
Result<void> posix_lchown(Thread& t, Value path, Value uid_, Value gid_) {
  PathArg p = TRY(pathArgument(t, "lchown", "path", path));
  u32 uid = TRY(idArgument(t, uid_, "uid")), gid = TRY(idArgument(t, gid_, "gid"));
  TRY(auditCall(t, "os.chown", path, i64(uid), i64(gid), i64(-1)));
  PATH_OP(p, ::lchown(p.c(), uid_t(uid), gid_t(gid)));
}
Result<void> posix_chroot(Thread& t, Value path) {
  PathArg p = TRY(pathArgument(t, "chroot", "path", path));
  PATH_OP(p, ::chroot(p.c()));
}
Result<void> posix_mkdir(Thread& t, Value path, i32 mode, Value dir_fd) {
  PathArg p = TRY(pathArgument(t, "mkdir", "path", path));
  int at = TRY(dirFd(t, dir_fd));
  TRY(auditCall(t, "os.mkdir", path, i64(mode), eventFolder(at)));
  PATH_OP(p, ::mkdirat(at, p.c(), mode_t(mode)));
}
Result<void> posix_mkfifo(Thread& t, Value path, i32 mode, Value dir_fd) {
  PathArg p = TRY(pathArgument(t, "mkfifo", "path", path));
  int at = TRY(dirFd(t, dir_fd));
  PATH_OP(p, ::mkfifoat(at, p.c(), mode_t(mode)));
}
Result<void> posix_mknod(Thread& t, Value path, i32 mode, Value device_, Value dir_fd) {
  PathArg p = TRY(pathArgument(t, "mknod", "path", path));
  u64 device = TRY(deviceArgument(t, device_));
  int at = TRY(dirFd(t, dir_fd));
  PATH_OP(p, ::mknodat(at, p.c(), mode_t(mode), dev_t(device)));
}
Result<void> posix_rmdir(Thread& t, Value path, Value dir_fd) {
  PathArg p = TRY(pathArgument(t, "rmdir", "path", path));
  int at = TRY(dirFd(t, dir_fd));
  TRY(auditCall(t, "os.rmdir", path, eventFolder(at)));
  PATH_OP(p, ::unlinkat(at, p.c(), AT_REMOVEDIR));
}
static Result<void> doUnlink(Thread& t, const char* function, Value path, Value dir_fd) {
  PathArg p = TRY(pathArgument(t, function, "path", path));
  int at = TRY(dirFd(t, dir_fd));
  TRY(auditCall(t, "os.remove", path, eventFolder(at)));
  PATH_OP(p, ::unlinkat(at, p.c(), 0));
}
Result<void> posix_unlink(Thread& t, Value path, Value dir_fd) {
  return doUnlink(t, "unlink", path, dir_fd);
}
Result<void> posix_remove(Thread& t, Value path, Value dir_fd) {
  return doUnlink(t, "remove", path, dir_fd);
}
Result<void> posix_truncate(Thread& t, Value path, i64 length) {
  PathArg p = TRY(pathArgument(t, "truncate", "path", path, true));
  TRY(auditCall(t, "os.truncate", path, length));
  PATH_OP(p, p.fd >= 0 ? ::ftruncate(p.fd, length) : ::truncate(p.c(), length));
}
Result<void> posix_ftruncate(Thread& t, i32 fd, i64 length) {
  TRY(auditCall(t, "os.truncate", i64(fd), length));
  if (blocking(t, [&] { return ::ftruncate(fd, length); }) != 0) return systemError(t);
  return {};
}
Result<i64> posix_umask(Thread&, i32 mask) { return i64(::umask(mode_t(mask))); }

// ---- operations on two names ----

static Result<void> doRename(Thread& t, const char* function, Value src, Value dst, Value srcDir,
                             Value dstDir) {
  PathArg a = TRY(pathArgument(t, function, "src", src)),
          b = TRY(pathArgument(t, function, "dst", dst));
  int from = TRY(dirFd(t, srcDir)), to = TRY(dirFd(t, dstDir));
  TRY(auditCall(t, "os.rename", src, dst, eventFolder(from), eventFolder(to)));
  if (blocking(t, [&] { return ::renameat(from, a.c(), to, b.c()); }) != 0)
    return t.hasException() ? Error{} : raiseErrno(t, errno, a.original, b.original);
  return {};
}
Result<void> posix_rename(Thread& t, Value src, Value dst, Value s, Value d) {
  return doRename(t, "rename", src, dst, s, d);
}
Result<void> posix_replace(Thread& t, Value src, Value dst, Value s, Value d) {
  return doRename(t, "replace", src, dst, s, d);
}
Result<void> posix_link(Thread& t, Value src, Value dst, Value srcDir, Value dstDir, bool follow) {
  PathArg a = TRY(pathArgument(t, "link", "src", src)),
          b = TRY(pathArgument(t, "link", "dst", dst));
  int from = TRY(dirFd(t, srcDir)), to = TRY(dirFd(t, dstDir));
  TRY(auditCall(t, "os.link", src, dst, eventFolder(from), eventFolder(to)));
  if (blocking(
          t, [&] { return ::linkat(from, a.c(), to, b.c(), follow ? AT_SYMLINK_FOLLOW : 0); }) != 0)
    return t.hasException() ? Error{} : raiseErrno(t, errno, a.original, b.original);
  return {};
}
Result<void> posix_symlink(Thread& t, Value src, Value dst, bool, Value dir_fd) {
  PathArg a = TRY(pathArgument(t, "symlink", "src", src)),
          b = TRY(pathArgument(t, "symlink", "dst", dst));
  int at = TRY(dirFd(t, dir_fd));
  TRY(auditCall(t, "os.symlink", src, dst, eventFolder(at)));
  if (blocking(t, [&] { return ::symlinkat(a.c(), at, b.c()); }) != 0)
    return t.hasException() ? Error{} : raiseErrno(t, errno, a.original, b.original);
  return {};
}
Result<Ref<>> posix_readlink(Thread& t, Value path, Value dir_fd) {
  PathArg p = TRY(pathArgument(t, "readlink", "path", path));
  int at = TRY(dirFd(t, dir_fd));
  char buffer[4097];
  ssize_t n = blocking(t, [&] { return ::readlinkat(at, p.c(), buffer, sizeof buffer - 1); });
  if (n < 0) return systemError(t, p);
  return nameResult(std::string(buffer, size_t(n)), p.bytes);
}

// ---- times ----

static Result<timespec> timeOf(Thread& t, Value v) {
  timespec ts;
  if (isFloat(v)) {
    double d = floatValue(v);
    if (std::isnan(d)) return t.raise(kValueError, "Invalid value NaN (not a number)");
    double whole = std::floor(d);
    if (!(whole > -9.2e18 && whole < 9.2e18))
      return t.raise(kOverflowError, "timestamp out of range for platform time_t");
    ts.tv_sec = time_t(whole);
    ts.tv_nsec = long(std::floor((d - whole) * 1e9));
    return ts;
  }
  ts.tv_sec = time_t(TRY(argI64(t, v)));
  ts.tv_nsec = 0;
  return ts;
}
static Result<timespec> nsOf(Thread& t, Value v) {
  if (!isInt(v))
    return t.raise(kTypeError, "'{}' object cannot be interpreted as an integer", typeOf(v));
  i64 n = TRY(argI64(t, v));
  timespec ts;
  ts.tv_sec = time_t(n >= 0 ? n / 1000000000 : -((-n + 999999999) / 1000000000));
  ts.tv_nsec = long(n - i64(ts.tv_sec) * 1000000000);
  return ts;
}
Result<void> posix_utime(Thread& t, Value path, Value times, Value ns, Value dir_fd, bool follow) {
  PathArg p = TRY(pathArgument(t, "utime", "path", path, true));
  int at = TRY(dirFd(t, dir_fd));
  bool hasTimes = times && !isNone(times);
  if (hasTimes && ns)
    return t.raise(kValueError, "utime: you may specify either 'times' or 'ns' but not both");
  timespec ts[2];
  bool given = hasTimes || bool(ns);
  if (given) {
    Value pair = hasTimes ? times : ns;
    if (!isTuple(pair) || pair.as<Tuple>()->size != 2)
      return t.raise(kTypeError, hasTimes
                                     ? "utime: 'times' must be either a tuple of two ints or None"
                                     : "utime: 'ns' must be a tuple of two ints");
    for (int i = 0; i < 2; i++)
      ts[i] = hasTimes ? TRY(timeOf(t, pair.as<Tuple>()->items[i]))
                       : TRY(nsOf(t, pair.as<Tuple>()->items[i]));
  }
  TRY(auditCall(t, "os.utime", path, hasTimes ? times : none(), ns ? ns : none(), eventFolder(at)));
  const timespec* value = given ? ts : nullptr;
  PATH_OP(p, p.fd >= 0 ? ::futimens(p.fd, value)
                       : ::utimensat(at, p.c(), value, follow ? 0 : AT_SYMLINK_NOFOLLOW));
}

// ---- directories ----

static Result<Ref<>> cwd(Thread& t, bool bytes) {
  char* path = ::getcwd(nullptr, 0);
  if (!path) return raiseErrno(t, errno);
  Ref<> r = nameResult(path, bytes);
  free(path);
  return r;
}
Result<Ref<>> posix_getcwd(Thread& t) { return cwd(t, false); }
Result<Ref<>> posix_getcwdb(Thread& t) { return cwd(t, true); }

static DIR* openDirectory(Thread& t, const PathArg& p) {
  AllowThreads allow(t);
  if (p.fd < 0) return ::opendir(p.c());
  int copy = ::fcntl(p.fd, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return nullptr;
  DIR* dir = ::fdopendir(copy);
  if (!dir)
    ::close(copy);
  else
    ::rewinddir(dir);
  return dir;
}
static bool isDots(const char* name) {
  return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

Result<Ref<>> posix_listdir(Thread& t, Value path) {
  Value event[] = {path};
  TRY(audit(t, "os.listdir", event));
  PathArg p = TRY(pathArgument(t, "listdir", "path", path, true, true));
  DIR* dir = openDirectory(t, p);
  if (!dir) return pathError(t, p);
  Ref<List> names = newList();
  errno = 0;
  while (dirent* e = ::readdir(dir)) {
    if (!isDots(e->d_name)) listAppend(names, nameResult(e->d_name, p.bytes));
    errno = 0;
  }
  int error = errno;
  ::closedir(dir);
  if (error) return raiseErrno(t, error, p.original);
  return Ref<>(std::move(names));
}

Result<Ref<>> posix_scandir(Thread& t, Value path) {
  Value event[] = {path};
  TRY(audit(t, "os.scandir", event));
  PathArg p = TRY(pathArgument(t, "scandir", "path", path, true, true));
  DIR* dir = openDirectory(t, p);
  if (!dir) return pathError(t, p);
  Ref<ScandirIterator> it = make<ScandirIterator>(&scandirIteratorType);
  it->dir = dir;
  countUntrackedFinalizer(1);
  it->bytes = p.bytes;
  it->path = p.fd >= 0 ? none() : Value(makeBytes(p.text).release());
  it->dirFd = p.fd;
  return Ref<>(std::move(it));
}

static void closeScan(ScandirIterator& self) {
  if (DIR* dir = std::exchange(self.dir, nullptr)) {
    ::closedir(dir);
    countUntrackedFinalizer(-1);
  }
}
void ScandirIterator_dealloc(Object* o) {
  auto* self = static_cast<ScandirIterator*>(o);
  if (self->dir) {
    Thread& t = thisThread();
    ExceptionSaver saver(t);
    o->refcount = 1;
    if (!warn(t, kResourceWarning, "unclosed scandir iterator {!r}", Value(o)))
      writeUnraisable(t, nullptr, Value(o));
    if (--o->refcount != 0) return;
    closeScan(*self);
  }
  clearField(self->path);
  freeObject(o);
}
Result<Ref<>> ScandirIterator___iter__(Thread&, ScandirIterator& self) {
  return Ref<>::retain(&self);
}
Result<Ref<>> ScandirIterator___enter__(Thread&, ScandirIterator& self) {
  return Ref<>::retain(&self);
}
Result<void> ScandirIterator___exit__(Thread&, ScandirIterator& self, Values) {
  return closeScan(self), ok();
}
Result<void> ScandirIterator_close(Thread&, ScandirIterator& self) { return closeScan(self), ok(); }

Result<Ref<>> ScandirIterator___next__(Thread& t, ScandirIterator& self) {
  while (self.dir) {
    errno = 0;
    dirent* e = ::readdir(self.dir);
    if (!e) {
      int error = errno;
      closeScan(self);
      if (error) return raiseErrno(t, error);
      return Error{};
    }
    if (isDots(e->d_name)) continue;
    Ref<DirEntry> entry = make<DirEntry>(&dirEntryType);
    entry->bytes = self.bytes;
    entry->dirFd = self.dirFd;
    entry->kind = e->d_type;
    entry->inode = e->d_ino;
    entry->name = nameResult(e->d_name, self.bytes).release();
    std::string full = e->d_name;
    if (isBytes(self.path)) {
      std::string base(self.path.as<Bytes>()->view());
      bool relative = base == "." && !self.bytes;
      full = base + (base.empty() || base.back() == '/' ? "" : "/") + full;
      (void)relative;
    }
    entry->path = nameResult(full, self.bytes).release();
    gcTrack(entry);
    return Ref<>(std::move(entry));
  }
  return Error{};
}

static Result<Ref<>> entryStat(Thread& t, DirEntry& self, bool follow) {
  Value& cache = follow ? self.cachedStat : self.cachedLstat;
  if (cache) return retain(cache);
  Ref<> folder = self.dirFd >= 0 ? makeInt(self.dirFd) : noneRef();
  Ref<> r = TRY(doStat(t, "stat", self.path, folder, follow));
  setField(cache, retain(r));
  return r;
}
static Result<bool> entryIs(Thread& t, DirEntry& self, bool follow, mode_t kind, u8 direct) {
  bool link = self.kind == DT_LNK;
  if (self.kind != DT_UNKNOWN && (!link || !follow)) return self.kind == direct;
  Result<Ref<>> st = entryStat(t, self, follow);
  if (!st) {
    if (t.takeIf(kFileNotFoundError)) return false;
    return Error{};
  }
  i64 mode = TRY(argI64(t, st.peek().as<Tuple>()->items[0]));
  return (mode_t(mode) & S_IFMT) == kind;
}
Result<bool> DirEntry_is_dir(Thread& t, DirEntry& self, bool follow) {
  return entryIs(t, self, follow, S_IFDIR, DT_DIR);
}
Result<bool> DirEntry_is_file(Thread& t, DirEntry& self, bool follow) {
  return entryIs(t, self, follow, S_IFREG, DT_REG);
}
Result<bool> DirEntry_is_symlink(Thread& t, DirEntry& self) {
  return entryIs(t, self, false, S_IFLNK, DT_LNK);
}
Result<bool> DirEntry_is_junction(Thread&, DirEntry&) { return false; }
Result<Ref<>> DirEntry_stat(Thread& t, DirEntry& self, bool follow) {
  return entryStat(t, self, follow && self.kind == DT_LNK ? true : follow);
}
Result<u64> DirEntry_inode(Thread&, DirEntry& self) { return self.inode; }
Result<Ref<>> DirEntry___fspath__(Thread&, DirEntry& self) { return retain(self.path); }
Result<Ref<>> DirEntry___repr__(Thread& t, DirEntry& self) {
  Ref<Str> name = TRY(repr(t, self.name));
  return Ref<>(formatStr("<DirEntry {}>", name));
}

}  // namespace dx
