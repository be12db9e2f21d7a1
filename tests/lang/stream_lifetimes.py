"""Streams that go, or are taken apart, while something still uses them."""
import gc
import io
import sys


class Holder(io.BytesIO):
    pass


ignored = []
sys.unraisablehook = lambda what: ignored.append(what.exc_type)
for _ in range(50):
    stream = Holder(b'content')
    stream.view = stream.getbuffer()
    stream.itself = stream
    del stream
gc.collect()
assert ignored == [BufferError] * 50  # closing while a view exists
sys.unraisablehook = sys.__unraisablehook__


class Detaching(io.RawIOBase):
    """Takes itself out of its buffer when the buffer closes it."""

    buffer = None

    def writable(self):
        return True

    def write(self, data):
        return len(data)

    def close(self):
        if self.buffer is not None:
            buffer, self.buffer = self.buffer, None
            try:
                buffer.detach()
            except RuntimeError as e:
                assert 'reentrant call' in str(e)
        super().close()


raw = Detaching()
buffered = raw.buffer = io.BufferedWriter(raw)
buffered.write(b'x')
buffered.close()
assert raw.closed

text = io.TextIOWrapper(io.BytesIO(b'one\ntwo\n'))
iterator = iter(text)
assert next(iterator) == 'one\n'
text.detach()
try:
    next(iterator)
except ValueError as e:
    assert str(e) == 'underlying buffer has been detached'
else:
    assert False
