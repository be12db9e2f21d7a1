// Sockets: addresses between Python's tuples and the system's structures.
#include <arpa/inet.h>
#include <linux/can.h>
#include <linux/if_alg.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/qrtr.h>
#include <linux/tipc.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/un.h>

#include <cstddef>

#include "modules/socket_objects.h"

namespace dx {

namespace {

// The items of an address tuple of `least` to `most` items; TypeError `text` otherwise.
Result<Values> addressItems(Thread& t, Value address, const char* caller, const char* family,
                            i64 least, i64 most, const char* text) {
  if (!isTuple(address))
    return t.raise(kTypeError, "{}(): {} address must be tuple, not {}", caller, family,
                   typeOf(address));
  Values items = valuesOf(address.as<Tuple>());
  if (i64(items.size()) < least || i64(items.size()) > most) return t.raise(kTypeError, text);
  return items;
}

Result<u16> portNumber(Thread& t, Value v, const char* caller, const char* what = "port") {
  Result<i32> n = argI32(t, v);
  if (!n) {
    if (!t.takeIf(kOverflowError)) return Error{};
  } else if (*n >= 0 && *n <= 0xFFFF) {
    return u16(*n);
  }
  return t.raise(kOverflowError, "{}(): {} must be 0-65535.", caller, what);
}

Result<u32> word(Thread& t, Value v) { return u32(TRY(argU64Mask(t, v))); }

// An interface by name; the empty name is 0 where all interfaces are meant by it.
Result<int> interfaceIndex(Thread& t, int fd, Value name) {
  std::string text = TRY(encodeFs(t, name));
  ifreq request;
  memset(&request, 0, sizeof request);
  memcpy(request.ifr_name, text.data(), std::min(text.size(), sizeof request.ifr_name - 1));
  if (::ioctl(fd, SIOCGIFINDEX, &request) < 0) return raiseErrno(t, errno);
  return request.ifr_ifindex;
}
Result<int> canInterface(Thread& t, int fd, Value name) {
  std::string text = TRY(encodeFs(t, name));
  if (text.empty()) return 0;
  if (text.size() >= IFNAMSIZ) return t.raise(kOSError, "AF_CAN interface name too long");
  return interfaceIndex(t, fd, name);
}
std::string interfaceName(int fd, int index) {
  ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_ifindex = index;
  if (!index || ::ioctl(fd, SIOCGIFNAME, &request) < 0) return "";
  return std::string(request.ifr_name, strnlen(request.ifr_name, sizeof request.ifr_name));
}

Result<SockAddress> unixAddress(Thread& t, Value v) {
  SockAddress a;
  auto& u = a.as<sockaddr_un>();
  u.sun_family = AF_UNIX;
  Buffer buffer;
  std::string text;
  std::string_view path;
  if (isStr(v)) {
    // Abstract names may hold NULs, which encodeFs() refuses.
    Ref<Str> s = Ref<Str>::retain(v.as<Str>());
    if (findChar(s, 0, 0, s->length) >= 0) {
      Ref<> bytes = TRY(callMethodWith(t, v, DX_NAME("encode"), Value(DX_NAME("utf-8")),
                                       Value(DX_NAME("surrogateescape"))));
      text = bytes.as<Bytes>()->view();
    } else {
      text = TRY(encodeFs(t, v));
    }
    path = text;
  } else {
    TRY(Buffer::get(t, v, &buffer));
    path = buffer.bytes();
  }
  bool abstract = path.empty() || path[0] == '\0';
  if (path.size() + !abstract > sizeof u.sun_path)
    return t.raise(kOSError, "AF_UNIX path too long");
  memcpy(u.sun_path, path.data(), path.size());
  a.size = socklen_t(offsetof(sockaddr_un, sun_path) + path.size() + !abstract);
  return a;
}

Result<SockAddress> inet4Address(Thread& t, Value v, const char* caller) {
  Values items = TRY(
      addressItems(t, v, caller, "AF_INET", 2, 2, "AF_INET address must be a pair (host, port)"));
  std::string host = TRY(hostArgument(t, items[0]));
  u16 port = TRY(portNumber(t, items[1], caller));
  SockAddress a = TRY(resolveHost(t, host, AF_INET));
  a.as<sockaddr_in>().sin_port = htons(port);
  return a;
}

Result<SockAddress> inet6Address(Thread& t, Value v, const char* caller) {
  Values items =
      TRY(addressItems(t, v, caller, "AF_INET6", 2, 4,
                       "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])"));
  std::string host = TRY(hostArgument(t, items[0]));
  u16 port = TRY(portNumber(t, items[1], caller));
  u32 flow = items.size() > 2 ? TRY(word(t, items[2])) : 0;
  u32 scope = items.size() > 3 ? TRY(word(t, items[3])) : 0;
  if (flow > 0xFFFFF) return t.raise(kOverflowError, "{}(): flowinfo must be 0-1048575.", caller);
  SockAddress a = TRY(resolveHost(t, host, AF_INET6));
  auto& in = a.as<sockaddr_in6>();
  in.sin6_port = htons(port);
  in.sin6_flowinfo = htonl(flow);
  in.sin6_scope_id = scope;
  return a;
}

Result<SockAddress> packetAddress(Thread& t, Socket& s, Value v, const char* caller) {
  constexpr const char* kText = "AF_PACKET address must be a tuple of two to five elements";
  Values items = TRY(addressItems(t, v, caller, "AF_PACKET", 2, 5, kText));
  if (!isStr(items[0]) && !isBytes(items[0])) return t.raise(kTypeError, kText);
  Result<i32> protocol = argI32(t, items[1]);
  if (!protocol) return Error{};
  i32 kind = items.size() > 2 ? TRY(argI32(t, items[2])) : 0;
  i32 hardware = items.size() > 3 ? TRY(argI32(t, items[3])) : 0;
  Buffer address;
  if (items.size() > 4) {
    TRY(Buffer::get(t, items[4], &address));
    if (address.size() > 8) return t.raise(kValueError, "Hardware address must be 8 bytes or less");
  }
  int index = TRY(interfaceIndex(t, s.fd, items[0]));
  if (*protocol < 0 || *protocol > 0xFFFF)
    return t.raise(kOverflowError, "{}(): proto must be 0-65535.", caller);
  SockAddress a;
  auto& p = a.as<sockaddr_ll>();
  p.sll_family = AF_PACKET;
  p.sll_protocol = htons(u16(*protocol));
  p.sll_ifindex = index;
  p.sll_pkttype = u8(kind);
  p.sll_hatype = u16(hardware);
  p.sll_halen = u8(address.size());
  if (address.size()) memcpy(p.sll_addr, address.data(), size_t(address.size()));
  return a;
}

Result<SockAddress> canAddress(Thread& t, Socket& s, Value v, const char* caller) {
  SockAddress a;
  auto& c = a.as<sockaddr_can>();
  c.can_family = AF_CAN;
  switch (s.proto) {
    case CAN_RAW:
    case CAN_BCM: {
      Values items = TRY(addressItems(t, v, caller, "AF_CAN", 1, 1,
                                      "AF_CAN address must be a tuple (interface, )"));
      c.can_ifindex = TRY(canInterface(t, s.fd, items[0]));
      return a;
    }
    case CAN_ISOTP: {
      Values items = TRY(addressItems(t, v, caller, "AF_CAN", 3, 3,
                                      "AF_CAN address must be a tuple (interface, rx_id, tx_id)"));
      c.can_addr.tp.rx_id = TRY(word(t, items[1]));
      c.can_addr.tp.tx_id = TRY(word(t, items[2]));
      c.can_ifindex = TRY(canInterface(t, s.fd, items[0]));
      return a;
    }
    case CAN_J1939: {
      Values items =
          TRY(addressItems(t, v, caller, "AF_CAN", 4, 4,
                           "AF_CAN address must be a tuple (interface, name, pgn, addr)"));
      c.can_addr.j1939.name = TRY(argU64Mask(t, items[1]));
      c.can_addr.j1939.pgn = TRY(word(t, items[2]));
      c.can_addr.j1939.addr = u8(TRY(argU64Mask(t, items[3])));
      c.can_ifindex = TRY(canInterface(t, s.fd, items[0]));
      return a;
    }
  }
  return t.raise(kOSError, "{}(): unsupported CAN protocol", caller);
}

Result<SockAddress> tipcAddress(Thread& t, Value v, const char* caller) {
  Values items =
      TRY(addressItems(t, v, caller, "AF_TIPC", 4, 5,
                       "AF_TIPC address must be a tuple (addr_type, v1, v2, v3[, scope])"));
  u32 kind = TRY(word(t, items[0])), v1 = TRY(word(t, items[1])), v2 = TRY(word(t, items[2])),
      v3 = TRY(word(t, items[3]));
  u32 scope = items.size() > 4 ? TRY(word(t, items[4])) : u32(TIPC_CLUSTER_SCOPE);
  SockAddress a;
  auto& p = a.as<sockaddr_tipc>();
  p.family = AF_TIPC;
  p.scope = i8(scope);
  p.addrtype = u8(kind);
  if (kind == TIPC_SERVICE_RANGE) {
    p.addr.nameseq = {v1, v2, v3};
  } else if (kind == TIPC_SERVICE_ADDR) {
    p.addr.name = {{v1, v2}, v3};
  } else if (kind == TIPC_SOCKET_ADDR) {
    p.addr.id = {v1, v2};
  } else {
    return t.raise(kTypeError, "{}(): Invalid address type", caller);
  }
  return a;
}

Result<SockAddress> algAddress(Thread& t, Value v, const char* caller) {
  Values items = TRY(addressItems(t, v, caller, "AF_ALG", 2, 4,
                                  "AF_ALG address must be a tuple (type, name[, feat[, mask]])"));
  SockAddress a;
  auto& p = a.as<sockaddr_alg>();
  p.salg_family = AF_ALG;
  for (int i = 0; i < 2; i++) {
    if (!isStr(items[size_t(i)]))
      return t.raise(kTypeError, "AF_ALG address must be a tuple (type, name[, feat[, mask]])");
    std::string text = TRY(encodeFs(t, items[size_t(i)]));
    u8* to = i == 0 ? p.salg_type : p.salg_name;
    if (text.size() >= (i == 0 ? sizeof p.salg_type : sizeof p.salg_name))
      return t.raise(kValueError, i == 0 ? "AF_ALG type too long." : "AF_ALG name too long.");
    memcpy(to, text.data(), text.size());
  }
  if (items.size() > 2) p.salg_feat = TRY(word(t, items[2]));
  if (items.size() > 3) p.salg_mask = TRY(word(t, items[3]));
  return a;
}

}  // namespace

Result<SockAddress> parseAddress(Thread& t, Socket& s, Value v, const char* caller) {
  switch (s.family) {
    case AF_UNIX:
      return unixAddress(t, v);
    case AF_INET:
      return inet4Address(t, v, caller);
    case AF_INET6:
      return inet6Address(t, v, caller);
    case AF_NETLINK: {
      Values items = TRY(addressItems(t, v, caller, "AF_NETLINK", 2, 2,
                                      "AF_NETLINK address must be a pair (pid, groups)"));
      SockAddress a;
      auto& n = a.as<sockaddr_nl>();
      n.nl_family = AF_NETLINK;
      n.nl_pid = TRY(word(t, items[0]));
      n.nl_groups = TRY(word(t, items[1]));
      return a;
    }
    case AF_QIPCRTR: {
      Values items = TRY(addressItems(t, v, caller, "AF_QIPCRTR", 2, 2,
                                      "AF_QIPCRTR address must be a pair (node, port)"));
      SockAddress a;
      auto& q = a.as<sockaddr_qrtr>();
      q.sq_family = AF_QIPCRTR;
      q.sq_node = TRY(word(t, items[0]));
      q.sq_port = TRY(word(t, items[1]));
      return a;
    }
    case AF_VSOCK: {
      Values items = TRY(addressItems(t, v, caller, "AF_VSOCK", 2, 2,
                                      "AF_VSOCK address must be a pair (CID, port)"));
      SockAddress a;
      auto& m = a.as<sockaddr_vm>();
      m.svm_family = AF_VSOCK;
      m.svm_cid = TRY(word(t, items[0]));
      m.svm_port = TRY(word(t, items[1]));
      return a;
    }
    case AF_PACKET:
      return packetAddress(t, s, v, caller);
    case AF_CAN:
      return canAddress(t, s, v, caller);
    case AF_TIPC:
      return tipcAddress(t, v, caller);
    case AF_ALG:
      return algAddress(t, v, caller);
  }
  return t.raise(kOSError, "{}(): bad family", caller);
}

Result<Ref<>> addressValue(Thread& t, int fd, const SockAddress& a, int proto) {
  if (a.size == 0) return noneRef();
  switch (a.storage.ss_family) {
    case AF_UNIX: {
      const auto& u = a.as<sockaddr_un>();
      size_t length =
          a.size > offsetof(sockaddr_un, sun_path) ? a.size - offsetof(sockaddr_un, sun_path) : 0;
      length = std::min(length, sizeof u.sun_path);
      if (length && u.sun_path[0] == '\0') return Ref<>(makeBytes({u.sun_path, length}));
      return Ref<>(decodeFs({u.sun_path, strnlen(u.sun_path, length)}));
    }
    case AF_INET: {
      const auto& in = a.as<sockaddr_in>();
      return Ref<>(tupleOf(ipText(AF_INET, &in.sin_addr), makeInt(int(ntohs(in.sin_port)))));
    }
    case AF_INET6: {
      const auto& in = a.as<sockaddr_in6>();
      return Ref<>(tupleOf(ipText(AF_INET6, &in.sin6_addr), makeInt(int(ntohs(in.sin6_port))),
                           makeInt(u32(ntohl(in.sin6_flowinfo))), makeInt(in.sin6_scope_id)));
    }
    case AF_NETLINK: {
      const auto& n = a.as<sockaddr_nl>();
      return Ref<>(tupleOf(makeInt(n.nl_pid), makeInt(n.nl_groups)));
    }
    case AF_QIPCRTR: {
      const auto& q = a.as<sockaddr_qrtr>();
      return Ref<>(tupleOf(makeInt(q.sq_node), makeInt(q.sq_port)));
    }
    case AF_VSOCK: {
      const auto& m = a.as<sockaddr_vm>();
      return Ref<>(tupleOf(makeInt(m.svm_cid), makeInt(m.svm_port)));
    }
    case AF_PACKET: {
      const auto& p = a.as<sockaddr_ll>();
      size_t length = std::min<size_t>(p.sll_halen, sizeof p.sll_addr);
      return Ref<>(tupleOf(decodeFs(interfaceName(fd, p.sll_ifindex)),
                           makeInt(int(ntohs(p.sll_protocol))), makeInt(int(p.sll_pkttype)),
                           makeInt(int(p.sll_hatype)),
                           makeBytes({reinterpret_cast<const char*>(p.sll_addr), length})));
    }
    case AF_CAN: {
      const auto& c = a.as<sockaddr_can>();
      Ref<Str> name = decodeFs(interfaceName(fd, c.can_ifindex));
      if (proto == CAN_ISOTP)
        return Ref<>(tupleOf(name, makeInt(c.can_addr.tp.rx_id), makeInt(c.can_addr.tp.tx_id)));
      if (proto == CAN_J1939)
        return Ref<>(tupleOf(name, makeInt(u64(c.can_addr.j1939.name)),
                             makeInt(c.can_addr.j1939.pgn), makeInt(int(c.can_addr.j1939.addr))));
      return Ref<>(tupleOf(name));
    }
    case AF_TIPC: {
      const auto& p = a.as<sockaddr_tipc>();
      u32 v[3] = {};
      if (p.addrtype == TIPC_SERVICE_RANGE) {
        v[0] = p.addr.nameseq.type, v[1] = p.addr.nameseq.lower, v[2] = p.addr.nameseq.upper;
      } else if (p.addrtype == TIPC_SERVICE_ADDR) {
        v[0] = p.addr.name.name.type, v[1] = v[2] = p.addr.name.name.instance;
      } else if (p.addrtype == TIPC_SOCKET_ADDR) {
        v[0] = p.addr.id.node, v[1] = p.addr.id.ref;
      } else {
        return t.raise(kValueError, "Invalid address type");
      }
      return Ref<>(tupleOf(makeInt(int(p.addrtype)), makeInt(v[0]), makeInt(v[1]), makeInt(v[2]),
                           makeInt(int(p.scope))));
    }
    case AF_ALG: {
      const auto& p = a.as<sockaddr_alg>();
      auto text = [](const u8* from, size_t size) {
        return decodeFs({reinterpret_cast<const char*>(from),
                         strnlen(reinterpret_cast<const char*>(from), size)});
      };
      return Ref<>(
          tupleOf(text(p.salg_type, sizeof p.salg_type), text(p.salg_name, sizeof p.salg_name)));
    }
  }
  // Families without a form of their own.
  const auto* raw = reinterpret_cast<const sockaddr*>(&a.storage);
  return Ref<>(
      tupleOf(makeInt(int(raw->sa_family)), makeBytes({raw->sa_data, sizeof raw->sa_data})));
}

}  // namespace dx
