"""Jumps on comparisons with small constants, for everything that may stand on the left."""
import operator


class Odd:
    def __init__(self, answer):
        self.answer = answer
        self.seen = []

    def compared(name):
        def method(self, other):
            self.seen.append((name, other))
            return self.answer
        return method

    __lt__, __le__, __eq__ = compared("lt"), compared("le"), compared("eq")
    __ne__, __gt__, __ge__ = compared("ne"), compared("gt"), compared("ge")


class Truthless:
    def __bool__(self):
        raise ZeroDivisionError


def outcome(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e), str(e)


JUMPS = {}
for name, sign in dict(lt="<", le="<=", eq="==", ne="!=", gt=">", ge=">=").items():
    for number in (0, 1, -1, 7, 32767, -32768, 32768, -32769):
        source = f"""
def when(x):
    if x {sign} {number}:
        return True
    return False
def unless(x):
    if not x {sign} {number}:
        return False
    return True
def turns(x):
    n = 0
    while n < 1 and x {sign} {number}:
        n += 1
    return n == 1
def of_temporary(x):
    if (x,)[0] {sign} {number}:
        return True
    return False
"""
        space = {}
        exec(source, space)
        JUMPS[name, number] = [space[f] for f in ("when", "unless", "turns", "of_temporary")]

VALUES = [0, 1, -1, 2, 7, 32767, 32768, -32768, -32769, 1 << 61, 1 << 62, -(1 << 62), 1 << 70, -(1 << 70),
          0.0, -0.0, 1.0, 6.999999999999999, 7.0, 1e300, -1e300, 1e-320, float("inf"), float("nan"), True, False,
          "7", None, (), [], 7 + 0j, Odd(True), Odd(False), Odd([]), Odd(Truthless())]

for _ in range(3):
    for (name, number), functions in JUMPS.items():
        compare = getattr(operator, name)
        for value in VALUES:
            expected = outcome(lambda v: bool(compare(v, number)), value)
            for f in functions:
                assert outcome(f, value) == expected, (name, number, value, f)

odd = Odd(True)
assert JUMPS["lt", 7][0](odd) and odd.seen == [("lt", 7)]


def classify(n):
    if n < 0:
        return "negative"
    elif n == 0:
        return "zero"
    elif n >= 1000:
        return "large"
    return "small"


assert [classify(n) for n in (-5, 0, 3, 1000, 2.5, -0.5, 1 << 80)] == [
    "negative", "zero", "small", "large", "small", "negative", "large"]
