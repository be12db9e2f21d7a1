"""memoryview: items, slices, casts, release, comparison, hash."""


def raises(kind, function, text=None):
    try:
        function()
    except kind as e:
        assert text is None or str(e) == text, str(e)
    else:
        assert False, kind


data = bytearray(b'abcdef')
m = memoryview(data)
assert (len(m), m[0], m[-1], m.format, m.shape, m.strides, m.itemsize, m.nbytes) == (6, 97, 102, 'B', (6,), (1,), 1, 6)
assert m[1:3].tobytes() == b'bc' and m[::-2].tolist() == [102, 100, 98] and list(m) == list(data)
m[0] = 65
m[1:3] = b'ZZ'
assert data == b'AZZdef' and m == data and m.obj is data
raises(IndexError, lambda: m[6], 'index out of bounds on dimension 1')
raises(TypeError, lambda: m['x'], 'memoryview: invalid slice key')
raises(ValueError, lambda: m.__setitem__(0, 256), "memoryview: invalid value for format 'B'")
raises(TypeError, lambda: m.__delitem__(0), 'cannot delete memory')
raises(ValueError, lambda: m.__setitem__(slice(0, 2), b'abc'),
       'memoryview assignment: lvalue and rvalue have different structures')
raises(BufferError, lambda: data.append(1), 'Existing exports of data: object cannot be re-sized')

h = m.cast('H')
assert h.tolist() == [0x5A41, 0x645A, 0x6665] and h.itemsize == 2
grid = m.cast('B', (2, 3))
assert grid.tolist() == [[65, 90, 90], [100, 101, 102]] and grid[1, 2] == 102 and grid.ndim == 2
assert grid.tobytes('F') == b'AdZeZf' and grid.c_contiguous and not grid.f_contiguous
raises(TypeError, lambda: h.cast('I'), 'memoryview: cannot cast between two non-byte formats')
raises(TypeError, lambda: m[:5].cast('H'), 'memoryview: length is not a multiple of itemsize')
f = memoryview(bytearray(16)).cast('d')
f[0] = 1.5
f[1] = -3
assert f.tolist() == [1.5, -3.0]

read_only = memoryview(b'abc')
assert read_only.readonly and hash(read_only) == hash(b'abc') and read_only.hex('-') == '61-62-63'
raises(TypeError, lambda: read_only.__setitem__(0, 1), 'cannot modify read-only memory')
raises(ValueError, lambda: hash(m), 'cannot hash writable memoryview object')
assert read_only.count(98) == 1 and read_only.index(99) == 2

for view in (h, grid):
    view.release()
m.release()
data.append(1)
raises(ValueError, lambda: m[0], 'operation forbidden on released memoryview object')
assert repr(m).startswith('<released memory at 0x')
with memoryview(data) as w:
    part = w[1:]
raises(ValueError, lambda: w[0])
assert part[0] == 90


class Releases:
    """Its __index__ takes the memory away."""

    def __init__(self, view):
        self.view = view

    def __index__(self):
        self.view.release()
        return 1


v = memoryview(bytearray(4))
raises(ValueError, lambda: v[Releases(v)])
v = memoryview(bytearray(4))
raises(ValueError, lambda: v.__setitem__(0, Releases(v)))
