"""Opcodes of dxpy's bytecode, under the names that CPython's module has."""

__all__ = ["cmp_op", "stack_effect", "hascompare", "opname", "opmap",
           "HAVE_ARGUMENT", "EXTENDED_ARG", "hasarg", "hasconst", "hasname",
           "hasjump", "hasjrel", "hasjabs", "hasfree", "haslocal", "hasexc"]

import _opcode
from _opcode import stack_effect
from _opcode_metadata import (HAVE_ARGUMENT, MIN_INSTRUMENTED_OPCODE, _opname,  # noqa: F401
                              _specializations, _specialized_opmap, opmap)

opname = list(_opname)

# A number that no instruction has: operands are as wide as they need to be.
EXTENDED_ARG = 256

cmp_op = ('<', '<=', '==', '!=', '>', '>=')
hascompare = [opmap[name] for name in ('LT', 'LE', 'EQ', 'NE', 'GT', 'GE')]

hasarg = [op for op in opmap.values() if _opcode.has_arg(op)]
hasconst = [op for op in opmap.values() if _opcode.has_const(op)]
hasname = [op for op in opmap.values() if _opcode.has_name(op)]
hasjump = [op for op in opmap.values() if _opcode.has_jump(op)]
hasjrel = hasjump
hasjabs = []
hasfree = [op for op in opmap.values() if _opcode.has_free(op)]
haslocal = [op for op in opmap.values() if _opcode.has_local(op)]
hasexc = [op for op in opmap.values() if _opcode.has_exc(op)]

_special_method_names = _opcode.get_special_method_names()
_common_constants = [AssertionError, NotImplementedError]

# No instruction is followed by cache entries.
_cache_format = {}
_inline_cache_entries = {}
