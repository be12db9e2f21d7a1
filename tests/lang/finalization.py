"""What runs when a program ends, and in which order."""
import subprocess
import sys


def output(source):
    done = subprocess.run([sys.executable, '-I', '-c', source], capture_output=True, text=True)
    assert done.returncode == 0, done
    return done.stdout.split(), done.stderr


CLASS = '''
class Loud:
    def __init__(self, name):
        self.name = name
    def __del__(self):
        print(self.name, Loud is not None, len("ab"))
'''

# Globals die at the end, with the built-in functions at hand.
lines, errors = output(CLASS + 'a = Loud("global")\n')
assert lines == ['global', 'True', '2'], lines
assert errors == ''

# Exit functions come before it; cycles are collected.
lines, errors = output(CLASS + '''
import atexit
atexit.register(print, "exit")
class Node: pass
n = Node(); n.self = n; n.loud = Loud("cycle")
''')
assert lines == ['exit', 'cycle', 'True', '2'], lines

# What a program adds to builtins goes first; what it replaces comes back.
lines, errors = output(CLASS + '''
import builtins
builtins.len = lambda x: 77
builtins.extra = Loud("added")
a = Loud("global")
''')
assert lines == ['added', 'True', '2', 'global', 'True', '2'], lines

# A daemon thread that never ends does not see the modules go.
lines, errors = output('''
import threading, time
def spin():
    while True:
        time.sleep(0.0001)
        len("ab") + threading.active_count()
for i in range(4):
    threading.Thread(target=spin, daemon=True).start()
time.sleep(0.02)
''')
assert (lines, errors) == ([], ''), (lines, errors)

# An exception in a finalizer is reported, not lost.
lines, errors = output('''
class Bad:
    def __del__(self):
        1 / 0
bad = Bad()
''')
assert 'ZeroDivisionError: division by zero' in errors, errors

# Weak references: the callback runs when what is garbage already is collected, not when the reference
# goes together with what it refers to.
lines, errors = output('''
import weakref
class Node: pass
def gone(r): print("gone")
a = Node(); a.self = a
ra = weakref.ref(a, gone)
del a
b = Node(); b.self = b
rb = weakref.ref(b, gone)
''')
assert (lines, errors) == (['gone'], ''), (lines, errors)
lines, errors = output('''
import weakref
class Node: pass
a = Node(); a.self = a
ra = weakref.ref(a, print)
del a
''')
assert lines[-1:] == ['dead>'], (lines, errors)
lines, errors = output('''
import weakref, threading, logging
class Node: pass
b = Node(); b.self = b
b.ref = weakref.ref(b, lambda r: print("never"))
weakref.finalize(b, print, "finalized")
''')
assert (lines, errors) == (['finalized'], ''), (lines, errors)

# What is left in the standard streams is written even if they are no longer sys.stdout.
lines, errors = output('''
import sys
class Sink:
    def write(self, text): pass
    def flush(self): pass
print("kept ", end="")
print("back", end="", file=sys.__stdout__)
sys.stdout = Sink()
''')
assert (lines, errors) == (['kept', 'back'], ''), (lines, errors)

# A suspended generator is closed, an open file is written.
lines, errors = output('''
def steps():
    try:
        yield 1
    finally:
        print("closed")
g = steps()
next(g)
''')
assert (lines, errors) == (['closed'], ''), (lines, errors)
lines, errors = output('''
import tempfile, os
path = tempfile.mktemp()
out = open(path, "w")
out.write("text")
child = os.fork()
if child:
    os.waitpid(child, 0)
    print(open(path).read())
    os.unlink(path)
''')
assert lines == ['text'], (lines, errors)

# gc.callbacks are called while what they use is there, and not after.
lines, errors = output('''
import gc
seen = []
gc.callbacks.append(lambda phase, info: seen.append(phase))
class Node: pass
node = Node()
node.itself = node
node.last = type("Last", (), {"__del__": lambda self: print("last")})()
del node
''')
assert (lines, errors) == (['last'], ''), (lines, errors)
