"""The types bytes and bytearray, and their iterators. What the two share: byte_methods.cpp and its neighbours."""
not_a_module()
include("builtins/byte_iterators.h")


@mixin("byteString")
class ByteString:
    def __repr__(self, /): ...
    def __str__(self, /): ...
    def __richcompare__(self, other, op): ...
    def __len__(self, /): ...
    def __add__(self, value, /): ...
    def __mul__(self, value, /): ...
    def __contains__(self, key, /): ...
    def __mod__(self, value, /): ...
    def __rmod__(self, value, /): ...
    def capitalize(self, /):
        """A copy whose first byte is upper-case ASCII and the rest lower-case."""
    def center(self, width: index, fillchar=b' ', /):
        """The bytes in the middle of a field of that width."""
    def count(self, sub, start=None, end=None, /):
        """How often sub occurs in [start:end] without overlap."""
    def decode(self, /, encoding=MISSING, errors=MISSING):
        """The text that the bytes encode."""
    def endswith(self, suffix, start=None, end=None, /):
        """Whether the bytes end with the suffix, or one of a tuple of them."""
    def expandtabs(self, /, tabsize: index = 8):
        """A copy where tabs are spaces up to the next tab stop."""
    def find(self, sub, start=None, end=None, /):
        """The lowest index of sub in [start:end], or -1."""
    def hex(self, /, sep=MISSING, bytes_per_sep: i32 = 1):
        """Two hexadecimal digits a byte; sep goes between groups of bytes_per_sep bytes,
        counted from the right, or from the left when negative."""
    def index(self, sub, start=None, end=None, /):
        """As find(), but ValueError when sub is not there."""
    def isalnum(self, /) -> bool:
        """Whether there are bytes and all are ASCII letters or digits."""
    def isalpha(self, /) -> bool:
        """Whether there are bytes and all are ASCII letters."""
    def isascii(self, /) -> bool:
        """Whether every byte is below 128."""
    def isdigit(self, /) -> bool:
        """Whether there are bytes and all are ASCII digits."""
    def islower(self, /) -> bool:
        """Whether there are letters and all are lower-case."""
    def isspace(self, /) -> bool:
        """Whether there are bytes and all are ASCII white space."""
    def istitle(self, /) -> bool:
        """Whether upper-case letters begin the words and lower-case ones continue them."""
    def isupper(self, /) -> bool:
        """Whether there are letters and all are upper-case."""
    def join(self, iterable_of_bytes, /):
        """The items one after the other with the bytes between them."""
    def ljust(self, width: index, fillchar=b' ', /):
        """The bytes at the left of a field of that width."""
    def lower(self, /):
        """A copy in lower-case ASCII."""
    def lstrip(self, bytes=None, /):
        """A copy without the leading bytes that occur in the argument (None: ASCII white space)."""
    def partition(self, sep, /):
        """What stands before sep, sep, and what stands after it."""
    def replace(self, old, new, count: index = -1, /):
        """A copy with old replaced by new, count times at most unless it is negative."""
    def removeprefix(self, prefix, /):
        """A copy without the prefix, if it is there."""
    def removesuffix(self, suffix, /):
        """A copy without the suffix, if it is there."""
    def rfind(self, sub, start=None, end=None, /):
        """The highest index of sub in [start:end], or -1."""
    def rindex(self, sub, start=None, end=None, /):
        """As rfind(), but ValueError when sub is not there."""
    def rjust(self, width: index, fillchar=b' ', /):
        """The bytes at the right of a field of that width."""
    def rpartition(self, sep, /):
        """As partition(), at the last sep."""
    def rsplit(self, /, sep=None, maxsplit: index = -1):
        """As split(), from the right."""
    def rstrip(self, bytes=None, /):
        """A copy without the trailing bytes that occur in the argument (None: ASCII white space)."""
    def split(self, /, sep=None, maxsplit: index = -1):
        """The sections between separators; None splits at runs of ASCII white space."""
    def splitlines(self, /, keepends: bool = False):
        """The lines, with their ends only if keepends."""
    def startswith(self, prefix, start=None, end=None, /):
        """Whether the bytes begin with the prefix, or one of a tuple of them."""
    def strip(self, bytes=None, /):
        """lstrip() and rstrip()."""
    def swapcase(self, /):
        """A copy with the other case of each ASCII letter."""
    def title(self, /):
        """A copy whose words begin with upper-case and go on in lower-case."""
    def translate(self, table, /, delete=b''):
        """A copy without the bytes in delete, each mapped by the table of 256 bytes."""
    def upper(self, /):
        """A copy in upper-case ASCII."""
    def zfill(self, width: index, /):
        """The bytes with zeros after the sign, up to the width."""
    @classmethod
    def fromhex(cls, string, /):
        """The bytes that pairs of hexadecimal digits spell; white space between them is skipped."""
    @staticmethod
    def maketrans(frm, to, /):
        """The table for translate() that maps each byte of frm to the one in to."""


