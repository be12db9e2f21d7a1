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


@layout("HashObject", type="sha1HashType", module="_sha1", name="sha1", flags="disallow", lifetime="own", prefix="sha1Hash", export=False)
class SHA1Type(Digest):
    pass


def sha1(data=b'', *, usedforsecurity: bool = True, string=None):
    """Return a new SHA1 hash object; optionally initialized with a bytes-like object."""
def __exec__(module): ...
