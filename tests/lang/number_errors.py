# What operators and conversions of numbers refuse, and how they say so.
def text(function, kind):
    try:
        function()
    except kind as error:
        assert type(error) is kind, type(error)
        return str(error)
    raise AssertionError('nothing was raised')


for division in (lambda: 1 // 0, lambda: 1 % 0, lambda: 1 / 0, lambda: divmod(1, 0),
                 lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: 1j / 0):
    assert text(division, ZeroDivisionError) == 'division by zero'
assert text(lambda: 0 ** -1, ZeroDivisionError) == 'zero to a negative power'
assert text(lambda: 0j ** -1, ZeroDivisionError) == 'zero to a negative or complex power'
assert text(lambda: 1 << -1, ValueError) == 'negative shift count'
assert text(lambda: 1 << (1 << 70), OverflowError) == 'too many digits in integer'
assert 1 >> (1 << 70) == 0 and -1 >> (1 << 70) == -1
assert text(lambda: pow(2, 3, 0), ValueError) == 'pow() 3rd argument cannot be 0'
assert text(lambda: pow(2, -1, 4), ValueError) == 'base is not invertible for the given modulus'
assert text(lambda: pow('a', 1, 2), TypeError) == \
    "unsupported operand type(s) for ** or pow(): 'str', 'int', 'int'"
assert text(lambda: 'a' * 2.0, TypeError) == "can't multiply sequence by non-int of type 'float'"
assert text(lambda: 1 + 'a', TypeError) == "unsupported operand type(s) for +: 'int' and 'str'"
assert text(lambda: print >> 1, TypeError) == \
    "unsupported operand type(s) for >>: 'builtin_function_or_method' and 'int'"
assert text(lambda: -'a', TypeError) == "bad operand type for unary -: 'str'"
assert text(lambda: abs('a'), TypeError) == "bad operand type for abs(): 'str'"
assert text(lambda: 10 ** 400 / 3, OverflowError) == 'integer division result too large for a float'
assert text(lambda: 10.0 ** 400, OverflowError) == "(34, 'Numerical result out of range')"
assert text(lambda: int('abc'), ValueError) == "invalid literal for int() with base 10: 'abc'"
assert text(lambda: int('9' * 5000), ValueError).startswith(
    'Exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits;')
assert text(lambda: int(float('inf')), OverflowError) == 'cannot convert float infinity to integer'
assert text(lambda: float('abc'), ValueError) == "could not convert string to float: 'abc'"


# The right operand's reflected method goes first when its class is derived from the left one's.
class Left:
    def __add__(self, other):
        return 'add'


class Right(Left):
    def __radd__(self, other):
        return 'radd'


assert Left() + Right() == 'radd'
assert Left() + Left() == 'add'


class Whole(int):
    def __rsub__(self, other):
        return ('rsub', other)


assert 5 - Whole(3) == ('rsub', 5)
assert Whole(5) - 3 == 2 and type(Whole(5) + 1) is int


class Refusing:
    def __add__(self, other):
        return NotImplemented

    def __radd__(self, other):
        return 'mine'

    def __iadd__(self, other):
        return NotImplemented


assert 1 + Refusing() == 'mine' and [] + Refusing() == 'mine'
value = Refusing()
assert text(lambda: Refusing() + 1, TypeError) == "unsupported operand type(s) for +: 'Refusing' and 'int'"
try:
    value += 1
except TypeError as error:
    assert str(error) == "unsupported operand type(s) for +=: 'Refusing' and 'int'"
