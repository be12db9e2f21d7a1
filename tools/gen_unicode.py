"""Makes the tables behind base/unicode.h.

    python3 tools/gen_unicode.py DATADIR OUTDIR

DATADIR is what tools/fetch_unicode.py made (Unicode 16.0.0 as JSON); writes
OUTDIR/unicode_tables.gen.cpp and OUTDIR/unicode_names.gen.cpp. The layouts are described in
base/unicode_data.h.
"""
import collections
import fractions
import json
import pathlib
import re
import sys

CODES = 0x110000
CATEGORIES = ['Cn', 'Lu', 'Ll', 'Lt', 'Lm', 'Lo', 'Mn', 'Mc', 'Me', 'Nd', 'Nl', 'No', 'Pc', 'Pd', 'Ps', 'Pe', 'Pi', 'Pf', 'Po', 'Sm',
              'Sc', 'Sk', 'So', 'Zs', 'Zl', 'Zp', 'Cc', 'Cf', 'Cs', 'Co']
BIDI = ['', 'L', 'LRE', 'LRO', 'R', 'AL', 'RLE', 'RLO', 'PDF', 'EN', 'ES', 'ET', 'AN', 'CS', 'NSM', 'BN', 'B', 'S', 'WS', 'ON', 'LRI',
        'RLI', 'FSI', 'PDI']
WIDTHS = ['N', 'A', 'H', 'W', 'F', 'Na']
TAGS = ['', '<font>', '<noBreak>', '<initial>', '<medial>', '<final>', '<isolated>', '<circle>', '<super>', '<sub>', '<vertical>',
        '<wide>', '<narrow>', '<small>', '<square>', '<fraction>', '<compat>']
OLD_CATEGORIES = dict(zip(
    'Unassigned Uppercase_Letter Lowercase_Letter Titlecase_Letter Modifier_Letter Other_Letter Nonspacing_Mark Spacing_Mark '
    'Enclosing_Mark Decimal_Number Letter_Number Other_Number Connector_Punctuation Dash_Punctuation Open_Punctuation '
    'Close_Punctuation Initial_Punctuation Final_Punctuation Other_Punctuation Math_Symbol Currency_Symbol Modifier_Symbol '
    'Other_Symbol Space_Separator Line_Separator Paragraph_Separator Control Format Surrogate Private_Use'.split(), CATEGORIES))
OLD_BIDI = dict(zip(
    'Left_To_Right Left_To_Right_Embedding Left_To_Right_Override Right_To_Left Arabic_Letter Right_To_Left_Embedding '
    'Right_To_Left_Override Pop_Directional_Format European_Number European_Separator European_Terminator Arabic_Number '
    'Common_Separator Nonspacing_Mark Boundary_Neutral Paragraph_Separator Segment_Separator White_Space Other_Neutral'.split(),
    BIDI[1:]))
FLAGS = ['Alpha', 'Decimal', 'Digit', 'Numeric', 'Space', 'Lower', 'Upper', 'Title', 'Printable', 'XidStart', 'XidContinue', 'Cased',
         'CaseIgnorable', 'Linebreak', 'SpecialCase']
FLAG = {name: 1 << i for i, name in enumerate(FLAGS)}
QUICK = {'NFD_QC': 0, 'NFKD_QC': 2, 'NFC_QC': 4, 'NFKC_QC': 6}  # shift; 1 is no, 2 is maybe


class Char:
    __slots__ = ('category', 'bidi', 'combining', 'mirrored', 'width', 'decimal', 'digit', 'numeric', 'upper', 'lower', 'title', 'name',
                 'decomposition', 'flags', 'quick')

    def __init__(self, category='Cn'):
        self.category = category
        self.bidi = ''
        self.combining = 0
        self.mirrored = False
        self.width = 'N'
        self.decimal = self.digit = 255
        self.numeric = None
        self.upper = self.lower = self.title = None
        self.name = None
        self.decomposition = None
        self.flags = 0
        self.quick = 0


def load(folder, name, key=None):
    data = json.loads((folder / (name + '.json')).read_text(encoding='utf-8'))
    return data[key or name]


def ranges(entries):
    """Yields (entry, code point) for entries with a range of one or two ends."""
    for entry in entries:
        first = int(entry['range'][0], 16)
        for code in range(first, int(entry['range'][-1], 16) + 1):
            yield entry, code


def points(text):
    return [int(x, 16) for x in (text.split() if isinstance(text, str) else text)]


