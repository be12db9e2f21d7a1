# _queue, _multiprocessing, _posixshmem, _stat, _locale, syslog: the small modules of the system.
import _locale
import _multiprocessing
import _posixshmem
import _queue
import _stat
import gc
import os
import syslog
import threading
import time
import weakref


def raises(kind, text, f, *args, **kw):
    try:
        f(*args, **kw)
    except kind as e:
        assert text in str(e), (str(e), text)
        return e
    raise AssertionError("nothing raised")


# ---- SimpleQueue ----
q = _queue.SimpleQueue()
assert q.empty() and q.qsize() == 0
raises(_queue.Empty, "", q.get, False)
raises(_queue.Empty, "", q.get_nowait)
start = time.monotonic()
raises(_queue.Empty, "", q.get, timeout=0.05)
assert time.monotonic() - start >= 0.05
raises(ValueError, "'timeout' must be a non-negative number", q.get, True, -1)
threading.Timer(0.05, q.put, args=("late",)).start()
assert q.get() == "late"
results = []
getters = [threading.Thread(target=lambda: results.append(q.get())) for _ in range(4)]
for t in getters:
    t.start()
for n in range(4):
    q.put(n)
for t in getters:
    t.join()
assert sorted(results) == [0, 1, 2, 3]
assert _queue.SimpleQueue[int].__args__ == (int,)


class Cyclic(_queue.SimpleQueue):
    pass


c = Cyclic()
c.put(c)
ref = weakref.ref(c)
del c
gc.collect()
assert ref() is None

# ---- SemLock ----
name = f"/dxpy-test-{os.getpid()}"
lock = _multiprocessing.SemLock(0, 1, 1, name, True)
assert lock.kind == 0 and lock.maxvalue == 1 and lock.name is None and isinstance(lock.handle, int)
assert lock.acquire() and lock.acquire() and lock._count() == 2 and lock._is_mine() and lock._is_zero()
other = []
t = threading.Thread(target=lambda: other.append(lock.acquire(True, 0.02)))
t.start()
t.join()
assert other == [False]
lock.release()
lock.release()
raises(AssertionError, "attempt to release recursive lock not owned by thread", lock.release)
semaphore = _multiprocessing.SemLock(1, 2, 2, name, False)
assert semaphore.name == name
again = _multiprocessing.SemLock._rebuild(0, 1, 2, name)
with semaphore:
    assert again._get_value() == 1
raises(ValueError, "semaphore or lock released too many times", semaphore.release)
raises(FileExistsError, "", _multiprocessing.SemLock, 1, 1, 1, name, False)
_multiprocessing.sem_unlink(name)
raises(FileNotFoundError, "", _multiprocessing.sem_unlink, name)
raises(ValueError, "unrecognized kind", _multiprocessing.SemLock, 2, 1, 1, name, True)
assert _multiprocessing.SemLock.SEM_VALUE_MAX == 2**31 - 1

# ---- shared memory files ----
fd = _posixshmem.shm_open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
os.ftruncate(fd, 10)
assert os.fstat(fd).st_size == 10 and not os.get_inheritable(fd)
os.close(fd)
_posixshmem.shm_unlink(name)
e = raises(FileNotFoundError, "", _posixshmem.shm_unlink, name)
assert e.filename == name

# ---- file modes ----
assert _stat.S_ISDIR(0o40755) and not _stat.S_ISREG(0o40755) and not _stat.S_ISDOOR(0o40755)
assert _stat.S_IFMT(0o104755) == _stat.S_IFREG and _stat.S_IMODE(0o104755) == 0o4755
assert _stat.filemode(0o104755) == "-rwsr-xr-x" and _stat.filemode(0o41644) == "drw-r--r-T"
raises(OverflowError, "mode out of range", _stat.S_IFMT, 2**40)
raises(OverflowError, "can't convert negative value to unsigned int", _stat.filemode, -1)

# ---- locale ----
assert _locale.setlocale(_locale.LC_NUMERIC) == "C" and _locale.setlocale(_locale.LC_NUMERIC, "C") == "C"
raises(_locale.Error, "unsupported locale setting", _locale.setlocale, _locale.LC_NUMERIC, "no-such")
raises(_locale.Error, "locale query failed", _locale.setlocale, 99)
assert _locale.localeconv()["decimal_point"] == "." and _locale.localeconv()["grouping"] == []
assert _locale.nl_langinfo(_locale.DAY_1) == "Sunday"
raises(ValueError, "unsupported langinfo constant", _locale.nl_langinfo, 99999)
assert _locale.strcoll("a", "b") < 0 == _locale.strcoll("\U0001f600", "\U0001f600")
assert _locale.strxfrm("xyz") <= _locale.strxfrm("xyza")
raises(ValueError, "embedded null character", _locale.strcoll, "a\0", "b")
assert _locale.gettext("message") == "message" and _locale.getencoding()

# ---- syslog ----
assert syslog.LOG_UPTO(syslog.LOG_ERR) == 15 and syslog.LOG_MASK(3) == 8
previous = syslog.setlogmask(syslog.LOG_UPTO(syslog.LOG_EMERG))
assert syslog.setlogmask(previous) == 1
raises(TypeError, "syslog.syslog requires 1 to 2 arguments", syslog.syslog)
