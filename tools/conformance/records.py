"""The two committed files: what CPython passes (baseline.tsv), what we expect (expected.tsv).

Both list units, each with how many tests it reports and how many of them pass, followed by
the tests that do not pass:

    UNIT <TAB> TESTS <TAB> PASSED
    <TAB> ID <TAB> STATUS [<TAB> REASON]

A test that is not listed passes. `*` for TESTS: the number varies from run to run. Status
`flaky`: anything goes.
"""
from dataclasses import dataclass, field


@dataclass
class Record:
    tests: str
    passed: int
    others: dict = field(default_factory=dict)  # id -> (status, reason)

    @classmethod
    def of(cls, run, reasons=None):
        """The record of a run. reasons: an older record, whose reasons are kept."""
        old = reasons.others if reasons else {}
        record = cls(str(len(run.tests)), run.count('pass'))
        for id, (status, _) in run.tests.items():
            was, reason = old.get(id, ('', ''))
            if was == 'flaky':
                status = 'flaky'
            if status != 'pass':
                record.others[id] = (status, reason)
        if reasons and reasons.tests == '*':
            record.tests = '*'
        return record


def read(path):
    """unit -> Record"""
    records, current = {}, None
    if not path.exists():
        return records
    for number, line in enumerate(path.read_text().split('\n'), 1):
        fields = line.split('\t')
        if not line or line.startswith('#'):
            continue
        try:
            if fields[0]:
                current = records[fields[0]] = Record(fields[1], int(fields[2]))
            else:
                current.others[fields[1]] = (fields[2], fields[3] if len(fields) > 3 else '')
        except (IndexError, ValueError, AttributeError):
            raise ValueError(f'{path}:{number}: not a line of this file') from None
    return records


def write(path, records, heading):
    lines = ['# ' + line for line in heading.split('\n')]
    for unit in sorted(records):
        record = records[unit]
        lines.append(f'{unit}\t{record.tests}\t{record.passed}')
        for id, (status, reason) in sorted(record.others.items()):
            lines.append('\t'.join(['', id, status] + ([reason] if reason else [])))
    path.write_text('\n'.join(lines) + '\n')


def surprises(run, record):
    """What a run did that its record does not say: lines to show, empty when all is as expected."""
    found = []
    for id, (status, detail) in run.tests.items():
        expected = record.others.get(id, ('pass', ''))[0]
        if expected == 'flaky' or status == expected:
            continue
        word = 'unexpected pass' if status == 'pass' else status
        found.append(f'{id}: {word}, expected {expected}' + (f'  [{detail}]' if detail else ''))
    for id, (status, _) in record.others.items():
        if id not in run.tests and status != 'flaky':
            found.append(f'{id}: not run, expected {status}')
    if record.tests not in ('*', str(len(run.tests))):
        found.append(f'{run.unit}: {len(run.tests)} tests reported, expected {record.tests}'
                     + (f' ({run.cut})' if run.cut else ''))
    return found
