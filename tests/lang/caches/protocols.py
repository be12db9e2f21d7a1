# Special methods replaced under hot operators, loops, subscripts and tests.
from _hot import in_loop, steps


def put(cls, name, v): return lambda: setattr(cls, name, v)
def drop(cls, name): return lambda: delattr(cls, name)


class C:
    def __init__(self, v=0): self.v = v
    def __iter__(self): return iter([1, 2])
    def __getitem__(self, k): return ('item', k)
    def __setitem__(self, k, v): log.append((k, v))
    def __delitem__(self, k): log.append(('del', k))
    def __len__(self): return 4
    def __bool__(self): return True
    def __eq__(self, other): return 'eq'
    def __hash__(self): return 1
    def __contains__(self, k): return True
    def __add__(self, other): return 'add'
    def __radd__(self, other): return 'radd'
    def __iadd__(self, other): return 'iadd'
    def __lt__(self, other): return 'lt'
    def __neg__(self): return 'neg'
    def __enter__(self): return 'enter'
    def __exit__(self, *e): return False
    def __format__(self, spec): return 'format'
    def __str__(self): return 'str'
    def __index__(self): return 1
    def __call__(self): return 'call'


log = []
o = C()
probes = {
    '__iter__': (lambda o: [x for x in o], [1, 2], lambda self: iter('ab'), ['a', 'b']),
    '__getitem__': (lambda o: o[3], ('item', 3), lambda self, k: -k, -3),
    '__len__': (lambda o: len(o), 4, lambda self: 9, 9),
    '__bool__': (lambda o: 'yes' if o else 'no', 'yes', lambda self: False, 'no'),
    '__eq__': (lambda o: o == 5, 'eq', lambda self, other: 'other eq', 'other eq'),
    '__contains__': (lambda o: 3 in o, True, lambda self, k: False, False),
    '__add__': (lambda o: o + 1, 'add', lambda self, other: 'other add', 'other add'),
    '__radd__': (lambda o: 1 + o, 'radd', lambda self, other: 'other radd', 'other radd'),
    '__lt__': (lambda o: o < 1, 'lt', lambda self, other: 'other lt', 'other lt'),
    '__neg__': (lambda o: -o, 'neg', lambda self: 'other neg', 'other neg'),
    '__format__': (lambda o: f'{o}', 'format', lambda self, spec: 'other', 'other'),
    '__index__': (lambda o: 'abc'[o], 'b', lambda self: 2, 'c'),
    '__call__': (lambda o: o(), 'call', lambda self: 'other call', 'other call'),
}
without = {'__iter__': TypeError, '__getitem__': TypeError, '__len__': TypeError, '__bool__': 'yes', '__eq__': False,
           '__contains__': False, '__add__': TypeError, '__radd__': TypeError, '__lt__': TypeError, '__neg__': TypeError,
           '__format__': 'str', '__index__': TypeError, '__call__': TypeError}
for name, (probe, first, new, second) in probes.items():
    old = C.__dict__[name]
    # Without __iter__ the items would be asked for, without end.
    gone = (put(C, name, None) if name == '__iter__' else drop(C, name)), without[name]
    steps(probe, (o,), (None, first), (put(C, name, new), second), (put(C, name, old), first), gone,
          (put(C, name, old), first))
    in_loop(probe, (o,), put(C, name, new), first, second)
    setattr(C, name, old)
    # On the instance it counts for nothing.
    setattr(o, name, lambda *a: 'own')
    steps(probe, (o,), (None, first))
    delattr(o, name)


def iadd(o):
    o += 1
    return o


def assign(o):
    o[1] = 2
    del o[3]
    return log[-2:]


def enter(o):
    with o as v:
        return v


steps(iadd, (o,), (None, 'iadd'), (drop(C, '__iadd__'), 'add'), (put(C, '__iadd__', lambda self, other: 'new'), 'new'))
steps(assign, (o,), (None, [(1, 2), ('del', 3)]), (put(C, '__setitem__', lambda self, k, v: log.append('set')), ['set', ('del', 3)]),
      (drop(C, '__delitem__'), AttributeError))
steps(enter, (o,), (None, 'enter'), (put(C, '__enter__', lambda self: 'other'), 'other'), (drop(C, '__exit__'), TypeError),
      (put(C, '__exit__', lambda self, *e: True), 'other'), (drop(C, '__enter__'), TypeError))

# Hash and equality of keys under hot look-ups.
class Key:
    def __init__(self, n): self.n = n
    def __hash__(self): return hash(self.n)
    def __eq__(self, other): return self.n == other.n


d = {Key(1): 'one', Key(2): 'two'}
k = Key(1)


def look(k): return d.get(k)


steps(look, (k,), (None, 'one'), (put(Key, '__hash__', lambda self: hash(2)), None),
      (put(Key, '__eq__', lambda self, other: self.n == 2), 'two'), (put(Key, '__hash__', None), TypeError))


# Iterators whose __next__ changes in the midst of a loop over them.
class Steps:
    def __init__(self): self.n = 0
    def __iter__(self): return self
    def __next__(self):
        self.n += 1
        if self.n > 10: raise StopIteration
        return self.n


def other_next(self):
    self.n += 1
    if self.n > 10: raise StopIteration
    return -self.n


def walk(change):
    out = []
    for x in Steps():
        out.append(x)
        if change and x == 5:
            Steps.__next__ = other_next
    return out


first_next = Steps.__next__
for _ in range(500):
    assert walk(False) == list(range(1, 11))
assert walk(True) == [1, 2, 3, 4, 5, -6, -7, -8, -9, -10]
for _ in range(500):
    assert walk(False) == [-n for n in range(1, 11)]
Steps.__next__ = first_next
steps(walk, (False,), (None, list(range(1, 11))), (lambda: delattr(Steps, '__next__'), TypeError),
      (put(Steps, '__next__', first_next), list(range(1, 11))), (put(Steps, '__iter__', None), TypeError))


# A loop over iterators of ever other kinds.
def collect(it):
    out = []
    for x in it:
        out.append(x)
    return out


def three():
    yield 1
    yield 2
    yield 3


class Old:
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i + 1


for _ in range(400):
    for it in [1, 2, 3], (1, 2, 3), range(1, 4), {1: 0, 2: 0, 3: 0}, {1, 2, 3}, three(), iter([1, 2, 3]), b'\1\2\3', Old(), map(abs, (1, -2, 3)), \
            zip((1, 2, 3)), reversed([3, 2, 1]), enumerate('ab'):
        got = collect(it)
        assert got in ([1, 2, 3], [(1,), (2,), (3,)], [(0, 'a'), (1, 'b')]), got
