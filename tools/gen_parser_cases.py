"""Makes tests/unit/data/parser_cases.tsv: small programs and what CPython 3.14 says to them.

Run it with CPython 3.14, in the source folder: python3.14 tools/gen_parser_cases.py
A line: mode, program (backslash escapes), dump of the tree or the error's attributes.
"""

import ast
import warnings

VALID = """
x = 1
x: int = 3
(x): int
a.b: c = yield
x, *y = a[1:2, ::3]
x = y = *a, b
x += yield 1
del a, (b, c[0]), [d.e]
def f(a, /, b: int, c=1, *d: *e, f, g=2, **h) -> i: return a, *b
def f(*, a): pass
async def f(): await x; return [y async for y in z if a if b]
class A[T: int, *U = *V, **W = []](B, *C, m=D, **E): x: int
type X[T] = list[T]
lambda: 0
lambda a, /, b=1, *c, d=2, **e: a
if a: pass\\nelif b: x\\nelse: y
for (a, b), *c in d, *e: pass\\nelse: z
while (x := f()) and not y: break
with a as b, c: pass
with (a as b, c as (d, e),): pass
with (a, b): pass
with (yield): pass
try: a\\nexcept b: c\\nexcept d as e: f\\nexcept: g\\nelse: h\\nfinally: i
try: a\\nexcept b, c: d
try: a\\nexcept* b as c: d
@a.b(c)\\n@d\\ndef f(): pass
import a.b as c, d
from .. import a
from ...b.c import (d as e, f,)
from a import *
global a, b
nonlocal c
assert a, b
raise a from b
match x:\\n  case -1 | 2+3j | "a" "b" | None: pass\\n  case A(b, c=D(), e=[*_, f]) as g if h: pass\\n  case {"k": v, **r}: pass\\n  case (a,) | [a, *b]: pass\\n  case x.y: pass\\n  case _: pass
match = case = type = _ = 1
match(x)
print(*a, b, c=d, **e)
f(x for x in y)
f(a, *b, c=1, *d, **e)
a if b else c if d else e
a or b and not c
a < b <= c != d is not e not in f in g is h
-a ** -b * +c @ ~d // e % f
a << b >> c & d ^ e | f
a[b, *c, d:e]
a.b.c(d)[e](f)
(a, b)
(a,)
()
[]
{}
{a: b, **c}
{a, *b}
[a for b in c for d in e if f]
{a: b for c in d}
{a for b in c}
(yield)
(yield from a)
...
0x_ff + 0o17 + 0b101 + 1_000 + 0xffffffffffffffffffffff
1.5 + 1e300 + 1e-7 + .5 + 1. + 1e22 + 5e-324 + 1e400
1j + 1.5e3j
'a' "b" 'c\\\\n\\\\x41\\\\u00e9\\\\101'
b'a\\\\xff' b"\\\\n"
u'a'
r'\\\\d' rb'\\\\d'
'''a\\nb'''
f'a{b}c{d!r:>{e}}{{}}'
f'{a=}{b = !s:x}'
f'{a:{b}{c}}' 'd' f"{e}"
f'''{\\na\\n}'''
f'{a!=b}{{c}}{lambda_:1}'
rf'\\\\{a}\\\\N'
t'a{b}c' t'{d=}'
'\\\\N{BULLET}'
caf\\u00e9 = '\\u00e9' + \\u00b5
if a:\\n  b\\n\\n# c\\n  d\\ne
a; b;
\\\\\\na = \\\\\\n b
(a\\n #c\\n + b)
\\x0ca = 1
"""

