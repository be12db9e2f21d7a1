"""Attributes that are deleted from instances, in all orders, keep the order of the others."""


class A: pass
def check():
    for n in range(200):
        a=A()
        a.x=1; a.y=2; a.z=3
        del a.y
        assert vars(a)=={'x':1,'z':3} and list(vars(a))==['x','z']
        b=A(); b.x=1; b.y=2; b.z=[n]
        del b.x
        assert not hasattr(b,'x') and b.y==2 and b.z==[n]
        b.x=5
        assert list(b.__dict__)==['y','z','x']
        try: del b.q
        except AttributeError: pass
        else: assert 0
        c=A()
        setattr(c,'k%d'%n,n); c.w=1
        delattr(c,'k%d'%n)
        assert c.__dict__=={'w':1}
        d=A(); d.x=d; del d.x; d.x=1
    class D:
        def __del__(self): seen.append(o.__dict__.copy())
    seen=[]
    o=A(); o.a=1; o.d=D(); o.e=2
    del o.d
    assert seen==[{'a':1,'e':2}], seen
check()
