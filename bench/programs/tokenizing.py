"""Parsing text: a tokenizer and a recursive-descent calculator."""
import bench

SOURCE = "(1 + 2*x) - y/3 + 4*(x - 2)*(y + 5) - -7 + value2*(3 + x)\n"


def tokens(text):
    out, i, n = [], 0, len(text)
    while i < n:
        c = text[i]
        if c.isspace():
            i += 1
        elif c.isdigit():
            start = i
            while i < n and text[i].isdigit():
                i += 1
            out.append(("num", int(text[start:i])))
        elif c.isalpha():
            start = i
            while i < n and text[i].isalnum():
                i += 1
            out.append(("name", text[start:i]))
        else:
            out.append(("op", c))
            i += 1
    out.append(("end", None))
    return out


class Parser:
    def __init__(self, toks, names):
        self.toks, self.names, self.at = toks, names, 0

    def peek(self):
        return self.toks[self.at]

    def next(self):
        tok = self.toks[self.at]
        self.at += 1
        return tok

    def expr(self):
        left = self.term()
        while self.peek()[1] in ("+", "-"):
            _, op = self.next()
            right = self.term()
            left = left + right if op == "+" else left - right
        return left

    def term(self):
        left = self.factor()
        while self.peek()[1] in ("*", "/"):
            _, op = self.next()
            right = self.factor()
            left = left * right if op == "*" else left // right
        return left

    def factor(self):
        kind, value = self.next()
        if kind == "num":
            return value
        if kind == "name":
            return self.names[value]
        if value == "-":
            return -self.factor()
        inner = self.expr()
        self.next()
        return inner


def work():
    total = 0
    for i in range(60):
        total += Parser(tokens(SOURCE), {"x": i, "y": i + 1, "value2": 3}).expr()
    return total


bench.run(work)
