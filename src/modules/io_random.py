"""Class BufferedRandom of module _io. Bodies that the buffered classes share are in io_buffered.cpp."""
not_a_module()
include("modules/io_objects.h")


@layout("Buffered", type="bufferedRandomType", module="_io", base="bufferedIoBaseType", flags="gc basetype", lifetime="inherit",
        prefix="bufrandom", slots="dealloc=bufferedDealloc traverse=bufferedTraverse clear=bufferedClear")
class BufferedRandom(object):
    """A buffered interface to random access streams: a reader and a writer of one seekable raw stream."""

    @body("buffered")
    def __repr__(self): ...
    @body("buffered")
    def __next__(self): ...
    def __init__(self, raw, buffer_size: index = 131072): ...
    @body("buffered")
    def close(self, /):
        """Flush and close the stream."""
    @body("buffered")
    def detach(self, /):
        """Disconnect this buffer from its underlying raw stream and return it."""
    @body("buffered")
    def seekable(self, /): ...
    @body("buffered")
    def readable(self, /): ...
    @body("buffered")
    def writable(self, /): ...
    @body("buffered")
    def fileno(self, /): ...
    @body("buffered")
    def isatty(self, /): ...
    @body("buffered")
    def _dealloc_warn(self, source, /) -> None: ...
    @body("buffered")
    def flush(self, /) -> None:
        """Write what is buffered."""
    @body("buffered")
    def seek(self, target, whence: i32 = 0, /): ...
    @body("buffered")
    def tell(self, /) -> int: ...
    @body("buffered")
    def truncate(self, pos=None, /): ...
    @body("buffered")
    def read(self, size=-1, /):
        """Read up to size bytes; until EOF if negative or None."""
    @body("buffered")
    def read1(self, size: index = -1, /):
        """Read up to size bytes with at most one read of the raw stream."""
    @body("buffered")
    def readinto(self, buffer, /): ...
    @body("buffered")
    def readinto1(self, buffer, /): ...
    @body("buffered")
    def readline(self, size=-1, /): ...
    @body("buffered")
    def peek(self, size: index = 0, /):
        """Return buffered bytes without advancing the position."""
    @body("buffered")
    def write(self, buffer, /): ...
    @body("buffered")
    def __sizeof__(self, /) -> int: ...
    @body("buffered")
    def __getstate__(self, /): ...
    raw = member("raw")
    _finalizing = member("finalizing", kind="bool", readonly=False)
    @property
    def closed(self): ...
    @property
    def name(self): ...
    @property
    def mode(self): ...
