"""Waiting for input and output on many descriptors."""
include("modules/select_objects.h")


@layout("PollSet", type="DxPoll_Type", flags="disallow", prefix="pollset", name="poll", module="select", lifetime="own", export=False)
class poll_object(object):
    def register(self, fd, eventmask=7, /) -> None:
        """Register a file descriptor, or change what it is registered for."""
    def modify(self, fd, eventmask, /) -> None:
        """Change what a registered descriptor is polled for."""
    def unregister(self, fd, /) -> None:
        """Stop polling the descriptor."""
    def poll(self, timeout=None, /):
        """The descriptors that have events, as a list of (fd, event) pairs."""


@layout("Epoll", type="epollType", module="select", lifetime="own", prefix="epoll")
class epoll(object):
    """select.epoll(sizehint=-1, flags=0)

    Returns an epolling object

    sizehint must be a positive integer or -1 for the default size. It does not limit the number of
    monitored events."""

    def __new__(cls, sizehint: i32 = -1, flags: i32 = 0): ...
    @classmethod
    def fromfd(cls, fd: i32, /):
        """Create an epoll object from a given control fd."""
    def close(self, /) -> None:
        """Close the epoll control file descriptor."""
    def fileno(self, /) -> int:
        """Return the epoll control file descriptor."""
    def register(self, fd, eventmask: u64 = 7) -> None:
        """Registers a new fd, or raises an OSError if the fd is already registered."""
    def modify(self, fd, eventmask: u64) -> None:
        """Modify event mask for a registered file descriptor."""
    def unregister(self, fd) -> None:
        """Remove a registered file descriptor from the epoll object."""
    def poll(self, timeout=None, maxevents: i32 = -1):
        """Wait for events on the epoll file descriptor: a list of (fd, event) pairs."""
    def __enter__(self, /): ...
    def __exit__(self, exc_type=None, exc_value=None, exc_tb=None, /) -> None: ...
    @property
    def closed(self):
        """True if the epoll handler is closed"""


def select(rlist, wlist, xlist, timeout=None, /):
    """Wait until one or more file descriptors are ready for some kind of I/O."""

def poll():
    """Returns a polling object."""

def __exec__(module): ...
