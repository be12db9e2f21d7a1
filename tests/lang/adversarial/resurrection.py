"""Finalizers that resurrect, drop, or replace what is dying, and objects seen half gone."""
import gc
import sys
import weakref


saved = []


class Phoenix:
    count = 0

    def __del__(self):
        Phoenix.count += 1
        saved.append(self)


# Resurrected once by reference counting; the finalizer runs once only.
x = Phoenix()
del x
assert Phoenix.count == 1 and len(saved) == 1
saved.clear()
assert Phoenix.count == 1

# Resurrected out of a cycle, whole.
a, b = Phoenix(), Phoenix()
a.other, b.other, a.data = b, a, list(range(10))
r = weakref.ref(a)
del a, b
gc.collect()
assert Phoenix.count == 3 and len(saved) == 2
assert saved[0].other.other is saved[0]
assert sorted(len(getattr(p, 'data', [])) for p in saved) == [0, 10]
assert r() is None
saved.clear()
gc.collect()
assert Phoenix.count == 3

# A finalizer that drops the container it is dying out of.
class Dropper:
    def __init__(self, action):
        self.action = action

    def __del__(self):
        self.action()


for make in (list, set, dict.fromkeys, lambda items: [tuple(items)]):
    box = []
    target = make([Dropper(box.clear), Dropper(gc.collect), Dropper(lambda: box.append(1))])
    box.append(target)
    del target
    box.clear()
a = [Dropper(lambda: a.append(1)) for _ in range(10)]
a.clear()
del a[:]
a = [Dropper(lambda: a.clear()) for _ in range(10)]
a[2:5] = []
a[:] = [1]
d = {i: Dropper(lambda: d.update({99: 1})) for i in range(10)}
d.clear()
d = {i: Dropper(lambda: d.clear()) for i in range(10)}
d[3] = 1
d.pop(5, None)
s = {Dropper(lambda: s.clear()) for _ in range(10)}
s.clear()
s = {Dropper(lambda: s.add(1)) for _ in range(10)}
s &= set()


# Attributes: the old value's finalizer sees the new state.
class Owner:
    pass


o = Owner()
seen = []
o.x = Dropper(lambda: seen.append(o.x))
o.x = 1
assert seen == [1]
o.y = Dropper(lambda: seen.append(hasattr(o, 'y')))
del o.y
assert seen == [1, False]
o.z = Dropper(lambda: o.__dict__.clear())
o.z = 2


class Slotted:
    __slots__ = ('x',)


t = Slotted()
t.x = Dropper(lambda: setattr(t, 'x', 5))
del t.x
assert t.x == 5


# Exceptions in finalizers are reported and do not disturb what runs.
reports = []
sys.unraisablehook = lambda info: reports.append(type(info.exc_value))


class Bad:
    def __del__(self):
        raise KeyError('lost')


try:
    try:
        1 / 0
    finally:
        Bad()
except ZeroDivisionError as e:
    assert e.__context__ is None
assert reports == [KeyError]


# Weak reference callbacks that change the list of weak references.
class Target:
    pass


for n in range(5):
    t = Target()
    refs = []
    for i in range(10):
        refs.append(weakref.ref(t, lambda r: refs.clear()))
    del t
    t = Target()
    order = []
    refs = [weakref.ref(t, lambda r, i=i: order.append(i)) for i in range(4)]
    del t
    assert order == [3, 2, 1, 0]
w = weakref.WeakValueDictionary()
w['a'] = x = Target()
x.d = w
del x
gc.collect()
assert list(w) == []


# Generators and coroutines closed by their death.
def gen():
    try:
        yield 1
    finally:
        saved.append(sys._getframe().f_code.co_name)
        yield 2


g = gen()
next(g)
del g
assert saved.pop() == 'gen'
assert reports.pop() is RuntimeError


def keep():
    try:
        yield
    finally:
        saved.append(g)


g = keep()
next(g)
h, g = g, 0
del h
assert saved.pop() == 0


# A class that dies with its instances, metaclass finalizer and all.
class Meta(type):
    def __del__(cls):
        saved.append(cls.__name__)


C = Meta('C', (), {})
c = C()
c.self = c
C.instance = c
del C, c
gc.collect()
assert saved.pop() == 'C'
