"""The binary half of _io: base classes, files, buffers in memory and in front of files."""
import _thread
import posix

DEFAULT_BUFFER_SIZE = 128 * 1024
_CHUNK = 8192
BlockingIOError = BlockingIOError


class UnsupportedOperation(OSError, ValueError):
    __module__ = "io"


def _index(n):
    try:
        return n.__index__()
    except AttributeError:
        raise TypeError(f"'{type(n).__name__}' object cannot be interpreted as an integer") from None


def _size(n):
    return -1 if n is None else _index(n)


class _IOBase:
    __module__ = "_io"
    _closed = False

    def _unsupported(self, name):
        raise UnsupportedOperation(name)

    def seek(self, pos, whence=0, /):
        raise UnsupportedOperation("seek")

    def tell(self):
        return self.seek(0, 1)

    def truncate(self, size=None, /):
        raise UnsupportedOperation("truncate")

    def fileno(self):
        raise UnsupportedOperation("fileno")

    def flush(self):
        self._checkClosed()

    @property
    def closed(self):
        return self._closed

    def close(self):
        if not self._closed:
            try:
                self.flush()
            finally:
                self._closed = True

    def __del__(self):
        try:
            closed = self.closed
        except AttributeError:
            return
        if closed:
            return
        self.close()

    def seekable(self):
        return False

    def readable(self):
        return False

    def writable(self):
        return False

    def isatty(self):
        self._checkClosed()
        return False

    def _checkClosed(self, message=None):
        if self.closed:
            raise ValueError("I/O operation on closed file." if message is None else message)

    def _checkReadable(self):
        if not self.readable():
            raise UnsupportedOperation("File or stream is not readable.")

    def _checkWritable(self):
        if not self.writable():
            raise UnsupportedOperation("File or stream is not writable.")

    def _checkSeekable(self):
        if not self.seekable():
            raise UnsupportedOperation("File or stream is not seekable.")

    def __enter__(self):
        self._checkClosed()
        return self

    def __exit__(self, *args):
        self.close()

    def readline(self, size=-1, /):
        size = _size(size)
        out = bytearray()
        peek = getattr(self, "peek", None)
        while size < 0 or len(out) < size:
            n = 1
            if peek is not None:
                ahead = peek(1)
                if ahead:
                    n = (ahead.find(b"\n") + 1) or len(ahead)
                    if size >= 0:
                        n = min(n, size - len(out))
            b = self.read(n)
            if not isinstance(b, bytes):
                raise OSError(f"read() should have returned a bytes object, not '{type(b).__name__}'")
            if not b:
                break
            out += b
            if out.endswith(b"\n"):
                break
        return bytes(out)

    def __iter__(self):
        self._checkClosed()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def readlines(self, hint=None, /):
        if hint is None or hint <= 0:
            return list(self)
        n = 0
        lines = []
        for line in self:
            lines.append(line)
            n += len(line)
            if n >= hint:
                break
        return lines

    def writelines(self, lines, /):
        self._checkClosed()
        for line in lines:
            self.write(line)


class _RawIOBase(_IOBase):
    __module__ = "_io"

    def read(self, size=-1, /):
        size = _size(size)
        if size < 0:
            return self.readall()
        b = bytearray(size)
        n = self.readinto(b)
        if n is None:
            return None
        if n < 0 or n > size:
            raise ValueError(f"readinto returned {n} outside buffer size {size}")
        return bytes(b[:n])

    def readall(self):
        out = bytearray()
        while data := self.read(DEFAULT_BUFFER_SIZE):
            if not isinstance(data, bytes):
                raise TypeError("read() should return bytes")
            out += data
        if out:
            return bytes(out)
        return data


class _BufferedIOBase(_IOBase):
    __module__ = "_io"

    def read(self, size=-1, /):
        raise UnsupportedOperation("read")

    def read1(self, size=-1, /):
        raise UnsupportedOperation("read1")

    def write(self, b, /):
        raise UnsupportedOperation("write")

    def detach(self):
        raise UnsupportedOperation("detach")

    def readinto(self, b, /):
        return self._readinto(b, False)

    def readinto1(self, b, /):
        return self._readinto(b, True)

    def _readinto(self, b, once):
        view = memoryview(b).cast("B")
        data = self.read1(len(view)) if once else self.read(len(view))
        n = len(data)
        view[:n] = data
        return n


