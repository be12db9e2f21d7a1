"""The benchmarks of a pyperformance checkout, run through the stand-in for pyperf beside this file."""
import os
import tomllib

import measure

HERE = os.path.dirname(os.path.abspath(__file__))


def folder_of(name):
    """A folder, or what DX_SUITE_name says."""
    for path in (name, os.environ.get('DX_SUITE_' + name)):
        if not path:
            continue
        for inside in ('', 'pyperformance/data-files/benchmarks', 'data-files/benchmarks'):
            folder = os.path.join(os.path.abspath(path), inside)
            if os.path.isfile(os.path.join(folder, 'MANIFEST')):
                return folder
    raise SystemExit(f'bench: {name} is no pyperformance checkout (nor is DX_SUITE_{name} set to one)')


def manifest(folder):
    """(name, folder of the benchmark, its toml) for each line `name <local>` or `name <local:other>`."""
    with open(os.path.join(folder, 'MANIFEST')) as f:
        lines = f.read().split('[benchmarks]')[1].split('\n[')[0].split('\n')
    for line in lines:
        words = line.split('#')[0].split()
        if len(words) != 2 or not words[1].startswith('<local'):
            continue
        name = words[0]
        home = os.path.join(folder, 'bm_' + (words[1][7:-1] or name))
        toml = os.path.join(home, 'pyproject.toml' if words[1] == '<local>' else f'bm_{name}.toml')
        yield name, home, toml


def options(toml):
    with open(toml, 'rb') as f:
        return tomllib.load(f).get('tool', {}).get('pyperformance', {}).get('extra_opts', [])


def jobs(name, names):
    found = []
    for bench, home, toml in manifest(folder_of(name)):
        program = os.path.join(home, 'run_benchmark.py')
        if (not names or bench in names) and os.path.isfile(program) and os.path.isfile(toml):
            found.append(measure.Job(bench, [program, *options(toml)], home,
                                     {'PYTHONPATH': os.path.join(HERE, 'stand_in')}))
    missing = set(names) - {job.name for job in found}
    if missing:
        raise SystemExit(f'bench: the suite has no {", ".join(sorted(missing))}')
    return found
