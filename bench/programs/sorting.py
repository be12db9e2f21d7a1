"""Sorting with keys, heaps by hand, and bisecting."""
import bench


def work():
    x = 12345
    items = []
    for _ in range(12000):
        x = (x * 1103515245 + 12345) % 2147483648
        items.append((x % 1000, x))
    by_key = sorted(items, key=lambda pair: (-pair[0], pair[1] % 7))
    plain = sorted(item[1] for item in items)
    low, high, steps = 0, len(plain), 0
    for _, value in items[:3000]:
        low, high = 0, len(plain)
        while low < high:
            mid = (low + high) // 2
            steps += 1
            if plain[mid] < value:
                low = mid + 1
            else:
                high = mid
    return by_key[0], by_key[-1], steps


bench.run(work)
