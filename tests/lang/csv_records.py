# Reading and writing of CSV records: quoting rules, dialects, errors, use while in use.
import csv
import io


def rows(lines, **settings):
    return list(csv.reader(lines, **settings))


def text(row, **settings):
    out = io.StringIO()
    csv.writer(out, **settings).writerow(row)
    return out.getvalue()


def error(kind, f):
    try:
        f()
    except kind as e:
        return str(e)
    raise AssertionError("no error")


# Kinds of strings, quotes, escapes, lines inside fields.
assert rows(['a,é,\U0001F600', '"x""y","z', 'w"']) == [["a", "é", "\U0001F600"], ['x"y', "zw"]]
assert rows(["a\\,b,c"], escapechar="\\") == [["a,b", "c"]]
assert rows(["1, 2"], skipinitialspace=True) == [["1", "2"]]
assert rows(["", "a"]) == [[], ["a"]]
assert rows(['1,,"",2'], quoting=csv.QUOTE_NONNUMERIC) == [[1.0, "", "", 2.0]]
assert rows(['1,,"",2'], quoting=csv.QUOTE_STRINGS) == [[1.0, None, "", 2.0]]
assert rows(['1,,"",2'], quoting=csv.QUOTE_NOTNULL) == [["1", None, "", "2"]]
assert rows(['1,"a",2'], quoting=csv.QUOTE_NONE) == [["1", '"a"', "2"]]
assert rows(["a€b€c"], delimiter="€") == [["a", "b", "c"]]

assert text(["a", 1, None, 2.5, "x,y", 'q"q', "l\nl"]) == 'a,1,,2.5,"x,y","q""q","l\nl"\r\n'
assert text(["a", 1, None, ""], quoting=csv.QUOTE_STRINGS) == '"a",1,,""\r\n'
assert text(["a", 1, None, ""], quoting=csv.QUOTE_NOTNULL) == '"a","1",,""\r\n'
assert text(["a", 1, None], quoting=csv.QUOTE_NONNUMERIC) == '"a",1,""\r\n'
assert text(['a"b'], doublequote=False, escapechar="\\") == 'a\\"b\r\n'
assert text(["a,b"], quoting=csv.QUOTE_NONE, escapechar="\\", lineterminator="!") == "a\\,b!"
assert text([""]) == '""\r\n' and text([]) == "\r\n"

# Errors.
assert error(csv.Error, lambda: rows(['"a"b'], strict=True)) == "',' expected after '\"'"
assert error(csv.Error, lambda: rows(['"a'], strict=True)) == "unexpected end of data"
assert error(csv.Error, lambda: rows(["a\rb"])).startswith("new-line character seen in unquoted")
assert error(csv.Error, lambda: text(["a,b"], quoting=csv.QUOTE_NONE)) == "need to escape, but no escapechar set"
assert error(csv.Error, lambda: text([None], quoting=csv.QUOTE_NONE)) == "single empty field record must be quoted"
assert error(csv.Error, lambda: text(1)) == "iterable expected, not int"
assert error(csv.Error, lambda: csv.reader([], "no such dialect")) == "unknown dialect"
assert error(TypeError, lambda: csv.reader([], delimiter="ab")) == \
    '"delimiter" must be a unicode character, not a string of length 2'
assert error(TypeError, lambda: csv.reader([], quotechar=1)) == \
    '"quotechar" must be a unicode character or None, not int'
assert error(ValueError, lambda: csv.reader([], delimiter="\n")) == "bad delimiter value"
assert error(ValueError, lambda: csv.reader([], delimiter='"')) == "bad delimiter or quotechar value"
assert error(TypeError, lambda: csv.writer(1)) == 'argument 1 must have a "write" method'

old = csv.field_size_limit(3)
assert error(csv.Error, lambda: rows(["abcd"])) == "field larger than field limit (3)"
assert csv.field_size_limit(old) == 3

# Dialects.
csv.register_dialect("semicolons", delimiter=";", quoting=csv.QUOTE_ALL)
assert "semicolons" in csv.list_dialects()
d = csv.get_dialect("semicolons")
assert d.delimiter == ";" and d.quotechar == '"' and d.quoting == csv.QUOTE_ALL and not d.strict
assert text([1, 2], dialect="semicolons") == '"1";"2"\r\n'
assert text([1, 2], dialect="semicolons", delimiter=":") == '"1":"2"\r\n'
assert csv.reader([], d).dialect is d
csv.unregister_dialect("semicolons")
assert error(csv.Error, lambda: csv.unregister_dialect("semicolons")) == "unknown dialect"


# An input that asks its reader for rows, and rows that change while they are written.
class Input:
    turn = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.turn += 1
        if self.turn == 1:
            next(self.reader)
            return "a,b"
        if self.turn < 5:
            return "x,y"
        raise StopIteration


source = Input()
source.reader = csv.reader(source)
assert error(csv.Error, lambda: next(source.reader)) == "iterator has already advanced the reader"
assert list(source.reader) == [["x", "y"]] * 2


class Shrinking:
    def __str__(self):
        row.clear()
        return "gone"


row = [Shrinking(), 1, 2]
assert text(row) == "gone\r\n"
