"""Nesting far beyond the recursion limit: RecursionError or a result, never a crash."""
import copy
import json
import pickle


def deep(make, n=100_000):
    x = make(None)
    for _ in range(n):
        x = make(x)
    return x


def recursion(function, *args):
    try:
        function(*args)
    except RecursionError:
        return
    raise AssertionError('RecursionError not raised')


def survives(function, *args):
    """How deep is too deep differs between implementations and machines."""
    try:
        function(*args)
    except RecursionError:
        pass


class Box:
    __slots__ = 'x'

    def __init__(self, x):
        self.x = x


class Node:
    def __init__(self, x):
        self.x = x


makers = [lambda x: [x], lambda x: (x,), lambda x: {1: x}, Box, Node, lambda x: {'a': [x]},
          lambda x: map(str, [x]), lambda x: iter([x]), lambda x: (lambda: x),
          lambda x: slice(x), lambda x: property(x), lambda x: staticmethod(x),
          lambda x: [(x, {'k': x})]]

# Deallocation.
for make in makers:
    x = deep(make)
    del x

# repr and comparison.
for make in makers[:3]:
    survives(repr, deep(make))
    survives(lambda a, b: a == b, deep(make), deep(make))
survives(hash, deep(lambda x: (x,)))
survives(lambda a, b: a < b, deep(lambda x: (x,)), deep(lambda x: (x,)))
survives(copy.deepcopy, deep(lambda x: [x], 10_000))
survives(pickle.dumps, deep(lambda x: [x]))
survives(json.dumps, deep(lambda x: [x]))
survives(json.loads, '[' * 200_000)
survives(str, deep(lambda x: {1: x}))
survives(isinstance, 1, deep(lambda x: (x,) if x else (str,)))
survives(issubclass, int, deep(lambda x: (x,) if x else (str,)))

# Chains of exceptions, generators, bound methods, partial functions, weak references.
e = None
for i in range(50_000):
    new = ValueError(i)
    new.__context__ = new.__cause__ = e
    e = new
del e, new
g = iter(())
for i in range(20_000):
    g = (x for x in g)
survives(list, g)
del g
import functools
f = len
for i in range(50_000):
    f = functools.partial(f)
assert f('ab') == 2
for i in range(50_000):
    f = functools.partial(lambda g, x: g(x), f)
survives(f, 'ab')
del f
import itertools
c = iter([1])
for i in range(100_000):
    c = itertools.chain(c)
try:
    list(c)
except RecursionError:
    pass
del c


# Runaway recursion through every special method.
class Loop:
    def __getattr__(self, name): return getattr(self, name + 'x')
    def __call__(self): return self()
    def __len__(self): return len(self)
    def __iter__(self): return iter(self)
    def __repr__(self): return repr(self)
    def __str__(self): return str(self)
    def __hash__(self): return hash(self)
    def __bool__(self): return bool(self)
    def __eq__(self, o): return self == o
    def __lt__(self, o): return self < o
    def __add__(self, o): return self + o
    def __index__(self): return [1][self]
    def __getitem__(self, k): return self[k]
    def __contains__(self, k): return k in self
    def __enter__(self):
        with self: pass
    def __exit__(self, *a): pass
    def __format__(self, spec): return format(self, spec)
    def __instancecheck__(self, o): return isinstance(o, self)
    def __int__(self): return int(self)


x = Loop()
for run in (lambda: x.name, x, lambda: len(x), lambda: iter(x), lambda: repr(x), lambda: str(x),
            lambda: hash(x), lambda: bool(x), lambda: x == 1, lambda: x < 1, lambda: x + 1,
            lambda: range(x), lambda: x[0], lambda: 1 in x, x.__enter__, lambda: f'{x}',
            lambda: isinstance(1, x), lambda: int(x), lambda: '%s' % x, lambda: {x: 1},
            lambda: sorted([x, x]), lambda: [x].index(1), lambda: max(x, x)):
    recursion(run)

# Source text.
for source in ('(' * 10_000, '[' * 300_000, '-' * 300_000 + '1', 'not ' * 100_000 + 'x', 'f(' * 50_000,
               'x' + '.x' * 300_000, 'x' + '[0]' * 100_000, '1' + '+1' * 300_000, 'lambda:' * 100_000 + '1',
               'if x:\n ' * 10, '{' * 100_000, "f'" + '{' * 1000, '1 if 1 else ' * 100_000 + '1',
               'a' + '=a' * 100_000, 'async ' * 1000, '@' * 1000 + 'x', 'x' + ' if x' * 10_000):
    try:
        compile(source, 'deep', 'exec')
    except (SyntaxError, RecursionError, MemoryError):
        pass
