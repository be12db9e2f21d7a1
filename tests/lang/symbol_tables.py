"""The compiler's symbol tables, through symtable and _symtable."""
import _symtable
import symtable


def shown(entry):
    return (entry.name, entry.type, entry.lineno, entry.nested, entry.symbols, entry.varnames,
            [shown(child) for child in entry.children])


def table(source):
    return shown(_symtable.symtable(source, "f", "exec"))


ANNOTATE = {".format": 4116}
assert table("lambda x: 1") == ("top", 2, 0, 0, {}, [], [("lambda", 0, 1, 0, {"x": 4100}, ["x"], [])])
assert table("def f(): pass") == ("top", 2, 0, 0, {"f": 4098}, [], [
    ("__annotate__", 3, 1, 0, ANNOTATE, [".format"], []), ("f", 0, 1, 0, {}, [], [])])
assert table("from __future__ import annotations\ndef f(): pass")[-1] == [("f", 0, 2, 0, {}, [], [])]
assert table("[x for x in [1]]") == ("top", 2, 0, 0, {"x": 4626}, [], [])
assert table("[(lambda: x) for x in [1]]")[4] == {"x": 23042}
assert table("(i for i in x)")[-1] == [("genexpr", 0, 1, 0, {".0": 4100, "i": 4626}, [".0"], [])]
assert table("def f(a):\n  [q + a + G for q in G if (z := q)]")[-1][1][4] == {
    "a": 4100, "G": 12304, "z": 4098, "q": 4626}

top = symtable.symtable("""
def outer(a, *b, c=1, **d):
    local = 1
    global there
    def inner():
        nonlocal local
        return a
    return inner
class C[T]:
    x: int = outer
    def method(self):
        return __class__
""", "f", "exec")
assert top.get_type() == "module" and top.has_children() and not top.is_optimized()
outer = next(child for child in top.get_children() if child.get_name() == "outer")
assert set(outer.get_parameters()) == {"a", "b", "c", "d"}
assert set(outer.get_locals()) == {"a", "b", "c", "d", "local", "inner"}
assert outer.get_globals() == ("there",)
inner = next(child for child in outer.get_children() if child.get_name() == "inner")
assert set(inner.get_frees()) == {"a", "local"} and inner.is_nested()
assert outer.lookup("local").is_local() and inner.lookup("local").is_free()
assert repr(inner.lookup("a")) == "<symbol 'a': FREE, USE>"
assert outer.lookup("inner").get_namespace().get_name() == "inner"
generic = next(child for child in top.get_children() if child.get_name() == "C")
assert str(generic.get_type()) == "type parameters"
assert generic.lookup("T").is_type_parameter()

entry = _symtable.symtable("x", "f", "eval")
assert repr(entry) == f"<symtable entry top({entry.id}), line 0>"
for arguments, kind in (((1, "f", "exec"), TypeError), (("x", 1, "exec"), TypeError),
                        (("x", "f", "func"), ValueError), (("x y", "f", "exec"), SyntaxError),
                        (("x = 1\nglobal x", "f", "exec"), SyntaxError)):
    try:
        _symtable.symtable(*arguments)
    except kind:
        pass
    else:
        raise AssertionError(arguments)
