"""Runs a folder of tests with pytest and prints what became of each, in an order of its own.

    suite.py FOLDER ARGUMENTS...

FOLDER is copied to the working folder first, unless packages are imported from it. What passed or
was skipped is counted, and told by a checksum of the names; everything else is listed.
"""
import binascii
import collections
import contextlib
import os
import shutil
import sys

import pytest


class Outcomes:
    """A plugin that notes the outcome of every test, and what could not be collected."""

    def __init__(self):
        self.found = {}

    def pytest_collectreport(self, report):
        if report.failed:
            self.found[report.nodeid] = "collection error", last_line(report)
        elif report.skipped:
            self.found[report.nodeid] = "skipped", last_line(report)

    def pytest_runtest_logreport(self, report):
        if hasattr(report, "wasxfail"):
            outcome = "xfailed" if report.skipped else "xpassed"
        elif report.when != "call" and report.failed:
            outcome = "error"
        elif report.when == "call" or report.skipped:
            outcome = report.outcome
        else:
            return
        self.found[report.nodeid] = outcome, "" if report.passed else last_line(report)


def last_line(report):
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2]
    return str(report.longrepr).strip().splitlines()[-1] if report.longrepr else ""


def main():
    folder, *arguments = sys.argv[1:]
    if folder in sys.path:  # tests inside packages
        os.chdir(folder)
        arguments.append("--rootdir=.")
    else:
        shutil.copytree(folder, "suite")
        os.chdir("suite")
    outcomes = Outcomes()
    with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):
        status = pytest.main(["-p", "no:cacheprovider", "--tb=short", *arguments],
                             plugins=[outcomes])
    print("status", int(status))
    by_outcome = collections.defaultdict(list)
    for name, (outcome, why) in sorted(outcomes.found.items()):
        by_outcome[outcome].append((name, why))
    for outcome, tests in sorted(by_outcome.items()):
        names = "\n".join(name for name, _ in tests)
        print(f"{len(tests)} {outcome}, {binascii.crc32(names.encode()):08x}")
        if outcome == "skipped":
            for why, count in sorted(collections.Counter(why for _, why in tests).items()):
                print(f"    {count}: {why}")
        elif outcome != "passed":
            print("".join(f"    {name}: {why}\n" for name, why in tests), end="")


if __name__ == "__main__":
    main()
