# Attributes of classes assigned, deleted, shadowed and turned into descriptors under hot loads.
from _hot import in_loop, steps, warm


def fresh():
    class Base:
        value = 'base'

        def method(self):
            return 'base method'

    class Derived(Base):
        pass
    return Base, Derived, Derived()


def load(o):
    return o.value


def call(o):
    return o.method()


def store(o, v):
    o.value = v
    return o.__dict__.get('value')


def put(cls, name, v):
    return lambda: setattr(cls, name, v)


def drop(cls, name):
    return lambda: delattr(cls, name)


# Plain class attributes along the MRO.
Base, Derived, o = fresh()
steps(load, (o,),
      (None, 'base'),
      (put(Base, 'value', 'changed'), 'changed'),
      (put(Derived, 'value', 'derived'), 'derived'),
      (put(Base, 'value', 'hidden'), 'derived'),
      (drop(Derived, 'value'), 'hidden'),
      (put(o, 'value', 'own'), 'own'),
      (put(Derived, 'value', 'shadowed'), 'own'),
      (lambda: o.__dict__.clear(), 'shadowed'),
      (drop(Derived, 'value'), 'hidden'),
      (drop(Base, 'value'), AttributeError),
      (put(Base, 'value', 1.5), 1.5))
Base, Derived, o = fresh()
in_loop(load, (o,), put(Base, 'value', 2), 'base', 2)
Base, Derived, o = fresh()
in_loop(load, (o,), drop(Base, 'value'), 'base', AttributeError)

# Methods: functions, other callables, static and class methods, shadowed by the instance.
Base, Derived, o = fresh()
steps(call, (o,),
      (None, 'base method'),
      (put(Derived, 'method', lambda self: 'derived method'), 'derived method'),
      (put(Derived, 'method', staticmethod(lambda: 'static')), 'static'),
      (put(Derived, 'method', classmethod(lambda cls: cls.__name__)), 'Derived'),
      (put(Derived, 'method', property(lambda self: lambda: 'from a property')), 'from a property'),
      (put(Derived, 'method', int), 0),
      (drop(Derived, 'method'), 'base method'),
      (put(o, 'method', lambda: 'own'), 'own'),
      (put(Derived, 'method', property(lambda self: lambda: 'data descriptor wins')), 'data descriptor wins'),
      (drop(Derived, 'method'), 'own'),
      (drop(o, 'method'), 'base method'),
      (put(Base, 'method', 5), TypeError),
      (drop(Base, 'method'), AttributeError))
Base, Derived, o = fresh()
in_loop(call, (o,), put(Base, 'method', lambda self: 'new'), 'base method', 'new')


# Properties and data descriptors come and go, under loads and stores.
class Data:
    def __init__(self, name): self.name = name
    def __get__(self, o, cls): return self.name
    def __set__(self, o, v): log.append((self.name, v))


class NonData:
    def __get__(self, o, cls): return 'non-data'


log = []
data = Data('data')
Base, Derived, o = fresh()
steps(load, (o,),
      (put(Base, 'value', property(lambda self: 'computed')), 'computed'),
      (put(Base, 'value', property(lambda self: 'computed anew')), 'computed anew'),
      (lambda: o.__dict__.update(value='in the dict'), 'computed anew'),
      (put(Base, 'value', NonData()), 'in the dict'),
      (lambda: o.__dict__.pop('value'), 'non-data'),
      (put(Base, 'value', data), 'data'),
      (lambda: o.__dict__.update(value='in the dict'), 'data'),
      (lambda: setattr(Data, '__get__', lambda self, o, cls: 'other get'), 'other get'),
      (lambda: delattr(Data, '__get__'), 'in the dict'),
      (lambda: o.__dict__.clear(), data),
      (drop(Base, 'value'), AttributeError))

Base, Derived, o = fresh()
steps(store, (o, 7), (None, 7))
del o.value
Base.value = Data('stores')
Data.__get__ = lambda self, o, cls: self.name
steps(store, (o, 8), (None, None))
assert log[-1] == ('stores', 8)
steps(store, (o, 9),
      (lambda: delattr(Data, '__set__'), 9),
      (put(Derived, 'value', property(lambda self: 1)), AttributeError),
      (put(Derived, 'value', property(lambda self: 1, lambda self, v: log.append(v))), 9),
      (lambda: o.__dict__.clear(), None))
assert log[-1] == 9
steps(store, (o, 10), (drop(Derived, 'value'), 10))

# A descriptor's own class changes what it is.
class Quiet:
    pass


Base, Derived, o = fresh()
Base.value = quiet = Quiet()
steps(load, (o,),
      (None, quiet),
      (put(Quiet, '__get__', lambda self, o, cls: 'bound'), 'bound'),
      (put(o, 'value', 'own'), 'own'),
      (put(Quiet, '__set__', lambda self, o, v: None), 'bound'),
      (drop(Quiet, '__set__'), 'own'),
      (lambda: o.__dict__.clear(), 'bound'),
      (drop(Quiet, '__get__'), quiet))


