"""Writes tests/unit/data/sre_cases.tsv: compiled patterns and what CPython 3.14 matches with them.

Run with CPython 3.14 from the repository's top folder:

    python3.14 tools/gen_sre_cases.py [SEED COUNT FILE]

With arguments, writes only COUNT random patterns, for a longer hunt. A line "P" holds pattern,
flags, number of groups and code words; the lines "S" behind it subject kind, subject, pos, endpos, and
the results of search, match, fullmatch and finditer.
"""
import random
import re
import sys
import warnings
from re import _compiler, _parser

warnings.simplefilter('ignore')
lines = []


def text(s):
    if isinstance(s, bytes):
        s = s.decode('latin-1')
    return ''.join(c if ' ' <= c <= '~' and c != '\\' else '\\x%02x' % ord(c) if ord(c) < 256 else
                   '\\u%04x' % ord(c) if ord(c) < 65536 else '\\U%08x' % ord(c) for c in s)


def result(m):
    if m is None:
        return '-'
    spans = [m.span(i) for i in range(m.re.groups + 1)]
    return ';'.join('%d,%d' % s for s in spans) + ';%d' % (m.lastindex or 0)


def add(pattern, subjects, flags=0):
    try:
        p = _parser.parse(pattern, flags)
        code = _compiler._code(p, flags)
        regex = re.compile(pattern, flags)
    except (re.error, OverflowError, RecursionError):
        return
    lines.append('\t'.join(['P', text(pattern), str(int(regex.flags)), str(regex.groups), ','.join('%x' % c for c in code)]))
    for subject in subjects:
        bounds = (0, len(subject))
        if isinstance(subject, tuple):
            subject, *bounds = subject
        found = regex.search(subject, *bounds), regex.match(subject, *bounds), regex.fullmatch(subject, *bounds)
        every = [result(m) for m in regex.finditer(subject, *bounds)]
        lines.append('\t'.join(['S', text(subject) or '\\e', str(bounds[0]), str(bounds[1]), *map(result, found), ' '.join(every) or '-']))


def fixed():
    words = ['', 'a', 'ab', 'aab', 'abab', 'hello world', 'Hello\nWorld\n', 'xxabcxx', 'aaaaaaaab', '12 34-56', 'foo.bar@example.com']
    for pattern in ['a', 'a*', 'a+b', 'a?', 'a*?', 'a+?b', '(a)(b)', '(a|b)*', '(a|ab)(c|bcd)*', '(?:a|b)+?b', '^a', 'b$', '^', '$', r'\A', r'\Z', r'\b', r'\B',
                    r'\w+', r'\W+', r'\d+', r'\s', r'\S+', '.', '.*', '.+?o', '(?s).*', '(?m)^.*$', '[abc]+', '[^abc]+', '[a-z]+', r'[\w.]+@[\w.]+', r'[^\d\s]+', '',
                    '(a*)*', '(a*)+', '(a*?)*?', '(?:)*', '(|a)+', '(a|)+?b', '((a)|b)*', '(?:(a)|b)*', '(?:(a)|(b))+', r'(a)\1', r'(a*)b\1', r'(?P<x>a)(?P=x)?', '(?=a)', '(?=(a))a',
                    '(?!a).', '(?<=a)b', '(?<!a)b', '(?<=(a))b', '(?=a)*', '(?!(a)b)a', '(a)?(?(1)b|c)', '(?:(a)|x)(?(1)b)', '(?>a+)b', '(?>a|ab)b', 'a++b', 'a*+a', '(?:ab)*+', '(?:ab)++a', 'a?+a',
                    '(?:a|ab)*+b', '(ab|a)++b', '(?:a*)*+b', 'a{2}', 'a{2,3}', 'a{2,3}?', '(?:ab){2}', '(?:ab){1,2}?', '(a{1,2}){2}', '(?:a{0,2}){3}b', '(.)(.)', r'(.)\1', 'hello', 'hello world', 'l+o',
                    'x(abc)x', 'x+abc', '(?:foo|bar)', 'foo|foobar', '(foo|foobar)baz', 'abc|abd|xyz', '(?i)HELLO', '(?i)[g-i]ello', r'(?i)(h)ello\n', '[^\\s\\S]', '[^\\s\\S]*', 'a[^\\s\\S]?', r'[\s\S]',
                    '(?:a|b|ab)*c', 'a.c', '(?:x+x+)+y', '(a+)+$', '.*b', '.*?b', '(.*)(b+)', '(.*?)(b+)', '(?=.*b)a', '(?<=^a)b', '(?<=\\b)a', '(?!)', '(?!)|a', 'a(?!)|b', '(a)|(b)', '(a)|b', '((a)(b))',
                    '(?:(?:(?:a)))', '(a(b(c)?)?)?', '(?:a(?=b)|b)+', '(?:(?=(a+))\\1)b', '((?:a|b)*?)b', '(?:.|\\n)+', '\\x61', '[\\x00-\\x7f]', '[\\n]', '(?x) a b # c', '(?:a{,3})b', '(?:a|(?:b|c))+',
                    '(a)(?:\\1)*', '(?:(a)\\1)*', '(?:(a)|b\\1)+', '(?:(.)(?=.))*', '(?:(?!b).)*', '(?:(?<!a)b|a)*', '(a?)*?b', '(?:a??)*?b', '(?:(a)??b)*']:
        add(pattern, words)
        if pattern.isascii():
            add(pattern.encode(), [w.encode() for w in words[:5]])
    positions = [('xabcx', 1, 4), ('xabcx', 1, 1), ('xabcx', 5, 5), ('xabcx', 2, 5), ('aaaa', 1, 3)]
    for pattern in ['^a', '^', '$', r'\b', r'\Ba', '(?<=x)a', '(?<!x)a', 'c$', 'a+', '', '(?=x)', 'c(?=x)', 'abc', '[abc]+', '(?m)^', '(?m)$', r'(?<=\bx)a']:
        add(pattern, positions)
    wide = ['', 'é', 'Éa', 'ab\u0430\u0431', '\u0410\u0430', '\U0001f600a', 'straße', 'STRASSE', 'ſ', 'sS', 'K\u212a', '\u0130i', 'iI\u0131', '\xb5\u03bc\u039c', '\u03c3\u03c2\u03a3', 'a\u2028b', '１２', 'x\u0660',
            '\u01c5\u01c4\u01c6', '\ufb05\ufb06', '\u1e9e\xdf', '\u0345\u03b9\u1fbe', 'a\x85b', '\xa0']
    for pattern in [r'\w+', r'\W', r'\d+', r'\s', r'\b', 'é', '[é]', '(?i)é', '(?i)[à-ü]', '(?i)[а-я]+', '(?i)[\u0430\u0431]+', '[\u0400-\u04ff]+', '[^\u0400-\u04ff]+', '[\U0001f600-\U0001f64f]', '(?i)s', '(?i)[s]', '(?i)k',
                    '(?i)\u03bc', '(?i)[\u03bc]', '(?i)\u03c3+', '(?i)i', '(?i)\u0131', '(?i)[^s]', '(?i)ß', '(?i)\ufb05', '(?i)\u01c5+', '(?i)[\u01c4-\u01c6]', r'(?i)(\w)\1', r'(?ia)(\w)\1', r'(?a)\w+', r'(?a)\d', r'(?a)\s', r'(?ai)[é]',
                    r'(?a)\b', r'[\w\u0660]', '(?i)\u0345', '(?i)[\u0390-\u03ff]', '(?i)[^\u0390-\u03ff]', '[\u00e9\u0130\u0430\u4e00\U0001f600]', '[a\u0430\u4e00-\u9fff\u3042]', '(?i)[a-z\u0430\u0431\u0433\u212a]+', '.', '(?i)\U00010428',
                    r'(?i)[^\W\d_]+', '(?i)K+', r'[\d\u0430]']:
        add(pattern, wide)
    locale = [b'aB', b'\xe9\xc9', b'word_1 x', b'', b'Ab\xdf']
    for pattern in [rb'(?L)\w+', rb'(?Li)a', rb'(?Li)[a-b]+', rb'(?Li)[^a]', rb'(?L)\b', rb'(?L)\B', rb'(?Li)(.)\1', rb'(?L)[\W]', rb'(?Li)\xe9', rb'(?L)\W', rb'(?Li)[^\xe9a]+']:
        add(pattern, locale)
    for pattern, subject in [('(?:a|b)*c', 'ab' * 300 + 'c'), ('(?:a*b)*$', 'aab' * 200), ('a*' * 8 + 'b', 'a' * 20), ('x{1000}', 'x' * 1001), ('(?:xy){300,}?z', 'xy' * 310 + 'z'), ('(x)*y', 'x' * 500 + 'y'), ('.*foo', 'y' * 900 + 'foo'),
                             ('abcabd', 'abcabcabcabd'), ('aab', 'a' * 50 + 'b'), ('\u0430\u0430\u0431', '\u0430' * 40 + '\u0431'), ('(?:(?:ab)+c)*d', 'ababc' * 60 + 'd')]:
        add(pattern, [subject])


