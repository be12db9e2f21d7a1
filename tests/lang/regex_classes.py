"""Character classes of regular expressions: every character up to 0x250, one by one."""
import re


def accepted(pattern, flags=0):
    compiled = re.compile(pattern, flags)
    return {c for c in range(0x250) if compiled.fullmatch(chr(c))}


def where(test):
    return {c for c in range(0x250) if test(chr(c))}


assert accepted('[abc]') == set(map(ord, 'abc'))
assert accepted('[^abc]') == set(range(0x250)) - set(map(ord, 'abc'))
assert accepted('[a-cx\xe0-\u0101]') == set(map(ord, 'abcx')) | set(range(0xe0, 0x102))
assert accepted('[^\x00-\x1f"\\\\]') == where(lambda c: c >= ' ' and c not in '"\\')
assert accepted(r'[\w.]') == where(lambda c: c.isalnum() or c in '_.')
assert accepted(r'[\W\d]') == where(lambda c: not (c.isalnum() or c == '_') or c.isdecimal())
assert accepted(r'[^\s\d]') == where(lambda c: not c.isspace() and not c.isdecimal())
assert accepted(r'[\w-]', re.ASCII) == where(lambda c: c.isascii() and c.isalnum() or c in '_-')
assert accepted('[a-cK]', re.I) == set(map(ord, 'abcABCkK'))
assert accepted('[a-cK]', re.I | re.ASCII) == set(map(ord, 'abcABCkK'))
assert accepted('[\xe0-\xe2s]', re.I) == {0xc0, 0xc1, 0xc2, 0xe0, 0xe1, 0xe2, 0x73, 0x53, 0x17f}
assert accepted('[^a-z]', re.I) == where(lambda c: not (c.isascii() and c.isalpha()) and c not in '\u0130\u0131\u017f')
assert accepted('[\u0100-\u024f\x80]') == set(range(0x100, 0x250)) | {0x80}

# Characters that have the same upper case, also where that is longer than one.
assert re.match('\ufb05', '\ufb06', re.I) and re.match('[\ufb04-\ufb05]', '\ufb06', re.I)
assert re.match('\u212a', 'k', re.I) and re.match('[x-\xb5]', '\u03bc', re.I)
