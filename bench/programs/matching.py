"""Structural pattern matching: an evaluator of expression trees and a command language."""
import bench


class Num:
    __match_args__ = ("value",)

    def __init__(self, value):
        self.value = value


class Bin:
    __match_args__ = ("op", "left", "right")

    def __init__(self, op, left, right):
        self.op, self.left, self.right = op, left, right


def evaluate(node):
    match node:
        case Num(value):
            return value
        case Bin("+", left, right):
            return evaluate(left) + evaluate(right)
        case Bin("-", left, right):
            return evaluate(left) - evaluate(right)
        case Bin("*", Num(0), _) | Bin("*", _, Num(0)):
            return 0
        case Bin("*", left, right):
            return evaluate(left) * evaluate(right) % 1000
        case _:
            raise TypeError(node)


def command(state, words):
    match words:
        case ["add", int(n)] if n > 0:
            return state + n
        case ["add", _]:
            return state
        case ["move", ("left" | "right") as side, int(n)]:
            return state - n if side == "left" else state + n
        case {"set": value}:
            return value
        case {"kind": "scale", "by": by, **rest}:
            return state * by % 997 + len(rest)
        case [first, *others]:
            return state + len(others)
        case None:
            return 0


def tree(depth, i):
    if depth == 0:
        return Num(i % 5)
    return Bin("+-*"[i % 3], tree(depth - 1, i * 2 + 1), tree(depth - 1, i + 3))


def work():
    total = sum(evaluate(tree(8, i)) for i in range(6))
    commands = [["add", 3], ["add", -1], ["move", "left", 2], ["move", "right", 9], {"set": 5},
                {"kind": "scale", "by": 3, "x": 1}, ["other", 1, 2, 3], None]
    state = 0
    for i in range(4000):
        state = command(state, commands[i * 7 % 8])
    return total, state


bench.run(work)
