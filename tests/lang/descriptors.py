# The descriptor protocol, property, classmethod, staticmethod, super and native descriptors.


def error(fn, *args, **kwargs):
    try:
        fn(*args, **kwargs)
    except Exception as e:
        return f'{type(e).__name__}: {e}'
    raise AssertionError('no exception')


# ---- priority ----
class Data:
    def __get__(self, obj, cls): return ('data', obj is None, cls.__name__)
    def __set__(self, obj, value): obj.__dict__['stored'] = value
    def __delete__(self, obj): obj.__dict__['deleted'] = True


class NonData:
    def __get__(self, obj, cls): return ('nondata', obj is None)


class C:
    d = Data()
    n = NonData()


c = C()
c.__dict__.update(d='hidden', n='shadows')
assert c.d == ('data', False, 'C') and c.n == 'shadows'
assert C.d == ('data', True, 'C') and C.n == ('nondata', True)
c.d = 5
assert c.__dict__['stored'] == 5 and c.__dict__['d'] == 'hidden'
del c.d
assert c.__dict__['deleted'] is True


class OnlyGet:
    def __get__(self, obj, cls=None): return 1


class OnlySet:
    def __set__(self, obj, value): pass


class G:
    a = OnlyGet()
    b = OnlySet()


g = G()
g.a = 2
assert g.a == 2
assert type(g.b) is OnlySet
assert error(delattr, g, 'b') == 'AttributeError: __delete__'


# ---- property ----
class P:
    def __init__(self): self._v = 1

    @property
    def v(self):
        "doc of v"
        return self._v

    @v.setter
    def v(self, value): self._v = value

    @v.deleter
    def v(self): del self._v

    ro = property(lambda self: 1, doc='explicit')
    none = property()


p = P()
p.v = 5
assert p.v == 5 and P.v.__doc__ == 'doc of v' and P.ro.__doc__ == 'explicit' and P.v.__name__ == 'v'
del p.v
assert error(lambda: p.v) == "AttributeError: 'P' object has no attribute '_v'"
assert error(setattr, p, 'ro', 1) == "AttributeError: property 'ro' of 'P' object has no setter"
assert error(delattr, p, 'ro') == "AttributeError: property 'ro' of 'P' object has no deleter"
assert error(lambda: p.none) == "AttributeError: property 'none' of 'P' object has no getter"
assert P.v.fget.__name__ == 'v' and P.v.getter(lambda s: 9).__get__(p) == 9


class Sub(property):
    pass


s = Sub(lambda self: 1, doc='sub doc')
assert s.__doc__ == 'sub doc' and s.__get__(1) == 1


# ---- classmethod and staticmethod ----
class K:
    @classmethod
    def cm(cls, x): return (cls, x)

    @staticmethod
    def sm(x): return x


class K2(K): pass
assert K2.cm(1) == (K2, 1) and K2().cm(1) == (K2, 1) and K.sm(1) == 1 and K().sm(2) == 2
assert K.__dict__['sm'](3) == 3 and K.__dict__['cm'].__func__.__name__ == 'cm'
assert K.__dict__['sm'].__wrapped__ is K.sm and K.__dict__['cm'].__name__ == 'cm'
assert repr(staticmethod(len)) == '<staticmethod(<built-in function len>)>'
assert error(classmethod) == 'TypeError: classmethod expected 1 argument, got 0'


# ---- super ----
class Top:
    def f(self): return ['Top']

    @classmethod
    def cf(cls): return ['Top', cls.__name__]


class Left(Top):
    def f(self): return ['Left'] + super().f()

    @classmethod
    def cf(cls): return ['Left'] + super().cf()


class Right(Top):
    def f(self): return ['Right'] + super().f()


class Bottom(Left, Right):
    def f(self): return ['Bottom'] + super().f()

    def outer(self):
        def inner():
            return super(Bottom, self).f()
        return inner()

    def missing(self): return super().nothing

    def cls(self): return super().__class__, super().__thisclass__, super().__self__ is self


b = Bottom()
assert b.f() == ['Bottom', 'Left', 'Right', 'Top'] and b.outer() == ['Left', 'Right', 'Top']
assert Bottom.cf() == ['Left', 'Top', 'Bottom']
assert error(b.missing) == "AttributeError: 'super' object has no attribute 'nothing'"
assert b.cls() == (super, Bottom, True)
assert error(super, Bottom, 1) == 'TypeError: super(type, obj): obj (instance of int) is not an instance or subtype of type (Bottom).'
assert error(super, 1) == 'TypeError: super() argument 1 must be a type, not int'
assert error(lambda: super()) == 'RuntimeError: super(): no arguments'
assert repr(super(Bottom, b)) == "<super: <class 'Bottom'>, <Bottom object>>"
assert repr(super(Bottom)) == "<super: <class 'Bottom'>, NULL>"


class Unbound(Top):
    def f(self): return self.__sup.f()


Unbound._Unbound__sup = super(Unbound)
assert Unbound().f() == ['Top']

# ---- native descriptors ----
assert repr(str.join) == "<method 'join' of 'str' objects>" and str.join('-', ['a', 'b']) == 'a-b'
assert error(str.join) == 'TypeError: unbound method str.join() needs an argument'
assert error(str.join, 1) == "TypeError: descriptor 'join' for 'str' objects doesn't apply to a 'int' object"
assert str.join.__name__ == 'join' and str.join.__qualname__ == 'str.join' and str.join.__objclass__ is str
assert repr(int.__add__) == "<slot wrapper '__add__' of 'int' objects>" and int.__add__(1, 2) == 3
assert int.__add__(1, 'a') is NotImplemented and int.__radd__(1, 2) == 3 and int.__rsub__(1, 5) == 4
assert (5).__rpow__(2) == 32 and pow(2, 5, 7) == (2).__pow__(5, 7)
assert error(int.__add__) == "TypeError: descriptor '__add__' of 'int' object needs an argument"
assert error(int.__add__, 'a', 1) == "TypeError: descriptor '__add__' requires a 'int' object but received a 'str'"
assert error((1).__add__) == 'TypeError: expected 1 argument, got 0'
assert error((1).__add__, x=1) == 'TypeError: wrapper __add__() takes no keyword arguments'
assert error([].__setitem__, 1) == 'TypeError: __setitem__ expected 2 arguments, got 1'
assert (1).__add__.__name__ == '__add__' and (1).__add__.__self__ == 1
assert repr(type.__dict__['__dict__']) == "<attribute '__dict__' of 'type' objects>"
assert repr(dict.__dict__['fromkeys']) == "<method 'fromkeys' of 'dict' objects>"
assert dict.fromkeys('a') == {'a': None} and dict.__dict__['fromkeys'].__get__(None, dict)('b') == {'b': None}
assert error(setattr, int.__dict__['real'], '__name__', 1) == 'AttributeError: readonly attribute'
assert type(int.__dict__['__new__']) is type(len) and int.__new__.__self__ is int
assert object.__init__.__text_signature__ == '($self, /, *args, **kwargs)'
assert object.__init__.__doc__ == 'Initialize self.  See help(type(self)) for accurate signature.'
assert 'a'.join is not 'a'.join and [].append != [].append and ''.join == ''.join
import copyreg, pickle
assert pickle.loads(pickle.dumps(str.join)) is str.join or pickle.loads(pickle.dumps(str.join)) == str.join
assert pickle.loads(pickle.dumps('a'.join))(['x', 'y']) == 'xay'
