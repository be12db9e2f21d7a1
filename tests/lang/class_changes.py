# Classes change while in use: attributes, special methods, bases, __class__.


def error(fn, *args):
    try:
        fn(*args)
    except Exception as e:
        return f'{type(e).__name__}: {e}'
    raise AssertionError('no exception')


# ---- attributes seen through caches ----
class Base: pass
class Sub(Base): pass


def read(o):
    return o.value


o = Sub()
Base.value = 1
for _ in range(100):
    assert read(o) == 1
Base.value = 2
assert read(o) == 2
Sub.value = 3
assert read(o) == 3
o.value = 4
assert read(o) == 4
del o.value
assert read(o) == 3
del Sub.value
assert read(o) == 2
del Base.value
assert error(read, o) == "AttributeError: 'Sub' object has no attribute 'value'"

# A data descriptor that appears later wins over the instance.
o.value = 5
for _ in range(100):
    assert read(o) == 5
Base.value = property(lambda self: 'computed')
assert read(o) == 'computed'
Base.value = 7
assert read(o) == 5


# ---- special methods come and go ----
class Num:
    def __init__(self, n): self.n = n


class Big(Num): pass


a = Big(2)
assert error(lambda: a + 1) == "TypeError: unsupported operand type(s) for +: 'Big' and 'int'"
Num.__add__ = lambda self, other: ('add', other)
assert a + 1 == ('add', 1)
Big.__radd__ = lambda self, other: ('radd', other)
assert 1 + a == ('radd', 1)
del Num.__add__
assert error(lambda: a + 1) == "TypeError: unsupported operand type(s) for +: 'Big' and 'int'"
assert error(len, a) == "TypeError: object of type 'Big' has no len()"
Num.__len__ = lambda self: 3
assert len(a) == 3 and bool(a)
Num.__len__ = lambda self: 0
assert not a
Num.__bool__ = lambda self: True
assert a
assert error(lambda: a()) == "TypeError: 'Big' object is not callable"
Num.__call__ = lambda self, *args, **kw: (args, kw)
assert a(1, b=2) == ((1,), {'b': 2})
Num.__getitem__ = lambda self, i: i
assert a[5] == 5
Num.__iter__ = lambda self: iter([1, 2])
assert list(a) == [1, 2] and 2 in a
Num.__contains__ = None
assert error(lambda: 2 in a) == "TypeError: 'Big' object is not a container"
Num.__iter__ = None
assert error(list, a) == "TypeError: 'Big' object is not iterable"
Num.__getattr__ = lambda self, name: 'dynamic ' + name
assert a.whatever == 'dynamic whatever' and a.n == 2
del Num.__getattr__
assert error(lambda: a.whatever) == "AttributeError: 'Big' object has no attribute 'whatever'"


# ---- equality and hash ----
class Eq:
    def __eq__(self, other): return True


assert Eq.__hash__ is None and error(hash, Eq()) == "TypeError: unhashable type: 'Eq'"
Eq.__hash__ = lambda self: -1
assert hash(Eq()) == -2


class Hashed(Eq):
    __hash__ = object.__hash__


assert isinstance(hash(Hashed()), int)


# ---- native slots are used unchanged until overridden ----
class L(list): pass
x = L([3, 1])
assert len(x) == 2 and x[0] == 3 and x + [2] == [3, 1, 2] and x * 2 == [3, 1, 3, 1]
L.__add__ = lambda self, other: 'mine'
assert x + [2] == 'mine' and [0] + x == [0, 3, 1]
L.__getitem__ = lambda self, i: 'item'
assert x[0] == 'item' and list(x) == [3, 1]
del L.__add__, L.__getitem__
assert x + [2] == [3, 1, 2] and x[1] == 1


# ---- bases ----
class P1:
    def who(self): return 'P1'


class P2:
    def who(self): return 'P2'

    def __len__(self): return 9


class Child(P1): pass
class GrandChild(Child): pass


g = GrandChild()
assert g.who() == 'P1'
Child.__bases__ = (P2,)
assert g.who() == 'P2' and len(g) == 9 and GrandChild.__mro__ == (GrandChild, Child, P2, object)
assert P1.__subclasses__() == [] and P2.__subclasses__() == [Child]
Child.__bases__ = (P1, P2)
assert g.who() == 'P1'
for value, text in [
    ((), 'TypeError: can only assign non-empty tuple to Child.__bases__, not ()'),
    (1, 'TypeError: can only assign tuple to Child.__bases__, not int'),
    ((1,), "TypeError: Child.__bases__ must be tuple of classes, not 'int'"),
    ((GrandChild,), 'TypeError: a __bases__ item causes an inheritance cycle'),
    ((int,), "TypeError: __bases__ assignment: 'int' deallocator differs from 'P1'"),
]:
    assert error(setattr, Child, '__bases__', value) == text, error(setattr, Child, '__bases__', value)
assert Child.__bases__ == (P1, P2)


# ---- __class__ ----
class One:
    def name(self): return 'one'


class Two:
    def name(self): return 'two'


c = One()
c.kept = 1
c.__class__ = Two
assert c.name() == 'two' and c.kept == 1 and type(c) is Two
c.more = 2
assert c.__dict__ == {'kept': 1, 'more': 2}


class Slotted:
    __slots__ = ('s',)


assert error(setattr, c, '__class__', Slotted) == "TypeError: __class__ assignment: 'Slotted' object layout differs from 'Two'"
assert error(setattr, c, '__class__', 1) == "TypeError: __class__ must be set to a class, not 'int' object"
assert error(setattr, 1, '__class__', Two) == (
    'TypeError: __class__ assignment only supported for mutable types or ModuleType subclasses')

# ---- immutable types ----
assert error(setattr, int, 'x', 1) == "TypeError: cannot set 'x' attribute of immutable type 'int'"
assert error(setattr, int, '__name__', 'x') == "TypeError: cannot set '__name__' attribute of immutable type 'int'"
assert error(delattr, One, '__name__') == "TypeError: cannot delete '__name__' attribute of immutable type 'One'"
assert error(setattr, One, '__name__', 1) == "TypeError: can only assign string to One.__name__, not 'int'"
One.__name__ = 'Uno'
One.__qualname__ = 'Q.Uno'
assert repr(One) == f"<class '{__name__}.Q.Uno'>"
