"""Conversion between binary data and ASCII"""


def a2b_uu(data, /):
    """Decode a line of uuencoded data."""
def b2a_uu(data: bytes_like, /, *, backtick: bool = False):
    """Uuencode line of data."""
def a2b_base64(data, /, *, strict_mode: bool = False):
    """Decode a line of base64 data.

      strict_mode
        When set to True, bytes that are not part of the base64 standard are not allowed.
        The same applies to excess data after padding (= / ==)."""
def b2a_base64(data: bytes_like, /, *, newline: bool = True):
    """Base64-code line of data."""
def a2b_hex(hexstr, /):
    """Binary data of hexadecimal representation.

    hexstr must contain an even number of hex digits (upper or lower case).
    This function is also available as "unhexlify()"."""
def unhexlify(hexstr, /):
    """Binary data of hexadecimal representation.

    hexstr must contain an even number of hex digits (upper or lower case)."""
def b2a_hex(data: bytes_like, sep=MISSING, bytes_per_sep: i32 = 1):
    """Hexadecimal representation of binary data.

      sep
        An optional single character or byte to separate hex bytes.
      bytes_per_sep
        How many bytes between separators.  Positive values count from the
        right, negative values count from the left.

    The return value is a bytes object.  This function is also
    available as "hexlify()".

    Example:
    >>> binascii.b2a_hex(b'\\xb9\\x01\\xef')
    b'b901ef'
    >>> binascii.hexlify(b'\\xb9\\x01\\xef', ':')
    b'b9:01:ef'
    >>> binascii.b2a_hex(b'\\xb9\\x01\\xef', b'_', 2)
    b'b9_01ef'"""
def hexlify(data: bytes_like, sep=MISSING, bytes_per_sep: i32 = 1):
    """Hexadecimal representation of binary data.

      sep
        An optional single character or byte to separate hex bytes.
      bytes_per_sep
        How many bytes between separators.  Positive values count from the
        right, negative values count from the left.

    The return value is a bytes object.  This function is also
    available as "b2a_hex()"."""
def a2b_qp(data, header: bool = False):
    """Decode a string of qp-encoded data."""
def b2a_qp(data: bytes_like, quotetabs: bool = False, istext: bool = True, header: bool = False):
    """Encode a string using quoted-printable encoding.

    On encoding, when istext is set, newlines are not encoded, and white
    space at end of lines is.  When istext is not set, \\r and \\n (CR/LF)
    are both encoded.  When quotetabs is set, space and tabs are encoded."""
def crc_hqx(data: bytes_like, crc: u64, /) -> u64:
    """Compute CRC-CCITT incrementally."""
def crc32(data: bytes_like, crc: u64 = 0, /) -> u64:
    """Compute CRC-32 incrementally."""
def __exec__(module): ...
