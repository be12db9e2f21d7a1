"""POSIX shared memory module"""


def shm_open(path: str, flags: i32, mode: i32 = 511) -> int:
    """Open a shared memory object.  Returns a file descriptor (integer)."""
def shm_unlink(path: str, /) -> None:
    """Remove a shared memory object (similar to unlink())."""
