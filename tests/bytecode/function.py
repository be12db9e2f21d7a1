def mean(values, *, start=0):
    """The arithmetic mean."""
    total = start
    count = 0
    for value in values:
        total += value
        count += 1
    if count == 0:
        raise ValueError("empty")
    return total / count
