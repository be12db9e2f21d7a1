# Generators and coroutines resumed by hot loops while what they use changes.
from _hot import in_loop, steps


class Source:
    step = 1
    def get(self): return 'first'


source = Source()
scale = 1


def numbers(n):
    for i in range(n):
        yield i * scale + source.step


for round in range(300):
    out = []
    scale = 1
    Source.step = 1
    for i, x in enumerate(numbers(10)):
        if i == 4:
            scale = 10
        if i == 6:
            Source.step = 0.5
        out.append(x)
    assert out == [1, 2, 3, 4, 5, 51, 61, 70.5, 80.5, 90.5], out


def consume(make):
    return [x for x in make()]


def make(): return iter((1, 2))
def gen():
    yield 1
    yield 2
def gen_from(): yield from gen()
def other():
    yield 'a'


def code(f, g): return lambda: setattr(f, '__code__', g.__code__)


was = gen.__code__
steps(consume, (gen,), (None, [1, 2]), (code(gen, other), ['a']), (lambda: setattr(gen, '__code__', was), [1, 2]))
steps(consume, (gen_from,), (None, [1, 2]), (code(gen, other), ['a']), (lambda: setattr(gen, '__code__', was), [1, 2]),
      (lambda: globals().__setitem__('gen', lambda: [7]), [7]), (lambda: globals().__setitem__('gen', make), [1, 2]))
for _ in range(500):
    for f in make, gen_from, other, lambda: range(2), lambda: {}, lambda: (x for x in 'ab'):
        assert consume(f) in ([1, 2], ['a'], [0, 1], [], ['a', 'b'])


def sent():
    total = 0
    while True:
        got = yield total
        if got is None: return
        total += got


for kind, want in (1, 3000), (0.5, 1500.0), (2 ** 62, 3000 * 2 ** 62), (True, 3000):
    g = sent()
    next(g)
    for _ in range(3000):
        last = g.send(kind)
    assert last == want
g = sent()
next(g)
for _ in range(3000):
    g.send(1)
try:
    g.send('text')
except TypeError:
    pass
else:
    raise AssertionError


# Methods that are generators, replaced between two resumptions.
class Walker:
    def __iter__(self): return self.walk()
    def walk(self):
        for i in range(4):
            yield self.name(i)
    def name(self, i): return i


for _ in range(500):
    names = Walker.name
    out = []
    for x in Walker():
        out.append(x)
        if x == 1: Walker.name = lambda self, i: -i
    Walker.name = names
    assert out == [0, 1, -2, -3]
steps(lambda: list(Walker()), (), (None, [0, 1, 2, 3]), (lambda: setattr(Walker, '__iter__', lambda self: iter(())), []))


async def value(): return source.get()
async def twice(): return await value(), await value()


def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as e:
        return e.value


def ask(): return run(twice())
async def replaced(): return 'replaced'
steps(ask, (), (None, ('first', 'first')), (lambda: setattr(Source, 'get', lambda self: 2), (2, 2)),
      (code(value, replaced), ('replaced', 'replaced')))


class Awaitable:
    def __await__(self):
        return 'awaited'
        yield


async def wait(o): return await o
def ask2(): return run(wait(Awaitable()))
steps(ask2, (), (None, 'awaited'), (lambda: setattr(Awaitable, '__await__', lambda self: iter(())), None),
      (lambda: delattr(Awaitable, '__await__'), TypeError))
