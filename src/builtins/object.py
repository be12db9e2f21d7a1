"""The type object."""
not_a_module()
include("runtime/attributes.h")
include("runtime/types.h")


@layout("Value", type="PyBaseObject_Type", flags="basetype", basicsize=16, signature="()",
        slots="getattro=genericGetAttr setattro=genericSetAttr init=objectInit construct=objectNew dealloc=freeObject")
class object:
    """The base class of the class hierarchy.

    When called, it accepts no arguments and returns a new featureless
    instance that has no instance attributes and cannot be given any.
    """

    def __repr__(self, /): ...
    def __str__(self, /): ...
    def __hash__(self, /): ...
    def __richcompare__(self, other, op): ...

    def __reduce__(self, /):
        """Helper for pickle."""

    def __reduce_ex__(self, protocol: i32, /):
        """Helper for pickle."""

    def __getstate__(self, /):
        """Helper for pickle."""

    def __dir__(self, /):
        """Default dir() implementation."""

    def __format__(self, format_spec: str, /):
        """Default object formatter.

        Return str(self) if format_spec is empty. Raise TypeError otherwise.
        """

    def __sizeof__(self, /) -> int:
        """Size of object in memory, in bytes."""

    @classmethod
    def __init_subclass__(cls, *args: raw):
        """This method is called when a class is subclassed.

        The default implementation does nothing. It may be
        overridden to extend subclasses.
        """

    @classmethod
    def __subclasshook__(cls, object, /):
        """Abstract classes can override this to customize issubclass().

        This is invoked early on by abc.ABCMeta.__subclasscheck__().
        It should return True, False or NotImplemented.  If it returns
        NotImplemented, the normal algorithm is used.  Otherwise, it
        overrides the normal algorithm (and the outcome is cached).
        """

    @property
    def __class__(self):
        """the object's class"""

    @__class__.setter
    def __class__(self, value): ...
