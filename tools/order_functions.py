"""Writes the list of functions that the linker puts together: what a start and common imports run.

usage: order_functions.py PROGRAM OUTPUT

The system reads a program in blocks of 16 pages; with what every start runs in one place, a process has a sixth of the
program's code in memory instead of half of it. The list needs no care: names that are gone are ignored, new functions
stand after it. It needs valgrind, and takes a minute.
"""
import os
import re
import subprocess
import sys
import tempfile

RUNS = ["pass", "import json, re, dataclasses, asyncio, argparse, unittest, typing, logging, subprocess, pathlib, random, "
                "datetime, decimal, collections"]


def addresses(program):
    """Each function's place by its name."""
    table = subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout
    return {name: int(at, 16) for at, kind, name in re.findall(r"^(\S+) ([tTwWuU]) (\S+)$", table, re.M)}


def executed(program, text):
    """The names of the functions that a program runs. Valgrind has no AVX-512: vector kernels are there with those for it."""
    with tempfile.NamedTemporaryFile("r") as profile:
        subprocess.run(["valgrind", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={profile.name}", program,
                        "-c", text], check=True, capture_output=True)
        names, run = {}, set()
        for kind, number, name in re.findall(r"^(c?fn)=\((\d+)\)(?: (.+))?$", profile.read(), re.M):
            if name:
                names[number] = re.sub(r"'\d+$", "", name)
            if kind == "fn":
                run.add(names[number])
        return run | {name.replace("6N_AVX2", other) for name in run for other in ("6N_AVX3", "9N_AVX3_DL")}


def main():
    program, output = sys.argv[1:]
    # Beside the program, which finds its library by its own place. Valgrind does not know all debug information.
    stripped = program + ".stripped"
    subprocess.run(["objcopy", "--strip-debug", program, stripped], check=True)
    try:
        place = addresses(stripped)
        listed = {}
        for text in RUNS:
            for name in sorted((n for n in executed(stripped, text) if n in place), key=place.get):
                listed.setdefault(name)
    finally:
        os.unlink(stripped)
    with open(output, "w", encoding="utf-8") as file:
        file.write("".join(name + "\n" for name in listed))


if __name__ == "__main__":
    main()
