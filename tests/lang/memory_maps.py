# mmap: files and anonymous memory; views keep it open; arguments that close it on the way.
import mmap
import os
import tempfile
import weakref


def raises(kind, text, f, *args, **kw):
    try:
        f(*args, **kw)
    except kind as e:
        assert text in str(e), (str(e), text)
        return e
    raise AssertionError("nothing raised")


with tempfile.TemporaryFile() as f:
    f.write(b"line one\nline two\n" + bytes(5000))
    f.flush()
    m = mmap.mmap(f.fileno(), 0)
    assert len(m) == 5018 == m.size() and m[0] == ord("l") and m[5:8] == b"one" and m[-1] == 0
    assert m[7::-2] == b"eoei" and list(m)[:2] == [b"l", b"i"]
    assert m.readline() == b"line one\n" and m.tell() == 9 and m.read(4) == b"line"
    assert m.find(b"line") == -1 and m.find(b"line", 0) == 0 and m.rfind(b"line", 0) == 9
    assert m.seek(0) == 0 and m.write(b"LINE") == 4 and m.read_byte() == 32
    m[5:8] = b"ONE"
    m[0:4:2] = b"lN"
    m.flush()
    f.seek(0)
    assert f.read(9) == b"lINE ONE\n"
    m.move(9, 0, 4)
    assert m[9:13] == b"lINE"
    raises(IndexError, "mmap slice assignment is wrong size", m.__setitem__, slice(0, 2), b"x")
    raises(ValueError, "mmap item value must be in range(0, 256)", m.__setitem__, 0, 256)
    raises(ValueError, "flush values out of range", m.flush, 0, 6000)
    raises(TypeError, "mmap doesn't support item deletion", m.__delitem__, 0)
    view = memoryview(m)
    raises(BufferError, "cannot close exported pointers exist", m.close)
    raises(BufferError, "mmap can't resize with extant buffers exported.", m.resize, 10)
    view.release()
    m.resize(8192)
    assert len(m) == 8192 == os.fstat(f.fileno()).st_size
    assert repr(m) == "<mmap.mmap closed=False, access=ACCESS_DEFAULT, length=8192, pos=5, offset=0>"

    class Closes:
        def __index__(self):
            m.close()
            return 1

    raises(ValueError, "mmap closed or invalid", m.__getitem__, slice(0, Closes()))
    assert m.closed and repr(m) == "<mmap.mmap closed=True>"
    raises(ValueError, "mmap closed or invalid", m.read)

    with mmap.mmap(f.fileno(), 10, access=mmap.ACCESS_READ, offset=mmap.ALLOCATIONGRANULARITY) as r:
        raises(TypeError, "mmap can't modify a readonly memory map.", r.write, b"x")
        assert memoryview(r).readonly
    with mmap.mmap(f.fileno(), 10, access=mmap.ACCESS_COPY) as c:
        c[0:1] = b"?"
    f.seek(0)
    assert f.read(1) == b"l"
    untracked = mmap.mmap(f.fileno(), 10, trackfd=False)
    raises(ValueError, "mmap can't resize with trackfd=False.", untracked.resize, 5)
    raises(ValueError, "mmap length is greater than file size", mmap.mmap, f.fileno(), 10000)

m = mmap.mmap(-1, 100)
ref = weakref.ref(m)
del m
assert ref() is None
raises(OverflowError, "memory mapped length must be positive", mmap.mmap, -1, -1)
raises(ValueError, "mmap invalid access parameter.", mmap.mmap, -1, 10, access=9)

# Shared memory of a parent and its child.
m = mmap.mmap(-1, 10)
pid = os.fork()
if pid == 0:
    m[0] = 42
    os._exit(0)
os.waitpid(pid, 0)
assert m[0] == 42
