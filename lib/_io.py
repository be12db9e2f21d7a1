"""The io module provides the Python interfaces to stream handling."""
import _codecs
import posix
import sys
from _io_binary import (
    DEFAULT_BUFFER_SIZE, BlockingIOError, BufferedRandom, BufferedReader, BufferedRWPair, BufferedWriter, BytesIO,
    FileIO, UnsupportedOperation, _BufferedIOBase, _index, _IOBase, _RawIOBase, _size, _TextIOBase)


def text_encoding(encoding, stacklevel=2, /):
    if encoding is None:
        if sys.flags.warn_default_encoding:
            import warnings
            warnings.warn("'encoding' argument not specified.", EncodingWarning, stacklevel + 1)
        return "utf-8" if sys.flags.utf8_mode else "locale"
    return encoding


def open_code(path):
    if not isinstance(path, str):
        raise TypeError(f"open_code() argument 'path' must be str, not {type(path).__name__}")
    return open(path, "rb")


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if not isinstance(file, int):
        file = posix.fspath(file)
    if not isinstance(file, (str, bytes, int)):
        raise TypeError("invalid file: %r" % (file,))
    if not isinstance(mode, str):
        raise TypeError(f"open() argument 'mode' must be str, not {type(mode).__name__}")
    buffering = _index(buffering)
    if encoding is not None and not isinstance(encoding, str):
        raise TypeError(f"open() argument 'encoding' must be str or None, not {type(encoding).__name__}")
    if errors is not None and not isinstance(errors, str):
        raise TypeError(f"open() argument 'errors' must be str or None, not {type(errors).__name__}")
    flags = set(mode)
    if flags - set("axrwb+t") or len(mode) > len(flags):
        raise ValueError("invalid mode: '%s'" % mode)
    creating, reading, writing, appending = "x" in flags, "r" in flags, "w" in flags, "a" in flags
    updating, text, binary = "+" in flags, "t" in flags, "b" in flags
    if text and binary:
        raise ValueError("can't have text and binary mode at once")
    if creating + reading + writing + appending != 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    if binary and encoding is not None:
        raise ValueError("binary mode doesn't take an encoding argument")
    if binary and errors is not None:
        raise ValueError("binary mode doesn't take an errors argument")
    if binary and newline is not None:
        raise ValueError("binary mode doesn't take a newline argument")
    if binary and buffering == 1:
        import warnings
        warnings.warn("line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used",
                      RuntimeWarning, 2)
    raw = FileIO(file, ("x" if creating else "") + ("r" if reading else "") + ("w" if writing else "") +
                 ("a" if appending else "") + ("+" if updating else ""), closefd, opener=opener)
    result = raw
    try:
        line_buffering = False
        if buffering == 1 and not binary or buffering < 0 and raw._isatty_open_only():
            buffering = -1
            line_buffering = True
        if buffering < 0:
            buffering = max(min(raw._blksize, 8192 * 1024), DEFAULT_BUFFER_SIZE)
        if buffering == 0:
            if binary:
                return result
            raise ValueError("can't have unbuffered text I/O")
        if buffering == 1:
            buffering = DEFAULT_BUFFER_SIZE
        if updating:
            buffer = BufferedRandom(raw, buffering)
        elif reading:
            buffer = BufferedReader(raw, buffering)
        else:
            buffer = BufferedWriter(raw, buffering)
        result = buffer
        if binary:
            return result
        result = TextIOWrapper(buffer, text_encoding(encoding), errors, newline, line_buffering)
        result.mode = mode
        return result
    except BaseException:
        result.close()
        raise


class IncrementalNewlineDecoder:
    __module__ = "_io"

    def __init__(self, decoder, translate, errors="strict"):
        self.decoder = decoder
        self.translate = translate
        self.errors = errors
        self._seen = 0
        self._pendingcr = False

    def decode(self, input, final=False):
        output = input if self.decoder is None else self.decoder.decode(input, final=final)
        if not isinstance(output, str):
            raise TypeError(f"decoder should return a string result, not '{type(output).__name__}'")
        if self._pendingcr and (output or final):
            output = "\r" + output
            self._pendingcr = False
        if output.endswith("\r") and not final:
            output = output[:-1]
            self._pendingcr = True
        if "\r" not in output:
            if "\n" in output:
                self._seen |= 2
            return output
        crlf = output.count("\r\n")
        cr = output.count("\r") - crlf
        lf = output.count("\n") - crlf
        self._seen |= (lf and 2) | (cr and 1) | (crlf and 4)
        if self.translate:
            if crlf:
                output = output.replace("\r\n", "\n")
            if cr:
                output = output.replace("\r", "\n")
        return output

    def getstate(self):
        buf, flag = (b"", 0) if self.decoder is None else self.decoder.getstate()
        return buf, flag << 1 | self._pendingcr

    def setstate(self, state, /):
        buf, flag = state
        self._pendingcr = bool(flag & 1)
        if self.decoder is not None:
            self.decoder.setstate((buf, flag >> 1))

    def reset(self):
        self._seen = 0
        self._pendingcr = False
        if self.decoder is not None:
            self.decoder.reset()

    @property
    def newlines(self):
        return (None, "\r", "\n", ("\r", "\n"), "\r\n", ("\r", "\r\n"), ("\n", "\r\n"), ("\r", "\n", "\r\n"))[self._seen]


