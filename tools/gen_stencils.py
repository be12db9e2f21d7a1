#!/usr/bin/env python3
"""Reads the opcode bodies that were compiled as stencils and writes them as a table for the baseline compiler.

    gen_stencils.py OPCODES.def OUTPUT.cpp OBJECT...

Input: relocatable x86-64 ELF files of src/ops compiled with DX_STENCIL. Each opcode's body is a section of its own; its
relocations are the holes. Those against symbols dx_hole_* are operands and continuations
(src/ops/stencil_operands.h), the others are functions and data of the program, by their linker names, or constants in
the object's own read-only sections, which are copied. Anything else ends the build with a message.
"""
import re
import struct
import sys

FORMS = {10: 'Abs32', 11: 'Abs32Signed', 2: 'Rel32', 4: 'Rel32', 1: 'Abs64'}
SIZES = {'Abs32': 4, 'Abs32Signed': 4, 'Rel32': 4, 'Abs64': 8}
HOLES = {'reg_a': 'RegA', 'reg_b': 'RegB', 'reg_c': 'RegC', 'a': 'A', 'b': 'B', 'c': 'C', 'd': 'D', 'x': 'X',
         'bc': 'BC', 'pc': 'Pc', 'next': 'Next', 'skip': 'Skip', 'jump': 'Jump'}
# The state's types in the names of handlers: as stencils see them, and as the interpreter's are called.
STENCIL_STATE = 'EPNS_6ThreadENS_11InsnPointerEPNS_5ValueES4_PNS_12FeedbackSlotE'
HANDLER_STATE = 'EPNS_6ThreadEPKNS_8bytecode4InsnEPNS_5ValueES7_PNS_12FeedbackSlotE'
# Opcodes whose bodies are not among the stencils, and why.
WITHOUT = {name: 'code that is watched stays in the interpreter'
           for name in ('Instrumented4', 'Instrumented8', 'Instrumented12', 'InstrumentedForIter')}
SHT_RELA, SHF_WRITE, SHF_EXEC, STB_LOCAL, STT_SECTION = 4, 1, 4, 0, 3


class Elf:
    """The sections, symbols and relocations of a relocatable file."""

    def __init__(self, path):
        self.path = path
        with open(path, 'rb') as f:
            self.bytes = f.read()
        if self.bytes[:6] != b'\x7fELF\x02\x01' or struct.unpack_from('<HH', self.bytes, 16) != (1, 62):
            raise SystemExit(f'{path}: not a relocatable x86-64 file')
        table, = struct.unpack_from('<Q', self.bytes, 40)
        size, count, names = struct.unpack_from('<HHH', self.bytes, 58)
        rows = [struct.unpack_from('<IIQQQQIIQQ', self.bytes, table + i * size) for i in range(count)]
        if count == 0 or names == 0xFFFF:
            raise SystemExit(f'{path}: too many sections')
        text = rows[names][4]
        self.sections = [(self.string(text + r[0]), *r[1:]) for r in rows]
        self.symbols = []
        for _, kind, _, _, offset, length, link, *_ in self.sections:
            if kind == 2:
                strings = self.sections[link][4]
                for at in range(offset, offset + length, 24):
                    name, info, _, section, value, _ = struct.unpack_from('<IBBHQQ', self.bytes, at)
                    self.symbols.append((self.string(strings + name), info, section, value))
        self.relocations = {}
        for _, kind, _, _, offset, length, _, target, *_ in self.sections:
            if kind == SHT_RELA:
                self.relocations[target] = [
                    (place, self.symbols[info >> 32], info & 0xFFFFFFFF, addend)
                    for place, info, addend in struct.iter_unpack('<QQq', self.bytes[offset:offset + length])]

    def string(self, at):
        return self.bytes[at:self.bytes.index(b'\0', at)].decode()

    def contents(self, index):
        _, _, _, _, offset, length, *_ = self.sections[index]
        return self.bytes[offset:offset + length]


class Table:
    """Symbols that stencils refer to: of the program, or constants copied from a section."""

    def __init__(self):
        self.indices = {}
        self.declarations, self.rows = [], []

    def add(self, key, shown, declaration):
        if key not in self.indices:
            self.indices[key] = len(self.rows)
            name = f'symbol{len(self.rows)}'
            self.declarations.append(declaration(name))
            self.rows.append(f'    {{"{shown}", {name}}},')
        return self.indices[key]

    def external(self, name):
        name = name.replace(STENCIL_STATE, HANDLER_STATE)
        return self.add(name, name, lambda own: f'extern const u8 {own}[] asm("{name}");')

    def constant(self, elf, section):
        name, _, flags, *_ = elf.sections[section]
        if flags & (SHF_WRITE | SHF_EXEC) or elf.relocations.get(section):
            raise SystemExit(f'{elf.path}: a stencil refers to section {name}, which is not plain constants')
        contents = elf.contents(section)
        return self.add((name, contents), name, lambda own: f'alignas(64) static const u8 {own}[] = '
                        f'{{{", ".join(str(b) for b in contents)}}};')


