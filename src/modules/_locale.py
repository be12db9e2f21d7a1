"""Support for POSIX locales."""


def setlocale(category: i32, locale: str | None = None, /):
    """Activates/queries locale processing."""
def localeconv():
    """Returns numeric and monetary locale-specific parameters."""
def nl_langinfo(key: i32, /):
    """Return the value for the locale information associated with key."""
def strcoll(os1: str, os2: str, /) -> int:
    """Compares two strings according to the locale."""
def strxfrm(string: str, /):
    """Return a string that can be used as a key for locale-aware comparisons."""
def getencoding():
    """Get the current locale encoding."""
def gettext(msg: str, /):
    """gettext(msg) -> string

    Return translation of msg."""
def dgettext(domain: str | None, msg: str, /):
    """dgettext(domain, msg) -> string

    Return translation of msg in domain."""
def dcgettext(domain: str | None, msg: str, category: i32, /):
    """Return translation of msg in domain and category."""
def textdomain(domain: str | None, /):
    """Set the C library's textdmain to domain, returning the new domain."""
def bindtextdomain(domain: str, dir, /):
    """Bind the C library's domain to dir."""
def bind_textdomain_codeset(domain: str, codeset: str | None, /):
    """Bind the C library's domain to codeset."""
def __exec__(module): ...
