"""docs/opcodes.md is what its generator makes of the opcodes."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class OpcodeDoc(unittest.TestCase):
    def test_page_is_current(self):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder, 'opcodes.md')
            subprocess.run([sys.executable, ROOT / 'tools/gen_opcode_doc.py', ROOT / 'src/bytecode/opcodes.def', page],
                           check=True)
            self.assertEqual(page.read_text(), (ROOT / 'docs/opcodes.md').read_text(),
                             'run tools/gen_opcode_doc.py src/bytecode/opcodes.def docs/opcodes.md')


if __name__ == '__main__':
    unittest.main()