def read_characters(folder):
    chars = [None] * CODES
    first = None
    name_ranges = []
    for entry in load(folder, 'UnicodeData'):
        code = int(entry['codepoint'], 16)
        name = entry['name']
        start = code
        if name.endswith(', First>'):
            first = code
            continue
        if name.endswith(', Last>'):
            start = first
            name_ranges.append((first, code, name[1:-7]))
        for c in range(start, code + 1):
            char = chars[c] = Char(entry['category'])
            char.bidi = entry['bidirectionalCategory']
            char.combining = int(entry['canonicalCombiningClass'])
            char.mirrored = entry['mirrored'] == 'Y'
            char.decimal = int(entry.get('decimalDigitValue', 255))
            char.digit = int(entry.get('digitValue', 255))
            if 'numericValue' in entry:
                char.numeric = fractions.Fraction(entry['numericValue'])
            for kind in ('upper', 'lower', 'title'):
                if entry.get(kind):
                    setattr(char, kind, int(entry[kind], 16))
            if not name.startswith('<'):
                char.name = name
            mapping = entry.get('characterDecompositionMapping')
            if mapping:
                parts = mapping.split()
                tag = parts.pop(0) if parts[0].startswith('<') else ''
                char.decomposition = (TAGS.index(tag), points(parts))
    chars = [char or Char() for char in chars]
    for entry in load(folder, 'Unihan_NumericValues'):
        char = chars[int(entry['codepoint'][2:], 16)]
        for key in ('kPrimaryNumeric', 'kAccountingNumeric', 'kOtherNumeric'):
            if key in entry:
                char.numeric = fractions.Fraction(entry[key].split()[0])
    for entry, code in ranges(load(folder, 'EastAsianWidth')):
        chars[code].width = entry['width']
    for entry, code in ranges(load(folder, 'DerivedNormalizationProps')):
        if entry['property'] in QUICK:
            value = str(entry.get('normalized', entry.get('value', 'N'))).strip()
            chars[code].quick |= (2 if value.startswith('M') else 1) << QUICK[entry['property']]
    return chars, name_ranges


def set_flags(folder, chars):
    derived = {'XID_Start': 'XidStart', 'XID_Continue': 'XidContinue', 'Lowercase': 'Lower', 'Uppercase': 'Upper', 'Cased': 'Cased',
               'Case_Ignorable': 'CaseIgnorable'}
    for entry, code in ranges(load(folder, 'DerivedCoreProperties')):
        flag = derived.get(entry['property'])
        if flag:
            chars[code].flags |= FLAG[flag]
    for entry, code in ranges(load(folder, 'LineBreak')):
        if entry['lineBreakProperty'] in ('BK', 'CR', 'LF', 'NL'):
            chars[code].flags |= FLAG['Linebreak']
    for code, char in enumerate(chars):
        flags = char.flags
        if char.category in ('Lm', 'Lt', 'Lu', 'Ll', 'Lo'):
            flags |= FLAG['Alpha']
        if char.category == 'Lt':
            flags |= FLAG['Title']
        if char.category == 'Zs' or char.bidi in ('WS', 'B', 'S'):
            flags |= FLAG['Space']
        if char.bidi == 'B':
            flags |= FLAG['Linebreak']
        if code == 32 or char.category[0] not in 'CZ':
            flags |= FLAG['Printable']
        if char.decimal != 255:
            flags |= FLAG['Decimal']
        if char.digit != 255:
            flags |= FLAG['Digit']
        if char.numeric is not None:
            flags |= FLAG['Numeric']
        char.flags = flags


def case_mappings(folder, chars):
    """The special records; sets the SpecialCase flag of who has one."""
    special = {}
    for entry in load(folder, 'SpecialCasing'):
        if 'conditions' not in entry:
            special[int(entry['codepoint'], 16)] = [points(entry[k]) for k in ('lowerSequence', 'upperSequence', 'titleSequence')]
    folds = {}
    for entry in load(folder, 'CaseFolding'):
        if entry['status'] in 'CF':
            folds[int(entry['codepoint'], 16)] = points(entry['mapping'])
    records = []
    index = {}
    for code, char in enumerate(chars):
        lower = char.lower if char.lower is not None else code
        upper = char.upper if char.upper is not None else code
        title = char.title if char.title is not None else upper
        full = special.get(code, [[lower], [upper], [title]])
        fold = folds.get(code, [code])
        if code in special or fold != full[0]:
            char.flags |= FLAG['SpecialCase']
            index[code] = len(records)
            records.append((lower, upper, title, *full, fold))
    return records, index


def two_stage(values, shift):
    """The first and the second stage for values, with equal blocks shared."""
    size = 1 << shift
    blocks, first, second = {}, [], []
    for start in range(0, len(values), size):
        block = tuple(values[start:start + size])
        if block not in blocks:
            blocks[block] = len(second) >> shift
            second.extend(block)
        first.append(blocks[block])
    return first, second


