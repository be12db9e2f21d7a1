"""Mini mode: one self-contained program per test file, for a runtime that cannot yet import.

The program is tests/conformance/mini_prelude.py followed by a call that runs the test file's
text. It needs classes, exec and exceptions, no library, and reports by printing.
"""
import re
import shutil
import tempfile
from pathlib import Path

import process
from conformance.unit_run import UnitRun

IMPORT = re.compile(r'^[ ]*(?:from|import) +(\w[\w.]*)', re.MULTILINE)
FROM_TEST = re.compile(r'^[ ]*from +test +import +([\w, ]+)', re.MULTILINE)


def imported(text, tests, found):
    """What a test file imports, depth first: name -> text, for the modules of the test suite that
    hold shared tests, or None."""
    names = set(IMPORT.findall(text))
    for listed in FROM_TEST.findall(text):
        names.update('test.' + part.split()[0] for part in listed.split(',') if part.strip())
    for name in sorted(names):
        if name not in found:
            path = (tests.parent / name.replace('.', '/')).with_suffix('.py')
            shared = name.startswith('test.') and name.count('.') == 1 and path.exists()
            found[name] = None
            if shared:
                helper = path.read_text()
                imported(helper, tests, found)
                del found[name]  # after what it needs
                found[name] = helper
    return found


def run_unit(unit, command, tests, prelude):
    run = UnitRun(unit)
    path = (tests / unit.replace('.', '/')).with_suffix('.py')
    if not path.exists():
        run.cut = 'a package: not for mini mode'
        return run
    folder = Path(tempfile.mkdtemp(prefix=f'dx-mini-{unit}-'))
    try:
        program = folder / 'mini.py'
        text = path.read_text()
        modules = list(imported(text, tests, {}).items())
        program.write_text(f'{prelude.read_text()}\n\nrun({unit!r}, {modules!r}, {text!r})\n')
        outcome = process.run([*command, program], folder, 60, 4 << 30)
        running = None
        for line in (folder / 'output.log').read_text(errors='replace').split('\n'):
            mark, *fields = line.split('\t')
            if mark != '@':
                continue
            if fields[0] == 'start':
                running = fields[1]
            else:
                run.add(fields[1], fields[0], '\t'.join(fields[2:]))
                running = None
        if not outcome.ok:
            died = 'timeout' if outcome.how == 'timeout' else 'crash'
            run.add(running or unit, died, outcome.how)
            run.cut, run.tail = f'{died} ({outcome.how})', outcome.tail
        run.seconds = outcome.seconds
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return run
