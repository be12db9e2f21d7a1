"""What frames show of their locals; code objects with other parts; generators on the way of throw()."""
import sys


def comprehension():
    k = 1
    (lambda: k)
    return [(locals()['k'], sys._getframe().f_locals['k']) for k in [5]], k


assert comprehension() == ([(5, 5)], 1)
assert [sorted(locals()) for x in [1]] == [['x']]


class Body:
    y = 0
    names = [sorted(locals()) for x in [1]]
    [exec('y = x') for x in [1]]


assert Body.names == [['x']] and Body.y == 0


def proxy():
    x = 1
    p = sys._getframe().f_locals

    class Name(str):
        pass

    p[Name('x')] = 2
    p['fresh'] = 3
    assert x == 2 and locals()['fresh'] == 3
    assert isinstance(reversed(p), list) and reversed(p)[0] == 'fresh'


proxy()

for name in ('f_trace_opcodes', 'f_lineno'):
    try:
        delattr(sys._getframe(), name)
        assert False
    except AttributeError as e:
        assert str(e) == f"attribute '{name}' of 'frame' objects cannot be deleted", e

# Code objects.
add = (lambda x, y: x + y).__code__
sub = (lambda x, y: x - y).__code__


def f(x, y):
    return 0


f.__code__ = add.replace(co_code=sub.co_code)
assert f(5, 3) == 2
assert add != f.__code__ and hash(add) != hash(f.__code__)
assert list(add.replace(co_linetable=b'').co_lines()) == []
assert all(p == (None,) * 4 for p in add.replace(co_linetable=b'').co_positions())
same = add.replace(co_linetable=add.co_linetable)
assert list(same.co_positions()) == list(add.co_positions())
for wrong in ({'co_code': b'\xff' * 3}, {'co_argcount': 9}, {'co_nlocals': 7}, {'co_firstlineno': -1}):
    try:
        add.replace(**wrong)
        assert False, wrong
    except ValueError:
        pass

# A generator that delegates is on the stack while throw() goes through it.
stack = []


def inner():
    try:
        yield
    except KeyError:
        frame = sys._getframe()
        while frame and frame.f_code.co_name != '<module>':
            stack.append(frame.f_code.co_name)
            frame = frame.f_back


def outer():
    yield from inner()


g = outer()
next(g)
try:
    g.throw(KeyError)
except StopIteration:
    pass
assert stack == ['inner', 'outer'], stack
g = (lambda: (yield 1))()
assert next(g) == 1
try:
    g.send(4)
except StopIteration as e:
    assert e.value == 4
