"""Runs the suite of pytest_features/ with pytest: outcomes, then what failed assertions explain."""
import os
import runpy
import sys
from pathlib import Path

os.environ["EXPLANATIONS"] = os.path.abspath("explanations.txt")
here = Path(__file__).parent
sys.argv[1:] = [str(here / "pytest_features"), "--own=given", "--continue-on-collection-errors",
    *sys.argv[1:]]
runpy.run_path(str(here.parent / "suite.py"), run_name="__main__")
print(open(os.environ["EXPLANATIONS"], encoding="utf-8").read())
