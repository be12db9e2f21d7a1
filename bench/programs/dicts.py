"""Counting and grouping with dicts and sets."""
import bench


def work():
    words = ["w%d" % (i * 7919 % 997) for i in range(20000)]
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    groups = {}
    for word, n in counts.items():
        groups.setdefault(n, set()).add(word)
    common = set()
    for group in groups.values():
        common |= {w for w in group if w.endswith("7")}
    return len(common), sum(n * len(g) for n, g in groups.items())


bench.run(work)
