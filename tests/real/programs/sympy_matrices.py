"""SymPy: matrices, printing in many languages, lambdify, code generation, geometry, groups, physics, statistics."""
import math
import pickle

from sympy import *
from sympy.combinatorics import DihedralGroup, Permutation, PermutationGroup, SymmetricGroup
from sympy.geometry import Circle, Line, Point, Polygon, Segment, Triangle
from sympy.parsing.sympy_parser import implicit_multiplication_application, parse_expr, standard_transformations
from sympy.physics import units
from sympy.physics.quantum import Commutator, Dagger, Ket, Operator, qapply
from sympy.printing.dot import dotprint
from sympy.printing.mathml import mathml
from sympy.stats import Die, E, Normal, P, density, variance
from sympy.tensor import Idx, IndexedBase
from sympy.utilities.codegen import codegen
from sympy.utilities.iterables import multiset_permutations, partitions, subsets
from sympy.vector import CoordSys3D, curl, divergence, gradient

x, y, z = symbols("x y z")
alpha, beta_1, x_dot = symbols("alpha beta_1 xdot")
M = Matrix([[1, 2, 0], [3, 4, 1], [0, 1, x]])
A = Matrix([[2, 1, 0], [1, 2, 1], [0, 1, 2]])
print(M, M.shape, M.T, M.det(), M.inv()[0, 0], M.rank(), M.trace(), M*A, M + A, 2*A**2, A.inv())
print(A.eigenvals(), A.eigenvects()[0], A.diagonalize(), A.charpoly(x), A.is_positive_definite, A.norm(),
    A.cholesky(), sep="\n")
print(Matrix([[1, 1], [0, 1]]).jordan_form(), A.LUdecomposition()[0], A.QRdecomposition()[1],
    Matrix([[1, 2], [2, 4]]).nullspace(), Matrix([[1, 2, 3], [4, 5, 6]]).rref(), sep="\n")
print(Matrix([[0, 1], [-1, 0]]).exp(), eye(2).row_join(zeros(2, 1)), diag(1, Matrix([[2, 3], [4, 5]])),
    ones(2, 3).reshape(3, 2), hessian(x**2*y, (x, y)), Matrix([x*y, y**2]).jacobian([x, y]))
print(A[1, :], A[:, 0].T, A.row(0), list(A)[:4], A.applyfunc(lambda e: e + 1), A.solve(Matrix([1, 2, 3])),
    Matrix(2, 2, lambda i, j: i + 2*j), SparseMatrix(3, 3, {(1, 1): 5}),
    ImmutableMatrix([[1]]).__hash__() is not None)
N_ = MatrixSymbol("N", 3, 3)
print((N_*A).shape, (N_.T*N_).doit(), Trace(N_), BlockMatrix([[N_, A]]).shape,
    Matrix([1, 2, 3]).cross(Matrix([4, 5, 6])), Matrix([1, 2]).dot(Matrix([3, 4])),
    Array([[1, 2], [3, 4]]).applyfunc(sqrt), tensorproduct(Array([1, 2]), Array([x, y])))
for wrong in (lambda: Matrix([[1, 2]])*Matrix([[1, 2]]), lambda: Matrix([[1, 2], [2, 4]]).inv(),
    lambda: Matrix([[1], [2, 3]]), lambda: A[5, 5]):
    try:
        print(wrong())
    except Exception as error:
        print(type(error).__name__, error)

expressions = [Integral(sqrt(1/x), (x, 0, oo)), x**2/(y + 1), sqrt(x + sqrt(2)), Sum(x**alpha, (x, 1, 10)),
    Derivative(Function("f")(x, y), x, 2, y), Limit(sin(x)/x, x, 0), Matrix([[x, 1/y], [alpha, beta_1]]),
               Piecewise((x, x > 0), (-x, True)), Eq(x, y**2) & (x > 1), Abs(x)*conjugate(y), exp(-x**2/2),
               binomial(x, y) + factorial(x), Interval.Lopen(0, 1) | FiniteSet(x), Product(x, (x, 1, 3)),
               x_dot*gamma(x)**2, Rational(-3, 7)*x, {x: [1, (2, y)]}, Function("g")(x).diff(x), -(x + y)*z,
               floor(x)*ceiling(y), log(x, 10), atan(x)**2, Float(1.5e-10), S.Reals, Lambda(x, x + 1), x % y,
               besselj(0, x), oo*I, Not(x), Heaviside(x)]
for expression in expressions:
    print(srepr(expression) if isinstance(expression, Basic) else expression)
    print(latex(expression))
    print(pretty(expression, use_unicode=True))
    print(pretty(expression, use_unicode=False))
