"""Methods of str, bytes and bytearray on texts of every length around the sizes of vectors, in every
kind of storage, against the same thing written with loops over characters."""
import base64
import binascii
import json
import random
import re
import unicodedata

seed = random.randrange(1 << 32)
rng = random.Random(seed)

LENGTHS = [0, 1, 2, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 129, 200, 300, 700]
ALPHABETS = [
    'ab', 'abcXYZ 019', 'a b\n\tc\r\x0b\x1c', 'aé ß\xa0\x85ÿµ', 'aж \u2003\u2028', 'дом и кот', '漢字 a\u3000',
    'a😀 é\n', '\x00\x7f"\\/\'\t', '\u1680a\u205fb',
]


def texts():
    for n in LENGTHS:
        for alphabet in ALPHABETS:
            yield ''.join(rng.choice(alphabet) for _ in range(n))


def find(text, part, start=0):
    for i in range(start, len(text) - len(part) + 1):
        if all(text[i + k] == part[k] for k in range(len(part))):
            return i
    return -1


def count(text, part):
    n, at = 0, find(text, part)
    while at >= 0:
        n, at = n + 1, find(text, part, at + len(part))
    return n


def split_space(text):
    out, word = [], ''
    for c in text:
        if c.isspace():
            if word:
                out.append(word)
            word = ''
        else:
            word += c
    return out + [word] if word else out


BREAKS = '\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029'


def split_lines(text):
    out, i = [], 0
    while i < len(text):
        j = i
        while j < len(text) and text[j] not in BREAKS:
            j += 1
        end = j + 1 + (text[j:j + 2] == '\r\n')
        out.append(text[i:min(end, len(text))])
        i = end
    return out


def replaced(text, old, new):
    out, at = '', 0
    while (hit := find(text, old, at)) >= 0:
        out, at = out + text[at:hit] + new, hit + len(old)
    return out + text[at:]


def check(got, wanted, *what):
    assert got == wanted, (seed, what, got, wanted)


