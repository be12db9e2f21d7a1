"""Instructions that remember what an attribute was notice every way in which it can change."""
import sys


class Base:
    kind = "base"

    def __init__(self, value=1, *, extra=0):
        self.value = value
        self.extra = extra

    @property
    def twice(self):
        return self.value * 2

    @staticmethod
    def still(x=0):
        return ("still", x)

    @classmethod
    def made(cls, x=0):
        return (cls.__name__, x)

    def method(self):
        return "method"


class Derived(Base):
    pass


def read(o):
    return o.twice, o.still(1), o.made(2), o.method(), o.kind


def on_class(c):
    return c.still(1), c.made(2), c.kind


for _ in range(50):
    assert read(Base(3)) == (6, ("still", 1), ("Base", 2), "method", "base")
    assert read(Derived(4)) == (8, ("still", 1), ("Derived", 2), "method", "base")
    assert on_class(Base) == (("still", 1), ("Base", 2), "base")
    assert on_class(Derived) == (("still", 1), ("Derived", 2), "base")

# The instance shadows what is no data descriptor.
o = Base(5)
for _ in range(10):
    read(o)
o.still = lambda x: "own still"
o.made = lambda x: "own made"
o.method = lambda: "own method"
o.kind = "own kind"
assert read(o) == (10, "own still", "own made", "own method", "own kind")
assert read(Base(5))[1:] == (("still", 1), ("Base", 2), "method", "base")

# The class changes, then its base.
Derived.still = staticmethod(lambda x: "derived still")
Derived.kind = "derived"
assert read(Derived(1)) == (2, "derived still", ("Derived", 2), "method", "derived")
assert on_class(Derived) == ("derived still", ("Derived", 2), "derived")
Base.made = classmethod(lambda cls, x: ("new made", cls))
Base.method = lambda self: "new method"
Base.twice = property(lambda self: "new twice")
assert read(Derived(1))[2:4] == (("new made", Derived), "new method")
assert read(Derived(1))[0] == read(Base(1))[0] == "new twice"
assert on_class(Base)[1] == ("new made", Base)
del Derived.still
assert read(Derived(1))[1] == ("still", 1)

# Descriptors that change inside.
p = property(lambda self: "first")
Base.twice = p
for _ in range(10):
    assert Base().twice == "first"


def load(o):
    return o.twice


for _ in range(10):
    assert load(Base()) == "first"


def change_getter():
    p.__init__(lambda self: "second")
    assert load(Base()) == "second"
    p.__init__(len)
    try:
        load(Base())
    except TypeError:
        pass
    else:
        assert False
    p.__init__()
    try:
        load(Base())
    except AttributeError:
        pass
    else:
        assert False


if sys.implementation.name != "cpython":  # CPython 3.14 keeps the old getter and crashes
    change_getter()

s = staticmethod(lambda x=0: "before")
Base.still = s


def call_still(o):
    return o.still(1)


for _ in range(10):
    assert call_still(Base()) == "before" and call_still(Base) == "before"
s.__init__(lambda x=0: "after")
assert call_still(Base()) == "after" and call_still(Base) == "after"

# __class__ assignment.
class Other:
    kind = "other"
    twice = property(lambda self: "other twice")
    still = staticmethod(lambda x: "other still")
    made = classmethod(lambda cls, x: cls.__name__)

    def method(self):
        return "other method"


o = Base(1)
Base.twice = property(lambda self: 0)
for _ in range(10):
    read(o)
o.__class__ = Other
assert read(o) == ("other twice", "other still", "Other", "other method", "other")

# A property's getter raises, recurses, is called from a generator.
class Node:
    def __init__(self, depth):
        self.depth = depth

    @property
    def total(self):
        if self.depth == 0:
            return 1
        return Node(self.depth - 1).total + 1

    @property
    def broken(self):
        raise AttributeError("inside")

    def __getattr__(self, name):
        return "fallback " + name


def totals(n):
    for i in range(n):
        yield Node(i).total


for _ in range(3):
    assert list(totals(20)) == list(range(1, 21))
    assert Node(3).broken == "fallback broken"
    assert Node(3).missing == "fallback missing"
try:
    Node(100000).total
except RecursionError:
    pass
else:
    assert False


# Instances of classes whose __init__ changes, has defaults, returns something.
class Made:
    def __init__(self, a, b=2, c=3):
        self.all = (a, b, c)


def make(*args):
    return [Made(1).all, Made(1, 5).all, Made(1, 5, 6).all]


for _ in range(10):
    assert make() == [(1, 2, 3), (1, 5, 3), (1, 5, 6)]
Made.__init__.__defaults__ = (7, 8)
assert make() == [(1, 7, 8), (1, 5, 8), (1, 5, 6)]
Made.__init__ = lambda self, a, b=0, c=0, d=9: setattr(self, "all", d)
assert make() == [9, 9, 9]
Made.__init__ = lambda self, *args: 5
for _ in range(10):
    try:
        Made(1)
    except TypeError as e:
        assert str(e) == "__init__() should return None, not 'int'"
    else:
        assert False

Made.__new__ = lambda cls, *args: object.__new__(Other)
assert type(Made(1)) is Other

# Names of modules and builtins.
import builtins
import math


def use():
    return math.answer, len([1, 2])


math.answer = 42
for _ in range(10):
    assert use() == (42, 2)
math.answer = 43
assert use() == (43, 2)
len = lambda x: "global len"
assert use() == (43, "global len")
del len
assert use() == (43, 2)
old = builtins.len
builtins.len = lambda x: "builtin len"
assert use() == (43, "builtin len")
builtins.len = old
assert use() == (43, 2)
del math.answer
try:
    use()
except AttributeError:
    pass
else:
    assert False


# Keyword arguments in any order, with defaults and the errors of each kind.
def f(a, b=2, *, c=3, d):
    return a, b, c, d


for _ in range(5):
    assert f(1, d=4) == (1, 2, 3, 4)
    assert f(d=4, a=1, c=5) == (1, 2, 5, 4)
    assert f(1, 6, d=4) == (1, 6, 3, 4)
for bad, text in [
    (lambda: f(1), "f() missing 1 required keyword-only argument: 'd'"),
    (lambda: f(d=1), "f() missing 1 required positional argument: 'a'"),
    (lambda: f(1, a=1, d=1), "f() got multiple values for argument 'a'"),
    (lambda: f(1, d=1, e=1), "f() got an unexpected keyword argument 'e'"),
    (lambda: f(1, 2, 3, d=1), "f() takes from 1 to 2 positional arguments but 3 positional arguments (and 1 keyword-only argument) were given"),
]:
    try:
        bad()
    except TypeError as e:
        assert str(e) == text, e
    else:
        assert False


def g(*args, **kwargs):
    return args, kwargs


for _ in range(5):
    assert g(1, *[2, 3], x=4, **{"y": 5}) == ((1, 2, 3), {"x": 4, "y": 5})
