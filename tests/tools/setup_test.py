import tempfile
import unittest
from pathlib import Path
from unittest import mock

import dependencies
import stdlib
from common import Failure


class Dependencies(unittest.TestCase):
    def test_table_hasAProbeForEveryPackage(self):
        rows = dict(dependencies.packages())
        self.assertEqual(rows['clang-19'], 'clang++-19')
        self.assertGreater(len(rows), 10)

    def test_nothingMissing_callsNothing(self):
        with mock.patch.object(dependencies, 'packages', return_value=[('x', '/usr')]), \
                mock.patch.object(dependencies, 'run') as run:
            dependencies.install_missing()
        run.assert_not_called()

    def test_missingPackage_withoutRoot_saysTheCommand(self):
        with mock.patch.object(dependencies, 'packages', return_value=[('libx', '/no/such/x.h')]), \
                mock.patch.object(dependencies.shutil, 'which', return_value='/usr/bin/apt-get'), \
                mock.patch.object(dependencies.os, 'geteuid', return_value=1000):
            with self.assertRaisesRegex(Failure, r'apt-get install .* libx'):
                dependencies.install_missing()


class StandardLibrary(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in ('BUILD', 'STDLIB', 'APT'):
            patch = mock.patch.object(stdlib, name, self.folder / name)
            patch.start()
            self.addCleanup(patch.stop)
        patch = mock.patch.dict(stdlib.os.environ)
        patch.start()
        self.addCleanup(patch.stop)
        stdlib.os.environ.pop('DX_STDLIB', None)

    def library(self, magic=20230612):
        folder = self.folder / 'usr/lib/python3.14'
        (folder / 're').mkdir(parents=True)
        (folder / 'os.py').write_text('')
        (folder / 're/_constants.py').write_text(f'MAGIC = {magic}\n')
        (folder / 'token.py').write_text('N_TOKENS = 69\nNT_OFFSET = 256\n')
        names = {f'OP{number}': number for number in range(stdlib.OPCODES)}
        (folder / '_opcode_metadata.py').write_text(f'opmap = {names!r}\n')
        return folder

    def test_installedLibrary_isLinkedAndRecorded(self):
        stdlib.ensure(str(self.library()))
        self.assertTrue((self.folder / 'STDLIB/lib/python3.14/os.py').exists())
        self.assertIn('3.14', (self.folder / 'STDLIB/VERSION.json').read_text())

    def test_libraryOfAnotherVersion_isRefused(self):
        with self.assertRaisesRegex(Failure, 'MAGIC is 1, not 20230612'):
            stdlib.ensure(str(self.library(magic=1)))
        self.assertFalse((self.folder / 'STDLIB').exists())

    def test_folderWithoutLibrary_isRefused(self):
        with self.assertRaisesRegex(Failure, 'no os.py'):
            stdlib.ensure(str(self.folder))

    def test_noAptSource_namesBothWaysOut(self):
        with mock.patch.object(stdlib, 'machine_mirrors', return_value=[]):
            with self.assertRaisesRegex(Failure, r'(?s)with network.*without: ./dx setup --stdlib'):
                stdlib.ensure(None)

    def test_noNetwork_namesBothWaysOut(self):
        with mock.patch.object(stdlib, 'RETRIES', 0), \
                mock.patch.object(stdlib, 'machine_mirrors', return_value=['http://localhost:1/debian/']):
            with self.assertRaisesRegex(Failure, r'(?s)could not be fetched.*--stdlib DIR'):
                stdlib.ensure(None)
