"""slice."""


@layout("Slice", type="PySlice_Type", flags="gc", fields="start stop step", clear=False, signature=False)
class slice(object):
    """slice(stop)
    slice(start, stop[, step])

    The bounds of an extended slice, as in a[0:10:2]."""
    def __new__(cls, *args: raw): ...
    def __repr__(self): ...
    def __hash__(self): ...
    def __richcompare__(self, other, op): ...
    def indices(self, len, /):
        """Return (start, stop, stride) of the slice for a sequence of length len.

        Out of bounds indices are clipped in a manner consistent with the handling of normal slices."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    start = member("start")
    stop = member("stop")
    step = member("step")
    __class_getitem__ = generic_alias
