"""Type parameters, aliases, unions and generic aliases: what the native parts promise."""
import copy
import pickle
import types
import typing
from typing import Generic, ParamSpec, TypeAliasType, TypeVar, TypeVarTuple, Union


def fails(kind, text, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except kind as error:
        assert text in str(error), str(error)
    else:
        raise AssertionError(text)


# Type parameters.
def made[T: int, U: (str, bytes) = str, *Ts = *tuple[int, str], **P = [int]](): pass


T, U, Ts, P = made.__type_params__
assert [type(p).__name__ for p in (T, U, Ts, P)] == ["TypeVar", "TypeVar", "TypeVarTuple", "ParamSpec"]
assert T.__bound__ is int and U.__constraints__ == (str, bytes) and U.__default__ is str
assert T.__default__ is typing.NoDefault and not T.has_default() and U.has_default()
assert P.args.__origin__ is P and repr(P.kwargs) == "P.kwargs" and P.args == P.args != P.kwargs
assert repr(T) == "T" and T.__infer_variance__
A, B = TypeVar("A"), TypeVar("B", covariant=True, bound=int)
assert (repr(A), repr(B), A.__module__, T.__module__) == ("~A", "+B", "__main__", "typing")
assert repr(TypeVar("X", contravariant=True)) == "-X"
fails(ValueError, "Bivariant", TypeVar, "X", covariant=True, contravariant=True)
fails(TypeError, "A single constraint", TypeVar, "X", int)
fails(TypeError, "Constraints cannot be combined", TypeVar, "X", int, str, bound=int)
fails(TypeError, "must be str", TypeVar, 1)
fails(TypeError, "Cannot subclass an instance of TypeVar", types.new_class, "X", (A,))
assert ParamSpec("Q", bound=(int, str)).__bound__ == (int, str)
assert pickle.loads(pickle.dumps(A)) is A and copy.copy(T) is T
assert repr(U.evaluate_default) and T.evaluate_bound(1) is int
assert TypeVar("D", default=int).evaluate_default(4) == "int"
assert repr(TypeVar("D", default=int).evaluate_default) == "<constevaluator <class 'int'>>"

# Generic classes.
class Box(Generic[A]):
    def __new__(cls, *args):
        self = super().__new__(cls)
        self.made = args
        return self


class Pair[K, V](Box[K]):
    kind: V


assert Box[int](1, 2).made == (1, 2) and Box[int](1).__orig_class__ == Box[int]
assert Pair.__parameters__ == Pair.__type_params__ and Pair.__orig_bases__[1:] == (Generic[Pair.__type_params__],)
for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    again = pickle.loads(pickle.dumps(Box("a"), protocol))
    assert type(again) is Box and again.made == ("a",)
    assert pickle.loads(pickle.dumps(list[int] | None, protocol)) == list[int] | None
    assert pickle.loads(pickle.dumps([*tuple[int, str]][0], protocol)) == [*tuple[int, str]][0]
assert Generic.__module__ == "typing" and "__new__" not in Generic.__dict__
fails(TypeError, "Parameters to Generic[...]", lambda: Generic[int])

# Substitution.
assert dict[str, A][int] == dict[str, int]
assert list[dict[A, B]][int, str] == list[dict[int, str]]
assert tuple[*tuple[int, ...]] != tuple[int, ...] and dict[A, B][*tuple[int, str]] == dict[int, str]
fails(TypeError, "Too many arguments", lambda: dict[str, A][int, int])
fails(TypeError, "Too few arguments", lambda: dict[A, B][int])
fails(TypeError, "is not a generic class", lambda: list[int][int])
C = TypeVarTuple("C")
assert tuple[int, *C][str, bytes] == tuple[int, str, bytes]
callee = typing.Callable[P, A]
assert callee[[int, str], bytes] == typing.Callable[[int, str], bytes]

# Aliases.
type Alias[X] = list[X] | None
assert Alias.__value__ == list[Alias.__type_params__[0]] | None and repr(Alias) == "Alias"
assert Alias[int].__origin__ is Alias and Alias.__parameters__ == Alias.__type_params__
assert pickle.loads(pickle.dumps(Alias)) is Alias
built = TypeAliasType("built", "anything", type_params=(A,))
assert built.__value__ == "anything" and built.__module__ == "__main__" and built | int == Union[built, int]
fails(TypeError, "type_params must be a tuple", TypeAliasType, "x", 1, type_params=[A])
fails(TypeError, "Expected a type param", TypeAliasType, "x", 1, type_params=(1,))
fails(TypeError, "Only generic type aliases are subscriptable",
      lambda: TypeAliasType("x", int)[int])

# Unions.
assert Union is types.UnionType and (int | str).__module__ == "typing"
assert int | None == Union[int, None] == Union[None, int] and hash(int | str) == hash(str | int)
assert (int | str) | "later" == Union[int, str, "later"]
assert isinstance(1, str | int) and not issubclass(bytes, str | int)
assert isinstance(1, int | list[int])  # found before the generic alias is met
fails(TypeError, "parameterized generic", isinstance, "x", int | list[int])
fails(TypeError, "arg 1 must be a class", issubclass, 1, int | str)


class Meta(type):
    hashable = False

    def __hash__(cls):
        if not Meta.hashable:
            raise TypeError("not now")
        return 1


class Odd(metaclass=Meta):
    pass


union = int | Odd
fails(TypeError, "not now", hash, union)
Meta.hashable = True
fails(TypeError, "union contains 1 unhashable elements", hash, union)

# NoDefault.
assert repr(typing.NoDefault) == "typing.NoDefault" and type(typing.NoDefault)() is typing.NoDefault
fails(TypeError, "cannot set", setattr, type(typing.NoDefault), "x", 1)

# Lists that shrink while they are shown.
evil = []


class Clears(type):
    def __getattribute__(cls, name):
        evil.clear()
        return super().__getattribute__(name)


class Item(metaclass=Clears):
    pass


evil += [Item, Item]
fails(IndexError, "list index out of range", repr, types.GenericAlias(list, (evil,)))
