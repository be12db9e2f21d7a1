# pickle natively: every protocol, sharing, reduction, hooks, frames, out-of-band data, bad input.
import copyreg
import io
import pickle
import sys


def error(kind, f, *args):
    try:
        f(*args)
    except kind as e:
        return str(e)
    raise AssertionError("no error")


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __eq__(self, other):
        return type(other) is Point and vars(self) == vars(other)


class Slotted:
    __slots__ = ("a", "b")


class Numbers(list):
    pass


class WithState:
    def __getstate__(self):
        return (1, 2)

    def __setstate__(self, state):
        self.state = state


class NewArguments:
    def __new__(cls, a, *, b):
        self = object.__new__(cls)
        self.pair = a, b
        return self

    def __getnewargs_ex__(self):
        return (self.pair[0],), {"b": self.pair[1]}


slotted = Slotted()
slotted.a = 5
numbers = Numbers([1, 2])
numbers.name = "n"
samples = [
    None, True, False, Ellipsis, NotImplemented, 0, 255, 256, 65536, -1, 2**31 - 1, -2**31, 2**31, 2**62, -2**63,
    10**100, -10**100, 1.5, -0.0, 1e300, float("inf"), 3 + 4j, "", "abc", "é\u20ac\U0001F600\ud800", "a\\\n\r\0\x1a",
    b"", b"abc", bytes(range(256)) * 2, bytearray(b"xyz"), (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], [1], [[1], [2]],
    list(range(2500)), {}, {1: 2}, dict.fromkeys(range(2500)), set(), {1, 2}, frozenset({3}), set(range(2500)),
    range(3), slice(1, 2), int, Point, type(None), type(...), len, sys.intern, Point(1, [2]),
    numbers, "x" * 70000, b"y" * 70000, ["long" * 1000] * 40,
]
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    for value in samples:
        data = pickle.dumps(value, protocol)
        back = pickle.loads(data)
        assert type(back) is type(value) and (back == value or value != value), (protocol, value)
        assert repr(back) == repr(value) or type(value) in (Point,) or not isinstance(value, (int, float, str))
        # The Python versions read and write the same.
        assert pickle._loads(data) == value
        file = io.BytesIO()
        pickle.dump(value, file, protocol)
        assert pickle.loads(file.getvalue()) == value
        file.seek(0)
        assert pickle.load(file) == value and file.read() == b""
        assert pickle.loads(pickle._dumps(value, protocol)) == value
    assert pickle.loads(pickle.dumps(numbers, protocol)).name == "n"
    if protocol >= 2:
        assert pickle.loads(pickle.dumps(slotted, protocol)).a == 5
        assert pickle.loads(pickle.dumps(NewArguments(1, b=2), protocol)).pair == (1, 2)
    assert pickle.loads(pickle.dumps(WithState(), protocol)).state == (1, 2)

    # Sharing and cycles.
    shared = [1]
    a, b = pickle.loads(pickle.dumps([shared, shared], protocol))
    assert a is b
    loop = []
    loop.append((loop,))
    back = pickle.loads(pickle.dumps(loop, protocol))
    assert back[0][0] is back
    d = {}
    d["self"] = d
    back = pickle.loads(pickle.dumps(d, protocol))
    assert back["self"] is back
    point = Point(1, 2)
    point.me = point
    back = pickle.loads(pickle.dumps(point, protocol))
    assert back.me is back

# The bytes are CPython's.
assert pickle.dumps([1, "a", (2,)], 0) == b"(lp0\nI1\naVa\np1\na(I2\ntp2\na."
assert pickle.dumps({"k": 1.5, "l": None}, 2) == b"\x80\x02}q\x00(X\x01\x00\x00\x00kq\x01G?\xf8\x00\x00\x00\x00\x00\x00X\x01\x00\x00\x00lq\x02Nu."
assert pickle.dumps(["ab", b"c", {1}], 5) == \
    b"\x80\x05\x95\x14\x00\x00\x00\x00\x00\x00\x00]\x94(\x8c\x02ab\x94C\x01c\x94\x8f\x94(K\x01\x90e."

# Files that hold several pickles, and files with nothing but read() and readline().
file = io.BufferedReader(io.BytesIO(pickle.dumps("first") + pickle.dumps([2]) + b"rest"))
assert pickle.load(file) == "first" and pickle.load(file) == [2] and file.read() == b"rest"


class Plain:
    def __init__(self, data):
        self.file = io.BytesIO(data)
        self.read, self.readline = self.file.read, self.file.readline


for protocol in range(6):
    assert pickle.load(Plain(pickle.dumps(samples[:30], protocol)))[5:10] == samples[5:10]
assert pickle.load(Plain(pickle.dumps(bytearray(b"q" * 1000)))) == bytearray(b"q" * 1000)


# Hooks.
class Persistent(pickle.Pickler):
    def persistent_id(self, obj):
        return "pid" if isinstance(obj, Point) else None


