"""Iterators over iterables: enumerate, filter, map, zip, reversed, and those that iter() makes."""
include("builtins/iteration_objects.h")


@layout("Enumerate", type="PyEnum_Type", flags="gc basetype", fields="iterator index pair")
class enumerate(object):
    """Iterator of (number, item) pairs of an iterable, counting from start."""
    def __new__(cls, iterable, start=0): ...
    def __iter__(self): ...
    def __next__(self): ...
    def __reduce__(self, /):
        """Return state information for pickling."""
    __class_getitem__ = generic_alias


@layout("Reversed", type="PyReversed_Type", flags="gc basetype", fields="sequence")
class reversed(object):
    """Iterator over the items of a sequence, from the last to the first."""
    def __new__(cls, object, /): ...
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /) -> None:
        """Set state information for unpickling."""


@layout("Filter", type="PyFilter_Type", flags="gc basetype", fields="function iterator")
class filter(object):
    """Iterator over the items for which the function is true, or that are true if it is None."""
    def __new__(cls, function, iterable, /): ...
    def __iter__(self): ...
    def __next__(self): ...
    def __reduce__(self, /):
        """Return state information for pickling."""


@layout("MapObject", type="PyMap_Type", flags="gc basetype", fields="function iterators", signature="(function, iterable, /, *iterables, strict=False)")
class map(object):
    """Iterator that calls the function with items of each of the iterables.

    Stops when the shortest is exhausted; if strict, all must have the same length."""
    def __new__(cls, *args: raw): ...
    def __iter__(self): ...
    def __next__(self): ...
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /) -> None:
        """Set state information for unpickling."""


@layout("ZipObject", type="PyZip_Type", flags="gc basetype", fields="iterators result", signature="(*iterables, strict=False)")
class zip(object):
    """Iterator of tuples that hold one item of each of the iterables.

    Stops when the shortest is exhausted; if strict, all must have the same length."""
    def __new__(cls, *args: raw): ...
    def __iter__(self): ...
    def __next__(self): ...
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /) -> None:
        """Set state information for unpickling."""


@layout("SequenceIterator", type="PySeqIter_Type", flags="gc disallow", prefix="seqiter", fields="sequence")
class iterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /):
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /) -> None:
        """Set state information for unpickling."""


@layout("CallableIterator", type="PyCallIter_Type", flags="gc disallow", prefix="calliter", fields="callable sentinel")
class callable_iterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __reduce__(self, /):
        """Return state information for pickling."""
