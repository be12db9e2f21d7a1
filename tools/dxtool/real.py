"""Real programs and real source files, compared with what CPython 3.14 makes of them.

The facts are in tests/real/: trees.tsv (syntax trees of the library's files) and programs.json
(what the programs of programs.toml print). They are CPython's, for one version of the library;
`--record` writes them, `--oracle CMD` compares with a CPython that is there instead.
"""
import difflib
import hashlib
import json
import re
import shutil
import subprocess
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor

import build
import packages
import process
from common import ROOT, STDLIB, Failure, jobs

REAL = ROOT / 'tests/real'
TREES = REAL / 'trees.tsv'
PROGRAMS = REAL / 'programs.toml'
PRINTED = REAL / 'programs.json'
LIBRARY = STDLIB / 'lib/python3.14'
SAMPLE = 40        # every n-th file without --all
LONGEST = 3000     # characters of output that are recorded as they are
SHOWN = 40         # lines of a difference that are shown
SECONDS = 300      # for one program, and for one part of the files


def options(sub):
    sub.add_argument('pattern', nargs='?', default='', help='only what has this in its name')
    sub.add_argument('--all', action='store_true', help='all files, and the slow programs too')
    sub.add_argument('--oracle', metavar='CMD', help='compare with this CPython 3.14, not with facts')
    sub.add_argument('--record', action='store_true', help='write the facts (needs --oracle)')


def version():
    try:
        return json.loads((STDLIB / 'VERSION.json').read_text())['version']
    except (OSError, ValueError, KeyError):
        return '?'


# Syntax trees ---------------------------------------------------------------------------

def library_files(every):
    names = sorted(str(path.relative_to(LIBRARY)) for path in LIBRARY.rglob('*.py'))
    return names[::every]


def trees_under(command, names):
    """name -> [digest of the file, of its tree, what compile() said]"""
    lines = {}

    def part(some):
        done = subprocess.run([*map(str, command), str(REAL / 'trees.py'), str(LIBRARY)],
                              input='\n'.join(some), text=True, stdout=subprocess.PIPE,
                              timeout=SECONDS)
        return [line.split('\t') for line in done.stdout.splitlines()]

    count = jobs()
    with ThreadPoolExecutor(count) as pool:
        for found in pool.map(part, [names[i::count] for i in range(count)]):
            lines.update((name, facts) for name, *facts in found)
    return lines


def recorded_trees():
    with open(TREES, encoding='utf-8') as file:
        return {name: facts for name, *facts in
                (line.rstrip('\n').split('\t') for line in file if not line.startswith('#'))}


def trees(command, every, oracle=None):
    """(passed, failed): files whose tree and code are what CPython makes of them."""
    names = library_files(every)
    expected = trees_under(oracle, names) if oracle else recorded_trees()
    found = trees_under(command, names)
    passed = failed = other = 0
    for name in names:
        want, got = expected.get(name), found.get(name)
        if want is None or (got and want[0] != got[0]):
            other += 1  # another version of the library
        elif want == got:
            passed += 1
        else:
            failed += 1
            print(f'trees: {name}: {got or "nothing"}, expected {want}')
    note = f', {other} of another version' if other else ''
    print(f'trees: {passed} passed, {failed} failed{note}')
    return passed, failed


# Programs -------------------------------------------------------------------------------

def cases(everything, pattern):
    with open(PROGRAMS, 'rb') as file:
        found = tomllib.load(file)
    return {name: case for name, case in found.items()
            if pattern in name and (everything or pattern or not case.get('slow'))}


