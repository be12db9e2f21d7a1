"""Configuring and building a preset, and running the program that it makes."""
import os
import sys

from common import BUILD, ROOT, STDLIB, Failure, jobs, run

PRESETS = ('release', 'checked', 'dev')


def program(preset):
    return BUILD / preset / 'dxpy'


def unit_tests(preset):
    return BUILD / preset / 'dx_unit_tests'


def build(preset, quiet=False):
    """Builds everything of a preset. Quiet: nothing goes to standard output, which belongs to
    the program that runs next, and progress is shown for a first build only."""
    folder = BUILD / preset
    out = sys.stderr if quiet else None
    first = not program(preset).exists()
    if not (folder / 'build.ninja').exists():
        run(['cmake', '--preset', preset], cwd=ROOT, stdout=out)
    command = ['ninja', '-C', folder, f'-j{jobs()}', *(['--quiet'] if quiet and not first else [])]
    run(command, stdout=out)
    compile_library(preset, out)


def compile_library(preset, out=None):
    """Linking compiles the library into an archive beside the program; this does it when the library came later."""
    archive, mark = BUILD / preset / 'stdlib.dpb', STDLIB / 'lib/python3.14/os.py'
    if program(preset).exists() and mark.exists() and \
            (not archive.exists() or archive.stat().st_mtime < mark.stat().st_ctime):
        run([program(preset), 'compile', '--library', '-o', archive], stdout=out)
        if preset != 'checked':  # builds with sanitizers have none
            run([program(preset), 'snapshot'], stdout=out)


def exec_program(preset, arguments):
    """Replaces this process by the program."""
    build(preset, quiet=True)
    path = program(preset)
    if not path.exists():
        raise Failure(f'this tree builds no program ({path.relative_to(ROOT)})')
    if arguments[:1] == ['--']:
        arguments = arguments[1:]
    os.execv(path, [str(path), *arguments])
