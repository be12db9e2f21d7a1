#!/usr/bin/env python3
"""Generates the glue of native types, functions and modules from a Python stub.

    gen_stubs.py STUB.py OUTDIR     writes OUTDIR/STUB.gen.h and OUTDIR/STUB.gen.cpp

docs/natives.md describes what a stub may say. A stub is parsed, never executed.
"""
import ast
import os
import sys

SLOTS_UNARY = {  # special method -> Slots member; body: Result<Ref<>> f(Thread&, Self)
    "__repr__": "repr", "__str__": "str", "__iter__": "iter", "__next__": "next",
    "__neg__": "negative", "__pos__": "positive", "__abs__": "absolute", "__invert__": "invert",
    "__int__": "toInt", "__float__": "toFloat", "__index__": "index",
    "__await__": "await", "__aiter__": "aiter", "__anext__": "anext",
}
BINARY = {
    "add": "Add", "sub": "Sub", "mul": "Mul", "matmul": "MatMul", "truediv": "TrueDiv",
    "floordiv": "FloorDiv", "mod": "Mod", "lshift": "LShift", "rshift": "RShift", "and": "And",
    "or": "Or", "xor": "Xor", "divmod": "DivMod",
}
COMPARE_NAMES = ["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"]
FLAGS = {
    "gc": "kTypeHasGc", "basetype": "kTypeBaseType", "sequence": "kTypeSequence", "mapping": "kTypeMapping",
    "match_self": "kTypeMatchSelf", "disallow": "kTypeDisallowInstantiation", "int": "kTypeIntSubclass",
    "method_descriptor": "kTypeMethodDescriptor", "list": "kTypeListSubclass", "tuple": "kTypeTupleSubclass",
    "bytes": "kTypeBytesSubclass", "str": "kTypeStrSubclass", "dict": "kTypeDictSubclass",
    "exception": "kTypeExceptionSubclass", "type": "kTypeTypeSubclass", "mutable": "0",
    "managed_dict": "kTypeManagedDict", "managed_weakref": "kTypeManagedWeakref", "concat": "0",
    "items_at_end": "kTypeItemsAtEnd",
}
# annotation -> (C++ parameter type, check expression or None, expected type's name in errors)
LAYOUTS = {
    "Str": ("Str&", "isStr({v})", "str"), "str": ("Str&", "isStr({v})", "str"),
    "List": ("List&", "isList({v})", "list"), "Tuple": ("Tuple&", "isTuple({v})", "tuple"),
    "Dict": ("Dict&", "isDict({v})", "dict"), "Type": ("Type&", "isType({v})", "type"),
    "Bytes": ("Bytes&", "isBytes({v})", "bytes"),
    "Function": ("Function&", "isInstanceOf({v}, &PyFunction_Type)", "function"),
    "Code": ("Code&", "isInstanceOf({v}, &PyCode_Type)", "code"),
    "Module": ("Module&", "isInstanceOf({v}, &PyModule_Type)", "module"),
    "Slice": ("Slice&", "isInstanceOf({v}, &PySlice_Type)", "slice"),
    "Cell": ("Cell&", "isInstanceOf({v}, &PyCell_Type)", "cell"),
    "ByteArray": ("ByteArray&", "isInstanceOf({v}, &PyByteArray_Type)", "bytearray"),
}
SCALARS = {  # annotation -> (C++ type, conversion)
    "index": ("i64", "argIndex(t, {v})"), "i64": ("i64", "argI64(t, {v})"), "i32": ("i32", "argI32(t, {v})"),
    "u64": ("u64", "argU64Mask(t, {v})"), "bool": ("bool", "isTrue(t, {v})"), "float": ("double", "argDouble(t, {v})"),
}
RETURNS = {  # return annotation -> (C++ result, wrap expression)
    None: ("Result<Ref<>>", None), "object": ("Result<Ref<>>", None), "None": ("Result<void>", "noneRef()"),
    "bool": ("Result<bool>", "boolRef({r})"), "int": ("Result<i64>", "makeInt({r})"),
    "u64": ("Result<u64>", "makeInt({r})"), "float": ("Result<double>", "makeFloat({r})"),
}


class StubError(Exception):
    pass


