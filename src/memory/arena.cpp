#include "memory/arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <utility>

namespace dx {

constinit ArenaState gArena = {};

#ifdef DX_MIMALLOC
// Before any other memory is asked for. (One mapping; page by page it would cost more.)
[[gnu::constructor(101)]] static void mapSpareMemory() {
  void* wanted = reinterpret_cast<void*>(kArenaSpare);
  void* at = mmap(wanted, kArenaSpareBytes, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_POPULATE, -1, 0);
  if (at == MAP_FAILED) return;
  if (at != wanted) {
    munmap(at, kArenaSpareBytes);
    return;
  }
  gArena.spare = static_cast<u8*>(at);
  gArena.spareEnd = gArena.spare + kArenaSpareBytes;
}
#endif

bool openArena(std::span<const u32> written, u32 writtenUnits) {
  // Around the spare memory, which is there already.
  for (auto [begin, end] :
       {std::pair(kArenaBase, kArenaSpare), std::pair(kArenaTables, kArenaTables + kArenaBytes)}) {
    void* wanted = reinterpret_cast<void*>(begin);
    void* at = mmap(wanted, end - begin, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (at != wanted) return false;
  }
  constexpr u32 kPageUnits = 4096 / kArenaUnit;
  u32 middle = (writtenUnits + kPageUnits - 1) / kPageUnits * kPageUnits;
  auto* tables = reinterpret_cast<u8*>(kArenaTables);
  gArena = {};
  gArena.open = true;
  gArena.written = written.data();
  gArena.writtenEnd = written.data() + written.size();
  gArena.regions[kArenaWritten] = {0, middle, 0, 0, {}, reinterpret_cast<ArenaBlock*>(tables)};
  gArena.regions[kArenaRest] = {middle, u32((kArenaSpare - kArenaBase) / kArenaUnit),
                                middle, 0,
                                {},     reinterpret_cast<ArenaBlock*>(tables + kArenaBytes / 2)};
  return true;
}

static ArenaRegion& regionOf(u32 start) {
  return gArena.regions[start < gArena.regions[kArenaRest].begin ? kArenaWritten : kArenaRest];
}

static ArenaBlock& blockOf(const void* p) {
  u32 start = u32((reinterpret_cast<u64>(p) - kArenaBase) / kArenaUnit);
  std::span<ArenaBlock> blocks = regionOf(start).blocks();
  auto found = std::lower_bound(blocks.begin(), blocks.end(), start,
                                [](const ArenaBlock& b, u32 at) { return b.start < at; });
  DX_CHECK(found != blocks.end() && found->start == start);
  return *found;
}

static ArenaBlock* takeFrom(ArenaRegion& region, u32 size) {
  if (size < std::size(region.freeLists) && region.freeLists[size]) {
    ArenaBlock& b = region.table[region.freeLists[size] - 1];
    region.freeLists[size] = b.link;
    return &b;
  }
  if (region.end - region.used < size) return nullptr;
  DX_CHECK((u64(region.count) + 1) * sizeof(ArenaBlock) <= kArenaBytes / 2);
  ArenaBlock& b = region.table[region.count++];
  b = {region.used, size, 0, false};
  region.used += size;
  return &b;
}

void* arenaAllocate(size_t bytes) {
  u32 size = u32(std::max<size_t>((bytes + kArenaUnit - 1) / kArenaUnit, 1));
  u32 number = gArena.allocations++;
  ArenaBlock* b = nullptr;
  if (gArena.written != gArena.writtenEnd && *gArena.written == number) {
    gArena.written++;
    b = takeFrom(gArena.regions[kArenaWritten], size);
  }
  if (!b) b = takeFrom(gArena.regions[kArenaRest], size);
  DX_CHECK(b);
  b->live = true;
  b->link = number;
  return reinterpret_cast<void*>(kArenaBase + b->start * kArenaUnit);
}

void arenaFree(void* p) {
  if (!gArena.open) return;
  ArenaBlock& b = blockOf(p);
  ArenaRegion& region = regionOf(b.start);
  b.live = false;
  if (b.size >= std::size(region.freeLists)) return;
  b.link = region.freeLists[b.size];
  region.freeLists[b.size] = u32(&b - region.table) + 1;
}

size_t arenaBlockBytes(const void* p) {
  if (reinterpret_cast<u64>(p) >= kArenaSpare)
    return size_t(gArena.spareEnd - static_cast<const u8*>(p));
  return blockOf(p).size * kArenaUnit;
}

}  // namespace dx
