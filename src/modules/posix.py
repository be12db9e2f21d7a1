"""This module provides access to operating system functionality that is
standardized by the C Standard and the POSIX standard (a thinly
disguised Unix interface).  Refer to the library manual and
corresponding Unix manual entries for more information on calls."""
include("modules/posix_scandir.h")


@layout("DirEntry", type="dirEntryType", module="posix", flags="gc", fields="name path cachedStat cachedLstat", export=True)
class DirEntry(object):
    name = member("name", doc="the entry's base filename, relative to scandir() \"path\" argument")
    path = member("path", doc="the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)")
    def is_dir(self, /, *, follow_symlinks: bool = True) -> bool:
        """Return True if the entry is a directory; cached per entry."""
    def is_file(self, /, *, follow_symlinks: bool = True) -> bool:
        """Return True if the entry is a file; cached per entry."""
    def is_symlink(self, /) -> bool:
        """Return True if the entry is a symbolic link; cached per entry."""
    def is_junction(self, /) -> bool:
        """Return True if the entry is a junction; cached per entry."""
    def stat(self, /, *, follow_symlinks: bool = True):
        """Return stat_result object for the entry; cached per entry."""
    def inode(self, /) -> u64:
        """Return inode of the entry; cached per entry."""
    def __fspath__(self, /):
        """Returns the path for the entry."""
    def __repr__(self, /): ...
    __class_getitem__ = generic_alias


@layout("ScandirIterator", type="scandirIteratorType", module="posix", lifetime="own", export=False)
class ScandirIterator(object):
    def __iter__(self, /): ...
    def __next__(self, /): ...
    def __enter__(self, /): ...
    def __exit__(self, *exc) -> None: ...
    def close(self, /) -> None: ...


def stat(path, *, dir_fd=None, follow_symlinks: bool = True):
    """Perform a stat system call on the given path."""
def lstat(path, *, dir_fd=None):
    """Perform a stat system call on the given path, without following symbolic links."""
def fstat(fd: i32):
    """Perform a stat system call on the given file descriptor."""
def access(path, mode: i32, *, dir_fd=None, effective_ids: bool = False, follow_symlinks: bool = True) -> bool:
    """Use the real uid/gid to test for access to a path."""
def chdir(path) -> None:
    """Change the current working directory to the specified path."""
def fchdir(fd) -> None:
    """Change to the directory of the given file descriptor."""
def chmod(path, mode: i32, *, dir_fd=None, follow_symlinks: bool = True) -> None:
    """Change the access permissions of a file."""
def fchmod(fd: i32, mode: i32) -> None:
    """Change the access permissions of the file given by file descriptor fd."""
def chown(path, uid, gid, *, dir_fd=None, follow_symlinks: bool = True) -> None:
    """Change the owner and group id of path to the numeric uid and gid."""
def fchown(fd: i32, uid, gid) -> None:
    """Change the owner and group id of the file specified by file descriptor."""
def lchown(path, uid, gid) -> None:
    """Change the owner and group id of path to the numeric uid and gid."""
def chroot(path) -> None:
    """Change root directory to path."""
def fsync(fd) -> None:
    """Force write of fd to disk."""
def fdatasync(fd) -> None:
    """Force write of fd to disk without forcing update of metadata."""
def sync() -> None:
    """Force write of everything to disk."""
def getcwd():
    """Return a unicode string representing the current working directory."""
def getcwdb():
    """Return a bytes string representing the current working directory."""
def link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks: bool = True) -> None:
    """Create a hard link to a file."""
def listdir(path=None):
    """Return a list containing the names of the files in the directory."""
def scandir(path=None):
    """Return an iterator of DirEntry objects for given path."""
def mkdir(path, mode: i32 = 0o777, *, dir_fd=None) -> None:
    """Create a directory."""
def mkfifo(path, mode: i32 = 0o666, *, dir_fd=None) -> None:
    """Create a "fifo" (a POSIX named pipe)."""
def mknod(path, mode: i32 = 0o600, device=0, *, dir_fd=None) -> None:
    """Create a node in the file system."""
def rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None) -> None:
    """Rename a file or directory."""
def replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None) -> None:
    """Rename a file or directory, overwriting the destination."""
def rmdir(path, *, dir_fd=None) -> None:
    """Remove a directory."""
def unlink(path, *, dir_fd=None) -> None:
    """Remove a file (same as remove())."""
def remove(path, *, dir_fd=None) -> None:
    """Remove a file (same as unlink())."""
def symlink(src, dst, target_is_directory: bool = False, *, dir_fd=None) -> None:
    """Create a symbolic link pointing to src named dst."""
def readlink(path, *, dir_fd=None):
    """Return a string representing the path to which the symbolic link points."""
def truncate(path, length: i64) -> None:
    """Truncate a file, specified by path, to a specific length."""
def ftruncate(fd: i32, length: i64) -> None:
    """Truncate a file, specified by file descriptor, to a specific length."""
def utime(path, times=None, *, ns=MISSING, dir_fd=None, follow_symlinks: bool = True) -> None:
    """Set the access and modified time of path."""
def umask(mask: i32, /) -> int:
    """Set the current numeric umask and return the previous umask."""
def statvfs(path):
    """Perform a statvfs system call on the given path."""
def fstatvfs(fd: i32, /):
    """Perform an fstatvfs system call on the given fd."""

def open(path, flags: i32, mode: i32 = 0o777, *, dir_fd=None) -> int:
    """Open a file for low level IO.  Returns a file descriptor (integer)."""
def close(fd: i32) -> None:
    """Close a file descriptor."""
def closerange(fd_low: i32, fd_high: i32, /) -> None:
    """Closes all file descriptors in [fd_low, fd_high), ignoring errors."""
def dup(fd: i32, /) -> int:
    """Return a duplicate of a file descriptor."""
def dup2(fd: i32, fd2: i32, inheritable: bool = True) -> int:
    """Duplicate file descriptor."""
def lseek(fd: i32, position: i64, whence: i32, /) -> int:
    """Set the position of a file descriptor.  Return the new position."""
def read(fd: i32, length: index, /):
    """Read from a file descriptor.  Returns a bytes object."""
def readinto(fd: i32, buffer, /) -> int:
    """Read into a buffer object from a file descriptor."""
def write(fd: i32, data: bytes_like, /) -> int:
    """Write a bytes object to a file descriptor."""
def pread(fd: i32, length: index, offset: i64, /):
    """Read a number of bytes from a file descriptor starting at a particular offset."""
def pwrite(fd: i32, buffer: bytes_like, offset: i64, /) -> int:
    """Write bytes to a file descriptor starting at a particular offset."""
def pipe():
    """Create a pipe."""
def pipe2(flags: i32, /):
    """Create a pipe with flags set atomically."""
def isatty(fd: i32, /) -> bool:
    """Return True if the fd is connected to a terminal."""
def get_inheritable(fd: i32, /) -> bool:
    """Get the close-on-exe flag of the specified file descriptor."""
def set_inheritable(fd: i32, inheritable: i32, /) -> None:
    """Set the inheritable flag of the specified file descriptor."""
def get_blocking(fd: i32, /) -> bool:
    """Get the blocking mode of the file descriptor."""
def set_blocking(fd: i32, blocking: bool, /) -> None:
    """Set the blocking mode of the specified file descriptor."""
def get_terminal_size(fd: i32 = 1, /):
    """Return the size of the terminal window as (columns, lines)."""
def device_encoding(fd: i32):
    """Return a string describing the encoding of a terminal's file descriptor."""
def lockf(fd: i32, command: i32, length: i64, /) -> None:
    """Apply, test or remove a POSIX lock on an open file descriptor."""
def openpty():
    """Open a pseudo-terminal."""
def forkpty():
    """Fork a new process with a new pseudo-terminal as controlling tty: (pid, master fd)."""
def login_tty(fd: i32, /) -> None:
    """Prepare the tty of which fd is a file descriptor for a new login session."""
