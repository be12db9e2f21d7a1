# Module resource: usage as a struct sequence, limits with -1 for "none".
import os
import resource


def raises(kind, text, f, *args):
    try:
        f(*args)
    except kind as e:
        assert str(e) == text, (str(e), text)
    else:
        raise AssertionError("nothing raised")


usage = resource.getrusage(resource.RUSAGE_SELF)
assert len(usage) == 16 and type(usage) is resource.struct_rusage
assert usage.ru_utime == usage[0] and isinstance(usage.ru_utime, float)
assert usage.ru_maxrss > 0 and isinstance(usage.ru_maxrss, int)
raises(ValueError, "invalid who parameter", resource.getrusage, 42)
assert resource.getpagesize() == os.sysconf("SC_PAGESIZE")

assert resource.RLIM_INFINITY == -1
soft, hard = old = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, hard)
assert resource.prlimit(0, resource.RLIMIT_CORE, [soft, hard]) == (0, hard)
assert resource.prlimit(os.getpid(), resource.RLIMIT_CORE) == old
raises(ValueError, "Cannot convert negative int", resource.setrlimit, 4, (-2, -1))
raises(ValueError, "Cannot convert negative int", resource.setrlimit, 4, (-1, -2**80))
raises(OverflowError, "Python int too large to convert to C rlim_t", resource.setrlimit, 4, (2**64, -1))
raises(ValueError, "expected a tuple of 2 integers", resource.setrlimit, 4, (1,))
raises(ValueError, "current limit exceeds maximum limit", resource.setrlimit, 4, (43, 42))
raises(ValueError, "invalid resource specified", resource.getrlimit, 99)
assert resource.getrlimit(resource.RLIMIT_CORE) == old
