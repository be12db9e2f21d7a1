import tempfile
import unittest
from pathlib import Path

import lint_includes


class IncludeOrder(unittest.TestCase):
    def check(self, files):
        with tempfile.TemporaryDirectory() as root:
            source = Path(root) / 'src'
            files = {'folders.txt': '# lowest first\nbase\nruntime\njit/common\njit/opt\n', **files}
            for name, text in files.items():
                (source / name).parent.mkdir(parents=True, exist_ok=True)
                (source / name).write_text(text)
            return lint_includes.check(Path(root))

    def test_downwardAndOwnIncludes_pass(self):
        self.assertEqual(self.check({'runtime/a.cpp': '#include "runtime/b.h"\n#include "base/b.h"\n'
                                                      '#include <vector>\n'}), [])

    def test_upwardInclude_isNamedWithItsLine(self):
        self.assertEqual(self.check({'base/a.h': '\n#include "runtime/b.h"\n'}),
                         ['src/base/a.h:2: base may not include runtime ("runtime/b.h")'])

    def test_nestedFolders_haveTheirOwnRank(self):
        self.assertEqual(self.check({'jit/opt/a.cpp': '#include "jit/common/b.h"\n'}), [])
        self.assertEqual(len(self.check({'jit/common/a.cpp': '#include "jit/opt/b.h"\n'})), 1)

    def test_includeWithoutFolder_isRejected(self):
        self.assertEqual(len(self.check({'base/a.cpp': '#include "b.h"\n'})), 1)

    def test_unknownFolder_isRejected(self):
        self.assertEqual(len(self.check({'other/a.cpp': ''})), 1)
