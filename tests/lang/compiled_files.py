"""Compiled files beside the source: when they are read, written and believed."""
import compileall
import importlib.util
import os
import py_compile
import struct
import subprocess
import sys
import tempfile

folder = tempfile.mkdtemp()
os.chdir(folder)


for name in [n for n in os.environ if n.startswith("PYTHON")]:
    del os.environ[name]


def run(code, *options, env=None, status=0):
    variables = os.environ | (env or {})
    done = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True, env=variables)
    assert done.returncode == status, (done.returncode, done.stderr)
    return done.stdout.strip() if status == 0 else done.stderr.strip().splitlines()[-1]


def write(name, text, time=None):
    with open(name, "w") as file:
        file.write(text)
    if time:
        os.utime(name, (time, time))


def cached(name="mod.py", **options):
    return importlib.util.cache_from_source(name, **options)


def drop():
    for path in cached(), cached(optimization=1), cached(optimization=2):
        if os.path.exists(path):
            os.remove(path)


SHOW = "import mod; print(mod.value)"

# --- written, read, and out of date -------------------------------------------------------------
write("mod.py", "value = 1\n", 1_000_000_000)
assert run(SHOW) == "1"
with open(cached(), "rb") as file:
    first = file.read()
assert first[:4] == importlib.util.MAGIC_NUMBER
assert struct.unpack("<III", first[4:16]) == (0, 1_000_000_000, len("value = 1\n"))
write("mod.py", "value = 2\n", 1_000_000_000)  # same size and time: the file is believed
assert run(SHOW) == "1"
write("mod.py", "value = 2\n", 1_000_000_001)
assert run(SHOW) == "2"
write("mod.py", "value = 33\n", 1_000_000_001)  # another size
assert run(SHOW) == "33"
assert os.listdir("__pycache__") == [os.path.basename(cached())]

# --- optimization levels have files of their own ------------------------------------------------
write("mod.py", "'doc'\nvalue = [__debug__, __doc__]\n")
drop()
assert run(SHOW) == "[True, 'doc']"
assert run(SHOW, "-O") == "[False, 'doc']"
assert run(SHOW, "-OO") == "[False, None]"
assert all(os.path.exists(p) for p in (cached(), cached(optimization=1), cached(optimization=2)))

# --- not written --------------------------------------------------------------------------------
drop()
assert run(SHOW, "-B") and not os.path.exists(cached())
assert run(SHOW, env={"PYTHONDONTWRITEBYTECODE": "1"}) and not os.path.exists(cached())
assert run(SHOW, "-E", env={"PYTHONDONTWRITEBYTECODE": "1"}) and os.path.exists(cached())

# --- elsewhere ----------------------------------------------------------------------------------
drop()
prefix = os.path.join(folder, "elsewhere")
for options, env in ((), {"PYTHONPYCACHEPREFIX": prefix}), (("-X", "pycache_prefix=" + prefix), {}):
    assert run(SHOW, *options, env=env) == "[True, 'doc']"
    place = prefix + os.path.realpath(folder)
    assert os.listdir(place) == [os.path.basename(cached())], os.listdir(place)
    assert not os.path.exists(cached())
    os.remove(os.path.join(place, os.path.basename(cached())))

# --- by hash ------------------------------------------------------------------------------------
write("mod.py", "value = 5\n")
py_compile.compile("mod.py", invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH, doraise=True)
assert run(SHOW) == "5"
write("mod.py", "value = 6\n")
assert run(SHOW) == "6"  # and written again, by hash
with open(cached(), "rb") as file:
    assert struct.unpack("<I", file.read()[4:8]) == (3,)
assert run(SHOW) == "6"
write("mod.py", "value = 7\n")
assert run(SHOW, "--check-hash-based-pycs", "never") == "6"
assert run(SHOW, "--check-hash-based-pycs", "always") == "7"
py_compile.compile("mod.py", invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH, doraise=True)
write("mod.py", "value = 8\n")
assert run(SHOW) == "7"
assert run(SHOW, "--check-hash-based-pycs", "always") == "8"
assert run(SHOW, "--check-hash-based-pycs", "default") == "8"

