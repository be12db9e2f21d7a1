"""Context variables (PEP 567): contexts are dicts that are copied when they change while shared."""
import _thread


class _State(_thread._local):
    current = None


_state = _State()
_MISSING = object()


class Token:
    MISSING = _MISSING

    def __init__(self, *args):
        raise RuntimeError("Tokens can only be created by ContextVars")

    @property
    def var(self):
        return self._var

    @property
    def old_value(self):
        return self._old

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self._var.reset(self)

    def __repr__(self):
        used = " used" if self._used else ""
        return f"<Token{used} var={self._var!r} at {id(self):#x}>"

    def __class_getitem__(cls, item):
        import types
        return types.GenericAlias(cls, item)

    __hash__ = None


class Context:
    def __init__(self, *args, **kwargs):
        if args or kwargs:
            raise TypeError("Context() does not accept any arguments")
        self._data = {}
        self._shared = False
        self._previous = None
        self._entered = False

    def run(self, callable, /, *args, **kwargs):
        if self._entered:
            raise RuntimeError(f"cannot enter context: {self!r} is already entered")
        self._previous, _state.current, self._entered = _state.current, self, True
        try:
            return callable(*args, **kwargs)
        finally:
            _state.current, self._previous, self._entered = self._previous, None, False

    def copy(self):
        new = Context()
        new._data = self._data
        new._shared = self._shared = True
        return new

    def _set(self, var, value):
        if self._shared:
            self._data = dict(self._data)
            self._shared = False
        self._data[var] = value

    def _delete(self, var):
        if self._shared:
            self._data = dict(self._data)
            self._shared = False
        del self._data[var]

    def _check(self, var):
        if not isinstance(var, ContextVar):
            raise TypeError(f"a ContextVar key was expected, got {var!r}")

    def __getitem__(self, var):
        self._check(var)
        return self._data[var]

    def __contains__(self, var):
        self._check(var)
        return var in self._data

    def get(self, var, default=None, /):
        self._check(var)
        return self._data.get(var, default)

    def __iter__(self):
        return iter(self._data)

    def __len__(self):
        return len(self._data)

    def keys(self):
        return self._data.keys()

    def values(self):
        return self._data.values()

    def items(self):
        return self._data.items()

    def __eq__(self, other):
        if not isinstance(other, Context):
            return NotImplemented
        return self._data == other._data

    __hash__ = None


class ContextVar:
    def __init__(self, name, /, *, default=_MISSING):
        if not isinstance(name, str):
            raise TypeError("context variable name must be a str")
        self._name = name
        self._default = default

    @property
    def name(self):
        return self._name

    def get(self, default=_MISSING, /):
        context = _state.current
        if context is not None and (value := context._data.get(self, _MISSING)) is not _MISSING:
            return value
        if default is not _MISSING:
            return default
        if self._default is not _MISSING:
            return self._default
        raise LookupError(self)

    def set(self, value, /):
        context = _current()
        token = object.__new__(Token)
        token._context, token._var, token._used = context, self, False
        token._old = context._data.get(self, _MISSING)
        context._set(self, value)
        return token

    def reset(self, token, /):
        if not isinstance(token, Token):
            raise TypeError(f"expected an instance of Token, got {token!r}")
        if token._used:
            raise RuntimeError(f"{token!r} has already been used once")
        if token._var is not self:
            raise ValueError(f"{token!r} was created by a different ContextVar")
        context = _current()
        if token._context is not context:
            raise ValueError(f"{token!r} was created in a different Context")
        token._used = True
        if token._old is _MISSING:
            context._delete(self)
        else:
            context._set(self, token._old)

    def __repr__(self):
        default = "" if self._default is _MISSING else f" default={self._default!r}"
        return f"<ContextVar name={self._name!r}{default} at {id(self):#x}>"

    def __class_getitem__(cls, item):
        import types
        return types.GenericAlias(cls, item)


def _current():
    if _state.current is None:
        _state.current = Context()
    return _state.current


def copy_context():
    return _current().copy()


for _cls in (Token, Context, ContextVar):
    _cls.__module__ = "_contextvars"
del _cls