def cstr(s):
    out = []
    for b in s.encode():
        ch = chr(b)
        if ch == "\n":
            out.append("\\n")
        elif ch in '"\\':
            out.append("\\" + ch)
        elif 32 <= b < 127:
            out.append(ch)
        else:
            out.append("\\%03o" % b)
    text = "".join(out)
    parts = text.split("\\n")
    lines = [p + "\\n" for p in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
    return "\n    ".join(f'"{l}"' for l in lines) if lines else '""'


def clean(doc):
    import inspect
    return inspect.cleandoc(doc)


class Param:
    def __init__(self, arg, default, kind):
        self.name, self.default, self.kind = arg.arg, default, kind  # kind: pos, either, kwonly
        self.ann = ast.unparse(arg.annotation) if arg.annotation else None
        self.nullable = False
        if self.ann and self.ann.endswith(" | None"):
            self.ann, self.nullable = self.ann[:-7], True

    @property
    def cname(self):
        return self.name + "_" if self.name in {"default", "new", "delete", "class", "this", "register", "int",
                                                "float", "bool", "template", "operator", "namespace", "union",
                                                "long", "short", "char", "double", "signed", "t", "args", "self"} else self.name

    def cpp_type(self):
        if self.ann in (None, "object"):
            return "Value"
        if self.ann in LAYOUTS:
            base = LAYOUTS[self.ann][0]
            return base[:-1] + "*" if self.nullable else base
        if self.ann in SCALARS:
            return SCALARS[self.ann][0]
        if self.ann == "bytes_like":
            return "const Buffer&"
        if self.ann == "char":
            return "u32"
        raise StubError(f"unknown annotation {self.ann}")

    def default_cpp(self):
        """C++ value when the argument is absent (typed)."""
        d = self.default
        text = ast.unparse(d)
        ct = self.cpp_type()
        if ct == "Value":
            if text == "None":
                return "none()"
            if text in ("True", "False"):
                return "trueValue()" if text == "True" else "falseValue()"
            number = d.operand if isinstance(d, ast.UnaryOp) else d
            if isinstance(number, ast.Constant) and isinstance(number.value, int) and number.value < 2**62:
                return f"Value::smallInt({text})"
            if isinstance(d, ast.Constant) and isinstance(d.value, str) and d.value.isascii() and d.value:
                return f"Value(DX_NAME({cstr(d.value)}))"
            return "Value()"  # MISSING and whatever the body decides itself
        if ct.endswith("*"):
            return "nullptr"
        if ct == "Str&":
            return f"*DX_NAME({cstr(d.value)})" if d.value else "*emptyStr()"
        if ct == "bool":
            return "true" if text in ("True", "1") else "false"
        if ct in ("i64", "i32", "u64"):
            return {"sys.maxsize": "INT64_MAX", "maxsize": "INT64_MAX"}.get(text, text)
        if ct == "double":
            return repr(float(ast.literal_eval(d)))
        if ct == "u32":
            return f"u32({ord(d.value)})"
        raise StubError(f"no default for {self.name}: {ct}")


class Func:
    """One def of a stub."""

    def __init__(self, node, owner=None, prefix=None):
        self.node, self.owner, self.name = node, owner, node.name
        self.kind = "instance" if owner else "module"
        self.prefix = prefix  # of the C++ name, when not the class's: bodies shared by several types
        for d in node.decorator_list:
            text = ast.unparse(d)
            if text in ("staticmethod", "classmethod"):
                self.kind = text[:-6]
        a = node.args
        params = list(a.posonlyargs) + list(a.args)
        defaults = [None] * (len(params) - len(a.defaults)) + list(a.defaults)
        npos = len(a.posonlyargs)
        entries = [(p, d, "pos" if i < npos else "either") for i, (p, d) in enumerate(zip(params, defaults))]
        self.self_name = None
        if self.kind in ("instance", "class") or self.name == "__new__":
            if not entries:
                raise StubError(f"{self.name} lacks self")
            self.self_name = entries.pop(0)[0].arg
        self.params = [Param(*e) for e in entries]
        self.kwonly = [Param(p, d, "kwonly") for p, d in zip(a.kwonlyargs, a.kw_defaults)]
        self.vararg = a.vararg
        self.kwarg = a.kwarg
        self.raw = bool(self.vararg and self.vararg.annotation and ast.unparse(self.vararg.annotation) == "raw")
        self.ret = ast.unparse(node.returns) if node.returns else None
        if self.ret not in RETURNS:
            raise StubError(f"{self.name}: unknown return annotation {self.ret}")
        doc = ast.get_docstring(node)
        self.doc = doc
        for stmt in node.body:
            ok = isinstance(stmt, ast.Expr) and isinstance(stmt.value, ast.Constant)
            if not ok:
                raise StubError(f"{self.name}: bodies live in C++ (found {ast.dump(stmt)[:40]})")

    def text_signature(self):
        parts = []
        if self.kind == "module":
            parts.append("$module")
        elif self.kind == "instance" and self.self_name:
            parts.append("$self")
        elif self.kind == "class" or self.name == "__new__":
            parts.append("$type")
        sig = list(parts)
        total_pos = [p for p in self.params if p.kind == "pos"]
        if parts and not total_pos:
            sig.append("/")

        def show(p):
            if p.default is None:
                return p.name
            d = ast.unparse(p.default)
            return f"{p.name}={'<unrepresentable>' if d == 'MISSING' else d}"
        for i, p in enumerate(self.params):
            sig.append(show(p))
            if p.kind == "pos" and (i + 1 == len(self.params) or self.params[i + 1].kind != "pos"):
                sig.append("/")
        if self.vararg:
            sig.append("*" + self.vararg.arg)
        elif self.kwonly:
            sig.append("*")
        sig += [show(p) for p in self.kwonly]
        if self.kwarg:
            sig.append("**" + self.kwarg.arg)
        return "(" + ", ".join(sig) + ")"

    def doc_text(self, nosig=False):
        if self.doc is None:
            return "nullptr" if nosig else cstr(f"{self.name}{self.text_signature()}\n--\n\n")
        if nosig or self.raw:
            return cstr(self.doc)
        return cstr(f"{self.name}{self.text_signature()}\n--\n\n{self.doc}")


def mixin_prefix(node):
    """The prefix of the C++ names of a mixin's methods; None for other classes."""
    for d in node.decorator_list:
        if isinstance(d, ast.Call) and d.func.id == "mixin":
            return ast.literal_eval(d.args[0])


class Class:
    def __init__(self, node, module, mixins):
        self.node, self.name, self.module = node, node.name, module
        self.opt = {}
        for d in node.decorator_list:
            if isinstance(d, ast.Call) and d.func.id == "layout":
                self.opt = {k.arg: ast.literal_eval(k.value) for k in d.keywords}
                self.opt["layout"] = ast.literal_eval(d.args[0])
        if not self.opt:
            raise StubError(f"class {self.name} lacks @layout")
        self.layout = self.opt["layout"]
        self.prefix = self.opt.get("prefix", self.name)
        self.name = self.opt.get("name", self.name)  # Python names that are no identifiers
        self.type = self.opt.get("type", self.name + "Type")
        self.flags = self.opt.get("flags", "").split()
        self.base = self.opt.get("base")
        self.modname = self.opt.get("module", module)
        self.doc = ast.get_docstring(node)
        self.funcs, self.getset, self.members, self.attrs = [], {}, [], {}
        shared = [mixins[b.id] for b in node.bases if b.id in mixins]
        for stmt in [stmt for mixin in shared for stmt in mixin.body] + node.body:
            if isinstance(stmt, ast.FunctionDef):
                decs = [ast.unparse(d) for d in stmt.decorator_list]
                prefix = next((mixin_prefix(m) for m in shared if stmt in m.body), None)
                if "property" in decs:
                    self.getset[stmt.name] = [Func(stmt, self, prefix), None]
                elif any(d.endswith(".setter") for d in decs):
                    self.getset.setdefault(stmt.name, [None, None])[1] = Func(stmt, self, prefix)
                else:
                    if any(f.name == stmt.name for f in self.funcs):
                        raise StubError(f"class {self.name}: {stmt.name} is there twice")
                    self.funcs.append(Func(stmt, self, prefix))
            elif isinstance(stmt, ast.Assign):
                name = stmt.targets[0].id
                if isinstance(stmt.value, ast.Call) and stmt.value.func.id == "member":
                    kw = {k.arg: ast.literal_eval(k.value) for k in stmt.value.keywords}
                    kw["field"] = ast.literal_eval(stmt.value.args[0]) if stmt.value.args else name
                    self.members.append((name, kw))
                else:
                    self.attrs[name] = ast.unparse(stmt.value)
            elif isinstance(stmt, ast.Expr) or isinstance(stmt, ast.Pass):
                pass
            else:
                raise StubError(f"class {self.name}: unexpected statement")

    @property
    def self_type(self):
        return "Value" if self.layout == "Value" else self.layout + "&"

    def self_expr(self, v):
        return v if self.layout == "Value" else f"*{v}.as<{self.layout}>()"


class Gen:
    def __init__(self, path):
        self.path = path
        self.base = os.path.splitext(os.path.basename(path))[0]
        self.folder = os.path.basename(os.path.dirname(os.path.abspath(path)))
        tree = ast.parse(open(path, encoding="utf-8").read(), path)
        self.doc = ast.get_docstring(tree)
        self.includes, self.extra_types, self.has_exec = [], [], False
        self.module = "builtins" if self.folder == "builtins" else self.base
        self.is_module = self.folder == "modules" or self.base == "builtins"
        for node in tree.body:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                fn = node.value.func.id
                args = [ast.literal_eval(a) for a in node.value.args]
                if fn == "include":
                    self.includes.append(args[0])
                elif fn == "module":
                    self.module = args[0]
                elif fn == "export_types":
                    self.extra_types += args
                elif fn == "not_a_module":
                    self.is_module = False
        self.funcs, self.classes = [], []
        mixins = {}  # classes of methods that several types share
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                if node.name == "__exec__":
                    self.has_exec = True
                else:
                    self.funcs.append(Func(node))
            elif isinstance(node, ast.ClassDef):
                if mixin_prefix(node):
                    mixins[node.name] = node
                else:
                    self.classes.append(Class(node, self.module, mixins))
        self.h, self.c = [], []

    # ---- argument binding -------------------------------------------------------------------
    def bind(self, f, display, call_name, self_arg, fetch_self, ret_kind="ref", out=None):
        """Lines of a body that binds `args` and calls `call_name`; returns the lines."""
        L = []
        params, kwonly = f.params, f.kwonly
        cargs = ["t"] + ([self_arg] if self_arg else [])
        if f.raw:
            cargs.append("args")
        else:
            n = len(params) + len(kwonly)
            simple = not kwonly and not f.vararg and not f.kwarg and all(p.kind == "pos" for p in params)
            required = sum(1 for p in params if p.default is None)
            ident = "kSpec"
            names = ", ".join(f'"{p.name}"' for p in params + kwonly) or "nullptr"
            L.append(f"  static const char* const kNames[] = {{{names}}};")
            reqkw = sum(1 << i for i, p in enumerate(kwonly) if p.default is None)
            posonly = sum(p.kind == "pos" for p in params)
            L.append(f'  static constexpr ParamSpec {ident} = {{"{display}", kNames, {posonly}, {len(params)}, {len(kwonly)}, '
                     f"{required}, {reqkw}, {'true' if f.vararg else 'false'}, {'true' if f.kwarg else 'false'}}};")
            if simple and required == len(params):
                L.append(f"  if (args.count != {n} || args.names) [[unlikely]] {{")
                L.append(f"    Value unused[{n} + 1]; return bindArgs(t, {ident}, args, unused) ? Error{{}} : Error{{}};")
                L.append("  }")
                L.append("  [[maybe_unused]] const Value* in = args.v;")
            else:
                L.append(f"  Value in[{n} + 1];")
                extra = ""
                if f.vararg or f.kwarg:
                    L.append("  Values rest;" if f.vararg else "")
                    L.append("  Ref<Dict> keywords;" if f.kwarg else "")
                    extra = f", {'&rest' if f.vararg else 'nullptr'}, {'&keywords' if f.kwarg else 'nullptr'}"
                bind = f"TRY(bindArgs(t, {ident}, args, in{extra}));"
                if f.vararg or reqkw:
                    L.append(f"  {bind}")
                else:  # positional arguments in the right number need no search
                    L.append(f"  if (!args.names && args.count - {required}u <= {len(params) - required}u) [[likely]] {{")
                    L += [f"    in[{i}] = args.v[{i}];" for i in range(required)]
                    L += [f"    if (args.count > {i}) in[{i}] = args.v[{i}];" for i in range(required, len(params))]
                    L += ["  } else {", f"    {bind}", "  }"]
            for i, p in enumerate(params + kwonly):
                L += self.convert(p, f"in[{i}]", i, f)
                cargs.append(p.cname)
            if f.vararg:
                cargs.append("rest")
            if f.kwarg:
                cargs.append("keywords.get()")
        L = [l for l in L if l]
        if any("kSpec" in l for l in L) and not any("kSpec" in l and "constexpr" not in l for l in L):
            L = [l for l in L if "kSpec" not in l and "kNames" not in l]
        call = f"{call_name}({', '.join(cargs)})"
        return L, call

    def convert(self, p, v, i, f):
        ct, name = p.cpp_type(), p.cname
        L = []
        if ct == "Value":
            if p.default is None:
                return [f"  Value {name} = {v};"]
            d = p.default_cpp()
            return [f"  Value {name} = {v};" if d == "Value()" else f"  Value {name} = {v} ? {v} : {d};"]
        if p.ann in LAYOUTS:
            _, check, expected = LAYOUTS[p.ann]
            base = ct[:-1]
            absent = []
            if p.default is not None:
                absent.append(f"!{v}")
            if p.nullable:
                absent.append(f"isNone({v})")
            cond = check.format(v=v)
            if absent:
                cond = "(" + " || ".join(absent) + " || " + cond + ")"
            exp = expected + (" or None" if p.nullable else "")
            L.append(f'  if (!{cond}) return argWrongType(t, {v}, kSpec, {i}, "{exp}") ? Error{{}} : Error{{}};')
            if p.nullable:
                L.append(f"  {base}* {name} = {' || '.join(absent)} ? nullptr : {v}.as<{base}>();")
            elif p.default is not None:
                L.append(f"  {base}& {name} = {v} ? *{v}.as<{base}>() : {p.default_cpp()};")
            else:
                L.append(f"  {base}& {name} = *{v}.as<{base}>();")
            return L
        if p.ann == "bytes_like":
            L.append(f"  Buffer {name};")
            absent = [f"{v}"] if p.default is not None else []
            if p.nullable:
                absent.append(f"!isNone({v})")
            get = f"TRY(Buffer::get(t, {v}, &{name}));"
            L.append(f"  if ({' && '.join(absent)}) {get}" if absent else f"  {get}")
            return L
        if p.ann == "char":
            L.append(f'  if ({v} && !(isStr({v}) && {v}.as<Str>()->length == 1)) return argWrongType(t, {v}, kSpec, {i}, "a unicode character") ? Error{{}} : Error{{}};')
            d = p.default_cpp() if p.default is not None else "0"
            L.append(f"  u32 {name} = {v} ? {v}.as<Str>()->at(0) : {d};")
            return L
        conv = SCALARS[p.ann][1].format(v=v)
        if p.default is None:
            return [f"  {ct} {name} = TRY({conv});"]
        return [f"  {ct} {name} = {p.default_cpp()};", f"  if ({v}{' && !isNone(' + v + ')' if p.nullable else ''}) {name} = TRY({conv});"]

    def proto(self, f, cname, self_type, ret=None):
        args = ["Thread& t"]
        if self_type:
            args.append(f"{self_type} {f.self_name or 'self'}")
        if f.raw:
            args.append("const Args& args")
        else:
            args += [f"{p.cpp_type()} {p.cname}" for p in f.params + f.kwonly]
            if f.vararg:
                args.append(f"Values {f.vararg.arg}")
            if f.kwarg:
                args.append(f"Dict* {f.kwarg.arg}")
        self.h.append(f"{ret or RETURNS[f.ret][0]} {cname}({', '.join(args)});")

    def wrap_return(self, f, call, L):
        wrap = RETURNS[f.ret][1]
        if wrap is None:
            L.append(f"  return {call};")
        elif f.ret == "None":
            L.append(f"  TRY({call});")
            L.append("  return noneRef();")
        else:
            L.append(f"  auto result = TRY({call});")
            L.append(f"  return {wrap.format(r='result')};")

    def native_function(self, f, cname, display, cls=None):
        """Emits prototype and binder of an ordinary function or method; returns its table row."""
        self_type, self_arg = None, None
        binder = f"bind_{cls.prefix}_{f.name}" if cls else f"bind_{cname}"  # says the class's name in errors
        flags = []
        if f.kind == "instance":
            self_type, self_arg = cls.self_type, cls.self_expr("self")
        elif f.kind == "class":
            self_type, self_arg = "Type&", "*self.as<Type>()"
            flags.append("kNativeClass")
        elif f.kind == "static":
            flags.append("kNativeStatic")
        elif f.kind == "module":
            self_type, self_arg = None, None
        self.proto(f, cname, self_type)
        n = len(f.params) + len(f.kwonly)
        simple = not f.raw and not f.kwonly and not f.vararg and not f.kwarg and all(p.kind == "pos" for p in f.params)
        if simple and n == 0:
            flags.append("kNativeNoArgs")
        elif simple and n == 1 and f.params[0].default is None:
            flags.append("kNativeOneArg")
        elif simple or (f.vararg and not f.kwarg and not f.kwonly and not f.raw):
            flags.append("kNativeFastCall")
        else:
            flags += ["kNativeFastCall", "kNativeKeywords"]
        direct = ""
        if f.raw or f.vararg or f.kwarg or any(p.default is None for p in f.kwonly):
            L, call = self.bind(f, display, cname, self_arg, None)
            self.wrap_return(f, call, L)
        else:
            L = self.direct(f, display, cname, self_arg, binder)
            required = sum(1 for p in f.params if p.default is None)
            direct = f", direct_{binder}, {required}, {len(f.params) - required}"
        self.c.append(f"static Result<Ref<>> {binder}(Thread& t, Value self, const Args& args) {{")
        self.c += L + ["}"]
        return f'{{"{f.name}", nullptr, {" | ".join(flags)}, {f.doc_text()}, {binder}{direct}}}'

    def direct(self, f, display, cname, self_arg, binder):
        """Emits the entry for positional arguments in a right number; returns the binder's lines, which
        come down to it."""
        params = f.params + f.kwonly
        n, required = len(params), sum(1 for p in f.params if p.default is None)
        names = ", ".join(f'"{p.name}"' for p in params) or "nullptr"
        posonly = sum(p.kind == "pos" for p in f.params)
        spec = [f"  static const char* const kNames[] = {{{names}}};",
                f'  static constexpr ParamSpec kSpec = {{"{display}", kNames, {posonly}, {len(f.params)}, {len(f.kwonly)}, '
                f"{required}, 0, false, false}};"]
        body = []
        cargs = ["t"] + ([self_arg] if self_arg else [])
        for i, p in enumerate(params):
            value = f"in[{i}]"
            if i >= required:
                body.append(f"  Value in{i} = argCount > {i} ? in[{i}] : Value();")
                value = f"in{i}"
            body += self.convert(p, value, i, f)
            cargs.append(p.cname)
        if any("kSpec" in l for l in body):
            body = spec + body
        self.wrap_return(f, f"{cname}({', '.join(cargs)})", body)
        self.c.append(f"static Result<Ref<>> direct_{binder}([[maybe_unused]] Thread& t, [[maybe_unused]] Value self, "
                      "[[maybe_unused]] const Value* in, [[maybe_unused]] u32 argCount) {")
        self.c += body + ["}"]
        most = len(f.params)
        check = f"args.count == {most}" if required == most else f"args.count - {required}u <= {most - required}u"
        return spec + [f"  if (!args.names && {check}) [[likely]]",
                       f"    return direct_{binder}(t, self, args.v, args.count);",
                       f"  Value in[{n} + 1];",
                       "  TRY(bindArgs(t, kSpec, args, in));",
                       f"  return direct_{binder}(t, self, in, {n});"]

    def ignore_keywords(self, f, lines, symbol, cname, receiver, other_slot):
        """A constructor without keywords lets those of a subclass pass whose other half takes them."""
        if f.raw or f.kwarg or f.kwonly or not f.params or any(p.kind != "pos" for p in f.params):
            return lines
        type_expr = "typeOf(self)" if receiver == "self" else receiver
        return [f"  if (args.names && {type_expr} != &{symbol} && {type_expr}->data->slots.{other_slot} != {symbol}.data->slots.{other_slot}) [[unlikely]]",
                f"    return bind_{cname}(t, {receiver}, Args(args.v, args.count));"] + lines

    # ---- classes ----------------------------------------------------------------------------
    def emit_class(self, c):
        slots, names, methods, getsets, members = {}, [], [], [], []
        P, T, S = c.prefix, c.type, c.self_type
        selfx = c.self_expr("self")
        concat = "sequence" in c.flags or "concat" in c.flags
        fnames = {f.name for f in c.funcs}
        qual = c.name if self.module != "builtins" else c.name
        self.h.append(f'extern "C" Type {T};')

        def thunk(slot, sig, body):
            slots[slot] = f"[]({sig}) {body}"

        for f in c.funcs:
            n, cname = f.name, f"{f.prefix or P}_{f.name}"
            disp = f"{c.name}.{n}"
            if n in SLOTS_UNARY:
                self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self);")
                thunk(SLOTS_UNARY[n], "Thread& t, Value self", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}); }}")
                names.append(n)
            elif n in ("__hash__", "__len__"):
                self.h.append(f"Result<i64> {cname}(Thread& t, {S} self);")
                thunk("hash" if n == "__hash__" else "length", "Thread& t, Value self", f"-> Result<i64> {{ return {cname}(t, {selfx}); }}")
                names.append(n)
            elif n == "__bool__":
                self.h.append(f"Result<bool> {cname}(Thread& t, {S} self);")
                thunk("truth", "Thread& t, Value self", f"-> Result<bool> {{ return {cname}(t, {selfx}); }}")
                names.append(n)
            elif n == "__contains__":
                self.h.append(f"Result<bool> {cname}(Thread& t, {S} self, Value item);")
                thunk("contains", "Thread& t, Value self, Value item", f"-> Result<bool> {{ return {cname}(t, {selfx}, item); }}")
                names.append(n)
            elif n == "__getitem__":
                self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self, Value key);")
                thunk("getItem", "Thread& t, Value self, Value key", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}, key); }}")
                names.append(n)
            elif n == "__seqitem__":
                self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self, i64 index);")
                thunk("seqItem", "Thread& t, Value self, i64 index", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}, index); }}")
                if "__getitem__" not in fnames:
                    names.append("__getitem__")
            elif n == "__setitem__":
                self.h.append(f"Result<void> {cname}(Thread& t, {S} self, Value key, Value valueOrEmpty);")
                thunk("setItem", "Thread& t, Value self, Value key, Value value", f"-> Result<void> {{ return {cname}(t, {selfx}, key, value); }}")
                names.append(n)
            elif n == "__delitem__":
                names.append(n)
            elif n == "__getattribute__":
                self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self, Str* name);")
                thunk("getattro", "Thread& t, Value self, Str* name", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}, name); }}")
                names.append(n)
            elif n == "__setattr__":
                self.h.append(f"Result<void> {cname}(Thread& t, {S} self, Str* name, Value valueOrEmpty);")
                thunk("setattro", "Thread& t, Value self, Str* name, Value value", f"-> Result<void> {{ return {cname}(t, {selfx}, name, value); }}")
                names += [n, "__delattr__"]
            elif n in ("__delattr__", "__delete__"):
                pass
            elif n == "__get__":
                self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self, Value objectOrEmpty, Value type);")
                thunk("descrGet", "Thread& t, Value self, Value o, Value type", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}, o, type); }}")
                names.append(n)
            elif n == "__set__":
                self.h.append(f"Result<void> {cname}(Thread& t, {S} self, Value object, Value valueOrEmpty);")
                thunk("descrSet", "Thread& t, Value self, Value o, Value v", f"-> Result<void> {{ return {cname}(t, {selfx}, o, v); }}")
                names += [n, "__delete__"]
            elif n == "__richcompare__":
                self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self, Value other, CompareOp op);")
                thunk("richcompare", "Thread& t, Value self, Value other, CompareOp op", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}, other, op); }}")
                names += COMPARE_NAMES
            elif n == "__del__":
                self.h.append(f"void {cname}(Thread& t, {S} self);")
                thunk("finalize", "Thread& t, Object* o", f"{{ Value self = o; {cname}(t, {selfx}); }}")
                names.append(n)
            elif n == "__buffer__":
                self.h.append(f"Result<void> {P}_getBuffer(Thread& t, {S} self, BufferView* view, int flags);")
                thunk("getBuffer", "Thread& t, Value self, BufferView* view, int flags", f"-> Result<void> {{ return {P}_getBuffer(t, {selfx}, view, flags); }}")
                names.append(n)
            elif n == "__release_buffer__":
                self.h.append(f"void {P}_releaseBuffer(Thread& t, {S} self, BufferView* view);")
                thunk("releaseBuffer", "Thread& t, Value self, BufferView* view", f"{{ {P}_releaseBuffer(t, {selfx}, view); }}")
                names.append(n)
            elif n == "__send__":
                self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self, Value sent, bool* finished);")
                thunk("send", "Thread& t, Value self, Value sent, bool* finished", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}, sent, finished); }}")
            elif n == "__pow__":
                self.h.append(f"Result<Ref<>> {cname}(Thread& t, Value base, Value exponent, Value mod);")
                thunk("power", "Thread& t, Value a, Value b, Value c", f"-> Result<Ref<>> {{ return {cname}(t, a, b, c); }}")
                slots["binary[int(BinaryOp::Pow)]"] = f"[](Thread& t, Value a, Value b) -> Result<Ref<>> {{ return {cname}(t, a, b, none()); }}"
                names += [n, "__rpow__"]
            elif n[2:-2] in BINARY and n.startswith("__") and n.endswith("__"):
                op = BINARY[n[2:-2]]
                if concat and n == "__add__":
                    self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self, Value other);")
                    thunk("concat", "Thread& t, Value self, Value other", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}, other); }}")
                    names.append(n)
                elif concat and n == "__mul__":
                    self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self, i64 count);")
                    thunk("repeat", "Thread& t, Value self, i64 count", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}, count); }}")
                    names += [n, "__rmul__"]
                else:
                    self.h.append(f"Result<Ref<>> {cname}(Thread& t, Value left, Value right);")
                    slots[f"binary[int(BinaryOp::{op})]"] = cname
                    names += [n, f"__r{n[2:]}"]
            elif n.startswith("__r") and n[3:-2] in BINARY:
                pass
            elif n.startswith("__i") and n[3:-2] in BINARY and n.endswith("__"):
                op = BINARY[n[3:-2]]
                if concat and op == "Add":
                    self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self, Value other);")
                    thunk("inplaceConcat", "Thread& t, Value self, Value other", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}, other); }}")
                elif concat and op == "Mul":
                    self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self, i64 count);")
                    thunk("inplaceRepeat", "Thread& t, Value self, i64 count", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}, count); }}")
                else:
                    self.h.append(f"Result<Ref<>> {cname}(Thread& t, {S} self, Value other);")
                    thunk(f"inplace[int(BinaryOp::{op})]", "Thread& t, Value self, Value other", f"-> Result<Ref<>> {{ return {cname}(t, {selfx}, other); }}")
                names.append(n)
            elif n == "__call__":
                self.proto(f, cname, S)
                L, call = self.bind(f, c.name, cname, selfx, None)
                self.c.append(f"static Result<Ref<>> bind_{cname}(Thread& t, Value self, const Args& args) {{")
                self.c += L
                self.wrap_return(f, call, L2 := [])
                self.c += L2 + ["}"]
                slots["call"] = f"bind_{cname}"
                names.append(n)
            elif n == "__init__":
                self.proto(f, cname, S, "Result<void>")
                L, call = self.bind(f, c.name, cname, selfx, None)
                self.c.append(f"static Result<void> bind_{cname}(Thread& t, Value self, const Args& args) {{")
                L = self.ignore_keywords(f, L, T, cname, "self", "construct")
                self.c += L + [f"  return {call};", "}"]
                slots["init"] = f"bind_{cname}"
                names.append(n)
            elif n == "__new__":
                self.proto(f, cname, "Type&", "Result<Ref<>>")
                L, call = self.bind(f, c.name, cname, "*cls", None)
                self.c.append(f"static Result<Ref<>> bind_{cname}(Thread& t, Type* cls, const Args& args) {{")
                L = self.ignore_keywords(f, L, T, cname, "cls", "init")
                self.c += L + [f"  return {call};", "}"]
                slots["construct"] = f"bind_{cname}"
                names.append(n)
            else:
                methods.append(self.native_function(f, cname, disp, c))
        if c.attrs.get("__class_getitem__") == "generic_alias":
            methods.append('{"__class_getitem__", nullptr, kNativeClass | kNativeOneArg, "See PEP 585", genericClassGetItem}')
        for name, (g, s) in c.getset.items():
            gname, sname = "nullptr", "nullptr"
            doc = cstr(g.doc) if g and g.doc else "nullptr"
            if g:
                getter = f"{g.prefix or P}_get_{name}"
                self.h.append(f"{RETURNS[g.ret][0]} {getter}(Thread& t, {S} self);")
                L = []
                self.wrap_return(g, f"{getter}(t, {selfx})", L)
                self.c.append(f"static Result<Ref<>> bind_{P}_get_{name}(Thread& t, Value self) {{")
                self.c += L + ["}"]
                gname = f"bind_{P}_get_{name}"
            if s:
                setter = f"{s.prefix or P}_set_{name}"
                self.h.append(f"Result<void> {setter}(Thread& t, {S} self, Value valueOrEmpty);")
                sname = f"[](Thread& t, Value self, Value v) -> Result<void> {{ return {setter}(t, {selfx}, v); }}"
            getsets.append(f'{{"{name}", {gname}, {sname}, {doc}}}')
        for name, kw in c.members:
            kind = {"object": "Object", "object_or_error": "ObjectOrError", "i64": "I64", "i32": "I32", "u32": "U32",
                    "u8": "U8", "bool": "Bool", "cstring": "CString", "double": "Double",
                    "function_doc": "FunctionDoc"}[kw.get("kind", "object")]
            doc = cstr(kw["doc"]) if kw.get("doc") else "nullptr"
            members.append(f'{{"{name}", i64(offsetof({c.layout}, {kw["field"]})), MemberKind::{kind}, '
                           f'{"true" if kw.get("readonly", True) else "false"}, {doc}}}')

        # lifetime
        gc = "gc" in c.flags
        fields = c.opt.get("fields")
        if fields is not None:
            fields = fields.split()
            clear = "".join(f" clearOwned(self->{x});" for x in fields)
            visit = "".join(f" v(self->{x});" for x in fields)
            untrack = " gcUntrack(o);" if gc else ""
            self.c.append(f"static void dealloc_{P}(Object* o) {{{untrack} auto* self = static_cast<{c.layout}*>(o); (void)self;{clear} freeObject(o); }}")
            slots["dealloc"] = f"dealloc_{P}"
            if gc:
                self.c.append(f"static void traverse_{P}(Object* o, Visitor& v) {{ auto* self = static_cast<{c.layout}*>(o); (void)self;{visit} }}")
                slots["traverse"] = f"traverse_{P}"
                if c.opt.get("clear", True):
                    self.c.append(f"static void clear_{P}(Object* o) {{ auto* self = static_cast<{c.layout}*>(o); (void)self;{clear} }}")
                    slots["clear"] = f"clear_{P}"
        elif c.opt.get("lifetime", "own" if gc else "inherit") == "own":
            for what, sig in (("dealloc", "Object* o"), ("traverse", "Object* o, Visitor& v"), ("clear", "Object* o")):
                if what != "dealloc" and not gc:
                    continue
                if what == "clear" and c.opt.get("clear") is False:
                    continue
                self.h.append(f"void {P}_{what}({sig});")
                slots[what] = f"{P}_{what}"
        for slot in c.opt.get("slots", "").split():   # slots whose function C++ names itself
            member, fn = slot.split("=")
            slots[member] = fn

        def table(kind, rows, ctype):
            if not rows:
                return "{}"
            self.c.append(f"static const {ctype} {kind}_{P}[] = {{")
            self.c += [f"  {r}," for r in rows]
            self.c.append("};")
            return f"{kind}_{P}"
        m = table("methods", methods, "NativeFunction")
        g = table("getsets", getsets, "NativeGetSet")
        mem = table("members", members, "NativeMember")
        nm = table("slotNames", [f'"{x}"' for x in dict.fromkeys(names)], "char* const")
        unhash = "true" if c.attrs.get("__hash__") == "None" else "false"
        match = ast.literal_eval(c.attrs.get("__match_args__", "()"))
        match = table("matchArgs", [f'"{x}"' for x in match], "char* const")
        if c.base:
            self.c.append(f'extern "C" Type {c.base};')
        sigdoc = c.doc
        init = next((f for f in c.funcs if f.name in ("__new__", "__init__") and not f.raw), None)
        if c.opt.get("signature"):
            sigdoc = f"{c.name}{c.opt['signature']}\n--\n\n{c.doc or ''}"
        elif init and c.doc and c.opt.get("signature") is not False:
            sig = init.text_signature()
            for drop in ("($self, ", "($type, "):
                if sig.startswith(drop):
                    sig = "(" + sig[len(drop):]
            sig = "()" if sig in ("($self)", "($type)", "(/)") else sig
            if sig.startswith("(/, "):
                sig = "(" + sig[4:]
            sigdoc = f"{c.name}{sig}\n--\n\n{c.doc}"
        self.c.append(f"static constinit const NativeTypeInfo info_{P} = {{\"{c.modname}\", {m}, {g}, {mem}, {nm}, {unhash}, {match}}};")
        self.c.append(f"static TypeData data_{P} = [] {{")
        self.c.append("  TypeData d{};")
        for k, v in slots.items():
            self.c.append(f"  d.slots.{k} = {v};")
        self.c.append(f"  d.native = &info_{P};")
        self.c.append("  return d;")
        self.c.append("}();")
        flags = " | ".join(FLAGS[x] for x in c.flags) or "0"
        if "mutable" not in c.flags:
            flags += " | kTypeImmutable"
        basicsize = c.opt.get("basicsize", f"i64(sizeof({'Int' if c.layout == 'Value' else c.layout}))")
        fullname = c.name if c.modname == "builtins" else f"{c.modname}.{c.name}"
        self.c.append(f'extern "C" Type {T} = [] {{')
        self.c.append("  Type y{};")
        self.c.append(f"  y.refcount = kImmortalCount; y.headerFlags = 5; y.type = &PyType_Type; y.name = \"{fullname}\";")
        self.c.append(f"  y.basicSize = {basicsize}; y.itemSize = {c.opt.get('itemsize', 0)}; y.flags = {flags} | kTypeStaticBuiltin;")
        if sigdoc is not None:
            self.c.append(f"  y.doc = {cstr(sigdoc)};")
        if c.base:
            self.c.append(f"  y.base = &{c.base};")
        if "weaklist" in c.opt:
            self.c.append(f"  y.weaklistOffset = offsetof({c.layout}, {c.opt['weaklist']});")
        if "dict" in c.opt:
            self.c.append(f"  y.dictOffset = offsetof({c.layout}, {c.opt['dict']});")
        self.c.append(f"  y.data = &data_{P};")
        self.c.append("  return y;")
        self.c.append("}();")
        self.c.append(f"DX_REGISTER_TYPE({T})")
        self.c.append("")

    def run(self, outdir):
        ident = self.base
        for c in self.classes:
            self.emit_class(c)
        if self.is_module:
            rows = [self.native_function(f, f"{ident}_{f.name}", f.name) for f in self.funcs]
            if rows:
                self.c.append(f"static const NativeFunction functions_{ident}[] = {{")
                self.c += [f"  {r}," for r in rows]
                self.c.append("};")
            types = [c.type for c in self.classes if c.opt.get("export", self.folder == "modules")] + self.extra_types
            if types:
                self.c.append("\n".join(f'extern "C" Type {t};' for t in self.extra_types))
                self.c.append(f"static Type* const types_{ident}[] = {{{', '.join('&' + t for t in types)}}};")
            if self.has_exec:
                self.h.append(f"// Adds what the stub cannot say: constants, further types.\nResult<void> {ident}_exec(Thread& t, Module& module);")
            self.c.append(f"static const NativeModule module_{ident} = {{\"{self.module}\", {cstr(self.doc) if self.doc else 'nullptr'}, "
                          f"{'functions_' + ident if rows else '{}'}, {'types_' + ident if types else '{}'}, {ident + '_exec' if self.has_exec else 'nullptr'}}};")
            self.c.append(f"DX_REGISTER_MODULE(module_{ident})")
        elif self.funcs:
            raise StubError("functions belong in a module's stub")
        os.makedirs(outdir, exist_ok=True)
        head = f"// Generated by tools/gen_stubs.py from {self.folder}/{self.base}.py.\n"
        inc = "".join(f'#include "{i}"\n' for i in self.includes)
        h = head + "#pragma once\n#include \"runtime/api.h\"\n" + inc + "\nnamespace dx {\n\n" + "\n".join(self.h) + "\n\n}  // namespace dx\n"
        c = head + f'#include "{self.folder}/{self.base}.gen.h"\n\nnamespace dx {{\n\n' + "\n".join(self.c) + "\n\n}  // namespace dx\n"
        write(os.path.join(outdir, self.base + ".gen.h"), h)
        write(os.path.join(outdir, self.base + ".gen.cpp"), c)


def write(path, text):
    if os.path.exists(path) and open(path, encoding="utf-8").read() == text:
        os.utime(path)
        return
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def main():
    try:
        Gen(sys.argv[1]).run(sys.argv[2])
    except StubError as e:
        sys.exit(f"{sys.argv[1]}: {e}")


if __name__ == "__main__":
    main()
