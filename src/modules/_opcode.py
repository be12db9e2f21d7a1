"""Opcode support module."""


def instructions():
    """Return a tuple of (name, size, operand kinds, effects, documentation) for each opcode.

    The kinds are those of the operands A, B, C, D and X.
    """

def stack_effect(opcode: i32, oparg=None, /, *, jump=None) -> int:
    """Compute the stack effect of the opcode: 0, as instructions use registers."""

def is_valid(opcode: i32) -> bool:
    """Return True if opcode is valid, False otherwise."""

def has_arg(opcode: i32) -> bool:
    """Return True if the opcode uses its oparg, False otherwise."""

def has_const(opcode: i32) -> bool:
    """Return True if the opcode accesses a constant, False otherwise."""

def has_name(opcode: i32) -> bool:
    """Return True if the opcode accesses an attribute by name, False otherwise."""

def has_jump(opcode: i32) -> bool:
    """Return True if the opcode has a jump target, False otherwise."""

def has_free(opcode: i32) -> bool:
    """Return True if the opcode accesses a free variable, False otherwise.

    A free variable here is one of the current scope that inner scopes refer to,
    or one of an outer scope that this scope refers to; globals and builtins are not.
    """

def has_local(opcode: i32) -> bool:
    """Return True if the opcode names a local variable, False otherwise."""

def has_exc(opcode: i32) -> bool:
    """Return True if the opcode sets an exception handler, False otherwise."""

def get_specialization_stats():
    """Return the specialization stats"""

def get_executor(code, offset: i32):
    """Return the executor object at offset in code if exists, None otherwise."""

def get_special_method_names():
    """Return a list of special method names."""

def __exec__(module): ...
