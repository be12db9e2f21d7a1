# t-strings (PEP 750) and string.templatelib.
from string.templatelib import Interpolation, Template

name = "x"
t = t"a{name}b{1 + 1!r:>5}"
assert type(t) is Template and t.strings == ("a", "b", "") and t.values == ("x", 2)
first, second = t.interpolations
assert (first.value, first.expression, first.conversion, first.format_spec) == ("x", "name", None, "")
assert (second.value, second.expression, second.conversion, second.format_spec) == (2, "1 + 1", "r", ">5")
assert [p if isinstance(p, str) else p.value for p in t] == ["a", "x", "b", 2]
assert repr(t"{1}") == "Template(strings=('', ''), interpolations=(Interpolation(1, '1', None, ''),))"
both = t"a{1}" + t"b"
assert both.strings == ("a", "b") and both.values == (1,) and list(t"") == []
assert Template("a", "b", Interpolation(1)).strings == ("ab", "")
for bad in (lambda: t"a" + "b", lambda: Template(1), lambda: Template("a", x=1)):
    try:
        bad()
    except TypeError:
        pass
    else:
        assert False
try:
    Interpolation(1, "a", "b")
except ValueError as e:
    assert str(e) == "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'"
match Interpolation(3, "e", "s", "f"):
    case Interpolation(value, expression, conversion, spec):
        assert (value, expression, conversion, spec) == (3, "e", "s", "f")
