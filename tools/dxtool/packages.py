"""Real pure-Python packages and their own test suites, for tests: build/stdlib/packages/, suites/.

They come from the suite that the standard library came from, but for SymPy. What is there stays;
what is missing is added. `packages.json` records names, versions and SHA-256.
"""
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import PurePosixPath

import debian
from common import STDLIB, output

# With what they need; docs/dependencies.md has a line for each.
PACKAGES = ('python3-pygments', 'python3-markdown', 'python3-docutils', 'docutils-common',
            'python3-roman-numerals', 'python3-jinja2', 'python3-markupsafe', 'python3-mpmath',
            'python3-networkx', 'python3-attr', 'python3-pluggy', 'python3-click', 'python3-mako',
            'python3-pytest', 'python3-iniconfig', 'python3-packaging')
# Of Debian 12: newer versions of SymPy import ctypes, which dxpy does not have.
STABLE, STABLE_PACKAGES = 'bookworm', ('python3-sympy',)
# Source packages, and the folder in them that holds the tests.
SUITES = {'python-pluggy': 'testing', 'python-iniconfig': 'testing', 'mako': 'test',
          'jinja2': 'tests'}
SETTINGS = ('pyproject.toml', 'setup.cfg', 'pytest.ini')  # where a suite configures pytest
PLACES = (('usr/lib/python3/dist-packages', ''), ('usr/share/docutils', 'docutils'))


def record_path():
    return STDLIB / 'packages.json'


def recorded():
    """{'packages': {name: {version, sha256}}, 'suites': ...} of what is there."""
    try:
        return json.loads(record_path().read_text())
    except (OSError, ValueError):
        return {'packages': {}, 'suites': {}}


def versions():
    """{name: upstream version} of what is there, `src:name` for test suites."""
    record = recorded()
    found = {name: one['version'] for name, one in record['packages'].items()}
    found |= {f'src:{name}': one['version'] for name, one in record['suites'].items()}
    return {name: version.split('-')[0].split('+')[0] for name, version in found.items() if version}


def ensure():
    """Adds what is missing. Without network it says so, and tests that need it are passed over."""
    try:
        library = json.loads((STDLIB / 'VERSION.json').read_text())
    except (OSError, ValueError):
        return
    if library.get('source') != 'debian':
        return  # an installed library: nothing says which packages fit it
    record = recorded()

    def missing(names, kind='packages'):
        return [name for name in names if name not in record[kind]]

    wanted = [(suite, missing(names)) for suite, names in
              ((library['suite'], PACKAGES), (STABLE, STABLE_PACKAGES)) if missing(names)]
    sources = missing(SUITES, 'suites')
    if not wanted and not sources:
        return
    print('dx: fetching Python packages for tests', file=sys.stderr)
    mirrors = debian.machine_mirrors()
    new = STDLIB / 'packages.new'
    shutil.rmtree(new, ignore_errors=True)
    for suite, names in wanted:
        debs, problem = debian.fetch(suite, mirrors, names)
        if problem:
            print(f'dx: packages for tests could not be fetched:\n{problem}', file=sys.stderr)
            break
        record['packages'] |= unpack_all(debs, new / 'packages')
    else:
        if sources:
            found = debian.fetch_sources(library['suite'], mirrors, sources)
            record['suites'] |= unpack_suites(found, sources, new / 'suites')
    add(new / 'packages', STDLIB / 'packages')
    add(new / 'suites', STDLIB / 'suites')
    shutil.rmtree(new, ignore_errors=True)
    debian.clean()
    beside = record_path().with_suffix('.new')
    beside.write_text(json.dumps(record, indent=1) + '\n')
    beside.replace(record_path())


def unpack_all(debs, into):
    """Unpacks packages; their entries of the record."""
    record = {}
    for deb in debs:
        name, version = output(['dpkg-deb', '--show', '--showformat', '${Package} ${Version}',
                                deb]).split()
        unpack(deb, into)
        record[name] = {'version': version, 'sha256': digest(deb)}
    look_beside_the_modules(into / 'docutils/__init__.py')
    return record


def unpack_suites(found, names, into):
    """Unpacks test suites; their entries of the record, version None for what the mirror lacks."""
    record = {}
    for name in names if found is not None else ():
        version = None
        if name in found:
            version = found[name].name.removeprefix(f'{name}_').split('.orig.')[0]
            unpack_suite(found[name], SUITES[name], into / name)
        record[name] = {'version': version}  # what is not there is not asked for again
    return record


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unpack(deb, into):
    """The Python files of a package. Compiled modules stay out: each has a stand-in in Python."""
    with subprocess.Popen(['dpkg-deb', '--fsys-tarfile', deb], stdout=subprocess.PIPE) as child, \
            tarfile.open(fileobj=child.stdout, mode='r|') as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            for place, name in PLACES:
                if path.is_relative_to(place) and member.isfile() and path.suffix != '.so':
                    write_member(tar, member, into / name / path.relative_to(place))


def write_member(tar, member, path):
    """One plain file of an archive, at a place of our choosing."""
    if '..' in path.parts:
        raise ValueError(f'{member.name}: a path that leads upwards')
    path.parent.mkdir(parents=True, exist_ok=True)
    with tar.extractfile(member) as source, path.open('wb') as target:
        shutil.copyfileobj(source, target)


def look_beside_the_modules(path):
    """Debian's docutils looks for its data below /usr/share; here they lie with the modules."""
    if path.exists():
        text = path.read_text()
        path.write_text(text.replace('\n_debian_package = 1\n', '\n_debian_package = 0\n'))


def unpack_suite(archive, folder, into):
    """The tests of a source package, and the files that configure pytest for them."""
    with tarfile.open(archive) as tar:
        for member in tar:
            path = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            if member.isfile() and (path.is_relative_to(folder) or str(path) in SETTINGS):
                write_member(tar, member, into / path)


def add(new, place):
    """Moves what is not there yet, each entry whole, so that a program never sees half of it."""
    place.mkdir(exist_ok=True)
    for entry in sorted(new.iterdir()) if new.is_dir() else ():
        if not (place / entry.name).exists():
            entry.rename(place / entry.name)
