// A synchronous cycle collector: trial deletion (as in Bacon & Rajan's and CPython's collectors)
// over two generations, with the program stopped.
//
// Phase 1 detaches the generation's objects, numbers them, and copies their counts. Phase 2 takes
// one off for each reference from inside the set; what keeps a positive number is referenced from
// outside and marks what it reaches. The rest is garbage: weak references to it are cleared,
// finalizers run, and if nothing was resurrected its references are dropped.
#include "memory/collector.h"
#include "memory/slots.h"

#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#endif

namespace dx {

constinit GcState gGcState;
constinit GcHeader gGcYoung = {};

namespace {

constexpr int kGenerations = 3;
constexpr u64 kUnlinkedMark = ~u64(0);  // `next` of objects that are being examined

// Generation 0 and the older ones; the last list: frozen objects.
GcHeader gOlder[kGenerations];
GcHeader* headOf(int generation) { return generation == 0 ? &gGcYoung : &gOlder[generation - 1]; }
// Lists are empty before the first object is made.
[[gnu::constructor(101)]] void makeListsEmpty() {
  for (int g = 0; g <= kGenerations; g++) headOf(g)->next = headOf(g)->prev = u64(headOf(g));
}

u64 bitsOf(GcHeader* h) { return reinterpret_cast<u64>(h); }
GcHeader* nextOf(GcHeader* h) { return reinterpret_cast<GcHeader*>(h->next); }
GcHeader* prevOf(GcHeader* h) { return reinterpret_cast<GcHeader*>(h->prev & ~kGcFlagMask); }
void setPrev(GcHeader* h, GcHeader* p) { h->prev = bitsOf(p) | (h->prev & kGcFlagMask); }

void linkAtEnd(GcHeader* head, GcHeader* h) {
  GcHeader* last = prevOf(head);
  h->next = bitsOf(head);
  setPrev(h, last);
  last->next = bitsOf(h);
  setPrev(head, h);
}

void unlink(GcHeader* h) {
  GcHeader *p = prevOf(h), *n = nextOf(h);
  p->next = bitsOf(n);
  setPrev(n, p);
  h->next = 0;
  h->prev &= kGcFlagMask;
}

bool isCandidate(Object* o) {
  return !o->isImmortal() && o->type->has(kTypeHasGc) && (gcHeader(o)->prev & kGcCollecting);
}

// The objects under examination. Object i's header holds i in `prev` above the flags.
class Examination {
 public:
  void add(GcHeader* h) {
    h->next = kUnlinkedMark;
    h->prev = (u64(objects_.size()) << 3) | (h->prev & kGcFlagMask) | kGcCollecting;
    Object* o = gcObject(h);
    objects_.push_back(o);
    counts_.push_back(o->refcount);
  }
  void takeList(GcHeader* head) {
    GcHeader* h = nextOf(head);
    while (h != head) {
      GcHeader* next = nextOf(h);
      add(h);
      h = next;
    }
    head->next = head->prev = bitsOf(head);
  }
  // Leaves `garbage` as the unreachable objects; links the rest to `survivors`.
  void run(GcHeader* survivors, GcHeader* unreachableList, std::vector<Object*>* garbage) {
    Subtract subtract(*this);
    for (Object* o : objects_) traverse(o, subtract);
    Mark mark(*this);
    reached_.assign(objects_.size(), false);
    for (size_t i = 0; i < objects_.size(); i++)
      if (counts_[i] > 0) mark.visit(objects_[i]);
    while (!mark.work.empty()) {
      Object* o = mark.work.back();
      mark.work.pop_back();
      traverse(o, mark);
    }
    for (size_t i = 0; i < objects_.size(); i++) {
      GcHeader* h = gcHeader(objects_[i]);
      h->prev &= kGcFlagMask & ~kGcCollecting;
      linkAtEnd(reached_[i] ? survivors : unreachableList, h);
      if (!reached_[i]) garbage->push_back(objects_[i]);
    }
  }

