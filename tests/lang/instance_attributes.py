# Where instances keep attributes: inline, in a dict, in __slots__; and the texts of failing access.


def error(fn, *args):
    try:
        fn(*args)
    except Exception as e:
        return f'{type(e).__name__}: {e}'
    raise AssertionError('no exception')


class A: pass


# ---- order, growth, deletion ----
a = A()
for i in range(100):
    setattr(a, f'x{i}', i)
assert list(a.__dict__) == [f'x{i}' for i in range(100)]
assert all(getattr(a, f'x{i}') == i for i in range(100))
b = A()
b.q = 1
b.p = 2
assert list(vars(b).items()) == [('q', 1), ('p', 2)]
del b.q
b.q = 3
assert list(vars(b).items()) == [('p', 2), ('q', 3)]
assert error(delattr, b, 'gone') == "AttributeError: 'A' object has no attribute 'gone'"

# ---- the dict is the instance ----
c = A()
c.x = 1
d = c.__dict__
d['y'] = 2
c.z = 3
assert c.y == 2 and d == {'x': 1, 'y': 2, 'z': 3} and c.__dict__ is d
del d['x']
assert not hasattr(c, 'x')
c.__dict__ = {'new': 1}
assert c.new == 1 and not hasattr(c, 'y') and d == {'y': 2, 'z': 3}
del c.__dict__
assert c.__dict__ == {}
assert error(setattr, c, '__dict__', 1) == "TypeError: __dict__ must be set to a dictionary, not a 'int'"
c.__dict__[5] = 'five'
assert c.__dict__ == {5: 'five'}

# ---- names that are not interned ----
e = A()
setattr(e, ''.join(['na', 'me']), 1)
assert e.name == 1 and getattr(e, 'na' + str('me')) == 1


class S(str): pass


setattr(e, S('sub'), 2)
assert e.sub == 2 and getattr(e, S('name')) == 1


# ---- __slots__ ----
class P:
    __slots__ = ('x', '__private', 'y')

    def set_private(self, v): self.__private = v


p = P()
assert P.__slots__ == ('x', '__private', 'y') and not hasattr(p, '__dict__')
assert error(lambda: p.x) == "AttributeError: 'P' object has no attribute 'x'"
p.x = 1
p.y = [1]
p.set_private(3)
assert p.x == 1 and p._P__private == 3 and P.__basicsize__ == 40
del p.x
assert error(lambda: p.x) == "AttributeError: 'P' object has no attribute 'x'"
assert error(delattr, p, 'x') == 'AttributeError: x'
assert error(setattr, p, 'z', 1) == "AttributeError: 'P' object has no attribute 'z' and no __dict__ for setting new attributes"
assert repr(P.x) == "<member 'x' of 'P' objects>"
assert error(P.x.__get__, 1) == "TypeError: descriptor 'x' for 'P' objects doesn't apply to a 'int' object"


class Q(P): pass
q = Q()
q.x, q.free = 1, 2
assert q.__dict__ == {'free': 2} and q.x == 1


class R(P):
    __slots__ = ('__dict__', 'w')


r = R()
r.w, r.any, r.y = 1, 2, 3
assert r.__dict__ == {'any': 2}
for bases, ns, text in [
    ((), {'__slots__': 1}, "TypeError: 'int' object is not iterable"),
    ((), {'__slots__': (1,)}, "TypeError: __slots__ items must be strings, not 'int'"),
    ((), {'__slots__': '1'}, 'TypeError: __slots__ must be identifiers'),
    ((), {'__slots__': 'a', 'a': 1}, "ValueError: 'a' in __slots__ conflicts with class variable"),
    ((), {'__slots__': ('__dict__', '__dict__')}, 'TypeError: __dict__ slot disallowed: we already got one'),
    ((A,), {'__slots__': ('__weakref__',)}, 'TypeError: __weakref__ slot disallowed: we already got one'),
    ((int,), {'__slots__': 'a'}, "TypeError: nonempty __slots__ not supported for subtype of 'int'"),
    ((P, type('P2', (), {'__slots__': 'k'})), {}, 'TypeError: multiple bases have instance lay-out conflict'),
]:
    assert error(type, 'X', bases, ns) == text, (ns, error(type, 'X', bases, ns))


