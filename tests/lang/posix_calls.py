# Module posix: vectors, copies, attributes, ids, scheduling, kernel objects, terminals, posix_spawn.
import copy
import errno
import os
import pickle
import posix
import select
import signal
import sys
import tempfile
import time
import warnings


def raises(kind, text, f, *args, **kw):
    try:
        f(*args, **kw)
    except kind as e:
        assert text in str(e), (str(e), text)
        return e
    raise AssertionError("nothing raised")


# ---- several buffers, copies between descriptors ----
with tempfile.TemporaryFile() as f, tempfile.TemporaryFile() as g:
    fd = f.fileno()
    assert os.writev(fd, [b"one", b"", bytearray(b"two")]) == 6
    parts = [bytearray(2), bytearray(4)]
    assert os.preadv(fd, parts, 1) == 5 and parts == [bytearray(b"ne"), bytearray(b"two\0")]
    assert os.pwritev(fd, (b"ONE",), 0) == 3
    os.lseek(fd, 0, 0)
    assert os.readv(fd, [memoryview(parts[0])]) == 2 and parts[0] == b"ON"
    raises(TypeError, "writev() arg 2 must be a sequence", os.writev, fd, 5)
    raises(BufferError, "Object is not writable.", os.readv, fd, [b"x"])
    try:
        assert os.copy_file_range(fd, g.fileno(), 10, offset_src=0) == 6
    except OSError as e:
        assert e.errno in (errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP)
        g.write(b"ONEtwo")
        g.flush()
    assert os.pread(g.fileno(), 10, 0) == b"ONEtwo"
    raises(ValueError, "negative value for 'count' not allowed", os.copy_file_range, 0, 1, -1)
    r, w = os.pipe()
    assert os.splice(fd, w, 10, offset_src=3) == 3 and os.read(r, 10) == b"two"
    assert os.sendfile(w, fd, 0, 3) == 3 and os.read(r, 10) == b"ONE"
    os.close(r)
    os.close(w)
    os.posix_fallocate(fd, 0, 100)
    assert os.fstat(fd).st_size == 100
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_NORMAL)

    # ---- extended attributes ----
    try:
        os.setxattr(fd, "user.dxpy", b"value")
    except OSError as e:
        assert e.errno in (errno.ENOTSUP, errno.EPERM)
    else:
        assert os.getxattr(fd, b"user.dxpy") == b"value" and "user.dxpy" in os.listxattr(fd)
        raises(FileExistsError, "", os.setxattr, fd, "user.dxpy", b"", os.XATTR_CREATE)
        os.removexattr(fd, "user.dxpy")
    raises(ValueError, "getxattr: cannot use fd and follow_symlinks together", os.getxattr, fd, "user.x",
           follow_symlinks=False)
raises(TypeError, "getxattr: attribute should be string, bytes or os.PathLike, not int", os.getxattr, "/", 5)

# ---- event counters, memory files, timers ----
fd = os.eventfd(3)
os.eventfd_write(fd, 2**40)
assert os.eventfd_read(fd) == 2**40 + 3 and not os.get_inheritable(fd)
raises(ValueError, "Cannot convert negative int", os.eventfd_write, fd, -1)
os.close(fd)
fd = os.memfd_create("name")
assert os.write(fd, b"12") == 2 and os.fstat(fd).st_size == 2
os.close(fd)
fd = os.timerfd_create(time.CLOCK_MONOTONIC)
assert os.timerfd_settime(fd, initial=0.01, interval=1.5) == (0.0, 0.0)
assert os.timerfd_gettime_ns(fd)[1] == 1_500_000_000
assert select.select([fd], [], [], 5)[0] == [fd] and os.read(fd, 8) == (1).to_bytes(8, sys.byteorder)
os.close(fd)

# ---- who and how ----
assert os.getresuid() == (os.getuid(), os.geteuid(), os.getresuid()[2])
raises(TypeError, "uid should be integer, not str", os.setuid, "root")
raises(OverflowError, "uid is less than minimum", os.seteuid, -2)
raises(TypeError, "setgroups argument must be a sequence", os.setgroups, 5)
assert 0 in os.getgrouplist("root", 0)
assert os.getpriority(os.PRIO_PROCESS, 0) == os.nice(0)
raises(TypeError, "must have a sched_param object", os.sched_setparam, 0, 5)
param = os.sched_getparam(0)
assert type(param) is os.sched_param and param == os.sched_param(param.sched_priority)
assert copy.copy(param) == param == pickle.loads(pickle.dumps(param))
assert os.sched_getscheduler(0) == os.SCHED_OTHER and os.sched_get_priority_max(os.SCHED_FIFO) >= 1
cpus = os.sched_getaffinity(0)
os.sched_setaffinity(0, cpus)
assert os.sched_getaffinity(0) == cpus
raises(ValueError, "negative CPU number", os.sched_setaffinity, 0, [-1])

