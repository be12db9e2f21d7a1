"""Snapshots of the started runtime: a start with one is a start, whatever the options, the environment and the key of hashes
are; and one that does not fit does no harm."""
import os
import shutil
import subprocess
import sys
import tempfile

if sys.implementation.name != "dxpy":
    sys.exit()

for name in [n for n in os.environ if n.startswith("PYTHON")]:
    del os.environ[name]
build = os.path.dirname(os.path.realpath(sys.executable))
if os.path.basename(build) == "checked":
    sys.exit()  # a build with sanitizers
assert os.path.exists(f"{build}/start.snapshot") and os.path.exists(f"{build}/start-nosite.snapshot")


def run(program, *arguments, status=0, **environment):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, env={**os.environ, **environment},
                          stdin=subprocess.DEVNULL)
    assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout + (done.stderr if status or "--dump=startup" in arguments else "")


def uses(program, *options, **environment):
    return "| snapshot\n" in run(program, "--dump=startup", *options, "-c", "pass", **environment)


dxpy = sys.executable
plain = ("-X", "dx-archive=on")  # an option that starts without a snapshot, and is of no effect

# --- which starts use one ---
assert uses(dxpy) and uses(dxpy, "-S") and uses(dxpy, "-I") and uses(dxpy, "-E", "-s", "-B", "-u", "-q")
assert uses(dxpy, PYTHONHASHSEED="7", PYTHONPATH="/nowhere", PYTHONDONTWRITEBYTECODE="1")
for options in ["-O"], ["-OO"], ["-W", "error"], ["-b"], ["-X", "dev"], ["-X", "importtime"], ["-X", "dx-caches=off"], plain:
    assert not uses(dxpy, *options), options

# --- the same state ---
state = """
import sys
modules = [n for n in sys.modules if n != 'linecache']
import gc, os, signal, time, site, builtins
print(sorted(modules))
print(sys.flags, sys.path, sys.argv, sys.warnoptions, sys.dont_write_bytecode, sys.pycache_prefix)
print(sys.prefix, sys.base_prefix, sys.executable, sys.meta_path, sys.path_hooks[:1], sorted(sys.path_importer_cache))
print(sorted(os.environ.items()), os.environ['DX_TEST'], os.environb[b'DX_TEST'], os.getenv('HOME'))
print([signal.getsignal(s) for s in (signal.SIGINT, signal.SIGPIPE, signal.SIGTERM, signal.SIGUSR1)])
print(time.tzname, time.timezone, time.daylight, time.localtime(0).tm_hour)
print(sys.stdin.encoding, sys.stdout.errors, sys.stderr.line_buffering, sys.stdout.write_through)
print(site.ENABLE_USER_SITE, site.PREFIXES, site.USER_SITE, sorted(vars(builtins)), sorted(vars(sys)))
print(hash('text'), hash(b'text'), hash(('a', 'b')), hash(frozenset(['a', 'b'])), gc.get_threshold(), gc.isenabled())
import threading
print(threading.main_thread().ident == threading.get_ident())
"""
for options in [], ["-I"], ["-S"], ["-s", "-u"], ["-E"], ["-P", "-B"]:
    for environment in ({}, {"TZ": "Asia/Kolkata", "LC_ALL": "C"}, {"PYTHONPATH": "/nowhere:/tmp", "PYTHONUNBUFFERED": "1"}):
        environment = {"DX_TEST": "\N{SNOWMAN}", "PYTHONHASHSEED": "12345", **environment}
        program = state if "-S" not in options else state.replace(", site", "").replace("site.", "sys.flags or ")
        own = "import os; os.environ.pop('none', 0)\n" + program
        if "-E" in options or "-I" in options:
            own = "\n".join(line for line in own.splitlines() if "hash('text')" not in line)
        with_it = run(dxpy, *options, "-c", own, **environment)
        without = run(dxpy, *options, *plain, "-c", own, **environment)
        assert with_it == without, (options, environment, with_it, without)

# --- all that is looked up by hash is found, whatever the key ---
look = """
import gc, sys
seen = {'dicts': 0, 'sets': 0, 'entries': 0}
def check(o):
    if isinstance(o, dict):
        seen['dicts'] += 1
        for key in list(o):
            seen['entries'] += 1
            assert key in o, key
            dict.__getitem__(o, key)
    elif isinstance(o, (set, frozenset)):
        seen['sets'] += 1
        assert all(item in o for item in o)
    elif isinstance(o, tuple):
        try:
            assert hash(o) == hash(tuple(list(o)))
        except TypeError:
            pass
for o in gc.get_objects():
    check(o)
for cls in object.__subclasses__():
    for name in vars(cls):
        assert name in vars(cls)
        assert vars(cls)[''.join(list(name))] is vars(cls)[name]
for module in list(sys.modules.values()):
    for name in list(vars(module)):
        assert sys.intern(''.join(list(name))) in vars(module)
assert seen['dicts'] > 200 and seen['sets'] > 50 and seen['entries'] > 4000, seen
assert ''.join(['pos', 'ix']) in sys.stdlib_module_names
print(hash('text'))
"""
for seed in "0", "1", "4294967295":
    assert run(dxpy, "-c", look, PYTHONHASHSEED=seed) == run(dxpy, *plain, "-c", look, PYTHONHASHSEED=seed)
