# Lists, sorting, dicts, sets, ranges and the functions of builtins that work on them.
a = [3, 1, 2]
a.sort()
assert a == [1, 2, 3]
a.extend((x for x in 'ab'))
assert a == [1, 2, 3, 'a', 'b']
a[1:3] = [9] * 4
assert a == [1, 9, 9, 9, 9, 'a', 'b'], a
del a[::2]
assert a == [9, 9, 'a'], a
a.insert(-1, 5)
assert a == [9, 9, 5, 'a']
assert a.index('a') == 3 and a.count(9) == 2
a.reverse()
assert a == ['a', 5, 9, 9]
assert a * 2 == ['a', 5, 9, 9] * 2
a *= 2
assert len(a) == 8
l = []
l.append(l)
assert repr(l) == '[[...]]'
assert [1, 2] < [1, 3] and [1] < [1, 0] and (not [2] < [1, 5])

def rnd(n, s=12345):
    out = []
    for i in range(n):
        s = s * 1103515245 + 12345 & 2147483647
        out.append(s)
    return out
for n in (0, 1, 2, 10, 63, 64, 65, 100, 1000, 5000):
    for k in (lambda x: x, lambda x: x % 10, lambda x: -x, lambda x: str(x), lambda x: (x % 7, x), lambda x: float(x)):
        d = [k(x) for x in rnd(n)]
        s = sorted(d)
        for i in range(len(s) - 1):
            assert not s[i + 1] < s[i]
        assert sorted(d, reverse=True) == s[::-1]
    d = [(x % 10, i) for i, x in enumerate(rnd(n))]
    s = sorted(d, key=lambda p: p[0])
    for i in range(len(s) - 1):
        assert s[i] < s[i + 1]
    r = sorted(d, key=lambda p: p[0], reverse=True)
    for i in range(len(r) - 1):
        assert r[i][0] > r[i + 1][0] or (r[i][0] == r[i + 1][0] and r[i][1] < r[i + 1][1])
d = list(range(1000)) + list(range(500)) + list(range(2000, 0, -1))

class C:
    n = 0

    def __init__(s, v):
        s.v = v

    def __lt__(s, o):
        C.n += 1
        return s.v < o.v
x = sorted([C(v) for v in d])
assert [c.v for c in x] == sorted(d)
assert C.n < 12000
d = {}
for i in range(1000):
    d[i] = i * i
    d[str(i)] = i
for i in range(0, 1000, 3):
    del d[i]
assert len(d) == 2000 - 334
assert list(d)[:3] == ['0', 1, '1'], list(d)[:3]
assert 1 in d and 0 not in d and (d['999'] == 999)
assert d.pop(1) == 1 and d.pop(1, None) is None
try:
    d[0]
except KeyError as e:
    assert e.args == (0,)
d2 = dict(d)
assert d2 == d
d2.update(a=1)
assert d2 != d
assert {1: 2} | {3: 4} == {1: 2, 3: 4}
assert dict([(1, 2)], x=3) == {1: 2, 'x': 3}
assert list(reversed({1: 1, 2: 2})) == [2, 1]
assert {1: 1, 2: 2}.keys() & {2} == {2} and {1: 2}.items() - {(1, 2)} == set()
try:
    for k in d:
        d[object()] = 1
except RuntimeError as e:
    assert str(e) == 'dictionary changed size during iteration'
assert dict.fromkeys('ab', 1) == {'a': 1, 'b': 1}
assert d2.popitem() == ('a', 1)
s = set(range(100))
s -= {5}
assert len(s) == 99
assert s | {5} == set(range(100))
assert {1, 2} < {1, 2, 3}
assert frozenset([1, 2]) == {2, 1}
assert hash(frozenset([1, 2, 3])) == hash(frozenset([3, 2, 1]))
assert {1, 2} ^ {2, 3} == {1, 3}
assert list(range(10, 0, -3)) == [10, 7, 4, 1]
assert range(10)[-1] == 9
assert 5 in range(0, 10, 5)
assert range(10 ** 30)[10 ** 29] == 10 ** 29
assert len(range(0, 10, 3)) == 4
assert range(10)[2:5] == range(2, 5)
assert list(reversed(range(3))) == [2, 1, 0]
assert list(range(10 ** 20, 10 ** 20 + 3)) == [10 ** 20, 10 ** 20 + 1, 10 ** 20 + 2]
assert list(enumerate('ab', 5)) == [(5, 'a'), (6, 'b')]
assert list(zip([1, 2], 'ab')) == [(1, 'a'), (2, 'b')]
assert list(map(lambda a, b: a + b, [1, 2], [3, 4])) == [4, 6]
assert list(filter(None, [0, 1, 2])) == [1, 2]
try:
    list(zip([1], [1, 2], strict=True))
    assert 0
except ValueError as e:
    assert str(e) == 'zip() argument 2 is longer than argument 1', e
assert max(3, 1) == 3 and min([4, 2, 8], key=lambda x: -x) == 8 and (max([], default=1) == 1)
assert sum([0.1] * 10) == 1.0 and sum([1, 2.5, 3]) == 6.5 and (sum([[1], [2]], []) == [1, 2]) and (sum([10 ** 30, 1]) == 10 ** 30 + 1)
assert isinstance(3, (int, str)) and issubclass(bool, int)
assert hex(-255) == '-0xff' and bin(5) == '0b101' and (oct(8) == '0o10') and (chr(97) == 'a') and (ord('a') == 97)
assert eval('1+2') == 3
ns = {}
exec('x=5', ns)
assert ns['x'] == 5
assert divmod(7, 2) == (3, 1) and pow(2, 10, 1000) == 24 and (abs(-3) == 3) and (round(2.5) == 2) and (round(2.567, 2) == 2.57)

class M(type):

    def __prepare__(n, b, **k):
        return {'pre': k}

    def __new__(m, n, b, ns, **k):
        return super().__new__(m, n, b, ns)

    def __init__(c, n, b, ns, **k):
        pass

class A(metaclass=M, z=1):
    pass
assert A.pre == {'z': 1}

class B(A):

    def f(self):
        return __class__
assert type(B) is M and B().f() is B
assert (1, 2) + (3,) == (1, 2, 3) and (1,) * 3 == (1, 1, 1) and (hash((1, 2)) == hash((1, 2))) and ((1, 2, 3)[::-1] == (3, 2, 1))
assert slice(1, 2, 3).indices(10) == (1, 2, 3) and slice(None, None, -1).indices(5) == (4, -1, -1)
assert list(iter(iter([1, 2, 3]).__next__, 3)) == [1, 2]

class S:

    def __getitem__(s, i):
        if i > 3:
            raise IndexError
        return i
assert list(S()) == [0, 1, 2, 3] and 2 in S()
