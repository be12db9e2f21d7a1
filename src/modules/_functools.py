"""Tools that operate on functions."""
include("modules/functools_objects.h")


@layout("PlaceholderObject", type="PyFunctoolsPlaceholder_Type", prefix="placeholder", lifetime="own",
        module="functools", export=False)
class _PlaceholderType(object):
    """The type of the Placeholder singleton.

    Used as a placeholder for partial arguments."""
    def __new__(cls, *args: raw): ...
    def __repr__(self): ...
    def __reduce__(self, /): ...


@layout("Partial", type="PyFunctoolsPartial_Type", flags="gc basetype", module="functools",
        fields="function arguments keywords dict", weaklist="weakrefs", dict="dict",
        signature=False)
class partial(object):
    """Create a new function with partial application of the given arguments and keywords."""
    def __new__(cls, *args: raw): ...
    def __call__(self, *args: raw): ...
    def __get__(self, instance, owner=None, /): ...
    def __repr__(self): ...
    def __reduce__(self, /): ...
    def __setstate__(self, state, /) -> None: ...
    func = member("function", doc="function object to use in future partial calls")
    args = member("arguments", doc="tuple of arguments to future partial calls")
    keywords = member("keywords", doc="dictionary of keyword arguments to future partial calls")
    @property
    def __dict__(self): ...
    @__dict__.setter
    def __dict__(self, value): ...
    __class_getitem__ = generic_alias


@layout("KeyObject", type="PyFunctoolsKey_Type", flags="gc disallow", prefix="keyobject", module="functools",
        fields="compare object", export=False)
class KeyWrapper(object):
    def __call__(self, obj): ...
    def __richcompare__(self, other, op): ...
    obj = member("object", kind="object_or_error", readonly=False, doc="Value wrapped by a key function.")
    __hash__ = None


@layout("LruCache", type="PyFunctoolsLru_Type", flags="gc basetype method_descriptor", prefix="lrucache",
        module="functools", fields="function cache infoType keywordMark dict", weaklist="weakrefs", dict="dict",
        signature=False)
class _lru_cache_wrapper(object):
    """Create a cached callable that wraps another function.

    user_function:      the function being cached

    maxsize:  0         for no caching
              None      for unlimited cache size
              n         for a bounded cache

    typed:    False     cache f(3) and f(3.0) as identical calls
              True      cache f(3) and f(3.0) as distinct calls

    cache_info_type:    namedtuple class with the fields:
                            hits misses currsize maxsize"""
    def __new__(cls, user_function, maxsize, typed, cache_info_type): ...
    def __call__(self, *args: raw): ...
    def __get__(self, instance, owner=None, /): ...
    def cache_info(self, /):
        """Report cache statistics"""
    def cache_clear(self, /) -> None:
        """Clear the cache and cache statistics"""
    def __reduce__(self, /): ...
    def __copy__(self, /): ...
    def __deepcopy__(self, memo, /): ...
    @property
    def __dict__(self): ...
    @__dict__.setter
    def __dict__(self, value): ...


def reduce(function, iterable, /, initial=MISSING):
    """Apply a function of two arguments cumulatively to the items of an iterable, from left to right.

    This effectively reduces the iterable to a single value.  If initial is present, it is placed
    before the items of the iterable in the calculation, and serves as a default when the iterable is
    empty."""
def cmp_to_key(mycmp):
    """Convert a cmp= function into a key= function.

    mycmp
      Function that compares two objects."""


def __exec__(module): ...
