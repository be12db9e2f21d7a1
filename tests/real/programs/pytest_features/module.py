"""A module with examples.

>>> double([1, 2])
[1, 2, 1, 2]
"""


def double(value):
    """
    >>> double("ab")
    'abab'
    >>> double(None)
    Traceback (most recent call last):
    ...
    TypeError: unsupported operand type(s) for *: 'NoneType' and 'int'
    """
    return value * 2


class Thing:
    """
    >>> Thing().name   # doctest: +ELLIPSIS
    'th...'
    >>> Thing().missing
    'fails'
    """
    name = "thing"
