// Module _uuid: UUIDs of version 1 (RFC 9562, 5.1).
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ctime>

#include "modules/_uuid.gen.h"
#include "modules/int_constants.h"
#include "runtime/api.h"

namespace dx {

namespace {

constexpr u64 kGregorianOffset = 0x01B21DD213814000;  // 1582-10-15 to 1970-01-01, in 100 ns

struct Source {
  u8 node[6];
  u16 sequence;
  u64 last;  // the newest timestamp given out
};

// The hardware address of some interface, or six random bytes marked as such.
void findNode(u8 (&node)[6]) {
  int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct if_nameindex* all = fd < 0 ? nullptr : ::if_nameindex();
  bool found = false;
  for (auto* i = all; i && i->if_name && !found; i++) {
    ifreq request;
    memset(&request, 0, sizeof request);
    strncpy(request.ifr_name, i->if_name, IFNAMSIZ - 1);
    if (::ioctl(fd, SIOCGIFHWADDR, &request) < 0) continue;
    memcpy(node, request.ifr_hwaddr.sa_data, sizeof node);
    for (u8 byte : node) found |= byte != 0;
  }
  if (all) ::if_freenameindex(all);
  if (fd >= 0) ::close(fd);
  if (!found && ::getrandom(node, sizeof node, 0) == sizeof node) node[0] |= 1;
}

Source& source() {
  static Source* s = [] {
    auto* fresh = new Source{};
    findNode(fresh->node);
    (void)!::getrandom(&fresh->sequence, sizeof fresh->sequence, 0);
    return fresh;
  }();
  return *s;
}

}  // namespace

Result<Ref<>> _uuid_generate_time_safe(Thread&) {
  Source& s = source();
  timespec now;
  ::clock_gettime(CLOCK_REALTIME, &now);
  u64 time = u64(now.tv_sec) * 10000000 + u64(now.tv_nsec) / 100 + kGregorianOffset;
  // Several within a tick get the ticks that follow; a clock set back, another sequence number.
  if (time <= s.last) {
    if (s.last - time > 10000000)
      s.sequence++;
    else
      time = s.last + 1;
  }
  s.last = time;
  u8 out[16];
  for (int i = 0; i < 4; i++) out[i] = u8(time >> (24 - 8 * i));
  out[4] = u8(time >> 40);
  out[5] = u8(time >> 32);
  out[6] = u8((time >> 56 & 0x0F) | 0x10);
  out[7] = u8(time >> 48);
  out[8] = u8((s.sequence >> 8 & 0x3F) | 0x80);
  out[9] = u8(s.sequence);
  memcpy(out + 10, s.node, 6);
  return Ref<>(tupleOf(makeBytes({reinterpret_cast<char*>(out), sizeof out}), makeInt(-1)));
}

Result<void> _uuid_exec(Thread&, Module& m) {
  static constexpr IntConstant kConstants[] = {{"has_uuid_generate_time_safe", 1},
                                               {"has_stable_extractable_node", 0}};
  addConstants(m, kConstants);
  return {};
}

}  // namespace dx