 private:
  static u64 indexOf(Object* o) { return gcHeader(o)->prev >> 3; }
  static void traverse(Object* o, Visitor& v) {
    if (auto fn = o->type->data->slots.traverse) fn(o, v);
  }
  struct Subtract final : Visitor {
    explicit Subtract(Examination& e) : e(e) {}
    void visit(Object* o) override {
      if (isCandidate(o)) e.counts_[indexOf(o)]--;
    }
    Examination& e;
  };
  struct Mark final : Visitor {
    explicit Mark(Examination& e) : e(e) {}
    void visit(Object* o) override {
      if (!isCandidate(o)) return;
      u64 i = indexOf(o);
      if (e.reached_[i]) return;
      e.reached_[i] = true;
      work.push_back(o);
    }
    Examination& e;
    std::vector<Object*> work;
  };
  std::vector<Object*> objects_;
  std::vector<i64> counts_;
  std::vector<bool> reached_;
};

// Weak references to garbage read as dead before any finalizer runs; callbacks of weak references
// that are themselves alive are called.
void clearGarbageWeakrefs(const std::vector<Object*>& garbage) {
  std::vector<Ref<WeakRef>> callbacks;
  auto isGarbage = [](Object* o) {
    return o->type->has(kTypeHasGc) && (gcHeader(o)->prev & kGcCollecting);
  };
  for (Object* o : garbage) gcHeader(o)->prev |= kGcCollecting;
  for (Object* o : garbage) {
    WeakRef** list = weakrefList(o);
    if (!list) continue;
    while (WeakRef* w = *list) {
      unlinkWeakref(w);
      if (w->callback && !isGarbage(w)) callbacks.push_back(retainObject(w));
    }
  }
  for (Object* o : garbage) gcHeader(o)->prev &= ~kGcCollecting;
  for (Ref<WeakRef>& w : callbacks) runWeakrefCallback(w);
}

void runFinalizers(const std::vector<Ref<>>& garbage) {
  for (const Ref<>& r : garbage) {
    Object* o = r.get().object();
    if (!o->type->data->slots.finalize || (gcHeader(o)->prev & kGcFinalized)) continue;
    gcHeader(o)->prev |= kGcFinalized;
    runFinalizer(o);
  }
}

// Nothing has become old since ageTracked().
bool gOnlyStartIsOld;

i64 collectGeneration(int generation, int next) {
  GcState& state = gcState();
  GcHeader* survivors = headOf(next);
  if (next == kGenerations - 1) gOnlyStartIsOld = false;
  GcHeader unreachable;
  unreachable.next = unreachable.prev = bitsOf(&unreachable);
  std::vector<Object*> garbage;
  {
    Examination exam;
    for (int g = 0; g <= generation; g++) exam.takeList(headOf(g));
    exam.run(survivors, &unreachable, &garbage);
  }
  for (int g = 0; g <= generation; g++) state.counts[g] = 0;
  if (next > generation) state.counts[next]++;
  if (garbage.empty()) return 0;

  // Owning references keep everything alive while finalizers and callbacks run.
  std::vector<Ref<>> held;
  held.reserve(garbage.size());
  bool mayResurrect = false;
  for (Object* o : garbage) {
    held.push_back(retain(o));
    mayResurrect |= o->type->data->slots.finalize != nullptr;
  }
  clearGarbageWeakrefs(garbage);
  runFinalizers(held);

  std::vector<Object*> dead;
  if (mayResurrect) {
    // Examine the garbage again on its own: what is referenced from outside now lives on.
    for (Ref<>& r : held) r.get().object()->refcount--;  // the examination must not see `held`
    Examination exam;
    exam.takeList(&unreachable);
    exam.run(survivors, &unreachable, &dead);
    for (Ref<>& r : held) r.get().object()->refcount++;
  } else {
    dead = garbage;
  }
  i64 found = i64(dead.size());
  // Finalizers may have made new weak references; nothing can be reached through those either.
  if (mayResurrect)
    for (Object* o : dead)
      if (WeakRef** list = weakrefList(o))
        while (*list) unlinkWeakref(*list);
  if (state.debugFlags & 2 && state.collectableHook)  // gc.DEBUG_COLLECTABLE
    for (Object* o : dead) state.collectableHook(o);
  if (state.debugFlags & 32) {  // gc.DEBUG_SAVEALL
    for (Object* o : dead) {
      unlink(gcHeader(o));
      linkAtEnd(survivors, gcHeader(o));
    }
    if (state.saveGarbage)
      for (Object* o : dead) state.saveGarbage(o);
    return found;
  }
  // Dead weak references first: objects that are not tracked may die in what follows, and callbacks
  // of dead references to them must not run on cleared functions.
  for (Object* o : dead)
    if (isWeakReference(o)) o->type->data->slots.clear(o);
  for (Object* o : dead)
    if (auto clear = o->type->data->slots.clear) clear(o);
  held.clear();
  // Whatever a clear function could not break stays tracked.
  while (nextOf(&unreachable) != &unreachable) {
    GcHeader* h = nextOf(&unreachable);
    unlink(h);
    linkAtEnd(survivors, h);
  }
  state.stats[generation].collected += found;
  return found;
}

}  // namespace

static i64 collect(int generation, int examined, int next) {
  GcState& state = gcState();
  if (state.collecting) return 0;
  state.collecting = true;
  if (state.phaseHook) state.phaseHook(true, generation, 0);
  i64 found = collectGeneration(examined, next);
  state.stats[generation].collections++;
  if (state.phaseHook) state.phaseHook(false, generation, found);
  state.collecting = false;
#ifdef DX_CHECKED
  verifyHeap();
#endif
  return found;
}

i64 collect(int generation) {
  return collect(generation, generation, std::min(generation + 1, kGenerations - 1));
}

i64 collectAtEnd() { return gOnlyStartIsOld ? collect(2, 1, 1) : collect(2); }

bool onlyStartIsOld() { return gOnlyStartIsOld; }

void ageTracked() {
  for (int g = 0; g < kGenerations - 1; g++)
    while (nextOf(headOf(g)) != headOf(g)) {
      GcHeader* h = nextOf(headOf(g));
      unlink(h);
      linkAtEnd(headOf(kGenerations - 1), h);
    }
  for (int g = 0; g < kGenerations; g++) gcState().counts[g] = 0;
  gOnlyStartIsOld = true;
}

void collectIfDue() {
  GcState& state = gcState();
  collectionDone();
  if (!state.enabled || state.collecting || state.thresholds[0] <= 0) return;
  if (state.counts[0] <= state.thresholds[0]) return;
  int generation = 0;
  if (state.thresholds[1] > 0 && state.counts[1] > state.thresholds[1]) {
    generation = 1;
    // A full collection costs the whole heap: only when what is young has grown by a quarter of it.
    if (state.counts[2] > 10) generation = 2;
  }
  collect(generation);
}

void forEachTracked(int generation, void (*fn)(Object*, void*), void* context) {
  for (int g = 0; g < kGenerations; g++) {
    if (generation >= 0 && g != generation) continue;
    GcHeader* head = headOf(g);
    for (GcHeader* h = nextOf(head); h != head; h = nextOf(h)) fn(gcObject(h), context);
  }
}

void freezeTracked() {
  for (int g = 0; g < kGenerations; g++)
    while (nextOf(headOf(g)) != headOf(g)) {
      GcHeader* h = nextOf(headOf(g));
      unlink(h);
      linkAtEnd(headOf(kGenerations), h);
    }
}

void unfreezeTracked() {
  while (nextOf(headOf(kGenerations)) != headOf(kGenerations)) {
    GcHeader* h = nextOf(headOf(kGenerations));
    unlink(h);
    linkAtEnd(headOf(kGenerations - 1), h);
  }
}

i64 frozenCount() {
  GcHeader* head = headOf(kGenerations);
  i64 n = 0;
  for (GcHeader* h = nextOf(head); h != head; h = nextOf(h)) n++;
  return n;
}

void verifyHeap() {
  struct Check final : Visitor {
    void visit(Object* o) override {
      DX_CHECK(o->type != nullptr);
      DX_CHECK(o->isImmortal() || o->refcount > 0);
      DX_CHECK((reinterpret_cast<u64>(o) & 7) == 0);
    }
  } check;
  forEachTracked(
      -1,
      [](Object* o, void* context) {
        auto& check = *static_cast<Check*>(context);
        DX_CHECK(o->type && o->type->has(kTypeHasGc));
        DX_CHECK(o->refcount > 0 && o->overflow == 0 && o->headerFlags == 0);
        DX_CHECK(!(gcHeader(o)->prev & kGcCollecting));
        if (auto fn = o->type->data->slots.traverse) fn(o, check);
      },
      &check);
}

void checkLeaks() {
#if __has_feature(address_sanitizer)
  collect(kGenerations - 1);  // the cycles that the last modules were part of
  // Being in the collector's lists must not count as being referred to.
  for (int g = 0; g <= kGenerations; g++)
    while (nextOf(headOf(g)) != headOf(g)) unlink(nextOf(headOf(g)));
  __lsan_do_leak_check();
#endif
}

}  // namespace dx
