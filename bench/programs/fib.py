"""Plain recursion."""
import bench


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


bench.run(lambda: fib(24))
