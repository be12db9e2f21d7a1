# Instances whose __dict__ is replaced, cleared, shared, made a subclass's, or grown under hot code.
from _hot import in_loop, outcome, steps


class C:
    value = 'class'
    def method(self): return 'class method'


def load(o): return o.value
def call(o): return o.method()
def store(o, v):
    o.value = v
    return o.__dict__['value']


def delete(o):
    o.value = 1
    del o.value
    return o.value


o = C()


def replace(new):
    def do(): o.__dict__ = new
    return do


shared = {'value': 'shared'}
steps(load, (o,), (None, 'class'), (lambda: o.__dict__.update(value=1), 1), (replace({'value': 2}), 2), (replace({}), 'class'),
      (replace(shared), 'shared'), (lambda: shared.update(value='changed'), 'changed'), (shared.clear, 'class'),
      (lambda: setattr(o, 'value', 3), 3), (lambda: shared.pop('value'), 'class'), (lambda: vars(o).update(value=4), 4),
      (lambda: delattr(o, '__dict__'), 'class'), (lambda: setattr(o, 'value', 5), 5))
in_loop(load, (o,), replace({'value': 6}), 5, 6)


class Logging(dict):
    def __getitem__(self, k): return 'never asked'
    def __contains__(self, k): return False


steps(load, (o,), (replace(Logging(value=7)), 7), (lambda: o.__dict__.update(value=8), 8), (replace({}), 'class'))
steps(call, (o,), (None, 'class method'), (lambda: o.__dict__.update(method=lambda: 'own'), 'own'), (replace({}), 'class method'),
      (replace({'method': len}), TypeError), (replace({}), 'class method'))
steps(store, (o, 1), (None, 1), (replace({}), 1), (replace(Logging()), 'never asked'), (replace(shared), 1))
assert shared == {'value': 1}
steps(delete, (o,), (None, 'class'), (replace({}), 'class'))

# Two instances share one dict; so writes through one show in the other.
a, b = C(), C()
a.__dict__ = b.__dict__
for i in range(3000):
    a.value = i
    assert load(b) == i
    b.value = -i
    assert load(a) == -i

# Instances in every state go through one instruction.
class Many:
    pass


def state(i):
    m = Many()
    kind = i % 6
    if kind == 1: m.other = 1
    m.value = i
    if kind == 2: m.__dict__
    if kind == 3: m.__dict__ = {'value': i, 'x': 1}
    if kind == 4:
        for k in range(40): setattr(m, f'a{k}', k)
    if kind == 5:
        m.gone = 1
        del m.gone
    return m


for i in range(4000):
    m = state(i)
    assert load(m) == i
    assert store(m, i + 1) == i + 1
    assert vars(m)['value'] == i + 1
    del m.value
    assert outcome(load, m) is AttributeError and 'value' not in vars(m)

# Order and content of attributes that are deleted and set again.
class Ordered:
    def __init__(self):
        self.a = 1
        self.b = 2
        self.c = 3


def again(o):
    del o.b
    o.b = 4
    return list(vars(o).items())


for _ in range(3000):
    assert again(Ordered()) == [('a', 1), ('c', 3), ('b', 4)]


# Values die when they should, wherever they are kept.
class Thing:
    alive = 0
    def __init__(self): Thing.alive += 1
    def __del__(self): Thing.alive -= 1


for i in range(3000):
    m = Many()
    m.thing = Thing()
    if i % 3 == 0: m.__dict__
    m.thing = Thing()
    assert Thing.alive == 1
    if i % 2: del m.thing
    else: m.__dict__ = {}
    assert Thing.alive == 0


# A finalizer that changes the object which a store is about to change.
class Rude:
    def __init__(self, o): self.o = o
    def __del__(self):
        self.o.__dict__ = {'value': 'rude'}


def push_out(o):
    o.value = Rude(o)
    o.value = 'second'
    return o.__dict__


for i in range(2000):
    m = Many()
    assert push_out(m) in ({'value': 'rude'}, {'value': 'second'})


# Slots and a dict; weak references; instances of builtin classes' subclasses.
class L(list):
    pass


class T(tuple):
    pass


class E(Exception):
    pass


def fresh(cls):
    x = cls()
    x.value = cls
    x.extra = 1
    return x.value, x.__dict__


for _ in range(1500):
    for cls in L, T, E, C, Many:
        assert fresh(cls) == (cls, {'value': cls, 'extra': 1})
