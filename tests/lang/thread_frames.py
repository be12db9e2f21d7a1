"""sys._current_frames() and sys._current_exceptions() see all threads."""
import sys
import threading

ready, done = threading.Event(), threading.Event()


def waiting():
    try:
        raise KeyError(1)
    except KeyError:
        ready.set()
        done.wait()


thread = threading.Thread(target=waiting)
thread.start()
ready.wait()
frame = sys._current_frames()[thread.ident]
names = []
while frame:
    names.append((frame.f_code.co_name, frame.f_lineno))
    frame = frame.f_back
assert ('waiting', waiting.__code__.co_firstlineno + 5) in names, names
e = sys._current_exceptions()[thread.ident]
assert isinstance(e, KeyError)
done.set()
thread.join()
assert thread.ident not in sys._current_frames()
