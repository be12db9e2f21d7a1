"""Warms a probe up, changes something, asks again at once."""
N = 2000


def warm(probe, *args):
    for _ in range(N):
        probe(*args)


def outcome(probe, *args):
    try:
        return probe(*args)
    except Exception as e:
        return type(e)


def steps(probe, args, *changes):
    """Each change is (what to do, or None; the result or exception type after it)."""
    for number, (change, expected) in enumerate(changes):
        if change is not None:
            change()
        for when in 'at once', 'hot':
            got = outcome(probe, *args)
            assert got == expected and type(got) is type(expected), (number, when, got, expected)
            for _ in range(N):
                outcome(probe, *args)
        got = outcome(probe, *args)
        assert got == expected, (number, 'later', got, expected)


def in_loop(probe, args, change, before, after):
    """The change comes in the midst of one loop."""
    for i in range(N):
        if i == N // 2:
            change()
        got = outcome(probe, *args)
        assert got == (before if i < N // 2 else after), (i, got)
