"""Disassembler of dxpy's bytecode.

The interface is that of CPython's module. The instructions are dxpy's own: they work on registers
and are 4, 8 or 12 bytes long. Each has up to five operands, which Instruction.operands lists;
`arg` and `argval` are the one that says most (a name, a constant, a jump's target, a number, else
the first register), and `argrepr` shows them all. Registers appear by the names of variables, the
others as t0, t1, ...; `!` marks an operand that the instruction uses up.
"""

import collections
import io
import sys
import types

import _opcode
from _opcode_metadata import _kinds, _sizes
from opcode import *
from opcode import __all__ as _opcodes_all
from opcode import _common_constants, _special_method_names

__all__ = ["code_info", "dis", "disassemble", "distb", "disco",
           "findlinestarts", "findlabels", "show_code",
           "get_instructions", "Instruction", "Bytecode"] + _opcodes_all
del _opcodes_all

# inspect makes its CO_* constants of these.
COMPILER_FLAG_NAMES = {
    0x1: "OPTIMIZED",
    0x2: "NEWLOCALS",
    0x4: "VARARGS",
    0x8: "VARKEYWORDS",
    0x10: "NESTED",
    0x20: "GENERATOR",
    0x40: "NOFREE",
    0x80: "COROUTINE",
    0x100: "ITERABLE_COROUTINE",
    0x200: "ASYNC_GENERATOR",
    0x4000000: "HAS_DOCSTRING",
    0x8000000: "METHOD",
}

FUNCTION_ATTR_FLAGS = ('defaults', 'kwdefaults', 'annotations', 'closure', 'annotate')

_have_code = (types.MethodType, types.FunctionType, types.CodeType,
              classmethod, staticmethod, type)

_OPNAME_WIDTH = 20
_OPARG_WIDTH = 5
_NO_LINENO = '  --'


class _Unknown:
    def __repr__(self):
        return "<unknown>"


# The value of an operand that only the code object could tell.
UNKNOWN = _Unknown()


# ---- instructions ----

Positions = collections.namedtuple(
    'Positions', ['lineno', 'end_lineno', 'col_offset', 'end_col_offset'], defaults=[None] * 4)

Operand = collections.namedtuple('Operand', ['kind', 'value'])
Operand.kind.__doc__ = "What the operand is: a kind of opcodes.def"
Operand.value.__doc__ = "Its number, signed where the kind is"

_REGISTERS = frozenset(('Dst', 'Reg', 'Opt', 'Win', 'Run', 'Out'))
_KILLABLE = frozenset(('Reg', 'Opt'))
_RUNS = frozenset(('Win', 'Run', 'Out'))
_CONSTANTS = frozenset(('Const', 'Const32', 'Code'))
_NAMES = frozenset(('Name', 'Name32'))
_JUMPS = frozenset(('Jump', 'Jump32'))
_NUMBERS = frozenset(('Imm', 'Int', 'Imm32'))
_PAIRS = frozenset(('Const32', 'Imm32', 'Jump32', 'Name32'))

_VARIABLES = frozenset(hasfree) | frozenset(haslocal)


def _signed(value, bits):
    return value - (1 << bits) if value >> (bits - 1) else value


def _size_of(op):
    return _sizes[op] if op < len(_sizes) else 4


def _decode(code, offset):
    """The operands of the instruction at offset, in the order A, B, C, D, X."""
    op = code[offset]
    if op >= len(_kinds):
        return ()
    raw = bytes(code[offset:offset + _sizes[op]]).ljust(12, b'\0')
    a = int.from_bytes(raw[2:4], 'little')
    b = int.from_bytes(raw[4:6], 'little')
    c = int.from_bytes(raw[6:8], 'little')
    bc = int.from_bytes(raw[4:8], 'little')
    d = int.from_bytes(raw[8:12], 'little')
    operands = []
    for kind, value in zip(_kinds[op], (a, bc if _kinds[op][1] in _PAIRS else b, c, d, raw[1])):
        if kind == 'None' or kind == 'Slot':
            continue
        if kind in _JUMPS or kind == 'Imm32':
            value = _signed(value, 32)
        elif kind == 'Int':
            value = _signed(value, 16)
        operands.append(Operand(kind, value))
    return tuple(operands)


def _register_of(operand):
    return operand.value & ~_opcode.KILL_BIT if operand.kind in _KILLABLE else operand.value


