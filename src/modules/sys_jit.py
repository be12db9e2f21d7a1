"""Utilities for observing just-in-time compilation."""
module("sys._jit")


def is_available() -> bool:
    """Return True if the current Python executable supports JIT compilation, and False otherwise."""
def is_enabled() -> bool:
    """Return True if JIT compilation is enabled for the current Python process (implies sys._jit.is_available()), and False otherwise."""
def is_active() -> bool:
    """Return True if the topmost Python frame is currently executing JIT code (implies sys._jit.is_enabled()), and False otherwise."""
