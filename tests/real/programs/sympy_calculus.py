"""SymPy: algebra, calculus, equations, series, sums, transforms, number theory, sets, logic."""
from sympy import *
from sympy.parsing.sympy_parser import parse_expr

x, y, z, t, a, b = symbols("x y z t a b")
n, k = symbols("n k", integer=True, positive=True)
p = symbols("p", positive=True)
r = symbols("r", real=True)
f, g = symbols("f g", cls=Function)


def show(title, *values):
    for value in values:
        print(f"{title}: {value}")


show("simplify", simplify(sin(x)**2 + cos(x)**2), simplify((x**3 + x**2 - x - 1)/(x**2 + 2*x + 1)),
     simplify(gamma(n)/gamma(n - 2)), trigsimp(sin(x)*tan(x)/sec(x)), expand_trig(cos(x + 2*y)),
     powsimp(x**a*x**b), expand_log(log(p*x**2), force=True), logcombine(a*log(x) + log(y), force=True),
     radsimp(1/(sqrt(3) + sqrt(2))), sqrtdenest(sqrt(5 + 2*sqrt(6))), nsimplify(0.1 + 0.2),
     combsimp(binomial(n, k)/binomial(n - 1, k)),
     hyperexpand(hyper([1, 1], [2], z)), together(1/x + 1/y), ratsimp(1/x + 1/y),
     cse([sqrt(x + y) + x + y, sqrt(x + y)]),
     tan(x).rewrite(sin), collect(x*y + x - 3 + 2*x**2 - z*x**2 + x**3, x),
     besselj(Rational(1, 2), x).rewrite(sin))
show("polynomials", expand((x + y - 1)**4), factor(x**6 - 1), factor(x**2 + 1, extension=I),
    factor_list(2*x**4 - 2*y**4),
     cancel((x**2 + 2*x + 1)/(x**2 + x)), apart(1/(x**4 - 1)), apart(1/(x**2 - 2), x, extension=sqrt(2)),
     gcd(x**4 - 1, x**6 - 1), lcm(x*y, y*z),
     div(x**3 - 1, x**2 + 1), resultant(x**2 - 1, x**3 + x + 1, x), discriminant(a*x**2 + b*x + z, x),
     Poly(x**2 + 2*x*y, x, domain=ZZ[y]),
     Poly(x**5 - 3*x + 1).count_roots(), [root.evalf(12) for root in Poly(x**5 - 3*x + 1).real_roots()],
     groebner([x**2 + y**2 - 1, x*y - 2], x, y, order="lex"),
     minimal_polynomial(sqrt(2) + sqrt(3), x), cyclotomic_poly(12, x), legendre_poly(4, x),
     interpolate([(1, 1), (2, 4), (3, 9)], x),
     Poly(x**3 - x - 1, modulus=5), factor(x**4 + 1, modulus=3), horner(x**3 + 2*x**2 + 3),
     sqf_list(x**5 - x**4 - 2*x**3 + 2*x**2 + x - 1), decompose(x**4 + 2*x**2 + 3))
show("derivatives", diff(sin(x)*exp(x**2), x), diff(x**x, x, 2), diff(f(g(x)), x),
    Derivative(f(x)*x, x).doit(), diff(atan2(y, x), x),
     idiff(x**2 + y**2 - 4, y, x), (x**2*f(x)).diff(x, 2), Derivative(sin(x), x).as_finite_difference())
show("integrals", integrate(x**2*exp(x)*cos(x), x), integrate(exp(-x**2), (x, -oo, oo)),
    integrate(1/(x**3 + 1), x), integrate(log(x)**2, x),
     integrate(sin(x)**4, (x, 0, pi)), integrate(sqrt(1 - x**2), (x, -1, 1)),
     integrate(exp(-p*x)*x**3, (x, 0, oo)), integrate(x*y, (x, 0, y), (y, 0, 1)),
     integrate(sin(x)/x, x), integrate(f(x), x), integrate(1/(x**2 + a**2), x),
     Integral(x**x, (x, 0, 1)).evalf(15), integrate(Piecewise((x, x < 1), (1, True)), (x, 0, 2)))
show("limits", limit(sin(x)/x, x, 0), limit((1 + 1/x)**x, x, oo), limit(1/x, x, 0, "-"),
    limit((exp(x) - 1 - x)/x**2, x, 0), limit(x**x, x, 0, "+"), Limit(1/x, x, 0))
show("series", series(cos(x), x, 0, 8), series(exp(sin(x)), x, 0, 6), series(1/(1 - x - x**2), x, 0, 7),
    log(1 + x).series(x, 0, 5).removeO(), sqrt(x).series(x, 1, 3), (1/sin(x)).series(x, 0, 6), O(x**2) + x)
show("sums", summation(k**2, (k, 1, n)), summation(1/k**2, (k, 1, oo)), factor(summation(k**3, (k, 1, n))),
    product(k, (k, 1, n)), summation(Rational(1, 2)**k, (k, 0, oo)), Sum(1/k, (k, 1, 10)).doit(),
    Sum(1/k, (k, 1, oo)).is_convergent(), Product(1 + 1/k, (k, 1, n)).doit())
show("solve", solve(x**2 - 2, x), solve(x**3 - 3*x + 1, x)[0].evalf(10),
    solve([x + y - 3, x - y - 1], [x, y]), solve([x**2 + y**2 - 5, x*y - 2], [x, y]),
     solve(exp(x) - 5, x), solve(sqrt(x + 1) - x + 1, x), solve(a*x**2 + b*x + z, x), solve(x > x**2, x),
     solve(Abs(r - 1) - 2, r), solve(f(x) - x, f(x)),
     solveset(sin(x), x, Interval(0, 10)), solveset(x**2 + 1, x, S.Reals), solveset(exp(x) - 1, x),
     linsolve([x + 2*y - 1, x - y + z], (x, y, z)), nonlinsolve([x**2 - y, x + y], [x, y]),
     reduce_inequalities([x > 1, x**2 < 9], x), nsolve(cos(x) - x, 1),
     nsolve([x**2 + y - 3, x - y], [x, y], [1, 1]).T, diophantine(3*x + 4*y - 7), roots(x**4 - 5*x**2 + 4),
     rsolve(f(n + 1) - 2*f(n) - 1, f(n), {f(0): 1}))
