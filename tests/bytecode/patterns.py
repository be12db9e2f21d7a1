def f(subject):
    match subject:
        case [1, x, *rest] if x:
            return rest
        case {"k": Point(x=0, y=value) | value} | value:
            return value
