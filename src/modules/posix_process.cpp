// Module posix: descriptors and processes.
#include "modules/posix_process.h"

#include <fcntl.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/arguments.h"
#include "modules/posix.gen.h"
#include "modules/posix_path.h"

namespace dx {

extern Type *gTerminalSize, *gUname, *gTimes;

// ---- descriptors ----

Result<i64> posix_open(Thread& t, Value path, i32 flags, i32 mode, Value dir_fd) {
  PathArg p = TRY(pathArgument(t, "open", "path", path));
  int at = TRY(dirFd(t, dir_fd));
  Value event[] = {path, none(), Value::smallInt(flags)};
  TRY(audit(t, "open", event));
  int fd = blocking(t, [&] { return ::openat(at, p.c(), flags | O_CLOEXEC, mode_t(mode)); });
  if (fd < 0) return systemError(t, p);
  return i64(fd);
}
Result<void> posix_close(Thread& t, i32 fd) {
  int r;
  {
    AllowThreads allow(t);
    r = ::close(fd);
  }
  if (r != 0 && errno != EINTR) return raiseErrno(t, errno);
  return {};
}
Result<void> posix_closerange(Thread& t, i32 low, i32 high) {
  AllowThreads allow(t);
  if (low < 0) low = 0;
  if (low < high) ::close_range(unsigned(low), unsigned(high - 1), 0);
  return {};
}
Result<i64> posix_dup(Thread& t, i32 fd) {
  int r = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (r < 0) return raiseErrno(t, errno);
  return i64(r);
}
Result<i64> posix_dup2(Thread& t, i32 fd, i32 fd2, bool inheritable) {
  if (fd < 0 || fd2 < 0) return raiseErrno(t, EBADF);
  int r = inheritable || fd == fd2 ? ::dup2(fd, fd2) : ::dup3(fd, fd2, O_CLOEXEC);
  if (r < 0) return raiseErrno(t, errno);
  return i64(r);
}
Result<i64> posix_lseek(Thread& t, i32 fd, i64 position, i32 whence) {
  off_t r = ::lseek(fd, position, whence);
  if (r < 0) return raiseErrno(t, errno);
  return i64(r);
}

static Result<Ref<>> readBytes(Thread& t, i64 length, auto&& call) {
  if (length < 0) return raiseErrno(t, EINVAL);
  Ref<Bytes> b = newBytes(length);
  if (!b) return t.raiseMemory();
  ssize_t n = blocking(t, [&] { return call(b->data, size_t(length)); });
  if (n < 0) return systemError(t);
  if (n == length) return Ref<>(std::move(b));
  return Ref<>(makeBytes({b->data, size_t(n)}));
}
Result<Ref<>> posix_read(Thread& t, i32 fd, i64 length) {
  return readBytes(t, length, [&](char* to, size_t n) { return ::read(fd, to, n); });
}
Result<Ref<>> posix_pread(Thread& t, i32 fd, i64 length, i64 offset) {
  return readBytes(t, length, [&](char* to, size_t n) { return ::pread(fd, to, n, offset); });
}
Result<i64> posix_readinto(Thread& t, i32 fd, Value target) {
  Buffer b = TRY(writableArgument(t, target, "readinto", 2));
  ssize_t n = blocking(t, [&] { return ::read(fd, b.data(), size_t(b.size())); });
  if (n < 0) return systemError(t);
  return i64(n);
}
Result<i64> posix_write(Thread& t, i32 fd, const Buffer& data) {
  ssize_t n = blocking(t, [&] { return ::write(fd, data.data(), size_t(data.size())); });
  if (n < 0) return systemError(t);
  return i64(n);
}
Result<i64> posix_pwrite(Thread& t, i32 fd, const Buffer& data, i64 offset) {
  ssize_t n = blocking(t, [&] { return ::pwrite(fd, data.data(), size_t(data.size()), offset); });
  if (n < 0) return systemError(t);
  return i64(n);
}

static Result<Ref<>> makePipe(Thread& t, int flags) {
  int fds[2];
  if (::pipe2(fds, flags) != 0) return raiseErrno(t, errno);
  return Ref<>(tupleOf(makeInt(fds[0]), makeInt(fds[1])));
}
Result<Ref<>> posix_pipe(Thread& t) { return makePipe(t, O_CLOEXEC); }
Result<Ref<>> posix_pipe2(Thread& t, i32 flags) { return makePipe(t, flags); }
Result<bool> posix_isatty(Thread&, i32 fd) { return ::isatty(fd) != 0; }
Result<bool> posix_get_inheritable(Thread& t, i32 fd) {
  int flags = ::fcntl(fd, F_GETFD);
  if (flags < 0) return raiseErrno(t, errno);
  return !(flags & FD_CLOEXEC);
}
Result<void> posix_set_inheritable(Thread& t, i32 fd, i32 inheritable) {
  int flags = ::fcntl(fd, F_GETFD);
  if (flags < 0 ||
      ::fcntl(fd, F_SETFD, inheritable ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC) != 0)
    return raiseErrno(t, errno);
  return {};
}
Result<bool> posix_get_blocking(Thread& t, i32 fd) {
  int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return raiseErrno(t, errno);
  return !(flags & O_NONBLOCK);
}
Result<void> posix_set_blocking(Thread& t, i32 fd, bool block) {
  int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fcntl(fd, F_SETFL, block ? flags & ~O_NONBLOCK : flags | O_NONBLOCK) != 0)
    return raiseErrno(t, errno);
  return {};
}
Result<Ref<>> posix_get_terminal_size(Thread& t, i32 fd) {
  winsize w;
  if (::ioctl(fd, TIOCGWINSZ, &w) != 0) return raiseErrno(t, errno);
  Ref<Tuple> s = newStructSeq(gTerminalSize);
  s->items[0] = makeInt(i64(w.ws_col)).release();
  s->items[1] = makeInt(i64(w.ws_row)).release();
  return Ref<>(std::move(s));
}
Result<Ref<>> posix_device_encoding(Thread&, i32 fd) {
  return ::isatty(fd) ? Ref<>(makeAscii("utf-8")) : noneRef();
}
Result<void> posix_lockf(Thread& t, i32 fd, i32 command, i64 length) {
  TRY(auditCall(t, "os.lockf", i64(fd), i64(command), length));
  if (blocking(t, [&] { return ::lockf(fd, command, length); }) < 0) return systemError(t);
  return {};
}
// ---- identity ----