for text in texts():
    n = len(text)
    for size in (1, 2, 3, 9):
        at = rng.randrange(n) if n else 0
        part = text[at:at + size]
        if rng.random() < .3:
            part += rng.choice('qж😀')
        if not part:
            continue
        first = find(text, part)
        check(text.find(part), first, text, part)
        check(part in text, first >= 0)
        last = find(text[::-1], part[::-1])
        check(text.rfind(part), n - last - len(part) if last >= 0 else -1, text, part)
        if n <= 300:
            check(text.count(part), count(text, part), text, part)
            for new in ('', 'x', 'é', 'жж', '😀'):
                check(text.replace(part, new), replaced(text, part, new), text, part, new)
            check(part.join(text.split(part)), text)
            check(len(text.split(part)), count(text, part) + 1)
        check(bool(re.search(re.escape(part), text)), first >= 0, text, part)
    check(text.split(), split_space(text), text)
    check(text.rsplit(), split_space(text), text)
    check(text.splitlines(True), split_lines(text), text)
    stripped = text
    while stripped and stripped[0].isspace():
        stripped = stripped[1:]
    check(text.lstrip(), stripped, text)
    while stripped and stripped[-1].isspace():
        stripped = stripped[:-1]
    check(text.strip(), stripped, text)
    for name in ('isspace', 'isalpha', 'isdigit', 'isalnum', 'isnumeric', 'isdecimal', 'isprintable'):
        check(getattr(text, name)(), all(getattr(c, name)() for c in text) and (bool(text) or name == 'isprintable'),
              name, text)
    check(text.islower(), any(c.islower() for c in text) and not any(c.isupper() or unicodedata.category(c) == 'Lt' for c in text), text)
    check(text.isupper(), any(c.isupper() for c in text) and not any(c.islower() or unicodedata.category(c) == 'Lt' for c in text), text)
    check(text.isascii(), all(ord(c) < 128 for c in text))
    check(text.upper(), ''.join(c.upper() for c in text), text)
    check(text.lower(), ''.join(c.lower() for c in text), text)
    check(text.casefold(), ''.join(c.casefold() for c in text), text)
    for codec in ('utf-8', 'utf-16', 'utf-16-be', 'utf-32', 'utf-32-be'):
        data = text.encode(codec)
        check(data, b''.join(c.encode(codec)[{'utf-16': 2, 'utf-32': 4}.get(codec, 0):] for c in text)
              if codec[-2:] not in ('16', '32') else data, codec, text)
        check(data.decode(codec), text, codec)
    check(json.loads(json.dumps(text)), text)
    check(json.loads(json.dumps(text, ensure_ascii=False)), text)
    check(eval(repr(text)), text)
    other = text[:n // 2] + 'Ω' + text[n // 2:]
    check(text < other, [ord(c) for c in text] < [ord(c) for c in other])
    table = {ord('a'): 'b', ord('c'): ord('Z'), ord('X'): None}
    check(text.translate(table), text.replace('a', 'b').replace('c', 'Z').replace('X', ''))

for n in LENGTHS:
    for alphabet in (b'ab', b'aB c\n', bytes(range(256)), b' \t\nx'):
        data = bytes(rng.choice(alphabet) for _ in range(n))
        for cls in (bytes, bytearray):
            s = cls(data)
            check(s.upper(), bytes(c ^ 32 if 97 <= c <= 122 else c for c in data))
            check(s.lower(), bytes(c ^ 32 if 65 <= c <= 90 else c for c in data))
            check(s.swapcase(), bytes(c ^ 32 if 97 <= c | 32 <= 122 else c for c in data))
            check(type(s.title()), cls)
            check(s.hex(), ''.join(f'{c:02x}' for c in data))
            check(cls.fromhex(s.hex()), data)
            check(s.split(), [w for w in re.split(rb'[ \t\n\r\x0b\f]+', data) if w])
            check(b''.join(s.splitlines(True)), data)
            check(s.strip(), re.sub(rb'\A[ \t\n\r\x0b\f]+|[ \t\n\r\x0b\f]+\Z', b'', data))
            check(s.isalpha(), bool(data) and all(97 <= c | 32 <= 122 for c in data))
            check(s.isspace(), bool(data) and all(c in b' \t\n\r\x0b\f' for c in data))
            check(s.count(b'a'), sum(c == 97 for c in data))
            check(s.replace(b'a', b'Q'), bytes(81 if c == 97 else c for c in data))
            check(s.translate(bytes(reversed(range(256)))), bytes(255 - c for c in data))
            check(eval(repr(s)), data)
        check(binascii.a2b_base64(binascii.b2a_base64(data)), data)
        check(base64.decodebytes(base64.encodebytes(data)), data)
        check(binascii.unhexlify(binascii.hexlify(data).upper()), data)

# Places by the hundred, with and without a limit; needles that overlap themselves.
for old, new in (('ab', 'x'), ('aba', ''), ('a', 'zz'), ('bb', 'b' * 40), ('abababa', 'ab'), ('b', '')):
    for n in (3, 40, 64, 65, 150, 700, 3000):
        text = ''.join(rng.choice('aab') for _ in range(n))
        for limit in (-1, 0, 1, 2, 63, 64, 65, 10 ** 6):
            parts = text.split(old, limit)
            wanted = new.join(parts)
            check(text.replace(old, new, limit), wanted, text, old, new, limit)
            for cls in (bytes, bytearray):
                data = cls(text.encode())
                got = data.replace(old.encode(), new.encode(), limit)
                check(got, wanted.encode(), text, old, new, limit)
                check(type(got), cls)
        check(text.count(old), len(text.split(old)) - 1, text, old)
        check(text.encode().count(old.encode()), len(text.split(old)) - 1, text, old)
        wide = text.replace('b', '😀')
        check(wide.count(old.replace('b', '😀')), len(text.split(old)) - 1, text, old)
        check(re.findall(old * 20, text), [old * 20] * text.count(old * 20))
for cls in (bytes, bytearray):
    for limit, wanted in ((-1, b'-a-b-c-'), (0, b'abc'), (1, b'-abc'), (3, b'-a-b-c'), (4, b'-a-b-c-'), (9, b'-a-b-c-')):
        check(cls(b'abc').replace(b'', b'-', limit), wanted)
    check(cls(b'').replace(b'', b'xy'), b'xy')
    check(cls(b'ab').replace(b'abc', b'x'), b'ab')
    check(cls(b'aXbXc').replace(memoryview(b'X'), bytearray(b'..')), b'a..b..c')

# Case where one rule does for many characters, and where it does not.
every = [chr(c) for c in range(0x10000) if not 0xD800 <= c < 0xE000]
for step in (1, 7, 31):
    for start in range(0, 400, 37):
        some = every[start::step][:3000] if step == 1 else every[start::step]
        some = [c for c in some if c != 'Σ']  # at the end of a word it has another lower case
        check(''.join(some).lower(), ''.join(c.lower() for c in some), start, step)
        check(''.join(some).upper(), ''.join(c.upper() for c in some), start, step)
for c in every:
    text = 'ПРИВЕТ, привет: ' + c + ' ПРИВЕТ, привет'
    if c != 'Σ':
        check(text.lower(), 'привет, привет: ' + c.lower() + ' привет, привет', c)
    check(text.upper(), 'ПРИВЕТ, ПРИВЕТ: ' + c.upper() + ' ПРИВЕТ, ПРИВЕТ', c)
check(('ÀÖØÞ' * 9 + 'ж').lower(), 'àöøþ' * 9 + 'ж')
check(('àöøþ' * 9 + 'ж').upper(), 'ÀÖØÞ' * 9 + 'Ж')
check(('x' * 40 + 'Ā').upper(), 'X' * 40 + 'Ā')
kelvin = 'X' * 40 + '\u212a'  # whose lower case is ASCII
check(kelvin.lower(), 'x' * 40 + 'k')
assert kelvin.lower().isascii()

# Tables whose keys are not plain characters.
class Same(int):
    def __eq__(self, other):
        return False
    __hash__ = int.__hash__
for n in (1, 2, 8, 100, 500):
    text = ''.join(rng.choice('abcXYZ \x01') for _ in range(n))
    loop = lambda table: ''.join(str(table[ord(c)]) if ord(c) in table else c for c in text)
    check(text.translate({True: 'T', 97: 'x'}), loop({1: 'T', 97: 'x'}))
    check(text.translate({97.0: 'x', 'b': 'y'}), loop({97: 'x'}))
    check(text.translate({Same(97): 'x', 98: 'y'}), loop({98: 'y'}))
    check(text.translate({97: 'é', 98: '', 88: None}), text.replace('a', 'é').replace('b', '').replace('X', ''))
    check(text.translate({c: c + 0x400 for c in range(300)}), ''.join(chr(ord(c) + 0x400) for c in text))
    check(text.translate({1 << 70: 'x', -1: 'y', 97: 98}), text.replace('a', 'b'))
    if 'a' in text:
        for bad, error in ((1.5, TypeError), (-1, ValueError), (0x110000, ValueError)):
            try:
                text.translate({97: bad})
                assert False
            except error:
                pass

# Large texts of 16-bit units, and what is wrong far behind the start.
big = 'Съешь ещё этих французских булок ' * 2000
data = big.encode('utf-16-le')
check(data.decode('utf-16-le') == big, True)
for at in (0, 5, 16383, 16384, 16385, 40000, len(big)):
    check((data[:2 * at] + b'\x00\xd8\x00\xdc' + data[2 * at:]).decode('utf-16-le') == big[:at] + '\U00010000' + big[at:], True)
    try:
        (data[:2 * at] + b'\x00\xdc' + data[2 * at:]).decode('utf-16-le')
        assert False
    except UnicodeDecodeError as e:
        check((e.start, e.reason), (2 * at, 'illegal encoding'))
for codec, text in (('latin-1', 'é'), ('ascii', 'a'), ('utf-8', 'ж'), ('utf8', 'ж'), ('UTF-8', 'ж'), ('Latin-1', 'é')):
    check((text * 50).encode(codec).decode(codec), text * 50, codec)
for wrong in (lambda: b'x'.decode('utf-8\0'), lambda: 'x'.encode('utf-8', 'strict\0'), lambda: 'x'.encode('ascii\0')):
    try:
        wrong()
        assert False
    except ValueError as e:
        check(str(e), 'embedded null character')

# The worst cases of searching stay linear: squared they would take hours.
n = 200_000
for a, b in (('a', 'b'), ('ж', 'я'), ('😀', 'a')):
    assert (a * n + b).find(a * (n // 2) + b) == n - n // 2
    assert (a * n).find(a * (n // 2) + b) == -1
    assert (a * n).find(b + a * (n // 2)) == -1
    assert (a * n).find(a * (n // 4) + b + a * (n // 4)) == -1
    assert (b + a * n).rfind(b + a * (n // 2)) == 0
    assert (a * n).rfind(a * (n // 4) + b + a * (n // 4)) == -1
    assert (a * n).count(a * 1000 + b) == 0
assert (b'a' * n).find(b'a' * (n // 4) + b'b' + b'a' * (n // 4)) == -1
assert (b'a' * n).rfind(b'a' * (n // 4) + b'b' + b'a' * (n // 4)) == -1

# Broken UTF-8 is refused where it is broken.
for text in ('x' * 100, 'жя' * 60, '漢字' * 50, 'é😀' * 40):
    data = text.encode()
    for bad in (b'\xff', b'\xc0\x80', b'\xed\xa0\x80', b'\xf4\x90\x80\x80', b'\xe2\x82', b'\x80'):
        try:
            (data + bad + data).decode()
            assert False
        except UnicodeDecodeError as e:
            assert e.start == len(data), (text, bad, e)
    assert (data + b'\xff' + data).decode('utf-8', 'replace') == text + '\ufffd' + text
    try:
        (text + '\ud800').encode()
        assert False
    except UnicodeEncodeError as e:
        assert e.start == len(text)
print('ok')
