"""This module provides access to some objects used or maintained by the
interpreter and to functions that interact strongly with the interpreter."""


def addaudithook(hook) -> None:
    """Adds a new audit hook callback."""

def audit(*args: raw):
    """audit($module, event, /, *args)
--

Passes the event to any hooks that are attached."""

def breakpointhook(*args, **kwargs):
    """breakpointhook($module, *args, **kwargs)
--

This hook function is called by built-in breakpoint()."""

def displayhook(object, /) -> None:
    """Print an object to sys.stdout and also save it in builtins._"""

def excepthook(exctype, value, traceback, /) -> None:
    """Handle an exception by displaying it with a traceback on sys.stderr."""

def unraisablehook(unraisable, /) -> None:
    """Handle an unraisable exception."""

def exception():
    """Return the current exception."""

def exc_info():
    """Return current exception information: (type, value, traceback)."""

def exit(status=None, /):
    """Exit the interpreter by raising SystemExit(status)."""

def getdefaultencoding():
    """Return the current default encoding used by the Unicode implementation."""

def getfilesystemencoding():
    """Return the encoding used to convert Unicode filenames to OS filenames."""

def getfilesystemencodeerrors():
    """Return the error mode used for Unicode to OS filename conversion."""

def intern(string, /):
    """Enter a string into the table of interned strings."""

def _is_interned(string: str, /) -> bool:
    """Return True if the given string is "interned"."""

def _is_immortal(op, /) -> bool:
    """Return True if the given object is "immortal" per PEP 683."""

def settrace(function, /) -> None:
    """Set the global debug tracing function."""

def gettrace():
    """Return the global debug tracing function set with sys.settrace."""

def setprofile(function, /) -> None:
    """Set the profiling function."""

def getprofile():
    """Return the profiling function set with sys.setprofile."""

def _settraceallthreads(function, /) -> None:
    """Set the global debug tracing function in all running threads."""

def _setprofileallthreads(function, /) -> None:
    """Set the profiling function in all running threads."""

def setswitchinterval(interval: float, /) -> None:
    """Set the ideal thread switching delay inside the Python interpreter."""

def getswitchinterval() -> float:
    """Return the current thread switch interval; see sys.setswitchinterval()."""

def setrecursionlimit(limit: i32, /) -> None:
    """Set the maximum depth of the Python interpreter stack to n."""

def getrecursionlimit() -> int:
    """Return the current value of the recursion limit."""

def set_coroutine_origin_tracking_depth(depth: i32) -> None:
    """Enable or disable origin tracking for coroutine objects in this thread."""

def get_coroutine_origin_tracking_depth() -> int:
    """Check status of origin tracking for coroutine objects in this thread."""

def set_asyncgen_hooks(firstiter=MISSING, finalizer=MISSING) -> None:
    """Set a finalizer for async generators objects."""

def get_asyncgen_hooks():
    """Return the installed asynchronous generators hooks."""

def getrefcount(object, /) -> int:
    """Return the reference count of object."""

def getsizeof(object, default=MISSING):
    """getsizeof(object [, default]) -> int

Return the size of object in bytes."""

def getallocatedblocks() -> int:
    """Return the number of memory blocks currently allocated."""

def getunicodeinternedsize(*, _only_immortal: bool = False) -> int:
    """Return the number of elements of the unicode interned dictionary"""

def _getframe(depth: i32 = 0, /):
    """Return a frame object from the call stack."""

def _getframemodulename(depth: i32 = 0):
    """Return the name of the module for a calling frame."""

def _current_frames():
    """Return a dict mapping each thread's thread id to its current stack frame."""

def _current_exceptions():
    """Return a dict mapping each thread's identifier to its current raised exception."""

def call_tracing(func, args: Tuple, /):
    """Call func(*args), while tracing is enabled."""

def is_finalizing() -> bool:
    """Return True if Python is exiting."""

def set_int_max_str_digits(maxdigits: i32) -> None:
    """Set the maximum string digits limit for non-binary int<->str conversions."""

def get_int_max_str_digits() -> int:
    """Return the maximum string digits limit for non-binary int<->str conversions."""

def _clear_type_cache() -> None:
    """Clear the internal type lookup cache."""

def _clear_internal_caches() -> None:
    """Clear all internal performance-related caches."""

def _clear_type_descriptors(type: Type, /) -> None:
    """Private function for clearing certain descriptors from a type's dictionary"""

def _is_gil_enabled() -> bool:
    """Return True if the GIL is currently enabled and False otherwise."""

def _debugmallocstats() -> None:
    """Print debug info to stderr about the state of the memory allocator."""

def getdlopenflags() -> int:
    """Return the current value of the flags that are used for dlopen calls."""

def setdlopenflags(flags: i32, /) -> None:
    """Set the flags used by the interpreter for dlopen calls."""

def _get_cpu_count_config() -> int:
    """Private function for getting PyConfig.cpu_count"""

def is_stack_trampoline_active() -> bool:
    """Return *True* if a stack profiler trampoline is active."""

def activate_stack_trampoline(backend: str, /):
    """Activate stack profiler trampoline *backend*."""

def deactivate_stack_trampoline() -> None:
    """Deactivate the current stack profiler trampoline backend."""

def is_remote_debug_enabled() -> bool:
    """Return True if remote debugging is enabled, False otherwise."""

def __exec__(module): ...
