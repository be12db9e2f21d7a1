import sys
import tempfile
import time
import unittest
from pathlib import Path

import process


class Process(unittest.TestCase):
    def run_code(self, code, seconds=20, **options):
        with tempfile.TemporaryDirectory() as folder:
            return process.run([sys.executable, '-c', code], folder, seconds, **options)

    def test_success_isOk(self):
        outcome = self.run_code('print("said")')
        self.assertTrue(outcome.ok)
        self.assertEqual(outcome.tail, 'said\n')

    def test_exitStatusAndSignal_areNamed(self):
        self.assertEqual(self.run_code('raise SystemExit(3)').how, 'exit 3')
        self.assertEqual(self.run_code('import os; os.abort()').how, 'signal SIGABRT')

    def test_timeLimit_killsTheWholeGroup(self):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            mark = Path(folder) / 'mark'
            code = (f'import subprocess; subprocess.run(["sh", "-c", "sleep 1.5; touch {mark}"])')
            outcome = process.run([sys.executable, '-c', code], folder, 0.5)
            self.assertEqual(outcome.how, 'timeout')
            self.assertLess(time.monotonic() - began, 1.4)
            time.sleep(1.3)
            self.assertFalse(mark.exists())

    def test_progress_movesTheTimeLimit(self):
        with tempfile.TemporaryDirectory() as folder:
            events = Path(folder) / 'events'
            code = ('import time\n'
                    f'for _ in range(6): open({str(events)!r}, "a").write("x"); time.sleep(0.3)')
            outcome = process.run([sys.executable, '-c', code], folder, 1.2, progress=events)
            self.assertTrue(outcome.ok)
            outcome = process.run([sys.executable, '-c', code], folder, 1.2, progress=events,
                                  total=0.9)
            self.assertEqual(outcome.how, 'timeout')

    def test_memoryLimit_holds(self):
        outcome = self.run_code('bytearray(2 << 30)', memory=1 << 30)
        self.assertEqual(outcome.how, 'exit 1')
        self.assertIn('MemoryError', outcome.tail)
