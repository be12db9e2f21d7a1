"""Random programs of generators that delegate to each other, driven in random ways."""
import random, gc, sys
gc.set_threshold(3)
log=[]
def node(r, depth, ident):
    k=r.randrange(6)
    try:
        for i in range(r.randrange(4)):
            got = yield (ident, i)
            if got is not None: log.append(("got", ident, got))
            if r.random()<.5 and depth:
                sub=node(r, depth-1, ident*10+i)
                keep.append(sub)
                if len(keep)>6: keep.pop(0)
                try:
                    x = yield from sub
                    log.append(("res", ident, x))
                except (KeyError, ValueError, RuntimeError) as e:
                    log.append(("caught", ident, type(e).__name__, str(e)[:40]))
        if k==0: raise KeyError(ident)
        if k==1: raise ValueError("v%d"%ident)
    finally:
        log.append(("fin", ident))
    return ident
def act(r, g):
    a=r.randrange(12)
    try:
        if a<6: v=next(g)
        elif a<8: v=g.send(r.randrange(100))
        elif a==8: v=g.throw(KeyError("thrown"))
        elif a==9: v=g.close()
        elif a==10:
            v=(g.gi_running, g.gi_suspended, g.gi_yieldfrom is None, g.gi_frame is None)
        else: v=list(zip(range(2), g))
        log.append(("v", a, v))
    except StopIteration as e: log.append(("stop", e.value))
    except Exception as e: log.append((type(e).__name__, str(e)[:50]))
for seed in range(200):
    r=random.Random(seed); keep=[]
    tops=[node(r,4,1), node(r,5,2)]
    for _ in range(40):
        pool=tops+keep
        act(r, pool[r.randrange(len(pool))])
        if r.random()<.05: tops[r.randrange(2)]=node(r,4,3)
    del pool; tops.clear(); keep.clear()
import hashlib

# What CPython 3.14 gives.
assert hashlib.md5(repr(log).encode()).hexdigest() == "1a0058d45fe944fcc5a648a8fbe5a091"