def _main_operand(op, operands):
    """The operand that `arg` stands for, or None."""
    if op in _VARIABLES:
        # The register that holds the variable: the cell, or the local itself.
        index = 1 if op in (_LOAD_CELL, _LOAD_FROM_DICT_OR_CELL) else 0
        if op == _LOAD_FROM_DICT_OR_CELL:
            index = 2
        return operands[index] if index < len(operands) else None
    for kinds in (_NAMES, _CONSTANTS, _JUMPS, _NUMBERS, _REGISTERS):
        for operand in operands:
            if operand.kind in kinds:
                return operand
    return None


_LOAD_CELL = opmap['LOAD_CELL']
_LOAD_FROM_DICT_OR_CELL = opmap['LOAD_FROM_DICT_OR_CELL']


_InstructionBase = collections.namedtuple(
    '_Instruction',
    ['opname', 'opcode', 'arg', 'argval', 'argrepr', 'offset', 'start_offset', 'starts_line',
     'line_number', 'label', 'positions', 'cache_info', 'operands'],
    defaults=[None, None, None, ()])

_InstructionBase.opname.__doc__ = "Name of the operation"
_InstructionBase.opcode.__doc__ = "Number of the operation"
_InstructionBase.arg.__doc__ = "Number of the main operand, or None"
_InstructionBase.argval.__doc__ = "What the main operand stands for, if known; else as arg"
_InstructionBase.argrepr.__doc__ = "All operands as text"
_InstructionBase.offset.__doc__ = "Where the instruction begins within the bytecode"
_InstructionBase.start_offset.__doc__ = "As offset: nothing belongs to an instruction before it"
_InstructionBase.starts_line.__doc__ = "True if a source line starts here"
_InstructionBase.line_number.__doc__ = "Source line of the instruction, or None"
_InstructionBase.label.__doc__ = "Number of the label (> 0) that jumps here use, or None"
_InstructionBase.positions.__doc__ = "dis.Positions of the source that the instruction is for"
_InstructionBase.cache_info.__doc__ = "None: instructions have no cache entries"
_InstructionBase.operands.__doc__ = "All operands, (kind, value) pairs in the order A, B, C, D, X"


class Instruction(_InstructionBase):
    """One instruction: a named tuple of opname, opcode, arg, argval, argrepr, offset,
    start_offset, starts_line, line_number, label, positions, cache_info and operands."""

    @staticmethod
    def make(opname, arg, argval, argrepr, offset, start_offset, starts_line,
             line_number, label=None, positions=None, cache_info=None):
        return Instruction(opname, opmap[opname], arg, argval, argrepr, offset, start_offset,
                           starts_line, line_number, label, positions, cache_info)

    @property
    def oparg(self):
        """Alias for Instruction.arg."""
        return self.arg

    @property
    def baseopcode(self):
        """The opcode: there are no specialized ones."""
        return self.opcode

    @property
    def baseopname(self):
        """The operation's name: there are no specialized ones."""
        return self.opname

    @property
    def cache_offset(self):
        """Where the instruction ends; no cache entries follow it."""
        return self.offset + _size_of(self.opcode)

    @property
    def end_offset(self):
        """Where the next instruction begins."""
        return self.offset + _size_of(self.opcode)

    @property
    def jump_target(self):
        """Offset of the jump's target, or None if this is no jump."""
        if self.opcode in hasjump and self.arg is not None:
            return self.offset + self.arg
        return None

    @property
    def is_jump_target(self):
        """True if other code jumps here."""
        return self.label is not None

    def __str__(self):
        output = io.StringIO()
        Formatter(file=output).print_instruction(self, False)
        return output.getvalue()


def _unpack_opargs(code):
    """(offset, offset, opcode, arg) of each instruction in bytes."""
    offset = 0
    while offset < len(code):
        op = code[offset]
        operands = _decode(code, offset)
        main = _main_operand(op, operands)
        yield offset, offset, op, None if main is None else _register_of(main)
        offset += _size_of(op)


def findlabels(code):
    """List the offsets in bytecode that jumps lead to."""
    labels = []
    for offset, _, op, arg in _unpack_opargs(code):
        if op in hasjump and offset + arg not in labels:
            labels.append(offset + arg)
    return labels


