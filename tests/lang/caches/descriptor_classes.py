# Attributes computed by native getters and by descriptors written in Python, while what they depend
# on changes; class patterns, which look attributes up by the shared table.
from _hot import N as hot


def test_class_of_instances():
    class A:
        pass

    class B:
        pass

    def same(a, b):
        return a.__class__ is b.__class__

    a, b = A(), A()
    for _ in range(hot):
        assert same(a, b)
    b.__class__ = B
    assert not same(a, b)
    a.__class__ = B
    assert same(a, b)
    class Liar:
        __class__ = property(lambda self: A)

    assert not same(Liar(), b) and same(Liar(), A())

    def name(cls):
        return cls.__name__

    for _ in range(hot):
        assert name(A) == "A" and name(B) == "B"
    A.__name__ = "Renamed"
    assert name(A) == "Renamed"


def test_getters_of_many_types():
    def name(o):
        return o.__name__

    class A:
        pass

    def g():
        pass

    many = [(len, "len"), (A, "A"), (g, "g"), ([].append, "append"), (str.join, "join")]
    for turn in range(40):
        for o, want in many:
            for _ in range(100):
                assert name(o) == want, (o, want)
    for turn in range(hot):
        for o, want in many:
            assert name(o) == want, (o, want)


def test_foreign_getter():
    class A:
        numerator = int.__dict__["numerator"]

    def get(a):
        return a.numerator

    for _ in range(hot):
        assert get(3) == 3
        try:
            get(A())
        except TypeError:
            pass
        else:
            raise AssertionError


def test_python_descriptors():
    class Data:
        def __get__(self, o, owner):
            return ("data", o.v, owner)

        def __set__(self, o, v):
            o.v = v

    class A:
        x = Data()

    class B(A):
        pass

    def get(a):
        return a.x

    a, b = A(), B()
    for i in range(hot):
        a.x = i
        b.x = -i
        assert get(a) == ("data", i, A)
        assert get(b) == ("data", -i, B)
    a.__dict__["x"] = "own"
    assert get(a) == ("data", hot - 1, A)
    setter = Data.__set__
    del Data.__set__
    assert get(a) == "own"
    Data.__set__ = setter
    assert get(a) == ("data", hot - 1, A)
    Data.__get__ = lambda self, o, owner=None: "new"
    assert get(a) == "new" == get(b)
    A.x = 5
    assert get(a) == "own" and get(b) == 5


def test_getter_that_raises():
    class Data:
        def __get__(self, o, owner):
            raise AttributeError("no x")

        def __set__(self, o, v):
            pass

    class A:
        x = Data()

        def __getattr__(self, name):
            return "fallback " + name

    def get(a):
        return a.x

    for _ in range(hot):
        assert get(A()) == "fallback x"


def test_class_patterns():
    class P:
        __match_args__ = ("a", "b")

        def __init__(self, a, b):
            self.a, self.b = a, b

    def look(p):
        match p:
            case P(1, b):
                return "one", b
            case P(a, 2):
                return "two", a
            case P():
                return "any"
            case int(n) | str(n):
                return n
            case {"k": v, "l": 1}:
                return v
        return None

    for i in range(hot):
        assert look(P(1, i)) == ("one", i)
        assert look(P(i + 2, 2)) == ("two", i + 2)
        assert look(P(0, 0)) == "any"
        assert look(i) == i
        assert look({"k": i, "l": 1}) == i
        assert look({"k": i}) is None
    p = P(1, 5)
    del p.b
    assert look(p) == "any"
    P.b = property(lambda self: "computed")
    assert look(p) == ("one", "computed")
    P.__match_args__ = ("b", "a")
    assert look(p) == "any"
    P.__match_args__ = ("a", "a")
    try:
        look(p)
    except TypeError as e:
        assert str(e) == "P() got multiple sub-patterns for attribute 'a'", e
    else:
        raise AssertionError


def test_getattr_in_python():
    class A:
        shared = "class"

        def __init__(self):
            self.own = 1

        def method(self):
            return "method"

        @property
        def broken(self):
            raise AttributeError("broken")

        def __getattr__(self, name):
            return "hook " + name

    def own(a):
        return a.own

    def shared(a):
        return a.shared

    def method(a):
        return a.method()

    def broken(a):
        return a.broken

    a = A()
    for _ in range(hot):
        assert own(a) == 1 and shared(a) == "class" and method(a) == "method"
        assert broken(a) == "hook broken"
    del a.own
    assert own(a) == "hook own"
    a.own = 2
    assert own(a) == 2
    del A.shared
    assert shared(a) == "hook shared"
    a.method = lambda: "instance"
    assert method(a) == "instance"
    del a.method
    assert method(a) == "method"
    A.__getattribute__ = lambda self, name: "all " + name
    assert own(a) == "all own" and shared(a) == "all shared" and broken(a) == "all broken"
    del A.__getattribute__
    assert own(a) == 2
    del A.__getattr__
    assert own(a) == 2 and method(a) == "method"
    for probe in (shared, broken):
        try:
            probe(a)
        except AttributeError:
            pass
        else:
            raise AssertionError


def test_getattr_and_setattr():
    class A:
        __slots__ = ("slot", "__dict__")

    class B:
        pass

    name = "".join(["v", "alue"])  # not interned
    for cls in (A, B):
        o = cls()
        for i in range(hot):
            setattr(o, name, i)
            assert getattr(o, name) == i == o.value
        assert o.__dict__ == {"value": hot - 1}
        del o.value
        try:
            getattr(o, name)
        except AttributeError as e:
            assert e.name == "value" and e.obj is o
        else:
            raise AssertionError
        setattr(o, name, "again")
        cls.value = property(lambda self: "property", lambda self, v: self.__dict__.update(seen=v))
        assert getattr(o, name) == "property"
        setattr(o, name, 5)
        assert o.__dict__ == {"value": "again", "seen": 5}
        del cls.value
        assert getattr(o, name) == "again"
        cls.__setattr__ = lambda self, name, v: object.__setattr__(self, name, (v,))
        setattr(o, name, 7)
        assert getattr(o, name) == (7,)
    a = A()
    for i in range(hot):
        setattr(a, "slot", i)
        assert a.slot == (i,)

    died = []

    class Item:
        def __del__(self):
            died.append(getattr(holder, "item", None) is not None)

    class Holder:
        pass

    holder = Holder()
    for _ in range(hot):
        setattr(holder, "item", Item())
    assert died == [True] * (hot - 1)


test_class_of_instances()
test_getters_of_many_types()
test_foreign_getter()
test_python_descriptors()
test_getter_that_raises()
test_class_patterns()
test_getattr_in_python()
test_getattr_and_setattr()
