# Module globals and builtins that change under hot code, by every way there is.
import builtins
import sys
from _hot import in_loop, outcome, steps, warm

value = 'global'


def load(): return value
def length(): return len([1, 2, 3])
def count(): return [i for i in range(3)]
def check(): return isinstance(3, int)
def total(): return sum(x for x in (1, 2, 3))
def store(v):
    global stored
    stored = v
    return globals()['stored']


def put(name, v): return lambda: globals().__setitem__(name, v)
def drop(name): return lambda: globals().__delitem__(name)
def builtin(name, v): return lambda: setattr(builtins, name, v)
def no_builtin(name): return lambda: delattr(builtins, name)
def run(text): return lambda: exec(text, globals())


steps(load, (), (None, 'global'), (put('value', 2), 2), (run('value = 3'), 3), (run('del value'), NameError),
      (builtin('value', 'builtin'), 'builtin'), (put('value', 'global again'), 'global again'),
      (drop('value'), 'builtin'), (lambda: builtins.__dict__.update(value='by update'), 'by update'),
      (no_builtin('value'), NameError), (lambda: globals().update(value=4), 4),
      (lambda: globals().pop('value'), NameError), (lambda: globals().setdefault('value', 5), 5),
      (lambda: setattr(sys.modules[__name__], 'value', 6), 6),
      (lambda: delattr(sys.modules[__name__], 'value'), NameError), (put('value', 7), 7))
in_loop(load, (), put('value', 8), 7, 8)
in_loop(load, (), drop('value'), 8, NameError)
in_loop(load, (), builtin('value', 9), NameError, 9)
del builtins.value
steps(store, (1,), (None, 1), (drop('stored'), 1))

real = {name: getattr(builtins, name) for name in ('len', 'range', 'isinstance', 'sum', 'int')}
steps(length, (), (None, 3), (builtin('len', lambda o: 'my len'), 'my len'),
      (lambda: builtins.__dict__.__setitem__('len', lambda o: 'other len'), 'other len'),
      (put('len', lambda o: 'global len'), 'global len'), (no_builtin('len'), 'global len'),
      (drop('len'), NameError), (builtin('len', real['len']), 3))
steps(count, (), (None, [0, 1, 2]), (builtin('range', lambda n: 'ab'), ['a', 'b']),
      (put('range', lambda n: [n]), [3]), (drop('range'), ['a', 'b']), (builtin('range', real['range']), [0, 1, 2]))
steps(check, (), (None, True), (builtin('isinstance', lambda o, c: 'asked'), 'asked'),
      (builtin('isinstance', real['isinstance']), True), (put('int', str), False), (drop('int'), True))
steps(total, (), (None, 6), (put('sum', list), [1, 2, 3]), (drop('sum'), 6))
in_loop(length, (), builtin('len', max), 3, 3)
in_loop(length, (), builtin('len', real['len']), 3, 3)
in_loop(length, (), builtin('len', lambda o: 4), 3, 4)
builtins.len = real['len']

# Many names: the dict grows and shrinks, values move.
for i in range(500):
    globals()[f'extra{i}'] = i
    assert length() == 3 and outcome(load) is NameError
value = 'after growth'
steps(load, (), (None, 'after growth'))
for i in range(500):
    del globals()[f'extra{i}']
    assert load() == 'after growth'
saved = dict(globals())
steps(load, (), (lambda saved=saved: (globals().clear(), globals().update(saved)), 'after growth'))

# Functions of one code object with other globals, also dict subclasses, and other builtins.
class Logging(dict):
    def __getitem__(self, k):
        if k == 'value': return 'from a subclass'
        return dict.__getitem__(self, k)


def with_globals(g):
    return type(load)(load.__code__, g)


shared = [with_globals({'value': i}) for i in range(5)] + [with_globals({'__builtins__': {'value': 'own builtins'}}), load]
for _ in range(1000):
    assert [f() for f in shared] == [0, 1, 2, 3, 4, 'own builtins', 'after growth']
space = {'value': 1}
f = with_globals(space)
steps(f, (), (None, 1), (lambda: space.update(value=2), 2), (space.clear, NameError),
      (lambda: space.update(__builtins__={'value': 'late'}), NameError), (lambda: space.update(value=3), 3))

source = 'def f():\n  return value\n'
for kind in dict, Logging:
    space = kind(value='plain')
    exec(source, space)
    want = 'plain' if kind is dict else outcome(space['f'])
    steps(space['f'], (), (None, want))
    space['value'] = 'changed'
    steps(space['f'], (), (None, 'changed' if kind is dict else want))
assert eval('value', Logging(), Logging(value=1)) == 'from a subclass'


# Names of class bodies and exec'd code: namespace first, then globals, then builtins.
code = compile('result = value', '<test>', 'exec')
class Space(dict):
    def __missing__(self, k):
        if k == 'value' and self.answer: return 'missing'
        raise KeyError(k)


local = Space()
for i in range(3000):
    local.answer = i % 3 == 0
    exec(code, globals(), local)
    assert local['result'] == ('missing' if local.answer else 'after growth'), i


def body(i):
    class Body:
        if i % 2:
            value = 'in the class'
        got = value
    return Body.got


for i in range(2000):
    assert body(i) == ('in the class' if i % 2 else 'after growth')

# __builtins__ replaced for code that is compiled later.
for i in range(200):
    space = {'__builtins__': {'len': lambda o: i}}
    exec('def f(): return len(())', space)
    assert space['f']() == i
