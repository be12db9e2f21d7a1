// The arena: memory at an address that is the same in every process, so that what was allocated in
// one process can be written to a file and mapped by another (runtime/snapshot.h). It is open while
// a snapshot is made: then all of dxpy's memory comes from it. A process that maps a snapshot only
// frees blocks of it, which then stay unused. One thread; nothing here runs Python.
#pragma once
#include <span>

#include "base/base.h"

namespace dx {

constexpr u64 kArenaBase = u64(1) << 36;    // far from where programs, libraries and stacks lie
constexpr u64 kArenaBytes = u64(32) << 20;  // of blocks
constexpr u64 kArenaTables = kArenaBase + kArenaBytes;  // the lists of blocks lie behind them
constexpr u64 kArenaUnit = 16;

// A block, in units from kArenaBase.
struct ArenaBlock {
  u32 start, size;
  u32 link;  // of a live block: which allocation it was; of a free one: the next of its size + 1
  bool live;
};

// Blocks that every start writes to stand together, so that the others stay shared.
enum ArenaPart { kArenaWritten, kArenaRest, kArenaParts };

struct ArenaRegion {
  u32 begin, end, used;  // units; used: the first that was never given out
  u32 count;             // of blocks
  u32 freeLists[256];
  ArenaBlock* table;  // by address
  std::span<ArenaBlock> blocks() const { return {table, count}; }
  u64 address() const { return kArenaBase + begin * kArenaUnit; }
  size_t bytes() const { return (used - begin) * kArenaUnit; }
};

struct ArenaState {
  bool open;
  u32 allocations;
  ArenaRegion regions[kArenaParts];
  // Which allocations go to kArenaWritten, ascending.
  const u32 *written, *writtenEnd;
  // Memory for the first allocations of a process, so that the heap is not touched for them. What
  // is freed of it is not used again.
  u8 *spare, *spareEnd;
};
extern ArenaState gArena;

inline bool inArena(const void* p) { return reinterpret_cast<u64>(p) - kArenaBase < kArenaBytes; }

// `written`: the allocations whose blocks starts write to, as another run with the same
// allocations has shown; their units. False: the addresses are taken.
bool openArena(std::span<const u32> written, u32 writtenUnits);
void* arenaAllocate(size_t bytes);
void arenaFree(void* p);  // no-op when the arena is not open
// Null for large blocks, and when there is no spare memory (left).
constexpr size_t kLargestSpare = 64 << 10;
inline void* arenaSpare(size_t bytes) {
  bytes = bytes ? (bytes + kArenaUnit - 1) & ~(kArenaUnit - 1) : kArenaUnit;
  if (bytes > kLargestSpare || bytes > size_t(gArena.spareEnd - gArena.spare)) return nullptr;
  u8* p = gArena.spare;
  gArena.spare += bytes;
  return p;
}
constexpr size_t kArenaSpareBytes = 256 << 10;  // at the arena's end
constexpr u64 kArenaSpare = kArenaBase + kArenaBytes - kArenaSpareBytes;
// What can be read at p as a block's contents: at least the block.
size_t arenaBlockBytes(const void* p);

}  // namespace dx
