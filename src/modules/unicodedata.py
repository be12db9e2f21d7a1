"""Properties of characters, from the Unicode Character Database 16.0.0.

Names, kinds and field values are those of UnicodeData.txt."""
include("modules/unicodedata_objects.h")


@layout("UnicodeDatabase", type="unicodeDatabaseType", flags="disallow")
class UCD(object):
    unidata_version = member("version", kind="cstring")

    def decimal(self, chr: char, default=MISSING, /):
        """Return the decimal value of the character as an integer, or default, or raise ValueError."""

    def digit(self, chr: char, default=MISSING, /):
        """Return the digit value of the character as an integer, or default, or raise ValueError."""

    def numeric(self, chr: char, default=MISSING, /):
        """Return the numeric value of the character as a float, or default, or raise ValueError."""

    def category(self, chr: char, /):
        """Return the general category of the character."""

    def bidirectional(self, chr: char, /):
        """Return the bidirectional class of the character, or an empty string."""

    def combining(self, chr: char, /) -> int:
        """Return the canonical combining class of the character, 0 if it has none."""

    def mirrored(self, chr: char, /) -> int:
        """Return 1 if the character is mirrored in bidirectional text, else 0."""

    def east_asian_width(self, chr: char, /):
        """Return the East Asian width of the character."""

    def decomposition(self, chr: char, /):
        """Return the decomposition mapping of the character, or an empty string."""

    def is_normalized(self, form: Str, unistr: Str, /) -> bool:
        """Tell whether the text is in the normal form ('NFC', 'NFKC', 'NFD' or 'NFKD')."""

    def normalize(self, form: Str, unistr: Str, /):
        """Return the text in the normal form ('NFC', 'NFKC', 'NFD' or 'NFKD')."""

    def name(self, chr: char, default=MISSING, /):
        """Return the name of the character, or default, or raise ValueError."""

    def lookup(self, name, /):
        """Return the character (or sequence) of this name, or raise KeyError."""


def decimal(chr: char, default=MISSING, /):
    """Return the decimal value of the character as an integer, or default, or raise ValueError."""

def digit(chr: char, default=MISSING, /):
    """Return the digit value of the character as an integer, or default, or raise ValueError."""

def numeric(chr: char, default=MISSING, /):
    """Return the numeric value of the character as a float, or default, or raise ValueError."""

def category(chr: char, /):
    """Return the general category of the character."""

def bidirectional(chr: char, /):
    """Return the bidirectional class of the character, or an empty string."""

def combining(chr: char, /) -> int:
    """Return the canonical combining class of the character, 0 if it has none."""

def mirrored(chr: char, /) -> int:
    """Return 1 if the character is mirrored in bidirectional text, else 0."""

def east_asian_width(chr: char, /):
    """Return the East Asian width of the character."""

def decomposition(chr: char, /):
    """Return the decomposition mapping of the character, or an empty string."""

def is_normalized(form: Str, unistr: Str, /) -> bool:
    """Tell whether the text is in the normal form ('NFC', 'NFKC', 'NFD' or 'NFKD')."""

def normalize(form: Str, unistr: Str, /):
    """Return the text in the normal form ('NFC', 'NFKC', 'NFD' or 'NFKD')."""

def name(chr: char, default=MISSING, /):
    """Return the name of the character, or default, or raise ValueError."""

def lookup(name, /):
    """Return the character (or sequence) of this name, or raise KeyError."""


def __exec__(module): ...
