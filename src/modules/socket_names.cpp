// Module _socket: names of hosts, services and interfaces, byte order, and the module's contents.
#include <arpa/inet.h>
#include <linux/can.h>
#include <linux/can/bcm.h>
#include <linux/can/error.h>
#include <linux/can/isotp.h>
#include <linux/can/j1939.h>
#include <linux/can/raw.h>
#include <linux/if_alg.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netlink.h>
#include <linux/tipc.h>
#include <linux/vm_sockets.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <memory>

#include "modules/_socket.gen.h"
#include "modules/arguments.h"
#include "modules/exception_class.h"
#include "modules/int_constants.h"
#include "runtime/codecs.h"

namespace dx {

static Type *gGaiError, *gHostError;

static Error raiseCode(Thread& t, Type* type, int code, const char* text) {
  Result<Ref<>> e = callWith(t, Value(type), Value::smallInt(code), Ref<Str>(decodeFs(text)));
  if (!e) return Error{};
  return t.raiseException(std::move(e).take());
}
Error raiseGaiError(Thread& t, int code) {
  if (code == EAI_SYSTEM) return raiseErrno(t, errno);
  return raiseCode(t, gGaiError, code, ::gai_strerror(code));
}
static Error raiseHostError(Thread& t, int code) {
  return raiseCode(t, gHostError, code, ::hstrerror(code));
}

// ---- host names ----

Ref<> ipText(int family, const void* address) {
  char buffer[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(family, address, buffer, sizeof buffer);
  return Ref<>(makeAscii(buffer));
}

Result<std::string> hostArgument(Thread& t, Value v, const char* function) {
  std::string host;
  if (isStr(v)) {
    Str* s = v.as<Str>();
    if (!function && maxChar(s) < 0x80) {
      host = toUtf8(s);
    } else {
      Result<Ref<Bytes>> encoded = encode(t, s, "idna", nullptr);
      if (!encoded) {
        if (function) return Error{};
        t.clearException();
        return t.raise(kTypeError, "encoding of hostname failed");
      }
      host = (*encoded)->view();
    }
  } else if (isBytes(v)) {
    host = v.as<Bytes>()->view();
  } else if (isInstanceOf(v, &PyByteArray_Type)) {
    Buffer b;
    TRY(Buffer::get(t, v, &b));
    host = b.bytes();
  } else if (function) {
    return t.raise(kTypeError, "{}() argument 1 must be str, bytes or bytearray, not {}", function,
                   isNone(v) ? std::string_view("None") : typeNameOf(v));
  } else {
    return t.raise(kTypeError, "str, bytes or bytearray expected, not {}", typeOf(v));
  }
  if (host.find('\0') != std::string::npos) {
    if (function)
      return t.raise(kTypeError,
                     "{}() argument 1 must be encoded string without null bytes, not {}", function,
                     typeOf(v));
    return t.raise(kTypeError, "host name must not contain null character");
  }
  return host;
}

namespace {

struct FreeAddresses {
  void operator()(addrinfo* a) const { ::freeaddrinfo(a); }
};
using AddressList = std::unique_ptr<addrinfo, FreeAddresses>;

Result<AddressList> lookUp(Thread& t, const char* host, const char* service,
                           const addrinfo& hints) {
  addrinfo* found = nullptr;
  int code, error;
  {
    AllowThreads allow(t);
    code = ::getaddrinfo(host, service, &hints, &found);
    error = errno;
  }
  if (code) {
    errno = error;
    return raiseGaiError(t, code);
  }
  return AddressList(found);
}

SockAddress copyAddress(const addrinfo* a) {
  SockAddress out;
  out.size = std::min<socklen_t>(a->ai_addrlen, sizeof out.storage);
  memcpy(&out.storage, a->ai_addr, out.size);
  return out;
}

}  // namespace

Result<SockAddress> resolveHost(Thread& t, const std::string& name, int family) {
  addrinfo hints{};
  if (name.empty()) {
    hints.ai_family = family;
    hints.ai_socktype = SOCK_DGRAM;  // any: one answer per family
    hints.ai_flags = AI_PASSIVE;
    AddressList list = TRY(lookUp(t, nullptr, "0", hints));
    if (list->ai_family != AF_INET && list->ai_family != AF_INET6)
      return t.raise(kOSError, "unsupported address family");
    if (list->ai_next) return t.raise(kOSError, "wildcard resolved to multiple address");
    return copyAddress(list.get());
  }
  SockAddress a;
  if (name == "255.255.255.255" || name == "<broadcast>") {
    if (family != AF_INET && family != AF_UNSPEC)
      return t.raise(kOSError, "address family mismatched");
    auto& in = a.as<sockaddr_in>();
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = INADDR_BROADCAST;
    return a;
  }
  // Plain addresses need no resolver.
  if (family == AF_UNSPEC || family == AF_INET) {
    auto& in = a.as<sockaddr_in>();
    if (::inet_pton(AF_INET, name.c_str(), &in.sin_addr) > 0) {
      in.sin_family = AF_INET;
      return a;
    }
  }
  if ((family == AF_UNSPEC || family == AF_INET6) && name.find('%') == std::string::npos) {
    auto& in = a.as<sockaddr_in6>();
    if (::inet_pton(AF_INET6, name.c_str(), &in.sin6_addr) > 0) {
      in.sin6_family = AF_INET6;
      return a;
    }
  }
  hints.ai_family = family;
  AddressList list = TRY(lookUp(t, name.c_str(), nullptr, hints));
  return copyAddress(list.get());
}

Result<Ref<>> _socket_getaddrinfo(Thread& t, Value host, Value port, i32 family, i32 type,
                                  i32 proto, i32 flags) {
  std::string hostText, portText;
  bool hasHost = !isNone(host), hasPort = true;
  if (isStr(host)) {
    hostText = (*TRY(encode(t, host.as<Str>(), "idna", nullptr))).view();
  } else if (isBytes(host)) {
    hostText = host.as<Bytes>()->view();
  } else if (hasHost) {
    return t.raise(kTypeError, "getaddrinfo() argument 1 must be string or None");
  }
  if (isInt(port)) {
    portText = TRY(intToDecimal(t, port));
  } else if (isStr(port)) {
    portText = TRY(utf8(t, port.as<Str>()));
  } else if (isBytes(port)) {
    portText = port.as<Bytes>()->view();
  } else if (isNone(port)) {
    hasPort = false;
  } else {
    return t.raise(kOSError, "Int or String expected");
  }
  Ref<> numbers[] = {makeInt(family), makeInt(type), makeInt(proto)};
  Value event[] = {host, port, numbers[0], numbers[1], numbers[2]};
  TRY(audit(t, "socket.getaddrinfo", event));
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = type;
  hints.ai_protocol = proto;
  hints.ai_flags = flags;
  AddressList list = TRY(
      lookUp(t, hasHost ? hostText.c_str() : nullptr, hasPort ? portText.c_str() : nullptr, hints));
  Ref<List> out = newList();
  for (const addrinfo* a = list.get(); a; a = a->ai_next) {
    Ref<> address = TRY(addressValue(t, -1, copyAddress(a), proto));
    listAppend(
        out, Ref<>(tupleOf(makeInt(a->ai_family), makeInt(a->ai_socktype), makeInt(a->ai_protocol),
                           decodeFs(a->ai_canonname ? a->ai_canonname : ""), address)));
  }
  return Ref<>(std::move(out));
}

Result<Ref<>> _socket_getnameinfo(Thread& t, Value address, i32 flags) {
  constexpr const char* kIllegal = "getnameinfo(): illegal sockaddr argument";
  if (!isTuple(address)) return t.raise(kTypeError, "getnameinfo() argument 1 must be a tuple");
  Values items = valuesOf(address.as<Tuple>());
  if (items.size() < 2 || items.size() > 4 || !isStr(items[0]))
    return t.raise(kTypeError, kIllegal);
  std::string host = TRY(encodeFs(t, items[0]));
  i32 port = TRY(argI32(t, items[1]));
  u32 flow = items.size() > 2 ? u32(TRY(argU64Mask(t, items[2]))) : 0;
  u32 scope = items.size() > 3 ? u32(TRY(argU64Mask(t, items[3]))) : 0;
  if (flow > 0xFFFFF) return t.raise(kOverflowError, "getnameinfo(): flowinfo must be 0-1048575.");
  Value event[] = {address};
  TRY(audit(t, "socket.getnameinfo", event));
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;  // one answer
  hints.ai_flags = AI_NUMERICHOST;
  AddressList list = TRY(lookUp(t, host.c_str(), std::to_string(port).c_str(), hints));
  if (list->ai_next) return t.raise(kOSError, "sockaddr resolved to multiple addresses");
  SockAddress a = copyAddress(list.get());
  if (list->ai_family == AF_INET && items.size() != 2)
    return t.raise(kOSError, "IPv4 sockaddr must be 2 tuple");
  if (list->ai_family == AF_INET6) {
    auto& in = a.as<sockaddr_in6>();
    in.sin6_flowinfo = htonl(flow);
    in.sin6_scope_id = scope;
  }
  char name[NI_MAXHOST], service[NI_MAXSERV];
  int code;
  {
    AllowThreads allow(t);
    code = ::getnameinfo(a.get(), a.size, name, sizeof name, service, sizeof service, flags);
  }
  if (code) return raiseGaiError(t, code);
  return Ref<>(tupleOf(decodeFs(name), decodeFs(service)));
}

Result<Ref<>> _socket_gethostbyname(Thread& t, Value host) {
  std::string name = TRY(hostArgument(t, host, "gethostbyname"));
  Value event[] = {host};
  TRY(audit(t, "socket.gethostbyname", event));
  SockAddress a = TRY(resolveHost(t, name, AF_INET));
  return ipText(AF_INET, &a.as<sockaddr_in>().sin_addr);
}

namespace {

// (name, aliases, addresses) of what a reentrant function of netdb.h finds. `call(result, buffer,
// size, found, h_errno)`: 0 or an errno.
Result<Ref<>> hostEntry(Thread& t, int family, auto&& call) {
  std::vector<char> buffer(16384);
  hostent entry;
  hostent* found = nullptr;
  int hostError = 0, code;
  for (;;) {
    {
      AllowThreads allow(t);
      code = call(&entry, buffer.data(), buffer.size(), &found, &hostError);
    }
    if (code != ERANGE || buffer.size() > (1 << 24)) break;
    buffer.resize(buffer.size() * 4);
  }
  if (!found) return raiseHostError(t, hostError);
  if (found->h_addrtype != family) return raiseErrno(t, EAFNOSUPPORT);
  Ref<List> aliases = newList(), addresses = newList();
  if (found->h_aliases)
    for (char** a = found->h_aliases; *a; a++) listAppend(aliases, Ref<>(makeStr(*a)));
  for (char** a = found->h_addr_list; *a; a++) listAppend(addresses, ipText(family, *a));
  return Ref<>(tupleOf(decodeFs(found->h_name), aliases, addresses));
}

}  // namespace

Result<Ref<>> _socket_gethostbyname_ex(Thread& t, Value host) {
  std::string name = TRY(hostArgument(t, host, "gethostbyname_ex"));
  Value event[] = {host};
  TRY(audit(t, "socket.gethostbyname", event));
  TRY(resolveHost(t, name, AF_INET));
  return hostEntry(t, AF_INET,
                   [&](auto... rest) { return ::gethostbyname_r(name.c_str(), rest...); });
}

Result<Ref<>> _socket_gethostbyaddr(Thread& t, Value host) {
  std::string name = TRY(hostArgument(t, host, "gethostbyaddr"));
  Value event[] = {host};
  TRY(audit(t, "socket.gethostbyaddr", event));
  SockAddress a = TRY(resolveHost(t, name, AF_UNSPEC));
  int family = a.storage.ss_family;
  const void* address;
  socklen_t size;
  if (family == AF_INET) {
    address = &a.as<sockaddr_in>().sin_addr;
    size = sizeof(in_addr);
  } else if (family == AF_INET6) {
    address = &a.as<sockaddr_in6>().sin6_addr;
    size = sizeof(in6_addr);
  } else {
    return t.raise(kOSError, "unsupported address family");
  }
  return hostEntry(t, family,
                   [&](auto... rest) { return ::gethostbyaddr_r(address, size, family, rest...); });
}

Result<Ref<>> _socket_gethostname(Thread& t) {
  TRY(audit(t, "socket.gethostname", {}));
  char buffer[1024];
  if (::gethostname(buffer, sizeof buffer - 1) < 0) return raiseErrno(t, errno);
  buffer[sizeof buffer - 1] = '\0';
  return Ref<>(decodeFs(buffer));
}
Result<void> _socket_sethostname(Thread& t, Value name) {
  std::string text = TRY(encodeFs(t, name));
  Value event[] = {name};
  TRY(audit(t, "socket.sethostname", event));
  if (::sethostname(text.data(), text.size()) < 0) return raiseErrno(t, errno);
  return {};
}

// ---- services and protocols ----

static Result<std::string> protocolText(Thread& t, Str* protocol) {
  return protocol ? plainText(t, *protocol) : Result<std::string>(std::string());
}

Result<i64> _socket_getservbyname(Thread& t, Str& name, Str* protocol) {
  std::string service = TRY(plainText(t, name)), proto = TRY(protocolText(t, protocol));
  Ref<Str> shown = makeStr(proto);
  Value event[] = {Value(&name), protocol ? Value(shown) : none()};
  TRY(audit(t, "socket.getservbyname", event));
  servent entry, *found = nullptr;
  char buffer[4096];
  {
    AllowThreads allow(t);
    ::getservbyname_r(service.c_str(), protocol ? proto.c_str() : nullptr, &entry, buffer,
                      sizeof buffer, &found);
  }
  if (!found) return t.raise(kOSError, "service/proto not found");
  return i64(ntohs(u16(found->s_port)));
}

Result<Ref<>> _socket_getservbyport(Thread& t, i32 port, Str* protocol) {
  std::string proto = TRY(protocolText(t, protocol));
  if (port < 0 || port > 0xFFFF)
    return t.raise(kOverflowError, "getservbyport: port must be 0-65535.");
  Ref<Str> shown = makeStr(proto);
  Value event[] = {Value::smallInt(port), protocol ? Value(shown) : none()};
  TRY(audit(t, "socket.getservbyport", event));
  servent entry, *found = nullptr;
  char buffer[4096];
  {
    AllowThreads allow(t);
    ::getservbyport_r(htons(u16(port)), protocol ? proto.c_str() : nullptr, &entry, buffer,
                      sizeof buffer, &found);
  }
  if (!found) return t.raise(kOSError, "port/proto not found");
  return Ref<>(decodeFs(found->s_name));
}

Result<i64> _socket_getprotobyname(Thread& t, Str& name) {
  std::string text = TRY(plainText(t, name));
  protoent entry, *found = nullptr;
  char buffer[4096];
  {
    AllowThreads allow(t);
    ::getprotobyname_r(text.c_str(), &entry, buffer, sizeof buffer, &found);
  }
  if (!found) return t.raise(kOSError, "protocol not found");
  return i64(found->p_proto);
}

// ---- addresses as text, byte order ----

Result<Ref<>> _socket_inet_aton(Thread& t, Str& address) {
  std::string text = TRY(plainText(t, address));
  in_addr out;
  if (text.empty() || !::inet_aton(text.c_str(), &out))
    return t.raise(kOSError, "illegal IP address string passed to inet_aton");
  return Ref<>(makeBytes({reinterpret_cast<char*>(&out), sizeof out}));
}
Result<Ref<>> _socket_inet_ntoa(Thread& t, const Buffer& packed) {
  if (packed.size() != sizeof(in_addr))
    return t.raise(kOSError, "packed IP wrong length for inet_ntoa");
  return ipText(AF_INET, packed.data());
}
Result<Ref<>> _socket_inet_pton(Thread& t, i32 family, Str& address) {
  std::string text = TRY(plainText(t, address));
  char out[sizeof(in6_addr)];
  int r = ::inet_pton(family, text.c_str(), out);
  if (r < 0) return raiseErrno(t, errno);
  if (r == 0) return t.raise(kOSError, "illegal IP address string passed to inet_pton");
  return Ref<>(makeBytes({out, family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr)}));
}
Result<Ref<>> _socket_inet_ntop(Thread& t, i32 family, const Buffer& packed) {
  if (family != AF_INET && family != AF_INET6)
    return t.raise(kValueError, "unknown address family {}", family);
  if (packed.size() != i64(family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr)))
    return t.raise(kValueError, "invalid length of packed IP address string");
  return ipText(family, packed.data());
}

