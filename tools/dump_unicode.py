"""Prints what CPython knows of every code point, one line each, or with --crc only checksums.

Run with CPython 3.14; tests/unit/unicode_test.cpp makes the same lines and compares the
checksums. The groups keep a difference findable: print a group here and from the test.
"""
import sys
import unicodedata as u
import zlib


def joined(s):
    return ' '.join('%X' % ord(c) for c in s)


def flags(c):
    def pair(a, b):
        return int(a) + 2 * int(b)
    return '%d%d%d%d%d%d%d%d' % (c.isalpha(), pair(c.isdecimal(), c.isdigit()), c.isnumeric(), c.isspace(), c.islower(),
                                 c.isupper(), c.isprintable(), c.isidentifier() + 2 * ('a' + c).isidentifier())


def case(c):
    return '%s,%s,%s,%s' % (joined(c.lower()), joined(c.upper()), joined(c.title()), joined(c.casefold()))


def data(c):
    return '%s,%s,%d,%s,%d,%s' % (u.category(c), u.bidirectional(c), u.combining(c), u.east_asian_width(c), u.mirrored(c),
                                  '' if '\uac00' <= c <= '\ud7a3' else u.decomposition(c))


def number(c):
    n = u.numeric(c, None)
    return '%d,%d,%s' % (u.decimal(c, -1), u.digit(c, -1), '-' if n is None else '%.6g' % n)


def normal(c):
    return ','.join(joined(u.normalize(f, c)) for f in ('NFD', 'NFKD', 'NFC', 'NFKC'))


def name(c):
    return u.name(c, '')


def line(c):
    return str(int(c.splitlines() != [c]))


def old(c):
    o = u.ucd_3_2_0
    return '%s,%s,%s' % (o.category(c), o.bidirectional(c), joined(o.normalize('NFKC', c)))


groups = [flags, case, data, number, normal, name, line, old]
for group in groups:
    if '--crc' not in sys.argv and group.__name__ not in sys.argv:
        continue
    crc = 0
    for code in range(0x110000):
        text = '%X;%s\n' % (code, group(chr(code)))
        if '--crc' in sys.argv:
            crc = zlib.crc32(text.encode(), crc)
        else:
            print(text, end='')
    if '--crc' in sys.argv:
        print(group.__name__, '%08x' % crc)
