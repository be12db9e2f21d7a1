# The native halves of itertools, collections and functools.
import itertools as I, _collections as c, _functools as f, _abc
assert list(I.chain([1], [2, 3])) == [1, 2, 3]
assert list(I.combinations('abcd', 2)) == [tuple(x) for x in ('ab', 'ac', 'ad', 'bc', 'bd', 'cd')]
assert list(I.permutations([1, 2, 3])) == [(1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)]
assert list(I.product('ab', [1, 2])) == [('a', 1), ('a', 2), ('b', 1), ('b', 2)]
assert list(I.combinations_with_replacement('ab', 2)) == [('a', 'a'), ('a', 'b'), ('b', 'b')]
assert list(I.islice(I.count(), 3, 20, 5)) == [3, 8, 13, 18]
assert list(I.accumulate([1, 2, 3])) == [1, 3, 6]
assert list(I.batched('abcde', 2)) == [('a', 'b'), ('c', 'd'), ('e',)]
a, b = I.tee(range(200))
assert list(a) == list(b) == list(range(200))
assert [(k, list(g)) for k, g in I.groupby('aabbc')] == [('a', ['a', 'a']), ('b', ['b', 'b']), ('c', ['c'])]
assert list(I.pairwise('abc')) == [('a', 'b'), ('b', 'c')]
assert list(I.zip_longest('ab', 'c', fillvalue=0)) == [('a', 'c'), ('b', 0)]
assert list(I.islice(I.cycle('ab'), 5)) == list('ababa')
assert list(I.takewhile(lambda x: x < 3, [1, 2, 3, 1])) == [1, 2] and list(I.dropwhile(lambda x: x < 3, [1, 2, 3, 1])) == [3, 1]
assert list(I.compress('abc', [1, 0, 1])) == ['a', 'c'] and list(I.starmap(pow, [(2, 3)])) == [8] and (list(I.repeat(1, 2)) == [1, 1])
assert repr(I.count(1, 2)) == 'count(1, 2)' and repr(I.repeat(1, 2)) == 'repeat(1, 2)'
d = c.deque([1, 2, 3], 2)
assert list(d) == [2, 3]
d.appendleft(9)
assert repr(d) == 'deque([9, 2], maxlen=2)'
d = c.deque(range(10))
d.rotate(3)
assert list(d) == [7, 8, 9, 0, 1, 2, 3, 4, 5, 6]
d.rotate(-3)
d.remove(4)
assert d[4] == 5 and len(d) == 9
d[0] = 7
assert d.index(5) == 4
d.insert(2, 'x')
assert d[2] == 'x' and d.pop() == 9 and (d.popleft() == 7)
dd = c.defaultdict(list)
dd['a'].append(1)
assert dd == {'a': [1]} and repr(dd) == "defaultdict(<class 'list'>, {'a': [1]})", dd
o = c.OrderedDict(a=1, b=2, c=3)
o.move_to_end('a')
assert list(o) == ['b', 'c', 'a']
o.move_to_end('a', False)
assert list(o) == ['a', 'b', 'c']
assert o.popitem(False) == ('a', 1)
assert repr(o) == "OrderedDict({'b': 2, 'c': 3})"
assert list(reversed(o)) == ['c', 'b'] and list(o.items()) == [('b', 2), ('c', 3)]
for i in range(1000):
    o[i] = i
for i in range(999, -1, -1):
    o.move_to_end(i, False)
assert list(o) == list(range(1000)) + ['b', 'c']
assert c.OrderedDict(a=1, b=2) != c.OrderedDict(b=2, a=1) and c.OrderedDict(a=1, b=2) == dict(b=2, a=1)
p = f.partial(max, 3, key=lambda x: -x)
assert p(5) == 3
P = f.Placeholder
q = f.partial(pow, P, 2)
assert q(3) == 9
assert f.reduce(lambda a, b: a * b, [1, 2, 3, 4]) == 24
assert sorted([3, 1, 2], key=f.cmp_to_key(lambda a, b: b - a)) == [3, 2, 1]
m = {}
c._count_elements(m, 'abca')
assert m == {'a': 2, 'b': 1, 'c': 1}
n = 0

def g(x):
    global n
    n += 1
    return x
w = f._lru_cache_wrapper(g, 2, False, lambda *a: a)
w(1)
w(2)
w(1)
w(3)
w(1)
w(2)
assert n == 4 and w.cache_info() == (2, 4, 2, 2), (n, w.cache_info())
