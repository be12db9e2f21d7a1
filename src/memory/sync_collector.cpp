// A synchronous cycle collector: trial deletion (as in Bacon & Rajan's and CPython's collectors)
// over two generations, with the program stopped.
//
// Phase 1 detaches the generation's objects, numbers them, and copies their counts. Phase 2 takes
// one off for each reference from inside the set; what keeps a positive number is referenced from
// outside and marks what it reaches. The rest is garbage: weak references to it are cleared,
// finalizers run, and if nothing was resurrected its references are dropped.
#include <algorithm>

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

// How many times the threshold may be waited for.
constexpr i64 kMostPatience = 16;

bool isCandidate(Object* o) {
  return !o->isImmortal() && o->type->has(kTypeHasGc) && (gcHeader(o)->prev & kGcCollecting);
}

// The objects under examination. While it goes on an object's header holds its count, as far as it
// is not from inside the set, in `prev` above the flags, and in `next` how far the marking has
// come.
class Examination {
 public:
  void add(GcHeader* h) {
    Object* o = gcObject(h);
    h->next = kWaiting;
    h->prev = (u64(o->refcount) << 3) | (h->prev & kGcFlagMask) | kGcCollecting;
    objects_.push_back(o);
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
  size_t size() const { return objects_.size(); }

  // Takes off what is referred to from inside, and marks what is reached from outside. Objects are
  // visited in their order, which is mostly that of memory; only those that turn out to be reached
  // after their turn go through a stack.
  void mark() {
    Subtract subtract;
    forEachAhead([&](Object* o) { traverse(o, subtract); });
    Mark mark;
    forEachAhead([&](Object* o) {
      GcHeader* h = gcHeader(o);
      if (h->next != kWaiting) return;
      if (!hasCount(h)) {
        h->next = kPassed;
        return;
      }
      h->next = kReached;
      traverse(o, mark);
    });
    mark.finish();
  }
  static bool isReached(Object* o) { return gcHeader(o)->next == kReached; }
  const std::vector<Object*>& objects() const { return objects_; }

  // Leaves `garbage` as the unreachable objects; links the rest to `survivors`.
  void run(GcHeader* survivors, GcHeader* unreachableList, std::vector<Object*>* garbage) {
    mark();
    forEachAhead([&](Object* o) {
      GcHeader* h = gcHeader(o);
      bool reached = h->next == kReached;
      h->prev &= kGcFlagMask & ~kGcCollecting;
      if (!reached) {
        linkAtEnd(unreachableList, h);
        garbage->push_back(o);
      } else if (o->type == &PyTuple_Type && holdsNoContainer(static_cast<Tuple*>(o))) {
        h->next = 0;  // will never be part of a cycle: no longer tracked
      } else {
        linkAtEnd(survivors, h);
      }
    });
  }
  // Ends an examination that nothing comes of.
  void giveBack(GcHeader* list) {
    for (Object* o : objects_) {
      gcHeader(o)->prev &= kGcFlagMask & ~kGcCollecting;
      linkAtEnd(list, gcHeader(o));
    }
  }

 private:
  static constexpr u64 kWaiting = ~u64(0), kPassed = ~u64(1), kReached = ~u64(2);
  static bool hasCount(GcHeader* h) { return i64(h->prev) >> 3 > 0; }
  static void traverse(Object* o, Visitor& v) {
    if (auto fn = o->type->data->slots.traverse) fn(o, v);
  }
  // Objects are spread over memory, which is to be asked for them in time.
  template <class F>
  void forEachAhead(F visit) {
    constexpr size_t kAhead = 8;
    for (size_t i = 0, n = objects_.size(); i < n; i++) {
      if (i + kAhead < n) __builtin_prefetch(gcHeader(objects_[i + kAhead]));
      visit(objects_[i]);
    }
  }
  // A tuple that is filled, of objects that the collector does not see.
  static bool holdsNoContainer(Tuple* tuple) {
    for (i64 i = 0; i < tuple->size; i++) {
      Value v = tuple->items[i];
      if (!v) return false;
      if (!v.isObject()) continue;
      Object* o = v.object();
      if (!o->type->has(kTypeHasGc) || o->isImmortal()) continue;
      if (o->type != &PyTuple_Type || gcHeader(o)->next != 0) return false;
    }
    return true;
  }
  struct Subtract final : Visitor {
    void visit(Object* o) override {
      if (isCandidate(o)) gcHeader(o)->prev -= 8;
    }
  };
  struct Mark final : Visitor {
    void visit(Object* o) override {
      if (!isCandidate(o)) return;
      GcHeader* h = gcHeader(o);
      if (h->next == kWaiting) {  // its turn comes
        h->prev |= u64(1) << 3;
      } else if (h->next == kPassed) {
        h->next = kReached;
        work.push_back(o);
      }
    }
    void finish() {
      while (!work.empty()) {
        Object* o = work.back();
        work.pop_back();
        traverse(o, *this);
      }
    }
    std::vector<Object*> work;
  };
  std::vector<Object*> objects_;
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

// Objects that were in the last full collection, and that became old since.
size_t gOldAtLast, gOldSince;

void scheduleNext(int generation, int next, size_t examined, size_t garbage) {
  if (generation == kGenerations - 1) {
    gOldAtLast = examined - garbage;
    gOldSince = 0;
  } else if (next == kGenerations - 1) {
    gOldSince += examined - garbage;
  }
  // While nearly everything lives on, as when modules are imported, looking more rarely finds as
  // much; garbage that is made all the time is looked for all the time.
  GcState& state = gcState();
  if (generation != 0 || !state.adaptive || examined < size_t(state.youngLimit)) return;
  i64 base = state.thresholds[0];
  if (garbage < examined / 8)
    state.youngLimit = std::min(state.youngLimit * 4, base * kMostPatience);
  else if (garbage > examined / 2)
    state.youngLimit = base;
}

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
    scheduleNext(generation, next, exam.size(), garbage.size());
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

static bool hasFinalizer(Object* o) {
  return o->type->data->slots.finalize && !(gcHeader(o)->prev & kGcFinalized);
}
static bool hasWeakCallback(Object* o) {
  if (!isWeakReference(o)) return false;
  auto* w = static_cast<WeakRef*>(o);
  return w->callback && w->referent;
}

// What ageTracked() found of such objects; those with finalizers are the last of their list.
static bool gStartHasFinalizers, gStartHasCallbacks;

void ageTracked() {
  GcHeader* old = headOf(kGenerations - 1);
  std::vector<GcHeader*> finalizable;
  for (int g = 0; g < kGenerations - 1; g++) {
    GcHeader* list = headOf(g);
    for (GcHeader* h = nextOf(list); h != list; h = nextOf(h)) {
      if (hasFinalizer(gcObject(h))) finalizable.push_back(h);
      gStartHasCallbacks |= hasWeakCallback(gcObject(h));
    }
    if (nextOf(list) == list) continue;
    // All at once, in front of what is there.
    GcHeader *first = nextOf(list), *last = prevOf(list), *after = nextOf(old);
    old->next = bitsOf(first);
    setPrev(first, old);
    last->next = bitsOf(after);
    setPrev(after, last);
    list->next = list->prev = bitsOf(list);
  }
  for (GcHeader* h : finalizable) {
    unlink(h);
    linkAtEnd(old, h);
    // What is native are the standard streams.
    Type* type = gcObject(h)->type;
    gStartHasFinalizers |= type->has(kTypeHeap) || type == &PyGen_Type || type == &PyCoro_Type ||
                           type == &PyAsyncGen_Type;
  }
  for (int g = 0; g < kGenerations; g++) gcState().counts[g] = 0;
  // Programs begin with imports.
  GcState& state = gcState();
  if (state.adaptive) state.youngLimit = state.thresholds[0] * kMostPatience;
  gOnlyStartIsOld = true;
}

static i64 gUntrackedFinalizers;
void countUntrackedFinalizer(int change) { gUntrackedFinalizers += change; }

static std::vector<Object*> gWatched;  // by callbacks of weak references, when the end began

EndNotice whoNoticesTheEnd() {
#if __has_feature(address_sanitizer)
  return EndNotice::Finalizers;  // leaks are looked for, so everything has to go
#endif
  GcState& state = gcState();
  GcHeader* frozen = headOf(kGenerations);
  if (!gOnlyStartIsOld || gStartHasFinalizers || gStartHasCallbacks || gUntrackedFinalizers ||
      state.debugFlags || (state.hasCallbacks && state.hasCallbacks()) || nextOf(frozen) != frozen)
    return EndNotice::Finalizers;
  EndNotice notice = EndNotice::Nobody;
  for (int g = 0; g < kGenerations - 1; g++)
    for (GcHeader* h = nextOf(headOf(g)); h != headOf(g); h = nextOf(h)) {
      Object* o = gcObject(h);
      if (hasFinalizer(o)) return EndNotice::Finalizers;
      if (!hasWeakCallback(o)) continue;
      notice = EndNotice::WeakReferences;
      gWatched.push_back(static_cast<WeakRef*>(o)->referent);
    }
  return notice;
}

bool watchedAreHeld(const std::vector<Object*>& namespaces) {
  struct Search final : Visitor {
    void visit(Object* o) override { std::erase(missing, o); }
    std::vector<Object*> missing;
  } search;
  search.missing = gWatched;
  for (Object* o : namespaces) {
    if (search.missing.empty()) break;
    o->type->data->slots.traverse(o, search);
  }
  return search.missing.empty();
}

bool isKeptWithWatchers(Object* program) {
  DX_ASSERT(gOnlyStartIsOld);
  program->refcount--;  // the examination must not see the caller's count
  Examination exam;
  for (int g = 0; g < kGenerations - 1; g++) exam.takeList(headOf(g));
  program->refcount++;
  exam.mark();
  bool kept = isCandidate(program) && exam.isReached(program), watchers = false;
  for (Object* o : exam.objects()) watchers |= exam.isReached(o) && hasWeakCallback(o);
  exam.giveBack(headOf(1));
  return kept && watchers;
}

void finalizeStart() {
  GcHeader* old = headOf(kGenerations - 1);
  std::vector<Ref<>> streams;
  for (GcHeader* h = prevOf(old); h != old && gcObject(h)->type->data->slots.finalize;
       h = prevOf(h))
    if (hasFinalizer(gcObject(h))) streams.push_back(retain(gcObject(h)));
  for (Ref<>& stream : streams) {
    gcHeader(stream.get().object())->prev |= kGcFinalized;
    runFinalizer(stream.get().object());
  }
}

void collectIfDue() {
  GcState& state = gcState();
  collectionDone();
  if (!state.enabled || state.collecting || state.thresholds[0] <= 0) return;
  if (state.counts[0] <= state.youngLimit) return;
  int generation = 0;
  if (state.thresholds[1] > 0 && state.counts[1] > state.thresholds[1]) {
    generation = 1;
    // A full collection costs the whole heap: only when a quarter of it has become old since.
    if (state.counts[2] > 10 && gOldSince > gOldAtLast / 4) generation = 2;
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
