"""Pipelines of comprehensions and generator expressions."""
import bench


def work():
    total = 0
    for k in range(20):
        rows = [[i * j % 7 for j in range(20)] for i in range(20)]
        flat = [x for row in rows for x in row if x]
        squares = {x: x * x for x in flat}
        kinds = {x % 3 for x in flat}
        pairs = [(i, x) for i, x in enumerate(flat) if x > 3]
        total += sum(x * k for x in flat) + sum(squares.values()) + len(kinds)
        total += max(i + x for i, x in pairs) + sum(1 for a, b in zip(flat, flat[1:]) if a < b)
        total += any(x > 100 for x in flat) + all(x < 10 for x in flat)
    return total


bench.run(work)
