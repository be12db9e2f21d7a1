"""Highlights small programs of several languages."""
from pygments import highlight
from pygments.formatters import LatexFormatter, RawTokenFormatter, SvgFormatter
from pygments.lexers import get_lexer_by_name, guess_lexer

SOURCES = {
    "c": "int main(void) { return 0x1f + 'a'; /* done */ }\n",
    "json": '{"a": [1, 2.5e3, true, null, "\\u00e9"]}\n',
    "html": "<!DOCTYPE html><p class='x'>&eacute; <script>let a = `b${c}`;</script></p>\n",
    "bash": "for f in *.py; do echo \"$f: $(wc -l < \"$f\")\"; done # all\n",
    "sql": "SELECT a, count(*) FROM t WHERE b LIKE '%x' GROUP BY a;\n",
    "yaml": "a: &x [1, 'two']\nb: *x\nc: |\n  text\n",
    "rust": "fn main() { let x: Vec<u8> = vec![b'a']; println!(\"{:?}\", x); }\n",
    "diff": "--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n",
}
for language, source in SOURCES.items():
    lexer = get_lexer_by_name(language)
    print("==", lexer.name)
    for formatter in (RawTokenFormatter(), LatexFormatter(), SvgFormatter()):
        out = highlight(source, lexer, formatter)
        print(out.decode() if isinstance(out, bytes) else out)
print(guess_lexer("#!/usr/bin/python3\nimport os\n").name)
