"""The type of closure cells."""
not_a_module()


@layout("Cell", type="PyCell_Type", flags="gc", fields="content")
class cell(object):
    """Create a new cell object.

      contents
        the contents of the cell. If not specified, the cell will be empty,
        and further attempts to access its cell_contents attribute will
        raise a ValueError.
    """

    def __new__(cls, contents=MISSING, /): ...
    def __repr__(self, /): ...
    def __richcompare__(self, other, op): ...

    @property
    def cell_contents(self): ...
    @cell_contents.setter
    def cell_contents(self, value): ...

    __hash__ = None
