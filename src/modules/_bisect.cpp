// Module _bisect: binary search in sorted sequences.
#include "modules/_bisect.gen.h"

namespace dx {

namespace {

Result<Ref<>> itemAt(Thread& t, Value sequence, i64 i) {
  if (sequence.isObject() && sequence.object()->type == &PyList_Type &&
      i < sequence.as<List>()->size)
    return retain(sequence.as<List>()->items[i]);
  return getItem(t, sequence, makeInt(i));
}

// The first position whose key is not less than x (right: is greater than x).
Result<i64> search(Thread& t, Value a, Value x, i64 low, Value highOrNone, Value key, bool right) {
  if (low < 0) return t.raise(kValueError, "lo must be non-negative");
  i64 high = -1;
  if (highOrNone && !isNone(highOrNone)) {
    if (!hasIndex(highOrNone))
      return t.raise(kTypeError, "argument should be integer or None, not '{}'",
                     typeOf(highOrNone));
    high = TRY(indexI64(t, highOrNone, kIndexError));
  }
  if (high == -1) high = TRY(length(t, a));
  bool keyed = key && !isNone(key);
  while (low < high) {
    i64 middle = i64((u64(low) + u64(high)) / 2);
    Ref<> item = TRY(itemAt(t, a, middle));
    if (keyed) item = TRY(callWith(t, key, item));
    bool goRight = right ? !TRY(compareBool(t, x, item, CompareOp::Lt))
                         : TRY(compareBool(t, item, x, CompareOp::Lt));
    if (goRight)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

Result<void> insort(Thread& t, Value a, Value x, i64 low, Value high, Value key, bool right) {
  Ref<> keyOfX = key && !isNone(key) ? TRY(callWith(t, key, x)) : retain(x);
  i64 at = TRY(search(t, a, keyOfX, low, high, key, right));
  if (a.isObject() && a.object()->type == &PyList_Type) {
    listInsert(a.as<List>(), at, x);
    return {};
  }
  Ref<> ignored = TRY(callMethodWith(t, a, DX_NAME("insert"), makeInt(at), x));
  return {};
}

}  // namespace

Result<i64> _bisect_bisect_left(Thread& t, Value a, Value x, i64 lo, Value hi, Value key) {
  return search(t, a, x, lo, hi, key, false);
}
Result<i64> _bisect_bisect_right(Thread& t, Value a, Value x, i64 lo, Value hi, Value key) {
  return search(t, a, x, lo, hi, key, true);
}
Result<void> _bisect_insort_left(Thread& t, Value a, Value x, i64 lo, Value hi, Value key) {
  return insort(t, a, x, lo, hi, key, false);
}
Result<void> _bisect_insort_right(Thread& t, Value a, Value x, i64 lo, Value hi, Value key) {
  return insort(t, a, x, lo, hi, key, true);
}

}  // namespace dx
