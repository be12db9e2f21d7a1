#include <algorithm>

#include "builtins/range.gen.h"
#include "builtins/sequence_iterators.h"
#include "memory/heap.h"

namespace dx {

namespace {

bool isZero(Value v) { return v == Value::smallInt(0); }

// Number of items; ints of any size.
Result<Ref<>> countOf(Thread& t, Value start, Value stop, Value step) {
  if (start.isSmallInt() && stop.isSmallInt() && step.isSmallInt()) {
    i64 a = start.smallInt(), b = stop.smallInt(), s = step.smallInt();  // 63 bits: differences fit
    if (s > 0) return a < b ? makeInt((b - a - 1) / s + 1) : makeInt(0);
    return a > b ? makeInt((a - b - 1) / -s + 1) : makeInt(0);
  }
  Ref<> low = retain(start), high = retain(stop), width = retain(step);
  if (intSign(step) < 0) {
    std::swap(low, high);
    width = intNegative(step);
  }
  if (compareInts(low, high) >= 0) return makeInt(0);
  Ref<> span = intSub(intSub(high, low), Value::smallInt(1));
  Ref<> q = TRY(intFloorDiv(t, span, width));
  return intAdd(q, Value::smallInt(1));
}

// start + i * step
Result<Ref<>> itemAt(Thread& t, const Range& r, Value i) {
  Ref<> offset = TRY(intMul(t, i, r.step));
  return intAdd(r.start, offset);
}

Result<Ref<>> getByIndex(Thread& t, const Range& r, Value index) {
  Ref<> i = retain(index);
  if (intSign(i) < 0) i = intAdd(i, r.length);
  if (intSign(i) < 0 || compareInts(i, r.length) >= 0)
    return t.raise(kIndexError, "range object index out of range");
  return itemAt(t, r, i);
}

// slice.indices with ints of any size.
struct BigBounds {
  Ref<> start, stop, step;
};
Result<void> bigIndex(Thread& t, Value v, Value length, Value low, Value high, Ref<>* out) {
  if (!hasIndex(v))
    return t.raise(kTypeError,
                   "slice indices must be integers or None or have an __index__ method");
  Ref<> i = TRY(toIndex(t, v));
  if (intSign(i) < 0) {
    i = intAdd(i, length);
    if (compareInts(i, low) < 0) i = retain(low);
  } else if (compareInts(i, high) > 0) {
    i = retain(high);
  }
  *out = std::move(i);
  return {};
}

Result<void> resolveBig(Thread& t, const Slice& s, Value length, BigBounds* out) {
  bool negative = false;
  if (isNone(s.step)) {
    out->step = makeInt(1);
  } else {
    if (!hasIndex(s.step))
      return t.raise(kTypeError,
                     "slice indices must be integers or None or have an __index__ method");
    out->step = TRY(toIndex(t, s.step));
    int sign = intSign(out->step);
    if (sign == 0) return t.raise(kValueError, "slice step cannot be zero");
    negative = sign < 0;
  }
  Ref<> low = makeInt(negative ? -1 : 0);
  Ref<> high = negative ? intSub(length, Value::smallInt(1)) : retain(length);
  if (isNone(s.start))
    out->start = retain(negative ? high : low);
  else
    TRY(bigIndex(t, s.start, length, low, high, &out->start));
  if (isNone(s.stop))
    out->stop = retain(negative ? low : high);
  else
    TRY(bigIndex(t, s.stop, length, low, high, &out->stop));
  return {};
}

Result<bool> containsInt(Thread& t, const Range& r, Value v) {
  bool ascending = intSign(r.step) > 0;
  if (ascending ? compareInts(v, r.start) < 0 || compareInts(v, r.stop) >= 0
                : compareInts(v, r.start) > 0 || compareInts(v, r.stop) <= 0)
    return false;
  Ref<> rest = TRY(intMod(t, intSub(v, r.start), r.step));
  return isZero(rest);
}

Result<bool> sameRange(Thread& t, const Range& a, const Range& b) {
  if (&a == &b) return true;
  if (compareInts(a.length, b.length) != 0) return false;
  if (isZero(a.length)) return true;
  if (compareInts(a.start, b.start) != 0) return false;
  if (a.length == Value::smallInt(1)) return true;
  return compareInts(a.step, b.step) == 0;
}

Ref<> makeLongCursor(Value start, Value step, Value length) {
  Ref<LongRangeCursor> c = make<LongRangeCursor>(&PyLongRangeIter_Type);
  c->start = retain(start).release();
  c->step = retain(step).release();
  c->length = retain(length).release();
  return c;
}

// An iterator of `count` ints, of the small kind when all of them fit.
Result<Ref<>> makeAnyCursor(Thread& t, Value start, Value step, Value count) {
  i64 a, s, n, last;
  if (intToI64(start, &a) && intToI64(step, &s) && intToI64(count, &n) &&
      !__builtin_mul_overflow(s, n, &last) && !__builtin_add_overflow(a, last, &last))
    return makeRangeCursor(a, s, n);
  return makeLongCursor(start, step, count);
}

}  // namespace

Ref<> makeRangeCursor(i64 start, i64 step, i64 count) {
  Ref<RangeCursor> c = make<RangeCursor>(&PyRangeIter_Type);
  c->next = start;
  c->step = step;
  c->left = count;
  return c;
}

Result<Ref<>> makeRange(Thread& t, Type* type, Value start, Value stop, Value step) {
  Ref<> length = TRY(countOf(t, start, stop, step));
  Ref<Range> r = make<Range>(type);
  r->start = retain(start).release();
  r->stop = retain(stop).release();
  r->step = retain(step).release();
  r->length = length.release();
  return r;
}

void range_dealloc(Object* o) {
  auto* r = static_cast<Range*>(o);
  clearField(r->start);
  clearField(r->stop);
  clearField(r->step);
  clearField(r->length);
  freeObject(o);
}

Result<Ref<>> range___new__(Thread& t, Type& cls, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "range() takes no keyword arguments");
  if (args.count == 0) return t.raise(kTypeError, "range expected at least 1 argument, got 0");
  if (args.count > 3)
    return t.raise(kTypeError, "range expected at most 3 arguments, got {}", args.count);
  if (args.count == 1) {
    Ref<> stop = TRY(toIndex(t, args[0]));
    return makeRange(t, &cls, Value::smallInt(0), exactInt(stop), Value::smallInt(1));
  }
  Ref<> start = exactInt(TRY(toIndex(t, args[0])));
  Ref<> stop = exactInt(TRY(toIndex(t, args[1])));
  Ref<> step = args.count == 3 ? exactInt(TRY(toIndex(t, args[2]))) : makeInt(1);
  if (isZero(step)) return t.raise(kValueError, "range() arg 3 must not be zero");
  return makeRange(t, &cls, start, stop, step);
}

