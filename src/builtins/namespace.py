"""types.SimpleNamespace."""
not_a_module()
include("builtins/namespace.h")


@layout("Namespace", type="_PyNamespace_Type", module="types", flags="gc basetype", fields="dict", dict="dict", prefix="namespace",
        signature="(mapping_or_iterable=(), /, **kwargs)")
class SimpleNamespace(object):
    """A simple attribute-based namespace."""

    def __init__(self, *args: raw): ...
    def __repr__(self, /): ...
    def __richcompare__(self, other, op): ...

    __dict__ = member("dict")

    def __reduce__(self, /):
        """Return state information for pickling"""

    def __replace__(self, *args: raw):
        """Return a copy of the namespace object with new values for the specified attributes."""
