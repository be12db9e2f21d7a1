"""`./dx conformance`: chooses units, runs them side by side, compares, reports."""
import shlex
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

from common import ROOT, STDLIB, Failure, jobs
from conformance import mini, records
from conformance.unit_run import MEMORY, run_unit
from conformance.units import Ladder

FOLDER = ROOT / 'tests/conformance'
BASELINE = FOLDER / 'baseline.tsv'
EXPECTED = FOLDER / 'expected.tsv'
TESTS = STDLIB / 'lib/python3.14/test'

BASELINE_HEADING = '''What CPython 3.14 itself passes with its test-only native modules hidden and another
implementation name: what a foreign runtime can reach. Written by
./dx conformance --oracle CMD --record-baseline; see docs/conformance.md.'''
EXPECTED_HEADING = '''What dxpy does with CPython's tests. A regression and an unexpected pass both fail.
Written by ./dx conformance --update; reasons are added by hand and kept.'''


def options(sub):
    sub.add_argument('units', nargs='*', metavar='UNIT',
                     help='int, test_int, a package, or a pattern with *; default: the expected ones')
    sub.add_argument('--rung', action='append', default=[], help='only this rung, T0 to T6')
    sub.add_argument('--update', action='store_true', help='write what happened into expected.tsv')
    sub.add_argument('--jobs', type=int, default=jobs(), metavar='N')
    sub.add_argument('--checked', action='store_true', help='run the checked build')
    sub.add_argument('--seconds', type=int, help='time limit without a finished test')
    sub.add_argument('--retry', action='store_true',
                     help='also run tests that are expected to crash or hang')
    sub.add_argument('--verbose', action='store_true', help='show failures and output')
    sub.add_argument('--list', action='store_true', help='print the units and stop')
    sub.add_argument('--oracle', metavar='CMD', help='run under this Python instead of dxpy')
    sub.add_argument('--record-baseline', action='store_true', help='with --oracle')
    sub.add_argument('--mini', action='store_true',
                     help='run without unittest and the import system, for the first days')


class Session:
    """One run of the command: what to run and how; the counts that come out.

    quiet: only units that are expected are run, and only those with a surprise are shown.
    """

    def __init__(self, args, program, quiet=False):
        if not TESTS.is_dir():
            raise Failure(f"{TESTS} is missing: this standard library came without CPython's tests")
        self.args, self.quiet = args, quiet
        self.command = shlex.split(args.oracle) if args.oracle else [str(program)]
        self.ladder = Ladder(FOLDER / 'rungs.toml', TESTS)
        self.baseline = records.read(BASELINE)
        self.expected = {} if args.oracle else records.read(EXPECTED)
        self.runs = {}
        self.surprises = 0
        units = self.ladder.select(args.units, args.rung)
        if quiet or not (args.units or args.rung or args.oracle):
            units = [unit for unit in units if unit in self.expected]
        self.units = units

    def run_one(self, unit):
        left_out = []
        if unit in self.expected and not (self.args.retry or self.args.update):
            left_out = [id for id, (status, _) in self.expected[unit].others.items()
                        if status in ('crash', 'timeout') and id != unit]
        if self.args.mini:
            return mini.run_unit(unit, self.command, TESTS, FOLDER / 'mini_prelude.py')
        run = run_unit(unit, self.command, FOLDER / 'driver.py',
                       self.args.seconds or self.ladder.time_limit(unit),
                       memory=0 if self.args.checked else MEMORY,
                       block=bool(self.args.oracle), left_out=left_out)
        for id in left_out:
            run.add(id, self.expected[unit].others[id][0])
        return run

    def run_all(self):
        with ThreadPoolExecutor(self.args.jobs) as pool:
            waiting = {pool.submit(self.run_one, unit): unit for unit in self.units}
            for number, future in enumerate(as_completed(waiting), 1):
                run = future.result()
                self.runs[run.unit] = run
                if self.args.record_baseline:  # at once: a whole ladder takes long
                    self.baseline = records.read(BASELINE) | {run.unit: records.Record.of(run)}
                    records.write(BASELINE, self.baseline, BASELINE_HEADING)
                self.report(run, f'[{number}/{len(self.units)}]')

    def reachable(self, unit):
        """(tests that CPython passes, how many of them this run passed)"""
        run, record = self.runs[unit], self.baseline.get(unit)
        if record is None:
            return run.count('pass'), run.count('pass')
        passed = sum(1 for id, (status, _) in run.tests.items()
                     if status == 'pass' and id not in record.others)
        return record.passed, min(passed, record.passed)

    def report(self, run, position):
        whole, passed = self.reachable(run.unit)
        rate = f'{100 * passed / whole:5.1f} %' if whole else '   –   '
        counts = ', '.join(f'{run.count(kind)} {kind}' for kind in
                           ('fail', 'error', 'skip', 'crash', 'timeout') if run.count(kind))
        line = (f'{position} {run.unit:32} {passed:5}/{whole:<5} {rate} {run.seconds:6.1f} s  '
                f'{counts}' + (f'  -- {run.cut}' if run.cut else ''))
        surprises = self.compare(run)
        if surprises or not self.quiet:
            print(line, flush=True)
        if self.args.verbose:
            for id, (status, detail) in run.tests.items():
                if status not in ('pass', 'skip'):
                    print(f'    {status} {id}: {detail}')
            if run.tail:
                print('    | ' + '\n    | '.join(run.tail.strip().split('\n')[-12:]))
        for line in surprises[:20]:
            print('    surprise:', line)
        if len(surprises) > 20:
            print(f'    surprise: and {len(surprises) - 20} more')

    def compare(self, run):
        """Surprises of a run; with --update, what happened becomes what is expected."""
        if self.args.oracle or self.args.mini:
            return []
        record = self.expected.get(run.unit)
        if self.args.update:
            self.expected[run.unit] = records.Record.of(run, record)
            return []
        if record is None:
            found = ['not in expected.tsv; record it with --update']
        else:
            found = records.surprises(run, record)
        self.surprises += len(found)
        return found

    def summary(self):
        for rung, title in self.ladder.titles.items():
            units = [unit for unit in self.runs if self.ladder.rung_of[unit] == rung]
            if units:
                whole, passed = map(sum, zip(*map(self.reachable, units)))
                print(f'{rung} {title:36} {len(units):4} units {passed:6}/{whole:<6}'
                      + (f' {100 * passed / whole:5.1f} %' if whole else ''))


def main(args, program, quiet=False):
    """Returns (tests passed, surprises)."""
    session = Session(args, program, quiet)
    if args.list:
        for unit in session.units:
            print(session.ladder.rung_of[unit], unit)
        return 0, 0
    if args.record_baseline and not args.oracle:
        raise Failure('--record-baseline needs --oracle CMD')
    session.run_all()
    session.summary()
    if args.update:
        records.write(EXPECTED, session.expected, EXPECTED_HEADING)
    if session.surprises:
        print(f'{session.surprises} surprises', file=sys.stderr)
    return sum(run.count('pass') for run in session.runs.values()), session.surprises
