"""Highlights the largest Python file of a library and prints what the HTML is."""
import binascii
import os
import sys

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

names = [os.path.join(folder, name) for folder, _, files in os.walk(sys.argv[1])
         for name in files if name.endswith(".py")]
largest = max(sorted(names), key=os.path.getsize)
with open(largest, encoding="utf-8") as file:
    html = highlight(file.read(), PythonLexer(), HtmlFormatter(linenos=True, full=True))
print(os.path.basename(largest), len(html), f"{binascii.crc32(html.encode()):08x}")
print(html[-2000:])
