# A chain evaluates each operand once, left to right, and stops at the first false link.
seen = []


def operand(value):
    seen.append(value)
    return value


assert operand(1) < operand(2) < operand(3)
assert seen == [1, 2, 3]

seen.clear()
assert not operand(2) < operand(1) < operand(3)
assert seen == [2, 1]

# The value of a chain is that of the link that decided it, not always a bool.


class Link:
    def __init__(self, name, answer):
        self.name, self.answer = name, answer

    def __lt__(self, other):
        return self.answer


empty = []
assert (Link('a', empty) < Link('b', 'unused') < Link('c', None)) is empty
assert (Link('a', 'yes') < Link('b', 'last') < Link('c', None)) == 'last'

# Mixed operators, membership and identity are links like any other.
item = object()
assert 1 < 2 >= 2 != 3 in [3] is not None
assert (item is item in [item]) is True
assert not (1 in [1] == True)
