"""Matrices as lists of lists: products, a determinant, a transposition."""
import bench


def product(a, b):
    columns = list(zip(*b))
    return [[sum(x * y for x, y in zip(row, column)) for column in columns] for row in a]


def naive(a, b, n):
    out = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            s = 0
            for k in range(n):
                s += a[i][k] * b[k][j]
            out[i][j] = s
    return out


def determinant(m):
    m = [row[:] for row in m]
    sign, last, n = 1, 1, len(m)
    for k in range(n - 1):
        if m[k][k] == 0:
            for i in range(k + 1, n):
                if m[i][k]:
                    m[k], m[i] = m[i], m[k]
                    sign = -sign
                    break
            else:
                return 0
        for i in range(k + 1, n):
            for j in range(k + 1, n):
                m[i][j] = (m[i][j] * m[k][k] - m[i][k] * m[k][j]) // last
        last = m[k][k]
    return sign * m[-1][-1]


def work():
    n = 18
    a = [[(i * 3 + j * 7) % 11 for j in range(n)] for i in range(n)]
    b = [[(i * 5 - j) % 13 for j in range(n)] for i in range(n)]
    c, d = product(a, b), naive(a, b, n)
    return c == d, sum(map(sum, c)), determinant([[(i * i + j * 3) % 17 + (i == j) for j in range(10)] for i in range(10)])


bench.run(work)
