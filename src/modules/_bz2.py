include("modules/bz2_objects.h")


@layout("Bz2Compressor", type="bz2CompressorType", module="_bz2", lifetime="own", prefix="bz2Compressor")
class BZ2Compressor(object):
    """Create a compressor object for compressing data incrementally.

      compresslevel
        Compression level, as a number between 1 and 9.

    For one-shot compression, use the compress() function instead."""
    def __new__(cls, compresslevel: i32 = 9, /): ...
    def compress(self, data: bytes_like, /):
        """Provide data to the compressor object.

        Returns a chunk of compressed data if possible, or b'' otherwise.

        When you have finished providing data to the compressor, call the
        flush() method to finish the compression process."""
    def flush(self, /):
        """Finish the compression process.

        Returns the compressed data left in internal buffers.

        The compressor object may not be used after this method is called."""


@layout("Bz2Decompressor", type="bz2DecompressorType", module="_bz2", lifetime="own", prefix="bz2Decompressor", signature="()")
class BZ2Decompressor(object):
    """Create a decompressor object for decompressing data incrementally.

    For one-shot decompression, use the decompress() function instead."""
    def __new__(cls, *args: raw): ...
    def decompress(self, data: bytes_like, max_length: index = -1):
        """Decompress *data*, returning uncompressed data as bytes.

        If *max_length* is nonnegative, returns at most *max_length* bytes of
        decompressed data; further calls then give the rest, with b'' as *data*
        as long as *needs_input* is False. Data found after the end of the stream
        is in the unused_data attribute."""
    eof = member("eof", kind="bool", doc="True if the end-of-stream marker has been reached.")
    unused_data = member("unusedData", doc="Data found after the end of the compressed stream.")
    needs_input = member("needsInput", kind="bool", doc="True if more input is needed before more decompressed data can be produced.")
