"""Closures, default arguments, keyword and star calls."""
import bench


def adder(n):
    def add(x, y=1, *rest, scale=1, **extra):
        return (x + y + n + len(rest)) * scale + len(extra)
    return add


def work():
    adders = [adder(i) for i in range(8)]
    total = 0
    for i in range(8000):
        add = adders[i & 7]
        total += add(i)
        total += add(i, 2)
        total += add(i, 2, 3, scale=2)
        total += add(*(i, 3), **{"scale": 1, "other": 2})
    return total


bench.run(work)
