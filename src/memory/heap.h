// Allocation and death of objects. Nothing here runs Python except where said.
#pragma once
#include "memory/ref.h"

namespace dx {

// Raw memory for object parts (list storage, dict tables). Never null: exhaustion is reported by
// allocateOrNull only, used where a program can ask for absurd sizes.
void* allocate(size_t bytes);
void* allocateOrNull(size_t bytes);
void* allocateScratch(size_t bytes);  // not part of a snapshot that is being made
void* reallocateOrNull(void* p, size_t bytes);
void release(void* p);

// ---- size classes ----
//
// Small blocks are kept in lists by size when they are freed (under the interpreter lock). Not in
// builds where AddressSanitizer should see every use after free.
#ifdef DX_MIMALLOC
struct FreeBlock {
  FreeBlock* next;
};
struct BlockList {
  FreeBlock* first;
  i64 room;  // blocks that may still be kept
};
constexpr size_t kBlockStep = 16, kBlockClasses = 65;  // up to 1 KB
extern BlockList gBlockLists[kBlockClasses];
void useBlockLists();    // empty, with room: as at the start
void avoidBlockLists();  // nothing is kept: each block comes from allocate() and goes to release()
inline BlockList* blockListFor(size_t bytes) {
  size_t c = (bytes + kBlockStep - 1) / kBlockStep;
  return c < kBlockClasses ? &gBlockLists[c] : nullptr;
}
inline size_t blockSize(size_t bytes) { return (bytes + kBlockStep - 1) & ~(kBlockStep - 1); }
#endif

// Memory from and to these lists, for parts whose size the owner knows; also memory of allocate()
// may go there. Uninitialized.
DX_INLINE void* allocateBlock(size_t bytes) {
#ifdef DX_MIMALLOC
  BlockList* list = blockListFor(bytes);
  if (list && list->first) [[likely]] {
    FreeBlock* block = list->first;
    list->first = block->next;
    list->room++;
    return block;
  }
  return allocate(blockSize(bytes));
#else
  return allocate(bytes);
#endif
}
// `bytes`: what the block is known to have at least.
DX_INLINE void releaseBlock(void* p, size_t bytes) {
#ifdef DX_MIMALLOC
  BlockList* list = blockListFor(bytes);
  if (list && list->room > 0) [[likely]] {
    auto* block = static_cast<FreeBlock*>(p);
    block->next = list->first;
    list->first = block;
    list->room--;
    return;
  }
#endif
  release(p);
}

// What stands in front of an instance's header.
inline size_t prefixSize(const Type* type) {
  size_t n = type->has(kTypeHasGc) ? sizeof(GcHeader) : 0;
  return type->has(kTypeManagedDict | kTypeManagedWeakref) ? n + 16 : n;
}

// A new object with count 1, `bytes` long from its header (pre-header added by type flags),
// zeroed after the header; the type's count is taken when it is a heap type. Not yet tracked.
// Null when memory is exhausted (only possible for absurd sizes).
Object* newObjectOrNull(Type* type, size_t bytes);
Object* newObject(Type* type, size_t bytes);
// The same for static types without managed words, and nothing after the header is set. Null only
// when absurd.
extern i64 gLiveObjects;
DX_INLINE Object* newObjectUninitialized(Type* type, size_t bytes) {
  auto* o = static_cast<Object*>(allocateBlock(bytes));
  o->refcount = 1;
  o->overflow = 0;
  o->headerFlags = 0;
  o->type = type;
  gLiveObjects++;
  return o;
}
DX_INLINE Object* newGcObjectUninitialized(Type* type, size_t bytes) {
  auto* h = static_cast<GcHeader*>(allocateBlock(sizeof(GcHeader) + bytes));
  h->next = h->prev = 0;
  Object* o = gcObject(h);
  o->refcount = 1;
  o->overflow = 0;
  o->headerFlags = 0;
  o->type = type;
  gLiveObjects++;
  return o;
}
// Ends an object of a static type whose size its owner knows.
DX_INLINE void freeGcObject(Object* o, size_t bytes) {
  gLiveObjects--;
  releaseBlock(gcHeader(o), sizeof(GcHeader) + bytes);
}
// An instance of `cls`, which may be a subclass with a larger basicSize and inline slots (set up as
// empty). `itemBytes` is the size of the variable part.
Object* newInstance(Type* cls, size_t itemBytes = 0);
template <class T>
Ref<T> make(Type* type, size_t extraBytes = 0) {
  return Ref<T>::steal(static_cast<T*>(newObject(type, sizeof(T) + extraBytes)));
}

// Gives the memory back (and the heap type's count). The object's fields were released already.
void freeObject(Object* o);

struct GcStats {
  i64 collections, collected, uncollectable;
};
struct GcState {
  bool enabled = true;
  bool collecting = false;
  int thresholds[3] = {2000, 10, 10};  // of the first 0: no collections
  // As many young objects make a collection due; the collector raises it while it finds little,
  // unless the program said how many it wants.
  i64 youngLimit = 2000;
  bool adaptive = true;
  i64 counts[3] = {0, 0, 0};
  int debugFlags = 0;
  GcStats stats[3] = {};
  void (*saveGarbage)(Object*) = nullptr;  // appends to gc.garbage under DEBUG_SAVEALL
  // Module gc: around a collection (may run Python), and for each object that is garbage.
  void (*phaseHook)(bool start, int generation, i64 found) = nullptr;
  void (*collectableHook)(Object*) = nullptr;
  bool (*hasCallbacks)() = nullptr;  // whether the program wants to know of collections
};
extern GcState gGcState;
inline GcState& gcState() { return gGcState; }
extern GcHeader gGcYoung;  // head of the list of objects that no collection has seen
void requestCollection();  // sets kPendingCollect in the running thread

// The collector sees tracked objects only. Track when all fields are valid; untrack first in
// dealloc.
DX_INLINE void gcTrack(Object* o) {
  GcHeader* h = gcHeader(o);
  DX_ASSERT(h->next == 0);
  auto* last = reinterpret_cast<GcHeader*>(gGcYoung.prev);
  h->next = reinterpret_cast<u64>(&gGcYoung);
  h->prev = reinterpret_cast<u64>(last) | (h->prev & kGcFlagMask);
  last->next = reinterpret_cast<u64>(h);
  gGcYoung.prev = reinterpret_cast<u64>(h);
  GcState& state = gGcState;
  if (++state.counts[0] > state.youngLimit && state.enabled && state.thresholds[0] > 0) [[unlikely]]
    requestCollection();
}
DX_INLINE void gcUntrack(Object* o) {
  GcHeader* h = gcHeader(o);
  if (h->next == 0) return;
  auto* next = reinterpret_cast<GcHeader*>(h->next);
  u64 previous = h->prev & ~kGcFlagMask;
  reinterpret_cast<GcHeader*>(previous)->next = h->next;
  next->prev = previous | (next->prev & kGcFlagMask);
  h->next = 0;
  h->prev &= kGcFlagMask;
  if (gGcState.counts[0] > 0) gGcState.counts[0]--;
}
inline bool gcIsTracked(Object* o) { return gcHeader(o)->next != 0; }

// Deallocation of deeply nested containers does not recurse: deallocate() defers past a depth
// limit.

// ---- weak references (memory/weakrefs.cpp) ----
// Where an object's list of weak references starts, or null if its type has none.
WeakRef** weakrefList(Object* o);
// The referent dies: every weak reference to it reads as dead, then callbacks run (newest first).
void clearWeakrefs(Object* o);
void linkWeakref(WeakRef* w, Object* referent);
void unlinkWeakref(WeakRef* w);

// ---- what this folder needs from above; runtime/thread.cpp implements it ----
void runWeakrefCallback(WeakRef* w);  // w.callback(w); errors are unraisable
bool isWeakReference(const Object* o);
void runFinalizer(Object* o);  // slots.finalize with the pending exception put aside
void collectionDone();         // clears what requestCollection() set

// Live objects by count, for leak checks in checked builds.
i64 liveObjectCount();

}  // namespace dx
