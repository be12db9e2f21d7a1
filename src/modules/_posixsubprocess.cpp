// fork and exec for subprocess. Between the two the child calls nothing that may allocate or lock,
// unless there is a preexec_fn.
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/_posixsubprocess.gen.h"
#include "modules/posix_process.h"

namespace dx {
namespace {

constexpr int kArguments = 22;
constexpr int kKeep = -1;  // of a number: leave it as it is

Result<void> readStrings(Thread& t, Value sequence, std::vector<std::string>* out) {
  return forEach(t, sequence, [&](Value v) -> Result<bool> {
    out->push_back(TRY(encodeFs(t, v)));
    return true;
  });
}

struct Plan {
  std::vector<std::string> arguments, executables, environment;
  bool hasEnvironment = false, closeFiles = false, restoreSignals = false, newSession = false;
  std::vector<int> kept;
  std::string folder;
  bool changesFolder = false;
  int p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errorRead, errorWrite;
  i64 group = kKeep, gid = kKeep, uid = kKeep, mask = kKeep;
  bool setsGroups = false;
  std::vector<gid_t> groups;
  Value before;
};

void closeAllBut(const std::vector<int>& kept, int first) {
  int from = first;
  for (int fd : kept) {  // sorted
    if (fd < from) continue;
    if (fd > from) close_range(unsigned(from), unsigned(fd - 1), 0);
    from = fd + 1;
  }
  close_range(unsigned(from), ~0u, 0);
}

bool moveTo(int fd, int target) {
  if (fd == target) return fcntl(fd, F_SETFD, 0) >= 0;
  return fd == kKeep || dup2(fd, target) >= 0;
}

// What failed, as subprocess.py tells apart; null: nothing.
const char* prepare(Plan& p) {
  for (int fd : p.kept)  // the pipe for errors ends with exec
    if (fd != p.errorWrite && fcntl(fd, F_SETFD, 0) < 0) return "noexec";
  if (p.p2cwrite != kKeep) close(p.p2cwrite);
  if (p.c2pread != kKeep) close(p.c2pread);
  if (p.errread != kKeep) close(p.errread);
  close(p.errorRead);
  // Descriptors 0 to 2 that are sources for others must not be overwritten first.
  if (p.c2pwrite == 0 && (p.c2pwrite = dup(0)) < 0) return "noexec";
  while (p.errwrite == 0 || p.errwrite == 1)
    if ((p.errwrite = dup(p.errwrite)) < 0) return "noexec";
  if (!moveTo(p.p2cread, 0) || !moveTo(p.c2pwrite, 1) || !moveTo(p.errwrite, 2)) return "noexec";
  if (p.changesFolder && chdir(p.folder.c_str()) < 0) return "noexec:chdir";
  if (p.mask != kKeep) umask(mode_t(p.mask));
  if (p.restoreSignals)
    for (int s : {SIGPIPE, SIGXFSZ}) signal(s, SIG_DFL);
  if (p.newSession) setsid();
  if (p.group != kKeep && setpgid(0, pid_t(p.group)) < 0) return "noexec";
  if (p.setsGroups && setgroups(p.groups.size(), p.groups.data()) < 0) return "noexec";
  if (p.gid != kKeep && setregid(gid_t(p.gid), gid_t(p.gid)) < 0) return "noexec";
  if (p.uid != kKeep && setreuid(uid_t(p.uid), uid_t(p.uid)) < 0) return "noexec";
  return nullptr;
}

void report(int fd, const char* kind, int code, const char* message) {
  char text[160];
  int n = snprintf(text, sizeof text, "%s:%X:%s", kind, code, message);
  ssize_t written = write(fd, text, size_t(n));
  (void)written;
}

[[noreturn]] void runChild(Thread& t, Plan& p, char** argv, char** envp) {
  if (const char* failure = prepare(p)) {
    report(p.errorWrite, "OSError", errno, failure);
    _exit(255);
  }
  if (!isNone(p.before)) {
    Result<Ref<>> r = call(t, p.before, Args());
    if (!r) {
      report(p.errorWrite, "SubprocessError", 0, "Exception occurred in preexec_fn.");
      _exit(255);
    }
  }
  if (p.closeFiles) closeAllBut(p.kept, 3);
  int saved = 0;
  for (const std::string& path : p.executables) {
    execve(path.c_str(), argv, envp);
    if (errno != ENOENT && errno != ENOTDIR && saved == 0) saved = errno;
  }
  report(p.errorWrite, "OSError", saved ? saved : errno, "");
  _exit(255);
}

Result<i64> idOf(Thread& t, Value v) {
  if (isNone(v)) return i64(kKeep);
  return indexI64(t, v, kOverflowError);
}

}  // namespace

Result<Ref<>> _posixsubprocess_fork_exec(Thread& t, const Args& args) {
  if (args.names || args.count != kArguments)
    return t.raise(kTypeError, "fork_exec expected {} arguments, got {}", kArguments,
                   i64(args.count));
  const Value* a = args.v;
  Plan p;
  TRY(readStrings(t, a[0], &p.arguments));
  TRY(readStrings(t, a[1], &p.executables));
  p.closeFiles = TRY(isTrue(t, a[2]));
  i64 last = -1;
  TRY(forEach(t, a[3], [&](Value v) -> Result<bool> {
    i64 fd = TRY(indexI64(t, v, kOverflowError));
    if (fd <= last || fd > INT32_MAX) return t.raise(kValueError, "bad value(s) in fds_to_keep");
    p.kept.push_back(int(last = fd));
    return true;
  }));
  p.changesFolder = !isNone(a[4]);
  if (p.changesFolder) p.folder = TRY(encodeFs(t, a[4]));
  p.hasEnvironment = !isNone(a[5]);
  if (p.hasEnvironment) TRY(readStrings(t, a[5], &p.environment));
  int* fds[] = {&p.p2cread, &p.p2cwrite, &p.c2pread,   &p.c2pwrite,
                &p.errread, &p.errwrite, &p.errorRead, &p.errorWrite};
  for (int i = 0; i < 8; i++) *fds[i] = int(TRY(indexI64(t, a[6 + i], kOverflowError)));
  p.restoreSignals = TRY(isTrue(t, a[14]));
  p.newSession = TRY(isTrue(t, a[15]));
  p.group = TRY(indexI64(t, a[16], kOverflowError));
  p.gid = TRY(idOf(t, a[17]));
  p.setsGroups = !isNone(a[18]);
  if (p.setsGroups)
    TRY(forEach(t, a[18], [&](Value v) -> Result<bool> {
      p.groups.push_back(gid_t(TRY(indexI64(t, v, kOverflowError))));
      return true;
    }));
  p.uid = TRY(idOf(t, a[19]));
  p.mask = TRY(indexI64(t, a[20], kOverflowError));
  p.before = a[21];
  std::vector<char*> argv = pointers(p.arguments), envp = pointers(p.environment);
  // Only a preexec_fn needs an interpreter in the child.
  pid_t child = isNone(p.before) ? fork() : forkInterpreter(t);
  if (child == 0) runChild(t, p, argv.data(), p.hasEnvironment ? envp.data() : environ);
  if (child < 0) return raiseErrno(t, errno);
  return makeInt(i64(child));
}

}  // namespace dx