class TextIOWrapper(_TextIOBase):
    __module__ = "_io"
    _CHUNK_SIZE = 8192
    _buffer = None

    def __init__(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False):
        self._check_newline(newline)
        encoding = text_encoding(encoding)
        if encoding == "locale":
            encoding = "utf-8"
        if not isinstance(encoding, str):
            raise ValueError("invalid encoding: %r" % (encoding,))
        if errors is None:
            errors = "strict"
        elif not isinstance(errors, str):
            raise ValueError("invalid errors: %r" % (errors,))
        if encoding.lower() not in ("utf-8", "utf8", "ascii", "latin-1"):
            import codecs
            if not codecs.lookup(encoding)._is_text_encoding:
                raise LookupError(f"{encoding!r} is not a text encoding; use codecs.open() to handle arbitrary codecs")
        self._buffer = buffer
        self._encoding = encoding
        self._errors = errors
        self._line_buffering = bool(line_buffering)
        self._write_through = bool(write_through)
        self._set_newline(newline)
        self._decoder = self._encoder = None
        self._chars = ""
        self._used = 0
        self._snapshot = None
        self._waiting = []
        self._waiting_size = 0
        self._seekable = self._telling = buffer.seekable()
        self._has_read1 = hasattr(buffer, "read1")
        if self._seekable and self.writable():
            position = buffer.tell()
            if position != 0:
                try:
                    self._get_encoder().setstate(0)
                except LookupError:
                    pass

    def _check_newline(self, newline):
        if newline is not None and not isinstance(newline, str):
            raise TypeError(f"illegal newline type: {type(newline)!r}")
        if newline not in (None, "", "\n", "\r", "\r\n"):
            raise ValueError("illegal newline value: %r" % (newline,))

    def _set_newline(self, newline):
        self._newline = newline
        self._read_universal = not newline
        self._read_translate = newline is None
        self._write_newline = None if newline in (None, "", "\n") else newline

    def _checkBuffer(self):
        if self._buffer is None:
            raise ValueError("underlying buffer has been detached" if hasattr(self, "_encoding") else "I/O operation on uninitialized object")

    def __repr__(self):
        out = "<_io.TextIOWrapper" if type(self) is TextIOWrapper else f"<{type(self).__module__}.{type(self).__qualname__}"
        try:
            out += f" name={self.name!r}"
        except Exception:
            pass
        try:
            out += f" mode={self.mode!r}"
        except Exception:
            pass
        return out + f" encoding={self.encoding!r}>"

    def __getstate__(self):
        raise TypeError(f"cannot pickle {self.__class__.__name__!r} object")

    def __del__(self):
        buffer = self._buffer
        if buffer is None:
            return
        try:
            closed = buffer.closed
        except AttributeError:
            return
        if not closed:
            self.close()

    @property
    def encoding(self):
        return self._encoding

    @property
    def errors(self):
        return self._errors

    @property
    def line_buffering(self):
        return self._line_buffering

    @property
    def write_through(self):
        return self._write_through

    @property
    def buffer(self):
        self._checkBuffer()
        return self._buffer

    @property
    def closed(self):
        return self.buffer.closed

    @property
    def name(self):
        return self.buffer.name

    @property
    def newlines(self):
        return self._decoder.newlines if isinstance(self._decoder, IncrementalNewlineDecoder) else None

    def reconfigure(self, *, encoding=None, errors=None, newline=..., line_buffering=None, write_through=None):
        if self._decoder is not None and (encoding is not None or errors is not None or newline is not ...):
            raise UnsupportedOperation("It is not possible to set the encoding or newline of stream after the first read")
        if errors is None:
            errors = self._errors if encoding is None else "strict"
        elif not isinstance(errors, str):
            raise TypeError("invalid errors: %r" % (errors,))
        if encoding is None:
            encoding = self._encoding
        elif not isinstance(encoding, str):
            raise TypeError("invalid encoding: %r" % (encoding,))
        elif encoding == "locale":
            encoding = "utf-8"
        if newline is not ...:
            self._check_newline(newline)
        self.flush()
        self._encoding, self._errors = encoding, errors
        self._encoder = None
        if newline is not ...:
            self._set_newline(newline)
        if line_buffering is not None:
            self._line_buffering = bool(line_buffering)
        if write_through is not None:
            self._write_through = bool(write_through)

    def seekable(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        return self._seekable

    def readable(self):
        return self.buffer.readable()

    def writable(self):
        return self.buffer.writable()

    def fileno(self):
        return self.buffer.fileno()

    def isatty(self):
        return self.buffer.isatty()

    def flush(self):
        self._checkBuffer()
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        self._push()
        self._buffer.flush()
        self._telling = self._seekable

    def close(self):
        if self._buffer is not None and not self.closed:
            try:
                self.flush()
            finally:
                self._buffer.close()

    def detach(self):
        self._checkBuffer()
        self.flush()
        buffer, self._buffer = self._buffer, None
        return buffer

    # Encoded text waits here until there is a chunk of it.
    def _push(self):
        if self._waiting:
            data = b"".join(self._waiting)
            self._waiting = []
            self._waiting_size = 0
            self._buffer.write(data)

    def _encode(self, s):
        if self._encoder is None:
            name = self._encoding
            if name in ("utf-8", "UTF-8", "utf8"):
                return _codecs.utf_8_encode(s, self._errors)[0]
            return self._get_encoder().encode(s)
        return self._encoder.encode(s)

    def _get_encoder(self):
        if self._encoder is None:
            import codecs
            make = codecs.getincrementalencoder(self._encoding)
            self._encoder = make(self._errors)
        return self._encoder

    def _get_decoder(self):
        import codecs
        decoder = codecs.getincrementaldecoder(self._encoding)(self._errors)
        if self._read_universal:
            decoder = IncrementalNewlineDecoder(decoder, self._read_translate)
        self._decoder = decoder
        return decoder

    def write(self, s, /):
        self._checkBuffer()
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        if not isinstance(s, str):
            raise TypeError(f"write() argument must be str, not {type(s).__name__}")
        n = len(s)
        has_lf = (self._write_newline is not None or self._line_buffering) and "\n" in s
        if has_lf and self._write_newline is not None:
            s = s.replace("\n", self._write_newline)
        b = self._encode(s)
        self._waiting.append(b)
        self._waiting_size += len(b)
        needs_flush = self._line_buffering and (has_lf or "\r" in s)
        if self._waiting_size > self._CHUNK_SIZE or needs_flush or self._write_through:
            self._push()
        if needs_flush:
            self.flush()
        self._set_chars("")
        self._snapshot = None
        if self._decoder is not None:
            self._decoder.reset()
        return n

    def _set_chars(self, chars):
        self._chars = chars
        self._used = 0

    def _take_chars(self, n=None):
        at = self._used
        chars = self._chars[at:] if n is None else self._chars[at:at + n]
        self._used += len(chars)
        return chars

    def _read_chunk(self):
        if self._decoder is None:
            raise ValueError("no decoder")
        if self._telling:
            dec_buffer, dec_flags = self._decoder.getstate()
        data = self._buffer.read1(self._CHUNK_SIZE) if self._has_read1 else self._buffer.read(self._CHUNK_SIZE)
        eof = not data
        chars = self._decoder.decode(data, eof)
        self._set_chars(chars)
        self._b2c = len(data) / len(chars) if chars else 0.0
        if self._telling:
            self._snapshot = (dec_flags, dec_buffer + data)
        return not eof

    def _start_read(self):
        self._checkBuffer()
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        if not self.readable():
            raise UnsupportedOperation("not readable")
        self._push()
        return self._decoder or self._get_decoder()

    def read(self, size=-1, /):
        size = _size(size)
        decoder = self._start_read()
        if size < 0:
            data = self._buffer.read()
            if data is None:
                raise BlockingIOError("Read returned None.")
            chars = self._take_chars() + decoder.decode(data, final=True)
            if self._snapshot is not None:
                self._set_chars("")
                self._snapshot = None
            return chars
        result = self._take_chars(size)
        more = True
        while len(result) < size and more:
            more = self._read_chunk()
            result += self._take_chars(size - len(result))
        return result

    def readline(self, size=-1, /):
        size = _size(size)
        self._start_read()
        line = self._chars[self._used:] if self._used else self._chars
        base = self._used
        start = 0
        while True:
            if self._read_translate:
                pos = line.find("\n", start)
                end = pos + 1 if pos >= 0 else -1
                start = len(line)
            elif self._read_universal:
                nl, cr = line.find("\n", start), line.find("\r", start)
                if cr < 0:
                    end = nl + 1 if nl >= 0 else -1
                elif 0 <= nl < cr:
                    end = nl + 1
                elif cr + 1 < len(line):
                    end = cr + 2 if line[cr + 1] == "\n" else cr + 1
                else:
                    end = cr + 1
                start = len(line)
            else:
                pos = line.find(self._newline, start)
                end = pos + len(self._newline) if pos >= 0 else -1
                start = max(0, len(line) - len(self._newline) + 1)
            if end >= 0:
                break
            if size >= 0 and len(line) >= size:
                end = size
                break
            more = True
            while more := self._read_chunk():
                if self._chars:
                    break
            if self._chars:
                line += self._chars
                base = self._used = 0
                base = len(self._chars) - len(line)
            else:
                self._set_chars("")
                self._snapshot = None
                return line
        if size >= 0 and end > size:
            end = size
        self._used = base + end
        return line[:end]

    def __next__(self):
        self._telling = False
        line = self.readline()
        if not line:
            self._snapshot = None
            self._telling = self._seekable
            raise StopIteration
        return line

    # A position is the byte offset where a decoder starts, its state, and how much it then decodes.
    def tell(self):
        if not self._seekable:
            raise UnsupportedOperation("underlying stream is not seekable")
        if not self._telling:
            raise OSError("telling position disabled by next() call")
        self.flush()
        position = self._buffer.tell()
        decoder = self._decoder
        if decoder is None or self._snapshot is None:
            return position
        dec_flags, next_input = self._snapshot
        position -= len(next_input)
        chars_to_skip = self._used
        if chars_to_skip == 0:
            return self._cookie(position, dec_flags)
        saved = decoder.getstate()
        try:
            decoder.setstate((b"", dec_flags))
            start_pos, start_flags, bytes_fed, need_eof, chars_decoded = position, dec_flags, 0, False, 0
            for i in range(len(next_input)):
                bytes_fed += 1
                chars_decoded += len(decoder.decode(next_input[i:i + 1]))
                dec_buffer, dec_flags = decoder.getstate()
                if not dec_buffer and chars_decoded <= chars_to_skip:
                    start_pos += bytes_fed
                    chars_to_skip -= chars_decoded
                    start_flags, bytes_fed, chars_decoded = dec_flags, 0, 0
                if chars_decoded >= chars_to_skip:
                    break
            else:
                chars_decoded += len(decoder.decode(b"", final=True))
                need_eof = True
                if chars_decoded < chars_to_skip:
                    raise OSError("can't reconstruct logical file position")
            return self._cookie(start_pos, start_flags, bytes_fed, need_eof, chars_to_skip)
        finally:
            decoder.setstate(saved)

    def _cookie(self, position, dec_flags=0, feed=0, need_eof=False, skip=0):
        return position | dec_flags << 64 | feed << 128 | skip << 192 | bool(need_eof) << 256

    def seek(self, cookie, whence=0, /):
        self._checkBuffer()
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        if not self._seekable:
            raise UnsupportedOperation("underlying stream is not seekable")
        if whence == 1:
            if cookie != 0:
                raise UnsupportedOperation("can't do nonzero cur-relative seeks")
            whence, cookie = 0, self.tell()
        elif whence == 2:
            if cookie != 0:
                raise UnsupportedOperation("can't do nonzero end-relative seeks")
            self.flush()
            position = self._buffer.seek(0, 2)
            self._set_chars("")
            self._snapshot = None
            if self._decoder:
                self._decoder.reset()
            return position
        if whence != 0:
            raise ValueError("unsupported whence (%r)" % (whence,))
        if cookie < 0:
            raise ValueError("negative seek position %r" % (cookie,))
        self.flush()
        mask = (1 << 64) - 1
        start, flags, feed, skip = cookie & mask, cookie >> 64 & mask, cookie >> 128 & mask, cookie >> 192 & mask
        need_eof = cookie >> 256
        self._buffer.seek(start)
        self._set_chars("")
        self._snapshot = None
        if cookie == 0 and self._decoder:
            self._decoder.reset()
        elif self._decoder or flags or skip:
            self._decoder = self._decoder or self._get_decoder()
            self._decoder.setstate((b"", flags))
            self._snapshot = (flags, b"")
        if skip:
            data = self._buffer.read(feed)
            self._set_chars(self._decoder.decode(data, bool(need_eof)))
            self._snapshot = (flags, data)
            if len(self._chars) < skip:
                raise OSError("can't restore logical file position")
            self._used = skip
        if self._encoder is not None:
            self._encoder.setstate(0) if cookie else self._encoder.reset()
        return cookie

    def truncate(self, size=None, /):
        self.flush()
        return self._buffer.truncate(self.tell() if size is None else size)


class StringIO(_TextIOBase):
    __module__ = "_io"

    def __init__(self, initial_value="", newline="\n"):
        TextIOWrapper._check_newline(self, newline)
        if initial_value is not None and not isinstance(initial_value, str):
            raise TypeError(f"initial_value must be str or None, not {type(initial_value).__name__}")
        self._newline = newline
        self._translate = newline is None
        self._universal = not newline
        self._decoder = IncrementalNewlineDecoder(None, self._translate) if self._universal else None
        self._parts = []
        self._text = ""
        self._pos = 0
        self._closed = False
        if initial_value:
            self.write(initial_value)
            self._pos = 0

    def _checkClosed(self, message=None):
        if self._closed:
            raise ValueError("I/O operation on closed file")

    # Appended pieces are joined when somebody reads.
    def _join(self):
        if self._parts:
            self._text += "".join(self._parts)
            self._parts = []
        return self._text

    def getvalue(self):
        self._checkClosed()
        return self._join()

    def write(self, s, /):
        if not isinstance(s, str):
            raise TypeError(f"string argument expected, got '{type(s).__name__}'")
        self._checkClosed()
        n = len(s)
        if self._decoder is not None:
            s = self._decoder.decode(s, final=True)
        elif self._newline not in ("", "\n"):
            s = s.replace("\n", self._newline)
        if not s:
            return n
        if self._parts and self._pos is None:
            self._parts.append(s)
            return n
        text = self._join()
        at = len(text) if self._pos is None else self._pos
        if at == len(text):
            self._parts.append(s)
            self._pos = None
            return n
        if at > len(text):
            text += "\0" * (at - len(text))
        self._text = text[:at] + s + text[at + len(s):]
        self._pos = at + len(s)
        return n

    def _position(self):
        text = self._join()
        if self._pos is None:
            self._pos = len(text)
        return text, self._pos

    def read(self, size=-1, /):
        self._checkClosed()
        size = _size(size)
        text, at = self._position()
        end = len(text) if size < 0 else min(len(text), at + size)
        self._pos = max(at, end)
        return text[at:end]

    def readline(self, size=-1, /):
        self._checkClosed()
        size = _size(size)
        text, at = self._position()
        if self._universal and not self._translate:
            nl, cr = text.find("\n", at), text.find("\r", at)
            if cr >= 0 and (nl < 0 or cr < nl):
                end = cr + 2 if text[cr + 1:cr + 2] == "\n" else cr + 1
            else:
                end = nl + 1 if nl >= 0 else len(text)
        else:
            mark = self._newline or "\n"
            pos = text.find(mark, at)
            end = pos + len(mark) if pos >= 0 else len(text)
        if size >= 0:
            end = min(end, at + size)
        self._pos = max(at, end)
        return text[at:end]

    def __iter__(self):
        self._checkClosed()
        return self

    def seek(self, pos, whence=0, /):
        self._checkClosed()
        pos = _index(pos)
        if whence not in (0, 1, 2):
            raise ValueError(f"Invalid whence ({whence}, should be 0, 1 or 2)")
        if whence == 0 and pos < 0:
            raise ValueError(f"Negative seek position {pos}")
        if whence != 0 and pos != 0:
            raise OSError("Can't do nonzero cur-relative seeks")
        text, at = self._position()
        self._pos = pos if whence == 0 else at if whence == 1 else len(text)
        return self._pos

    def tell(self):
        self._checkClosed()
        return self._position()[1]

    def truncate(self, pos=None, /):
        self._checkClosed()
        text, at = self._position()
        if pos is None:
            pos = at
        else:
            pos = _index(pos)
            if pos < 0:
                raise ValueError(f"Negative size value {pos}")
        self._text = text[:pos]
        return pos

    def close(self):
        self._closed = True

    def readable(self):
        self._checkClosed()
        return True

    writable = seekable = readable

    @property
    def line_buffering(self):
        self._checkClosed()
        return False

    @property
    def newlines(self):
        return self._decoder.newlines if self._decoder is not None else None

    def __getstate__(self):
        self._checkClosed()
        return (self.getvalue(), self._newline, self.tell(), {})

    def __setstate__(self, state):
        self.__init__(state[0], state[1])
        self._pos = state[2]
