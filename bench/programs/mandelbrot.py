"""A fractal with complex numbers and with pairs of floats."""
import bench


def by_complex(c, limit):
    z = 0j
    for i in range(limit):
        if abs(z) > 2:
            return i
        z = z * z + c
    return limit


def by_floats(cx, cy, limit):
    x = y = 0.0
    i = 0
    while i < limit and x * x + y * y <= 4.0:
        x, y = x * x - y * y + cx, 2.0 * x * y + cy
        i += 1
    return i


def work():
    a = sum(by_complex(complex(x / 10 - 2, y / 10 - 1), 30) for x in range(0, 30, 2) for y in range(0, 20, 2))
    b = 0
    for x in range(30):
        for y in range(20):
            b += by_floats(x / 10 - 2, y / 10 - 1, 40)
    return a, b


bench.run(work)
