"""Archives of compiled modules: what `dxpy compile` makes, what runs them, and what happens to damaged ones."""
import importlib.util
import os
import shutil
import struct
import subprocess
import sys
import tempfile

if sys.implementation.name != "dxpy":
    sys.exit()

for name in [n for n in os.environ if n.startswith("PYTHON")]:
    del os.environ[name]
folder = os.path.realpath(tempfile.mkdtemp())
os.chdir(folder)


def dxpy(*arguments, status=0):
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
    assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
    return (done.stdout if status == 0 else done.stderr).strip()


def write(name, text):
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "w") as file:
        file.write(text)


# --- an application -----------------------------------------------------------------------------
write("app/__main__.py", "import sys, tool.inner.leaf as leaf\nprint(leaf.twice(int(sys.argv[1])), __name__)\n")
write("app/tool/__init__.py", "name = __name__\n")
write("app/tool/inner/__init__.py", "")
write("app/tool/inner/leaf.py", "from .. import name\ndef twice(x):\n    return name, 2 * x\n"
                                "def fail():\n    raise ValueError(name)\n")
write("app/plain/deep/leaf.py", "name = __name__\n")
dxpy("compile", "-o", "app.dpb", "app")
shutil.rmtree("app")
assert dxpy("app.dpb", "21") == "('tool', 42) __main__"

# What the import system shows of its modules.
program = """
import sys
sys.path.insert(0, 'app.dpb')
from _archive_loader import ArchiveFinder
sys.path_hooks.insert(0, ArchiveFinder)
import tool.inner.leaf as leaf, tool, inspect, traceback
import plain.deep.leaf
assert plain.deep.leaf.name == 'plain.deep.leaf' and list(plain.__path__) == ['app.dpb/plain']
spec = leaf.__spec__
assert spec.name == 'tool.inner.leaf' and spec.origin == leaf.__file__ == 'app.dpb/tool/inner/leaf.py', spec
assert leaf.__package__ == 'tool.inner' and tool.__path__ == ['app.dpb/tool']
assert spec.loader.get_source('tool.inner.leaf') is None and spec.loader.is_package('tool')  is False
assert leaf.twice.__code__.co_filename == leaf.__file__
try:
    leaf.fail()
except ValueError as error:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    assert (frame.filename, frame.lineno, frame.name) == (leaf.__file__, 5, 'fail')
try:
    import tool.missing
except ModuleNotFoundError as error:
    assert error.name == 'tool.missing'
"""
dxpy("-c", program)

# --- one file, one package ----------------------------------------------------------------------
write("one.py", "import sys\nassert __debug__ or sys.argv == ['one.dpb', 'x']\nprint(__name__, __debug__)\n")
dxpy("compile", "one.py")
assert dxpy("one.dpb") == "__main__ True"
dxpy("compile", "-O", "one.py")
assert dxpy("one.dpb", "x") == "__main__ False"
write("pack/__init__.py", "")
write("pack/__main__.py", "print(__package__)")
dxpy("compile", "pack/")
assert dxpy("pack.dpb") == "pack"
write("two.py", "")
dxpy("compile", "-o", "both.dpb", "one.py", "two.py")
assert "more than one module" in dxpy("both.dpb", status=1)

# --- complaints ---------------------------------------------------------------------------------
write("wrong.py", "def f(:\n")
assert dxpy("compile", "wrong.py", status=1).startswith("wrong.py:1: SyntaxError")
assert not os.path.exists("wrong.dpb")
assert "No such file" in dxpy("compile", "absent.py", status=1)
assert "No space left" in dxpy("compile", "-o", "/dev/full", "one.py", status=1)
assert dxpy("compile", "-o", "no/such/folder.dpb", "one.py", status=1)

# --- the printer --------------------------------------------------------------------------------
write("shown.py", "def f(a, *, b=2):\n    for x in a:\n        try:\n            yield x + b\n"
                  "        except ValueError:\n            return\n")
text = dxpy("dis", "shown.py")
import py_compile  # noqa: E402
assert dxpy("dis", py_compile.compile("shown.py")) == text
dxpy("compile", "shown.py")
assert dxpy("dis", "shown.dpb").split("\n", 2) == ["module shown", "", text]
code = compile(open("shown.py").read(), "shown.py", "exec")
inner = [c for c in code.co_consts if hasattr(c, "co_code")][0]
# Each instruction that is printed is one of the code object's, with the same opcode wherever its name is the same, and they
# fill it; lines and handlers are those that the code object shows.
body = text.split("code 1: ")[1].splitlines()
printed = [line.split()[:2] for line in body if line.strip()[:1].isdigit()]
offsets = [int(offset) for offset, name in printed]
assert offsets[0] == 0 and offsets == sorted(set(offsets)) and offsets[-1] == len(inner.co_code) - 4
numbers = {}
for offset, name in printed:
    assert numbers.setdefault(name, inner.co_code[int(offset)]) == inner.co_code[int(offset)]
assert len(set(numbers.values())) == len(numbers)
lines = [int(line.split()[1]) for line in body if line.startswith("  line ")]
assert set(lines) == {line for _, _, line in inner.co_lines() if line}
assert sum(line.startswith("  handler ") for line in body) > 0

# --- damage: an archive ---------------------------------------------------------------------------
good = open("app.dpb", "rb").read() if os.path.exists("app.dpb") else b""
assert good[:4] == b"DPB\x1a" and len(good) % 64 == 0
for bad in good[:10], good[:64], good[:-64], good + bytes(64), good[:4] + b"\xff" + good[5:]:
    with open("bad.dpb", "wb") as file:
        file.write(bad)
    report = dxpy("bad.dpb", "1", status=1)
    assert "ImportError" in report.splitlines()[-1], report
