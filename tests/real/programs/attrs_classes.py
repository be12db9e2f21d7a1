"""attrs: both interfaces, validators, converters, slots, frozen classes, order, metadata, hooks."""
import copy
import pickle
import re
from collections import OrderedDict
from enum import Enum
from typing import Any, ClassVar, Optional

import attr
import attrs
from attrs import Factory, asdict, astuple, cmp_using, converters, define, evolve, field, fields, fields_dict
from attrs import filters, frozen, has, make_class, mutable, resolve_types, setters, validate, validators


def attempt(function, *args, **kwargs):
    try:
        print(function(*args, **kwargs))
    except Exception as error:
        text = re.sub("0x[0-9a-f]+", "ADDRESS", str(error))
        print(type(error).__name__, text.split(", Attribute(")[0])


@define
class Point:
    x: int
    y: int = 0
    tags: list = field(factory=list, repr=False)
    norm: float = field(init=False)
    origin: ClassVar[tuple] = (0, 0)

    @norm.default
    def _norm(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5


p = Point(3, 4)
print(p, p == Point(3, 4), p != Point(3, 5), Point.origin, asdict(p), astuple(p), evolve(p, x=0),
    fields(Point).x.default, hasattr(p, "__dict__"), Point.__slots__, Point.__match_args__,
    Point.__attrs_attrs__[1].name)
attempt(Point)
attempt(Point, 1, 2, [], 4)
attempt(setattr, p, "z", 1)
attempt(hash, p)
attempt(lambda: p < p)
attempt(lambda: p == (3, 4))
match p:
    case Point(x, 4):
        print("matched", x)


class Colour(Enum):
    RED = 1


@define(kw_only=True, slots=False)
class Checked:
    number: int = field(default=1, validator=[validators.instance_of(int), validators.ge(0),
        validators.lt(10)])
    name: str = field(default="a", validator=validators.and_(validators.matches_re(r"[a-z]+"),
        validators.max_len(4)))
    choice: str = field(default="x", validator=validators.in_(["x", "y"]))
    maybe: Optional[int] = field(default=None, validator=validators.optional(validators.instance_of(int)))
    items: list = field(factory=list, validator=validators.deep_iterable(validators.instance_of(int),
        validators.instance_of(list)))
    table: dict = field(factory=dict, validator=validators.deep_mapping(validators.instance_of(str),
        validators.instance_of(int)))
    call: Any = field(default=len, validator=validators.is_callable())
    either: Any = field(default=1, validator=validators.or_(validators.instance_of(int),
        validators.instance_of(str)))
    refused: Any = field(default=1, validator=validators.not_(validators.instance_of(str)))
    short: str = field(default="ab", validator=validators.min_len(2))

    @maybe.validator
    def _positive(self, attribute, value):
        if value is not None and value < 0:
            raise ValueError(f"{attribute.name} must be positive, not {value}")


attempt(Checked)
for name, value in (("number", "1"), ("number", -1), ("number", 10), ("name", "A"), ("name", "abcde"),
    ("choice", "z"), ("maybe", "1"), ("maybe", -1), ("items", (1,)), ("items", [1, "a"]), ("table", {1: 1}),
    ("table", {"a": "b"}), ("call", 3), ("either", 1.5), ("refused", "s"), ("short", "a"), ("nothing", 1)):
    attempt(Checked, **{name: value})
checked = Checked()
attempt(setattr, checked, "number", 11)
with validators.disabled():
    checked.number = 99
    print(checked.number, validators.get_disabled())
attempt(validate, checked)
print(repr(fields(Checked).number.validator), repr(validators.optional(validators.in_("ab"))),
    repr(validators.le(4)), repr(validators.deep_iterable(validators.min_len(1))))


@define
class Converted:
    a: int = field(converter=int)
    b: Optional[int] = field(default=None, converter=converters.optional(int))
    c: list = field(default=None, converter=converters.default_if_none(factory=list))
    d: bool = field(default="yes", converter=converters.to_bool)
    e: str = field(default=" X ", converter=converters.pipe(str.strip, str.lower))
    f: Any = field(default=1, converter=attrs.Converter(lambda value, self, f: (value, self.a, f.name),
        takes_self=True, takes_field=True))


print(Converted("1"), Converted("2", "3", [1], "off", "Y"))
attempt(Converted, "x")
attempt(Converted, 1, d="perhaps")
converted = Converted(1)
converted.a = "7"
print(converted.a, Converted.__init__.__annotations__.get("e"))


@frozen(order=True)
class Version:
    major: int
    minor: int = 0
    label: str = field(default="", eq=False, order=False, hash=False)


print(sorted([Version(2), Version(1, 5), Version(1, 2)]), Version(1, label="a") == Version(1, label="b"),
    hash(Version(1, label="a")) == hash(Version(1)), {Version(1): 1}[Version(1)],
    max(Version(1), Version(0, 9)))
attempt(setattr, Version(1), "major", 2)
attempt(delattr, Version(1), "major")
attempt(lambda: Version(1) < 3)
print(pickle.loads(pickle.dumps(Version(1, 2, "x"))), copy.copy(Version(3)),
    copy.deepcopy(Point(1, tags=[[1]])), copy.replace(Version(1), minor=9))


@attr.s(auto_attribs=True, these=None, cmp=True, hash=True, str=False)
class Old:
    a: int = attr.ib(default=attr.Factory(lambda self: self.b * 2 if hasattr(self, "b") else 0,
        takes_self=True), metadata={"doc": "an a", 1: 2})
    b: int = attr.ib(default=3, repr=lambda v: f"<{v}>", kw_only=True)
    _private: int = attr.ib(default=5, alias="hidden")


print(Old(), Old(1, b=2, hidden=9)._private, fields(Old).a.metadata["doc"], fields_dict(Old)["b"].kw_only,
    fields(Old)._private.alias, Old(1) < Old(2))
attempt(lambda: fields(Old).a.metadata.update(x=1))
attempt(lambda: fields(int))
attempt(lambda: attr.fields(Old).zzz)


@define
class Base:
    a: int = 1

    def __attrs_pre_init__(self):
        print("pre", type(self).__name__)

    def __attrs_post_init__(self):
        self.log = getattr(self, "log", None)

    log: Any = None


@define
class Derived(Base):
    b: int = 2
    c: int = field(kw_only=True)

    def method(self):
        return super().__repr__(), __class__.__name__


print(Derived(c=3), Derived(c=3).method(), [f"{f.name}:{f.inherited}" for f in fields(Derived)],
    Derived(5, 6, 7, c=8).b)
attempt(lambda: make_class("Wrong", {"a": field(default=1), "b": field()}))
attempt(lambda: define(type("Twice", (), {"__annotations__": {"x": int}, "y": field()})))
Made = make_class("Made", {"x": field(type=int, default=3), "y": field(factory=dict)}, bases=(Base,),
    frozen=False)
print(Made(a=1, x=2), [f.name for f in fields(Made)], has(Made), has(int), make_class("C", ["x", "y"])(1, 2))


@define(on_setattr=[setters.validate, setters.convert])
class Hooked:
    a: int = field(converter=int, validator=validators.gt(0))
    b: int = field(default=1, on_setattr=setters.frozen)
    c: int = field(default=1, on_setattr=setters.NO_OP)
    d: int = field(default=1, on_setattr=lambda self, attribute, value: value * 10)


hooked = Hooked(1)
hooked.d = 4
hooked.c = "any"
print(hooked)
attempt(setattr, hooked, "b", 2)
attempt(setattr, hooked, "a", 0)


def transform(cls, attributes):
    return [one.evolve(converter=str) if one.type is int else one for one in attributes if one.name != "gone"]


@define(field_transformer=transform)
class Transformed:
    a: int
    b: float
    gone: int = 4


print(Transformed(1, 2.5), Transformed(a=3, b=1))


@define
class Tree:
    value: Any
    children: "list[Tree]" = field(factory=list)
    parent: Any = field(default=None, eq=False, repr=False)


tree = Tree("r", [Tree("a"), Tree("b", [Tree("c")])])
tree.children[0].parent = "no cycle"
loop = Tree("l")
loop.children.append(loop)
print(asdict(tree, filter=lambda a, v: a.name != "parent"), astuple(tree, recurse=False)[0], loop,
    asdict(tree, value_serializer=lambda inst, a, v: str(v) if a and a.name == "value" else v)["children"][0])
print(asdict(Point(1), filter=filters.exclude(fields(Point).tags, "y")),
    asdict(Point(1), filter=filters.include(int)), attr.asdict(Version(1), dict_factory=OrderedDict),
    resolve_types(Tree).__attrs_attrs__[1].type)


@define(eq=False)
class Identity:
    a: int


@define(unsafe_hash=True, repr=False, init=False)
class Partial:
    a: int = field(eq=str.lower)
    b: list = field(eq=cmp_using(eq=lambda a, b: len(a) == len(b), class_name="ByLength"), hash=False)

    def __init__(self, a, b):
        self.__attrs_init__(a, b)

    def __repr__(self):
        return f"P({self.a})"


one = Identity(1)
print(one == Identity(1), one == one, {one: 1}[one], Partial("A", [1]) == Partial("a", [2]),
    Partial("A", [1]) == Partial("a", []), hash(Partial("A", [])) == hash(Partial("A", [1])),
    Partial("q", []))


@define
class WithCached:
    n: int
    from functools import cached_property

    @cached_property
    def square(self):
        print("computing")
        return self.n ** 2


cached = WithCached(4)
print(cached.square, cached.square, attr.__version__ != "", attrs.NOTHING, bool(attrs.NOTHING),
    repr(Factory(list)))
attempt(getattr, cached, "cube")


@attr.s(auto_exc=True, auto_attribs=True)
class Failed(Exception):
    code: int
    reason: str = "none"


try:
    raise Failed(3)
except Failed as error:
    print(repr(error), error.args, str(error), error.code)


@define(weakref_slot=False, getstate_setstate=True)
class Small:
    a: int


print(pickle.loads(pickle.dumps(Small(2))), Small.__slots__, Small(1).__getstate__(),
    attr.evolve(Small(1), a=5), attr.fields(Small))


@mutable
class Generic[T]:
    item: T


print(Generic[int](3), Generic.__type_params__, Generic.__init__.__doc__,
    repr(Generic.__init__.__annotations__))
