"""compile() of trees that a program changed or built, and its checks."""
import ast
import copy
import pickle


def fails(kind, text, tree, mode="exec"):
    try:
        compile(tree, "t", mode)
    except kind as error:
        assert text in str(error), str(error)
    else:
        raise AssertionError(text)


AT = dict(lineno=1, col_offset=0)


def name(id, ctx=None):
    return ast.Name(id, ctx or ast.Load(), **AT)


def number(value):
    return ast.Constant(value, **AT)


def module(*body):
    return ast.Module(list(body), [])


# A tree that was parsed, changed and run.
class Negate(ast.NodeTransformer):
    def visit_Constant(self, node):
        return ast.copy_location(ast.UnaryOp(ast.USub(), node), node)


source = """
def f(a, *b, c=4, **d):
    return [a + i for i in b] + [c, sorted(d)]
class C[T](list):
    x: int = 1
result = [f(1, 2, 3, z=5), C.x, f"{1!r:>3}", 1 < 2 < 3, {**{1: 2}}]
match result:
    case [[*_], 1 | -1, *rest]:
        matched = len(rest)
"""
space = {}
exec(compile(ast.parse(source), "t", "exec"), space)
assert space["result"] == [[3, 4, 4, ["z"]], 1, "  1", True, {1: 2}], space["result"]
assert space["matched"] == 3
changed = ast.fix_missing_locations(Negate().visit(ast.parse("y = [1, 2]")))
exec(compile(changed, "t", "exec"), space)
assert space["y"] == [-1, -2]
assert eval(compile(ast.Expression(number((1, frozenset({2}), 10**30, b"x", 2j, ..., None))), "t", "eval")) \
    == (1, frozenset({2}), 10**30, b"x", 2j, ..., None)
code = compile(ast.Interactive([ast.Pass(**AT)]), "t", "single")
assert exec(code) is None

# A copy is as good.
tree = ast.parse(source)
for other in (copy.deepcopy(tree), pickle.loads(pickle.dumps(tree))):
    assert ast.dump(other, include_attributes=True) == ast.dump(tree, include_attributes=True)
    compile(other, "t", "exec")

# What is missing, or something else.
fails(TypeError, "expected Module node, got Expression", ast.Expression(number(1)))
fails(TypeError, 'required field "lineno" missing from expr', ast.Expression("x"), "eval")
fails(TypeError, "expected some sort of expr, but got expr()", module(ast.Expr(ast.expr(**AT), **AT)))
fails(TypeError, "expected some sort of operator, but got Load()",
      ast.Expression(ast.BinOp(number(1), ast.Load(), number(1), **AT)), "eval")
fails(TypeError, 'required field "lineno" missing from expr', ast.Expression(ast.Name("x")), "eval")
fails(TypeError, 'Module field "body" must be a list, not a str', ast.Module("x", []))
fails(TypeError, "AST identifier must be of type str", ast.Expression(name(1)), "eval")
fails(TypeError, "got an invalid type in Constant: list", ast.Expression(number([])), "eval")
fails(ValueError, "invalid integer value: 'x'", module(ast.Pass(lineno="x", col_offset=0)))
fails(OverflowError, "too large", module(ast.Pass(lineno=2**40, col_offset=0)))
fails(ValueError, "field 'value' is required for Expr", module(ast.Expr(None, **AT)))
fails(ValueError, "None disallowed in statement list", module(None))
fails(ValueError, "None disallowed in expression list", ast.Expression(ast.List([None], ast.Load(), **AT)), "eval")
fails(ValueError, "empty body on While", module(ast.While(number(1), [], [], **AT)))
fails(ValueError, "Dict doesn't have the same number of keys as values",
      ast.Expression(ast.Dict([number(1)], [], **AT)), "eval")
fails(ValueError, "expression must have Store context but has Load instead",
      module(ast.Assign([name("x")], number(1), **AT)))
fails(ValueError, "identifier field can't represent 'None' constant", ast.Expression(name("None")), "eval")
fails(ValueError, "AST node line range (5, 3) is not valid",
      module(ast.Pass(lineno=5, col_offset=0, end_lineno=3, end_col_offset=0)))
fails(TypeError, "NamedExpr target must be a Name", ast.Expression(ast.NamedExpr(
    ast.Attribute(name("a"), "b", ast.Store(), **AT), number(1), **AT)), "eval")
fails(SyntaxError, "'return' outside function", module(ast.Return(None, **AT)))

# Nodes in nodes without end.
loop = ast.UnaryOp(ast.Not(), number(1), **AT)
loop.operand = loop
fails(RecursionError, "", ast.Expression(loop), "eval")
deep = number(1)
for _ in range(100_000):
    deep = ast.UnaryOp(ast.Not(), deep, **AT)
fails(RecursionError, "", ast.Expression(deep), "eval")
del deep

# A list that changes while it is read.
class Meddler:
    pass


body = [ast.Pass(**AT), ast.Pass(**AT)]


class Late(ast.Pass):
    @property
    def lineno(self):
        body.append(None)
        return 1


body[0] = Late(col_offset=0)
fails(RuntimeError, "changed size during iteration", ast.Module(body, []))

# Parts of an f-string that are no text fail when it runs, as any other program.
joined = ast.Expression(ast.JoinedStr([ast.Constant("a", **AT), number(1), ast.Constant("b", **AT)], **AT))
code = compile(joined, "t", "eval")

# Optimized trees.
def optimized(text, level=1):
    return ast.dump(ast.parse(text, optimize=level).body[0])


assert optimized("__debug__") == "Expr(value=Constant(value=False))"
assert optimized("'%s-%4r%%' % (a, b)") == (
    "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), conversion=115), "
    "Constant(value='-'), FormattedValue(value=Name(id='b', ctx=Load()), conversion=114, "
    "format_spec=Constant(value='>4')), Constant(value='%')]))")
assert "BinOp" in optimized("'%d' % (a,)") and "BinOp" in optimized("'%s' % (*a,)")
assert "MatchValue(value=Constant(value=(1-2j)))" in optimized("match a:\n case 1-2j: pass")
assert optimized("def f():\n 'doc'", 2) == "FunctionDef(name='f', args=arguments(), body=[Pass()])"
assert optimized("1 + 2").count("BinOp") == 1

# Modes and flags.
assert ast.dump(ast.parse("(int, *str) -> bool", mode="func_type")) == (
    "FunctionType(argtypes=[Name(id='int', ctx=Load()), Name(id='str', ctx=Load())], "
    "returns=Name(id='bool', ctx=Load()))")
top = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
assert compile("await x", "t", "exec", top).co_flags & 0x80
for text in ("def f(): await x", "class C: await x", "lambda: [i async for i in x]"):
    try:
        compile(text, "t", "exec", top)
    except SyntaxError:
        pass
    else:
        raise AssertionError(text)
