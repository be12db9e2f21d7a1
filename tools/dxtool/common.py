"""What every command needs: where things are, how to run a program, how to give up."""
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / 'build'
STDLIB = BUILD / 'stdlib'


class Failure(Exception):
    """Something the user has to know; its text is all that is printed."""


def run(command, **options):
    """Runs a program that shows its own output; a failure ends the command."""
    command = [str(part) for part in command]
    try:
        status = subprocess.run(command, **options).returncode
    except FileNotFoundError:
        raise Failure(f'{command[0]} was not found; run ./dx setup')
    if status:
        raise Failure(f'{" ".join(command[:4])} failed with status {status}')


def output(command, **options):
    """Standard output of a program, or None when it cannot be run or fails."""
    try:
        done = subprocess.run([str(part) for part in command], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def jobs():
    return len(os.sched_getaffinity(0))
