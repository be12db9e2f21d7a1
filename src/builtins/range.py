"""range and its iterators."""
include("builtins/range_objects.h")


@layout("Range", type="PyRange_Type", flags="sequence", prefix="range", lifetime="own", signature=False)
class range(object):
    """range(stop) -> range object
    range(start, stop[, step]) -> range object

    A sequence of ints from start (inclusive) to stop (exclusive) by step."""
    def __new__(cls, *args: raw): ...
    def __repr__(self): ...
    def __hash__(self): ...
    def __richcompare__(self, other, op): ...
    def __iter__(self): ...
    def __len__(self): ...
    def __bool__(self): ...
    def __contains__(self, item): ...
    def __getitem__(self, key): ...
    def __seqitem__(self, index): ...
    def __reversed__(self, /):
        """Return a reverse iterator."""
    def __reduce__(self, /): ...
    def count(self, value, /):
        """rangeobject.count(value) -> integer -- return number of occurrences of value"""
    def index(self, value, /):
        """rangeobject.index(value) -> integer -- return index of value.

        Raise ValueError if the value is not present."""
    start = member("start")
    stop = member("stop")
    step = member("step")


@layout("RangeCursor", type="PyRangeIter_Type", flags="disallow", prefix="rangeiter", fields="")
class range_iterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /) -> None:
        """Set state information for unpickling."""


@layout("LongRangeCursor", type="PyLongRangeIter_Type", flags="disallow", prefix="longrangeiter",
        fields="start step length")
class longrange_iterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /):
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /) -> None:
        """Set state information for unpickling."""
