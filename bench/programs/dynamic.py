"""Dynamic programming: edit distance, knapsack, longest increasing subsequence, memoized coins."""
import functools

import bench


def distance(a, b):
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            current.append(min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x != y)))
        previous = current
    return previous[-1]


def knapsack(weights, values, room):
    best = [0] * (room + 1)
    for w, v in zip(weights, values):
        for r in range(room, w - 1, -1):
            if best[r - w] + v > best[r]:
                best[r] = best[r - w] + v
    return best[room]


@functools.cache
def coins(amount, kinds):
    if amount == 0:
        return 1
    if amount < 0 or not kinds:
        return 0
    return coins(amount - kinds[0], kinds) + coins(amount, kinds[1:])


def increasing(items):
    tails = []
    for x in items:
        low, high = 0, len(tails)
        while low < high:
            mid = (low + high) // 2
            if tails[mid] < x:
                low = mid + 1
            else:
                high = mid
        tails[low:low + 1] = [x]
    return len(tails)


def work():
    coins.cache_clear()
    return (distance("the quick brown fox jumps over" * 2, "a lazy dog sleeps under the tree" * 2),
            knapsack([3, 5, 7, 2, 9, 4], [4, 8, 9, 3, 14, 6], 400),
            coins(300, (50, 25, 10, 5, 1)), increasing([i * 7919 % 1009 for i in range(1000)]))


bench.run(work)