show("differential equations", dsolve(f(x).diff(x, 2) + 9*f(x)), dsolve(f(x).diff(x) - f(x)*x, ics={f(0): 2}),
    dsolve(f(x).diff(x) + f(x)/x - x**2), dsolve(f(x).diff(x, 2) - 2*f(x).diff(x) + f(x) - exp(x)),
     classify_ode(f(x).diff(x) - f(x)**2)[:4], checkodesol(f(x).diff(x) - 1, Eq(f(x), x + 1)),
     dsolve([f(t).diff(t) - g(t), g(t).diff(t) + f(t)]))
show("transforms", laplace_transform(t*exp(-a*t), t, z, noconds=True),
    inverse_laplace_transform(1/(z**2 + 1), z, t), fourier_transform(exp(-x**2), x, k),
    fourier_series(x, (x, -pi, pi)).truncate(3), mellin_transform(exp(-x), x, z))
show("numbers", factorint(2**64 - 1), isprime(2**61 - 1), list(primerange(30, 60)), prime(100), primepi(1000),
    totient(360), divisors(60), mobius(30), nextprime(10**6), gcdex(12, 18), mod_inverse(7, 26),
     jacobi_symbol(7, 15), primitive_root(23), sqrt_mod(2, 7, True), discrete_log(41, 15, 7),
     continued_fraction(sqrt(7)), bernoulli(10), fibonacci(50), catalan(10), harmonic(6), euler(8), bell(7),
     factorial2(9), subfactorial(5), npartitions(50), multiplicity(2, 96), perfect_power(64),
     binomial(40, 20), primorial(5))
show("evaluation", N(pi, 60), sqrt(2).evalf(30), E.n(25), zeta(3).evalf(20), (sin(1)**2 + cos(1)**2).evalf(),
    exp(I*pi), (1 + I)**8, gamma(Rational(7, 2)), erf(1).evalf(), LambertW(1).evalf(15), EulerGamma.evalf(20),
    re(exp(1 + I)), arg(1 + I), Rational(3, 7) + Rational(1, 3), Float("1.1", 20)*3, nan + 1, oo - 1, zoo*2,
    sqrt(-8), root(27, 3), (2**Rational(1, 3)).evalf(15), Max(1, x, 3), floor(-2.5), ceiling(pi), Mod(17, 5),
    7 % S(3), sign(-x).subs(x, 2), Integer(7)//2)
show("substitution", (x**2 + y).subs({x: y, y: 2}), (x + y).subs([(x, y), (y, z)]),
    (x**2 + 1).replace(lambda e: e.is_Pow, lambda e: e.base), sin(x).xreplace({x: y}),
    (x*y*z).match(Wild("w")*x), (2*x + 3).as_coefficients_dict(), (x + y*2).args, sin(cos(x)).atoms(Function),
    Lambda(x, x**2)(3), (x**2).free_symbols, list(preorder_traversal(x*y + 1)), (x**2 + 2*x).coeff(x),
    Poly(3*x**2 + 1, x).all_coeffs(), (x + 1).is_polynomial(), (sin(x)*2).as_independent(x), Eq(x, y).lhs,
    (x/y).as_numer_denom(), sympify("x**2 + 2/3*sin(y)"), parse_expr("2*x + y**-1"), S("1/3 + x"))
show("assumptions", sqrt(x**2), sqrt(p**2), (n*p).is_positive, (x**2).is_nonnegative,
    Symbol("r", real=True).is_complex, ask(Q.even(2*n)), ask(Q.positive(x), Q.positive(x)),
    refine(Abs(x), Q.negative(x)), log(exp(p)), conjugate(n), cos(pi*n), (-1)**(2*n),
    Abs(Symbol("i", imaginary=True)))
show("sets", Interval(0, 5) & Interval.open(3, 8), Union(Interval(0, 1), FiniteSet(3, 4)),
    Interval(0, 3) - FiniteSet(1), S.Reals.contains(pi), ProductSet(FiniteSet(1, 2), FiniteSet(3)).args,
    list(Range(0, 10, 3)), ImageSet(Lambda(x, x**2), S.Integers).contains(9), FiniteSet(1, 2, 3).powerset(),
    Interval(0, 1).measure, Complement(S.Reals, Interval(-1, 1)), ConditionSet(x, sin(x) > 0, Interval(0, 4)),
    Interval(1, 3).is_subset(Interval(0, 5)))
show("logic", to_cnf((x & y) | z), to_dnf(x & (y | z)), simplify_logic((x & y) | (x & ~y)),
    satisfiable(x & ~y), satisfiable(x & ~x), Implies(x, y).to_nnf(),
    SOPform([x, y, z], [[0, 0, 1], [1, 1, 1]]), POSform([x, y], [[0, 1]]), Xor(x, True), Equivalent(x, y),
    ITE(x, y, z), Not(And(x, y)).simplify())
show("piecewise", Piecewise((x**2, x < 0), (x, True)).diff(x), Piecewise((1, x > 1), (2, x <= 1)).subs(x, 0),
    piecewise_fold(x*Piecewise((1, x > 0), (2, True))), Heaviside(x).diff(x), KroneckerDelta(1, 1),
    DiracDelta(x).diff())
