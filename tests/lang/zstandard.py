# zstd: round trips, limits, dictionaries, parameters, errors.
from compression import zstd
from compression.zstd import CompressionParameter as C, DecompressionParameter as D, ZstdCompressor, ZstdDecompressor, ZstdDict, ZstdError
import random


def error(kind, f, *args, **kw):
    try:
        f(*args, **kw)
    except kind as e:
        return str(e)
    raise AssertionError("no error")


rng = random.Random(3)
text = b"".join(b"record %d of %d\n" % (i, rng.randrange(50)) for i in range(20000))
for data in (b"", b"x", text, rng.randbytes(50000)):
    packed = zstd.compress(data)
    assert zstd.decompress(packed) == data and zstd.get_frame_info(packed).decompressed_size == len(data)
    assert zstd.get_frame_size(packed + b"more") == len(packed)
    c = ZstdCompressor(options={C.checksum_flag: 1, C.compression_level: 5})
    pieces = [c.compress(data[i:i + 3000]) for i in range(0, len(data), 3000)] + [c.flush()]
    assert c.last_mode == c.FLUSH_FRAME
    d = ZstdDecompressor()
    out = []
    d_in = b"".join(pieces) + b"rest"
    while not d.eof:
        out.append(d.decompress(d_in, max_length=4096))
        d_in = b""
        assert len(out[-1]) <= 4096
    assert b"".join(out) == data and d.unused_data == b"rest" and not d.needs_input
    assert error(EOFError, d.decompress, b"") == "Already at the end of a Zstandard frame."
    assert zstd.decompress(packed + packed) == data * 2
samples = [b"hello world %d abc def" % i * 10 for i in range(300)]
trained = zstd.train_dict(samples, 3000)
assert len(trained) <= 3000 and trained.dict_id
for use in (trained, trained.as_digested_dict, trained.as_undigested_dict, trained.as_prefix):
    packed = zstd.compress(samples[5], zstd_dict=use)
    assert zstd.decompress(packed, zstd_dict=use if use is trained.as_prefix or use == trained.as_prefix else trained) == samples[5]
assert "Dictionary mismatch" in error(ZstdError, zstd.decompress, zstd.compress(b"a" * 100, zstd_dict=trained))
raw = ZstdDict(b"abcdefghijk", is_raw=True)
assert repr(raw) == "<ZstdDict dict_id=0 dict_size=11>" and raw.dict_content == b"abcdefghijk"
assert error(ValueError, ZstdDict, b"abcdefghijk") == "invalid Zstandard dictionary"
assert error(ValueError, ZstdCompressor, 99) == "illegal compression level 99; the valid range is [-131072, 22]"
assert error(TypeError, ZstdCompressor, 1, {C.window_log: 20}) == "Only one of level or options should be used."
assert error(ValueError, ZstdCompressor, options={C.window_log: 99}) == \
    "compression parameter 'window_log' received an illegal value 99; the valid range is [10, 31]"
assert error(TypeError, ZstdCompressor, options={D.window_log_max: 20}) == \
    "compression options dictionary key must not be a DecompressionParameter attribute"
assert error(ValueError, ZstdDecompressor, options={7777: 9}) == "invalid decompression parameter 'unknown parameter (key 7777)'"
assert error(ZstdError, ZstdDecompressor().decompress, b"x" * 12) == "Unable to decompress Zstandard data: Unknown frame descriptor"
packed = zstd.compress(text)
for _ in range(300):
    bad = bytearray(packed)
    bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
    try:
        zstd.decompress(bytes(bad))
    except ZstdError:
        pass
