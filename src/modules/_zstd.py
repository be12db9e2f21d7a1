"""Implementation module for Zstandard compression."""
include("modules/zstd_objects.h")


@layout("ZstdDictObject", type="zstdDictType", module="compression.zstd", lifetime="own", prefix="zstdDict")
class ZstdDict(object):
    """Represents a Zstandard dictionary.

      dict_content
        The content of a Zstandard dictionary as a bytes-like object.
      is_raw
        If true, perform no checks on *dict_content*, useful for some
        advanced cases. Otherwise, check that the content represents
        a Zstandard dictionary created by the zstd library or CLI.

    The dictionary can be used for compression or decompression, and can be
    shared by multiple ZstdCompressor or ZstdDecompressor objects."""
    def __new__(cls, dict_content: bytes_like, /, *, is_raw: bool = False): ...
    def __repr__(self): ...
    def __len__(self): ...
    dict_id = member("dictId", kind="u32", doc="The Zstandard dictionary, an int between 0 and 2**32.\n\nZero stands for a 'raw content' dictionary, without any restrictions on\nformat or content.")
    @property
    def dict_content(self):
        """The content of a Zstandard dictionary, as a bytes object."""
    @property
    def as_digested_dict(self):
        """Load as a digested dictionary to compressor: faster when loaded again with the same level."""
    @property
    def as_undigested_dict(self):
        """Load as an undigested dictionary to compressor: its parameters stay those of the compressor."""
    @property
    def as_prefix(self):
        """Load as a prefix to compressor/decompressor, for the first frame only."""


@layout("ZstdCompressorObject", type="zstdCompressorType", module="compression.zstd", lifetime="own", prefix="zstdCompressor")
class ZstdCompressor(object):
    """Create a compressor object for compressing data incrementally.

      level
        The compression level to use. Defaults to COMPRESSION_LEVEL_DEFAULT.
      options
        A dict object that contains advanced compression parameters.
      zstd_dict
        A ZstdDict object, a pre-trained Zstandard dictionary.

    Thread-safe at method level.  For one-shot compression, use the
    compress() function instead."""
    def __new__(cls, level=None, options=None, zstd_dict=None): ...
    def compress(self, data: bytes_like, mode=ZstdCompressor.CONTINUE):
        """Provide data to the compressor object.

          mode
            Can be these 3 values ZstdCompressor.CONTINUE,
            ZstdCompressor.FLUSH_BLOCK, ZstdCompressor.FLUSH_FRAME

        Return a chunk of compressed data if possible, or b'' otherwise.
        When you have finished providing data to the compressor, call the
        flush() method to finish the compression process."""
    def flush(self, mode=ZstdCompressor.FLUSH_FRAME):
        """Finish the compression process.

          mode
            Can be these 2 values ZstdCompressor.FLUSH_FRAME,
            ZstdCompressor.FLUSH_BLOCK

        Flush any remaining data left in internal buffers. The compressor
        object can still be used after this method is called."""
    def set_pledged_input_size(self, size, /) -> None:
        """Set the uncompressed content size to be written into the frame header.

          size
            The size of the uncompressed data to be provided to the compressor.

        If last_mode != FLUSH_FRAME, then a RuntimeError is raised."""
    last_mode = member("lastMode", kind="i32", doc="The last mode used to this compressor object, its value can be .CONTINUE,\n.FLUSH_BLOCK, .FLUSH_FRAME. Initialized to .FLUSH_FRAME.")


@layout("ZstdDecompressorObject", type="zstdDecompressorType", module="compression.zstd", lifetime="own", prefix="zstdDecompressor")
class ZstdDecompressor(object):
    """Create a decompressor object for decompressing data incrementally.

      zstd_dict
        A ZstdDict object, a pre-trained Zstandard dictionary.
      options
        A dict object that contains advanced decompression parameters.

    Thread-safe at method level.  For one-shot decompression, use the
    decompress() function instead."""
    def __new__(cls, zstd_dict=None, options=None): ...
    def decompress(self, data: bytes_like, max_length: index = -1):
        """Decompress *data*, returning uncompressed bytes if possible, or b'' otherwise.

        If *max_length* is nonnegative, returns at most *max_length* bytes of
        decompressed data; further calls then give the rest, with b'' as *data*
        as long as *needs_input* is False. Data found after the end of the frame
        is in the unused_data attribute."""
    eof = member("eof", kind="bool", doc="True means the end of the first frame has been reached. If decompress data\nafter that, an EOFError exception will be raised.")
    needs_input = member("needsInput", kind="bool", doc="False when passing b'' to the .decompress() method may output further data.")
    @property
    def unused_data(self):
        """A bytes object of un-consumed input data: what followed the frame."""


def train_dict(samples_bytes: Bytes, samples_sizes: Tuple, dict_size: index, /):
    """Train a Zstandard dictionary on sample data.

      samples_bytes
        Concatenation of samples.
      samples_sizes
        Tuple of samples' sizes.
      dict_size
        The size of the dictionary."""
def finalize_dict(custom_dict_bytes: Bytes, samples_bytes: Bytes, samples_sizes: Tuple, dict_size: index, compression_level: i32, /):
    """Finalize a Zstandard dictionary.

      custom_dict_bytes
        Custom dictionary content.
      samples_bytes
        Concatenation of samples.
      samples_sizes
        Tuple of samples' sizes.
      dict_size
        The size of the dictionary.
      compression_level
        Optimize for a specific Zstandard compression level, 0 means default."""
def get_param_bounds(parameter: i32, is_compress: bool):
    """Get CompressionParameter/DecompressionParameter bounds.

      parameter
        The parameter to get bounds.
      is_compress
        True for CompressionParameter, False for DecompressionParameter."""
def get_frame_size(frame_buffer: bytes_like):
    """Get the size of a Zstandard frame, including the header and optional checksum."""
def get_frame_info(frame_buffer: bytes_like):
    """Get Zstandard frame infomation from a frame header."""
def set_parameter_types(c_parameter_type: Type, d_parameter_type: Type) -> None:
    """Set CompressionParameter and DecompressionParameter types for validity check."""
def __exec__(module): ...
