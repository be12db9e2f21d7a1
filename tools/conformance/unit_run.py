"""Runs one unit and gathers the status of each of its tests."""
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import process

RESTARTS = 8          # how often a unit goes on after a test that crashed or hung
TOTAL = 10            # a unit may take this many times its limit without progress
MEMORY = 4 << 30
RANK = ('pass', 'skip', 'fail', 'error', 'timeout', 'crash')


@dataclass
class UnitRun:
    unit: str
    tests: dict = field(default_factory=dict)  # id -> (status, detail)
    seconds: float = 0.0
    cut: str = ''                              # why tests are missing, '' when none are
    tail: str = ''                             # what it printed last, when something went wrong

    def add(self, id, status, detail=''):
        """Ids that occur twice keep the worse status."""
        old = self.tests.get(id)
        if old is None or RANK.index(status) > RANK.index(old[0]):
            self.tests[id] = (status, detail)

    def count(self, status):
        return sum(1 for found, _ in self.tests.values() if found == status)


def run_unit(unit, command, driver, seconds, memory=MEMORY, block=False, left_out=()):
    """command: how to start the Python, as a list. left_out: ids that are not to be run."""
    result = UnitRun(unit)
    folder = Path(tempfile.mkdtemp(prefix=f'dx-{unit}-'))
    try:
        for _ in range(RESTARTS + 1):
            if not attempt(result, folder, command, driver, seconds, memory, block, left_out):
                break
        else:
            result.cut = f'{result.cut} (given up after {RESTARTS} restarts)'
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return result


def attempt(result, folder, command, driver, seconds, memory, block, left_out):
    """One process. True: it died in a test, and there may be more tests after it."""
    events, skip = folder / 'events', folder / 'skip'
    work = folder / 'work'
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    skip.write_text('\n'.join([*result.tests, *left_out]))
    events.write_text('')
    arguments = [driver, f'test.{result.unit}', events, skip, *(['--block'] if block else [])]
    outcome = process.run([*command, *arguments], work, seconds, memory,
                          process.clean_environment(work), events, seconds * TOTAL)
    result.seconds += outcome.seconds
    running, ended = None, False
    for line in events.read_text(errors='replace').split('\n'):
        kind, *rest = line.split('\t')
        if kind == 'start':
            running = rest[0]
        elif kind == 'end':
            ended = True
        elif kind in RANK and rest:
            if rest[0] == running:
                running = None
            result.add(rest[0], kind, rest[1] if len(rest) > 1 else '')
    if ended:
        result.cut = ''
        if not outcome.ok:
            result.tail = outcome.tail
        if outcome.how not in ('exit 0', 'exit 1'):  # died, or leaked, at its very end
            result.add(f'{result.unit}:end', 'crash', outcome.how)
        return False
    died = 'timeout' if outcome.how == 'timeout' else 'crash'
    result.cut, result.tail = f'{died} ({outcome.how})', outcome.tail
    blamed = running if running and running not in result.tests else None
    if blamed is None or blamed == result.unit:  # before the first test, or between two
        result.add(result.unit, died, outcome.how)
        return False
    result.add(blamed, died, outcome.how)
    result.cut += f' in {blamed}'
    return True
