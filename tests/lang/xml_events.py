# pyexpat: events and their arguments, buffering, errors and exceptions, entities, encodings, hostile use.
import gc
import io
import random
import sys
import xml.etree.ElementTree as ET
from xml.parsers import expat


def error(kind, f, *args):
    try:
        f(*args)
    except kind as e:
        return e
    raise AssertionError("no error")


document = b"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE doc SYSTEM "doc.dtd" [
<!ELEMENT doc (a?, (b | c)*)> <!ATTLIST a k CDATA "default" r CDATA #REQUIRED>
<!ENTITY e "expanded"> <!ENTITY ext SYSTEM "ext.xml"> <!NOTATION n PUBLIC "p"> <!ENTITY u SYSTEM "u" NDATA n>
]>
<doc><!-- note --><?target data?><a r="1">&e;&#233;&lt;</a><b/><c><![CDATA[<raw>]]></c>&ext;</doc>"""
log = []
parser = expat.ParserCreate()
for name in dir(parser):
    if name.endswith("Handler") and name not in ("DefaultHandler", "DefaultHandlerExpand", "NotStandaloneHandler"):
        assert getattr(parser, name) is None
        setattr(parser, name, lambda *args, name=name[:-7]: log.append((name, args)) or 1)
parser.buffer_text = True
assert parser.Parse(document, True) == 1
events = dict(log)
assert events["XmlDecl"] == ("1.0", "utf-8", 0) and events["StartDoctypeDecl"] == ("doc", "doc.dtd", None, 1)
assert events["ElementDecl"] == ("doc", (6, 0, None, ((4, 1, "a", ()), (5, 2, None, ((4, 0, "b", ()), (4, 0, "c", ()))))))
assert ("AttlistDecl", ("a", "k", "CDATA", "default", 0)) in log and ("AttlistDecl", ("a", "r", "CDATA", None, 1)) in log
assert ("EntityDecl", ("e", 0, "expanded", None, None, None, None)) in log
assert events["NotationDecl"] == ("n", None, None, "p") and events["UnparsedEntityDecl"] == ("u", None, "u", None, "n")
assert events["Comment"] == (" note ",) and events["ProcessingInstruction"] == ("target", "data")
assert ("StartElement", ("a", {"r": "1", "k": "default"})) in log and ("CharacterData", ("expanded\xe9<",)) in log
assert ("StartCdataSection", ()) in log and ("CharacterData", ("<raw>",)) in log
assert events["ExternalEntityRef"] == ("ext", None, "ext.xml", None)

# Ways of attributes, namespaces, interning.
parser = expat.ParserCreate(namespace_separator="!")
parser.ordered_attributes = parser.specified_attributes = True
parser.namespace_prefixes = True
seen = []
parser.StartElementHandler = lambda *args: seen.append(args)
parser.StartNamespaceDeclHandler = lambda *args: seen.append(args)
parser.Parse('<p:x xmlns:p="u" b="1" p:a="2"/>', True)
assert seen == [("p", "u"), ("u!x!p", ["b", "1", "u!a!p", "2"])]
names = {}
parser = expat.ParserCreate(None, None, names)
assert parser.intern is names
parser.StartElementHandler = lambda name, attributes: None
parser.Parse("<one><two/></one>", True)
assert sorted(names) == ["one", "two"]

# Errors.
e = error(expat.ExpatError, expat.ParserCreate().Parse, b"<a>\n <b></a>", True)
assert str(e) == "mismatched tag: line 2, column 6" and (e.code, e.lineno, e.offset) == (7, 2, 6)
assert expat.ErrorString(e.code) == expat.errors.XML_ERROR_TAG_MISMATCH and expat.errors.codes[expat.errors.messages[7]] == 7
assert str(error(ValueError, expat.ParserCreate, None, "too long")).startswith("namespace_separator must be at most one")
assert str(error(TypeError, expat.ParserCreate, None, None, 5)) == "intern must be a dictionary"
parser = expat.ParserCreate()
assert str(error(ValueError, setattr, parser, "buffer_size", 0)) == "buffer_size must be greater than zero"
assert str(error(TypeError, parser.ParseFile, 5)) == "argument must have 'read' attribute"
assert str(error(TypeError, parser.ParseFile, io.StringIO("<a/>"))).startswith("read() did not return a bytes object (type=str")