assert len({run(dxpy, "-c", look) for _ in range(4)}) == 4  # each process has its own key

# --- programs go on from it: classes made on its classes, its modules changed, its objects finalized ---
program = """
import abc, codecs, collections.abc, encodings, io, os, sys, types, weakref
class Sequence(collections.abc.Sequence):
    def __len__(self): return 3
    def __getitem__(self, i): return range(3)[i]
assert list(Sequence()) == [0, 1, 2] and isinstance(Sequence(), collections.abc.Reversible)
class Stream(io.RawIOBase): pass
assert Stream().readable() is False
os.path.join = lambda *parts: 'joined'
assert os.path.join('a', 'b') == 'joined'
del sys.modules['os']
import os as again
assert again is not os and again.environ is not os.environ
collections.abc.Sized.register(int)
assert isinstance(3, collections.abc.Sized)
codecs.register(search := lambda name: None)
codecs.unregister(search)
os.environ['DX_NEW'] = 'x'
assert again.popen('echo $DX_NEW').read() == 'x\\n'
pid = os.fork()
if pid == 0:
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
import threading
done = []
thread = threading.Thread(target=lambda: done.append(sum(range(1000))))
thread.start(); thread.join()
assert done == [499500]
def deep(n): return 0 if n == 0 else 1 + deep(n - 1)
try:
    deep(10 ** 6)
except RecursionError:
    pass
import gc
gc.collect()
class Last:
    def __del__(self): print('last', os.path is not None)
last = Last()
"""
assert run(dxpy, "-c", program) == "last True\n"
assert run("/bin/sh", "-c", f"ulimit -s unlimited; exec {dxpy} -c 'print(1)'") == "1\n"

# --- one that does not fit ---
folder = os.path.realpath(tempfile.mkdtemp())
os.makedirs(f"{folder}/build/release")
root = os.path.dirname(os.path.dirname(build))
library = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(os.__file__))))
os.symlink(library, f"{folder}/build/stdlib")
os.symlink(f"{root}/lib", f"{folder}/lib")
copy = f"{folder}/build/release/dxpy"
shutil.copy2(dxpy, copy)
shutil.copy2(f"{build}/stdlib.dpb", f"{folder}/build/release/stdlib.dpb")
snapshot = f"{folder}/build/release/start.snapshot"
assert not uses(copy)  # there is none
run(copy, "snapshot")
assert uses(copy) and uses(copy, "-S")
with open(snapshot, "rb") as file:
    contents = file.read()


def start_with(changed):
    with open(snapshot + ".new", "wb") as file:
        file.write(changed)
    os.rename(snapshot + ".new", snapshot)
    assert not uses(copy) and run(copy, "-c", "print('fine')") == "fine\n"


start_with(b"")
start_with(contents[:100])
start_with(contents[:-1])
start_with(contents + b"x")
start_with(b"\0" * len(contents))
start_with(contents[:8] + bytes(32) + contents[40:])  # of another program
with open(snapshot, "wb") as file:
    file.write(contents)
assert uses(copy)
# A source of the library that changed: of a library of its own, as nobody edits the shared one.
shutil.copytree(f"{library}/lib/python3.14", f"{folder}/home/lib/python3.14", symlinks=True,
                ignore=lambda at, names: [n for n in names if n in ("test", "__pycache__", "idlelib", "site-packages")])
os.unlink(f"{folder}/build/stdlib")
os.symlink(f"{folder}/home", f"{folder}/build/stdlib")
assert not uses(copy)  # the library is elsewhere
run(copy, "compile", "--library", "-o", f"{folder}/build/release/stdlib.dpb")
run(copy, "snapshot")
assert uses(copy)
with open(f"{folder}/home/lib/python3.14/stat.py", "a") as file:
    file.write("\nCHANGED = True\n")
assert not uses(copy) and run(copy, "-c", "import stat; print(stat.CHANGED)") == "True\n"
# The archive that the snapshot was made with is gone, or another.
run(copy, "compile", "--library", "-o", f"{folder}/build/release/stdlib.dpb")
assert not uses(copy)
run(copy, "snapshot")
assert uses(copy) and run(copy, "-c", "import stat; print(stat.CHANGED)") == "True\n"
os.unlink(f"{folder}/build/release/stdlib.dpb")
assert not uses(copy)
# Where it cannot be written.
assert "snapshot" in run(copy, "snapshot", status=1)
assert not os.path.exists(snapshot)
shutil.rmtree(folder)
