"""The conformance runner on a made-up test package, with the host's Python in dxpy's place."""
import sys
import tempfile
import unittest
from pathlib import Path

from conformance import mini, records
from conformance.unit_run import UnitRun, run_unit
from conformance.units import Ladder, expand, matches

ROOT = Path(__file__).resolve().parents[2]
DRIVER = ROOT / 'tests/conformance/driver.py'

SAMPLE = '''
import os, time, unittest
class Sample(unittest.TestCase):
    def test_a_pass(self): pass
    def test_b_fail(self): self.assertEqual(1, 2)
    def test_c_error(self): {}['key']
    def test_d_skip(self): self.skipTest('because')
    def test_e_crash(self): os.abort()
    def test_f_hang(self): time.sleep(100)
    def test_g_subtest(self):
        with self.subTest(i=1): self.fail('in a sub-test')
    @unittest.expectedFailure
    def test_h_expectedFailure(self): self.fail()
    @unittest.expectedFailure
    def test_i_unexpectedSuccess(self): pass
class SetUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise OSError('no set-up')
    def test_never(self): pass
'''


class Runner(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / 'test').mkdir()
        (self.folder / 'test/__init__.py').write_text('')
        (self.folder / 'test/support.py').write_text('')

    def run_text(self, text, **options):
        (self.folder / 'test/test_sample.py').write_text(text)
        path = self.folder / 'driver.py'
        path.write_text(f'import sys; sys.path.insert(0, {str(self.folder)!r})\n' + DRIVER.read_text())
        return run_unit('test_sample', [sys.executable], path, 2, **options)

    def test_everyOutcome_isReportedOncePerTest(self):
        run = self.run_text(SAMPLE)
        found = {id.split('.')[-1]: status for id, (status, _) in run.tests.items()}
        self.assertEqual(found, {
            'test_a_pass': 'pass', 'test_b_fail': 'fail', 'test_c_error': 'error',
            'test_d_skip': 'skip', 'test_e_crash': 'crash', 'test_f_hang': 'timeout',
            'test_g_subtest': 'fail', 'test_h_expectedFailure': 'pass',
            'test_i_unexpectedSuccess': 'fail', 'SetUp)': 'error'})
        self.assertEqual(run.cut, '')
        self.assertIn('KeyError', run.tests['test_sample.Sample.test_c_error'][1])

    def test_unitThatCannotBeImported_isOneError(self):
        run = self.run_text('import no_such_module')
        self.assertEqual({id: status for id, (status, _) in run.tests.items()}, {'test_sample': 'error'})

    def test_unitThatDeclines_isOneSkip(self):
        run = self.run_text('import unittest; raise unittest.SkipTest("not here")')
        self.assertEqual(run.tests, {'test_sample': ('skip', 'not here')})

    def test_crashAtImport_blamesTheUnit(self):
        run = self.run_text('import os; os.abort()')
        self.assertEqual(run.tests['test_sample'][0], 'crash')

    def test_leftOut_isNotRun(self):
        run = self.run_text(SAMPLE, left_out=['test_sample.Sample.test_e_crash',
                                              'test_sample.Sample.test_f_hang'])
        self.assertEqual(run.count('crash') + run.count('timeout'), 0)
        self.assertEqual(run.count('pass'), 2)

    def test_mini_runsWithoutUnittest(self):
        (self.folder / 'test/test_sample.py').write_text(
            'import unittest\n'
            'class A(unittest.TestCase):\n'
            '    def test_x(self): self.assertEqual(1, 1)\n'
            '    def test_y(self):\n'
            '        with self.assertRaises(KeyError): {}[1]\n'
            '    def test_z(self): self.assertTrue(0)\n')
        run = mini.run_unit('test_sample', [sys.executable], self.folder / 'test',
                            ROOT / 'tests/conformance/mini_prelude.py')
        self.assertEqual([status for status, _ in run.tests.values()], ['pass', 'pass', 'fail'])


def made_run(**tests):
    run = UnitRun('test_x')
    for name, status in tests.items():
        run.add('test_x.' + name, status)
    return run


class Records(unittest.TestCase):
    def test_sameRun_hasNoSurprise(self):
        run = made_run(a='pass', b='fail')
        self.assertEqual(records.surprises(run, records.Record.of(run)), [])

    def test_regressionUnexpectedPassMissingAndNew_areSurprises(self):
        record = records.Record.of(made_run(a='pass', b='fail', c='skip'))
        found = records.surprises(made_run(a='error', b='pass', d='pass', e='pass'), record)
        self.assertEqual(found, [
            'test_x.a: error, expected pass', 'test_x.b: unexpected pass, expected fail',
            'test_x.c: not run, expected skip', 'test_x: 4 tests reported, expected 3'])

    def test_flakyAndStar_acceptAnything(self):
        record = records.Record('*', 0, {'test_x.a': ('flaky', 'timing')})
        self.assertEqual(records.surprises(made_run(a='fail', b='pass'), record), [])

    def test_files_readBackAsWritten_withReasonsKept(self):
        old = records.Record('2', 0, {'test_x.b': ('fail', 'rounding'), 'test_x.c': ('flaky', 'time')})
        new = records.Record.of(made_run(a='pass', b='fail', c='fail'), old)
        self.assertEqual(new.others, {'test_x.b': ('fail', 'rounding'), 'test_x.c': ('flaky', 'time')})
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / 'x.tsv'
            records.write(path, {'test_x': new}, 'What this is\nand why')
            self.assertEqual(records.read(path), {'test_x': new})

    def test_brokenFile_isRefusedWithItsLine(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / 'x.tsv'
            path.write_text('\ttest_x.a\tfail\n')
            with self.assertRaisesRegex(ValueError, 'x.tsv:1'):
                records.read(path)


class Units(unittest.TestCase):
    def test_names_matchUnitsAndPackages(self):
        self.assertTrue(matches('test_int', 'int'))
        self.assertTrue(matches('test_int', 'test.test_int'))
        self.assertTrue(matches('test_asyncio.test_tasks', 'asyncio'))
        self.assertTrue(matches('test_int_literal', 'int*'))
        self.assertFalse(matches('test_int_literal', 'int'))

    def test_splitPackages_becomeTheirModules(self):
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / 'test_asyncio'
            package.mkdir()
            (package / 'test_tasks.py').write_text('')
            (package / 'utils.py').write_text('')
            self.assertEqual(expand('test_asyncio', Path(folder)), ['test_asyncio.test_tasks'])

    def test_ladder_namesNoUnitTwice(self):
        import tomllib
        table = tomllib.loads((ROOT / 'tests/conformance/rungs.toml').read_text())
        names = [name for entry in table.values() for name in str(entry.get('units', '')).split()]
        names += [name for text in table['left_out'].values() for name in text.split()]
        self.assertEqual(sorted(names), sorted(set(names)))
        self.assertEqual(Ladder(ROOT / 'tests/conformance/rungs.toml', Path('/nowhere'))
                         .time_limit('test_int'), 60)
