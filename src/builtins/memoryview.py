"""memoryview: the memory of another object, as an array of numbers (PEP 3118)."""
not_a_module()
include("builtins/memoryview.h")


@layout("ManagedBuffer", type="_PyManagedBuffer_Type", flags="gc disallow", prefix="managedBuffer")
class managedbuffer(object):
    pass


@layout("MemoryIter", type="_PyMemoryIter_Type", name="memory_iterator", flags="gc disallow", fields="view",
        prefix="memoryIterator")
class memory_iterator(object):
    def __iter__(self, /): ...
    def __next__(self, /): ...


@layout("MemoryView", type="PyMemoryView_Type", flags="gc sequence", weaklist="weakrefs", itemsize=8,
        basicsize="i64(offsetof(MemoryView, array))")
class memoryview(object):
    """Create a new memoryview object which references the given object."""

    def __new__(cls, object): ...
    def __repr__(self, /): ...
    def __hash__(self, /): ...
    def __len__(self, /): ...
    def __iter__(self, /): ...
    def __getitem__(self, key, /): ...
    def __seqitem__(self, index): ...
    def __setitem__(self, key, value, /): ...
    def __delitem__(self, key, /): ...
    def __richcompare__(self, other, op): ...
    def __buffer__(self, flags, /): ...
    def __release_buffer__(self, buffer, /): ...
    def __enter__(self, /): ...
    def __exit__(self, /, *args): ...
    @classmethod
    def _from_flags(cls, /, object, flags: i32):
        """Create a new memoryview object which references the given object."""
    def release(self, /):
        """Release the underlying buffer exposed by the memoryview object."""
    def cast(self, /, format, shape=MISSING):
        """Cast a memoryview to a new format or shape."""
    def toreadonly(self, /):
        """Return a readonly version of the memoryview."""
    def tolist(self, /):
        """Return the data in the buffer as a list of elements."""
    def tobytes(self, /, order=None):
        """The data as bytes, in C or Fortran order; 'A' keeps the order that it has."""
    def hex(self, /, sep=MISSING, bytes_per_sep: i32 = 1):
        """Return the data in the buffer as a str of hexadecimal numbers."""
    def count(self, value, /):
        """Count the number of occurrences of a value."""
    def index(self, value, start=0, stop=9223372036854775807, /):
        """Return the index of the first occurrence of a value.

        Raises ValueError if the value is not present."""
    @property
    def obj(self):
        """The underlying object of the memoryview."""
    @property
    def nbytes(self):
        """How many bytes the array would fill without gaps."""
    @property
    def readonly(self):
        """Whether the memory is read only."""
    @property
    def itemsize(self):
        """The size of an item in bytes."""
    @property
    def format(self):
        """The format of an item, as the struct module writes it."""
    @property
    def ndim(self):
        """The number of dimensions."""
    @property
    def shape(self):
        """The length of each dimension."""
    @property
    def strides(self):
        """The bytes from one item to the next in each dimension."""
    @property
    def suboffsets(self):
        """Offsets of pointers to follow; none for arrays without them."""
    @property
    def c_contiguous(self):
        """Whether the items lie in C order without gaps."""
    @property
    def f_contiguous(self):
        """Whether the items lie in Fortran order without gaps."""
    @property
    def contiguous(self):
        """Whether the items lie in either order without gaps."""
    __class_getitem__ = generic_alias
