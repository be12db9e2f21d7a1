"""Nested generators, yield from and generator expressions."""
import bench


def tree(depth):
    if depth:
        yield from tree(depth - 1)
        yield depth
        yield from tree(depth - 1)


def pairs(items):
    last = None
    for item in items:
        if last is not None:
            yield last, item
        last = item


bench.run(lambda: sum(a * b for a, b in pairs(tree(12)) if a != b))
