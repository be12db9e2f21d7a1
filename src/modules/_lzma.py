include("modules/lzma_objects.h")


@layout("LzmaCompressor", type="lzmaCompressorType", module="_lzma", lifetime="own", prefix="lzmaCompressor", signature=False)
class LZMACompressor(object):
    """LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)

    Create a compressor object for compressing data incrementally.

    format specifies the container format to use for the output. This can
    be FORMAT_XZ (default), FORMAT_ALONE, or FORMAT_RAW.

    check specifies the integrity check to use. For FORMAT_XZ, the default
    is CHECK_CRC64. The other formats do not support integrity checks.

    The settings are either a preset compression level (0-9, optionally OR-ed
    with PRESET_EXTREME), or a custom filter chain: a sequence of dicts, each
    with an entry for "id" and the filter's options. FORMAT_RAW needs a chain.

    For one-shot compression, use the compress() function instead."""
    def __new__(cls, format: i32 = FORMAT_XZ, check: i32 = -1, preset=None, filters=None): ...
    def compress(self, data: bytes_like, /):
        """Provide data to the compressor object.

        Returns a chunk of compressed data if possible, or b'' otherwise.

        When you have finished providing data to the compressor, call the
        flush() method to finish the compression process."""
    def flush(self, /):
        """Finish the compression process.

        Returns the compressed data left in internal buffers.

        The compressor object may not be used after this method is called."""


@layout("LzmaDecompressor", type="lzmaDecompressorType", module="_lzma", lifetime="own", prefix="lzmaDecompressor")
class LZMADecompressor(object):
    """Create a decompressor object for decompressing data incrementally.

      format
        Specifies the container format of the input stream.  If this is
        FORMAT_AUTO (the default), the decompressor will automatically detect
        whether the input is FORMAT_XZ or FORMAT_ALONE.  Streams created with
        FORMAT_RAW cannot be autodetected.
      memlimit
        Limit the amount of memory used by the decompressor.
      filters
        A custom filter chain: required for FORMAT_RAW, and not accepted with
        any other format.

    For one-shot decompression, use the decompress() function instead."""
    def __new__(cls, format: i32 = FORMAT_AUTO, memlimit=None, filters=None): ...
    def decompress(self, data: bytes_like, max_length: index = -1):
        """Decompress *data*, returning uncompressed data as bytes.

        If *max_length* is nonnegative, returns at most *max_length* bytes of
        decompressed data; further calls then give the rest, with b'' as *data*
        as long as *needs_input* is False. Data found after the end of the stream
        is in the unused_data attribute."""
    check = member("check", kind="i32", doc="ID of the integrity check used by the input stream.")
    eof = member("eof", kind="bool", doc="True if the end-of-stream marker has been reached.")
    needs_input = member("needsInput", kind="bool", doc="True if more input is needed before more decompressed data can be produced.")
    unused_data = member("unusedData", doc="Data found after the end of the compressed stream.")


def is_check_supported(check_id: i32, /) -> bool:
    """Test whether the given integrity check is supported.

    Always returns True for CHECK_NONE and CHECK_CRC32."""
def _encode_filter_properties(filter, /):
    """Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).

    The result does not include the filter ID itself, only the options."""
def _decode_filter_properties(filter_id, encoded_props: bytes_like, /):
    """Return a dict with the options (properties) of the filter that *encoded_props* holds."""
def __exec__(module): ...
