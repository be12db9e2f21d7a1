"""Class BytesIO of module _io."""
not_a_module()
include("modules/io_objects.h")


@layout("BytesIo", type="bytesIoType", module="_io", base="bufferedIoBaseType", flags="gc basetype", lifetime="own", prefix="bytesio")
class BytesIO(object):
    """Buffered I/O implementation using an in-memory bytes buffer."""

    def __new__(cls, *args: raw): ...
    def __init__(self, initial_bytes=b''): ...
    def __iter__(self): ...
    def __next__(self): ...
    def readable(self, /) -> bool:
        """Returns True if the IO object can be read."""
    def seekable(self, /) -> bool:
        """Returns True if the IO object can be seeked."""
    def writable(self, /) -> bool:
        """Returns True if the IO object can be written."""
    def close(self, /) -> None:
        """Disable all I/O operations."""
    def flush(self, /) -> None:
        """Does nothing."""
    def isatty(self, /) -> bool:
        """Always returns False."""
    def tell(self, /) -> int:
        """Current file position, an integer."""
    def write(self, b, /) -> int:
        """Write bytes to file and return their number."""
    def writelines(self, lines, /) -> None:
        """Write lines, any iterable of bytes objects, to the file."""
    def read1(self, size=-1, /):
        """Read at most size bytes, returned as a bytes object."""
    def readinto(self, buffer, /) -> int:
        """Read bytes into buffer and return their number; 0 at EOF."""
    def readline(self, size=-1, /):
        """Next line from the file, as a bytes object, at most size bytes."""
    def readlines(self, size=None, /):
        """List of bytes objects, each a line from the file; size is about how many bytes to read."""
    def read(self, size=-1, /):
        """Read at most size bytes, returned as a bytes object; until EOF if negative."""
    def getbuffer(self, /):
        """Get a read-write view over the contents of the BytesIO object."""
    def getvalue(self, /):
        """Retrieve the entire contents of the BytesIO object."""
    def seek(self, pos: index, whence: i32 = 0, /) -> int:
        """Change stream position and return the new absolute one: from the start (0), here (1) or the end (2)."""
    def truncate(self, size=None, /) -> int:
        """Truncate the file to at most size bytes and return the size; the position stays."""
    def __getstate__(self, /): ...
    def __setstate__(self, object, /) -> None: ...
    def __sizeof__(self, /) -> int:
        """Returns size of object in memory, in bytes."""
    @property
    def closed(self) -> bool:
        """True if the file is closed."""


@layout("BytesIoBuffer", type="bytesIoBufferType", module="_io", flags="gc disallow", fields="source", clear=False, export=False, prefix="bytesioBuffer")
class _BytesIOBuffer(object):
    def __buffer__(self, flags): ...
    def __release_buffer__(self, view): ...
