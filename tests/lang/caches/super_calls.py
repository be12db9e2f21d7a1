# super() while bases, methods, the name `super` and the __class__ cell's view change.
import builtins
from _hot import in_loop, outcome, steps


class A:
    value = 'A'
    def method(self): return 'A'
    @property
    def prop(self): return 'A.prop'
    @classmethod
    def made(cls): return 'A.' + cls.__name__


class B:
    value = 'B'
    def method(self): return 'B'
    @property
    def prop(self): return 'B.prop'
    @classmethod
    def made(cls): return 'B.' + cls.__name__


class Middle(A):
    pass


class C(Middle):
    value = 'C'
    def method(self): return 'C+' + super().method()
    def attribute(self): return super().value
    def explicit(self): return super(C, self).method()
    @property
    def prop(self): return 'C+' + super().prop
    @classmethod
    def made(cls): return 'C+' + super().made()


class D(C):
    def method(self): return 'D+' + super().method()


o, d = C(), D()
probes = [(lambda: o.method(), 'C+{}'), (lambda: o.attribute(), '{}'), (lambda: o.explicit(), '{}'), (lambda: o.prop, 'C+{}.prop'),
          (lambda: C.made(), 'C+{}.C'), (lambda: D.made(), 'C+{}.D'), (lambda: d.method(), 'D+C+{}')]


def bases(*new):
    return lambda: setattr(Middle, '__bases__', new)


for probe, text in probes:
    a, b = text.format('A'), text.format('B')
    steps(probe, (), (None, a), (bases(B), b), (bases(A, B), a), (bases(B, A), b), (bases(A), a))
    in_loop(probe, (), bases(B), a, b)
    Middle.__bases__ = (A,)

method = A.method
steps(probes[0][0], (), (None, 'C+A'), (lambda: setattr(A, 'method', lambda self: 'new'), 'C+new'),
      (lambda: setattr(Middle, 'method', lambda self: 'middle'), 'C+middle'),
      (lambda: setattr(Middle, 'method', staticmethod(lambda: 'static')), 'C+static'),
      (lambda: setattr(Middle, 'method', property(lambda self: lambda: 'property')), 'C+property'),
      (lambda: delattr(Middle, 'method'), 'C+new'), (lambda: delattr(A, 'method'), AttributeError),
      (lambda: setattr(A, 'method', method), 'C+A'),
      (lambda: o.__dict__.update(method=lambda: 'own'), 'own'), (lambda: o.__dict__.clear(), 'C+A'))


# The name `super` itself.
class Fake:
    def __init__(self, *args): self.args = args
    def method(self): return 'fake'


super_type = super
steps(probes[0][0], (), (lambda: setattr(builtins, 'super', Fake), 'C+fake'), (lambda: setattr(builtins, 'super', super_type), 'C+A'))
steps(probes[2][0], (), (lambda: globals().__setitem__('super', Fake), 'fake'), (lambda: globals().__delitem__('super'), 'A'))

# Instances of several classes go through one super().
class E(C):
    pass


class F(C, B):
    pass


objects = [C(), D(), E(), F()]
for _ in range(1500):
    assert [x.method() for x in objects] == ['C+A', 'D+C+A', 'C+A', 'C+A']
F.__bases__ = (B, C)
assert [x.method() for x in objects] == ['C+A', 'D+C+A', 'C+A', 'B']


# self is something else than an instance of the class.
def stranger(o): return C.method(o)


for x in (o, d, 5, A(), o):
    want = 'C+A' if isinstance(x, C) else TypeError
    steps(stranger, (x,), (None, want))
x = D()
steps(stranger, (x,), (None, 'C+A'), (lambda: setattr(x, '__class__', A), TypeError), (lambda: setattr(x, '__class__', E), 'C+A'))


def rebound(self):
    return super(type(self), self).value


steps(rebound, (o,), (None, 'A'))
steps(rebound, (d,), (None, 'C'))
