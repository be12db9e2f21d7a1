"""subprocess: the child's set-up, its errors, and preexec_fn."""
import os
import subprocess
import sys

done = subprocess.run(['sh', '-c', 'cat; echo err >&2; exit 3'], input='in', capture_output=True, text=True)
assert (done.returncode, done.stdout, done.stderr) == (3, 'in', 'err\n')

try:
    subprocess.run(['/does/not/exist'])
except FileNotFoundError as e:
    assert e.filename == '/does/not/exist'
else:
    assert False

try:
    subprocess.run(['true'], cwd='/does/not/exist')
except FileNotFoundError as e:
    assert e.filename == '/does/not/exist'
else:
    assert False

done = subprocess.run(['sh', '-c', 'echo $A'], env={'A': 'x', 'PATH': os.environ['PATH']}, capture_output=True)
assert done.stdout == b'x\n'

order = []
os.register_at_fork(before=lambda: order.append('before'), after_in_parent=lambda: order.append('parent'))
done = subprocess.run(['pwd'], preexec_fn=lambda: os.chdir('/'), capture_output=True)
assert done.stdout == b'/\n' and order == ['before', 'parent']

try:
    subprocess.run(['true'], preexec_fn=lambda: 1 / 0)
except subprocess.SubprocessError as e:
    assert str(e) == 'Exception occurred in preexec_fn.'
else:
    assert False

done = subprocess.run([sys.executable, '-c', 'raise KeyError(1)'], capture_output=True, text=True)
assert done.returncode == 1 and done.stderr.endswith('KeyError: 1\n')

# The program of -c may be indented as a whole.
for source, output in (("\n    x = 1\n\n    if x:\n        print(x)\n   \n    print('''a\n    b''')\n", "1\na\nb\n"),
                       ("  print(5)", "5\n"), ("\n\tprint(7)\n\tif 1:\n\t    print(8)", "7\n8\n")):
    assert subprocess.run([sys.executable, "-c", source], capture_output=True, text=True).stdout == output
