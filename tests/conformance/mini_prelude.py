# A stand-in for unittest and test.support that needs nothing but classes, exec and
# exceptions. The runner appends the call of run(); see tools/conformance/mini.py.
import sys

Module = type(sys)


class SkipTest(Exception):
    pass


def report(*fields):
    print('@', *[' '.join(str(field).split()) for field in fields], sep='\t', flush=True)


class Raises:
    def __init__(self, kinds):
        self.kinds = kinds

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        if kind is None:
            raise AssertionError(f'{self.kinds} not raised')
        self.exception = value
        return issubclass(kind, self.kinds)


class Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return False


class TestCase:
    failureException = AssertionError
    maxDiff = None

    def __init__(self, name='runTest'):
        self._testMethodName = name
        self.cleanups = []

    def id(self):
        return type(self).__qualname__ + '.' + self._testMethodName

    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def addCleanup(self, function, *args, **kwargs):
        self.cleanups.append((function, args, kwargs))

    def addTypeEqualityFunc(self, kind, function):
        pass

    def fail(self, message=None):
        raise AssertionError(message)

    def skipTest(self, reason):
        raise SkipTest(reason)

    def subTest(self, message=None, **params):
        return Nothing()

    def need(self, holds, message, msg):
        if not holds:
            raise AssertionError(msg or message)

    def assertTrue(self, a, msg=None):
        self.need(a, f'{a!r} is not true', msg)

    def assertFalse(self, a, msg=None):
        self.need(not a, f'{a!r} is not false', msg)

    def assertEqual(self, a, b, msg=None):
        self.need(a == b, f'{a!r} != {b!r}', msg)

    assertListEqual = assertTupleEqual = assertDictEqual = assertSetEqual = assertEqual
    assertMultiLineEqual = assertSequenceEqual = assertEqual

    def assertNotEqual(self, a, b, msg=None):
        self.need(a != b, f'{a!r} == {b!r}', msg)

    def assertIs(self, a, b, msg=None):
        self.need(a is b, f'{a!r} is not {b!r}', msg)

    def assertIsNot(self, a, b, msg=None):
        self.need(a is not b, f'unexpectedly identical: {a!r}', msg)

    def assertIsNone(self, a, msg=None):
        self.need(a is None, f'{a!r} is not None', msg)

    def assertIsNotNone(self, a, msg=None):
        self.need(a is not None, 'unexpectedly None', msg)

    def assertIn(self, a, b, msg=None):
        self.need(a in b, f'{a!r} not found in {b!r}', msg)

    def assertNotIn(self, a, b, msg=None):
        self.need(a not in b, f'{a!r} found in {b!r}', msg)

    def assertLess(self, a, b, msg=None):
        self.need(a < b, f'{a!r} not less than {b!r}', msg)

    def assertLessEqual(self, a, b, msg=None):
        self.need(a <= b, f'{a!r} greater than {b!r}', msg)

    def assertGreater(self, a, b, msg=None):
        self.need(a > b, f'{a!r} not greater than {b!r}', msg)

    def assertGreaterEqual(self, a, b, msg=None):
        self.need(a >= b, f'{a!r} less than {b!r}', msg)

    def assertIsInstance(self, a, kind, msg=None):
        self.need(isinstance(a, kind), f'{a!r} is not an instance of {kind!r}', msg)

    def assertNotIsInstance(self, a, kind, msg=None):
        self.need(not isinstance(a, kind), f'{a!r} is an instance of {kind!r}', msg)

    def assertIsSubclass(self, a, kind, msg=None):
        self.need(issubclass(a, kind), f'{a!r} is not a subclass of {kind!r}', msg)

    def assertHasAttr(self, a, name, msg=None):
        self.need(hasattr(a, name), f'{a!r} has no attribute {name!r}', msg)

    def assertNotHasAttr(self, a, name, msg=None):
        self.need(not hasattr(a, name), f'{a!r} has attribute {name!r}', msg)

    def assertStartsWith(self, a, prefix, msg=None):
        self.need(a.startswith(prefix), f'{a!r} does not start with {prefix!r}', msg)

    def assertEndsWith(self, a, suffix, msg=None):
        self.need(a.endswith(suffix), f'{a!r} does not end with {suffix!r}', msg)

    def assertCountEqual(self, a, b, msg=None):
        rest = list(b)
        for item in a:
            self.need(item in rest, f'{item!r} occurs too often', msg)
            rest.remove(item)
        self.need(not rest, f'{rest!r} missing', msg)

    def assertAlmostEqual(self, a, b, places=7, msg=None, delta=None):
        if a == b:
            return
        distance = abs(a - b)
        near = distance <= delta if delta is not None else round(distance, places) == 0
        self.need(near, f'{a!r} != {b!r}', msg)

    def assertRaises(self, kinds, function=None, *args, **kwargs):
        expected = Raises(kinds)
        if function is None:
            return expected
        with expected:
            function(*args, **kwargs)

    def assertRaisesRegex(self, kinds, pattern, function=None, *args, **kwargs):
        raise SkipTest('needs re')

    def assertWarns(self, *args, **kwargs):
        raise SkipTest('needs warnings')

    assertWarnsRegex = assertLogs = assertWarns


