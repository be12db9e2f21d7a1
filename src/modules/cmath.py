"""This module provides access to mathematical functions for complex
numbers."""


def acos(z, /):
    """Return the arc cosine of z."""
def acosh(z, /):
    """Return the inverse hyperbolic cosine of z."""
def asin(z, /):
    """Return the arc sine of z."""
def asinh(z, /):
    """Return the inverse hyperbolic sine of z."""
def atan(z, /):
    """Return the arc tangent of z."""
def atanh(z, /):
    """Return the inverse hyperbolic tangent of z."""
def cos(z, /):
    """Return the cosine of z."""
def cosh(z, /):
    """Return the hyperbolic cosine of z."""
def exp(z, /):
    """Return the exponential value e**z."""
def isclose(a, b, *, rel_tol: float = 1e-09, abs_tol: float = 0.0) -> bool:
    """Determine whether two complex numbers are close in value.

      rel_tol
        maximum difference for being considered "close", relative to the
        magnitude of the input values
      abs_tol
        maximum difference for being considered "close", regardless of the
        magnitude of the input values

    Return True if a is close in value to b, and False otherwise.

    For the values to be considered close, the difference between them must
    be smaller than at least one of the tolerances.

    -inf, inf and NaN behave similarly to the IEEE 754 Standard.  That is,
    NaN is not close to anything, even itself. inf and -inf are only close
    to themselves."""
def isfinite(z, /) -> bool:
    """Return True if both the real and imaginary parts of z are finite, else False."""
def isinf(z, /) -> bool:
    """Checks if the real or imaginary part of z is infinite."""
def isnan(z, /) -> bool:
    """Checks if the real or imaginary part of z not a number (NaN)."""
def log(z, base=MISSING, /):
    """log(z[, base]) -> the logarithm of z to the given base.

    If the base is not specified, returns the natural logarithm (base e)
    of z."""
def log10(z, /):
    """Return the base-10 logarithm of z."""
def phase(z, /) -> float:
    """Return argument, also known as the phase angle, of a complex."""
def polar(z, /):
    """Convert a complex from rectangular coordinates to polar coordinates.

    r is the distance from 0 and phi the phase angle."""
def rect(r: float, phi: float, /):
    """Convert from polar coordinates to rectangular coordinates."""
def sin(z, /):
    """Return the sine of z."""
def sinh(z, /):
    """Return the hyperbolic sine of z."""
def sqrt(z, /):
    """Return the square root of z."""
def tan(z, /):
    """Return the tangent of z."""
def tanh(z, /):
    """Return the hyperbolic tangent of z."""
def __exec__(module): ...
