"""Capsules: opaque pointers of extension modules."""
not_a_module()


@layout("Capsule", type="PyCapsule_Type", lifetime="own", signature=False, prefix="capsule")
class PyCapsule(object):
    """Capsule objects let you wrap a C "void *" pointer in a Python
    object.  They're a way of passing data through the Python interpreter
    without creating your own custom type.

    Capsules are used for communication between extension modules.
    They provide a way for an extension module to export a C interface
    to other extension modules, so that extension modules can use the
    Python import mechanism to link to one another."""

    def __repr__(self, /): ...
