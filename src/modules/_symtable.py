include("modules/symtable_objects.h")


@layout("SymtableEntry", type="PySTEntry_Type", module="builtins", name="symtable entry", prefix="symtableEntry",
        flags="gc disallow", fields="id name symbols varnames children", export=False)
class entry(object):
    def __repr__(self, /): ...

    id = member("id")
    name = member("name")
    symbols = member("symbols")
    varnames = member("varnames")
    children = member("children")
    nested = member("nested", kind="i32")
    type = member("blockType", kind="i32")
    lineno = member("line", kind="i32")


def symtable(source, filename, startstr: str, /):
    """Return symbol and scope dictionaries used internally by compiler."""

def __exec__(module): ...
