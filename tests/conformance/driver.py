"""Runs one of CPython's test units in this process and writes down what each test did.

    driver.py UNIT OUT [SKIP] [--block]

UNIT is a module as `test.test_int`. OUT gets a line per event, written at once, so that a
crash keeps what was done and blames the test that ran:

    start <TAB> ID
    STATUS <TAB> ID <TAB> DETAIL      pass, fail, error or skip
    end                               every test had its turn

SKIP is a file of ids that are left out. --block hides CPython's test-only native modules and
its name, which makes CPython the oracle of what a foreign runtime can pass at all.
"""
import sys

TEST_NATIVES = (
    '_testcapi', '_testlimitedcapi', '_testinternalcapi', '_testbuffer', '_testclinic',
    '_testclinic_limited', '_testmultiphase', '_testsinglephase', '_testimportmultiple',
    '_ctypes_test', '_xxtestfuzz', 'xxlimited', 'xxlimited_35', 'xxsubtype')

RANK = {'pass': 0, 'skip': 1, 'fail': 2, 'error': 3}


def one_line(text):
    return ' '.join(str(text).split())[:160]


def describe(err):
    kind, value = err[0], err[1]
    try:
        text = one_line(str(value))
    except Exception:
        text = '(its str() raised)'
    return kind.__name__ + ': ' + text


class Log:
    """The OUT file, and how a test is named in it."""

    def __init__(self, path, unit):
        self.file = open(path, 'a', encoding='utf-8', errors='backslashreplace')
        self.unit = unit

    def write(self, *fields):
        self.file.write('\t'.join(fields) + '\n')
        self.file.flush()

    def name(self, test):
        """`test_int.Class.method`; what has no place in the unit gets it as a prefix."""
        name = one_line(test.id())
        if name.startswith(self.unit + '.'):
            return name.removeprefix('test.')
        return self.unit.removeprefix('test.') + ':' + name


def result_class(unittest, log):
    class Result(unittest.TestResult):
        """Collects one verdict per test: the worst of what was said about it."""

        verdict = None  # [status, detail] of the test that runs

        def startTest(self, test):
            super().startTest(test)
            self.verdict = ['pass', '']
            log.write('start', log.name(test))

        def stopTest(self, test):
            super().stopTest(test)
            log.write(self.verdict[0], log.name(test), self.verdict[1])
            self.verdict = None

        def note(self, test, status, detail):
            if self.verdict is None:  # set-up of a class or module
                log.write(status, log.name(test), detail)
            elif RANK[status] > RANK[self.verdict[0]]:
                self.verdict = [status, detail]

        def addFailure(self, test, err):
            self.note(test, 'fail', describe(err))

        def addError(self, test, err):
            self.note(test, 'error', describe(err))

        def addSkip(self, test, reason):
            if not hasattr(test, 'test_case'):  # one sub-test left out does not skip the test
                self.note(test, 'skip', one_line(reason))

        def addUnexpectedSuccess(self, test):
            self.note(test, 'fail', 'unexpected success')

        def addSubTest(self, test, subtest, err):
            if err is not None:
                failed = issubclass(err[0], test.failureException)
                self.note(test, 'fail' if failed else 'error', describe(err))

    return Result


def without(unittest, suite, left_out, log):
    """The suite less the tests named in left_out."""
    kept = []
    for test in suite._tests:
        if isinstance(test, unittest.TestSuite):
            without(unittest, test, left_out, log)
            kept.append(test)
        elif log.name(test) not in left_out:
            kept.append(test)
    suite._tests = kept


def main(arguments):
    if '--block' in arguments:
        arguments.remove('--block')
        for name in TEST_NATIVES:
            sys.modules[name] = None
        sys.implementation.name = 'foreign'
    unit, out = arguments[:2]
    left_out = set()
    if len(arguments) > 2:
        with open(arguments[2], encoding='utf-8') as file:
            left_out.update(file.read().split('\n'))
    log = Log(out, unit)
    whole = unit.removeprefix('test.')
    log.write('start', whole)
    import unittest
    try:
        from test import support
        support.use_resources = {}
        support.verbose = 0
        module = __import__(unit, None, None, ['*'])
        suite = unittest.TestLoader().loadTestsFromModule(module)
    except unittest.SkipTest as skipped:
        log.write('skip', whole, one_line(skipped))
        log.write('end')
        return
    except BaseException as error:
        log.write('error', whole, describe((type(error), error)))
        log.write('end')
        raise
    without(unittest, suite, left_out, log)
    suite.run(result_class(unittest, log)())
    log.write('end')


if __name__ == '__main__':
    main(sys.argv[1:])
