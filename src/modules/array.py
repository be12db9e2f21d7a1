"""This module defines an object type which can efficiently represent
an array of basic values: characters, integers, floating-point
numbers.  Arrays are sequence types and behave very much like lists,
except that the type of objects stored in them is constrained."""
include("modules/array_objects.h")


@layout("ArrayObject", type="PyArray_Type", flags="basetype sequence", module="array", prefix="array", lifetime="own",
        weaklist="weakrefs", signature=False)
class array(object):
    """array(typecode [, initializer]) -> array

    Return a new array whose items are restricted by typecode, and
    initialized from the optional initializer value, which must be a list,
    string or iterable over elements of the appropriate type.

    Arrays represent basic values and behave very much like lists, except
    the type of objects stored in them is constrained. The type is specified
    at object creation time by using a type code, which is a single character.
    The following type codes are defined:

        Type code   C Type             Minimum size in bytes
        'b'         signed integer     1
        'B'         unsigned integer   1
        'u'         Unicode character  2 (see note)
        'h'         signed integer     2
        'H'         unsigned integer   2
        'i'         signed integer     2
        'I'         unsigned integer   2
        'l'         signed integer     4
        'L'         unsigned integer   4
        'q'         signed integer     8 (see note)
        'Q'         unsigned integer   8 (see note)
        'f'         floating-point     4
        'd'         floating-point     8

    NOTE: The 'u' typecode corresponds to Python's unicode character. On
    narrow builds this is 2-bytes on wide builds this is 4-bytes.

    NOTE: The 'q' and 'Q' type codes are only available if the platform
    C compiler used to build Python supports 'long long', or, on Windows,
    '__int64'.

    Methods:

    append() -- append a new item to the end of the array
    buffer_info() -- return information giving the current memory info
    byteswap() -- byteswap all the items of the array
    count() -- return number of occurrences of an object
    extend() -- extend array by appending multiple elements from an iterable
    fromfile() -- read items from a file object
    fromlist() -- append items from the list
    frombytes() -- append items from the string
    index() -- return index of first occurrence of an object
    insert() -- insert a new item into the array at a provided position
    pop() -- remove and return item (default last)
    remove() -- remove first occurrence of an object
    reverse() -- reverse the order of the items in the array
    tofile() -- write all items to a file object
    tolist() -- return the array converted to an ordinary list
    tobytes() -- return the array converted to a string

    Attributes:

    typecode -- the typecode character used to create the array
    itemsize -- the length in bytes of one array item"""
    def __new__(cls, *args: raw): ...
    def __repr__(self): ...
    def __richcompare__(self, other, op): ...
    __hash__ = None
    def __iter__(self): ...
    def __buffer__(self, flags, /): ...
    def __release_buffer__(self, buffer, /): ...
    def __len__(self): ...
    def __getitem__(self, key, /): ...
    def __seqitem__(self, index, /): ...
    def __setitem__(self, key, value, /): ...
    def __delitem__(self, key, /): ...
    def __add__(self, value, /): ...
    def __mul__(self, value, /): ...
    def __iadd__(self, value, /): ...
    def __imul__(self, value, /): ...
    def __contains__(self, key, /): ...
    def append(self, v, /) -> None:
        """Append new value v to the end of the array."""
    def buffer_info(self, /):
        """Return a tuple (address, length) giving the current memory address and the length in items of the buffer used to hold array's contents.

        The length should be multiplied by the itemsize attribute to
        calculate the buffer length in bytes."""
    def byteswap(self, /) -> None:
        """Byteswap all items of the array.

        If the items in the array are not 1, 2, 4, or 8 bytes in size,
        RuntimeError is raised."""
    def clear(self, /) -> None:
        """Remove all items from the array."""
    def __copy__(self, /):
        """Return a copy of the array."""
    def count(self, v, /) -> int:
        """Return number of occurrences of v in the array."""
    def __deepcopy__(self, unused, /):
        """Return a copy of the array."""
    def extend(self, bb, /) -> None:
        """Append items to the end of the array."""
    def fromfile(self, f, n: index, /) -> None:
        """Read n objects from the file object f and append them to the end of the array."""
    def fromlist(self, list, /) -> None:
        """Append items to array from list."""
    def frombytes(self, buffer: bytes_like, /) -> None:
        """Appends items from the string, interpreting it as an array of machine values, as if it had been read from a file using the fromfile() method."""
    def fromunicode(self, ustr: str, /) -> None:
        """Extends this array with data from the unicode string ustr.

        The array must be a unicode type array; otherwise a ValueError is
        raised.  Use array.frombytes(ustr.encode(...)) to append Unicode
        data to an array of some other type."""
    def index(self, v, start=0, stop=MISSING, /) -> int:
        """Return index of first occurrence of v in the array.

        Raise ValueError if the value is not present."""
    def insert(self, i: index, v, /) -> None:
        """Insert a new item v into the array before position i."""
    def pop(self, i: index = -1, /):
        """Return the i-th element and delete it from the array.

        i defaults to -1."""
    def __reduce_ex__(self, value, /):
        """Return state information for pickling."""
    def remove(self, v, /) -> None:
        """Remove the first occurrence of v in the array."""
    def reverse(self, /) -> None:
        """Reverse the order of the items in the array."""
    def tofile(self, f, /) -> None:
        """Write all items (as machine values) to the file object f."""
    def tolist(self, /):
        """Convert array to an ordinary list with the same items."""
    def tobytes(self, /):
        """Convert the array to an array of machine values and return the bytes representation."""
    def tounicode(self, /):
        """Extends this array with data from the unicode string ustr.

        Convert the array to a unicode string.  The array must be a unicode
        type array; otherwise a ValueError is raised.  Use
        array.tobytes().decode() to obtain a unicode string from an array of
        some other type."""
    def __sizeof__(self, /) -> int:
        """Size of the array in memory, in bytes."""
    __class_getitem__ = generic_alias
    @property
    def typecode(self):
        """the typecode character used to create the array"""
    @property
    def itemsize(self):
        """the size, in bytes, of one array item"""


@layout("ArrayIterator", type="PyArrayIter_Type", flags="gc disallow", module="array", prefix="arrayiterator",
        fields="array", export=False)
class arrayiterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /) -> None:
        """Set state information for unpickling."""


def _array_reconstructor(arraytype, typecode: char, mformat_code: i32, items, /):
    """Internal. Used for pickling support."""
def __exec__(module): ...
