"""Waiting for input and output on many descriptors."""
include("modules/select_objects.h")


@layout("PollSet", type="DxPoll_Type", flags="disallow", prefix="pollset", name="poll", module="select", lifetime="own", export=False)
class poll_object(object):
    def register(self, fd, eventmask: i32 = 7, /) -> None:
        """Register a file descriptor, or change what it is registered for."""
    def modify(self, fd, eventmask: i32, /) -> None:
        """Change what a registered descriptor is polled for."""
    def unregister(self, fd, /) -> None:
        """Stop polling the descriptor."""
    def poll(self, timeout=None, /):
        """The descriptors that have events, as a list of (fd, event) pairs."""

def select(rlist, wlist, xlist, timeout=None, /):
    """Wait until one or more file descriptors are ready for some kind of I/O."""

def poll():
    """Returns a polling object."""

def __exec__(module): ...
