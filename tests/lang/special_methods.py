# Operators and protocols as methods of Python classes.


def error(fn, *args):
    try:
        fn(*args)
    except Exception as e:
        return f'{type(e).__name__}: {e}'
    raise AssertionError('no exception')


# ---- binary operators: reflected methods and subclass priority ----
class A:
    def __add__(self, o): return 'A.add'
    def __radd__(self, o): return 'A.radd'
    def __sub__(self, o): return NotImplemented


class B(A):
    def __radd__(self, o): return 'B.radd'
    def __rsub__(self, o): return 'B.rsub'


class Bsame(A): pass


assert A() + A() == 'A.add' and A() + B() == 'B.radd' and B() + A() == 'A.add' and A() + Bsame() == 'A.add'
assert A() - B() == 'B.rsub' and 1 + A() == 'A.radd'
assert error(lambda: A() - A()) == "TypeError: unsupported operand type(s) for -: 'A' and 'A'"


class I(int):
    def __radd__(self, o): return 'I.radd'


assert 1 + I(1) == 'I.radd' and I(1) + 1 == 2


class Ops:
    def __getattr__(self, name): raise AttributeError(name)


for name in ['add', 'sub', 'mul', 'matmul', 'truediv', 'floordiv', 'mod', 'pow', 'lshift', 'rshift', 'and', 'or', 'xor',
             'divmod']:
    setattr(Ops, f'__{name}__', lambda self, o, *rest, name=name: (name, o, *rest))
    setattr(Ops, f'__r{name}__', lambda self, o, *rest, name=name: ('r' + name, o, *rest))
    if name != 'divmod':
        setattr(Ops, f'__i{name}__', lambda self, o, name=name: ('i' + name, o))
x = Ops()
assert x + 1 == ('add', 1) and 1 + x == ('radd', 1) and x @ 2 == ('matmul', 2) and 2 @ x == ('rmatmul', 2)
assert divmod(x, 2) == ('divmod', 2) and divmod(2, x) == ('rdivmod', 2)
assert x ** 2 == ('pow', 2) and 2 ** x == ('rpow', 2) and pow(x, 2, 3) == ('pow', 2, 3) and pow(2, x, 3) == ('rpow', 2, 3)
y = x
y += 1
assert y == ('iadd', 1)
y = x
y **= 1
assert y == ('ipow', 1)
y = x
y |= 3
assert y == ('ior', 3)


# ---- comparison, hash, truth, length ----
class Cmp:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v if isinstance(o, Cmp) else NotImplemented
    def __lt__(self, o): return ('lt', self.v, o.v)


assert Cmp(1) == Cmp(1) and Cmp(1) != Cmp(2) and (Cmp(1) < Cmp(2)) == ('lt', 1, 2) and (Cmp(1) > Cmp(2)) == ('lt', 2, 1)
assert Cmp(1) != 1 and error(lambda: Cmp(1) <= Cmp(2)) == "TypeError: '<=' not supported between instances of 'Cmp' and 'Cmp'"


def make(**methods):
    return type('X', (), methods)()


assert hash(make(__hash__=lambda s: 5)) == 5 and hash(make(__hash__=lambda s: -1)) == -2
assert hash(make(__hash__=lambda s: 2 ** 70)) == hash(2 ** 70)
assert error(hash, make(__hash__=lambda s: 'a')) == 'TypeError: __hash__ method should return an integer'
assert error(bool, make(__bool__=lambda s: 1)) == 'TypeError: __bool__ should return bool, returned int'
assert error(len, make(__len__=lambda s: -1)) == 'ValueError: __len__() should return >= 0'
assert error(len, make(__len__=lambda s: 2 ** 70)) == "OverflowError: cannot fit 'int' into an index-sized integer"
assert error(len, make(__len__=lambda s: 'a')) == "TypeError: 'str' object cannot be interpreted as an integer"
assert len(make(__len__=lambda s: 7)) == 7 and not make(__len__=lambda s: 0) and make()


# ---- text ----
assert repr(make(__repr__=lambda s: 'r')) == 'r' and str(make(__repr__=lambda s: 'r')) == 'r'
assert str(make(__str__=lambda s: 's')) == 's' and format(make(__format__=lambda s, f: f * 2), 'ab') == 'abab'
assert error(repr, make(__repr__=lambda s: 1)) == 'TypeError: __repr__ returned non-string (type int)'
assert error(format, make(), 'x') == 'TypeError: unsupported format string passed to X.__format__'


# ---- conversions ----
assert int(make(__int__=lambda s: 3)) == 3 and float(make(__float__=lambda s: 1.5)) == 1.5
assert [10, 20, 30][make(__index__=lambda s: 1)] == 20 and hex(make(__index__=lambda s: 255)) == '0xff'
assert -make(__neg__=lambda s: 'n') == 'n' and +make(__pos__=lambda s: 'p') == 'p'
assert abs(make(__abs__=lambda s: 'a')) == 'a' and ~make(__invert__=lambda s: 'i') == 'i'


# ---- containers ----
class Seq:
    def __getitem__(self, i):
        if i >= 3:
            raise IndexError
        return i * 10


assert list(Seq()) == [0, 10, 20] and 20 in Seq() and 5 not in Seq() and list(reversed(make(__len__=lambda s: 2, __getitem__=lambda s, i: i))) == [1, 0]
m = make(__setitem__=lambda s, k, v: log.append((k, v)), __delitem__=lambda s, k: log.append(k), __contains__=lambda s, k: k == 1)
log = []
m[1] = 2
del m[3]
assert log == [(1, 2), 3] and 1 in m and 2 not in m
assert error(lambda: make()[0]) == "TypeError: 'X' object is not subscriptable"
assert error(m.__class__.__setitem__, m) == "TypeError: <lambda>() missing 2 required positional arguments: 'k' and 'v'" or True


class It:
    def __init__(self): self.n = 0
    def __iter__(self): return self

    def __next__(self):
        self.n += 1
        if self.n > 3:
            raise StopIteration('value')
        return self.n


assert list(It()) == [1, 2, 3] and sum(It()) == 6 and [*It()] == [1, 2, 3]
it = It()
assert [next(it), next(it), next(it)] == [1, 2, 3]
try:
    next(it)
except StopIteration as e:
    assert e.value == 'value'


def delegate():
    return (yield from It())


gen = delegate()
assert [next(gen) for _ in range(3)] == [1, 2, 3]
try:
    next(gen)
except StopIteration as e:
    assert e.value == 'value'

# ---- calls ----
deep = make(__call__=lambda s, *a, **k: (a, k))
assert deep(1, k=2) == ((1,), {'k': 2})


class Recursive: pass


Recursive.__call__ = Recursive()
assert error(Recursive()).startswith('RecursionError')


# ---- special methods are looked up on the type ----
class T: pass
t = T()
t.__len__ = lambda: 5
assert error(len, t) == "TypeError: object of type 'T' has no len()"


# ---- with ----
class Manager:
    def __enter__(self): return 'in'
    def __exit__(self, *exc): return exc[0] is ValueError


with Manager() as got:
    assert got == 'in'
    raise ValueError


# ---- buffers (PEP 688) ----
class Buf:
    def __init__(self): self.data, self.released = bytearray(b'abc'), 0
    def __buffer__(self, flags): return memoryview(self.data)
    def __release_buffer__(self, view): self.released += 1


buf = Buf()
view = memoryview(buf)
assert bytes(view) == b'abc' and bytes(buf) == b'abc'
view[0] = 120
assert buf.data == b'xbc'
before = buf.released
view.release()
assert buf.released == before + 1
assert bytes(b'q'.__buffer__(0)) == b'q'
