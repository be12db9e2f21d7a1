"""The abstract base classes of module _io."""
not_a_module()
include("modules/io_objects.h")
include("runtime/types.h")


@layout("IoBase", type="ioBaseType", module="_io", flags="gc basetype", fields="dict", weaklist="weakrefs", dict="dict",
        prefix="iobase", slots="construct=objectNew")
class _IOBase(object):
    """The abstract base class of all I/O classes.

    Its methods say that reading, writing and seeking are not supported; subclasses replace them.
    Objects are iterators over the lines of the stream and context managers that close it."""

    def __iter__(self): ...
    def __next__(self): ...
    def __del__(self): ...
    def seek(self, offset, whence=os.SEEK_SET, /):
        """Change the stream position to the given byte offset and return the new position."""
    def tell(self, /):
        """Return current stream position."""
    def truncate(self, size=None, /):
        """Truncate file to size bytes; None means the current position."""
    def flush(self, /) -> None:
        """Flush write buffers, if applicable."""
    def close(self, /) -> None:
        """Flush and close the IO object. Does nothing when it is closed already."""
    def seekable(self, /) -> bool:
        """Return whether object supports random access."""
    def readable(self, /) -> bool:
        """Return whether object was opened for reading."""
    def writable(self, /) -> bool:
        """Return whether object was opened for writing."""
    def _checkClosed(self, /) -> None: ...
    def _checkSeekable(self, /) -> bool: ...
    def _checkReadable(self, /) -> bool: ...
    def _checkWritable(self, /) -> bool: ...
    def fileno(self, /):
        """Return underlying file descriptor if one exists."""
    def isatty(self, /) -> bool:
        """Return whether this is an 'interactive' stream."""
    def __enter__(self, /): ...
    def __exit__(self, /, *args):
        """Close the stream."""
    def readline(self, size=-1, /):
        """Read and return a line from the stream, at most size bytes."""
    def readlines(self, hint=-1, /):
        """Return a list of lines from the stream; no more when their total size exceeds hint."""
    def writelines(self, lines, /) -> None:
        """Write a list of lines to stream. Line separators are not added."""
    @property
    def __dict__(self): ...
    @property
    def closed(self) -> bool: ...


@layout("IoBase", type="rawIoBaseType", module="_io", base="ioBaseType", flags="gc basetype", lifetime="inherit", prefix="rawiobase")
class _RawIOBase(object):
    """Base class for raw binary I/O."""

    def read(self, size: index = -1, /): ...
    def readall(self, /):
        """Read until EOF, using multiple read() call."""
    def readinto(self, *args: raw): ...
    def write(self, *args: raw): ...


@layout("IoBase", type="bufferedIoBaseType", module="_io", base="ioBaseType", flags="gc basetype", lifetime="inherit", prefix="bufferediobase")
class _BufferedIOBase(object):
    """Base class for buffered IO objects: read() and write() take all the data unless told otherwise."""

    def detach(self, /):
        """Disconnect this buffer from its underlying raw stream and return it."""
    def read(self, size=-1, /):
        """Read and return up to size bytes; everything until EOF if size is negative or None."""
    def read1(self, size=-1, /):
        """Read and return up to size bytes with at most one read() call to the raw stream."""
    def readinto(self, buffer, /): ...
    def readinto1(self, buffer, /): ...
    def write(self, b, /):
        """Write buffer b to the IO stream and return the number of bytes written."""


@layout("IoBase", type="textIoBaseType", module="_io", base="ioBaseType", flags="gc basetype", lifetime="inherit", prefix="textiobase")
class _TextIOBase(object):
    """Base class for text I/O: a character and line based interface to a stream."""

    def detach(self, /):
        """Separate the underlying buffer from the TextIOBase and return it."""
    def read(self, size=-1, /):
        """Read at most size characters from stream; until EOF if size is negative or None."""
    def readline(self, size=-1, /):
        """Read until newline or EOF; an empty string at EOF."""
    def write(self, s, /):
        """Write string s to stream and return the number of characters written."""
    @property
    def encoding(self):
        """Encoding of the text stream."""
    @property
    def newlines(self):
        """Line endings translated so far."""
    @property
    def errors(self):
        """The error setting of the decoder or encoder."""
