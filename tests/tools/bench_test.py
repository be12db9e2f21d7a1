"""The benchmark runner on made-up programs, with the host's Python in every implementation's place."""
import contextlib
import io
import sys
import tempfile
import unittest
import xml.dom.minidom
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / 'bench'))

import instances  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402
import suite  # noqa: E402

PROGRAM = 'import bench\nbench.run(lambda: sum(range(100)), 0.01)\n'


def row(first, best, peak=1000, checksum='1'):
    return {'first': first, 'best': best, 'peak_kb': peak, 'checksum': [checksum]}


class Bench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def quietly(self, function, *args):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            result = function(*args)
        return result, out.getvalue(), err.getvalue()

    def test_programs_areTimedUnderEveryone(self):
        (self.folder / 'one.py').write_text(PROGRAM)
        (self.folder / 'bench.py').write_text((ROOT / 'bench/programs/bench.py').read_text())
        (self.folder / 'broken.py').write_text('raise SystemExit("broken")\n')
        jobs = measure.programs(str(self.folder), [])
        self.assertEqual([job.name for job in jobs], ['broken', 'one'])
        commands = {'dxpy': [sys.executable], 'cpython': [sys.executable]}
        best, problems = measure.alternate(jobs[1], commands, 2)
        self.assertEqual(problems, {})
        self.assertEqual(set(best['one']), {'dxpy', 'cpython'})
        self.assertEqual(best['one']['dxpy']['checksum'], ['4950'])
        best, problems = measure.alternate(jobs[0], commands, 2)
        self.assertEqual((best, problems), ({}, {'dxpy': 'broken', 'cpython': 'broken'}))
        with self.assertRaises(SystemExit):
            measure.programs(str(self.folder), ['absent'])

    def test_table_saysRatiosMeansAndWhatIsSlow(self):
        table = report.Table(['dxpy', 'cpython'], 'dxpy')
        self.quietly(table.head)
        self.assertFalse(self.quietly(table.add, 'fast', {'dxpy': row(1, 1), 'cpython': row(4, 4)})[0])
        self.assertFalse(self.quietly(table.add, 'slow', {'dxpy': row(2, 1, 500), 'cpython': row(1, 1, 900)})[0])
        self.assertFalse(self.quietly(table.add, 'alone', {'dxpy': row(1, 1)})[0])
        differs, _, err = self.quietly(table.add, 'wrong', {'dxpy': row(1, 1, checksum='2'), 'cpython': row(1, 1)})
        self.assertTrue(differs)
        self.assertIn('checksums differ', err)
        _, out, _ = self.quietly(table.end)
        self.assertIn('geometric mean of 3, cpython time / dxpy time: best 1.59', out)
        self.assertIn('best or first: slow 0.50', out)
        self.assertIn("at most CPython's: 3 of 3", out)
        self.quietly(table.save, self.folder / 'table.txt', self.folder / 'ratios.svg')
        plot = xml.dom.minidom.parse(str(self.folder / 'ratios.svg'))
        self.assertEqual(len(plot.getElementsByTagName('title')), 3)
        self.assertIn('4.00', (self.folder / 'table.txt').read_text())

    def test_suite_runsThroughTheStandIn(self):
        benchmarks = self.folder / 'pyperformance/data-files/benchmarks'
        home = benchmarks / 'bm_sample'
        home.mkdir(parents=True)
        (benchmarks / 'MANIFEST').write_text('[benchmarks]\n\nname\tmetafile\nsample\t<local>\nother\t<local:sample>\n\n[group x]\nsample\n')
        (home / 'pyproject.toml').write_text('[project]\nname = "x"\n')
        (home / 'bm_other.toml').write_text('[tool.pyperformance]\nextra_opts = ["--size", "7"]\n')
        (home / 'run_benchmark.py').write_text(
            'import pyperf\n'
            'def timed(loops, size):\n'
            '    start = pyperf.perf_counter()\n'
            '    for _ in range(loops): sum(range(size))\n'
            '    return pyperf.perf_counter() - start\n'
            'async def task(): pass\n'
            'if __name__ == "__main__":\n'
            '    runner = pyperf.Runner()\n'
            '    runner.metadata["description"] = "sample"\n'
            '    runner.argparser.add_argument("--size", type=int, default=3)\n'
            '    args = runner.parse_args()\n'
            '    runner.bench_time_func(f"timed_{args.size}", timed, args.size)\n'
            '    runner.bench_func("plain", sum, [1, 2])\n'
            '    runner.bench_async_func("async", task)\n')
        jobs = suite.jobs(str(self.folder), [])
        self.assertEqual([job.name for job in jobs], ['sample', 'other'])
        for job, size in zip(jobs, (3, 7)):
            job.environment['DX_BENCH_SECONDS'] = '0.02'
            best, problems = measure.alternate(job, {'dxpy': [sys.executable]}, 1)
            self.assertEqual(problems, {})
            self.assertEqual(set(best), {f'timed_{size}', 'plain', 'async'})
        self.assertEqual([job.name for job in suite.jobs(str(self.folder), ['other'])], ['other'])
        for wrong in (str(self.folder / 'absent'), []), (str(self.folder), ['absent']):
            with self.assertRaises(SystemExit):
                suite.jobs(*wrong)

    def test_instances_areMeasured(self):
        count = instances.COUNT
        prologue = instances.PROLOGUE.replace(str(count), '20000')
        self.addCleanup(setattr, instances, 'PROLOGUE', instances.PROLOGUE)
        instances.PROLOGUE = prologue
        used = instances.one([sys.executable], instances.KINDS['instance with four slots'])
        self.assertGreater(used, 40)
        self.assertLess(used, 200)


if __name__ == '__main__':
    unittest.main()
