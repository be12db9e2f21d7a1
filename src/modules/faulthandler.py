"""faulthandler module."""


def enable(file=MISSING, all_threads: bool = True, c_stack: bool = True) -> None:
    """Enable the fault handler."""
def disable() -> bool:
    """Disable the fault handler."""
def is_enabled() -> bool:
    """Check if the handler is enabled."""
def dump_traceback(file=MISSING, all_threads: bool = True) -> None:
    """Dump the traceback of the current thread, or of all threads, into file."""
def dump_c_stack(file=MISSING) -> None:
    """Dump the C stack of the current thread."""
def dump_traceback_later(timeout, repeat: bool = False, file=MISSING, exit: bool = False) -> None:
    """Dump the traceback of all threads in timeout seconds, or each timeout seconds if repeat is true."""
def cancel_dump_traceback_later() -> None:
    """Cancel the previous call to dump_traceback_later()."""
def register(signum: i32, file=MISSING, all_threads: bool = True, chain: bool = False) -> None:
    """Register a handler for the signal: dump the traceback of the current thread, or of all, into file."""
def unregister(signum: i32, /) -> bool:
    """Unregister the handler of the signal registered by register()."""
def _read_null() -> None:
    """Read from NULL, raise a SIGSEGV or SIGBUS signal depending on the platform."""
def _sigsegv(release_gil: bool = False, /) -> None:
    """Raise a SIGSEGV signal."""
def _sigabrt() -> None:
    """Raise a SIGABRT signal."""
def _sigfpe() -> None:
    """Raise a SIGFPE signal."""
def _stack_overflow() -> None:
    """Recursive call to raise a stack overflow."""