print(latex(x**2/y, mode="equation"), latex(x/y, fold_short_frac=True), latex(alpha*x, symbol_names={x: "X"}),
    latex([x, y]), latex((2*x)**Rational(1, 3), root_notation=False))
e = sqrt(x)*sin(y)**2/3 + Piecewise((1, x < y), (exp(x), True)) + Max(x, 2)
print(fcode(e.args[0], standard=95), fcode(Piecewise((1, x < y), (2, True)), assign_to="r",
    source_format="free"))
for printer in (ccode, cxxcode, jscode, pycode, octave_code, mathematica_code, rust_code, julia_code,
    maple_code, rcode, glsl_code):
    print(printer.__name__, printer(e))
print(ccode(e, assign_to="r", standard="C99"), mathml(x**2 + 1), mathml(sin(x), printer="presentation"),
    dotprint(x + 2), print_tree(x*2 + y, assumptions=False), sep="\n")
for name, text in codegen(("area", pi*x**2), "C99", "circle", header=False):
    print(name, text)

compiled = lambdify([x, y], [x**2 + y, sin(x)*cos(y)], "math")
print(compiled(2, 3), lambdify(x, gamma(x) + zeta(2), "mpmath")(0.5),
    lambdify((x, (y, z)), x + y*z)(1, (2, 3)), lambdify(x, Piecewise((1, x > 0), (-1, True)))(-2),
    lambdify(x, x + 1).__doc__)
own = lambdify(x, Function("own")(x) + 1, [{"own": lambda v: v*10}, "math"])
print(own(2), lambdify([x], [x, x + 1], cse=True)(1),
    math.isclose(lambdify(x, besselj(0, x), "mpmath")(1), 0.7651976865579666))
print(pickle.loads(pickle.dumps(e)) == e, pickle.loads(pickle.dumps(M)) == M, hash(x + y) == hash(y + x))
print(parse_expr("2x + sin(y) (x+1) x",
    transformations=standard_transformations + (implicit_multiplication_application,)),
    sympify("Matrix([[1, 2]])"), sympify("[x, {y: 2}]"))
for wrong in ("x +", "1 1", "f(", ")"):
    try:
        print(sympify(wrong))
    except SympifyError as error:
        print(type(error).__name__, str(error).splitlines()[0])

a, b, c = Point(0, 0), Point(4, 0), Point(0, 3)
triangle = Triangle(a, b, c)
print(triangle.area, triangle.perimeter, triangle.incircle, triangle.circumcircle, triangle.is_right(),
    triangle.angles[a], triangle.centroid, triangle.medians[a])
print(Circle(a, 2).intersection(Line(Point(-3, 1), Point(3, 1))), Line(a, b).angle_between(Line(a, c)),
    Segment(b, c).midpoint, Polygon((0, 0), (2, 0), (2, 2), (0, 2)).encloses_point((1, 1)),
    Circle(a, 5).tangent_lines(Point(0, 5)), a.distance(Point(1, 1)), Line(b, c).equation(),
    Segment(a, b).perpendicular_bisector(), triangle.rotate(pi/2).vertices,
    convex_hull((0, 0), (1, 1), (2, 0), (1, 3)))
q = Permutation([[0, 2], [1, 3, 4]])
print(q, q.order(), q*q, ~q, q.array_form, q.parity(), q(3), SymmetricGroup(4).order(),
    DihedralGroup(5).is_abelian, len(DihedralGroup(3).elements), PermutationGroup([q]).orbits(),
    len(SymmetricGroup(3).conjugacy_classes()), SymmetricGroup(4).center().order())
print(list(multiset_permutations([1, 1, 2])), list(subsets([1, 2, 3], 2)), [dict(d) for d in partitions(4)])
print(units.convert_to(3*units.kilometer/units.hour, units.meter/units.second),
    units.convert_to(units.joule, [units.kilogram, units.meter, units.second]),
    (units.speed_of_light*units.second).args[0], units.newton.dimension)
i, j = symbols("i j", cls=Idx)
print(IndexedBase("a")[i, j]*IndexedBase("b")[j], IndexedBase("a", shape=(2, 3)).shape,
    Sum(IndexedBase("a")[i], (i, 0, 3)).doit())
R = CoordSys3D("R")
v = R.x*R.y*R.i + R.z**2*R.j
print(gradient(R.x*R.y**2), divergence(v), curl(v), v.dot(R.i), v.cross(R.j), (R.i + R.j).magnitude())
D, X = Die("D", 6), Normal("X", 0, 1)
print(P(D > 3), E(D), variance(D), density(D).dict, E(X**2), P(X > 1).evalf(8), density(X)(x), E(D, D > 2),
    P(Eq(D, 2), D < 4))
print(Commutator(Operator("A"), Operator("B")).doit(), Dagger(Ket("psi")), qapply(Operator("A")*Ket("k")))
