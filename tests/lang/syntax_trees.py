"""compile(..., PyCF_ONLY_AST) and ast.parse: classes, fields, positions, constants."""
import ast

tree = ast.parse('x: int = 10**20; f"{a!r:>{w}}"; b"q"; 3j; [*a, ...]')
assert ast.dump(tree.body[0]) == (
    "AnnAssign(target=Name(id='x', ctx=Store()), annotation=Name(id='int', ctx=Load()), "
    "value=BinOp(left=Constant(value=10), op=Pow(), right=Constant(value=20)), simple=1)")
assert ast.dump(tree.body[1]) == (
    "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), conversion=114, "
    "format_spec=JoinedStr(values=[Constant(value='>'), FormattedValue(value=Name(id='w', ctx=Load()), "
    "conversion=-1)]))]))")
assert [s.value.value for s in tree.body[2:4]] == [b'q', 3j]
assert tree.body[4].value.elts[1].value is ...

big = ast.parse('123456789012345678901234567890', mode='eval').body
assert big.value == 123456789012345678901234567890
assert (big.lineno, big.col_offset, big.end_lineno, big.end_col_offset) == (1, 0, 1, 30)
assert type(ast.parse('1\n', mode='single')) is ast.Interactive
assert ast.literal_eval("{'a': [1, 2.5, None, True], 'b': {1, -2}}") == {'a': [1, 2.5, None, True], 'b': {1, -2}}
assert isinstance(tree, ast.AST) and compile(tree, 'f', 'exec', ast.PyCF_ONLY_AST) is not None

function = ast.parse('def f(a, /, b=1, *c, d, **e) -> int:\n  "doc"\n').body[0]
assert ast.get_docstring(function) == 'doc' and [a.arg for a in function.args.posonlyargs] == ['a']
assert ast.unparse(function).startswith('def f(a, /, b=1, *c, d, **e) -> int:')
assert {type(n).__name__ for n in ast.walk(ast.parse('match x:\n case [1, *y]: pass'))} >= {
    'MatchSequence', 'MatchStar', 'MatchValue'}

try:
    ast.parse('f(')
except SyntaxError as e:
    assert e.msg == "'(' was never closed"
else:
    assert False
