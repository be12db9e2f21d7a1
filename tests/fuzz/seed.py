"""Writes the seed corpus of parse_fuzz: the programs of the unit tests' cases.

usage: seed.py FOLDER
"""

import os
import sys

MODES = {"exec": 0, "eval": 1, "single": 2, "func_type": 3}


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    cases = os.path.join(os.path.dirname(__file__), "../unit/data/parser_cases.tsv")
    with open(cases, encoding="utf-8") as file:
        for number, line in enumerate(file):
            mode, source, _ = line.rstrip("\n").split("\t")
            text = source.encode().decode("unicode_escape").encode()
            with open(os.path.join(folder, f"{number:03}"), "wb") as out:
                out.write(bytes([MODES[mode] | 128]) + text)


if __name__ == "__main__":
    main()
