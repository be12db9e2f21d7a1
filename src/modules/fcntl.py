"""This module performs file control and I/O control on file
descriptors.  It is an interface to the fcntl() and ioctl() Unix
routines.  File descriptors can be obtained with the fileno() method of
a file or socket object."""


def fcntl(fd, cmd: i32, arg=0, /):
    """Perform the operation cmd on a descriptor; arg is an int or a buffer (the result is then bytes)."""
def ioctl(fd, request: u64, arg=0, mutate_flag: bool = True, /):
    """Perform the operation request on a descriptor; a writable buffer is changed in place."""
def flock(fd, operation: i32, /) -> None:
    """Perform the lock operation on a descriptor."""
def lockf(fd, cmd: i32, len=0, start=0, whence: i32 = 0, /) -> None:
    """Lock a part of a file with fcntl()."""
def __exec__(module): ...
