"""Containers that change under their iterators: the exceptions, and no more items than there are."""
import itertools
from collections import OrderedDict, deque


def text(function, kind=RuntimeError):
    try:
        function()
    except kind as e:
        return str(e)
    raise AssertionError(f'{kind.__name__} not raised')


def grow_dict():
    d = {1: 1}
    for k in d:
        d[k + 1] = 1


def shrink_dict():
    d = dict.fromkeys(range(10))
    for k in d:
        del d[k]


def swap_keys():
    d = {0: 0}
    for i in d:
        del d[0]
        d[0] = 0


assert text(grow_dict) == 'dictionary changed size during iteration'
assert text(shrink_dict) == 'dictionary changed size during iteration'
assert text(swap_keys) == 'dictionary keys changed during iteration'
for view in (dict.keys, dict.values, dict.items):
    d = {1: 2, 3: 4}
    it = iter(view(d))
    next(it)
    d[5] = 6
    assert text(lambda: next(it)) == 'dictionary changed size during iteration'
    assert text(lambda: next(it)) == 'dictionary changed size during iteration'


def grow_set():
    s = {1}
    for x in s:
        s.add(x + 1)


assert text(grow_set) == 'Set changed size during iteration'
q = deque([1, 2, 3])


def grow_deque():
    for x in q:
        q.append(x)


assert text(grow_deque) == 'deque mutated during iteration'
o = OrderedDict.fromkeys('abc')


def grow_ordered():
    for k in o:
        o[k + k] = 1


assert text(grow_ordered) in ('OrderedDict mutated during iteration',
                              'OrderedDict changed size during iteration')

# Lists may change: the iterator looks at each step.
a = [1, 2, 3]
assert [a.pop() for x in a] == [3, 2]
a = [1]
n = 0
for x in a:
    n += 1
    if n < 1000:
        a.append(x)
assert n == 1000
a = list(range(10))
it = iter(a)
next(it)
a.clear()
assert list(it) == []
a.extend(range(10))
assert list(it) == []  # exhausted iterators stay so
r = reversed([1, 2, 3])
assert list(r) == [3, 2, 1] and list(r) == []
a = [1, 2, 3]
r = reversed(a)
a.clear()
assert list(r) == []

# Functions that take any iterable, given one that changes its source.
class Cleaner:
    def __init__(self, target):
        self.target = target

    def __iter__(self):
        for i in range(5):
            self.target.clear()
            yield (i, i)


for target in ([(0, 0)] * 50, dict.fromkeys(range(50)), set(range(50)), deque([(0, 0)] * 50)):
    update = getattr(target, 'extend', None) or target.update
    update(Cleaner(target))
    assert len(target) <= 5
a = [[1], [2], [3]]


class Key:
    def __call__(self, x):
        a.clear()
        return x


assert sorted(a, key=Key()) == [[1], [2], [3]]
assert max([[3], [1]], key=Key()) == [3]
a = list(range(20))
assert list(map(lambda x: a.clear() or x, a)) == [0]
a = list(range(20))
assert list(filter(lambda x: a.clear() or True, a)) == [0]
a = list(range(20))
assert list(zip(a, map(lambda x: a.clear(), range(20)))) == [(0, None)]
a = list(range(5))
assert [x for x, _ in itertools.groupby(a, lambda x: a.clear())] == [None]


# An iterator that asks itself.
class Self:
    def __iter__(self):
        return self

    def __next__(self):
        return next(self)


assert 'recursion' in text(lambda: list(Self()), RecursionError)


def own():
    yield next(g)


g = own()
assert text(lambda: next(g), ValueError) == 'generator already executing'
shared, = itertools.tee([1, 2, 3], 1)
assert list(shared) == [1, 2, 3]


class Reenter:
    def __iter__(self):
        return self

    def __next__(self):
        return next(left)


left, right = itertools.tee(Reenter())
assert text(lambda: next(left)) == 'cannot re-enter the tee iterator'

# str.join, bytes.join and friends with lists that shrink.
class Text:
    def __init__(self, target):
        self.target = target

    def __str__(self):
        self.target.clear()
        return 'x'


a = []
a += [Text(a)] * 5
assert ['%s' % x for x in a] == ['x']
a = []
a += [1, 2, Text(a), 3]
assert text(lambda: ''.join(a), TypeError) == 'sequence item 0: expected str instance, int found'
