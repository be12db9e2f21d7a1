# -X profile=FILE: saved at exit, loaded again, ignored with one warning when it does not fit.
import os
import subprocess
import sys
import tempfile

if sys.implementation.name != 'dxpy':
    sys.exit()

PROGRAM = '''
def work(n):
    total = 0.5
    for i in range(n):
        total += i * 0.25
    return total
print(work(2000), work(2000))
'''
OTHER = '''
import math
class Else:
    def area(self, r): return math.pi * r * r
print(Else().area(1) > 3)
'''


def run(program, *options):
    done = subprocess.run([sys.executable, *options, program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


with tempfile.TemporaryDirectory() as folder:
    program, other, profile = (os.path.join(folder, n) for n in ('program.py', 'other.py', 'profile'))
    open(program, 'w').write(PROGRAM)
    open(other, 'w').write(OTHER)
    use = '-X', f'profile={profile}'
    plain = run(program)
    assert plain[1] == ''

    assert run(program, *use) == plain               # nothing there yet: no complaint
    saved = open(profile, 'rb').read()
    assert len(saved) > 48 and os.listdir(folder).count('profile') == 1
    assert len(os.listdir(folder)) == 3, os.listdir(folder)  # no drafts left
    assert run(program, *use) == plain               # loaded again

    def damaged(data, reason):
        open(profile, 'wb').write(data)
        out, err = run(program, *use)
        assert out == plain[0]
        assert err.count('is ignored') == 1 and err.count('\n') == 1 and reason in err, err
        assert run(program, *use) == plain           # a sound one was written

    for size in (0, 7, 47, 48, len(saved) // 2, len(saved) - 1):
        damaged(saved[:size], 'not a profile' if size < 48 else 'damaged')
    for place in (4, 12, 20, 40, 48, 60, len(saved) // 2, len(saved) - 1):
        flipped = bytearray(saved)
        flipped[place] ^= 0x10
        damaged(flipped, 'of another version' if place < 24 else 'damaged')
    damaged(os.urandom(4096), 'not a profile')
    damaged(saved + b'more', 'damaged')

    open(profile, 'wb').write(saved)                 # of another program
    out, err = run(other, *use)
    assert out == 'True\n' and err.count('is ignored: of another program') == 1, err

    open(profile, 'wb').write(saved)                 # lines moved: still the same program
    open(program, 'w').write('# a comment\n\n' + PROGRAM)
    assert run(program, *use) == plain

    os.remove(profile)                               # what cannot be read or written is said once
    os.mkdir(profile)
    out, err = run(program, *use)
    assert out == plain[0] and err.count('is ignored') == 1 and err.count('is not saved') == 1, err
    assert len(os.listdir(folder)) == 3, os.listdir(folder)