for at in range(4, len(good), 97):  # any bit, anywhere
    bad = bytearray(good)
    bad[at] ^= 1 << at % 8
    with open("bad.dpb", "wb") as file:
        file.write(bad)
    done = subprocess.run([sys.executable, "bad.dpb", "21"], capture_output=True, text=True)
    if done.returncode:
        assert done.returncode == 1 and "ImportError" in done.stderr.splitlines()[-1], (at, done)
    else:
        assert done.stdout == "('tool', 42) __main__\n"

# --- damage: a compiled file ----------------------------------------------------------------------
# The source is compiled again, and the file is whole afterwards.
write("mod.py", "def f(x):\n    return [x, 'text', 2.5]\n")
cached = importlib.util.cache_from_source("mod.py")
run = ("-c", "import mod; print(mod.f(1))")
assert dxpy(*run) == "[1, 'text', 2.5]"
whole = open(cached, "rb").read()
for at in range(64, len(whole), 83):
    bad = bytearray(whole)
    bad[at] ^= 1 << at % 8
    with open(cached, "wb") as file:
        file.write(bad)
    assert dxpy(*run) == "[1, 'text', 2.5]", at
    assert open(cached, "rb").read() == whole, at
os.rename(cached, "mod2.dpb")
with open("mod2.dpb", "r+b") as file:  # where there is no source, a clear error
    file.seek(70)
    file.write(b"\xff")
assert "ImportError: damaged bytecode" in dxpy("-c", "import mod2", status=1)

# --- the library's archive ----------------------------------------------------------------------
# What is served from it is what importlib would have made of the file.
program = """
import json.decoder, sys, inspect, importlib.machinery, os
spec, loader = json.decoder.__spec__, json.decoder.__loader__
path = os.path.join(os.path.dirname(os.__file__), 'json', 'decoder.py')
assert type(loader) is importlib.machinery.SourceFileLoader and loader.path == path
assert spec.origin == json.decoder.__file__ == path and spec.has_location
assert spec.cached == json.decoder.__cached__ == importlib.util.cache_from_source(path)
assert json.__path__ == [os.path.dirname(path)] == json.__spec__.submodule_search_locations
assert loader.get_source('json.decoder') == open(path).read()
assert inspect.getsource(json.decoder.JSONDecoder.decode).startswith('    def decode(self')
assert json.decoder.JSONDecoder.decode.__code__.co_filename == path
assert loader.get_code('json.decoder').co_filename == path
import importlib
assert importlib.reload(json.decoder) is json.decoder
print(json.loads('[1]'))
"""
for options in (), ("-X", "dx-archive=off"), ("-O",):
    assert dxpy(*options, "-c", "import importlib.util\n" + program) == "[1]"

# A damaged one is not used, or a module of it is not; nothing else changes.
exe, tree = os.path.realpath(sys.executable), os.path.join(folder, "tree")
library = os.path.join(os.path.dirname(exe), "stdlib.dpb")
if os.path.exists(library):
    import _archive_loader
    os.makedirs(tree + "/build/release")
    os.symlink(sys.base_prefix, tree + "/build/stdlib")
    os.symlink(os.path.dirname(os.path.realpath(_archive_loader.__file__)), tree + "/lib")
    shutil.copy2(exe, tree + "/build/release/dxpy")
    with open(library, "rb") as file:
        good = file.read()
    index, count = 64, struct.unpack_from("<I", good, 20)[0]
    entries = [struct.unpack_from("<IHHIII", good, index + 64 * i) for i in range(count)]
    names = {good[name:name + length].decode(): (image, size) for name, length, _, image, size, _ in entries}
    cold = {good[name:name + length].decode(): at for name, length, _, _, _, at in entries}
    assert {"json/decoder", "json", "os", "importlib/_bootstrap", "@_archive_loader"} <= set(names)

    def damaged(changes):
        bad = bytearray(good)
        for at in changes:
            bad[at] ^= 0xFF
        return bytes(bad)

    variants = [b"", b"DPB", good[:63], good[:100_000], good[:-64], damaged([5]), damaged([40]), damaged([index + 9]),
                damaged([struct.unpack_from("<I", good, 24)[0] - 300])]
    for name in "os", "json/decoder", "importlib/_bootstrap", "@_archive_loader", "abc":
        image, size = names[name]
        variants += [damaged([image + at]) for at in (0, 8, 17, 40, 70, size // 3, size // 2, size - 9)]
    variants.append(damaged([image + size // 2 for image, size in names.values()]))
    for variant in variants:
        with open(tree + "/build/release/stdlib.dpb", "wb") as file:
            file.write(variant)
        done = subprocess.run([tree + "/build/release/dxpy", "-B", "-c", "import os, json; print(json.loads('[1]'))"],
                              capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (0, "[1]\n", ""), done

    # What is seldom looked at (positions, doc strings) has its own hash, compared when it is asked for.
    program = ("import json.decoder as d\n"
               "try: d.JSONDecoder().decode('[')\n"
               "except ValueError as error: tb = error.__traceback__.tb_next\n"
               "print(d.JSONDecoder.decode.__doc__ is None, tb.tb_lineno)")
    for at in None, cold["json/decoder"] + 3:
        with open(tree + "/build/release/stdlib.dpb", "wb") as file:
            file.write(good if at is None else damaged([at]))
        done = subprocess.run([tree + "/build/release/dxpy", "-B", "-c", program], capture_output=True, text=True)
        assert done.returncode == 0 and done.stderr == "", done
        absent, line = done.stdout.split()
        assert (absent == "True") == (line == "None") == (at is not None), done
