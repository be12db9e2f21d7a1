# Case mapping and classification of str, beyond ASCII.
assert "Hello World".lower() == "hello world" and "hello".upper() == "HELLO" and "aBC dE".swapcase() == "Abc De"
assert "stra\xdfe".upper() == "STRASSE" and "\ufb01".upper() == "FI" and "\u0130".lower() == "i\u0307"
assert "\u0391\u03a3".lower() == "\u03b1\u03c2" and "\u03a3".lower() == "\u03c3"
assert "\u0391\u03a3\u0391".lower() == "\u03b1\u03c3\u03b1" and "A\u03a3'".lower() == "a\u03c2'"
assert "STRASSE".casefold() == "stra\xdfe".casefold() and "\u1e9e".casefold() == "ss"
assert "they're bill's".title() == "They'Re Bill'S" and "\u01c6x".title() == "\u01c5x"
assert "\u01c6ABC".capitalize() == "\u01c5abc" and "".capitalize() == "" and "aBC".capitalize() == "Abc"
assert "\xe9".upper() == "\xc9" and "\xff".upper() == "\u0178" and "\xb5".upper() == "\u039c"
assert "\U00010400".lower() == "\U00010428"

assert "abc1".islower() and not "123".islower() and "ABC".isupper() and not "AbC".isupper() and not "\u01c5".isupper()
assert "A Title".istitle() and not "A title".istitle() and "\u01c5".istitle() and not "".istitle()
assert "abc".isalpha() and not "".isalpha() and "\u4e2d".isalpha() and "a1".isalnum() and not "a b".isalnum()
assert "12".isdecimal() and "\xb2".isdigit() and not "\xb2".isdecimal() and "\xbd".isnumeric() and not "\xbd".isdigit()
assert " \t\n\x1c\x85\u2003".isspace() and not "".isspace() and not "\u200b".isspace()
assert "".isascii() and "a".isascii() and not "\x80".isascii()
assert "a b".isprintable() and "".isprintable() and not "\n".isprintable() and not "\xad".isprintable()
assert "_a1".isidentifier() and "\xe9t\xe9".isidentifier() and not "1a".isidentifier() and not "".isidentifier()
