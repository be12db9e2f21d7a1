"""The functions in this module allow compression and decompression using the
zlib library, which is based on GNU zip.

adler32(string[, start]) -- Compute an Adler-32 checksum.
compress(data[, level]) -- Compress data, with compression level 0-9 or -1.
compressobj([level[, ...]]) -- Return a compressor object.
crc32(string[, start]) -- Compute a CRC-32 checksum.
decompress(string,[wbits],[bufsize]) -- Decompresses a compressed string.
decompressobj([wbits[, zdict]]) -- Return a decompressor object.

'wbits' is window buffer size and container format.
Compressor objects support compress() and flush() methods; decompressor
objects support decompress() and flush()."""
include("modules/zlib_objects.h")


@layout("ZlibCompress", type="zlibCompressType", module="zlib", flags="disallow", lifetime="own", prefix="zlibCompress", export=False)
class Compress(object):
    def compress(self, data: bytes_like, /):
        """Returns a bytes object containing compressed data.

        After calling this function, some of the input data may still
        be stored in internal buffers for later processing.
        Call the flush() method to clear these buffers."""
    def flush(self, mode: i32 = Z_FINISH, /):
        """Return a bytes object containing any remaining compressed data.

          mode
            One of the constants Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH.
            If mode == Z_FINISH, the compressor object can no longer be
            used after calling the flush() method.  Otherwise, more data
            can still be compressed."""
    def copy(self, /):
        """Return a copy of the compression object."""
    def __copy__(self, /): ...
    def __deepcopy__(self, memo, /): ...


@layout("ZlibDecompress", type="zlibDecompressType", module="zlib", flags="disallow", lifetime="own", prefix="zlibDecompress", export=False)
class Decompress(object):
    def decompress(self, data: bytes_like, /, max_length: index = 0):
        """Return a bytes object containing the decompressed version of the data.

        After calling this function, some of the input data may still be stored
        in internal buffers for later processing. With a max_length, input that was
        not consumed is in the unconsumed_tail attribute."""
    def flush(self, length: index = DEF_BUF_SIZE, /):
        """Return a bytes object containing any remaining decompressed data."""
    def copy(self, /):
        """Return a copy of the decompression object."""
    def __copy__(self, /): ...
    def __deepcopy__(self, memo, /): ...
    unused_data = member("unusedData")
    unconsumed_tail = member("unconsumedTail")
    eof = member("eof", kind="bool")


@layout("ZlibDecompressor", type="zlibDecompressorType", module="zlib", name="_ZlibDecompressor", lifetime="own", prefix="zlibDecompressor",
        signature="(wbits=15, zdict=b'')")
class _ZlibDecompressor(object):
    """Create a decompressor object for decompressing data incrementally.

      wbits = 15
      zdict
         The predefined compression dictionary. This is a sequence of bytes
         (such as a bytes object) containing subsequences that are expected
         to occur frequently in the data that is to be compressed. Those
         subsequences that are expected to be most common should come at the
         end of the dictionary. This must be the same dictionary as used by the
         compressor that produced the input data."""
    def __new__(cls, wbits: i32 = 15, zdict=b''): ...
    def decompress(self, data: bytes_like, max_length: index = -1):
        """Decompress *data*, returning uncompressed data as bytes.

        If *max_length* is nonnegative, returns at most *max_length* bytes of
        decompressed data; further calls then give the rest, with b'' as *data*
        as long as *needs_input* is False. Data found after the end of the stream
        is in the unused_data attribute."""
    eof = member("eof", kind="bool", doc="True if the end-of-stream marker has been reached.")
    unused_data = member("unusedData", doc="Data found after the end of the compressed stream.")
    needs_input = member("needsInput", kind="bool", doc="True if more input is needed before more decompressed data can be produced.")


def compress(data: bytes_like, /, level: i32 = Z_DEFAULT_COMPRESSION, wbits: i32 = MAX_WBITS):
    """Returns a bytes object containing compressed data.

      data
        Binary data to be compressed.
      level
        Compression level, in 0-9 or -1.
      wbits
        The window buffer size and container format."""
def decompress(data: bytes_like, /, wbits: i32 = MAX_WBITS, bufsize: index = DEF_BUF_SIZE):
    """Returns a bytes object containing the uncompressed data.

      data
        Compressed data.
      wbits
        The window buffer size and container format.
      bufsize
        The initial output buffer size."""
def compressobj(level: i32 = Z_DEFAULT_COMPRESSION, method: i32 = DEFLATED, wbits: i32 = MAX_WBITS, memLevel: i32 = DEF_MEM_LEVEL,
                strategy: i32 = Z_DEFAULT_STRATEGY, zdict: bytes_like = MISSING):
    """Return a compressor object.

      level
        The compression level (an integer in the range 0-9 or -1; default is
        currently equivalent to 6).  Higher compression levels are slower,
        but produce smaller results.
      method
        The compression algorithm.  If given, this must be DEFLATED.
      wbits
        The window buffer size and container format: +9 to +15 with a zlib
        header, -9 to -15 raw, +25 to +31 with a gzip header.
      memLevel
        Controls the amount of memory used for internal compression state.
      strategy
        Used to tune the compression algorithm.
      zdict
        The predefined compression dictionary."""
def decompressobj(wbits: i32 = MAX_WBITS, zdict=b''):
    """Return a decompressor object.

      wbits
        The window buffer size and container format.
      zdict
        The predefined compression dictionary.  This must be the same
        dictionary as used by the compressor that produced the input data."""
def adler32(data: bytes_like, value: u64 = 1, /) -> u64:
    """Compute an Adler-32 checksum of data.

      value
        Starting value of the checksum.

    The returned checksum is an integer."""
def crc32(data: bytes_like, value: u64 = 0, /) -> u64:
    """Compute a CRC-32 checksum of data.

      value
        Starting value of the checksum.

    The returned checksum is an integer."""
def __exec__(module): ...
