"""Writes tests/unit/data/codec_cases.tsv: what CPython 3.14's codecs make of good and bad input.

Run with CPython 3.14 from the repository's top folder:  python3.14 tools/gen_codec_cases.py
Lines: d, codec, errors, final, input in hex, result, consumed; or e, codec, errors, input, hex.
A failure's result is !encoding,start,end,reason.
"""
import _codecs
import random
import warnings

warnings.simplefilter('ignore')
random.seed(7)
cases = []


def text(s):
    return ''.join('\\x%02x' % ord(c) if c < ' ' or c in '\\!' else c for c in s).encode('ascii', 'unicode_all').decode()


def all_escape(e):
    return ''.join('\\u%04x' % ord(c) if ord(c) < 0x10000 else '\\U%08x' % ord(c) for c in e.object[e.start:e.end]), e.end


import codecs
codecs.register_error('unicode_all', all_escape)

decoders = {
    'utf-8': _codecs.utf_8_decode,
    'utf-16': _codecs.utf_16_decode,
    'utf-16-le': _codecs.utf_16_le_decode,
    'utf-16-be': _codecs.utf_16_be_decode,
    'utf-32': _codecs.utf_32_decode,
    'utf-32-le': _codecs.utf_32_le_decode,
    'utf-32-be': _codecs.utf_32_be_decode,
    'utf-7': _codecs.utf_7_decode,
    'ascii': lambda b, e, f: _codecs.ascii_decode(b, e),
    'charmap': lambda b, e, f: _codecs.charmap_decode(b, e, TABLE),
    'unicode_escape': _codecs.unicode_escape_decode,
    'raw_unicode_escape': _codecs.raw_unicode_escape_decode,
}
TABLE = ''.join(chr(i) for i in range(128)) + '\u0410\u0411\ufffe\xe9' + '\U0001f600' + '\ufffe' * 123
encoders = {
    'utf-8': _codecs.utf_8_encode,
    'utf-16': _codecs.utf_16_encode,
    'utf-16-le': _codecs.utf_16_le_encode,
    'utf-16-be': _codecs.utf_16_be_encode,
    'utf-32': _codecs.utf_32_encode,
    'utf-32-le': _codecs.utf_32_le_encode,
    'utf-32-be': _codecs.utf_32_be_encode,
    'utf-7': _codecs.utf_7_encode,
    'ascii': _codecs.ascii_encode,
    'latin-1': _codecs.latin_1_encode,
    'charmap': lambda s, e: _codecs.charmap_encode(s, e, _codecs.charmap_build(TABLE)),
    'unicode_escape': _codecs.unicode_escape_encode,
    'raw_unicode_escape': _codecs.raw_unicode_escape_encode,
}
DECODE_ERRORS = ['strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape', 'surrogatepass']
ENCODE_ERRORS = ['strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape', 'surrogatepass', 'xmlcharrefreplace',
                 'namereplace']


def decode(codec, data, errors, final):
    try:
        result, used = decoders[codec](data, errors, final)
        result = text(result)
    except UnicodeDecodeError as e:
        result, used = '!%s,%d,%d,%s' % (e.encoding, e.start, e.end, e.reason.replace('\\', '\\\\')), e.start
    cases.append('\t'.join(['d', codec, errors, str(int(final)), data.hex() or '-', result or '-', str(used)]))


def encode(codec, s, errors):
    try:
        result = encoders[codec](s, errors)[0].hex()
    except UnicodeEncodeError as e:
        result = '!%s,%d,%d,%s' % (e.encoding, e.start, e.end, e.reason)
    cases.append('\t'.join(['e', codec, errors, text(s) or '-', result or '-']))


utf8 = [b'a', b'bc', b'\xc3\xa9', b'\xe2\x82\xac', b'\xf0\x9f\x98\x80', b'\x80', b'\xc0', b'\xc3', b'\xe2', b'\xe2\x82', b'\xf0', b'\xf0\x9f',
        b'\xf0\x9f\x98', b'\xed\xa0\x80', b'\xed\xa0', b'\xed', b'\xed\xb0\x80', b'\xe0\x80', b'\xf4\x90', b'\xf5', b'\xff', b'\xf0\x80', b'\xe0\xa0\x80']
