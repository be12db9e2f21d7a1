#include "builtins/slice.gen.h"
#include "memory/heap.h"

namespace dx {

Result<Ref<>> slice___new__(Thread& t, Type&, const Args& args) {
  if (args.keywordCount()) return t.raise(kTypeError, "slice() takes no keyword arguments");
  if (args.count == 0) return t.raise(kTypeError, "slice expected at least 1 argument, got 0");
  if (args.count > 3)
    return t.raise(kTypeError, "slice expected at most 3 arguments, got {}", args.count);
  if (args.count == 1) return makeSlice(none(), args[0], none());
  return makeSlice(args[0], args[1], args.count == 3 ? args[2] : none());
}

Result<Ref<>> slice___repr__(Thread& t, Slice& self) {
  Ref<Str> a = TRY(repr(t, self.start)), b = TRY(repr(t, self.stop)), c = TRY(repr(t, self.step));
  return formatStr("slice({}, {}, {})", a, b, c);
}

Result<i64> slice___hash__(Thread& t, Slice& self) {
  // As a tuple of the three hashes, but not equal to the tuple's.
  constexpr u64 kPrime1 = 11400714785074694791u, kPrime2 = 14029467366897019727u,
                kPrime5 = 2870177450012600261u;
  u64 acc = kPrime5;
  for (Value v : {self.start, self.stop, self.step}) {
    acc += u64(TRY(hash(t, v))) * kPrime2;
    acc = std::rotl(acc, 31) * kPrime1;
  }
  return acc == ~u64(0) ? i64(1546275796) : i64(acc);
}

Result<Ref<>> slice___richcompare__(Thread& t, Slice& self, Value other, CompareOp op) {
  if (!isInstanceOf(other, &PySlice_Type)) return notImplementedRef();
  if (other == Value(&self))
    return boolRef(op == CompareOp::Eq || op == CompareOp::Le || op == CompareOp::Ge);
  Slice* o = other.as<Slice>();
  return compare(t, tupleOf(self.start, self.stop, self.step), tupleOf(o->start, o->stop, o->step),
                 op);
}

Result<Ref<>> slice_indices(Thread& t, Slice& self, Value len) {
  Ref<> length = exactInt(TRY(toIndex(t, len)));
  if (intSign(length) < 0) return t.raise(kValueError, "length should not be negative");
  auto number = [&](Value v) -> Result<Ref<>> {
    if (!hasIndex(v))
      return t.raise(kTypeError,
                     "slice indices must be integers or None or have an __index__ method");
    return exactInt(TRY(toIndex(t, v)));
  };
  Ref<> step = isNone(self.step) ? makeInt(1) : TRY(number(self.step));
  int sign = intSign(step);
  if (sign == 0) return t.raise(kValueError, "slice step cannot be zero");
  Ref<> low = makeInt(sign < 0 ? -1 : 0);
  Ref<> high = sign < 0 ? intSub(length, Value::smallInt(1)) : retain(length);
  auto bound = [&](Value v, Value whenNone) -> Result<Ref<>> {
    if (isNone(v)) return retain(whenNone);
    Ref<> i = TRY(number(v));
    if (intSign(i) < 0) {
      i = intAdd(i, length);
      return retain(compareInts(i, low) < 0 ? low.get() : i.get());
    }
    return retain(compareInts(i, high) > 0 ? high.get() : i.get());
  };
  Ref<> start = TRY(bound(self.start, sign < 0 ? high : low));
  Ref<> stop = TRY(bound(self.stop, sign < 0 ? low : high));
  return tupleOf(start, stop, step);
}

Result<Ref<>> slice___reduce__(Thread&, Slice& self) {
  return tupleOf(Value(self.type), tupleOf(self.start, self.stop, self.step));
}

}  // namespace dx