@layout("Value", type="PyBytes_Type", flags="basetype bytes concat match_self", basicsize="33", itemsize=1, signature=False)
class bytes(ByteString):
    """bytes(iterable_of_ints) -> bytes
    bytes(string, encoding[, errors]) -> bytes
    bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer
    bytes(int) -> bytes object of size given by the parameter initialized with null bytes
    bytes() -> empty bytes object
    """

    def __new__(cls, source=MISSING, encoding=MISSING, errors=MISSING): ...
    def __hash__(self, /): ...
    def __iter__(self, /): ...
    def __getitem__(self, key, /): ...
    def __seqitem__(self, index): ...
    def __buffer__(self, flags, /): ...
    def __getnewargs__(self, /): ...
    def __bytes__(self, /):
        """Convert this value to exact type bytes."""


@layout("ByteIterator", type="PyBytesIter_Type", name="bytes_iterator", flags="gc disallow", fields="sequence", prefix="bytesIterator")
class bytes_iterator(object):
    def __iter__(self, /): ...
    def __next__(self, /): ...
    def __length_hint__(self, /):
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /):
        """Set state information for unpickling."""


@layout("Value", type="PyByteArray_Type", flags="basetype concat match_self", basicsize="i64(sizeof(ByteArray))", lifetime="own", signature=False)
class bytearray(ByteString):
    """bytearray(iterable_of_ints) -> bytearray
    bytearray(string, encoding[, errors]) -> bytearray
    bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer
    bytearray(int) -> bytes array of size given by the parameter initialized with null bytes
    bytearray() -> empty bytes array
    """

    def __new__(cls, *args: raw): ...
    def __init__(self, source=MISSING, encoding=MISSING, errors=MISSING): ...
    __hash__ = None
    def __iter__(self, /): ...
    def __getitem__(self, key, /): ...
    def __seqitem__(self, index): ...
    def __setitem__(self, key, value, /): ...
    def __delitem__(self, key, /): ...
    def __iadd__(self, value, /): ...
    def __imul__(self, value, /): ...
    def __buffer__(self, flags, /): ...
    def __release_buffer__(self, buffer, /): ...
    def __alloc__(self, /) -> int:
        """How many bytes are allocated."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __reduce_ex__(self, proto: i32 = 0, /):
        """Return state information for pickling."""
    def __sizeof__(self, /) -> int:
        """Returns the size of the bytearray object in memory, in bytes."""
    def append(self, item, /) -> None:
        """Append a single item to the end of the bytearray."""
    def clear(self, /) -> None:
        """Remove all items from the bytearray."""
    def copy(self, /):
        """Return a copy of B."""
    def extend(self, iterable_of_ints, /) -> None:
        """Append all the items from the iterator or sequence to the bytearray."""
    def insert(self, index: index, item, /) -> None:
        """Insert a single item into the bytearray before the given index."""
    def pop(self, index: index = -1, /):
        """Remove and return a single item, the last one by default."""
    def remove(self, value, /) -> None:
        """Remove the first occurrence of a value in the bytearray."""
    def resize(self, size: index, /) -> None:
        """Make the bytearray that long; new bytes are zero."""
    def reverse(self, /) -> None:
        """Reverse the order of the values in B in place."""


@layout("ByteIterator", type="PyByteArrayIter_Type", name="bytearray_iterator", flags="gc disallow", fields="sequence", prefix="bytearrayIterator")
class bytearray_iterator(object):
    def __iter__(self, /): ...
    def __next__(self, /): ...
    def __length_hint__(self, /):
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /):
        """Set state information for unpickling."""
