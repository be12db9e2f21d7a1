"""Bytes and bit operations: CRC, Adler, base64 by hand, xorshift."""
import bench

TABLE = []
for n in range(256):
    for _ in range(8):
        n = n >> 1 ^ 0xEDB88320 if n & 1 else n >> 1
    TABLE.append(n)
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def crc(data):
    c = 0xFFFFFFFF
    for byte in data:
        c = TABLE[(c ^ byte) & 255] ^ c >> 8
    return c ^ 0xFFFFFFFF


def adler(data):
    a, b = 1, 0
    for byte in data:
        a = (a + byte) % 65521
        b = (b + a) % 65521
    return b << 16 | a


def base64(data):
    out = []
    for i in range(0, len(data), 3):
        word = data[i] << 16 | data[i + 1] << 8 | data[i + 2]
        out += [DIGITS[word >> 18], DIGITS[word >> 12 & 63], DIGITS[word >> 6 & 63], DIGITS[word & 63]]
    return "".join(out)


def work():
    x, data = 2463534242, bytearray()
    for _ in range(3000):
        x ^= x << 13 & 0xFFFFFFFF
        x ^= x >> 17
        x ^= x << 5 & 0xFFFFFFFF
        data.append(x & 255)
    return crc(data), adler(bytes(data)), crc(base64(data).encode())


bench.run(work)
