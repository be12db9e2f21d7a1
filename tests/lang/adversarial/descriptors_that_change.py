"""Descriptors, classes and frames that replace themselves while they are in use."""


def raises(kind, function, *args):
    try:
        function(*args)
    except kind as e:
        return str(e)
    raise AssertionError(f'{kind.__name__} not raised')


class Once:
    def __init__(self, value):
        self.value = value

    def __get__(self, instance, owner):
        setattr(owner, 'x', self.value)
        return self.value


class A:
    x = Once(3)


a = A()
for _ in range(5):
    assert a.x == 3
    A.x = Once(3)
assert A.x == 3


class Deleting:
    def __get__(self, instance, owner):
        del owner.y
        return 1

    def __set__(self, instance, value):
        type(instance).y = value


class B:
    y = Deleting()


b = B()
assert b.y == 1
assert raises(AttributeError, lambda: b.y) == "'B' object has no attribute 'y'"
B.y = Deleting()
b.y = 5
assert b.y == 5 and b.__dict__ == {}


# __getattr__ and properties that change the class that is being asked.
class C:
    def __getattr__(self, name):
        setattr(C, name, 7)
        del C.__getattr__
        return 8


c = C()
assert c.z == 8 and c.z == 7
assert 'no attribute' in raises(AttributeError, lambda: c.q)


class D:
    @property
    def p(self):
        self.__class__ = E
        return 1


class E:
    p = 2


for _ in range(3):
    d = D()
    assert (d.p, d.p) == (1, 2)


# Methods replaced while they run, hot enough for every cache.
class F:
    def m(self):
        F.m = lambda self: 2
        return 1


f = F()
got = []
for i in range(200):
    got.append(f.m())
    if i == 100:
        F.m = lambda self: 3
assert got == [1] + [2] * 100 + [3] * 99


# __bases__, __class__ and __dict__ assigned between two accesses of one site.
class P:
    v = 'P'


class Q:
    v = 'Q'


class R(P):
    pass


def read(o):
    return o.v


r = R()
for i in range(100):
    assert read(r) == ('Q' if i % 2 else 'P')
    R.__bases__ = (P,) if i % 2 else (Q,)
for i in range(100):
    r.__class__ = P if i % 2 else Q
    assert read(r) == ('P' if i % 2 else 'Q')
for i in range(100):
    r.__dict__ = {'v': i}
    assert read(r) == i
    del r.v
    assert read(r) == 'P'


# Special methods that delete themselves.
class G:
    def __len__(self):
        del G.__len__
        return 3

    def __eq__(self, other):
        del G.__eq__
        return NotImplemented

    def __hash__(self):
        return 1

    def __iter__(self):
        del G.__iter__
        return iter('ab')

    def __call__(self):
        del G.__call__
        return 9


g = G()
assert len(g) == 3
assert 'has no len()' in raises(TypeError, len, g)
assert (g == 5) is False
assert list(g) == ['a', 'b']
assert 'not iterable' in raises(TypeError, list, g)
assert g() == 9
assert 'not callable' in raises(TypeError, g)


# Functions whose code, defaults and globals change while they run.
def h(x=1):
    h.__defaults__ = (2,)
    h.__code__ = k.__code__
    return x


def k(x=0):
    return x + 10


assert h() == 1 and h() == 12


def w():
    del globals()['len2']
    return len2


len2 = len
assert 'len2' in raises(NameError, w)


# __set_name__, __init_subclass__, __mro_entries__, mro() that meddle.
class Meddle:
    def __set_name__(self, owner, name):
        setattr(owner, name, 1)
        setattr(owner, name + '2', Meddle2())


class Meddle2:
    def __set_name__(self, owner, name):
        raise AssertionError('not in the body')


class S:
    a = Meddle()


assert S.a == 1 and type(S.a2) is Meddle2


class T:
    def __init_subclass__(cls):
        cls.__bases__ = (Base2,)


class Base2:
    pass


class U(T):
    pass


assert U.__mro__[1] is Base2


class BadMro(type):
    def mro(cls):
        return [cls, 5]


assert 'non-class' in raises(TypeError, lambda: BadMro('V', (), {}))


class Recursing(type):
    def mro(cls):
        if cls.__name__ == 'W':
            cls.__subclasses__()
            getattr(cls, 'anything', None)
        return super().mro()


class W(metaclass=Recursing):
    pass


class X(W):
    pass


W.__name__ = 'Y'
assert X.__mro__ == (X, W, object)


# Dictionaries of instances that are looked at, kept, swapped, and keys of odd kinds.
class Z:
    pass


z = Z()
d1 = z.__dict__
for i in range(50):
    setattr(z, f'a{i}', i)
assert len(d1) == 50
d1[5] = 'int key'
d1['a0'] = 'changed'
assert z.a0 == 'changed'
z2 = Z()
z2.__dict__ = d1
z2.a1 = 'shared'
assert z.a1 == 'shared'
del d1['a1']
raises(AttributeError, lambda: z.a1)
d1.clear()
assert vars(z) == {} == vars(z2)
z.n = 1
assert z2.n == 1
