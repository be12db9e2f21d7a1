# Attributes of functions, methods, cells, code objects and modules.
import types


def error(fn, *args, **kwargs):
    try:
        fn(*args, **kwargs)
    except Exception as e:
        return f'{type(e).__name__}: {e}'
    raise AssertionError('no exception')


def f(a, b=1, *args, c: int = 2, **kw) -> int:
    "doc"
    return a + b + c


assert f.__name__ == 'f' and f.__qualname__ == 'f' and f.__doc__ == 'doc' and f.__module__ == __name__
assert f.__defaults__ == (1,) and f.__kwdefaults__ == {'c': 2} and f.__closure__ is None
assert f.__annotations__ == {'c': int, 'return': int} and f.__globals__ is globals()
f.__defaults__ = (5,)
assert f(1) == 8
f.__kwdefaults__ = {'c': 10}
assert f(1) == 16
f.__defaults__ = None
assert error(f, 1) == "TypeError: f() missing 1 required positional argument: 'b'"
f.custom = 1
assert f.custom == 1 and f.__dict__ == {'custom': 1}
f.__name__, f.__qualname__ = 'g', 'h.g'
assert repr(f).startswith('<function h.g at 0x')
f.__annotations__ = {'x': 1}
assert f.__annotations__ == {'x': 1} and f.__annotate__ is None
f.__annotate__ = lambda fmt: {'lazy': fmt}
assert f.__annotations__ == {'lazy': 1}
for name, value, text in [
    ('__code__', 1, 'TypeError: __code__ must be set to a code object'),
    ('__defaults__', 1, 'TypeError: __defaults__ must be set to a tuple object'),
    ('__kwdefaults__', 1, 'TypeError: __kwdefaults__ must be set to a dict object'),
    ('__name__', 1, 'TypeError: __name__ must be set to a string object'),
    ('__annotations__', 1, 'TypeError: __annotations__ must be set to a dict object'),
    ('__annotate__', 1, 'TypeError: __annotate__ must be callable or None'),
    ('__dict__', 1, "TypeError: __dict__ must be set to a dictionary, not a 'int'"),
    ('__globals__', 1, 'AttributeError: readonly attribute'),
]:
    assert error(setattr, f, name, value) == text, error(setattr, f, name, value)


def one(): return 1
def two(): return 2


one.__code__ = two.__code__
assert one() == 2 and one.__name__ == 'one'


def outer():
    x = 1
    def inner(): return x
    return inner


inner = outer()
cell = inner.__closure__[0]
assert cell.cell_contents == 1
cell.cell_contents = 9
assert inner() == 9
del cell.cell_contents
assert error(lambda: cell.cell_contents) == 'ValueError: Cell is empty'
assert error(inner) == "NameError: cannot access free variable 'x' where it is not associated with a value in enclosing scope"
assert types.CellType(1) == types.CellType(1) and types.CellType() < types.CellType(1)
assert error(setattr, two, '__code__', inner.__code__) == 'ValueError: two() requires a code object with 0 free vars, not 1'
made = types.FunctionType(inner.__code__, {}, 'made', None, (types.CellType(4),))
assert made() == 4 and made.__name__ == 'made'
assert error(types.FunctionType, 1, {}) == "TypeError: function() argument 'code' must be code, not int"
assert error(types.FunctionType, inner.__code__, {}, None, None, ()) == 'ValueError: inner requires closure of length 1, not 0'


# ---- methods ----
class C:
    def m(self, x=0): return (self, x)


c = C()
assert c.m.__self__ is c and c.m.__func__ is C.m and c.m.__name__ == 'm' and c.m == c.m and hash(c.m) == hash(c.m)
assert c.m != C().m and types.MethodType(len, [1, 2])() == 2
assert error(types.MethodType, 1, 1) == 'TypeError: first argument must be callable'
assert error(types.MethodType, len, None) == 'TypeError: instance must not be None'
assert C.m.__get__(c)(3) == (c, 3) and C.m.__get__(None, C) is C.m
assert error(C.m.__get__, None) == 'TypeError: __get__(None, None) is invalid'

# ---- code objects ----
code = f.__code__
assert code.co_argcount == 2 and code.co_kwonlyargcount == 1 and code.co_posonlyargcount == 0
assert code.co_varnames == ('a', 'b', 'c', 'args', 'kw') and code.co_nlocals == 5 and code.co_name == 'f'
assert code.co_flags & 0x0C == 0x0C and code.co_filename == __file__ and 'doc' in code.co_consts
assert inner.__code__.co_freevars == ('x',) and outer.__code__.co_cellvars == ('x',)
other = code.replace(co_name='renamed', co_filename='elsewhere.py')
assert other.co_name == 'renamed' and other.co_filename == 'elsewhere.py' and other != code and code == code.replace()
assert hash(code) == hash(code.replace())
assert error(code.replace, 1) == 'TypeError: replace() takes no positional arguments'
assert error(code.replace, co_name=1) == "TypeError: replace() argument 'co_name' must be str, not int"
assert error(setattr, code, 'co_name', 'x') == 'AttributeError: readonly attribute'
assert compile('1', 'a', 'eval') == compile('1', 'a', 'eval') and compile('1', 'a', 'eval') != compile('1.0', 'a', 'eval')
lines = [line for _, _, line in code.co_lines() if line]
assert lines and all(code.co_firstlineno <= line <= code.co_firstlineno + 3 for line in lines)
assert all(len(p) == 4 for p in code.co_positions())
assert len(list(code.co_positions())) == len(code.co_code) // 2

# ---- built-in functions ----
assert repr(len) == '<built-in function len>' and len.__name__ == 'len' and len.__module__ == 'builtins'
assert len.__text_signature__ == '($module, obj, /)' and [].append.__qualname__ == 'list.append'
assert error(setattr, len, 'x', 1) == "AttributeError: 'builtin_function_or_method' object has no attribute 'x' and no __dict__ for setting new attributes"

# ---- modules ----
m = types.ModuleType('mod', 'doc')
assert m.__name__ == 'mod' and m.__doc__ == 'doc' and repr(m) == "<module 'mod'>" and 'x' not in dir(m)
m.x = 1
assert m.__dict__['x'] == 1 and 'x' in dir(m)
assert error(lambda: m.y) == "AttributeError: module 'mod' has no attribute 'y'"
m.__getattr__ = lambda name: 'dynamic ' + name
assert m.y == 'dynamic y'
m.__dir__ = lambda: ['b', 'a']
assert dir(m) == ['a', 'b']
assert error(types.ModuleType) == "TypeError: module() missing required argument 'name' (pos 1)"
assert m.__annotations__ == {}

# ---- SimpleNamespace ----
ns = types.SimpleNamespace(a=1, b='x')
assert repr(ns) == "namespace(a=1, b='x')" and ns == types.SimpleNamespace({'a': 1}, b='x') and ns.a == 1
ns.self = ns
assert repr(ns) == "namespace(a=1, b='x', self=namespace(...))"
assert error(types.SimpleNamespace, 1, 2) == 'TypeError: SimpleNamespace expected at most 1 argument, got 2'
