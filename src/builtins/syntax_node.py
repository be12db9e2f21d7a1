"""ast.AST; the classes below it are made from frontend/ast.asdl (syntax_classes.cpp)."""
not_a_module()


@layout("Object", type="syntaxNodeType", module="ast", prefix="syntaxNode", flags="gc basetype managed_dict mutable")
class AST(object):
    def __init__(self, *args: raw): ...
    def __repr__(self, /): ...

    @property
    def __dict__(self): ...
    @__dict__.setter
    def __dict__(self, value): ...

    def __reduce__(self, /): ...
    def __replace__(self, *args: raw):
        """Return a copy of the AST node with new values for the specified fields."""
