"""The super type."""
not_a_module()
include("runtime/class_parts.h")


@layout("Super", type="PySuper_Type", flags="gc basetype", fields="cls object objectType", clear=False, signature=False)
class super(object):
    """super() -> same as super(__class__, <first argument>)
    super(type) -> unbound super object
    super(type, obj) -> bound super object; requires isinstance(obj, type)
    super(type, type2) -> bound super object; requires issubclass(type2, type)
    Typical use to call a cooperative superclass method:
    class C(B):
        def meth(self, arg):
            super().meth(arg)
    This works for class methods too:
    class C(B):
        @classmethod
        def cmeth(cls, arg):
            super().cmeth(arg)
    """

    def __init__(self, *args: raw): ...
    def __repr__(self, /): ...
    def __getattribute__(self, name, /): ...
    def __get__(self, instance, owner=None, /): ...

    __thisclass__ = member("cls", doc="the class invoking super()")
    __self__ = member("object", doc="the instance invoking super(); may be None")
    __self_class__ = member("objectType", doc="the type of the instance invoking super(); may be None")
