"""Library code written in C++ that is re-entered, or whose arguments change, in the middle."""
import array
import functools
import io
import itertools
import json
import re
import struct
import threading


def raises(kind, function, *args, **kw):
    try:
        function(*args, **kw)
    except kind as e:
        return str(e)
    raise AssertionError(f'{kind} not raised')


# ---- io ----
class Raw(io.RawIOBase):
    def __init__(self, action):
        self.action = action

    def readable(self): return True
    def writable(self): return True
    def seekable(self): return True

    def readinto(self, b):
        self.action(b)
        return 0

    def write(self, b):
        self.action(b)
        return len(b)


stream = io.BufferedReader(Raw(lambda b: stream.read(1)))
raises(RuntimeError, stream.read, 1)
stream = io.BufferedWriter(Raw(lambda b: stream.write(b'again')))
stream.write(b'x')
raises(RuntimeError, stream.flush)
stream.raw.action = lambda b: None
stream.close()


class Liar(Raw):
    def readinto(self, b):
        return 10 ** 6

    def write(self, b):
        return 10 ** 6


raises(OSError, io.BufferedReader(Liar(None)).read, 5)
w = io.BufferedWriter(Liar(None))
w.write(b'abc')
raises(OSError, w.flush)


class BadDecoder:
    def decode(self, data, final=False):
        return 5

    def reset(self): pass
    def getstate(self): return (b'', 0)
    def setstate(self, s): pass


raises(TypeError, io.IncrementalNewlineDecoder(BadDecoder(), True).decode, b'x')
b = io.BytesIO(b'0123456789')
view = b.getbuffer()
raises(BufferError, b.write, b'x' * 100)
raises(BufferError, b.close)
view.release()


# ---- functools, itertools ----
calls = []


@functools.lru_cache(maxsize=3)
def cached(x):
    calls.append(x)
    if len(calls) < 50:
        cached(x + 1)
        cached.cache_clear()
    return x


assert cached(1) == 1


class Key:
    def __init__(self, v): self.v = v
    def __hash__(self): return 1

    def __eq__(self, other):
        small.cache_clear()
        return self.v == other.v


@functools.lru_cache(2)
def small(k):
    return k


for i in range(20):
    small(Key(i % 4))


def reduce_step(a, b):
    items.clear()
    return a


items = [1, 2, 3]
assert functools.reduce(reduce_step, items) == 1
p = functools.partial(lambda *a, **k: (a, k))
p.__setstate__((p.func, (1,), {'k': 2}, {}))
assert p() == ((1,), {'k': 2})
raises(TypeError, p.__setstate__, (1,))
raises(TypeError, p.__setstate__, ('x', 'y', 'z', 'w'))


class Again:
    def __iter__(self): return self

    def __next__(self):
        next(iterator)


for make in (lambda i: itertools.chain(i), lambda i: itertools.islice(i, 5),
             lambda i: itertools.accumulate(i), lambda i: zip(i), lambda i: map(str, i),
             lambda i: filter(None, i), lambda i: enumerate(i), lambda i: itertools.cycle(i),
             lambda i: itertools.takewhile(bool, i), lambda i: itertools.batched(i, 2),
             lambda i: itertools.pairwise(i), lambda i: itertools.zip_longest(i),
             lambda i: itertools.starmap(len, i)):
    iterator = make(Again())
    try:
        next(iterator)
    except (RecursionError, RuntimeError, TypeError, ValueError):
        pass
iterator = None

# ---- re ----
assert re.sub('a', lambda m: re.sub('b', 'c', 'abab'), 'aXa') == 'acacXacac'
m = re.match('(a)(b)?', 'a')
assert m.groups() == ('a', None) and m.group(2) is None
raises(IndexError, m.group, 5)
raises(IndexError, m.group, 'x')
buffer = bytearray(b'aaaa')
it = re.finditer(b'a', buffer)
assert next(it).group() == b'a'
raises(BufferError, buffer.clear)
del it


class Weird(str):
    def __len__(self): return 10 ** 9
    def __getitem__(self, i): return 'z'


assert re.findall('.', Weird('abc')) == ['a', 'b', 'c']

# ---- struct, array ----
data = bytearray(16)


class Clear:
    def __index__(self):
        try:
            data.clear()
        except BufferError:
            pass
        return 1


try:
    struct.pack_into('iiii', data, 0, Clear(), 1, 2, 3)
except struct.error:
    pass
a = array.array('i', range(10))


class Empty:
    def __index__(self):
        del a[:]
        return 1


raises(IndexError, a.__setitem__, 5, Empty())
a = array.array('i', range(10))
a.insert(Empty(), 5)
assert list(a) == [5]
a = array.array('i', range(10))
it = iter(a)
next(it)
del a[:]
assert list(it) == []


# ---- json ----
class Sub(dict):
    def items(self):
        for k, v in list(super().items()):
            self.clear()
            yield k, v


json.dumps(Sub(a=1, b=2))


def default(o):
    big.clear()
    return None


big = [object()] * 100
assert json.dumps(big, default=default).startswith('[null')
loop = []
loop.append(loop)
assert raises(ValueError, json.dumps, loop) == 'Circular reference detected'
raises(json.JSONDecodeError, json.loads, '{"a":' * 100)
raises(TypeError, json.dumps, {(1,): 2})

# ---- threads on one container ----
shared, log, failures = {}, [], []
stop = threading.Event()


def churn(n):
    try:
        i = 0
        while not stop.is_set():
            i += 1
            shared[(n, i % 50)] = [i]
            shared.pop((1 - n, i % 50), None)
            log.append(i)
            if i % 100 == 0:
                log.clear()
            for k in list(shared):
                shared.get(k)
    except Exception as e:
        failures.append(e)


threads = [threading.Thread(target=churn, args=(n,)) for n in (0, 1)]
for t in threads:
    t.start()
stop.wait(0.3)
stop.set()
for t in threads:
    t.join()
assert not failures, failures
