"""The property type."""
not_a_module()
include("runtime/attributes.h")


@layout("Property", type="PyProperty_Type", flags="gc basetype", fields="get set del doc name")
class property(object):
    """Property attribute.

      fget
        function to be used for getting an attribute value
      fset
        function to be used for setting an attribute value
      fdel
        function to be used for del'ing an attribute
      doc
        docstring

    Typical use is to define a managed attribute x:

    class C(object):
        def getx(self): return self._x
        def setx(self, value): self._x = value
        def delx(self): del self._x
        x = property(getx, setx, delx, "I'm the 'x' property.")

    Decorators make defining new properties or modifying existing ones easy:

    class C(object):
        @property
        def x(self):
            "I am the 'x' property."
            return self._x
        @x.setter
        def x(self, value):
            self._x = value
        @x.deleter
        def x(self):
            del self._x
    """

    def __init__(self, fget=None, fset=None, fdel=None, doc=None): ...
    def __get__(self, instance, owner=None, /): ...
    def __set__(self, instance, value, /): ...

    fget = member("get")
    fset = member("set")
    fdel = member("del")
    __doc__ = member("doc", readonly=False)

    @property
    def __name__(self): ...
    @__name__.setter
    def __name__(self, value): ...
    @property
    def __isabstractmethod__(self): ...

    def getter(self, object, /):
        """Descriptor to obtain a copy of the property with a different getter."""

    def setter(self, object, /):
        """Descriptor to obtain a copy of the property with a different setter."""

    def deleter(self, object, /):
        """Descriptor to obtain a copy of the property with a different deleter."""

    def __set_name__(self, *args: raw):
        """Method to set name of a property."""
