"""Many short-lived objects: building and checking binary trees."""
import bench


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right

    def check(self):
        return 1 + (self.left.check() if self.left else 0) + (self.right.check() if self.right else 0)


def make(depth):
    return Node(make(depth - 1), make(depth - 1)) if depth else Node(None, None)


def tuples(depth):
    return (tuples(depth - 1), tuples(depth - 1)) if depth else (None, None)


def count(t):
    left, right = t
    return 1 if left is None else 1 + count(left) + count(right)


def work():
    return sum(make(8).check() for _ in range(6)), sum(count(tuples(8)) for _ in range(6))


bench.run(work)
