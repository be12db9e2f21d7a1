"""code(...), code.replace(), marshal and copies of code objects."""
import copy
import marshal
import pickle
import sys
import types

ORDER = ("argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames "
         "filename name qualname firstlineno linetable exceptiontable freevars cellvars").split()


def parts(code):
    return {name: getattr(code, "co_" + name) for name in ORDER}


def build(code, /, **changes):
    return types.CodeType(*{**parts(code), **changes}.values())


def raises(kind, text, function, /, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except kind as error:
        assert text in str(error), str(error)
    else:
        assert False, text


def simple(a, b=1, /, c=2, *rest, d, e=5, **more):
    "doc"
    total = a + b + c
    try:
        return [x * total for x in rest], {**more, "d": d}
    except TypeError as error:
        raise ValueError(len(more)) from error


def outer(n):
    kept = n

    def inner(step=2):
        return [lambda: (kept, item, step) for item in range(kept)]
    return inner


def generator(n):
    got = yield n
    yield from [got]


async def coroutine(value):
    async with value as entered:
        return await entered


class Body:
    attribute = [y for y in "ab"]

    def method(self):
        return super().__repr__() + __class__.__name__


def every(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from every(constant)


# Taken apart and put together, in three ways, a code object is the same.
with open(__file__, "rb") as file:
    whole = compile(file.read(), __file__, "exec")
for code in every(whole):
    for again in (build(code), code.replace(), marshal.loads(marshal.dumps(code))):
        assert again == code and hash(again) == hash(code)
        assert parts(again) == parts(code)
        assert list(again.co_lines()) == list(code.co_lines())
        assert list(again.co_positions()) == list(code.co_positions())
    assert copy.copy(code) is code and copy.deepcopy(code) is code
    raises(TypeError, "cannot pickle code objects", pickle.dumps, code)

# And it runs.
function = types.FunctionType(build(simple.__code__), globals(), "f", (1, 2))
function.__kwdefaults__ = {"e": 5}
assert function(1, 1, 1, 5, 6, d=0, z=1) == ([15, 18], {"z": 1, "d": 0})
assert [f() for f in outer(3)()] == [(3, 2, 2)] * 3
made = outer(4)
made.__code__ = build(made.__code__)
assert [f() for f in made()][0] == (4, 3, 2)
remade = types.FunctionType(build(generator.__code__), globals())(5)
assert next(remade) == 5 and remade.send(7) == 7
assert list(remade) == []
namespace = {}
exec(build(compile("class C:\n  x = 1\n  y = [x for x in 'ab']\nz = C.y", "f", "exec")), namespace)
assert namespace["z"] == ["a", "b"]
Body.method.__code__ = build(Body.method.__code__)
assert Body().method().endswith("Body")

# What is replaced shows, and the rest stays.
code = simple.__code__
for name, value in dict(name="n", qualname="q.n", filename="f.py", stacksize=40,
                        consts=code.co_consts + (b"more",), names=code.co_names + ("more",),
                        firstlineno=1000).items():
    changed = code.replace(**{"co_" + name: value})
    assert getattr(changed, "co_" + name) == value
    # The stack's depth and where it is from are no part of what a code object is equal by.
    assert (changed == code) == (name in ("stacksize", "filename", "qualname")), name
    assert code == simple.__code__ and getattr(code, "co_" + name) != value
    rest = {**parts(changed), name: None}
    own = {**parts(code), name: None}
    rest["code"] = own["code"] = None  # numbers of constants may move
    assert rest == own, name
    function = types.FunctionType(changed, globals())
    assert function(1, 1, 1, 2, d=3, e=0, z=4) == ([6], {"z": 4, "d": 3})
assert copy.replace(code, co_name="other").co_name == "other"
lines = [line for _, _, line in code.replace(co_firstlineno=1000).co_lines() if line is not None]
assert min(lines) >= 1000 and max(lines) < 1020
try:
    types.FunctionType(code.replace(co_firstlineno=1000), globals())("", 1, 1, d=1, e=1)
except TypeError as error:
    assert error.__traceback__.tb_next.tb_lineno == 1000 + code.co_firstlineno * 0 + 2
renamed = code.replace(co_varnames=("z",) + code.co_varnames[1:])
assert types.FunctionType(renamed, globals())(1, 1, 1, d=1, e=1) == ([], {"d": 1})
moved = outer(1).__code__.replace(co_freevars=("other",))
assert moved.co_freevars == ("other",)
assert code.replace(co_linetable=b"").co_linetable == b""
assert {p for p in code.replace(co_linetable=b"").co_positions()} <= {(None,) * 4}
marshalled = marshal.loads(marshal.dumps(code.replace(co_name="m", co_consts=code.co_consts + (3,))))
assert marshalled.co_name == "m" and marshalled.co_consts[-1] == 3
raises(ValueError, "unmarshallable object", marshal.dumps,
       code.replace(co_consts=code.co_consts + (object(),)))

# Wrong arguments.
for name in ORDER[:4]:
    raises(ValueError, f"code: {name} must not be negative", build, code, **{name: -1})
    raises(TypeError, "'str' object cannot be interpreted as an integer", build, code, **{name: ""})
for name in ("argcount", "nlocals", "stacksize", "flags", "firstlineno"):
    raises(ValueError, f"co_{name} must be a positive integer", code.replace, **{"co_" + name: -1})
for number, name in enumerate(ORDER, 1):
    kind = {"bytes": bytes, "tuple": tuple, "str": str}.get(type(parts(code)[name]).__name__)
    if kind is not None:
        text = f"must be {kind.__name__}, not list"
        raises(TypeError, f"code() argument {number} {text}", build, code, **{name: []})
        raises(TypeError, f"replace() argument 'co_{name}' {text}", code.replace,
               **{"co_" + name: []})
for name in ("names", "varnames", "cellvars", "freevars"):
    wrong = parts(code)[name][:-1] + (1,)
    raises(TypeError, "name tuples must contain only strings, not 'int'", build, code,
           **{name: wrong})
raises(ValueError, "code: co_varnames is too small", build, code, argcount=30)
raises(ValueError, "code: co_nlocals != len(co_varnames)", build, code, nlocals=3)
raises(ValueError, "code: co_nlocals != len(co_varnames)", code.replace, co_nlocals=3)
raises(ValueError, "code: co_code is malformed", build, code, code=b"abc")
raises(SystemError, "bad argument to internal function", build, code, posonlyargcount=9)
raises(TypeError, "at least 16 arguments, got 3", types.CodeType, 1, 2, 3)
raises(TypeError, "at most 18 arguments, got 19", types.CodeType, *range(19))
raises(TypeError, "takes no keyword arguments", types.CodeType, argcount=1)
raises(TypeError, "unexpected keyword argument 'co_other'", code.replace, co_other=1)
assert code != 1 and not code == 1


# Equality looks at constants' types.
def constant(text):
    return compile(text, "f", "eval")


assert constant("1") == constant("1") != constant("1.0")
assert constant("0.0") != constant("-0.0") and constant("(1, 2)") != constant("(1, 2.0)")

if sys.implementation.name == "dxpy":
    # Operands count through names, variables and constants: replace() keeps them right.
    assert code.replace(co_consts=code.co_consts + (1,)).co_code == code.co_code
    raises(ValueError, "code: co_code is malformed", code.replace, co_code=b"")
    raises(ValueError, "code: co_exceptiontable is malformed", code.replace,
           co_exceptiontable=b"\xff")
    raises(ValueError, "code: ", code.replace, co_stacksize=0)
    raises(ValueError, "too many registers", code.replace, co_stacksize=2**31 - 1)
    raises(ValueError, "code: ", outer.__code__.replace, co_consts=())
    raises(ValueError, "not in a generator", generator.__code__.replace, co_flags=3)
    raises(ValueError, "code: ", outer(1).__code__.replace, co_freevars=())
