"""Backtracking: queens, subset sums, a maze."""
import bench


def queens(n, row, columns, up, down):
    if row == n:
        return 1
    found = 0
    for c in range(n):
        if not (columns[c] or up[row + c] or down[row - c + n]):
            columns[c] = up[row + c] = down[row - c + n] = True
            found += queens(n, row + 1, columns, up, down)
            columns[c] = up[row + c] = down[row - c + n] = False
    return found


def subsets(items, target, at=0):
    if target == 0:
        yield ()
    elif at < len(items) and target > 0:
        for rest in subsets(items, target - items[at], at + 1):
            yield (items[at], *rest)
        yield from subsets(items, target, at + 1)


MAZE = ["..#....", ".#..##.", "...#...", ".#.#.#.", ".#...#.", "...#..."]


def paths(x, y, seen):
    if (x, y) == (6, 5):
        return 1
    seen.add((x, y))
    n = 0
    for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        a, b = x + dx, y + dy
        if 0 <= a < 7 and 0 <= b < 6 and MAZE[b][a] == "." and (a, b) not in seen:
            n += paths(a, b, seen)
    seen.remove((x, y))
    return n


def work():
    return (queens(7, 0, [False] * 7, [False] * 14, [False] * 15),
            len(list(subsets([3, 5, 7, 11, 13, 2, 8, 9], 24))), paths(0, 0, set()))


bench.run(work)