static Result<i64> swap32(Thread& t, Value v) {
  return i64(htonl(u32(TRY(unsignedArgument(t, v, UINT32_MAX, "uint32_t")))));
}
static Result<i64> swap16(Thread& t, Value v) {
  return i64(htons(u16(TRY(unsignedArgument(t, v, UINT16_MAX, "uint16_t")))));
}
Result<i64> _socket_htonl(Thread& t, Value v) { return swap32(t, v); }
Result<i64> _socket_ntohl(Thread& t, Value v) { return swap32(t, v); }
Result<i64> _socket_htons(Thread& t, Value v) { return swap16(t, v); }
Result<i64> _socket_ntohs(Thread& t, Value v) { return swap16(t, v); }

// ---- interfaces ----

Result<Ref<>> _socket_if_nameindex(Thread& t) {
  struct if_nameindex* all = ::if_nameindex();
  if (!all) return raiseErrno(t, errno);
  Ref<List> list = newList();
  for (auto* i = all; i->if_index || i->if_name; i++)
    listAppend(list, Ref<>(tupleOf(makeInt(i->if_index), decodeFs(i->if_name))));
  ::if_freenameindex(all);
  return Ref<>(std::move(list));
}
Result<i64> _socket_if_nametoindex(Thread& t, Value name) {
  std::string text = TRY(encodeFs(t, name));
  unsigned index = ::if_nametoindex(text.c_str());
  if (!index) return raiseErrno(t, errno);
  return i64(index);
}
Result<Ref<>> _socket_if_indextoname(Thread& t, Value index) {
  u64 n = TRY(unsignedArgument(t, index, UINT32_MAX, "unsigned int"));
  char buffer[IF_NAMESIZE + 1];
  if (!::if_indextoname(unsigned(n), buffer)) return raiseErrno(t, errno);
  return Ref<>(decodeFs(buffer));
}

Result<void> _socket_exec(Thread& t, Module& m) {
  static constexpr IntConstant kConstants[] = {
#define DX_CONST(name) {#name, i64(name)},
#define DX_CONST_VALUE(name, value) {#name, value},
#include "modules/socket_constants.def"
#undef DX_CONST
#undef DX_CONST_VALUE
  };
  addConstants(m, kConstants);
  moduleSet(m, "BDADDR_ANY", makeAscii("00:00:00:00:00:00"));
  moduleSet(m, "BDADDR_LOCAL", makeAscii("00:00:00:FF:FF:FF"));
  moduleSet(m, "has_ipv6", trueValue());
  moduleSet(m, "error", Value(kOSError));
  moduleSet(m, "timeout", Value(kTimeoutError));
  if (!gGaiError) {
    gHostError = TRY(newExceptionClass(t, "socket", "herror", kOSError)).release();
    gGaiError = TRY(newExceptionClass(t, "socket", "gaierror", kOSError)).release();
  }
  moduleSet(m, "herror", Value(gHostError));
  moduleSet(m, "gaierror", Value(gGaiError));
  moduleSet(m, "SocketType", Value(&socketType));
  return {};
}

}  // namespace dx
