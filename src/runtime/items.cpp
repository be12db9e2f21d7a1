// Lengths, subscripts, membership and slice bounds of any object.
#include <algorithm>

#include "runtime/abstract.h"
#include "runtime/containers.h"
#include "runtime/int.h"
#include "runtime/native.h"
#include "runtime/str.h"

namespace dx {

Result<i64> length(Thread& t, Value v) {
  auto fn = slotsOf(v).length;
  if (!fn) [[unlikely]]
    return t.raise(kTypeError, "object of type '{}' has no len()", typeOf(v));
  return fn(t, v);
}

// o[i] of types that have only the sequence protocol.
static Result<Ref<>> itemByIndex(Thread& t, Value o, Value key) {
  const Slots& slots = slotsOf(o);
  if (!hasIndex(key))
    return t.raise(kTypeError, "sequence index must be integer, not '{}'", typeOf(key));
  i64 i = TRY(indexI64(t, key, kIndexError));
  if (i < 0 && slots.length) i += TRY(slots.length(t, o));
  return slots.seqItem(t, o, i);
}

// C[x] of a class: __class_getitem__.
static Result<Ref<>> classGetItem(Thread& t, Value cls, Value key) {
  if (cls == Value(&PyType_Type)) return genericClassGetItem(t, cls, Args(&key, 1));
  Ref<> method;
  if (!TRY(lookupAttr(t, cls, DX_NAME("__class_getitem__"), &method)) || isNone(method))
    return t.raise(kTypeError, "type '{}' is not subscriptable", typeName(cls.as<Type>()));
  return callWith(t, method, key);
}

Result<Ref<>> getItem(Thread& t, Value o, Value key) {
  const Slots& slots = slotsOf(o);
  if (slots.getItem) [[likely]]
    return slots.getItem(t, o, key);
  if (slots.seqItem) return itemByIndex(t, o, key);
  if (isType(o)) return classGetItem(t, o, key);
  return t.raise(kTypeError, "'{}' object is not subscriptable", typeOf(o));
}

Result<void> setItem(Thread& t, Value o, Value key, Value valueOrEmpty) {
  auto fn = slotsOf(o).setItem;
  if (fn) [[likely]]
    return fn(t, o, key, valueOrEmpty);
  return t.raise(kTypeError,
                 valueOrEmpty ? "'{}' object does not support item assignment"
                              : "'{}' object does not support item deletion",
                 typeOf(o));
}

Result<bool> contains(Thread& t, Value container, Value item) {
  const Slots& slots = slotsOf(container);
  if (slots.contains) [[likely]]
    return slots.contains(t, container, item);
  Result<Ref<>> it = iter(t, container);
  if (!it) {
    if (t.takeIf(kTypeError))
      return t.raise(kTypeError, "argument of type '{}' is not a container or iterable",
                     typeOf(container));
    return Error{};
  }
  for (;;) {
    Ref<> candidate = iterNext(t, *it).take();
    if (!candidate) return t.hasException() ? Result<bool>(Error{}) : Result<bool>(false);
    if (TRY(equal(t, candidate, item))) return true;
  }
}

// An end of a slice of step 1 if it is plain: None or a machine int.
static bool plainEnd(Value v, i64 n, i64 whenNone, i64* out) {
  if (isNone(v)) {
    *out = whenNone;
    return true;
  }
  if (!v.isSmallInt()) return false;
  i64 i = v.smallInt();
  *out = i < 0 ? std::max<i64>(i + n, 0) : std::min(i, n);
  return true;
}

// Of an exact list, tuple or str with plain ends; else empty.
static Ref<> plainSlice(Value o, Value start, Value stop) {
  constexpr i64 kSure = 1 << 20;  // memory for longer ones is asked for with care
  bool list = isExactList(o), tuple = isExactTuple(o);
  if (!list && !tuple && !isExactStr(o)) return {};
  i64 n = list ? o.as<List>()->size : tuple ? o.as<Tuple>()->size : o.as<Str>()->length;
  i64 from, to;
  if (n > kSure || !plainEnd(start, n, 0, &from) || !plainEnd(stop, n, n, &to)) return {};
  to = std::max(from, to);
  if (list) return makeList(Values(o.as<List>()->items + from, size_t(to - from)));
  if (!tuple) return substring(o.as<Str>(), from, to);
  if (to - from == n) return retain(o);
  return makeTuple(Values(o.as<Tuple>()->items + from, size_t(to - from)));
}

Result<Ref<>> getSlice(Thread& t, Value o, Value start, Value stop) {
  if (Ref<> plain = plainSlice(o, start, stop)) return plain;
  Ref<Slice> s = makeSlice(start, stop, none());
  return getItem(t, o, s);
}

// None, an int or something with __index__, clipped to the range of i64.
static Result<i64> sliceIndex(Thread& t, Value v, i64 whenNone) {
  if (v.isSmallInt()) return v.smallInt();
  if (v.isEmpty() || isNone(v)) return whenNone;
  if (!hasIndex(v))
    return t.raise(kTypeError,
                   "slice indices must be integers or None or have an __index__ method");
  return indexI64(t, v, nullptr);
}

Result<SliceIndices> sliceIndices(Thread& t, Slice& s) {
  i64 step = TRY(sliceIndex(t, s.step, 1));
  if (step == 0) return t.raise(kValueError, "slice step cannot be zero");
  if (step < -INT64_MAX) step = -INT64_MAX;
  i64 start = TRY(sliceIndex(t, s.start, step < 0 ? INT64_MAX : 0));
  i64 stop = TRY(sliceIndex(t, s.stop, step < 0 ? INT64_MIN : INT64_MAX));
  return SliceIndices{start, stop, step};
}

SliceBounds boundsWithin(const SliceIndices& s, i64 n) {
  i64 low = s.step < 0 ? -1 : 0, high = s.step < 0 ? n - 1 : n;
  auto clip = [&](i64 i) {
    if (i < 0) {
      i += n;
      return i < 0 ? low : i;
    }
    return i >= n ? high : i;
  };
  SliceBounds b;
  b.step = s.step;
  b.start = clip(s.start);
  b.stop = clip(s.stop);
  if (b.step < 0)
    b.count = b.stop < b.start ? (b.start - b.stop - 1) / -b.step + 1 : 0;
  else
    b.count = b.start < b.stop ? (b.stop - b.start - 1) / b.step + 1 : 0;
  return b;
}

Result<SliceBounds> resolveSlice(Thread& t, Slice& s, const i64& length) {
  SliceIndices indices = TRY(sliceIndices(t, s));
  return boundsWithin(indices, length);
}

Result<void> clipBounds(Thread& t, Value startOrEmpty, Value stopOrEmpty, const i64& length,
                        i64* start, i64* stop) {
  i64 from = TRY(sliceIndex(t, startOrEmpty, 0));
  i64 to = TRY(sliceIndex(t, stopOrEmpty, INT64_MAX));
  if (to > length)
    to = length;
  else if (to < 0)
    to = to + length < 0 ? 0 : to + length;
  if (from < 0) from = from + length < 0 ? 0 : from + length;
  *start = from;
  *stop = to;
  return {};
}

Result<Ref<>> mappingGet(Thread& t, Value mapping, Str* name) {
  if (isExactDict(mapping)) {
    Value v = TRY(dictGet(t, mapping.as<Dict>(), name));
    return retain(v);
  }
  Result<Ref<>> r = getItem(t, mapping, name);
  if (!r && t.takeIf(kKeyError)) return Ref<>();
  return r;
}

}  // namespace dx