def posix_openpt(oflag: i32, /) -> int:
    """Open and return a file descriptor for a master pseudo-terminal device."""
def grantpt(fd: i32, /) -> None:
    """Grant access to the slave pseudo-terminal device."""
def unlockpt(fd: i32, /) -> None:
    """Unlock a pseudo-terminal master/slave pair."""
def ptsname(fd: i32, /):
    """Return the name of the slave pseudo-terminal device."""
def ttyname(fd: i32, /):
    """Return the name of the terminal device connected to 'fd'."""
def ctermid():
    """Return the name of the controlling terminal for this process."""
def tcgetpgrp(fd: i32, /) -> int:
    """Return the process group associated with the terminal specified by fd."""
def tcsetpgrp(fd: i32, pgid: i32, /) -> None:
    """Set the process group associated with the terminal specified by fd."""

def readv(fd: i32, buffers, /) -> int:
    """Read from a file descriptor fd into an iterable of buffers."""
def preadv(fd: i32, buffers, offset: i64, flags: i32 = 0, /) -> int:
    """Reads from a file descriptor, at an offset, into a number of mutable bytes-like objects."""
def writev(fd: i32, buffers, /) -> int:
    """Iterate over buffers, and write the contents of each to a file descriptor."""
def pwritev(fd: i32, buffers, offset: i64, flags: i32 = 0, /) -> int:
    """Writes the contents of bytes-like objects to a file descriptor at a given offset."""
def sendfile(out_fd: i32, in_fd: i32, offset, count: index) -> int:
    """Copy count bytes from file descriptor in_fd to file descriptor out_fd."""
def copy_file_range(src: i32, dst: i32, count: index, offset_src=None, offset_dst=None) -> int:
    """Copy count bytes from one file descriptor to another."""
def splice(src: i32, dst: i32, count: index, offset_src=None, offset_dst=None, flags: u64 = 0) -> int:
    """Transfer count bytes from one pipe to a descriptor or vice versa."""
def posix_fallocate(fd: i32, offset: i64, length: i64, /) -> None:
    """Ensure a file has allocated at least a particular number of bytes on disk."""
def posix_fadvise(fd: i32, offset: i64, length: i64, advice: i32, /) -> None:
    """Announce an intention to access data in a specific pattern."""
def eventfd(initval, flags: i32 = 0o2000000) -> int:
    """Creates and returns an event notification file descriptor."""
def eventfd_read(fd) -> u64:
    """Read eventfd value"""
def eventfd_write(fd, value) -> None:
    """Write eventfd value."""
def memfd_create(name, flags: u64 = 1) -> int:
    """Create an anonymous file; return a descriptor."""
def timerfd_create(clockid: i32, /, *, flags: i32 = 0) -> int:
    """Create and return a timer file descriptor."""
def timerfd_settime(fd, /, *, flags: i32 = 0, initial: float = 0.0, interval: float = 0.0):
    """Alter a timer file descriptor's internal timer in seconds."""
def timerfd_settime_ns(fd, /, *, flags: i32 = 0, initial: i64 = 0, interval: i64 = 0):
    """Alter a timer file descriptor's internal timer in nanoseconds."""
def timerfd_gettime(fd, /):
    """Return a tuple of a timer file descriptor's (next expiration, interval) in float seconds."""
def timerfd_gettime_ns(fd, /):
    """Return a tuple of a timer file descriptor's (next expiration, interval) in nanoseconds."""
def getxattr(path, attribute, *, follow_symlinks: bool = True):
    """Return the value of extended attribute attribute on path."""
def setxattr(path, attribute, value: bytes_like, flags: i32 = 0, *, follow_symlinks: bool = True) -> None:
    """Set extended attribute attribute on path to value."""
def removexattr(path, attribute, *, follow_symlinks: bool = True) -> None:
    """Remove extended attribute attribute on path."""
def listxattr(path=None, *, follow_symlinks: bool = True):
    """Return a list of extended attributes on path."""
def major(device, /):
    """Extracts a device major number from a raw device number."""
