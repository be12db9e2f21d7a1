"""What sys.settrace, sys.setprofile and sys.monitoring report of straight code, calls, loops, exceptions."""
import sys
import threading


def base(n):
    total = 0
    for i in range(n):
        total += i
    try:
        total.missing
    except AttributeError:
        total = -1
    return total


def generator():
    got = yield 1
    yield got


def trace(function, *args):
    events = []

    def tracer(frame, what, arg):
        if frame.f_code is function.__code__:
            if what == 'exception':
                arg = arg[0]
            events.append((what, frame.f_lineno - frame.f_code.co_firstlineno, arg))
        return tracer

    saved = sys.gettrace()
    sys.settrace(tracer)
    try:
        function(*args)
    finally:
        sys.settrace(saved)
    return events


assert trace(base, 2) == [
    ('call', 0, None), ('line', 1, None), ('line', 2, None), ('line', 3, None), ('line', 2, None), ('line', 3, None),
    ('line', 2, None), ('line', 4, None), ('line', 5, None), ('exception', 5, AttributeError), ('line', 6, None),
    ('line', 7, None), ('line', 8, None), ('return', 8, -1)], trace(base, 2)


def drive():
    g = generator()
    next(g)
    g.send(5)
    try:
        g.throw(KeyError)
    except KeyError:
        pass


events = []
sys.settrace(lambda frame, what, arg: events.append((frame.f_code.co_name, what)))
drive()
sys.settrace(None)
assert [e for e in events if e[0] == 'generator'] == [('generator', 'call')] * 3, events


# A trace function that raises ends the tracing.
def bad(frame, what, arg):
    raise ZeroDivisionError


sys.settrace(bad)
try:
    base(1)
    assert False
except ZeroDivisionError:
    pass
assert sys.gettrace() is None

# Frames that run already are traced when their f_trace is set.
lines = []


def later():
    frame = sys._getframe()
    frame.f_trace = lambda f, what, arg: lines.append(f.f_lineno - f.f_code.co_firstlineno)
    sys.settrace(lambda *args: None)
    a = 1
    sys.settrace(None)


later()
assert lines == [4, 5], lines

# Profile: functions of C and of Python.
seen = []
sys.setprofile(lambda frame, what, arg: seen.append((what, getattr(arg, '__name__', arg))))
base(1)
len('x')
try:
    int('x')
except ValueError:
    pass
sys.setprofile(None)
assert seen == [('call', None), ('return', -1), ('c_call', 'len'), ('c_return', 'len'),
                ('c_call', 'setprofile')], seen

# Threads have their own functions.
names = set()
threading.settrace(lambda frame, what, arg: names.add(frame.f_code.co_name))
thread = threading.Thread(target=base, args=(1,))
thread.start()
thread.join()
threading.settrace(None)
assert 'base' in names and sys.gettrace() is None

# Monitoring: lines once each, calls with their ends, exceptions.
m = sys.monitoring
E = m.events
m.use_tool_id(3, 'test')
got = []


def line(code, number):
    got.append(number - code.co_firstlineno)
    return m.DISABLE


m.register_callback(3, E.LINE, line)
m.set_local_events(3, base.__code__, E.LINE)
base(3)
assert got == [1, 2, 3, 2, 4, 5, 6, 7, 8], got
got.clear()
base(3)
assert got == []
m.restart_events()
base(0)
assert got == [1, 2, 4, 5, 6, 7, 8], got
m.set_local_events(3, base.__code__, 0)

got.clear()
m.register_callback(3, E.CALL, lambda code, at, f, first: got.append(('call', f, first)))
m.register_callback(3, E.C_RETURN, lambda code, at, f, first: got.append(('c_return', f)))
m.register_callback(3, E.C_RAISE, lambda code, at, f, first: got.append(('c_raise', f)))


def calls():
    len('abc')
    try:
        ord('abc')
    except TypeError:
        pass
    (lambda: 1)()


m.set_local_events(3, calls.__code__, E.CALL)
calls()
m.set_local_events(3, calls.__code__, 0)
assert got[:4] == [('call', len, 'abc'), ('c_return', len), ('call', ord, 'abc'), ('c_raise', ord)], got
assert got[4][2] is m.MISSING and len(got) == 5

got.clear()
m.register_callback(3, E.RAISE, lambda code, at, e: got.append(('raise', type(e))))
m.register_callback(3, E.EXCEPTION_HANDLED, lambda code, at, e: got.append(('handled', type(e))))
m.register_callback(3, E.PY_UNWIND, lambda code, at, e: got.append(('unwind', code.co_name)))


def outer():
    def inner():
        raise KeyError(1)
    try:
        inner()
    except KeyError:
        return 3


m.set_events(3, E.RAISE | E.EXCEPTION_HANDLED | E.PY_UNWIND)
outer()
m.set_events(3, 0)
assert got == [('raise', KeyError), ('unwind', 'inner'), ('raise', KeyError), ('handled', KeyError)], got

# An event without a place cannot be disabled.
m.register_callback(3, E.PY_UNWIND, lambda *args: m.DISABLE)
m.set_events(3, E.PY_UNWIND)
try:
    try:
        (lambda: 1 / 0)()
    finally:
        m.set_events(3, 0)
    assert False
except ValueError as e:
    assert str(e) == 'Cannot disable PY_UNWIND events. Callback removed.', e
m.free_tool_id(3)
