# math.sumprod, hypot, dist, fsum to the last digit, and gamma's digits.
import math
import random
from fractions import Fraction

rng = random.Random(11)
for _ in range(3000):
    n = rng.randrange(1, 10)
    p = [rng.uniform(-1, 1) * 2.0 ** rng.randrange(-30, 30) for _ in range(n)]
    q = [rng.choice([rng.uniform(-1, 1), rng.randrange(-1000, 1000)]) for _ in range(n)]
    exact = sum(Fraction(a) * Fraction(b) for a, b in zip(p, q))
    assert math.sumprod(p, q) == float(exact)
    assert math.fsum(p) == float(sum(map(Fraction, p)))
    square = sum(Fraction(a) ** 2 for a in p)
    h = Fraction(math.hypot(*p))
    # Not one unit in the last place away from the root.
    ulp = Fraction(math.ulp(float(h)))
    assert (h - ulp) ** 2 < square < (h + ulp) ** 2
assert math.hypot() == 0.0 and math.hypot(-3) == 3.0 and math.isclose(math.hypot(3e200, 4e200), 5e200, rel_tol=1e-15)
assert math.hypot(math.nan, math.inf) == math.inf and math.isnan(math.hypot(1, math.nan))
assert math.dist((1, 2, 3), (1, 2, 3)) == 0.0 and math.dist([0, 0], iter([3, 4])) == 5.0
assert math.sumprod([], []) == 0 and type(math.sumprod([1, True], [2, 3])) is int
assert math.sumprod([2**70, 1], [2**70, 0.5]) == 2**140 + 0.5
assert math.sumprod([10, 20, 30], [1, 2, 3]) == 140 and math.sumprod([1e20, 1.0, -1e20], [1, 1, 1]) == 1.0
assert math.isnan(math.sumprod([math.inf], [0.0]))


class Int(int):
    def __add__(self, other):
        return Int(int(self) + int(other))

    __radd__ = __add__

    def __mul__(self, other):
        return Int(int(self) * int(other))

    __rmul__ = __mul__


assert math.sumprod((-5, -5, -5), (Int(7), 1.5, 1.5)) == -49
for x, text in [(0.5, "0x1.c5bf891b4ef6ap+0")]:
    assert math.gamma(x).hex() == text
assert math.gamma(23) == math.factorial(22) and math.isclose(math.gamma(-0.5), -3.5449077018110318, rel_tol=1e-15)
assert math.lgamma(1) == math.lgamma(2) == 0.0
for bad in (0, -1, -2.0, -math.inf):
    try:
        math.gamma(bad)
    except ValueError as e:
        assert str(e) == f"expected a noninteger or positive integer, got {float(bad)}"
    else:
        raise AssertionError
