"""The str type and its iterator."""
include("builtins/str_parts.h")


@layout("Str", type="PyUnicode_Type", flags="basetype str match_self concat", lifetime="own",
        basicsize="i64(sizeof(LegacyStr))", signature=False)
class str(object):
    """str(object='') -> str
    str(bytes_or_buffer[, encoding[, errors]]) -> str

    Immutable text, a sequence of Unicode code points.

    With an encoding or an error handler, the object must have a buffer, which is decoded ('utf-8' and
    'strict' stand for what is missing). Otherwise the result is what object.__str__() gives, or
    repr(object) where there is no __str__()."""
    def __new__(cls, object=MISSING, encoding=MISSING, errors=MISSING): ...
    def __repr__(self): ...
    def __str__(self): ...
    def __hash__(self): ...
    def __richcompare__(self, other, op): ...
    def __iter__(self): ...
    def __len__(self): ...
    def __contains__(self, item): ...
    def __getitem__(self, key): ...
    def __seqitem__(self, index): ...
    def __add__(self, other): ...
    def __mul__(self, count): ...
    def __mod__(self, other): ...
    def __rmod__(self, other): ...
    def __format__(self, format_spec: Str, /):
        """Return the string laid out as format_spec says."""
    def __sizeof__(self, /) -> int:
        """Return the size of the string in memory, in bytes."""
    def __getnewargs__(self, /): ...

    def encode(self, encoding: Str = 'utf-8', errors: Str = 'strict'):
        """Encode the string with the codec registered for encoding.

        errors names the error handler: 'strict' raises UnicodeEncodeError; 'ignore', 'replace',
        'xmlcharrefreplace' and whatever codecs.register_error knows are possible too."""
    def replace(self, old: Str, new: Str, /, count: index = -1):
        """Return a copy in which every occurrence of old is replaced by new.

        At most count occurrences are replaced, from the left; -1 means all."""
    def split(self, sep=None, maxsplit: index = -1):
        """Return the list of parts of the string between separators.

        Without sep, runs of white space separate and empty parts are dropped. At most maxsplit splits
        are made, from the left; -1 means no limit."""
    def rsplit(self, sep=None, maxsplit: index = -1):
        """Return the list of parts of the string between separators, splitting from the right.

        Without sep, runs of white space separate and empty parts are dropped. At most maxsplit splits
        are made; -1 means no limit."""
    def join(self, iterable, /):
        """Concatenate strings, with this one between each two.

        Example: '.'.join(['ab', 'pq', 'rs']) -> 'ab.pq.rs'"""
    def capitalize(self, /):
        """Return a copy with the first character in title case and the rest in lower case."""
    def casefold(self, /):
        """Return a copy for comparing without regard to case."""
    def title(self, /):
        """Return a copy in which each word begins in title case and goes on in lower case."""
    def center(self, width: index, fillchar=' ', /):
        """Return the string in the middle of a string of length width, padded with fillchar."""
    def count(self, sub: Str, start=MISSING, end=MISSING, /) -> int:
        """Return how often sub occurs in string[start:end] without overlap."""
    def expandtabs(self, tabsize: i32 = 8):
        """Return a copy in which spaces replace the tabs."""
    def find(self, sub: Str, start=MISSING, end=MISSING, /) -> int:
        """Return the lowest index at which sub lies within string[start:end], or -1."""
    def partition(self, sep, /):
        """Split at the first occurrence of sep: (before, sep, after).

        If there is none: (string, '', '')."""
    def index(self, sub: Str, start=MISSING, end=MISSING, /) -> int:
        """Return the lowest index at which sub lies within string[start:end], or raise ValueError."""
    def ljust(self, width: index, fillchar=' ', /):
        """Return the string at the left of a string of length width, padded with fillchar."""
    def lower(self, /):
        """Return a copy in lower case."""
    def lstrip(self, chars=None, /):
        """Return a copy without leading white space, or without leading characters out of chars."""
    def rfind(self, sub: Str, start=MISSING, end=MISSING, /) -> int:
        """Return the highest index at which sub lies within string[start:end], or -1."""
    def rindex(self, sub: Str, start=MISSING, end=MISSING, /) -> int:
        """Return the highest index at which sub lies within string[start:end], or raise ValueError."""
    def rjust(self, width: index, fillchar=' ', /):
        """Return the string at the right of a string of length width, padded with fillchar."""
    def rstrip(self, chars=None, /):
        """Return a copy without trailing white space, or without trailing characters out of chars."""
    def rpartition(self, sep, /):
        """Split at the last occurrence of sep: (before, sep, after).

        If there is none: ('', '', string)."""
    def splitlines(self, keepends: bool = False):
        """Return the list of lines, without their ends unless keepends is true."""
    def strip(self, chars=None, /):
        """Return a copy without white space at both ends, or without characters out of chars there."""
    def swapcase(self, /):
        """Return a copy with upper case and lower case exchanged."""
    def translate(self, table, /):
        """Replace each character by what table[ordinal] gives.

        That is an ordinal, a string, or None to delete; LookupError leaves the character alone."""
    def upper(self, /):
        """Return a copy in upper case."""
    def startswith(self, prefix, start=MISSING, end=MISSING, /) -> bool:
        """Tell whether string[start:end] begins with prefix, or with one of a tuple of prefixes."""
    def endswith(self, suffix, start=MISSING, end=MISSING, /) -> bool:
        """Tell whether string[start:end] ends with suffix, or with one of a tuple of suffixes."""
    def removeprefix(self, prefix: Str, /):
        """Return a copy without the prefix, if it is there."""
    def removesuffix(self, suffix: Str, /):
        """Return a copy without the suffix, if it is there."""
    def isascii(self, /) -> bool:
        """Tell whether all characters are ASCII; true for the empty string."""
    def islower(self, /) -> bool:
        """Tell whether there are cased characters and all of them are lower case."""
    def isupper(self, /) -> bool:
        """Tell whether there are cased characters and all of them are upper case."""
    def istitle(self, /) -> bool:
        """Tell whether every word begins in upper or title case and goes on in lower case."""
    def isspace(self, /) -> bool:
        """Tell whether there are characters and all of them are white space."""
    def isdecimal(self, /) -> bool:
        """Tell whether there are characters and all of them are decimal digits."""
    def isdigit(self, /) -> bool:
        """Tell whether there are characters and all of them are digits."""
    def isnumeric(self, /) -> bool:
        """Tell whether there are characters and all of them are numeric."""
    def isalpha(self, /) -> bool:
        """Tell whether there are characters and all of them are letters."""
    def isalnum(self, /) -> bool:
        """Tell whether there are characters and all of them are letters or numeric."""
    def isidentifier(self, /) -> bool:
        """Tell whether the string is a valid Python identifier (keywords included)."""
    def isprintable(self, /) -> bool:
        """Tell whether repr() would leave all characters as they are; true for the empty string."""
    def zfill(self, width: index, /):
        """Return the string of a number, padded with zeros on the left of its digits to length width."""
    def format(self, *args, **kwargs):
        """Return the string with each replacement field ({...}) filled in from the arguments."""
    def format_map(self, mapping, /):
        """Return the string with each replacement field ({...}) filled in from the mapping."""
    @staticmethod
    def maketrans(x, y=MISSING, z=MISSING, /):
        """Make a table for str.translate().

        One argument: a dict from ordinals or characters to ordinals, strings or None. Two: equally long
        strings, each character of x becomes the one of y. The characters of z are deleted."""


@layout("SequenceCursor", type="PyUnicodeIter_Type", flags="gc", prefix="striter", fields="sequence")
class str_iterator(object):
    def __iter__(self): ...
    def __next__(self): ...
    def __length_hint__(self, /) -> int:
        """Private method returning an estimate of len(list(it))."""
    def __reduce__(self, /):
        """Return state information for pickling."""
    def __setstate__(self, state, /) -> None:
        """Set state information for unpickling."""
