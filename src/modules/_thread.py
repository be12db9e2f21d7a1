"""This module provides primitive operations to write multi-threaded programs.
The 'threading' module provides a more convenient interface."""
include("modules/thread_types.h")


@layout("Lock", type="lockType", module="_thread", weaklist="weakrefs", lifetime="own", export=False)
class lock(object):
    """A lock object is a synchronization primitive."""

    def __new__(cls, /): ...
    def acquire(self, /, blocking: bool = True, timeout=-1) -> bool:
        """Lock the lock."""
    def acquire_lock(self, /, blocking: bool = True, timeout=-1) -> bool:
        """An obsolete synonym of acquire()."""
    def release(self, /) -> None:
        """Release the lock."""
    def release_lock(self, /) -> None:
        """An obsolete synonym of release()."""
    def locked(self, /) -> bool:
        """Return whether the lock is in the locked state."""
    def locked_lock(self, /) -> bool:
        """An obsolete synonym of locked()."""
    def __enter__(self, /) -> bool:
        """Lock the lock."""
    def __exit__(self, *exc) -> None:
        """Release the lock."""
    def _at_fork_reinit(self, /) -> None: ...
    def __repr__(self, /): ...


@layout("RLock", type="rlockType", module="_thread", flags="basetype", weaklist="weakrefs", lifetime="own")
class RLock(object):
    def __new__(cls, *args: raw): ...
    def acquire(self, /, blocking: bool = True, timeout=-1) -> bool:
        """Lock the lock."""
    def release(self, /) -> None:
        """Release the lock."""
    def locked(self, /) -> bool:
        """Return whether the lock is in the locked state."""
    def __enter__(self, /) -> bool:
        """Lock the lock."""
    def __exit__(self, *exc) -> None:
        """Release the lock."""
    def _is_owned(self, /) -> bool:
        """For internal use by `threading.Condition`."""
    def _recursion_count(self, /) -> int:
        """For internal use by reentrancy checks."""
    def _acquire_restore(self, state, /) -> None:
        """For internal use by `threading.Condition`."""
    def _release_save(self, /):
        """For internal use by `threading.Condition`."""
    def _at_fork_reinit(self, /) -> None: ...
    def __repr__(self, /): ...


@layout("ThreadHandle", type="threadHandleType", module="_thread", lifetime="own")
class _ThreadHandle(object):
    def __new__(cls, /): ...
    @property
    def ident(self) -> u64: ...
    def join(self, timeout=None, /) -> None: ...
    def _set_done(self, /) -> None: ...
    def is_done(self, /) -> bool: ...
    def __repr__(self, /): ...


@layout("Local", type="localType", module="_thread", flags="gc basetype managed_dict", weaklist="weakrefs", fields="args kw dicts")
class _local(object):
    """Thread-local data"""
    def __new__(cls, *args: raw): ...
    def __getattribute__(self, name, /): ...
    def __setattr__(self, name, value, /): ...


def allocate_lock():
    """Create a new lock object."""
def allocate():
    """An obsolete synonym of allocate_lock()."""
def start_new_thread(function, args: Tuple, kwargs=MISSING, /) -> u64:
    """Start a new thread and return its identifier."""
def start_new(function, args: Tuple, kwargs=MISSING, /) -> u64:
    """An obsolete synonym of start_new_thread()."""
def start_joinable_thread(function, handle=None, daemon: bool = True):
    """*For internal use only*: start a new thread."""
def daemon_threads_allowed() -> bool:
    """Return True if daemon threads are allowed in the current interpreter."""
def exit():
    """This is synonymous to ``raise SystemExit''."""
def exit_thread():
    """An obsolete synonym of exit()."""
def interrupt_main(signum: i32 = 2, /) -> None:
    """Simulate the arrival of the given signal in the main thread."""
def get_ident() -> u64:
    """Return a non-zero integer that uniquely identifies the current thread."""
def get_native_id() -> int:
    """Return a non-negative integer identifying the thread as reported by the OS (kernel)."""
def _count() -> int:
    """Return the number of currently running Python threads, excluding the main thread."""
def stack_size(size: i64 = 0, /) -> int:
    """Return the thread stack size used when creating new threads."""
def _excepthook(exc_info, /) -> None:
    """Handle uncaught Thread.run() exception."""
def _make_thread_handle(ident: u64, /):
    """Internal only. Make a thread handle for threads not spawned by the _thread or threading module."""
def _get_main_thread_ident() -> u64:
    """Internal only. Return a non-zero integer that uniquely identifies the main thread."""
def _is_main_interpreter() -> bool:
    """Return True if the current interpreter is the main Python interpreter."""
def _shutdown() -> None:
    """Wait for all non-daemon threads (other than the calling thread) to stop."""
def set_name(name: str) -> None:
    """Set the name of the current thread."""

def __exec__(module): ...
