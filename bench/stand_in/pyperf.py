"""Stands in for pyperf where a suite's benchmarks import it: runs each in this process, for a short while, and prints a line of
JSON with its first and best time. What of pyperf the benchmarks of pyperformance use is here, nothing else."""
import argparse
import json
import os
import subprocess
import sys
import time

perf_counter = time.perf_counter
SECONDS = float(os.environ.get('DX_BENCH_SECONDS', '1'))  # for each benchmark
SHORTEST = 0.005  # seconds that are worth a reading


def python_implementation():
    return sys.implementation.name


def _peak():
    try:
        with open('/proc/self/status') as status:
            return next(int(line.split()[1]) for line in status if line.startswith('VmHWM'))
    except OSError:
        return 0


class Runner:
    def __init__(self, values=None, processes=None, loops=0, min_time=0, metadata=None, show_name=True, program_args=None,
                 add_cmdline_args=None, **others):
        self.metadata = dict(metadata or {})
        self.argparser = argparse.ArgumentParser()
        self.args = None

    def parse_args(self, args=None):
        if self.args is None:
            self.args = self.argparser.parse_args(args)
        return self.args

    def _measure(self, name, timed, inner=1):
        """timed(loops) gives the seconds that so many loops took."""
        self.parse_args()
        first = best = timed(1) / inner
        loops, runs, start = 1, 1, perf_counter()
        while runs < 3 or perf_counter() - start < SECONDS and runs < 1000:
            taken = timed(loops)
            if taken < SHORTEST and loops < 1 << 20:
                loops *= 2
            best = min(best, taken / loops / inner)
            runs += 1
        print(json.dumps({'first': first, 'best': best, 'runs': runs, 'peak_kb': _peak(), 'name': name}))
        sys.stdout.flush()

    def bench_time_func(self, name, func, *args, inner_loops=None, metadata=None):
        self._measure(name, lambda loops: func(loops, *args), inner_loops or 1)

    def bench_func(self, name, func, *args, inner_loops=None, metadata=None):
        def timed(loops):
            start = perf_counter()
            for _ in range(loops):
                func(*args)
            return perf_counter() - start
        self._measure(name, timed, inner_loops or 1)

    def bench_async_func(self, name, func, *args, inner_loops=None, metadata=None, loop_factory=None):
        import asyncio

        async def loop_of(loops):
            start = perf_counter()
            for _ in range(loops):
                await func(*args)
            return perf_counter() - start

        def timed(loops):
            if loop_factory is None:
                return asyncio.run(loop_of(loops))
            with asyncio.Runner(loop_factory=loop_factory) as runner:
                return runner.run(loop_of(loops))
        self._measure(name, timed, inner_loops or 1)

    def bench_command(self, name, command):
        def timed(loops):
            start = perf_counter()
            for _ in range(loops):
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            return perf_counter() - start
        self._measure(name, timed)
