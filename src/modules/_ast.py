"""_ast: the classes of syntax trees."""


def __exec__(module): ...
