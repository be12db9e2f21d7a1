"""select.select and select.poll on pipes."""
import os
import select

r, w = os.pipe()
assert select.select([r], [w], [], 0) == ([], [w], [])
poll = select.poll()
poll.register(r, select.POLLIN)
assert poll.poll(0) == []
os.write(w, b'x')
assert select.select([r], [], []) == ([r], [], [])
assert poll.poll() == [(r, select.POLLIN)]
poll.unregister(r)
for wrong, kind in ((lambda: poll.unregister(r), KeyError), (lambda: poll.modify(r, 1), FileNotFoundError),
                    (lambda: select.select([-1], [], []), ValueError), (lambda: select.select([1.5], [], []), TypeError),
                    (lambda: select.select([], [], [], -1), ValueError)):
    try:
        wrong()
    except kind:
        pass
    else:
        assert False, kind
os.close(w)
poll.register(r)
assert poll.poll(0)[0][1] & select.POLLHUP
