# zlib, bz2 and lzma: round trips in pieces and under output limits, leftovers, copies, errors.
import bz2
import copy
import gzip
import io
import lzma
import random
import sys
import tempfile
import threading
import zipfile
import zlib


def error(kind, f, *args, **kw):
    try:
        f(*args, **kw)
    except kind as e:
        return str(e)
    raise AssertionError("no error")


rng = random.Random(7)
text = b"".join(rng.choice([b"alpha ", b"beta ", b"gamma\n", bytes([rng.randrange(256)])]) for _ in range(40000))
noise = rng.randbytes(70000)
samples = [b"", b"a", text, noise, b"\0" * 300000]

for module, decompressor in ((zlib, zlib._ZlibDecompressor), (bz2, bz2.BZ2Decompressor), (lzma, lzma.LZMADecompressor)):
    compressor = {zlib: zlib.compressobj, bz2: bz2.BZ2Compressor, lzma: lzma.LZMACompressor}[module]
    for data in samples:
        packed = module.compress(data)
        assert module.decompress(packed) == data
        c = compressor()
        pieces = [c.compress(data[i:i + 7000]) for i in range(0, len(data), 7000)]
        assert module.decompress(b"".join(pieces) + c.flush()) == data
        # Byte by byte at the start, data behind the end, output in small parts.
        d = decompressor()
        assert d.needs_input and not d.eof and d.unused_data == b""
        out = [d.decompress(packed[i:i + 1]) for i in range(len(packed) // 2)]
        out.append(d.decompress(packed[len(packed) // 2:] + b"more"))
        assert b"".join(out) == data and d.eof and d.unused_data == b"more" and not d.needs_input
        assert "end of stream" in error(EOFError, d.decompress, b"x").lower()
        d = decompressor()
        assert d.decompress(packed, max_length=0) == b""
        out = []
        while not d.eof:
            part = d.decompress(b"", max_length=9999)
            assert len(part) <= 9999
            out.append(part)
        assert b"".join(out) == data
        try:
            module.decompress(packed[:-3])
        except (zlib.error, ValueError, lzma.LZMAError):
            pass
        else:
            raise AssertionError("cut data accepted")
    # Corrupt data is reported, never more.
    packed = bytearray(module.compress(text))
    for _ in range(200):
        bad = packed[:]
        bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        try:
            module.decompress(bytes(bad))
        except (zlib.error, OSError, ValueError, EOFError, lzma.LZMAError):
            pass

# zlib objects.
c = zlib.compressobj(9, zdict=b"alpha beta gamma")
first = c.compress(b"alpha beta ")
twin = copy.copy(c)
a, b = first + c.compress(b"one") + c.flush(), first + twin.compress(b"two") + twin.flush()
for packed, end in ((a, b"one"), (b, b"two")):
    d = zlib.decompressobj(zdict=b"alpha beta gamma")
    assert d.decompress(packed) + d.flush() == b"alpha beta " + end
    assert error(zlib.error, zlib.decompress, packed) == "Error 2 while decompressing data"
d = zlib.decompressobj()
assert d.decompress(zlib.compress(text), 100) == text[:100] and d.unconsumed_tail and not d.eof
assert d.copy().flush() == d.flush() == text[100:] and d.eof
for wbits in (-15, 15, 31):
    c = zlib.compressobj(wbits=wbits)
    packed = c.compress(text) + c.flush(zlib.Z_SYNC_FLUSH) + c.compress(b"end") + c.flush()
    assert zlib.decompress(packed, wbits=wbits) == text + b"end"
assert zlib.decompress(gzip.compress(text), wbits=47) == text == gzip.decompress(zlib.compress(text, wbits=31))
assert zlib.adler32(b"Wikipedia") == 0x11E60398 and zlib.crc32(b"123456789") == 0xCBF43926
assert zlib.crc32(text[5:], zlib.crc32(text[:5])) == zlib.crc32(text)
assert error(zlib.error, zlib.decompress, b"") == "Error -5 while decompressing data: incomplete or truncated stream"
assert error(zlib.error, zlib.decompress, b"xxxxxxxx").startswith("Error -3 while decompressing data: incorrect header")
assert error(zlib.error, zlib.compress, b"", 99) == "Bad compression level"
assert error(ValueError, zlib.compressobj, 99) == "Invalid initialization option"
assert error(TypeError, zlib.compress, "a") == "a bytes-like object is required, not 'str'"
assert error(ValueError, zlib.decompressobj().flush, 0) == "length must be greater than zero"

# bz2 and lzma.
assert error(ValueError, bz2.BZ2Compressor, 10) == "compresslevel must be between 1 and 9"
assert error(OSError, bz2.BZ2Decompressor().decompress, b"x" * 20) == "Invalid data stream"
c = bz2.BZ2Compressor()
c.flush()
assert error(ValueError, c.compress, b"") == "Compressor has been flushed" and error(ValueError, c.flush) == "Repeated call to flush()"
chain = [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 1, "dict_size": 1 << 20}]
raw = lzma.compress(text, lzma.FORMAT_RAW, filters=chain)
assert lzma.decompress(raw, lzma.FORMAT_RAW, filters=chain) == text
assert lzma.decompress(lzma.compress(text, lzma.FORMAT_ALONE)) == text
d = lzma.LZMADecompressor()
d.decompress(lzma.compress(b"q", check=lzma.CHECK_SHA256))
assert d.check == lzma.CHECK_SHA256
assert error(lzma.LZMAError, lzma.decompress, b"abc") == "Input format not supported by decoder"
assert error(ValueError, lzma.LZMACompressor, filters=[{"id": 99}]) == "Invalid filter ID: 99"
assert error(ValueError, lzma.LZMACompressor, filters=[{"id": lzma.FILTER_LZMA2, "foo": 1}]) == \
    "Invalid filter specifier for LZMA filter"
assert error(lzma.LZMAError, lzma.LZMADecompressor(memlimit=1000).decompress, lzma.compress(text)) == "Memory usage limit exceeded"

# A module from a deflated archive.
with tempfile.TemporaryDirectory() as folder:
    path = folder + "/modules.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("from_archive.py", "value = " + repr("x" * 5000))
    sys.path.insert(0, path)
    import from_archive
    assert from_archive.value == "x" * 5000
    with tempfile.TemporaryFile() as f:
        with lzma.open(f, "w") as packed:
            packed.write(text)
        f.seek(0)
        assert lzma.open(f).read() == text

# One object from several threads: no order is promised, but nothing breaks.
c = zlib.compressobj()
parts = []
threads = [threading.Thread(target=lambda: parts.extend(c.compress(b"q" * 5000) for _ in range(40))) for _ in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
c.flush()
