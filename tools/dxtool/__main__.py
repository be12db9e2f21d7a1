"""The commands of ./dx."""
import argparse
import sys

import build
import checks
import dependencies
import packages
import real
import stdlib
import suites
from common import Failure


def parser():
    top = argparse.ArgumentParser(prog='dx', description='Set up, build, run and test dxpy.')
    commands = top.add_subparsers(dest='command', metavar='COMMAND', required=True)

    def command(name, function, help):
        sub = commands.add_parser(name, help=help, description=help)
        sub.set_defaults(function=function)
        return sub

    sub = command('setup', setup, 'install missing packages and fetch the standard library')
    stdlib_option(sub)
    sub.add_argument('--refresh', action='store_true', help='fetch the standard library again')

    sub = command('build', build_only, 'build one preset')
    sub.add_argument('preset', nargs='?', default='release', choices=build.PRESETS)

    sub = command('run', run, 'build the release preset and run a program with it')
    stdlib_option(sub)
    sub.add_argument('--preset', default='release', choices=build.PRESETS)
    sub.add_argument('program', nargs=argparse.REMAINDER, metavar='FILE [ARGS]',
                     help='what to run: a file, or any options of dxpy')

    sub = command('test', test, 'everything that must pass before a change lands')
    sub.add_argument('pattern', nargs='?', default='', help='only what has this in its name')
    sub.add_argument('--preset', default='release', choices=build.PRESETS)
    sub.add_argument('--python', metavar='CMD', help='only run tests/lang, under this command')

    sub = command('conformance', conformance, "CPython's own tests against what we expect of them")
    suites.conformance_options(sub)

    sub = command('real', real_programs, 'real programs and files, compared with CPython 3.14')
    real.options(sub)

    sub = command('bench', bench, 'run the benchmarks')
    sub.add_argument('args', nargs=argparse.REMAINDER, help='passed on')

    command('lint', lambda args: checks.lint(), 'formatting, include order, file sizes')
    command('fmt', lambda args: checks.format_sources(), 'format the changed C++ files')
    command('help', lambda args: top.print_help(), 'print this list')
    return top


def stdlib_option(sub):
    sub.add_argument('--stdlib', metavar='DIR',
                     help='use the pure-Python library of an installed Python 3.14 '
                          '(default: $DX_STDLIB, else fetched from Debian)')


def setup(args):
    dependencies.install_missing()
    stdlib.ensure(args.stdlib, refresh=args.refresh)
    packages.ensure()


def build_only(args):
    dependencies.install_missing()
    build.build(args.preset)


def run(args):
    dependencies.install_missing()
    stdlib.ensure(args.stdlib)
    build.exec_program(args.preset, args.program)


def test(args):
    if args.python:
        return suites.lang_only(args.python.split(), args.pattern)
    dependencies.install_missing()
    build.build(args.preset)
    if build.program(args.preset).exists():
        stdlib.ensure(None)
        build.compile_library(args.preset)
        packages.ensure()
    return suites.run_all(args.preset, args.pattern)


def conformance(args):
    stdlib.ensure(None)
    if not args.oracle:
        dependencies.install_missing()
        build.build('checked' if args.checked else 'release')
    return suites.conformance(args)


def real_programs(args):
    stdlib.ensure(None)
    packages.ensure()
    if not args.record:
        dependencies.install_missing()
        build.build('release')
    return real.main(args)


def bench(args):
    dependencies.install_missing()
    stdlib.ensure(None)
    build.build('release')
    return suites.bench([word for i, word in enumerate(args.args) if (i, word) != (0, '--')])


def main():
    words = sys.argv[1:]
    if words[:1] == ['bench']:  # options that come first are bench/run's as well
        words.insert(1, '--')
    args = parser().parse_args(words)
    try:
        return args.function(args) or 0
    except Failure as failure:
        print(f'dx: {failure}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == '__main__':
    sys.exit(main())