def findlinestarts(code):
    """Yield (offset, line) where the line changes; the line may be None."""
    last = False  # a line is never False
    for start, _, line in code.co_lines():
        if line is not last:
            last = line
            yield start, line


# ---- what operands stand for ----

_X_NAMES = {
    'CHECK_BOUND': ('', 'restored later'),
    'IS_OP': ('is', 'is not'),
    'CONTAINS_OP': ('in', 'not in'),
    'JUMP_IN': ('unless in', 'if in'),
    'JUMP_IS': ('unless is', 'if is'),
    'LOAD_CELL': ('', 'free'),
    'DELETE_CELL': ('', 'free'),
    'LOAD_COMMON': tuple(c.__name__ for c in _common_constants),
    'LOAD_SPECIAL': tuple(_special_method_names),
    'RAISE_VARARGS': ('again', '', 'from'),
    'RESUME': ('start', 'after yield', 'after await'),
    'SET_FUNCTION_ATTR': FUNCTION_ATTR_FLAGS,
    'CALL_KW': ('', 'method'),
}
for _name in ('LT', 'LE', 'EQ', 'NE', 'GT', 'GE'):
    _X_NAMES['JUMP_' + _name] = _X_NAMES[f'JUMP_{_name}_INT'] = ('if false', 'if true')
for _name in ('ADD', 'SUB', 'MUL', 'MAT_MUL', 'TRUE_DIV', 'FLOOR_DIV', 'MOD', 'POW', 'LSHIFT',
              'RSHIFT', 'AND', 'OR', 'XOR', 'ADD_INT', 'SUB_INT'):
    _X_NAMES[_name] = ('', 'in place')
_X_NAMES = {opmap[_name]: _values for _name, _values in _X_NAMES.items()}
_CONVERSIONS = {opmap['FORMAT_VALUE'], opmap['BUILD_INTERPOLATION']}


class ArgResolver:
    """Tells what operands stand for, as far as the code object's tables are given."""

    def __init__(self, co_consts=None, names=None, varname_from_oparg=None, labels_map=None):
        self.co_consts = co_consts
        self.names = names
        self.varname_from_oparg = varname_from_oparg
        self.labels_map = labels_map or {}
        self._locals = None

    def _local_names(self):
        """The names of the first registers."""
        if self._locals is None:
            self._locals = []
            if self.varname_from_oparg is not None:
                try:
                    while True:
                        self._locals.append(self.varname_from_oparg(len(self._locals)))
                except IndexError:
                    pass
        return self._locals

    def get_label_for_offset(self, offset):
        return self.labels_map.get(offset, None)

    def offset_from_jump_arg(self, op, arg, offset):
        return offset + arg if op in hasjump else None

    def _register(self, number):
        names = self._local_names()
        if number < len(names):
            return names[number]
        return f"r{number}" if self.varname_from_oparg is None else f"t{number - len(names)}"

    def _constant(self, number):
        """A constant's number within co_consts, and the constant; all names come before them."""
        if self.names is None or self.co_consts is None:
            return number, UNKNOWN
        index = number - len(self.names) - len(self._local_names())
        if 0 <= index < len(self.co_consts):
            return index, self.co_consts[index]
        return index, UNKNOWN

    def _name(self, number):
        if self.names is None:
            return UNKNOWN
        if number < len(self.names):
            return self.names[number]
        # The names of the registers come after them.
        index = number - len(self.names)
        names = self._local_names()
        return names[index] if 0 <= index < len(names) else UNKNOWN

    def _text(self, op, operand, offset, is_x):
        kind, value = operand
        if kind in _REGISTERS:
            if kind == 'Opt' and value == _opcode.NO_REGISTER:
                return '-'
            text = self._register(_register_of(operand))
            if kind in _RUNS:
                return text + '..'
            return text + '!' if kind in _KILLABLE and value & _opcode.KILL_BIT else text
        if kind in _CONSTANTS:
            constant = self._constant(value)[1]
            return f"constant {value}" if constant is UNKNOWN else repr(constant)
        if kind in _NAMES:
            name = self._name(value)
            return f"name {value}" if name is UNKNOWN else name
        if kind in _JUMPS:
            label = self.get_label_for_offset(offset + value)
            return f"to {offset + value}" if label is None else f"to L{label}"
        if is_x:
            names = _X_NAMES.get(op)
            if names is not None and value < len(names):
                return names[value]
            if op in _CONVERSIONS:
                return '!' + chr(value) if value else ''
        return f"#{value}"

    def get_arg_argval_argrepr(self, op, operands, offset):
        """The fields arg, argval and argrepr for an instruction's operands."""
        main = _main_operand(op, operands)
        if main is None:
            return None, None, ''
        arg = argval = _register_of(main)
        if main.kind in _CONSTANTS:
            arg, argval = self._constant(main.value)
        elif main.kind in _NAMES:
            argval = self._name(main.value)
        elif main.kind in _JUMPS:
            argval = offset + main.value
        elif main.kind in _REGISTERS:
            argval = self._register(arg)
        has_x = op < len(_kinds) and _kinds[op][4] != 'None'
        # A variable's name is that of its register.
        texts = [self._text(op, operand, offset, has_x and i == len(operands) - 1)
                 for i, operand in enumerate(operands)
                 if not (op in _VARIABLES and operand.kind in _NAMES)]
        return arg, argval, ', '.join(filter(None, texts))

    def get_argval_argrepr(self, op, arg, offset):
        return self.get_arg_argval_argrepr(op, arg, offset)[1:]


