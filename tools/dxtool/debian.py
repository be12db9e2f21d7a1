"""Packages of a newer Debian suite, downloaded with an apt configuration of our own.

Nothing is installed and the machine's apt is not changed; docs/dependencies.md says more.
"""
import re
import shutil
import subprocess
from pathlib import Path

from common import BUILD, output

APT = BUILD / 'apt'
KEYRING = Path('/usr/share/keyrings/debian-archive-keyring.gpg')
RETRIES = 3


def machine_mirrors():
    """Debian mirrors among the machine's own apt sources, best first."""
    listing = output(['apt-get', 'indextargets', '--format', '$(REPO_URI)',
                      'Created-By: Packages']) or ''
    found = [uri for uri in listing.split() if re.search(r'/debian/?$', uri)]
    return list(dict.fromkeys(found))


def command(suite, mirrors, sources):
    """The start of an apt-get command that knows one suite only, or its source packages."""
    for folder in ('lists/partial', 'archives/partial', 'etc', 'files'):
        (APT / folder).mkdir(parents=True, exist_ok=True)
    (APT / 'status').touch()
    kind = 'deb-src' if sources else 'deb'
    signed_by = f' [signed-by={KEYRING}]' if KEYRING.exists() else ''
    (APT / 'etc/sources.list').write_text(
        ''.join(f'{kind}{signed_by} {mirror} {suite} main\n' for mirror in mirrors))
    # The machine's apt.conf (proxies, credentials) and its trusted keys stay in force; sources,
    # lists, caches and the list of installed packages are ours.
    options = {'Dir::Etc::sourcelist': APT / 'etc/sources.list', 'Dir::Etc::sourceparts': '/dev/null',
               'Dir::Etc::preferences': '/dev/null', 'Dir::Etc::preferencesparts': '/dev/null',
               'Dir::State::lists': APT / 'lists', 'Dir::State::status': APT / 'status',
               'Dir::Cache': APT, 'Dir::Cache::archives': APT / 'archives',
               'Dir::Cache::pkgcache': '', 'Dir::Cache::srcpkgcache': '',
               'APT::Architecture': 'amd64', 'APT::Architectures': 'amd64',
               'Acquire::Languages': 'none', 'APT::Sandbox::User': 'root', 'Acquire::Retries': RETRIES,
               'APT::Update::Error-Mode': 'any'}
    apt = ['apt-get', '-q']
    for key, value in options.items():
        apt += ['-o', f'{key}={value}']
    return apt


def problem_of(command):
    """Runs apt-get; '' or what it complains about."""
    done = subprocess.run(command, cwd=APT / 'files', text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if not done.returncode:
        return ''
    errors = [line for line in done.stdout.splitlines() if line.startswith('E:')]
    return '\n'.join(errors[:3]) or f'apt-get ended with status {done.returncode}'


def fetch(suite, mirrors, names):
    """Downloads packages of one suite; returns (paths, '') or (None, what went wrong)."""
    shutil.rmtree(APT, ignore_errors=True)
    apt = command(suite, mirrors, sources=False)
    for arguments in (['update'], ['download', *names]):
        problem = problem_of([*apt, *arguments])
        if problem:
            return None, '\n'.join(f'  {suite}: {line}' for line in problem.splitlines())
    debs = sorted((APT / 'files').glob('*.deb'))
    if len(debs) != len(names):
        return None, f'{suite}: {len(debs)} packages instead of {len(names)} were downloaded'
    return debs, ''


def fetch_sources(suite, mirrors, names):
    """{name: the original tar file} of those source packages that the mirror has; None: no mirror."""
    shutil.rmtree(APT, ignore_errors=True)
    apt = command(suite, mirrors, sources=True)
    if problem_of([*apt, 'update']):
        return None
    found = {}
    for name in names:
        if not problem_of([*apt, 'source', '--download-only', '--tar-only', name]):
            tars = list((APT / 'files').glob(f'{name}_*.orig.tar.*'))
            if len(tars) == 1:
                found[name] = tars[0]
    return found


def clean():
    shutil.rmtree(APT, ignore_errors=True)
