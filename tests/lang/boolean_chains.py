"""and, or and chained comparisons: what is evaluated, how often, and what comes out."""
import itertools


class Truth:
    def __init__(self, name, value):
        self.name, self.value, self.asked = name, value, 0

    def __bool__(self):
        self.asked += 1
        return self.value


# Whatever the nesting, each operand is asked for its truth at most once.
texts = ["a and b or c", "(a or b) and c", "a or (b and c)", "a and (b or c) and d",
         "(a and b) or (c and d)", "(a or b) and (c or d)", "((a and b) or c) and d",
         "a and (b and c) or d", "a or (b or c) and d",
         "a and True or b", "(False or a) and b", "(a or 1) and b", "(a and ()) or b"]
for text in texts:
    for values in itertools.product((False, True), repeat=4):
        operands = {name: Truth(name, value) for name, value in zip("abcd", values)}
        result = eval(text, dict(operands))
        plain = eval(text, dict(zip("abcd", values)))
        assert bool(result) == plain, (text, values)
        assert max(o.asked for o in operands.values() if o is not result) <= 1, (text, values)
        function = eval("lambda a, b, c, d: " + text)
        operands = {name: Truth(name, value) for name, value in zip("abcd", values)}
        result = function(**operands)
        assert getattr(result, "value", result) == plain or not plain
        branch = eval(f"lambda a, b, c, d: 1 if {text} else 0")
        operands = {name: Truth(name, value) for name, value in zip("abcd", values)}
        assert branch(**operands) == plain
        assert max(o.asked for o in operands.values()) <= 1

# Long chains: each operand once, in order, stopping at the first false comparison.
calls = []


def at(n):
    calls.append(n)
    return n


chain = " < ".join(f"at({n})" for n in range(60))
assert eval(chain) is True and calls == list(range(60))
calls.clear()
broken = chain.replace("at(40)", "at(0)")
assert eval(broken) is False and calls == [*range(40), 0]
calls.clear()
assert (1 if eval(chain) else 0) and eval(f"1 if {broken} else 0") == 0
x, y = 5, 9
assert x < at(7) < y < at(12) < (z := 20) < at(21) > z
assert not x < at(7) < y < at(3) < y


class Odd:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        if other.value is None:
            raise ValueError(self.value)
        return self.value < other.value


def odd(n):
    return Odd(n)


for stop in range(1, 5):
    values = [odd(None if n == stop else n) for n in range(6)]
    try:
        values[0] < values[1] < values[2] < values[3] < values[4] < values[5]
    except ValueError as error:
        assert error.args == (stop - 1,)
    else:
        assert False

# Displays and calls of any length.
for n in (0, 1, 14, 15, 16, 29, 30, 31, 63, 64, 65, 200):
    names = [f"at({i})" for i in range(n)]
    calls.clear()
    assert eval("[" + ", ".join(names) + "]") == list(range(n)) == calls
    assert eval("(" + "".join(name + ", " for name in names) + ")") == tuple(range(n))
    assert eval("{*(), " + ", ".join(names) + "}") == set(range(n))
    calls.clear()
    assert eval("{" + ", ".join(f"{name}: -{name}" for name in names) + "}") == {
        i: -i for i in range(n)}
    assert calls == [i for i in range(n) for _ in (0, 1)]
    def collect(*args, **kwargs):
        return args, kwargs
    given = ", ".join(names + [f"k{i}={name}" for i, name in enumerate(names)])
    assert eval(f"collect({given})") == (tuple(range(n)), {f"k{i}": i for i in range(n)})
    assert eval(f"str.format('{{}}', {', '.join(['1'] + names)})") == "1"
