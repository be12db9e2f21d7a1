"""High performance data structures.

- deque:        ordered collection accessible from endpoints only
- defaultdict:  dict subclass with a default value factory
- OrderedDict:  dict subclass that remembers insertion order"""
include("modules/collections_objects.h")


@layout("Deque", type="PyDeque_Type", module="collections", flags="gc basetype sequence", weaklist="weakrefs",
        signature="([iterable[, maxlen]])")
class deque(object):
    """A list-like sequence optimized for data accesses near its endpoints."""
    def __new__(cls, *args: raw): ...
    def __init__(self, iterable=(), maxlen=None) -> None: ...
    def __repr__(self): ...
    def __richcompare__(self, other, op): ...
    def __iter__(self): ...
    def __len__(self): ...
    def __contains__(self, item): ...
    def __seqitem__(self, index): ...
    def __setitem__(self, key, value): ...
    def __delitem__(self, key): ...
    def __add__(self, other): ...
    def __mul__(self, count): ...
    def __iadd__(self, other): ...
    def __imul__(self, count): ...
    def append(self, item, /) -> None:
        """Add an element to the right side of the deque."""
    def appendleft(self, item, /) -> None:
        """Add an element to the left side of the deque."""
    def pop(self, /):
        """Remove and return the rightmost element."""
    def popleft(self, /):
        """Remove and return the leftmost element."""
    def extend(self, iterable, /) -> None:
        """Extend the right side of the deque with elements from the iterable."""
    def extendleft(self, iterable, /) -> None:
        """Extend the left side of the deque with elements from the iterable."""
    def clear(self, /) -> None:
        """Remove all elements from the deque."""
    def copy(self, /):
        """Return a shallow copy of a deque."""
    def __copy__(self, /):
        """Return a shallow copy of a deque."""
    def count(self, value, /) -> int:
        """Return number of occurrences of value."""
    def index(self, value, start=0, stop=MISSING, /) -> int:
        """Return first index of value.

        Raises ValueError if the value is not present."""
    def insert(self, index: index, value, /) -> None:
        """Insert value before index."""
    def remove(self, value, /) -> None:
        """Remove first occurrence of value."""
    def reverse(self, /) -> None:
        """Reverse *IN PLACE*."""
    def rotate(self, n: index = 1, /) -> None:
        """Rotate the deque n steps to the right.  If n is negative, rotates left."""
    def __reversed__(self, /):
        """Return a reverse iterator over the deque."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __sizeof__(self, /) -> int:
        """Return the size of the deque in memory, in bytes."""
    @property
    def maxlen(self):
        """maximum size of a deque or None if unbounded"""
    __class_getitem__ = generic_alias
    __hash__ = None


@layout("DequeCursor", type="PyDequeIter_Type", module="_collections", flags="gc", prefix="dequeiter", fields="deque")
class _deque_iterator(object):
    def __new__(cls, deque, index: index = 0, /): ...
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""


@layout("DequeCursor", type="PyDequeRevIter_Type", module="_collections", flags="gc", prefix="dequereviter",
        fields="deque")
class _deque_reverse_iterator(object):
    def __new__(cls, deque, index: index = 0, /): ...
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""


@layout("DefaultDict", type="PyDefaultDict_Type", base="PyDict_Type", module="collections",
        flags="gc basetype mapping dict", lifetime="own", signature=False)
class defaultdict(dict):
    """defaultdict(default_factory=None, /, [...]) --> dict with default factory

    The default factory is called without arguments to produce a new value when a key is not present,
    in __getitem__ only. The other arguments are treated as those of dict()."""
    def __init__(self, *args: raw) -> None: ...
    def __repr__(self): ...
    def __or__(self, other): ...
    def __missing__(self, key, /):
        """__missing__(key) # Called by __getitem__ for missing key; gives the factory's value.

        Without a factory it raises KeyError((key,))."""
    def copy(self, /):
        """D.copy() -> a shallow copy of D."""
    def __copy__(self, /):
        """D.copy() -> a shallow copy of D."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    default_factory = member("factory", readonly=False, doc="Factory for default value called by __missing__().")
    __class_getitem__ = generic_alias