def printed(command, case):
    """What a program prints, without what differs from run to run; None: it cannot run here."""
    folder = tempfile.mkdtemp(prefix='dx-real-')
    try:
        environment = process.clean_environment(folder)
        environment |= {'PYTHONPATH': str(STDLIB / 'packages'), 'NO_COLOR': '1', 'COLUMNS': '80'}
        places = {'lib': str(LIBRARY), 'real': str(REAL), 'suites': str(STDLIB / 'suites'),
                  'packages': str(STDLIB / 'packages')}

        def run(arguments, text=''):
            return subprocess.run([*map(str, command), *arguments], cwd=folder, env=environment,
                                  input=text.encode(), stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=SECONDS)

        needs = case.get('needs')
        if needs and run(['-c', 'import ' + ', '.join(needs)]).returncode:
            return None
        text = case.get('stdin', '')
        if 'stdin_file' in case:
            text = (LIBRARY / case['stdin_file']).read_text('utf-8')
        done = run([argument.format(**places) for argument in case['args']], text)
        output = done.stdout.decode('utf-8', 'backslashreplace')
        for was, name in ((str(LIBRARY), 'LIB'), (str(REAL), 'REAL'), (folder, 'HERE'),
                          (str(STDLIB / 'packages'), 'PACKAGES')):
            output = output.replace(was, name)
        for pattern, replacement in case.get('replace', []):
            output = re.sub(pattern, replacement, output)
        return {'status': done.returncode, 'output': output}
    except subprocess.TimeoutExpired:
        return {'status': 'timeout', 'output': ''}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def shortened(fact):
    """The same fact, with a digest in the place of a long output."""
    output = fact['output']
    if len(output) > LONGEST:
        digest = hashlib.sha256(output.encode()).hexdigest()
        output = f'{len(output)} characters, sha256 {digest}'
    return {**fact, 'output': output}


def other_version(case, recorded):
    """Whether a program needs a package that is not there as it was when the facts were made."""
    there = packages.versions()
    return any(name not in there or there[name] != recorded.get(name)
               for name in case.get('packages', ()))


def programs_under(command, chosen):
    with ThreadPoolExecutor(jobs()) as pool:
        return dict(zip(chosen, pool.map(lambda case: printed(command, case), chosen.values())))


def programs(command, everything, pattern, oracle=None):
    chosen = cases(everything, pattern)
    record = json.loads(PRINTED.read_text())
    if not oracle and record['library'] != version():
        print(f'programs: recorded with library {record["library"]}, this is {version()}')
        return 0, 0
    versions = packages.versions() if oracle else record['packages']
    ready = {name: case for name, case in chosen.items() if not other_version(case, versions)}
    expected = programs_under(oracle, ready) if oracle else record['programs']
    found = programs_under(command, ready)
    passed = failed = 0
    skipped = len(chosen) - len(ready)
    for name, got in found.items():
        want = expected.get(name)
        if got is None or want is None:
            skipped += 1
        elif want in (got, shortened(got)):
            passed += 1
        else:
            failed += 1
            print(f'programs: {name}: status {got["status"]}, expected {want["status"]}')
            lines = difflib.unified_diff(want['output'].splitlines(), got['output'].splitlines(),
                                         'expected', 'found', lineterm='', n=1)
            print('    | ' + '\n    | '.join([*lines][:SHOWN]))
    note = f', {skipped} skipped' if skipped else ''
    print(f'programs: {passed} passed, {failed} failed{note}')
    return passed, failed


# The command ----------------------------------------------------------------------------

def sample(preset, pattern):
    """(passed, failed) of what is quick; part of ./dx test."""
    if not LIBRARY.is_dir():
        return 0, 0
    program = build.program(preset)
    parts = [programs([program], False, pattern)]
    if not pattern or pattern in 'trees':
        parts.append(trees([program], SAMPLE))
    return tuple(map(sum, zip(*parts)))


def record(oracle):
    lines = [f'# Trees of the library {version()}: see tests/real/README.md.\n']
    for name, facts in sorted(trees_under(oracle, library_files(1)).items()):
        lines.append('\t'.join([name, *facts]) + '\n')
    TREES.write_text(''.join(lines), encoding='utf-8')
    chosen = {name: case for name, case in cases(True, '').items()
              if not other_version(case, packages.versions())}
    facts = {name: shortened(one) for name, one in programs_under(oracle, chosen).items() if one}
    used = {name for case in chosen.values() for name in case.get('packages', ())}
    PRINTED.write_text(json.dumps({'library': version(), 'packages': {
        name: one for name, one in packages.versions().items() if name in used},
        'programs': facts}, indent=1, ensure_ascii=False) + '\n')
    return 0


def main(args):
    oracle = args.oracle.split() if args.oracle else None
    if args.record:
        if not oracle:
            raise Failure('--record needs --oracle CMD')
        return record(oracle)
    program = [build.program('release')]
    parts = [programs(program, args.all, args.pattern, oracle)]
    if not args.pattern or args.pattern in 'trees':
        parts.append(trees(program, 1 if args.all else SAMPLE, oracle))
    return 1 if sum(failed for _, failed in parts) else 0
