"""OpenSSL interface for hashlib module"""
include("modules/hash_objects.h")


@mixin("hmac")
class Keyed:
    def copy(self, /):
        """Return a copy ("clone") of the HMAC object."""
    def update(self, msg) -> None:
        """Update the HMAC object with msg."""
    def digest(self, /):
        """Return the digest of the bytes passed to the update() method so far."""
    def hexdigest(self, /):
        """Return hexadecimal digest of the bytes passed to the update() method so far.

        This may be used to exchange the value safely in email or other
        non-binary environments."""
    @property
    def name(self): ...
    @property
    def block_size(self): ...
    @property
    def digest_size(self): ...


@mixin("digest")
class Digest:
    def copy(self, /):
        """Return a copy of the hash object."""
    def digest(self, /):
        """Return the digest value as a bytes object."""
    def hexdigest(self, /):
        """Return the digest value as a string of hexadecimal digits."""
    def update(self, obj, /) -> None:
        """Update this hash object's state with the provided string."""
    @property
    def block_size(self): ...
    @property
    def name(self):
        """algorithm name."""
    @property
    def digest_size(self): ...


@layout("HashObject", type="hashType", module="_hashlib", name="HASH", flags="basetype disallow", lifetime="own",
        prefix="hash", signature="(name, string=b'')")
class HASH(Digest):
    """A hash is an object used to calculate a checksum of a string of information.

    Methods:

    update() -- updates the current digest with an additional string
    digest() -- return the current digest value
    hexdigest() -- return the current digest as a string of hexadecimal digits
    copy() -- return a copy of the current hash object

    Attributes:

    name -- the hash algorithm being used by this object
    digest_size -- number of bytes in this hashes output"""
    def __repr__(self): ...


@layout("HashObject", type="hashXofType", module="_hashlib", name="HASHXOF", base="hashType", flags="basetype disallow",
        lifetime="inherit", prefix="hashXof", signature="(name, string=b'')")
class HASHXOF(HASH):
    """A hash is an object used to calculate a checksum of a string of information.

    Methods:

    update() -- updates the current digest with an additional string
    digest(length) -- return the current digest value
    hexdigest(length) -- return the current digest as a string of hexadecimal digits
    copy() -- return a copy of the current hash object

    Attributes:

    name -- the hash algorithm being used by this object
    digest_size -- number of bytes in this hashes output"""
    def digest(self, length: index):
        """Return the digest value as a bytes object."""
    def hexdigest(self, length: index):
        """Return the digest value as a string of hexadecimal digits."""
    @property
    def digest_size(self): ...


@layout("HmacObject", type="opensslHmacType", module="_hashlib", name="HMAC", flags="disallow", lifetime="own", prefix="opensslHmac")
class HMAC(Keyed):
    """The object used to calculate HMAC of a message.

    Methods:

    update() -- updates the current digest with an additional string
    digest() -- return the current digest value
    hexdigest() -- return the current digest as a string of hexadecimal digits
    copy() -- return a copy of the current hash object

    Attributes:

    name -- the name, including the hash algorithm used by this object
    digest_size -- number of bytes in digest() output
    """
    def __repr__(self): ...


def new(name: str, data=b'', *, usedforsecurity: bool = True, string=None):
    """Return a new hash object using the named algorithm.

    An optional bytes-like argument may be provided and will be
    automatically hashed.

    The MD5 and SHA1 algorithms are always supported."""
def openssl_md5(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a md5 hash object; optionally initialized with a string"""
def openssl_sha1(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a sha1 hash object; optionally initialized with a string"""
def openssl_sha224(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a sha224 hash object; optionally initialized with a string"""
def openssl_sha256(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a sha256 hash object; optionally initialized with a string"""
def openssl_sha384(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a sha384 hash object; optionally initialized with a string"""
def openssl_sha512(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a sha512 hash object; optionally initialized with a string"""
def openssl_sha3_224(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a sha3-224 hash object; optionally initialized with a string"""
def openssl_sha3_256(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a sha3-256 hash object; optionally initialized with a string"""
def openssl_sha3_384(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a sha3-384 hash object; optionally initialized with a string"""
def openssl_sha3_512(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a sha3-512 hash object; optionally initialized with a string"""
def openssl_shake_128(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a shake-128 hash object; optionally initialized with a string"""
def openssl_shake_256(data=b'', *, usedforsecurity: bool = True, string=None):
    """Returns a shake-256 hash object; optionally initialized with a string"""
def pbkdf2_hmac(hash_name: str, password: bytes_like, salt: bytes_like, iterations, dklen=None):
    """Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function."""
def scrypt(password: bytes_like, *, salt: bytes_like, n, r, p, maxmem: i64 = 0, dklen: i64 = 64):
    """scrypt password-based key derivation function."""
def hmac_digest(key: bytes_like, msg: bytes_like, digest):
    """Single-shot HMAC."""
def hmac_new(key: bytes_like, msg=b'', digestmod=None):
    """Return a new hmac object."""
def get_fips_mode() -> int:
    """Determine the OpenSSL FIPS mode of operation.

    Effectively any non-zero return value indicates FIPS mode;
    values other than 1 may have additional significance."""
def compare_digest(a, b, /) -> bool:
    """Return 'a == b'.

    This function uses an approach designed to prevent
    timing analysis, making it appropriate for cryptography.

    a and b must both be of the same type: either str (ASCII only),
    or any bytes-like object.

    Note: If a and b are of different lengths, or if an error occurs,
    a timing attack could theoretically reveal information about the
    types and lengths of a and b--but not their values."""
def __exec__(module): ...
