// The cycle collector's interface. `sync_collector.cpp` implements it by trial deletion over the
// tracked objects, stop-the-world; a concurrent collector replaces it behind the same functions.
#pragma once
#include "memory/heap.h"

namespace dx {

// Visits each owned reference of an object once.
class Visitor {
 public:
  virtual void visit(Object* o) = 0;
  virtual void visitImmediate(Value) {}  // ints and floats that are no objects
  void operator()(Value v) {
    if (v.isObject())
      visit(v.object());
    else if (v)
      visitImmediate(v);
  }
  void operator()(Object* o) {
    if (o) visit(o);
  }

 protected:
  ~Visitor() = default;
};

// Extra roots' owners (frames, generators' heap frames) are visited by their type's traverse.

// Runs a collection of the given generation (0, 1 or 2). Runs finalizers, so may run Python.
// Returns the number of unreachable objects found.
i64 collect(int generation);
// Called at safepoints: collects when allocation thresholds are passed.
void collectIfDue();

// What is tracked now becomes old: it was made before the program began.
void ageTracked();
// The full collection at the end of a program. When nothing but what ageTracked() saw is old, that
// is not examined: it counts as referring to whatever it refers to.
i64 collectAtEnd();
bool onlyStartIsOld();

// Who could notice that all objects die now, the start's apart: memory goes back with the process,
// so when nobody can they need not. A native type whose objects' death shows outside of the process
// has a finalizer.
enum class EndNotice { Nobody, WeakReferences, Finalizers };
EndNotice whoNoticesTheEnd();
// There is one more (or less) object that ends like that and that the collector does not track.
void countUntrackedFinalizer(int change);
// When there are only weak references with callbacks: is what they watch a value of one of these
// namespaces each? Then none of it is garbage while these are there.
bool watchedAreHeld(const std::vector<Object*>& namespaces);
// When the modules are gone: is the program's namespace still reachable, as from a hook of the
// interpreter, and a weak reference with a callback too? The caller holds one count. (What hooks
// keep of libraries ends with the process.)
bool isKeptWithWatchers(Object* program);
// Instead of the end of the start's objects: the finalizers of its streams, newest first.
void finalizeStart();

// All tracked objects (gc.get_objects); generation -1 for all.
void forEachTracked(int generation, void (*fn)(Object*, void*), void* context);
void freezeTracked();
void unfreezeTracked();
i64 frozenCount();

// Checks every tracked object: header flags, types, positive counts, references to live objects.
// Aborts with a description when broken. Checked builds call it at exit and after collections.
void verifyHeap();

// At the very end of a build with LeakSanitizer: objects that nothing refers to any more, counted
// references included, are reported, and end the process with its status. Else does nothing.
void checkLeaks();

}  // namespace dx
