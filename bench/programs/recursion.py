"""Deep and wide recursion: Ackermann, Hanoi, tak, permutations."""
import bench


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def hanoi(n, a, b, c, moves):
    if n == 0:
        return moves
    moves = hanoi(n - 1, a, c, b, moves)
    b.append(a.pop())
    return hanoi(n - 1, c, b, a, moves + 1)


def tak(x, y, z):
    return z if y >= x else tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


def permutations(items):
    if len(items) <= 1:
        return [items]
    return [[x] + rest for i, x in enumerate(items) for rest in permutations(items[:i] + items[i + 1:])]


def work():
    a = list(range(9, 0, -1))
    b, c = [], []
    return ackermann(2, 20), hanoi(9, a, b, c, 0), len(b), tak(12, 8, 4), len(permutations(list(range(6))))


bench.run(work)
