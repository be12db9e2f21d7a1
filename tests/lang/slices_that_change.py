# __index__ methods of a slice that change what is sliced: the size counts as it is afterwards.
import array


class Changes:
    def __init__(self, at, result, change):
        self.result, self.change = result, change

    def __index__(self):
        self.change(thing)
        return self.result


def empty(x):
    del x[:]


def grow(x):
    x.extend(x[:1] * 50)


for make in (lambda: [object(), object(), object()], lambda: bytearray(b"abc"), lambda: array.array("i", [1, 2, 3])):
    for change in (empty, grow):
        for result in (0, 1, 2, 3, -1, 10, -10):
            for use in (lambda i: thing[:i], lambda i: thing[i:], lambda i: thing[::i], lambda i: thing[5:i], lambda i: thing[i:1:-1],
                        lambda i: thing.__setitem__(slice(None, i), make()), lambda i: thing.__setitem__(slice(i, None), make()),
                        lambda i: thing.__setitem__(slice(None, None, i), make()), lambda i: thing.__delitem__(slice(i, None)),
                        lambda i: thing.__delitem__(slice(None, None, i)), lambda i: thing[i], lambda i: thing.pop(i), lambda i: thing.insert(i, thing[:1][0] if thing else 1)):
                thing = make()
                try:
                    got = use(Changes(0, result, change))
                except (ValueError, IndexError):
                    pass
                assert len(thing) <= 120
thing = [1, 2]
assert thing[:Changes(0, 1, empty)] == [] and thing == []
thing = [1, 2]
thing[:Changes(0, 2, empty)] = [7, 8]
assert thing == [7, 8]
