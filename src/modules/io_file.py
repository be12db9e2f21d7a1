"""Class FileIO of module _io."""
not_a_module()
include("modules/io_objects.h")


@layout("FileIo", type="fileIoType", module="_io", base="rawIoBaseType", flags="gc basetype", lifetime="own", prefix="fileio")
class FileIO(object):
    """Open a file.

    The mode is 'r' (default), 'w', 'x' or 'a' for reading, writing, exclusive creation or appending, with
    a '+' for reading and writing. A file descriptor may stand for the name; closefd says whether closing
    the object closes it. An opener is called with (name, flags) and returns an open descriptor."""

    def __new__(cls, *args: raw): ...
    def __init__(self, file, mode: str = "r", closefd: bool = True, opener=None): ...
    def __repr__(self): ...
    def read(self, size=-1, /):
        """Read at most size bytes, returned as bytes; None if nothing is available in non-blocking mode."""
    def readall(self, /):
        """Read all data from the file, returned as bytes."""
    def readinto(self, buffer, /):
        """Same as RawIOBase.readinto()."""
    def write(self, b, /):
        """Write buffer b to file, return number of bytes written."""
    def seek(self, pos, whence: i32 = 0, /):
        """Move to new file position and return the file position."""
    def tell(self, /):
        """Current file position."""
    def truncate(self, size=None, /):
        """Truncate the file to at most size bytes and return the truncated size."""
    def close(self, /):
        """Close the file. The descriptor is closed unless closefd=False was given."""
    def seekable(self, /) -> bool:
        """True if file supports random-access."""
    def readable(self, /) -> bool:
        """True if file was opened in a read mode."""
    def writable(self, /) -> bool:
        """True if file was opened in a write mode."""
    def fileno(self, /) -> int:
        """Return the underlying file descriptor (an integer)."""
    def isatty(self, /) -> bool:
        """True if the file is connected to a TTY device."""
    def _isatty_open_only(self, /) -> bool:
        """Cheaper isatty() right after opening: only character devices can be one."""
    def _dealloc_warn(self, source, /) -> None: ...
    def __getstate__(self, /): ...
    _finalizing = member("finalizing", kind="bool", readonly=False)
    @property
    def closed(self) -> bool:
        """True if the file is closed"""
    @property
    def closefd(self) -> bool:
        """True if the file descriptor will be closed by close()."""
    @property
    def mode(self):
        """String giving the file mode"""
    @property
    def _blksize(self) -> int:
        """Preferred buffer size"""
