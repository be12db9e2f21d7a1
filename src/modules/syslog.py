"""Messages to the system's log."""


def syslog(*args: raw) -> None:
    """syslog([priority=LOG_INFO,] message)
    Send the string message to the system logger."""
def openlog(ident: str | None = MISSING, logoption: i32 = 0, facility: i32 = 8) -> None:
    """Set logging options of subsequent syslog() calls."""
def closelog() -> None:
    """Reset the syslog module values and call the system library closelog()."""
def setlogmask(maskpri: i32, /) -> int:
    """Set the priority mask to maskpri and return the previous mask value."""
def LOG_MASK(pri: i32, /) -> int:
    """Calculates the mask for the individual priority pri."""
def LOG_UPTO(pri: i32, /) -> int:
    """Calculates the mask for all priorities up to and including pri."""
def __exec__(module): ...