Result<i64> posix_getpid(Thread&) { return i64(::getpid()); }
Result<i64> posix_getppid(Thread&) { return i64(::getppid()); }
Result<i64> posix_getuid(Thread&) { return i64(::getuid()); }
Result<i64> posix_geteuid(Thread&) { return i64(::geteuid()); }
Result<i64> posix_getgid(Thread&) { return i64(::getgid()); }
Result<i64> posix_getegid(Thread&) { return i64(::getegid()); }
Result<i64> posix_getpgrp(Thread&) { return i64(::getpgrp()); }

static Result<i64> nonNegative(Thread& t, i64 r) {
  if (r < 0) return raiseErrno(t, errno);
  return r;
}
static Result<void> zero(Thread& t, int r) {
  if (r != 0) return raiseErrno(t, errno);
  return {};
}
Result<i64> posix_getpgid(Thread& t, i32 pid) { return nonNegative(t, ::getpgid(pid)); }
Result<i64> posix_getsid(Thread& t, i32 pid) { return nonNegative(t, ::getsid(pid)); }
Result<void> posix_setsid(Thread& t) { return zero(t, ::setsid() < 0 ? -1 : 0); }
Result<void> posix_setpgid(Thread& t, i32 pid, i32 pgrp) { return zero(t, ::setpgid(pid, pgrp)); }
Result<Ref<>> posix_getgroups(Thread& t) {
  int n = ::getgroups(0, nullptr);
  if (n < 0) return raiseErrno(t, errno);
  std::vector<gid_t> groups(size_t(n) + 1);
  n = ::getgroups(n, groups.data());
  if (n < 0) return raiseErrno(t, errno);
  Ref<List> list = newList();
  for (int i = 0; i < n; i++) listAppend(list, makeInt(i64(groups[size_t(i)])));
  return Ref<>(std::move(list));
}
Result<i64> posix_nice(Thread& t, i32 increment) {
  errno = 0;
  int n = ::nice(increment);
  if (n == -1 && errno) return raiseErrno(t, errno);
  return i64(n);
}
Result<Ref<>> posix_getlogin(Thread& t) {
  char buffer[256];
  if (int error = ::getlogin_r(buffer, sizeof buffer)) return raiseErrno(t, error);
  return Ref<>(decodeFs(buffer));
}
Result<Ref<>> posix_uname(Thread& t) {
  utsname u;
  if (::uname(&u) < 0) return raiseErrno(t, errno);
  Ref<Tuple> s = newStructSeq(gUname);
  const char* fields[] = {u.sysname, u.nodename, u.release, u.version, u.machine};
  for (int i = 0; i < 5; i++) s->items[i] = Value(decodeFs(fields[i]).release());
  return Ref<>(std::move(s));
}
Result<Ref<>> posix_times(Thread& t) {
  tms v;
  clock_t elapsed = ::times(&v);
  if (elapsed == clock_t(-1)) return raiseErrno(t, errno);
  double ticks = double(::sysconf(_SC_CLK_TCK));
  Ref<Tuple> s = newStructSeq(gTimes);
  clock_t fields[] = {v.tms_utime, v.tms_stime, v.tms_cutime, v.tms_cstime, elapsed};
  for (int i = 0; i < 5; i++) s->items[i] = makeFloat(double(fields[i]) / ticks).release();
  return Ref<>(std::move(s));
}

