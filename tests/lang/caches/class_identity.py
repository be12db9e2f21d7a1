# __bases__, __class__, __slots__ and the order of resolution change under hot code.
from _hot import in_loop, steps


def load(o): return o.value
def call(o): return o.method()
def kind(o): return type(o).__name__
def check(o, cls): return isinstance(o, cls)


class A:
    value = 'A'
    def method(self): return 'A.method'


class B:
    value = 'B'
    def method(self): return 'B.method'


class Middle(A):
    pass


class C(Middle):
    pass


o = C()


def bases(cls, *new):
    return lambda: setattr(cls, '__bases__', new)


def become(o, cls):
    return lambda: setattr(o, '__class__', cls)


steps(load, (o,), (None, 'A'), (bases(Middle, B), 'B'), (bases(Middle, A, B), 'A'), (bases(Middle, B, A), 'B'),
      (bases(C, B), 'B'), (lambda: setattr(B, 'value', 'B2'), 'B2'), (bases(C, A), 'A'), (bases(C, Middle), 'B2'))
steps(call, (o,), (None, 'B.method'), (bases(Middle, A), 'A.method'), (bases(Middle, B), 'B.method'))
steps(check, (o, A), (None, False), (bases(Middle, A), True), (bases(Middle, B), False))
in_loop(load, (o,), bases(Middle, A), 'B2', 'A')

p = A()
steps(load, (p,), (None, 'A'), (become(p, B), 'B2'), (lambda: p.__dict__.update(value='own'), 'own'),
      (become(p, A), 'own'), (lambda: p.__dict__.clear(), 'A'))
steps(call, (p,), (None, 'A.method'), (become(p, B), 'B.method'), (become(p, C), 'A.method'))
steps(kind, (p,), (None, 'C'), (become(p, A), 'A'))
in_loop(call, (p,), become(p, B), 'A.method', 'B.method')


# The same slots, other classes.
class S1:
    __slots__ = 'x', 'y'
    def get(self): return self.x
    value = property(lambda self: ('S1', self.y))


class S2:
    __slots__ = 'x', 'y'
    def get(self): return -self.x
    value = property(lambda self: ('S2', self.y))


def get(o): return o.get()


s = S1()
s.x, s.y = 1, 2
steps(get, (s,), (None, 1), (become(s, S2), -1), (become(s, S1), 1))
steps(load, (s,), (None, ('S1', 2)), (become(s, S2), ('S2', 2)))


# Slots deleted, emptied, replaced by something else.
def slot(o): return o.x
def put(o, v):
    o.x = v
    return o.x


class Slotted:
    __slots__ = 'x', '__dict__'


t = Slotted()
t.x = 5
member = Slotted.__dict__['x']


def empty(): del t.x
steps(slot, (t,), (None, 5), (empty, AttributeError), (lambda: setattr(t, 'x', 6), 6),
      (lambda: setattr(Slotted, 'x', 'class attribute'), 'class attribute'),
      (lambda: t.__dict__.update(x='in the dict'), 'in the dict'),
      (lambda: setattr(Slotted, 'x', member), 6),
      (lambda: delattr(Slotted, 'x'), 'in the dict'))
steps(put, (t, 9), (None, 9), (lambda: setattr(Slotted, 'x', member), 9))
assert t.__dict__ == {'x': 9} and member.__get__(t) == 9
steps(put, (t, 10), (lambda: setattr(Slotted, 'x', property(lambda self: 'read only')), AttributeError),
      (lambda: setattr(Slotted, 'x', member), 10))
assert t.__dict__ == {'x': 9}


# A slot's owner is checked: no cache applies it to a stranger.
class Other:
    pass


Other.x = member
steps(slot, (Other(),), (None, TypeError))

# Abstract classes, registered under hot isinstance.
import abc


class Abstract(abc.ABC):
    pass


steps(check, (p, Abstract), (None, False), (lambda: Abstract.register(B), True))
steps(check, (t, Abstract), (None, False),
      (lambda: setattr(Abstract, '__subclasshook__', classmethod(lambda cls, c: True)), False))


class Checks(type):
    def __instancecheck__(cls, o): return cls.answer


class Checked(metaclass=Checks):
    answer = True


steps(check, (3, Checked), (None, True), (lambda: setattr(Checked, 'answer', False), False),
      (lambda: delattr(Checks, '__instancecheck__'), False),
      (lambda: setattr(Checks, '__instancecheck__', lambda cls, o: o == 3), True))

# __name__ and __qualname__, and classes made anew by hot code.
def make(n):
    class Made:
        value = n
        def get(self): return self.value + n
    return Made().get()


for i in range(3000):
    assert make(i) == 2 * i
