"""Fast paths of the json package."""
include("modules/json_objects.h")


@layout("JsonScanner", type="jsonScannerType", module="_json", flags="gc basetype", export=False, prefix="jscanner",
        fields="objectHook objectPairsHook parseFloat parseInt parseConstant")
class Scanner(object):
    """JSON scanner object"""
    def __new__(cls, context): ...
    def __call__(self, string, idx: index): ...
    strict = member("strict", kind="bool", doc="strict")
    object_hook = member("objectHook", doc="object_hook")
    object_pairs_hook = member("objectPairsHook", doc="object_pairs_hook")
    parse_float = member("parseFloat", doc="parse_float")
    parse_int = member("parseInt", doc="parse_int")
    parse_constant = member("parseConstant", doc="parse_constant")


@layout("JsonEncoder", type="jsonEncoderType", module="_json", flags="gc basetype", export=False, prefix="jencoder",
        fields="markers fallback encoder indent keySeparator itemSeparator")
class Encoder(object):
    """Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)"""
    def __new__(cls, markers, default, encoder, indent, key_separator: Str, item_separator: Str, sort_keys: bool,
                skipkeys: bool, allow_nan: bool): ...
    def __call__(self, obj, _current_indent_level: index): ...
    markers = member("markers", doc="markers")
    default = member("fallback", doc="default")
    encoder = member("encoder", doc="encoder")
    indent = member("indent", doc="indent")
    key_separator = member("keySeparator", doc="key_separator")
    item_separator = member("itemSeparator", doc="item_separator")
    sort_keys = member("sortKeys", kind="bool", doc="sort_keys")
    skipkeys = member("skipKeys", kind="bool", doc="skipkeys")


def scanstring(string, end: index, strict: bool = True, /):
    """Decode the JSON string that begins before index end: (text, index behind the closing quote)."""

def encode_basestring(string, /):
    """Return a JSON representation of a Python string"""

def encode_basestring_ascii(string, /):
    """Return an ASCII-only JSON representation of a Python string"""

def __exec__(module): ...
