"""The dict type, its views and iterators, and mappingproxy."""
include("builtins/dict_views.h")


@layout("Dict", type="PyDict_Type", flags="gc basetype mapping dict match_self", signature=False)
class dict(object):
    """dict() -> new empty dictionary
    dict(mapping) -> new dictionary with the items of the mapping
    dict(iterable) -> new dictionary with the key-value pairs of the iterable
    dict(**kwargs) -> new dictionary with the keyword arguments as items"""
    def __new__(cls, *args: raw): ...
    def __init__(self, *args: raw) -> None: ...
    def __repr__(self): ...
    def __richcompare__(self, other, op): ...
    def __iter__(self): ...
    def __len__(self): ...
    def __contains__(self, key): ...
    def __getitem__(self, key): ...
    def __setitem__(self, key, value): ...
    def __delitem__(self, key): ...
    def __or__(self, other): ...
    def __ior__(self, other): ...
    def __reversed__(self, /):
        """Return a reverse iterator over the dict keys."""
    def __sizeof__(self, /) -> int:
        """Return the size of the dict in memory."""
    def get(self, key, default=None, /):
        """Return the value for key if key is in the dictionary, else default."""
    def setdefault(self, key, default=None, /):
        """Insert key with a value of default if key is not in the dictionary.

        Return the value for key if key is in the dictionary, else default."""
    def pop(self, *args: raw):
        """D.pop(k[,d]) -> v, remove specified key and return the corresponding value.

        If the key is not found, return the default if given; otherwise,
        raise a KeyError."""
    def popitem(self, /):
        """Remove and return a (key, value) pair as a 2-tuple.

        Pairs are returned in LIFO order. Raises KeyError if the dict is empty."""
    def keys(self, /):
        """Return a set-like object providing a view on the dict's keys."""
    def items(self, /):
        """Return a set-like object providing a view on the dict's items."""
    def values(self, /):
        """Return an object providing a view on the dict's values."""
    def update(self, *args: raw) -> None:
        """D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F."""
    @classmethod
    def fromkeys(cls, iterable, value=None, /):
        """Create a new dictionary with keys from iterable and values set to value."""
    def clear(self, /) -> None:
        """Remove all items from the dict."""
    def copy(self, /):
        """Return a shallow copy of the dict."""
    __class_getitem__ = generic_alias
    __hash__ = None


@layout("DictView", type="PyDictKeys_Type", flags="gc disallow", prefix="dictkeys", fields="dict")
class dict_keys(object):
    def __repr__(self): ...
    def __richcompare__(self, other, op): ...
    def __iter__(self): ...
    def __len__(self): ...
    def __contains__(self, key): ...
    def __sub__(self, other): ...
    def __and__(self, other): ...
    def __xor__(self, other): ...
    def __or__(self, other): ...
    def isdisjoint(self, other, /) -> bool:
        """Return True if the view and the given iterable have a null intersection."""
    def __reversed__(self, /):
        """Return a reverse iterator over the dict keys."""
    @property
    def mapping(self):
        """dictionary that this view refers to"""
    __hash__ = None


@layout("DictView", type="PyDictItems_Type", flags="gc disallow", prefix="dictitems", fields="dict")
class dict_items(object):
    def __repr__(self): ...
    def __richcompare__(self, other, op): ...
    def __iter__(self): ...
    def __len__(self): ...
    def __contains__(self, item): ...
    def __sub__(self, other): ...
    def __and__(self, other): ...
    def __xor__(self, other): ...
    def __or__(self, other): ...
    def isdisjoint(self, other, /) -> bool:
        """Return True if the view and the given iterable have a null intersection."""
    def __reversed__(self, /):
        """Return a reverse iterator over the dict items."""
    @property
    def mapping(self):
        """dictionary that this view refers to"""
    __hash__ = None


@layout("DictView", type="PyDictValues_Type", flags="gc disallow", prefix="dictvalues", fields="dict")
class dict_values(object):
    def __repr__(self): ...
    def __iter__(self): ...
    def __len__(self): ...
    def __reversed__(self, /):
        """Return a reverse iterator over the dict values."""
    @property
    def mapping(self):
        """dictionary that this view refers to"""


@layout("DictCursor", type="PyDictIterKey_Type", flags="gc disallow", prefix="dictkeyiter", fields="dict pair")
class dict_keyiterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""


@layout("DictCursor", type="PyDictIterValue_Type", flags="gc disallow", prefix="dictvalueiter", fields="dict pair")
class dict_valueiterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""


@layout("DictCursor", type="PyDictIterItem_Type", flags="gc disallow", prefix="dictitemiter", fields="dict pair")
class dict_itemiterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""


@layout("DictCursor", type="PyDictRevIterKey_Type", flags="gc disallow", prefix="dictrevkeyiter", fields="dict pair")
class dict_reversekeyiterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""


@layout("DictCursor", type="PyDictRevIterValue_Type", flags="gc disallow", prefix="dictrevvalueiter", fields="dict pair")
class dict_reversevalueiterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""


@layout("DictCursor", type="PyDictRevIterItem_Type", flags="gc disallow", prefix="dictrevitemiter", fields="dict pair")
class dict_reverseitemiterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""


@layout("MappingProxy", type="PyDictProxy_Type", flags="gc mapping", prefix="mappingproxy", fields="mapping",
        clear=False)
class mappingproxy(object):
    """Read-only proxy of a mapping."""
    def __new__(cls, mapping): ...
    def __repr__(self): ...
    def __str__(self): ...
    def __hash__(self): ...
    def __richcompare__(self, other, op): ...
    def __iter__(self): ...
    def __len__(self): ...
    def __contains__(self, key): ...
    def __getitem__(self, key): ...
    def __or__(self, other): ...
    def __ior__(self, other): ...
    def get(self, key, default=None, /):
        """Return the value for key if key is in the mapping, else default."""
    def keys(self, /):
        """a set-like object providing a view on the keys"""
    def values(self, /):
        """an object providing a view on the values"""
    def items(self, /):
        """a set-like object providing a view on the items"""
    def copy(self, /):
        """a shallow copy of the mapping"""
    def __reversed__(self, /):
        """a reverse iterator over the keys"""
    __class_getitem__ = generic_alias
