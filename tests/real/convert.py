"""Converts a long Markdown document, made of the library's help topics, to HTML."""
import binascii
import sys

import markdown

sys.path.insert(0, sys.argv[1])
from pydoc_data.topics import topics  # noqa: E402

text = "".join(f"# {name}\n\n[TOC]\n\n{topics[name]}\n\n" for name in sorted(topics))
for extensions in ([], ["extra", "toc", "sane_lists", "smarty", "codehilite", "admonition"]):
    html = markdown.markdown(text, extensions=extensions)
    print(len(text), len(html), f"{binascii.crc32(html.encode()):08x}")
