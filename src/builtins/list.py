"""The list type and its iterators."""
include("builtins/sequence_iterators.h")


@layout("List", type="PyList_Type", flags="gc basetype sequence list match_self")
class list(object):
    """Built-in mutable sequence.

    Without an argument the new list is empty; otherwise it holds the items of the iterable."""
    def __new__(cls, *args: raw): ...
    def __init__(self, iterable=(), /) -> None: ...
    def __repr__(self): ...
    def __richcompare__(self, other, op): ...
    def __iter__(self): ...
    def __len__(self): ...
    def __contains__(self, item): ...
    def __getitem__(self, key): ...
    def __seqitem__(self, index): ...
    def __setitem__(self, key, value): ...
    def __delitem__(self, key): ...
    def __add__(self, other): ...
    def __mul__(self, count): ...
    def __iadd__(self, other): ...
    def __imul__(self, count): ...
    def __reversed__(self, /):
        """Return a reverse iterator over the list."""
    def __sizeof__(self, /) -> int:
        """Return the size of the list in memory, in bytes."""
    def clear(self, /) -> None:
        """Remove all items from list."""
    def copy(self, /):
        """Return a shallow copy of the list."""
    def append(self, object, /) -> None:
        """Append object to the end of the list."""
    def insert(self, index: index, object, /) -> None:
        """Insert object before index."""
    def extend(self, iterable, /) -> None:
        """Extend list by appending elements from the iterable."""
    def pop(self, index: index = -1, /):
        """Remove and return item at index (default last).

        Raises IndexError if list is empty or index is out of range."""
    def remove(self, value, /) -> None:
        """Remove first occurrence of value.

        Raises ValueError if the value is not present."""
    def index(self, value, start=0, stop=sys.maxsize, /) -> int:
        """Return first index of value.

        Raises ValueError if the value is not present."""
    def count(self, value, /) -> int:
        """Return number of occurrences of value."""
    def reverse(self, /) -> None:
        """Reverse *IN PLACE*."""
    def sort(self, /, *, key=None, reverse: bool = False) -> None:
        """Sort the list in ascending order, in place and stably.

        A key function is applied once to each item; reverse sorts in descending order."""
    __class_getitem__ = generic_alias
    __hash__ = None


@layout("SequenceCursor", type="PyListIter_Type", flags="gc", prefix="listiter", fields="sequence")
class list_iterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /) -> None:
        """Set state information for unpickling."""


@layout("SequenceCursor", type="PyListRevIter_Type", flags="gc", prefix="listreviter", fields="sequence")
class list_reverseiterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /) -> None:
        """Set state information for unpickling."""
