# C(...) while __init__, __new__, the metaclass's __call__ and the instance's layout change.
from _hot import in_loop, steps, warm


class C:
    def __init__(self, x): self.x = x


def make(): return C(5).x
def put(cls, name, v): return lambda: setattr(cls, name, v)
def drop(cls, name): return lambda: delattr(cls, name)


def negate(self, x): self.x = -x
def two(self, x, y=7): self.x = (x, y)
def wrong(self, x): return x
def nothing(self): self.x = 'nothing'
def generator(self, x): yield x


init = C.__init__
steps(make, (), (None, 5), (put(C, '__init__', negate), -5), (put(C, '__init__', two), (5, 7)),
      (put(C, '__init__', wrong), TypeError), (put(C, '__init__', nothing), TypeError),
      (put(C, '__init__', lambda self, *args, **kw: setattr(self, 'x', (args, kw))), ((5,), {})),
      (put(C, '__init__', generator), TypeError), (put(C, '__init__', None), TypeError),
      (drop(C, '__init__'), TypeError), (put(C, '__init__', init), 5),
      (lambda: setattr(init, '__code__', negate.__code__), -5),
      (lambda: setattr(init, '__code__', (lambda self, x, y=1: None).__code__), TypeError),
      (lambda: setattr(init, '__defaults__', (3,)), AttributeError),
      (lambda: setattr(init, '__code__', two.__code__), (5, 3)))
C.__init__ = lambda self, x: setattr(self, 'x', x)
in_loop(make, (), put(C, '__init__', negate), 5, -5)


def new(cls, x):
    o = object.__new__(cls)
    o.y = 'new'
    return o


steps(make, (), (None, -5), (put(C, '__new__', new), -5), (drop(C, '__init__'), AttributeError),
      (put(C, '__init__', lambda self, x: setattr(self, 'x', self.y)), 'new'),
      (put(C, '__new__', lambda cls, x: type('Other', (), {'x': 'another class'})), 'another class'),
      (put(C, '__new__', lambda cls, x: 5), AttributeError),
      (put(C, '__new__', lambda cls, x: object.__new__(cls)), AttributeError),
      (put(C, '__init__', negate), -5))


class Meta(type):
    pass


class M(metaclass=Meta):
    def __init__(self, x): self.x = x


def make_m(): return M(3).x


steps(make_m, (), (None, 3), (put(Meta, '__call__', lambda cls, x: type('R', (), {'x': 'from the metaclass'})), 'from the metaclass'),
      (put(Meta, '__call__', lambda cls, x: type.__call__(cls, x + 1)), 4), (drop(Meta, '__call__'), 3))
in_loop(make_m, (), put(Meta, '__call__', lambda cls, x: M), 3, AttributeError)
del Meta.__call__


# Inherited constructors, and bases that change.
class Base:
    def __init__(self, x): self.x = ('base', x)


class Derived(Base):
    pass


class Else:
    def __init__(self, x): self.x = ('else', x)


def make_d(): return Derived(1).x


steps(make_d, (), (None, ('base', 1)), (put(Base, '__init__', lambda self, x: setattr(self, 'x', 'changed')), 'changed'),
      (lambda: setattr(Derived, '__bases__', (Else,)), ('else', 1)),
      (put(Derived, '__init__', lambda self, x: super(Derived, self).__init__(x + 1)), ('else', 2)),
      (lambda: setattr(Derived, '__bases__', (Base,)), 'changed'), (drop(Derived, '__init__'), 'changed'))

# Abstract methods come and go.
import abc


class A(abc.ABC):
    def __init__(self): self.x = 1
    def work(self): pass


def make_a(): return A().x


def abstract(*names):
    def do():
        A.__abstractmethods__ = frozenset(names)
    return do


steps(make_a, (), (None, 1), (abstract('work'), TypeError), (abstract(), 1), (abstract('work'), TypeError), (abstract(), 1))


# Instances that get other attributes in another order, more than were foreseen, and none at all.
class Grown:
    def __init__(self, names):
        for n in names:
            setattr(self, n, n)


def keys(names): return list(vars(Grown(names)))


for i in range(1500):
    for names in 'abc', 'cba', '', 'abcdefghijklmnopqrstuvwxyz', 'b':
        assert keys(names) == list(names)


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


def shape(i):
    p = Point(i, -i)
    if i % 7 == 0: del p.x
    if i % 5 == 0: p.z = 1
    if i % 3 == 0: p.x = 'again'
    return vars(p)


for i in range(4000):
    want = {'x': i, 'y': -i}
    if i % 7 == 0: del want['x']
    if i % 5 == 0: want['z'] = 1
    if i % 3 == 0: want['x'] = 'again'
    got = shape(i)
    assert got == want and list(got) == list(want), (i, got, want)

# Exceptions in hot __init__: the half-made instance dies.
class Counted:
    alive = 0
    def __init__(self, fail):
        Counted.alive += 1
        if fail: raise ValueError
    def __del__(self): Counted.alive -= 1


def attempt(fail):
    try:
        Counted(fail)
    except ValueError:
        return 'failed'


for i in range(3000):
    assert attempt(i % 2) == ('failed' if i % 2 else None)
    assert Counted.alive == 0


# Builtin classes and their subclasses made by hot code.
class Int(int):
    def __new__(cls, v): return super().__new__(cls, v + 1)


class Text(str):
    def __init__(self, *args): self.extra = len(self)


def mixed(): return Int(4), Text('abc').extra, list('ab'), dict(a=1), tuple([1]), int('7'), str(8), float('1.5')


steps(mixed, (), (None, (5, 3, ['a', 'b'], {'a': 1}, (1,), 7, '8', 1.5)),
      (drop(Int, '__new__'), (4, 3, ['a', 'b'], {'a': 1}, (1,), 7, '8', 1.5)))
