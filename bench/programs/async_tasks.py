"""Coroutines under a small scheduler: await chains, async for and async with."""
import bench


class Sleep:
    def __await__(self):
        return (yield "sleep")


class Lock:
    def __init__(self):
        self.held = 0

    async def __aenter__(self):
        self.held += 1
        await Sleep()
        return self

    async def __aexit__(self, *exc):
        self.held -= 1


async def numbers(n):
    for i in range(n):
        if i % 4 == 0:
            await Sleep()
        yield i


async def leaf(x):
    await Sleep()
    return x + 1


async def middle(x):
    return await leaf(x) + await leaf(x + 1)


async def worker(lock, n, results):
    total = 0
    async for i in numbers(n):
        total += await middle(i)
        if i % 8 == 0:
            async with lock:
                total += lock.held
    results.append(total)


def work():
    lock, results = Lock(), []
    ready = [worker(lock, 40, results) for _ in range(20)]
    steps = 0
    while ready:
        waiting = []
        for task in ready:
            try:
                task.send(None)
                waiting.append(task)
            except StopIteration:
                pass
            steps += 1
        ready = waiting
    return sum(results), steps


bench.run(work)
