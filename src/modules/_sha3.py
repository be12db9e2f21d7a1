include("modules/hash_objects.h")


@mixin("digest")
class Common:
    def copy(self, /):
        """Return a copy of the hash object."""
    def update(self, data, /) -> None:
        """Update this hash object's state with the provided bytes-like object."""
    @property
    def block_size(self): ...
    @property
    def name(self): ...
    @property
    def digest_size(self): ...


@mixin("digest")
class Fixed:
    def digest(self, /):
        """Return the digest value as a bytes object."""
    def hexdigest(self, /):
        """Return the digest value as a string of hexadecimal digits."""


@mixin("sha3")
class Sponge:
    @property
    def _capacity_bits(self): ...
    @property
    def _rate_bits(self): ...
    @property
    def _suffix(self): ...


@mixin("shake")
class Extendable:
    def digest(self, length):
        """Return the digest value as a bytes object."""
    def hexdigest(self, length):
        """Return the digest value as a string of hexadecimal digits."""


@layout("HashObject", type="sha3_224Type", module="_sha3", lifetime="own", prefix="sha3_224", signature=False)
class sha3_224(Common, Fixed, Sponge):
    """sha3_224([data], *, usedforsecurity=True) -> SHA3 object

    Return a new SHA3 hash object."""
    def __new__(cls, data=b'', *, usedforsecurity: bool = True, string=None): ...


@layout("HashObject", type="sha3_256Type", module="_sha3", lifetime="own", prefix="sha3_256", signature=False)
class sha3_256(Common, Fixed, Sponge):
    """sha3_256([data], *, usedforsecurity=True) -> SHA3 object

    Return a new SHA3 hash object."""
    def __new__(cls, data=b'', *, usedforsecurity: bool = True, string=None): ...


@layout("HashObject", type="sha3_384Type", module="_sha3", lifetime="own", prefix="sha3_384", signature=False)
class sha3_384(Common, Fixed, Sponge):
    """sha3_384([data], *, usedforsecurity=True) -> SHA3 object

    Return a new SHA3 hash object."""
    def __new__(cls, data=b'', *, usedforsecurity: bool = True, string=None): ...


@layout("HashObject", type="sha3_512Type", module="_sha3", lifetime="own", prefix="sha3_512", signature=False)
class sha3_512(Common, Fixed, Sponge):
    """sha3_512([data], *, usedforsecurity=True) -> SHA3 object

    Return a new SHA3 hash object."""
    def __new__(cls, data=b'', *, usedforsecurity: bool = True, string=None): ...


@layout("HashObject", type="shake_128Type", module="_sha3", lifetime="own", prefix="shake_128", signature=False)
class shake_128(Common, Extendable, Sponge):
    """shake_128([data], *, usedforsecurity=True) -> SHAKE object

    Return a new SHAKE hash object."""
    def __new__(cls, data=b'', *, usedforsecurity: bool = True, string=None): ...


@layout("HashObject", type="shake_256Type", module="_sha3", lifetime="own", prefix="shake_256", signature=False)
class shake_256(Common, Extendable, Sponge):
    """shake_256([data], *, usedforsecurity=True) -> SHAKE object

    Return a new SHAKE hash object."""
    def __new__(cls, data=b'', *, usedforsecurity: bool = True, string=None): ...


def __exec__(module): ...
