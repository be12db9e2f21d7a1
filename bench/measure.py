"""Runs one program in one process and reads what it says about itself."""
import json
import os
import subprocess
from dataclasses import dataclass, field

LIMIT = 600  # seconds for a process


@dataclass
class Job:
    """A program to time. It prints a line of JSON for each benchmark in it: first, best, peak_kb, and name or checksum."""
    name: str
    arguments: list
    folder: str
    environment: dict = field(default_factory=dict)


def programs(folder, names):
    found = sorted(n[:-3] for n in os.listdir(folder) if n.endswith('.py') and n != 'bench.py')
    unknown = set(names) - set(found)
    if unknown:
        raise SystemExit(f'bench: no such program: {", ".join(sorted(unknown))}')
    return [Job(n, [os.path.join(folder, n + '.py')], folder) for n in names or found]


def once(job, command):
    """(lines, None), or (lines so far, what went wrong)."""
    environment = {**os.environ, 'PYTHONDONTWRITEBYTECODE': '1', **job.environment}
    try:
        done = subprocess.run(command + job.arguments, cwd=job.folder, env=environment, capture_output=True, text=True,
                              timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return [], f'no end after {LIMIT} s'
    lines = []
    for line in done.stdout.splitlines():
        if line.startswith('{"first"'):
            lines.append(json.loads(line))
    if done.returncode:
        return lines, (done.stderr.strip().splitlines() or [f'exit status {done.returncode}'])[-1]
    if not lines:
        return lines, 'it printed no result'
    return lines, None


def alternate(job, commands, rounds):
    """({benchmark: {implementation: best of the rounds}}, {implementation: what went wrong})."""
    best, problems = {}, {}
    for _ in range(rounds):
        for who, command in commands.items():
            if who in problems:
                continue
            lines, problem = once(job, command)
            if problem:
                problems[who] = problem
                continue
            for line in lines:
                mine = best.setdefault(line.get('name', job.name), {})
                old = mine.get(who)
                if old is None:
                    mine[who] = line
                else:
                    old['first'] = min(old['first'], line['first'])
                    old['best'] = min(old['best'], line['best'])
                    old['peak_kb'] = min(old['peak_kb'], line['peak_kb'])
    return best, problems
