"""What string.Formatter needs of the syntax of str.format."""
include("modules/markup_iterators.h")


@layout("MarkupIterator", type="formatterIteratorType", module="builtins", flags="disallow", fields="text", export=False)
class formatteriterator(object):
    def __iter__(self): ...
    def __next__(self): ...


@layout("MarkupIterator", type="fieldNameIteratorType", module="builtins", flags="disallow", fields="text", export=False)
class fieldnameiterator(object):
    def __iter__(self): ...
    def __next__(self): ...


def formatter_parser(object, /):
    """Iterate over the pieces of a format string: (literal, field name, specification, conversion)."""

def formatter_field_name_split(object, /):
    """Split a field name into its first part and an iterator over (is attribute, name) for the rest."""
