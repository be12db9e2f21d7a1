"""Sets: algebra, a graph's components and a game of life."""
import bench


def life(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    at = (x + dx, y + dy)
                    counts[at] = counts.get(at, 0) + 1
    return {at for at, n in counts.items() if n == 3 or (n == 2 and at in cells)}


def components(edges, n):
    near = {i: set() for i in range(n)}
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    left, found = set(range(n)), 0
    while left:
        found += 1
        todo = {left.pop()}
        while todo:
            at = todo.pop()
            left.discard(at)
            todo |= near[at] & left
    return found


def work():
    cells = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2), (10, 10), (10, 11), (10, 12), (11, 11)}
    for _ in range(30):
        cells = life(cells)
    edges = [(i, i * 7 % 301) for i in range(0, 301, 2)]
    a, b = set(range(0, 600, 2)), set(range(0, 600, 3))
    total = 0
    for k in range(30):
        total += len(a & b) + len(a | b) + len(a - b) + len(a ^ b) + (a > {k}) + b.isdisjoint({1, k})
    return len(cells), components(edges, 301), total


bench.run(work)