def minor(device, /):
    """Extracts a device minor number from a raw device number."""
def makedev(major, minor, /):
    """Composes a raw device number from the major and minor device numbers."""
def confstr(name, /):
    """Return a string-valued system configuration variable."""
def pathconf(path, name) -> int:
    """Return the configuration limit name for the file or directory path."""
def fpathconf(fd, name, /) -> int:
    """Return the configuration limit name for the file descriptor fd."""

def fspath(path):
    """Return the file system path representation of the object."""
def _path_normpath(path):
    """Normalize path, eliminating double slashes, etc."""
def _path_splitroot_ex(path):
    """Split a pathname into drive, root and tail."""
def strerror(code: i32, /):
    """Translate an error code to a message string."""
def urandom(size: index, /):
    """Return a bytes object containing random bytes suitable for cryptographic use."""
def getrandom(size: index, flags: i32 = 0):
    """Obtain a series of random bytes."""
def cpu_count():
    """Return the number of logical CPUs in the system."""
def getloadavg():
    """Return average recent system load information."""
def sysconf(name, /) -> int:
    """Return an integer-valued system configuration variable."""
def uname():
    """Return an object identifying the current operating system."""
def times():
    """Return a collection containing process timing information."""
def putenv(name, value, /) -> None:
    """Change or add an environment variable."""
def unsetenv(name, /) -> None:
    """Delete an environment variable."""
def _create_environ():
    """Create the environment dictionary."""

def getpid() -> int:
    """Return the current process id."""
def getppid() -> int:
    """Return the parent's process id."""
def getuid() -> int:
    """Return the current process's user id."""
def geteuid() -> int:
    """Return the current process's effective user id."""
def getgid() -> int:
    """Return the current process's group id."""
def getegid() -> int:
    """Return the current process's effective group id."""
def getgroups():
    """Return list of supplemental group IDs for the process."""
def getpgid(pid: i32) -> int:
    """Call the system call getpgid(), and return the result."""
def getpgrp() -> int:
    """Return the current process group id."""
def getsid(pid: i32, /) -> int:
    """Call the system call getsid(pid) and return the result."""
def setsid() -> None:
    """Call the system call setsid()."""
def setpgid(pid: i32, pgrp: i32, /) -> None:
    """Call the system call setpgid(pid, pgrp)."""
def setuid(uid, /) -> None:
    """Set the current process's user id."""
def setgid(gid, /) -> None:
    """Set the current process's group id."""
def setpgrp() -> None:
    """Make the current process the leader of its process group."""
def seteuid(euid, /) -> None:
    """Set the current process's effective user id."""
def setegid(egid, /) -> None:
    """Set the current process's effective group id."""
def setreuid(ruid, euid, /) -> None:
    """Set the current process's real and effective user ids."""
def setregid(rgid, egid, /) -> None:
    """Set the current process's real and effective group ids."""
def setresuid(ruid, euid, suid, /) -> None:
    """Set the current process's real, effective, and saved user ids."""
def setresgid(rgid, egid, sgid, /) -> None:
    """Set the current process's real, effective, and saved group ids."""
def getresuid():
    """Return a tuple of the current process's real, effective, and saved user ids."""
def getresgid():
    """Return a tuple of the current process's real, effective, and saved group ids."""
def setgroups(groups, /) -> None:
    """Set the groups of the current process to list."""
def initgroups(username, gid, /) -> None:
    """Initialize the group access list."""
def getgrouplist(user: str, group, /):
    """Returns a list of groups to which a user belongs."""
def getpriority(which: i32, who: i32) -> int:
    """Return program scheduling priority."""
def setpriority(which: i32, who: i32, priority: i32) -> None:
    """Set program scheduling priority."""
def sched_get_priority_max(policy: i32) -> int:
    """Get the maximum scheduling priority for policy."""
def sched_get_priority_min(policy: i32) -> int:
    """Get the minimum scheduling priority for policy."""
def sched_getparam(pid: i32, /):
    """Returns scheduling parameters for the process identified by pid."""
