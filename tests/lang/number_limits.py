# Products of ints whose digit counts agree while their machine words do not; packed half floats.
import struct

for bits in range(2140, 2200):
    for more in (0, 1, 17, 40):
        x, y = (1 << (bits + more)) - 3, (1 << bits) - 1
        assert x * y == y * x
        assert x * y // y == x and -x * y == -(y * x)

for value in (0.0, -0.0, 0.25, -1.5, 6e-08, 65504.0, float("inf")):
    for order in "<>":
        back = struct.unpack(order + "e", struct.pack(order + "e", value))[0]
        assert str(back) == str(value) or abs(back - value) < 1e-8, (value, back)
assert struct.pack("<e", 0.0) == b"\0\0" and struct.pack("<e", -0.0) == b"\0\x80"
