def outer(a):
    def inner():
        nonlocal a
        a += step
        return a
    b = [inner() + x for x in range(a)]
    if b:
        c = 1
    return c
class Point:
    x: int = 0
    def __init__(self):
        super().__init__()
        self.__hidden = [y for y in (1, 2)]
