"""classmethod and staticmethod."""
not_a_module()
include("runtime/attributes.h")


@layout("ClassMethod", type="PyClassMethod_Type", flags="gc basetype", fields="callable dict", dict="dict",
        signature="(function, /)")
class classmethod(object):
    """Convert a function to be a class method.

    A class method receives the class as implicit first argument,
    just like an instance method receives the instance.
    To declare a class method, use this idiom:

      class C:
          @classmethod
          def f(cls, arg1, arg2, argN):
              ...

    It can be called either on the class (e.g. C.f()) or on an instance
    (e.g. C().f()).  The instance is ignored except for its class.
    If a class method is called for a derived class, the derived class
    object is passed as the implied first argument.

    Class methods are different than C++ or Java static methods.
    If you want those, see the staticmethod builtin.
    """

    def __init__(self, *args: raw): ...
    def __repr__(self, /): ...
    def __get__(self, instance, owner=None, /): ...

    __func__ = member("callable")
    __wrapped__ = member("callable")

    @property
    def __isabstractmethod__(self): ...
    @property
    def __dict__(self): ...
    @__dict__.setter
    def __dict__(self, value): ...
    @property
    def __annotations__(self): ...
    @__annotations__.setter
    def __annotations__(self, value): ...
    @property
    def __annotate__(self): ...
    @__annotate__.setter
    def __annotate__(self, value): ...

    __class_getitem__ = generic_alias


@layout("ClassMethod", type="PyStaticMethod_Type", flags="gc basetype", fields="callable dict", dict="dict",
        signature="(function, /)")
class staticmethod(object):
    """Convert a function to be a static method.

    A static method does not receive an implicit first argument.
    To declare a static method, use this idiom:

         class C:
             @staticmethod
             def f(arg1, arg2, argN):
                 ...

    It can be called either on the class (e.g. C.f()) or on an instance
    (e.g. C().f()). Both the class and the instance are ignored, and
    neither is passed implicitly as the first argument to the method.

    Static methods in Python are similar to those found in Java or C++.
    For a more advanced concept, see the classmethod builtin.
    """

    def __init__(self, *args: raw): ...
    def __repr__(self, /): ...
    def __call__(self, *args: raw): ...
    def __get__(self, instance, owner=None, /): ...

    __func__ = member("callable")
    __wrapped__ = member("callable")

    @property
    def __isabstractmethod__(self): ...
    @property
    def __dict__(self): ...
    @__dict__.setter
    def __dict__(self, value): ...
    @property
    def __annotations__(self): ...
    @__annotations__.setter
    def __annotations__(self, value): ...
    @property
    def __annotate__(self): ...
    @__annotate__.setter
    def __annotate__(self, value): ...

    __class_getitem__ = generic_alias
