async def f(a):
    async with a as b:
        async for c in b:
            yield await c
def g(a):
    x = yield a
    return (yield from x)
