"""A bank of cellular automata, a Collatz search and a random walk: integer loops."""
import bench


def rule(number, width, steps):
    cells = [0] * width
    cells[width // 2] = 1
    alive = 0
    for _ in range(steps):
        cells = [number >> (cells[i - 1] << 2 | cells[i] << 1 | cells[(i + 1) % width]) & 1 for i in range(width)]
        alive += sum(cells)
    return alive


def collatz(limit):
    best = longest = 0
    for start in range(1, limit):
        n, steps = start, 0
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            steps += 1
        if steps > longest:
            best, longest = start, steps
    return best, longest


def walk(steps):
    x, y, seed, far = 0, 0, 42, 0
    for _ in range(steps):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        side = seed >> 16 & 3
        if side == 0:
            x += 1
        elif side == 1:
            x -= 1
        elif side == 2:
            y += 1
        else:
            y -= 1
        far = max(far, abs(x) + abs(y))
    return x, y, far


bench.run(lambda: (rule(110, 64, 60), rule(30, 64, 60), collatz(600), walk(6000)))
