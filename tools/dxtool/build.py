"""Configuring and building a preset, and running the program that it makes."""
import os

from common import BUILD, ROOT, Failure, jobs, output, run

PRESETS = ('release', 'checked', 'dev')


def program(preset):
    return BUILD / preset / 'dxpy'


def unit_tests(preset):
    return BUILD / preset / 'dx_unit_tests'


def build(preset, quiet=False):
    """Builds everything of a preset. Quiet: says nothing when there is nothing to do."""
    folder = BUILD / preset
    if not (folder / 'build.ninja').exists():
        run(['cmake', '--preset', preset], cwd=ROOT)
    command = ['ninja', '-C', folder, f'-j{jobs()}']
    if quiet:
        # Ninja prints progress on stdout, which belongs to the program that runs next.
        plan = output(['ninja', '-C', folder, '-n'])
        if plan is not None and plan.rstrip().endswith('no work to do.'):
            return
        run(command, stdout=2)
    else:
        run(command)


def exec_program(preset, arguments):
    """Replaces this process by the program."""
    build(preset, quiet=True)
    path = program(preset)
    if not path.exists():
        raise Failure(f'this tree builds no program ({path.relative_to(ROOT)})')
    if arguments[:1] == ['--']:
        arguments = arguments[1:]
    os.execv(path, [str(path), *arguments])
