include("modules/sre_objects.h")


@layout("Pattern", type="srePatternType", module="re", flags="gc", weaklist="weakrefs", export=False, clear=False, lifetime="own")
class Pattern(object):
    """Compiled regular expression object."""
    pattern = member("pattern", doc="The pattern string from which the RE object was compiled.")
    flags = member("flags", kind="i32", doc="The regex matching flags.")
    groups = member("groups", kind="i32", doc="The number of capturing groups in the pattern.")
    @property
    def groupindex(self):
        """A dictionary mapping group names to group numbers."""
    def match(self, /, string, pos: index = 0, endpos: index = sys.maxsize):
        """Matches zero or more characters at the beginning of the string."""
    def fullmatch(self, /, string, pos: index = 0, endpos: index = sys.maxsize):
        """Matches against all of the string."""
    def search(self, /, string, pos: index = 0, endpos: index = sys.maxsize):
        """Scan through string looking for a match, and return a corresponding match object instance.

Return None if no position in the string matches."""
    def findall(self, /, string, pos: index = 0, endpos: index = sys.maxsize):
        """Return a list of all non-overlapping matches of pattern in string."""
    def finditer(self, /, string, pos: index = 0, endpos: index = sys.maxsize):
        """Return an iterator over all non-overlapping matches for the RE pattern in string.

For each match, the iterator returns a match object."""
    def scanner(self, /, string, pos: index = 0, endpos: index = sys.maxsize): ...
    def split(self, /, string, maxsplit: index = 0):
        """Split string by the occurrences of pattern."""
    def sub(self, /, repl, string, count: index = 0):
        """Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl."""
    def subn(self, /, repl, string, count: index = 0):
        """Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl."""
    def __copy__(self, /): ...
    def __deepcopy__(self, memo, /): ...
    def __hash__(self, /): ...
    def __repr__(self, /): ...
    def __richcompare__(self, other, op): ...
    __class_getitem__ = generic_alias


@layout("Match", type="sreMatchType", module="re", flags="gc", lifetime="own", export=False)
class Match(object):
    """The result of re.match() and re.search().
Match objects always have a boolean value of True."""
    string = member("string", doc="The string passed to match() or search().")
    re = member("pattern", doc="The regular expression object.")
    pos = member("pos", kind="i64", doc="The index into the string at which the RE engine started looking for a match.")
    endpos = member("endpos", kind="i64", doc="The index into the string beyond which the RE engine will not go.")
    @property
    def lastindex(self):
        """The integer index of the last matched capturing group."""
    @property
    def lastgroup(self):
        """The name of the last matched capturing group."""
    @property
    def regs(self): ...
    def group(self, *args: raw):
        """group([group1, ...]) -> str or tuple.
Return subgroup(s) of the match by indices or names.
For 0 returns the entire match."""
    def groups(self, /, default=None):
        """Return a tuple containing all the subgroups of the match, from 1.

  default
    Is used for groups that did not participate in the match."""
    def groupdict(self, /, default=None):
        """Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.

  default
    Is used for groups that did not participate in the match."""
    def start(self, group=0, /):
        """Return index of the start of the substring matched by group."""
    def end(self, group=0, /):
        """Return index of the end of the substring matched by group."""
    def span(self, group=0, /):
        """For match object m, return the 2-tuple (m.start(group), m.end(group))."""
    def expand(self, /, template):
        """Return the string obtained by doing backslash substitution on the string template, as done by the sub() method."""
    def __copy__(self, /): ...
    def __deepcopy__(self, memo, /): ...
    def __getitem__(self, key, /): ...
    def __repr__(self, /): ...
    __class_getitem__ = generic_alias


@layout("SreScanner", type="sreScannerType", module="_sre", flags="gc", lifetime="own", export=False)
class SRE_Scanner(object):
    pattern = member("pattern")
    def match(self, /): ...
    def search(self, /): ...


@layout("SreTemplate", type="sreTemplateType", module="_sre", flags="gc", fields="items", export=False)
class SRE_Template(object):
    pass


@layout("SreScanner", type="sreFindIterType", module="_sre", flags="gc", lifetime="own", export=False, prefix="FindIter")
class FindIter(object):
    def __iter__(self, /): ...
    def __next__(self, /): ...


def compile(pattern, flags: i32, code: List, groups: index, groupindex: Dict, indexgroup: Tuple): ...
def template(pattern, template: List, /): ...
def getcodesize() -> int: ...
def ascii_iscased(character: i32, /) -> bool: ...
def unicode_iscased(character: i32, /) -> bool: ...
def ascii_tolower(character: i32, /) -> int: ...
def unicode_tolower(character: i32, /) -> int: ...
def __exec__(module): ...