class _TextIOBase(_IOBase):
    __module__ = "_io"
    encoding = None
    newlines = None
    errors = None

    def read(self, size=-1, /):
        raise UnsupportedOperation("read")

    def readline(self, size=-1, /):
        raise UnsupportedOperation("readline")

    def write(self, s, /):
        raise UnsupportedOperation("write")

    def detach(self):
        raise UnsupportedOperation("detach")


class FileIO(_RawIOBase):
    __module__ = "_io"
    _fd = -1
    _created = _readable = _writable = _appending = False
    _seekable = None
    _closefd = True
    _blksize = 8192

    def __init__(self, file, mode="r", closefd=True, opener=None):
        if self._fd >= 0:
            if self._closefd:
                posix.close(self._fd)
            self._fd = -1
        if isinstance(file, float):
            raise TypeError("integer argument expected, got float")
        if isinstance(file, int):
            if isinstance(file, bool):
                import warnings
                warnings.warn("bool is used as a file descriptor", RuntimeWarning, stacklevel=2)
            fd = int(file)
            if fd < 0:
                raise ValueError("negative file descriptor")
        else:
            fd = -1
        if not isinstance(mode, str):
            raise TypeError(f"FileIO() argument 'mode' must be str, not {type(mode).__name__}")
        if set(mode) - set("xrwab+"):
            raise ValueError(f"invalid mode: {mode}")
        if sum(c in "rwax" for c in mode) != 1 or mode.count("+") > 1:
            raise ValueError("Must have exactly one of create/read/write/append mode and at most one plus")
        flags = 0
        if "x" in mode:
            self._created = self._writable = True
            flags = posix.O_EXCL | posix.O_CREAT
        elif "r" in mode:
            self._readable = True
        elif "w" in mode:
            self._writable = True
            flags = posix.O_CREAT | posix.O_TRUNC
        else:
            self._writable = self._appending = True
            flags = posix.O_APPEND | posix.O_CREAT
        if "+" in mode:
            self._readable = self._writable = True
        if self._readable and self._writable:
            flags |= posix.O_RDWR
        elif self._readable:
            flags |= posix.O_RDONLY
        else:
            flags |= posix.O_WRONLY
        flags |= posix.O_CLOEXEC
        owned = False
        try:
            if fd < 0:
                if not closefd:
                    raise ValueError("Cannot use closefd=False with file name")
                if opener is None:
                    fd = posix.open(file, flags, 0o666)
                else:
                    fd = opener(file, flags)
                    if not isinstance(fd, int):
                        raise TypeError("expected integer from opener")
                    if fd < 0:
                        raise ValueError(f"opener returned {fd}")
                    posix.set_inheritable(fd, False)
                owned = True
            self._closefd = closefd
            st = posix.fstat(fd)
            if st.st_mode & 0o170000 == 0o040000:
                raise IsADirectoryError(21, "Is a directory", file)
            if st.st_blksize > 1:
                self._blksize = st.st_blksize
            self._size_hint = st.st_size
            self.name = file
            if self._appending:
                try:
                    posix.lseek(fd, 0, 2)
                except OSError as e:
                    if e.errno != 29:
                        raise
        except BaseException:
            if owned:
                posix.close(fd)
            raise
        self._fd = fd
        self._closed = False

    def __del__(self):
        if self._fd >= 0 and self._closefd and not self.closed:
            import warnings
            warnings.warn(f"unclosed file {self!r}", ResourceWarning, stacklevel=2, source=self)
            self.close()

    def __getstate__(self):
        raise TypeError(f"cannot pickle {self.__class__.__name__!r} object")

    def __repr__(self):
        name = f"{self.__class__.__module__}.{self.__class__.__qualname__}"
        if self.closed:
            return f"<{name} [closed]>"
        try:
            file = self.name
        except AttributeError:
            return f"<{name} fd={self._fd} mode={self.mode!r} closefd={self._closefd}>"
        return f"<{name} name={file!r} mode={self.mode!r} closefd={self._closefd}>"

    def _checkReadable(self):
        if not self._readable:
            raise UnsupportedOperation("File not open for reading")

    def _checkWritable(self):
        if not self._writable:
            raise UnsupportedOperation("File not open for writing")

    def _checkClosed(self, message=None):
        if self._closed or self._fd < 0:
            raise ValueError("I/O operation on closed file")

    def read(self, size=-1, /):
        self._checkClosed()
        self._checkReadable()
        size = _size(size)
        if size < 0:
            return self.readall()
        try:
            return posix.read(self._fd, size)
        except BlockingIOError:
            return None

    def readall(self):
        self._checkClosed()
        self._checkReadable()
        parts = []
        n = max(self._size_hint + 1, _CHUNK)
        while True:
            try:
                data = posix.read(self._fd, n)
            except BlockingIOError:
                if parts:
                    break
                return None
            if not data:
                break
            parts.append(data)
            n = min(max(n, DEFAULT_BUFFER_SIZE), 1 << 24)
        return b"".join(parts)

    def readinto(self, buffer, /):
        self._checkClosed()
        self._checkReadable()
        try:
            return posix.readinto(self._fd, buffer)
        except BlockingIOError:
            return None

    def write(self, b, /):
        self._checkClosed()
        self._checkWritable()
        try:
            return posix.write(self._fd, b)
        except BlockingIOError:
            return None

    def seek(self, pos, whence=0, /):
        self._checkClosed()
        return posix.lseek(self._fd, _index(pos), whence)

    def tell(self):
        self._checkClosed()
        return posix.lseek(self._fd, 0, 1)

    def truncate(self, size=None, /):
        self._checkClosed()
        self._checkWritable()
        if size is None:
            size = self.tell()
        posix.ftruncate(self._fd, size)
        return size

    def close(self):
        if not self._closed:
            self._closed = True
            try:
                if type(self).flush is not _IOBase.flush:
                    self._closed = False
                    self.flush()
                    self._closed = True
            finally:
                self._closed = True
                fd, self._fd = self._fd, -1
                if self._closefd and fd >= 0:
                    posix.close(fd)

    def seekable(self):
        self._checkClosed()
        if self._seekable is None:
            try:
                posix.lseek(self._fd, 0, 1)
                self._seekable = True
            except OSError:
                self._seekable = False
        return self._seekable

    def readable(self):
        self._checkClosed()
        return self._readable

    def writable(self):
        self._checkClosed()
        return self._writable

    def fileno(self):
        self._checkClosed()
        return self._fd

    def isatty(self):
        self._checkClosed()
        return posix.isatty(self._fd)

    def _isatty_open_only(self):
        return posix.isatty(self._fd)

    @property
    def closefd(self):
        return self._closefd

    @property
    def mode(self):
        if self._created:
            return "xb+" if self._readable else "xb"
        if self._appending:
            return "ab+" if self._readable else "ab"
        if self._readable:
            return "rb+" if self._writable else "rb"
        return "wb"


