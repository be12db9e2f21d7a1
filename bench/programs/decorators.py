"""Decorators, context managers, descriptors and functools."""
import contextlib
import functools

import bench


def counted(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return f(*args, **kwargs)
    wrapper.calls = 0
    return wrapper


class Positive:
    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, o, owner=None):
        return self if o is None else getattr(o, self.name)

    def __set__(self, o, value):
        setattr(o, self.name, max(value, 0))


class Account:
    balance = Positive()

    def __init__(self, balance):
        self.balance = balance

    @functools.singledispatchmethod
    def pay(self, amount):
        raise TypeError

    @pay.register
    def _(self, amount: int):
        self.balance -= amount

    @pay.register
    def _(self, amount: str):
        self.balance -= int(amount)


class Guard:
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log.append(1)
        return self

    def __exit__(self, kind, value, tb):
        self.log.pop()
        return kind is KeyError


@contextlib.contextmanager
def borrowed(items):
    items.append(0)
    try:
        yield items
    finally:
        items.pop()


@counted
def add(a, b=1, *, c=0):
    return a + b + c


def work():
    add.calls = 0
    total, log, account = 0, [], Account(10000)
    double = functools.partial(add, 5, c=2)
    for i in range(400):
        total += add(i) + add(i, 2, c=3) + double()
        with Guard(log) as g:
            total += len(g.log)
            if i % 10 == 0:
                raise KeyError
        with borrowed(log) as items:
            total += len(items)
        account.pay(i % 3)
        account.pay("1")
    total += functools.reduce(lambda a, b: a * 3 % 1009 + b, range(300))
    return total, add.calls, account.balance


bench.run(work)
