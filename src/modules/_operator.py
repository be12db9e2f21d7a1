"""Operator interface.

This module exports a set of functions implemented in C corresponding
to the intrinsic operators of Python.  For example, operator.add(x, y)
is equivalent to the expression x+y."""
include("modules/operator_objects.h")


@layout("ItemGetter", type="PyItemGetter_Type", flags="gc", module="operator", fields="items",
        signature="(item, /, *items)")
class itemgetter(object):
    """Return a callable object that fetches the given item(s) from its operand.
    After f = itemgetter(2), the call f(r) returns r[2].
    After g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])"""
    def __new__(cls, *args: raw): ...
    def __call__(self, *args: raw): ...
    def __repr__(self): ...
    def __reduce__(self, /):
        """Return state information for pickling"""
    @property
    def __text_signature__(self): ...


@layout("AttrGetter", type="PyAttrGetter_Type", flags="gc", module="operator", fields="names paths",
        signature="(attr, /, *attrs)")
class attrgetter(object):
    """Return a callable object that fetches the given attribute(s) from its operand.
    After f = attrgetter('name'), the call f(r) returns r.name.
    After g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).
    After h = attrgetter('name.first', 'name.last'), the call h(r) returns
    (r.name.first, r.name.last)."""
    def __new__(cls, *args: raw): ...
    def __call__(self, *args: raw): ...
    def __repr__(self): ...
    def __reduce__(self, /):
        """Return state information for pickling"""
    @property
    def __text_signature__(self): ...


@layout("MethodCaller", type="PyMethodCaller_Type", flags="gc", module="operator",
        fields="name arguments keywords", signature="(name, /, *args, **kwargs)")
class methodcaller(object):
    """Return a callable object that calls the given method on its operand.
    After f = methodcaller('name'), the call f(r) returns r.name().
    After g = methodcaller('name', 'date', foo=1), the call g(r) returns
    r.name('date', foo=1)."""
    def __new__(cls, *args: raw): ...
    def __call__(self, *args: raw): ...
    def __repr__(self): ...
    def __reduce__(self, /):
        """Return state information for pickling"""
    @property
    def __text_signature__(self): ...


def lt(a, b, /):
    """Same as a < b."""
def le(a, b, /):
    """Same as a <= b."""
def eq(a, b, /):
    """Same as a == b."""
def ne(a, b, /):
    """Same as a != b."""
def ge(a, b, /):
    """Same as a >= b."""
def gt(a, b, /):
    """Same as a > b."""
def truth(a, /) -> bool:
    """Return True if a is true, False otherwise."""
def not_(a, /) -> bool:
    """Same as not a."""
def contains(a, b, /) -> bool:
    """Same as b in a (note reversed operands)."""
def indexOf(a, b, /) -> int:
    """Return the first index of b in a."""
def countOf(a, b, /) -> int:
    """Return the number of items in a which are, or which equal, b."""
def is_(a, b, /) -> bool:
    """Same as a is b."""
def is_not(a, b, /) -> bool:
    """Same as a is not b."""
def is_none(a, /) -> bool:
    """Same as a is None."""
def is_not_none(a, /) -> bool:
    """Same as a is not None."""
def add(a, b, /):
    """Same as a + b."""
def sub(a, b, /):
    """Same as a - b."""
def mul(a, b, /):
    """Same as a * b."""
def matmul(a, b, /):
    """Same as a @ b."""
def floordiv(a, b, /):
    """Same as a // b."""
def truediv(a, b, /):
    """Same as a / b."""
def mod(a, b, /):
    """Same as a % b."""
def neg(a, /):
    """Same as -a."""
def pos(a, /):
    """Same as +a."""
def abs(a, /):
    """Same as abs(a)."""
def inv(a, /):
    """Same as ~a."""
def invert(a, /):
    """Same as ~a."""
def lshift(a, b, /):
    """Same as a << b."""
def rshift(a, b, /):
    """Same as a >> b."""
def and_(a, b, /):
    """Same as a & b."""
def xor(a, b, /):
    """Same as a ^ b."""
def or_(a, b, /):
    """Same as a | b."""
def pow(a, b, /):
    """Same as a ** b."""
def index(a, /):
    """Same as a.__index__()"""
def concat(a, b, /):
    """Same as a + b, for a and b sequences."""
def getitem(a, b, /):
    """Same as a[b]."""
def setitem(a, b, c, /) -> None:
    """Same as a[b] = c."""
def delitem(a, b, /) -> None:
    """Same as del a[b]."""
def iadd(a, b, /):
    """Same as a += b."""
def isub(a, b, /):
    """Same as a -= b."""
def imul(a, b, /):
    """Same as a *= b."""
def imatmul(a, b, /):
    """Same as a @= b."""
def ifloordiv(a, b, /):
    """Same as a //= b."""
def itruediv(a, b, /):
    """Same as a /= b."""
def imod(a, b, /):
    """Same as a %= b."""
def ilshift(a, b, /):
    """Same as a <<= b."""
def irshift(a, b, /):
    """Same as a >>= b."""
def iand(a, b, /):
    """Same as a &= b."""
def ixor(a, b, /):
    """Same as a ^= b."""
def ior(a, b, /):
    """Same as a |= b."""
def ipow(a, b, /):
    """Same as a **= b."""
def iconcat(a, b, /):
    """Same as a += b, for a and b sequences."""
def length_hint(obj, default: index = 0, /) -> int:
    """Return an estimate of the number of items in obj.

    This is useful for presizing containers when building from an iterable.

    If the object supports len(), the result will be exact.
    Otherwise, it may over- or under-estimate by an arbitrary amount.
    The result will be an integer >= 0."""
def call(*args: raw):
    """call(obj, /, *args, **kwargs)

    Same as obj(*args, **kwargs)."""
def _compare_digest(a, b, /) -> bool:
    """Return 'a == b'.

    This function uses an approach designed to prevent
    timing analysis, making it appropriate for cryptography.

    a and b must both be of the same type: either str (ASCII only),
    or any bytes-like object.

    Note: If a and b are of different lengths, or if an error occurs,
    a timing attack could theoretically reveal information about the
    types and lengths of a and b--but not their values."""

