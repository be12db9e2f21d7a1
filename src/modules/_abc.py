"""Module contains faster C implementation of abc.ABCMeta"""
include("modules/abc_data.h")


@layout("AbcData", type="PyAbcData_Type", flags="gc disallow", prefix="abcdata", module="_abc", fields="registry cache negative", export=False)
class _abc_data(object):
    """Internal state held by ABC machinery."""


def get_cache_token() -> u64:
    """Returns the current ABC cache token.

    The token is an opaque object (supporting equality testing) identifying the
    current version of the ABC cache for virtual subclasses. The token changes
    with every call to register() on any ABC."""
def _abc_init(self, /) -> None:
    """Internal ABC helper for class set-up. Should be never used outside abc module."""
def _reset_registry(self, /) -> None:
    """Internal ABC helper to reset registry of a given class.

    Should be only used by refleak.py"""
def _reset_caches(self, /) -> None:
    """Internal ABC helper to reset both caches of a given class.

    Should be only used by refleak.py"""
def _get_dump(self, /):
    """Internal ABC helper for cache and registry debugging.

    Return shallow copies of registry, of both caches, and
    negative cache version. Don't call this function directly,
    instead use ABC._dump_registry() for a nice repr."""
def _abc_register(self, subclass, /):
    """Internal ABC helper for subclasss registration. Should be never used outside abc module."""
def _abc_instancecheck(self, instance, /):
    """Internal ABC helper for instance checks. Should be never used outside abc module."""
def _abc_subclasscheck(self, subclass, /) -> bool:
    """Internal ABC helper for subclasss checks. Should be never used outside abc module."""
