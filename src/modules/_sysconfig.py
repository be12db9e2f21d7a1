"""A helper for the sysconfig module."""


def config_vars():
    """Returns a dictionary containing build variables intended to be exposed by sysconfig."""