ERRORS = """
x = (1,
a b
f(a b)
[a, b c]
{a: b c}
{a b}
(a, b
a = 1 +
a)
(a]
(a\\n]
if a\\n  pass
if a:\\npass
while a:\\nb
for a in b:\\nc
def f():\\nx
class A:\\nx
with a:\\nb
try:\\na
try: a\\nb
try:\\n  a\\n
try: a\\nexcept:\\nb
try: a\\nexcept b\\n  c
match a:\\nb
match a:\\n  case b:\\n  c
else: pass
if a: b\\nelse: c\\nelif d: e
 a
if a:\\n  b\\n    c
if a:\\n    b\\n  c
if a:\\n\\tb\\n        c
1 = a
f() = a
a + b = c
None = a
a, 1 = b
(a, b): c
[a]: b
f(): a
a, b += c
f() += a
del f()
del a + b
for 1 in a: pass
for f() in a: pass
[a for 1 in b]
[a for b c in d]
with a as f(): pass
if a = b: pass
(a = b)
f(a.b = c)
f(a=b, c)
f(**a, b)
f(**a, *b)
f(a for b in c, d)
f(a, b for c in d)
f(True=1)
f(a=)
f(1=2)
(a := b := c)
(a.b := c)
a := b
lambda: a = b
a if b
a if b else pass
pass if a else b
[*a for b in c]
{**a for b in c}
[a, b for c in d]
(*a)
(**a)
f(*)
{a:}
{a: *b}
{a: b, c}
{a:b, c:}
import
import a from b
from a import
from a import b,
import a as b.c
from a import b as 1
def f(a, a=1, b): pass
def f(a=1, b): pass
def f(*): pass
def f(*, **a): pass
def f(/, a): pass
def f(a, /, b, /): pass
def f(*a, /): pass
def f(**a, b): pass
def f(*a=1): pass
def f(**a=1): pass
def f((a, b)): pass
def f(a=): pass
def f a: pass
def f()
def f[](): pass
def f[*T: int](): pass
lambda *: a
lambda a=1, b: c
lambda (a): b
class A(x for x in y): pass
print a
exec "a"
raise a from
1 <> 2
a + not b
- not a
'abc
"abc\\\\"
'''abc
'a' b 'c'
"a"b"c
f'{a
f'{a!x}'
f'{a b}'
f'{}'
f'{!r}'
f'{a:'
f'}'
f'{a!}'
f'{a! r}'
f'{lambda x:1}'
f'{a:{b:{c:{d}}}}'
f'{a)}'
t'{a b}'
t'a' 'b'
b'\\u00e9'
'a' b'b'
'\\\\x4'
'\\\\N{no such name}'
'\\\\ud'
b'\\\\x'
ub'a'
0777
0b2
0o8
0xg
1__0
1_
1a
1e
0_
a $ b
a ? b
\\u00a0a
a\\u20ac = 1
\\u201ca\\u201d
a \\\\ b
a\\\\
async a
await
yield = 1
match a\\n  case b: c
case a: b
match a:\\n  case b as c.d: e
match a:\\n  case b as _: c
match a:\\n  case A(b=c, d): e
match a:\\n  case 1+2: b
except: a
return = 1
a..b
a.1
a[
a[b
a b c
def
class
class 1: pass
class A(
x = yield = 1
a ! b
"""


def lines(text):
    return [line.encode().decode("unicode_escape") for line in text.strip("\n").split("\n")]


def outcome(source, mode):
    try:
        return ast.dump(ast.parse(source, "<case>", mode), include_attributes=True)
    except SyntaxError as e:
        return "|".join(map(str, (type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno,
                                  e.end_offset, e.text)))


def main():
    warnings.simplefilter("ignore")
    cases = [("exec", s) for s in lines(VALID) + lines(ERRORS)]
    cases += [("eval", s) for s in ("a", " a", "a\n", "a b", "", "a = 1", "*a", "a, b", "(a")]
    cases += [("single", s) for s in ("a\n", "a", "a; b", "if a: b\n\n", "a\nb\n", "\n", "")]
    cases += [("func_type", s) for s in ("() -> a", "(a, *b, **c) -> d", "(a", "a -> b")]

    def escape(text):
        return text.encode("unicode_escape").decode()

    with open("tests/unit/data/parser_cases.tsv", "w", encoding="utf-8") as file:
        for mode, source in cases:
            file.write("\t".join((mode, escape(source), escape(outcome(source, mode)))) + "\n")


if __name__ == "__main__":
    main()
