include("modules/hash_objects.h")

@mixin("digest")
class Digest:
    def copy(self, /):
        """Return a copy of the hash object."""
    def digest(self, /):
        """Return the digest value as a bytes object."""
    def hexdigest(self, /):
        """Return the digest value as a string of hexadecimal digits."""
    def update(self, obj, /) -> None:
        """Update this hash object's state with the provided bytes-like object."""
    @property
    def block_size(self): ...
    @property
    def name(self): ...
    @property
    def digest_size(self): ...


@layout("HashObject", type="sha224HashType", module="_sha2", name="sha224", flags="disallow", lifetime="own", prefix="sha224Hash", export=False)
class SHA224Type(Digest):
    pass

@layout("HashObject", type="sha256HashType", module="_sha2", name="sha256", flags="disallow", lifetime="own", prefix="sha256Hash", export=False)
class SHA256Type(Digest):
    pass

@layout("HashObject", type="sha384HashType", module="_sha2", name="sha384", flags="disallow", lifetime="own", prefix="sha384Hash", export=False)
class SHA384Type(Digest):
    pass

@layout("HashObject", type="sha512HashType", module="_sha2", name="sha512", flags="disallow", lifetime="own", prefix="sha512Hash", export=False)
class SHA512Type(Digest):
    pass


def sha224(data=b'', *, usedforsecurity: bool = True, string=None):
    """Return a new SHA-224 hash object; optionally initialized with a bytes-like object."""


def sha256(data=b'', *, usedforsecurity: bool = True, string=None):
    """Return a new SHA-256 hash object; optionally initialized with a bytes-like object."""


def sha384(data=b'', *, usedforsecurity: bool = True, string=None):
    """Return a new SHA-384 hash object; optionally initialized with a bytes-like object."""


def sha512(data=b'', *, usedforsecurity: bool = True, string=None):
    """Return a new SHA-512 hash object; optionally initialized with a bytes-like object."""
def __exec__(module): ...
