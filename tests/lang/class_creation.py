# What a class statement and type() make: namespaces, bases, metaclasses, hooks.


def error(fn, *args, **kwargs):
    try:
        fn(*args, **kwargs)
    except Exception as e:
        return f'{type(e).__name__}: {e}'
    raise AssertionError('no exception')


# ---- names and namespaces ----
class A:
    """doc of A"""
    x = 1


assert A.__name__ == 'A' and A.__qualname__ == 'A' and A.__module__ == __name__
assert A.__doc__ == 'doc of A' and A.__dict__['x'] == 1
assert A.__bases__ == (object,) and A.__mro__ == (A, object) and A.__base__ is object
assert type(A) is type and A.__basicsize__ == 16 and A.__dictoffset__ == -1
assert repr(A) == f"<class '{__name__}.A'>"
B = type('B', (A,), {'y': 2})
assert B.__mro__ == (B, A, object) and B.x == 1 and B().y == 2 and A.__subclasses__() == [B]
assert type('N', (), {'__qualname__': 'Q.N'}).__qualname__ == 'Q.N'
assert type('D', (), {}).__doc__ is None and type('D', (), {'__doc__': 3}).__doc__ == 3
ns = {'a': 1}
C = type('C', (), ns)
C.b = 2
assert 'b' not in ns
for bad, text in [
    ((1, (), {}), 'TypeError: type.__new__() argument 1 must be str, not int'),
    (('X', 1, {}), 'TypeError: type.__new__() argument 2 must be tuple, not int'),
    (('X', (), 1), 'TypeError: type.__new__() argument 3 must be dict, not int'),
    (('X', (bool,), {}), "TypeError: type 'bool' is not an acceptable base type"),
    (('X', (int, str), {}), 'TypeError: multiple bases have instance lay-out conflict'),
    (('X', (object, object), {}), 'TypeError: duplicate base class object'),
    (('X', (object, int), {}),
     'TypeError: Cannot create a consistent method resolution order (MRO) for bases object, int'),
    (('X\0', (), {}), 'ValueError: type name must not contain null characters'),
    (('X', (), {'__qualname__': 1}), 'TypeError: type __qualname__ must be a str, not int'),
    (('X', (), {'__classcell__': 1}), "TypeError: __classcell__ must be a nonlocal cell, not <class 'int'>"),
    ((), 'TypeError: type() takes 1 or 3 arguments'),
]:
    assert error(type, *bad) == text, (bad, error(type, *bad))
assert error(type, 'X', (), {}, a=1) == 'TypeError: X.__init_subclass__() takes no keyword arguments'


# ---- linear order ----
class O: pass
class P(O): pass
class Q(O): pass
class R(P, Q): pass
assert [c.__name__ for c in R.__mro__] == ['R', 'P', 'Q', 'O', 'object']
assert R.mro() == list(R.__mro__)


# ---- metaclasses ----
class Meta(type):
    made = []

    @classmethod
    def __prepare__(mcls, name, bases, **kw):
        return {'prepared': kw.get('flavour')}

    def __new__(mcls, name, bases, ns, **kw):
        mcls.made.append(name)
        return super().__new__(mcls, name, bases, ns)

    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
        cls.initialized = True

    def __call__(cls, *args):
        obj = super().__call__(*args)
        return [obj]

    def greet(cls):
        return 'hello ' + cls.__name__


class M(metaclass=Meta, flavour='sweet'):
    pass


class N(M):
    pass


assert Meta.made == ['M', 'N'] and M.prepared == 'sweet' and N.prepared is M.prepared or N.prepared is None
assert type(N) is Meta and N.greet() == 'hello N' and N.initialized
assert isinstance(M()[0], M) and not hasattr(M()[0], 'greet')


class Other(type):
    pass


assert error(Other, 'X', (M,), {}) == (
    'TypeError: metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the '
    'metaclasses of all its bases')


# ---- mro() of a metaclass ----
class Reversing(type):
    def mro(cls):
        return [cls, object]


class Hidden:
    secret = 1


Odd = Reversing('Odd', (Hidden,), {})
assert Odd.__mro__ == (Odd, object) and not hasattr(Odd, 'secret') and Odd.__bases__ == (Hidden,)


