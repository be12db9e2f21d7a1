"""Constants and functions to tell what a file's mode says (sys/stat.h)."""


def S_IFMT(mode, /) -> int:
    """Return the portion of the file's mode that describes the file type."""
def S_IMODE(mode, /) -> int:
    """Return the portion of the file's mode that can be set by os.chmod()."""
def S_ISDIR(mode, /) -> bool:
    """Return True if mode is from a directory."""
def S_ISCHR(mode, /) -> bool:
    """Return True if mode is from a character special device file."""
def S_ISBLK(mode, /) -> bool:
    """Return True if mode is from a block special device file."""
def S_ISREG(mode, /) -> bool:
    """Return True if mode is from a regular file."""
def S_ISFIFO(mode, /) -> bool:
    """Return True if mode is from a FIFO (named pipe)."""
def S_ISLNK(mode, /) -> bool:
    """Return True if mode is from a symbolic link."""
def S_ISSOCK(mode, /) -> bool:
    """Return True if mode is from a socket."""
def S_ISDOOR(mode, /) -> bool:
    """Return True if mode is from a door."""
def S_ISPORT(mode, /) -> bool:
    """Return True if mode is from an event port."""
def S_ISWHT(mode, /) -> bool:
    """Return True if mode is from a whiteout."""
def filemode(mode, /):
    """Convert a file's mode to a string of the form '-rwxrwxrwx'"""
def __exec__(module): ...
