"""This module provides mechanisms to use signal handlers in Python."""


def default_int_handler(signalnum: i32, frame, /):
    """The default handler for SIGINT installed by Python."""
def alarm(seconds: i32, /) -> int:
    """Arrange for SIGALRM to arrive after the given number of seconds."""
def pause() -> None:
    """Wait until a signal arrives."""
def raise_signal(signalnum: i32, /) -> None:
    """Send a signal to the executing process."""
def signal(signalnum: i32, handler, /):
    """Set the action for the given signal."""
def strsignal(signalnum: i32, /):
    """Return the system description of the given signal."""
def siginterrupt(signalnum: i32, flag: bool, /) -> None:
    """Change system call restart behaviour."""
def getsignal(signalnum: i32, /):
    """Return the current action for the given signal."""
def set_wakeup_fd(fd: i32, /, *, warn_on_full_buffer: bool = True) -> int:
    """Sets the fd to be written to (with the signal number) when a signal comes in."""
def setitimer(which: i32, seconds: float, interval: float = 0.0, /):
    """Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF)."""
def getitimer(which: i32, /):
    """Returns current value of given itimer."""
def pthread_sigmask(how: i32, mask, /):
    """Fetch and/or change the signal mask of the calling thread."""
def pthread_kill(thread_id: u64, signalnum: i32, /) -> None:
    """Send a signal to a thread."""
def sigpending():
    """Examine pending signals."""
def sigwait(sigset, /) -> int:
    """Wait for a signal."""
def valid_signals():
    """Return a set of valid signal numbers on this platform."""
def __exec__(module): ...
