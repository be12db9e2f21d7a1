"""Facts about Python files: run by the interpreter under test.

usage: trees.py FOLDER < names of files below FOLDER, one a line

Prints a line for each: the name, digests of the file and of ast.dump() of its tree with all
positions, and what compile() says. Errors stand in place of what they prevented.
"""
import ast
import binascii
import sys
import warnings


def digest(data):
    return f"{len(data):x}-{binascii.crc32(data):08x}"


def told(function):
    try:
        return function()
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        text = f"{type(error).__name__} {error.args!r}"
        return f"{type(error).__name__} {digest(text.encode('utf-8', 'backslashreplace'))}"


def main():
    folder = sys.argv[1]
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        name = line.strip()
        with open(f"{folder}/{name}", "rb") as file:
            source = file.read()

        def tree():
            text = ast.dump(ast.parse(source, name), include_attributes=True)
            return digest(text.encode("utf-8", "surrogatepass"))

        def code():
            compile(source, name, "exec", dont_inherit=True)
            return "ok"

        print(name, digest(source), told(tree), told(code), sep="\t", flush=True)


if __name__ == "__main__":
    main()
