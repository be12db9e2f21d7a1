"""_blake2b provides BLAKE2b for hashlib
"""
include("modules/blake2.h")
include("modules/hash_objects.h")
include("modules/blake2_objects.h")


@layout("Blake2Object<u64>", type="blake2bType", module="_blake2", name="blake2b", lifetime="own", prefix="blake2b",
        signature="(data=b'', *, digest_size=_blake2.blake2b.MAX_DIGEST_SIZE,\n        key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0,\n        node_offset=0, node_depth=0, inner_size=0, last_node=False,\n        usedforsecurity=True, string=None)")
class blake2b(object):
    """Return a new BLAKE2b hash object."""
    def __new__(cls, data=b'', *, digest_size: i32 = 64, key: bytes_like = b'', salt: bytes_like = b'',
                person: bytes_like = b'', fanout: i32 = 1, depth: i32 = 1, leaf_size=0, node_offset=0, node_depth: i32 = 0,
                inner_size: i32 = 0, last_node: bool = False, usedforsecurity: bool = True, string=None): ...
    def copy(self, /):
        """Return a copy of the hash object."""
    def digest(self, /):
        """Return the digest value as a bytes object."""
    def hexdigest(self, /):
        """Return the digest value as a string of hexadecimal digits."""
    def update(self, data, /) -> None:
        """Update this hash object's state with the provided bytes-like object."""
    @property
    def name(self): ...
    @property
    def block_size(self): ...
    @property
    def digest_size(self): ...


@layout("Blake2Object<u32>", type="blake2sType", module="_blake2", name="blake2s", lifetime="own", prefix="blake2s",
        signature="(data=b'', *, digest_size=_blake2.blake2s.MAX_DIGEST_SIZE,\n        key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0,\n        node_offset=0, node_depth=0, inner_size=0, last_node=False,\n        usedforsecurity=True, string=None)")
class blake2s(object):
    """Return a new BLAKE2s hash object."""
    def __new__(cls, data=b'', *, digest_size: i32 = 32, key: bytes_like = b'', salt: bytes_like = b'',
                person: bytes_like = b'', fanout: i32 = 1, depth: i32 = 1, leaf_size=0, node_offset=0, node_depth: i32 = 0,
                inner_size: i32 = 0, last_node: bool = False, usedforsecurity: bool = True, string=None): ...
    def copy(self, /):
        """Return a copy of the hash object."""
    def digest(self, /):
        """Return the digest value as a bytes object."""
    def hexdigest(self, /):
        """Return the digest value as a string of hexadecimal digits."""
    def update(self, data, /) -> None:
        """Update this hash object's state with the provided bytes-like object."""
    @property
    def name(self): ...
    @property
    def block_size(self): ...
    @property
    def digest_size(self): ...


def __exec__(module): ...