class Stop(Exception):
    pass


def stop(*args):
    raise Stop


for name in ("StartElementHandler", "EndElementHandler", "CharacterDataHandler", "CommentHandler", "ExternalEntityRefHandler",
             "StartDoctypeDeclHandler", "ElementDeclHandler", "EntityDeclHandler", "XmlDeclHandler", "DefaultHandler"):
    parser = expat.ParserCreate()
    setattr(parser, name, stop)
    error(Stop, parser.Parse, document, True)
    error(expat.ExpatError, parser.Parse, b"<more/>", True)

# Text waits for its handler; handlers that come and go while they run.
parser = expat.ParserCreate()
parser.buffer_text, parser.buffer_size = True, 4
parts = []
parser.CharacterDataHandler = parts.append
parser.Parse("<a>abcdefghij</a>", True)
assert "".join(parts) == "abcdefghij"
parser = expat.ParserCreate()


def once(name, attributes):
    parser.StartElementHandler = None
    parser.CharacterDataHandler = parts.append
    gc.collect()


parser.StartElementHandler = once
del parts[:]
parser.Parse("<a>text<b/>more</a>", True)
assert "".join(parts) == "textmore"

# External entities with a parser of their own.
parser = expat.ParserCreate()
parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
texts = []


def external(context, base, system, public):
    child = parser.ExternalEntityParserCreate(context)
    return child.Parse("<!ENTITY e 'from outside'>" if context is None or system == "dtd" else "inner", True)


parser.ExternalEntityRefHandler = external
parser.CharacterDataHandler = texts.append
parser.SetBase("base")
assert parser.GetBase() == "base"
parser.Parse("<!DOCTYPE d SYSTEM 'dtd'><d>&e;</d>", True)
assert "".join(texts) == "from outside"
child = expat.ParserCreate().ExternalEntityParserCreate(None)
gc.collect()  # the document's parser lives as long as its parts
child.Parse(b"", True)

# Encodings: those Expat knows, those Python knows, strings.
for encoding in ("utf-8", "utf-16", "iso-8859-1", "cp1252", "koi8-r", "iso-8859-15"):
    word = "Grüße €" if encoding in ("utf-8", "utf-16", "cp1252", "iso-8859-15") else "x"
    tree = ET.fromstring(f'<?xml version="1.0" encoding="{encoding}"?><a>{word}</a>'.encode(encoding))
    assert tree.text == word, encoding
assert ET.fromstring('<a b="\U0001F600">\u20ac</a>').attrib["b"] == "\U0001F600"
assert ET.tostring(ET.fromstring(b"<a><b x='1'/>t</a>")) == b'<a><b x="1" />t</a>'
error(LookupError, ET.fromstring, b'<?xml version="1.0" encoding="no-such"?><a/>')

# Large input, in one piece and in many; damaged input.
big = b"<r>" + b"<i k='v'>text &amp; more</i>" * 60000 + b"</r>"
count = 0


def counting(name, attributes):
    global count
    count += 1


parser = expat.ParserCreate()
parser.StartElementHandler = counting
parser.Parse(big, True)
parser = expat.ParserCreate()
parser.StartElementHandler = counting
parser.ParseFile(io.BytesIO(big))
assert count == 120002
rng = random.Random(1)
for _ in range(1500):
    bad = bytearray(document)
    for _ in range(rng.randrange(1, 4)):
        bad[rng.randrange(len(bad))] = rng.randrange(256)
    parser = expat.ParserCreate()
    parser.StartElementHandler = parser.CharacterDataHandler = parser.ElementDeclHandler = parser.DefaultHandler = lambda *args: None
    try:
        parser.Parse(bytes(bad), True)
    except (expat.ExpatError, LookupError, ValueError):
        pass
