"""Compiled modules out of archives.

The library's own modules are in an archive beside the program. `install` lets importlib's finder
and loader of source files ask it first; what they give is what they would give without it. Other
archives stand on sys.path as files, and ArchiveFinder serves them.
"""


def install(bootstrap, external, imp):
    """Runs once, before the path hooks are set up."""
    global _bootstrap, _external, _imp
    _bootstrap, _external, _imp = bootstrap, external, imp
    spec_of = _bootstrap.ModuleSpec
    finder, loader = external.FileFinder, external.SourceFileLoader
    scan, read = finder.find_spec, loader.get_code
    find, code_of = imp._archive_find, imp._archive_code

    def find_spec(self, fullname, target=None):
        """Try to find a spec for the specified module.

        Returns the matching spec, or None if not found.
        """
        found = find(self.path, fullname.rpartition('.')[2])
        if found is None:
            return scan(self, fullname, target)
        path, folder = found
        spec = spec_of(fullname, loader(fullname, path), origin=path)
        spec._set_fileattr = True
        if folder is not None:
            spec.submodule_search_locations = [folder]
        return spec

    def get_code(self, fullname):
        """Concrete implementation of InspectLoader.get_code.

        Reading of bytecode requires path_stats to be implemented. To write
        bytecode, set_data must also be implemented.
        """
        if type(self) is loader and self.name == fullname:
            code = code_of(self.path)
            if code is not None:
                return code
            try:
                return read(self, fullname)
            except ImportError as error:
                if not (error.msg or '').startswith('damaged bytecode'):
                    raise
            # As if the file were not there; where it cannot be removed, nothing is written either.
            try:
                external._os.unlink(external.cache_from_source(self.path))
            except (OSError, NotImplementedError):
                return self.source_to_code(self.get_data(self.path), self.path)
        return read(self, fullname)

    for cls, function in (finder, find_spec), (loader, get_code):
        function.__qualname__ = f'{cls.__name__}.{function.__name__}'
        function.__module__ = external.__name__
        setattr(cls, function.__name__, function)


class ArchiveLoader:
    """A module of an archive. There is no source."""

    def __init__(self, fullname, archive, name, path):
        self.name = fullname
        self.archive = archive
        self.path = path
        self._name = name

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        _bootstrap._call_with_frames_removed(exec, self.get_code(self.name), module.__dict__)

    def is_package(self, fullname):
        return _imp._archive_names(self.archive)[self._name]

    def get_code(self, fullname):
        return _imp._archive_load(self.archive, self._name, self.path)

    def get_source(self, fullname):
        return None

    def get_filename(self, fullname):
        return self.path


class ArchiveFinder:
    """Path hook and finder for FILE.dpb and for folders in it."""

    def __init__(self, path):
        archive, end, inside = path.partition('.dpb')
        archive += end
        if not end or inside and inside[0] != '/' or not _external._path_isfile(archive):
            raise ImportError('not an archive', path=path)
        self.archive = archive
        self.inside = inside.strip('/')
        self._names = _imp._archive_names(archive)

    def find_spec(self, fullname, target=None):
        tail = fullname.rpartition('.')[2]
        name = f'{self.inside}/{tail}' if self.inside else tail
        package = self._names.get(name)
        path = f'{self.archive}/{name}'
        if package is None:
            if not any(n.startswith(name + '/') for n in self._names):
                return None
            spec = _bootstrap.ModuleSpec(fullname, None, is_package=True)  # a part of a namespace package
            spec.submodule_search_locations.append(path)
            return spec
        loader = ArchiveLoader(fullname, self.archive, name,
                               path + ('/__init__.py' if package else '.py'))
        spec = _bootstrap.ModuleSpec(fullname, loader, origin=loader.path, is_package=package)
        spec.has_location = True
        if package:
            spec.submodule_search_locations.append(path)
        return spec

    def invalidate_caches(self):
        pass
