// Module gc: the collector's switches, and what it can tell about tracked objects.
#include <algorithm>
#include <chrono>

#include "memory/collector.h"
#include "memory/heap.h"
#include "modules/gc.gen.h"
#include "runtime/traceback_print.h"

namespace dx {

namespace {

constexpr int kDebugStats = 1, kDebugCollectable = 2, kDebugUncollectable = 4, kDebugSaveAll = 32,
              kDebugLeak = kDebugCollectable | kDebugUncollectable | kDebugSaveAll;

List* garbageList = nullptr;
List* callbackList = nullptr;

void saveGarbage(Object* o) { listAppend(garbageList, Value(o)); }

void printStats(Thread& t, bool start, int generation, i64 found) {
  static std::chrono::steady_clock::time_point started;
  auto now = std::chrono::steady_clock::now();
  if (start) {
    started = now;
    std::string counts;
    for (int g = 0; g < 3; g++) {
      i64 n = 0;
      forEachTracked(g, [](Object*, void* sum) { ++*static_cast<i64*>(sum); }, &n);
      counts += " " + std::to_string(n);
    }
    writeStderr(t, "gc: collecting generation " + std::to_string(generation) +
                       "...\ngc: objects in each generation:" + counts +
                       "\ngc: objects in permanent generation: " + std::to_string(frozenCount()) +
                       "\n");
    return;
  }
  char text[128];
  snprintf(text, sizeof text, "gc: done, %ld unreachable, 0 uncollectable, %.4fs elapsed\n",
           long(found), std::chrono::duration<double>(now - started).count());
  writeStderr(t, text);
}

// gc.callbacks, before and after a collection.
void runCallbacks(Thread& t, bool start, int generation, i64 found) {
  ExceptionSaver saver(t);
  Ref<Dict> info = newDict();
  dictSetStr(info, "generation", makeInt(generation));
  dictSetStr(info, "collected", makeInt(found));
  dictSetStr(info, "uncollectable", makeInt(0));
  Ref<Str> phase = makeAscii(start ? "start" : "stop");
  for (i64 i = 0; i < callbackList->size; i++) {
    Ref<> callback = retain(callbackList->items[i]);
    if (!callWith(t, callback, phase, info)) writeUnraisable(t, nullptr, callback);
  }
}

void collectionPhase(bool start, int generation, i64 found) {
  Thread& t = thisThread();
  if (gcState().debugFlags & kDebugStats) printStats(t, start, generation, found);
  if (callbackList->size) runCallbacks(t, start, generation, found);
}

void reportCollectable(Object* o) {
  char address[32];
  snprintf(address, sizeof address, "%p", static_cast<void*>(o));
  writeStderr(thisThread(),
              "gc: collectable <" + std::string(typeNameOf(Value(o))) + " " + address + ">\n");
}

}  // namespace

Result<void> gc_enable(Thread&) {
  gcState().enabled = true;
  return {};
}
Result<void> gc_disable(Thread&) {
  gcState().enabled = false;
  return {};
}
Result<bool> gc_isenabled(Thread&) { return gcState().enabled; }

Result<i64> gc_collect(Thread& t, i32 generation) {
  if (generation < 0 || generation > 2) return t.raise(kValueError, "invalid generation");
  return collect(generation);
}

Result<Ref<>> gc_get_count(Thread&) {
  GcState& s = gcState();
  return Ref<>(tupleOf(makeInt(s.counts[0]), makeInt(s.counts[1]), makeInt(s.counts[2])));
}
Result<Ref<>> gc_get_stats(Thread&) {
  Ref<List> out = newList();
  for (const GcStats& s : gcState().stats) {
    Ref<Dict> d = newDict();
    dictSetStr(d, "collections", makeInt(s.collections));
    dictSetStr(d, "collected", makeInt(s.collected));
    dictSetStr(d, "uncollectable", makeInt(s.uncollectable));
    listAppend(out, Ref<>(std::move(d)));
  }
  return Ref<>(std::move(out));
}

Result<void> gc_set_debug(Thread&, i32 flags) {
  gcState().debugFlags = flags;
  return {};
}
Result<i64> gc_get_debug(Thread&) { return i64(gcState().debugFlags); }

Result<Ref<>> gc_set_threshold(Thread& t, const Args& args) {
  if (args.keywordCount())
    return t.raise(kTypeError, "gc.set_threshold() takes no keyword arguments");
  if (args.count < 1 || args.count > 3)
    return t.raise(kTypeError, "gc.set_threshold requires 1 to 3 arguments");
  i32 values[3];
  for (u32 i = 0; i < args.count; i++) values[i] = TRY(argI32(t, args[i]));
  std::copy_n(values, args.count, gcState().thresholds);
  gcState().youngLimit = values[0];
  gcState().adaptive = false;
  return noneRef();
}
Result<Ref<>> gc_get_threshold(Thread&) {
  const int* h = gcState().thresholds;
  return Ref<>(tupleOf(makeInt(h[0]), makeInt(h[1]), makeInt(h[2])));
}

Result<Ref<>> gc_get_objects(Thread& t, Value generation) {
  Value args[] = {isNone(generation) ? Value::smallInt(-1) : generation};
  TRY(audit(t, "gc.get_objects", args));
  int from = -1;
  if (!isNone(generation)) {
    if (!hasIndex(generation))
      return t.raise(kTypeError, "argument should be integer or None, not '{}'",
                     typeOf(generation));
    i64 g = TRY(indexI64(t, generation, kOverflowError));
    if (g >= 3)
      return t.raise(
          kValueError,
          "generation parameter must be less than the number of available generations (3)");
    if (g < -1) return t.raise(kValueError, "generation parameter cannot be negative");
    from = int(g);
  }
  std::vector<Object*> found;
  forEachTracked(
      from, [](Object* o, void* v) { static_cast<std::vector<Object*>*>(v)->push_back(o); },
      &found);
  Ref<List> out = newList(i64(found.size()));
  for (Object* o : found) listAppend(out, Value(o));
  return Ref<>(std::move(out));
}

Result<bool> gc_is_tracked(Thread&, Value v) {
  // Static types have no header for the collector.
  return v.isObject() && v.object()->type->has(kTypeHasGc) && !v.object()->isImmortal() &&
         gcIsTracked(v.object());
}
Result<bool> gc_is_finalized(Thread&, Value v) {
  return v.isObject() && v.object()->type->has(kTypeHasGc) && !v.object()->isImmortal() &&
         (gcHeader(v.object())->prev & kGcFinalized);
}

Result<Ref<>> gc_get_referrers(Thread& t, Values objects) {
  Ref<Tuple> auditArgs = makeTuple(objects);
  Value args[] = {auditArgs};
  TRY(audit(t, "gc.get_referrers", args));
  auditArgs.reset();
  struct Search final : Visitor {
    Values wanted;
    bool hit = false;
    std::vector<Object*> found;
    void visit(Object* o) override {
      for (Value v : wanted) hit |= v == Value(o);
    }
  } search;
  search.wanted = objects;
  forEachTracked(
      -1,
      [](Object* o, void* context) {
        auto& s = *static_cast<Search*>(context);
        s.hit = false;
        if (auto traverse = o->type->data->slots.traverse) traverse(o, s);
        if (s.hit) s.found.push_back(o);
      },
      &search);
  Ref<List> out = newList(i64(search.found.size()));
  for (Object* o : search.found) listAppend(out, Value(o));
  return Ref<>(std::move(out));
}

Result<Ref<>> gc_get_referents(Thread& t, Values objects) {
  Ref<Tuple> auditArgs = makeTuple(objects);
  Value args[] = {auditArgs};
  TRY(audit(t, "gc.get_referents", args));
  struct Gather final : Visitor {
    std::vector<Value> found;
    void visit(Object* o) override { found.push_back(o); }
    void visitImmediate(Value v) override { found.push_back(v); }
  } gather;
  for (Value v : objects)
    if (v.isObject() && v.object()->type->has(kTypeHasGc))
      if (auto traverse = v.object()->type->data->slots.traverse) traverse(v.object(), gather);
  Ref<List> out = newList(i64(gather.found.size()));
  for (Value v : gather.found) listAppend(out, v);
  return Ref<>(std::move(out));
}

Result<void> gc_freeze(Thread&) {
  freezeTracked();
  return {};
}
Result<void> gc_unfreeze(Thread&) {
  unfreezeTracked();
  return {};
}
Result<i64> gc_get_freeze_count(Thread&) { return frozenCount(); }

Result<void> gc_exec(Thread&, Module& m) {
  if (!garbageList) {
    garbageList = newList().release();
    callbackList = newList().release();
  }
  GcState& s = gcState();
  s.saveGarbage = saveGarbage;
  s.phaseHook = collectionPhase;
  s.collectableHook = reportCollectable;
  s.hasCallbacks = [] { return callbackList->size > 0; };
  moduleSet(m, "garbage", Value(garbageList));
  moduleSet(m, "callbacks", Value(callbackList));
  moduleSet(m, "DEBUG_STATS", makeInt(kDebugStats));
  moduleSet(m, "DEBUG_COLLECTABLE", makeInt(kDebugCollectable));
  moduleSet(m, "DEBUG_UNCOLLECTABLE", makeInt(kDebugUncollectable));
  moduleSet(m, "DEBUG_SAVEALL", makeInt(kDebugSaveAll));
  moduleSet(m, "DEBUG_LEAK", makeInt(kDebugLeak));
  return {};
}

}  // namespace dx
