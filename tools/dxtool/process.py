"""Runs one program under limits: time, memory, and nothing left running behind it."""
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

TAIL = 4000  # characters of output that are kept


def clean_environment(home):
    """The same variables on every machine, plus those that steer dxpy (DX_*)."""
    return {'PATH': os.environ.get('PATH', '/usr/bin:/bin'), 'HOME': str(home), 'TMPDIR': str(home),
            'LANG': 'C.UTF-8', 'PYTHONHASHSEED': '0', 'PYTHONDONTWRITEBYTECODE': '1',
            # An exit status told from an exception's; signals end the process as without the sanitizer.
            'ASAN_OPTIONS': 'exitcode=86:handle_segv=0:handle_abort=0:handle_sigfpe=0',
            **{name: value for name, value in os.environ.items() if name.startswith('DX_')}}


@dataclass
class Outcome:
    how: str        # 'exit N', 'signal SIGSEGV' or 'timeout'
    seconds: float
    tail: str       # the end of what it printed

    @property
    def ok(self):
        return self.how == 'exit 0'


def run(command, folder, seconds, memory=0, environment=None, progress=None, total=0):
    """Runs a command in `folder`, its output going to a file there.

    It is killed, with its whole process group, `seconds` after it began, or, where `progress`
    names a file, after that file last grew; and in any case after `total` seconds. `memory`
    limits its address space, in bytes (0: no limit).
    """
    limits = ['prlimit', '--core=0', *([f'--as={memory}'] if memory else []), '--']
    log = Path(folder) / 'output.log'
    began = last = time.monotonic()
    size, how, pause = -1, None, 0.002
    with open(log, 'wb') as out:
        child = subprocess.Popen([*limits, *map(str, command)], cwd=folder, env=environment,
                                 stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                 start_new_session=True)
        try:
            while child.poll() is None:
                time.sleep(pause)
                pause = min(pause * 1.5, 0.2)
                now = time.monotonic()
                if progress and os.path.exists(progress) and os.path.getsize(progress) != size:
                    size, last = os.path.getsize(progress), now
                if now - last > seconds or (total and now - began > total):
                    how = 'timeout'
                    break
        finally:
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            child.wait()
    if how is None:
        code = child.returncode
        how = f'exit {code}' if code >= 0 else f'signal {signal.Signals(-code).name}'
    with open(log, 'rb') as text:
        text.seek(max(0, log.stat().st_size - TAIL))
        tail = text.read().decode(errors='replace')
    return Outcome(how, time.monotonic() - began, tail)