class Writer:
    def __init__(self, path):
        self.path = path
        self.lines = ['// Generated by tools/gen_unicode.py from Unicode 16.0.0. Do not edit.', '#include "base/unicode_data.h"', '',
                      'namespace dx::detail {', '']

    def array(self, ctype, name, values):
        self.lines.append(f'extern const {ctype} {name}[];')
        self.lines.append(f'const {ctype} {name}[] = {{')
        line = ''
        for value in values:
            text = f'{value},'
            if len(line) + len(text) > 118:
                self.lines.append(line)
                line = ''
            line += text
        self.lines.append(line)
        self.lines.append('};')

    def value(self, ctype, name, value):
        self.lines.append(f'extern const {ctype} {name};')
        self.lines.append(f'const {ctype} {name} = {value};')

    def close(self):
        self.path.write_text('\n'.join(self.lines + ['', '}  // namespace dx::detail', '']), encoding='ascii')


def write_tables(folder, out, chars):
    records, special_index = case_mappings(folder, chars)
    w = Writer(out / 'unicode_tables.gen.cpp')

    # Text records: what str's methods ask for.
    kinds, index = {}, []
    for code, char in enumerate(chars):
        if code in special_index:
            deltas = (special_index[code], 0, 0)
        else:
            lower = char.lower if char.lower is not None else code
            upper = char.upper if char.upper is not None else code
            title = char.title if char.title is not None else upper
            deltas = (lower - code, upper - code, title - code)
        record = (*deltas, char.flags, CATEGORIES.index(char.category), char.decimal, char.digit)
        index.append(kinds.setdefault(record, len(kinds)))
    first, second = two_stage(index, 7)
    w.array('u16', 'kTextStage1', first)
    w.array('u16', 'kTextStage2', second)
    w.array('TextRecord', 'kTextRecords', ['{%d,%d,%d,%d,%d,%d,%d}' % r for r in kinds])

    def three(seq):
        return '{' + ','.join(str(x) for x in (list(seq) + [0, 0])[:3]) + '}'

    w.array('SpecialCase', 'kSpecialCases', [
        '{%d,%d,%d,{%d,%d,%d,%d},%s,%s,%s,%s}' % (lo, up, ti, len(fl), len(fu), len(ft), len(fo), three(fl), three(fu), three(ft), three(fo))
        for lo, up, ti, fl, fu, ft, fo in records])

    # Data records: what only unicodedata and normalization ask for.
    kinds, index = {}, []
    for char in chars:
        record = (BIDI.index(char.bidi), char.combining, WIDTHS.index(char.width), int(char.mirrored), char.quick)
        index.append(kinds.setdefault(record, len(kinds)))
    first, second = two_stage(index, 7)
    w.array('u16', 'kDataStage1', first)
    assert len(kinds) < 65536
    w.array('u16', 'kDataStage2', second)
    w.array('DataRecord', 'kDataRecords', ['{%d,%d,%d,%d,%d}' % r for r in kinds])

    # Decompositions: one array of [tag << 8 | length, code points...]; index 0 is none.
    pool, index = [0], []
    for char in chars:
        if char.decomposition is None:
            index.append(0)
            continue
        tag, mapping = char.decomposition
        index.append(len(pool))
        pool += [tag << 8 | len(mapping), *mapping]
    first, second = two_stage(index, 6)
    w.array('u16', 'kDecompStage1', first)
    w.array('u16', 'kDecompStage2', second)
    w.array('u32', 'kDecompPool', pool)
    assert len(pool) < 65536

    excluded = {code for entry, code in ranges(load(folder, 'DerivedNormalizationProps'))
                if entry['property'] == 'Full_Composition_Exclusion'}
    pairs = sorted((c.decomposition[1][0] << 32 | c.decomposition[1][1], code) for code, c in enumerate(chars)
                   if c.decomposition and c.decomposition[0] == 0 and len(c.decomposition[1]) == 2 and code not in excluded)
    w.array('u64', 'kCompositionPairs', [p for p, _ in pairs])
    w.array('u32', 'kCompositions', [c for _, c in pairs])
    w.value('u32', 'kCompositionCount', len(pairs))

    numerics = [(code, char.numeric) for code, char in enumerate(chars) if char.numeric is not None]
    w.array('u32', 'kNumericCodes', [code for code, _ in numerics])
    w.array('double', 'kNumericValues', [repr(float(v)) if v.denominator == 1 else f'{v.numerator}.0/{v.denominator}.0'
                                         for _, v in numerics])
    w.value('u32', 'kNumericCount', len(numerics))

    # Unicode 3.2.0, where it differs: runs of (first code, category, bidi).
    old = json.loads((folder / 'unicode32.json').read_text())
    old_categories, old_bidi = ['Cn'] * CODES, [''] * CODES
    for lo, hi, value in old['General_Category']:
        old_categories[lo:hi + 1] = [OLD_CATEGORIES[value]] * (hi - lo + 1)
    for lo, hi, value in old['Bidi_Class']:
        old_bidi[lo:hi + 1] = [OLD_BIDI[value]] * (hi - lo + 1)
    runs = []
    for code in range(CODES):
        value = (CATEGORIES.index(old_categories[code]), BIDI.index(old_bidi[code]) if old_categories[code] != 'Cn' else 0)
        if not runs or runs[-1][1] != value:
            runs.append((code, value))
    w.array('OldRun', 'kOldRuns', ['{%d,%d,%d}' % (code, *value) for code, value in runs])
    w.value('u32', 'kOldRunCount', len(runs))
    corrections = [(int(e['codepoint'], 16), int(e['original'], 16)) for e in load(folder, 'NormalizationCorrections')
                   if e['unicodeVersion'] != '3.2.0']
    w.array('OldDecomposition', 'kOldDecompositions', ['{%d,%d}' % c for c in sorted(corrections)])
    w.value('u32', 'kOldDecompositionCount', len(corrections))
    w.close()


