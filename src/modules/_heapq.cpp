// Module _heapq: heaps in lists. Comparisons may change the list: its size is checked after each.
#include "modules/_heapq.gen.h"

namespace dx {

namespace {

enum class Order : bool { Min, Max };

// Does a belong above b?
template <Order order>
Result<bool> above(Thread& t, Value a, Value b) {
  return order == Order::Min ? compareBool(t, a, b, CompareOp::Lt)
                             : compareBool(t, b, a, CompareOp::Lt);
}
// The same for two positions of the heap.
template <Order order>
Result<bool> aboveAt(Thread& t, List& heap, i64 a, i64 b) {
  i64 size = heap.size;
  Ref<> left = retain(heap.items[a]), right = retain(heap.items[b]);
  bool is = TRY(above<order>(t, left, right));
  if (heap.size != size) return t.raise(kRuntimeError, "list changed size during iteration");
  return is;
}

template <Order order>
Result<void> rise(Thread& t, List& heap, i64 top, i64 at) {
  while (at > top) {
    i64 parent = (at - 1) >> 1;
    if (!TRY(aboveAt<order>(t, heap, at, parent))) break;
    std::swap(heap.items[at], heap.items[parent]);
    at = parent;
  }
  return {};
}
// Sinks the item to a leaf along the better children, then lets it rise: fewer comparisons than
// stopping on the way.
template <Order order>
Result<void> sink(Thread& t, List& heap, i64 at) {
  i64 top = at, end = heap.size;
  while (at < end >> 1) {
    i64 child = 2 * at + 1;
    if (child + 1 < end && !TRY(aboveAt<order>(t, heap, child, child + 1))) child++;
    std::swap(heap.items[at], heap.items[child]);
    at = child;
  }
  return rise<order>(t, heap, top, at);
}

DX_COLD Error emptyHeap(Thread& t) { return t.raise(kIndexError, "index out of range"); }

template <Order order>
Result<void> push(Thread& t, List& heap, Value item) {
  listAppend(&heap, item);
  return rise<order>(t, heap, 0, heap.size - 1);
}
template <Order order>
Result<Ref<>> pop(Thread& t, List& heap) {
  if (heap.size == 0) return emptyHeap(t);
  Ref<> last = Ref<>::steal(heap.items[--heap.size]);
  if (heap.size == 0) return last;
  Ref<> first = Ref<>::steal(heap.items[0]);
  heap.items[0] = last.release();
  TRY(sink<order>(t, heap, 0));
  return first;
}
template <Order order>
Result<Ref<>> replace(Thread& t, List& heap, Value item) {
  if (heap.size == 0) return emptyHeap(t);
  Ref<> first = Ref<>::steal(heap.items[0]);
  heap.items[0] = retain(item).release();
  TRY(sink<order>(t, heap, 0));
  return first;
}
template <Order order>
Result<Ref<>> pushPop(Thread& t, List& heap, Value item) {
  if (heap.size == 0) return retain(item);
  Ref<> first = retain(heap.items[0]);
  if (!TRY(above<order>(t, first, item))) return retain(item);
  return replace<order>(t, heap, item);
}
template <Order order>
Result<void> heapify(Thread& t, List& heap) {
  for (i64 i = heap.size / 2 - 1; i >= 0; i--) {
    i64 size = heap.size;
    TRY(sink<order>(t, heap, i));
    if (heap.size != size) return t.raise(kRuntimeError, "list changed size during iteration");
  }
  return {};
}

}  // namespace

#define DX_HEAP(suffix, order)                                                                \
  Result<void> _heapq_heappush##suffix(Thread& t, List& heap, Value item) {                   \
    return push<order>(t, heap, item);                                                        \
  }                                                                                           \
  Result<Ref<>> _heapq_heappop##suffix(Thread& t, List& heap) { return pop<order>(t, heap); } \
  Result<Ref<>> _heapq_heapreplace##suffix(Thread& t, List& heap, Value item) {               \
    return replace<order>(t, heap, item);                                                     \
  }                                                                                           \
  Result<Ref<>> _heapq_heappushpop##suffix(Thread& t, List& heap, Value item) {               \
    return pushPop<order>(t, heap, item);                                                     \
  }                                                                                           \
  Result<void> _heapq_heapify##suffix(Thread& t, List& heap) { return heapify<order>(t, heap); }
DX_HEAP(, Order::Min)
DX_HEAP(_max, Order::Max)
#undef DX_HEAP

Result<void> _heapq_exec(Thread&, Module& module) {
  moduleSet(module, "__about__",
            makeStr("Heap queues: lists in which a[k] <= a[2*k+1] and a[k] <= a[2*k+2]."));
  return {};
}

}  // namespace dx
