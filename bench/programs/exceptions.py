"""Raising, catching and cleaning up."""
import bench


class Stop(Exception):
    pass


def check(i):
    if i % 3 == 0:
        raise Stop(i)
    if i % 5 == 0:
        raise ValueError("five")
    return i


def work():
    total = 0
    for i in range(20000):
        try:
            total += check(i)
        except Stop as stop:
            total -= stop.args[0]
        except ValueError:
            total += 1
        finally:
            total += 2
    return total


bench.run(work)
