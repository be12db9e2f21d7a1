"""This module contains functions that can read and write Python values in
a binary format. The format is specific to Python, but independent of
machine architecture issues."""


def dump(value, file, version: i32 = 5, /, *, allow_code: bool = True):
    """Write the value on the open file."""

def dumps(value, version: i32 = 5, /, *, allow_code: bool = True):
    """Return the bytes object that would be written to a file by dump(value, file)."""

def load(file, /, *, allow_code: bool = True):
    """Read one value from the open file and return it."""

def loads(bytes: bytes_like, /, *, allow_code: bool = True):
    """Convert the bytes-like object to a value."""

def __exec__(module): ...
