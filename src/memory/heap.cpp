#include "memory/heap.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <utility>

#ifdef DX_MIMALLOC
#include <mimalloc.h>
#endif

#include "memory/arena.h"
#include "memory/slots.h"
#include "object/shape.h"

namespace dx {

i64 gLiveObjects = 0;

namespace {

// Deaths that wait because the dying objects nest too deeply.
constexpr int kMaxDeathDepth = 60;
thread_local int deathDepth = 0;
thread_local std::vector<Object*>* deferredDeaths = nullptr;

// Sizes beyond this are refused instead of attempted.
constexpr size_t kMaxAllocation = size_t(1) << 46;

[[noreturn]] void outOfMemory() {
  fputs("dxpy: out of memory\n", stderr);
  abort();
}

}  // namespace

#ifdef DX_MIMALLOC
// The large block that was freed last. Given back to the system it would return as pages to be
// faulted in and cleared, which takes several times as long as a pass over them.
static constexpr size_t kLargeBlock = size_t(4) << 20, kMostSpare = size_t(64) << 20;
static std::atomic<void*> gSpare = nullptr;

DX_NOINLINE static void* allocateLarge(size_t bytes) {
  void* spare = gSpare.exchange(nullptr);
  if (spare) {
    size_t room = mi_usable_size(spare);
    if (room >= bytes && room / 2 <= bytes) return spare;
    mi_free(spare);
  }
  return mi_malloc(bytes);
}
DX_NOINLINE static void releaseLarge(void* p) {
  if (inArena(p)) return arenaFree(p);
  if (mi_usable_size(p) <= kMostSpare) p = gSpare.exchange(p);
  mi_free(p);
}
#endif

#ifdef DX_MIMALLOC
// A heap that grows takes memory from the system by large pages: page by page that costs more than
// filling them. The first part of mimalloc's segment stays as it is; small programs need no more.
static bool gHeapUsed = false;
DX_COLD static void growByLargePages() {
  gHeapUsed = true;
  constexpr u64 kSegment = u64(32) << 20, kSmall = u64(4) << 20;
  void* first = mi_malloc(1);
  u64 segment = reinterpret_cast<u64>(first) & ~(kSegment - 1);
  mi_free(first);
  madvise(reinterpret_cast<void*>(segment + kSmall), kSegment - kSmall, MADV_HUGEPAGE);
}
#endif

void* allocateOrNull(size_t bytes) {
  if (bytes > kMaxAllocation) return nullptr;
#ifdef DX_MIMALLOC
  if (gArena.open) [[unlikely]]
    return arenaAllocate(bytes);
  if (void* p = arenaSpare(bytes)) [[unlikely]]
    return p;
  if (bytes >= kLargeBlock) [[unlikely]]
    return allocateLarge(bytes);
  if (!gHeapUsed) [[unlikely]]
    growByLargePages();
  return mi_malloc(bytes);
#else
  return malloc(bytes ? bytes : 1);
#endif
}

void* allocate(size_t bytes) {
  void* p = allocateOrNull(bytes);
  if (!p) outOfMemory();
  return p;
}

void* allocateScratch(size_t bytes) {
  bool open = std::exchange(gArena.open, false);
  void* p = allocate(bytes);
  gArena.open = open;
  return p;
}

void* reallocateOrNull(void* p, size_t bytes) {
  if (bytes > kMaxAllocation) return nullptr;
#ifdef DX_MIMALLOC
  if (gArena.open || inArena(p)) [[unlikely]] {
    void* fresh = allocate(bytes);
    size_t old = !p ? 0 : inArena(p) ? arenaBlockBytes(p) : mi_usable_size(p);
    if (old) memcpy(fresh, p, std::min(old, bytes));
    if (p) release(p);
    return fresh;
  }
  return mi_realloc(p, bytes);
#else
  return realloc(p, bytes ? bytes : 1);
#endif
}

void release(void* p) {
#ifdef DX_MIMALLOC
  if (inArena(p)) [[unlikely]]
    return arenaFree(p);
  mi_free(p);
#else
  free(p);
#endif
}

#ifdef DX_MIMALLOC
// Blocks that are kept of a class: 64 KB, of the smallest, which texts fall into, 1 MB; some in any
// case.
static i64 roomOf(size_t c) {
  return std::max<i64>(c <= 32 ? 256 : 64, (c <= 8 ? 1 << 20 : 1 << 16) / i64(c * kBlockStep));
}
constinit BlockList gBlockLists[kBlockClasses] = {};
[[gnu::constructor(101)]] void useBlockLists() {
  gHeapUsed = false;
  for (size_t c = 1; c < kBlockClasses; c++) gBlockLists[c] = {nullptr, roomOf(c)};
}
void avoidBlockLists() {
  for (BlockList& list : gBlockLists) list = {};
}

#endif

static u8* newZeroed(size_t bytes) {
#ifdef DX_MIMALLOC
  BlockList* list = blockListFor(bytes);
  if (!list || !list->first) [[unlikely]] {
    if (gArena.open) return static_cast<u8*>(memset(arenaAllocate(bytes), 0, blockSize(bytes)));
    if (void* p = arenaSpare(bytes)) return static_cast<u8*>(memset(p, 0, blockSize(bytes)));
    return static_cast<u8*>(mi_zalloc(blockSize(bytes)));
  }
  FreeBlock* block = list->first;
  list->first = block->next;
  list->room++;
  auto* p = reinterpret_cast<u64*>(block);
  for (size_t i = 0, n = blockSize(bytes) / 8; i < n; i += 2) p[i] = p[i + 1] = 0;
  return reinterpret_cast<u8*>(block);
#else
  return static_cast<u8*>(calloc(1, bytes));
#endif
}

namespace {

// Size from the header on, when the object tells it; 0 otherwise.
size_t knownSize(const Object* o) {
  const Type* type = o->type;
  if (type->has(kTypeStrSubclass)) {  // compact strings are shorter than their type says
    auto* s = static_cast<const Str*>(o);
    if (type != &PyUnicode_Type || !s->isCompact()) return 0;
    return (s->isAscii() ? sizeof(Str) : sizeof(CompactStr)) + size_t(s->length + 1) * s->kind();
  }
  if (type == &PyBytes_Type) {
    i64 size = static_cast<const Bytes*>(o)->size;
    return offsetof(Bytes, data) + size_t(size) + 1;
  }
  if (type->itemSize == 0) {
    if (!type->has(kTypeInlineValues)) return size_t(type->basicSize);
    u64 word = managedDictWord(const_cast<Object*>(o));
    if (word == 0 || (word & kDictModeTag)) return 0;
    return size_t(type->basicSize) + reinterpret_cast<Shape*>(word)->capacity * sizeof(Value);
  }
  if (type == &PyTuple_Type)
    return offsetof(Tuple, items) + size_t(static_cast<const Tuple*>(o)->size) * sizeof(Value);
  if (type == &PyLong_Type)
    return offsetof(Int, digits) +
           std::max(1u, static_cast<const Int*>(o)->digitCount()) * sizeof(u32);
  return 0;
}

}  // namespace

Object* newObjectOrNull(Type* type, size_t bytes) {
#ifdef DX_MIMALLOC
  // Of a static type, in a block that is at hand.
  if (!(type->flags & (kTypeManagedDict | kTypeManagedWeakref | kTypeHeap))) {
    size_t prefix = type->has(kTypeHasGc) ? sizeof(GcHeader) : 0, all = prefix + bytes;
    BlockList* list = bytes < 512 ? blockListFor(all) : nullptr;
    if (list && list->first) [[likely]] {
      FreeBlock* block = list->first;
      list->first = block->next;
      list->room++;
      auto* p = reinterpret_cast<u64*>(block);
      for (size_t i = 0, n = blockSize(all) / 8; i < n; i += 2) p[i] = p[i + 1] = 0;
      auto* o = reinterpret_cast<Object*>(reinterpret_cast<u8*>(block) + prefix);
      o->refcount = 1;
      o->type = type;
      gLiveObjects++;
      return o;
    }
  }
#endif
  size_t prefix = prefixSize(type);
  if (bytes > kMaxAllocation) return nullptr;
  u8* p = newZeroed(prefix + bytes);
  if (!p) return nullptr;
  Object* o = reinterpret_cast<Object*>(p + prefix);
  o->refcount = 1;
  o->type = type;
  if (type->has(kTypeHeap)) increfObject(type);
  gLiveObjects++;
  return o;
}

Object* newObject(Type* type, size_t bytes) {
  Object* o = newObjectOrNull(type, bytes);
  if (!o) outOfMemory();
  return o;
}

void freeObject(Object* o) {
  Type* type = o->type;
  gLiveObjects--;
  size_t prefix = prefixSize(type), known = knownSize(o);
  void* block = reinterpret_cast<u8*>(o) - prefix;
#ifdef DX_MIMALLOC
  if (known >= kLargeBlock) [[unlikely]]
    releaseLarge(block);
  else
#endif
      if (known)
    releaseBlock(block, prefix + known);
  else
    release(block);
  if (type->has(kTypeHeap)) decrefObject(type);
}

i64 liveObjectCount() { return gLiveObjects; }

// Runs __del__ once. True when the object lives on.
DX_COLD static bool finalizeResurrects(Object* o) {
  Type* type = o->type;
  bool gc = type->has(kTypeHasGc);
  if (gc && (gcHeader(o)->prev & kGcFinalized)) return false;
  if (gc) gcHeader(o)->prev |= kGcFinalized;
  o->refcount = 1;
  runFinalizer(o);
  return --o->refcount != 0;
}

DX_INLINE static void die(Object* o) {
  Type* type = o->type;
  // Finished generators have nothing to finalize.
  bool finished = type == &PyGen_Type && static_cast<Generator*>(o)->state == GenState::Cleared;
  if (type->data->slots.finalize && !finished && finalizeResurrects(o)) return;
  if (type->weaklistOffset != 0 || type->has(kTypeManagedWeakref)) {
    WeakRef** list = weakrefList(o);
    if (list && *list) {
      o->refcount = 1;  // callbacks must not see a count of zero
      clearWeakrefs(o);
      if (--o->refcount != 0) return;
    }
  }
  type->data->slots.dealloc(o);
}

DX_COLD static void drainDeaths() {
  deathDepth++;
  while (!deferredDeaths->empty()) {
    Object* next = deferredDeaths->back();
    deferredDeaths->pop_back();
    die(next);
  }
  delete std::exchange(deferredDeaths, nullptr);
  deathDepth--;
}

void deallocate(Object* o) {
  DX_ASSERT(o->type->data->slots.dealloc);
  if (deathDepth >= kMaxDeathDepth) [[unlikely]] {
    if (!deferredDeaths) deferredDeaths = new std::vector<Object*>;
    if (o->type->has(kTypeHasGc)) gcUntrack(o);
    deferredDeaths->push_back(o);
    return;
  }
  deathDepth++;
  die(o);
  if (--deathDepth == 0 && deferredDeaths) [[unlikely]]
    drainDeaths();
}

}  // namespace dx

#ifdef DX_MIMALLOC
// The C++ library sets memory aside at each start for exceptions that are thrown when there is
// none. Nothing here throws; where the library would, for lack of memory, the program ends.
extern "C" {
void* __cxa_allocate_exception(size_t) noexcept { dx::outOfMemory(); }
void __cxa_free_exception(void*) noexcept {}
void* __cxa_allocate_dependent_exception() noexcept { dx::outOfMemory(); }
void __cxa_free_dependent_exception(void*) noexcept {}
}

// Memory of the C++ library's containers too is the arena's while that is open.
void* operator new(size_t bytes) { return dx::allocate(bytes); }
void* operator new[](size_t bytes) { return dx::allocate(bytes); }
void operator delete(void* p) noexcept { dx::release(p); }
void operator delete[](void* p) noexcept { dx::release(p); }
void operator delete(void* p, size_t) noexcept { dx::release(p); }
void operator delete[](void* p, size_t) noexcept { dx::release(p); }
#endif
