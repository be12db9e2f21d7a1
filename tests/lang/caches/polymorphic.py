# Instructions that meet many classes, some of which change, come late, or die.
import gc
import weakref
from _hot import outcome


def load(o): return o.value
def call(o, x): return o.method(x)
def store(o, v):
    o.value = v
    return o.value


def make(i):
    if i % 4 == 0:
        class K:
            value = i
            def method(self, x): return (i, x)
    elif i % 4 == 1:
        class K:
            __slots__ = 'value',
            def __init__(self): self.value = i
            def method(self, x): return (i, x)
    elif i % 4 == 2:
        class K:
            def __init__(self):
                for k in range(i): setattr(self, f'pad{k}', k)
                self.value = i
                self.method = lambda x: (i, x)
    else:
        class K:
            @property
            def value(self): return i
            @value.setter
            def value(self, v): pass
            def __getattr__(self, name): return lambda x: (i, x)
    return K


for count in 1, 2, 3, 4, 5, 8, 40:
    classes = [make(i) for i in range(count)]
    objects = [k() for k in classes]
    for _ in range(1200 // count + 20):
        for i, o in enumerate(objects):
            assert load(o) == i
            assert call(o, 'x') == (i, 'x')
    for i, o in enumerate(objects):  # one class after the other changes
        classes[i].value = property(lambda self, i=i: ('new', i), lambda self, v: None)
        for k, p in enumerate(objects):
            assert load(p) == (('new', k) if k <= i else k), (count, i, k)
    for i, o in enumerate(objects):
        def method(self, x, i=i): return ('new', i, x)
        classes[i].method = method
        own = i % 4 == 2
        assert call(o, 1) == ((i, 1) if own else ('new', i, 1))
        if own:
            del o.method
            assert call(o, 1) == ('new', i, 1)

# Stores into many classes.
objects = [make(i)() for i in range(12)]
for _ in range(300):
    for i, o in enumerate(objects):
        assert store(o, -i) == (i if i % 4 == 3 else -i)

# Classes that die: what was remembered of them answers for no other.
for i in range(600):
    k = make(i % 4)
    k.tag = i
    o = k()
    for _ in range(6):
        assert load(o) == i % 4 and call(o, i) == (i % 4, i) and o.tag == i
    ref = weakref.ref(k)
    del k, o
    if i % 100 == 99:
        gc.collect()
        assert ref() is None

# Kinds of receivers that are no instances of Python classes.
class Plain:
    real = 'plain'


def real(o): return o.real
def bits(o): return o.bit_length()
def up(o): return o.upper()


class Up:
    def upper(self): return 'up'


for _ in range(800):
    assert [real(x) for x in (5, 2.5, True, 2j, Plain(), Plain, 2 ** 70)] == [5, 2.5, 1, 0.0, 'plain', 'plain', 2 ** 70]
    assert [bits(x) for x in (5, True, 2 ** 70)] == [3, 1, 71]
    assert [up(x) for x in ('a', b'a', Up())] == ['A', b'A', 'up']
    assert outcome(real, 'a') is AttributeError and outcome(bits, 1.5) is AttributeError and outcome(up, None) is AttributeError

# One function, many instances of shapes that differ.
class Shape:
    pass


def area(o): return o.w * o.h


for i in range(5000):
    s = Shape()
    if i % 2: s.w = i; s.h = 2
    else: s.h = 2; s.w = i
    if i % 3 == 0: s.extra = 1
    assert area(s) == 2 * i
