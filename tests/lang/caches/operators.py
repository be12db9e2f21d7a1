# Operators that meet other kinds of operands than they were warm with.
from _hot import outcome, steps, warm


def add(a, b): return a + b
def sub(a, b): return a - b
def mul(a, b): return a * b
def less(a, b): return a < b
def equal(a, b): return a == b
def index(a, b): return a[b]
def pick(a, b): return 'yes' if a < b else 'no'
def true(a): return 'yes' if a else 'no'
def negative(a): return -a
def plus_one(a): return a + 1
def inplace(a, b):
    a += b
    return a


class I(int):
    def __add__(self, other): return 'I.add'
    def __radd__(self, other): return 'I.radd'
    def __lt__(self, other): return 'I.lt'
    def __gt__(self, other): return 'I.gt'
    def __eq__(self, other): return 'I.eq'
    __hash__ = int.__hash__
    def __bool__(self): return False
    def __neg__(self): return 'I.neg'


class S(str):
    def __add__(self, other): return 'S.add'
    def __radd__(self, other): return 'S.radd'
    def __eq__(self, other): return 'S.eq'
    __hash__ = str.__hash__
    def __getitem__(self, i): return 'S.item'


class F(float):
    def __add__(self, other): return 'F.add'
    def __radd__(self, other): return 'F.radd'


big = 2 ** 62 - 1
values = [1, -1, 0, big, -big - 1, 2 ** 64, -2 ** 64, 1.5, -0.0, 1e300, 1e-300, float('inf'), True, False, 'a', 'é', '', b'a', (1,), [1], None, 2j,
          I(5), S('a'), F(2.5)]


def same(x, y):
    return type(x) is type(y) and (x == y is True or repr(x) == repr(y))


def fresh(v): return list(v) if type(v) is list else v


import operator
pairs = [(add, operator.add), (sub, operator.sub), (mul, operator.mul), (less, operator.lt), (equal, operator.eq), (inplace, operator.iadd)]
for probe, plain in pairs:
    for a in values:
        for b in values:
            if probe is mul and (isinstance(a, int) and abs(a) > 1000 or isinstance(b, int) and abs(b) > 1000) and \
                    not (isinstance(a, (int, float, complex)) and isinstance(b, (int, float, complex))):
                continue
            left, right = fresh(a), fresh(a)
            assert same(outcome(probe, left, b), outcome(plain, right, b)), (probe, a, b)
    for a, b in (1, 2), (1.5, 2.5), ('a', 'b'):
        warm(outcome, probe, a, b)
        for x in values:
            for y in values[:8]:
                if probe is mul and not (isinstance(x, (int, float, complex)) and isinstance(y, (int, float, complex))): continue
                left, right = fresh(x), fresh(x)
                assert same(outcome(probe, left, y), outcome(plain, right, y)), (probe, x, y)

for a in values:
    steps_of = [(true, bool), (negative, operator.neg), (plus_one, lambda v: v + 1)]
    for probe, plain in steps_of:
        warm(probe, 3)
        got, want = outcome(probe, a), outcome(plain, a)
        if probe is true:
            want = 'yes' if want else 'no'
        assert same(got, want), (probe, a, got, want)

warm(plus_one, 5)
assert plus_one(big) == 2 ** 62 and plus_one(big - 1) == big
warm(sub, 5, 3)
assert sub(-2 ** 62, 1) == -2 ** 62 - 1
warm(mul, 3, 4)
assert mul(2 ** 31, 2 ** 31) == 2 ** 62 and mul(2 ** 40, 2 ** 40) == 2 ** 80 and mul(-2 ** 62, -1) == 2 ** 62
warm(negative, 4)
assert negative(-2 ** 62) == 2 ** 62

# Subscripts: containers and indices change.
containers = [([1, 2, 3], 1, 2), ((4, 5), 0, 4), ('abc', 2, 'c'), ({'k': 7}, 'k', 7), (S('xyz'), 0, 'S.item'), (b'ab', 1, 98), (range(9), 3, 3),
              ([1, 2, 3], -1, 3), ([1, 2, 3], True, 2), ([1, 2, 3], slice(1), [1]), ({1: 'one'}, 1.0, 'one'), ([1], I(0), 1)]
for o, k, want in containers:
    warm(index, [1, 2], 0)
    steps(index, (o, k), (None, want))
for _ in range(300):
    for o, k, want in containers:
        assert index(o, k) == want
for o, k, error in ([1], 5, IndexError), ([1], -2, IndexError), ((), 0, IndexError), ({}, 0, KeyError), ([1], 'a', TypeError), (5, 0, TypeError), \
        ([1], 2 ** 70, IndexError):
    warm(index, [1, 2], 1)
    steps(index, (o, k), (None, error))


class Dict(dict):
    def __missing__(self, k): return 'missing'


d = Dict(a=1)
steps(index, (d, 'b'), (None, 'missing'), (lambda: d.update(b=2), 2), (lambda: delattr(Dict, '__missing__'), 2), (d.clear, KeyError))

# Branches turn after thousands of turns the same way.
warm(pick, 1, 2)
assert pick(2, 1) == 'no' and pick('a', 'b') == 'yes' and pick(1.5, 2) == 'yes' and pick(I(1), 2) == 'yes'
warm(pick, 1.0, 2.0)
assert pick(float('nan'), 1.0) == 'no' and pick([1], [2]) == 'yes'
assert outcome(pick, 1, 'a') is TypeError

# The operators of an int or str subclass change.
steps(add, (I(1), 2), (None, 'I.add'), (lambda: setattr(I, '__add__', lambda s, o: 'new'), 'new'), (lambda: delattr(I, '__add__'), 3))
steps(add, (2, I(1)), (None, 'I.radd'), (lambda: delattr(I, '__radd__'), 3))
steps(true, (I(3),), (None, 'no'), (lambda: delattr(I, '__bool__'), 'yes'))
steps(equal, (S('a'), 'a'), (None, 'S.eq'), (lambda: delattr(S, '__eq__'), True))
steps(less, (2, I(1)), (None, 'I.gt'), (lambda: delattr(I, '__gt__'), False))


# Strings built in place while others look at them.
def build(n, keep):
    s = ''
    seen = []
    for i in range(n):
        if keep and i % 3 == 0: seen.append(s)
        s += 'x'
    return s, seen


for _ in range(100):
    assert build(50, False) == ('x' * 50, [])
    s, seen = build(50, True)
    assert s == 'x' * 50 and seen == ['x' * i for i in range(0, 50, 3)]
