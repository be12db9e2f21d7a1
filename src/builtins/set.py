"""set, frozenset and their iterator."""
include("builtins/set_ops.h")


@layout("Set", type="PySet_Type", flags="gc basetype match_self", weaklist="weakrefs",
        signature="(iterable=(), /)")
class set(object):
    """Build an unordered collection of unique elements."""
    def __new__(cls, *args: raw): ...
    def __init__(self, *args: raw) -> None: ...
    def __repr__(self): ...
    def __richcompare__(self, other, op): ...
    def __iter__(self): ...
    def __len__(self): ...
    def __contains__(self, item): ...
    def __sub__(self, other): ...
    def __and__(self, other): ...
    def __xor__(self, other): ...
    def __or__(self, other): ...
    def __isub__(self, other): ...
    def __iand__(self, other): ...
    def __ixor__(self, other): ...
    def __ior__(self, other): ...
    def add(self, object, /) -> None:
        """Add an element to a set. This has no effect if the element is already present."""
    def remove(self, object, /) -> None:
        """Remove an element from a set; it must be a member.

        If the element is not a member, raise a KeyError."""
    def discard(self, object, /) -> None:
        """Remove an element from a set if it is a member."""
    def pop(self, /):
        """Remove and return an arbitrary set element. Raises KeyError if the set is empty."""
    def clear(self, /) -> None:
        """Remove all elements from this set."""
    def copy(self, /):
        """Return a shallow copy of a set."""
    def update(self, *others) -> None:
        """Update the set, adding elements from all others."""
    def union(self, *others):
        """Return a new set with elements from the set and all others."""
    def intersection(self, *others):
        """Return a new set with elements common to the set and all others."""
    def intersection_update(self, *others) -> None:
        """Update the set, keeping only elements found in it and all others."""
    def difference(self, *others):
        """Return a new set with elements in the set that are not in the others."""
    def difference_update(self, *others) -> None:
        """Update the set, removing elements found in others."""
    def symmetric_difference(self, other, /):
        """Return a new set with elements in either the set or other but not both."""
    def symmetric_difference_update(self, other, /) -> None:
        """Update the set, keeping only elements found in either set, but not in both."""
    def isdisjoint(self, other, /) -> bool:
        """Return True if two sets have a null intersection."""
    def issubset(self, other, /) -> bool:
        """Report whether another set contains this set."""
    def issuperset(self, other, /) -> bool:
        """Report whether this set contains another set."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __sizeof__(self, /) -> int:
        """Return the size of the set in memory, in bytes."""
    __class_getitem__ = generic_alias
    __hash__ = None


@layout("Set", type="PyFrozenSet_Type", flags="gc basetype match_self", weaklist="weakrefs")
class frozenset(object):
    """Build an immutable unordered collection of unique elements."""
    def __new__(cls, iterable=(), /): ...
    def __repr__(self): ...
    def __hash__(self): ...
    def __richcompare__(self, other, op): ...
    def __iter__(self): ...
    def __len__(self): ...
    def __contains__(self, item): ...
    def __sub__(self, other): ...
    def __and__(self, other): ...
    def __xor__(self, other): ...
    def __or__(self, other): ...
    def copy(self, /):
        """Return a shallow copy of a set."""
    def union(self, *others):
        """Return a new set with elements from the set and all others."""
    def intersection(self, *others):
        """Return a new set with elements common to the set and all others."""
    def difference(self, *others):
        """Return a new set with elements in the set that are not in the others."""
    def symmetric_difference(self, other, /):
        """Return a new set with elements in either the set or other but not both."""
    def isdisjoint(self, other, /) -> bool:
        """Return True if two sets have a null intersection."""
    def issubset(self, other, /) -> bool:
        """Report whether another set contains this set."""
    def issuperset(self, other, /) -> bool:
        """Report whether this set contains another set."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __sizeof__(self, /) -> int:
        """Return the size of the set in memory, in bytes."""
    __class_getitem__ = generic_alias


@layout("SetCursor", type="PySetIter_Type", flags="gc disallow", prefix="setiter", fields="set")
class set_iterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""