def _get_instructions_bytes(code, linestarts=None, line_offset=0, co_positions=None,
                            original_code=None, arg_resolver=None):
    """Yield the instructions in bytes."""
    positions = list(co_positions or ())
    resolver = arg_resolver or ArgResolver()
    code = original_code or code
    line = None
    offset = 0
    while offset < len(code):
        op = code[offset]
        starts_line = linestarts is not None and offset in linestarts
        if starts_line:
            line = linestarts[offset]
        operands = _decode(code, offset)
        arg, argval, argrepr = resolver.get_arg_argval_argrepr(op, operands, offset)
        position = Positions(*positions[offset // 2]) if offset // 2 < len(positions) else Positions()
        yield Instruction(opname[op] if op < len(opname) else f"<{op}>", op, arg, argval, argrepr,
                          offset, offset, starts_line, None if line is None else line + line_offset,
                          resolver.get_label_for_offset(offset), position, None, operands)
        offset += _size_of(op)


def get_instructions(x, *, first_line=None, show_caches=None, adaptive=False):
    """Yield the instructions of a function, method, code object or source text.

    *first_line* is the line to report for the first one, instead of the one it has.
    """
    co = _get_code_object(x)
    line_offset = 0 if first_line is None else first_line - co.co_firstlineno
    return _instructions_of(co, _make_labels_map(co.co_code), line_offset)


def _instructions_of(co, labels_map, line_offset=0):
    return _get_instructions_bytes(
        co.co_code, linestarts=dict(findlinestarts(co)), line_offset=line_offset,
        co_positions=co.co_positions(),
        arg_resolver=ArgResolver(co.co_consts, co.co_names, co._varname_from_oparg, labels_map))


# ---- the exception table ----

_ExceptionTableEntryBase = collections.namedtuple(
    "_ExceptionTableEntryBase", "start end target depth lasti")


class _ExceptionTableEntry(_ExceptionTableEntryBase):
    pass


def _parse_varint(iterator):
    byte = next(iterator)
    value = byte & 63
    while byte & 64:
        byte = next(iterator)
        value = value << 6 | byte & 63
    return value


def _parse_exception_table(code):
    """Entries of (start, end, target, depth, lasti); depth is the first temporary that is given
    up, which then holds the exception."""
    iterator = iter(code.co_exceptiontable)
    entries = []
    try:
        while True:
            start = _parse_varint(iterator) * 2
            length = _parse_varint(iterator) * 2
            target = _parse_varint(iterator) * 2
            depth = _parse_varint(iterator)
            entries.append(_ExceptionTableEntry(start, start + length, target, depth >> 1,
                                                bool(depth & 1)))
    except StopIteration:
        return entries


def _make_labels_map(original_code, exception_entries=()):
    """Number the offsets that jumps and the exception table refer to."""
    places = set(findlabels(original_code))
    for entry in exception_entries:
        places |= {entry.start, entry.end, entry.target}
    labels = {offset: number for number, offset in enumerate(sorted(places), 1)}
    for entry in exception_entries:
        entry.start_label = labels[entry.start]
        entry.end_label = labels[entry.end]
        entry.target_label = labels[entry.target]
    return labels


# ---- code objects of things ----

def _try_compile(source, name):
    """Source as an expression if it is one, else as a program."""
    try:
        return compile(source, name, 'eval')
    except SyntaxError:
        return compile(source, name, 'exec')


def _code_of(x):
    """What *x* runs: the code of a method, function, generator or coroutine; else *x*."""
    x = getattr(x, '__func__', x)
    for attribute in ('__code__', 'gi_code', 'ag_code', 'cr_code'):
        if hasattr(x, attribute):
            return getattr(x, attribute)
    return x


def _cannot_disassemble(x):
    return TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def _get_code_object(x):
    code = _code_of(x)
    if isinstance(code, str):
        code = _try_compile(code, "<disassembly>")
    if hasattr(code, 'co_code'):
        return code
    raise _cannot_disassemble(code)


def pretty_flags(flags):
    """Text for the flags of a code object."""
    names = [COMPILER_FLAG_NAMES.get(1 << i, hex(1 << i)) for i in range(32) if flags & 1 << i]
    rest = flags & ~0xFFFFFFFF
    if rest or not names:
        names.append(hex(rest))
    return ", ".join(names)


def code_info(x):
    """Details of a function, method, code object or source text, one a line."""
    return _format_code_info(_get_code_object(x))


def _format_code_info(co):
    heads = (("Name:", co.co_name), ("Filename:", co.co_filename),
             ("Argument count:", co.co_argcount),
             ("Positional-only arguments:", co.co_posonlyargcount),
             ("Kw-only arguments:", co.co_kwonlyargcount),
             ("Number of locals:", co.co_nlocals), ("Stack size:", co.co_stacksize),
             ("Flags:", pretty_flags(co.co_flags)))
    lines = [f"{head:<18} {value}" for head, value in heads]
    for head, items in (("Constants:", map(repr, co.co_consts)), ("Names:", co.co_names),
                        ("Variable names:", co.co_varnames), ("Free variables:", co.co_freevars),
                        ("Cell variables:", co.co_cellvars)):
        rows = [f"{number:4d}: {item}" for number, item in enumerate(items)]
        if rows:
            lines += [head, *rows]
    return "\n".join(lines)


def show_code(co, *, file=None):
    """Print details of a function, method or code object to *file* (default: stdout)."""
    print(code_info(co), file=file)


# ---- text ----

class Formatter:
    """Prints instructions.

    *lineno_width*, *offset_width* and *label_width* are the widths of columns, 0 for none (the
    first holds whole positions if *show_positions* is true).
    """

    def __init__(self, file=None, lineno_width=0, offset_width=0, label_width=0,
                 line_offset=0, show_caches=False, *, show_positions=False):
        self.file = file
        self.lineno_width = lineno_width
        self.offset_width = offset_width
        self.label_width = label_width
        self.show_caches = show_caches
        self.show_positions = show_positions

    def print_instruction(self, instr, mark_as_current=False):
        self.print_instruction_line(instr, mark_as_current)

    def _source_column(self, instr):
        if self.show_positions:
            if not instr.positions:
                text = ''
            elif all(part is None for part in instr.positions):
                text = _NO_LINENO
            else:
                line, end_line, col, end_col = ('?' if part is None else part
                                                for part in instr.positions)
                text = f"{line}:{col}-{end_line}:{end_col}"
            return f"{text:{self.lineno_width}}"
        if not instr.starts_line:
            return ' ' * self.lineno_width
        text = _NO_LINENO if instr.line_number is None else instr.line_number
        return f"{text:>{self.lineno_width}}"

    def print_instruction_line(self, instr, mark_as_current):
        if self.lineno_width and instr.starts_line and instr.offset > 0:
            print(file=self.file)
        fields = []
        if self.lineno_width:
            fields.append(self._source_column(instr))
        label = '' if instr.label is None else f"L{instr.label}:"
        fields.append(f"{label:>{self.label_width}}")
        if self.offset_width:
            fields.append(f"{instr.offset:>{self.offset_width}}  ")
        fields.append('-->' if mark_as_current else '   ')
        fields.append(instr.opname.ljust(_OPNAME_WIDTH))
        if instr.operands:
            fields.append(instr.argrepr)
        elif instr.arg is not None:
            width = _OPARG_WIDTH - max(0, len(instr.opname) - _OPNAME_WIDTH)
            fields.append(repr(instr.arg).rjust(width))
            if instr.argrepr:
                fields.append('(' + instr.argrepr + ')')
        print(' '.join(fields).rstrip(), file=self.file)

    def print_exception_table(self, exception_entries):
        if exception_entries:
            print("ExceptionTable:", file=self.file)
        for entry in exception_entries:
            lasti = " lasti" if entry.lasti else ""
            print(f"  L{entry.start_label} to L{entry.end_label} -> L{entry.target_label} "
                  f"[{entry.depth}]{lasti}", file=self.file)


def _get_lineno_width(linestarts):
    if linestarts is None:
        return 0
    largest = max((line for line in linestarts.values() if line is not None), default=-1)
    if largest == -1:
        return 0
    width = max(3, len(str(largest)))
    return max(width, len(_NO_LINENO)) if None in linestarts.values() else width


def _get_positions_width(code):
    widest = -1
    for position in code.co_positions():
        if any(part is not None for part in position):
            widest = max(widest, sum(1 if part is None else len(str(part)) for part in position))
    return 0 if widest < 0 else 1 + max(len(_NO_LINENO), 3 + widest)


def _offset_width(code, show_offsets):
    return len(str(max(len(code) - 2, 9999))) if show_offsets else 0


def disassemble(co, lasti=-1, *, file=None, show_caches=False, adaptive=False,
                show_offsets=False, show_positions=False):
    """Print the instructions of a code object; the one at *lasti* is marked."""
    _disassemble_code(co, lasti, 0, file, show_offsets, show_positions)


disco = disassemble


def _disassemble_code(co, lasti, line_offset, file, show_offsets, show_positions):
    entries = _parse_exception_table(co)
    labels_map = _make_labels_map(co.co_code, entries)
    width = (_get_positions_width(co) if show_positions
             else _get_lineno_width(dict(findlinestarts(co))))
    formatter = Formatter(file=file, lineno_width=width,
                          offset_width=_offset_width(co.co_code, show_offsets),
                          label_width=4 + len(str(len(labels_map))),
                          show_positions=show_positions)
    print_instructions(_instructions_of(co, labels_map, line_offset), entries, formatter, lasti)


def print_instructions(instrs, exception_entries, formatter, lasti=-1):
    for instr in instrs:
        formatter.print_instruction(instr, instr.offset <= lasti < instr.end_offset)
    formatter.print_exception_table(exception_entries)


def _disassemble_recursive(co, *, file=None, depth=None, **options):
    disassemble(co, file=file, **options)
    if depth is not None:
        if depth <= 0:
            return
        depth -= 1
    for constant in co.co_consts:
        if hasattr(constant, 'co_code'):
            print(file=file)
            print(f"Disassembly of {constant!r}:", file=file)
            _disassemble_recursive(constant, file=file, depth=depth, **options)


def _disassemble_str(source, **options):
    _disassemble_recursive(_try_compile(source, '<dis>'), **options)


def _disassemble_bytes(code, lasti=-1, *, file=None, show_offsets=False):
    """Print instructions whose code object is not known."""
    labels_map = _make_labels_map(code)
    formatter = Formatter(file=file, offset_width=_offset_width(code, show_offsets),
                          label_width=4 + len(str(len(labels_map))))
    instrs = _get_instructions_bytes(code, arg_resolver=ArgResolver(labels_map=labels_map))
    print_instructions(instrs, (), formatter, lasti)


def dis(x=None, *, file=None, depth=None, show_caches=False, adaptive=False,
        show_offsets=False, show_positions=False):
    """Print the instructions of a class, module, function, method, generator, coroutine, code
    object, source text or bytes of code; without an argument, of the last traceback.

    Nested functions follow, down to *depth* levels.
    """
    options = dict(show_caches=show_caches, adaptive=adaptive, show_offsets=show_offsets,
                   show_positions=show_positions)
    if x is None:
        distb(file=file, **options)
        return
    x = _code_of(x)
    if hasattr(x, '__dict__'):
        for name, member in sorted(x.__dict__.items()):
            if isinstance(member, _have_code):
                print(f"Disassembly of {name}:", file=file)
                try:
                    dis(member, file=file, depth=depth, **options)
                except TypeError as error:
                    print("Sorry:", error, file=file)
                print(file=file)
    elif hasattr(x, 'co_code'):
        _disassemble_recursive(x, file=file, depth=depth, **options)
    elif isinstance(x, (bytes, bytearray)):
        _disassemble_bytes(x, file=file, show_offsets=show_offsets)
    elif isinstance(x, str):
        _disassemble_str(x, file=file, depth=depth, **options)
    else:
        raise _cannot_disassemble(x)


def distb(tb=None, *, file=None, show_caches=False, adaptive=False,
          show_offsets=False, show_positions=False):
    """Print the instructions where a traceback ends (default: the last traceback's)."""
    if tb is None:
        try:
            tb = (sys.last_exc.__traceback__ if hasattr(sys, 'last_exc')
                  else sys.last_traceback)
        except AttributeError:
            raise RuntimeError("no last traceback to disassemble") from None
        while tb.tb_next:
            tb = tb.tb_next
    disassemble(tb.tb_frame.f_code, tb.tb_lasti, file=file, show_caches=show_caches,
                adaptive=adaptive, show_offsets=show_offsets, show_positions=show_positions)


class Bytecode:
    """The instructions of a function, method, generator, coroutine, code object or source text.

    Iterating over it yields them.
    """

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False,
                 adaptive=False, show_offsets=False, show_positions=False):
        self.codeobj = co = _get_code_object(x)
        self.first_line = co.co_firstlineno if first_line is None else first_line
        self._line_offset = self.first_line - co.co_firstlineno
        self._linestarts = dict(findlinestarts(co))
        self._original_object = x
        self.current_offset = current_offset
        self.exception_entries = _parse_exception_table(co)
        self.show_caches = show_caches
        self.adaptive = adaptive
        self.show_offsets = show_offsets
        self.show_positions = show_positions

    def __iter__(self):
        labels_map = _make_labels_map(self.codeobj.co_code, self.exception_entries)
        return _instructions_of(self.codeobj, labels_map, self._line_offset)

    def __repr__(self):
        return f"{type(self).__name__}({self._original_object!r})"

    @classmethod
    def from_traceback(cls, tb, *, show_caches=False, adaptive=False):
        """The code where a traceback ends, with the instruction that was running."""
        while tb.tb_next:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti, show_caches=show_caches,
                   adaptive=adaptive)

    def info(self):
        """Details of the code object as text."""
        return _format_code_info(self.codeobj)

    def dis(self):
        """The instructions as text."""
        offset = -1 if self.current_offset is None else self.current_offset
        output = io.StringIO()
        _disassemble_code(self.codeobj, offset, self._line_offset, output, self.show_offsets,
                          self.show_positions)
        return output.getvalue()


