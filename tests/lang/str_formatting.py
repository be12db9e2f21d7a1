# str.format, the % operator and format specifications of strings.


def raises(kind, text, fn, *args, **kw):
    try:
        fn(*args, **kw)
    except kind as e:
        assert str(e) == text, (str(e), text)
    else:
        assert False, "nothing raised"


class P:
    def __init__(self):
        self.x = [1, {"k": "v"}]

    def __format__(self, spec):
        return "<" + spec + ">"

    def __repr__(self):
        return "P()"


assert "{}-{}".format(1, "a") == "1-a" and "{1}{0}".format("a", "b") == "ba" and "{a}{{}}".format(a=1) == "1{}"
assert "{0.x[1][k]} {0!r:>5} {0:abc}".format(P()) == "v   P() <abc>"
assert "{:{}{w}}|".format("a", "^", w=5) == "  a  |" and "{!a}".format("\xe9") == "'\\xe9'"
assert "{0[0]} {0[-1]}".format({0: "i", "-1": "s"}) == "i s"
assert "{a[0]}".format_map({"a": [7]}) == "7" and "{}".format("\U0001f600") == "\U0001f600"
for text, message in [
    ("{", "Single '{' encountered in format string"),
    ("}", "Single '}' encountered in format string"),
    ("{0}{}", "cannot switch from manual field specification to automatic field numbering"),
    ("{}{0}", "cannot switch from automatic field numbering to manual field specification"),
    ("{0.}", "Empty attribute in format string"),
    ("{0[]}", "Empty attribute in format string"),
    ("{0[1]x}", "Only '.' or '[' may follow ']' in format field specifier"),
    ("{!x}", "Unknown conversion specifier x"),
    ("{!rr}", "expected ':' after conversion specifier"),
    ("{:{:{}}}", "Max string recursion exceeded"),
    ("{:5", "unmatched '{' in format spec"),
    ("{a", "expected '}' before end of string"),
    ("{0!", "end of string while looking for conversion specifier"),
    ("{0[0}", "expected '}' before end of string"),
    ("{a{b}", "unexpected '{' in field name"),
    ("{99999999999999999999}", "Too many decimal digits in format string"),
]:
    raises(ValueError, message, text.format, [1, 2], 2, 3)
raises(IndexError, "Replacement index 0 out of range for positional args tuple", "{}".format)
raises(KeyError, "'a'", "{a}".format)
raises(ValueError, "Format string contains positional fields", "{}".format_map, {})

assert format("abc", "*^9.2") == "***ab****" and format("abc", ">5") == "  abc" and format("abc", "05") == "abc00"
raises(ValueError, "Unknown format code 'd' for object of type 'str'", format, "a", "d")
raises(ValueError, "'=' alignment not allowed in string format specifier", format, "a", "=5")
raises(ValueError, "Sign not allowed in string format specifier", format, "a", "+")

assert "%s %r %a %%" % ("x", "\xe9", "\xe9") == "x '\xe9' '\\xe9' %"
assert "%5s|%-5s|%.2s|%5.1s" % ("a", "b", "cde", "xyz") == "    a|b    |cd|    x"
assert "%d %i %u %+d % d %05d %-4d| %.3d" % (1, -2, 3, 4, 5, -42, 6, 7) == "1 -2 3 +4  5 -0042 6   | 007"
assert "%x %X %#x %#X %o %#o" % (255, 255, 255, 255, 8, 8) == "ff FF 0xff 0XFF 10 0o10"
assert "%.2f %e %G %5.1f|" % (1.005, 12345.678, 1e20, 2.25) == "1.00 1.234568e+04 1E+20   2.2|"
assert "%c%c%3c" % ("a", 0x1234, "b") == "a\u1234  b" and "%*d|%-*d|%.*f" % (4, 1, 4, 2, 1, 3.14159) == "   1|2   |3.1"
assert "%(a)s %(b)05.1f" % {"a": 1, "b": 2} == "1 002.0" and "%s" % {1: 2} == "{1: 2}" and "x" % [] == "x"
assert "%d" % 10**30 == "1" + "0" * 30 and "%d" % 3.9 == "3" and "%x" % True == "1"
for text, args, kind, message in [
    ("%d", "a", TypeError, "%d format: a real number is required, not str"),
    ("%x", 1.5, TypeError, "%x format: an integer is required, not float"),
    ("%c", "ab", TypeError, "%c requires an int or a unicode character, not a string of length 2"),
    ("%c", 1.5, TypeError, "%c requires an int or a unicode character, not float"),
    ("%c", -1, OverflowError, "%c arg not in range(0x110000)"),
    ("%f", "a", TypeError, "must be real number, not str"),
    ("%s", (), TypeError, "not enough arguments for format string"),
    ("%s", (1, 2), TypeError, "not all arguments converted during string formatting"),
    ("x", 1, TypeError, "not all arguments converted during string formatting"),
    ("%(a)s", 1, TypeError, "format requires a mapping"),
    ("%(a", {}, ValueError, "incomplete format key"),
    ("%", 1, ValueError, "incomplete format"),
    ("%z", 1, ValueError, "unsupported format character 'z' (0x7a) at index 1"),
    ("%*d", ("a", 1), TypeError, "* wants int"),
]:
    raises(kind, message, lambda: text % args)
