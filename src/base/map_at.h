// Mapping memory at an address of one's choice.
#pragma once
#include <sys/mman.h>

#include "base/base.h"

namespace dx {

// Maps privately at exactly this address, where nothing may lie yet: what mmap's flags (without the
// kind of mapping and its place) and file say, or plain memory that counts as it is touched. False:
// the address is taken, or there is no memory.
inline bool mapAt(u64 where, size_t bytes, int protection = PROT_READ | PROT_WRITE,
                  int flags = MAP_ANONYMOUS | MAP_NORESERVE, int fd = -1, off_t offset = 0) {
  void* wanted = reinterpret_cast<void*>(where);
  void* at = mmap(wanted, bytes, protection, MAP_PRIVATE | MAP_FIXED_NOREPLACE | flags, fd, offset);
  if (at == wanted) return true;
  if (at != MAP_FAILED) munmap(at, bytes);  // a kernel that takes the address for a hint
  return false;
}

}  // namespace dx
