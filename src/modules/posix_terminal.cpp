// Module posix: terminals.
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "modules/arguments.h"
#include "modules/posix.gen.h"
#include "modules/posix_path.h"
#include "modules/posix_process.h"

namespace dx {

Result<Ref<>> posix_openpty(Thread& t) {
  int master, slave;
  if (::openpty(&master, &slave, nullptr, nullptr, nullptr) != 0) return raiseErrno(t, errno);
  ::fcntl(master, F_SETFD, FD_CLOEXEC);
  ::fcntl(slave, F_SETFD, FD_CLOEXEC);
  return Ref<>(tupleOf(makeInt(master), makeInt(slave)));
}

Result<Ref<>> posix_forkpty(Thread& t) {
  TRY(audit(t, "os.forkpty", {}));
  int master = -1;
  pid_t pid = forkInterpreter(t, &master);
  if (pid < 0) return raiseErrno(t, errno);
  return Ref<>(tupleOf(makeInt(i64(pid)), makeInt(master)));
}

static Result<void> zero(Thread& t, int r) {
  if (r != 0) return raiseErrno(t, errno);
  return {};
}
Result<void> posix_login_tty(Thread& t, i32 fd) { return zero(t, ::login_tty(fd)); }
Result<void> posix_grantpt(Thread& t, i32 fd) { return zero(t, ::grantpt(fd)); }
Result<void> posix_unlockpt(Thread& t, i32 fd) { return zero(t, ::unlockpt(fd)); }
Result<i64> posix_posix_openpt(Thread& t, i32 flags) {
  int fd = ::posix_openpt(flags | O_CLOEXEC);
  if (fd < 0) return raiseErrno(t, errno);
  return i64(fd);
}
Result<Ref<>> posix_ptsname(Thread& t, i32 fd) {
  char buffer[256];
  if (int error = ::ptsname_r(fd, buffer, sizeof buffer))
    return raiseErrno(t, error < 0 ? errno : error);
  return Ref<>(decodeFs(buffer));
}
Result<Ref<>> posix_ttyname(Thread& t, i32 fd) {
  char buffer[256];
  if (int error = ::ttyname_r(fd, buffer, sizeof buffer)) return raiseErrno(t, error);
  return Ref<>(decodeFs(buffer));
}
Result<Ref<>> posix_ctermid(Thread&) {
  char buffer[L_ctermid];
  return Ref<>(decodeFs(::ctermid(buffer)));
}
Result<i64> posix_tcgetpgrp(Thread& t, i32 fd) {
  pid_t group = ::tcgetpgrp(fd);
  if (group < 0) return raiseErrno(t, errno);
  return i64(group);
}
Result<void> posix_tcsetpgrp(Thread& t, i32 fd, i32 group) {
  return zero(t, ::tcsetpgrp(fd, group));
}

}  // namespace dx
