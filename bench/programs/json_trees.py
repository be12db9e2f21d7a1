"""A JSON parser and printer by hand, on nested lists and dicts."""
import bench


def parse(text):
    at = 0

    def skip():
        nonlocal at
        while text[at] in " \n\t":
            at += 1

    def value():
        nonlocal at
        skip()
        c = text[at]
        if c == "{":
            at += 1
            out = {}
            skip()
            while text[at] != "}":
                key = value()
                skip()
                at += 1
                out[key] = value()
                skip()
                if text[at] == ",":
                    at += 1
                    skip()
            at += 1
            return out
        if c == "[":
            at += 1
            out = []
            skip()
            while text[at] != "]":
                out.append(value())
                skip()
                if text[at] == ",":
                    at += 1
            at += 1
            return out
        if c == '"':
            end = text.index('"', at + 1)
            s = text[at + 1:end]
            at = end + 1
            return s
        start = at
        while text[at] in "-0123456789.":
            at += 1
        word = text[start:at]
        return float(word) if "." in word else int(word)

    return value()


def show(v):
    if isinstance(v, dict):
        return "{" + ", ".join(f'"{k}": {show(x)}' for k, x in v.items()) + "}"
    if isinstance(v, list):
        return "[" + ", ".join(map(show, v)) + "]"
    return f'"{v}"' if isinstance(v, str) else repr(v)


def depth(v):
    if isinstance(v, dict):
        return 1 + max(map(depth, v.values()), default=0)
    if isinstance(v, list):
        return 1 + max(map(depth, v), default=0)
    return 0


DATA = {"items": [{"id": i, "name": f"n{i}", "tags": ["a", "b", i], "pos": [i * 0.5, -i]} for i in range(60)]}


def work():
    text = show(DATA)
    again = parse(text)
    return again == DATA, len(text), depth(again)


bench.run(work)
