// Module _queue: SimpleQueue. put() may be called from a finalizer or signal handler that
// interrupts get() or put() of the same thread: nothing here holds a lock while it runs Python.
#include "modules/_queue.gen.h"
#include "modules/durations.h"
#include "modules/exception_class.h"
#include "runtime/gil.h"

namespace dx {

static Type* gEmpty = nullptr;

Result<Ref<>> SimpleQueue___new__(Thread&, Type& cls) {
  auto* q = static_cast<SimpleQueue*>(newInstance(&cls));
  q->state = new QueueState;
  gcTrack(q);
  return Ref<>::steal(q);
}
void SimpleQueue_clear(Object* o) {
  auto* q = static_cast<SimpleQueue*>(o);
  std::deque<Value> items = std::exchange(q->state->items, {});
  for (Value v : items) decref(v);
}
void SimpleQueue_dealloc(Object* o) {
  gcUntrack(o);
  SimpleQueue_clear(o);
  delete static_cast<SimpleQueue*>(o)->state;
  freeObject(o);
}
void SimpleQueue_traverse(Object* o, Visitor& visit) {
  for (Value v : static_cast<SimpleQueue*>(o)->state->items) visit(v);
}

Result<void> SimpleQueue_put(Thread&, SimpleQueue& self, Value item, bool, Value) {
  QueueState& q = *self.state;
  q.items.push_back(retain(item).release());
  std::lock_guard guard(q.mutex);
  q.puts++;
  q.arrived.notify_one();
  return {};
}
Result<void> SimpleQueue_put_nowait(Thread& t, SimpleQueue& self, Value item) {
  return SimpleQueue_put(t, self, item, false, none());
}

Result<Ref<>> SimpleQueue_get(Thread& t, SimpleQueue& self, bool block, Value timeout) {
  i64 ns = -1;
  if (block && !isNone(timeout)) {
    ns = TRY(durationNs(t, timeout));
    if (ns < 0) return t.raise(kValueError, "'timeout' must be a non-negative number");
  }
  QueueState& q = *self.state;
  using Clock = std::chrono::steady_clock;
  auto deadline = Clock::now() + std::chrono::nanoseconds(std::max<i64>(ns, 0));
  for (;;) {
    if (!q.items.empty()) {
      Value item = q.items.front();
      q.items.pop_front();
      return Ref<>::steal(item);
    }
    if (!block || (ns >= 0 && Clock::now() >= deadline)) return t.raiseNone(gEmpty);
    {
      u64 seen;
      {
        std::lock_guard guard(q.mutex);
        seen = q.puts;
      }
      AllowThreads allow(t);
      std::unique_lock guard(q.mutex);
      // Wake up now and then: signals that arrive meanwhile are handled by the main thread.
      auto until = Clock::now() + std::chrono::milliseconds(50);
      if (ns >= 0) until = std::min(until, deadline);
      q.arrived.wait_until(guard, until, [&] { return q.puts != seen; });
    }
    if (t.pending) TRY(handlePending(t));
  }
}
Result<Ref<>> SimpleQueue_get_nowait(Thread& t, SimpleQueue& self) {
  return SimpleQueue_get(t, self, false, none());
}
Result<bool> SimpleQueue_empty(Thread&, SimpleQueue& self) { return self.state->items.empty(); }
Result<i64> SimpleQueue_qsize(Thread&, SimpleQueue& self) { return i64(self.state->items.size()); }

Result<void> _queue_exec(Thread& t, Module& m) {
  if (!gEmpty) {
    gEmpty = TRY(newExceptionClass(t, "_queue", "Empty", kException)).release();
    TRY(setAttr(t, Value(gEmpty), "__doc__",
                makeAscii("Exception raised by Queue.get(block=0)/get_nowait().")));
  }
  moduleSet(m, "Empty", Value(gEmpty));
  return {};
}

}  // namespace dx
