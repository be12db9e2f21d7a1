# faulthandler: tracebacks on request, later, on signals, and at the end. _uuid's stamps.
import faulthandler
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import _uuid


def raises(kind, text, f, *args, **kw):
    try:
        f(*args, **kw)
    except kind as e:
        assert text in str(e), (str(e), text)
        return e
    raise AssertionError("nothing raised")


def written(f, *args, **kw):
    with tempfile.TemporaryFile() as file:
        f(*args, file=file, **kw)
        file.seek(0)
        return file.read().decode()


def here(**kw):
    return written(faulthandler.dump_traceback, **kw)


text = here(all_threads=False).splitlines()
assert text[0] == "Stack (most recent call first):"
assert re.fullmatch(r'  File ".*fault_reports.py", line \d+ in written', text[1]) and text[2].endswith("in here")
text = here()
assert re.match(r"Current thread 0x[0-9a-f]{16}( \[.*\])? \(most recent call first\):\n  File ", text)
ready, stop = threading.Event(), threading.Event()
t = threading.Thread(target=lambda: (ready.set(), stop.wait()))
t.start()
ready.wait()
assert re.search(r"^Thread 0x[0-9a-f]{16}", here(), re.M)
stop.set()
t.join()

# ---- signals ----
with tempfile.TemporaryFile() as file:
    faulthandler.register(signal.SIGUSR1, file, all_threads=False)
    os.kill(os.getpid(), signal.SIGUSR1)
    for _ in range(100):
        if os.fstat(file.fileno()).st_size:
            break
        time.sleep(0.01)
    assert faulthandler.unregister(signal.SIGUSR1) and not faulthandler.unregister(signal.SIGUSR1)
    file.seek(0)
    assert b"in <module>" in file.read()
raises(RuntimeError, "cannot be registered, use enable() instead", faulthandler.register, signal.SIGSEGV)
raises(ValueError, "signal number out of range", faulthandler.register, 1000)
raises(ValueError, "file is not a valid file descriptor", faulthandler.dump_traceback, -1)

# ---- later ----
with tempfile.TemporaryFile() as file:
    faulthandler.dump_traceback_later(0.05, file=file)
    time.sleep(0.3)
    faulthandler.cancel_dump_traceback_later()
    file.seek(0)
    text = file.read().decode()
assert text.startswith("Timeout (0:00:00.050000)!\nThread 0x") and "in <module>" in text
faulthandler.dump_traceback_later(100)
faulthandler.cancel_dump_traceback_later()
raises(ValueError, "timeout must be greater than 0", faulthandler.dump_traceback_later, 0)

# ---- the end ----
assert not faulthandler.is_enabled()
faulthandler.enable()
assert faulthandler.is_enabled() and faulthandler.disable() and not faulthandler.disable()


def end(code, *options):
    r = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True)
    assert r.returncode < 0, r
    return r.stderr


for call, text in (("_sigsegv()", "Segmentation fault"), ("_sigsegv(True)", "Segmentation fault"),
                   ("_sigabrt()", "Aborted"), ("_sigfpe()", "Floating-point exception"),
                   ("_stack_overflow()", "Segmentation fault")):
    report = end(f"import faulthandler\ndef f(): faulthandler.{call}\nf()", "-X", "faulthandler")
    assert report.startswith(f"Fatal Python error: {text}\n\nCurrent thread 0x"), report
    assert 'File "<string>", line 2 in f\n  File "<string>", line 3 in <module>\n' in report, report
    assert "\nCurrent thread's C stack trace (most recent call first):\n  Binary file " in report

# ---- time stamps of UUIDs ----
stamps = [_uuid.generate_time_safe()[0] for _ in range(100)]
assert len(set(stamps)) == 100 and all(len(s) == 16 and s[6] >> 4 == 1 and s[8] >> 6 == 2 for s in stamps)
assert len({s[10:] for s in stamps}) == 1
