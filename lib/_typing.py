"""Type parameters and aliases (PEP 695, 696), on helpers of the module typing."""


class _NoDefaultType:
    __slots__ = ()

    def __new__(cls):
        return NoDefault

    def __repr__(self):
        return "typing.NoDefault"

    def __reduce__(self):
        return "NoDefault"


NoDefault = object.__new__(_NoDefaultType)
_UNSET = object()


def _idfunc(x):
    return x


def _caller(depth=2):
    import sys
    return sys._getframemodulename(depth)


class _Lazy:
    """A value that a function gives when it is first asked for."""

    def __init__(self, value=_UNSET, function=None):
        self.value, self.function = value, function

    def get(self):
        if self.value is _UNSET:
            self.value = self.function(1)
        return self.value


class _Param:
    _name = None
    _default = None

    def __init_subclass__(cls, **kwargs):
        if cls.__module__ != "typing" and cls.__module__ != __name__:
            base = cls.__mro__[1].__name__
            raise TypeError(f"type 'typing.{base}' is not an acceptable base type")

    @property
    def __name__(self):
        return self._name

    @property
    def __default__(self):
        return NoDefault if self._default is None else self._default.get()

    @property
    def evaluate_default(self):
        return _evaluator(self._default)

    def has_default(self):
        return self._default is not None

    def __reduce__(self):
        return self._name

    def __or__(self, other):
        from typing import Union
        return Union[self, other]

    def __ror__(self, other):
        from typing import Union
        return Union[other, self]

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass an instance of {type(self).__name__}")

    def _set_default(self, default):
        if default is not NoDefault:
            self._default = _Lazy(default)

    def __repr__(self):
        if getattr(self, "__infer_variance__", False):
            return self._name
        sign = "+" if getattr(self, "__covariant__", False) else "-" if getattr(self, "__contravariant__", False) else "~"
        return sign + self._name


def _evaluator(lazy):
    if lazy is None:
        return None
    if lazy.function is not None:
        return lazy.function

    def evaluate(format, /):
        if format == 4:
            import annotationlib
            return annotationlib.type_repr(lazy.value)
        return lazy.value
    return evaluate


class TypeVar(_Param):
    def __init__(self, name, *constraints, bound=None, default=NoDefault, covariant=False, contravariant=False,
                 infer_variance=False):
        if covariant and contravariant:
            raise ValueError("Bivariant types are not supported.")
        if infer_variance and (covariant or contravariant):
            raise ValueError("Variance cannot be specified with infer_variance.")
        if len(constraints) == 1:
            raise TypeError("A single constraint is not allowed")
        if constraints and bound is not None:
            raise TypeError("Constraints cannot be combined with bound=...")
        if bound is not None:
            from typing import _type_check
            bound = _type_check(bound, "Bound must be a type.")
        self._name = name
        self._bound = None if bound is None else _Lazy(bound)
        self._constraints = _Lazy(constraints) if constraints else None
        self.__covariant__, self.__contravariant__ = bool(covariant), bool(contravariant)
        self.__infer_variance__ = bool(infer_variance)
        self._set_default(default)
        self.__module__ = _caller()

    @property
    def __bound__(self):
        return None if self._bound is None else self._bound.get()

    @property
    def __constraints__(self):
        return () if self._constraints is None else self._constraints.get()

    @property
    def evaluate_bound(self):
        return _evaluator(self._bound)

    @property
    def evaluate_constraints(self):
        return _evaluator(self._constraints)

    def __typing_subst__(self, arg):
        from typing import _typevar_subst
        return _typevar_subst(self, arg)

    def __typing_prepare_subst__(self, alias, args):
        params = alias.__parameters__
        index = params.index(self)
        if index < len(args):
            return args
        if self._default is not None:
            return (*args, self.__default__)
        raise TypeError(f"Too few arguments for {alias}; actual {len(args)}, expected {len(params)}")


class ParamSpecArgs:
    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f"{self.__origin__.__name__}.args"

    def __eq__(self, other):
        if not isinstance(other, ParamSpecArgs):
            return NotImplemented
        return self.__origin__ == other.__origin__

    __hash__ = None

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass an instance of {type(self).__name__}")


class ParamSpecKwargs:
    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f"{self.__origin__.__name__}.kwargs"

    def __eq__(self, other):
        if not isinstance(other, ParamSpecKwargs):
            return NotImplemented
        return self.__origin__ == other.__origin__

    __hash__ = None

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass an instance of {type(self).__name__}")


