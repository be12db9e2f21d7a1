"""Context Variables"""
include("modules/contextvars_objects.h")


@layout("Context", type="PyContext_Type", flags="gc mapping", module="_contextvars", weaklist="weakrefs",
        fields="vars", signature=False)
class Context(object):
    def __new__(cls, *args: raw): ...
    def __len__(self): ...
    def __getitem__(self, key): ...
    def __contains__(self, key): ...
    def __iter__(self): ...
    def __richcompare__(self, other, op): ...
    def get(self, key, default=None, /):
        """Return the value for `key` if `key` has the value in the context object.

If `key` does not exist, return `default`.  If `default` is not
given, return None."""
    def copy(self, /):
        """Return a shallow copy of the context object."""
    def items(self, /):
        """Return all variables and their values in the context object.

The result is returned as a list of 2-tuples (variable, value)."""
    def keys(self, /):
        """Return a list of all variables in the context object."""
    def values(self, /):
        """Return a list of all variables' values in the context object."""
    def run(self, *args: raw): ...
    __hash__ = None


@layout("ContextVar", type="PyContextVar_Type", flags="gc", module="_contextvars", fields="name fallback",
        signature=False)
class ContextVar(object):
    def __new__(cls, *args: raw): ...
    def __repr__(self): ...
    def get(self, default=MISSING, /):
        """Return a value for the context variable for the current context.

If there is no value for the variable in the current context, the
method will:
 * return the value of the default argument of the method, if
   provided; or
 * return the default value for the context variable, if it was
   created with one; or
 * raise a LookupError."""
    def set(self, value, /):
        """Call to set a new value for the context variable in the current context.

The required value argument is the new value for the context
variable.

Returns a Token object that can be used to restore the variable to
its previous value via the `ContextVar.reset()` method."""
    def reset(self, token, /):
        """Reset the context variable.

The variable is reset to the value it had before the
`ContextVar.set()` that created the token was used."""
    name = member("name")
    __class_getitem__ = generic_alias


@layout("ContextToken", type="PyContextToken_Type", flags="gc", module="_contextvars", prefix="ContextToken",
        fields="context var old", signature=False)
class Token(object):
    def __new__(cls, *args: raw): ...
    def __repr__(self): ...
    def __enter__(self, /):
        """Enter into Token context manager."""
    def __exit__(self, type, val, tb, /):
        """Exit from Token context manager, restore the linked ContextVar."""
    @property
    def var(self): ...
    @property
    def old_value(self): ...
    __hash__ = None
    __class_getitem__ = generic_alias


@layout("Object", type="PyContextTokenMissing_Type", module="_contextvars", prefix="missing",
        flags="disallow", export=False)
class TokenMissing(object):
    def __repr__(self): ...


def copy_context(): ...
def __exec__(module): ...
