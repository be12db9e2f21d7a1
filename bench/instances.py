"""What objects take in memory: a process for each kind and implementation makes many and looks at its resident size."""
import json
import os
import subprocess
import sys

COUNT = 1_000_000
PROLOGUE = '''
import gc, json, os, sys
gc.disable()
N = %d
def resident():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
def fill(make):
    made = [None] * N
    for i in range(N): made[i] = None     # its pages are there now
    before = resident()
    for i in range(N): made[i] = make(i)
    return resident() - before
def whole(make):
    before = resident()
    made = make()
    return resident() - before
''' % COUNT
# name: code that leaves bytes in `used`, for N of them.
KINDS = {
    'instance with four attributes': '''
class C:
    def __init__(self, a, b, c, d):
        self.a = a
        self.b = b
        self.c = c
        self.d = d
for i in range(100): C(1, 2, 3, 4)
used = fill(lambda i: C(1, 2, 3, 4))''',
    'instance with four slots': '''
class C:
    __slots__ = "a", "b", "c", "d"
    def __init__(self, a, b, c, d):
        self.a = a
        self.b = b
        self.c = c
        self.d = d
used = fill(lambda i: C(1, 2, 3, 4))''',
    'int in a list': '''
used = whole(lambda: [i * 1000 for i in range(N)])''',
    'float in a list': '''
used = whole(lambda: [i * 0.5 for i in range(N)])''',
    'entry of a dict with ints': '''
used = whole(lambda: {i * 3: i for i in range(N)})''',
    'dict of three': '''
used = fill(lambda i: {"a": 1, "b": 2, "c": 3})''',
    'tuple of three': '''
used = fill(lambda i: (i, i, i))''',
    'list of three': '''
used = fill(lambda i: [1, 2, 3])''',
    'str of eight': '''
used = fill(lambda i: "%08d" % i)''',
    'entry of a set with strs': '''
used = whole(lambda: {str(i) for i in range(N)})''',
}
# CPython's bounds hold for these; the others are for comparison.
BOUND = ('instance with four attributes', 'int in a list', 'float in a list')


def one(command, code):
    program = PROLOGUE + code + '\nprint(json.dumps(used / N))\n'
    done = subprocess.run([*command, '-c', program], capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [f'exit status {done.returncode}'])[-1])
    return json.loads(done.stdout)


def main(commands, names):
    if not os.path.exists('/proc/self/statm'):
        print('bench: no /proc: the memory of objects is not measured', file=sys.stderr)
        return 0
    print(f'\n{"bytes for each":32}' + ''.join(f'{who:>10}' for who in commands))
    failed = 0
    for name, code in KINDS.items():
        if names and not any(n in name for n in names):
            continue
        results = {}
        for who, command in commands.items():
            try:
                results[who] = one(command, code)
            except (RuntimeError, subprocess.TimeoutExpired) as problem:
                print(f'{name}: {who} failed: {problem}', file=sys.stderr)
                failed += who == 'dxpy'
        more = name in BOUND and results.get('dxpy', 0) > results.get('cpython', float('inf')) + 0.5
        print(f'{name:32}' + ''.join(f'{results[w]:10.1f}' if w in results else f'{"-":>10}' for w in commands) +
              ('   more than CPython' if more else ''), flush=True)
    return failed
