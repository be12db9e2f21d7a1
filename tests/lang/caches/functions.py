# Functions whose code, defaults and cells are replaced while calls of them are hot.
import sys
from _hot import in_loop, steps


def f(a, b=2, *, c=3): return (a, b, c)
def other(a, b=20, *, c=30): return [a, b, c]
def wide(*args, **kw): return (args, kw)
def none(): return 'no arguments'
def keyword(*, c=0): return c


def plain(): return f(1)
def two(): return f(1, 5)
def named(): return f(1, c=6)
def star(): return f(*(1, 2), **{'c': 7})


def attribute(name, v): return lambda: setattr(f, name, v)


code = f.__code__
steps(plain, (), (None, (1, 2, 3)), (attribute('__defaults__', (9,)), (1, 9, 3)),
      (attribute('__kwdefaults__', {'c': 8}), (1, 9, 8)), (lambda: f.__kwdefaults__.update(c=10), (1, 9, 10)),
      (lambda: f.__kwdefaults__.clear(), TypeError), (attribute('__kwdefaults__', {'c': 3}), (1, 9, 3)),
      (attribute('__defaults__', None), TypeError), (attribute('__defaults__', (4, 5)), (1, 5, 3)),
      (attribute('__code__', other.__code__), [1, 5, 3]), (attribute('__code__', wide.__code__), ((1,), {})),
      (attribute('__code__', none.__code__), TypeError), (attribute('__code__', code), (1, 5, 3)),
      (attribute('__defaults__', (2,)), (1, 2, 3)))
for probe, first, second in (two, (1, 5, 3), [1, 5, 3]), (named, (1, 2, 6), [1, 2, 6]), (star, (1, 2, 7), [1, 2, 7]):
    steps(probe, (), (None, first), (attribute('__code__', other.__code__), second),
          (attribute('__code__', keyword.__code__), TypeError), (attribute('__code__', code), first))
in_loop(plain, (), attribute('__code__', other.__code__), (1, 2, 3), [1, 2, 3])
in_loop(plain, (), attribute('__code__', code), [1, 2, 3], (1, 2, 3))
in_loop(plain, (), attribute('__defaults__', (0,)), (1, 2, 3), (1, 0, 3))


# The running function replaces its own code: this run goes on as it was.
def self_made(n):
    if n == 0:
        self_made.__code__ = (lambda n: 'new').__code__
    return 'old'


for i in range(3000):
    assert self_made(1) == 'old'
assert self_made(0) == 'old'
for i in range(3000):
    assert self_made(1) == 'new'


# A generator function, a coroutine, and back.
def g(): return 'plain'
def gen(): yield 'generated'
def take():
    r = g()
    return r if isinstance(r, str) else next(r)


was = g.__code__
steps(take, (), (None, 'plain'), (lambda: setattr(g, '__code__', gen.__code__), 'generated'),
      (lambda: setattr(g, '__code__', was), 'plain'))


# Cells: closures share code, not variables; a cell that is emptied is unbound.
def counter(start):
    n = start
    def step():
        nonlocal n
        n += 1
        return n
    def drop():
        nonlocal n
        del n
    return step, drop


a, b = counter(0), counter(1000.5)
for i in range(1, 3000):
    assert a[0]() == i and b[0]() == 1000.5 + i
a[1]()
steps(a[0], (), (None, NameError))
a[0].__closure__[0].cell_contents = 'text'
steps(a[0], (), (None, TypeError))
a[0].__closure__[0].cell_contents = 2 ** 62 - 1
assert a[0]() == 2 ** 62 and type(a[0]()) is int
assert a[0]() == 2 ** 62 + 2


# The callee changes from call to call: functions, methods, classes, natives, partials.
class C:
    def __init__(self, x=0): self.x = x
    def m(self, x=0): return ('m', x)
    @classmethod
    def c(cls, x=0): return ('c', x)
    @staticmethod
    def s(x=0): return ('s', x)
    def __call__(self, x=0): return ('call', x)


import functools
callees = [(lambda x=0: ('lambda', x), ('lambda', 5)), (C().m, ('m', 5)), (C.c, ('c', 5)), (C.s, ('s', 5)), (C(), ('call', 5)),
           (str, '5'), (abs, 5), ([].append, None), (functools.partial(divmod, 11), (2, 1)), (float, 5.0),
           (functools.lru_cache(lambda x: ('cached', x)), ('cached', 5))]


def apply(f, x): return f(x)


for _ in range(600):
    for callee, want in callees:
        assert apply(callee, 5) == want
    assert apply(C, 5).x == 5
for callee, want in callees:
    steps(apply, (callee, 5), (None, want))
steps(apply, (None, 5), (None, TypeError))
call = callees[4][0]
steps(apply, (call, 5), (None, ('call', 5)), (lambda: setattr(C, '__call__', lambda self, x: 'new'), 'new'),
      (lambda: setattr(C, '__call__', len), TypeError), (lambda: delattr(C, '__call__'), TypeError),
      (lambda: setattr(C, '__call__', staticmethod(lambda x: x + 1)), 6))


# Recursion limits hold for hot calls, also when they change.
def deep(n): return 0 if n == 0 else 1 + deep(n - 1)


for _ in range(300):
    assert deep(50) == 50
limit = sys.getrecursionlimit()
try:
    sys.setrecursionlimit(150)
    for _ in range(50):
        try:
            deep(500)
        except RecursionError:
            pass
        else:
            raise AssertionError('no limit')
    sys.setrecursionlimit(2000)
    for _ in range(50):
        assert deep(500) == 500
finally:
    sys.setrecursionlimit(limit)

# Tracing that begins under hot calls sees them; and ends.
seen = []


def traced(n): return n + 1


def loop(n):
    total = 0
    for i in range(n):
        total += traced(i)
    return total


loop(3000)
sys.settrace(lambda frame, event, arg: seen.append(frame.f_code.co_name))
loop(3)
sys.settrace(None)
assert seen.count('traced') == 3, seen
seen.clear()
loop(100)
assert not seen
