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


@layout("HashObject", type="md5HashType", module="_md5", name="md5", flags="disallow", lifetime="own", prefix="md5Hash", export=False)
class MD5Type(Digest):
    pass


def md5(data=b'', *, usedforsecurity: bool = True, string=None):
    """Return a new MD5 hash object; optionally initialized with a bytes-like object."""
def __exec__(module): ...
