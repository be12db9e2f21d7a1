# Module attributes, module __getattr__, and modules that become something else.
import sys
import types
from _hot import in_loop, steps

m = types.ModuleType('m')
m.value = 1
m.call = lambda: 'called'


def load(): return m.value
def call(): return m.call()
def store(v):
    m.value = v
    return m.__dict__['value']


def put(name, v): return lambda: setattr(m, name, v)
def drop(name): return lambda: delattr(m, name)


steps(load, (), (None, 1), (put('value', 2), 2), (lambda: m.__dict__.update(value=3), 3),
      (lambda: exec('value = 4', m.__dict__), 4), (drop('value'), AttributeError),
      (put('__getattr__', lambda name: 'got ' + name), 'got value'), (put('value', 5), 5),
      (drop('value'), 'got value'), (put('__getattr__', lambda name: 'other ' + name), 'other value'),
      (drop('__getattr__'), AttributeError), (lambda: m.__dict__.setdefault('value', 6), 6))
steps(call, (), (None, 'called'), (put('call', lambda: 'again'), 'again'), (put('call', int), 0), (drop('call'), AttributeError),
      (put('__getattr__', lambda name: lambda: 'made'), 'made'), (put('call', len), TypeError),
      (drop('call'), 'made'), (drop('__getattr__'), AttributeError), (put('call', lambda: 'back'), 'back'))
in_loop(load, (), put('value', 7), 6, 7)
in_loop(call, (), drop('call'), 'back', AttributeError)
steps(store, (8,), (None, 8))


class Special(types.ModuleType):
    @property
    def value(self): return 'property'
    def call(self): return 'method'


plain = types.ModuleType
if sys.implementation.name == 'dxpy':  # CPython 3.14 goes on with what it had cached
    steps(load, (), (None, 8), (lambda: setattr(m, '__class__', Special), 'property'),
          (lambda: setattr(m, '__class__', plain), 8))
steps(call, (), (lambda: setattr(m, '__class__', Special), 'method'), (put('call', lambda: 'own'), 'own'),
      (drop('call'), 'method'), (lambda: setattr(Special, 'call', lambda self: 'new method'), 'new method'),
      (lambda: setattr(m, '__class__', plain), AttributeError))

# The name that holds the module is another module.
other = types.ModuleType('m')
other.value = 'other'
first = m


def swap():
    global m
    m = other if m is first else first


for i in range(3000):
    assert load() == ('other' if i % 2 else 8)
    swap()

# Growth: the dict of a module is rehashed, values move.
m = first
for i in range(1000):
    setattr(m, f'name{i}', i)
    assert load() == 8
for i in range(0, 1000, 2):
    delattr(m, f'name{i}')
    assert load() == 8
del m.value
for i in range(2000):
    try:
        load()
    except AttributeError:
        pass
    else:
        raise AssertionError(i)
m.value = 9
steps(load, (), (None, 9))

# Imports in hot code.
sys.modules['made_up'] = a = types.ModuleType('made_up')
a.x = 1


def imported():
    import made_up
    return made_up.x


def imported_name():
    from made_up import x
    return x


def renew():
    sys.modules['made_up'] = b = types.ModuleType('made_up')
    b.x = 3


for f in imported, imported_name:
    sys.modules['made_up'] = a
    steps(f, (), (lambda: setattr(a, 'x', 1), 1), (lambda: setattr(a, 'x', 2), 2), (renew, 3),
          (lambda: sys.modules.__setitem__('made_up', None), ModuleNotFoundError),
          (lambda: sys.modules.__setitem__('made_up', a), 2))
del sys.modules['made_up']

# Loaded through an alias whose module died: nothing answers for it.
def alias(o): return o.value


for i in range(300):
    t = types.ModuleType('t')
    t.value = i
    for _ in range(5):
        assert alias(t) == i
    del t
