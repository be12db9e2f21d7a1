"""Class StringIO of module _io."""
not_a_module()
include("modules/io_objects.h")


@layout("StringIo", type="stringIoType", module="_io", base="textIoBaseType", flags="gc basetype", lifetime="own", prefix="stringio")
class StringIO(object):
    """Text I/O implementation using an in-memory buffer.

    initial_value is the text at the start; newline is as TextIOWrapper's, but nothing is translated on
    writing when it is None."""

    def __new__(cls, *args: raw): ...
    def __init__(self, initial_value='', newline='\n'): ...
    def __next__(self): ...
    def close(self, /) -> None:
        """Close the IO object; the text is dropped."""
    def getvalue(self, /):
        """Retrieve the entire contents of the object."""
    def read(self, size=-1, /):
        """Read at most size characters; until EOF if negative or None."""
    def readline(self, size=-1, /):
        """Read until newline or EOF; an empty string at EOF."""
    def tell(self, /) -> int:
        """Tell the current file position."""
    def truncate(self, pos=None, /) -> int:
        """Truncate size to pos; the current position by default. The position stays."""
    def seek(self, pos: index, whence: i32 = 0, /) -> int:
        """Change stream position and return the new one: from the start (0), here (1) or the end (2)."""
    def write(self, s, /) -> int:
        """Write string to file and return the number of characters written."""
    def seekable(self, /) -> bool:
        """Returns True if the IO object can be seeked."""
    def readable(self, /) -> bool:
        """Returns True if the IO object can be read."""
    def writable(self, /) -> bool:
        """Returns True if the IO object can be written."""
    def __getstate__(self, /): ...
    def __setstate__(self, state, /) -> None: ...
    @property
    def closed(self) -> bool: ...
    @property
    def newlines(self): ...
    @property
    def line_buffering(self) -> bool: ...
