"""Generators and coroutines."""
not_a_module()
include("builtins/generator.h")


@layout("Generator", type="PyGen_Type", flags="gc", lifetime="own", weaklist="weakrefs")
class generator(object):
    def __iter__(self, /): ...
    def __next__(self, /): ...
    def __send__(self, value, /): ...
    def __del__(self, /): ...
    def __repr__(self, /): ...
    def send(self, value, /):
        """send(value) -> send 'value' into generator,
return next yielded value or raise StopIteration."""
    def throw(self, type, value=MISSING, traceback=MISSING, /):
        """throw(value)
throw(type[,value[,tb]])

Raise exception in generator, return next yielded value or raise
StopIteration."""
    def close(self, /):
        """close() -> raise GeneratorExit inside generator."""
    def __sizeof__(self, /) -> int:
        """gen.__sizeof__() -> size of gen in memory, in bytes"""
    @property
    def gi_yieldfrom(self):
        """object being iterated by yield from, or None"""
    @property
    def gi_running(self): ...
    @property
    def gi_frame(self): ...
    @property
    def gi_suspended(self): ...
    @property
    def gi_code(self): ...
    @property
    def __name__(self):
        """name of the generator"""
    @__name__.setter
    def __name__(self, value): ...
    @property
    def __qualname__(self):
        """qualified name of the generator"""
    @__qualname__.setter
    def __qualname__(self, value): ...
    __class_getitem__ = generic_alias


@layout("Generator", type="PyCoro_Type", flags="gc", lifetime="own", weaklist="weakrefs")
class coroutine(object):
    def __await__(self, /): ...
    def __send__(self, value, /): ...
    def __del__(self, /): ...
    def __repr__(self, /): ...
    def send(self, value, /):
        """send(arg) -> send 'arg' into coroutine,
return next iterated value or raise StopIteration."""
    def throw(self, type, value=MISSING, traceback=MISSING, /):
        """throw(value)
throw(type[,value[,traceback]])

Raise exception in coroutine, return next iterated value or raise
StopIteration."""
    def close(self, /):
        """close() -> raise GeneratorExit inside coroutine."""
    @property
    def cr_await(self):
        """object being awaited on, or None"""
    @property
    def cr_running(self): ...
    @property
    def cr_frame(self): ...
    @property
    def cr_suspended(self): ...
    @property
    def cr_code(self): ...
    @property
    def cr_origin(self): ...
    @property
    def __name__(self):
        """name of the coroutine"""
    @__name__.setter
    def __name__(self, value): ...
    @property
    def __qualname__(self):
        """qualified name of the coroutine"""
    @__qualname__.setter
    def __qualname__(self, value): ...
    __class_getitem__ = generic_alias


@layout("CoroWrapper", type="_PyCoroWrapper_Type", flags="gc", fields="coroutine")
class coroutine_wrapper(object):
    def __iter__(self, /): ...
    def __next__(self, /): ...
    def send(self, value, /):
        """send(arg) -> send 'arg' into coroutine,
return next iterated value or raise StopIteration."""
    def throw(self, type, value=MISSING, traceback=MISSING, /):
        """throw(value)
throw(type[,value[,traceback]])

Raise exception in coroutine, return next iterated value or raise
StopIteration."""
    def close(self, /):
        """close() -> raise GeneratorExit inside coroutine."""
