"""Times methods of str and bytes on one implementation: JSON on the standard output, a row for each
method and size: [method, group, size in bytes, nanoseconds a call].

Run by `run`, which compares two implementations. Best of several rounds of a loop without calls of
Python functions.
"""
import binascii
import json
import re
import sys
from time import perf_counter_ns

SIZES = [8, 64, 512, 4096, 65536, 1 << 20, 1 << 24]
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 0.03
ONLY = sys.argv[2].split(',') if len(sys.argv) > 2 else ['']
if len(sys.argv) > 3 and sys.argv[3]:
    SIZES = [int(size) for size in sys.argv[3].split(',')]

ASCII = 'The quick brown fox jumps over it, and then 42 more lazy dogs did. '
CYRILLIC = 'Съешь же ещё этих мягких французских булок, да выпей чаю. '
MIXED = 'naïve café — 5 € for 漢字, жизнь and 😀 smiles; plain words follow here. '


def fill(pattern, n):
    return (pattern * (n // len(pattern) + 1))[:n]


def cases(n):
    """Name, group, bytes, statement, its names. Group "scan": what CPython does unit by unit."""
    a = fill(ASCII, n)
    u = fill(CYRILLIC, n // 2)
    m = fill(MIXED, n)
    b = a.encode()
    mixed = m.encode()[:n]
    mixed = mixed.decode('utf-8', 'ignore').encode()
    cyr = u.encode()
    half = n // 2
    letters = 'abcdefgh' * (n // 8)
    lines = fill('a line of some forty characters, all ASCII\n', n)
    random = bytes((i * 167 + (i >> 8) * 13) & 255 for i in range(min(n, 65536))) * max(1, n // 65536)
    b64 = binascii.b2a_base64(random, newline=False)
    digits = random.hex()[:n // 2 * 2]
    table = bytes(range(255, -1, -1))
    strtable = str.maketrans('aeiou', 'AEIOU')
    doc = json.dumps(a)
    spaces = ' ' * (n - 1) + 'x'
    tail = a[:n - 4] + '#?~!' if n > 8 else 'abcd#?~!'
    uniq = u[:half - 4] + 'ЪЫЭЮ' if half > 8 else 'аЪЫЭ'
    u2 = u[:-1] + 'я'
    same = (a + 'x')[:n]
    return [
        ('str ==', '', n, 'a == same', dict(a=a, same=same)),
        ('str < (2-byte)', '', n, 'u < u2', dict(u=u, u2=u2)),
        ('find char', '', n, 't.find("!")', dict(t=tail)),
        ('rfind char, absent', '', n, 't.rfind("\\x7f")', dict(t=tail)),
        ('find substring', '', n, 't.find("?~!")', dict(t=tail)),
        ('rfind substring, absent', '', n, 't.rfind("it, or")', dict(t=tail)),
        ('find char (2-byte)', 'scan', n, 't.find("Ю")', dict(t=uniq)),
        ('find substring (2-byte)', 'scan', n, 't.find("ЫЭЮ")', dict(t=uniq)),
        ('count char', 'scan', n, 't.count("e")', dict(t=a)),
        ('count substring', 'scan', n, 't.count("over")', dict(t=a)),
        ('count char (2-byte)', 'scan', n, 't.count("е")', dict(t=u)),
        ('replace char', 'scan', n, 't.replace("e", "E")', dict(t=a)),
        ('replace char (2-byte)', 'scan', n, 't.replace("е", "Е")', dict(t=u)),
        ('replace word', 'scan', n, 't.replace("over", "under")', dict(t=a)),
        ('upper', 'scan', n, 't.upper()', dict(t=a)),
        ('lower', 'scan', n, 't.lower()', dict(t=a)),
        ('swapcase', 'scan', n, 't.swapcase()', dict(t=a)),
        ('title', 'scan', n, 't.title()', dict(t=a)),
        ('lower (2-byte)', 'scan', n, 't.lower()', dict(t=u)),
        ('isalpha', 'scan', n, 't.isalpha()', dict(t=letters)),
        ('islower', 'scan', n, 't.islower()', dict(t=letters)),
        ('isprintable', 'scan', n, 't.isprintable()', dict(t=a)),
        ('split white space', 'scan', n, 't.split()', dict(t=a)),
        ('split white space (2-byte)', 'scan', n, 't.split()', dict(t=u)),
        ('split char', '', n, 't.split(",")', dict(t=a)),
        ('splitlines', '', n, 't.splitlines()', dict(t=lines)),
        ('strip', '', n, 't.lstrip()', dict(t=spaces)),
        ('translate', '', n, 't.translate(d)', dict(t=a, d=strtable)),
        ('repr', '', n, 'repr(t)', dict(t=a)),
        ('slice (2-byte)', '', n, 't[1:]', dict(t=u)),
        ('concat', '', n, 't + v', dict(t=a, v='é')),
        ('encode utf-8 (ASCII)', '', n, 't.encode()', dict(t=a)),
        ('encode utf-8 (2-byte)', '', n, 't.encode()', dict(t=u)),
        ('decode utf-8 (ASCII)', '', n, 'b.decode()', dict(b=b)),
        ('decode utf-8 (Cyrillic)', 'scan', n, 'b.decode()', dict(b=cyr)),
        ('decode utf-8 (mixed)', 'scan', n, 'b.decode()', dict(b=mixed)),
        ('decode latin-1', '', n, 'b.decode("latin-1")', dict(b=random[:n])),
        ('decode utf-16', '', n, 'b.decode("utf-16-le")', dict(b=u.encode('utf-16-le'))),
        ('bytes.find', '', n, 'b.find(b"#?~")', dict(b=tail.encode())),
        ('bytes.count', 'scan', n, 'b.count(b"e")', dict(b=b)),
        ('bytes.upper', 'scan', n, 'b.upper()', dict(b=b)),
        ('bytes.isalpha', 'scan', n, 'b.isalpha()', dict(b=letters.encode())),
        ('bytes.split', 'scan', n, 'b.split()', dict(b=b)),
        ('bytes.replace', 'scan', n, 'b.replace(b"e", b"E")', dict(b=b)),
        ('bytes.translate', '', n, 'b.translate(t)', dict(b=b, t=table)),
        ('bytes.hex', '', n, 'b.hex()', dict(b=random[:n])),
        ('bytes.fromhex', '', n, 'f(t)', dict(f=bytes.fromhex, t=digits)),
        ('b2a_base64', '', n, 'f(b)', dict(f=binascii.b2a_base64, b=random[:n])),
        ('a2b_base64', '', n, 'f(b)', dict(f=binascii.a2b_base64, b=b64[:n // 4 * 4])),
        ('json.dumps', '', n, 'f(t)', dict(f=json.encoder.encode_basestring_ascii, t=a)),
        ('json string', '', n, 'f(t, 1)', dict(f=json.decoder.scanstring, t=doc)),
        ('re.search literal', '', n, 'f(t)', dict(f=re.compile('#\\?~').search, t=tail)),
    ]


def best(statement, names):
    """Nanoseconds for one execution, at best."""
    def loop(count):
        space = {}
        exec(f'def run(clock, rounds, {", ".join(names)}):\n'
             f' start = clock()\n for _ in rounds:\n  {statement}\n return clock() - start\n', space)
        return space['run'](perf_counter_ns, range(count), **names)
    count = 1
    while (spent := loop(count)) < SECONDS * 1e9 / 6 and count < 1 << 22:
        count *= 2 if spent > SECONDS * 1e8 else 8
    return min(spent, *(loop(count) for _ in range(5))) / count


for size in SIZES:
    for name, group, volume, statement, names in cases(size):
        if any(part in name for part in ONLY):
            print(json.dumps([name, group, size, best(statement, names)]), flush=True)
