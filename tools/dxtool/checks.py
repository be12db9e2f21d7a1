"""`./dx lint` and `./dx fmt`. Each check returns lines that say what is wrong and where."""
import os
import re
import subprocess
import sys

from common import ROOT, jobs, output, run

sys.path.insert(1, str(ROOT / 'tools'))
import lint_includes  # noqa: E402

FORMAT = 'clang-format-19'
LINES = 1500          # the end for a file
SOURCES = ('.cpp', '.h', '.c')
COUNTED = SOURCES + ('.py', '.def', '.cmake', '.inc')


def tracked():
    """Paths of the tree, also of files that are new, below ROOT."""
    listing = output(['git', 'ls-files', '--cached', '--others', '--exclude-standard'], cwd=ROOT)
    if listing is None:  # not a clone: an unpacked archive
        return [os.path.relpath(os.path.join(folder, name), ROOT)
                for folder, _, names in os.walk(ROOT) for name in names
                if '/build' not in folder and '/.git' not in folder]
    return [path for path in listing.split('\n') if path and (ROOT / path).exists()]


def changed():
    """C++ files that differ from main; all of them when this is main."""
    base = None
    for branch in ('origin/main', 'main'):
        base = output(['git', 'merge-base', 'HEAD', branch], cwd=ROOT)
        if base:
            break
    every = [path for path in tracked() if path.endswith(SOURCES)]
    head = output(['git', 'rev-parse', 'HEAD'], cwd=ROOT)
    if not base or (base == head and not output(['git', 'status', '--porcelain'], cwd=ROOT)):
        return every
    listing = output(['git', 'diff', '--name-only', base.strip()], cwd=ROOT) or ''
    listing += output(['git', 'ls-files', '--others', '--exclude-standard'], cwd=ROOT) or ''
    return [path for path in every if path in set(listing.split('\n'))]


def formatting():
    """Changed files that clang-format would change."""
    files = changed()
    wrong = []
    for first in range(0, len(files), 40):
        done = subprocess.run([FORMAT, '--dry-run', '--Werror', *files[first:first + 40]], cwd=ROOT,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode:
            found = re.findall(r'^(\S+?):\d+:\d+: error', done.stderr, re.MULTILINE)
            wrong += [f'{path}: not formatted (./dx fmt)' for path in dict.fromkeys(found)]
    return wrong


def include_order():
    """Includes that point upward in src/folders.txt."""
    return lint_includes.check(ROOT)


def file_sizes():
    """Files over the limit of lines."""
    wrong = []
    for path in tracked():
        if path.endswith(COUNTED):
            lines = (ROOT / path).read_text(errors='replace').count('\n')
            if lines > LINES:
                wrong.append(f'{path}: {lines} lines, {LINES} is the end')
    return wrong


def leftovers():
    """Unfinished business in sources."""
    marks = re.compile(r'\b(TODO|FIXME|XXX)\b')
    wrong = []
    for path in tracked():
        if path.endswith(COUNTED) and path.startswith(('src/', 'lib/')):
            for number, line in enumerate((ROOT / path).read_text(errors='replace').split('\n'), 1):
                if marks.search(line):
                    wrong.append(f'{path}:{number}: {line.strip()[:80]}')
    return wrong


def documents():
    """Paths that a document names and the tree does not have."""
    named = re.compile(r'`((?:src|lib|docs|tests|bench|tools|cmake|examples)/[A-Za-z0-9_./-]+)`')
    wrong = []
    for path in tracked():
        if path.endswith('.md'):
            for name in dict.fromkeys(named.findall((ROOT / path).read_text(errors='replace'))):
                if not (ROOT / name).exists():
                    wrong.append(f'{path}: names {name}, which is not there')
    return wrong


CHECKS = (formatting, include_order, file_sizes, leftovers, documents)


def lint_counts():
    """(checks that found nothing, checks that found something)"""
    failed = 0
    for check in CHECKS:
        lines = check()
        failed += bool(lines)
        for line in lines:
            print(f'lint: {line}')
    print(f'lint: {len(CHECKS) - failed} passed, {failed} failed')
    return len(CHECKS) - failed, failed


def lint():
    return 1 if lint_counts()[1] else 0


def format_sources():
    files = changed()
    if files:
        run([FORMAT, '-i', *files], cwd=ROOT)
