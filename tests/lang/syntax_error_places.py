"""Where SyntaxErrors say they are, what source they show, and what they suggest."""
import os
import subprocess
import sys
import tempfile
import traceback
import warnings

folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)


def error(source, name="f", mode="exec"):
    try:
        compile(source, name, mode)
    except SyntaxError as e:
        return e
    raise AssertionError(source)


# What the compiler finds has no text unless the file is there; columns count bytes.
e = error("é = 1; return 5")
assert e.args == ("'return' outside function", ("f", 1, 9, None, 1, 17)), e.args
e = error("x = 1\nglobal x")
assert e.args == ("name 'x' is assigned to before global declaration",)
assert (e.filename, e.lineno, e.offset, e.text, e.print_file_and_line) == ("f", 2, 1, None, None)
assert error("from __future__ import braces").args == ("not a chance",)
for source, line in ((b"#\r\nx = 1; return\r\n", "x = 1; return\n"),
                     (b"\xef\xbb\xbf#\nreturn 'a'", "return 'a'"),
                     (b"# coding: latin-1\nreturn '\xe4'", "return '\xe4'"),
                     (b"#\nreturn # " + b"x" * 2000, "return # " + "x" * 990)):
    with open("source.py", "wb") as file:
        file.write(source)
    assert error(source, "source.py").text == line, line

# What the parser finds shows the text that it was given.
e = error("if 1: pass\nx = 1\nif 2:\n  a b\n")
assert e.args == ("invalid syntax", ("f", 4, 5, "  a b\n", 4, 6)), e.args
assert e._metadata == (1, 0, "if 1: pass\nx = 1\nif 2:\n  a b\n"), e._metadata
assert error("return")._metadata is None

# Encodings.
assert error(b"# coding: klingon\n").args == ("unknown encoding: klingon", ("f", 0, -1, None))
assert error(b"# coding: rot13\n").msg.startswith("'rot13' is not a text encoding")
e = error(b"x = '\xff'")
assert e.msg.startswith("Non-UTF-8 code starting with '\\xff' on line 1, but no encoding declared")
assert e.args[1][0] is None and e.filename == "f"

# A warning that is an error.
with warnings.catch_warnings():
    warnings.simplefilter("error")
    e = error("#\n1 is 1\n")
    assert e.args == ('"is" with \'int\' literal. Did you mean "=="?', ("f", 2, 1, None, 2, 7)), e.args

# str() of one whose file has no name.
assert str(SyntaxError("m", ("", 3, 1, "x"))) == "m (, line 3)"

# Keywords that were meant.
for source, keyword in (("with a ad b:\n  pass", "and"), ("fur a in b:\n  pass", "for"),
                        ("if x:\n  pass\nelseif y:\n  pass", "elif"), ("impor math", "import"),
                        ("[x for x\nin range(3)\nof x]", "if"), ("lamda x: x ** 2", "lambda")):
    text = traceback.format_exception(error(source))[-1]
    assert text == f"SyntaxError: invalid syntax. Did you mean '{keyword}'?\n", text


def program(source):
    with open("program.py", "wb") as file:
        file.write(source)
    done = subprocess.run([sys.executable, "program.py"], stderr=subprocess.PIPE)
    assert done.returncode == 1
    return done.stderr.decode().splitlines()


assert program(b"\\")[-2:] == ["    \\", "SyntaxError: unexpected EOF while parsing"]
assert program("ä = 6\\".encode())[-2:] == ["          ^", "SyntaxError: unexpected EOF while parsing"]
assert "in file " in program(b"\x89")[-1]
assert program(b"x = 1\0")[-1].endswith("source code cannot contain null bytes")
