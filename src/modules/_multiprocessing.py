"""What the multiprocessing package needs of the system."""
include("modules/semaphore_object.h")


@layout("SemLock", type="semLockType", module="_multiprocessing", flags="basetype", lifetime="own", prefix="semlock")
class SemLock(object):
    """Semaphore/Mutex type"""

    kind = member("kind", kind="i32", readonly=True, doc="")
    maxvalue = member("maxvalue", kind="i32", readonly=True, doc="")

    def __new__(cls, kind: i32, value: i32, maxvalue: i32, name: str, unlink: bool): ...
    @property
    def handle(self): ...
    @property
    def name(self): ...
    def acquire(self, /, block: bool = True, timeout=None) -> bool:
        """Acquire the semaphore/lock."""
    def release(self, /) -> None:
        """Release the semaphore/lock."""
    @classmethod
    def _rebuild(cls, handle: i64, kind: i32, maxvalue: i32, name: str | None, /): ...
    def _count(self, /) -> int:
        """Num of `acquire()`s minus num of `release()`s for this process."""
    def _is_mine(self, /) -> bool:
        """Whether the lock is owned by this thread."""
    def _get_value(self, /) -> int:
        """Get the value of the semaphore."""
    def _is_zero(self, /) -> bool:
        """Return whether semaphore has value zero."""
    def _after_fork(self, /) -> None:
        """Rezero the net acquisition count after fork()."""
    def __enter__(self, /) -> bool:
        """Enter the semaphore/lock."""
    def __exit__(self, exc_type=None, exc_value=None, exc_tb=None, /) -> None:
        """Exit the semaphore/lock."""


def sem_unlink(name: str, /) -> None:
    """Remove a named semaphore."""
def __exec__(module): ...
