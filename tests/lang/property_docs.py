"""Doc strings of functions and properties: when they are read, written, removed, and what was theirs at the time."""


def f():
    "first"


def g():
    pass


assert f.__doc__ == "first" and g.__doc__ is None
f.__code__ = g.__code__
assert f.__doc__ == "first"


def h():
    "text"


h.__code__ = g.__code__  # the doc string stays
assert h.__doc__ == "text"
h.__doc__ = 5
assert h.__doc__ == 5
del h.__doc__
assert h.__doc__ is None


class C:
    @property
    def plain(self):
        "of the getter"

    @property
    def none(self):
        return 1

    given = property(lambda self: 1, doc="given")

    @property
    def changed(self):
        "getter's"

    @changed.setter
    def changed(self, value):
        "setter's"

    def late(self):
        "before"
    kept = property(late)
    late.__doc__ = "after"
    after = property(late)


assert C.plain.__doc__ == "of the getter" and C.none.__doc__ is None and C.given.__doc__ == "given"
assert C.changed.__doc__ == "getter's"
assert C.kept.__doc__ == "before" and C.after.__doc__ == "after"
p = property(C.plain.fget)
p.__doc__ = "own"
assert p.__doc__ == "own" and C.plain.__doc__ == "of the getter"
p = property(C.plain.fget)
p.__doc__ = g.__code__
assert p.__doc__ is g.__code__


def unread():
    "never asked for"


p = property(unread)
p.__doc__ = g.__code__
assert p.__doc__ is g.__code__ and unread.__doc__ == "never asked for"
q = property(unread).getter(f)
assert q.__doc__ == "first"


class Sub(property):
    pass


assert Sub(unread).__doc__ == "never asked for"
