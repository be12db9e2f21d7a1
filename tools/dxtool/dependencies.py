"""Debian packages that a build needs: the table in docs/dependencies.md, installed if missing."""
import glob
import os
import shutil
import sys

from common import ROOT, Failure, run

TABLE = ROOT / 'docs/dependencies.md'


def packages():
    """(package, probe) for each row of the table `package | found by | ...`."""
    rows = []
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip().strip('`') for cell in line.strip().strip('|').split('|')]
        if line.startswith('| `') and len(cells) == 4:
            rows.append((cells[0], cells[1]))
    return rows


def present(probe):
    """A probe is a program on PATH, or a path that may contain wildcards."""
    return bool(glob.glob(probe)) if '/' in probe else shutil.which(probe) is not None


def install_missing():
    missing = [package for package, probe in packages() if not present(probe)]
    if not missing:
        return
    command = ['apt-get', 'install', '-y', '-q', '--no-install-recommends', *missing]
    if not shutil.which('apt-get'):
        raise Failure(f'missing packages, and no apt-get to install them: {" ".join(missing)}')
    if os.geteuid() != 0:
        raise Failure('missing packages; as root run\n  ' + ' '.join(command))
    print(f'dx: installing {" ".join(missing)}', file=sys.stderr)
    environment = dict(os.environ, DEBIAN_FRONTEND='noninteractive')
    run(['apt-get', 'update', '-q'], env=environment, stdout=sys.stderr)
    run(command, env=environment, stdout=sys.stderr)
