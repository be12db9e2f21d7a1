"""The classes of the abstract syntax tree, made from a table of their fields."""

PyCF_ONLY_AST = 0x400
PyCF_TYPE_COMMENTS = 0x1000
PyCF_ALLOW_TOP_LEVEL_AWAIT = 0x2000
PyCF_OPTIMIZED_AST = 0x8000 | PyCF_ONLY_AST

# A line that is not indented makes a class directly below AST; `@` says that its nodes
# have a position, `@!` that this always has an end. After `=` its variants follow, on the
# same line those without fields, then indented; after `:` come a class's own fields.
_TABLE = """
mod =
  Module: stmt* body, type_ignore* type_ignores
  Interactive: stmt* body
  Expression: expr body
  FunctionType: expr* argtypes, expr returns
stmt@ =
  FunctionDef: identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params
  AsyncFunctionDef: identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params
  ClassDef: identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params
  Return: expr? value
  Delete: expr* targets
  Assign: expr* targets, expr value, string? type_comment
  TypeAlias: expr name, type_param* type_params, expr value
  AugAssign: expr target, operator op, expr value
  AnnAssign: expr target, expr annotation, expr? value, int simple
  For: expr target, expr iter, stmt* body, stmt* orelse, string? type_comment
  AsyncFor: expr target, expr iter, stmt* body, stmt* orelse, string? type_comment
  While: expr test, stmt* body, stmt* orelse
  If: expr test, stmt* body, stmt* orelse
  With: withitem* items, stmt* body, string? type_comment
  AsyncWith: withitem* items, stmt* body, string? type_comment
  Match: expr subject, match_case* cases
  Raise: expr? exc, expr? cause
  Try: stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody
  TryStar: stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody
  Assert: expr test, expr? msg
  Import: alias* names
  ImportFrom: identifier? module, alias* names, int? level
  Global: identifier* names
  Nonlocal: identifier* names
  Expr: expr value
  Pass:
  Break:
  Continue:
expr@ =
  BoolOp: boolop op, expr* values
  NamedExpr: expr target, expr value
  BinOp: expr left, operator op, expr right
  UnaryOp: unaryop op, expr operand
  Lambda: arguments args, expr body
  IfExp: expr test, expr body, expr orelse
  Dict: expr?* keys, expr* values
  Set: expr* elts
  ListComp: expr elt, comprehension* generators
  SetComp: expr elt, comprehension* generators
  DictComp: expr key, expr value, comprehension* generators
  GeneratorExp: expr elt, comprehension* generators
  Await: expr value
  Yield: expr? value
  YieldFrom: expr value
  Compare: expr left, cmpop* ops, expr* comparators
  Call: expr func, expr* args, keyword* keywords
  FormattedValue: expr value, int conversion, expr? format_spec
  Interpolation: expr value, constant str, int conversion, expr? format_spec
  JoinedStr: expr* values
  TemplateStr: expr* values
  Constant: constant value, string? kind
  Attribute: expr value, identifier attr, expr_context ctx
  Subscript: expr value, expr slice, expr_context ctx
  Starred: expr value, expr_context ctx
  Name: identifier id, expr_context ctx
  List: expr* elts, expr_context ctx
  Tuple: expr* elts, expr_context ctx
  Slice: expr? lower, expr? upper, expr? step
expr_context = Load Store Del
boolop = And Or
operator = Add Sub Mult MatMult Div Mod Pow LShift RShift BitOr BitXor BitAnd FloorDiv
unaryop = Invert Not UAdd USub
cmpop = Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn
comprehension: expr target, expr iter, expr* ifs, int is_async
excepthandler@ =
  ExceptHandler: expr? type, identifier? name, stmt* body
arguments: arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr?* kw_defaults, arg? kwarg, expr* defaults
arg@: identifier arg, expr? annotation, string? type_comment
keyword@: identifier? arg, expr value
alias@: identifier name, identifier? asname
withitem: expr context_expr, expr? optional_vars
match_case: pattern pattern, expr? guard, stmt* body
pattern@! =
  MatchValue: expr value
  MatchSingleton: constant value
  MatchSequence: pattern* patterns
  MatchMapping: expr* keys, pattern* patterns, identifier? rest
  MatchClass: expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns
  MatchStar: identifier? name
  MatchAs: pattern? pattern, identifier? name
  MatchOr: pattern* patterns
type_ignore =
  TypeIgnore: int lineno, string tag
type_param@! =
  TypeVar: identifier name, expr? bound, expr? default_value
  ParamSpec: identifier name, expr? default_value
  TypeVarTuple: identifier name, expr? default_value
"""

_Optional = type(int | None)
_Sequence = type(list[int])


def _name(cls):
    return "ast.AST" if cls is AST else cls.__name__


def _deprecated(message):
    import warnings
    warnings.warn(message, DeprecationWarning, stacklevel=3)