// ---- processes ----

Result<void> posix_kill(Thread& t, i32 pid, i32 signal) {
  TRY(auditCall(t, "os.kill", i64(pid), i64(signal)));
  if (::kill(pid, signal) != 0) return raiseErrno(t, errno);
  return t.pending ? handlePending(t) : Result<void>();
}
Result<void> posix_killpg(Thread& t, i32 pgid, i32 signal) {
  TRY(auditCall(t, "os.killpg", i64(pgid), i64(signal)));
  return zero(t, ::killpg(pgid, signal));
}
Result<Ref<>> posix_abort(Thread&) { ::abort(); }
Result<Ref<>> posix__exit(Thread&, i32 status) { ::_exit(status); }

struct ForkHooks {
  Ref<List> before, child, parent;
};
static ForkHooks& forkHooks() {
  static auto* hooks = new ForkHooks{newList(), newList(), newList()};
  return *hooks;
}
Result<void> posix_register_at_fork(Thread& t, Value before, Value child, Value parent) {
  if (!before && !child && !parent)
    return t.raise(kTypeError, "At least one argument is required.");
  for (auto [v, name] : {std::pair(before, "before"), std::pair(child, "after_in_child"),
                         std::pair(parent, "after_in_parent")})
    if (v && !isCallable(v))
      return t.raise(kTypeError, "'{}' must be callable, not {}", name, typeOf(v));
  if (before) listAppend(forkHooks().before, before);
  if (child) listAppend(forkHooks().child, child);
  if (parent) listAppend(forkHooks().parent, parent);
  return {};
}
void runForkHooks(Thread& t, int phase) {
  ForkHooks& hooks = forkHooks();
  Ref<Tuple> list = makeTuple(valuesOf((phase == 0   ? hooks.before
                                        : phase == 1 ? hooks.child
                                                     : hooks.parent)
                                           .get()));
  for (i64 i = 0; i < list->size; i++) {
    Value f = phase == 0 ? list->items[list->size - 1 - i] : list->items[i];
    if (!call(t, f, Args())) writeUnraisable(t, "Exception ignored in fork hook", f);
  }
}
pid_t forkInterpreter(Thread& t, int* master) {
  runForkHooks(t, 0);
  pid_t pid = master ? ::forkpty(master, nullptr, nullptr, nullptr) : ::fork();
  int error = errno;
  if (pid == 0) {
    gilAfterFork(t);
    theInterpreter.mainThread = &t;
    runForkHooks(t, 1);
  } else {
    runForkHooks(t, 2);
  }
  errno = error;
  return pid;
}
Result<i64> posix_fork(Thread& t) {
  if (theInterpreter.finalizing)
    return t.raise(kPythonFinalizationError, "can't fork at interpreter shutdown");
  TRY(audit(t, "os.fork", {}));
  pid_t pid = forkInterpreter(t);
  if (pid < 0) return raiseErrno(t, errno);
  return i64(pid);
}

