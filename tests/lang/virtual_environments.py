"""Virtual environments: a program that runs in one has its prefix, its packages, and the base installation's library."""
import os
import shutil
import subprocess
import sys
import tempfile

for name in [n for n in os.environ if n.startswith("PYTHON")]:
    del os.environ[name]
folder = os.path.realpath(tempfile.mkdtemp())


def run(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, text=True, cwd="/")
    assert done.returncode == 0 and done.stderr == "", (arguments, done.returncode, done.stderr)
    return done.stdout.strip()


def lines(program, *arguments):
    return run(program, *arguments).splitlines()


show = """
import os, site, sys
print(sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
print(sys.executable, os.path.realpath(sys._base_executable))
print([p for p in sys.path if p.endswith('site-packages')])
print(site.PREFIXES, site.ENABLE_USER_SITE)
import json, sysconfig
print(os.path.dirname(os.path.dirname(json.__file__)) in sys.path, sysconfig.get_path('purelib'))
try:
    import guest
except ImportError:
    print('no guest')
else:
    print(guest.__file__)
"""
for options, user in ([], False), (["--system-site-packages"], True):
    env = f"{folder}/env{len(options)}"
    run(sys.executable, "-m", "venv", "--without-pip", *options, env)
    packages = f"{env}/lib/python3.14/site-packages"
    with open(f"{packages}/guest.py", "w") as file:
        file.write("value = 42\n")
    with open(f"{packages}/more.pth", "w") as file:
        file.write("import sys; sys.flag_of_pth = True\n")
    python = f"{env}/bin/python"
    for start in [], ["-I"], ["-s"]:
        first, second, third, fourth, fifth, sixth = lines(python, *start, "-c", show)
        assert first == f"{env} {env} {sys.base_prefix} {sys.base_exec_prefix}", first
        assert second == f"{python} {os.path.realpath(sys._base_executable)}", second
        assert eval(third)[0] == packages and sixth == f"{packages}/guest.py", (third, sixth)
        prefixes, enabled = fourth.rsplit(" ", 1)
        assert eval(prefixes) == [env, env] + [sys.base_prefix, sys.base_exec_prefix] * user, fourth
        assert fifth == f"True {packages}", fifth
        if not user:
            assert enabled == "False" and eval(third) == [packages], (fourth, third)
    assert run(python, "-c", "import sys; print(sys.flag_of_pth)") == "True"
    # One in one: the base stays the base.
    inner = f"{folder}/inner{len(options)}"
    run(python, "-m", "venv", "--without-pip", inner)
    assert lines(f"{inner}/bin/python", "-c", show)[0] == f"{inner} {inner} {sys.base_prefix} {sys.base_exec_prefix}"
# A file that names no home makes one too.
os.makedirs(f"{folder}/none/bin")
with open(f"{folder}/none/pyvenv.cfg", "w") as file:
    file.write("version = 3.14\n")
os.symlink(sys.executable, f"{folder}/none/bin/python")
done = subprocess.run([f"{folder}/none/bin/python", "-S", "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True)
assert done.stdout.strip() == f"{folder}/none", done
shutil.rmtree(folder)
