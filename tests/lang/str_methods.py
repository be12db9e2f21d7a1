# Methods of str: searching, splitting, replacing, layout, over the three storage widths.

WIDE = "\u1234"
ASTRAL = "\U0001f600"


def raises(kind, text, fn, *args, **kw):
    try:
        fn(*args, **kw)
    except kind as e:
        assert str(e) == text, (str(e), text)
    else:
        assert False, "nothing raised"


# Searching, with every pairing of widths.
for a in ("x", "\xe9", WIDE, ASTRAL):
    s = "abc" + a + "abc" + a
    assert s.find(a) == 3 and s.rfind(a) == 7 and s.count(a) == 2
    assert s.find("abc" + a, 1) == 4 and s.index(a, 4) == 7 and s.rindex("abc") == 4
    assert s.find("zz") == -1 and s.find(a, 4, 7) == -1 and a in s and a * 2 not in s
    assert s.startswith("abc" + a) and s.endswith(a) and not s.endswith("abc")
    assert s.split(a) == ["abc", "abc", ""] and s.rsplit(a, 1) == ["abc" + a + "abc", ""]
    assert s.partition(a) == ("abc", a, "abc" + a) and s.rpartition(a) == ("abc" + a + "abc", a, "")
    assert s.replace(a, "-") == "abc-abc-" and s.replace("abc", a) == a * 4
    assert s.replace(a, "", 1) == "abcabc" + a and s[::-1] == a + "cba" + a + "cba"
    assert s.strip(a) == "abc" + a + "abc" and s[3] == a and s[-1:] == a
    assert (s.removesuffix(a) + "|").removeprefix("abc") == a + "abc|"
    assert "abc" < s and s <= s and (s == "abc") is False
    assert ("-" + a).join(["1", "2", "3"]) == "1-" + a + "2-" + a + "3"
    assert hash(s) == hash(s[:3] + a + s[4:])
assert "".find("") == 0 and "abc".find("", 3) == 3 and "abc".find("", 4) == -1
assert "abc".count("") == 4 and "abc".rfind("") == 3 and "abc".count("", 5) == 0
assert ("a" * 5000 + "b").find("a" * 2500 + "b") == 2500
assert ((WIDE * 3000 + "b") * 2).find(WIDE * 2999 + "b" + WIDE) == 1
assert ((WIDE * 3000 + "b") * 2).rfind(WIDE * 2999 + "b") == 3002
assert ("b" + WIDE * 9000).rfind("b" + WIDE * 4000) == 0
raises(ValueError, "substring not found", "abc".index, "z")
raises(TypeError, "find() argument 1 must be str, not int", "abc".find, 1)
raises(TypeError, "must be str or None, not int", "abc".split, 1)
raises(ValueError, "empty separator", "abc".partition, "")
raises(TypeError, "startswith first arg must be str or a tuple of str, not int", "a".startswith, 1)
assert "abc".startswith(("x", "ab")) and not "abc".startswith(()) and "abc".startswith("bc", 1)

# Splitting.
assert " a  b\tc\n".split() == ["a", "b", "c"] and " a  b c ".split(None, 1) == ["a", "b c "]
assert " a  b c ".rsplit(None, 1) == [" a  b", "c"] and "".split() == [] and "".split("x") == [""]
assert "a\nb\r\nc\x0bd\x85e\u2028f\n".splitlines() == ["a", "b", "c", "d", "e", "f"]
assert "a\nb\r\nc".splitlines(keepends=True) == ["a\n", "b\r\n", "c"]
assert "\u2003a\u2003b".split() == ["a", "b"] and "a,b,,c".rsplit(",", maxsplit=2) == ["a,b", "", "c"]

# Replacing.
assert "abc".replace("", "-") == "-a-b-c-" and "abc".replace("", "-", 2) == "-a-bc" and "".replace("", "x") == "x"
assert "aaa".replace("a", "b", 2) == "bba" and "abcabc".replace("bc", WIDE) == "a" + WIDE + "a" + WIDE
assert "a.b".replace(".", "", count=1) == "ab"
assert ("a" + WIDE).replace(WIDE, "b").isascii()