def random_pattern(depth, groups):
    kind = random.random()
    if depth <= 0 or kind < 0.25:
        return random.choice(['a', 'b', 'c', '.', '[ab]', '[^a]', r'\w', 'ab', '', '^', '$', r'\b', r'\B', 'a', 'b'])
    if kind < 0.4:
        return random_pattern(depth - 1, groups) + random_pattern(depth - 1, groups)
    if kind < 0.52:
        return '(?:%s)' % '|'.join(random_pattern(depth - 1, groups) for _ in range(random.randint(2, 3)))
    if kind < 0.62:
        groups[0] += 1
        return '(%s)' % random_pattern(depth - 1, groups)
    if kind < 0.85:
        inner = random_pattern(depth - 1, groups)
        q = random.choice(['*', '+', '?', '{2}', '{1,2}', '{0,3}', '{2,}', '*', '+'])
        return '(?:%s)%s%s' % (inner, q, random.choice(['', '', '?', '+']))
    if kind < 0.93:
        return random.choice(['(?=%s)', '(?!%s)', '(?>%s)', '(?<=%s)', '(?<!%s)']) % random_pattern(depth - 2, groups)
    if groups[0]:
        n = random.randint(1, groups[0])
        return random.choice([r'\%d' % n, '(?(%d)%s|%s)' % (n, random_pattern(depth - 2, groups), random_pattern(depth - 2, groups))])
    return 'c'


def fuzz(seed, count):
    random.seed(seed)
    for _ in range(count):
        pattern = random_pattern(5, [0])
        subjects = [''.join(random.choice('aabbc\n') for _ in range(random.randint(0, 9))) for _ in range(3)]
        if len(pattern) < 120:
            add(pattern, subjects, random.choice([0, 0, re.I, re.M, re.S]))


if len(sys.argv) == 4:
    fuzz(int(sys.argv[1]), int(sys.argv[2]))
    name = sys.argv[3]
else:
    fixed()
    fuzz(2024, 250)
    name = 'tests/unit/data/sre_cases.tsv'
with open(name, 'w', encoding='ascii') as f:
    f.write('\n'.join(lines) + '\n')
