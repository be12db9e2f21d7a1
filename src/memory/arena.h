// The arena: memory at an address that is the same in every process, so that what was allocated in
// one process can be written to a file and mapped by another (runtime/snapshot.h). It is open while
// a snapshot is made: then all of dxpy's memory comes from it. A process that maps a snapshot only
// frees blocks of it, which then stay unused. Of one thread but for arenaSpare(); nothing here runs
// Python.
#pragma once
#include <span>

#include "base/base.h"

namespace dx {

constexpr u64 kArenaBase = u64(1) << 36;    // far from where programs, libraries and stacks lie
constexpr u64 kArenaBytes = u64(32) << 20;  // of blocks
constexpr u64 kArenaTable = kArenaBase + kArenaBytes;  // the list of blocks lies behind them
constexpr u64 kArenaUnit = 16;
// The arena's end is memory for the first allocations of every process.
constexpr size_t kArenaEarlyBytes = 64 << 10;
constexpr u64 kArenaEarly = kArenaBase + kArenaBytes - kArenaEarlyBytes;

// A block, in units from kArenaBase; blocks are listed by address.
struct ArenaBlock {
  u32 start, size;
  u32 nextFree;  // in a list of free blocks of this size: index + 1
  bool live;
};

struct ArenaState {
  bool open;
  u32 count;  // of blocks
  u32 used;   // units
  u32 freeLists[256];
  // Memory for allocations of a process, so that the heap need not be touched for them: first the
  // early memory, then what a snapshot leaves of its page. What is freed of it is not used again.
  u8 *spare, *spareEnd;
  std::span<ArenaBlock> blocks() const {
    return {reinterpret_cast<ArenaBlock*>(kArenaTable), count};
  }
};
extern ArenaState gArena;

inline bool inArena(const void* p) { return reinterpret_cast<u64>(p) - kArenaBase < kArenaBytes; }

bool openArena();  // false: the addresses are taken
void* arenaAllocate(size_t bytes);
void arenaFree(void* p);  // no-op when the arena is not open
// Null for large blocks, and when there is no spare memory (left). Any thread may ask.
constexpr size_t kLargestSpare = 96 << 10;
inline void* arenaSpare(size_t bytes) {
  bytes = bytes ? (bytes + kArenaUnit - 1) & ~(kArenaUnit - 1) : kArenaUnit;
  if (bytes > kLargestSpare) return nullptr;
  u8* p = __atomic_load_n(&gArena.spare, __ATOMIC_RELAXED);
  do {
    if (bytes > size_t(gArena.spareEnd - p)) return nullptr;
  } while (!__atomic_compare_exchange_n(&gArena.spare, &p, p + bytes, true, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED));
  return p;
}
// What can be read at p as a block's contents: at least the block.
size_t arenaBlockBytes(const void* p);

}  // namespace dx