# Layout.
assert "ab".center(7, "*") == "***ab**" and "abc".center(6, "*") == "*abc**" and "ab".ljust(4) == "ab  "
assert "ab".rjust(4, WIDE) == WIDE * 2 + "ab" and "-42".zfill(6) == "-00042" and "+1".zfill(1) == "+1"
assert "a\tbc\td".expandtabs(4) == "a   bc  d" and "\t".expandtabs(0) == "" and "a\n\tb".expandtabs(2) == "a\n  b"
raises(TypeError, "The fill character must be exactly one character long", "a".center, 3, "ab")
raises(TypeError, "strip arg must be None or str", "a".strip, 1)
assert "xxaxx".lstrip("x") == "axx" and "\u2003 a ".strip() == "a" and "abc".rstrip("cb") == "a"

# Translation.
table = str.maketrans("ab", "xy", "c")
assert table == {97: 120, 98: 121, 99: None} and "abcd".translate(table) == "xyd"
assert "abc".translate({97: "--", 98: WIDE, 99: None}) == "--" + WIDE
assert "abc".translate([None] * 98) == "bc"
raises(TypeError, "character mapping must return integer, None or str", "a".translate, {97: 1.5})
raises(ValueError, "the first two maketrans arguments must have equal length", str.maketrans, "a", "bc")

# Sequence protocol.
assert "abcdef"[1:5:2] == "bd" and "abc"[5:] == "" and "ab" * 3 == "ababab" and "ab" * -1 == ""
assert list("a" + ASTRAL) == ["a", ASTRAL] and len("a" + ASTRAL) == 2
raises(IndexError, "string index out of range", lambda: "a"[1])
raises(TypeError, "string indices must be integers, not 'str'", lambda key="b": "a"[key])
raises(TypeError, 'can only concatenate str (not "int") to str', lambda: "a" + 1)
raises(TypeError, "'in <string>' requires string as left operand, not int", lambda: 1 in "a")
raises(TypeError, "sequence item 1: expected str instance, int found", "".join, ["a", 1])
raises(TypeError, "can only join an iterable", "".join, 1)
it = iter("abc")
assert next(it) == "a" and it.__length_hint__() == 2 and it.__reduce__() == (iter, ("abc",), 1)

# In-place growth must not be seen through other references.
s = "ab"
s += "c"
t = s
s += "d"
assert (s, t) == ("abcd", "abc")
d = {s: 1}
s += "e"
assert d == {"abcd": 1} and s == "abcde"
s = ""
for i in range(1000):
    s += chr(97 + i % 26)
assert len(s) == 1000 and s[:3] == "abc"
s += WIDE
s += "x"
assert s.endswith("l" + WIDE + "x")


# Subclasses.
class S(str):
    pass


x = S("ab\xe9")
assert type(x) is S and x == "ab\xe9" and hash(x) == hash("ab\xe9") and {x: 1}["ab\xe9"] == 1
assert type(x.strip()) is str and type(x[:]) is str and type(x + "") is str and type(str(x)) is str
assert type("%s" % x) is str and type("{}".format(x)) is str and x.upper() == "AB\xc9"
x.attribute = 5
assert x.attribute == 5 and S() == "" and S(b"a", "ascii") == "a"


class T(str):
    def __str__(self):
        return "shown"


assert str(T("x")) == "shown" and f"{T('x')}" == "shown" and "%s" % T("x") == "shown"

# Construction.
assert str() == "" and str(5) == "5" and str(b"\xc3\xa9", "utf-8") == "\xe9" and str(b"a", errors="ignore") == "a"
raises(TypeError, "decoding str is not supported", str, "a", "utf-8")
raises(TypeError, "decoding to str: need a bytes-like object, int found", str, 1, "utf-8")
raises(TypeError, "str() argument 'encoding' must be str, not int", str, b"", 1)

# repr and ascii.
assert repr("a'b") == '"a\'b"' and repr("a'\"") == "'a\\'\"'" and repr("\t\n\r\\\x00\x7f") == "'\\t\\n\\r\\\\\\x00\\x7f'"
assert repr("\xe9\xad\u2028\ud800" + ASTRAL) == "'\xe9\\xad\\u2028\\ud800" + ASTRAL + "'"
assert ascii("\xe9" + WIDE + ASTRAL) == "'\\xe9\\u1234\\U0001f600'"
