"""Optimized C implementation for the Python pickle module."""
include("modules/pickle_objects.h")


@layout("PickleBufferObject", type="PyPickleBuffer_Type", module="pickle", flags="gc basetype", prefix="pickleBuffer",
        weaklist="weakrefs", signature=False, name="PickleBuffer")
class PickleBuffer(object):
    """Wrapper for potentially out-of-band buffers"""
    def __new__(cls, *args: raw): ...
    def __buffer__(self, flags): ...
    def __release_buffer__(self, view): ...
    def raw(self, /):
        """Return a memoryview of the raw memory underlying this buffer.

        Will raise BufferError is the buffer isn't contiguous."""
    def release(self, /) -> None:
        """Release the underlying buffer held by the PickleBuffer object."""


@layout("PicklerObject", type="picklerType", module="_pickle", flags="gc basetype", prefix="pickler",
        signature="(file, protocol=None, fix_imports=True, buffer_callback=None)")
class Pickler(object):
    """This takes a binary file for writing a pickle data stream.

    The optional *protocol* argument (0 to 5, default 5) says which protocol to use; a negative
    one means the highest. *file* must have a write() method that accepts a single bytes argument.

    If *fix_imports* is True and protocol is less than 3, names of Python 3 are mapped to those of
    Python 2. *buffer_callback*, if not None, is called with each buffer; a false result leaves the
    buffer out of the stream (protocol 5 only)."""
    def __new__(cls, *args: raw): ...
    def __init__(self, file, protocol=None, fix_imports: bool = True, buffer_callback=None): ...
    def __getattribute__(self, name): ...
    def __setattr__(self, name, value): ...
    def persistent_id(self, obj, /): ...
    def dump(self, obj, /) -> None:
        """Write a pickled representation of the given object to the open file."""
    def clear_memo(self, /) -> None:
        """Clears the pickler's "memo".

        The memo remembers which objects the pickler has already seen, so that shared or
        recursive objects are pickled by reference and not by value. This method is useful when
        re-using picklers."""
    def __sizeof__(self, /) -> int:
        """Returns size in memory, in bytes."""
    bin = member("bin", kind="i32", readonly=False)
    fast = member("fast", kind="i32", readonly=False)
    dispatch_table = member("dispatchTable", kind="object_or_error", readonly=False)
    @property
    def memo(self): ...
    @memo.setter
    def memo(self, value): ...


@layout("UnpicklerObject", type="unpicklerType", module="_pickle", flags="gc basetype", prefix="unpickler",
        signature="(file, *, fix_imports=True, encoding='ASCII', errors='strict',\\n          buffers=())")
class Unpickler(object):
    """This takes a binary file for reading a pickle data stream.

    The protocol version of the pickle is detected automatically. *file* must have a read()
    method that takes an integer and a readline() method that takes nothing, both giving bytes.

    *fix_imports*, *encoding* and *errors* control compatibility with pickles of Python 2.
    *buffers* gives the buffers that the pickler left out of the stream."""
    def __new__(cls, *args: raw): ...
    def __init__(self, file, *, fix_imports: bool = True, encoding: str = 'ASCII', errors: str = 'strict', buffers=()): ...
    def __getattribute__(self, name): ...
    def __setattr__(self, name, value): ...
    def persistent_load(self, pid, /): ...
    def load(self, /):
        """Load a pickle.

        Read a pickled object representation from the open file object given in the constructor,
        and return the reconstituted object hierarchy specified therein."""
    def find_class(self, module_name, global_name, /):
        """Return an object from a specified module.

        If necessary, the module will be imported. Subclasses may override this method (e.g. to
        restrict unpickling of arbitrary classes and functions).

        This method is called whenever a class or a function object is needed. Both arguments
        passed are str objects."""
    def __sizeof__(self, /) -> int:
        """Returns size in memory, in bytes."""
    @property
    def memo(self): ...
    @memo.setter
    def memo(self, value): ...


@layout("PicklerMemoProxy", type="picklerMemoProxyType", module="_pickle", flags="gc disallow", fields="pickler",
        export=False, prefix="picklerMemo")
class PicklerMemoProxy(object):
    __hash__ = None
    def clear(self, /) -> None:
        """Remove all items from memo."""
    def copy(self, /):
        """Copy the memo to a new object."""
    def __reduce__(self, /):
        """Implement pickle support."""


@layout("UnpicklerMemoProxy", type="unpicklerMemoProxyType", module="_pickle", flags="gc disallow", fields="unpickler",
        export=False, prefix="unpicklerMemo")
class UnpicklerMemoProxy(object):
    __hash__ = None
    def clear(self, /) -> None:
        """Remove all items from memo."""
    def copy(self, /):
        """Copy the memo to a new object."""
    def __reduce__(self, /):
        """Implement pickling support."""


def dump(obj, file, protocol=None, *, fix_imports: bool = True, buffer_callback=None) -> None:
    """Write a pickled representation of obj to the open file object file.

    This is equivalent to ``Pickler(file, protocol).dump(obj)``, but may
    be more efficient."""
def dumps(obj, protocol=None, *, fix_imports: bool = True, buffer_callback=None):
    """Return the pickled representation of the object as a bytes object."""
def load(file, *, fix_imports: bool = True, encoding: str = 'ASCII', errors: str = 'strict', buffers=()):
    """Read and return an object from the pickle data stored in a file.

    This is equivalent to ``Unpickler(file).load()``, but may be more
    efficient."""
def loads(data, /, *, fix_imports: bool = True, encoding: str = 'ASCII', errors: str = 'strict', buffers=()):
    """Read and return an object from the given pickle data."""
def __exec__(module): ...