Result<Ref<>> range___repr__(Thread& t, Range& self) {
  Ref<Str> a = TRY(repr(t, self.start)), b = TRY(repr(t, self.stop));
  if (self.step == Value::smallInt(1)) return formatStr("range({}, {})", a, b);
  Ref<Str> c = TRY(repr(t, self.step));
  return formatStr("range({}, {}, {})", a, b, c);
}

Result<i64> range___hash__(Thread& t, Range& self) {
  Ref<> key;
  if (isZero(self.length))
    key = tupleOf(self.length, none(), none());
  else if (self.length == Value::smallInt(1))
    key = tupleOf(self.length, self.start, none());
  else
    key = tupleOf(self.length, self.start, self.step);
  return hash(t, key);
}

Result<Ref<>> range___richcompare__(Thread& t, Range& self, Value other, CompareOp op) {
  if (typeOf(other) != &PyRange_Type || (op != CompareOp::Eq && op != CompareOp::Ne))
    return notImplementedRef();
  return boolRef(TRY(sameRange(t, self, *other.as<Range>())) == (op == CompareOp::Eq));
}

Result<Ref<>> range___iter__(Thread& t, Range& self) {
  return makeAnyCursor(t, self.start, self.step, self.length);
}

Result<Ref<>> range___reversed__(Thread& t, Range& self) {
  Ref<> last = TRY(itemAt(t, self, intSub(self.length, Value::smallInt(1))));
  return makeAnyCursor(t, last, intNegative(self.step), self.length);
}

Result<i64> range___len__(Thread& t, Range& self) {
  i64 n;
  if (!intToI64(self.length, &n))
    return t.raise(kOverflowError, "Python int too large to convert to C ssize_t");
  return n;
}

Result<bool> range___bool__(Thread&, Range& self) { return !isZero(self.length); }

Result<bool> range___contains__(Thread& t, Range& self, Value item) {
  if (isExactInt(item) || isBool(item)) return containsInt(t, self, item);
  bool found = false;
  TRY(forEach(t, &self, [&](Value v) -> Result<bool> {
    found = TRY(equal(t, v, item));
    return !found;
  }));
  return found;
}

Result<Ref<>> range___seqitem__(Thread& t, Range& self, i64 index) {
  if (index < 0) return t.raise(kIndexError, "range object index out of range");
  return getByIndex(t, self, makeInt(index));
}

