#include "memory/arena.h"

#include <algorithm>

#include "base/map_at.h"

namespace dx {

constinit ArenaState gArena = {};

#ifdef DX_MIMALLOC
// Before any other memory is asked for.
[[gnu::constructor(101)]] static void mapEarlyMemory() {
  if (!mapAt(kArenaEarly, kArenaEarlyBytes)) return;
  gArena.spare = reinterpret_cast<u8*>(kArenaEarly);
  gArena.spareEnd = gArena.spare + kArenaEarlyBytes;
}
#endif

bool openArena() {
  if (!mapAt(kArenaBase, kArenaEarly - kArenaBase) || !mapAt(kArenaTable, kArenaBytes))
    return false;
  gArena = {};
  gArena.open = true;
  return true;
}

static ArenaBlock& blockOf(const void* p) {
  u32 start = u32((reinterpret_cast<u64>(p) - kArenaBase) / kArenaUnit);
  std::span<ArenaBlock> blocks = gArena.blocks();
  auto found = std::lower_bound(blocks.begin(), blocks.end(), start,
                                [](const ArenaBlock& b, u32 at) { return b.start < at; });
  DX_CHECK(found != blocks.end() && found->start == start);
  return *found;
}

void* arenaAllocate(size_t bytes) {
  u32 size = u32((bytes + kArenaUnit - 1) / kArenaUnit);
  if (size == 0) size = 1;
  auto at = [](u32 unit) { return reinterpret_cast<void*>(kArenaBase + unit * kArenaUnit); };
  auto* table = reinterpret_cast<ArenaBlock*>(kArenaTable);
  if (size < std::size(gArena.freeLists) && gArena.freeLists[size]) {
    ArenaBlock& b = table[gArena.freeLists[size] - 1];
    gArena.freeLists[size] = b.nextFree;
    b.live = true;
    return at(b.start);
  }
  DX_CHECK(kArenaBase + (u64(gArena.used) + size) * kArenaUnit <= kArenaEarly);
  DX_CHECK((u64(gArena.count) + 1) * sizeof(ArenaBlock) <= kArenaBytes);
  table[gArena.count++] = {gArena.used, size, 0, true};
  u32 start = gArena.used;
  gArena.used += size;
  return at(start);
}

void arenaFree(void* p) {
  if (!gArena.open) return;
  ArenaBlock& b = blockOf(p);
  b.live = false;
  if (b.size >= std::size(gArena.freeLists)) return;
  b.nextFree = gArena.freeLists[b.size];
  gArena.freeLists[b.size] = u32(&b - gArena.blocks().data()) + 1;
}

size_t arenaBlockBytes(const void* p) {
  auto at = reinterpret_cast<u64>(p);
  if (at >= kArenaEarly) return kArenaBase + kArenaBytes - at;
  if (at < kArenaBase + gArena.used * kArenaUnit) return blockOf(p).size * kArenaUnit;
  return reinterpret_cast<u64>(gArena.spareEnd) - at;
}

}  // namespace dx
