# Module _socket through socket: streams, datagrams, UNIX sockets, timeouts, messages, names, errors.
import array
import errno
import gc
import os
import socket
import struct
import sys
import tempfile
import threading
import time
import warnings
import _socket


def raises(kind, text, f, *args, **kw):
    try:
        f(*args, **kw)
    except kind as e:
        if text is not None:
            assert text in str(e), (str(e), text)
        return e
    raise AssertionError("nothing raised")


# ---- a stream with a server in a thread ----

def serve(listener):
    connection, address = listener.accept()
    with connection:
        while data := connection.recv(1000):
            connection.sendall(data.upper())


with socket.create_server(("127.0.0.1", 0)) as listener:
    assert not os.get_inheritable(listener.fileno())
    port = listener.getsockname()[1]
    thread = threading.Thread(target=serve, args=(listener,))
    thread.start()
    with socket.create_connection(("localhost", port), timeout=10) as client:
        assert client.getpeername() == ("127.0.0.1", port)
        client.sendall(b"hello")
        assert client.recv(5) == b"HELLO"
        big = b"x" * 3_000_000
        sender = threading.Thread(target=client.sendall, args=(big,))
        sender.start()
        got = bytearray(len(big))
        view = memoryview(got)
        at = 0
        while at < len(big):
            at += client.recv_into(view[at:])
        sender.join()
        assert got == big.upper()
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
    thread.join()

with socket.socket() as s:
    e = raises(ConnectionRefusedError, None, s.connect, ("127.0.0.1", port))
    assert e.errno == errno.ECONNREFUSED
with socket.socket() as s:
    assert s.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED

# ---- datagrams ----

with socket.socket(type=socket.SOCK_DGRAM) as a, socket.socket(type=socket.SOCK_DGRAM) as b:
    a.bind(("127.0.0.1", 0))
    b.bind(("", 0))
    assert b.sendto(b"one", a.getsockname()) == 3
    assert b.sendto(b"two", 0, ("127.0.0.1", a.getsockname()[1])) == 3
    data, sender = a.recvfrom(100)
    assert data == b"one" and sender == ("127.0.0.1", b.getsockname()[1])
    buffer = bytearray(10)
    assert a.recvfrom_into(buffer, 2) == (2, sender) and buffer[:4] == b"tw\0\0"
    raises(OverflowError, "sendto(): port must be 0-65535.", b.sendto, b"", ("127.0.0.1", 65536))
    raises(TypeError, "sendto() takes 2 or 3 arguments (1 given)", b.sendto, b"")

# ---- timeouts ----

a, b = socket.socketpair()
assert type(a) is socket.socket and a.family == socket.AF_UNIX
assert a.gettimeout() is None and a.getblocking() and a.timeout is None
a.settimeout(0.05)
assert a.gettimeout() == 0.05 and a.getblocking()
start = time.monotonic()
e = raises(TimeoutError, "timed out", a.recv, 1)
assert time.monotonic() - start >= 0.05 and e.errno is None
raises(TimeoutError, "timed out", a.sendall, bytes(10_000_000))
a.setblocking(False)
assert a.gettimeout() == 0.0 and not a.getblocking()
raises(BlockingIOError, None, a.recv, 1)
raises(ValueError, "Timeout value out of range", a.settimeout, -1)
raises(ValueError, "Invalid value NaN", a.settimeout, float("nan"))
raises(OverflowError, "timestamp out of range for C PyTime_t", a.settimeout, 1e20)
raises(TypeError, "'str' object cannot be interpreted as an integer or float", a.settimeout, "1")
a.close()
b.close()
raises(OSError, "Bad file descriptor", a.recv, 1)
assert a.fileno() == -1

socket.setdefaulttimeout(3)
with socket.socket() as s:
    assert s.gettimeout() == 3.0
socket.setdefaulttimeout(None)
assert socket.getdefaulttimeout() is None

# ---- messages with ancillary data: descriptors travel ----

a, b = socket.socketpair()
r, w = os.pipe()
assert a.sendmsg([b"he", b"llo"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [w]))]) == 5
buffers = [bytearray(2), bytearray(8)]
n, ancillary, flags, address = b.recvmsg_into(buffers, socket.CMSG_SPACE(4))
assert n == 5 and buffers == [bytearray(b"he"), bytearray(b"llo\0\0\0\0\0")] and flags & socket.MSG_CTRUNC == 0
(level, kind, data), = ancillary
assert (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS)
fd, = struct.unpack("i", data)
os.write(fd, b"through")
assert os.read(r, 100) == b"through"
for n in (fd, r, w):
    os.close(n)
