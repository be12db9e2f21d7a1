"""Weak-reference support module."""


def getweakrefcount(object, /) -> int:
    """Return the number of weak references to 'object'."""
def getweakrefs(object, /):
    """Return a list of all weak reference objects pointing to 'object'."""
def _remove_dead_weakref(dct: Dict, key, /) -> None:
    """Atomically remove key from dict if it points to a dead weakref."""
def proxy(object, callback=None, /):
    """Create a proxy object that weakly references 'object'."""
def __exec__(module): ...
