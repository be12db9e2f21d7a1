"""Runs CPython's own tests and compares with what is expected of them: docs/conformance.md."""