b.send(b"plain")
assert a.recvmsg(100) == (b"plain", [], 0, None)
raises(ValueError, "invalid ancillary data buffer length", a.recvmsg, 1, -1)
raises(TypeError, "sendmsg() argument 1 must be an iterable", a.sendmsg, 1)
raises(TypeError, "[sendmsg() ancillary data items]() argument must be 3-item tuple, not int", a.sendmsg, [], [1])
assert socket.CMSG_LEN(0) == 16 and socket.CMSG_SPACE(1) == 24
raises(OverflowError, "CMSG_LEN() argument out of range", socket.CMSG_LEN, -1)
a.close()
b.close()

# ---- UNIX sockets: paths and abstract names ----

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "s\udcff")
    with socket.socket(socket.AF_UNIX) as s, socket.socket(socket.AF_UNIX) as c:
        s.bind(path)
        s.listen()
        assert s.getsockname() == path
        c.connect(os.fsencode(path))
        assert c.getpeername() == path
with socket.socket(socket.AF_UNIX) as s:
    assert s.getsockname() == ""
    name = b"\0dxpy-test-%d" % os.getpid()
    s.bind(name)
    assert s.getsockname() == name
    raises(OSError, "AF_UNIX path too long", s.connect, "x" * 108)

# ---- options, repr, life ----

with socket.socket() as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    assert s.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) == 1
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 2))
    assert struct.unpack("ii", s.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)) == (1, 2)
    raises(OSError, "getsockopt buflen out of range", s.getsockopt, 1, 2, 1025)
    raises(TypeError, "setsockopt() takes exactly 3 arguments (2 given)", s.setsockopt, 1, 2)
    other = _socket.socket(fileno=os.dup(s.fileno()))
    assert (other.family, other.type, other.proto) == (socket.AF_INET, socket.SOCK_STREAM, 6)
    assert repr(other) == f"<socket object, fd={other.fileno()}, family=2, type=1, proto=6>"
    fd = other.detach()
    assert other.fileno() == -1
    _socket.close(fd)
raises(ValueError, "negative file descriptor", _socket.socket, fileno=-1)

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    s = _socket.socket()
    text = repr(s)
    del s
    gc.collect()
assert [str(w.message) for w in caught] == ["unclosed " + text] and caught[0].category is ResourceWarning

# ---- names ----

assert socket.inet_aton("1.2.3") == b"\1\2\0\3" and socket.inet_ntoa(b"\1\2\3\4") == "1.2.3.4"
assert socket.inet_pton(socket.AF_INET6, "::1")[-1] == 1
assert socket.inet_ntop(socket.AF_INET6, bytes(16)) == "::"
raises(OSError, "illegal IP address string passed to inet_pton", socket.inet_pton, socket.AF_INET, "x")
raises(ValueError, "unknown address family 99", socket.inet_ntop, 99, b"")
assert socket.htons(1) == 256 and socket.ntohl(1) == 1 << 24
raises(ValueError, "Cannot convert negative int", socket.htons, -1)
raises(OverflowError, "Python int too large for C uint16_t", socket.htons, 65536)
assert socket.getaddrinfo("127.0.0.1", 80, type=socket.SOCK_STREAM) == [
    (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
assert socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV) == ("127.0.0.1", "80")
assert socket.gethostbyname("127.0.0.1") == "127.0.0.1" and socket.gethostbyname("") == "0.0.0.0"
e = raises(socket.gaierror, "Name or service not known", socket.getaddrinfo, None, None)
assert e.errno == socket.EAI_NONAME and isinstance(e, OSError)
raises(TypeError, "host name must not contain null character", socket.socket().bind, ("a\0", 1))
raises(UnicodeError, None, socket.getaddrinfo, "a" * 70, 80)
assert (1, "lo") in socket.if_nameindex() and socket.if_nametoindex("lo") == 1
assert isinstance(socket.gethostname(), str)
assert socket.timeout is TimeoutError and socket.herror.__module__ == "socket"

# ---- audit events ----

events = []
sys.addaudithook(lambda name, args: name.startswith("socket.") and events.append((name, args)))
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    assert events == [("socket.__new__", (s, 2, 1, 0)), ("socket.bind", (s, ("127.0.0.1", 0)))]

# A write to a closed pipe is an error, not the end of the program.
a, b = socket.socketpair()
b.close()
raises(BrokenPipeError, None, a.send, b"x")
a.close()
