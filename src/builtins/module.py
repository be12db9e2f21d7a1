"""The module type."""
not_a_module()
include("runtime/attributes.h")


@layout("Module", type="PyModule_Type", flags="gc basetype", fields="dict name", weaklist="weakrefs", dict="dict",
        slots="getattro=moduleGetAttr")
class module(object):
    """Create a module object.

    The name must be a string; the optional docstring can have any type.
    """

    def __new__(cls, *args: raw): ...
    def __init__(self, name: str, doc=None): ...
    def __repr__(self, /): ...

    __dict__ = member("dict")

    @property
    def __annotations__(self): ...
    @__annotations__.setter
    def __annotations__(self, value): ...
    @property
    def __annotate__(self): ...
    @__annotate__.setter
    def __annotate__(self, value): ...

    def __dir__(self, /):
        """__dir__() -> list
        specialized dir() implementation"""