def split_name(name):
    # A word keeps its hyphen, and a space after that: joining adds one only after a letter.
    return re.findall(r'[^ -]*- ?|[^ -]+', name)


def write_names(folder, out, chars, name_ranges):
    names = []  # (name, code or sequence index)
    for code, char in enumerate(chars):
        if char.name:
            names.append((char.name, code))
    characters = len(names)
    aliases = [(e['alias'], int(e['codepoint'], 16)) for e in load(folder, 'NameAliases')]
    sequences = [(e['name'], points(e['codepointSequence'])) for e in load(folder, 'NamedSequences')]
    names += aliases
    pool = []
    for name, sequence in sequences:
        names.append((name, len(pool)))
        pool += [len(sequence), *sequence]
    w = Writer(out / 'unicode_names.gen.cpp')
    counts = collections.Counter(word for name, _ in names for word in split_name(name))
    words = [word for word, _ in counts.most_common()]
    # Codes: 0 ends a name, 1..singles one byte, above that two bytes.
    singles = 255 - (len(words) + 255) // 256
    assert singles > 150
    number = {word: i for i, word in enumerate(words)}
    text, offsets = bytearray(), []
    for i, (name, _) in enumerate(names):
        if i % 8 == 0:
            offsets.append(len(text))
        for word in split_name(name):
            n = number[word]
            if n < singles:
                text.append(n + 1)
            else:
                n -= singles
                text += bytes([singles + 1 + (n >> 8), n & 255])
        text.append(0)
    w.value('u32', 'kNameSingles', singles)
    w.value('u32', 'kNameCharacters', characters)
    w.value('u32', 'kNameAliasEnd', characters + len(aliases))
    w.value('u32', 'kNameCount', len(names))
    w.array('u8', 'kNameText', text)
    w.array('u32', 'kNameOffsets', offsets)
    starts, letters = [], bytearray()
    for word in words:
        starts.append(len(letters))
        letters += word.encode('ascii')
    w.array('u32', 'kNameWordStarts', starts + [len(letters)])
    w.array('u8', 'kNameWordLetters', letters)
    w.array('u32', 'kNameValues', [value for _, value in names])
    w.array('u32', 'kNameSequences', pool)

    # Open addressing over the names; the hash is nameHash of base/unicode_data.h.
    size = 1 << 16
    table = [0xffff] * size
    assert len(names) < 0xffff
    for i, (name, _) in enumerate(names):
        h = 0
        for b in name.encode('ascii'):
            h = (h * 47 + b) & 0xffffffff
        h ^= h >> 15
        while table[h % size] != 0xffff:
            h += 1
        table[h % size] = i
    w.array('u16', 'kNameTable', table)

    # Where the character names stand: runs of consecutive code points.
    runs = []
    for i in range(characters):
        code = names[i][1]
        if not runs or code != runs[-1][0] + (i - runs[-1][1]):
            runs.append((code, i))
    w.array('NameRun', 'kNameRuns', ['{%d,%d}' % run for run in runs])
    w.value('u32', 'kNameRunCount', len(runs))
    computed = [(lo, hi, 1 if name.startswith('CJK') else 2) for lo, hi, name in name_ranges if name.startswith(('CJK', 'Tangut'))]
    w.array('NameRange', 'kNameRanges', ['{%d,%d,%d}' % r for r in computed])
    w.value('u32', 'kNameRangeCount', len(computed))
    w.close()


def main():
    folder, out = map(pathlib.Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    chars, name_ranges = read_characters(folder)
    set_flags(folder, chars)
    write_tables(folder, out, chars)
    write_names(folder, out, chars, name_ranges)


main()
