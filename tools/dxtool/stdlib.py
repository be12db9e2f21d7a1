"""The standard library as a dependency: downloaded from Debian, or an installed one.

Makes build/stdlib/ with lib/python3.14 (the library, with test/ inside), include/ (headers),
extensions/ (CPython's compiled modules, never on our path) and VERSION.json; packages.py adds
packages for tests. docs/dependencies.md says why it is done this way.
"""
import ast
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

import debian
from common import BUILD, STDLIB, Failure, output

SUITES = ('forky', 'sid')
PACKAGES = ('libpython3.14-minimal', 'libpython3.14-stdlib', 'libpython3.14-testsuite',
            'libpython3.14-dev')
LIBRARY = 'lib/python3.14'
FORMAT = 1  # raised when the layout of build/stdlib changes

WAYS_OUT = '''
There are two ways to a standard library:
  - with network: ./dx setup fetches it from the Debian mirror of this machine's apt sources
  - without: ./dx setup --stdlib DIR (or DX_STDLIB=DIR), where DIR is the library of an
    installed Python 3.14, for instance /usr/lib/python3.14'''


def ensure(chosen, refresh=False):
    """Makes build/stdlib if it is not there, or is not the one asked for."""
    chosen = chosen or os.environ.get('DX_STDLIB')
    wanted = str(Path(chosen).resolve()) if chosen else 'debian'
    try:
        record = json.loads((STDLIB / 'VERSION.json').read_text())
    except (OSError, ValueError):
        record = {}
    if record.get('format') == FORMAT and record.get('source') == wanted and not refresh:
        return
    if not chosen and record.get('format') == FORMAT and not refresh:
        return  # an installed library was chosen before; keep it
    new = BUILD / 'stdlib.new'
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    record = link_installed(Path(wanted), new) if chosen else download(new)
    check_contracts(new / LIBRARY)
    record = {'format': FORMAT, 'source': wanted, **record}
    (new / 'VERSION.json').write_text(json.dumps(record, indent=1) + '\n')
    shutil.rmtree(STDLIB, ignore_errors=True)
    new.rename(STDLIB)
    print(f'dx: standard library {record["version"]} in {STDLIB}', file=sys.stderr)


# An installed library -------------------------------------------------------------------

def link_installed(folder, new):
    if not (folder / 'os.py').exists():
        folder = folder / LIBRARY
    if not (folder / 'os.py').exists():
        raise Failure(f'{folder.parent.parent} holds no Python library (no os.py).{WAYS_OUT}')
    (new / 'lib').mkdir()
    (new / LIBRARY).symlink_to(folder)
    for headers in (folder.parents[1] / 'include/python3.14',):
        if (headers / 'Python.h').exists():
            (new / 'include').symlink_to(headers)
    return {'version': '3.14 (installed)'}


# Debian's packages ----------------------------------------------------------------------

def download(new):
    if not shutil.which('apt-get'):
        raise Failure(f'this machine has no apt-get to fetch the standard library with.{WAYS_OUT}')
    mirrors = debian.machine_mirrors()
    if not mirrors:
        raise Failure(f"this machine's apt has no Debian source.{WAYS_OUT}")
    problems = []
    for suite in SUITES:
        print(f'dx: fetching the standard library from Debian {suite}', file=sys.stderr)
        debs, problem = debian.fetch(suite, mirrors, PACKAGES)
        if debs:
            break
        problems.append(problem)
    else:
        raise Failure('the standard library could not be fetched:\n' + '\n'.join(problems) + WAYS_OUT)
    record = {'suite': suite, 'packages': {}}
    staging = new / 'staging'
    for deb in debs:
        name, version = output(['dpkg-deb', '--show', '--showformat', '${Package} ${Version}',
                                deb]).split()
        record['packages'][name] = {'version': version,
                                    'sha256': hashlib.sha256(deb.read_bytes()).hexdigest()}
        if output(['dpkg-deb', '-x', deb, staging]) is None:
            raise Failure(f'{deb} could not be unpacked')
    record['version'] = record['packages']['libpython3.14-stdlib']['version'].split('-')[0]
    if not record['version'].startswith('3.14.'):
        raise Failure(f'the suite has Python {record["version"]}, not 3.14.{WAYS_OUT}')
    arrange(staging, new)
    debian.clean()
    return record


def arrange(staging, new):
    """Moves what we use from the unpacked packages to its place."""
    library = staging / 'usr/lib/python3.14'
    (new / 'lib').mkdir()
    library.rename(new / LIBRARY)
    library = new / LIBRARY
    (library / 'lib-dynload').rename(new / 'extensions')
    for path in [library / 'sitecustomize.py', library / 'EXTERNALLY-MANAGED',
                 *library.glob('config-*')]:  # Debian's own, and the build files of its libpython
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in library.rglob('*'):
        if path.is_symlink() and not path.exists():
            path.unlink()
    shutil.copytree(staging / 'usr/include/python3.14', new / 'include', symlinks=True)
    multiarch = staging / 'usr/include/x86_64-linux-gnu/python3.14'
    if (multiarch / 'pyconfig.h').exists():  # Debian's pyconfig.h only points there
        shutil.copy(multiarch / 'pyconfig.h', new / 'include/pyconfig.h')
    shutil.rmtree(staging)


# What native modules and Python files agree on -----------------------------------------

CONSTANTS = (  # file, name, value; stable through the life of 3.14
    ('re/_constants.py', 'MAGIC', 20230612),
    ('token.py', 'N_TOKENS', 69),
    ('token.py', 'NT_OFFSET', 256),
)
OPCODES = 154  # names in _opcode_metadata.opmap


def check_contracts(library):
    """Refuses a library whose Python files count on other native modules than ours."""
    wrong = []
    for file, name, expected in CONSTANTS:
        found = constants(library / file).get(name)
        if found != expected:
            wrong.append(f'{file}: {name} is {found}, not {expected}')
    opmap = constants(library / '_opcode_metadata.py').get('opmap', {})
    if len(opmap) != OPCODES:
        wrong.append(f'_opcode_metadata.py: {len(opmap)} opcodes, not {OPCODES}')
    if wrong:
        raise Failure(f'{library} is not a Python 3.14 library that fits:\n  '
                      + '\n  '.join(wrong) + WAYS_OUT)


def constants(path):
    """Module-level names of a Python file that are assigned a literal."""
    try:
        tree = ast.parse(path.read_text())
    except (OSError, SyntaxError):
        return {}
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                value = node.value
                if isinstance(value, ast.Call) and value.args:  # frozendict({...}) and the like
                    value = value.args[0]
                found[node.targets[0].id] = ast.literal_eval(value)
            except ValueError:
                pass
    return found
