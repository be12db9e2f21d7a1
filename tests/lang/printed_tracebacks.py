"""What the interpreter prints of uncaught exceptions: sys.tracebacklimit; files that are no text."""
import os
import subprocess
import sys
import tempfile


def errors(*arguments):
    run = subprocess.run([sys.executable, *arguments], stderr=subprocess.PIPE)
    return run.stderr.decode("utf-8", "replace")


PROGRAM = """
import sys
def first():
    1 / 0
def second():
    first()
sys.tracebacklimit = {}
second()
"""
for limit, shown in ((10, 3), (3, 3), (2, 2), (1, 1), (0, 0), (-1, 0), ("1 << 1000", 3), (None, 3)):
    text = errors("-c", PROGRAM.format(limit))
    assert text.count("  File ") == shown, text
    assert text.startswith("Traceback") == bool(shown)
    assert text.endswith("ZeroDivisionError: division by zero\n")
    assert ("in first" in text) == (shown >= 1) and ("in <module>" in text) == (shown == 3)

# A null byte comes before what cannot be decoded in a later line.
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "bad.py")
    for source, text in ((b"#\0\n#\xfd\n", "source code cannot contain null bytes"),
                         (b"x\n\xfd\n#\0\n", "Non-UTF-8 code starting with '\\xfd'")):
        with open(path, "wb") as file:
            file.write(source)
        assert text in errors(path), errors(path)


# Items of float formats ask for __float__, which may do anything to the view.
class Number:
    def __init__(self, action=None):
        self.action = action

    def __float__(self):
        if self.action is not None:
            self.action()
        return 4.5


def fails():
    raise TypeError("in __float__")


for form, size in (("f", 4), ("d", 8), ("e", 2)):
    data = bytearray(size)
    view = memoryview(data).cast(form)
    view[0] = Number()
    assert view[0] == 4.5
    view[0] = True
    assert view[0] == 1.0
    for value, kind in ((Number(fails), TypeError), ("x", TypeError), (None, TypeError),
                        (Number(view.release), ValueError)):
        try:
            view[0] = value
        except kind:
            pass
        else:
            assert False, value


# The value of an expression statement is dropped where it was computed.
def call():
    (
        print()
    )


assert call.__code__.co_firstlineno + 1 not in [line for _, _, line in call.__code__.co_lines()]
