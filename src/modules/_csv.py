"""CSV parsing and writing.
"""
include("modules/csv_objects.h")


@layout("CsvDialect", type="csvDialectType", module="_csv", flags="gc basetype", fields="lineTerminator", clear=False,
        prefix="csvDialect", signature=False)
class Dialect(object):
    """CSV dialect

    The Dialect type records CSV parsing and generation options.
    """
    def __new__(cls, *args: raw): ...
    skipinitialspace = member("skipInitialSpace", kind="bool", readonly=True)
    doublequote = member("doubleQuote", kind="bool", readonly=True)
    strict = member("strict", kind="bool", readonly=True)
    @property
    def delimiter(self): ...
    @property
    def escapechar(self): ...
    @property
    def lineterminator(self): ...
    @property
    def quotechar(self): ...
    @property
    def quoting(self): ...
    def __reduce__(self, *args: raw):
        """raises an exception to avoid pickling"""
    def __reduce_ex__(self, *args: raw):
        """raises an exception to avoid pickling"""


@layout("CsvReader", type="csvReaderType", module="_csv", flags="gc basetype disallow", fields="input dialect", export=False,
        prefix="csvReader", signature=False)
class reader(object):
    """CSV reader

    Reader objects are responsible for reading and parsing tabular data
    in CSV format.
    """
    def __iter__(self): ...
    def __next__(self): ...
    dialect = member("dialect", kind="object", readonly=True)
    line_num = member("lineNumber", kind="i64", readonly=True)


@layout("CsvWriter", type="csvWriterType", module="_csv", flags="gc basetype disallow", fields="write dialect", export=False,
        prefix="csvWriter", signature=False)
class writer(object):
    """CSV writer

    Writer objects are responsible for generating tabular data
    in CSV format from sequence input.
    """
    def writerow(self, row, /):
        """Construct and write a CSV record from an iterable of fields.

        Non-string elements will be converted to string."""
    def writerows(self, rows, /):
        """Construct and write a series of iterables to a csv file.

        Non-string elements will be converted to string."""
    dialect = member("dialect", kind="object", readonly=True)


def list_dialects():
    """Return a list of all known dialect names."""
def register_dialect(*args: raw):
    """register_dialect($module, name, /, dialect='excel', **fmtparams)
    --

    Create a mapping from a string name to a CSV dialect.

    The optional "dialect" argument is the base dialect or the name of a registered one;
    keyword arguments override its settings."""
def unregister_dialect(name) -> None:
    """Delete the name/dialect mapping associated with a string name."""
def get_dialect(name):
    """Return the dialect instance associated with name."""
def field_size_limit(new_limit=MISSING):
    """Sets an upper limit on parsed fields.

    Returns old limit. If limit is not given, no new limit is set and
    the old limit is returned"""
def reader(*args: raw):
    """reader($module, iterable, /, dialect='excel', **fmtparams)
    --

    Return a reader object that will process lines from the given iterable.

    Any object that gives a line at each step of iteration will do, such as a file or a list.
    The optional "dialect" argument is a dialect or the name of a registered one; keyword
    arguments override its settings. Iterating over the reader gives rows, which may span
    several lines."""
def writer(*args: raw):
    """writer($module, fileobj, /, dialect='excel', **fmtparams)
    --

    Return a writer object that will write user data on the given file object.

    Any object with a write method will do. The optional "dialect" argument is a dialect or
    the name of a registered one; keyword arguments override its settings."""
def __exec__(module): ...
