"""Streams: the core of the io module."""
include("modules/io_objects.h")
export_types("ioBaseType", "rawIoBaseType", "bufferedIoBaseType", "textIoBaseType", "fileIoType", "bytesIoType", "bytesIoBufferType",
             "bufferedReaderType", "bufferedWriterType", "bufferedRandomType", "rwPairType", "newlineDecoderType",
             "textIoType", "stringIoType")


def open(file, mode: str = "r", buffering: i32 = -1, encoding: str | None = None, errors: str | None = None,
         newline: str | None = None, closefd: bool = True, opener=None):
    """Open file and return a stream. Raise OSError upon failure.

    file is a path or a file descriptor. mode is 'r', 'w', 'x' or 'a', with 't' for text (default) or 'b'
    for binary and '+' for updating. buffering is 0 (binary only), 1 (lines, text only), the size of the
    buffer, or -1 for the default. encoding, errors and newline are those of TextIOWrapper. With
    closefd=False a given descriptor stays open. A custom opener is called with (file, flags) and returns
    an open file descriptor."""

def open_code(path: str):
    """Open the file with the intent to import its contents as code."""

def text_encoding(encoding, stacklevel: i32 = 2, /):
    """Choose the text encoding: "locale" (or "utf-8" in UTF-8 mode) when encoding is None, with an
    EncodingWarning if sys.flags.warn_default_encoding is true."""

def __exec__(module): ...
