"""_warnings provides basic warning filtering support.
It is a helper module to speed up interpreter start-up."""


def warn(message, category=None, stacklevel: index = 1, source=None, *, skip_file_prefixes: Tuple | None = ()):
    """Issue a warning, or maybe ignore it or raise an exception.

  message
    Text of the warning message.
  category
    The Warning category subclass. Defaults to UserWarning.
  stacklevel
    How far up the call stack to make this warning appear. A value of 2 for
    example attributes the warning to the caller of the code calling warn().
  source
    If supplied, the destroyed object which emitted a ResourceWarning
  skip_file_prefixes
    An optional tuple of module filename prefixes indicating frames to skip
    during stacklevel computations for stack frame attribution."""
def warn_explicit(message, category, filename: Str, lineno: i32, module=MISSING, registry=None, module_globals=None, source=None):
    """Issue a warning, or maybe ignore it or raise an exception."""
def _filters_mutated_lock_held() -> None: ...
def _acquire_lock(): ...
def _release_lock(): ...
def __exec__(module): ...
