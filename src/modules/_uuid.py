"""UUIDs of version 1."""


def generate_time_safe():
    """A UUID of the time and this machine: its 16 bytes, and -1 (other processes may make the same)."""
def __exec__(module): ...
