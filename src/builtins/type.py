"""The type type."""
not_a_module()
include("runtime/attributes.h")
include("runtime/types.h")


@layout("Type", type="PyType_Type", flags="gc basetype type", basicsize=936, itemsize=40, weaklist="weaklist",
        dict="dict", lifetime="inherit", signature=False,
        slots="getattro=typeGetAttr setattro=typeSetAttr call=typeCall dealloc=typeDealloc traverse=typeTraverse clear=typeClear")
class type(object):
    """type(object) -> the object's type
    type(name, bases, dict, **kwds) -> a new type"""

    def __new__(cls, *args: raw): ...
    def __init__(self, *args: raw): ...
    def __repr__(self, /): ...
    def __or__(self, other, /): ...
    def __ror__(self, other, /): ...

    __basicsize__ = member("basicSize", kind="i64")
    __itemsize__ = member("itemSize", kind="i64")
    @property
    def __flags__(self) -> int: ...
    __weakrefoffset__ = member("weaklistOffset", kind="i64")
    __base__ = member("base")
    __dictoffset__ = member("dictOffset", kind="i64")

    @property
    def __name__(self): ...
    @__name__.setter
    def __name__(self, value): ...
    @property
    def __qualname__(self): ...
    @__qualname__.setter
    def __qualname__(self, value): ...
    @property
    def __bases__(self): ...
    @__bases__.setter
    def __bases__(self, value): ...
    @property
    def __mro__(self): ...
    @property
    def __module__(self): ...
    @__module__.setter
    def __module__(self, value): ...
    @property
    def __abstractmethods__(self): ...
    @__abstractmethods__.setter
    def __abstractmethods__(self, value): ...
    @property
    def __dict__(self): ...
    @property
    def __doc__(self): ...
    @__doc__.setter
    def __doc__(self, value): ...
    @property
    def __text_signature__(self): ...
    @property
    def __annotations__(self): ...
    @__annotations__.setter
    def __annotations__(self, value): ...
    @property
    def __annotate__(self): ...
    @__annotate__.setter
    def __annotate__(self, value): ...
    @property
    def __type_params__(self): ...
    @__type_params__.setter
    def __type_params__(self, value): ...

    def mro(self, /):
        """Return a type's method resolution order."""

    def __subclasses__(self, /):
        """Return a list of immediate subclasses."""

    @classmethod
    def __prepare__(cls, *args: raw):
        """Create the namespace for the class statement"""

    def __instancecheck__(self, instance, /) -> bool:
        """Check if an object is an instance."""

    def __subclasscheck__(self, subclass, /) -> bool:
        """Check if a class is a subclass."""

    def __dir__(self, /):
        """Specialized __dir__ implementation for types."""

    def __sizeof__(self, /) -> int:
        """Return memory consumption of the type object."""