# --- without the source -------------------------------------------------------------------------
drop()
legacy = [s for s in importlib.machinery.BYTECODE_SUFFIXES if s == ".pyc"][0]
py_compile.compile("mod.py", cfile="alone" + legacy, doraise=True)
assert run("import alone; print(alone.value, alone.__file__.rpartition('/')[2])") == "8 alone" + legacy
done = subprocess.run([sys.executable, "alone" + legacy], capture_output=True, text=True)
assert done.returncode == 0, done.stderr

# --- many at once -------------------------------------------------------------------------------
os.makedirs("pkg/inner")
for name in "pkg/__init__.py", "pkg/inner/__init__.py", "pkg/inner/leaf.py":
    write(name, "value = 1\n")
assert compileall.compile_dir("pkg", quiet=1)
assert os.path.exists(cached("pkg/inner/leaf.py"))
done = subprocess.run([sys.executable, "-m", "compileall", "-q", "-f", "pkg"], capture_output=True, text=True)
assert done.returncode == 0 and done.stdout == "", done

# --- places where nothing can be written --------------------------------------------------------
write("pkg/x.py", "value = 3\n")
os.makedirs("stuck")
write("stuck/mod.py", "value = 9\n")
write("stuck/__pycache__", "")  # a file where the folder should be
assert run("import sys; sys.path.insert(0, 'stuck'); " + SHOW) == "9"

mounted = os.path.join(folder, "small")
os.makedirs(mounted)


def mount(*options):
    return subprocess.run(["mount", "-t", "tmpfs", *options, "none", mounted], capture_output=True).returncode == 0


if os.getuid() == 0 and mount("-o", "size=16k"):
    try:
        write(mounted + "/mod.py", "value = 10\n")
        text = "import sys; sys.path.insert(0, 'small'); " + SHOW
        try:  # full
            with open(mounted + "/fill", "wb", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
        except OSError:
            pass
        assert run(text) == "10"
        found = os.path.join(mounted, "__pycache__")
        assert not os.path.exists(found) or os.listdir(found) == [], os.listdir(found)
        os.remove(mounted + "/fill")
        subprocess.run(["mount", "-o", "remount,ro", mounted], check=True)
        assert run(text) == "10"
        subprocess.run(["mount", "-o", "remount,rw", mounted], check=True)
        assert run(text) == "10" and os.listdir(found) == [os.path.basename(cached())]
    finally:
        subprocess.run(["umount", "-l", mounted])

# --- many writers of one file -------------------------------------------------------------------
write("big.py", "\n".join(f"def f{i}(x):\n    return x + {i}" for i in range(400)))
for attempt in range(3):
    if os.path.exists(cached("big.py")):
        os.remove(cached("big.py"))
    racers = [subprocess.Popen([sys.executable, "-c", "import big; print(big.f399(1))"], stdout=subprocess.PIPE, text=True)
              for _ in range(6)]
    for racer in racers:
        assert racer.communicate()[0] == "400\n"
        assert racer.returncode == 0
    found = [n for n in os.listdir("__pycache__") if n.startswith("big")]
    assert found == [os.path.basename(cached("big.py"))], found
    assert run("import big; print(big.f1(1))") == "2"

# --- damage -------------------------------------------------------------------------------------
# A file of another version is compiled anew, and so is one whose first bytes are cut.
write("mod.py", "value = 11\n")
drop()
assert run(SHOW) == "11"
with open(cached(), "rb") as file:
    good = file.read()
for bad in b"", good[:3], good[:15], b"\0\0\r\n" + good[4:], bytes(16):
    with open(cached(), "wb") as file:
        file.write(bad)
    assert run(SHOW) == "11", bad
    with open(cached(), "rb") as file:
        assert file.read() == good
