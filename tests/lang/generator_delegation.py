"""Generators that delegate to generators: values, exceptions, frames and states along the chain."""
import inspect
import sys
import types


def leaf(n):
    got = []
    for i in range(n):
        got.append((yield i))
    return got


def middle(n):
    return (yield from leaf(n))


def outer(n):
    return (yield from middle(n))


# Values go down, results come up.
g = outer(3)
assert next(g) == 0
assert g.send("a") == 1
assert g.send("b") == 2
try:
    g.send("c")
except StopIteration as stop:
    assert stop.value == ["a", "b", "c"]
else:
    assert False

# Every level sees the right frames, and is executing, while the innermost runs.
seen = []


def look(holders):
    frame = sys._getframe(1)
    names = []
    while frame and frame.f_code.co_name != "<module>":
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    seen.append((names, [h.gi_running for h in holders]))


def inner(holders):
    look(holders)
    yield 1
    look(holders)
    yield 2


def wrap(g):
    yield from g


holders = []
a = inner(holders)
b = wrap(a)
c = wrap(b)
holders.extend([a, b, c])
assert list(c) == [1, 2]
assert seen == [(["inner", "wrap", "wrap"], [True] * 3)] * 2, seen

# States while suspended, and what each delegates to.
a = leaf(3)
b = wrap(a)
c = wrap(b)
next(c), next(c)
assert [inspect.getgeneratorstate(x) for x in (a, b, c)] == ["GEN_SUSPENDED"] * 3
assert c.gi_yieldfrom is b and b.gi_yieldfrom is a and a.gi_yieldfrom is None
assert a.gi_frame.f_back is None and b.gi_frame.f_back is None
assert not a.gi_running and not b.gi_running
assert next(c) == 2

# Somebody else advances the middle and the innermost generator.
a = leaf(9)
b = wrap(a)
c = wrap(b)
assert [next(c), next(a), next(b), next(c), next(a), next(c)] == [0, 1, 2, 3, 4, 5]
a.close()
assert next(c, "end") == "end"

# A level resumed from inside is executing.
def again():
    yield 1
    try:
        next(top)
    except ValueError as e:
        yield str(e)
    try:
        next(mid)
    except ValueError as e:
        yield str(e)


mid = wrap(again())
top = wrap(mid)
assert list(top) == [1, "generator already executing", "generator already executing"]


# Exceptions pass every level, which may handle them and go on.
def catcher(g, log):
    try:
        yield from g
    except KeyError as e:
        log.append(e.args)
        yield "caught"
    yield "after"


def thrower():
    yield 1
    yield 2
    raise KeyError("x")


log = []
assert list(wrap(catcher(wrap(thrower()), log))) == [1, 2, "caught", "after"]
assert log == [("x",)]

log = []
g = wrap(catcher(wrap(leaf(5)), log))
next(g), next(g)
assert g.throw(KeyError("y")) == "caught" and log == [("y",)]
assert next(g) == "after"


# close() reaches the innermost first.
def closing(name, log, g=None):
    try:
        if g:
            yield from g
        else:
            yield 1
            yield 2
    finally:
        log.append(name)


log = []
g = closing("outer", log, closing("middle", log, closing("inner", log)))
next(g), next(g)
g.close()
assert log == ["inner", "middle", "outer"]

log = []
g = closing("outer", log, closing("middle", log, closing("inner", log)))
next(g)
next(g)
del g
assert log == ["inner", "middle", "outer"], log


# The handled exception of each level is its own.
def handled():
    yield sys.exc_info()[1]
    try:
        raise ValueError("inner")
    except ValueError:
        yield sys.exc_info()[1].args
        yield sys.exc_info()[1].args
    yield sys.exc_info()[1]


def handling():
    try:
        raise TypeError("outer")
    except TypeError:
        yield from handled()
        yield sys.exc_info()[1].args


g = wrap(handling())
first = next(g)
assert isinstance(first, TypeError)
try:
    raise KeyError("consumer")
except KeyError:
    assert next(g) == ("inner",)
    assert sys.exc_info()[1].args == ("consumer",)
    assert next(g) == ("inner",)
assert next(g) is first
assert next(g) == ("outer",)


# Recursive trees, and delegates that are replaced all the time.
def tree(n):
    if n:
        yield from tree(n - 1)
        yield n
        yield from tree(n - 1)


assert sum(tree(10)) == 2036
assert list(tree(3)) == [1, 2, 1, 3, 1, 2, 1]


def zipped():
    x, y = tree(6), tree(6)
    return [(next(x), next(y)) for _ in range(63)]


assert all(p == q for p, q in zipped())


# Depth counts.
def deep(n):
    if n:
        yield from deep(n - 1)
    else:
        yield 1
        yield 2


assert list(deep(400)) == [1, 2]
try:
    list(deep(100000))
except RecursionError:
    pass
else:
    assert False


def at_depth(n, f):
    return f() if n == 0 else at_depth(n - 1, f)


g = deep(500)
assert next(g) == 1
try:
    at_depth(700, lambda: next(g))
except RecursionError:
    pass


# Coroutines.
class Once:
    def __await__(self):
        return (yield "asked")


async def bottom():
    return await Once(), await Once()


async def pass_on():
    return await bottom()


async def start():
    return await pass_on()


c = start()
assert c.send(None) == "asked" and c.send(1) == "asked"
assert c.cr_await.__name__ == "pass_on" and not c.cr_running
try:
    c.send(2)
except StopIteration as stop:
    assert stop.value == (1, 2)

c = start()
c.send(None)
try:
    c.throw(LookupError("thrown"))
except LookupError as e:
    names = []
    tb = e.__traceback__
    while tb:
        names.append(tb.tb_frame.f_code.co_name)
        tb = tb.tb_next
    assert names[1:] == ["start", "pass_on", "bottom", "__await__"], names


@types.coroutine
def old_style():
    return (yield "old")


async def uses_old():
    return await old_style()


c = uses_old()
assert c.send(None) == "old"
try:
    c.send(3)
except StopIteration as stop:
    assert stop.value == 3

# An awaited coroutine cannot be awaited twice.
c = bottom()


async def awaits(c):
    return await c


d = awaits(c)
d.send(None)
try:
    awaits(c).send(None)
except RuntimeError as e:
    assert str(e) == "coroutine is being awaited already"
else:
    assert False
d.close()