# ---- __init_subclass__ and __set_name__ ----
class Registry:
    seen = []

    def __init_subclass__(cls, /, tag=None, **kw):
        super().__init_subclass__(**kw)
        Registry.seen.append((cls.__name__, tag))


class Named:
    def __set_name__(self, owner, name):
        self.where = (owner.__name__, name)


class Entry(Registry, tag='t'):
    field = Named()
    other = Named()


assert Registry.seen == [('Entry', 't')]
assert Entry.field.where == ('Entry', 'field') and Entry.other.where == ('Entry', 'other')


class Failing:
    def __set_name__(self, owner, name):
        raise ValueError('no')


try:
    type('Bad', (), {'attr': Failing()})
except ValueError as e:
    assert e.__notes__ == ["Error calling __set_name__ on 'Failing' instance 'attr' in 'Bad'"]
else:
    raise AssertionError


# ---- implicit class and static methods ----
class Implicit:
    def __new__(cls, *args):
        return super().__new__(cls)

    def __class_getitem__(cls, item):
        return (cls, item)


assert type(Implicit.__dict__['__new__']) is staticmethod
assert type(Implicit.__dict__['__class_getitem__']) is classmethod
assert Implicit[3] == (Implicit, 3)


# ---- abstract classes ----
from abc import ABC, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self): ...

    @abstractmethod
    def name(self): ...


assert error(Shape) == ("TypeError: Can't instantiate abstract class Shape without an implementation for abstract "
                        "methods 'area', 'name'")


class Half(Shape):
    def area(self): return 1


assert error(Half) == ("TypeError: Can't instantiate abstract class Half without an implementation for abstract "
                       "method 'name'")


# ---- arguments of object() ----
class Plain: pass
assert error(Plain, 1) == 'TypeError: Plain() takes no arguments'
assert error(object, 1) == 'TypeError: object() takes no arguments'


class WithInit:
    def __init__(self, a): self.a = a


class WithNew:
    def __new__(cls, a): return object.__new__(cls)


assert WithInit(3).a == 3 and isinstance(WithNew(3), WithNew)
assert error(lambda: object.__new__(WithNew, 1)) == (
    'TypeError: object.__new__() takes exactly one argument (the type to instantiate)')
assert error(object.__new__, int) == 'TypeError: object.__new__(int) is not safe, use int.__new__()'
assert error(int.__new__, str) == 'TypeError: int.__new__(str): str is not a subtype of int'
assert error(int.__new__) == 'TypeError: int.__new__(): not enough arguments'
assert error(int.__new__, 1) == 'TypeError: int.__new__(X): X is not a type object (int)'


class BadInit:
    def __init__(self): return 1


assert error(BadInit) == "TypeError: __init__() should return None, not 'int'"

# Slots of classes with several bases.
class Sized:
    def __len__(self):
        return 7


class Added:
    def __add__(self, other):
        return 'added'

    def __iter__(self):
        return iter('ab')

    def __getitem__(self, i):
        return ('item', i)


class Both(Sized, Added):
    pass


class Text(str, Added):
    pass


class Mixed(Added, list):
    def __contains__(self, item):
        return True


class Below(Both, Text):
    pass


assert len(Both()) == 7 and bool(Both()) and Both() + 1 == 'added' and list(Both()) == ['a', 'b']
assert Text('xy') + 'z' == 'xyz' and len(Text('xy')) == 2 and list(Text('xy')) == ['x', 'y']
assert Mixed([1]) + [2] == 'added' and list(Mixed([1])) == ['a', 'b'] and 5 in Mixed()
assert Mixed([1])[0] == ('item', 0) and len(Mixed([1, 2])) == 2
assert len(Below('abc')) == 7 and Below('abc') + 'd' == 'abcd' and str.__len__(Below('abc')) == 3


class Quiet(Exception, Sized):
    pass


assert len(Quiet()) == 7 and str(Quiet('x')) == 'x'


class Meta(type):
    def mro(cls):
        return [cls, Added, Sized, object]


class Turned(Sized, Added, metaclass=Meta):
    pass


assert len(Turned()) == 7 and Turned() + 1 == 'added'
Sized.__len__ = lambda self: 8
assert len(Both()) == 8 and len(Below('abc')) == 8