def opcodes(path):
    with open(path) as f:
        return re.findall(r'^DX_OP\((\w+),', f.read(), re.MULTILINE)


def stencil(elf, section, table):
    """(code, hole rows) of one body."""
    code = elf.contents(section)
    holes = []
    for place, (name, info, home, value), kind, addend in sorted(elf.relocations.get(section, [])):
        where = f'{elf.path}: {elf.sections[section][0]}+{place:#x}'
        form = FORMS.get(kind)
        if form is None:
            raise SystemExit(f'{where}: relocation of kind {kind} against {name or "a section"}')
        if place + SIZES[form] > len(code):
            raise SystemExit(f'{where}: relocation past the end')
        symbol = 0
        if name.startswith('dx_hole_'):
            hole = HOLES.get(name[len('dx_hole_'):])
            if hole is None:
                raise SystemExit(f'{where}: unknown hole {name}')
        elif home == 0 or info >> 4 != STB_LOCAL and elf.sections[home][2] & SHF_EXEC:
            hole, symbol = 'Symbol', table.external(name)
        elif elf.sections[home][2] & SHF_EXEC:
            raise SystemExit(f'{where}: refers to {name or elf.sections[home][0]}, which nobody outside the object can '
                             'call: give the function external linkage')
        else:
            hole, symbol = 'Symbol', table.constant(elf, home)
            addend += value
        holes.append((place, hole, form, addend, symbol))
    return code, holes


def main(definitions, output, *objects):
    table, bodies = Table(), {}
    for path in objects:
        elf = Elf(path)
        for name, info, section, value in elf.symbols:
            found = re.fullmatch(r'_ZN2dx\d+op(\w+?)' + STENCIL_STATE, name)
            if found and section and value == 0:
                bodies[found[1]] = stencil(elf, section, table)
    lines, rows = [], []
    names = opcodes(definitions)
    for name in names:
        if name in WITHOUT:
            rows.append(f'    {{nullptr, nullptr, 0, 0, false, "{WITHOUT[name]}"}},')
            continue
        if name not in bodies:
            raise SystemExit(f'{output}: opcode {name} has no body in stencil mode')
        code, holes = bodies[name]
        if len(code) > 0xFFFF:
            raise SystemExit(f'{output}: the stencil of {name} has {len(code)} bytes')
        falls = bool(holes) and code[-5] == 0xE9 and holes[-1][:3] == (len(code) - 4, 'Next', 'Rel32')
        lines.append(f'const u8 code{name}[] = {{{", ".join(map(str, code))}}};')
        if holes:
            text = ', '.join(f'{{{place}, Hole::{hole}, HoleForm::{form}, {addend}, {symbol}}}'
                             for place, hole, form, addend, symbol in holes)
            lines.append(f'const StencilHole holes{name}[] = {{{text}}};')
        rows.append(f'    {{code{name}, {f"holes{name}" if holes else "nullptr"}, {len(code)}, {len(holes)}, '
                    f'{str(falls).lower()}, nullptr}},')
    extra = sorted(set(bodies) - set(names) - {'Unwind', 'ReturnValue', 'YieldValue'})
    if extra:
        raise SystemExit(f'{output}: bodies of no opcode: {", ".join(extra)}')
    with open(output, 'w') as out:
        out.write('// Made by tools/gen_stencils.py.\n#include "jit/baseline/stencil.h"\n\nnamespace dx::baseline {\n')
        out.write('\n'.join(table.declarations) + '\nnamespace {\n' + '\n'.join(lines) + '\n}  // namespace\n')
        out.write('const StencilSymbol kStencilSymbols[] = {\n' + '\n'.join(table.rows) + '\n};\n')
        out.write(f'const u32 kStencilSymbolCount = {len(table.rows)};\n')
        out.write('const Stencil kStencils[] = {\n' + '\n'.join(rows) + '\n};\n}  // namespace dx::baseline\n')


if __name__ == '__main__':
    main(*sys.argv[1:])
