"""Writes tests/unit/data/number_cases.tsv: numbers and formats as CPython 3.14 has them.

Run with CPython 3.14 from the repository's top folder:  python3.14 tools/gen_number_cases.py
One case a line: operation, arguments, result; tab separated, strings with backslash escapes.
"""
import math
import random
import sys

sys.set_int_max_str_digits(0)
random.seed(20240613)
cases = []


def add(op, *fields):
    cases.append('\t'.join([op, *(f if isinstance(f, str) else str(f) for f in fields)]))


def text(s):
    return s.encode('unicode_escape').decode('ascii')


def some_int(bits):
    n = random.getrandbits(random.randint(1, bits))
    if random.random() < 0.2:
        n = (1 << random.randint(0, bits)) + random.randint(-1, 1)
    return -n if random.random() < 0.5 else n


for i in range(60):
    bits = random.choice([8, 31, 62, 65, 100, 200, 700, 2500 if i % 8 == 0 else 90])
    a, b = some_int(bits), some_int(random.choice([8, 30, 61, bits]))
    add('add', a, b, a + b)
    add('sub', a, b, a - b)
    add('mul', a, b, a * b)
    if b:
        add('divmod', a, b, a // b, a % b)
        try:
            add('truediv', a, b, (a / b).hex())
        except OverflowError:
            add('truediv', a, b, 'overflow')
    add('and', a, b, a & b)
    add('or', a, b, a | b)
    add('xor', a, b, a ^ b)
    s = random.randint(0, 130)
    add('lshift', a, s, a << s)
    add('rshift', a, s, a >> s)
    add('gcd', a, b, math.gcd(a, b))
    add('isqrt', abs(a), math.isqrt(abs(a)))
    add('hash', a, hash(a))
    try:
        add('float', a, float(a).hex())
    except OverflowError:
        add('float', a, 'overflow')
    m = some_int(bits) or 7
    e = some_int(40)
    try:
        add('powmod', a, e, m, pow(a, e, m))
    except ValueError:
        add('powmod', a, e, m, 'no inverse')
    size = random.randint(0, 12)
    for signed in (0, 1):
        c = some_int(size * 8 + 1)
        try:
            add('bytes', c, size, signed, c.to_bytes(size, 'little', signed=bool(signed)).hex() or '-')
        except OverflowError:
            add('bytes', c, size, signed, 'overflow')
for c in (0, 1, -1):
    for signed in (0, 1):
        try:
            add('bytes', c, 0, signed, c.to_bytes(0, 'little', signed=bool(signed)).hex() or '-')
        except OverflowError:
            add('bytes', c, 0, signed, 'overflow')
for a in [2, -3, 10, 0, 1, -1, 12345678901]:
    for e in [0, 1, 2, 7, 50, 101]:
        add('pow', a, e, a ** e)
for k in (53, 54, 63, 64, 65, 100, 1023, 1024):
    for d in (-1, 0, 1):
        n = (1 << k) + d * (1 << max(k - 53, 0)) // 2 + d
        try:
            add('float', n, float(n).hex())
        except OverflowError:
            add('float', n, 'overflow')
for a, b in [(1, 10**330), (10**330, 10**25), (1, 3 << 1074), (3, 2 << 1075), (5, 1 << 1076), (1, 1 << 1074),
             (1, 1 << 1075), (3, 1 << 1075), ((1 << 54) + 1, 1 << 1100), ((1 << 53) * 2 + 1, 2), (1 << 1024, 1),
             ((1 << 1024) - 1, 1), ((1 << 1024) - (1 << 970), 1), ((1 << 1024) - (1 << 970) - 1, 1)]:
    try:
        add('truediv', a, b, (a / b).hex())
    except OverflowError:
        add('truediv', a, b, 'overflow')

for s in ['12', ' 12 ', '+1_000', '-0', '0x1f', '0X_1F', '0b101', '0o17', '1__0', '_1', '1_', '', ' ', '-', '+ 1', '010', '00',
          '0_0', '0x', 'z', 'Zz', '12a', '1 2', '9' * 60, '-' + 'f' * 40, '0b', '0_x1', '0x_', '0x__1', '1e5', '1.0']:
    for base in (0, 2, 8, 10, 16, 36):
        try:
            add('int', text(s), base, int(s, base))
        except ValueError:
            add('int', text(s), base, 'invalid')
for base in (2, 3, 8, 10, 16, 36):
    for bits in (1, 30, 62, 64, 70, 300, 1500):
        n = random.getrandbits(bits) * random.choice([1, -1])
        digits = '0123456789abcdefghijklmnopqrstuvwxyz'
        out, m = '', abs(n)
        while m:
            out, m = digits[m % base] + out, m // base
        add('text', n, base, ('-' if n < 0 else '') + (out or '0'))

floats = [0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1.5, 2.5, 3.5, -2.5, 1e16, 1e15, 123456789012345680.0, 9999999999999998.0, 1e-4, 1e-5,
          0.00012345, 1e22, 1e23, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, math.pi, 2 / 3, 1e100, 1e-100,
          2.675, 1.005, 1234567.891, 0.045, 1e300, 123456.0, 99999.95, 1e21, 0.30000000000000004, float('inf'), -float('inf'),
          float('nan'), 4.35, 5e15 + 0.5, 12345678.5, 25.0, 35.0, 1234.5, 55555.0, 5.0, 15.0, 50.0, 150.0]
floats += [random.uniform(-1, 1) * 10 ** random.randint(-320, 308) for _ in range(25)]
for x in floats:
    add('repr', x.hex(), repr(x))
    if x == x:
        add('fhash', x.hex(), hash(x))
    if x == x and abs(x) != math.inf:
        add('ratio', x.hex(), *x.as_integer_ratio())
        add('trunc', x.hex(), int(x))
        add('round0', x.hex(), round(x))
        for n in (0, 1, 2, 5, -1, -2, -5, 17, 300, -308, -309, 324, 16 - int(math.log10(abs(x) or 1))):
            try:
                add('round', x.hex(), n, round(x, n).hex())
            except OverflowError:
                add('round', x.hex(), n, 'overflow')
    for spec in random.sample(['e', '.0e', '.3e', '.17e', 'f', '.0f', '.1f', '.20f', 'g', '.0g', '.3g', '.17g', '#g', '#.3g', '#.0f',
                               '#.0e', '.400f', 'E', 'G', 'F', '%', '.0%', '.1', '.3', '.17', '#', '#.2', '', 'n', 'z.1f', '+', ' .2f',
                               '.50e', '012.3f', ',', ',.2f', '_.3f', '.6,f', ',.6_f', '.,f', '020,.3f', '<20', '*^20.3e', '=+20', '.4_g',
                               '015_', '+010.1f', 'z', '.6,', 'n'], 12):
        add('ffmt', x.hex(), text(spec), text(format(x, spec)))
    for spec in random.sample(['%f', '%e', '%g', '%.0f', '%#.0f', '%+.3f', '% .3e', '%010.2f', '%-12.3f|', '%+010f', '%G', '%F', '%.3g', '%#g'],
                              5):
        add('pfmt', x.hex(), text(spec), text(spec % x))
for s in ['1', '1.', '.5', '.', '1e5', '1E+5', '1e', '1e+', 'inf', '-Infinity', 'nan', '+NaN', 'infin', '1_0.5_0', '1__0', '1_.5', '_1',
          '1_e5', '1e1_0', ' 1.5\n', '1.5 x', '1e400', '-1e400', '1e-400', '0e999999999999999999999', '1e99999999999999999999',
          '1e-99999999999999999999', '0x1p3', '2.2250738585072011e-308', '1.7976931348623159e308', '1.7976931348623158e308', '5e-324',
          '2.4703282292062327e-324', '2.4703282292062328e-324', '9007199254740993', '0.1' + '0' * 400 + '1', '1' + '0' * 300, '',
          '000000000000000000000000000001e-10', '0.' + '0' * 330 + '1e330', '1d5', 'infinity_', '١']:
    if not s.isascii():
        continue
    try:
        add('fparse', text(s), float(s).hex())
    except ValueError:
        add('fparse', text(s), 'invalid')
for s in ['1+2j', '(1+2j)', ' ( 1-2J ) ', 'j', '-j', '+j', '1j', '1', '1e3-2.5e-3j', 'inf+nanj', '1+', '1+2', '1 + 2j', '(1', '1)', '()', '1+j',
          '1-j', 'jj', '1+2jj', '1_0+2_0j', 'nanj', '-infj', '1j+2']:
    try:
        z = complex(s)
        add('cparse', text(s), z.real.hex(), z.imag.hex())
    except ValueError:
        add('cparse', text(s), 'invalid', '-')
for s in ['0x1p0', '0x1.8p1', '1.8', '-0x.8p-1', '0x1.fffffffffffff8p0', '0x1.fffffffffffff7p0', '0x1p1024', '0x1p-1074', '0x1p-1075',
          '0x1.8p-1075', '0x1.0000000000001p-1075', '0x1p-99999999999999999999', '0x1p99999999999999999999', '0x0p99999999999999999999',
          'inf', '-nan', 'infinityx', '0x', '', '0x1p', ' 0x1p1 ', '0x123456789abcdef123456789p-20', '0x1.00000000000008p0',
          '0x1.000000000000080000000000001p0', '0x1.fffffffffffff8p1023', '0x1.fffffffffffff7fp1023', '0xfffffffffffffbfffp0', '1_0', '0xg']:
    try:
        add('fromhex', text(s), float.fromhex(s).hex())
    except ValueError:
        add('fromhex', text(s), 'invalid')
    except OverflowError:
        add('fromhex', text(s), 'overflow')
for _ in range(120):
    v = random.uniform(-100, 100) * 10 ** random.randint(-3, 3)
    w = random.choice([random.uniform(-10, 10), 0.1, -0.1, 3.0, -3.0, math.inf, -math.inf])
    add('fmod', v.hex(), w.hex(), (v % w).hex(), (v // w).hex())

int_specs = ['', 'd', 'x', 'X', '#x', '#X', 'o', '#o', 'b', '#b', ',', '_', '_x', '#_b', '010', '010,', '020_x', '#020_x', '+', ' d', '*^20', '<12',
             '>12', '=12', '=+12,', '0<12', 'n', 'c', 'f', '.2f', 'e', '%', ',.2f', '.3d', 'zd', '+c', '#c', ',x', ',n', ',,', ',_', '_,', 's', 'q',
             '.', '.f', '5 d', 'ab', '.2c', '99999999999999999999', '.99999999999999999999', 'é<9', '^9', '\x01', '.,x', '.,d', 'é']
for v in [0, 1, -1, 65, 255, -1234, 1234567, 123456789012345678901234567890, -5, 0x10ffff, 0x110000, 10**400]:
    for spec in int_specs:
        try:
            add('ifmt', v, text(spec), text(format(v, spec)))
        except (ValueError, OverflowError) as e:
            add('ifmt', v, text(spec), type(e).__name__ + ': ' + str(e))
for v in [0, 5, -42, 255, 10**30]:
    for spec in ['%d', '%5d', '%-5d', '%05d', '%+d', '% d', '%.5d', '%08.5d', '%x', '%#x', '%#X', '%#010x', '%o', '%#o', '%-#10o|', '%.0d', '%i',
                 '%u', '%+.3x', '%-08d|']:
        add('pfmt_int', v, text(spec), text(spec % v))
for z in [1 + 2j, complex(-0.0, 2), 0j, complex(0.0, -1.5), complex(1e20, float('nan')), 1234.5 + 6789.123j, complex(float('inf'), -0.0)]:
    for spec in ['', '10', '.2f', '>20.2f', '^30', '+', 'g', '#', '.3', ',', '.,f', 'n', ',.1f', '<25e', '%', 'd', '05', '=5', ' .1f', '*^30']:
        try:
            add('cfmt', z.real.hex(), z.imag.hex(), text(spec), text(format(z, spec)))
        except ValueError as e:
            add('cfmt', z.real.hex(), z.imag.hex(), text(spec), 'ValueError: ' + str(e))
for s in ['', 'a', 'hello', 'abcdef']:
    for spec in ['', 's', '10', '<10', '>10', '^9', '.3', '*^10.3', '05', '<05', '>05', '=5', '+', ' ', 'z', '#', 'd', ',', '_s', '.', 'é>8', '.3s', '^07', '-']:
        try:
            add('sfmt', s or '-', text(spec), text(format(s, spec)))
        except ValueError as e:
            add('sfmt', s or '-', text(spec), 'ValueError: ' + str(e))
with open('tests/unit/data/number_cases.tsv', 'w', encoding='ascii') as f:
    for case in cases:
        f.write(case + '\n')