class ParamSpec(_Param):
    def __init__(self, name, *, bound=None, default=NoDefault, covariant=False, contravariant=False, infer_variance=False):
        if covariant and contravariant:
            raise ValueError("Bivariant types are not supported.")
        if infer_variance and (covariant or contravariant):
            raise ValueError("Variance cannot be specified with infer_variance.")
        if bound is not None:
            from typing import _type_check
            bound = _type_check(bound, "Bound must be a type.")
        self._name = name
        self.__bound__ = bound
        self.__covariant__, self.__contravariant__ = bool(covariant), bool(contravariant)
        self.__infer_variance__ = bool(infer_variance)
        self._set_default(default)
        self.__module__ = _caller()

    @property
    def args(self):
        return ParamSpecArgs(self)

    @property
    def kwargs(self):
        return ParamSpecKwargs(self)

    def __typing_subst__(self, arg):
        from typing import _paramspec_subst
        return _paramspec_subst(self, arg)

    def __typing_prepare_subst__(self, alias, args):
        from typing import _paramspec_prepare_subst
        return _paramspec_prepare_subst(self, alias, args)


class TypeVarTuple(_Param):
    def __init__(self, name, *, default=NoDefault):
        self._name = name
        self._set_default(default)
        self.__module__ = _caller()

    def __iter__(self):
        from typing import Unpack
        yield Unpack[self]

    def __repr__(self):
        return self._name

    def __typing_subst__(self, arg):
        raise TypeError("Substitution of bare TypeVarTuple is not supported")

    def __typing_prepare_subst__(self, alias, args):
        from typing import _typevartuple_prepare_subst
        return _typevartuple_prepare_subst(self, alias, args)


class TypeAliasType:
    def __init__(self, name, value, *, type_params=()):
        if not isinstance(type_params, tuple):
            raise TypeError("type_params must be a tuple")
        self._name = name
        self._value = _Lazy(value)
        self._params = type_params
        self.__module__ = _caller()

    def __init_subclass__(cls, **kwargs):
        raise TypeError("type 'typing.TypeAliasType' is not an acceptable base type")

    @property
    def __name__(self):
        return self._name

    @property
    def __value__(self):
        return self._value.get()

    @property
    def evaluate_value(self):
        return _evaluator(self._value)

    @property
    def __type_params__(self):
        return self._params

    @property
    def __parameters__(self):
        out = []
        for p in self._params:
            out.extend(p) if isinstance(p, TypeVarTuple) else out.append(p)
        return tuple(out)

    def __getitem__(self, item):
        if not self._params:
            raise TypeError("Only generic type aliases are subscriptable")
        import types
        return types.GenericAlias(self, item)

    def __iter__(self):
        import types
        yield types.GenericAlias(types.GenericAlias, self).__class__(self, ())

    def __repr__(self):
        return self._name

    def __reduce__(self):
        return self._name

    def __or__(self, other):
        from typing import Union
        return Union[self, other]

    def __ror__(self, other):
        from typing import Union
        return Union[other, self]


class Generic:
    """Abstract base class for generic types.

On Python 3.12 and newer, generic classes implicitly inherit from
Generic when they declare a parameter list after the class's name::

    class Mapping[KT, VT]:
        def __getitem__(self, key: KT) -> VT:
            ...
            # Etc."""
    __slots__ = ()

    @classmethod
    def __class_getitem__(cls, *args, **kwargs):
        from typing import _generic_class_getitem
        return _generic_class_getitem(cls, *args, **kwargs)

    @classmethod
    def __init_subclass__(cls, *args, **kwargs):
        from typing import _generic_init_subclass
        return _generic_init_subclass(cls, *args, **kwargs)


Union = type(int | str)

# ---- what the compiler's instructions call ----


def _make_param(kind, name, function):
    cls = (TypeVar, TypeVar, TypeVar, ParamSpec, TypeVarTuple)[kind]
    param = object.__new__(cls)
    param._name = name
    param.__module__ = _caller(3)
    if cls is TypeVar:
        param._bound = _Lazy(function=function) if kind == 1 else None
        param._constraints = _Lazy(function=function) if kind == 2 else None
    if cls is ParamSpec:
        param.__bound__ = None
    if cls is not TypeVarTuple:
        param.__covariant__ = param.__contravariant__ = False
        param.__infer_variance__ = True
    return param


def _set_param_default(param, function):
    param._default = _Lazy(function=function)


def _make_alias(name, params, function):
    alias = object.__new__(TypeAliasType)
    alias._name = name
    alias._params = params or ()
    alias._value = _Lazy(function=function)
    alias.__module__ = _caller(3)
    return alias


def _subscript_generic(params):
    return Generic[tuple(p if not isinstance(p, TypeVarTuple) else next(iter(p)) for p in params)]


for _cls in (TypeVar, ParamSpec, TypeVarTuple, ParamSpecArgs, ParamSpecKwargs, TypeAliasType, Generic):
    _cls.__module__ = "typing"
del _cls
