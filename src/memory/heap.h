// Allocation and death of objects. Nothing here runs Python except where said.
#pragma once
#include "memory/ref.h"

namespace dx {

// Raw memory for object parts (list storage, dict tables). Never null: exhaustion is reported by
// allocateOrNull only, used where a program can ask for absurd sizes.
void* allocate(size_t bytes);
void* allocateOrNull(size_t bytes);
void* reallocateOrNull(void* p, size_t bytes);
void release(void* p);

// Memory from and to the size-class lists, for short-lived parts whose size the owner knows (under
// the interpreter lock). Uninitialized.
void* allocateBlock(size_t bytes);
void releaseBlock(void* p, size_t bytes);

// A new object with count 1, `bytes` long from its header (pre-header added by type flags),
// zeroed after the header; the type's count is taken when it is a heap type. Not yet tracked.
// Null when memory is exhausted (only possible for absurd sizes).
Object* newObjectOrNull(Type* type, size_t bytes);
Object* newObject(Type* type, size_t bytes);
// An instance of `cls`, which may be a subclass with a larger basicSize and inline slots (set up as
// empty). `itemBytes` is the size of the variable part.
Object* newInstance(Type* cls, size_t itemBytes = 0);
template <class T>
Ref<T> make(Type* type, size_t extraBytes = 0) {
  return Ref<T>::steal(static_cast<T*>(newObject(type, sizeof(T) + extraBytes)));
}

// Gives the memory back (and the heap type's count). The object's fields were released already.
void freeObject(Object* o);

// The collector sees tracked objects only. Track when all fields are valid; untrack first in
// dealloc.
void gcTrack(Object* o);
void gcUntrack(Object* o);
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
void requestCollection();      // sets kPendingCollect in the running thread
void collectionDone();         // clears it

// Live objects by count, for leak checks in checked builds.
i64 liveObjectCount();

}  // namespace dx
