# fcntl, termios, pwd, grp, select.epoll: arguments, results and errors.
import array
import errno
import fcntl
import grp
import os
import pwd
import select
import struct
import tempfile
import termios


def raises(kind, text, f, *args, **kw):
    try:
        f(*args, **kw)
    except kind as e:
        assert text in str(e), (str(e), text)
        return e
    raise AssertionError("nothing raised")


r, w = os.pipe()

# ---- fcntl ----
assert fcntl.fcntl(r, fcntl.F_GETFD) == fcntl.FD_CLOEXEC
fcntl.fcntl(r, fcntl.F_SETFL, os.O_NONBLOCK)
assert fcntl.fcntl(r, fcntl.F_GETFL) & os.O_NONBLOCK and not os.get_blocking(r)
raises(TypeError, "fcntl() argument 3 must be an integer, a bytes-like object, or a string, not NoneType",
       fcntl.fcntl, r, 1, None)
raises(ValueError, "fcntl argument 3 is too long", fcntl.fcntl, r, 1, bytes(1025))
raises(ValueError, "file descriptor cannot be a negative integer (-1)", fcntl.fcntl, -1, 1)
raises(TypeError, "argument must be an int, or have a fileno() method.", fcntl.fcntl, "x", 1)
os.write(w, b"abc")
count = array.array("i", [0])
assert fcntl.ioctl(r, termios.FIONREAD, count) == 0 and count[0] == 3
assert fcntl.ioctl(r, termios.FIONREAD, bytes(4)) == struct.pack("i", 3)
assert fcntl.ioctl(r, termios.FIONREAD, bytearray(4), False) == struct.pack("i", 3)
raises(OSError, "Inappropriate ioctl", fcntl.ioctl, r, termios.TIOCGWINSZ, bytes(8))
with tempfile.TemporaryFile() as f, open(f"/proc/self/fd/{f.fileno()}", "r+b") as g:
    fcntl.flock(f, fcntl.LOCK_EX)
    e = raises(BlockingIOError, "", fcntl.flock, g, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert e.errno == errno.EWOULDBLOCK
    fcntl.flock(f, fcntl.LOCK_UN)
    fcntl.lockf(f, fcntl.LOCK_EX, 10, 5, os.SEEK_SET)
    fcntl.lockf(f, fcntl.LOCK_UN)
    raises(ValueError, "unrecognized lockf argument", fcntl.lockf, f, 16)

# ---- users and groups ----
me = pwd.getpwuid(os.getuid())
assert type(me) is pwd.struct_passwd and len(me) == 7 and me.pw_uid == os.getuid() == me[2]
assert pwd.getpwnam(me.pw_name) == me and me in pwd.getpwall()
assert raises(KeyError, "getpwuid(): uid not found: -1", pwd.getpwuid, -1)
raises(KeyError, "getpwuid(): uid not found", pwd.getpwuid, 2**70)
raises(KeyError, "getpwnam(): name not found: 'no such'", pwd.getpwnam, "no such")
raises(TypeError, "uid should be integer, not str", pwd.getpwuid, "0")
raises(ValueError, "embedded null byte", pwd.getpwnam, "a\0")
group = grp.getgrgid(0)
assert grp.getgrnam(group.gr_name) == group == grp.getgrgid(id=0) and isinstance(group.gr_mem, list)
assert group in grp.getgrall()
raises(OverflowError, "gid is less than minimum", grp.getgrgid, -2)

# ---- epoll ----
with select.epoll() as e:
    assert e.fileno() >= 0 and not e.closed
    e.register(r, select.EPOLLIN)
    assert e.poll(0) == [(r, select.EPOLLIN)]
    raises(FileExistsError, "", e.register, r)
    e.modify(r, select.EPOLLPRI)
    assert e.poll(0.01) == []
    e.register(w, select.EPOLLOUT | select.EPOLLONESHOT)
    assert e.poll(1, maxevents=1) == [(w, select.EPOLLOUT)]
    e.unregister(r)
    raises(FileNotFoundError, "", e.unregister, r)
    raises(ValueError, "maxevents must be greater than 0, got 0", e.poll, 0, 0)
    raises(TypeError, "timeout must be an integer or None", e.poll, "x")
    again = select.epoll.fromfd(os.dup(e.fileno()))
    again.close()
assert e.closed
raises(ValueError, "I/O operation on closed epoll object", e.poll)
raises(ValueError, "negative sizehint", select.epoll, 0)
raises(OSError, "invalid flags", select.epoll, 1, 1)

p = select.poll()
raises(ValueError, "Cannot convert negative int", p.register, r, -1)
raises(OverflowError, "Python int too large for C unsigned short", p.register, r, 65536)
p.register(r, select.POLLIN)
assert p.poll(1.5) == [(r, select.POLLIN)]
assert select.select([r], [w], [], 0) == ([r], [w], [])
raises(ValueError, "filedescriptor out of range in select()", select.select, [5000], [], [])
os.close(r)
os.close(w)

# ---- terminals ----
try:
    master, slave = os.openpty()
except OSError:
    master = None  # no devpts here
if master is not None:
    mode = termios.tcgetattr(slave)
    assert len(mode) == 7 and len(mode[6]) == termios.NCCS and mode[6][termios.VINTR] == b"\x03"
    mode[3] &= ~(termios.ICANON | termios.ECHO)
    mode[6][termios.VMIN] = 1
    termios.tcsetattr(slave, termios.TCSANOW, mode)
    assert termios.tcgetattr(slave)[6][termios.VMIN] == 1
    os.write(master, b"k")
    assert os.read(slave, 1) == b"k"
    termios.tcsetwinsize(slave, (24, 80))
    assert termios.tcgetwinsize(slave) == (24, 80) == os.get_terminal_size(slave)[::-1]
    raises(OverflowError, "winsize value(s) out of range.", termios.tcsetwinsize, slave, (-1, 1))
    raises(TypeError, "tcsetattr, arg 3: must be 7 element list", termios.tcsetattr, slave, 0, [])
    os.close(master)
    os.close(slave)
with tempfile.TemporaryFile() as f:
    e = raises(termios.error, "", termios.tcgetattr, f)
    assert e.args == (errno.ENOTTY, os.strerror(errno.ENOTTY)) and not isinstance(e, OSError)
