"""Names and numbers of dxpy's opcodes, out of the runtime's own table."""

import _opcode

# Instructions that do what an instruction of CPython does are shown by that one's name, because
# programs look for it. What is one instruction with two forms there may be two opcodes here.
_FAMILIAR = {
    'Enter': 'RESUME',
    'In': 'CONTAINS_OP',
    'Is': 'IS_OP',
    'Jump': 'JUMP_FORWARD',
    'JumpBack': 'JUMP_BACKWARD',
    'LoadInt': 'LOAD_SMALL_INT',
    'Raise': 'RAISE_VARARGS',
    'Return': 'RETURN_VALUE',
    'Yield': 'YIELD_VALUE',
}
_SHOWN = {'CALL_METHOD': 'CALL', 'LOAD_METHOD': 'LOAD_ATTR'}


def _upper_name(name):
    """LoadGlobal becomes LOAD_GLOBAL."""
    parts = []
    for before, char in zip(' ' + name, name):
        if char.isupper() and (before.islower() or before.isdigit()):
            parts.append('_')
        parts.append(char.upper())
    return ''.join(parts)


_table = _opcode.instructions()

opmap = {_FAMILIAR.get(row[0]) or _upper_name(row[0]): op for op, row in enumerate(_table)}

_opname = [_SHOWN.get(name, name) for name in opmap]
_sizes = [row[1] for row in _table]
_kinds = [row[2] for row in _table]

# Instructions are not rewritten for what they see at run time.
_specializations = {}
_specialized_opmap = {}

HAVE_ARGUMENT = 1
MIN_INSTRUMENTED_OPCODE = _opcode.MIN_INSTRUMENTED_OPCODE