Result<Ref<>> range___getitem__(Thread& t, Range& self, Value key) {
  if (hasIndex(key)) return getByIndex(t, self, TRY(toIndex(t, key)));
  if (!isInstanceOf(key, &PySlice_Type))
    return t.raise(kTypeError, "range indices must be integers or slices, not {}", typeOf(key));
  BigBounds b;
  TRY(resolveBig(t, *key.as<Slice>(), self.length, &b));
  Ref<> step = TRY(intMul(t, self.step, b.step));
  Ref<> start = TRY(itemAt(t, self, b.start));
  Ref<> stop = TRY(itemAt(t, self, b.stop));
  return makeRange(t, &PyRange_Type, start, stop, step);
}

Result<Ref<>> range___reduce__(Thread&, Range& self) {
  return tupleOf(Value(self.type), tupleOf(self.start, self.stop, self.step));
}

Result<Ref<>> range_count(Thread& t, Range& self, Value value) {
  if (isExactInt(value) || isBool(value)) return makeInt(TRY(containsInt(t, self, value)) ? 1 : 0);
  i64 n = 0;
  TRY(forEach(t, &self, [&](Value v) -> Result<bool> {
    n += TRY(equal(t, v, value));
    return true;
  }));
  return makeInt(n);
}

Result<Ref<>> range_index(Thread& t, Range& self, Value value) {
  if (isExactInt(value) || isBool(value)) {
    if (!TRY(containsInt(t, self, value)))
      return t.raise(kValueError, "{!r} is not in range", value);
    return intFloorDiv(t, intSub(value, self.start), self.step);
  }
  i64 n = 0;
  bool found = false;
  TRY(forEach(t, &self, [&](Value v) -> Result<bool> {
    found = TRY(equal(t, v, value));
    n += !found;
    return !found;
  }));
  if (!found) return t.raise(kValueError, "sequence.index(x): x not in sequence");
  return makeInt(n);
}

// ---- iterators ----

Result<Ref<>> rangeiter___iter__(Thread&, RangeCursor& self) { return retain(&self); }

Result<Ref<>> rangeiter___next__(Thread&, RangeCursor& self) {
  if (self.left <= 0) return Ref<>();
  i64 v = self.next;
  self.next = v + self.step;
  self.left--;
  return makeInt(v);
}

Result<i64> rangeiter___length_hint__(Thread&, RangeCursor& self) { return self.left; }

Result<Ref<>> rangeiter___reduce__(Thread& t, RangeCursor& self) {
  Ref<> function = TRY(builtinFunction(t, "iter"));
  Ref<> stop = makeInt(self.next + self.left * self.step);
  Ref<> range = TRY(makeRange(t, &PyRange_Type, makeInt(self.next), stop, makeInt(self.step)));
  return tupleOf(function, tupleOf(range), none());
}

Result<void> rangeiter___setstate__(Thread& t, RangeCursor& self, Value state) {
  i64 i = TRY(indexI64(t, state, kOverflowError));
  i = std::clamp<i64>(i, 0, self.left);
  self.next += i * self.step;
  self.left -= i;
  return {};
}

Result<Ref<>> longrangeiter___iter__(Thread&, LongRangeCursor& self) { return retain(&self); }

Result<Ref<>> longrangeiter___next__(Thread&, LongRangeCursor& self) {
  if (isZero(self.length)) return Ref<>();
  Ref<> item = retain(self.start);
  setField(self.start, intAdd(self.start, self.step));
  setField(self.length, intSub(self.length, Value::smallInt(1)));
  return item;
}

Result<Ref<>> longrangeiter___length_hint__(Thread&, LongRangeCursor& self) {
  return retain(self.length);
}

Result<Ref<>> longrangeiter___reduce__(Thread& t, LongRangeCursor& self) {
  Ref<> function = TRY(builtinFunction(t, "iter"));
  Ref<> stop = intAdd(self.start, TRY(intMul(t, self.length, self.step)));
  Ref<> range = TRY(makeRange(t, &PyRange_Type, self.start, stop, self.step));
  return tupleOf(function, tupleOf(range), none());
}

Result<void> longrangeiter___setstate__(Thread& t, LongRangeCursor& self, Value state) {
  if (!isInt(state)) return t.raise(kTypeError, "state must be an int, not {}", typeOf(state));
  Ref<> i = exactInt(state);
  if (intSign(i) < 0) i = makeInt(0);
  if (compareInts(i, self.length) > 0) i = retain(self.length);
  setField(self.start, intAdd(self.start, TRY(intMul(t, i, self.step))));
  setField(self.length, intSub(self.length, i));
  return {};
}

}  // namespace dx
