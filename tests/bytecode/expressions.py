def f(a, b, c):
    a.b[c:1].d(1, *b, k=2, **c)
    x = a < b <= c and not (a or b in (1, 2))
    y = b if a is None else f"{a!r:>{b}} {c}"
    return [x, *y], {**a, 'k': -2 ** 3}, lambda: x
