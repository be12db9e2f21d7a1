"""Sums of numbers.

>>> total([1, 2, 3])
6
>>> total([])
Traceback (most recent call last):
    ...
ValueError: nothing to add
"""

LIMIT = 100


def total(numbers, /, *, start=0):
    """The sum.

    >>> total([0.5, 0.25])
    0.75
    >>> [total([n, LIMIT]) for n in range(3)]  # doctest: +ELLIPSIS
    [100, ..., 102]
    """
    if not numbers:
        raise ValueError("nothing to add")

    def add(a, b):
        nonlocal start
        start += a
        return start + b

    result = start
    for n in numbers:
        result += n
    return result


class Account[T]:
    """
    >>> Account(5).deposit(3)
    8
    """
    kinds: list[T] = []

    def __init__(self, balance):
        self.__balance = balance

    def deposit(self, amount):
        self.__balance += amount
        return self.__balance