class AST:
    __module__ = "ast"
    _fields = _attributes = __match_args__ = ()

    def __init__(self, /, *args, **kwargs):
        cls = type(self)
        fields = getattr(cls, "_fields", ())
        most = len(fields)
        if len(args) > most:
            plural = "" if most == 1 else "s"
            raise TypeError(f"{cls.__name__} constructor takes at most {most} positional argument{plural}")
        missing = dict.fromkeys(fields)
        for field, value in zip(fields, args):
            setattr(self, field, value)
            missing.pop(field, None)
        for key, value in kwargs.items():
            if key in missing:
                del missing[key]
            elif key in fields:
                raise TypeError(f"{_name(cls)} got multiple values for argument {key!r}")
            elif key not in getattr(cls, "_attributes", ()):
                _deprecated(f"{_name(cls)}.__init__ got an unexpected keyword argument {key!r}. Support for "
                            "arbitrary keyword arguments is deprecated and will be removed in Python 3.15.")
            setattr(self, key, value)
        if not missing:
            return
        types = getattr(cls, "_field_types", None)
        if types is None:
            return
        for field in missing:
            if field not in types:
                _deprecated(f"Field {field!r} is missing from {_name(cls)}._field_types. "
                            "This will become an error in Python 3.15.")
                continue
            wanted = types[field]
            kind = type(wanted)
            if kind is _Optional:
                pass  # the class has None
            elif kind is _Sequence:
                setattr(self, field, [])
            elif wanted is expr_context:
                setattr(self, field, _load)
            else:
                _deprecated(f"{_name(cls)}.__init__ missing 1 required positional argument: {field!r}. "
                            "This will become an error in Python 3.15.")

    def __repr__(self):
        return _repr_node(self, 3)

    # The leading fields are passed as None, so that making the copy warns of none that is missing.
    def __reduce__(self):
        state = self.__dict__.copy()
        leading = 0
        for field in type(self)._fields:
            if field not in state:
                break
            leading += 1
        return type(self), (None,) * leading, state

    def __replace__(self, /, *args, **changes):
        if args:
            raise TypeError("__replace__() takes no positional arguments")
        cls = type(self)
        fields = getattr(cls, "_fields", ())
        attributes = getattr(cls, "_attributes", ())
        types = getattr(cls, "_field_types", {})
        state = self.__dict__
        for key in changes:
            if key not in fields and key not in attributes:
                raise TypeError(f"{_name(cls)}.__replace__ got an unexpected keyword argument {key!r}.")
        missing = sorted({repr(field) for field in fields
                          if field not in changes and field not in state and field not in attributes
                          and type(types.get(field)) is not _Optional})
        if missing:
            plural = "" if len(missing) == 1 else "s"
            raise TypeError(f"{_name(cls)}.__replace__ missing {len(missing)} keyword argument{plural}: "
                            f"{', '.join(missing)}.")
        kept = {key: state[key] for key in (*fields, *attributes) if key in state}
        return cls(**(kept | changes))


_active = set()  # the ids of the nodes whose repr is being made


def _repr_node(node, depth):
    name = _name(type(node))
    key = id(node)
    if depth <= 0 or key in _active:
        return f"{name}(...)"
    _active.add(key)
    try:
        parts = []
        for field in type(node)._fields:
            value = getattr(node, field)
            if isinstance(value, (list, tuple)):
                text = _repr_items(value, depth - 1)
            else:
                text = _repr_value(value, depth - 1)
            parts.append(f"{field}={text}")
        return f"{name}({', '.join(parts)})"
    finally:
        _active.discard(key)


def _repr_value(value, depth):
    return _repr_node(value, depth) if isinstance(value, AST) else repr(value)


def _repr_items(items, depth):
    if not items:
        return repr(items)
    text = _repr_value(items[0], depth)
    if len(items) > 1:
        text += ", ..., " if len(items) > 2 else ", "
        text += _repr_value(items[-1], depth)
    return f"[{text}]" if isinstance(items, list) else f"({text})"


def _build():
    made = {"identifier": str, "string": str, "int": int, "constant": object}
    todo = []      # (class, its fields' types and names)
    variants = {}  # an abstract class: the signatures of its variants

    def make(name, base, fields, own):
        pairs = [field.split() for field in fields.split(", ")] if fields else []
        names = tuple([field for _, field in pairs])
        space = {"__module__": "ast", "__doc__": f"{name}({fields})" if fields else name,
                 "_fields": names, "__match_args__": names, **own}
        for kind, field in pairs:
            if kind.endswith("?"):
                space[field] = None
        cls = made[name] = globals()[name] = type(name, (base,), space)
        todo.append((cls, pairs))
        if base in variants:
            variants[base].append(cls.__doc__)
        return cls

    for line in _TABLE.strip().split("\n"):
        head, sign, rest = line.partition("=" if "=" in line else ":")
        name, rest = head.strip(), rest.strip()
        if line.startswith(" "):
            make(name, parent, rest, {})
            continue
        name, at, end = name.partition("@")
        own = {"_attributes": ("lineno", "col_offset", "end_lineno", "end_col_offset") if at else ()}
        if at and not end:
            own["end_lineno"] = own["end_col_offset"] = None
        if sign == ":":
            make(name, AST, rest, own)
            continue
        parent = make(name, AST, "", own)
        variants[parent] = []
        for variant in rest.split():
            make(variant, parent, "", {})

    for cls, pairs in todo:
        if cls in variants:
            signatures = variants[cls]
            bar = " | "
            if any("(" in signature for signature in signatures):
                bar = "\n" + " " * (len(cls.__name__) + 1) + "| "
            cls.__doc__ = f"{cls.__name__} = {bar.join(signatures)}"
            continue
        types = {}
        for kind, field in pairs:
            wanted = made[kind.rstrip("?*")]
            types[field] = list[wanted] if kind.endswith("*") else wanted | None if kind.endswith("?") else wanted
        cls._field_types = types
        cls.__annotations__ = types


_build()
_load = Load()  # the context of a node made without one
del _build, _TABLE