# ---- what modulefinder asks ----

def _find_imports(co):
    """Yield (name, level, fromlist) of the import statements in a code object."""
    loaded = {}
    resolver = ArgResolver(co.co_consts, co.co_names, co._varname_from_oparg)
    for instr in _get_instructions_bytes(co.co_code, arg_resolver=resolver):
        if instr.opname in ('LOAD_CONST', 'LOAD_NONE'):
            loaded[instr.operands[0].value] = instr.argval if instr.opname == 'LOAD_CONST' else None
        elif instr.opname == 'IMPORT_NAME':
            _, fromlist, level, _ = instr.operands
            yield instr.argval, level.value, loaded.get(_register_of(fromlist))


def _find_store_names(co):
    """Yield the names of the variables that a code object stores."""
    for _, _, op, arg in _unpack_opargs(co.co_code):
        if opname[op] in ('STORE_NAME', 'STORE_GLOBAL'):
            yield co.co_names[arg]


def main(args=None):
    import argparse

    parser = argparse.ArgumentParser(color=True)
    parser.add_argument('-C', '--show-caches', action='store_true',
                        help='show inline caches (there are none)')
    parser.add_argument('-O', '--show-offsets', action='store_true',
                        help='show instruction offsets')
    parser.add_argument('-P', '--show-positions', action='store_true',
                        help='show instruction positions')
    parser.add_argument('-S', '--specialized', action='store_true',
                        help='show specialized bytecode (there is none)')
    parser.add_argument('infile', nargs='?', default='-')
    args = parser.parse_args(args=args)
    if args.infile == '-':
        name, source = '<stdin>', sys.stdin.buffer.read()
    else:
        name = args.infile
        with open(args.infile, 'rb') as infile:
            source = infile.read()
    dis(compile(source, name, "exec"), show_offsets=args.show_offsets,
        show_positions=args.show_positions)


if __name__ == "__main__":
    main()
