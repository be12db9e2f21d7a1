"""Code objects."""
not_a_module()
include("bytecode/image.h")


@layout("Code", type="PyCode_Type", basicsize=208, itemsize=2, weaklist="weakrefs", lifetime="own", signature=False)
class code(object):
    """Create a code object.  Not for mere mortals."""

    def __new__(cls, *args: raw): ...
    def __repr__(self, /): ...
    def __hash__(self, /): ...
    def __richcompare__(self, other, op): ...

    co_argcount = member("argCount", kind="i32")
    co_posonlyargcount = member("posOnlyCount", kind="i32")
    co_kwonlyargcount = member("kwOnlyCount", kind="i32")
    co_stacksize = member("stackSize", kind="i32")
    co_flags = member("flags", kind="u32")
    co_filename = member("filename")
    co_name = member("name")
    co_qualname = member("qualname")
    co_firstlineno = member("firstLine", kind="i32")

    @property
    def co_nlocals(self): ...
    @property
    def co_names(self): ...
    @property
    def co_consts(self): ...
    @property
    def co_varnames(self): ...
    @property
    def co_cellvars(self): ...
    @property
    def co_freevars(self): ...
    @property
    def co_code(self): ...
    @property
    def _co_code_adaptive(self): ...
    @property
    def co_linetable(self): ...
    @property
    def co_lnotab(self): ...
    @property
    def co_exceptiontable(self): ...

    def __sizeof__(self, /) -> int: ...

    def co_lines(self, /): ...

    def co_branches(self, /): ...

    def co_positions(self, /): ...

    def replace(self, *args: raw):
        """Return a copy of the code object with new values for the specified fields."""

    def __replace__(self, *args: raw):
        """The same as replace()."""

    def _varname_from_oparg(self, oparg: i32):
        """(internal-only) Return the local variable name for the given oparg.

        WARNING: this method is for internal use only and may change or go away.
        """
