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
