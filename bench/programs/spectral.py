"""Spectral norm: float arithmetic in functions."""
import bench


def entry(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(v):
    return [sum(entry(i, j) * x for j, x in enumerate(v)) for i in range(len(v))]


def transposed(v):
    n = len(v)
    out = []
    for i in range(n):
        s = 0.0
        for j in range(n):
            s += entry(j, i) * v[j]
        out.append(s)
    return out


def work():
    u = [1.0] * 24
    for _ in range(4):
        v = transposed(times(u))
        u = transposed(times(v))
    top = sum(a * b for a, b in zip(u, v))
    return round((top / sum(x * x for x in v)) ** 0.5, 9)


bench.run(work)
