"""Containers that change while their own items are compared, hashed, shown or sorted."""


def raises(kind, function, *args):
    try:
        function(*args)
    except kind as e:
        return str(e)
    raise AssertionError(f'{kind.__name__} not raised')


class Hook:
    """Runs `action` once when compared."""
    def __init__(self, action, result=True):
        self.action, self.result = action, result

    def __eq__(self, other):
        action, self.action = self.action, lambda: None
        action()
        return self.result

    def __lt__(self, other):
        action, self.action = self.action, lambda: None
        action()
        return self.result

    def __hash__(self):
        return 7


# ---- lists ----
a = []
a += [Hook(a.clear, False), 1, 2]
assert a != [0, 1, 2]
a = []
a += [Hook(a.clear, False), 1, 2]
assert 5 not in a
a = []
a += [Hook(a.clear), 1, 2]
a == [0, 1, 2]
assert a == []
for method in ('index', 'count', 'remove'):
    a = []
    a += [Hook(a.clear, False), 1, 2]
    try:
        getattr(a, method)(9)
    except ValueError:
        pass
a, b = [], []
a += [Hook(b.clear, False), 3]
b += [0, 3]
a == b, a < b, a >= b

# Sorting a list that its items change.
a = []
a += [Hook(lambda: a.append(1)), Hook(lambda: a.append(1)), Hook(a.clear)]
assert raises(ValueError, a.sort) == 'list modified during sort'
a = []
a += [Hook(lambda: a.append(1)) for i in range(40)]
assert raises(ValueError, a.sort) == 'list modified during sort'
a = [3, 1, 2]


def key(x):
    a.append(x)
    return x


assert raises(ValueError, lambda: a.sort(key=key)) == 'list modified during sort'
a = [3, 1, 2]


def seen(x):
    assert a == []
    return x


a.sort(key=seen)
assert a == [1, 2, 3]

# Slices whose bounds change the list.
class Bound:
    def __init__(self, action, value):
        self.action, self.value = action, value

    def __index__(self):
        self.action()
        return self.value


a = list(range(100))
assert a[Bound(a.clear, 0):Bound(lambda: None, 100)] == []
a = list(range(100))
a[Bound(a.clear, 10):50] = [1]
assert a == [1]
a = list(range(100))
del a[Bound(a.clear, 10):50]
assert a == []
a = list(range(10))
assert raises(IndexError, lambda: a[Bound(a.clear, 5)]) == 'list index out of range'
a = list(range(10))
raises(IndexError, lambda: a.__setitem__(Bound(a.clear, 5), 1))
a = list(range(10))
a.insert(Bound(a.clear, 5), 'x')
assert a == ['x']
a = list(range(10))
raises(IndexError, lambda: a.pop(Bound(a.clear, 5)))
a = [1, 2, 3] * 10


class Grow:
    def __iter__(self):
        for i in range(5):
            a.clear()
            yield i


a[2:4] = Grow()
a.extend(Grow())

# ---- dicts ----
d = {}
key1, key2 = Hook(lambda: d.clear(), False), Hook(lambda: None, False)
d[key1] = 1
d.get(key2)
d[key2] = 2
assert len(d) <= 2
d = {}
hooks = [Hook(lambda: d.update({i: i for i in range(200)}), False) for _ in range(8)]
for h in hooks:
    d[h] = h
for h in hooks:
    assert d.pop(h, h) is h
d = {Hook(lambda: None): 1, 2: 2}
e = {Hook(lambda: e.clear()): 1, 2: 2}
d == e
d = {}
d['k'] = Hook(lambda: d.clear())
d == {'k': 1}

# ---- sets ----
for operation in ('__and__', '__or__', '__sub__', '__xor__', 'issubset', 'issuperset', 'isdisjoint',
                  'update', 'intersection_update', 'difference_update', 'symmetric_difference_update'):
    s, r = set(), set()
    s |= {Hook(s.clear, False), Hook(r.clear, False), 1, 2, 3}
    r |= {Hook(s.clear, False), Hook(r.clear, False), 2, 3, 4}
    try:
        getattr(s, operation)(r)
    except RuntimeError:
        pass
s = set()
s.update(Hook(s.clear, False) for _ in range(30))
s.discard(Hook(s.clear, False))
raises(KeyError, s.remove, Hook(s.clear, False))

# ---- bytearrays ----
b = bytearray(b'abcdef')
assert raises(IndexError, lambda: b[Bound(b.clear, 3)]) == 'bytearray index out of range'
b = bytearray(b'abcdef')
raises(IndexError, lambda: b.__setitem__(Bound(b.clear, 3), 1))
b = bytearray(b'abcdef')
raises(IndexError, lambda: b.__setitem__(3, Bound(b.clear, 1)))
b = bytearray(b'abcdef')
b[1:3] = iter([Bound(lambda: None, 65)])
assert b == b'aAdef'
b = bytearray(b'abcdef')
b = bytearray(b'abc')
with memoryview(b) as view:
    assert raises(BufferError, b.append, 1) == 'Existing exports of data: object cannot be re-sized'
    raises(BufferError, b.clear)
    raises(BufferError, b.extend, b'x' * 100)

# ---- deques and arrays ----
from array import array
from collections import OrderedDict, deque

q = deque()
q.extend([Hook(q.clear, False), 1, 2])
assert raises(RuntimeError, q.index, 9) == 'deque mutated during iteration'
q = deque()
q.extend([Hook(q.clear, False), 1, 2])
assert raises(IndexError, q.remove, 9) == 'deque mutated during iteration'
q = deque()
q.extend([Hook(q.clear, False), 1, 2])
assert raises(RuntimeError, q.count, 9) == 'deque mutated during iteration'
q = deque()
q.extend([Hook(q.clear, False), 1, 2])
q == deque([0, 1, 2])
r = array('i', [1, 2, 3])
raises(IndexError, lambda: r.__setitem__(1, Bound(lambda: r.__delitem__(slice(None)), 4)))
o = OrderedDict()
o[Hook(lambda: o.clear(), False)] = 1
o.get(Hook(lambda: o.clear(), False))
o == OrderedDict([(1, 2)])