static Result<std::vector<std::string>> argumentList(Thread& t, const char* function, Value argv) {
  if (!isTuple(argv) && !isList(argv))
    return t.raise(kTypeError, "{}() arg 2 must be a tuple or list", function);
  Ref<Tuple> items = TRY(tupleFrom(t, argv));
  if (items->size == 0) return t.raise(kValueError, "{}() arg 2 must not be empty", function);
  std::vector<std::string> out;
  for (i64 i = 0; i < items->size; i++) out.push_back(TRY(encodeFs(t, items->items[i])));
  if (out[0].empty())
    return t.raise(kValueError, "{}() arg 2 first element cannot be empty", function);
  return out;
}
Result<void> posix_execv(Thread& t, Value path, Value argv) {
  PathArg p = TRY(pathArgument(t, "execv", "path", path));
  std::vector<std::string> args = TRY(argumentList(t, "execv", argv));
  TRY(auditCall(t, "os.exec", path, argv, none()));
  ::execv(p.c(), pointers(args).data());
  return pathError(t, p);
}
Result<std::vector<std::string>> environmentList(Thread& t, Value env) {
  Ref<> keys = TRY(callMethod(t, env, DX_NAME("keys"), {}));
  Ref<> values = TRY(callMethod(t, env, DX_NAME("values"), {}));
  // Copies: __fspath__ may change the originals.
  Ref<Tuple> names = TRY(tupleFrom(t, keys)), texts = TRY(tupleFrom(t, values));
  if (names->size != texts->size)
    return t.raise(kRuntimeError, "environment changed size during iteration");
  std::vector<std::string> variables;
  for (i64 i = 0; i < names->size; i++) {
    std::string n = TRY(encodeFs(t, names->items[i])), v = TRY(encodeFs(t, texts->items[i]));
    if (n.empty() || n.find('=') != std::string::npos)
      return t.raise(kValueError, "illegal environment variable name");
    variables.push_back(n + "=" + v);
  }
  return variables;
}
Result<void> posix_execve(Thread& t, Value path, Value argv, Value env) {
  PathArg p = TRY(pathArgument(t, "execve", "path", path));
  std::vector<std::string> args = TRY(argumentList(t, "execve", argv));
  std::vector<std::string> variables = TRY(environmentList(t, env));
  TRY(auditCall(t, "os.exec", path, argv, env));
  ::execve(p.c(), pointers(args).data(), pointers(variables).data());
  return pathError(t, p);
}
Result<i64> posix_system(Thread& t, Value command) {
  std::string text = TRY(encodeFs(t, command));
  TRY(auditCall(t, "os.system", makeBytes(text)));
  AllowThreads allow(t);
  return i64(::system(text.c_str()));
}

static Result<Ref<>> waitResult(Thread& t, pid_t pid, int options) {
  int status = 0;
  pid_t r = blocking(t, [&] { return ::waitpid(pid, &status, options); });
  if (r < 0) return systemError(t);
  return Ref<>(tupleOf(makeInt(i64(r)), makeInt(status)));
}
Result<Ref<>> posix_wait(Thread& t) { return waitResult(t, -1, 0); }
Result<Ref<>> posix_waitpid(Thread& t, i32 pid, i32 options) { return waitResult(t, pid, options); }
Result<i64> posix_waitstatus_to_exitcode(Thread& t, i32 status) {
  if (WIFEXITED(status)) return i64(WEXITSTATUS(status));
  if (WIFSIGNALED(status)) return i64(-WTERMSIG(status));
  if (WIFSTOPPED(status))
    return t.raise(kValueError, "process stopped by delivery of signal {}", WSTOPSIG(status));
  return t.raise(kValueError, "invalid wait status: {}", status);
}
Result<bool> posix_WIFEXITED(Thread&, i32 status) { return bool(WIFEXITED(status)); }
Result<i64> posix_WEXITSTATUS(Thread&, i32 status) { return i64(WEXITSTATUS(status)); }
Result<bool> posix_WIFSIGNALED(Thread&, i32 status) { return bool(WIFSIGNALED(status)); }
Result<i64> posix_WTERMSIG(Thread&, i32 status) { return i64(WTERMSIG(status)); }
Result<bool> posix_WIFSTOPPED(Thread&, i32 status) { return bool(WIFSTOPPED(status)); }
Result<i64> posix_WSTOPSIG(Thread&, i32 status) { return i64(WSTOPSIG(status)); }
Result<bool> posix_WIFCONTINUED(Thread&, i32 status) { return bool(WIFCONTINUED(status)); }
Result<bool> posix_WCOREDUMP(Thread&, i32 status) { return bool(WCOREDUMP(status)); }

}  // namespace dx
