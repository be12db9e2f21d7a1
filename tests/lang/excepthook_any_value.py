# sys.excepthook may be called with values that are no exceptions.
import io
import sys

seen = []
saved = sys.stderr, sys.unraisablehook
sys.stderr = io.StringIO()
sys.unraisablehook = lambda info: seen.append((info.exc_type, info.err_msg))
try:
    sys.excepthook(1, "1", 1)
    text = sys.stderr.getvalue()
finally:
    sys.stderr, sys.unraisablehook = saved
assert "TypeError: print_exception(): Exception expected for value, str found" in text, text
assert seen == [(TypeError, "Exception ignored in the internal traceback machinery")], seen
