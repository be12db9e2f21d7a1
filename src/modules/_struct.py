"""Functions to convert between Python values and C structs.
Python bytes objects are used to hold the data representing the C struct.
The format string (explained below) describes the layout of data
in the C struct.

The optional first format char indicates byte order, size and alignment:
  @: native order, size & alignment (default)
  =: native order, std. size & alignment
  <: little-endian, std. size & alignment
  >: big-endian, std. size & alignment
  !: same as >

The remaining characters indicate types of args and must match exactly;
these can be preceded by a decimal repeat count:
  x: pad byte (no data); c: char; b: signed byte; B: unsigned byte;
  ?: _Bool; h: short; H: unsigned short; i: int; I: unsigned int;
  l: long; L: unsigned long; q: long long; Q: unsigned long long;
  f: float; d: double; e: half-float;
  F: float complex; D: double complex.
Special cases (preceding decimal count indicates length):
  s: byte string (array of char); p: Pascal string (with count byte).
Special cases (only available in native format):
  n: ssize_t; N: size_t;
  P: an integer type that is wide enough to hold a pointer.
Whitespace between formats is ignored.

The variable struct.error is an exception raised on errors.
"""
include("modules/struct_objects.h")


@layout("StructObject", type="PyStruct_Type", flags="gc basetype", module="_struct", prefix="structobject",
        fields="format fields", weaklist="weakrefs", signature=False)
class Struct(object):
    """Struct(fmt) --> compiled struct object

    """
    def __new__(cls, *args: raw): ...
    def __init__(self, format): ...
    def __repr__(self): ...
    def iter_unpack(self, buffer, /):
        """Return an iterator yielding tuples.

        Tuples are unpacked from the given bytes source, like a repeated
        invocation of unpack_from().

        Requires that the bytes length be a multiple of the struct size."""
    def pack(self, *args: raw):
        """S.pack(v1, v2, ...) -> bytes

        Return a bytes object containing values v1, v2, ... packed according
        to the format string S.format.  See help(struct) for more on format
        strings."""
    def pack_into(self, *args: raw):
        """S.pack_into(buffer, offset, v1, v2, ...)

        Pack the values v1, v2, ... according to the format string S.format
        and write the packed bytes into the writable buffer buf starting at
        offset.  Note that the offset is a required argument.  See
        help(struct) for more on format strings."""
    def unpack(self, buffer, /):
        """Return a tuple containing unpacked values.

        Unpack according to the format string Struct.format. The buffer's size
        in bytes must be Struct.size.

        See help(struct) for more on format strings."""
    def unpack_from(self, buffer, offset: index = 0):
        """Return a tuple containing unpacked values.

        Values are unpacked according to the format string Struct.format.

        The buffer's size in bytes, starting at position offset, must be
        at least Struct.size.

        See help(struct) for more on format strings."""
    def __sizeof__(self, /) -> int:
        """S.__sizeof__() -> size of S in memory, in bytes"""
    @property
    def format(self):
        """struct format string"""
    @property
    def size(self):
        """struct size in bytes"""


@layout("UnpackIterator", type="PyUnpackIterator_Type", flags="gc disallow", module="_struct",
        prefix="unpackiterator", fields="description view", export=False)
class unpack_iterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int: ...


def _clearcache() -> None:
    """Clear the internal cache."""
def calcsize(format, /) -> int:
    """Return size in bytes of the struct described by the format string."""
def iter_unpack(format, buffer, /):
    """Return an iterator yielding tuples unpacked from the given bytes.

    The bytes are unpacked according to the format string, like
    a repeated invocation of unpack_from().

    Requires that the bytes length be a multiple of the format struct size."""
def pack(*args: raw):
    """pack(format, v1, v2, ...) -> bytes

    Return a bytes object containing the values v1, v2, ... packed according
    to the format string.  See help(struct) for more on format strings."""
def pack_into(*args: raw):
    """pack_into(format, buffer, offset, v1, v2, ...)

    Pack the values v1, v2, ... according to the format string and write
    the packed bytes into the writable buffer buf starting at offset.  Note
    that the offset is a required argument.  A negative offset counts from
    the end of the buffer.  See help(struct) for more on format strings."""
def unpack(format, buffer, /):
    """Return a tuple containing values unpacked according to the format string.

    The buffer's size in bytes must be calcsize(format).

    See help(struct) for more on format strings."""
def unpack_from(format, /, buffer, offset: index = 0):
    """Return a tuple containing values unpacked according to the format string.

    The buffer's size, minus offset, must be at least calcsize(format).
    A negative offset counts from the end of the buffer.

    See help(struct) for more on format strings."""
def __exec__(module): ...
