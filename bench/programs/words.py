"""Text: counting, cleaning and laying out words."""
import bench

TEXT = """It is a truth universally acknowledged, that a single man in possession of a good fortune,
must be in want of a wife. However little known the feelings or views of such a man may be on his
first entering a neighbourhood, this truth is so well fixed in the minds of the surrounding families,
that he is considered as the rightful property of some one or other of their daughters. """ * 6


def wrap(words, width):
    lines, line, room = [], [], width
    for word in words:
        if len(word) + len(line) > room:
            lines.append(" ".join(line).ljust(width))
            line, room = [], width
        line.append(word)
        room -= len(word)
    lines.append(" ".join(line))
    return lines


def caesar(text, by):
    out = []
    for c in text:
        if c.islower():
            out.append(chr((ord(c) - 97 + by) % 26 + 97))
        elif c.isupper():
            out.append(chr((ord(c) - 65 + by) % 26 + 65))
        else:
            out.append(c)
    return "".join(out)


def work():
    words = [w.strip(".,").lower() for w in TEXT.split()]
    counts = {}
    for w in words:
        counts[w] = counts.get(w, 0) + 1
    top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]
    table = [f"{w:<12}|{n:>5}|{n / len(words):8.3%}" for w, n in top]
    palindromes = sum(w == w[::-1] for w in words)
    secret = caesar(TEXT[:1500], 3)
    return (top[0], table[3], palindromes, len(wrap(words, 60)), caesar(secret, -3) == TEXT[:1500],
            TEXT.replace("truth", "lie").count("lie"), " ".join(words).title()[:20])


bench.run(work)
