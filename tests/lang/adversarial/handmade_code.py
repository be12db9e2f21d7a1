"""Instructions that a program made up: what is accepted runs, whatever it does, without harm."""
import asyncio
import dis
import marshal
import random
import sys
import types

random.seed(20)
REFUSED = (ValueError, TypeError, SystemError, OverflowError, EOFError, MemoryError, ImportError)


def calls(a, b=2, *args, c=3, **kw):
    try:
        x = [i * a for i in range(b)]
        for y in x:
            if y > 3:
                raise ValueError(y)
    except (ValueError, OSError) as error:
        return {**kw, "e": error, "a": [*x]}
    finally:
        c = 1
    return f"{a!r:>{b}}", (x, *args), a < 1 < b, a and b or c


def closures(n):
    q = 3

    class A(object):
        z = n

        def m(self):
            return super().__repr__(), q
    try:
        raise ExceptionGroup("x", [ValueError(1), TypeError(2)])
    except* ValueError as group:
        found = group
    return A().m(), found


def yields(n):
    x = yield n
    try:
        yield from [x, n]
    except StopIteration:
        yield
    with memoryview(b"a") as view:
        yield view


async def awaits(n):
    async with n as k:
        await k
    return [w async for w in n]


def matches(s):
    match s:
        case [a, *b, 1]:
            return a, b
        case {"k": v, **r}:
            return v, r
        case types.SimpleNamespace(a=1, b=q):
            return q
    from sys import path

    def generic[T](x: T = 1, *, k=2) -> T:
        return x, path
    type Alias[T] = list[T]
    return generic(), Alias, t"{s!r:>3} b"


FUNCTIONS = [calls, closures, yields, awaits, matches]
ARGUMENTS = [(1,), (5, 6), ([1, 2, 1],), ({"k": 1},), (types.SimpleNamespace(a=1, b=2),), ()]


def every(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from every(constant)


def mutated(data):
    data = bytearray(data)
    for _ in range(random.choice((1, 1, 2))):
        kind, i = random.randrange(7), random.randrange(len(data))
        j, size = random.randrange(len(data)) & ~3, random.choice((4, 8, 12))
        if kind < 3:
            data[i] = random.choice((0, 1, 2, 3, 6, 0x80, data[i] ^ 1, data[i] ^ 0x80,
                                     random.randrange(256)))
        elif kind == 3:
            data[i & ~3:(i & ~3) + size] = data[j:j + size]
        elif kind == 4:
            del data[i & ~3:(i & ~3) + size]
        else:
            data[i & ~3:i & ~3] = data[j:j + size]
    return bytes(data)


def ends(code):
    """No way leads back."""
    backward = any(i.jump_target is not None and i.jump_target <= i.offset
                   for i in dis.get_instructions(code))
    return not backward and all(entry.target >= entry.end
                                for entry in dis._parse_exception_table(code))


def run(code):
    cells = tuple(types.CellType() for _ in code.co_freevars)
    try:
        function = types.FunctionType(code, dict(globals()), argdefs=(1, 2), closure=cells or None)
        result = function(*random.choice(ARGUMENTS))
        if hasattr(result, "send"):
            for _ in range(3):
                result.send(None)
            result.throw(ValueError)
        repr(result)
    except Exception:
        pass


accepted = 0
codes = [code for function in FUNCTIONS for code in every(function.__code__)]
# Mutated instructions would crash CPython.
for _ in range(2500 if sys.implementation.name == "dxpy" else 0):
    code = random.choice(codes)
    try:
        what = random.randrange(10)
        if what < 7:
            code = code.replace(co_code=mutated(code.co_code))
        elif what == 7:
            code = code.replace(co_exceptiontable=mutated(code.co_exceptiontable or bytes(4)))
        elif what == 8:
            code = code.replace(co_flags=code.co_flags ^ 1 << random.randrange(12),
                                co_linetable=random.randbytes(30))
            list(code.co_positions()), list(code.co_lines()), code.co_linetable
        else:
            code = marshal.loads(mutated(marshal.dumps(code)))
            if not isinstance(code, types.CodeType):
                continue
    except REFUSED:
        continue
    if ends(code):
        accepted += 1
        run(code)
assert accepted > 100 or sys.implementation.name != "dxpy"

# Tables of lines may hold anything.
for _ in range(300):
    code = calls.__code__.replace(co_linetable=random.randbytes(random.randrange(60)),
                                  co_firstlineno=random.choice((0, 1, 2**31 - 1)))
    if sys.implementation.name == "dxpy":
        list(code.co_positions()), list(code.co_lines()), code.co_linetable
        run(code)