def sched_setparam(pid: i32, param, /) -> None:
    """Set scheduling parameters for the process identified by pid."""
def sched_getscheduler(pid: i32, /) -> int:
    """Get the scheduling policy for the process identified by pid."""
def sched_setscheduler(pid: i32, policy: i32, param, /) -> None:
    """Set the scheduling policy for the process identified by pid."""
def sched_rr_get_interval(pid: i32, /) -> float:
    """Return the round-robin quantum for the process identified by pid, in seconds."""
def sched_setaffinity(pid: i32, mask, /) -> None:
    """Set the CPU affinity of the process identified by pid to mask."""
def setns(fd, nstype: i32 = 0) -> None:
    """Move the calling thread into different namespaces."""
def unshare(flags: i32) -> None:
    """Disassociate parts of a process (or thread) execution context."""
def pidfd_open(pid: i32, flags: u64 = 0) -> int:
    """Return a file descriptor referring to the process *pid*."""
def wait3(options: i32):
    """Wait for completion of a child process: (pid, status, rusage)."""
def wait4(pid: i32, options: i32):
    """Wait for completion of a specific child process: (pid, status, rusage)."""
def waitid(idtype: i32, id: i32, options: i32, /):
    """Returns the result of waiting for a process or processes."""
def posix_spawn(path, argv, env, /, *, file_actions=(), setpgroup=None, resetids: bool = False, setsid: bool = False,
                setsigmask=(), setsigdef=(), scheduler=None) -> int:
    """Execute the program specified by path in a new process."""
def posix_spawnp(path, argv, env, /, *, file_actions=(), setpgroup=None, resetids: bool = False, setsid: bool = False,
                 setsigmask=(), setsigdef=(), scheduler=None) -> int:
    """Execute the program specified by path, looked up in PATH, in a new process."""
def nice(increment: i32, /) -> int:
    """Add increment to the priority of process and return the new priority."""
def getlogin():
    """Return the actual login name."""
def kill(pid: i32, signal: i32, /) -> None:
    """Kill a process with a signal."""
def killpg(pgid: i32, signal: i32, /) -> None:
    """Kill a process group with a signal."""
def abort():
    """Abort the interpreter immediately."""
def _exit(status: i32):
    """Exit to the system with specified status, without normal exit processing."""
def fork() -> int:
    """Fork a child process."""
def register_at_fork(*, before=MISSING, after_in_child=MISSING, after_in_parent=MISSING) -> None:
    """Register callables to be called when forking a new process."""
def execv(path, argv, /) -> None:
    """Execute an executable path with arguments, replacing current process."""
def execve(path, argv, env) -> None:
    """Execute an executable path with arguments, replacing current process."""
def system(command) -> int:
    """Execute the command in a subshell."""
def wait():
    """Wait for completion of a child process."""
def waitpid(pid: i32, options: i32, /):
    """Wait for completion of a given child process."""
def waitstatus_to_exitcode(status: i32) -> int:
    """Convert a wait status to an exit code."""
def WIFEXITED(status: i32) -> bool:
    """Return True if the process returning status exited via the exit() system call."""
def WEXITSTATUS(status: i32) -> int:
    """Return the process return code from status."""
def WIFSIGNALED(status: i32) -> bool:
    """Return True if the process returning status was terminated by a signal."""
def WTERMSIG(status: i32) -> int:
    """Return the signal that terminated the process that provided the status value."""
def WIFSTOPPED(status: i32) -> bool:
    """Return True if the process returning status was stopped."""
def WSTOPSIG(status: i32) -> int:
    """Return the signal that stopped the process that provided the status value."""
def WIFCONTINUED(status: i32) -> bool:
    """Return True if a particular process was continued from a job control stop."""
def WCOREDUMP(status: i32, /) -> bool:
    """Return True if the process returning status was dumped to a core file."""
def sched_yield() -> None:
    """Voluntarily relinquish the CPU."""
def sched_getaffinity(pid: i32, /):
    """Return the affinity of the process identified by pid (or the current process if zero)."""
def __exec__(module): ...
