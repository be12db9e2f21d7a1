# Hash objects: known digests, all the ways to make them, copies, errors, threads.
import hashlib
import hmac
import threading

import _blake2
import _hashlib
import _md5
import _sha1
import _sha2
import _sha3


def error(kind, f, *args, **kw):
    try:
        f(*args, **kw)
    except kind as e:
        return str(e)
    raise AssertionError("no error")


known = {
    "md5": "900150983cd24fb0d6963f7d28e17f72",
    "sha1": "a9993e364706816aba3e25717850c26c9cd0d89d",
    "sha224": "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
    "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "sha384": "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    "sha512": "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "sha3_224": "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf",
    "sha3_256": "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    "blake2b": "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
    "blake2s": "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982",
}
builtin = {"md5": _md5.md5, "sha1": _sha1.sha1, "sha224": _sha2.sha224, "sha256": _sha2.sha256, "sha384": _sha2.sha384,
           "sha512": _sha2.sha512, "sha3_224": _sha3.sha3_224, "sha3_256": _sha3.sha3_256, "blake2b": _blake2.blake2b,
           "blake2s": _blake2.blake2s}
for name, digest in known.items():
    for make in (getattr(hashlib, name), builtin[name], lambda *a, **k: hashlib.new(name, *a, **k)):
        h = make(b"abc")
        assert h.hexdigest() == digest and h.digest().hex() == digest and h.name == name
        assert h.digest_size == len(digest) // 2
        part = make()
        part.update(b"a")
        copy = part.copy()
        part.update(memoryview(b"bc"))
        copy.update(bytearray(b"xx"))
        assert part.hexdigest() == digest and copy.hexdigest() == make(b"axx").hexdigest()
        assert part.hexdigest() == digest
        assert make(data=b"abc", usedforsecurity=False).hexdigest() == digest
        big = make(b"q" * 1_000_003)
        pieces = make()
        for i in range(0, 1_000_003, 999):
            pieces.update(b"q" * min(999, 1_000_003 - i))
        assert big.digest() == pieces.digest()
        assert error(TypeError, make, "abc") == "Strings must be encoded before hashing"
        assert error(TypeError, h.update, 5) == "object supporting the buffer API required"
        assert "mutually exclusive" in error(TypeError, make, data=b"", string=b"")

for make in (hashlib.shake_128, _sha3.shake_128):
    assert make(b"abc").hexdigest(8) == "5881092dd818bf5c" and make().digest(0) == b""
    assert make().digest_size == 0 and len(make().digest(10000)) == 10000
assert _sha3.sha3_256()._rate_bits + _sha3.sha3_256()._capacity_bits == 1600 and _sha3.shake_256()._suffix == b"\x1f"

assert hashlib.blake2b(last_node=True, fanout=2, depth=2, leaf_size=4096, node_offset=1, node_depth=1, inner_size=64, salt=b"x",
                       person=b"y", key=b"k", digest_size=20).hexdigest() == "72334efb04d605617b04c2741248e3b0b7ab8a45"
assert error(ValueError, hashlib.blake2b, digest_size=65) == "digest_size for Blake2b must be between 1 and 64 bytes, here it is 65"
assert error(ValueError, hashlib.blake2s, key=b"k" * 33) == "maximum key length is 32 bytes"
assert error(OverflowError, hashlib.blake2s, node_offset=2**48) == "node_offset is too large"
assert error(ValueError, hashlib.blake2b, leaf_size=-1) == "Cannot convert negative int"

assert hmac.digest(b"key", b"message", "sha256").hex() == "6e9ef29b75fffc5b7abae527d58fdadb2fe42e7219011976917343065f58ed4a"
h = hmac.new(b"key" * 100, b"mess", "sha512")
h.update(b"age")
assert h.hexdigest() == hmac.new(b"key" * 100, b"message", hashlib.sha512).hexdigest() and h.name == "hmac-sha512"
assert h.copy().digest() == h.digest()
assert hmac.compare_digest("a", "a") and not hmac.compare_digest(b"a", b"b")
assert error(ValueError, _hashlib.hmac_new, b"k", b"m", "nope").endswith("unsupported")
assert error(TypeError, _hashlib.hmac_new, b"k", b"m") == "Missing required parameter 'digestmod'."

assert hashlib.pbkdf2_hmac("sha1", b"password", b"salt", 1, 20).hex() == "0c60c80f961f0e71f3a9b524af6012062fe037a6"
assert hashlib.scrypt(b"", salt=b"", n=16, r=1, p=1, dklen=16).hex() == "77d6576238657b203b19ca42c18a0497"
assert error(ValueError, hashlib.scrypt, b"", salt=b"", n=3, r=1, p=1) == "n must be a power of 2."

# One object from several threads.
shared = hashlib.sha256()
block = b"z" * 5000


def work():
    for _ in range(50):
        shared.update(block)


threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert shared.digest() == hashlib.sha256(block * 200).digest()
