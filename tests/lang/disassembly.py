"""dis, opcode and what the library asks of them, over whatever bytecode the runtime has."""
import contextlib
import dis
import inspect
import io
import modulefinder
import opcode
import os
import sys
import tempfile


def sample(values, *, start=0):
    """Adds."""
    total = start
    for value in values:
        if value < 0:
            break
        total += len(value.items)
    try:
        return helper(total)
    except OSError as error:
        raise RuntimeError("no") from error


def closures():
    kept = 1

    def inner():
        return kept, sys.version, sample, missing.attribute.method()  # noqa: F821
    return inner


# Instructions follow one another without gaps, and their names and numbers agree.
instructions = list(dis.get_instructions(sample))
assert [one.offset for one in instructions] == [one.offset for one in dis.Bytecode(sample)]
for one, following in zip(instructions, instructions[1:]):
    assert one.end_offset == following.start_offset, one
assert instructions[0].offset == 0
assert instructions[-1].end_offset == len(sample.__code__.co_code)
for one in instructions:
    assert opcode.opname[one.opcode] == one.opname
    assert one.opcode == sample.__code__.co_code[one.offset]
assert dis.opmap is opcode.opmap and dis.opname is opcode.opname
for name, number in opcode.opmap.items():
    assert isinstance(dis.stack_effect(number, 0 if number in dis.hasarg else None), int)
for bad in (-1, 30000):
    try:
        dis.stack_effect(bad)
    except ValueError:
        pass
    else:
        assert False

# Names, constants, jumps and lines are there to be found.
names = {one.argval for one in instructions if one.opname == "LOAD_GLOBAL"}
assert names == {"len", "helper", "OSError", "RuntimeError"}, names
assert "items" in {one.argval for one in instructions if one.opname == "LOAD_ATTR"}
constants = [one for one in instructions if one.opname == "LOAD_CONST"]
assert "no" in [one.argval for one in constants]
for one in constants:
    assert sample.__code__.co_consts[one.arg] == one.argval
first = sample.__code__.co_firstlineno
lines = {one.line_number - first for one in instructions if one.line_number is not None}
assert set(range(2, 11)) - {5} <= lines | {0, 1}, lines
assert {one.positions.lineno for one in instructions} >= {first + 2, first + 3}
targets = {one.jump_target for one in instructions if one.jump_target is not None}
assert targets and targets <= {one.offset for one in instructions}
assert targets == set(dis.findlabels(sample.__code__.co_code))
assert all(one.argval == one.jump_target for one in instructions if one.jump_target is not None)
labelled = {one.offset for one in dis.Bytecode(sample) if one.is_jump_target}
assert targets <= labelled
starts = list(dis.findlinestarts(sample.__code__))
assert starts and all(a[0] < b[0] for a, b in zip(starts, starts[1:]))
moved = list(dis.get_instructions(sample, first_line=1000))
assert [one.line_number and one.line_number - 1000 for one in moved] == [
    one.line_number and one.line_number - first for one in instructions]

# Text.
text = io.StringIO()
dis.dis(sample, file=text)
for part in ("helper", "'no'", "to L", "-> L", "ExceptionTable:", str(first + 3)):
    assert part in text.getvalue(), part
assert dis.Bytecode(sample).dis() == text.getvalue()
assert repr(dis.Bytecode(sample)) == f"Bytecode({sample!r})"
for options in (dict(show_offsets=True), dict(show_positions=True), dict(adaptive=True),
                dict(show_caches=True), dict(depth=0)):
    text = io.StringIO()
    dis.dis(closures, file=text, **options)
    assert ("Disassembly of" in text.getvalue()) == (options != dict(depth=0))
text = io.StringIO()
dis.dis(sample.__code__.co_code, file=text)
assert text.getvalue().count("\n") == len(instructions)
text = io.StringIO()
dis.dis("a = [x async for x in y] if z else lambda: 0" if False else "x + 1", file=text)
assert "x" in text.getvalue()
info = dis.code_info(sample)
for part in ("Name:              sample", "Kw-only arguments: 1", "HAS_DOCSTRING", "'Adds.'",
             "   0: values"):
    assert part in info, part
with contextlib.redirect_stdout(io.StringIO()) as text:
    dis.show_code(sample)
assert text.getvalue() == info + "\n"
for bad in (1, object()):
    try:
        dis.dis(bad)
    except TypeError as error:
        assert "don't know how to disassemble" in str(error)
    else:
        assert False


class Holder:
    def method(self):
        return self

    def generator(self):
        yield self

    async def coroutine(self):
        async with self as it:
            await it


text = io.StringIO()
dis.dis(Holder, file=text)
assert "Disassembly of method:" in text.getvalue()
dis.dis(Holder().method, file=text)
dis.dis(Holder().generator(), file=text)
coroutine = Holder().coroutine()
dis.dis(coroutine, file=text)
coroutine.close()

def failing(value):
    return value.missing


try:
    failing(None)
except AttributeError as error:
    trace = error.__traceback__.tb_next
text = io.StringIO()
dis.distb(trace, file=text)
marked = [line for line in text.getvalue().splitlines() if "-->" in line]
assert len(marked) == 1 and "LOAD_ATTR" in marked[0], marked
assert "-->" in dis.Bytecode.from_traceback(trace).dis()
if sys.implementation.name == "dxpy":
    for junk in (bytes(range(256)) * 3, b"\xff" * 9, b"\x01", bytearray(b"\x02\0")):
        dis.dis(junk, file=io.StringIO())
    # Registers by name, temporaries by number, and what an instruction uses up.
    text = io.StringIO()
    dis.dis("f(a, b)[0]", file=text)
    assert "t0!" in text.getvalue()

# What the library reads off the instructions.
variables = inspect.getclosurevars(closures())
assert variables.nonlocals == {"kept": 1}
assert variables.globals == {"sys": sys, "sample": sample}
assert variables.unbound == {"version", "missing", "attribute", "method"}, variables.unbound
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "program.py")
    with open(path, "w") as file:
        file.write("import this_one\nfrom json import loads\nvalue = 1\ndef f():\n    import csv\n")
    finder = modulefinder.ModuleFinder()
    finder.run_script(path)
    assert {"json", "csv"} <= set(finder.modules)
    assert "this_one" in finder.badmodules
    assert {"value", "f"} <= set(finder.modules["__main__"].globalnames)
assert list(dis._find_imports(compile("import a.b\nfrom .c import d, e", "", "exec"))) == [
    ("a.b", 0, None), ("c", 1, ("d", "e"))]
