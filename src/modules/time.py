"""This module provides various functions to manipulate time values."""


def time() -> float:
    """Return the current time in seconds since the Epoch."""
def time_ns() -> int:
    """Return the current time in nanoseconds since the Epoch."""
def clock_gettime(clk_id: i32, /) -> float:
    """Return the time of the specified clock clk_id as a float."""
def clock_gettime_ns(clk_id: i32, /) -> int:
    """Return the time of the specified clock clk_id as nanoseconds (int)."""
def clock_settime(clk_id: i32, time: float, /) -> None:
    """Set the time of the specified clock clk_id."""
def clock_settime_ns(clk_id: i32, time: i64, /) -> None:
    """Set the time of the specified clock clk_id with nanoseconds."""
def clock_getres(clk_id: i32, /) -> float:
    """Return the resolution (precision) of the specified clock clk_id."""
def pthread_getcpuclockid(thread_id: u64, /) -> int:
    """Return the clk_id of a thread's CPU time clock."""
def sleep(seconds, /) -> None:
    """Delay execution for a given number of seconds."""
def gmtime(seconds=None, /):
    """Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a. GMT)."""
def localtime(seconds=None, /):
    """Convert seconds since the Epoch to a time tuple expressing local time."""
def asctime(tuple=MISSING, /):
    """Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'."""
def ctime(seconds=None, /):
    """Convert a time in seconds since the Epoch to a string in local time."""
def mktime(tuple, /) -> float:
    """Convert a time tuple in local time to seconds since the Epoch."""
def strftime(format: str, tuple=MISSING, /):
    """Convert a time tuple to a string according to a format specification."""
def strptime(*args: raw):
    """strptime(string, format) -> struct_time

Parse a string to a time tuple according to a format specification."""
def tzset() -> None:
    """Initialize, or reinitialize, the local timezone to the value stored in os.environ['TZ']."""
def monotonic() -> float:
    """Monotonic clock, cannot go backward."""
def monotonic_ns() -> int:
    """Monotonic clock, cannot go backward, as nanoseconds."""
def process_time() -> float:
    """Process time for profiling: sum of the kernel and user-space CPU time."""
def process_time_ns() -> int:
    """Process time for profiling as nanoseconds."""
def thread_time() -> float:
    """Thread time for profiling: sum of the kernel and user-space CPU time."""
def thread_time_ns() -> int:
    """Thread time for profiling as nanoseconds."""
def perf_counter() -> float:
    """Performance counter for benchmarking."""
def perf_counter_ns() -> int:
    """Performance counter for benchmarking as nanoseconds."""
def get_clock_info(name: str, /):
    """Get information of the specified clock."""
def __exec__(module): ...