class Loads(pickle.Unpickler):
    def persistent_load(self, pid):
        return ("loaded", pid)

    def find_class(self, module, name):
        return super().find_class(module, name)


for protocol in range(6):
    file = io.BytesIO()
    Persistent(file, protocol).dump([Point(1, 2), len])
    file.seek(0)
    assert Loads(file).load() == [("loaded", "pid"), len]
    assert "persistent_load" in error(pickle.UnpicklingError, pickle.loads, file.getvalue())


class Overriding(pickle.Pickler):
    dispatch_table = copyreg.dispatch_table.copy()
    dispatch_table[Point] = lambda p: (Point, (p.y, p.x))

    def reducer_override(self, obj):
        if type(obj) is Slotted:
            return (str, ("slotted",))
        return NotImplemented


file = io.BytesIO()
Overriding(file).dump([Point(1, 2), slotted])
assert pickle.loads(file.getvalue()) == [Point(2, 1), "slotted"]

# One pickler used several times: its memo stays.
file = io.BytesIO()
pickler = pickle.Pickler(file, 2)
pickler.dump(["w"])
n = len(file.getvalue())
pickler.dump(["w"])
assert len(file.getvalue()) - n == n - 9 or len(file.getvalue()) - n < n
unpickler = pickle.Unpickler(io.BytesIO(file.getvalue()))
assert unpickler.load() == ["w"] == unpickler.load()
assert isinstance(pickler.memo.copy(), dict) and len(pickler.memo.copy()) == 3
pickler.memo = pickler.memo.copy()
pickler.clear_memo()
assert pickler.memo.copy() == {}

# Out-of-band buffers.
buffers = []
data = pickle.dumps([pickle.PickleBuffer(bytearray(b"writable")), pickle.PickleBuffer(b"read-only")], 5,
                    buffer_callback=buffers.append)
assert len(buffers) == 2 and b"writable" not in data
back = pickle.loads(data, buffers=buffers)
assert bytes(back[0]) == b"writable" and bytes(back[1]) == b"read-only"
assert pickle.loads(pickle.dumps(pickle.PickleBuffer(b"in band"), 5)) == b"in band"
assert error(pickle.UnpicklingError, pickle.loads, data) == \
    "pickle stream refers to out-of-band data but no *buffers* argument was given"
view = pickle.PickleBuffer(b"abc")
assert view.raw().tobytes() == b"abc"
view.release()
assert error(ValueError, view.raw) == "operation forbidden on released PickleBuffer object"

# Errors.
assert error(pickle.PicklingError, pickle.dumps, lambda: 0).startswith("Can't pickle <function <lambda>")
try:
    pickle.dumps({"k": [1, (2, sys._getframe())]})
except TypeError as e:
    assert e.__notes__ == ["when serializing tuple item 1", "when serializing list item 1", "when serializing dict item 'k'"], e.__notes__
assert error(ValueError, pickle.dumps, 1, 6) == "pickle protocol must be <= 5"
assert error(EOFError, pickle.loads, b"") == "Ran out of input"
for data, text in [
    (b"\xff", "invalid load key, '\\xff'."), (b"z", "invalid load key, 'z'."), (b"K", "pickle data was truncated"),
    (b"0", "unpickling stack underflow"), (b"(R.", "unexpected MARK found"), (b"t.", "could not find MARK"),
    (b"h\x07.", "Memo value not found at index 7"), (b"(K\x01d.", "odd number of items for DICT"),
    (b"\x80\x04\x95\x02\0\0\0\0\0\0\0I1234\n.", "pickle exhausted before end of frame"),
    (b"]K\x01b.", "state is not a dictionary"), (b"N)\x81.", "NEWOBJ class argument must be a type, not NoneType"),
    (b"\x8b\xff\xff\xff\xff", "LONG pickle has negative byte count"),
]:
    assert error(pickle.UnpicklingError, pickle.loads, data) == text, data
assert error(ValueError, pickle.loads, b"\x80\x06") == "unsupported pickle protocol: 6"

deep = []
for _ in range(500_000):
    deep = [deep]
assert error(RecursionError, pickle.dumps, deep)
while deep:
    deep = deep[0]


# Changes while pickling.
class Clears:
    def __reduce__(self):
        target.clear()
        return (int, ())


for make in (lambda: [Clears(), 1, 2], lambda: {0: Clears(), 1: 2}, lambda: {Clears(), 1, 2}):
    target = make()
    try:
        pickle.dumps(target)
    except RuntimeError as e:
        assert "changed size during iteration" in str(e)

# No input harms the machine.
import random
rng = random.Random(5)
whole = [pickle.dumps(v, p) for p in range(6) for v in ([1, "a", (2.5, b"c")], {"k": {1, 2}}, Point(1, 2), [numbers] * 2)]
for _ in range(6000):
    data = bytearray(rng.choice(whole))
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(data))
        if rng.random() < 0.3:
            del data[at]
        else:
            data[at] = rng.randrange(256)
        if not data:
            break
    try:
        pickle.loads(bytes(data))
    except (MemoryError, Exception):
        pass
