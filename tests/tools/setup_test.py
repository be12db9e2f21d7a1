import io
import subprocess
import tarfile
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import debian
import dependencies
import packages
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
        for module, name in ((stdlib, 'BUILD'), (stdlib, 'STDLIB'), (debian, 'APT')):
            patch = mock.patch.object(module, name, self.folder / name)
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
        with mock.patch.object(debian, 'machine_mirrors', return_value=[]):
            with self.assertRaisesRegex(Failure, r'(?s)with network.*without: ./dx setup --stdlib'):
                stdlib.ensure(None)

    def test_noNetwork_namesBothWaysOut(self):
        with mock.patch.object(debian, 'RETRIES', 0), \
                mock.patch.object(debian, 'machine_mirrors', return_value=['http://localhost:1/debian/']):
            with self.assertRaisesRegex(Failure, r'(?s)could not be fetched.*--stdlib DIR'):
                stdlib.ensure(None)


class Packages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for module, name in ((packages, 'STDLIB'), (debian, 'APT')):
            patch = mock.patch.object(module, name, self.folder / name)
            patch.start()
            self.addCleanup(patch.stop)
        (self.folder / 'STDLIB').mkdir()

    def archive(self, files):
        path = self.folder / 'x_1.0.orig.tar.gz'
        with tarfile.open(path, 'w:gz') as tar:
            for name, text in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(text)
                tar.addfile(member, io.BytesIO(text.encode()))
        return path

    def package(self, files):
        root = self.folder / 'root'
        (root / 'DEBIAN').mkdir(parents=True)
        (root / 'DEBIAN/control').write_text('Package: x\nVersion: 1.0-1\nArchitecture: all\n'
                                             'Maintainer: x <x@x>\nDescription: x\n')
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        subprocess.run(['dpkg-deb', '--build', root, self.folder / 'x.deb'], check=True,
                       stdout=subprocess.DEVNULL)
        return self.folder / 'x.deb'

    def test_package_givesItsPythonFilesAndData_notCompiledModules(self):
        deb = self.package({'usr/lib/python3/dist-packages/m/__init__.py': 'a',
                            'usr/lib/python3/dist-packages/m/fast.cpython-314.so': 'b',
                            'usr/share/docutils/writers/x.css': 'c', 'usr/share/doc/m/n': 'd'})
        packages.unpack(deb, self.folder / 'out')
        found = sorted(str(path.relative_to(self.folder / 'out'))
                       for path in (self.folder / 'out').rglob('*') if path.is_file())
        self.assertEqual(found, ['docutils/writers/x.css', 'm/__init__.py'])

    def test_suite_isTheTestFolderAndSettings(self):
        path = self.archive({'x-1/tests/test_a.py': '', 'x-1/src/x.py': '', 'x-1/setup.cfg': ''})
        packages.unpack_suite(path, 'tests', self.folder / 'suite')
        self.assertTrue((self.folder / 'suite/tests/test_a.py').exists())
        self.assertTrue((self.folder / 'suite/setup.cfg').exists())
        self.assertFalse((self.folder / 'suite/src').exists())

    def test_add_keepsWhatIsThere(self):
        for where, text in (('new', 'new'), ('old', 'old')):
            (self.folder / where / 'a').mkdir(parents=True)
            (self.folder / where / 'a/x').write_text(text)
        (self.folder / 'new/b').write_text('b')
        packages.add(self.folder / 'new', self.folder / 'old')
        self.assertEqual((self.folder / 'old/a/x').read_text(), 'old')
        self.assertEqual((self.folder / 'old/b').read_text(), 'b')

    def test_everythingThere_callsNothing(self):
        (self.folder / 'STDLIB/VERSION.json').write_text('{"source": "debian", "suite": "s"}')
        present = {'packages': {name: {'version': '1.0+dfsg-2'}
                                for name in packages.PACKAGES + packages.STABLE_PACKAGES},
                   'suites': {name: {'version': None} for name in packages.SUITES}}
        with mock.patch.object(packages, 'recorded', return_value=present), \
                mock.patch.object(debian, 'machine_mirrors') as mirrors:
            packages.ensure()
            self.assertEqual(packages.versions()['python3-sympy'], '1.0')
            self.assertNotIn('src:mako', packages.versions())
        mirrors.assert_not_called()

    def test_noNetwork_isSaidAndNotFatal(self):
        (self.folder / 'STDLIB/VERSION.json').write_text('{"source": "debian", "suite": "s"}')
        with mock.patch.object(debian, 'RETRIES', 0), mock.patch('sys.stderr', io.StringIO()) as err, \
                mock.patch.object(debian, 'machine_mirrors', return_value=['http://localhost:1/debian/']):
            packages.ensure()
        self.assertIn('could not be fetched', err.getvalue())
        self.assertEqual(packages.versions(), {})