def skip(reason):
    def decorate(item):
        item.skip_reason = reason
        return item
    return decorate


def only_when(holds, reason):
    return (lambda item: item) if holds else skip(reason)


def expected_failure(item):
    return skip('expected failure')(item)


class Absent:
    """Whatever a test wants of a part that has no stand-in: a decorator that skips what it
    decorates, with or without arguments; any other use skips the test that runs."""

    def __init__(self, name):
        self.reason = 'needs ' + name

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and not kwargs and (isinstance(args[0], type) or type(args[0]) is Function):
            return skip(self.reason)(args[0])
        return self

    def used(self, *args):
        raise SkipTest(self.reason)

    __enter__ = __exit__ = __iter__ = __len__ = __getitem__ = __eq__ = __bool__ = __str__ = used
    __add__ = __radd__ = __lt__ = __gt__ = __index__ = __float__ = __contains__ = used

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return Absent(self.reason.removeprefix('needs ') + '.' + name)

    def __mro_entries__(self, bases):
        return ()


Function = type(skip)


def make_module(name, **content):
    module = Module(name)
    for key, value in content.items():
        setattr(module, key, value)
    module.__getattr__ = lambda attribute: Absent(name + '.' + attribute)
    module.__path__ = []
    sys.modules[name] = module
    return module


def check_syntax_error(case, text, errtext='', *, lineno=None, offset=None):
    with case.assertRaises(SyntaxError):
        compile(text, '<test string>', 'exec')


def install():
    make_module('unittest', TestCase=TestCase, SkipTest=SkipTest, skip=skip, main=lambda **k: None,
                skipIf=lambda holds, reason: only_when(not holds, reason),
                skipUnless=only_when, expectedFailure=expected_failure)
    package = make_module('test')
    package.support = make_module(
        'test.support', verbose=False, Py_GIL_DISABLED=False, Py_DEBUG=False,
        MISSING_C_DOCSTRINGS=False, is_wasm32=False, is_wasi=False, cpython_only=skip('CPython only'),
        check_syntax_error=check_syntax_error, impl_detail=lambda *a, **k: skip('detail'),
        check_impl_detail=lambda **guards: False, run_code=None)
    for name in ('import_helper', 'os_helper', 'warnings_helper', 'script_helper'):
        setattr(package.support, name, make_module('test.support.' + name))


def run_test(kind, name):
    label = UNIT + '.' + kind.__qualname__ + '.' + name
    report('start', label)
    reason = getattr(getattr(kind, name), 'skip_reason', None) or getattr(kind, 'skip_reason', None)
    if reason:
        report('skip', label, reason)
        return
    case = kind(name)
    try:
        case.setUp()
        try:
            getattr(case, name)()
        finally:
            case.tearDown()
            while case.cleanups:
                function, args, kwargs = case.cleanups.pop()
                function(*args, **kwargs)
    except SkipTest as skipped:
        report('skip', label, skipped)
    except AssertionError as failed:
        report('fail', label, failed)
    except Exception as error:
        report('error', label, type(error).__name__ + ': ' + str(error))
    else:
        report('pass', label)


def stand_in(name, text):
    """Makes a module of its text; without text, one that cannot be imported gets a stand-in,
    and so do the packages around it."""
    try:
        if text is not None:
            module = make_module(name)
            exec(compile(text, name, 'exec'), module.__dict__)
        else:
            __import__(name)
    except Exception:
        module = make_module(name)
    package, dot, last = name.rpartition('.')
    if dot:
        if package not in sys.modules:
            stand_in(package, None)
        setattr(sys.modules[package], last, sys.modules[name])


def run(unit, modules, text):
    global UNIT
    UNIT = unit
    install()
    for name, module_text in modules:
        stand_in(name, module_text)
    scope = {'__name__': 'test.' + unit, '__file__': unit + '.py', '__builtins__': __builtins__}
    try:
        exec(compile(text, unit + '.py', 'exec'), scope)
    except Exception as error:
        report('error', unit, type(error).__name__ + ': ' + str(error))
        return
    for kind in list(scope.values()):
        if isinstance(kind, type) and issubclass(kind, TestCase) and kind is not TestCase:
            try:
                kind.setUpClass()
            except Exception as error:
                report('error', unit + ':setUpClass ' + kind.__qualname__, error)
                continue
            for name in dir(kind):
                if name.startswith('test'):
                    run_test(kind, name)