# ---- subclasses of built-in types ----
class I(int): pass
i = I(5)
i.note = 'n'
assert i == 5 and i.note == 'n' and i + 1 == 6 and type(i + 1) is int
class T(tuple): pass
t = T((1, 2))
t.note = 'n'
assert t == (1, 2) and t.__dict__ == {'note': 'n'}
class D(dict): pass
dd = D(a=1)
dd.note = 'n'
assert dd == {'a': 1} and dd.note == 'n'
class E(Exception): pass
ee = E('m')
ee.note = 'n'
assert ee.note == 'n' and ee.args == ('m',) and ee.__dict__ == {'note': 'n'}

# ---- texts ----
assert error(lambda: object().x) == "AttributeError: 'object' object has no attribute 'x'"
assert error(setattr, object(), 'x', 1) == "AttributeError: 'object' object has no attribute 'x' and no __dict__ for setting new attributes"
assert error(setattr, [], 'append', 1) == "AttributeError: 'list' object attribute 'append' is read-only"
assert error(lambda: A.x) == "AttributeError: type object 'A' has no attribute 'x'"
assert error(delattr, A, 'x') == "AttributeError: type object 'A' has no attribute 'x'"
assert error(setattr, a, 1, 2) == "TypeError: attribute name must be string, not 'int'"
assert error(getattr, a, 1) == "TypeError: attribute name must be string, not 'int'"
try:
    a.missing
except AttributeError as exc:
    assert exc.name == 'missing' and exc.obj is a
try:
    A.missing
except AttributeError as exc:
    assert exc.name == 'missing' and exc.obj is A


# ---- hooks ----
class Hook:
    def __init__(self): self.log = []

    def __getattr__(self, name):
        if name == 'bad':
            raise AttributeError('custom')
        return 'got ' + name

    def __setattr__(self, name, value):
        super().__setattr__(name, ('set', value))

    def __delattr__(self, name):
        super().__delattr__(name)


h = Hook()
assert h.log == ('set', []) and h.other == 'got other'
assert error(lambda: h.bad) == 'AttributeError: custom' and not hasattr(h, 'bad')
assert getattr(h, 'bad', 'default') == 'default'
h.v = 1
assert h.v == ('set', 1)
del h.v
assert h.v == 'got v'


class All:
    def __getattribute__(self, name):
        if name == 'real':
            return object.__getattribute__(self, '_real')
        raise AttributeError(name)

    def __getattr__(self, name):
        return 'fallback ' + name


al = All()
object.__setattr__(al, '_real', 1)
assert al.real == 1 and al._real == 'fallback _real'
assert error(object.__setattr__, int, 'a', 1) == "TypeError: can't apply this __setattr__ to type object"

# ---- death of many kinds of instance ----
import gc
died = []


class Node:
    __slots__ = ('next', 'name', '__weakref__')

    def __init__(self, name): self.name = name

    def __del__(self): died.append(self.name)


n = Node('a')
del n
assert died == ['a']
x, y = Node('x'), Node('y')
x.next, y.next = y, x
del x, y
gc.collect()
assert sorted(died) == ['a', 'x', 'y']


class Cyclic:
    def __del__(self): died.append('cyclic')


k = Cyclic()
k.me = k
del k
gc.collect()
assert died[-1] == 'cyclic'


class Phoenix:
    saved = None

    def __del__(self):
        Phoenix.saved = self
        died.append('phoenix')


Phoenix()
assert isinstance(Phoenix.saved, Phoenix)
Phoenix.saved = None
assert died.count('phoenix') == 1
import weakref


def temporary_class():
    class Temp:
        def method(self): return Temp
    return weakref.ref(Temp), Temp()


ref, obj = temporary_class()
assert ref() is type(obj)
del obj
gc.collect()
assert ref() is None