# ---- what the system says ----
assert "/bin" in os.confstr("CS_PATH") and os.sysconf("SC_PAGESIZE") >= 4096
assert os.pathconf("/", "PC_NAME_MAX") == 255 and os.pathconf_names["PC_NAME_MAX"] == 3
raises(ValueError, "unrecognized configuration name", os.sysconf, "SC_NO")
raises(TypeError, "configuration names must be strings or integers", os.confstr, 1.5)
device = os.makedev(5, 300)
assert (os.major(device), os.minor(device)) == (5, 300) and os.major(-1) == -1
raises(OverflowError, "can't convert negative int to unsigned", os.minor, -2)

# ---- children ----
def spawn(code, **options):
    return os.posix_spawn(sys.executable, [sys.executable, "-S", "-c", code], dict(os.environ), **options)


pid = spawn("raise SystemExit(7)")
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
r, w = os.pipe()
pid = spawn("import os; os.write(1, b'hi')", file_actions=[(os.POSIX_SPAWN_DUP2, w, 1), (os.POSIX_SPAWN_CLOSE, r)],
            setsigdef=[signal.SIGPIPE], setsigmask=[signal.SIGUSR1])
pidfd = os.pidfd_open(pid)
result = os.waitid(os.P_PIDFD, pidfd, os.WEXITED | os.WNOWAIT)
assert result.si_pid == pid and result.si_status == 0 and result.si_code == os.CLD_EXITED
waited, status, usage = os.wait4(pid, 0)
assert (waited, status) == (pid, 0) and usage.ru_maxrss > 0
assert os.read(r, 10) == b"hi"
for n in (r, w, pidfd):
    os.close(n)
raises(ChildProcessError, "", os.wait3, 0)
e = raises(FileNotFoundError, "", os.posix_spawn, "/no/such", ["x"], {})
assert e.filename == "/no/such"
raises(TypeError, "Each file_actions element must be a non-empty tuple", os.posix_spawn, "/", ["x"], {}, file_actions=[5])
raises(TypeError, "A dup2 file_action tuple must have 3 elements", os.posix_spawn, "/", ["x"], {},
       file_actions=[(os.POSIX_SPAWN_DUP2, 1)])
raises(ValueError, "posix_spawn: argv must not be empty", os.posix_spawn, "/", [], {})

# ---- terminals ----
try:
    pid, master = os.forkpty()
except OSError:
    pid = None  # no devpts here
if pid == 0:
    os._exit(0 if os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp() else 1)
if pid is not None:
    assert os.ptsname(master).startswith("/dev/pts/")
    assert os.waitpid(pid, 0)[1] == 0
    os.close(master)
assert os.ctermid() == "/dev/tty"

# ---- paths ----
class NoPath:
    __fspath__ = None


raises(TypeError, "expected str, bytes or os.PathLike object, not NoPath", os.fspath, NoPath())
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    os.stat(False)
assert [str(c.message) for c in caught] == ["bool is used as a file descriptor"]
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "file"), "w") as f:
        f.write("12345")
    fd = os.open(folder, os.O_RDONLY)
    with os.scandir(fd) as entries:
        entry, = entries
    assert entry.name == "file" == entry.path and entry.stat().st_size == 5
    os.close(fd)

# ---- audit events ----
events = []
sys.addaudithook(lambda name, args: name in wanted and events.append((name, args)))
wanted = {"os.mkdir", "os.rename", "os.utime", "os.chmod", "os.rmdir", "os.putenv", "os.kill", "os.remove", "os.symlink"}
with tempfile.TemporaryDirectory() as folder:
    a, b = os.path.join(folder, "a"), os.path.join(folder, "b")
    events.clear()
    os.mkdir(a)
    os.rename(a, b)
    os.utime(b, ns=(1, 2))
    os.chmod(b, 0o700)
    os.symlink("x", a)
    os.remove(a)
    os.rmdir(b)
    os.putenv("DXPY_TEST", "1")
    os.kill(os.getpid(), 0)
    assert events == [
        ("os.mkdir", (a, 0o777, -1)), ("os.rename", (a, b, -1, -1)), ("os.utime", (b, None, (1, 2), -1)),
        ("os.chmod", (b, 0o700, -1)), ("os.symlink", ("x", a, -1)), ("os.remove", (a, -1)), ("os.rmdir", (b, -1)),
        ("os.putenv", (b"DXPY_TEST", b"1")), ("os.kill", (os.getpid(), 0))], events
