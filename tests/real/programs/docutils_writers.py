"""One document that uses most of reStructuredText, through a writer of docutils."""
import io
import sys
from pathlib import Path

from docutils.core import publish_string

writer = sys.argv[1]
warnings = io.StringIO()
source = Path(__file__).with_name("guide.rst").read_text(encoding="utf-8")
settings = {"warning_stream": warnings, "embed_stylesheet": False, "stylesheet_path": "",
            "output_encoding": "unicode", "math_output": "MathML", "datestamp": None,
            "generator": False, "source_link": False, "input_encoding": "utf-8",
            "use_latex_citations": True, "legacy_column_widths": False}
print(publish_string(source, source_path="guide.rst", writer=writer, settings_overrides=settings))
print("warnings:", warnings.getvalue())