utf16 = [b'a\0', b'\0a', b'\x3d\xd8', b'\x00\xde', b'\xd8\x3d', b'\xde\x00', b'\xac\x20', b'\xff\xfe', b'\xfe\xff', b'x', b'\0\xd8', b'\xd8\0']
utf32 = [b'a\0\0\0', b'\0\0\0a', b'\xff\xfe\0\0', b'\0\0\xfe\xff', b'\0\xd8\0\0', b'\0\0\xd8\0', b'\0\0\x11\0', b'\0\x11\0\0', b'\0\xf6\1\0', b'\0\1\xf6\0', b'x', b'xy',
         b'xyz']
utf7 = [b'a', b'+', b'-', b'+-', b'+AGE-', b'+AGE', b'+2D3eAA-', b'+2D0', b'+2D0-', b'+2D3', b'\x80', b'~', b'\\', b'+A', b'+AG', b'/', b' ', b'.', b'+IKw-', b'+IKwA4Q-', b'+//8-',
        b'+!', b'AGE', b'2D3eAA', b'B', b'+B-', b'+AGEB-', b'+AGEAB-']
escapes = [b'a', b'\\', b'\\n', b'\\x41', b'\\x4', b'\\x', b'\\u20ac', b'\\u20', b'\\U0001f600', b'\\U0001', b'\\U00110000', b'\\Uffffffff', b'\\N{LATIN SMALL LETTER A}', b'\\N{bad}', b'\\N{',
           b'\\N', b'\\N{}', b'\\Nx', b'\\d', b'\\101', b'\\7', b'\\777', b'\\400', b'\\\n', b'\xe9', b'\\ud800', b'\\\\', b'g', b'\\\xe9', b'\\"', b'1', b'{']
pools = {'utf-8': utf8, 'utf-16': utf16, 'utf-16-le': utf16, 'utf-16-be': utf16, 'utf-32': utf32, 'utf-32-le': utf32, 'utf-32-be': utf32, 'utf-7': utf7,
         'ascii': [b'a', b'bcdefghij', b'\x80', b'\xff', b'\x7f'], 'charmap': [b'a', b'\x80', b'\x81', b'\x82', b'\x83', b'\x84', b'\x85', b'\xff'],
         'unicode_escape': escapes, 'raw_unicode_escape': escapes}
for codec, pool in pools.items():
    for piece in pool:
        for final in (True, False):
            decode(codec, piece, 'strict', final)
            if codec in ('utf-7', 'utf-8', 'unicode_escape'):
                decode(codec, piece + b'a', 'strict', final)
    for _ in range(70 if codec in ('utf-8', 'utf-7', 'unicode_escape') else 40):
        data = b''.join(random.choice(pool) for _ in range(random.randint(1, 6)))
        decode(codec, data, random.choice(DECODE_ERRORS), random.random() < 0.6)
chars = ['a', 'bc', '+', '-', '/', '~', '\\', '\xe9', '\xff', '\u0100', '\u0410', '\u20ac', '\ud800', '\udc80', '\udcff', '\udbff', '\U0001f600', '\U0010ffff', '\t', '\n', '\x7f', ' ', '\x00',
         "'", '\ufffe', '!', '"', '@', '0', '\xad', '\ue000']
for codec in encoders:
    for c in chars:
        encode(codec, c, 'strict')
    for _ in range(60):
        encode(codec, ''.join(random.choice(chars) for _ in range(random.randint(1, 7))), random.choice(ENCODE_ERRORS))
for final in (True, False):
    for data in (b'+2D0\x80a', b'+2D0+a', b'+2D0.a', b'+2D0~a'):
        decode('utf-7', data, 'replace', final)
for codec in ('ascii', 'latin-1', 'utf-8', 'utf-16', 'charmap'):
    for s in ('\udcff\ud800', 'a\udc80\udcff\u0101', '\ud800\udc80'):
        encode(codec, s, 'surrogateescape')
for piece in [b'\\x4', b'\\x', b'\\xg1', b'a\\n\\x41\\101\\777\\q\\\n\\\\\\"\\\'', b'\\', b'abc\\', b'\\8', b'\\x4g', b'\xff\\7x']:
    for errors in ('strict', 'replace', 'ignore'):
        try:
            result = _codecs.escape_decode(piece, errors)[0].hex() or '-'
        except ValueError as e:
            result = '!' + str(e).replace('\\', '\\\\')
        cases.append('\t'.join(['b', errors, piece.hex(), result]))
with open('tests/unit/data/codec_cases.tsv', 'w', encoding='ascii') as f:
    for case in cases:
        f.write(case + '\n')
