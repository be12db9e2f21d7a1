"""(Extremely) low-level import machinery bits as used by importlib."""


def extension_suffixes():
    """Returns the list of file suffixes used to identify extension modules."""

def lock_held() -> bool:
    """Return True if the import lock is currently held, else False."""

def acquire_lock() -> None:
    """Acquires the interpreter's import lock for the current thread."""

def release_lock() -> None:
    """Release the interpreter's import lock."""

def find_frozen(name: str, /, *, withdata: bool = False):
    """Return info about the corresponding frozen module (if there is one) or None."""

def get_frozen_object(name: str, data=None, /):
    """Create a code object for a frozen module."""

def init_frozen(name: str, /):
    """Initializes a frozen module."""

def is_frozen(name: str, /) -> bool:
    """Returns True if the module name corresponds to a frozen module."""

def is_frozen_package(name: str, /) -> bool:
    """Returns True if the module name is of a frozen package."""

def _frozen_module_names():
    """Returns the list of available frozen modules."""

def _override_frozen_modules_for_tests(override: i32, /) -> None:
    """(internal-only) Override PyConfig.use_frozen_modules."""

def _override_multi_interp_extensions_check(override: i32, /) -> int:
    """(internal-only) Override PyInterpreterConfig.check_multi_interp_extensions."""

def is_builtin(name: str, /) -> int:
    """Returns True if the module name corresponds to a built-in module."""

def create_builtin(spec, /):
    """Create an extension module."""

def exec_builtin(mod, /) -> int:
    """Initialize a built-in module."""

def create_dynamic(spec, file=None, /):
    """Create an extension module."""

def exec_dynamic(mod, /) -> int:
    """Initialize an extension module."""

def _fix_co_filename(code: Code, path: str, /) -> None:
    """Changes code.co_filename to specify the passed-in path."""

def _archive_find(folder: str, name: str, /):
    """The path of a current module of the library's archive and its package's folder, or None."""

def _archive_code(path: str, /):
    """The code of the library's archive for a source file, or None."""

def _archive_names(archive: str, /):
    """The modules of an archive: a dict of names and whether each is a package."""

def _archive_load(archive: str, name: str, filename: str, /):
    """The code of a module of an archive."""

def source_hash(key: i64, source: bytes_like):
    """Hash of a source file for hash-based compiled files."""

def __exec__(module): ...