class BytesIO(_BufferedIOBase):
    __module__ = "_io"
    _buffer = None

    def __init__(self, initial_bytes=b""):
        self._buffer = bytearray()
        self._pos = 0
        self._closed = False
        if initial_bytes is not None:
            self._buffer += initial_bytes

    def __getstate__(self):
        self._checkClosed("__getstate__ on closed file")
        return (self.getvalue(), self._pos, self.__dict__.copy())

    def __setstate__(self, state):
        self._buffer = bytearray(state[0])
        self._pos = state[1]
        if state[2]:
            self.__dict__.update({k: v for k, v in state[2].items() if k not in ("_buffer", "_pos")})

    def _checkClosed(self, message=None):
        if self._closed:
            raise ValueError("I/O operation on closed file.")

    def getvalue(self):
        self._checkClosed()
        return bytes(self._buffer)

    def getbuffer(self):
        self._checkClosed()
        return memoryview(self._buffer)

    def close(self):
        if self._buffer is not None:
            self._buffer = bytearray()
        self._closed = True

    def read(self, size=-1, /):
        self._checkClosed()
        size = _size(size)
        if size < 0:
            size = len(self._buffer)
        if self._pos >= len(self._buffer):
            return b""
        end = min(len(self._buffer), self._pos + size)
        b = bytes(self._buffer[self._pos:end])
        self._pos = end
        return b

    def read1(self, size=-1, /):
        return self.read(size)

    def readline(self, size=-1, /):
        self._checkClosed()
        size = _size(size)
        end = self._buffer.find(b"\n", self._pos) + 1 or len(self._buffer)
        if size >= 0:
            end = min(end, self._pos + size)
        b = bytes(self._buffer[self._pos:end])
        self._pos = max(end, self._pos)
        return b

    def readinto(self, b, /):
        self._checkClosed()
        view = memoryview(b).cast("B")
        data = self.read(len(view))
        view[:len(data)] = data
        return len(data)

    def write(self, b, /):
        self._checkClosed()
        if isinstance(b, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        with memoryview(b) as view:
            n = view.nbytes
        if n == 0:
            return 0
        pos = self._pos
        if pos > len(self._buffer):
            self._buffer += b"\x00" * (pos - len(self._buffer))
        self._buffer[pos:pos + n] = b
        self._pos += n
        return n

    def seek(self, pos, whence=0, /):
        self._checkClosed()
        pos = _index(pos)
        if whence == 0:
            if pos < 0:
                raise ValueError("negative seek value %r" % (pos,))
            self._pos = pos
        elif whence == 1:
            self._pos = max(0, self._pos + pos)
        elif whence == 2:
            self._pos = max(0, len(self._buffer) + pos)
        else:
            raise ValueError("invalid whence (%r, should be 0, 1 or 2)" % (whence,))
        return self._pos

    def tell(self):
        self._checkClosed()
        return self._pos

    def truncate(self, size=None, /):
        self._checkClosed()
        size = self._pos if size is None else _index(size)
        if size < 0:
            raise ValueError("negative size value %r" % (size,))
        del self._buffer[size:]
        return size

    def readable(self):
        self._checkClosed()
        return True

    writable = seekable = readable


class _BufferedIOMixin(_BufferedIOBase):
    __module__ = "_io"
    _raw = None

    def _attach(self, raw):
        self._raw = raw
        self._closed = False
        self._lock = _thread.RLock()

    def _checkInit(self):
        if self._raw is None:
            raise ValueError("raw stream has been detached" if hasattr(self, "_lock") else "I/O operation on uninitialized object")

    @property
    def raw(self):
        self._checkInit()
        return self._raw

    def seek(self, pos, whence=0, /):
        return self.raw.seek(pos, whence)

    def tell(self):
        pos = self.raw.tell()
        if pos < 0:
            raise OSError("tell() returned an invalid position")
        return pos

    def flush(self):
        if self.closed:
            raise ValueError("flush of closed file")
        self.raw.flush()

    def close(self):
        if self._raw is not None and not self.closed:
            try:
                self.flush()
            finally:
                self._raw.close()

    def detach(self):
        self._checkInit()
        self.flush()
        raw, self._raw = self._raw, None
        return raw

    def seekable(self):
        return self.raw.seekable()

    @property
    def closed(self):
        return self.raw.closed

    @property
    def name(self):
        return self.raw.name

    @property
    def mode(self):
        return self.raw.mode

    def __getstate__(self):
        raise TypeError(f"cannot pickle {self.__class__.__name__!r} object")

    def __repr__(self):
        name = f"{self.__class__.__module__}.{self.__class__.__qualname__}"
        try:
            return f"<{name} name={self.name!r}>"
        except (AttributeError, ValueError):
            return f"<{name}>"

    def fileno(self):
        return self.raw.fileno()

    def isatty(self):
        return self.raw.isatty()

    def __del__(self):
        if self._raw is not None:
            try:
                closed = self._raw.closed
            except AttributeError:
                return
            if not closed:
                self.close()


class BufferedReader(_BufferedIOMixin):
    __module__ = "_io"

    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.readable():
            raise UnsupportedOperation("File or stream is not readable.")
        if buffer_size <= 0:
            raise ValueError("buffer size must be strictly positive")
        self._attach(raw)
        self.buffer_size = buffer_size
        self._reset()

    def _reset(self):
        self._buf = b""
        self._at = 0

    def readable(self):
        return self.raw.readable()

    def _open(self, what="read of closed file"):
        if self.closed:
            raise ValueError(what)

    def read(self, size=-1, /):
        size = _size(size)
        if size < -1:
            raise ValueError("read length must be non-negative or -1")
        self._open()
        with self._lock:
            if size < 0:
                rest = self._buf[self._at:]
                self._reset()
                readall = getattr(self._raw, "readall", None)
                more = readall() if readall is not None else None
                if readall is None:
                    parts = []
                    while more := self._raw.read():
                        parts.append(more)
                    more = b"".join(parts)
                if more is None:
                    return rest or None
                return rest + more if rest else more
            have = len(self._buf) - self._at
            if size <= have:
                b = self._buf[self._at:self._at + size]
                self._at += size
                return b
            parts = [self._buf[self._at:]]
            self._reset()
            while have < size:
                more = self._raw.read(max(self.buffer_size, size - have))
                if more is None and have == 0:
                    return None
                if not more:
                    break
                parts.append(more)
                have += len(more)
            data = b"".join(parts)
            if have > size:
                self._buf, self._at = data, size
                return data[:size]
            return data

    def peek(self, size=0, /):
        self._open("peek of closed file")
        with self._lock:
            if self._at >= len(self._buf):
                self._buf = self._raw.read(self.buffer_size) or b""
                self._at = 0
            return self._buf[self._at:]

    def read1(self, size=-1, /):
        size = _index(size)
        self._open()
        if size < 0:
            size = self.buffer_size
        if size == 0:
            return b""
        with self._lock:
            if self._at >= len(self._buf):
                self._buf = self._raw.read(max(size, self.buffer_size)) or b""
                self._at = 0
            b = self._buf[self._at:self._at + size]
            self._at += len(b)
            return b

    def readline(self, size=-1, /):
        size = _size(size)
        self._open("readline of closed file")
        with self._lock:
            end = self._buf.find(b"\n", self._at)
            if end >= 0 and size < 0:
                line = self._buf[self._at:end + 1]
                self._at = end + 1
                return line
        return _IOBase.readline(self, size)

    def tell(self):
        return max(_BufferedIOMixin.tell(self) - len(self._buf) + self._at, 0)

    def seek(self, pos, whence=0, /):
        if whence not in (0, 1, 2):
            raise ValueError(f"invalid whence value: {whence}")
        self._open("seek of closed file")
        if not self._raw.seekable():
            raise UnsupportedOperation("File or stream is not seekable.")
        with self._lock:
            if whence == 1:
                pos -= len(self._buf) - self._at
            self._reset()
            return self._raw.seek(pos, whence)

    def truncate(self, pos=None, /):
        raise UnsupportedOperation("truncate")

    def flush(self):
        if self.closed:
            raise ValueError("flush of closed file")
        self._raw.flush()


class BufferedWriter(_BufferedIOMixin):
    __module__ = "_io"

    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.writable():
            raise UnsupportedOperation("File or stream is not writable.")
        if buffer_size <= 0:
            raise ValueError("buffer size must be strictly positive")
        self._attach(raw)
        self.buffer_size = buffer_size
        self._pending = bytearray()

    def writable(self):
        return self.raw.writable()

    def write(self, b, /):
        if isinstance(b, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        if self.closed:
            raise ValueError("write to closed file")
        with self._lock:
            before = len(self._pending)
            self._pending += b
            n = len(self._pending) - before
            if len(self._pending) > self.buffer_size:
                try:
                    self._flush()
                except BlockingIOError as e:
                    if len(self._pending) > self.buffer_size:
                        over = len(self._pending) - self.buffer_size
                        del self._pending[self.buffer_size:]
                        raise BlockingIOError(e.errno, e.strerror, n - over)
            return n

    def _flush(self):
        while self._pending:
            n = self._raw.write(bytes(self._pending))
            if n is None:
                raise BlockingIOError(11, "write could not complete without blocking", 0)
            if n < 0 or n > len(self._pending):
                raise OSError("write() returned incorrect number of bytes")
            del self._pending[:n]

    def flush(self):
        if self.closed:
            raise ValueError("flush of closed file")
        with self._lock:
            self._flush()
            self._raw.flush()

    def tell(self):
        return _BufferedIOMixin.tell(self) + len(self._pending)

    def seek(self, pos, whence=0, /):
        if whence not in (0, 1, 2):
            raise ValueError(f"invalid whence value: {whence}")
        with self._lock:
            self._flush()
            return self._raw.seek(pos, whence)

    def truncate(self, pos=None, /):
        with self._lock:
            self._flush()
            return self._raw.truncate(self._raw.tell() if pos is None else pos)


class BufferedRandom(BufferedWriter, BufferedReader):
    __module__ = "_io"

    def __init__(self, raw, buffer_size=DEFAULT_BUFFER_SIZE):
        if not raw.seekable():
            raise UnsupportedOperation("File or stream is not seekable.")
        BufferedReader.__init__(self, raw, buffer_size)
        BufferedWriter.__init__(self, raw, buffer_size)

    def _rewind(self):
        if self._buf:
            self._raw.seek(self._at - len(self._buf), 1)
            self._reset()

    def seek(self, pos, whence=0, /):
        if whence not in (0, 1, 2):
            raise ValueError(f"invalid whence value: {whence}")
        self._flush()
        self._rewind()
        return self._raw.seek(pos, whence)

    def tell(self):
        if self._pending:
            return BufferedWriter.tell(self)
        return BufferedReader.tell(self)

    def truncate(self, pos=None, /):
        if pos is None:
            pos = self.tell()
        self._flush()
        return self._raw.truncate(pos)

    def read(self, size=-1, /):
        self._flush()
        return BufferedReader.read(self, size)

    def readinto(self, b, /):
        self._flush()
        return BufferedReader.readinto(self, b)

    def peek(self, size=0, /):
        self._flush()
        return BufferedReader.peek(self, size)

    def read1(self, size=-1, /):
        self._flush()
        return BufferedReader.read1(self, size)

    def readline(self, size=-1, /):
        self._flush()
        return BufferedReader.readline(self, size)

    def write(self, b, /):
        self._rewind()
        return BufferedWriter.write(self, b)

    def flush(self):
        BufferedWriter.flush(self)


class BufferedRWPair(_BufferedIOBase):
    __module__ = "_io"

    def __init__(self, reader, writer, buffer_size=DEFAULT_BUFFER_SIZE):
        if not reader.readable():
            raise UnsupportedOperation("File or stream is not readable.")
        if not writer.writable():
            raise UnsupportedOperation("File or stream is not writable.")
        self.reader = BufferedReader(reader, buffer_size)
        self.writer = BufferedWriter(writer, buffer_size)

    def read(self, size=-1, /):
        return self.reader.read(size)

    def readinto(self, b, /):
        return self.reader.readinto(b)

    def write(self, b, /):
        return self.writer.write(b)

    def peek(self, size=0, /):
        return self.reader.peek(size)

    def read1(self, size=-1, /):
        return self.reader.read1(size)

    def readinto1(self, b, /):
        return self.reader.readinto1(b)

    def readable(self):
        return self.reader.readable()

    def writable(self):
        return self.writer.writable()

    def flush(self):
        return self.writer.flush()

    def close(self):
        try:
            self.writer.close()
        finally:
            self.reader.close()

    def isatty(self):
        return self.reader.isatty() or self.writer.isatty()

    @property
    def closed(self):
        return self.writer.closed
