"""C implementation of the Python queue module.
This module is an implementation detail, please do not use it directly."""
include("modules/queue_objects.h")


@layout("SimpleQueue", type="simpleQueueType", module="_queue", flags="gc basetype", weaklist="weakrefs")
class SimpleQueue(object):
    """Simple, unbounded, reentrant FIFO queue."""

    def __new__(cls, /): ...
    def put(self, item, block: bool = True, timeout=None) -> None:
        """Put the item on the queue; never blocks."""
    def put_nowait(self, item) -> None:
        """Put an item into the queue without blocking."""
    def get(self, block: bool = True, timeout=None):
        """Remove and return an item; wait for one when block is true, raise Empty otherwise or after timeout."""
    def get_nowait(self):
        """Remove and return an item from the queue without blocking."""
    def empty(self, /) -> bool:
        """Return True if the queue is empty, False otherwise (not reliable!)."""
    def qsize(self, /) -> int:
        """Return the approximate size of the queue (not reliable!)."""
    __class_getitem__ = generic_alias

def __exec__(module): ...
