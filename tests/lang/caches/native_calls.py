# Calls of native functions and methods at one place: the number of arguments, the receiver's type,
# the name's value and the result of the call change while the place is hot.
import builtins

from _hot import N as hot


class Stack(list):
    def pop(self):
        return "popped"


class Plain(list):
    pass


def no_arguments(o):
    return o.pop()


def one_argument(o, v):
    return o.count(v)


def test_receivers():
    for _ in range(3):
        for o, want in (([1, 2], 2), (Stack([1]), "popped"), (Plain([3]), 3), ({4}, 4)):
            for _ in range(hot):
                again = type(o)(o)
                assert no_arguments(again) == want
    for _ in range(hot):
        assert one_argument([1, 1], 1) == 2
        assert one_argument(Plain([1]), 1) == 1
        assert one_argument("aba", "a") == 2


def test_errors_keep_their_place():
    def pop(o):
        return o.pop()

    for _ in range(hot):
        assert pop([5]) == 5
    try:
        pop([])
    except IndexError as e:
        assert e.__traceback__.tb_next.tb_lineno == pop.__code__.co_firstlineno + 1
    else:
        raise AssertionError
    for wrong in ((1, 2), (1, 2, 3)):
        try:
            [].append(*wrong)
        except TypeError as e:
            assert str(e) == f"list.append() takes exactly one argument ({len(wrong)} given)", e
        else:
            raise AssertionError


def test_temporary_receivers_die():
    died = []

    class Item:
        def __del__(self):
            died.append(1)

    def popped():
        return [Item()].pop()

    def copied():
        return [Item()].copy()

    for i in range(hot):
        popped()
        copied()
    assert len(died) == 2 * hot


def test_replaced_builtin():
    def size(o):
        return len(o)

    for _ in range(hot):
        assert size([1, 2]) == 2
    original = builtins.len
    builtins.len = lambda o: "other"
    try:
        assert size([1, 2]) == "other"
    finally:
        builtins.len = original
    assert size("abc") == 3


def test_optional_arguments():
    d = {1: 2}
    for _ in range(hot):
        assert d.get(1) == 2
        assert d.get(2) is None
        assert d.get(2, 3) == 3
        assert "a-b".split("-") == ["a", "b"]
        assert "a b".split() == ["a", "b"]
        assert "a-b-c".split("-", 1) == ["a", "b-c"]
        assert "a-b-c".split(sep="-", maxsplit=1) == ["a", "b-c"]
        assert sorted([2, 1], reverse=True) == [2, 1]
        assert sum([1, 2], start=3) == sum([1, 2], 3) == 6


def test_spread_calls():
    def target(a, b=2, *rest, c=3, **more):
        return a, b, rest, c, more

    def forward(*args, **kwargs):
        return target(*args, **kwargs)

    for _ in range(hot):
        assert forward(1) == (1, 2, (), 3, {})
        assert forward(1, 5, 6, c=7, d=8) == (1, 5, (6,), 7, {"d": 8})
    try:
        forward()
    except TypeError as e:
        assert str(e).endswith("target() missing 1 required positional argument: 'a'"), e
    else:
        raise AssertionError
    target.__defaults__ = (9,)
    assert forward(1) == (1, 9, (), 3, {})
    target.__kwdefaults__["c"] = 4
    assert forward(1) == (1, 9, (), 4, {})


def test_keywords_of_a_dict():
    seen = []

    def target(**more):
        more["added"] = 1
        seen.append(more)
        return len(more)

    class Mapping:
        def keys(self):
            return ["k"]

        def __getitem__(self, key):
            return key * 2

    def forward(d):
        return target(**d)

    def two(d, e):
        return target(**d, **e)

    def changing(d):
        def change(**more):
            d["late"] = 1
            return sorted(more)

        return change(**d)

    d = {"a": 1}
    for _ in range(hot):
        seen.clear()
        assert forward(d) == 2 and d == {"a": 1} and seen == [{"a": 1, "added": 1}]
        assert forward({}) == 1 and forward(Mapping()) == 2
        assert two(d, {"b": 2}) == 3 and d == {"a": 1}
        assert dict(**d) == d and dict(**d) is not d
        assert changing({"x": 1}) == ["x"]
    for wrong, text in (({1: 2}, "keywords must be strings"), (5, "argument after ** must be a mapping, not int")):
        try:
            forward(wrong)
        except TypeError as e:
            assert text in str(e), e
        else:
            raise AssertionError
    try:
        two(d, {"a": 3})
    except TypeError as e:
        assert "got multiple values for keyword argument 'a'" in str(e), e
    else:
        raise AssertionError


test_receivers()
test_errors_keep_their_place()
test_temporary_receivers_die()
test_replaced_builtin()
test_optional_arguments()
test_spread_calls()
test_keywords_of_a_dict()

# --- the receiver goes from the caller's variable while its method or getter runs ---------------
import io
import sys


def forget(name):
    frame = sys._getframe(1)
    while frame and "receiver" not in frame.f_code.co_varnames:
        frame = frame.f_back
    if frame:
        frame.f_locals[name] = None


class Forgetful:
    def __del__(self):
        forget("receiver")

    def __lt__(self, other):
        forget("receiver")
        return False


class Raw(io.RawIOBase):
    def readable(self):
        return True

    @property
    def closed(self):
        forget("receiver")
        return False


def clears(make):
    receiver = make()
    receiver.clear()
    return receiver


def sorts():
    receiver = [Forgetful(), Forgetful(), Forgetful()]
    receiver.sort()
    return receiver


def asks():
    receiver = io.BufferedReader(Raw())
    state = receiver.closed
    return receiver, state


for _ in range(40):
    assert clears(lambda: [Forgetful()]) is None
    assert clears(lambda: {1: Forgetful()}) is None
    assert clears(lambda: {Forgetful()}) is None
    assert sorts() is None
    assert asks() == (None, False)
