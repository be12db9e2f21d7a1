"""Functions and constants of the C library's mathematics."""


def acos(x: float, /):
    """Return the arc cosine of x."""

def acosh(x: float, /):
    """Return the inverse hyperbolic cosine of x."""

def asin(x: float, /):
    """Return the arc sine of x."""

def asinh(x: float, /):
    """Return the inverse hyperbolic sine of x."""

def atan(x: float, /):
    """Return the arc tangent of x."""

def atanh(x: float, /):
    """Return the inverse hyperbolic tangent of x."""

def cbrt(x: float, /):
    """Return the cube root of x."""

def cos(x: float, /):
    """Return the cosine of x."""

def cosh(x: float, /):
    """Return the hyperbolic cosine of x."""

def erf(x: float, /):
    """Return the error function of x."""

def erfc(x: float, /):
    """Return the complementary error function of x."""

def exp(x: float, /):
    """Return e raised to the power of x."""

def exp2(x: float, /):
    """Return 2 raised to the power of x."""

def expm1(x: float, /):
    """Return exp(x)-1 of x."""

def gamma(x: float, /):
    """Return the gamma function of x."""

def lgamma(x: float, /):
    """Return the logarithm of the absolute value of the gamma function of x."""

def log1p(x: float, /):
    """Return the natural logarithm of 1+x of x."""

def sin(x: float, /):
    """Return the sine of x."""

def sinh(x: float, /):
    """Return the hyperbolic sine of x."""

def sqrt(x: float, /):
    """Return the square root of x."""

def tan(x: float, /):
    """Return the tangent of x."""

def tanh(x: float, /):
    """Return the hyperbolic tangent of x."""

def fabs(x: float, /) -> float:
    """Return the absolute value of x as a float."""

def degrees(x: float, /) -> float:
    """Convert angle x from radians to degrees."""

def radians(x: float, /) -> float:
    """Convert angle x from degrees to radians."""

def isfinite(x: float, /) -> bool:
    """Whether x is neither an infinity nor a NaN."""

def isinf(x: float, /) -> bool:
    """Whether x is an infinity of either sign."""

def isnan(x: float, /) -> bool:
    """Whether x is a NaN."""

def copysign(x: float, y: float, /) -> float:
    """Return x with the sign of y."""

def atan2(y: float, x: float, /) -> float:
    """Return the arc tangent of y/x; the signs of both choose the quadrant."""

def fmod(x: float, y: float, /):
    """Return fmod(x, y) as C defines it."""

def remainder(x: float, y: float, /):
    """The difference between x and the closest integer multiple of y."""

def pow(x: float, y: float, /):
    """Return x to the power of y."""

def fma(x: float, y: float, z: float, /):
    """Return x*y+z, rounded once."""

def frexp(x: float, /):
    """The mantissa and exponent of x, as a pair (m, e)."""

def ldexp(x: float, i, /):
    """Return x * 2**i."""

def modf(x: float, /):
    """The fractional and integer parts of x."""

def nextafter(x: float, y: float, /, *, steps=None):
    """The floating-point value so many steps after x towards y."""

def ulp(x: float, /) -> float:
    """The value of the least significant bit of x."""

def log(*args: raw):
    """log(x, [base=math.e])
    Return the logarithm of x to the given base."""

def log2(x, /):
    """Return the base 2 logarithm of x."""

def log10(x, /):
    """Return the base 10 logarithm of x."""

def ceil(x, /):
    """The smallest integer >= x."""

def floor(x, /):
    """The largest integer <= x."""

def trunc(x, /):
    """Truncate x to the nearest integer towards zero, by its method __trunc__."""

def factorial(n, /):
    """Return n!."""

def comb(n, k, /):
    """Number of ways to choose k items from n items without repetition and without order."""

def perm(n, k=None, /):
    """Number of ways to choose k items from n items without repetition and with order."""

def isqrt(n, /):
    """The integer part of the square root."""

def gcd(*integers):
    """Greatest Common Divisor."""

def lcm(*integers):
    """Least Common Multiple."""

def hypot(*coordinates):
    """The Euclidean distance from the origin to a point."""

def dist(p, q, /):
    """The Euclidean distance between two points."""

def fsum(seq, /):
    """An accurate floating-point sum of values."""

def prod(iterable, /, *, start=1):
    """The product of all the elements."""

def sumprod(p, q, /):
    """The sum of products of values from two iterables."""

def isclose(a: float, b: float, *, rel_tol: float = 1e-09, abs_tol: float = 0.0) -> bool:
    """Whether two floating-point numbers are close in value."""

def __exec__(module): ...
