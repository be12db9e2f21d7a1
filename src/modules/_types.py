"""Define names for built-in types."""


def __exec__(module): ...
