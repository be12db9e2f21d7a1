"""This module provides access to the Unix password database.
It is available on all Unix versions.

Password database entries are reported as 7-tuples containing the following
items from the password database (see `<pwd.h>'), in order:
pw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell.
The uid and gid items are integers, all others are strings. An
exception is raised if the entry asked for cannot be found."""


def getpwuid(uidobj, /):
    """Return the password database entry for the given numeric user ID."""
def getpwnam(name: str, /):
    """Return the password database entry for the given user name."""
def getpwall():
    """Return a list of all available password database entries, in arbitrary order."""
def __exec__(module): ...