class Loud:
    def __get__(self, o, cls): return 'loud'


class Owner(Loud):
    def __set__(self, o, v): pass


class Late(Quiet):
    pass


# So does its becoming an instance of another class, and what its class inherits.
steps(load, (o,),
      (lambda: setattr(quiet, '__class__', Loud), 'loud'),
      (put(o, 'value', 'own'), 'own'),
      (lambda: setattr(quiet, '__class__', Owner), 'loud'),
      (lambda: setattr(quiet, '__class__', Quiet), 'own'),
      (lambda: o.__dict__.clear(), quiet),
      (lambda: setattr(quiet, '__class__', Late), quiet),
      (lambda: setattr(Late, '__bases__', (Loud,)), 'loud'),
      (lambda: setattr(Late, '__bases__', (Quiet,)), quiet))

# __getattr__, __getattribute__, __setattr__ and __delattr__ appear and vanish.
Base, Derived, o = fresh()
steps(load, (o,),
      (None, 'base'),
      (put(Derived, '__getattr__', lambda self, name: 'fallback ' + name), 'base'),
      (drop(Base, 'value'), 'fallback value'),
      (put(Derived, '__getattribute__', lambda self, name: 'all ' + name), 'all value'),
      (put(Derived, '__getattribute__', lambda self, name: object.__getattribute__(self, name)), 'fallback value'),
      (put(Base, 'value', 'again'), 'again'),
      (drop(Derived, '__getattribute__'), 'again'),
      (drop(Derived, '__getattr__'), 'again'),
      (put(Base, '__getattribute__', lambda self, name: 'of the base'), 'of the base'),
      (drop(Base, '__getattribute__'), 'again'))
Base, Derived, o = fresh()
steps(call, (o,),
      (put(Derived, '__getattr__', lambda self, name: lambda: 'made'), 'base method'),
      (drop(Base, 'method'), 'made'),
      (put(Derived, '__getattribute__', lambda self, name: lambda: 'got'), 'got'),
      (drop(Derived, '__getattribute__'), 'made'),
      (put(Base, 'method', lambda self: 'back'), 'back'))
log = []
Base, Derived, o = fresh()
steps(store, (o, 1), (None, 1))
o.__dict__.clear()
Derived.__setattr__ = lambda self, name, v: log.append((name, v))
steps(store, (o, 2), (None, None))
assert log[-1] == ('value', 2)
steps(store, (o, 3), (drop(Derived, '__setattr__'), 3))


def delete(o):
    o.value = 1
    del o.value
    return 'value' in o.__dict__


steps(delete, (o,), (None, False),
      (put(Derived, '__delattr__', lambda self, name: None), True),
      (drop(Derived, '__delattr__'), False))

# Class attributes loaded from the class, and through its metaclass.
class Meta(type):
    pass


class WithMeta(metaclass=Meta):
    value = 'class'


steps(load, (WithMeta,),
      (None, 'class'),
      (put(WithMeta, 'value', 'changed'), 'changed'),
      (put(Meta, 'value', 'of the metaclass'), 'changed'),
      (drop(WithMeta, 'value'), 'of the metaclass'),
      (put(WithMeta, 'value', 'own'), 'own'),
      (put(Meta, 'value', property(lambda cls: 'property of ' + cls.__name__)), 'property of WithMeta'),
      (drop(Meta, 'value'), 'own'),
      (put(Meta, '__getattr__', lambda cls, name: 'meta fallback'), 'own'),
      (drop(WithMeta, 'value'), 'meta fallback'),
      (put(Meta, '__getattribute__', lambda cls, name: 'meta all'), 'meta all'),
      (drop(Meta, '__getattribute__'), 'meta fallback'),
      (drop(Meta, '__getattr__'), AttributeError))
WithMeta.method = lambda: 'function of the class'
steps(call, (WithMeta,),
      (None, 'function of the class'),
      (put(Meta, 'method', lambda cls: 'function of the metaclass'), 'function of the class'),
      (drop(WithMeta, 'method'), 'function of the metaclass'),
      (put(WithMeta, 'method', classmethod(lambda cls: 'class method')), 'class method'),
      (put(WithMeta, 'method', staticmethod(lambda: 'static')), 'static'),
      (put(Meta, 'method', property(lambda cls: lambda: 'property')), 'property'),
      (drop(Meta, 'method'), 'static'))

# A value that only the class holds dies when it is replaced, also under a cache that knew it.
class Thing:
    alive = 0
    def __init__(self): Thing.alive += 1
    def __del__(self): Thing.alive -= 1


class Holder:
    value = Thing()


h = Holder()
warm(load, h)
for _ in range(10):
    Holder.value = Thing()
    assert Thing.alive == 1
    load(h)
del Holder.value
assert Thing.alive == 0
