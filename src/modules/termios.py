"""This module provides an interface to the Posix calls for tty I/O control.
For a complete description of these calls, see the Posix or Unix manual
pages. It is only available for those Unix versions that support Posix
termios style tty I/O control (and then only if configured at installation
time).

All functions in this module take a file descriptor fd as their first
argument. This can be an integer file descriptor, such as returned by
sys.stdin.fileno(), or a file object, such as sys.stdin itself."""


def tcgetattr(fd, /):
    """Get the tty attributes: [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]."""
def tcsetattr(fd, when: i32, attributes, /) -> None:
    """Set the tty attributes, now (TCSANOW), after output (TCSADRAIN), or also discarding input (TCSAFLUSH)."""
def tcsendbreak(fd, duration: i32, /) -> None:
    """Send a break."""
def tcdrain(fd, /) -> None:
    """Wait until all output has been transmitted."""
def tcflush(fd, queue: i32, /) -> None:
    """Discard queued data."""
def tcflow(fd, action: i32, /) -> None:
    """Suspend or resume input or output."""
def tcgetwinsize(fd, /):
    """Get the tty window size: (ws_row, ws_col)."""
def tcsetwinsize(fd, winsize, /) -> None:
    """Set the tty window size from (ws_row, ws_col)."""
def __exec__(module): ...
