"""A POSIX helper for the subprocess module."""


def fork_exec(*args: raw):
    """Spawn a fresh new child process: fork, close and rearrange files, then exec.

    Errors of the child come back through errpipe_write as 'ExceptionName:errno:message'."""
