"""The test suites: unit tests, tests/lang, conformance, and benchmarks."""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import build
import checks
import process
import real
from common import BUILD, ROOT, STDLIB, Failure, jobs, run

sys.path.insert(1, str(ROOT / 'tools'))
from conformance import command as conformance_command  # noqa: E402

LANG = ROOT / 'tests/lang'
LANG_SECONDS = 60   # for each program
UNIT_SECONDS = 600  # for all unit tests


def conformance_options(sub):
    conformance_command.options(sub)


def conformance(args):
    preset = 'checked' if args.checked else 'release'
    if not args.oracle:
        need_program(preset)
    passed, surprises = conformance_command.main(args, build.program(preset))
    return 1 if surprises else 0


def need_program(preset):
    path = build.program(preset)
    if not path.exists():
        raise Failure(f'this tree builds no program ({path.relative_to(ROOT)})')


def unit_tests(preset, pattern):
    """(passed, failed) of the GoogleTest program."""
    program = build.unit_tests(preset)
    if not program.exists():
        return 0, 0
    report = BUILD / preset / 'unit_tests.json'
    report.unlink(missing_ok=True)
    command = [program, '--gtest_brief=1', f'--gtest_output=json:{report}']
    if pattern:
        command.append(f'--gtest_filter=*{pattern}*')
    try:
        status = subprocess.run(command, timeout=UNIT_SECONDS).returncode
    except subprocess.TimeoutExpired:
        status = 'timeout'
    if not report.exists():
        print(f'unit tests: the program ended with status {status}')
        return 0, 1
    result = json.loads(report.read_text())
    ran = sum(1 for suite in result['testsuites'] for test in suite['testsuite']
              if test['status'] == 'RUN')
    failed = result['failures'] + result.get('errors', 0)
    if status and not failed:
        failed = 1
    print(f'unit tests: {ran - failed} passed, {failed} failed')
    return ran - failed, failed


def tools(pattern):
    """(passed, failed) of the tests of our own Python programs."""
    sys.path.insert(1, str(ROOT / 'tests/tools'))
    suite, loader = unittest.TestSuite(), unittest.TestLoader()
    for path in sorted((ROOT / 'tests/tools').glob('*_test.py')):
        if pattern in path.stem:
            suite.addTest(loader.loadTestsFromName(path.stem))
    result = unittest.TextTestRunner(sys.stdout, verbosity=0, buffer=True).run(suite)
    failed = len(result.failures) + len(result.errors)
    return result.testsRun - failed, failed


# Ways to run dxpy in which every program must do the same: options, and what the report calls it.
LANG_MODES = [([], ''),
              (['-X', 'dx-caches=off'], ' without caches'),
              (['-X', 'dx-caches=megamorphic'], ' with shared caches only')]


def lang(python, pattern, mode=''):
    """(passed, failed) of the programs in tests/lang; each must end with status 0."""
    files = [path for path in sorted(LANG.rglob('*.py'))
             if not path.name.startswith('_') and pattern in str(path.relative_to(LANG))]

    def one(path):
        folder = tempfile.mkdtemp(prefix='dx-lang-')
        try:
            return path, process.run([*python, path], folder, LANG_SECONDS,
                                     environment=process.clean_environment(folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    failed = 0
    with ThreadPoolExecutor(jobs()) as pool:
        for path, outcome in pool.map(one, files):
            if not outcome.ok:
                failed += 1
                print(f'{path.relative_to(ROOT)}{mode}: {outcome.how}')
                print('    | ' + '\n    | '.join(outcome.tail.strip().split('\n')[-12:]))
    print(f'tests/lang{mode}: {len(files) - failed} passed, {failed} failed')
    return len(files) - failed, failed


def lang_only(python, pattern):
    return 1 if lang(python, pattern)[1] else 0


def expected_conformance(preset, pattern):
    """(passed, failed): tests of CPython that pass as expected; surprises."""
    parser = argparse.ArgumentParser()
    conformance_command.options(parser)
    args = parser.parse_args([])
    args.checked = preset == 'checked'
    args.units = [f'*{pattern}*'] if pattern else []
    passed, surprises = conformance_command.main(args, build.program(preset), quiet=True)
    print(f'conformance: {passed} passed, {surprises} failed')
    return passed, surprises


def run_all(preset, pattern):
    parts = [unit_tests(preset, pattern), tools(pattern)]
    if build.program(preset).exists():
        for options, mode in LANG_MODES:
            parts.append(lang([build.program(preset), *options], pattern, mode))
        if conformance_command.EXPECTED.exists() and (STDLIB / 'lib/python3.14/test').is_dir():
            parts.append(expected_conformance(preset, pattern))
    if build.program(preset).exists():
        parts.append(real.sample(preset, pattern))
    if not pattern:
        parts.append(checks.lint_counts())
    passed, failed = map(sum, zip(*parts))
    print(f'{passed} passed, {failed} failed', flush=True)
    return 1 if failed or not passed else 0


def bench(args):
    """bench/run gets the program to measure, then the arguments of the command."""
    runner = ROOT / 'bench/run'
    if not runner.exists():
        raise Failure('this tree has no benchmarks (bench/run)')
    environment = dict(os.environ)
    peers = ROOT.parent / 'shared/tools/peers.sh'  # beside the tree, where there is one
    if peers.exists():
        environment.setdefault('DX_PEERS_TOOL', str(peers))
    run([runner, build.program('release'), *args], env=environment)
