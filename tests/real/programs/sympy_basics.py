"""SymPy in a few lines: the tour of its documentation."""
from sympy import (Eq, Function, Integral, Matrix, Rational, Symbol, cos, diff, dsolve, exp, expand, factor,
                   init_printing, integrate, lambdify, latex, limit, log, oo, pi, pprint, pretty, series, simplify,
                   sin, solve, sqrt, srepr, symbols)

init_printing(use_unicode=True)
x, y, z = symbols("x y z")
f = Function("f")
print(sqrt(8), Rational(1, 3) + Rational(1, 6), expand((x + 2*y)**3), factor(x**3 - x**2 + x - 1), x*(x + y) - y)
print(simplify(sin(x)**2 + cos(x)**2), diff(sin(x)*exp(x), x), integrate(exp(x)*sin(x) + exp(x)*cos(x), x), integrate(1/x, x))
print(limit(sin(x)/x, x, 0), limit(log(x)/x, x, oo), series(exp(x), x, 0, 5), solve(x**2 - 2, x), solve([x + y - 2, x - y], [x, y]))
print(dsolve(Eq(f(x).diff(x), f(x)), f(x)), Matrix([[1, 2], [2, 2]]).eigenvals(), Matrix([[1, 2], [3, 4]])**-1)
print(latex(Integral(cos(x)**2, (x, 0, pi))), srepr(x + y/2), pi.evalf(50), Symbol("n", integer=True).is_real)
print(pretty(Integral(sqrt(1/x), x)), lambdify(x, x**2 + 1)(3), (x + y).subs(x, 1), x**2 == x*x, Eq(x, y))
pprint(Matrix([[x, 1/y], [x**2, sqrt(z)]]))
