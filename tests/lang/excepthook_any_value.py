# sys.excepthook may be called with values that are no exceptions.
import io
import sys


saved = sys.stderr
sys.stderr = io.StringIO()
try:
    sys.excepthook(1, "1", 1)
    text = sys.stderr.getvalue()
finally:
    sys.stderr = saved
assert "TypeError: print_exception(): Exception expected for value, str found" in text, text
