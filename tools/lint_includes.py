#!/usr/bin/env python3
"""Rejects an #include that points upward in the folder order of src/folders.txt.

A folder of src/ may include itself and folders on earlier lines. Includes of our own headers
are written from src/: "folder/file.h".
"""
import re
import sys
from pathlib import Path

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.MULTILINE)


def folder_of(path, folders):
    """The longest folder of the list that holds path, or None."""
    best = None
    for folder in folders:
        if path.startswith(folder + '/') and (best is None or len(folder) > len(best)):
            best = folder
    return best


def check(root):
    """Lines `FILE:LINE: what is wrong`."""
    source = root / 'src'
    folders = [line.strip() for line in (source / 'folders.txt').read_text().split('\n')
               if line and not line.startswith('#')]
    rank = {folder: number for number, folder in enumerate(folders)}
    wrong = []
    for path in sorted(source.rglob('*')):
        if path.suffix not in ('.h', '.cpp', '.c', '.def', '.inc'):
            continue
        name = str(path.relative_to(source))
        own = folder_of(name, folders)
        if own is None:
            wrong.append(f'src/{name}:1: its folder is not in src/folders.txt')
            continue
        text = path.read_text(errors='replace')
        for found in INCLUDE.finditer(text):
            line = text.count('\n', 0, found.start()) + 1
            target = folder_of(found[1], folders)
            if target is None:
                wrong.append(f'src/{name}:{line}: "{found[1]}" is not written from src/')
            elif rank[target] > rank[own]:
                wrong.append(f'src/{name}:{line}: {own} may not include {target} ("{found[1]}")')
    return wrong


if __name__ == '__main__':
    lines = check(Path(__file__).resolve().parents[1])
    print('\n'.join(lines), end='\n' if lines else '')
    sys.exit(1 if lines else 0)
