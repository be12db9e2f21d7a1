"""Setting f_lineno in a trace function: out of blocks, not into them."""
import sys
import warnings

warnings.simplefilter('ignore')


def jump(function, where, to):
    """Runs function and jumps when it comes to line `where`; gives its output and the error."""
    out = []
    error = []
    first = function.__code__.co_firstlineno

    def tracer(frame, what, arg):
        if frame.f_code is not function.__code__:
            return None
        if what == 'line' and frame.f_lineno == first + where and not error:
            error.append(None)
            try:
                frame.f_lineno = first + to
            except ValueError as e:
                error[0] = str(e)
        return tracer

    sys.settrace(tracer)
    try:
        function(out)
    finally:
        sys.settrace(None)
    return out, error[0]


def plain(out):
    out.append(1)
    out.append(2)
    out.append(3)


def loop(out):
    for i in (1, 2):
        out.append(i)
        out.append(i)
    out.append('end')


def guarded(out):
    try:
        1 / 0
    except ZeroDivisionError:
        out.append(sys.exception() is not None)
        out.append('caught')
    out.append(sys.exception())


class Manager:
    def __init__(self, out):
        self.out = out

    def __enter__(self):
        self.out.append('enter')

    def __exit__(self, *args):
        self.out.append('exit')


def managed(out):
    with Manager(out):
        out.append('in')
    out.append('after')


assert jump(plain, 2, 3) == ([1, 3], None)
assert jump(plain, 3, 1) == ([1, 2, 1, 2, 3], None)
assert jump(plain, 2, 40) == ([1, 2, 3], f'line {plain.__code__.co_firstlineno + 40} comes after the current code block')
assert jump(plain, 2, -1)[1].endswith('comes before the current code block')
assert jump(loop, 3, 4) == ([1, 'end'], None)
assert jump(loop, 4, 2) == ([1, 1, 2, 2, 'end'], "can't jump into the body of a for loop")
assert jump(guarded, 5, 6) == ([True, None], None)
assert jump(guarded, 1, 5) == ([True, 'caught', None],
                               "can't jump into an 'except' block as there's no exception")
assert jump(managed, 2, 3) == (['enter', 'after'], None)
assert jump(managed, 1, 2) == (['enter', 'in', 'exit', 'after'], 'incompatible stacks')

try:
    sys._getframe().f_lineno = 1
    assert False
except ValueError as e:
    assert str(e) == 'f_lineno can only be set in a trace function'
