"""Built-in functions, types, exceptions, and other objects.

This module provides direct access to all built-in identifiers of Python."""
include("builtins/builtins_parts.h")
export_types("PyBool_Type", "PyMemoryView_Type", "PyByteArray_Type", "PyBytes_Type", "PyClassMethod_Type",
             "PyComplex_Type", "PyDict_Type", "PyEnum_Type", "PyFilter_Type", "PyFloat_Type", "PyFrozenSet_Type",
             "PyProperty_Type", "PyLong_Type", "PyList_Type", "PyMap_Type", "PyBaseObject_Type", "PyRange_Type",
             "PyReversed_Type", "PySet_Type", "PySlice_Type", "PyStaticMethod_Type", "PyUnicode_Type",
             "PySuper_Type", "PyTuple_Type", "PyType_Type", "PyZip_Type")


def __build_class__(*args: raw):
    """__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class

    Internal helper function used by the class statement."""
def __import__(name, globals=None, locals=None, fromlist=(), level: i32 = 0):
    """Import a module.

    The import statement calls this function. With an empty fromlist the result is the top-level
    package, otherwise the module that name says. A positive level counts parent packages."""
def abs(x, /):
    """Return the absolute value of the argument."""
def aiter(async_iterable, /):
    """Return an AsyncIterator for an AsyncIterable object."""
def all(iterable, /) -> bool:
    """Return True if bool(x) is True for all values x in the iterable.

    If the iterable is empty, return True."""
def anext(aiterator, default=MISSING, /):
    """Return the next item from the async iterator.

    If default is given and the async iterator is exhausted, it is returned instead of raising
    StopAsyncIteration."""
def any(iterable, /) -> bool:
    """Return True if bool(x) is True for any x in the iterable.

    If the iterable is empty, return False."""
def ascii(obj, /):
    """Return an ASCII-only representation of an object."""
def bin(number, /):
    """Return the binary representation of an integer.

       >>> bin(2796202)
       '0b1010101010101010101010'
    """
def breakpoint(*args, **kws):
    """Call sys.breakpointhook(*args, **kws)."""
def callable(obj, /) -> bool:
    """Return whether the object is callable (i.e., some kind of function).

    Classes are callable, as are instances of classes with a __call__() method."""
def chr(i, /):
    """Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff."""
def compile(source, filename, mode: str, flags: i32 = 0, dont_inherit: bool = False, optimize: i32 = -1, *,
            _feature_version: i32 = -1):
    """Compile source into a code object that can be executed by exec() or eval().

    The mode is 'exec' for a module, 'single' for one interactive statement, 'eval' for an expression."""
def delattr(obj, name, /) -> None:
    """Deletes the named attribute from the given object."""
def dir(*args: raw):
    """dir([object]) -> list of strings

    Without an argument, the names in the current scope; else names of attributes of the object."""
def divmod(x, y, /):
    """Return the tuple (x//y, x%y).  Invariant: div*y + mod == x."""
def eval(source, /, globals=None, locals=None):
    """Evaluate the given source in the context of globals and locals.

    The source is an expression as text, or a code object. Globals must be a dictionary, locals any
    mapping; they default to the current ones."""
def exec(source, /, globals=None, locals=None, *, closure=None) -> None:
    """Execute the given source in the context of globals and locals.

    The source is statements as text, or a code object. The closure is a tuple of cells for the
    code object's free variables."""
def format(value, format_spec: str = '', /):
    """Return type(value).__format__(value, format_spec)."""
def getattr(*args: raw):
    """getattr(object, name[, default]) -> value

    Get a named attribute from an object; with a default, a missing attribute is no error."""
def globals():
    """Return the dictionary containing the current scope's global variables."""
def hasattr(obj, name, /) -> bool:
    """Return whether the object has an attribute with the given name.

    This is done by calling getattr(obj, name) and catching AttributeError."""
def hash(obj, /) -> int:
    """Return the hash value for the given object.

    Two objects that compare equal must also have the same hash value."""
def hex(number, /):
    """Return the hexadecimal representation of an integer.

       >>> hex(12648430)
       '0xc0ffee'
    """
def id(obj, /) -> u64:
    """Return the identity of an object.

    It is unique among simultaneously existing objects."""
def input(prompt='', /):
    """Read a string from standard input.  The trailing newline is stripped."""
def isinstance(obj, class_or_tuple, /) -> bool:
    """Return whether an object is an instance of a class or of a subclass thereof.

    The second argument may be a tuple of classes or a union."""
def issubclass(cls, class_or_tuple, /) -> bool:
    """Return whether 'cls' is derived from another class or is the same class.

    The second argument may be a tuple of classes or a union."""
def iter(*args: raw):
    """iter(iterable) -> iterator
    iter(callable, sentinel) -> iterator

    The second form calls the callable until it returns the sentinel."""
def len(obj, /) -> int:
    """Return the number of items in a container."""
def locals():
    """Return a dictionary containing the current scope's local variables."""
def max(*args: raw):
    """max(iterable, *[, default=obj, key=func]) -> value
    max(arg1, arg2, *args, *[, key=func]) -> value

    The biggest item of an iterable, or the biggest of several arguments."""
def min(*args: raw):
    """min(iterable, *[, default=obj, key=func]) -> value
    min(arg1, arg2, *args, *[, key=func]) -> value

    The smallest item of an iterable, or the smallest of several arguments."""
def next(*args: raw):
    """next(iterator[, default])

    Return the next item; with a default, exhaustion is no error."""
def oct(number, /):
    """Return the octal representation of an integer.

       >>> oct(342391)
       '0o1234567'
    """
def ord(character, /) -> int:
    """Return the ordinal value of a character.

    If the argument is a one-byte string, return the value of the byte."""
def pow(base, exp, mod=None):
    """Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments."""
def print(*args, sep=' ', end='\n', file=None, flush=False) -> None:
    """Prints the values to a stream, or to sys.stdout by default.

    sep
      string inserted between values, default a space.
    end
      string appended after the last value, default a newline.
    file
      a file-like object (stream); defaults to the current sys.stdout.
    flush
      whether to forcibly flush the stream."""
def repr(obj, /):
    """Return the canonical string representation of the object."""
def round(number, ndigits=None):
    """Round a number to a given precision in decimal digits.

    Without ndigits the result is an integer, otherwise of the number's type."""
def setattr(obj, name, value, /) -> None:
    """Sets the named attribute on the given object to the specified value."""
def sorted(iterable, /, *, key=None, reverse: bool = False):
    """Return a new list containing all items from the iterable in ascending order.

    A key function may be given to customize the order, and reverse to get descending order."""
def sum(iterable, /, start=0):
    """Return the sum of a 'start' value (default: 0) plus an iterable of numbers."""
def vars(*args: raw):
    """vars([object]) -> dictionary

    Without arguments, equivalent to locals(); with one, to object.__dict__."""


def __exec__(module): ...
