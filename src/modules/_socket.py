"""Implementation module for socket operations.

See the socket module for documentation."""
include("modules/socket_objects.h")


@layout("Socket", type="socketType", module="_socket", flags="basetype", lifetime="own", prefix="sock",
        signature=False)
class socket(object):
    """socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object
    socket(family=-1, type=-1, proto=-1, fileno=None) -> socket object

    One end of a connection. With fileno, the family, type and protocol that are not given are asked of
    the system. The socket is created as non-inheritable."""

    family = member("family", kind="i32", readonly=True, doc="the socket family")
    type = member("type", kind="i32", readonly=True, doc="the socket type")
    proto = member("proto", kind="i32", readonly=True, doc="the socket protocol")

    def __new__(cls, *args: raw): ...
    def __init__(self, family: i32 = -1, type: i32 = -1, proto: i32 = -1, fileno=None): ...
    def __repr__(self): ...
    def __del__(self): ...

    @property
    def timeout(self):
        """the socket timeout"""

    def _accept(self, /):
        """_accept() -> (integer, address info)

        Wait for a connection: a new descriptor for it, and the client's address."""
    def bind(self, address, /) -> None:
        """Bind the socket to a local address."""
    def close(self, /) -> None:
        """Close the socket.  It cannot be used after this call."""
    def connect(self, address, /) -> None:
        """Connect the socket to a remote address."""
    def connect_ex(self, address, /) -> int:
        """Like connect(address), but errors of the system are returned as a number; 0 is success."""
    def detach(self, /) -> int:
        """Close the socket object but not its file descriptor, which is returned."""
    def fileno(self, /) -> int:
        """Return the file descriptor of the socket, -1 when closed."""
    def getpeername(self, /):
        """Return the address of the remote endpoint."""
    def getsockname(self, /):
        """Return the address of the local endpoint."""
    def getsockopt(self, level: i32, option: i32, buffersize: i32 = 0, /):
        """Get a socket option: an int, or bytes when a buffer size is given."""
    def setsockopt(self, *args: raw) -> None:
        """setsockopt(level, option, value: int)
        setsockopt(level, option, value: buffer)
        setsockopt(level, option, None, optlen: int)

        Set a socket option."""
    def listen(self, backlog: i32 = 128, /) -> None:
        """Enable a server to accept connections."""
    def shutdown(self, how: i32, /) -> None:
        """Shut down one (SHUT_RD, SHUT_WR) or both (SHUT_RDWR) directions of the socket."""

    def recv(self, buffersize: index, flags: i32 = 0, /):
        """Receive up to buffersize bytes; empty when the remote end is closed."""
    def recv_into(self, buffer, nbytes: index = 0, flags: i32 = 0) -> int:
        """Receive into a buffer up to nbytes (0: its size); return how many came."""
    def recvfrom(self, buffersize: index, flags: i32 = 0, /):
        """Like recv(), but return (data, sender's address)."""
    def recvfrom_into(self, buffer, nbytes: index = 0, flags: i32 = 0):
        """Like recv_into(), but return (number of bytes, sender's address)."""
    def recvmsg(self, bufsize: index, ancbufsize: index = 0, flags: i32 = 0, /):
        """Receive data and ancillary data: (data, [(level, type, data), ...], message flags, address)."""
    def recvmsg_into(self, buffers, ancbufsize: index = 0, flags: i32 = 0, /):
        """Like recvmsg(), but the data goes to the given buffers; the first item is their number."""
    def send(self, data: bytes_like, flags: i32 = 0, /) -> int:
        """Send data; return how many bytes were sent, which may be less than given."""
    def sendall(self, data: bytes_like, flags: i32 = 0, /) -> None:
        """Send all data, or raise an exception."""
    def sendto(self, *args: raw) -> int:
        """sendto(data[, flags], address) -> count

        Like send(data, flags), to a given address."""
    def sendmsg(self, buffers, ancdata=(), flags: i32 = 0, address=None, /) -> int:
        """Send the data of the buffers, and ancillary data given as (level, type, data) items."""
    def sendmsg_afalg(self, msg=(), /, *, op=None, iv=None, assoclen=None, flags: i32 = 0) -> int:
        """Set operation mode, IV and length of associated data of an AF_ALG operation socket."""

    def setblocking(self, flag: bool, /) -> None:
        """setblocking(True) is settimeout(None); setblocking(False) is settimeout(0.0)."""
    def getblocking(self, /) -> bool:
        """True if the socket waits, False if it is in non-blocking mode."""
    def settimeout(self, timeout, /) -> None:
        """Set a timeout in seconds for the socket's operations; None waits forever, 0 never."""
    def gettimeout(self, /):
        """Return the timeout in seconds of the socket's operations, or None."""


def CMSG_LEN(length: index, /) -> int:
    """The length of a control message with this much data, without trailing padding."""
def CMSG_SPACE(length: index, /) -> int:
    """The buffer space that a control message with this much data takes, padding included."""
def close(fd, /) -> None:
    """Close an integer socket file descriptor."""
def dup(fd, /) -> int:
    """Duplicate an integer socket file descriptor; the new one is non-inheritable."""
def socketpair(family: i32 = 1, type: i32 = 1, proto: i32 = 0, /):
    """A pair of connected socket objects."""
def getdefaulttimeout():
    """The timeout in seconds of new socket objects, or None."""
def setdefaulttimeout(timeout, /) -> None:
    """Set the timeout in seconds of new socket objects; None: they wait."""

def getaddrinfo(host, port, family: i32 = 0, type: i32 = 0, proto: i32 = 0, flags: i32 = 0):
    """Resolve host and port: a list of (family, type, proto, canonical name, address)."""
def getnameinfo(sockaddr, flags: i32, /):
    """Get (host, port) for an address."""
def gethostbyname(host, /):
    """Return the IPv4 address of a host as text."""
def gethostbyname_ex(host, /):
    """Return the true host name, a list of aliases, and a list of IP addresses."""
def gethostbyaddr(host, /):
    """Like gethostbyname_ex(), for an address."""
def gethostname():
    """Return the current host name."""
def sethostname(name, /) -> None:
    """Set the host name."""
def getservbyname(name: str, protocol: str | None = None, /) -> int:
    """Return a port number from a service name and optionally a protocol's name."""
def getservbyport(port: i32, protocol: str | None = None, /):
    """Return the service name of a port number and optionally a protocol's name."""
def getprotobyname(name: str, /) -> int:
    """Return the protocol number of a name."""
def inet_aton(ip_addr: str, /):
    """IPv4 address text to 4 bytes."""
def inet_ntoa(packed_ip: bytes_like, /):
    """4 bytes to IPv4 address text."""
def inet_pton(family: i32, ip: str, /):
    """IP address text to bytes."""
def inet_ntop(family: i32, packed: bytes_like, /):
    """Bytes to IP address text."""
def htonl(integer, /) -> int:
    """Convert a 32-bit unsigned integer from host to network byte order."""
def htons(integer, /) -> int:
    """Convert a 16-bit unsigned integer from host to network byte order."""
def ntohl(integer, /) -> int:
    """Convert a 32-bit unsigned integer from network to host byte order."""
def ntohs(integer, /) -> int:
    """Convert a 16-bit unsigned integer from network to host byte order."""
def if_nameindex():
    """A list of (index, name) of the network interfaces."""
def if_nametoindex(oname, /) -> int:
    """Returns the interface index corresponding to the interface name if_name."""
def if_indextoname(if_index, /):
    """Returns the interface name corresponding to the interface index if_index."""

def __exec__(module): ...