@layout("OrderedDictObject", type="PyODict_Type", base="PyDict_Type", module="collections", prefix="odict",
        flags="gc basetype mapping dict", lifetime="own", dict="dict", weaklist="weakrefs", signature=False)
class OrderedDict(dict):
    """Dictionary that remembers insertion order"""
    def __init__(self, *args: raw) -> None: ...
    def __repr__(self): ...
    def __richcompare__(self, other, op): ...
    def __iter__(self): ...
    def __setitem__(self, key, value): ...
    def __delitem__(self, key): ...
    def __or__(self, other): ...
    def __ior__(self, other): ...
    @classmethod
    def fromkeys(cls, iterable, value=None):
        """Create a new ordered dictionary with keys from iterable and values set to value."""
    def setdefault(self, key, default=None):
        """Insert key with a value of default if key is not in the dictionary.

        Return the value for key if key is in the dictionary, else default."""
    def pop(self, key, default=MISSING):
        """od.pop(key[,default]) -> v, remove specified key and return the corresponding value.

        If the key is not found, return the default if given; otherwise,
        raise a KeyError."""
    def popitem(self, last: bool = True):
        """Remove and return a (key, value) pair from the dictionary.

        Pairs are returned in LIFO order if last is true or FIFO order if false."""
    def move_to_end(self, key, last: bool = True) -> None:
        """Move an existing element to the end (or beginning if last is false).

        Raise KeyError if the element does not exist."""
    def update(self, *args: raw) -> None:
        """Update the dictionary from a mapping or an iterable of pairs, then from keywords."""
    def clear(self, /) -> None:
        """Remove all items from ordered dict."""
    def copy(self, /):
        """A shallow copy of ordered dict."""
    def keys(self, /): ...
    def values(self, /): ...
    def items(self, /): ...
    def __reversed__(self, /):
        """od.__reversed__() <==> reversed(od)"""
    def __reduce__(self, /):
        """Return state information for pickling"""
    def __sizeof__(self, /) -> int: ...
    @property
    def __dict__(self): ...
    @__dict__.setter
    def __dict__(self, value): ...
    __hash__ = None


@layout("DictView", type="PyODictKeys_Type", base="PyDictKeys_Type", prefix="odictkeys", module="builtins",
        flags="gc disallow", lifetime="inherit", export=False)
class odict_keys(object):
    def __iter__(self): ...
    def __reversed__(self, /): ...


@layout("DictView", type="PyODictValues_Type", base="PyDictValues_Type", prefix="odictvalues", module="builtins",
        flags="gc disallow", lifetime="inherit", export=False)
class odict_values(object):
    def __iter__(self): ...
    def __reversed__(self, /): ...


@layout("DictView", type="PyODictItems_Type", base="PyDictItems_Type", prefix="odictitems", module="builtins",
        flags="gc disallow", lifetime="inherit", export=False)
class odict_items(object):
    def __iter__(self): ...
    def __reversed__(self, /): ...


@layout("OrderedCursor", type="PyODictIter_Type", prefix="odictiter", module="builtins", flags="gc disallow",
        fields="dict", export=False)
class odict_iterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __reduce__(self, /):
        """Return state information for pickling."""


@layout("TupleGetter", type="PyTupleGetter_Type", module="collections", prefix="tuplegetter", flags="gc",
        fields="doc", signature=False)
class _tuplegetter(object):
    def __new__(cls, index: index, doc, /): ...
    def __get__(self, instance, owner=None, /): ...
    def __set__(self, instance, value): ...
    def __delete__(self, instance): ...
    def __repr__(self): ...
    def __reduce__(self, /): ...
    __doc__ = member("doc", readonly=False)


def _count_elements(mapping, iterable, /) -> None:
    """Count elements in the iterable, updating the mapping"""
