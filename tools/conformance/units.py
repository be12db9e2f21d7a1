"""Which test units there are, and on which rung of the ladder."""
import tomllib
from fnmatch import fnmatchcase

# Packages whose modules are units of their own, as in CPython's own runner.
SPLIT = {'test_asyncio', 'test_concurrent_futures', 'test_doctest', 'test_future_stmt',
         'test_inspect', 'test_pydoc', 'test_multiprocessing_fork',
         'test_multiprocessing_forkserver', 'test_multiprocessing_spawn', 'test_ctypes',
         'test_email', 'test_pathlib'}
SECONDS = 60


class Ladder:
    def __init__(self, path, tests):
        """path: rungs.toml. tests: the folder test/ of the standard library."""
        table = tomllib.loads(path.read_text())
        self.seconds = table.pop('seconds', {})
        self.left_out = table.pop('left_out', {})
        self.titles = {rung: entry['title'] for rung, entry in table.items()}
        self.rung_of = {}  # unit -> rung, in order
        for rung, entry in table.items():
            for name in entry['units'].split():
                for unit in expand('test_' + name, tests):
                    self.rung_of[unit] = rung

    def time_limit(self, unit):
        return self.seconds.get(unit, self.seconds.get(unit.split('.')[0], SECONDS))

    def select(self, names, rungs):
        """Units by name (`int`, `test_int`, `test_io*` or a package) and by rung; all when empty."""
        chosen = []
        for unit, rung in self.rung_of.items():
            if rungs and rung not in rungs:
                continue
            if not names or any(matches(unit, name) for name in names):
                chosen.append(unit)
        return chosen


def matches(unit, name):
    name = name.removeprefix('test.')
    name = name if name.startswith(('test_', '*')) else 'test_' + name
    if '*' in name:
        return fnmatchcase(unit, name)
    return unit == name or unit.startswith(name + '.')


def expand(unit, tests):
    folder = tests / unit
    if unit not in SPLIT or not folder.is_dir():
        return [unit]
    inside = sorted(path.stem for path in folder.glob('test_*')
                    if path.suffix == '.py' or (path / '__init__.py').exists())
    return [f'{unit}.{name}' for name in inside]
