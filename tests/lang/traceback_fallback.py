"""Exceptions are printed also when the traceback module is not to be had, however long their chain."""
import subprocess
import sys

PROGRAM = '''
import sys
sys.modules['traceback'] = None
e = None
for i in range({length}):
    new = ValueError(i)
    new.{link} = e
    e = new
raise e
'''


def stderr(length, link):
    done = subprocess.run([sys.executable, '-c', PROGRAM.format(length=length, link=link)],
                          capture_output=True, text=True)
    assert done.returncode == 1, done.returncode
    return done.stderr


if sys.implementation.name == 'dxpy':
    text = stderr(3, '__cause__')
    assert text.count('direct cause') == 2
    assert text.index('ValueError: 0') < text.index('ValueError: 1') < text.index('ValueError: 2')
    assert stderr(3, '__context__').count('During handling') == 2
    assert stderr(5000, '__context__').count('ValueError: ') == 5000
